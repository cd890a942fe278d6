#include "site/asset.h"
#include "support/check.h"

static const struct {
	const char *what;
	struct str bytes;
	unsigned width, height;
} good[] = {
	{"PNG", STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x02\0\0\0"), 640, 480},
	{"GIF 87", STR_INIT("GIF87a\x03\0\x05\0\x80"), 3, 5},
	{"GIF 89", STR_INIT("GIF89a\0\x02\x01\0\0"), 512, 1},
	{"baseline JPEG", STR_INIT("\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC0\0\x11\x08\x01\xE0\x02\x80\x03"), 640,
		480},
	{"progressive JPEG with fill bytes", STR_INIT("\xFF\xD8\xFF\xFF\xFF\xC2\0\x11\x08\0\x02\0\x03"), 3,
		2},
	{"JPEG with tables first",
		STR_INIT("\xFF\xD8\xFF\xC4\0\x02\xFF\xDB\0\x02\xFF\xC0\0\x11\x08\0\x02\0\x03"), 3, 2},
	{"lossy WebP", STR_INIT("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x80\x42\xE0\x41"), 640, 480},
	{"lossless WebP", STR_INIT("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x02\xC0\0\0\0\0\0\0\0"), 3, 4},
	{"extended WebP", STR_INIT("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7F\x02\0\xDF\x01\0"), 640, 480},
	{"SVG", STR_INIT("<?xml version=\"1.0\"?>\n<svg xmlns=\"x\" width=\"64\" height=\"32px\"/>"), 64, 32},
	{"SVG with line breaks", STR_INIT("<svg\n\twidth = '64.9'\n\theight\t=\t\"32\" >"), 64, 32},
	{"SVG with a stroke", STR_INIT("<svg stroke-width=\"9\" width=\"64\" height=\"32\">"), 64, 32},
	{"SVG that fills its place", STR_INIT("<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 16 9\">"),
		16, 9},
	{"SVG in centimetres", STR_INIT("<svg width=\"2cm\" height=\"1cm\" viewBox='-8,-4, 16.5 8'>"), 16, 8},
	{"SVG with a view box only", STR_INIT("<!-- > --><svg viewBox=\"0 0 24 12\">"), 24, 12},
};

static void sizes_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		unsigned w = 0, h = 0;

		if (!image_size(good[i].bytes, &w, &h))
			fail_msg("%s was not read", good[i].what);
		if (w != good[i].width || h != good[i].height)
			fail_msg("%s: %u × %u", good[i].what, w, h);
	}
}

/* In memory of exactly that size, so that a byte too far is seen. */
static bool size_of_copy(struct str bytes, unsigned *w, unsigned *h)
{
	char *copy = xmalloc(bytes.n ? bytes.n : 1);
	bool found;

	memcpy(copy, bytes.p, bytes.n);
	found = image_size(str_make(copy, bytes.n), w, h);
	free(copy);
	return found;
}

static void cut_off_images_have_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		for (size_t n = 0; n < good[i].bytes.n; n++) {
			unsigned w = 7, h = 7;

			if (!size_of_copy(str_slice(good[i].bytes, 0, n), &w, &h)) {
				assert_int_equal(w, 7);
				assert_int_equal(h, 7);
			} else if (!str_starts(str_from(good[i].what), STR("SVG"))) {
				/* the last bytes of each tell nothing more */
				assert_int_equal(w, good[i].width);
				assert_int_equal(h, good[i].height);
			}
		}
}

static const struct str bad[] = {
	STR_INIT(""),
	STR_INIT("plain text"),
	STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), /* 4 billion pixels a
											side */
	STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\0\0\0\0\x01"),		     /* nothing wide */
	STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0DtEXt\0\0\0\x01\0\0\0\x01"),	     /* no header */
	STR_INIT("\xFF\xD8\xFF\xE0\0\0\xFF\xC0\0\x11\x08\x01\xE0\x02\x80\x03"), /* a segment without length */
	STR_INIT("\xFF\xD8\xFF\xE0\xFF\xFF\xFF\xC0\0\x11\x08\x01\xE0\x02\x80\x03"), /* one beyond the end */
	STR_INIT("\xFF\xD8\xFF\xC4\0\x11\x08\x01\xE0\x02\x80\x03\0\0"),		    /* tables only */
	STR_INIT("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\0\0\0\x80\x42\xE0\x41"),	    /* no start code */
	STR_INIT("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\0\x02\xC0\0\0\0\0\0\0\0"),	    /* no signature */
	STR_INIT("RIFF\0\0\0\0WAVEfmt \0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	STR_INIT("<svg width=\"99999999999999999999\" height=\"1\">"),
	STR_INIT("<svg width=\"0\" height=\"0\">"),
	STR_INIT("<svg width=64 height=32>"),
	STR_INIT("<svg width=\"auto\" height=\"auto\">"),
	STR_INIT("<svg width=\"100%\" height=\"100%\">"),
	STR_INIT("<svg viewBox=\"0 0 -16 9\">"),
	STR_INIT("<svg viewBox=\"0 0 16\">"),
	STR_INIT("<svg><rect width=\"64\" height=\"32\"/></svg>"),
};

static void what_lies_or_is_no_image_has_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		unsigned w = 0, h = 0;

		if (size_of_copy(bad[i], &w, &h))
			fail_msg("number %zu is said to be %u × %u", i, w, h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_found),
		cmocka_unit_test(cut_off_images_have_none),
		cmocka_unit_test(what_lies_or_is_no_image_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
