#include "model/config.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct config config;
	bool good;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
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

static void read_found(struct state *s, const char *text, const struct str *found, size_t count)
{
	source_init(&s->src, STR("c"), str_from(text));
	s->good = config_read(&s->config, &s->arena, text ? &s->src : NULL, found, count, &s->diag);
}

static void read(struct state *s, const char *text)
{
	read_found(s, text, NULL, 0);
}

#define assert_config_said(s, expected) assert_said(&(s)->arena, &(s)->diag, expected)

/* "sv en": tags in order. */
static struct str tags(struct state *s)
{
	struct str all = STR("");

	for (size_t i = 0; i < s->config.language_count; i++)
		all = str_fmt(&s->arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "",
			STR_ARG(s->config.languages[i].spec.tag));
	return all;
}

/* "web=sv,en pack-sv=sv": editions with their languages. */
static struct str editions(struct state *s)
{
	struct str all = STR("");

	for (size_t i = 0; i < s->config.edition_count; i++) {
		const struct edition *e = &s->config.editions[i];

		all = str_fmt(&s->arena, "%.*s%s%.*s=", STR_ARG(all), i ? " " : "", STR_ARG(e->name));
		for (size_t k = 0; k < e->language_count; k++)
			all = str_fmt(&s->arena, "%.*s%s%.*s", STR_ARG(all), k ? "," : "",
				STR_ARG(s->config.languages[e->languages[k]].spec.tag));
	}
	return all;
}

static struct str fallback(struct state *s, const char *tag)
{
	const struct language *l = config_language(&s->config, str_from(tag));
	struct str all = STR("");

	for (size_t i = 0; i < l->fallback_count; i++)
		all = str_fmt(&s->arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "",
			STR_ARG(s->config.languages[l->fallback[i]].spec.tag));
	return all;
}

static void without_a_file_folders_are_languages(void **state)
{
	static const struct str found[] = {STR_INIT("sv"), STR_INIT("ar"), STR_INIT("en")};
	struct state *s = *state;

	read_found(s, NULL, found, 3);
	assert_true(s->good);
	assert_config_said(s, "");
	assert_text(tags(s), "ar en sv");
	assert_int_equal(s->config.source, 0);
	assert_text(s->config.title, "Faktablad");
	assert_text(s->config.base_url, "");
	assert_int_equal(s->config.sheet_max_bytes, 1 << 20);
	assert_int_equal(s->config.target_count, 0);
	assert_text(editions(s), "web=ar,en,sv");
	assert_ptr_equal(config_web(&s->config), &s->config.editions[0]);
	assert_int_equal(s->config.editions[0].lowest, STATUS_MACHINE);
	assert_true(s->config.languages[0].rtl);
	assert_text(s->config.languages[2].name, "svenska");
	assert_text(fallback(s, "en"), "ar");
	assert_text(fallback(s, "ar"), "");
}

static void an_empty_file_is_none(void **state)
{
	static const struct str found[] = {STR_INIT("sv")};
	struct state *s = *state;

	read_found(s,
		"languages:\neditions:\ntargets:\nseverity:\nlimits:\ntitle:\nbase_url:\nsource_language:\n",
		found, 1);
	assert_true(s->good);
	assert_config_said(s, "");
	assert_text(tags(s), "sv");
	assert_text(editions(s), "web=sv");
}

