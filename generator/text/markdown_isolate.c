/*
 * The isolate half of markdown_impl.h: stretches of a text that read from left to right in every script.
 *
 *	phones		+46 8 508 00 000, 08-508 00 000, 0771-23 45 67, 116 111, +46 (0)8-508 00 000
 *	grouped numbers	4 580, 12 500 000, 2026-11-20, 212000-0142
 *	registers	KS 2023/1216, FÖF 2023/342, KS 2023/1216-1, SOU 2023:12, 2025:400, 2023/24:89
 *	sections	SoL 19 kap. 1 §, 20 kap. 2 a §, LVU 6 §, 36–41 §§, § 4
 *	addresses	https://…, http://…, www.…, name@example.org
 *
 * Not: numbers in one group (112, 2023), decimals and times (3,5 12:30), ranges (0-5, 2019-2021), a year
 * before another number. A false find costs nothing in a text that runs from left to right.
 */
#include "text/markdown_impl.h"

#define MAX_DIGITS 24
#define MAX_PREFIX 6 /* letters before a register number or a section */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && !(c & 0x80);
}

static bool is_word(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_';
}

static char at(struct str s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

static bool has(struct str s, size_t i, const char *z)
{
	size_t n = strlen(z);

	return i + n <= s.n && memcmp(s.p + i, z, n) == 0;
}

/* White space inside a number: a space, or one that does not break; its bytes, or 0. */
static size_t space_at(struct str s, size_t i)
{
	if (at(s, i) == ' ')
		return 1;
	if (has(s, i, "\xC2\xA0"))
		return 2;
	return has(s, i, "\xE2\x80\xAF") || has(s, i, "\xE2\x80\x89") ? 3 : 0;
}

/* A hyphen, or one that does not break. */
static size_t hyphen_at(struct str s, size_t i)
{
	if (at(s, i) == '-')
		return 1;
	return has(s, i, "\xE2\x80\x91") ? 3 : 0;
}

static size_t dash_at(struct str s, size_t i)
{
	return has(s, i, "\xE2\x80\x93") ? 3 : hyphen_at(s, i);
}

static size_t digits_at(struct str s, size_t i)
{
	size_t n = 0;

	while (is_digit(at(s, i + n)))
		n++;
	return n;
}

/*
 * Nothing of ASCII may stick to a number: letters, decimal points, signs, slashes. Beyond ASCII anything
 * may: Arabic writes its particles and its commas next to it.
 */
static bool starts_word(struct str s, size_t i, size_t from)
{
	return i == from || !(is_word(s.p[i - 1]) || memchr(".,:/-+", s.p[i - 1], 6));
}

static bool ends_word(struct str s, size_t i)
{
	return !is_word(at(s, i));
}

/* ---- sections ---- */

/* § or §§ */
static size_t signs_at(struct str s, size_t i)
{
	if (!has(s, i, "\xC2\xA7"))
		return 0;
	return has(s, i + 2, "\xC2\xA7") ? 4 : 2;
}

/* "1", "1 a", "36–41": its end, or 0. */
static size_t section_number(struct str s, size_t i)
{
	size_t n = digits_at(s, i), gap, dash;

	if (!n || n > 4)
		return 0;
	i += n;
	gap = space_at(s, i);
	if (is_alpha(at(s, i + gap)) && ends_word(s, i + gap + 1))
		return i + gap + 1;
	dash = dash_at(s, i);
	n = dash ? digits_at(s, i + dash) : 0;
	return n && n <= 4 ? i + dash + n : i;
}

/* "1 §", "36–41 §§": its end, or 0. */
static size_t section(struct str s, size_t i)
{
	size_t end = section_number(s, i), gap, signs;

	if (!end)
		return 0;
	gap = space_at(s, end);
	signs = signs_at(s, end + gap);
	return signs ? end + gap + signs : 0;
}

/* "19 kap. 1 §" or "19 kap.", or a section alone. */
static size_t chapter(struct str s, size_t i)
{
	size_t n = digits_at(s, i), end = i + n, gap = space_at(s, end), more;

	if (n > 3 || !gap || !has(s, end + gap, "kap"))
		return section(s, i);
	end += gap + 3;
	if (at(s, end) == '.')
		end++;
	else if (is_word(at(s, end)))
		return section(s, i);
	gap = space_at(s, end);
	more = gap ? section(s, end + gap) : 0;
	return more ? more : end;
}

/* "§ 4", "§ 4a", "§§ 36–41"; a letter apart from the number is a word ("§ 4 i lagen"). */
static size_t sign_first(struct str s, size_t i)
{
	size_t signs = signs_at(s, i), start = i + signs + space_at(s, i + signs), end;

	end = signs ? section_number(s, start) : 0;
	if (!end)
		return 0;
	return space_at(s, start + digits_at(s, start)) ? start + digits_at(s, start) : end;
}

/* Back over the abbreviation of a statute before its section: letters that begin and end as capitals ("SoL "). */
static size_t statute_prefix(struct str s, size_t i, size_t from)
{
	size_t end = i > from && s.p[i - 1] == ' ' ? i - 1 : i, start;

	if (i - from >= 2 && has(s, i - 2, "\xC2\xA0"))
		end = i - 2;
	start = end;
	while (start > from && is_alpha(s.p[start - 1]) && end - start <= MAX_PREFIX)
		start--;
	if (end == i || end - start < 2 || end - start > MAX_PREFIX || !is_upper(s.p[start]) ||
		!is_upper(s.p[end - 1]) || !starts_word(s, start, from))
		return i;
	return start;
}

/* ---- registers ---- */

static bool is_year(struct str s, size_t i)
{
	return digits_at(s, i) == 4 && (has(s, i, "20") || (at(s, i) == '1' && at(s, i + 1) >= '6'));
}

/* "2023/1216", "2023/1216-1", "2025:400", "2023/24:89": its end, or 0. */
static size_t register_number(struct str s, size_t i)
{
	size_t n, end = i + 4, hyphen;
	char c = at(s, end);

	if (!is_year(s, i) || (c != '/' && c != ':'))
		return 0;
	n = digits_at(s, end + 1);
	if (!n || n > 6)
		return 0;
	end += 1 + n;
	if (c == '/' && at(s, end) == ':' && digits_at(s, end + 1))
		return end + 1 + digits_at(s, end + 1);
	hyphen = hyphen_at(s, end);
	n = hyphen ? digits_at(s, end + hyphen) : 0;
	return n && n <= 4 ? end + hyphen + n : end;
}

/* The bytes of the capital letter that ends at i, not before `from`: A to Z, or À to Þ as in "FÖF". */
static size_t capital_before(struct str s, size_t i, size_t from)
{
	unsigned char last = i > from ? (unsigned char)s.p[i - 1] : 0;

	if (is_upper((char)last))
		return 1;
	if (i - from >= 2 && s.p[i - 2] == '\xC3' && last >= 0x80 && last <= 0x9E && last != 0x97)
		return 2;
	return 0;
}

/* Back over "KS " before a register number, but not before `from`. */
static size_t register_prefix(struct str s, size_t i, size_t from)
{
	size_t start = i;

	if (start > from && s.p[start - 1] == ' ')
		start--;
	else if (start - from >= 2 && has(s, start - 2, "\xC2\xA0"))
		start -= 2;
	else
		return i;
	for (size_t letters = 0; letters <= MAX_PREFIX; letters++) {
		size_t letter = capital_before(s, start, from);

		if (!letter)
			return letters >= 2 && starts_word(s, start, from) ? start : i;
		start -= letter;
	}
	return i;
}

/* ---- phones and grouped numbers ---- */

struct groups {
	size_t n[MAX_DIGITS]; /* digits of each group */
	size_t count, digits;
	bool spaced, hyphened;
	bool late; /* a hyphen after the second group or later, as in a range */
	size_t end;
};

static size_t trunk_prefix(struct str s, size_t i)
{
	return has(s, i, "(0)") ? 3 : 0;
}

/* The groups from i on, joined by single spaces and hyphens. */
static void read_groups(struct str s, size_t i, bool plus, struct groups *g)
{
	*g = (struct groups){0};
	for (;;) {
		size_t n = digits_at(s, i), space, hyphen, next;

		if (!n || g->count == MAX_DIGITS || g->digits + n > MAX_DIGITS)
			return;
		if (!ends_word(s, i + n))
			return; /* "12a": not of this number */
		g->n[g->count++] = n;
		g->digits += n;
		g->end = i + n;
		space = space_at(s, g->end);
		next = g->end + space;
		if (plus)
			next += trunk_prefix(s, next);
		hyphen = space ? 0 : hyphen_at(s, next);
		next += hyphen;
		if (next == g->end || !digits_at(s, next))
			return;
		g->late |= hyphen > 0 && g->count > 1;
		g->spaced |= space > 0;
		g->hyphened |= hyphen > 0;
		i = next;
	}
}

/* 4 580, 12 500 000: the later groups all have three digits. */
static bool in_thousands(const struct groups *g)
{
	if (g->n[0] > 3 || g->count < 2 || g->hyphened)
		return false;
	for (size_t i = 1; i < g->count; i++)
		if (g->n[i] != 3)
			return false;
	return true;
}

static bool is_date(const struct groups *g)
{
	return g->count == 3 && !g->spaced && g->n[0] == 4 && g->n[1] == 2 && g->n[2] == 2;
}

/* An organisation's or a person's number: 212000-0142, 20121231-1234. */
static bool is_identity(const struct groups *g)
{
	return g->count == 2 && !g->spaced && (g->n[0] == 6 || g->n[0] == 8) && g->n[1] == 4;
}

static bool is_spaced_phone(const struct groups *g)
{
	if (!g->spaced || g->late || g->count < 2 || g->digits < 5 || g->n[0] > 4)
		return false;
	for (size_t i = 1; i < g->count; i++)
		if (g->n[i] < 2 || g->n[i] > 4)
			return false;
	return true;
}

static size_t phone(struct str s, size_t i)
{
	bool plus = at(s, i) == '+';
	struct groups g;

	read_groups(s, i + plus, plus, &g);
	if (plus)
		return g.digits >= 7 ? g.end : 0;
	if (g.count < 2)
		return at(s, i) == '0' && g.digits >= 7 ? g.end : 0;
	if (at(s, i) == '0')
		return g.digits >= 6 ? g.end : 0;
	if (in_thousands(&g) || is_date(&g) || is_identity(&g))
		return g.end;
	return is_spaced_phone(&g) && !is_year(s, i) ? g.end : 0;
}

/* (08) 508 00 000: from the bracket before i; its end, or 0. */
static size_t bracketed_phone(struct str s, size_t i)
{
	size_t n = digits_at(s, i), next = i + n + 1;
	struct groups g;

	if (at(s, i) != '0' || n > 4 || at(s, i + n) != ')')
		return 0;
	read_groups(s, next + space_at(s, next), false, &g);
	return g.digits >= 5 ? g.end : 0;
}

/* ---- addresses ---- */

static bool is_url(char c)
{
	return (c > ' ' && c < 0x7F && !memchr("<>\"`{}|\\^", c, 9)) || (c & 0x80);
}

/* Punctuation at the end belongs to the sentence, and a bracket that the address did not open. */
static size_t trim_url(struct str s, size_t from, size_t end)
{
	size_t open = 0, close = 0;

	for (size_t i = from; i < end; i++) {
		open += s.p[i] == '(';
		close += s.p[i] == ')';
	}
	while (end > from) {
		char c = s.p[end - 1];

		if (c == ')' && close > open)
			close--;
		else if (!memchr(".,:;!?'*_~[]", c, 12))
			break;
		end--;
	}
	return end;
}

/* Beyond ASCII an address goes on only in Latin letters, so that it ends where another script begins. */
static size_t url_end(struct str s, size_t i)
{
	while (i < s.n && is_url(s.p[i])) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80)
			i++;
		else if (c >= 0xC3 && c <= 0xC9 && i + 1 < s.n)
			i += 2;
		else
			break;
	}
	return i;
}

