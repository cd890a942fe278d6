#include "model/contacts.h"
#include "support/check.h"
#include "support/said.h"
#include "text/markdown.h"

/* Numbers are of the range that the Swedish regulator keeps free for fiction: 08-465 004 00 to 08-465 004 99.
 */

struct state {
	struct arena arena;
	struct diag diag;
	struct source config_src, src;
	struct config config;
	struct districts districts;
};

static void configure(struct state *s, const char *yaml)
{
	source_init(&s->config_src, STR("c"), str_from(yaml));
	assert_true(config_read(&s->config, &s->arena, &s->config_src, NULL, 0, &s->diag));
}

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
	configure(s, "languages: {sv: , en: , ar: {fallback: [en, sv]}}\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	diag_release(&s->diag);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void read(struct state *s, const char *text)
{
	diag_release(&s->diag);
	diag_init(&s->diag);
	s->districts = (struct districts){0};
	source_init(&s->src, STR("d"), str_from(text));
	districts_read(&s->districts, &s->arena, &s->src, &s->config, &s->diag);
}

/* One district called a. */
static const struct district *read_one(struct state *s, const char *keys)
{
	read(s, str_fmt(&s->arena, "districts:\n  a:\n    name: A\n%s", keys).p);
	return map_get(&s->districts.by_id, STR("a"));
}

static struct str text_in(const struct state *s, const struct texts *t, const char *tag)
{
	size_t found;

	return texts_find(t, &s->config, config_language(&s->config, str_from(tag))->index, &found);
}

static void everything_is_read(void **state)
{
	struct state *s = *state;
	const struct district *d;

	read(s, "emergency: [one, two]\ndistricts:\n  exempel-staden:\n    name: Exempelstaden\n"
		"    names: {ar: المثال}\n    contacts:\n      - phone: 08-465 004 10\n        label: "
		"reception\n"
		"        hours: {sat: 10:00-12:00}\n      - email: a.b+c_d@x-y.example.org\n"
		"      - web: https://example.org/a?b=1&c=2\n      - address: Exempelgatan 1\n"
		"    hours: {mon-thu: 08:00-16:30, fri: [08:00-12:00, 13:00-15:00]}\n"
		"    note: {sv: Not, en: Note}\n    programmes:\n"
		"      - {name: Kurs, ages: 0-2, status: pilot, url: 'https://example.org/', source: s, "
		"place: p}\n"
		"    source: s\n    place: q\n    checked: 2026-11-20\n  b: {name: B}\n");
	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(s->districts.emergency_count, 2);
	assert_text(s->districts.emergency[1].fact, "two");
	assert_int_equal(s->districts.by_id.len, 2);
	d = district_at(&s->districts, 0);
	assert_text(d->id, "exempel-staden");
	assert_text(district_name(d, &s->config), "Exempelstaden");
	assert_text(text_in(s, &d->name, "en"), "Exempelstaden");
	assert_text(text_in(s, &d->name, "ar"), "المثال");
	assert_int_equal(d->contact_count, 4);
	assert_int_equal(d->contacts[0].kind, CONTACT_PHONE);
	assert_text(d->contacts[0].value, "08-465 004 10");
	assert_true(d->contacts[0].label.single);
	assert_int_equal(d->contacts[0].week.items[0].days, 1 << 5);
	assert_int_equal(d->contacts[3].kind, CONTACT_ADDRESS);
	assert_int_equal(d->week.len, 2);
	assert_int_equal(d->week.items[0].days, 0xF);
	assert_int_equal(d->week.items[0].times[0].from, 480);
	assert_int_equal(d->week.items[0].times[0].to, 990);
	assert_int_equal(d->week.items[1].time_count, 2);
	assert_text(text_in(s, &d->note, "ar"), "Note");
	assert_int_equal(d->programmes[0].status, PROGRAMME_PILOT);
	assert_int_equal(d->programmes[0].age_from, 0);
	assert_int_equal(d->programmes[0].age_to, 2);
	assert_text(d->programmes[0].place, "p");
	assert_int_equal(d->checked.day, 20);
	assert_int_equal(district_at(&s->districts, 1)->index, 1);
}

static void a_district_with_nothing_filled_in_says_nothing(void **state)
{
	struct state *s = *state;
	const struct district *d = read_one(s, "    contacts:\n    hours:\n    programmes: []\n    note:\n");

	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(d->contact_count + d->week.len + d->programme_count, 0);
	read(s, "");
	read(s, "districts:\n");
	assert_said(&s->arena, &s->diag, "");
}

static void contacts_are_of_a_kind(void **state)
{
	static const char *const good[] = {"phone: 112", "phone: 116 111", "phone: 08-465 004 10",
		"phone: '+46 8 465 004 10'", "email: namn@example.org", "email: a_b+c@sub.example.org",
		"web: http://example.org", "web: https://example.org/å?x=1#y", "address: Gatan 1"};
	static const char *const bad[] = {"phone: 08-465 00x 10", "phone: 1", "phone: '+'",
		"phone: 08/465 004", "phone: 1234567890123456", "phone: '112-'", "phone: tel:112",
		"phone: ١١٢", "email: namn", "email: '@example.org'", "email: a@b", "email: a@b.",
		"email: a@.b.se", "email: a b@example.org", "email: 'a@b@example.org'",
		"email: 'a@example.org?cc=b@example.org'", "email: 'a\"b@example.org'", "web: example.org",
		"web: javascript:alert(1)", "web: 'https://'", "web: 'https:///x'",
		"web: 'https://example.org/a b'", "web: 'https://example.org/\"'", "web: ftp://example.org"};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		const struct district *d =
			read_one(s, str_fmt(&s->arena, "    contacts:\n      - %s\n", good[i]).p);

		assert_said_of(&s->arena, &s->diag, "", good[i]);
		assert_int_equal(d->contact_count, 1);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const struct district *d =
			read_one(s, str_fmt(&s->arena, "    contacts:\n      - %s\n", bad[i]).p);

		assert_int_equal(d->contact_count, 0);
		assert_int_equal(said_of(&s->arena, &s->diag, RULE_DISTRICT_CONTACT).n > 0, 1);
	}
}

