/*
 * Large files go up in parts, which the server keeps until they are put together: the file's name shows the old
 * bytes until then. An upload is known again by a small object, .faktablad/upload-<digest>, whose name is made
 * of the path, the file's digest and what it is served with; so whoever publishes the same file goes on with
 * it, also after a kill: parts whose checksum is that of the local bytes are not sent again. Uploads to the
 * same path that are for anything else are given up, and all that are left once a publish is complete.
 */
#include "action/publish_s3_impl.h"
#include "base/md5.h"

#include <errno.h>

#define UPLOAD_PREFIX "upload-"
#define NOTE_MAX_BYTES 4096
#define PART_BYTES ((uint64_t)8 << 20)
#define PART_COUNT_MAX 10000
#define PART_SIZE_MAX ((uint64_t)1 << 30)
#define ANSWER_MAX_BYTES ((size_t)16 << 20)

/* One file on its way. */
struct upload {
	struct publish_s3_link *l;
	struct publish_job *job;
	struct arena *scratch;
	struct str note; /* the path of its note */
	struct str id;
	bool resumed;
	bool done;		       /* it is there, whole: the answer to an earlier try was lost */
	struct publish_s3_parts there; /* sorted by number, when it is resumed */
	struct publish_source source;
	uint64_t part_size;
	char *bytes;	     /* of one part */
	struct md5_run *all; /* of the parts' checksums: what the whole's ETag is made of */
	struct buf list;     /* for the server: what the whole is made of */
	unsigned count;
};

static struct publish_s3_call call_for(const char *doing, const char *method, struct str path)
{
	return (struct publish_s3_call){
		.doing = doing, .method = method, .path = path, .max = ANSWER_MAX_BYTES};
}

/* ---- notes ---- */

/* "faktablad-upload 1\nid <id>\npath <path>\n" */
struct note {
	struct str id, path;
};

static bool read_note(struct note *out, struct str text)
{
	struct str head, id, path;

	if (!str_cut(&text, '\n', &head) || !str_is(head, "faktablad-upload 1") ||
		!str_cut(&text, '\n', &id) || !str_starts(id, STR("id ")) || !str_cut(&text, '\n', &path) ||
		!str_starts(path, STR("path ")))
		return false;
	out->id = str_slice(id, strlen("id "), id.n);
	out->path = str_slice(path, strlen("path "), path.n);
	return out->id.n && publish_path_safe(out->path);
}

static struct str note_of(struct arena *a, const struct publish_job *job)
{
	uint64_t headers = job->headers ? job->headers->hash : 0;
	char digest[DIGEST_HEX + 1], name[DIGEST_HEX + 1];
	struct digest d;

	digest_hex(&job->digest, digest);
	d = digest_of(str_fmt(a, "%.*s\n%s\n%llx", STR_ARG(job->path), digest, (unsigned long long)headers));
	digest_hex(&d, name);
	return str_fmt(a, PUBLISH_FOLDER "/" UPLOAD_PREFIX "%.32s", name);
}

static enum publish_answer fetch_note(
	struct publish_s3_link *l, struct arena *a, struct str path, struct note *out)
{
	struct publish_s3_call call = {.doing = "read", .method = "GET", .path = path, .max = NOTE_MAX_BYTES};
	enum publish_answer answer = publish_s3_do(l, &call);

	if (answer != ANSWER_OK)
		return answer;
	return read_note(out, str_dup(a, buf_str(&l->answer))) ? ANSWER_OK : ANSWER_ABSENT;
}

static enum publish_answer write_note(struct upload *u)
{
	struct publish_s3_call call = call_for("write", "PUT", u->note);

	call.text = str_fmt(u->scratch, "faktablad-upload 1\nid %.*s\npath %.*s\n", STR_ARG(u->id),
		STR_ARG(u->job->path));
	publish_s3_header(&call, STR("content-type"), STR("text/plain; charset=utf-8"));
	return publish_s3_do(u->l, &call);
}

static enum publish_answer remove_quietly(struct publish_s3_link *l, struct str path, struct str id)
{
	struct publish_s3_call call = {.doing = "remove", .method = "DELETE", .path = path};
	enum publish_answer answer;

