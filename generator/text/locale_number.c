#include "text/locale_impl.h"

#include <inttypes.h>
#include <unicode/ustring.h>

/* A number as ICU takes it: an integer while it is one, else its digits. */
struct operand {
	bool whole;
	int64_t integer;
	size_t fraction;
	char text[DECIMAL_MAX_TEXT];
	size_t n;
};

static bool operand_init(struct operand *o, struct value number, int64_t offset)
{
	struct decimal d;

	o->fraction = 0;
	o->whole = number.kind == VALUE_INT && !__builtin_sub_overflow(number.integer, offset, &o->integer);
	if (o->whole)
		return true;
	if (!decimal_from_value(number, &d) || !decimal_subtract(&d, offset))
		return false;
	o->fraction = d.fraction;
	o->n = decimal_print(&d, o->text);
	return true;
}

static UNumberFormatter *open_skeleton(struct locale *l, struct str skeleton, size_t *fault)
{
	UErrorCode status = U_ZERO_ERROR;
	UParseError where = {.offset = -1};
	UNumberFormatter *f;

	utf16_set(&l->in, skeleton);
	f = unumf_openForSkeletonAndLocaleWithError(l->in.p, l->in.n, l->id, &where, &status);
	if (U_SUCCESS(status))
		return f;
	unumf_close(f);
	*fault = where.offset > 0 ? utf16_bytes(skeleton, where.offset) : 0;
	return NULL;
}

/* The default format, with exactly `fraction` fraction digits. */
static UNumberFormatter *plain_format(struct locale *l, size_t fraction)
{
	char skeleton[DECIMAL_MAX_DIGITS + sizeof("." LOCALE_GROUPED)] = ".";
	UNumberFormatter **f = &l->plain[fraction];
	size_t fault;

	if (*f)
		return *f;
	memset(skeleton + 1, '0', fraction);
	memcpy(skeleton + 1 + fraction, LOCALE_GROUPED, sizeof(LOCALE_GROUPED));
	*f = open_skeleton(l, str_from(skeleton), &fault);
	if (!*f)
		die("ICU cannot format numbers in “%s”", l->id);
	return *f;
}

/* The named styles that only the older API knows. */
static const struct {
	const char *name;
	UNumberFormatStyle style;
} named[] = {
	{"percent", UNUM_PERCENT},
	{"currency", UNUM_CURRENCY},
};

static UNumberFormat *open_pattern(struct locale *l, struct str style, size_t *fault)
{
	UErrorCode status = U_ZERO_ERROR;
	UParseError where = {.offset = -1};
	UNumberFormat *f;

	for (size_t i = 0; i < COUNT_OF(named); i++)
		if (str_is(style, named[i].name))
			return unum_open(named[i].style, NULL, 0, l->id, NULL, &status);
	f = unum_open(UNUM_DECIMAL, NULL, 0, l->id, NULL, &status);
	utf16_set(&l->in, style);
	unum_applyPattern(f, false, l->in.p, l->in.n, &where, &status);
	if (U_SUCCESS(status))
		return f;
	unum_close(f);
	*fault = where.offset > 0 ? utf16_bytes(style, where.offset) : 0;
	return NULL;
}

/* DecimalFormat takes any text for a pattern; one without a place for digits is a misspelt name. */
static bool pattern_has_digits(struct str style)
{
	bool quoted = false;

	for (size_t i = 0; i < style.n; i++) {
		if (style.p[i] == '\'')
			quoted = !quoted;
		else if (!quoted && strchr("#0123456789@", style.p[i]))
			return true;
	}
	return false;
}

static bool is_named(struct str style)
{
	return str_is(style, "integer") || str_is(style, "percent") || str_is(style, "currency");
}

static void open_style(struct locale *l, struct str style, struct style *out)
{
	if (str_is(style, "integer"))
		out->skeleton = open_skeleton(l, STR("precision-integer" LOCALE_GROUPED), &out->fault);
	else if (str_starts(style, STR("::"))) {
		out->skeleton = open_skeleton(l, str_slice(style, 2, style.n), &out->fault);
		out->fault += 2;
	} else if (is_named(style) || pattern_has_digits(style))
		out->pattern = open_pattern(l, style, &out->fault);
}

/* Unknown styles are kept too, so that they are only tried once. NULL: a style of no sensible length. */
static struct style *style_of(struct locale *l, struct str style)
{
	struct style *s = map_get(&l->number_styles, style);

	if (s || style.n > LOCALE_MAX_STYLE_BYTES || (style.n && memchr(style.p, '\0', style.n)))
		return s;
	s = locale_add_style(l, &l->number_styles, style);
	open_style(l, style, s);
	return s;
}

void locale_number_release(struct locale *l)
{
	for (size_t i = 0; i < COUNT_OF(l->plain); i++)
		unumf_close(l->plain[i]);
	unumf_closeResult(l->number);
}

