/* What a file refers to: whatever it is, it ends, and no path that is found leaves the site. */
#include "action/publish_reference.h"
#include "base/fs.h"

struct seen {
	struct arena *arena;
	size_t count;
};

static void found(void *ctx, enum publish_reference_kind kind, struct str url)
{
	struct seen *seen = ctx;
	struct str path = publish_reference_path(seen->arena, STR("sv/a.html"), url, STR("https://a.se/b/"));

	(void)kind;
	seen->count++;
	while (path.n) {
		struct str piece;

		(void)!str_cut(&path, '/', &piece);
		if (str_is(piece, "..") || str_is(piece, "."))
			BUG("a path that leaves the site");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a.html", "a.css", "a.svg"};
	struct str text = str_make((const char *)data, size);
	struct arena a;

	arena_init(&a, (size_t)1 << 30);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct seen seen = {.arena = &a};

		publish_references(str_from(names[i]), text, &a, found, &seen);
		if (seen.count > PUBLISH_REFERENCES_MAX)
			BUG("more than there may be");
	}
	arena_release(&a);
	return 0;
}
