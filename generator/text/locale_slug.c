/* Ids out of headings and titles. */
#include "text/locale_impl.h"

#include <threads.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* The beginning of a heading is enough for an id. */
#define SLUG_MAX_INPUT 512

/* Shorter than this, an id is rather cut inside a word than before it. */
#define SLUG_MIN_WORDS 20

/*
 * What text_slug() keeps for each thread: transliterators are slow to open, and not shareable. Most
 * titles need only the first.
 */
enum { TO_ASCII_LATIN, TO_ASCII_ANY, TO_ASCII_COUNT };

static const char *const transliterations[TO_ASCII_COUNT] = {
	[TO_ASCII_LATIN] = "NFC; Latin-ASCII",
	[TO_ASCII_ANY] = "NFC; Any-Latin; NFC; Latin-ASCII",
};

struct slugger {
	UTransliterator *to_ascii[TO_ASCII_COUNT];
};

static _Thread_local struct slugger *slugger;
static tss_t slugger_key;
static once_flag slugger_once = ONCE_FLAG_INIT;

static void free_slugger(void *p)
{
	struct slugger *s = p;

	for (size_t i = 0; s && i < TO_ASCII_COUNT; i++)
		utrans_close(s->to_ascii[i]);
	free(s);
}

static void make_slugger_key(void)
{
	if (tss_create(&slugger_key, free_slugger) != thrd_success)
		die("no thread-specific storage left");
}

void text_slug_release(void)
{
	if (!slugger)
		return;
	tss_set(slugger_key, NULL);
	free_slugger(slugger);
	slugger = NULL;
}

static UTransliterator *to_ascii(int which)
{
	UErrorCode status = U_ZERO_ERROR;
	UTransliterator **t;
	UChar id[64];

	if (!slugger) {
		call_once(&slugger_once, make_slugger_key);
		slugger = xmalloc(sizeof(*slugger));
		*slugger = (struct slugger){0};
		tss_set(slugger_key, slugger);
	}
	t = &slugger->to_ascii[which];
	if (*t)
		return *t;
	u_charsToUChars(transliterations[which], id, (int32_t)strlen(transliterations[which]) + 1);
	*t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		die("ICU's transliteration data cannot be read: %s", u_errorName(status));
	return *t;
}

static void transliterate(struct utf16 *u, struct str s)
{
	int which = TO_ASCII_LATIN;

	/* From U+0250 on: beyond the Latin letters with marks. */
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0xC9)
			which = TO_ASCII_ANY;
	UTransliterator *t = to_ascii(which);

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

static struct str slug_of_utf16(struct arena *a, struct str s)
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

struct str text_slug(struct arena *a, struct str s)
{
	struct slug slug = {0};

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] & 0x80)
			return slug_of_utf16(a, s);
		if (!slug_add(&slug, (unsigned char)s.p[i]))
			break;
	}
	return slug_text(a, &slug);
}
