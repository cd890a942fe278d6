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

	if (s.n < 24 || !str_starts(s, STR("\x89PNG\r\n\x1a\n")))
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

/* JPEG (ITU T.81): segments up to a start of frame. */
static bool jpeg_size(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n < 4 || p[0] != 0xFF || p[1] != 0xD8)
		return false;
	for (size_t i = 2; i + 9 < s.n && p[i] == 0xFF;) {
		unsigned marker = p[i + 1], length = u16_big(p + i + 2);

		if (marker == 0xFF) {
			i++;
			continue;
		}
		if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
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
	if (str_is(chunk, "VP8 ")) {
		*w = u16_little(p + 26) & 0x3FFF;
		*h = u16_little(p + 28) & 0x3FFF;
	} else if (str_is(chunk, "VP8L")) {
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

/* The whole number that an attribute of the <svg> element begins with. */
static bool svg_attribute(struct str tag, struct str name, unsigned *out)
{
	size_t at = str_find(tag, name);
	unsigned value = 0;

	if (at == tag.n)
		return false;
	at += name.n;
	for (; at < tag.n && tag.p[at] >= '0' && tag.p[at] <= '9' && value < IMAGE_MAX_PIXELS; at++)
		value = value * 10 + (unsigned)(tag.p[at] - '0');
	*out = value;
	return value > 0;
}

static bool svg_size(struct str s, unsigned *w, unsigned *h)
{
	struct str head = str_slice(s, 0, 4096);
	size_t at = str_find(head, STR("<svg"));
	struct str tag = str_slice(head, at, head.n);

	if (at == head.n)
		return false;
	tag = str_slice(tag, 0, str_find_byte(tag, '>'));
	return svg_attribute(tag, STR(" width=\""), w) && svg_attribute(tag, STR(" height=\""), h);
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
