#include "text/fold.h"

#include "base/buf.h"
#include "text/locale_impl.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

/* Longer texts are not compared word by word. */
#define FOLD_MAX_BYTES ((size_t)1 << 20)

/* Letters of the Arabic script that people write one for the other; 0: drop it. */
static UChar32 arabic(UChar32 c)
{
	static const struct {
		UChar32 from, to;
	} alike[] = {
		{0x640, 0},	/* tatweel */
		{0x649, 0x64A}, /* alef maksura */
		{0x671, 0x627}, /* alef wasla */
		{0x6CC, 0x64A}, /* Farsi yeh */
		{0x6A9, 0x643}, /* keheh */
		{0x6BE, 0x647}, /* heh doachashmee */
		{0x6C1, 0x647}, /* heh goal */
		{0x6D5, 0x647}, /* ae */
		{0x629, 0x647}, /* teh marbuta */
	};

	for (size_t i = 0; i < COUNT_OF(alike); i++)
		if (alike[i].from == c)
			return alike[i].to;
	return c;
}

static int32_t normalize(const UNormalizer2 *form, struct utf16 *to, const UChar *from, int32_t n)
{
	UErrorCode status = U_ZERO_ERROR;

	to->n = unorm2_normalize(form, from, n, to->p, to->cap, &status);
	if (status != U_BUFFER_OVERFLOW_ERROR)
		return U_SUCCESS(status) ? to->n : 0;
	utf16_reserve(to, to->n);
	status = U_ZERO_ERROR;
	to->n = unorm2_normalize(form, from, n, to->p, to->cap, &status);
	return U_SUCCESS(status) ? to->n : 0;
}

/* Folded and taken apart, so that marks stand alone. */
static void decompose(struct utf16 *out, struct str text)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
	const UNormalizer2 *apart = unorm2_getNFDInstance(&status);
	struct utf16 in = {0}, folded = {0};

	if (U_FAILURE(status))
		die("ICU's normalization data cannot be read: %s", u_errorName(status));
	utf16_set(&in, text);
	utf16_reserve(&folded, in.n + 16);
	utf16_reserve(out, in.n + 16);
	folded.n = normalize(fold, &folded, in.p, in.n);
	out->n = normalize(apart, out, folded.p, folded.n);
	utf16_release(&in);
	utf16_release(&folded);
}

static void drop_article(struct buf *b, size_t from)
{
	static const char al[] = "\xD8\xA7\xD9\x84"; /* alef lam */
	struct str word = str_slice(buf_str(b), from, b->n);

	if (word.n < 10 || !str_starts(word, str_from(al)))
		return;
	memmove(b->p + from, b->p + from + 4, word.n - 4);
	buf_cut(b, b->n - 4);
}

static void fold_into(struct buf *b, const struct utf16 *u)
{
	bool inside = false;
	size_t word = 0;

	for (int32_t i = 0; i < u->n;) {
		UChar32 c;

		U16_NEXT(u->p, i, u->n, c);
		if (u_charType(c) == U_NON_SPACING_MARK || !(c = arabic(c)))
			continue;
		if (!u_isalnum(c)) {
			if (inside)
				drop_article(b, word);
			inside = false;
			continue;
		}
		if (!inside) {
			buf_addc(b, ' ');
			word = b->n;
		}
		inside = true;
		buf_add_utf8(b, (uint32_t)c);
	}
	if (inside)
		drop_article(b, word);
	if (b->n)
		buf_addc(b, ' ');
}

struct str text_fold(struct arena *a, struct str text)
{
	struct utf16 u = {0};
	struct str folded;
	struct buf b;

	buf_init(&b, 4 * FOLD_MAX_BYTES);
	decompose(&u, str_slice(text, 0, FOLD_MAX_BYTES));
	fold_into(&b, &u);
	folded = str_dup(a, buf_str(&b));
	buf_release(&b);
	utf16_release(&u);
	return folded;
}

size_t text_words(struct arena *a, struct str text, struct str **out)
{
	struct str rest = text_fold(a, text), word;
	size_t count = 0, cap = 0;

	*out = NULL;
	while (str_cut(&rest, ' ', &word)) {
		if (!word.n)
			continue;
		*out = arena_grow(a, *out, count, &cap, sizeof(**out));
		(*out)[count++] = word;
	}
	return count;
}

size_t word_length(struct str word)
{
	size_t n = 0;

	for (size_t i = 0; i < word.n; i++)
		n += (word.p[i] & 0xC0) != 0x80;
	return n;
}

struct str word_prefix(struct str word, size_t count)
{
	size_t i = 0;

	while (i < word.n && (count || (word.p[i] & 0xC0) == 0x80)) {
		if ((word.p[i++] & 0xC0) != 0x80)
			count--;
	}
	return str_slice(word, 0, i);
}
