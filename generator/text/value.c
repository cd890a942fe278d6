#include "text/value.h"

struct value value_null(void)
{
	return (struct value){.kind = VALUE_NULL};
}

struct value value_bool(bool b)
{
	return (struct value){.kind = VALUE_BOOL, .boolean = b};
}

struct value value_int(int64_t i)
{
	return (struct value){.kind = VALUE_INT, .integer = i};
}

struct value value_decimal(struct str digits)
{
	return (struct value){.kind = VALUE_DECIMAL, .text = digits};
}

struct value value_str(struct str s)
{
	return (struct value){.kind = VALUE_STR, .text = s};
}

struct value value_date(struct date d)
{
	return (struct value){.kind = VALUE_DATE, .date = d};
}

struct value value_time(int64_t ms)
{
	return (struct value){.kind = VALUE_TIME, .integer = ms};
}

struct value value_money(struct arena *a, struct str amount, struct str currency)
{
	struct value_money *m = arena_new(a, struct value_money);

	*m = (struct value_money){amount, currency};
	return (struct value){.kind = VALUE_MONEY, .money = m};
}

struct value value_range(struct arena *a, struct str from, struct str to)
{
	struct value_range *r = arena_new(a, struct value_range);

	*r = (struct value_range){from, to};
	return (struct value){.kind = VALUE_RANGE, .range = r};
}

struct value value_list(struct arena *a)
{
	return (struct value){.kind = VALUE_LIST, .list = arena_new(a, struct value_list)};
}

struct value value_map(struct arena *a)
{
	return (struct value){.kind = VALUE_MAP, .map = arena_new(a, struct value_map)};
}

void value_set(struct value map, struct arena *a, struct str name, struct value v)
{
	struct value_map *m = map.map;

	if (map.kind != VALUE_MAP)
		BUG("a field set on a value that is no map");
	m->fields = arena_grow(a, m->fields, m->len, &m->cap, sizeof(*m->fields));
	m->fields[m->len++] = (struct value_field){name, v};
}

void value_push(struct value list, struct arena *a, struct value v)
{
	struct value_list *l = list.list;

	if (list.kind != VALUE_LIST)
		BUG("an item pushed to a value that is no list");
	l->items = arena_grow(a, l->items, l->len, &l->cap, sizeof(*l->items));
	l->items[l->len++] = v;
}

const struct value *value_get(const struct value *map, struct str name)
{
	if (!map || map->kind != VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < map->map->len; i++)
		if (str_eq(map->map->fields[i].name, name))
			return &map->map->fields[i].value;
	return NULL;
}
