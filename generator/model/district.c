#include "model/district.h"

#include "model/district_impl.h"

#define DISTRICT_ID_MAX 40
#define AGE_MAX 120
#define PHONE_DIGITS_MIN 2
#define PHONE_DIGITS_MAX 15 /* E.164 */

static const char *const kind_names[CONTACT_KINDS] = {[CONTACT_PHONE] = "phone",
	[CONTACT_EMAIL] = "email",
	[CONTACT_WEB] = "web",
	[CONTACT_ADDRESS] = "address"};

static const struct str status_names[PROGRAMME_STATUSES] = {[PROGRAMME_PROPOSAL] = STR_INIT("proposal"),
	[PROGRAMME_PILOT] = STR_INIT("pilot"),
	[PROGRAMME_PROJECT] = STR_INIT("project"),
	[PROGRAMME_OFFERED] = STR_INIT("offered"),
	[PROGRAMME_PERMANENT] = STR_INIT("permanent")};

const char *contact_kind_name(enum contact_kind kind)
{
	return kind_names[kind];
}

const char *programme_status_name(enum programme_status status)
{
	return status == PROGRAMME_UNKNOWN ? "" : status_names[status].p;
}

const struct district *district_at(const struct districts *d, size_t index)
{
	return d->by_id.entries[index].value;
}

struct str district_name(const struct district *d, const struct config *c)
{
	size_t found;

	return texts_find(&d->name, c, c->source, &found);
}

