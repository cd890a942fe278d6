#include "text/locale_impl.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const char *const list_types[LIST_TYPES] = {"and", "or", "unit"};

static bool is_arabic_script(const char *id)
{
	UErrorCode status = U_ZERO_ERROR;
	char likely[LOCALE_ID_MAX], script[ULOC_SCRIPT_CAPACITY] = "";

	uloc_addLikelySubtags(id, likely, sizeof(likely), &status);
	uloc_getScript(likely, script, sizeof(script), &status);
	return U_SUCCESS(status) && strcmp(script, "Arab") == 0;
}

/* Whether lists come out as in ICU's root, which joins with a Latin comma. */
static bool joins_as_root(const UListFormatter *f)
{
	static const UChar a[] = {'a'}, b[] = {'b'}, root[] = {'a', ',', ' ', 'b'};
	const UChar *items[] = {a, b};
	const int32_t lengths[] = {1, 1};
	UErrorCode status = U_ZERO_ERROR;
	UChar text[32];
	int32_t n = ulistfmt_format(f, items, lengths, 2, text, COUNT_OF(text), &status);

	return U_SUCCESS(status) && n == COUNT_OF(root) && u_memcmp(text, root, n) == 0;
}

static struct list_style *list_of(struct locale *l, struct str type)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t t = 0;

	while (type.n && t < LIST_TYPES && !str_is(type, list_types[t]))
		t++;
	if (t == LIST_TYPES)
		return NULL;
	struct list_style *list = &l->lists[t];

	if (list->format)
		return list;
	list->format = ulistfmt_openForType(l->id, (UListFormatterType)t, ULISTFMT_WIDTH_WIDE, &status);
	if (U_FAILURE(status))
		die("ICU cannot format lists in “%s”", l->id);
	list->plain = is_arabic_script(l->id) && joins_as_root(list->format);
	return list;
}

static void join_plain(const struct str *items, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addz(out, "، ");
		buf_add(out, items[i]);
	}
}

/* All items one after the other in l->in, and where each stands. */
static void items_to_utf16(
	struct locale *l, const struct str *items, size_t n, const UChar **starts, int32_t *lengths)
{
	size_t total = 1, at = 0;

	for (size_t i = 0; i < n; i++)
		total += items[i].n;
	if (total > INT32_MAX / 4)
		die("a list of %zu bytes is too long", total);
	utf16_reserve(&l->in, (int32_t)total);
	for (size_t i = 0; i < n; i++) {
		UErrorCode status = U_ZERO_ERROR;

		starts[i] = l->in.p + at;
		u_strFromUTF8WithSub(l->in.p + at, l->in.cap - (int32_t)at, &lengths[i],
			items[i].p ? items[i].p : "", (int32_t)items[i].n, 0xFFFD, NULL, &status);
		at += (size_t)lengths[i];
	}
}

static void write_list(
	struct locale *l, const UListFormatter *f, const struct str *items, size_t n, struct buf *out)
{
	const UChar **starts = xmalloc(n * sizeof(*starts));
	int32_t *lengths = xmalloc(n * sizeof(*lengths)), len;
	UErrorCode status = U_ZERO_ERROR;

	items_to_utf16(l, items, n, starts, lengths);
	utf16_reserve(&l->out, 128);
	len = ulistfmt_format(f, starts, lengths, (int32_t)n, l->out.p, l->out.cap, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		status = U_ZERO_ERROR;
		utf16_reserve(&l->out, len + 1);
		len = ulistfmt_format(f, starts, lengths, (int32_t)n, l->out.p, l->out.cap, &status);
	}
	if (U_SUCCESS(status))
		utf16_add_to(out, l->out.p, len);
	else
		buf_fail(out);
	free(starts);
	free(lengths);
}

bool locale_list(struct locale *l, const struct str *items, size_t n, struct str type, struct buf *out)
{
	struct list_style *list = list_of(l, type);

	if (!list || n > INT32_MAX)
		return false;
	if (n < 2 || list->plain)
		join_plain(items, n, out);
	else
		write_list(l, list->format, items, n, out);
	return true;
}

void locale_text_release(struct locale *l)
{
	for (size_t i = 0; i < LIST_TYPES; i++)
		ulistfmt_close(l->lists[i].format);
	ucol_close(l->collator);
}

struct str locale_sort_key(struct locale *l, struct arena *a, struct str text)
{
	UErrorCode status = U_ZERO_ERROR;
	uint8_t *key;
	int32_t n;

	if (!l->collator)
		l->collator = ucol_open(l->language, &status);
	if (U_FAILURE(status))
		die("ICU's collation cannot be read: %s", u_errorName(status));
	utf16_set(&l->in, text);
	n = ucol_getSortKey(l->collator, l->in.p, l->in.n, NULL, 0);
	key = arena_alloc(a, (size_t)n);
	ucol_getSortKey(l->collator, l->in.p, l->in.n, key, n);
	return str_make((const char *)key, n ? (size_t)n - 1 : 0); /* without its NUL */
}

