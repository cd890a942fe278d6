#include "text/locale_impl.h"

#include <unicode/ucal.h>
#include <unicode/uldnames.h>
#include <unicode/unumsys.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

/* Keys of the style caches; both ceilings of locale_impl.h together stay well below it. */
#define LOCALE_ARENA ((size_t)4 << 20)

/* A display name; longer ones are not shown. */
#define NAME_MAX 256

void utf16_reserve(struct utf16 *u, int32_t n)
{
	if (n <= u->cap)
		return;
	u->cap = n + n / 2 + 64;
	u->p = xrealloc(u->p, (size_t)u->cap * sizeof(*u->p));
}

void utf16_set(struct utf16 *u, struct str s)
{
	UErrorCode status = U_ZERO_ERROR;

	if (s.n > INT32_MAX / 4)
		die("a text of %zu bytes is too long", s.n);
	utf16_reserve(u, (int32_t)s.n + 1);
	u_strFromUTF8WithSub(u->p, u->cap, &u->n, s.p ? s.p : "", (int32_t)s.n, 0xFFFD, NULL, &status);
	if (U_FAILURE(status))
		BUG("UTF-8 to UTF-16: %s", u_errorName(status));
}

void utf16_release(struct utf16 *u)
{
	free(u->p);
	*u = (struct utf16){0};
}

void utf16_add_to(struct buf *out, const UChar *p, int32_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	char *room = buf_room(out, 3 * (size_t)n + 1);
	int32_t added = 0;

	if (!room)
		return;
	u_strToUTF8WithSub(room, 3 * n + 1, &added, p, n, 0xFFFD, NULL, &status);
	if (U_FAILURE(status))
		BUG("UTF-16 to UTF-8: %s", u_errorName(status));
	buf_added(out, (size_t)added);
}

size_t utf16_bytes(struct str s, int32_t n)
{
	size_t at = 0, len;

	while (at < s.n && n > 0) {
		n -= utf8_decode(s, at, &len) > 0xFFFF ? 2 : 1;
		at += len;
	}
	return at;
}

/* A BCP 47 tag as an ICU id; false when it is not well-formed to the end. */
static bool parse_tag(struct str tag, char id[LOCALE_ID_MAX])
{
	UErrorCode status = U_ZERO_ERROR;
	char text[LOCALE_ID_MAX];
	int32_t parsed = 0;

	if (tag.n == 0 || tag.n >= sizeof(text) || memchr(tag.p, '\0', tag.n) || tag.p[tag.n - 1] == '-')
		return false;
	memcpy(text, tag.p, tag.n);
	text[tag.n] = '\0';
	uloc_forLanguageTag(text, id, LOCALE_ID_MAX, &parsed, &status);
	return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING && (size_t)parsed == tag.n;
}

/* The same, with the root for a tag that cannot be read. */
static bool id_of(struct str tag, char id[LOCALE_ID_MAX])
{
	if (parse_tag(tag, id) && *id)
		return true;
	memcpy(id, "root", sizeof("root"));
	return false;
}

/*
 * ICU answers for a language without data with that of the process's default locale. Output must not
 * depend on where the program runs, so such a language is told apart here and gets the root instead.
 */
static bool id_has_data(const char *id)
{
	UErrorCode status = U_ZERO_ERROR;
	UResourceBundle *bundle = ures_open(NULL, id, &status);
	const char *actual = NULL;
	bool found = U_SUCCESS(status) && status != U_USING_DEFAULT_WARNING;

	if (found)
		actual = ures_getLocaleByType(bundle, ULOC_ACTUAL_LOCALE, &status);
	ures_close(bundle);
	return found && actual && strcmp(actual, "root") != 0;
}

static const char *cstr(struct str s, char *text, size_t size)
{
	if (s.n >= size || (s.n && memchr(s.p, '\0', s.n)))
		return NULL;
	memcpy(text, s.p ? s.p : "", s.n);
	text[s.n] = '\0';
	return text;
}

bool locale_digits_known(struct str digits)
{
	UErrorCode status = U_ZERO_ERROR;
	char text[32];
	UNumberingSystem *system;
	bool known;

	if (digits.n == 0 || !cstr(digits, text, sizeof(text)))
		return false;
	system = unumsys_openByName(text, &status);
	known = U_SUCCESS(status) && !unumsys_isAlgorithmic(system);
	unumsys_close(system);
	return known;
}

bool locale_calendar_known(struct str calendar)
{
	UErrorCode status = U_ZERO_ERROR;
	UEnumeration *all;
	char text[32];
	const char *legacy;
	bool known = false;

	if (calendar.n == 0 || !cstr(calendar, text, sizeof(text)))
		return false;
	legacy = uloc_toLegacyType("calendar", text);
	all = ucal_getKeywordValuesForLocale("calendar", "root", false, &status);
	for (const char *name; legacy && !known && (name = uenum_next(all, NULL, &status)) != NULL;)
		known = strcmp(name, legacy) == 0;
	uenum_close(all);
	return known;
}

static bool has_keyword(const char *id, const char *keyword)
{
	UErrorCode status = U_ZERO_ERROR;
	char value[64];

	return uloc_getKeywordValue(id, keyword, value, sizeof(value), &status) > 0;
}

static void set_keyword(char id[LOCALE_ID_MAX], const char *keyword, const char *value)
{
	UErrorCode status = U_ZERO_ERROR;

	uloc_setKeywordValue(keyword, value, id, LOCALE_ID_MAX, &status);
}

