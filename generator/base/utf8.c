/* The UTF-8 half of str.h (RFC 3629). */
#include "base/str.h"

/* Bytes that follow a lead byte, and the range that the first of them must lie in. */
static int trail_of(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xBF;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 1;
	if (lead >= 0xE0 && lead <= 0xEF) {
		*low = lead == 0xE0 ? 0xA0 : 0x80;
		*high = lead == 0xED ? 0x9F : 0xBF;
		return 2;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*low = lead == 0xF0 ? 0x90 : 0x80;
		*high = lead == 0xF4 ? 0x8F : 0xBF;
		return 3;
	}
	return -1;
}

static size_t skip_ascii(struct str s, size_t i)
{
	uint64_t word;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&word, s.p + i, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < s.n && !((unsigned char)s.p[i] & 0x80))
		i++;
	return i;
}

size_t utf8_check(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char low, high;

	for (size_t i = skip_ascii(s, 0); i < s.n; i = skip_ascii(s, i)) {
		int trail = trail_of(p[i], &low, &high);

		if (trail < 0 || i + (size_t)trail >= s.n || p[i + 1] < low || p[i + 1] > high)
			return i;
		for (int k = 2; k <= trail; k++)
			if ((p[i + (size_t)k] & 0xC0) != 0x80)
				return i;
		i += (size_t)trail + 1;
	}
	return s.n;
}

uint32_t utf8_decode(struct str s, size_t at, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	size_t room = s.n - at;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	uint32_t cp;

	if (n > room)
		n = 1;
	*len = n;
	if (n == 1)
		return p[0];
	cp = p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3F);
	return cp;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}
