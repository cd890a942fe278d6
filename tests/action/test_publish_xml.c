#include "action/publish_site.h"

#include "action/publish_xml.h"

static struct buf seen, why;
static const char *const dav[] = {"DAV:", NULL};
static const char *stop_at;

static bool note(void *ctx, struct str path, struct str text)
{
	(void)ctx;
	buf_addf(&seen, "%.*s=%.*s\n", STR_ARG(path), STR_ARG(text));
	return !stop_at || !str_is(path, stop_at);
}

static bool reads(const char *const *namespaces, struct str document)
{
	struct publish_xml x = {.namespaces = namespaces, .element = note};
	bool fine;

	buf_clear(&seen);
	buf_clear(&why);
	fine = publish_xml_read(&x, document, &why);
	assert_false(buf_failed(&seen));
	if (fine)
		assert_int_equal(why.n, 0);
	return fine;
}

static void gives(const char *const *namespaces, const char *document, const char *wanted)
{
	if (!reads(namespaces, str_from(document)))
		fail_msg("%s: %s", document, why.p);
	assert_string_equal(seen.n ? seen.p : "", wanted);
}

static void refuses(struct str document, const char *sentence)
{
	assert_false(reads(NULL, document));
	if (str_find(buf_str(&why), str_from(sentence)) == why.n)
		fail_msg("“%s” and not “%s”", why.n ? why.p : "", sentence);
}

static void test_paths_and_texts(void **state)
{
	(void)state;
	gives(NULL, "<a/>", "a=\n");
	gives(NULL, "<a>1<b>2</b>3<b x='9'>4</b>5</a>", "a/b=2\na/b=4\na=135\n");
	gives(NULL, "<a>&lt;&amp;&#229;&#x627;<![CDATA[<b>]]><!-- c --></a>", "a=<&å\xd8\xa7<b>\n");
	gives(NULL, "<?xml version='1.0' encoding='iso-8859-1'?><a>\xe5</a>", "a=å\n");
	gives(NULL, "\n<a>\r\n b </a>\n", "a=\n b \n");
}

static void test_namespaces(void **state)
{
	static const char *const none[] = {"", "http://s3", NULL};

	(void)state;
	gives(dav, "<D:m xmlns:D='DAV:' xmlns:x='http://x'><D:r>1</D:r><x:r>2<D:q/></x:r><D:s/></D:m>",
		"m/r=1\nm/s=\nm=\n");
	gives(dav, "<m xmlns='DAV:'><r xmlns=''>1</r><s/></m>", "m/s=\nm=\n");
	gives(dav, "<m><r>1</r></m>", "");
	gives(none, "<m><r>1</r></m>", "m/r=1\nm=\n");
	gives(none, "<m xmlns='http://s3'><r>1</r></m>", "m/r=1\nm=\n");
}

static void test_hostile(void **state)
{
	struct buf b;

	(void)state;
	refuses(STR("<!DOCTYPE a><a/>"), "DOCTYPE");
	refuses(STR("<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>"), "DOCTYPE");
	refuses(STR("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "DOCTYPE");
	refuses(STR("<a>&b;</a>"), "line 1: undefined entity");
	refuses(STR("<a>\xff</a>"), "line 1");
	refuses(STR("<a><b>\n</a>"), "line 2: mismatched tag");
	refuses(STR("<a/><b/>"), "junk");
	refuses(STR("<x:a/>"), "prefix");
	/* A namespace that would look like one and a name. */
	refuses(STR("<m xmlns='DAV:'><a:r xmlns:a='DAV:&#10;x'>1</a:r></m>"), "line 1");
	refuses(STR(""), "line 1");
	refuses(STR("<html><p>404"), "line 1");
	refuses((struct str){0}, "line 1");

	buf_init(&b, BUF_MAX_DEFAULT);
	for (int i = 0; i <= PUBLISH_XML_MAX_DEPTH; i++)
		buf_addz(&b, "<a>");
	refuses(buf_str(&b), "too deep");
	buf_clear(&b);
	buf_addz(&b, "<a>");
	for (size_t i = 0; i <= PUBLISH_XML_MAX_TEXT_BYTES; i++)
		buf_addc(&b, 'x');
	buf_addz(&b, "</a>");
	refuses(buf_str(&b), "a text that is too long");
	buf_clear(&b);
	buf_addc(&b, '<');
	for (size_t i = 0; i <= PUBLISH_XML_MAX_PATH_BYTES; i++)
		buf_addc(&b, 'x');
	buf_addz(&b, "/>");
	refuses(buf_str(&b), "names that are too long");
	buf_release(&b);
}

static void test_too_long(void **state)
{
	char *big = xmalloc(PUBLISH_XML_MAX_BYTES + 1);

	(void)state;
	memset(big, ' ', PUBLISH_XML_MAX_BYTES + 1);
	refuses(str_make(big, PUBLISH_XML_MAX_BYTES + 1), "too long");
	free(big);
}

static void test_cut_anywhere(void **state)
{
	struct str whole = STR("<?xml version='1.0'?><D:m xmlns:D='DAV:'><D:r>a&amp;b</D:r></D:m>");

	(void)state;
	for (size_t n = 0; n < whole.n; n++)
		assert_false(reads(dav, str_slice(whole, 0, n)));
	assert_true(reads(dav, whole));
}

static void test_caller_ends_it(void **state)
{
	(void)state;
	stop_at = "a/b";
	assert_false(reads(NULL, STR("<a><b/><c/></a>")));
	assert_string_equal(seen.p, "a/b=\n");
	assert_int_equal(why.n, 0); /* the caller's to fill */
	stop_at = NULL;
}

static int setup(void **state)
{
	(void)state;
	buf_init(&seen, BUF_MAX_DEFAULT);
	buf_init(&why, BUF_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&seen);
	buf_release(&why);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_and_texts),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_caller_ends_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
