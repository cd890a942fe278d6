#include "output/pack.h"

#include <errno.h>
#include <zip.h>

#include "base/buf.h"

/* Memory that one artifact may take while its deflated form is made. */
#define ARTIFACT_MAX_BYTES BUF_MAX_DEFAULT

/* One file of the pack: what libzip's callback needs. */
struct entry {
	struct pack *pack;
	const char *name; /* with the top folder */
	const struct manifest_entry *from;
	struct store_deflated deflated;
	zip_error_t error;
};

struct pack {
	struct store *store;
	struct fs *fs;
	struct arena *arena;
	const struct manifest *manifest;
	struct entry *entries;
	zip_uint16_t dos_date;
	char *path;	     /* room for a path of the store */
	struct fs_file file; /* libzip reads one source at a time */
	struct pack_result *out;
};

static enum pack_error fail(struct pack *p, enum pack_error kind, struct str failed, int error)
{
	p->out->failed = str_dup(p->arena, failed);
	p->out->failed_errno = error;
	return kind;
}

/* ---- what goes in ---- */

/* Sorted names: a file and a folder of one name need not stand side by side ("a", "a-b", "a/b"). */
static bool is_in_the_way(const struct manifest *m, struct str path)
{
	for (size_t i = path.n; i-- > 1;)
		if (path.p[i] == '/' && manifest_find(m, str_slice(path, 0, i)))
			return true;
	return false;
}

static enum pack_error check_names(struct pack *p, struct str top)
{
	const struct manifest *m = p->manifest;

	if (!fs_portable_path(top) || str_find_byte(top, '/') != top.n)
		return fail(p, PACK_NAME, top, 0);
	if (m->len == 0 || m->len > PACK_MAX_FILES)
		return fail(p, PACK_LIMIT, STR("files"), 0);
	for (size_t i = 0; i < m->len; i++) {
		struct str path = m->entries[i].path;
		int order = i ? str_cmp(m->entries[i - 1].path, path) : -1;

		if (order > 0)
			BUG("a manifest that is not sorted");
		if (order == 0 || !fs_portable_path(path) || top.n + 1 + path.n > PACK_MAX_NAME ||
			is_in_the_way(m, path))
			return fail(p, PACK_NAME, path, 0);
	}
	return PACK_OK;
}

static int make_deflated(struct pack *p, const struct digest *d)
{
	struct arena scratch = *p->arena;
	struct str bytes;
	int error;

	store_path(p->store, d, p->path);
	error = fs_read(p->fs, p->path, &scratch, ARTIFACT_MAX_BYTES, &bytes);
	return error ? error : store_deflate(p->store, d, bytes);
}

static int find_deflated(struct pack *p, struct entry *e)
{
	const struct digest *d = &e->from->digest;
	int error = store_deflated(p->store, d, &e->deflated, p->path);

	if (error == ENOENT || error == EBADMSG) {
		error = make_deflated(p, d);
		if (!error)
			error = store_deflated(p->store, d, &e->deflated, p->path);
	}
	if (!error && e->deflated.size != e->from->size)
		error = EBADMSG;
	return error;
}

static enum pack_error collect(struct pack *p, struct str top)
{
	uint64_t bytes = 0;

	p->entries = arena_new_n(p->arena, struct entry, p->manifest->len);
	for (size_t i = 0; i < p->manifest->len; i++) {
		struct entry *e = &p->entries[i];
		int error;

		e->pack = p;
		e->from = &p->manifest->entries[i];
		e->name = str_fmt(p->arena, "%.*s/%.*s", STR_ARG(top), STR_ARG(e->from->path)).p;
		zip_error_init(&e->error);
		error = find_deflated(p, e);
		if (error)
			return fail(p, PACK_SYSTEM, e->from->path, error);
		bytes += e->deflated.deflated_size;
		if (bytes > PACK_MAX_BYTES || e->deflated.size > PACK_MAX_BYTES)
			return fail(p, PACK_LIMIT, STR("bytes"), 0);
	}
	return PACK_OK;
}

/* ---- libzip's view of an entry: deflated already, so that it is copied ---- */

static zip_int64_t failed_read(struct entry *e, int error)
{
	zip_error_set(&e->error, ZIP_ER_READ, error);
	return -1;
}

static int skip(struct pack *p, uint64_t bytes)
{
	char head[64];
	size_t n;

	while (bytes) {
		int error =
			fs_read_some(p->fs, &p->file, head, bytes < sizeof(head) ? bytes : sizeof(head), &n);

		if (error || n == 0)
			return error ? error : EBADMSG;
		bytes -= n;
	}
	return 0;
}

