/* Opening hours: “mon-thu: 08:00-16:30”, “fri: [08:00-12:00, 13:00-15:00]”. */
#include "model/district_impl.h"

#include "base/buf.h"

#define MINUTES_OF_DAY (24 * 60)
#define TIMES_MAX 10 /* of one day */
#define PLAIN_MAX_BYTES ((size_t)1 << 20)

static const struct str day_names[DAYS_OF_WEEK] = {STR_INIT("mon"), STR_INIT("tue"), STR_INIT("wed"),
	STR_INIT("thu"), STR_INIT("fri"), STR_INIT("sat"), STR_INIT("sun")};

#define EN_DASH "\xE2\x80\x93"

struct str plain_dashes(struct arena *a, struct str s)
{
	struct buf out;
	struct str plain;

	if (str_find(s, STR(EN_DASH)) == s.n)
		return s;
	buf_init(&out, PLAIN_MAX_BYTES);
	for (size_t at; s.n; s = str_slice(s, at + sizeof(EN_DASH) - 1, s.n)) {
		at = str_find(s, STR(EN_DASH));
		buf_add(&out, str_slice(s, 0, at));
		if (at < s.n)
			buf_addc(&out, '-');
	}
	plain = str_dup(a, buf_str(&out));
	buf_release(&out);
	return plain;
}

static bool parse_day(struct str s, size_t *out)
{
	s = str_trim(s);
	for (*out = 0; *out < DAYS_OF_WEEK; ++*out)
		if (str_eq(s, day_names[*out]))
			return true;
	return false;
}

/* “mon”, “mon-fri”. */
static bool parse_days_part(struct str s, unsigned *days)
{
	size_t dash = str_find_byte(s, '-'), from, to;

	if (!parse_day(str_slice(s, 0, dash), &from))
		return false;
	to = from;
	if (dash < s.n && (!parse_day(str_slice(s, dash + 1, s.n), &to) || to < from))
		return false;
	for (size_t i = from; i <= to; i++)
		*days |= 1u << i;
	return true;
}

/* “mon-wed, fri”. */
static bool parse_days(struct arena *a, struct str text, unsigned *days)
{
	struct str rest = str_lower(a, plain_dashes(a, text)), part;

	*days = 0;
	while (str_cut(&rest, ',', &part))
		if (!parse_days_part(part, days))
			return false;
	return *days != 0;
}

/* “08:00”, “8.00”. */
static bool parse_clock(struct str s, uint16_t *out)
{
	size_t point;
	int64_t hour, minute;

	s = str_trim(s);
	point = str_find_byte(s, ':');
	if (point == s.n)
		point = str_find_byte(s, '.');
	if (point == 0 || point > 2 || point + 3 != s.n || !str_to_int(str_slice(s, 0, point), &hour) ||
		!str_to_int(str_slice(s, point + 1, s.n), &minute) || hour < 0 || minute < 0 || minute > 59 ||
		hour * 60 + minute > MINUTES_OF_DAY)
		return false;
	*out = (uint16_t)(hour * 60 + minute);
	return true;
}

static bool parse_time(struct arena *a, struct str text, struct open_time *out)
{
	struct str s = plain_dashes(a, text);
	size_t dash = str_find_byte(s, '-');

	return dash < s.n && parse_clock(str_slice(s, 0, dash), &out->from) &&
	       parse_clock(str_slice(s, dash + 1, s.n), &out->to) && out->from < out->to;
}

static void read_times(struct hours *h, struct district_reader *r, struct yml *y)
{
	h->times = arena_new_n(r->a, struct open_time, TIMES_MAX + 1);
	yml_each_item(item, y)
	{
		struct str text = yml_str(item, (struct str){0}, r->d);
		struct open_time *t = &h->times[h->time_count];

		if (!text.n)
			continue;
		if (h->time_count < TIMES_MAX && parse_time(r->a, text, t) &&
			(!h->time_count || t[-1].to < t->from)) {
			h->time_count++;
			continue;
		}
		diag_add(r->d, RULE_YAML_VALUE, item->at, "“%.*s” are no opening hours; they were left out",
			STR_ARG(text));
		diag_hint(r->d, "from-to, in order: “08:00-16:30”, or “[08:00-12:00, 13:00-16:30]”");
	}
}

void week_read(struct week *out, struct district_reader *r, struct yml *y)
{
	unsigned seen = 0;

	*out = (struct week){0};
	if (!y || yml_is_null(y) || !yml_want_map(y, r->d))
		return;
	out->items = arena_new_n(r->a, struct hours, y->len);
	yml_each (item, y) {
		struct hours h = {0};

		if (!parse_days(r->a, item->key, &h.days)) {
			diag_add(r->d, RULE_YAML_VALUE, item->key_at,
				"“%.*s” are no days of the week; they were left out", STR_ARG(item->key));
			diag_hint(r->d, "mon, tue, wed, thu, fri, sat, sun; “mon-fri”, “mon, wed”");
			continue;
		}
		if (h.days & seen) {
			diag_add(r->d, RULE_YAML_VALUE, item->key_at,
				"“%.*s” names a day that has its hours already; it was left out",
				STR_ARG(item->key));
			continue;
		}
		read_times(&h, r, item);
		seen |= h.days;
		if (h.time_count)
			out->items[out->len++] = h;
	}
}