/* One wrong thing each, in a district called a. */
static const struct {
	const char *keys, *said, *hint;
} faults[] = {
	{"    contacts:\n      - phone: 12a\n", "d:5:16 district/bad-contact\n",
		"digits with blanks or hyphens, as in “112” or “+46 8 000 00 00”"},
	{"    contacts:\n      - {phone: 112, email: a@example.org}\n", "d:5:22 yaml/bad-value\n",
		"begin a new item with “- email:”"},
	{"    contacts:\n      - {label: x}\n", "d:5:9 yaml/missing-key\n",
		"write phone, email, web or address"},
	{"    contacts:\n      - 112\n", "d:5:9 yaml/wrong-type\n", NULL},
	{"    contacts: {phone: 112}\n", "d:4:15 yaml/wrong-type\n", NULL},
	{"    contacts:\n      - {fone: 112, phone: 112}\n", "d:5:10 yaml/unknown-key\n",
		"did you mean “phone”?"},
	{"    hours: {mån: 08:00-16:00}\n", "d:4:13 yaml/bad-value\n",
		"mon, tue, wed, thu, fri, sat, sun; “mon-fri”, “mon, wed”"},
	{"    hours: {fri-mon: 08:00-16:00}\n", "d:4:13 yaml/bad-value\n", NULL},
	{"    hours: {mon-fri: 08:00-16:00, fri: 08:00-12:00}\n", "d:4:35 yaml/bad-value\n", NULL},
	{"    hours: {mon: 8-16}\n", "d:4:18 yaml/bad-value\n", NULL},
	{"    hours: {mon: 16:00-08:00}\n", "d:4:18 yaml/bad-value\n", NULL},
	{"    hours: {mon: 08:00-24:01}\n", "d:4:18 yaml/bad-value\n", NULL},
	{"    hours: {mon: 08:60-12:00}\n", "d:4:18 yaml/bad-value\n", NULL},
	{"    hours: {mon: [12:00-13:00, 08:00-11:00]}\n", "d:4:32 yaml/bad-value\n", NULL},
	{"    hours: 08:00-16:00\n", "d:4:12 yaml/wrong-type\n", NULL},
	{"    programmes:\n      - {name: x, status: pilott}\n", "d:5:27 programme/unknown-status\n",
		"did you mean “pilot”? allowed: proposal, pilot, project, offered, permanent"},
	{"    programmes:\n      - {name: x, ages: small}\n", "d:5:25 yaml/bad-value\n",
		"whole years: “0-2”, or “13+” without an upper end"},
	{"    programmes:\n      - {name: x, ages: 5-2}\n", "d:5:25 yaml/bad-value\n", NULL},
	{"    programmes:\n      - {name: x, ages: 5-200}\n", "d:5:25 yaml/bad-value\n", NULL},
	{"    programmes:\n      - {name: x, url: 'javascript:x'}\n", "d:5:24 district/bad-contact\n", NULL},
	{"    programmes:\n      - {status: pilot}\n", "d:5:9 yaml/missing-key\n",
		"add “name”, in the source language at least"},
	{"    programmes:\n      - {name: {en: x}}\n", "d:5:9 yaml/missing-key\n", NULL},
	{"    note: {swe: x, sv: y}\n", "", NULL}, /* a language that the site does not have */
	{"    note: {s_v: x}\n", "d:4:12 yaml/unknown-key\n", "did you mean “sv”?"},
	{"    checked: yesterday\n", "d:4:14 yaml/bad-date\n", NULL},
	{"    phone: 112\n", "d:4:5 yaml/unknown-key\n", NULL},
};

