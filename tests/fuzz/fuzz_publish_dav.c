/* What a WebDAV server answers to a PROPFIND: names are plain, nothing but what was asked about is listed. */
#include "action/publish_dav_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_items(const struct dav_items *items)
{
	for (size_t i = 0; i < items->len; i++) {
		const struct publish_listed *l = &items->items[i].listed;

		if (!l->name.n || str_find_byte(l->name, '/') < l->name.n)
			BUG("a name that is none");
		if (l->kind != PUBLISH_OTHER && utf8_check(l->name) != l->name.n)
			BUG("a name that is no text");
		if (l->kind != PUBLISH_OTHER && (str_is(l->name, ".") || str_is(l->name, "..")))
			BUG("a name that leads elsewhere");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct dav_items items;
	struct arena a;
	struct buf why;

	arena_init(&a, (size_t)256 << 20);
	buf_init(&why, 4096);
	if (publish_dav_read_items(&items, &a, STR("/site/"), text, &why))
		check_items(&items);
	else if (!why.n)
		BUG("refused without a word");
	buf_release(&why);
	arena_release(&a);
	return 0;
}
