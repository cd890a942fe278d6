/* What a compiled message tells about itself, and what a person types for its arguments. */
#include "text/message_impl.h"

#define MS_PER_MINUTE 60000

size_t message_args(const struct message *m, const struct message_arg **out)
{
	*out = m->args;
	return m->arg_count;
}

enum message_type message_arg_type(const struct message *m, struct str name)
{
	for (size_t i = 0; i < m->arg_count; i++)
		if (str_eq(m->args[i].name, name))
			return m->args[i].type;
	return MESSAGE_PLAIN;
}

size_t message_choices(const struct message *m, const struct message_choice **out)
{
	*out = m->choices;
	return m->choice_count;
}

bool message_is_plain(const struct message *m, struct str *out)
{
	const struct part *only = m->parts;

	if (only && (only->next || only->kind != PART_TEXT))
		return false;
	*out = only ? only->text : (struct str){0};
	return true;
}

/* Two digits below `limit`, with `before` ahead of them; moves *at past them. */
static bool read_two(struct str s, size_t *at, char before, int limit, int *out)
{
	int64_t n;

	if (*at + 3 > s.n || s.p[*at] != before || s.p[*at + 1] == '-' ||
		!str_to_int(str_slice(s, *at + 1, *at + 3), &n) || n >= limit)
		return false;
	*at += 3;
	*out = (int)n;
	return true;
}

/* YYYY-MM-DDTHH:MM[:SS][Z] */
static bool parse_time(struct str s, struct value *out)
{
	size_t at = strlen("YYYY-MM-DD");
	int hour, minute, second = 0;
	struct date day;

	if (s.n < at || !date_parse(str_slice(s, 0, at), &day) || !read_two(s, &at, 'T', 24, &hour) ||
		!read_two(s, &at, ':', 60, &minute))
		return false;
	read_two(s, &at, ':', 60, &second);
	if (at < s.n && !str_eq(str_slice(s, at, s.n), STR("Z")))
		return false;
	*out = value_time(((date_to_days(day) * 24 + hour) * 60 + minute) * MS_PER_MINUTE + second * 1000);
	return true;
}

static bool parse_number(struct str s, struct value *out)
{
	struct decimal d;
	int64_t whole;

	if (str_to_int(s, &whole))
		*out = value_int(whole);
	else if (decimal_parse(s, &d))
		*out = value_decimal(s);
	else
		return false;
	return true;
}

static bool parse_date(struct str s, struct value *out)
{
	struct date day;

	if (!date_parse(s, &day))
		return parse_time(s, out);
	*out = value_date(day);
	return true;
}

static struct value parse_list(struct arena *a, struct str s)
{
	struct value list = value_list(a);
	struct str item;

	while (str_cut(&s, ',', &item))
		value_push(list, a, value_str(str_trim(item)));
	return list;
}

struct value message_arg_value(struct arena *a, enum message_type type, struct str text)
{
	bool number = type == MESSAGE_NUMBER || type == MESSAGE_PLURAL || type == MESSAGE_ORDINAL;
	bool date = type == MESSAGE_DATE || type == MESSAGE_TIME;
	struct value v;

	if (type == MESSAGE_LIST)
		return parse_list(a, text);
	if ((number || type == MESSAGE_PLAIN) && parse_number(text, &v))
		return v;
	if ((date || type == MESSAGE_PLAIN) && parse_date(text, &v))
		return v;
	return value_str(text);
}