	if (id.n)
		publish_s3_query(&call, "uploadId", id);
	answer = publish_s3_do(l, &call);
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

/* ---- finding an upload, or beginning one ---- */

static enum publish_answer list_parts(struct upload *u)
{
	enum publish_answer answer;

	u->there = (struct publish_s3_parts){0};
	do {
		struct publish_s3_call call = call_for("list the parts of", "GET", u->job->path);

		publish_s3_query(&call, "uploadId", u->id);
		if (u->there.next)
			publish_s3_query(
				&call, "part-number-marker", str_fmt(u->scratch, "%u", u->there.next));
		answer = publish_s3_do(u->l, &call);
		if (answer == ANSWER_OK &&
			!publish_s3_read_parts(&u->there, u->scratch, buf_str(&u->l->answer), u->l->base.why))
			answer = ANSWER_FAILED;
	} while (answer == ANSWER_OK && u->there.truncated);
	return answer;
}

/* Uploads to this path that are for something else. */
static enum publish_answer abort_others(struct upload *u)
{
	struct publish_s3 *s3 = u->l->target;
	struct str key = STR_CONCAT(u->scratch, s3->prefix, u->job->path);
	struct publish_s3_call call = {
		.doing = "list the uploads of", .method = "GET", .max = ANSWER_MAX_BYTES};
	struct publish_s3_uploads uploads = {0};
	enum publish_answer answer;

	publish_s3_query(&call, "uploads", STR(""));
	publish_s3_query(&call, "prefix", key);
	publish_s3_query(&call, "encoding-type", STR("url"));
	answer = publish_s3_do(u->l, &call);
	if (answer != ANSWER_OK)
		return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
	if (!publish_s3_read_uploads(&uploads, u->scratch, buf_str(&u->l->answer), u->l->base.why))
		return ANSWER_FAILED;
	for (size_t i = 0; i < uploads.len && answer == ANSWER_OK; i++)
		if (str_eq(uploads.items[i].key, key) && !str_eq(uploads.items[i].id, u->id))
			answer = remove_quietly(u->l, u->job->path, uploads.items[i].id);
	return answer;
}

static enum publish_answer begin_upload(struct upload *u)
{
	struct publish_s3_call call = call_for("write", "POST", u->job->path);
	enum publish_answer answer;

	publish_s3_query(&call, "uploads", STR(""));
	publish_s3_describe(&call, u->scratch, u->job);
	answer = publish_s3_do(u->l, &call);
	if (answer != ANSWER_OK)
		return answer == ANSWER_ABSENT ? ANSWER_AGAIN : answer;
	if (!publish_s3_read_upload_id(&u->id, u->scratch, buf_str(&u->l->answer), u->l->base.why))
		return ANSWER_FAILED;
	answer = abort_others(u);
	return answer == ANSWER_OK ? write_note(u) : answer;
}

/* There is a note and no upload: it was given up, or it is complete. */
static enum publish_answer look_finished(struct upload *u)
{
	uint64_t size;
	enum publish_answer answer = publish_s3_head(u->l, u->job, &size, &u->done);

	return answer == ANSWER_OK && !u->done ? ANSWER_ABSENT : answer;
}

static enum publish_answer find_upload(struct upload *u)
{
	struct note note;
	enum publish_answer answer = fetch_note(u->l, u->scratch, u->note, &note);

	if (answer == ANSWER_OK && !str_eq(note.path, u->job->path))
		answer = ANSWER_ABSENT;
	if (answer == ANSWER_OK) {
		u->id = note.id;
		answer = list_parts(u);
		u->resumed = answer == ANSWER_OK;
		if (answer == ANSWER_ABSENT)
			answer = look_finished(u);
	}
	if (answer == ANSWER_ABSENT)
		answer = begin_upload(u);
	return answer;
}

/* ---- parts ---- */

static const struct publish_s3_part *find_part(const struct upload *u, unsigned number)
{
	for (size_t i = 0; i < u->there.len; i++)
		if (u->there.items[i].number == number)
			return &u->there.items[i];
	return NULL;
}

static int read_part(struct upload *u, size_t *out)
{
	size_t n = 1;
	int error = 0;

	*out = 0;
	while (!error && n && *out < u->part_size) {
		error = publish_source_read(&u->source, u->bytes + *out, (size_t)u->part_size - *out, &n);
		*out += error ? 0 : n;
	}
	return error;
}

static enum publish_answer send_part(
	struct upload *u, struct str bytes, const struct md5 *md5, struct str *etag)
{
	struct publish_s3_call call = call_for("write", "PUT", u->job->path);
	char sum[MD5_BASE64 + 1];
	enum publish_answer answer;

