/*
 * Markdown: whatever the bytes, spans stay exact, and a plain text's HTML is cmark's. Malformed UTF-8 is
 * refused before it gets here, and so it is in this target.
 */
#include "../text/markdown_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(struct arena *a, struct source *src, bool plain, struct buf *html, struct diag *d)
{
	const struct markdown_options options = {.plain = plain};
	const struct html_options page = {.ids = !plain, .xhtml = !plain};
	const struct doc *doc = markdown_parse(a, src, 0, &options, d);

	if (!oracle_too_deep(d))
		markdown_check_spans(doc, 0);
	buf_clear(html);
	html_render(html, doc, &page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct arena a;
	struct source src;
	struct buf html;
	struct diag d;
	char *want;

	if (size > 65536 || utf8_check(text) != text.n)
		return -1;
	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	buf_init(&html, BUF_MAX_DEFAULT);
	source_init(&src, STR("fuzz.md"), text);
	render(&a, &src, false, &html, &d);
	diag_sort(&d);
	diag_release(&d);
	diag_init(&d);
	render(&a, &src, true, &html, &d);
	want = markdown_oracle(text);
	if (!oracle_too_deep(&d) && !str_is(buf_str(&html), want)) {
		fprintf(stderr, "--- cmark\n%s\n--- ours\n%.*s\n", want, STR_ARG(buf_str(&html)));
		abort();
	}
	free(want);
	source_release(&src);
	buf_release(&html);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