/*
 * Stretches of characters that are NFC whatever stands around them (never changed, never reordered, never
 * joined with what is before), which Unicode promises for good; from U+0300 on, as below it all are. Other
 * characters are ICU's to judge, which takes ten times as long.
 */
static const struct {
	uint32_t first, last;
} always_nfc[] = {
	{0x3A3, 0x482},	  /* Greek, Cyrillic */
	{0x488, 0x52F},	  /* Cyrillic */
	{0x5D0, 0x5EA},	  /* Hebrew */
	{0x61B, 0x64A},	  /* Arabic */
	{0x660, 0x66F},	  /* Arabic */
	{0x671, 0x6D5},	  /* Arabic */
	{0x10D0, 0x10FF}, /* Georgian */
	{0x1200, 0x1248}, /* Ethiopic */
	{0x1260, 0x1288}, /* Ethiopic */
	{0x1290, 0x12B0}, /* Ethiopic */
	{0x12D8, 0x1310}, /* Ethiopic */
	{0x1318, 0x135A}, /* Ethiopic */
	{0x1360, 0x137C}, /* Ethiopic */
	{0x2002, 0x2064}, /* punctuation */
	{0x2190, 0x2328}, /* arrows, mathematics */
	{0x3041, 0x3096}, /* Hiragana */
	{0x30A1, 0x30FA}, /* Katakana */
	{0x4E00, 0x9FFF}, /* Han */
	{0xAC00, 0xD7A3}, /* Hangul */
};

/* Vowel marks that Arabic text carries here and there; alone after a letter they are NFC as well. */
static bool is_arabic_mark(uint32_t c)
{
	return c >= 0x64B && c <= 0x652;
}

static bool is_always_nfc(uint32_t c)
{
	if (c < 0x300)
		return true;
	for (size_t i = 0; i < COUNT_OF(always_nfc) && c >= always_nfc[i].first; i++)
		if (c <= always_nfc[i].last)
			return true;
	return false;
}

/* Units that `u` has in common with its normal form, from the start. */
static int32_t nfc_prefix(const struct utf16 *u)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	struct utf16 normal = {0};
	int32_t same = unorm2_spanQuickCheckYes(nfc, u->p, u->n, &status);

	if (U_FAILURE(status))
		die("ICU's normalization data cannot be read: %s", u_errorName(status));
	if (same == u->n)
		return same;
	utf16_reserve(&normal, 3 * u->n); /* no code point grows more than threefold in NFC */
	normal.n = unorm2_normalize(nfc, u->p, u->n, normal.p, normal.cap, &status);
	if (U_FAILURE(status))
		BUG("normalization: %s", u_errorName(status));
	while (same < u->n && same < normal.n && u->p[same] == normal.p[same])
		same++;
	utf16_release(&normal);
	if (same > 0 && same < u->n && U16_IS_TRAIL(u->p[same]) && U16_IS_LEAD(u->p[same - 1]))
		same--;
	return same;
}

/* The same by ICU for a stretch that began and ends at characters that are always NFC. */
static size_t nfc_prefix_bytes(struct str s)
{
	struct utf16 u = {0};
	size_t at;

	utf16_set(&u, s);
	at = utf16_bytes(s, nfc_prefix(&u));
	utf16_release(&u);
	return at;
}

/* Where the next character at or after `at` stands that is always NFC; *count of others are before it. */
static size_t next_always_nfc(struct str s, size_t at, size_t *count)
{
	size_t len;

	for (*count = 0; at < s.n && !is_always_nfc(utf8_decode(s, at, &len)); at += len)
		++*count;
	return at;
}

size_t text_nfc_check(struct str s)
{
	size_t base = 0, len, count;

	for (size_t at = 0; at < s.n;) {
		uint32_t c = (unsigned char)s.p[at] < 0x80 ? (len = 1, 0) : utf8_decode(s, at, &len);

		if (is_always_nfc(c)) {
			base = at;
			at += len;
			continue;
		}
		size_t end = next_always_nfc(s, at, &count);

		if (count > 1 || !is_arabic_mark(c) || at == 0) {
			size_t same = base + nfc_prefix_bytes(str_slice(s, base, end));

			if (same < end)
				return same;
		}
		at = end;
	}
	return s.n;
}

bool text_is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0x200E || c == 0x200F ||
	       c == 0x2028 || c == 0x2029;
}

bool text_is_name(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
	return !text_is_space(c) && !u_hasBinaryProperty((UChar32)c, UCHAR_PATTERN_SYNTAX);
}
