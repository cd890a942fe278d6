#include "action/stamp.h"

#include "action/kept.h"
#include "base/worddiff.h"
#include "site/link.h"

#include <errno.h>

void stamping_init(struct stamping *s, struct project *p, const struct stamp_options *o)
{
	*s = (struct stamping){.p = p, .o = o, .a = &p->arena};
	buf_init(&s->said, BUF_MAX_DEFAULT);
	buf_init(&s->why, BUF_MAX_DEFAULT);
}

void stamping_release(struct stamping *s)
{
	buf_release(&s->said);
	buf_release(&s->why);
}

/* Every refusal is told, a line each. */
static PRINTF_LIKE(3, 4) void refuse(struct stamping *s, const struct translation *t, const char *fmt, ...)
{
	va_list ap;

	buf_addf(&s->why, "%.*s: ", STR_ARG(t->src.path));
	va_start(ap, fmt);
	buf_vaddf(&s->why, fmt, ap);
	va_end(ap);
	buf_addc(&s->why, '\n');
	s->status = STAMP_REFUSED;
}

/* A sheet's texts, of which drafts belong to none yet. */
static const struct translation *find_text(const struct catalog *c, size_t language, struct str key)
{
	const struct map *maps[] = {&c->by_path, &c->drafts};

	for (size_t m = 0; m < COUNT_OF(maps); m++)
		for (size_t i = 0; i < maps[m]->len; i++) {
			const struct translation *t = maps[m]->entries[i].value;

			if (t->language == language && str_eq(kept_key(t), key))
				return t;
		}
	return NULL;
}

const struct translation *stamp_source(const struct catalog *c, const struct translation *t)
{
	if (t->sheet && t->sheet->in[c->config.source])
		return t->sheet->in[c->config.source];
	return find_text(c, c->config.source, kept_key(t));
}

/* What is planned */

static struct stamp_write *planned(struct stamping *s, struct str shown)
{
	for (size_t i = 0; i < s->len; i++)
		if (str_eq(s->writes[i].shown, shown))
			return &s->writes[i];
	return NULL;
}

static void plan_write(struct stamping *s, struct str shown, struct str bytes, bool known, struct str old)
{
	struct stamp_write *w = planned(s, shown);

	if (w) {
		w->bytes = bytes;
		return;
	}
	s->writes = arena_grow(s->a, s->writes, s->len, &s->cap, sizeof(*s->writes));
	s->writes[s->len++] =
		(struct stamp_write){path_below(s->a, s->p->options.root, shown), shown, bytes, known, old};
}

/* The text kept beside t, as it is by now; false when it cannot be read, which was told. */
static bool read_kept(struct stamping *s, const struct translation *t, struct cut *out)
{
	struct str shown = str_join(s->a, STR("content/"), kept_path(s->a, t));
	const struct stamp_write *w = planned(s, shown);
	int error;

	if (w) {
		*out = cut_bytes(s->a, s->p, shown, w->bytes);
		return true;
	}
	error = kept_read(out, s->a, s->p, t);
	if (error)
		refuse(s, t, "%.*s cannot be read: %s", STR_ARG(shown), strerror(error));
	return !error;
}

/* Keeps beside t the source's text, or some of its sections. */
static void keep(struct stamping *s, const struct translation *t, const struct cut *source,
	const struct str *sections, size_t count)
{
	struct str shown = str_join(s->a, STR("content/"), kept_path(s->a, t));
	struct str bytes = source->t->src.text;
	struct cut old = {0};
	struct buf merged;

	if (!read_kept(s, t, &old))
		return;
	if (count && old.t) {
		buf_init(&merged, BUF_MAX_DEFAULT);
		kept_merge(&merged, &old, source, sections, count);
		bytes = str_dup(s->a, buf_str(&merged));
		buf_release(&merged);
	}
	plan_write(s, shown, bytes, false, (struct str){0});
}

/* One translation */

struct stamps {
	struct stamp *of;
	size_t len;
};

static void add_stamp(struct stamps *list, struct str section, const char *hash)
{
	struct stamp *stamp = &list->of[list->len++];

	*stamp = (struct stamp){.section = section};
	memcpy(stamp->hash, hash, sizeof(stamp->hash));
}

/* All sections as they are now; or only those listed, the others as they were stamped. */
static struct stamps make_stamps(struct stamping *s, const struct freshness *old, const struct cut *source,
	const struct str *sections, size_t count)
{
	size_t old_count = old ? old->stamp_count : 0;
	struct stamps list = {.of = arena_new_n(s->a, struct stamp, source->count + old_count)};

	for (size_t i = 0; i < source->count; i++) {
		const struct section *now = &source->list[i];
		const struct stamp *was = old ? freshness_stamp(old, now->id) : NULL;

		if (!count || section_named(now->id, sections, count))
			add_stamp(&list, now->id, now->hash);
		else if (was)
			add_stamp(&list, was->section, was->hash);
	}
	for (size_t i = 0; count && i < old_count; i++)
		if (!cut_find(source, old->stamps[i].section) &&
			!section_named(old->stamps[i].section, sections, count))
			add_stamp(&list, old->stamps[i].section, old->stamps[i].hash);
	return list;
}