bool district_id_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'a' && c <= 'z') && !(i && ((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return id.n > 0 && id.n <= DISTRICT_ID_MAX && id.p[id.n - 1] != '-';
}

/* Contacts */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What people dial: digits in groups, perhaps with a country in front. */
static bool phone_valid(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		if (!is_digit(s.p[i]) && s.p[i] != ' ' && s.p[i] != '-' && !(i == 0 && s.p[i] == '+'))
			return false;
	}
	return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX && is_digit(s.p[s.n - 1]);
}

/* name@host.domain of plain characters: what a link can hold as it stands. */
static bool email_valid(struct str s)
{
	size_t at = str_find_byte(s, '@');
	struct str host = str_slice(s, at + 1, s.n);
	size_t dot = str_after_last(host, '.');

	for (size_t i = 0; i < s.n; i++) {
		bool plain = is_letter(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '.' || s.p[i] == '-';

		if (!plain && i != at && !(i < at && (s.p[i] == '_' || s.p[i] == '+')))
			return false;
	}
	return at > 0 && dot > 1 && dot < host.n && host.p[0] != '.';
}

static bool web_valid(struct str s)
{
	size_t host = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : s.n;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F || strchr("\"<>\\^`{|}", s.p[i]))
			return false;
	return host < s.n && s.p[host] != '/';
}

static bool address_valid(struct str s)
{
	return s.n > 0;
}

static const struct {
	bool (*valid)(struct str value);
	const char *what, *example;
} kinds[CONTACT_KINDS] = {
	[CONTACT_PHONE] = {phone_valid, "a phone number",
		"digits with blanks or hyphens, as in “112” or “+46 8 000 00 00”"},
	[CONTACT_EMAIL] = {email_valid, "an e-mail address", "for example “namn@example.org”"},
	[CONTACT_WEB] = {web_valid, "a web address", "web addresses begin with https:// or http://"},
	[CONTACT_ADDRESS] = {address_valid, "an address", "street, postal code and place, on one line"},
};

/* The one key that says what it is; NULL when none does, which is reported. */
static struct yml *find_kind(struct district_reader *r, struct yml *y, struct contact *c)
{
	struct yml *found = NULL;

	for (int i = 0; i < CONTACT_KINDS; i++) {
		struct yml *item = yml_get(y, kind_names[i]);

		if (!item || yml_is_null(item))
			continue;
		if (found) {
			diag_add(r->d, RULE_YAML_VALUE, item->key_at,
				"a contact is one of phone, email, web, address; “%.*s” was left out",
				STR_ARG(item->key));
			diag_hint(r->d, "begin a new item with “- %.*s:”", STR_ARG(item->key));
			continue;
		}
		found = item;
		c->kind = (enum contact_kind)i;
	}
	if (!found) {
		diag_add(r->d, RULE_YAML_MISSING, y->at, "this contact has nothing to reach somebody by");
		diag_hint(r->d, "write phone, email, web or address");
	}
	return found;
}

/* False when the contact cannot be shown, which was reported. */
static bool read_contact(struct district_reader *r, struct contact *c, struct yml *y)
{
	static const struct str known[] = {STR_INIT("phone"), STR_INIT("email"), STR_INIT("web"),
		STR_INIT("address"), STR_INIT("label"), STR_INIT("hours")};
	struct yml *value;

	*c = (struct contact){.at = y->at};
	if (!yml_want_map(y, r->d))
		return false;
	value = find_kind(r, y, c);
	texts_read(&c->label, r->a, yml_get(y, "label"), r->c, r->d);
	week_read(&c->week, r, yml_get(y, "hours"));
	yml_unknown(y, known, COUNT_OF(known), r->d);
	if (!value)
		return false;
	c->value = str_trim(yml_str(value, (struct str){0}, r->d));
	if (kinds[c->kind].valid(c->value))
		return true;
	diag_add(r->d, RULE_DISTRICT_CONTACT, value->at, "“%.*s” is not %s; it was left out",
		STR_ARG(value->text), kinds[c->kind].what);
	diag_hint(r->d, "%s", kinds[c->kind].example);
	return false;
}

/* Says when a list is longer than anybody reads; the number of its items that count. */
static size_t capped(struct district_reader *r, const struct yml *y, size_t max)
{
	if (y->len <= max)
		return y->len;
	diag_add(r->d, RULE_YAML_LIMIT, y->at, "more than %zu items in “%.*s”; the others were left out", max,
		STR_ARG(y->key));
	return max;
}

static void read_contacts(struct district_reader *r, struct district *d, struct yml *y)
{
	size_t left;

	if (!y || yml_is_null(y) || !yml_want_list(y, r->d))
		return;
	left = capped(r, y, DISTRICT_MAX_CONTACTS);
	d->contacts = arena_new_n(r->a, struct contact, left);
	for (struct yml *item = y->first; left; left--, item = item->next)
		d->contact_count += read_contact(r, &d->contacts[d->contact_count], item);
}

/* Programmes */

/* “0-2”, with whatever dash, or “6+”. */
static bool parse_ages(struct arena *a, struct str text, int64_t *from, int64_t *to)
{
	struct str s = plain_dashes(a, text), low, high;
	size_t dash = str_find_byte(s, '-');

	*to = AGE_NONE;
	if (str_ends(s, STR("+")))
		return str_to_int(str_slice(s, 0, s.n - 1), from) && *from >= 0 && *from <= AGE_MAX;
	low = str_trim(str_slice(s, 0, dash));
	high = str_trim(str_slice(s, dash + 1, s.n));
	return dash > 0 && dash < s.n && str_to_int(low, from) && str_to_int(high, to) && *from >= 0 &&
	       *from <= *to && *to <= AGE_MAX;
}

static void read_ages(struct district_reader *r, struct programme *p, struct yml *y)
{
	struct str text = yml_str(y, (struct str){0}, r->d);

	if (!text.n || parse_ages(r->a, text, &p->age_from, &p->age_to))
		return;
	p->age_from = p->age_to = AGE_NONE;
	diag_add(r->d, RULE_YAML_VALUE, y->at, "“%.*s” is no range of ages; it was left out", STR_ARG(text));
	diag_hint(r->d, "whole years: “0-2”, or “13+” without an upper end");
}

static void read_status(struct district_reader *r, struct programme *p, struct yml *y)
{
	struct str text = yml_str(y, (struct str){0}, r->d), near;

	for (int i = PROGRAMME_PROPOSAL; text.n && i < PROGRAMME_STATUSES; i++)
		if (str_eq(text, status_names[i]))
			p->status = (enum programme_status)i;
	if (!text.n || p->status != PROGRAMME_UNKNOWN)
		return;
	diag_add(r->d, RULE_PROGRAMME_STATUS, y->at,
		"“%.*s” is not the status of a programme; it was left out", STR_ARG(text));
	near = str_nearest(text, status_names + PROGRAMME_PROPOSAL, PROGRAMME_STATUSES - PROGRAMME_PROPOSAL);
	diag_hint(r->d, "%s%.*s%sallowed: proposal, pilot, project, offered, permanent",
		near.n ? "did you mean “" : "", STR_ARG(near), near.n ? "”? " : "");
}

static void read_url(struct district_reader *r, struct programme *p, struct yml *y)
{
	struct str url = str_trim(yml_str(y, (struct str){0}, r->d));

	if (!url.n)
		return;
	if (web_valid(url)) {
		p->url = url;
		return;
	}
	diag_add(r->d, RULE_DISTRICT_CONTACT, y->at, "“%.*s” is not a web address; it was left out",
		STR_ARG(url));
	diag_hint(r->d, "%s", kinds[CONTACT_WEB].example);
}

static bool read_programme(struct district_reader *r, struct programme *p, struct yml *y)
{
	static const struct str known[] = {STR_INIT("name"), STR_INIT("note"), STR_INIT("ages"),
		STR_INIT("status"), STR_INIT("url"), STR_INIT("source"), STR_INIT("place")};
	size_t found;

	*p = (struct programme){.at = y->at, .age_from = AGE_NONE, .age_to = AGE_NONE};
	if (!yml_want_map(y, r->d))
		return false;
	texts_read(&p->name, r->a, yml_get(y, "name"), r->c, r->d);
	texts_read(&p->note, r->a, yml_get(y, "note"), r->c, r->d);
	read_ages(r, p, yml_get(y, "ages"));
	read_status(r, p, yml_get(y, "status"));
	read_url(r, p, yml_get(y, "url"));
	p->source = yml_str(yml_get(y, "source"), p->source, r->d);
	p->place = yml_str(yml_get(y, "place"), p->place, r->d);
	yml_unknown(y, known, COUNT_OF(known), r->d);
	if (texts_find(&p->name, r->c, r->c->source, &found).n)
		return true;
	diag_add(r->d, RULE_YAML_MISSING, y->at, "a programme has no name; it was left out");
	diag_hint(r->d, "add “name”, in the source language at least");
	return false;
}

static void read_programmes(struct district_reader *r, struct district *d, struct yml *y)
{
	size_t left;

	if (!y || yml_is_null(y) || !yml_want_list(y, r->d))
		return;
	left = capped(r, y, DISTRICT_MAX_PROGRAMMES);
	d->programmes = arena_new_n(r->a, struct programme, left);
	for (struct yml *item = y->first; left; left--, item = item->next)
		d->programme_count += read_programme(r, &d->programmes[d->programme_count], item);
}

/* Districts */

static bool usable_id(struct district_reader *r, const struct yml *y)
{
	if (!district_id_valid(y->key)) {
		diag_add(r->d, RULE_YAML_VALUE, y->key_at,
			"“%.*s” cannot be a district's id; it was left out", STR_ARG(y->key));
		diag_hint(r->d, "ids are short, made of a-z, 0-9 and -, and begin with a letter");
		return false;
	}
	if (r->out->by_id.len < DISTRICT_MAX)
		return true;
	if (r->out->by_id.len == DISTRICT_MAX && !r->too_many)
		diag_add(r->d, RULE_YAML_LIMIT, y->key_at,
			"more than %d districts; this and the following were left out", DISTRICT_MAX);
	r->too_many = true;
	return false;
}

/* A name is one for every language, unless `names` has others: “names: {ar: …}”. */
static void read_name(struct district_reader *r, struct district *d, struct yml *y)
{
	struct yml *name = yml_get(y, "name");
	struct str own = str_trim(yml_str(name, d->id, r->d));

	texts_read(&d->name, r->a, yml_get(y, "names"), r->c, r->d);
	if (!d->name.in)
		d->name.in = arena_new_n(r->a, struct str, r->c->language_count);
	d->name.in[r->c->source] = own.n ? own : d->id;
	if (name && !yml_is_null(name))
		return;
	diag_add(r->d, RULE_YAML_MISSING, d->at, "the district “%.*s” has no name; its id is shown",
		STR_ARG(d->id));
	diag_hint(r->d, "add “name: …”");
}

static void read_district(struct district_reader *r, struct yml *y)
{
	static const struct str known[] = {STR_INIT("name"), STR_INIT("names"), STR_INIT("contacts"),
		STR_INIT("hours"), STR_INIT("note"), STR_INIT("programmes"), STR_INIT("source"),
		STR_INIT("place"), STR_INIT("checked")};
	struct district *d;

	if (!usable_id(r, y) || (!yml_is_null(y) && !yml_want_map(y, r->d)))
		return;
	d = arena_new(r->a, struct district);
	*d = (struct district){.id = y->key, .at = y->key_at, .index = r->out->by_id.len};
	read_name(r, d, y);
	read_contacts(r, d, yml_get(y, "contacts"));
	week_read(&d->week, r, yml_get(y, "hours"));
	texts_read(&d->note, r->a, yml_get(y, "note"), r->c, r->d);
	read_programmes(r, d, yml_get(y, "programmes"));
	d->source = yml_str(yml_get(y, "source"), d->source, r->d);
	d->place = yml_str(yml_get(y, "place"), d->place, r->d);
	d->checked = yml_date(yml_get(y, "checked"), r->d);
	yml_unknown(y, known, COUNT_OF(known), r->d);
	map_put(&r->out->by_id, r->a, d->id, d);
}

static void read_emergency(struct district_reader *r, struct yml *y)
{
	size_t left;

	if (!y || yml_is_null(y) || !yml_want_list(y, r->d))
		return;
	left = capped(r, y, DISTRICT_MAX_CONTACTS);
	r->out->emergency = arena_new_n(r->a, struct emergency, left);
	for (struct yml *item = y->first; left; left--, item = item->next) {
		struct str fact = yml_str(item, (struct str){0}, r->d);

		if (fact.n)
			r->out->emergency[r->out->emergency_count++] = (struct emergency){fact, item->at};
	}
}

void districts_read(
	struct districts *out, struct arena *a, struct source *src, const struct config *c, struct diag *d)
{
	static const struct str known[] = {STR_INIT("emergency"), STR_INIT("districts")};
	struct district_reader r = {.out = out, .a = a, .c = c, .d = d};
	struct yml *y = yml_parse(a, src, 0, src->text.n, d), *list;

	if (!y || yml_is_null(y) || !yml_want_map(y, d))
		return;
	read_emergency(&r, yml_get(y, "emergency"));
	list = yml_get(y, "districts");
	if (list && !yml_is_null(list) && yml_want_map(list, d))
		yml_each (item, list)
			read_district(&r, item);
	yml_unknown(y, known, COUNT_OF(known), d);
}
