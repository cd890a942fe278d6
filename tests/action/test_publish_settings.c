#include "action/publish_settings.h"
#include "model/target.h"
#include "support/check.h"

static const char *const *environment; /* name, value, …, NULL */

static char *get(const char *name)
{
	for (const char *const *p = environment; *p; p += 2)
		if (strcmp(p[0], name) == 0)
			return (char *)(uintptr_t)p[1];
	return NULL;
}

static struct publish_settings fill(
	struct arena *a, const struct target *t, const char *url, const char *const *env)
{
	struct publish_settings out;

	environment = env;
	publish_settings_fill(&out, a, t, str_from(url), "/site", get);
	return out;
}

static struct target target(const char *url)
{
	return (struct target){
		.name = STR("my-site"), .url = str_from(url), .connections = -1, .stall_seconds = -1};
}

static void nothing_said_is_nothing(void **state)
{
	static const char *const env[] = {"FAKTABLAD_PASSWORD", "", NULL};
	struct publish_settings s;
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	s = fill(&a, NULL, "file:out", env);
	assert_text(s.url, "file:///site/out");
	assert_null(s.password);
	assert_null(s.user);
	assert_null(s.access_key);
	assert_null(s.identity);
	assert_int_equal(s.connections, 0);
	assert_int_equal(s.region.n, 0);
	arena_release(&a);
}

static void a_target_fills_them(void **state)
{
	static const char *const env[] = {"HOME", "/home/me", NULL};
	struct target t = target("sftp://web%40city@h/p");
	struct publish_settings s;
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	t.ca_file = STR("keys/ca.pem");
	t.known_hosts = STR("/etc/hosts");
	t.identity = STR("~/.ssh/id");
	t.netrc = true;
	t.connections = 8;
	t.stall_seconds = 9;
	t.region = STR("eu-north-1");
	s = fill(&a, &t, NULL, env);
	assert_string_equal(s.ca_file, "/site/keys/ca.pem");
	assert_string_equal(s.known_hosts, "/etc/hosts");
	assert_string_equal(s.identity, "/home/me/.ssh/id");
	assert_string_equal(s.user, "web@city");
	assert_true(s.netrc);
	assert_int_equal(s.connections, 8);
	assert_int_equal(s.stall_seconds, 9);
	assert_text(s.region, "eu-north-1");
	arena_release(&a);
}

static void a_targets_own_variables_win(void **state)
{
	static const char *const general[] = {"FAKTABLAD_PASSWORD", "p", "FAKTABLAD_USER", "u",
		"FAKTABLAD_KEY_PASSPHRASE", "k", "AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s",
		"AWS_SESSION_TOKEN", "t", "AWS_REGION", "r", NULL};
	static const char *const own[] = {"FAKTABLAD_PASSWORD", "p", "FAKTABLAD_MY_SITE_PASSWORD", "p2",
		"FAKTABLAD_MY_SITE_USER", "u2", "FAKTABLAD_MY_SITE_KEY_PASSPHRASE", "k2",
		"FAKTABLAD_MY_SITE_ACCESS_KEY_ID", "a2", "FAKTABLAD_MY_SITE_SECRET_ACCESS_KEY", "s2",
		"AWS_SESSION_TOKEN", "t", "AWS_DEFAULT_REGION", "d", NULL};
	struct target t = target("davs://h/p");
	struct publish_settings s;
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	s = fill(&a, &t, NULL, general);
	assert_string_equal(s.password, "p");
	assert_string_equal(s.user, "u");
	assert_string_equal(s.key_passphrase, "k");
	assert_string_equal(s.access_key, "a");
	assert_string_equal(s.secret_key, "s");
	assert_string_equal(s.session_token, "t");
	assert_text(s.region, "r");
	s = fill(&a, &t, NULL, own);
	assert_string_equal(s.password, "p2");
	assert_string_equal(s.user, "u2");
	assert_string_equal(s.key_passphrase, "k2");
	assert_string_equal(s.access_key, "a2");
	assert_string_equal(s.secret_key, "s2");
	/* of another key */
	assert_null(s.session_token);
	assert_text(s.region, "d");
	/* the address's user is the target's, FAKTABLAD_USER anybody's */
	t = target("davs://me@h/p");
	assert_string_equal(fill(&a, &t, NULL, general).user, "me");
	assert_string_equal(fill(&a, &t, NULL, own).user, "u2");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_is_nothing),
		cmocka_unit_test(a_target_fills_them),
		cmocka_unit_test(a_targets_own_variables_win),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
