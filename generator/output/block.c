#include "output/block.h"

#include "output/chart_impl.h"
#include "output/contacts.h"

static const struct {
	const char *name;
	bool (*write)(const struct block *b, struct buf *out);
} kinds[] = {
	{"contacts", contacts_write},
	{"chart", chart_write},
	{"table", table_write},
};

bool block_write(const struct block *b, struct buf *out)
{
	struct str info = str_trim(b->node->url);
	struct str name = str_slice(info, 0, str_find_byte(info, ' '));

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_is(name, kinds[i].name))
			return kinds[i].write(b, out);
	return false;
}
