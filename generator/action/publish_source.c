#include "action/publish_source.h"

#include <errno.h>

#define PIECE_BYTES ((size_t)64 << 10)

int publish_source_open(struct publish_source *s, struct fs *fs, const char *path)
{
	struct publish_source fresh = {.fs = fs, .path = path};
	int error = fs_open(fs, path, &fresh.file);

	if (error)
		return error;
	fresh.size = fresh.file.stat.size;
	fresh.run = digest_run_new();
	*s = fresh;
	return 0;
}

/* True until it is known. */
static bool is_wanted(const struct publish_source *s, bool at_end)
{
	struct digest digest;

	if (s->read < s->size && !at_end)
		return true;
	digest = digest_run_peek(s->run);
	return s->read == s->size && digest_eq(&digest, s->wanted);
}

int publish_source_read(struct publish_source *s, void *bytes, size_t max, size_t *n)
{
	if (!s->error)
		s->error = fs_read_some(s->fs, &s->file, bytes, max, n);
	if (s->error)
		return s->error;
	digest_run_add(s->run, str_make(bytes, *n));
	s->read += *n;
	if (s->wanted && !is_wanted(s, *n == 0)) {
		*n = 0;
		s->error = ESTALE;
	}
	return s->error;
}

/* Back is from the start again. */
static int begin_again(struct publish_source *s)
{
	struct publish_source fresh;
	int error = publish_source_open(&fresh, s->fs, s->path);

	if (error)
		return s->error = error;
	(void)digest_run_free(s->run);
	fs_close(s->fs, &s->file);
	fresh.wanted = s->wanted;
	*s = fresh;
	return 0;
}

int publish_source_seek(struct publish_source *s, uint64_t offset)
{
	char *piece;
	size_t n = 1;
	int error = offset < s->read ? begin_again(s) : s->error;

	if (error || offset == s->read)
		return error;
	piece = xmalloc(PIECE_BYTES);
	while (!error && n && s->read < offset) {
		uint64_t left = offset - s->read;

		error = publish_source_read(s, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES, &n);
	}
	free(piece);
	return error ? error : s->read == offset ? 0 : EINVAL;
}

void publish_source_close(struct publish_source *s, struct digest *digest, uint64_t *size)
{
	*size = s->read;
	*digest = digest_run_free(s->run);
	fs_close(s->fs, &s->file);
}

int publish_source_digest(struct fs *fs, const char *path, struct digest *digest, uint64_t *size)
{
	struct publish_source s;
	size_t n = 0;
	char *piece;
	int error = publish_source_open(&s, fs, path);

	if (error)
		return error;
	piece = xmalloc(PIECE_BYTES);
	do
		error = publish_source_read(&s, piece, PIECE_BYTES, &n);
	while (!error && n);
	free(piece);
	publish_source_close(&s, digest, size);
	return error;
}