/* Formats into l->number; false when ICU cannot. */
static bool run_skeleton(struct locale *l, UNumberFormatter *f, const struct operand *o)
{
	UErrorCode status = U_ZERO_ERROR;

	if (!l->number)
		l->number = unumf_openResult(&status);
	if (o->whole)
		unumf_formatInt(f, o->integer, l->number, &status);
	else
		unumf_formatDecimal(f, o->text, (int32_t)o->n, l->number, &status);
	return U_SUCCESS(status);
}

static void write_skeleton(struct locale *l, UNumberFormatter *f, const struct operand *o, struct buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	const UChar *p = NULL;
	int32_t n = 0;

	if (run_skeleton(l, f, o))
		p = ufmtval_getString(unumf_resultAsValue(l->number, &status), &n, &status);
	if (p && U_SUCCESS(status))
		utf16_add_to(out, p, n);
	else
		buf_fail(out);
}

static void write_pattern(struct locale *l, UNumberFormat *f, const struct operand *o, struct buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	char digits[DECIMAL_MAX_TEXT];
	const char *text = o->text;
	int32_t n = (int32_t)o->n, len;

	if (o->whole) {
		n = (int32_t)snprintf(digits, sizeof(digits), "%" PRId64, o->integer);
		text = digits;
	}
	len = unum_formatDecimal(f, text, n, l->out.p, l->out.cap, NULL, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR || status == U_STRING_NOT_TERMINATED_WARNING) {
		status = U_ZERO_ERROR;
		utf16_reserve(&l->out, len + 1);
		len = unum_formatDecimal(f, text, n, l->out.p, l->out.cap, NULL, &status);
	}
	if (U_SUCCESS(status))
		utf16_add_to(out, l->out.p, len);
	else
		buf_fail(out);
}

bool locale_number(struct locale *l, struct value number, int64_t offset, struct str style, struct buf *out)
{
	struct style *s = NULL;
	struct operand o;

	if (!operand_init(&o, number, offset))
		return false;
	if (style.n == 0) {
		write_skeleton(l, plain_format(l, o.fraction), &o, out);
		return true;
	}
	s = style_of(l, style);
	if (!s || (!s->skeleton && !s->pattern))
		return false;
	if (s->skeleton)
		write_skeleton(l, s->skeleton, &o, out);
	else
		write_pattern(l, s->pattern, &o, out);
	return true;
}

bool locale_number_style(struct locale *l, struct str style, size_t *fault)
{
	struct operand one = {.whole = true, .integer = 1};
	struct style *s;

	*fault = 0;
	if (style.n == 0)
		return true;
	if (!l)
		return str_starts(style, STR("::")) || is_named(style) || pattern_has_digits(style);
	s = style_of(l, style);
	if (!s)
		return false;
	*fault = s->fault < style.n ? s->fault : style.n;
	/* Some skeletons are only found impossible when they are used. */
	return s->pattern || (s->skeleton && run_skeleton(l, s->skeleton, &one));
}

/* A skeleton that shows as many digits as a pattern does, as far as plural rules can tell. */
static void describe_digits(const UNumberFormat *f, struct buf *out)
{
	int32_t least = unum_getAttribute(f, UNUM_MIN_FRACTION_DIGITS);
	int32_t most = unum_getAttribute(f, UNUM_MAX_FRACTION_DIGITS);
	char fill = '0';

	buf_addf(out, "scale/%d ", (int)unum_getAttribute(f, UNUM_MULTIPLIER));
	if (unum_getAttribute(f, UNUM_SIGNIFICANT_DIGITS_USED)) {
		least = unum_getAttribute(f, UNUM_MIN_SIGNIFICANT_DIGITS);
		most = unum_getAttribute(f, UNUM_MAX_SIGNIFICANT_DIGITS);
		fill = '@';
	} else
		buf_addc(out, '.');
	for (int32_t i = 0; i < most && i < DECIMAL_MAX_DIGITS; i++)
		buf_addc(out, i < least ? fill : '#');
}

static UNumberFormatter *shape_of(struct locale *l, struct style *s)
{
	struct buf skeleton;
	size_t fault;

	if (s->shape)
		return s->shape;
	buf_init(&skeleton, 1024);
	describe_digits(s->pattern, &skeleton);
	s->shape = open_skeleton(l, buf_str(&skeleton), &fault);
	buf_release(&skeleton);
	return s->shape;
}

enum plural locale_plural_styled(
	struct locale *l, struct value number, int64_t offset, struct str style, bool ordinal)
{
	struct operand o;
	UNumberFormatter *f = NULL;

	if (!operand_init(&o, number, offset))
		return PLURAL_OTHER;
	if (style.n) {
		struct style *s = style_of(l, style);

		if (s)
			f = s->pattern ? shape_of(l, s) : s->skeleton;
	}
	if (!f)
		f = plain_format(l, o.fraction);
	return run_skeleton(l, f, &o) ? plural_of_formatted(l, l->number, ordinal) : PLURAL_OTHER;
}
