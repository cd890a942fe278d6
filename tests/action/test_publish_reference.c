/* What files of the site refer to, and which path an address means. */
#include "support/check.h"

#include "action/publish_reference.h"

static struct arena arena;
static struct buf seen;

static void add(void *ctx, enum publish_reference_kind kind, struct str url)
{
	(void)ctx;
	buf_addf(&seen, "%s %.*s\n", kind == PUBLISH_LINK ? "link" : "resource", STR_ARG(url));
}

static void finds(const char *path, const char *text, const char *expected)
{
	buf_clear(&seen);
	publish_references(str_from(path), str_from(text), &arena, add, NULL);
	buf_addz(&seen, "");
	assert_text(buf_str(&seen), expected);
}

static void test_html(void **state)
{
	(void)state;
	finds("a.html", "<a href=\"b.html\">x</a><A HREF='c.html' >", "link b.html\nlink c.html\n");
	finds("a.html", "<link rel=\"stylesheet\" href=\"x.css\"><img src=y.png alt=z>",
		"resource x.css\nresource y.png\n");
	finds("a.html", "<img srcset=\"a.png 1x, b.png 2x\"\nsrc = 'c.png'/>",
		"resource a.png\nresource b.png\nresource c.png\n");
	finds("a.html", "<a href=\"x?a=1&amp;b=2\"><a href=\"&quot;&#39;&nbsp;\">",
		"link x?a=1&b=2\nlink \"'&nbsp;\n");
	finds("a.html", "<p style=\"background: url(a.png)\">", "resource a.png\n");
	finds("a.html", "<style>b { background: url('a.png') }</style><a href=b>",
		"resource a.png\nlink b\n");
	finds("a.html", "<script>if (a < b) { s = '<a href=\"no\">' }</script><a href=yes>", "link yes\n");
	finds("a.html", "<!-- <a href=\"no\"> --><a href=yes>", "link yes\n");
	finds("a.html", "a < b <a title=\"> <a href='no'\" href=yes>", "link yes\n");
	finds("a.svg", "<image xlink:href=\"a.png\"/><use href=\"#x\"/>", "resource a.png\nresource #x\n");
	finds("a.txt", "<a href=no>", "");
	finds("a.html", "<a href=\"\"><a href=\" b \"><a href>", "link b\n");
}

static void test_css(void **state)
{
	(void)state;
	finds("a.css", "@import 'b.css'; @import url(c.css); /* url(no) */ d { x: URL( \"e f.png\" ) }",
		"resource b.css\nresource c.css\nresource e f.png\n");
}

/* Whatever is missing at the end: it ends. */
static void test_cut(void **state)
{
	static const char text[] =
		"<a href=\"b\"><!-- x --><style>url('a')</style><img srcset='a, b' x=y>\0<\0 =\0>";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		buf_clear(&seen);
		publish_references(STR("a.html"), str_make(text, n), &arena, add, NULL);
		publish_references(STR("a.css"), str_make(text, n), &arena, add, NULL);
	}
}

static void means(const char *from, const char *url, const char *address, const char *expected)
{
	assert_text(
		publish_reference_path(&arena, str_from(from), str_from(url), str_from(address)), expected);
}

static void test_paths(void **state)
{
	const char *site = "https://example.se/blad/";

	(void)state;
	means("sv/a.html", "b.html", site, "sv/b.html");
	means("sv/a.html", "b.html#x", site, "sv/b.html");
	means("sv/a.html", "#x", site, "sv/a.html");
	means("sv/a.html", "?q", site, "sv/a.html");
	means("sv/a.html", "../assets/x%20y.css?v=1", site, "assets/x y.css");
	means("sv/a.html", "./", site, "sv/index.html");
	means("sv/a.html", ".", site, "sv/index.html");
	means("sv/a.html", "..", site, "index.html");
	means("sv/a.html", "../../x", site, "");
	means("a.html", "..", site, "");
	means("sv/a.html", "ny/", site, "sv/ny/index.html");
	means("sv/a.html", "mailto:a@b.se", site, "");
	means("sv/a.html", "tel:112", site, "");
	means("sv/a.html", "//example.se/blad/x", site, "");
	means("sv/a.html", "https://example.se/blad/x.html", site, "x.html");
	means("sv/a.html", "https://example.se/blad", site, "index.html");
	means("sv/a.html", "https://example.se/bladet/x.html", site, "");
	means("sv/a.html", "https://example.se/blad/x.html", "", "");
	means("sv/a.html", "/blad/x.html", site, "x.html");
	means("sv/a.html", "/x.html", site, "x.html");
	means("sv/a.html", "/x.html", "", "x.html");
	means("sv/a.html", "/", "https://example.se", "index.html");
	means("sv/a.html", "%", site, "sv/%");
	means("sv/a.html", "%2e%2e/x", site, "x");
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&seen, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&seen);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_css),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
