/*
 * Stamps: whatever a text's front matter looks like, stamping it either refuses or makes a text that says the
 * same and has exactly the stamps; stamping once more changes nothing. Line ends change no fingerprint.
 */
#include "model/sheet.h"
#include "model/stamp_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* A text that was read and cut into sections. */
struct reading {
	struct translation t;
	struct section *sections;
	size_t count;
	struct diag diag;
};

static void reading_open(struct reading *r, struct str text, struct arena *a)
{
	static struct locale *locale;
	struct arena scratch;

	if (!locale)
		locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	*r = (struct reading){0};
	arena_init(&scratch, (size_t)1 << 30);
	diag_init(&r->diag);
	source_init(&r->t.src, STR("content/sv/a.md"), text);
	translation_read(&r->t, STR("a"), locale, a, a, scratch, &r->diag);
	r->count = sections_of(&r->sections, a, r->t.title, r->t.description, r->t.doc);
	arena_release(&scratch);
}

static void reading_close(struct reading *r)
{
	source_release(&r->t.src);
	diag_release(&r->diag);
}

static void check_same(const struct reading *x, const struct reading *y, const char *what)
{
	if (x->count != y->count)
		BUG("%s: %zu sections, not %zu", what, y->count, x->count);
	for (size_t i = 0; i < x->count; i++)
		if (!str_eq(x->sections[i].id, y->sections[i].id) ||
			strcmp(x->sections[i].hash, y->sections[i].hash) != 0)
			BUG("%s: “%.*s” is another section", what, STR_ARG(x->sections[i].id));
}

static void check_places(const struct reading *r)
{
	size_t at = 0;

	for (size_t i = 1; i < r->count; i++) {
		const struct section *s = &r->sections[i];

		if (s->from < at || s->to < s->from || s->to > r->t.src.text.n)
			BUG("a section outside of its place");
		at = s->to;
	}
}

/* As the front matter has them now. */
static void check_stamps(const struct reading *r, const struct stamp_edit *e)
{
	const struct freshness *f = r->t.freshness;

	if (!f || f->stamp_count != e->of_count)
		BUG("not the stamps that were wanted");
	for (size_t i = 0; i < e->of_count; i++) {
		const struct stamp *s = freshness_stamp(f, e->of[i].section);

		if (!s || strcmp(s->hash, e->of[i].hash) != 0)
			BUG("“%.*s” is stamped otherwise", STR_ARG(e->of[i].section));
	}
}

static void stamp(const struct reading *r, struct arena *a)
{
	struct stamp_edit e = {
		.status = STR("reviewed"), .by = STR("Å. O'Neil: b"), .date = STR("2026-11-22")};
	struct stamp *stamps = arena_new_n(a, struct stamp, r->count);
	struct reading after;
	const char *why;
	struct buf once, twice;

	for (size_t i = 0; i < r->count; i++) {
		stamps[i].section = r->sections[i].id;
		memcpy(stamps[i].hash, r->sections[i].hash, sizeof(stamps[i].hash));
	}
	e.of = stamps;
	e.of_count = r->count;
	buf_init(&once, BUF_MAX_DEFAULT);
	buf_init(&twice, BUF_MAX_DEFAULT);
	if (stamp_edit(&once, a, (struct source *)&r->t.src, &e, &why)) {
		reading_open(&after, buf_str(&once), a);
		check_same(r, &after, "stamped");
		check_stamps(&after, &e);
		if (after.t.status != STATUS_REVIEWED || !str_eq(after.t.translated_by, e.by))
			BUG("not what was wanted");
		if (!stamp_edit(&twice, a, &after.t.src, &e, &why) ||
			!str_eq(buf_str(&once), buf_str(&twice)))
			BUG("stamping again changes something");
		reading_close(&after);
	} else if (once.n || !*why) {
		BUG("refused with something written, or without a word");
	}
	buf_release(&twice);
	buf_release(&once);
}

static void check_line_ends(const struct reading *r, struct arena *a)
{
	struct str text = r->t.src.text;
	struct reading other;
	struct buf out;

	if (str_find_byte(text, '\r') < text.n)
		return;
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_addc(&out, '\r');
		buf_addc(&out, text.p[i]);
	}
	reading_open(&other, buf_str(&out), a);
	check_same(r, &other, "with other line ends");
	reading_close(&other);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str text = str_make((const char *)bytes, n);
	struct reading r;
	struct arena a;

	if (utf8_check(text) != n || str_find_byte(text, '\0') < n)
		return -1;
	arena_init(&a, (size_t)1 << 30);
	reading_open(&r, text, &a);
	check_places(&r);
	stamp(&r, &a);
	check_line_ends(&r, &a);
	reading_close(&r);
	arena_release(&a);
	return 0;
}