static void faults_are_told_with_their_place(void **state)
{
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		read_one(s, faults[i].keys);
		assert_said_of(&s->arena, &s->diag, faults[i].said, faults[i].keys);
		if (faults[i].hint)
			assert_text(s->diag.items[0].hint, faults[i].hint);
	}
}

static void ids_are_names_of_addresses(void **state)
{
	static const char *const bad[] = {"", "A", "1a", "a_b", "å", "a b", "a-", "-a", "a/b",
		"abcdefghijabcdefghijabcdefghijabcdefghija"};
	struct state *s = *state;

	assert_true(district_id_valid(STR("a")));
	assert_true(district_id_valid(STR("hagersten-alvsjo-2")));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(district_id_valid(str_from(bad[i])));
	read(s, "districts: {Å: {name: x}, b: , c: {name: }}\n");
	assert_said(&s->arena, &s->diag,
		"d:1:13 yaml/bad-value\nd:1:27 yaml/missing-key\nd:1:32 yaml/missing-key\n");
	assert_int_equal(s->districts.by_id.len, 2);
	assert_text(district_name(district_at(&s->districts, 0), &s->config), "b");
}

static void days_and_times_are_written_as_people_do(void **state)
{
	struct state *s = *state;
	const struct district *d =
		read_one(s, "    hours:\n      Mon – Wed, FRI: 8.00–16.30\n      sun: 00:00-24:00\n");

	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(d->week.items[0].days, 1 | 2 | 4 | 16);
	assert_int_equal(d->week.items[0].times[0].from, 480);
	assert_int_equal(d->week.items[0].times[0].to, 990);
	assert_int_equal(d->week.items[1].times[0].to, 1440);
}

static void ages_may_have_no_end(void **state)
{
	struct state *s = *state;
	const struct district *d = read_one(s, "    programmes:\n      - {name: x, ages: 13+}\n"
					       "      - {name: y, ages: 0–2}\n      - {name: z}\n");

	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(d->programmes[0].age_from, 13);
	assert_int_equal(d->programmes[0].age_to, AGE_NONE);
	assert_int_equal(d->programmes[1].age_to, 2);
	assert_int_equal(d->programmes[2].age_from, AGE_NONE);
	assert_int_equal(d->programmes[2].status, PROGRAMME_UNKNOWN);
}

static void what_nobody_reads_is_left_out(void **state)
{
	struct state *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "districts:\n  a:\n    name: A\n    hours:\n      mon: [0:00-0:01");
	for (int i = 1; i < 60; i++)
		buf_addf(&text, ", %d:%02d-%d:%02d", i / 6, i % 6 * 10, i / 6, i % 6 * 10 + 5);
	buf_addz(&text, "]\n    contacts:\n");
	for (int i = 0; i <= DISTRICT_MAX_CONTACTS; i++)
		buf_addz(&text, "      - phone: 112\n");
	for (int i = 0; i <= DISTRICT_MAX; i++)
		buf_addf(&text, "  b%d: {name: B}\n", i);
	buf_addc(&text, 0);
	read(s, text.p);
	assert_int_equal(s->districts.by_id.len, DISTRICT_MAX);
	assert_int_equal(district_at(&s->districts, 0)->contact_count, DISTRICT_MAX_CONTACTS);
	assert_int_equal(district_at(&s->districts, 0)->week.items[0].time_count, 10);
	assert_text(said_of(&s->arena, &s->diag, RULE_YAML_LIMIT), "d:7:7 yaml/limit\nd:1057:3 yaml/limit\n");
	buf_release(&text);
}

/* Editions */

static struct str editions(struct state *s, const char *config, const char *districts)
{
	struct str out = {0};

	configure(s, config);
	read(s, districts);
	districts_split_editions(&s->districts, &s->config, &s->arena, &s->diag);
	for (size_t i = 0; i < s->config.edition_count; i++) {
		const struct edition *e = &s->config.editions[i];

		out = str_fmt(&s->arena, "%.*s%.*s %.*s %zu\n", STR_ARG(out), STR_ARG(e->name),
			STR_ARG(e->district ? e->district->id : STR("-")), e->language_count);
		assert_false(edition_waits(e));
	}
	return out;
}

#define TWO_DISTRICTS "districts: {x: {name: X}, y: {name: Y}}\n"
#define LANGUAGES "languages: {sv: , en: }\n"