static bool matches(struct str s, size_t i, const char *lower)
{
	for (; *lower; lower++, i++)
		if ((is_alpha(at(s, i)) ? at(s, i) | 0x20 : at(s, i)) != *lower)
			return false;
	return true;
}

static size_t web_address(struct str s, size_t i)
{
	static const char *const starts[] = {"https://", "http://", "www."};

	for (size_t k = 0; k < COUNT_OF(starts); k++) {
		size_t host = i + strlen(starts[k]), end;

		if (!matches(s, i, starts[k]))
			continue;
		end = trim_url(s, host, url_end(s, host));
		/* an address with a scheme is always one: else each of many would be tried to the end of the
		 * text */
		return end > host && (k < 2 || memchr(s.p + host, '.', end - host)) ? end : 0;
	}
	return 0;
}

static bool is_mail(char c)
{
	return is_alpha(c) || is_digit(c) || (c && memchr("._%+-", c, 5));
}

/* Around the @ at i: false when it is none. */
static bool mail_address(struct str s, size_t i, size_t from, struct range *out)
{
	size_t start = i, end = i + 1;

	while (start > from && is_mail(s.p[start - 1]))
		start--;
	while (is_alpha(at(s, end)) || is_digit(at(s, end)) || at(s, end) == '-' || at(s, end) == '.')
		end++;
	while (end > i + 1 && (s.p[end - 1] == '.' || s.p[end - 1] == '-'))
		end--;
	if (start == i || end == i + 1 || !memchr(s.p + i, '.', end - i))
		return false;
	*out = (struct range){start, end};
	return true;
}

