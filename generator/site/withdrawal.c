#include "site/withdrawal.h"

static void report_alone(const struct catalog *c, const struct translation *t, struct diag *d)
{
	const struct translation *leader = catalog_leader(c, t->sheet);

	diag_add(d, RULE_SHEET_WITHDRAWAL, t->withdrawal->at,
		"a translation cannot be withdrawn by itself: the whole sheet is, or nothing");
	diag_other(d, translation_place(leader));
	diag_hint(d,
		"to withdraw the sheet in every language, put “withdrawn” into “%.*s”; to unpublish this "
		"text, “draft: true”",
		STR_ARG(leader->src.path));
}

static void report_idle(struct span at, const char *key, struct diag *d)
{
	if (!at.src)
		return;
	diag_add(d, RULE_SHEET_WITHDRAWAL, at, "“%s” stands here, but the sheet is not withdrawn", key);
	diag_hint(d, "a sheet is withdrawn by “withdrawn: YYYY-MM-DD” in the source language's text");
}

static void check_text(const struct catalog *c, const struct translation *t, struct diag *d)
{
	if (t->withdrawal->given) {
		report_alone(c, t, d);
		return;
	}
	report_idle(t->withdrawal->reason_at, "withdrawn_reason", d);
	report_idle(t->withdrawal->replaced_by_at, "replaced_by", d);
}

void withdrawal_decide(const struct catalog *c, struct sheet *s, struct diag *d)
{
	const struct translation *leader = catalog_leader(c, s);

	if (leader->withdrawal && leader->withdrawal->given) {
		s->withdrawn = leader->withdrawal;
		return;
	}
	for (size_t i = 0; i < c->config.language_count; i++)
		if (s->in[i] && s->in[i]->withdrawal)
			check_text(c, s->in[i], d);
}

/* The reason that readers of this very language are given. */
static struct str own_reason(
	const struct catalog *c, const struct edition *e, const struct sheet *s, size_t language)
{
	const struct translation *t = catalog_translation(c, e, s, language);

	return t && t->language == language && t->withdrawal ? t->withdrawal->reason : (struct str){0};
}

struct str withdrawal_reason(const struct catalog *c, const struct edition *e, const struct sheet *s,
	size_t language, size_t *found_in)
{
	const struct language *l = &c->config.languages[language];
	struct str reason = own_reason(c, e, s, language);

	*found_in = language;
	for (size_t i = 0; !reason.n && i < l->fallback_count; i++) {
		*found_in = l->fallback[i];
		reason = own_reason(c, e, s, l->fallback[i]);
	}
	return reason;
}

bool withdrawal_replacement(
	struct link *out, const struct catalog *c, const struct sheet *s, struct arena *scratch)
{
	if (!s->withdrawn || !s->withdrawn->replaced_by.n)
		return false;
	*out = link_read(c, translation_path(catalog_leader(c, s)), s->withdrawn->replaced_by, scratch);
	return true;
}
