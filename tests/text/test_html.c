/* Hooks, and what differs from plain HTML; the plain HTML itself is judged by test_markdown_commonmark.c. */
#include "text/html.h"
#include "text/markdown.h"

#include <setjmp.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct diag diag;
	struct buf html;
	struct html_hooks hooks;
	struct html_options options;
};

static struct fixture f;

static int set_up(void **state)
{
	(void)state;
	arena_init(&f.arena, ARENA_DEFAULT);
	diag_init(&f.diag);
	buf_init(&f.html, BUF_MAX_DEFAULT);
	f.hooks = (struct html_hooks){0};
	f.options = (struct html_options){.hooks = &f.hooks};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&f.html);
	diag_release(&f.diag);
	arena_release(&f.arena);
	return 0;
}

static const struct doc *parse(const char *text)
{
	const struct markdown_options options = {0};
	struct source *src = arena_new(&f.arena, struct source);

	source_init(src, STR("test.md"), str_from(text));
	return markdown_parse(&f.arena, src, 0, &options, &f.diag);
}

static void assert_html(const char *text, const char *want)
{
	buf_clear(&f.html);
	html_render(&f.html, parse(text), &f.options);
	if (!str_is(buf_str(&f.html), want))
		fail_msg("got “%.*s”, want “%s”", STR_ARG(buf_str(&f.html)), want);
}

static void link_hook(void *ctx, const struct node *link, struct html_link *out)
{
	(void)ctx;
	if (str_is(link->url, "a.md"))
		*out = (struct html_link){.href = STR("a.html?x&y'z\""),
			.hreflang = STR("sv"),
			.rel = STR("external"),
			.after = STR(" (<web>)")};
	else if (str_is(link->url, "away.md"))
		out->href = STR("");
	else if (str_is(link->url, "bad.md"))
		out->href = STR("javascript:x");
}

static void test_link_hook(void **state)
{
	(void)state;
	f.hooks.link = link_hook;
	assert_html("[*a*](a.md \"t&\") b",
		"<p><a href=\"a.html?x&amp;y&#x27;z%22\" title=\"t&amp;\" hreflang=\"sv\" "
		"rel=\"external\"><em>a</em></a> (&lt;web&gt;) b</p>\n");
	assert_html("[a](away.md) [b](bad.md) [c](c.md)", "<p>a b <a href=\"c.md\">c</a></p>\n");
	assert_html("[a](javascript:x)", "<p>a</p>\n");
}

static void image_hook(void *ctx, const struct node *image, struct html_image *out)
{
	(void)ctx;
	if (str_is(image->url, "away.png"))
		out->src = STR("");
	else
		*out = (struct html_image){.src = STR("x/b.png"), .width = 640, .height = 480};
}

static void test_image_hook(void **state)
{
	(void)state;
	f.hooks.image = image_hook;
	assert_html("![a *b* `c`\nd <e>](b.png \"t\")", "<p><img src=\"x/b.png\" alt=\"a b c d &lt;e&gt;\" "
							"title=\"t\" width=\"640\" height=\"480\" /></p>\n");
	assert_html("x ![a *b*](away.png) y", "<p>x a b y</p>\n");
	assert_html("[![a](b.png)](u)",
		"<p><a href=\"u\"><img src=\"x/b.png\" alt=\"a\" width=\"640\" height=\"480\" /></a></p>\n");
	assert_html("![a ![b](away.png) [c](d)](b.png)",
		"<p><img src=\"x/b.png\" alt=\"a b c\" width=\"640\" height=\"480\" /></p>\n");
}

static void fact_hook(void *ctx, const struct node *fact, struct buf *out)
{
	(void)ctx;
	(void)fact;
	buf_addz(out, "<a href=\"tel:112\"><bdi>1 &lt; 2</bdi></a>");
}

static void cite_hook(void *ctx, const struct node *cite, struct buf *out)
{
	(void)ctx;
	buf_addf(out, "<sup>%.*s|%.*s</sup>", STR_ARG(cite->url), STR_ARG(cite->title));
}

