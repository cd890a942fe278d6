#include "action/publish_s3_xml.h"
#include "support/check.h"

static struct arena arena;
static struct buf why;
static struct publish_listing listing;
static struct publish_s3_page page;

#define OPEN "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
#define ITEM(key) "<Contents><Key>" key "</Key><ETag>&quot;x&quot;</ETag><Size>7</Size></Contents>"
#define CLOSE "</ListBucketResult>"

static bool reads(const char *prefix, const char *text)
{
	buf_clear(&why);
	listing = (struct publish_listing){0};
	page = (struct publish_s3_page){0};
	return publish_s3_read_page(&page, &listing, &arena, str_from(prefix), str_from(text), &why);
}

static void has(size_t i, const char *name, enum publish_kind kind)
{
	assert_true(i < listing.len);
	assert_text(listing.items[i].name, name);
	assert_int_equal(listing.items[i].kind, kind);
	assert_int_equal(listing.items[i].sized, kind == PUBLISH_FILE);
}

static void test_page(void **state)
{
	(void)state;
	assert_true(reads("k/",
		OPEN "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>" ITEM("k%2Fa+b") ITEM(
			"k/a%2Bb")
			ITEM("k/%C3%A5%25") "<CommonPrefixes><Prefix>k/d%20e/</Prefix></CommonPrefixes>"
					    "<NextContinuationToken>a+b%2F&amp;=</NextContinuationToken>" CLOSE));
	assert_int_equal(listing.len, 4);
	has(0, "a b", PUBLISH_FILE);
	has(1, "a+b", PUBLISH_FILE);
	has(2, "å%", PUBLISH_FILE);
	has(3, "d e", PUBLISH_DIR);
	assert_int_equal(listing.items[0].size, 7);
	assert_true(page.truncated);
	assert_text(page.next, "a+b%2F&=");
}

/* A server that does not encode. */
static void test_page_plain(void **state)
{
	(void)state;
	assert_true(reads("", OPEN "<IsTruncated>false</IsTruncated>" ITEM("a+b%41") CLOSE));
	has(0, "a+b%41", PUBLISH_FILE);
	assert_false(page.truncated);
	assert_true(reads("", OPEN CLOSE));
	assert_int_equal(listing.len, 0);
}

/* The marks that some programs leave for folders, and keys that no path can be. */
static void test_page_odd_keys(void **state)
{
	(void)state;
	assert_true(reads("k/",
		OPEN "<EncodingType>url</EncodingType>" ITEM("k/") ITEM("k//x")
			ITEM("k/%zz") "<CommonPrefixes><Prefix>k//</Prefix></CommonPrefixes>" ITEM("k/last")
				CLOSE));
	assert_int_equal(listing.len, 1);
	has(0, "last", PUBLISH_FILE);
}

static void test_page_refused(void **state)
{
	(void)state;
	assert_false(reads("k/", OPEN ITEM("other/x") CLOSE));
	assert_true(why.n > 0);
	assert_false(reads("", OPEN "<Contents><Key>x</Key></Contents>" CLOSE));
	assert_false(reads("", OPEN "<Contents><Key>x</Key><Size>-1</Size></Contents>" CLOSE));
	assert_false(reads("", OPEN "<IsTruncated>true</IsTruncated>" CLOSE));
	assert_false(reads("", OPEN ITEM("x")));
	assert_false(reads("", ""));
	assert_false(reads("", "<html></html>"));
	assert_text(buf_str(&why), "the server's answer is no ListBucketResult");
}

static void test_parts(void **state)
{
	struct publish_s3_parts parts = {0};

	(void)state;
	assert_true(publish_s3_read_parts(&parts, &arena,
		STR("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>"
		    "<Part><PartNumber>2</PartNumber><ETag>\"ab\"</ETag><Size>9</Size></Part></ListPartsResult>"),
		&why));
	assert_int_equal(parts.len, 1);
	assert_int_equal(parts.items[0].number, 2);
	assert_int_equal(parts.items[0].size, 9);
	assert_text(parts.items[0].etag, "ab");
	assert_int_equal(parts.next, 2);
	/* Round in circles. */
	assert_false(publish_s3_read_parts(&parts, &arena,
		STR("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>"
		    "</ListPartsResult>"),
		&why));
	assert_false(publish_s3_read_parts(&parts, &arena,
		STR("<ListPartsResult><Part><PartNumber>10001</PartNumber><Size>1</Size></Part></ListPartsResult>"),
		&why));
}

static void test_uploads(void **state)
{
	struct publish_s3_uploads uploads = {0};
	struct str id;

	(void)state;
	assert_true(publish_s3_read_uploads(&uploads, &arena,
		STR("<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
		    "<Upload><Key>a%2Fb+c</Key><UploadId>2~x</UploadId></Upload></ListMultipartUploadsResult>"),
		&why));
	assert_int_equal(uploads.len, 1);
	assert_text(uploads.items[0].key, "a/b c");
	assert_text(uploads.items[0].id, "2~x");
	assert_true(publish_s3_read_upload_id(&id, &arena,
		STR("<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"),
		&why));
	assert_text(id, "7");
	assert_false(publish_s3_read_upload_id(
		&id, &arena, STR("<InitiateMultipartUploadResult></InitiateMultipartUploadResult>"), &why));
}

static void test_error(void **state)
{
	struct publish_s3_error e;

	(void)state;
	assert_true(publish_s3_read_error(
		&e, &arena, STR("<Error><Code>X</Code><Message>m</Message><Region>r</Region></Error>")));
	assert_text(e.code, "X");
	assert_text(e.message, "m");
	assert_text(e.region, "r");
	assert_false(publish_s3_read_error(&e, &arena, STR("")));
	assert_false(publish_s3_read_error(&e, &arena, STR("<CopyObjectResult/>")));
	assert_false(publish_s3_read_error(&e, &arena, STR("<Error></Error>")));
}

static void test_etag(void **state)
{
	(void)state;
	assert_text(publish_s3_bare_etag(STR(" \"a\" ")), "a");
	assert_text(publish_s3_bare_etag(STR("W/\"a\"")), "a");
	assert_text(publish_s3_bare_etag(STR("a")), "a");
	assert_text(publish_s3_bare_etag(STR("\"")), "\"");
	assert_text(publish_s3_bare_etag(STR("")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_page_plain),
		cmocka_unit_test(test_page_odd_keys),
		cmocka_unit_test(test_page_refused),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_uploads),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_etag),
	};
	int failed;

	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&why, 64 << 10);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_release(&why);
	arena_release(&arena);
	return failed;
}
