/* Ids out of headings and titles. */
#include "text/locale_impl.h"

#include <threads.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* The beginning of a heading is enough for an id. */
#define SLUG_MAX_INPUT 512

/* Shorter than this, an id is rather cut inside a word than before it. */
#define SLUG_MIN_WORDS 20

/* Below this are the letters with marks that European languages write; the slow way is not needed. */
#define LATIN_END 0x250

static bool is_mark(uint32_t c)
{
	return c >= 0x300 && c < 0x370;
}

static bool is_punctuation(uint32_t c)
{
	return (c >= 0x80 && c < 0xC0) || (c >= 0x2000 && c < 0x2070);
}

/* Letters that do not come apart into an ASCII letter and marks, as ICU's Latin-ASCII has them. */
static const struct {
	uint16_t letter;
	char ascii[3];
} letters[] = {
	{0xC6, "ae"},
	{0xD0, "d"},
	{0xD8, "o"},
	{0xDE, "th"},
	{0xDF, "ss"},
	{0xE6, "ae"},
	{0xF0, "d"},
	{0xF8, "o"},
	{0xFE, "th"},
	{0x110, "d"},
	{0x111, "d"},
	{0x126, "h"},
	{0x127, "h"},
	{0x131, "i"},
	{0x141, "l"},
	{0x142, "l"},
	{0x14A, "n"},
	{0x14B, "n"},
	{0x152, "oe"},
	{0x153, "oe"},
	{0x166, "t"},
	{0x167, "t"},
};

/* What a Latin letter is in ASCII, with a NUL; false when that is not known here. */
static bool latin_to_ascii(uint32_t c, char out[3])
{
	UErrorCode status = U_ZERO_ERROR;
	UChar parts[32];

	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		if (letters[i].letter != c)
			continue;
		memcpy(out, letters[i].ascii, 3);
		return true;
	}
	if (unorm2_getDecomposition(
		    unorm2_getNFDInstance(&status), (UChar32)c, parts, COUNT_OF(parts), &status) < 1 ||
		U_FAILURE(status) || parts[0] >= 0x80)
		return false;
	out[0] = (char)parts[0];
	out[1] = '\0';
	return true;
}

/* Transliterators are slow to open and cannot be shared, so each thread keeps one. */
static _Thread_local UTransliterator *transliterator;
static tss_t transliterator_key;
static once_flag transliterator_once = ONCE_FLAG_INIT;

static void close_transliterator(void *p)
{
	utrans_close(p);
}

static void make_transliterator_key(void)
{
	if (tss_create(&transliterator_key, close_transliterator) != thrd_success)
		die("no thread-specific storage left");
}

void text_slug_release(void)
{
	if (!transliterator)
		return;
	tss_set(transliterator_key, NULL);
	utrans_close(transliterator);
	transliterator = NULL;
}

static UTransliterator *to_ascii(void)
{
	static const char text[] = "NFC; Any-Latin; NFC; Latin-ASCII";
	UErrorCode status = U_ZERO_ERROR;
	UChar id[sizeof(text)];

	if (transliterator)
		return transliterator;
	call_once(&transliterator_once, make_transliterator_key);
	u_charsToUChars(text, id, sizeof(text));
	transliterator = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		die("ICU's transliteration data cannot be read: %s", u_errorName(status));
	tss_set(transliterator_key, transliterator);
	return transliterator;
}

static void transliterate(struct utf16 *u, struct str s)
{
	UTransliterator *t = to_ascii();

	for (int32_t room = 4 * (int32_t)s.n + 64;; room *= 2) {
		UErrorCode status = U_ZERO_ERROR;
		int32_t limit;

		utf16_reserve(u, room);
		utf16_set(u, s);
		limit = u->n;
		utrans_transUChars(t, u->p, &u->n, u->cap, 0, &limit, &status);
		if (status != U_BUFFER_OVERFLOW_ERROR)
			return;
	}
}

struct slug {
	char text[SLUG_MAX_BYTES];
	size_t n;
	bool gap; /* between words */
	bool cut; /* there was more */
};

static bool is_letter(uint32_t c)
{
	return u_isalpha((UChar32)c) || (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK);
}

/* False once there is no more room. */
static bool slug_add(struct slug *slug, uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	/* Neither apostrophes nor letters that have no ASCII end a word. */
	if (c == '\'' || c == 0x2019 || (c >= 0x80 && is_letter(c)))
		return true;
	if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
		slug->gap = slug->n > 0;
		return true;
	}
	slug->cut = slug->n + slug->gap >= SLUG_MAX_BYTES;
	if (slug->cut)
		return false;
	if (slug->gap)
		slug->text[slug->n++] = '-';
	slug->text[slug->n++] = (char)c;
	slug->gap = false;
	return true;
}

static struct str slug_text(struct arena *a, const struct slug *slug)
{
	size_t n = slug->n;

	if (slug->cut && !slug->gap) {
		while (n > SLUG_MIN_WORDS && slug->text[n - 1] != '-')
			n--;
		n = n > SLUG_MIN_WORDS ? n - 1 : slug->n;
	}
	return str_dup(a, str_make(slug->text, n));
}

/* Any script, by ICU. */
static struct str slug_of_any(struct arena *a, struct str s)
{
	struct slug slug = {0};
	struct utf16 u = {0};

	if (s.n > SLUG_MAX_INPUT) {
		s.n = SLUG_MAX_INPUT;
		s.n = utf8_check(s); /* no half character */
	}
	transliterate(&u, s);
	for (int32_t i = 0; i < u.n && slug_add(&slug, u.p[i]); i++)
		;
	utf16_release(&u);
	return slug_text(a, &slug);
}

/* A character of a Latin text; false when only ICU knows it. */
static bool slug_add_latin(struct slug *slug, uint32_t c)
{
	char ascii[3];

	if (c < 0x80 || is_mark(c) || is_punctuation(c)) {
		slug_add(slug, c);
		return true;
	}
	if (c >= LATIN_END || !latin_to_ascii(c, ascii))
		return false;
	for (size_t i = 0; ascii[i]; i++)
		slug_add(slug, (unsigned char)ascii[i]);
	return true;
}

struct str text_slug(struct arena *a, struct str s)
{
	struct slug slug = {0};
	size_t len;

	for (size_t i = 0; i < s.n && !slug.cut; i += len)
		if (!slug_add_latin(&slug, utf8_decode(s, i, &len)))
			return slug_of_any(a, s);
	return slug_text(a, &slug);
}
