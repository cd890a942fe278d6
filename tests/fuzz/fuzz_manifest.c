/* Manifests: what is read is written again as it was, and never names a file outside its folder. */
#include "base/fs.h"
#include "output/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entry(const struct manifest *m, size_t i)
{
	const struct manifest_entry *e = &m->entries[i];

	if (!fs_contained_path(e->path))
		BUG("“%.*s” leads out", STR_ARG(e->path));
	if (i && str_cmp(m->entries[i - 1].path, e->path) >= 0)
		BUG("out of order");
	if (manifest_find(m, e->path) != e)
		BUG("not found");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct manifest m = {0};
	struct arena a;
	struct buf out;
	size_t line = 0;

	arena_init(&a, (size_t)1 << 30);
	buf_init(&out, MANIFEST_MAX_BYTES);
	if (manifest_read(&m, &a, text, &line)) {
		for (size_t i = 0; i < m.len; i++)
			check_entry(&m, i);
		manifest_write(&out, &m);
		if (!str_eq(buf_str(&out), text))
			BUG("written otherwise than it was read");
	}
	buf_release(&out);
	arena_release(&a);
	return 0;
}