static void an_edition_for_each_district_is_several(void **state)
{
	struct state *s = *state;

	assert_text(
		editions(s, LANGUAGES "editions: {p: {face: folder, each: district}, all: {face: folder}}\n",
			TWO_DISTRICTS),
		"p-x x 2\np-y y 2\nall - 2\nweb - 2\n");
	assert_said(&s->arena, &s->diag, "");
	assert_text(editions(s, LANGUAGES "editions: {p: {face: folder, each: [district, language]}}\n",
			    TWO_DISTRICTS),
		"p-x-sv x 1\np-x-en x 1\np-y-sv y 1\np-y-en y 1\nweb - 2\n");
	assert_text(editions(s, LANGUAGES "editions: {p: {face: folder, district: y}}\n", TWO_DISTRICTS),
		"p y 2\nweb - 2\n");
	assert_text(editions(s, LANGUAGES "editions: {p: {face: folder, district: y, each: language}}\n",
			    TWO_DISTRICTS),
		"p-sv y 1\np-en y 1\nweb - 2\n");
	assert_text(
		editions(s, LANGUAGES "editions: {p: {face: web, district: y}}\n", TWO_DISTRICTS), "p y 2\n");
	assert_text(editions(s, LANGUAGES, TWO_DISTRICTS), "web - 2\n");
	assert_said(&s->arena, &s->diag, "");
}

static void an_edition_of_no_district_is_told(void **state)
{
	struct state *s = *state;

	assert_text(
		editions(s, LANGUAGES "editions: {p: {face: folder, each: district}}\n", ""), "web - 2\n");
	assert_said(&s->arena, &s->diag, "c:2:36 district/unknown\n");
	assert_text(editions(s, LANGUAGES "editions: {p: {face: folder, district: xx}}\n",
			    "districts: {xy: {name: X}}\n"),
		"p - 2\nweb - 2\n");
	assert_said(&s->arena, &s->diag, "c:2:40 district/unknown\n");
	assert_text(said_hint(&s->diag, RULE_DISTRICT_UNKNOWN), "did you mean “xy”?");
	assert_text(
		editions(s, LANGUAGES "editions: {p-x: {face: folder}, p: {face: folder, each: district}}\n",
			TWO_DISTRICTS),
		"p-x - 2\np-y y 2\nweb - 2\n");
	assert_said(&s->arena, &s->diag, "faktablad.yaml edition/path\n");
}

/* Blocks */

static bool read_block(struct state *s, const char *text, struct contacts *out)
{
	struct markdown_options options = {.locale = NULL};
	const struct doc *doc;

	diag_release(&s->diag);
	diag_init(&s->diag);
	source_init(&s->src, STR("b"), str_from(text));
	doc = markdown_parse(&s->arena, &s->src, 0, &options, &s->diag);
	return contacts_read(out, &s->arena, doc, doc->root->first, &s->diag);
}

static void a_block_says_what_it_wants(void **state)
{
	struct state *s = *state;
	struct contacts c;

	assert_true(read_block(s, "```contacts\n```\n", &c));
	assert_int_equal(c.district.n, 0);
	assert_int_equal(c.show, SHOW_BY_DEFAULT);
	assert_false(c.show & SHOW_PROGRAMMES);
	assert_true(read_block(s, "```contacts\ndistrict: x\nshow: [phone, programmes]\n```\n", &c));
	assert_text(c.district, "x");
	assert_int_equal(c.show, 1 << CONTACT_PHONE | SHOW_PROGRAMMES);
	assert_said(&s->arena, &s->diag, "");
	assert_true(read_block(s, "```contacts\nshow: fax\nwho: me\n```\n", &c));
	assert_said(&s->arena, &s->diag, "b:2:7 yaml/bad-value\nb:3:1 yaml/unknown-key\n");
	assert_int_equal(c.show, SHOW_BY_DEFAULT);
	assert_false(read_block(s, "```contacts\n- x\n```\n", &c));
	assert_false(read_block(s, "```contacts\n[\n```\n", &c));
	assert_false(read_block(s, "> ```contacts\n> ```\n", &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everything_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_district_with_nothing_filled_in_says_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(contacts_are_of_a_kind, setup, teardown),
		cmocka_unit_test_setup_teardown(faults_are_told_with_their_place, setup, teardown),
		cmocka_unit_test_setup_teardown(ids_are_names_of_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(days_and_times_are_written_as_people_do, setup, teardown),
		cmocka_unit_test_setup_teardown(ages_may_have_no_end, setup, teardown),
		cmocka_unit_test_setup_teardown(what_nobody_reads_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(an_edition_for_each_district_is_several, setup, teardown),
		cmocka_unit_test_setup_teardown(an_edition_of_no_district_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(a_block_says_what_it_wants, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
