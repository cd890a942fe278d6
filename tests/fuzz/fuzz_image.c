/* Dimensions of images: whatever the bytes are, they are read within their bounds and bounded themselves. */
#include "site/asset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = xmalloc(size ? size : 1); /* so that a byte too far is seen */
	unsigned w = 0, h = 0;

	if (size)
		memcpy(copy, data, size);
	if (image_size(str_make(copy, size), &w, &h)) {
		if (!w || !h || w > 100000 || h > 100000)
			BUG("%u × %u", w, h);
	} else if (w || h) {
		BUG("refused, and yet written");
	}
	free(copy);
	return 0;
}
