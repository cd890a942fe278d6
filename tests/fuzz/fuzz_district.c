/*
 * Districts: whatever the bytes, every district has a name and what can be shown of it can be shown (a phone
 * dials, an address of the web is one, no day of a week stands twice), and every report points into the file.
 */
#include "model/district.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_reports(const struct diag *d, const struct source *src)
{
	for (size_t i = 0; i < d->len; i++) {
		struct span at = d->items[i].at;

		if (at.src == src && (at.at > src->text.n || at.n > src->text.n - at.at))
			BUG("a report outside of the file");
		if (!d->items[i].message.n)
			BUG("a report that says nothing");
	}
}

static void check_week(const struct week *w)
{
	unsigned seen = 0;

	for (size_t i = 0; i < w->len; i++) {
		const struct hours *h = &w->items[i];

		if (!h->days || h->days >> DAYS_OF_WEEK || h->days & seen || !h->time_count)
			BUG("days without hours, or twice");
		seen |= h->days;
		for (size_t k = 0; k < h->time_count; k++)
			if (h->times[k].from >= h->times[k].to || h->times[k].to > 24 * 60 ||
				(k && h->times[k].from <= h->times[k - 1].to))
				BUG("hours that are none");
	}
}

static void check_contact(const struct contact *c)
{
	size_t digits = 0;

	if (!c->value.n)
		BUG("a contact that is nothing");
	for (size_t i = 0; i < c->value.n; i++) {
		unsigned char ch = (unsigned char)c->value.p[i];

		digits += ch >= '0' && ch <= '9';
		if (c->kind != CONTACT_ADDRESS && (ch < ' ' || strchr("\"<>", ch)))
			BUG("a link that breaks out");
	}
	if (c->kind == CONTACT_PHONE && digits < 2)
		BUG("a phone that does not dial");
	if (c->kind == CONTACT_WEB && !str_starts(c->value, STR("http")))
		BUG("an address that is none");
	check_week(&c->week);
}

static void check_district(const struct district *d, const struct config *c, size_t index)
{
	if (!district_id_valid(d->id) || d->index != index || !district_name(d, c).n)
		BUG("a district without its id, number or name");
	for (size_t i = 0; i < d->contact_count; i++)
		check_contact(&d->contacts[i]);
	for (size_t i = 0; i < d->programme_count; i++) {
		const struct programme *p = &d->programmes[i];
		size_t found;

		if (!texts_find(&p->name, c, c->source, &found).n)
			BUG("a programme without a name");
		if (p->age_to != AGE_NONE && (p->age_from < 0 || p->age_to < p->age_from))
			BUG("ages that are none");
	}
	check_week(&d->week);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str text = str_make((const char *)bytes, n);
	struct districts districts = {0};
	struct source config_src, src;
	struct config config;
	struct arena a;
	struct diag d;

	if (utf8_check(text) != n || str_find_byte(text, '\0') < n)
		return -1;
	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	source_init(&config_src, STR("c"),
		STR("languages: {sv: , en: , ar: }\neditions: {p: {face: folder, each: [district, "
		    "language]}}\n"));
	if (!config_read(&config, &a, &config_src, NULL, 0, &d))
		BUG("no configuration");
	source_init(&src, STR("d"), text);
	districts_read(&districts, &a, &src, &config, &d);
	for (size_t i = 0; i < districts.by_id.len; i++)
		check_district(district_at(&districts, i), &config, i);
	districts_split_editions(&districts, &config, &a, &d);
	if (config.edition_count != 3 * districts.by_id.len + 1)
		BUG("an edition too many or too few");
	check_reports(&d, &src);
	source_release(&src);
	source_release(&config_src);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