/* ---- the whole ---- */

static bool number_at(struct str s, size_t i, size_t from, struct range *out)
{
	size_t end;

	if (!starts_word(s, i, from))
		return false;
	end = register_number(s, i);
	if (end) {
		*out = (struct range){register_prefix(s, i, from), end};
		return true;
	}
	end = i > from && s.p[i - 1] == '(' ? bracketed_phone(s, i) : 0;
	if (end) {
		*out = (struct range){i - 1, end};
		return true;
	}
	end = chapter(s, i);
	*out = (struct range){end ? statute_prefix(s, i, from) : i, end ? end : phone(s, i)};
	return out->to > 0 && ends_word(s, out->to);
}

enum trigger { TRIGGER_NONE, TRIGGER_DIGIT, TRIGGER_PLUS, TRIGGER_WEB, TRIGGER_MAIL, TRIGGER_SIGN };

static bool find_at(struct str s, size_t i, size_t from, enum trigger trigger, struct range *out)
{
	*out = (struct range){i, 0};
	switch (trigger) {
	case TRIGGER_DIGIT:
		return number_at(s, i, from, out);
	case TRIGGER_PLUS:
		out->to = starts_word(s, i, from) ? phone(s, i) : 0;
		return out->to > 0;
	case TRIGGER_WEB:
		out->to = i == from || !is_word(s.p[i - 1]) ? web_address(s, i) : 0;
		return out->to > 0;
	case TRIGGER_MAIL:
		return mail_address(s, i, from, out);
	case TRIGGER_SIGN:
		out->to = sign_first(s, i);
		out->from = out->to ? statute_prefix(s, i, from) : i;
		return out->to > 0;
	default:
		return false;
	}
}