static void every_key_is_read(void **state)
{
	struct state *s = *state;
	const struct language *ar;
	const struct target *t;

	read(s, "title: Prov\n"
		"base_url: https://example.org/prov\n"
		"source_language: sv\n"
		"languages:\n"
		"  en: {weight: 9, name: Engelska}\n"
		"  sv:\n"
		"  ar: {fallback: [en, sv], digits: latn, calendar: persian}\n"
		"editions:\n"
		"  web: {face: web, lowest_status: translated, audience: guardian, languages: [sv, en]}\n"
		"  pack: {face: folder, each: language}\n"
		"  all: {face: folder, languages: all}\n"
		"targets:\n"
		"  local: {url: 'file:out', public_address: 'https://x/', delete_cap: 5}\n"
		"  other: {url: 'file:other', default: true}\n"
		"severity: {fact/unused: off, link/broken: warning}\n"
		"limits: {sheet_bytes: 2048}\n");
	assert_true(s->good);
	assert_config_said(s, "");
	assert_text(s->config.title, "Prov");
	assert_text(s->config.base_url, "https://example.org/prov/");
	assert_text(tags(s), "sv ar en");
	assert_int_equal(s->config.source, 0);
	assert_text(config_language(&s->config, STR("en"))->name, "Engelska");
	ar = config_language(&s->config, STR("ar"));
	assert_text(ar->spec.digits, "latn");
	assert_text(ar->spec.calendar, "persian");
	assert_text(fallback(s, "ar"), "en sv");
	assert_text(fallback(s, "en"), "sv");
	assert_text(editions(s), "web=sv,en pack-sv=sv pack-ar=ar pack-en=en all=sv,ar,en");
	assert_int_equal(s->config.editions[0].lowest, STATUS_TRANSLATED);
	assert_int_equal(s->config.editions[0].audience, AUDIENCE_GUARDIAN);
	assert_int_equal(s->config.editions[1].face, FACE_FOLDER);
	assert_true(s->config.editions[1].each);
	assert_false(s->config.editions[4].each);
	t = config_target(&s->config, STR("local"));
	assert_text(t->url, "file:out");
	assert_text(t->public_address, "https://x/");
	assert_int_equal(t->delete_cap, 5);
	assert_text(config_target(&s->config, (struct str){0})->name, "other");
	assert_null(config_target(&s->config, STR("none")));
	assert_int_equal(s->config.severities.of[RULE_FACT_UNUSED], SEVERITY_OFF);
	assert_int_equal(s->config.severities.of[RULE_LINK_BROKEN], SEVERITY_WARNING);
	assert_int_equal(s->config.sheet_max_bytes, 2048);
}

static void the_only_target_is_the_default(void **state)
{
	struct state *s = *state;

	read(s, "languages: {sv: }\ntargets: {a: {url: 'file:a'}}\n");
	assert_text(config_target(&s->config, (struct str){0})->name, "a");
	read(s, "languages: {sv: }\ntargets: {a: {url: 'file:a'}, b: {url: 'file:b'}}\n");
	assert_null(config_target(&s->config, (struct str){0}));
}

