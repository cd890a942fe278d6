#include "output/block.h"

#include "output/chart_impl.h"
#include "output/contacts.h"

static bool read_chart(struct figure_reader *r, struct arena *a, struct span at)
{
	return chart_read(arena_new(a, struct chart), r, at);
}

static bool read_table(struct figure_reader *r, struct arena *a, struct span at)
{
	return table_read(arena_new(a, struct table), r, at);
}

static const struct {
	const char *name;
	bool (*write)(const struct block *b, struct buf *out);
	/* NULL: it uses no facts */
	bool (*read)(struct figure_reader *r, struct arena *a, struct span at);
} kinds[] = {
	{"contacts", contacts_write},
	{"chart", chart_write, read_chart},
	{"table", table_write, read_table},
};

static size_t kind_of(const struct node *block)
{
	struct str info = str_trim(block->url);
	struct str name = str_slice(info, 0, str_find_byte(info, ' '));
	size_t i = 0;

	while (i < COUNT_OF(kinds) && !str_is(name, kinds[i].name))
		i++;
	return i;
}

bool block_write(const struct block *b, struct buf *out)
{
	size_t kind = kind_of(b->node);

	return kind < COUNT_OF(kinds) && kinds[kind].write(b, out);
}

size_t block_facts(const struct message_arg **out, struct arena *a, const struct map *facts,
	const struct doc *doc, const struct node *block)
{
	struct diag said;
	struct figure_reader r = {.a = a, .facts = facts, .d = &said};
	size_t kind = kind_of(block);
	struct span at;
	bool fine;

	if (kind == COUNT_OF(kinds) || !kinds[kind].read || !node_verbatim(doc, block, &at))
		return 0;
	diag_init(&said);
	fine = kinds[kind].read(&r, a, at);
	diag_release(&said);
	*out = r.uses;
	return fine ? r.use_count : 0;
}
