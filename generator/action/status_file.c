/* One text of status.h: what changed in the source since it was made. */
#include "action/kept.h"
#include "action/stamp.h"
#include "action/status.h"
#include "base/worddiff.h"

struct teller {
	struct project *p;
	struct arena *a;
	struct buf *out;
	bool colour;
	const struct translation *t, *source;
	struct cut now;	 /* the source */
	struct cut kept; /* the source when t was stamped; t NULL: not kept, or not readable */
	struct cut own;	 /* t */
};

static void open_texts(struct teller *r)
{
	r->now = cut_text(r->a, r->source);
	r->own = cut_text(r->a, r->t);
	if (kept_read(&r->kept, r->a, r->p, r->t) != 0)
		r->kept = (struct cut){0};
}

/* The section as it was when t was stamped; NULL unless that is certain. */
static const struct section *section_before(const struct teller *r, struct str id)
{
	const struct section *s = r->kept.t ? cut_find(&r->kept, id) : NULL;
	const struct stamp *stamp = freshness_stamp(r->t->freshness, id);

	return s && stamp && strcmp(s->hash, stamp->hash) == 0 ? s : NULL;
}

static struct str words_before(const struct teller *r, struct str id)
{
	const struct section *s = section_before(r, id);

	return s ? cut_words_of(r->a, &r->kept, s) : (struct str){0};
}

static struct str words_now(const struct teller *r, struct str id)
{
	const struct section *s = cut_find(&r->now, id);

	return s ? cut_words_of(r->a, &r->now, s) : (struct str){0};
}

/* The line of the translation where the section is, 0 when it has none. */
static size_t own_line(const struct teller *r, struct str id)
{
	const struct section *s = cut_find(&r->own, id);
	size_t at, line = 1;

	if (!s)
		return 0;
	at = s->first ? s->from : r->t->title_at.src ? r->t->title_at.at : 0;
	for (size_t i = 0; i < at; i++)
		line += r->t->src.text.p[i] == '\n';
	return line;
}

/* As text */

static void tell_place(struct teller *r, const struct lag *lag)
{
	size_t line = own_line(r, lag->section);

	buf_addf(r->out, "\n%s: %.*s", lag_name(lag->kind), STR_ARG(lag->section));
	if (lag->title.n)
		buf_addf(r->out, " (“%.*s”)", STR_ARG(lag->title));
	if (line)
		buf_addf(r->out, ", at %.*s:%zu", STR_ARG(r->t->src.path), line);
	else if (lag->kind != LAG_REMOVED)
		buf_addz(r->out, ", not there in the translation");
	buf_addc(r->out, '\n');
}

static void tell_change(struct teller *r, const struct lag *lag)
{
	struct word_diff diff;
	struct str before = words_before(r, lag->section);

	tell_place(r, lag);
	if (!before.n && lag->kind != LAG_ADDED) {
		buf_addz(r->out,
			"    what it was made from is not kept, so that the change cannot be shown\n");
		return;
	}
	word_diff(&diff, r->a, before, words_now(r, lag->section));
	word_diff_print(r->out, &diff, "    ", r->colour);
}

static void tell_translation(struct teller *r)
{
	const struct freshness *f = r->t->freshness;

	buf_addf(r->out, "%.*s: %s", STR_ARG(r->t->src.path), status_name(r->t->status));
	if (r->t->needs_legal_review)
		buf_addz(r->out, ", needs a legal review");
	if (!r->source) {
		buf_addz(r->out, "; there is no text in the source language\n");
		return;
	}
	if (!f) {
		buf_addf(r->out, "; never stamped: nobody knows whether it follows %.*s\n",
			STR_ARG(r->source->src.path));
		return;
	}
	if (!f->lag_count) {
		buf_addf(r->out, "; up to date with %.*s\n", STR_ARG(r->source->src.path));
		return;
	}
	buf_addf(r->out, "; %zu of %zu sections behind %.*s\n", f->lag_count, freshness_total(f),
		STR_ARG(r->source->src.path));
	for (size_t i = 0; i < f->lag_count; i++)
		tell_change(r, &f->lags[i]);
	buf_addf(r->out, "\nwhen it is mended: faktablad stamp %.*s\n", STR_ARG(r->t->src.path));
}