/* One wrong thing each: what is said, where, and with which hint. */
static const struct wrong {
	const char *text, *said;
	enum rule rule;
	const char *hint;
} wrongs[] = {
	{"languages: {sv: }\ntitel: x\n", "c:2:1 yaml/unknown-key\n", RULE_YAML_KEY, "did you mean “title”?"},
	{"languages: {sv: {fallbak: en}}\n", "c:1:18 yaml/unknown-key\n", RULE_YAML_KEY,
		"did you mean “fallback”?"},
	{"languages: {sv: }\neditions: {web: {fase: web}}\n", "c:2:18 yaml/unknown-key\n", RULE_YAML_KEY,
		"did you mean “face”?"},
	{"languages: {sv: }\nlimits: {sheet_byte: 1}\n", "c:2:10 yaml/unknown-key\n", RULE_YAML_KEY,
		"did you mean “sheet_bytes”?"},
	{"languages: {sv: }\ntargets: {a: {url: 'file:a', defualt: true}}\n", "c:2:30 yaml/unknown-key\n",
		RULE_YAML_KEY, "did you mean “default”?"},
	{"languages: {sv: }\nseverity: {link/brokn: off}\n", "c:2:12 yaml/unknown-key\n", RULE_YAML_KEY,
		"did you mean “link/broken”?"},
	{"languages: {sv: }\nseverity: {link/broken: no}\n", "c:2:25 yaml/bad-value\n", RULE_YAML_VALUE,
		"allowed: off, info, warning, error"},
	{"languages: {sv: , english1: }\n", "c:1:19 language/unknown\n", RULE_LANGUAGE_UNKNOWN,
		"BCP 47 tags look like “sv”, “ckb” or “fa-AF”"},
	{"languages: {sv: , '../x': }\n", "c:1:19 language/unknown\n", RULE_LANGUAGE_UNKNOWN, NULL},
	{"languages: {sv: , SV: }\n", "c:1:19 yaml/duplicate-key\n", RULE_YAML_DUPLICATE, NULL},
	{"languages: {sv: , kmr: }\n", "c:1:19 language/no-data\n", RULE_LANGUAGE_NO_DATA, NULL},
	{"languages: {sv: 7}\n", "c:1:17 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"languages: {sv: {weight: heavy}}\n", "c:1:26 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"languages: {sv: {digits: roma}}\n", "c:1:26 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"languages: {sv: {calendar: mayan}}\n", "c:1:28 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"languages: {sv: {fallback: nn}}\n", "c:1:28 language/unknown\n", RULE_LANGUAGE_UNKNOWN, NULL},
	{"languages: {sv: {fallback: [sv]}}\n", "c:1:29 language/unknown\n", RULE_LANGUAGE_UNKNOWN,
		"name another of the languages configured here"},
	{"languages: {sv: }\nsource_language: en\n", "c:2:18 language/unknown\n", RULE_LANGUAGE_UNKNOWN,
		"add it under “languages”"},
	{"languages: {sv: }\nbase_url: example.org\n", "c:2:11 yaml/bad-value\n", RULE_YAML_VALUE,
		"for example https://example.org/faktablad/"},
	{"languages: {sv: }\nbase_url: 'https://example.org/?a'\n", "c:2:11 yaml/bad-value\n",
		RULE_YAML_VALUE, NULL},
	{"languages: {sv: }\nbase_url: https:///x\n", "c:2:11 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"languages: {sv: }\nbase_url: [a]\n", "c:2:11 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"languages: {sv: }\neditions: {web: {face: paper}}\n", "c:2:24 yaml/bad-value\n", RULE_YAML_VALUE,
		"allowed: web, folder"},
	{"languages: {sv: }\neditions: {web: {lowest_status: missing}}\n", "c:2:33 yaml/bad-value\n",
		RULE_YAML_VALUE, "allowed: machine, translated, reviewed"},
	{"languages: {sv: }\neditions: {web: {audience: pupils}}\n", "c:2:28 yaml/bad-value\n",
		RULE_YAML_VALUE, "allowed: guardian, staff"},
	{"languages: {sv: }\neditions: {web: {languages: [sv, nn]}}\n", "c:2:34 language/unknown\n",
		RULE_LANGUAGE_UNKNOWN, NULL},
	{"languages: {sv: }\neditions: {p: {face: folder, each: audience}}\n", "c:2:36 yaml/bad-value\n",
		RULE_YAML_VALUE, "allowed: language, district"},
	{"languages: {sv: }\neditions: {web: {each: language}}\n", "c:2:24 yaml/bad-value\n", RULE_YAML_VALUE,
		"for packs, add “face: folder”"},
	{"languages: {sv: }\neditions: {web: , other: }\n", "c:2:19 yaml/bad-value\n", RULE_YAML_VALUE,
		"packs have “face: folder”"},
	{"languages: {sv: }\neditions: {Web: }\n", "c:2:12 file/name\n", RULE_FILE_NAME, NULL},
	{"languages: {sv: }\neditions: {a/b: {face: folder}}\n", "c:2:12 file/name\n", RULE_FILE_NAME, NULL},
	{"languages: {sv: }\neditions: {con: {face: folder}}\n", "c:2:12 file/name\n", RULE_FILE_NAME, NULL},
	{"languages: {sv: }\neditions: {p-sv: {face: folder}, p: {face: folder, each: language}}\n",
		"c:2:34 edition/path\n", RULE_EDITION_PATH, NULL},
	{"languages: {sv: }\neditions: [web]\n", "c:2:11 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"languages: {sv: }\neditions: {web: web}\n", "c:2:17 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"languages: {sv: }\ntargets: {a: }\n", "c:2:11 yaml/missing-key\n", RULE_YAML_MISSING,
		"for a local directory: “url: file:published”"},
	{"languages: {sv: }\ntargets: {a: {url: 'file:a', default: maybe}}\n", "c:2:39 yaml/wrong-type\n",
		RULE_YAML_TYPE, NULL},
	{"languages: {sv: }\ntargets:\n  a: {url: 'file:a', default: true}\n  b: {url: 'file:b', default: true}\n",
		"c:4:3 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"languages: {sv: }\nlimits: {sheet_bytes: 0}\n", "c:2:23 yaml/bad-value\n", RULE_YAML_VALUE,
		"allowed: 1 to 1073741824"},
	{"languages: {sv: }\nlimits: {sheet_bytes: many}\n", "c:2:23 yaml/wrong-type\n", RULE_YAML_TYPE,
		NULL},
	{"languages: {sv: }\ntitle: {a: b}\n", "c:2:8 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
};

static void what_is_wrong_is_said_once_at_its_place(void **state)
{
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
		read(s, wrongs[i].text);
		assert_true(s->good);
		assert_said_of(&s->arena, &s->diag, wrongs[i].said, wrongs[i].text);
		if (wrongs[i].hint)
			assert_text(said_hint(&s->diag, wrongs[i].rule), wrongs[i].hint);
		assert_non_null(config_web(&s->config));
		source_release(&s->src);
		diag_release(&s->diag);
		diag_init(&s->diag);
	}
}

