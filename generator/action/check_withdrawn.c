/* Withdrawn sheets: does what they say lead readers right? */
#include "action/check_impl.h"

#include "site/withdrawal.h"

static void check_date(struct checker *k, const struct withdrawal *w)
{
	struct date today = k->options->today;

	if (!today.year || !w->date.year || date_cmp(w->date, today) <= 0)
		return;
	diag_add(k->d, RULE_FRESHNESS_WITHDRAWN, w->at,
		"the sheet is withdrawn now, and says that it was on %.*s", STR_ARG(date_iso(k->a, w->date)));
	diag_hint(k->d, "a date plans nothing: add “withdrawn” on the day itself");
}

/* What is named is no sheet that readers could turn to. */
static void report_not_sheet(struct checker *k, const struct withdrawal *w, const struct link *link)
{
	diag_add(k->d, RULE_LINK_BROKEN, w->replaced_by_at,
		link->kind == LINK_DRAFT
			? "“content/%.*s” is a draft and not published; nothing is named instead"
		: link->kind == LINK_BROKEN ? "there is no file “content/%.*s”; nothing is named instead"
					    : "“%.*s” is no sheet; nothing is named instead",
		STR_ARG(link->path));
	diag_hint(k->d, "name the file that replaces this one, for example “replaced_by: other-sheet.md”");
}

static void report_itself(struct checker *k, const struct sheet *s, const struct translation *target)
{
	diag_add(k->d, RULE_LINK_WITHDRAWN, s->withdrawn->replaced_by_at,
		target->sheet == s ? "the sheet cannot replace itself; nothing is named instead"
				   : "“%.*s” is withdrawn, too; nothing is named instead",
		STR_ARG(target->src.path));
}

static void check_replacement(struct checker *k, const struct sheet *s)
{
	struct link link;
	const struct translation *t;

	if (!withdrawal_replacement(&link, k->c, s, k->a))
		return;
	if (link.kind != LINK_SHEET) {
		report_not_sheet(k, s->withdrawn, &link);
		return;
	}
	t = link.target;
	if (t->sheet->withdrawn)
		report_itself(k, s, t);
	else if (link.anchor.n && !t->unread && !translation_has_id(t, link.anchor))
		diag_add(k->d, RULE_LINK_ANCHOR, s->withdrawn->replaced_by_at,
			"“%.*s” has no section “#%.*s”", STR_ARG(t->src.path), STR_ARG(link.anchor));
}

void check_withdrawn(struct checker *k)
{
	for (size_t i = 0; i < k->c->withdrawn_count; i++) {
		check_date(k, k->c->withdrawn[i]->withdrawn);
		check_replacement(k, k->c->withdrawn[i]);
	}
}