static void tell_language(struct teller *r, const struct language *l, const struct translation *t)
{
	buf_addf(r->out, "%.*s: ", STR_ARG(l->spec.tag));
	if (!t)
		buf_addz(r->out, "missing");
	else
		buf_addf(r->out, "%s, ", status_name(t->status));
	if (t && !t->freshness)
		buf_addz(r->out, "never stamped");
	else if (t && !t->freshness->lag_count)
		buf_addz(r->out, "up to date");
	for (size_t i = 0; t && t->freshness && i < t->freshness->lag_count; i++)
		buf_addf(r->out, "%s%s %.*s", i ? ", " : "behind: ", lag_name(t->freshness->lags[i].kind),
			STR_ARG(t->freshness->lags[i].section));
	buf_addc(r->out, '\n');
}

/* What changed since the newest of its translations was stamped: what `stamp --minor` would be about. */
static void tell_baseline(struct teller *r)
{
	for (size_t i = 0; r->kept.t && i < r->now.count; i++) {
		const struct section *after = &r->now.list[i], *before = cut_find(&r->kept, after->id);
		struct word_diff diff;

		if (before && strcmp(before->hash, after->hash) == 0)
			continue;
		buf_addf(r->out, "\n%s since a translation was last stamped: %.*s\n",
			before ? "changed" : "added", STR_ARG(after->id));
		word_diff(&diff, r->a, before ? cut_words_of(r->a, &r->kept, before) : (struct str){0},
			cut_words_of(r->a, &r->now, after));
		word_diff_print(r->out, &diff, "    ", r->colour);
	}
}

static void tell_source(struct teller *r)
{
	const struct config *c = &r->p->catalog.config;

	buf_addf(r->out, "%.*s: the source text, %zu sections\n", STR_ARG(r->t->src.path), r->now.count);
	for (size_t i = 0; i < c->language_count; i++)
		if (i != c->source)
			tell_language(r, &c->languages[i], r->t->sheet ? r->t->sheet->in[i] : NULL);
	tell_baseline(r);
}

static struct teller teller(struct project *p, const struct translation *t, struct buf *out, bool colour)
{
	struct teller r = {.p = p, .a = &p->arena, .out = out, .colour = colour, .t = t};

	r.source = t->language == p->catalog.config.source ? t : stamp_source(&p->catalog, t);
	if (r.source)
		open_texts(&r);
	return r;
}

void status_file(struct project *p, const struct translation *t, struct buf *out, bool colour)
{
	struct teller r = teller(p, t, out, colour);

	if (r.source == t)
		tell_source(&r);
	else
		tell_translation(&r);
}

/* As JSON */

static void json_field(struct buf *out, const char *key, struct str s)
{
	buf_addf(out, ",\"%s\":", key);
	buf_add_json(out, s);
}

static void json_lag(struct teller *r, const struct lag *lag)
{
	size_t line = own_line(r, lag->section);

	buf_addz(r->out, "{\"id\":");
	buf_add_json(r->out, lag->section);
	buf_addf(r->out, ",\"change\":\"%s\"", lag_name(lag->kind));
	json_field(r->out, "title", lag->title);
	if (line)
		buf_addf(r->out, ",\"line\":%zu", line);
	if (section_before(r, lag->section))
		json_field(r->out, "before", words_before(r, lag->section));
	if (lag->kind != LAG_REMOVED)
		json_field(r->out, "after", words_now(r, lag->section));
	buf_addc(r->out, '}');
}

static void json_behind(struct teller *r, const struct translation *t)
{
	r->t = t;
	open_texts(r);
	buf_addz(r->out, "{\"file\":");
	buf_add_json(r->out, t->src.path);
	buf_addf(r->out, ",\"status\":\"%s\",\"freshness\":\"%s\",\"stale_sections\":[",
		status_name(t->status), status_freshness(t));
	for (size_t i = 0; t->freshness && i < t->freshness->lag_count; i++) {
		if (i)
			buf_addc(r->out, ',');
		json_lag(r, &t->freshness->lags[i]);
	}
	buf_addz(r->out, "]}");
}

void status_file_json(struct project *p, const struct translation *t, struct buf *out)
{
	const struct config *c = &p->catalog.config;
	struct teller r = teller(p, t, out, false);
	bool any = false;

	buf_addz(out, "{\"version\":1,\"source\":");
	if (r.source)
		buf_add_json(out, r.source->src.path);
	else
		buf_addz(out, "null");
	buf_addz(out, ",\"translations\":[");
	for (size_t i = 0; r.source && i < c->language_count; i++) {
		const struct translation *other = t->sheet ? t->sheet->in[i] : t;

		if (!other || other == r.source || (r.source != t && other != t))
			continue;
		if (any)
			buf_addc(out, ',');
		json_behind(&r, other);
		any = true;
		if (!t->sheet)
			break;
	}
	buf_addz(out, "]}\n");
}
