/*
 * date: a day of the Gregorian calendar, without a time zone.
 *
 * The zero date (year 0) means "none".
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

struct date {
	int16_t year;
	uint8_t month, day; /* from 1 */
};

bool date_parse(struct str iso, struct date *out) MUST_USE; /* YYYY-MM-DD, a day that exists */
int date_cmp(struct date a, struct date b);
int64_t date_to_days(struct date d); /* since 1970-01-01 */
struct date date_from_days(int64_t days);
struct date date_from_unix(int64_t seconds); /* the day in UTC, in the years 1 to 9999 */
struct str date_iso(struct arena *a, struct date d);

#endif
