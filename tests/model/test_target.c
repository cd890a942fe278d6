#include "base/report.h"
#include "model/target.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct target target;
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
	source_release(&s->src);
	arena_release(&s->arena);
	free(s);
	return 0;
}

/* What stands below the name of the target, which is `my-site`. */
static void read(struct state *s, const char *text)
{
	struct str whole = str_fmt(&s->arena, "my-site:\n%s", text);
	struct yml *y;

	source_release(&s->src);
	source_init(&s->src, STR("c"), whole);
	y = yml_parse(&s->arena, &s->src, 0, whole.n, &s->diag);
	assert_non_null(y);
	target_read(&s->target, &s->arena, y->first, &s->diag);
}

static void an_address_is_enough(void **state)
{
	struct state *s = *state;
	const struct target *t = &s->target;

	read(s, "  url: sftp://web@example.org/srv/www\n");
	assert_said(&s->arena, &s->diag, "");
	assert_text(t->name, "my-site");
	assert_text(t->url, "sftp://web@example.org/srv/www");
	assert_text(t->public_address, "");
	assert_false(t->is_default || t->netrc || t->whole_switch);
	assert_int_equal(t->delete_cap, -1);
	assert_int_equal(t->connections, -1);
	assert_int_equal(t->generations, -1);
	assert_int_equal(t->grace_seconds, -1);
	assert_int_equal(t->stall_seconds, -1);
	assert_int_equal(t->header_count, 0);
	assert_false(s->src.secret);
}

static void every_key_is_read(void **state)
{
	struct state *s = *state;
	const struct target *t = &s->target;

	read(s, "  url: s3://bucket/prefix\n"
		"  default: true\n"
		"  public_address: https://example.org/fakta\n"
		"  delete_cap: 40\n"
		"  connections: 8\n"
		"  generations: 2\n"
		"  grace: 12h\n"
		"  headers:\n"
		"    \"**/*.html\": {Cache-Control: no-cache, Content-Language: }\n"
		"    packs/*: {x-amz-meta-kind: pack}\n"
		"  region: eu-north-1\n"
		"  endpoint: https://s3.example.org:9000\n"
		"  ca_file: keys/ca.pem\n"
		"  known_hosts: keys/hosts\n"
		"  identity: ~/.ssh/city\n"
		"  netrc: true\n"
		"  stall: 90\n"
		"  switch: files\n");
	assert_said(&s->arena, &s->diag, "");
	assert_text(t->public_address, "https://example.org/fakta/");
	assert_true(t->is_default && t->netrc);
	assert_false(t->whole_switch);
	assert_int_equal(t->delete_cap, 40);
	assert_int_equal(t->connections, 8);
	assert_int_equal(t->generations, 2);
	assert_int_equal(t->grace_seconds, 12 * 3600);
	assert_int_equal(t->stall_seconds, 90);
	assert_text(t->region, "eu-north-1");
	assert_text(t->endpoint, "https://s3.example.org:9000");
	assert_text(t->ca_file, "keys/ca.pem");
	assert_text(t->known_hosts, "keys/hosts");
	assert_text(t->identity, "~/.ssh/city");
	assert_int_equal(t->header_count, 2);
	assert_text(t->headers[0].pattern, "**/*.html");
	assert_int_equal(t->headers[0].len, 2);
	assert_text(t->headers[0].items[0].name, "Cache-Control");
	assert_text(t->headers[0].items[0].value, "no-cache");
	assert_text(t->headers[0].items[1].name, "Content-Language");
	assert_text(t->headers[0].items[1].value, "");
	assert_text(t->headers[1].items[0].value, "pack");
}

static void a_grace_is_days_or_has_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} spans[] = {{"7", 604800}, {"7d", 604800}, {"0", 0}, {"2w", 1209600}, {"36h", 129600},
		{"3650", 315360000}};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(spans); i++) {
		read(s, str_z(&s->arena, str_fmt(&s->arena, "  url: file:a\n  grace: %s\n", spans[i].text)));
		assert_int_equal(s->target.grace_seconds, spans[i].seconds);
	}
	assert_said(&s->arena, &s->diag, "");
}

static void file_and_sftp_are_switched_as_a_whole(void **state)
{
	struct state *s = *state;

	read(s, "  url: sftp://h/p\n  switch: whole\n");
	assert_true(s->target.whole_switch);
	read(s, "  url: file:out\n  switch: whole\n");
	assert_true(s->target.whole_switch);
	assert_said(&s->arena, &s->diag, "");
	read(s, "  url: ftps://h/p\n  switch: whole\n");
	assert_false(s->target.whole_switch);
	assert_said(&s->arena, &s->diag, "c:3:11 yaml/bad-value\n");
}

