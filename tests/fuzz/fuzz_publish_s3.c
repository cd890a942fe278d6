/* What an S3 server answers: listings, parts, uploads, errors. The first byte chooses what was asked for. */
#include "action/publish_s3_xml.h"

static void check_page(struct arena *a, struct str prefix, struct str text, struct buf *why)
{
	struct publish_s3_page page = {0};
	struct publish_listing listing = {0};

	if (!publish_s3_read_page(&page, &listing, a, prefix, text, why)) {
		if (why->n == 0)
			BUG("refused without a sentence");
		return;
	}
	if (page.truncated && page.next.n == 0)
		BUG("a listing that nobody can go on with");
	for (size_t i = 0; i < listing.len; i++)
		if (listing.items[i].name.n == 0 ||
			str_find_byte(listing.items[i].name, '/') < listing.items[i].name.n)
			BUG("a name that is none");
}

static void check_parts(struct arena *a, struct str text, struct buf *why)
{
	struct publish_s3_parts parts = {0};

	if (publish_s3_read_parts(&parts, a, text, why) && parts.truncated && parts.next == 0)
		BUG("parts that nobody can go on with");
	for (size_t i = 0; i < parts.len; i++)
		if (parts.items[i].number < 1 || parts.items[i].number > 10000)
			BUG("a part that cannot be");
}

static void check_rest(struct arena *a, struct str text, struct buf *why)
{
	struct publish_s3_uploads uploads = {0};
	struct publish_s3_error error;
	struct str id;

	if (publish_s3_read_uploads(&uploads, a, text, why) && uploads.truncated && uploads.next_key.n == 0)
		BUG("uploads that nobody can go on with");
	if (publish_s3_read_upload_id(&id, a, text, why) && id.n == 0)
		BUG("an upload without a name");
	if (publish_s3_read_error(&error, a, text) && error.code.n == 0)
		BUG("an error without a code");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str prefixes[] = {STR_INIT(""), STR_INIT("k/"), STR_INIT("site/å b/")};
	struct str text = str_make((const char *)data, size);
	struct arena a;
	struct buf why;

	if (size == 0)
		return 0;
	text = str_slice(text, 1, text.n);
	arena_init(&a, (size_t)256 << 20);
	buf_init(&why, 64 << 10);
	check_page(&a, prefixes[data[0] % COUNT_OF(prefixes)], text, &why);
	check_parts(&a, text, &why);
	check_rest(&a, text, &why);
	buf_release(&why);
	arena_release(&a);
	return 0;
}