bool isolate_find(struct str s, size_t from, struct range *out)
{
	static const uint8_t triggers[256] = {
		['0'] = TRIGGER_DIGIT,
		['1'] = TRIGGER_DIGIT,
		['2'] = TRIGGER_DIGIT,
		['3'] = TRIGGER_DIGIT,
		['4'] = TRIGGER_DIGIT,
		['5'] = TRIGGER_DIGIT,
		['6'] = TRIGGER_DIGIT,
		['7'] = TRIGGER_DIGIT,
		['8'] = TRIGGER_DIGIT,
		['9'] = TRIGGER_DIGIT,
		['+'] = TRIGGER_PLUS,
		['h'] = TRIGGER_WEB,
		['H'] = TRIGGER_WEB,
		['w'] = TRIGGER_WEB,
		['W'] = TRIGGER_WEB,
		['@'] = TRIGGER_MAIL,
		[0xC2] = TRIGGER_SIGN,
	};

	for (size_t i = scan_to(triggers, s, from); i < s.n; i = scan_to(triggers, s, i + 1)) {
		uint8_t trigger = triggers[(unsigned char)s.p[i]];

		if (find_at(s, i, from, (enum trigger)trigger, out))
			return true;
		if (trigger == TRIGGER_DIGIT)
			i += digits_at(s, i) - 1;
	}
	return false;
}