static void without_a_language_there_is_nothing(void **state)
{
	struct state *s = *state;

	read(s, "title: x\n");
	assert_false(s->good);
	assert_config_said(s, "faktablad.yaml language/unknown\n");
	diag_release(&s->diag);
	diag_init(&s->diag);
	read(s, "languages: {}\n");
	assert_false(s->good);
	assert_config_said(s, "faktablad.yaml language/unknown\n");
}

static void what_is_no_yaml_is_said_once(void **state)
{
	static const struct str found[] = {STR_INIT("sv")};
	struct state *s = *state;

	read_found(s, "a: [\n", found, 1);
	assert_false(s->good);
	assert_int_equal(s->diag.len, 1);
	assert_int_equal(s->diag.items[0].rule, RULE_YAML_SYNTAX);
	source_release(&s->src);
	diag_release(&s->diag);
	diag_init(&s->diag);
	read_found(s, "- a\n", found, 1);
	assert_false(s->good);
	assert_config_said(s, "c:1:1 yaml/wrong-type\n");
}

static void there_may_be_200_languages(void **state)
{
	struct state *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "languages:\n");
	for (size_t i = 0, n = 0; n < LANGUAGE_MAX + 1; i++) {
		struct str tag = str_fmt(&s->arena, "sv-x-a%zu", i);

		buf_addf(&text, "  %.*s:\n", STR_ARG(tag));
		n++;
	}
	read(s, text.p);
	assert_int_equal(s->config.language_count, LANGUAGE_MAX);
	assert_config_said(s, "c:202:3 yaml/limit\n");
	buf_release(&text);
}

static void ten_thousand_editions_stay_small(void **state)
{
	struct state *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "languages: {sv: }\neditions:\n");
	for (int i = 0; i < 10000; i++)
		buf_addf(&text, "  e%d: {face: folder}\n", i);
	read(s, text.p);
	assert_config_said(s, "");
	assert_int_equal(s->config.edition_count, 10001);
	assert_true((size_t)(s->arena.at - s->arena.start) < (size_t)64 << 20);
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void plain_language_has_defaults(void **state)
{
	struct state *s = *state;

	read(s, "source_language: en\nlanguages: {en: , sv: , ar: }\n");
	assert_config_said(s, "");
	assert_true(s->config.plain.judged[1]);
	assert_false(s->config.plain.judged[0] || s->config.plain.judged[2]);
	assert_int_equal(plain_lix(&s->config.plain, 0), 35);
	assert_int_equal(plain_lix(&s->config.plain, AUDIENCE_GUARDIAN | AUDIENCE_STAFF), 35);
	assert_int_equal(plain_lix(&s->config.plain, AUDIENCE_STAFF), 45);
	assert_int_equal(s->config.plain.sentence_words, 25);
	assert_int_equal(s->config.plain.word_letters, 20);
}

static void plain_language_is_configured(void **state)
{
	struct state *s = *state;

	read(s, "languages: {sv: , nb: }\nplain_language: {languages: [nb], lix: {guardian: 30}, "
		"sentence_words: 20}\n");
	assert_config_said(s, "");
	assert_false(s->config.plain.judged[0]);
	assert_true(s->config.plain.judged[1]);
	assert_int_equal(plain_lix(&s->config.plain, AUDIENCE_GUARDIAN), 30);
	assert_int_equal(plain_lix(&s->config.plain, AUDIENCE_STAFF), 45);
	assert_int_equal(s->config.plain.sentence_words, 20);
}

static void plain_language_has_its_faults_reported(void **state)
{
	struct state *s = *state;

	read(s, "languages: {sv: }\nplain_language:\n  languages: [de]\n  lix: {parent: 3, staff: 0}\n"
		"  sentence_words: many\n  words: 1\n");
	assert_config_said(s, "c:3:15 language/unknown\nc:4:9 yaml/unknown-key\nc:4:27 yaml/bad-value\n"
			      "c:5:19 yaml/wrong-type\nc:6:3 yaml/unknown-key\n");
	assert_int_equal(plain_lix(&s->config.plain, AUDIENCE_STAFF), 45);
	assert_false(s->config.plain.judged[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_folders_are_languages),
		TEST(an_empty_file_is_none),
		TEST(every_key_is_read),
		TEST(the_only_target_is_the_default),
		TEST(what_is_wrong_is_said_once_at_its_place),
		TEST(without_a_language_there_is_nothing),
		TEST(what_is_no_yaml_is_said_once),
		TEST(there_may_be_200_languages),
		TEST(ten_thousand_editions_stay_small),
		TEST(plain_language_has_defaults),
		TEST(plain_language_is_configured),
		TEST(plain_language_has_its_faults_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