	call.text = bytes;
	publish_s3_query(&call, "partNumber", str_fmt(u->scratch, "%u", u->count));
	publish_s3_query(&call, "uploadId", u->id);
	md5_base64(md5, sum);
	if (md5->known)
		publish_s3_header(&call, STR("content-md5"), str_from(sum));
	answer = publish_s3_do(u->l, &call);
	if (answer != ANSWER_ABSENT) {
		*etag = str_dup(u->scratch, publish_s3_bare_etag(publish_s3_answered(u->l, "etag")));
		return answer;
	}
	buf_addf(u->l->base.why, "somebody gave up the upload of %.*s meanwhile", STR_ARG(u->job->path));
	return ANSWER_AGAIN;
}

/* An ETag of a part that is no checksum (encrypted buckets) is no reason to believe that the bytes are the same. */
static enum publish_answer put_part(struct upload *u, struct str bytes)
{
	const struct publish_s3_part *there = find_part(u, ++u->count);
	struct md5 md5 = md5_of(bytes);
	char hex[MD5_HEX + 1];
	struct str etag;
	enum publish_answer answer = ANSWER_OK;

	md5_hex(&md5, hex);
	etag = str_from(hex);
	if (!there || !md5.known || there->size != bytes.n || !str_is(there->etag, hex))
		answer = send_part(u, bytes, &md5, &etag);
	md5_run_add(u->all, str_make((const char *)md5.bytes, sizeof(md5.bytes)));
	buf_addf(&u->list, "<Part><PartNumber>%u</PartNumber><ETag>\"", u->count);
	buf_add_html(&u->list, etag);
	buf_addz(&u->list, "\"</ETag></Part>");
	return answer;
}

static enum publish_answer put_parts(struct upload *u)
{
	enum publish_answer answer = ANSWER_OK;
	size_t n = 0;

	do {
		int error = read_part(u, &n);

		if (error)
			return publish_unsent(&u->l->base, u->job->local, error);
		if (u->l->base.stop && atomic_load(u->l->base.stop))
			return ANSWER_STOPPED;
		if (n)
			answer = put_part(u, str_make(u->bytes, n));
	} while (answer == ANSWER_OK && n == u->part_size);
	return answer;
}

/* ---- the whole ---- */

static enum publish_answer complete(struct upload *u)
{
	struct publish_s3_call call = call_for("write", "POST", u->job->path);
	enum publish_answer answer;
	bool done = false;

	/* Some servers ignore the condition here. */
	answer = publish_s3_free(u->l, u->job, &done);
	if (answer != ANSWER_OK || done)
		return done ? remove_quietly(u->l, u->job->path, u->id) : answer;
	buf_addz(&u->list, "</CompleteMultipartUpload>");
	call.text = buf_str(&u->list);
	call.late = true;
	publish_s3_query(&call, "uploadId", u->id);
	publish_s3_header(&call, STR("content-type"), STR("application/xml"));
	if (u->job->fresh && publish_s3_honours(u->l->target))
		publish_s3_header(&call, STR("if-none-match"), STR("*"));
	answer = publish_s3_do(u->l, &call);
	if (answer == ANSWER_TAKEN)
		answer = publish_s3_free(u->l, u->job, &done);
	return answer == ANSWER_ABSENT ? ANSWER_AGAIN : answer;
}

/* Size, and the checksum that the server made of the parts'; where it is another kind, the bytes themselves. */
static enum publish_answer verify(struct upload *u, const struct md5 *all)
{
	struct publish_job seen = {.path = u->job->path, .digest = u->job->digest};
	enum publish_answer answer;
	char hex[MD5_HEX + 1];
	bool same = false;
	uint64_t size = 0;

