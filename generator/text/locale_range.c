/* Money and ranges of numbers. */
#include "text/locale_impl.h"

#include <unicode/ucurr.h>
#include <unicode/ustring.h>

#define CURRENCY_LETTERS 3

bool locale_currency_known(struct str code)
{
	UChar letters[CURRENCY_LETTERS + 1] = {0};

	if (code.n != CURRENCY_LETTERS)
		return false;
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
		letters[i] = (UChar)code.p[i];
	}
	return ucurr_getNumericCode(letters) != 0;
}

static void add_word(struct buf *out, struct str word)
{
	if (out->n)
		buf_addc(out, ' ');
	buf_add(out, word);
}

/* A skeleton's words but for a currency that it names: the amount has its own. */
static void add_without_currency(struct buf *out, struct str skeleton)
{
	struct str word;

	while (str_cut(&skeleton, ' ', &word))
		if (word.n && !str_starts(word, STR("currency/")))
			add_word(out, word);
}

/* Whole amounts without decimals, others with as many as the currency has. */
static void add_plain_money(struct buf *out, const struct value_money *m)
{
	struct decimal d;

	if (decimal_parse(m->amount, &d) && d.fraction == 0)
		add_word(out, STR("precision-integer"));
	buf_addz(out, LOCALE_GROUPED);
}

bool locale_money(struct locale *l, struct value money, struct str style, struct buf *out)
{
	struct buf skeleton;
	bool ok, own = str_starts(style, STR("::"));

	if (money.kind != VALUE_MONEY)
		return false;
	buf_init(&skeleton, LOCALE_MAX_STYLE_BYTES);
	buf_addf(&skeleton, "::currency/%.*s", STR_ARG(money.money->currency));
	if (own)
		add_without_currency(&skeleton, str_slice(style, 2, style.n));
	else if (str_is(style, "integer"))
		buf_addz(&skeleton, " precision-integer" LOCALE_GROUPED);
	else
		add_plain_money(&skeleton, money.money);
	ok = locale_number(l, money, 0, buf_str(&skeleton), out);
	buf_release(&skeleton);
	return ok || (own && locale_money(l, money, (struct str){0}, out));
}

/* The ends of a range as ICU takes them. */
struct ends {
	char from[DECIMAL_MAX_TEXT], to[DECIMAL_MAX_TEXT];
	size_t from_n, to_n;
	int fraction; /* digits, of the end that has more */
};

static bool ends_init(struct ends *e, struct value range, int64_t offset)
{
	struct decimal from, to;

	if (range.kind != VALUE_RANGE || !decimal_parse(range.range->from, &from) ||
		!decimal_parse(range.range->to, &to) || !decimal_subtract(&from, offset) ||
		!decimal_subtract(&to, offset))
		return false;
	e->from_n = decimal_print(&from, e->from);
	e->to_n = decimal_print(&to, e->to);
	e->fraction = from.fraction > to.fraction ? from.fraction : to.fraction;
	return true;
}

static UNumberRangeFormatter *open_range(struct locale *l, struct str skeleton)
{
	UErrorCode status = U_ZERO_ERROR;
	UNumberRangeFormatter *f;

	utf16_set(&l->in, skeleton);
	f = unumrf_openForSkeletonWithCollapseAndIdentityFallback(l->in.p, l->in.n, UNUM_RANGE_COLLAPSE_AUTO,
		UNUM_IDENTITY_FALLBACK_SINGLE_VALUE, l->id, NULL, &status);
	if (U_SUCCESS(status))
		return f;
	unumrf_close(f);
	return NULL;
}

/* As in MessageFormat's styles; those that only DecimalFormat knows are shown as if there were none. */
static void describe(struct buf *out, struct str style, int fraction)
{
	if (str_starts(style, STR("::")))
		buf_add(out, str_slice(style, 2, style.n));
	else if (str_is(style, "integer"))
		buf_addz(out, "precision-integer" LOCALE_GROUPED);
	else if (str_is(style, "percent"))
		buf_addz(out, "percent scale/100");
	else
		buf_addf(out, ".%.*d" LOCALE_GROUPED, fraction, 0);
}

/* NULL when ICU knows no such style, which is kept too. */
static UNumberRangeFormatter *format_of(struct locale *l, struct str style, int fraction)
{
	struct buf skeleton;
	struct style *s = NULL;

	buf_init(&skeleton, LOCALE_MAX_STYLE_BYTES);
	describe(&skeleton, style, fraction);
	if (!buf_failed(&skeleton) && !memchr(skeleton.p, '\0', skeleton.n))
		s = map_get(&l->range_styles, buf_str(&skeleton));
	if (!s && !buf_failed(&skeleton)) {
		s = locale_add_style(l, &l->range_styles, buf_str(&skeleton));
		s->range = open_range(l, buf_str(&skeleton));
	}
	buf_release(&skeleton);
	return s ? s->range : NULL;
}

/* Formats into l->range; false when it is no range, or ICU cannot. */
static bool run_range(struct locale *l, struct value range, int64_t offset, struct str style)
{
	UErrorCode status = U_ZERO_ERROR;
	UNumberRangeFormatter *f;
	struct ends e;

	if (!ends_init(&e, range, offset))
		return false;
	f = format_of(l, style, e.fraction);
	if (!f)
		f = format_of(l, (struct str){0}, e.fraction);
	if (!f)
		return false;
	if (!l->range)
		l->range = unumrf_openResult(&status);
	unumrf_formatDecimalRange(f, e.from, (int32_t)e.from_n, e.to, (int32_t)e.to_n, l->range, &status);
	return U_SUCCESS(status);
}

bool locale_range(struct locale *l, struct value range, int64_t offset, struct str style, struct buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	const UChar *p;
	int32_t n;

	if (!run_range(l, range, offset, style))
		return false;
	p = ufmtval_getString(unumrf_resultAsValue(l->range, &status), &n, &status);
	if (U_SUCCESS(status))
		utf16_add_to(out, p, n);
	else
		buf_fail(out);
	return true;
}

enum plural locale_plural_range(struct locale *l, struct value range, int64_t offset)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar keyword[16];
	int32_t n;

	if (!run_range(l, range, offset, (struct str){0}))
		return PLURAL_OTHER;
	n = uplrules_selectForRange(
		plural_rules_of(l, false)->rules, l->range, keyword, COUNT_OF(keyword), &status);
	return U_SUCCESS(status) ? plural_of_keyword(keyword, n) : PLURAL_OTHER;
}

void locale_range_release(struct locale *l)
{
	unumrf_closeResult(l->range);
}