/* One wrong thing each, below a good url in line 2. */
static const struct wrong {
	const char *text, *said;
	enum rule rule;
	const char *hint;
} wrongs[] = {
	{"publik_address: https://x/", "c:3:3 yaml/unknown-key\n", RULE_YAML_KEY,
		"did you mean “public_address”?"},
	{"delete_cap: 0", "c:3:15 yaml/bad-value\n", RULE_YAML_VALUE, "allowed: 1 to 1000000000"},
	{"delete_cap: many", "c:3:15 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"connections: 65", "c:3:16 yaml/bad-value\n", RULE_YAML_VALUE, "allowed: 1 to 64"},
	{"connections: 0", "c:3:16 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"generations: 21", "c:3:16 yaml/bad-value\n", RULE_YAML_VALUE, "allowed: 0 to 20"},
	{"stall: 0", "c:3:10 yaml/bad-value\n", RULE_YAML_VALUE, "allowed: 1 to 3600"},
	{"grace: week", "c:3:10 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"grace: -1", "c:3:10 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"grace: 4000", "c:3:10 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"grace: 9999999999999999999w", "c:3:10 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"netrc: sometimes", "c:3:10 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"switch: some", "c:3:11 yaml/bad-value\n", RULE_YAML_VALUE, "allowed: whole, files"},
	{"public_address: example.org", "c:3:19 yaml/bad-value\n", RULE_YAML_VALUE,
		"for example https://www.example.org/faktablad/"},
	{"endpoint: s3.example.org", "c:3:13 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"headers: [a]", "c:3:12 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"headers: {a: b}", "c:3:16 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
	{"headers: {/a: {}}", "c:3:13 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"headers: {a: {Cache Control: no-cache}}", "c:3:17 yaml/bad-value\n", RULE_YAML_VALUE,
		"for example Cache-Control"},
	{"headers: {a: {X-Frame-Options: DENY}}", "c:3:17 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"headers: {a: {Authorization: x}}", "c:3:17 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"headers: {a: {Cache-Control: \"a\\nb\"}}", "c:3:32 yaml/bad-value\n", RULE_YAML_VALUE, NULL},
	{"headers: {a: {Cache-Control: [x]}}", "c:3:32 yaml/wrong-type\n", RULE_YAML_TYPE, NULL},
};

static void what_is_wrong_is_said_once_at_its_place(void **state)
{
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
		read(s, str_z(&s->arena, str_fmt(&s->arena, "  url: s3://bucket\n  %s\n", wrongs[i].text)));
		assert_said_of(&s->arena, &s->diag, wrongs[i].said, wrongs[i].text);
		if (wrongs[i].hint)
			assert_text(said_hint(&s->diag, wrongs[i].rule), wrongs[i].hint);
		source_release(&s->src);
		diag_release(&s->diag);
		diag_init(&s->diag);
	}
}

static void headers_for_a_web_server_are_pointed_out(void **state)
{
	struct state *s = *state;

	read(s, "  url: sftp://h/p\n  headers: {a: {Cache-Control: no-cache}}\n");
	assert_said(&s->arena, &s->diag, "c:3:3 target/headers\n");
}

static void there_is_an_end_to_patterns(void **state)
{
	struct state *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "  url: s3://b\n  headers:\n");
	for (int i = 0; i < TARGET_MAX_PATTERNS + 2; i++)
		buf_addf(&text, "    a%d: {}\n", i);
	read(s, text.p);
	assert_int_equal(s->target.header_count, TARGET_MAX_PATTERNS);
	assert_said(&s->arena, &s->diag, "c:68:5 yaml/limit\n");
	buf_release(&text);
}

/* All that any report says. */
static bool reported(struct state *s, const char *part)
{
	struct severities severities;
	struct buf out;
	bool found = false;

	severities_init(&severities);
	buf_init(&out, BUF_MAX_DEFAULT);
	for (int format = REPORT_TEXT; format <= REPORT_GITHUB; format++)
		report(&out, &s->diag, &severities, (enum report_format)format, false);
	found = str_find(buf_str(&out), str_from(part)) < out.n;
	buf_release(&out);
	return found;
}

static void secrets_are_refused_and_never_shown(void **state)
{
	static const struct {
		const char *text, *said, *variable;
	} tries[] = {
		{"  url: sftp://me:hush@h/p\n", "c:2:3 target/secret\n", "FAKTABLAD_PASSWORD"},
		{"  url: sftp://h/p\n  password: hush\n", "c:3:3 target/secret\n", "FAKTABLAD_PASSWORD"},
		{"  {url: 'sftp://h/p', secret_key: hush, defualt: true}\n",
			"c:2:23 target/secret\nc:2:41 yaml/unknown-key\n", "AWS_SECRET_ACCESS_KEY"},
		{"  url: sftp://h/p\n  key_passphrase: hush\n", "c:3:3 target/secret\n",
			"FAKTABLAD_KEY_PASSPHRASE"},
		{"  url: sftp://h/p\n  public_address: https://a:hush@h/\n", "c:3:3 target/secret\n",
			"FAKTABLAD_PASSWORD"},
		{"  url: s3://h/p\n  endpoint: https://a:hush@h/\n", "c:3:3 target/secret\n", NULL},
		{"  url: sftp://me:hu/sh@h/p\n", "c:2:3 target/secret\n", NULL},
		{"  url: sftp://h/p\n  session_token: {a: hush}\n", "c:3:3 target/secret\n",
			"AWS_SESSION_TOKEN"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		read(s, tries[i].text);
		assert_said_of(&s->arena, &s->diag, tries[i].said, tries[i].text);
		assert_false(reported(s, "hush"));
		assert_false(reported(s, "hu/sh"));
		if (tries[i].variable)
			assert_true(reported(s, tries[i].variable));
		source_release(&s->src);
		diag_release(&s->diag);
		diag_init(&s->diag);
	}
}

static void a_target_has_variables_of_its_own(void **state)
{
	struct state *s = *state;

	assert_text(target_variable(&s->arena, STR("my-site.2"), STR("PASSWORD")),
		"FAKTABLAD_MY_SITE_2_PASSWORD");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_enough),
		TEST(every_key_is_read),
		TEST(a_grace_is_days_or_has_a_unit),
		TEST(file_and_sftp_are_switched_as_a_whole),
		TEST(what_is_wrong_is_said_once_at_its_place),
		TEST(headers_for_a_web_server_are_pointed_out),
		TEST(there_is_an_end_to_patterns),
		TEST(secrets_are_refused_and_never_shown),
		TEST(a_target_has_variables_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