	answer = publish_s3_head(u->l, u->job, &size, &same);
	if (answer == ANSWER_OK && size == u->job->size) {
		md5_hex(all, hex);
		same = all->known && str_eq(publish_s3_bare_etag(publish_s3_answered(u->l, "etag")),
					     str_fmt(u->scratch, "%s-%u", hex, u->count));
		if (same || !u->resumed)
			return ANSWER_OK;
		answer = u->l->base.b->ops->digest(&u->l->base, &seen);
		if (answer == ANSWER_OK && digest_eq(&seen.digest, &u->job->digest))
			return ANSWER_OK;
	}
	if (answer != ANSWER_OK && answer != ANSWER_ABSENT)
		return answer;
	buf_clear(u->l->base.why);
	buf_addf(u->l->base.why, "%.*s was put together wrongly by the server", STR_ARG(u->job->path));
	return ANSWER_AGAIN;
}

static enum publish_answer put_whole(struct upload *u)
{
	enum publish_answer answer = put_parts(u);
	struct digest digest;
	uint64_t size;
	struct md5 all = md5_run_free(u->all);

	publish_source_close(&u->source, &digest, &size);
	if (answer == ANSWER_OK && (size != u->job->size || !digest_eq(&digest, &u->job->digest))) {
		(void)!remove_quietly(u->l, u->job->path, u->id);
		(void)!remove_quietly(u->l, u->note, STR(""));
		return publish_unsent(&u->l->base, u->job->local, ESTALE);
	}
	if (answer == ANSWER_OK)
		answer = complete(u);
	if (answer == ANSWER_OK)
		answer = verify(u, &all);
	return answer == ANSWER_OK ? remove_quietly(u->l, u->note, STR("")) : answer;
}

static uint64_t part_size_for(uint64_t size)
{
	uint64_t part = PART_BYTES;

	while (part < PART_SIZE_MAX && size / part >= PART_COUNT_MAX)
		part *= 2;
	return part;
}

enum publish_answer publish_s3_put_large(struct publish_s3_link *l, struct publish_job *job)
{
	struct arena scratch = *l->base.arena;
	struct upload u = {.l = l, .job = job, .scratch = &scratch, .part_size = part_size_for(job->size)};
	enum publish_answer answer;
	int error;

	atomic_store(&l->target->changed, true);
	u.note = note_of(&scratch, job);
	answer = find_upload(&u);
	if (answer == ANSWER_OK && u.done)
		return remove_quietly(l, u.note, STR(""));
	if (answer != ANSWER_OK)
		return answer;
	error = publish_source_open(&u.source, l->base.b->fs, job->local);
	if (error)
		return publish_unsent(&l->base, job->local, error);
	u.bytes = xmalloc((size_t)u.part_size);
	u.all = md5_run_new();
	buf_init(&u.list, ANSWER_MAX_BYTES);
	buf_addz(&u.list, "<CompleteMultipartUpload>");
	answer = put_whole(&u);
	buf_release(&u.list);
	free(u.bytes);
	return answer;
}

/* ---- what others left ---- */

static enum publish_answer give_up(struct publish_s3_link *l, struct arena *a, struct str name)
{
	struct str path = STR_CONCAT(a, STR(PUBLISH_FOLDER "/"), name);
	struct note note;
	enum publish_answer answer = fetch_note(l, a, path, &note);

	if (answer == ANSWER_OK)
		answer = remove_quietly(l, note.path, note.id);
	return answer == ANSWER_OK || answer == ANSWER_ABSENT ? remove_quietly(l, path, STR("")) : answer;
}

void publish_s3_tidy(struct publish_s3_link *l)
{
	struct arena scratch = *l->base.arena;
	struct publish_listing listing = {0};
	enum publish_answer answer = l->base.b->ops->list(&l->base, STR(PUBLISH_FOLDER), &scratch, &listing);

	for (size_t i = 0; i < listing.len && answer == ANSWER_OK; i++)
		if (listing.items[i].kind == PUBLISH_FILE &&
			str_starts(listing.items[i].name, STR(UPLOAD_PREFIX)))
			answer = give_up(l, &scratch, listing.items[i].name);
}