static void test_fact_and_cite_hooks(void **state)
{
	(void)state;
	assert_html("{n} [@a, 1 <§]", "<p>{n} [@a, 1 &lt;§]</p>\n");
	f.hooks.fact = fact_hook;
	f.hooks.cite = cite_hook;
	assert_html("{n} [@a, 1 §]", "<p><a href=\"tel:112\"><bdi>1 &lt; 2</bdi></a> <sup>a|1 §</sup></p>\n");
	assert_html("![x {n} [@a]](b)", "<p><img src=\"b\" alt=\"x 1 &lt; 2 \" /></p>\n");
	assert_html("[x [@a]](b) [@c]", "<p><a href=\"b\">x [@a]</a> <sup>c|</sup></p>\n");
}

static struct str label_hook(void *ctx, enum callout c)
{
	(void)ctx;
	return c == CALLOUT_MYTH ? STR("Myt & <rykte>") : STR("?");
}

static void test_callout_label(void **state)
{
	(void)state;
	f.hooks.callout_label = label_hook;
	assert_html("> [!MYTH]\n> x", "<div class=\"callout callout-myth\" role=\"note\">\n<p "
				      "class=\"callout-label\"><strong>Myt &amp; &lt;rykte&gt;</strong></p>\n"
				      "<blockquote>\n<p>x</p>\n</blockquote>\n</div>\n");
}

static bool block_hook(void *ctx, const struct node *block, struct buf *out)
{
	(void)ctx;
	if (!str_is(block->url, "contacts"))
		return false;
	buf_addz(out, "<dl></dl>\n");
	return true;
}

static void test_block_hook(void **state)
{
	(void)state;
	f.hooks.block = block_hook;
	assert_html("a\n```contacts\nx\n```\n```sh -e\ny\n```\n```\nz\n```",
		"<p>a</p>\n<dl></dl>\n<pre><code "
		"class=\"language-sh\">y\n</code></pre>\n<pre><code>z\n</code></pre>\n");
}

static void test_ids(void **state)
{
	(void)state;
	assert_html("## A {#b}", "<h2>A</h2>\n");
	f.options.ids = true;
	assert_html("## A {#b}\n\nC\n===", "<h2 id=\"b\">A</h2>\n<h1 id=\"c\">C</h1>\n");
}

static void test_isolate(void **state)
{
	(void)state;
	assert_html("اتصل 116 111", "<p>اتصل <bdi dir=\"ltr\">116 111</bdi></p>\n");
	assert_html("في FÖF 2023/342", "<p>في <bdi dir=\"ltr\">FÖF 2023/342</bdi></p>\n");
	assert_html("×× 2023/342", "<p>×× <bdi dir=\"ltr\">2023/342</bdi></p>\n");
}

static void test_xhtml(void **state)
{
	(void)state;
	f.options.xhtml = true;
	assert_html("a\001b\xEF\xBF\xBF"
		    "c\td `\002` ![\003](x)",
		"<p>a\xEF\xBF\xBD"
		"b\xEF\xBF\xBD"
		"c\td <code>\xEF\xBF\xBD</code> <img src=\"x\" alt=\"\xEF\xBF\xBD\" /></p>\n");
}

static void test_after_other_output(void **state)
{
	(void)state;
	buf_addz(&f.html, "<main>");
	html_render(&f.html, parse("a\n\n- b"), &f.options);
	assert_true(str_is(buf_str(&f.html), "<main><p>a</p>\n<ul>\n<li>b</li>\n</ul>\n"));
}

static void test_children(void **state)
{
	(void)state;
	html_render_children(&f.html, parse("## a *b* [c](d)")->root->first, &f.options);
	assert_true(str_is(buf_str(&f.html), "a <em>b</em> <a href=\"d\">c</a>"));
}

/* A full buffer stays full and nothing else happens. */
static void test_full(void **state)
{
	struct buf small;

	(void)state;
	for (size_t max = 0; max < 120; max++) {
		buf_init(&small, max);
		html_render(&small,
			parse("# a\n\n> [!FACT]\n> *b* [c](d) ![e](f) {g} [@h] 116 111\n\n1. "
			      "x\n\n```i\nj\n```"),
			&f.options);
		assert_true(buf_failed(&small));
		buf_release(&small);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_link_hook),
		TEST(test_image_hook),
		TEST(test_fact_and_cite_hooks),
		TEST(test_callout_label),
		TEST(test_block_hook),
		TEST(test_ids),
		TEST(test_isolate),
		TEST(test_xhtml),
		TEST(test_after_other_output),
		TEST(test_children),
		TEST(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