/* Where there is no data, the root with the tag's own keywords. */
static void fall_to_root(char id[LOCALE_ID_MAX])
{
	char keywords[LOCALE_ID_MAX] = "";
	const char *at = strchr(id, '@');

	if (at)
		memcpy(keywords, at, strlen(at) + 1);
	if (strlen(keywords) + sizeof("root") > LOCALE_ID_MAX)
		keywords[0] = '\0';
	memcpy(id, "root", sizeof("root"));
	memcpy(id + strlen(id), keywords, strlen(keywords) + 1);
}

struct locale *locale_new(const struct locale_spec *spec)
{
	struct locale *l = xmalloc(sizeof(*l));
	char value[32];

	memset(l, 0, sizeof(*l));
	arena_init(&l->arena, LOCALE_ARENA);
	l->tag = xmalloc(spec->tag.n + 1);
	memcpy(l->tag, spec->tag.p ? spec->tag.p : "", spec->tag.n);
	l->tag[spec->tag.n] = '\0';
	id_of(spec->tag, l->language);
	memcpy(l->id, l->language, sizeof(l->id));
	if (!id_has_data(l->id))
		fall_to_root(l->id);
	if (locale_digits_known(spec->digits))
		set_keyword(l->id, "numbers", cstr(spec->digits, value, sizeof(value)));
	if (locale_calendar_known(spec->calendar))
		set_keyword(l->id, "calendar",
			uloc_toLegacyType("calendar", cstr(spec->calendar, value, sizeof(value))));
	else if (!has_keyword(l->id, "calendar"))
		set_keyword(l->id, "calendar", "gregorian");
	return l;
}

static void forget_styles(struct locale *l)
{
	struct style *next;

	for (struct style *s = l->styles; s; s = next) {
		next = s->next;
		unumf_close(s->skeleton);
		unumf_close(s->shape);
		unum_close(s->pattern);
		udat_close(s->date);
		unumrf_close(s->range);
		free(s);
	}
	l->styles = NULL;
	l->number_styles = l->date_styles = l->range_styles = (struct map){0};
	arena_clear(&l->arena);
}

struct style *locale_add_style(struct locale *l, struct map *styles, struct str key)
{
	struct style *s = xmalloc(sizeof(*s));

	if (l->number_styles.len + l->date_styles.len + l->range_styles.len >= LOCALE_MAX_STYLES)
		forget_styles(l);
	*s = (struct style){.next = l->styles};
	l->styles = s;
	map_put(styles, &l->arena, str_dup(&l->arena, key), s);
	return s;
}

void locale_free(struct locale *l)
{
	if (!l)
		return;
	forget_styles(l);
	locale_number_release(l);
	locale_range_release(l);
	locale_date_release(l);
	locale_text_release(l);
	locale_plural_release(l);
	locale_readability_release(l);
	utf16_release(&l->in);
	utf16_release(&l->out);
	arena_release(&l->arena);
	free(l->tag);
	free(l);
}

struct str locale_tag(const struct locale *l)
{
	return str_from(l->tag);
}

/* A name in `in`; false when ICU only hands the code back. */
static bool display_name(const char *id, const char *in, UChar name[NAME_MAX], int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	ULocaleDisplayNames *names = uldn_open(in, ULDN_DIALECT_NAMES, &status);
	char language[ULOC_LANG_CAPACITY];
	UChar code[ULOC_LANG_CAPACITY];

	*len = uldn_localeDisplayName(names, id, name, NAME_MAX, &status);
	uldn_close(names);
	uloc_getLanguage(id, language, sizeof(language), &status);
	if (U_FAILURE(status) || *len >= NAME_MAX)
		return false;
	size_t n = strlen(language);

	u_charsToUChars(language, code, (int32_t)n + 1);
	/* "kmr", or "kmr (Syrien)" with a region. */
	return u_strncmp(name, code, (int32_t)n) != 0 || (name[n] && name[n] != ' ');
}

bool locale_well_formed(struct str tag)
{
	char id[LOCALE_ID_MAX];
	UChar name[NAME_MAX];
	int32_t len;

	if (!id_of(tag, id) || strcmp(id, "root") == 0 || id[0] == '@')
		return false;
	return *uloc_getISO3Language(id) || display_name(id, "en", name, &len);
}

bool locale_has_data(struct str tag)
{
	char id[LOCALE_ID_MAX];

	return id_of(tag, id) && id_has_data(id);
}

bool locale_rtl(struct str tag)
{
	char id[LOCALE_ID_MAX];

	return id_of(tag, id) && uloc_isRightToLeft(id);
}

static void add_name(struct buf *out, struct str tag, const char *id, const char *in)
{
	UChar name[NAME_MAX];
	int32_t len;

	if (display_name(id, in, name, &len))
		utf16_add_to(out, name, len);
	else
		buf_add(out, tag);
}

void locale_native_name(struct buf *out, struct str tag)
{
	char id[LOCALE_ID_MAX];

	if (id_of(tag, id) && id_has_data(id))
		add_name(out, tag, id, id);
	else
		buf_add(out, tag);
}

void locale_name_in(struct buf *out, struct str tag, struct str in)
{
	char id[LOCALE_ID_MAX], in_id[LOCALE_ID_MAX];

	if (!id_of(in, in_id) || !id_has_data(in_id))
		memcpy(in_id, "root", sizeof("root"));
	if (id_of(tag, id))
		add_name(out, tag, id, in_id);
	else
		buf_add(out, tag);
}
