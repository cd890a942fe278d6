#include "model/sender.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct sender sender;
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

static void read(struct state *s, const char *text)
{
	diag_release(&s->diag);
	diag_init(&s->diag);
	s->sender = (struct sender){0};
	source_init(&s->src, STR("c"), str_from(text));
	sender_read(&s->sender, yml_parse(&s->arena, &s->src, 0, s->src.text.n, &s->diag), &s->diag);
}

static void what_is_given_is_read(void **state)
{
	struct state *s = *state;

	read(s, "publisher: Ort\nfeedback: 'mailto:a@example.org'\npages: {report: fel}\n");
	assert_said(&s->arena, &s->diag, "");
	assert_text(s->sender.publisher, "Ort");
	assert_text(s->sender.feedback, "mailto:a@example.org");
	assert_text(s->sender.report_page, "fel");
	assert_non_null(s->sender.feedback_at.src);
	read(s, "title: x\n");
	assert_null(s->sender.feedback_at.src);
	read(s, "publisher:\nfeedback:\npages:\n");
	assert_said(&s->arena, &s->diag, "");
	assert_text(s->sender.feedback, "");
	assert_non_null(s->sender.feedback_at.src); /* to be filled in */
}

static void what_is_no_address_is_said(void **state)
{
	static const char *const cases[][2] = {
		{"feedback: a@example.org\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'mailto:'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'mailto:a'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'mailto:?subject=a@b'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'mailto:a b@example.org'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'https:///x'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'http://example.org/'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'javascript:alert(1)'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: 'https://example.org/#x'\n", "c:1:11 yaml/bad-value\n"},
		{"feedback: [a]\n", "c:1:11 yaml/wrong-type\n"},
		{"pages: x\n", "c:1:8 yaml/wrong-type\n"},
		{"pages: {raport: x}\n", "c:1:9 yaml/unknown-key\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read(s, cases[i][0]);
		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
		assert_text(s->sender.feedback, "");
	}
}

static struct str report(struct state *s, const char *feedback, struct str title)
{
	struct date day = {2026, 11, 20};

	read(s, str_fmt(&s->arena, "feedback: '%s'\n", feedback).p);
	return sender_report(&s->sender, &s->arena, title, STR("a-b"), STR("sv"), day);
}

static void a_report_says_which_text_it_is_about(void **state)
{
	struct state *s = *state;

	assert_text(report(s, "mailto:a@example.org", STR("Å & \"b\"?")),
		"mailto:a@example.org?subject=%C3%85%20%26%20%22b%22%3F%20%28sv%2Fa-b%2C%202026-11-20%29");
	assert_text(report(s, "mailto:a@example.org?cc=b@example.org", STR("T")),
		"mailto:a@example.org?cc=b@example.org&subject=T%20%28sv%2Fa-b%2C%202026-11-20%29");
	assert_text(report(s, "https://example.org/f", STR("T")), "https://example.org/f?sheet=a-b&lang=sv");
	assert_text(report(s, "https://example.org/f?x=1", STR("T")),
		"https://example.org/f?x=1&sheet=a-b&lang=sv");
	assert_text(report(s, "", STR("T")), "");
	read(s, "feedback: 'mailto:a@b'\n");
	assert_text(sender_report(&s->sender, &s->arena, STR("T"), STR("a"), STR("fa-AF"), (struct date){0}),
		"mailto:a@b?subject=T%20%28fa-AF%2Fa%29");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_given_is_read),
		TEST(what_is_no_address_is_said),
		TEST(a_report_says_which_text_it_is_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
