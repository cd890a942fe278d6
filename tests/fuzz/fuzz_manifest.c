/* Manifests: what is read is, written again, the same bytes; and every path stays below its folder. */
#include "base/arena.h"
#include "base/fs.h"
#include "output/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct manifest m = {0};
	struct arena a;
	struct buf out;
	size_t line;

	arena_init(&a, (size_t)64 << 20);
	buf_init(&out, MANIFEST_MAX_BYTES);
	if (manifest_read(&m, &a, text, &line)) {
		manifest_write(&out, &m);
		if (!str_eq(buf_str(&out), text))
			BUG("a manifest has two forms");
		for (size_t i = 0; i < m.len; i++)
			if (!fs_contained_path(m.entries[i].path) ||
				manifest_find(&m, m.entries[i].path) != &m.entries[i])
				BUG("a path that is not contained, or not found");
	} else if (line < 1 || line > size + 2) {
		BUG("a fault in line %zu of %zu bytes", line, size);
	}
	buf_release(&out);
	arena_release(&a);
	return 0;
}