static zip_int64_t entry_open(struct entry *e)
{
	struct pack *p = e->pack;
	struct store_deflated found;
	int error = store_deflated(p->store, &e->from->digest, &found, p->path);

	if (!error)
		error = fs_open(p->fs, p->path, &p->file);
	if (!error)
		error = skip(p, found.offset);
	return error ? failed_read(e, error) : 0;
}

static zip_int64_t entry_read(struct entry *e, void *data, zip_uint64_t len)
{
	size_t n;
	int error = fs_read_some(e->pack->fs, &e->pack->file, data, len, &n);

	return error ? failed_read(e, error) : (zip_int64_t)n;
}

static zip_int64_t entry_close(struct entry *e)
{
	fs_close(e->pack->fs, &e->pack->file);
	return 0;
}

static zip_int64_t entry_stat(const struct entry *e, zip_stat_t *st)
{
	zip_stat_init(st);
	st->size = e->deflated.size;
	st->comp_size = e->deflated.deflated_size;
	st->crc = e->deflated.crc;
	st->comp_method = ZIP_CM_DEFLATE;
	st->encryption_method = ZIP_EM_NONE;
	st->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD |
		    ZIP_STAT_ENCRYPTION_METHOD;
	return sizeof(*st);
}

static zip_int64_t entry_source(void *ctx, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
	struct entry *e = ctx;

	switch (command) {
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
			ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
	case ZIP_SOURCE_OPEN:
		return entry_open(e);
	case ZIP_SOURCE_READ:
		return entry_read(e, data, len);
	case ZIP_SOURCE_CLOSE:
		return entry_close(e);
	case ZIP_SOURCE_STAT:
		return entry_stat(e, data);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&e->error, data, len);
	case ZIP_SOURCE_FREE:
		return 0;
	default:
		zip_error_set(&e->error, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

/* ---- writing ---- */

static zip_uint16_t to_dos_date(struct date d)
{
	if (d.year < 1980)
		d = (struct date){1980, 1, 1};
	if (d.year > 2107)
		d = (struct date){2107, 12, 31};
	return (zip_uint16_t)((d.year - 1980) << 9 | d.month << 5 | d.day);
}

#define DOS_NOON ((zip_uint16_t)(12 << 11))
#define UNIX_FILE_0644 ((zip_uint32_t)0100644 << 16)

static bool add_entry(zip_t *zip, struct entry *e)
{
	zip_source_t *source = zip_source_function(zip, entry_source, e);
	zip_int64_t index;
	zip_uint64_t at;

	if (!source)
		return false;
	index = zip_file_add(zip, e->name, source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return false;
	}
	at = (zip_uint64_t)index;
	return zip_file_set_dostime(zip, at, DOS_NOON, e->pack->dos_date, 0) == 0 &&
	       zip_file_set_external_attributes(zip, at, 0, ZIP_OPSYS_UNIX, UNIX_FILE_0644) == 0;
}

static enum pack_error fail_zip(struct pack *p, zip_error_t *error)
{
	int number = zip_error_system_type(error) == ZIP_ET_SYS ? zip_error_code_system(error) : 0;

	return fail(p, PACK_SYSTEM, str_from(zip_error_strerror(error)), number ? number : EIO);
}

static enum pack_error write_zip(struct pack *p, const char *path)
{
	enum pack_error result;
	zip_error_t error;
	int code;
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);

	if (!zip) {
		zip_error_init_with_code(&error, code);
		result = fail_zip(p, &error);
		zip_error_fini(&error);
		return result;
	}
	for (size_t i = 0; i < p->manifest->len; i++) {
		if (add_entry(zip, &p->entries[i]))
			continue;
		result = fail_zip(p, zip_get_error(zip));
		zip_discard(zip);
		return result;
	}
	if (zip_close(zip) == 0)
		return PACK_OK;
	result = fail_zip(p, zip_get_error(zip));
	zip_discard(zip);
	return result;
}

static enum pack_error finish(struct pack *p, const char *path)
{
	int error = fs_sync(p->fs, path);

	if (!error)
		error = store_adopt(p->store, path, &p->out->digest, &p->out->size, NULL);
	if (!error)
		return PACK_OK;
	(void)fs_remove(p->fs, path);
	return fail(p, PACK_SYSTEM, str_from(path), error);
}

enum pack_error pack_write(struct store *s, struct arena *a, const struct manifest *m, struct str top,
	struct date issued, const char *scratch_path, struct pack_result *out)
{
	struct pack p = {.store = s,
		.fs = store_fs(s),
		.arena = a,
		.manifest = m,
		.dos_date = to_dos_date(issued),
		.path = arena_alloc(a, store_path_max(s)),
		.file = {.fd = -1},
		.out = out};
	enum pack_error result;

	*out = (struct pack_result){0};
	result = check_names(&p, top);
	if (!result)
		result = collect(&p, top);
	if (!result)
		result = write_zip(&p, scratch_path);
	return result ? result : finish(&p, scratch_path);
}