static bool sections_exist(struct stamping *s, const struct translation *t, const struct cut *source,
	const struct str *sections, size_t count)
{
	struct map names = {0};

	for (size_t i = 0; i < source->count; i++)
		map_put(&names, s->a, source->list[i].id, s);
	for (size_t i = 0; t->freshness && i < t->freshness->stamp_count; i++)
		map_put(&names, s->a, t->freshness->stamps[i].section, s);
	for (size_t i = 0; i < count; i++) {
		struct str near = map_nearest(&names, sections[i]);

		if (map_has(&names, sections[i]))
			continue;
		if (near.n)
			refuse(s, t, "there is no section “%.*s”; did you mean “%.*s”?", STR_ARG(sections[i]),
				STR_ARG(near));
		else
			refuse(s, t, "there is no section “%.*s”", STR_ARG(sections[i]));
		return false;
	}
	return true;
}

static bool edit_text(struct stamping *s, const struct translation *t, const struct stamp_edit *edit)
{
	struct str bytes;
	const char *why;
	struct buf out;
	bool done;

	buf_init(&out, BUF_MAX_DEFAULT);
	done = stamp_edit(&out, s->a, (struct source *)&t->src, edit, &why);
	bytes = str_dup(s->a, buf_str(&out));
	buf_release(&out);
	if (done)
		plan_write(s, t->src.path, bytes, true, t->src.text);
	else
		refuse(s, t, "%s", why);
	return done;
}

static bool may_stamp(struct stamping *s, const struct translation *t, const struct translation *source,
	size_t section_count)
{
	if (t->language == s->p->catalog.config.source)
		refuse(s, t,
			"this is the source text: stamp its translations, or with --minor say that "
			"what changed in it is minor");
	else if (!source)
		refuse(s, t, "there is no text in the source language to be up to date with");
	else if (section_count && !t->freshness)
		refuse(s, t, "it was never stamped: stamp all of it first, without “#”");
	else
		return true;
	return false;
}

void stamping_add(
	struct stamping *s, const struct translation *t, const struct str *sections, size_t section_count)
{
	const struct translation *source = stamp_source(&s->p->catalog, t);
	struct stamp_edit edit = {.status = s->o->status, .by = s->o->by};
	struct stamps stamps;
	struct cut now;

	if (!may_stamp(s, t, source, section_count))
		return;
	now = cut_text(s->a, source);
	if (!sections_exist(s, t, &now, sections, section_count))
		return;
	stamps = make_stamps(s, t->freshness, &now, sections, section_count);
	edit.of = stamps.of;
	edit.of_count = stamps.len;
	if (s->o->today.year)
		edit.date = date_iso(s->a, s->o->today);
	keep(s, t, &now, sections, section_count);
	if (!edit_text(s, t, &edit))
		return;
	keep(s, source, &now, sections, section_count);
	s->texts++;
	buf_addf(&s->said, "%.*s: up to date with %.*s", STR_ARG(t->src.path), STR_ARG(source->src.path));
	for (size_t i = 0; i < section_count; i++)
		buf_addf(&s->said, "%s%.*s", i ? ", " : " in ", STR_ARG(sections[i]));
	buf_addc(&s->said, '\n');
}

/* Minor changes of a source */

static void print_change(struct stamping *s, const struct cut *was, const struct section *before,
	const struct cut *now, const struct section *after)
{
	struct word_diff diff;

	buf_addf(&s->said, "minor: %.*s\n", STR_ARG(after->id));
	word_diff(&diff, s->a, cut_words_of(s->a, was, before), cut_words_of(s->a, now, after));
	word_diff_print(&s->said, &diff, "    ", s->o->colour);
}

/* The sections that changed since the baseline, and were there before. */
static struct str *find_minor(struct stamping *s, const struct cut *was, const struct cut *now,
	const struct str *sections, size_t section_count, size_t *out_count)
{
	struct str *list = arena_new_n(s->a, struct str, now->count);
	size_t count = 0;

	for (size_t i = 0; i < now->count; i++) {
		const struct section *after = &now->list[i], *before = cut_find(was, after->id);

		if (section_count && !section_named(after->id, sections, section_count))
			continue;
		if (!before) {
			buf_addf(&s->said, "new, not minor: %.*s\n", STR_ARG(after->id));
			continue;
		}
		if (strcmp(before->hash, after->hash) == 0)
			continue;
		list[count++] = after->id;
		print_change(s, was, before, now, after);
	}
	*out_count = count;
	return list;
}

