#include "cli/outcome.h"
#include "support/check.h"

#define SECOND ((int64_t)1000 * 1000 * 1000)

static struct publish_options options;
static struct publish_result result;
static struct outcome outcome;
static struct buf text;

static int setup(void **state)
{
	(void)state;
	options = (struct publish_options){0};
	result = (struct publish_result){.target = "sftp://h/p",
		.generation = 7,
		.added = 2,
		.unchanged = 3,
		.bytes = 304600,
		.guarantee = "pages are old or new"};
	outcome = (struct outcome){.options = &options, .result = &result, .ns = 1230 * (SECOND / 1000)};
	buf_init(&text, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&text);
	return 0;
}

static struct str printed(bool verbose)
{
	buf_clear(&text);
	outcome_print(&text, &outcome, verbose);
	return buf_str(&text);
}

static void a_plain_publish_is_one_line(void **state)
{
	(void)state;
	assert_text(printed(false),
		"published to sftp://h/p: 2 new, 0 changed, 0 deleted, 3 unchanged, 304.6 kB in 1.2 s\n");
	options.rollback = true;
	result.rolled_back = 5;
	assert_text(printed(false),
		"rolled back sftp://h/p to publish number 5: 2 new, 0 changed, 0 deleted, 3 unchanged, 304.6 kB in 1.2 s\n");
	result.nothing_to_do = true;
	assert_text(printed(false), "nothing to do: sftp://h/p is up to date\n");
}

static void what_is_not_as_always_gets_a_line(void **state)
{
	(void)state;
	result.unfinished = true;
	result.resumed = 1;
	result.adopted = 1;
	result.retired = 4;
	result.read_back = 8;
	result.generations = 1;
	result.not_kept = "it cannot copy";
	result.texts = (struct manifest_states){.pages = 20, .machine = 2, .translated = 1, .stale = 5};
	options.public_address = STR("https://h/");
	outcome.phases[0] = (struct outcome_phase){"compare", SECOND / 2};
	outcome.phases[1] = (struct outcome_phase){"send", 200 * SECOND};
	outcome.phase_count = 2;
	assert_text(printed(true),
		"published to sftp://h/p: 2 new, 0 changed, 0 deleted, 3 unchanged, 304.6 kB in 1.2 s\n"
		"an earlier publish had been cut off: what it left was put right\n"
		"1 file had been sent by then\n"
		"the site before was not kept for --rollback: it cannot copy\n"
		"1 file was there already and became the site's\n"
		"4 old files are kept for readers of old pages\n"
		"readers find it at https://h/ (8 pages were read there)\n"
		"3 of 20 pages show a translation that nobody reviewed, 2 of them made by a machine\n"
		"5 of 20 pages show a translation that is behind its source\n"
		"this is publish number 7 of the target; 1 before it can be brought back\n"
		"meanwhile: pages are old or new\n"
		"it took: compare 0.5 s, send 3 min 20 s\n");
}

static void what_is_kept_unasked_is_no_news(void **state)
{
	(void)state;
	result.not_kept = "it cannot copy";
	assert_false(str_find(printed(false), STR("not kept")) < text.n);
	outcome.keeps = true;
	assert_true(str_find(printed(false), STR("not kept")) < text.n);
}

static void programs_get_one_object(void **state)
{
	(void)state;
	options.public_address = STR("https://h/");
	outcome.phases[0] = (struct outcome_phase){"send", SECOND / 2};
	outcome.phase_count = 1;
	outcome_print_json(&text, &outcome);
	assert_text(buf_str(&text),
		"{\"version\":1,\"status\":\"published\",\"target\":\"sftp://h/p\",\"public_address\":\"https://h/\","
		"\"generation\":7,\"added\":2,\"changed\":0,\"deleted\":0,\"unchanged\":3,\"bytes\":304600,\"resumed\":0,\"adopted\":0,"
		"\"retired\":0,\"generations\":0,\"rolled_back\":0,\"read_back\":0,\"unfinished\":false,\"seconds\":1.230,\"phases\":{\"send\":0.500},"
		"\"texts\":{\"pages\":0,\"source\":0,\"missing\":0,\"machine\":0,\"translated\":0,\"reviewed\":0,"
		"\"stale\":0,\"unstamped\":0},\"guarantee\":\"pages are old or new\"}\n");
	buf_clear(&text);
	outcome.status = PUBLISH_FAILED;
	outcome.why = STR("no “space”");
	outcome_print_json(&text, &outcome);
	assert_true(str_starts(buf_str(&text),
		STR("{\"version\":1,\"status\":\"failed\",\"why\":\"no “space”\",\"target\":")));
}

static void what_servers_say_moves_no_cursor(void **state)
{
	(void)state;
	outcome_print_why(&text, STR("no “space”: \x1b[2J\r\xc2\x9b\xff\xe2\x80\xae"
				     "å\xc3"));
	assert_text(buf_str(&text), "no “space”: ?[2J????å?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plain_publish_is_one_line),
		TEST(what_is_not_as_always_gets_a_line),
		TEST(what_is_kept_unasked_is_no_news),
		TEST(programs_get_one_object),
		TEST(what_servers_say_moves_no_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
