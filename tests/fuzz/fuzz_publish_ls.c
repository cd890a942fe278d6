/* Listings of folders: no name that is taken leads anywhere but to one place in its folder. */
#include "action/publish_ls.h"

static void check_item(const struct publish_listed *item)
{
	if (item->name.n == 0 || str_is(item->name, ".") || str_is(item->name, ".."))
		BUG("a name that is none was taken");
	for (size_t i = 0; i < item->name.n; i++)
		if ((unsigned char)item->name.p[i] < ' ' || item->name.p[i] == '/')
			BUG("a name with more in it was taken");
	if (item->sized && item->size > INT64_MAX)
		BUG("a size below zero was taken");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_make((const char *)data, size), line;
	struct publish_listed item;

	while (str_cut(&rest, '\n', &line)) {
		if (publish_ls_line(line, &item) == PUBLISH_LS_ITEM)
			check_item(&item);
		if (publish_ls_facts(line, &item) == PUBLISH_LS_ITEM)
			check_item(&item);
	}
	return 0;
}
