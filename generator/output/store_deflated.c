/* The deflated forms of artifacts. */
#include "output/store_impl.h"

#include <errno.h>

/*
 * Before the stream, all numbers little-endian:
 *
 *	 0	4	magic
 *	 4	4	CRC-32 of the artifact
 *	 8	8	size of the artifact
 *	16	8	size of the stream
 *	24	4	CRC-32 of the stream
 *	28	4	CRC-32 of the 28 bytes before
 */
#define HEADER_BYTES 32
#define HEADER_CHECKED 28
#define HEADER_MAGIC 0x315A4246u /* "FBZ1" */

struct header {
	struct store_deflated deflated;
	uint32_t stream_crc;
};

static void write_number(char *out, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (char)(number >> 8 * i);
}

static uint64_t read_number(const char *in, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = bytes; i-- > 0;)
		number = number << 8 | (uint8_t)in[i];
	return number;
}

static void write_header(char *out, const struct header *h)
{
	write_number(out, HEADER_MAGIC, 4);
	write_number(out + 4, h->deflated.crc, 4);
	write_number(out + 8, h->deflated.size, 8);
	write_number(out + 16, h->deflated.deflated_size, 8);
	write_number(out + 24, h->stream_crc, 4);
	write_number(out + 28, deflate_crc(0, str_make(out, HEADER_CHECKED)), 4);
}

static bool parse_header(const char *in, struct header *h)
{
	h->deflated.crc = (uint32_t)read_number(in + 4, 4);
	h->deflated.size = read_number(in + 8, 8);
	h->deflated.deflated_size = read_number(in + 16, 8);
	h->deflated.offset = HEADER_BYTES;
	h->stream_crc = (uint32_t)read_number(in + 24, 4);
	return read_number(in, 4) == HEADER_MAGIC &&
	       read_number(in + 28, 4) == deflate_crc(0, str_make(in, HEADER_CHECKED));
}

static int read_header(struct store *s, const struct fs_file *file, struct header *h)
{
	char bytes[HEADER_BYTES];
	size_t len = 0, n;

	while (len < sizeof(bytes)) {
		int error = fs_read_some(s->fs, file, bytes + len, sizeof(bytes) - len, &n);

		if (error)
			return error;
		if (n == 0)
			return EBADMSG;
		len += n;
	}
	if (!parse_header(bytes, h) || file->stat.size - HEADER_BYTES != h->deflated.deflated_size)
		return EBADMSG;
	return 0;
}

static int check_stream(struct store *s, const struct fs_file *file, uint32_t expected)
{
	uint32_t crc = 0;
	char step[STEP];
	size_t n;

	do {
		int error = fs_read_some(s->fs, file, step, sizeof(step), &n);

		if (error)
			return error;
		crc = deflate_crc(crc, str_make(step, n));
	} while (n);
	return crc == expected ? 0 : EBADMSG;
}

static void deflated_path(const struct store *s, const struct digest *d, char *out)
{
	size_t n;

	store_path(s, d, out);
	n = strlen(out);
	memcpy(out + n, DEFLATED_SUFFIX, sizeof(DEFLATED_SUFFIX));
}

/* The stream is read through once in a run, and trusted from then on. */
static int open_deflated(
	struct store *s, const struct digest *d, const char *path, struct store_deflated *out)
{
	struct fs_file file;
	struct header h;
	int error = store_open(s, path, &file);

	if (error)
		return error;
	error = read_header(s, &file, &h);
	if (!error && !store_knows(s, d, KNOWN_DEFLATED))
		error = check_stream(s, &file, h.stream_crc);
	fs_close(s->fs, &file);
	if (error)
		return error;
	*out = h.deflated;
	return 0;
}

static int write_deflated(struct store *s, const char *path, struct str bytes)
{
	char *file = xmalloc(HEADER_BYTES + deflate_bound(bytes.n));
	size_t n = deflate_run(s->deflate, bytes, file + HEADER_BYTES);
	struct header h = {{.crc = deflate_crc(0, bytes), .size = bytes.n, .deflated_size = n}};
	struct str whole = str_make(file, HEADER_BYTES + n);
	int error;

	h.stream_crc = deflate_crc(0, str_make(file + HEADER_BYTES, n));
	write_header(file, &h);
	error = store_create(s, path, whole);
	if (error == EEXIST)
		error = fs_replace(s->fs, path, whole, STORED_MODE);
	free(file);
	return error;
}

int store_deflate(struct store *s, const struct digest *d, struct str bytes)
{
	struct store_deflated found;
	char *path;
	int error;

	if (store_knows(s, d, KNOWN_DEFLATED))
		return 0;
	path = store_path_new(s);
	deflated_path(s, d, path);
	error = open_deflated(s, d, path, &found);
	if (!error && (found.size != bytes.n || found.crc != deflate_crc(0, bytes)))
		error = EBADMSG;
	if (error == ENOENT || error == EBADMSG)
		error = write_deflated(s, path, bytes);
	free(path);
	if (!error)
		store_know(s, d, KNOWN_DEFLATED);
	return error;
}

int store_deflated(struct store *s, const struct digest *d, struct store_deflated *out, char *path)
{
	int error;

	deflated_path(s, d, path);
	error = open_deflated(s, d, path, out);
	if (!error)
		store_know(s, d, KNOWN_DEFLATED);
	return error;
}
