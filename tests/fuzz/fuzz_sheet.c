/*
 * Sheets: front matter and body together. Whatever the bytes, the title is there, slugs can be addresses, and
 * every report points into the file. Malformed UTF-8 is refused before it gets here, and so it is in this
 * target.
 */
#include "model/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_reports(const struct diag *d, const struct source *src)
{
	for (size_t i = 0; i < d->len; i++) {
		struct span at = d->items[i].at;

		if (at.src && (at.src != src || at.at > src->text.n || at.n > src->text.n - at.at))
			BUG("a report outside of the file");
		if (!d->items[i].message.n)
			BUG("a report that says nothing");
	}
}

static void check_translation(const struct translation *t, const struct diag *d)
{
	struct str yaml = {0};
	size_t end = front_matter_end(t->src.text, &yaml);

	/* SIZE_MAX: it has no end */
	if (end != SIZE_MAX && (end > t->src.text.n || yaml.n > end))
		BUG("front matter outside of the file");
	if (!t->doc)
		BUG("no document");
	if (!t->title.n || utf8_check(t->title) != t->title.n)
		BUG("no title");
	if (!t->slug.n || str_find_byte(t->slug, '/') < t->slug.n)
		BUG("no slug");
	for (size_t i = 0; i < t->id_count; i++)
		if (!translation_has_id(t, t->ids[i]))
			BUG("an id that is not found");
	check_reports(d, &t->src);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct locale *locale;
	struct str text = str_make((const char *)bytes, n);
	struct translation t = {0};
	struct arena keep, scratch;
	struct diag d;

	if (utf8_check(text) != n || str_find_byte(text, '\0') < n)
		return -1;
	if (!locale)
		locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	arena_init(&keep, (size_t)1 << 30);
	arena_init(&scratch, (size_t)1 << 30);
	diag_init(&d);
	source_init(&t.src, STR("content/sv/a.md"), text);
	translation_read(&t, STR("a"), locale, &keep, &keep, scratch, &d);
	check_translation(&t, &d);
	source_release(&t.src);
	diag_release(&d);
	arena_release(&scratch);
	arena_release(&keep);
	return 0;
}