/* Those of `minor` in which t was up to date with the baseline. */
static size_t followed(const struct translation *t, const struct cut *was, const struct str *minor,
	size_t count, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct stamp *stamp = freshness_stamp(t->freshness, minor[i]);

		if (stamp && strcmp(stamp->hash, cut_find(was, minor[i])->hash) == 0)
			out[n++] = minor[i];
	}
	return n;
}

static void follow(struct stamping *s, const struct translation *t, const struct cut *was,
	const struct cut *now, const struct str *minor, size_t count)
{
	struct str *sections = arena_new_n(s->a, struct str, count);
	size_t n = followed(t, was, minor, count, sections);
	struct stamp_edit edit = {0};
	struct stamps stamps;

	if (n < count)
		buf_addf(&s->said, "%.*s: was behind before in %zu of %zu; that stays so\n",
			STR_ARG(t->src.path), count - n, count);
	if (!n)
		return;
	stamps = make_stamps(s, t->freshness, now, sections, n);
	edit.of = stamps.of;
	edit.of_count = stamps.len;
	keep(s, t, now, sections, n);
	if (!edit_text(s, t, &edit))
		return;
	s->texts++;
	buf_addf(&s->said, "%.*s: stays up to date in ", STR_ARG(t->src.path));
	for (size_t i = 0; i < n; i++)
		buf_addf(&s->said, "%s%.*s", i ? ", " : "", STR_ARG(sections[i]));
	buf_addc(&s->said, '\n');
}

static void follow_all(struct stamping *s, const struct translation *source, const struct cut *was,
	const struct cut *now, const struct str *minor, size_t count)
{
	for (size_t i = 0; i < s->p->catalog.config.language_count; i++) {
		const struct translation *t =
			i == source->language ? NULL : find_text(&s->p->catalog, i, kept_key(source));

		if (t && t->freshness)
			follow(s, t, was, now, minor, count);
	}
}

void stamping_minor(struct stamping *s, const struct translation *source, const struct str *sections,
	size_t section_count)
{
	struct cut was, now;
	struct str *minor;
	size_t count;

	if (source->language != s->p->catalog.config.source) {
		refuse(s, source, "this is a translation: --minor is for a text of the source language");
		return;
	}
	if (!read_kept(s, source, &was))
		return;
	if (!was.t) {
		refuse(s, source, "none of its translations was stamped yet, so that nothing is behind");
		return;
	}
	now = cut_text(s->a, source);
	if (!sections_exist(s, source, &now, sections, section_count))
		return;
	minor = find_minor(s, &was, &now, sections, section_count, &count);
	if (!count) {
		buf_addf(&s->said, "%.*s: nothing changed since a translation of it was stamped\n",
			STR_ARG(source->src.path));
		return;
	}
	follow_all(s, source, &was, &now, minor, count);
	keep(s, source, &now, minor, count);
}

/* Writing */

static PRINTF_LIKE(2, 3) void fail(struct stamping *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&s->why, fmt, ap);
	va_end(ap);
	buf_addc(&s->why, '\n');
	s->status = STAMP_ENVIRONMENT;
}

/* Somebody may have saved the file while we were thinking. */
static bool unchanged(struct stamping *s, const struct stamp_write *w, struct str now)
{
	if (!w->known || str_eq(w->old, now))
		return true;
	fail(s, "%.*s was changed meanwhile: stamp again", STR_ARG(w->shown));
	return false;
}

static void write_one(struct stamping *s, const struct stamp_write *w)
{
	size_t slash = str_after_last(str_from(w->path), '/');
	struct fs_stat st = {.mode = 0644};
	struct str now = {0};
	int error = fs_stat(s->p->fs, w->path, &st);

	if (!error)
		error = fs_read(s->p->fs, w->path, s->a, BUF_MAX_DEFAULT, &now);
	if (!error && !unchanged(s, w, now))
		return;
	if (!error && str_eq(now, w->bytes))
		return;
	if (error == ENOENT && !w->known)
		error = fs_mkdirs(s->p->fs, str_z(s->a, str_make(w->path, slash - 1)));
	if (!error)
		error = fs_save(s->p->fs, w->path, w->bytes, st.mode);
	if (error)
		fail(s, "%.*s cannot be written: %s", STR_ARG(w->shown), strerror(error));
}

enum stamp_status stamping_write(struct stamping *s)
{
	if (s->status != STAMP_OK || s->o->dry_run)
		return s->status;
	/* A kept text comes before the stamps that it belongs to: without them it is only not shown. */
	for (size_t i = 0; i < s->len && s->status == STAMP_OK; i++)
		write_one(s, &s->writes[i]);
	return s->status;
}
