/* What the message tests share: cmocka in the right order, a bench with locales, compile and format. */
#ifndef TESTS_TEXT_MESSAGE_SUPPORT_H
#define TESTS_TEXT_MESSAGE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include "text/message.h"

struct bench {
	struct arena arena;
	struct diag diag;
	struct value map; /* the arguments */
	struct buf out;
};

static UNUSED int bench_setup(void **state)
{
	static struct bench b;

	arena_init(&b.arena, (size_t)64 << 20);
	diag_init(&b.diag);
	buf_init(&b.out, BUF_MAX_DEFAULT);
	b.map = value_map(&b.arena);
	*state = &b;
	return 0;
}

static UNUSED int bench_teardown(void **state)
{
	struct bench *b = *state;

	buf_release(&b->out);
	diag_release(&b->diag);
	arena_release(&b->arena);
	return 0;
}

static UNUSED struct locale *open_tag(const char *tag)
{
	struct locale_spec spec = {.tag = str_from(tag)};

	return locale_new(&spec);
}

static UNUSED void set(struct bench *b, const char *name, struct value v)
{
	value_set(b->map, &b->arena, str_from(name), v);
}

static UNUSED const struct value *get_field(void *ctx, struct str name)
{
	return value_get(ctx, name);
}

static UNUSED struct message_scope scope_of(struct bench *b)
{
	return (struct message_scope){get_field, &b->map};
}

static UNUSED struct message *compile(struct bench *b, const char *pattern, struct locale *l)
{
	return message_compile(&b->arena, str_from(pattern), NULL, l, &b->diag);
}

/* Formatted with the bench's arguments; NUL-terminated, good until the next call. */
static UNUSED const char *format(struct bench *b, struct locale *l, const struct message *m, bool *ok)
{
	struct message_scope scope = scope_of(b);

	buf_clear(&b->out);
	*ok = message_format(m, l, &scope, &b->out);
	buf_addz(&b->out, "");
	assert_false(buf_failed(&b->out));
	return b->out.p ? b->out.p : "";
}

static UNUSED void expect(struct bench *b, const char *tag, const char *pattern, const char *want)
{
	struct locale *l = open_tag(tag);
	struct message *m = compile(b, pattern, l);
	bool ok;

	if (!m)
		fail_msg("“%s” does not compile: %.*s", pattern,
			STR_ARG(b->diag.items[b->diag.len - 1].message));
	assert_string_equal(format(b, l, m, &ok), want);
	assert_true(ok);
	locale_free(l);
}

#endif
