/* The image half of asset.h: dimensions out of the headers of the formats that browsers show. */
#include "site/asset.h"

#define IMAGE_MAX_PIXELS 100000

static unsigned u16_big(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static unsigned u16_little(const unsigned char *p)
{
	return (unsigned)p[1] << 8 | p[0];
}

static unsigned u32_big(const unsigned char *p)
{
	return u16_big(p) << 16 | u16_big(p + 2);
}

static unsigned u24_little(const unsigned char *p)
{
	return (unsigned)p[2] << 16 | u16_little(p);
}

/* PNG, section 11.2.1: the IHDR chunk comes first. */
static bool png_size(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n < 24 || !str_starts(s, STR("\x89PNG\r\n\x1a\n")) || !str_is(str_slice(s, 12, 16), "IHDR"))
		return false;
	*w = u32_big(p + 16);
	*h = u32_big(p + 20);
	return true;
}

static bool gif_size(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n < 10 || (!str_starts(s, STR("GIF87a")) && !str_starts(s, STR("GIF89a"))))
		return false;
	*w = u16_little(p + 6);
	*h = u16_little(p + 8);
	return true;
}

/* All kinds but DHT, JPG and DAC, which share the range. */
static bool starts_frame(unsigned marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* JPEG (ITU T.81): segments up to a start of frame. */
static bool jpeg_size(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n < 4 || p[0] != 0xFF || p[1] != 0xD8)
		return false;
	for (size_t i = 2; i + 9 <= s.n && p[i] == 0xFF;) {
		unsigned marker = p[i + 1], length = u16_big(p + i + 2);

		if (marker == 0xFF) { /* fill */
			i++;
			continue;
		}
		if (starts_frame(marker)) {
			*h = u16_big(p + i + 5);
			*w = u16_big(p + i + 7);
			return true;
		}
		if (length < 2)
			return false;
		i += 2 + length;
	}
	return false;
}

/* WebP (RFC 9649): one of three chunks comes first. */
static bool webp_size(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;
	struct str chunk;

	if (s.n < 30 || !str_starts(s, STR("RIFF")) || !str_is(str_slice(s, 8, 12), "WEBP"))
		return false;
	chunk = str_slice(s, 12, 16);
	if (str_is(chunk, "VP8 ") && str_is(str_slice(s, 23, 26), "\x9D\x01\x2A")) {
		*w = u16_little(p + 26) & 0x3FFF;
		*h = u16_little(p + 28) & 0x3FFF;
	} else if (str_is(chunk, "VP8L") && p[20] == 0x2F) {
		*w = 1 + (u16_little(p + 21) & 0x3FFF);
		*h = 1 + ((u24_little(p + 22) >> 6) & 0x3FFF);
	} else if (str_is(chunk, "VP8X")) {
		*w = 1 + u24_little(p + 24);
		*h = 1 + u24_little(p + 27);
	} else {
		return false;
	}
	return true;
}

/* ---- SVG: the size is an attribute, or the shape of the view box ---- */

#define SVG_HEAD_BYTES 4096

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* An attribute's value in a start tag; false when it is not there. */
static bool svg_attribute(struct str tag, const char *name, struct str *value)
{
	struct str wanted = str_from(name);

	for (size_t at = 1; at + wanted.n + 2 < tag.n; at++) {
		struct str rest;
		char quote;

		if (!is_blank(tag.p[at - 1]) || !str_starts(str_slice(tag, at, tag.n), wanted))
			continue;
		rest = str_trim(str_slice(tag, at + wanted.n, tag.n));
		if (!str_starts(rest, STR("=")))
			continue;
		rest = str_trim(str_slice(rest, 1, rest.n));
		quote = rest.n ? rest.p[0] : 0;
		if (quote != '"' && quote != '\'')
			return false;
		rest = str_slice(rest, 1, rest.n);
		*value = str_slice(rest, 0, str_find_byte(rest, quote));
		return true;
	}
	return false;
}

/* A number of pixels, rounded down and taken off the front of *text. */
static bool take_number(struct str *text, unsigned *out)
{
	struct str s = str_trim(*text);
	size_t i = 0;
	unsigned value = 0;

	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		if (value <= IMAGE_MAX_PIXELS)
			value = value * 10 + (unsigned)(s.p[i] - '0');
	if (!i)
		return false;
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';)
			i++;
	*text = str_slice(s, i, s.n);
	*out = value;
	return true;
}

/* Pixels only: a share of the page or a length on paper says nothing about the shape. */
static bool svg_length(struct str tag, const char *name, unsigned *out)
{
	struct str value;

	if (!svg_attribute(tag, name, &value) || !take_number(&value, out))
		return false;
	value = str_trim(value);
	return !value.n || str_is(value, "px");
}

static struct str without(struct str s, struct str start)
{
	s = str_trim(s);
	return str_starts(s, start) ? str_slice(s, start.n, s.n) : s;
}

/* "0 0 640 480": the corner, which may be negative, and the size. */
static bool svg_view_box(struct str tag, unsigned *w, unsigned *h)
{
	unsigned numbers[4];
	struct str value;

	if (!svg_attribute(tag, "viewBox", &value))
		return false;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		value = without(value, i ? STR(",") : STR(""));
		if (i < 2)
			value = without(value, STR("-"));
		if (!take_number(&value, &numbers[i]))
			return false;
	}
	*w = numbers[2];
	*h = numbers[3];
	return true;
}

static bool svg_size(struct str s, unsigned *w, unsigned *h)
{
	struct str tag = str_slice(s, 0, SVG_HEAD_BYTES);

	tag = str_slice(tag, str_find(tag, STR("<svg")), tag.n);
	tag = str_slice(tag, 0, str_find_byte(tag, '>'));
	if (svg_length(tag, "width", w) && svg_length(tag, "height", h))
		return true;
	return svg_view_box(tag, w, h);
}

bool image_size(struct str bytes, unsigned *width, unsigned *height)
{
	static bool (*const readers[])(struct str s, unsigned *w, unsigned *h) = {
		png_size, jpeg_size, gif_size, webp_size, svg_size};
	unsigned w = 0, h = 0;

	for (size_t i = 0; i < COUNT_OF(readers); i++) {
		if (!readers[i](bytes, &w, &h))
			continue;
		if (!w || !h || w > IMAGE_MAX_PIXELS || h > IMAGE_MAX_PIXELS)
			return false;
		*width = w;
		*height = h;
		return true;
	}
	return false;
}
