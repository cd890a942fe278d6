/*
 * Review dates, and what still waits for a review. Days are judged only when somebody says which day it is:
 * `check` does, `build` does not, so that no built page depends on the day it was built.
 */
#include "action/check_impl.h"

#define SOON_DAYS 30

static void add(
	struct checker *k, enum rule rule, const struct translation *t, const char *what, struct date day)
{
	diag_add(k->d, rule, translation_place(t), "%s %.*s", what, STR_ARG(date_iso(k->a, day)));
}

static void check_due(struct checker *k, const struct translation *t)
{
	struct date today = k->options->today;

	if (!today.year || !t->review_by.year)
		return;
	if (date_cmp(t->review_by, today) < 0) {
		add(k, RULE_FRESHNESS_OVERDUE, t, "the sheet should have been reviewed by", t->review_by);
		diag_hint(k->d, "read it against its sources, then set “reviewed” and “review_by”");
	} else if (date_to_days(t->review_by) - date_to_days(today) <= SOON_DAYS) {
		add(k, RULE_FRESHNESS_SOON, t, "the sheet should be reviewed by", t->review_by);
		diag_hint(k->d, "read it against its sources, then set “reviewed” and “review_by”");
	}
}

/* The same day a year later; of 29 February, the last day of that month. */
static struct date year_after(struct date d)
{
	bool leap_day = d.month == 2 && d.day == 29;

	return (struct date){(int16_t)(d.year + 1), d.month, leap_day ? 28 : d.day};
}

static void check_interval(struct checker *k, const struct translation *t)
{
	if (!t->reviewed.year || !t->review_by.year || date_cmp(t->review_by, year_after(t->reviewed)) <= 0)
		return;
	add(k, RULE_FRESHNESS_LONG, t,
		"the next review is more than a year after the last one:", t->review_by);
	diag_hint(k->d, "laws and figures change: a review at least once a year keeps the sheet true");
}

static void check_sheet(struct checker *k, const struct translation *t, bool dated)
{
	check_due(k, t);
	check_interval(k, t);
	if (dated && !t->review_by.year && !t->page && !t->unread) {
		diag_add(k->d, RULE_FRESHNESS_NO_DATE, translation_place(t),
			"the sheet does not say when it is to be reviewed");
		diag_hint(k->d, "add “reviewed” and “review_by”, as other sheets of the site have");
	}
	if (t->needs_legal_review) {
		diag_add(k->d, RULE_SHEET_LEGAL_REVIEW, translation_place(t),
			"what the sheet says about the law waits for somebody who can confirm it");
		diag_hint(k->d, "remove “needs_legal_review” when it is confirmed");
	}
}

static bool any_dated(const struct catalog *c)
{
	for (size_t i = 0; i < c->sheet_count; i++)
		if (c->sheets[i]->review_by.year)
			return true;
	return false;
}

void check_freshness(struct checker *k)
{
	bool dated = any_dated(k->c) && k->c->config.severities.of[RULE_FRESHNESS_NO_DATE] != SEVERITY_OFF;

	for (size_t i = 0; i < k->c->sheet_count; i++)
		check_sheet(k, catalog_leader(k->c, k->c->sheets[i]), dated);
}
