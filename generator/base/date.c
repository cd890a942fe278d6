#include "base/date.h"

#include "base/arena.h"

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year));
}

bool date_parse(struct str iso, struct date *out)
{
	int64_t year, month, day;

	if (iso.n != 10 || iso.p[4] != '-' || iso.p[7] != '-')
		return false;
	if (!str_to_int(str_slice(iso, 0, 4), &year) || !str_to_int(str_slice(iso, 5, 7), &month) ||
		!str_to_int(str_slice(iso, 8, 10), &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in((int)year, (int)month))
		return false;
	*out = (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day};
	return true;
}

int date_cmp(struct date a, struct date b)
{
	int64_t x = date_to_days(a), y = date_to_days(b);

	return (x > y) - (x < y);
}

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years from 1 March. */
int64_t date_to_days(struct date d)
{
	int64_t y = d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct date date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9;

	return (struct date){(int16_t)(yoe + era * 400 + (month <= 2)), (uint8_t)month,
		(uint8_t)(doy - (153 * mp + 2) / 5 + 1)};
}

/* The years that a date is written in with four digits. */
static const struct date first_day = {1, 1, 1}, last_day = {9999, 12, 31};

struct date date_from_unix(int64_t seconds)
{
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);

	if (days < date_to_days(first_day))
		return first_day;
	return days > date_to_days(last_day) ? last_day : date_from_days(days);
}

struct str date_iso(struct arena *a, struct date d)
{
	return str_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}
