#include "action/publish_s3_xml.h"

#include "action/publish_url.h"
#include "action/publish_xml.h"

struct str publish_s3_bare_etag(struct str etag)
{
	etag = str_trim(etag);
	if (str_starts(etag, STR("W/")))
		etag = str_slice(etag, 2, etag.n);
	if (etag.n >= 2 && etag.p[0] == '"' && etag.p[etag.n - 1] == '"')
		etag = str_slice(etag, 1, etag.n - 1);
	return etag;
}

/* ---- what all of them share ---- */

/* A field of an answer: the text of the element at `path` goes to `out`. */
struct field {
	const char *path;
	struct str *out;
};

struct reading {
	struct arena *a;
	struct buf *why;
	const struct field *fields;
	size_t field_count;
	const char *item; /* this element's fields are complete: `add` takes them and they are emptied */
	bool (*add)(struct reading *r);
	const char *item2; /* another kind */
	bool (*add2)(struct reading *r);
	void *out;
	bool root; /* what ended last is the answer that was asked for */
	const char *name;
};

static void clear_fields(struct reading *r, const char *item)
{
	size_t n = strlen(item);

	for (size_t i = 0; i < r->field_count; i++)
		if (strncmp(r->fields[i].path, item, n) == 0 && r->fields[i].path[n] == '/')
			*r->fields[i].out = STR("");
}

static bool see(void *ctx, struct str path, struct str text)
{
	struct reading *r = ctx;
	bool fine = true;

	for (size_t i = 0; i < r->field_count; i++)
		if (str_is(path, r->fields[i].path))
			*r->fields[i].out = str_dup(r->a, text);
	if (r->item && str_is(path, r->item)) {
		fine = r->add(r);
		clear_fields(r, r->item);
	} else if (r->item2 && str_is(path, r->item2)) {
		fine = r->add2(r);
		clear_fields(r, r->item2);
	}
	r->root = str_is(path, r->name);
	return fine;
}

static bool read_answer(struct reading *r, struct str text)
{
	struct publish_xml x = {.element = see, .ctx = r};

	if (!publish_xml_read(&x, text, r->why))
		return false;
	if (!r->root)
		buf_addf(r->why, "the server's answer is no %s", r->name);
	return r->root;
}

static bool refuse(struct reading *r, const char *what, struct str value)
{
	buf_addf(r->why, "the server's answer has %s “%.*s”", what, STR_ARG(str_slice(value, 0, 100)));
	return false;
}

static bool to_size(struct str text, uint64_t *out)
{
	int64_t number;

	if (!str_to_int(str_trim(text), &number) || number < 0)
		return false;
	*out = (uint64_t)number;
	return true;
}

static bool is_true(struct str text)
{
	return str_is(str_trim(text), "true");
}

/* ---- errors ---- */

bool publish_s3_read_error(struct publish_s3_error *out, struct arena *a, struct str text)
{
	struct publish_s3_error e = {0};
	const struct field fields[] = {
		{"Error/Code", &e.code},
		{"Error/Message", &e.message},
		{"Error/Region", &e.region},
		{"Error/ServerTime", &e.time},
	};
	struct buf why;
	struct reading r = {
		.a = a, .why = &why, .fields = fields, .field_count = COUNT_OF(fields), .name = "Error"};
	bool fine;

	buf_init(&why, BUF_MAX_DEFAULT);
	fine = read_answer(&r, text) && e.code.n;
	buf_release(&why);
	if (fine)
		*out = e;
	return fine;
}

/* ---- listings ---- */

struct page_reading {
	struct str encoding, truncated, next, key, size, prefix;
	struct str below; /* what was asked for */
	struct {
		struct str key;
		bool folder;
		uint64_t size;
	} * items;
	size_t len, cap;
};

static bool add_item(struct reading *r, struct str key, bool folder, uint64_t size)
{
	struct page_reading *p = r->out;

	p->items = arena_grow(r->a, p->items, p->len, &p->cap, sizeof(*p->items));
	p->items[p->len].key = key;
	p->items[p->len].folder = folder;
	p->items[p->len++].size = size;
	return true;
}

static bool add_key(struct reading *r)
{
	struct page_reading *p = r->out;
	uint64_t size;

	if (!to_size(p->size, &size))
		return refuse(r, "the size", p->size);
	return add_item(r, p->key, false, size);
}

static bool add_prefix(struct reading *r)
{
	return add_item(r, ((struct page_reading *)r->out)->prefix, true, 0);
}

/* As forms are encoded: a plus is a space. */
static bool decode(struct arena *a, struct str encoded, struct str *out)
{
	char *text = (char *)str_dup(a, encoded).p;
	struct buf b;
	bool fine;

	for (size_t i = 0; i < encoded.n; i++)
		if (text[i] == '+')
			text[i] = ' ';
	buf_init(&b, BUF_MAX_DEFAULT);
	fine = publish_url_decode(&b, str_make(text, encoded.n)) && !buf_failed(&b);
	*out = str_dup(a, buf_str(&b));
	buf_release(&b);
	return fine;
}

/* The name below the prefix; empty: none that a path could have. */
static struct str name_of(struct str key, struct str prefix, bool folder)
{
	struct str name = str_slice(key, prefix.n, key.n);

	if (folder && name.n && name.p[name.n - 1] == '/')
		name.n--;
	return str_find_byte(name, '/') == name.n ? name : STR("");
}

static bool add_names(struct page_reading *p, struct reading *r, struct publish_listing *out)
{
	bool encoded = str_is(str_trim(p->encoding), "url");

	for (size_t i = 0; i < p->len; i++) {
		struct str key = p->items[i].key;
		struct publish_listed one = {.size = p->items[i].size};

		if (encoded && !decode(r->a, key, &key))
			continue;
		if (!str_starts(key, p->below))
			return refuse(r, "a key that was not asked for,", key);
		one.name = name_of(key, p->below, p->items[i].folder);
		one.kind = p->items[i].folder ? PUBLISH_DIR : PUBLISH_FILE;
		one.sized = !p->items[i].folder;
		if (one.name.n)
			publish_listing_add(out, r->a, &one);
	}
	return true;
}

bool publish_s3_read_page(struct publish_s3_page *page, struct publish_listing *out, struct arena *a,
	struct str prefix, struct str text, struct buf *why)
{
	struct page_reading p = {.below = prefix};
	const struct field fields[] = {
		{"ListBucketResult/EncodingType", &p.encoding},
		{"ListBucketResult/IsTruncated", &p.truncated},
		{"ListBucketResult/NextContinuationToken", &p.next},
		{"ListBucketResult/Contents/Key", &p.key},
		{"ListBucketResult/Contents/Size", &p.size},
		{"ListBucketResult/CommonPrefixes/Prefix", &p.prefix},
	};
	struct reading r = {
		.a = a,
		.why = why,
		.fields = fields,
		.field_count = COUNT_OF(fields),
		.item = "ListBucketResult/Contents",
		.add = add_key,
		.item2 = "ListBucketResult/CommonPrefixes",
		.add2 = add_prefix,
		.out = &p,
		.name = "ListBucketResult",
	};

	if (!read_answer(&r, text) || !add_names(&p, &r, out))
		return false;
	page->truncated = is_true(p.truncated);
	page->next = p.next;
	if (page->truncated && !p.next.n) {
		buf_addz(why, "the server's answer is cut short and does not say how to go on");
		return false;
	}
	return true;
}

/* ---- uploads in parts ---- */

struct parts_reading {
	struct str number, etag, size, truncated, next;
	struct publish_s3_parts *out;
};

static bool add_part(struct reading *r)
{
	struct parts_reading *p = r->out;
	struct publish_s3_parts *out = p->out;
	struct publish_s3_part part = {.etag = publish_s3_bare_etag(p->etag)};
	uint64_t number;

	if (!to_size(p->number, &number) || number < 1 || number > 10000)
		return refuse(r, "the part", p->number);
	if (!to_size(p->size, &part.size))
		return refuse(r, "the size", p->size);
	part.number = (unsigned)number;
	out->items = arena_grow(r->a, out->items, out->len, &out->cap, sizeof(*out->items));
	out->items[out->len++] = part;
	return true;
}

bool publish_s3_read_parts(struct publish_s3_parts *out, struct arena *a, struct str text, struct buf *why)
{
	struct parts_reading p = {.out = out};
	const struct field fields[] = {
		{"ListPartsResult/IsTruncated", &p.truncated},
		{"ListPartsResult/NextPartNumberMarker", &p.next},
		{"ListPartsResult/Part/PartNumber", &p.number},
		{"ListPartsResult/Part/ETag", &p.etag},
		{"ListPartsResult/Part/Size", &p.size},
	};
	struct reading r = {
		.a = a,
		.why = why,
		.fields = fields,
		.field_count = COUNT_OF(fields),
		.item = "ListPartsResult/Part",
		.add = add_part,
		.out = &p,
		.name = "ListPartsResult",
	};
	uint64_t next = 0;

	if (!read_answer(&r, text))
		return false;
	out->truncated = is_true(p.truncated);
	if (out->truncated && (!to_size(p.next, &next) || next <= out->next || next > 10000))
		return refuse(&r, "the next part", p.next);
	out->next = (unsigned)next;
	return true;
}

struct uploads_reading {
	struct str encoding, key, id, truncated, next_key, next_id;
	struct publish_s3_uploads *out;
	size_t first;
};

static bool add_upload(struct reading *r)
{
	struct uploads_reading *u = r->out;
	struct publish_s3_uploads *out = u->out;

	out->items = arena_grow(r->a, out->items, out->len, &out->cap, sizeof(*out->items));
	out->items[out->len++] = (struct publish_s3_upload){u->key, u->id};
	return true;
}

/* What cannot be decoded is left: it is no key of ours. */
static void decode_uploads(struct uploads_reading *u, struct arena *a)
{
	if (!str_is(str_trim(u->encoding), "url"))
		return;
	for (size_t i = u->first; i < u->out->len; i++) {
		struct str key;

		if (decode(a, u->out->items[i].key, &key))
			u->out->items[i].key = key;
	}
	(void)decode(a, u->next_key, &u->next_key);
}

bool publish_s3_read_uploads(
	struct publish_s3_uploads *out, struct arena *a, struct str text, struct buf *why)
{
	struct uploads_reading u = {.out = out, .first = out->len};
	const struct field fields[] = {
		{"ListMultipartUploadsResult/EncodingType", &u.encoding},
		{"ListMultipartUploadsResult/IsTruncated", &u.truncated},
		{"ListMultipartUploadsResult/NextKeyMarker", &u.next_key},
		{"ListMultipartUploadsResult/NextUploadIdMarker", &u.next_id},
		{"ListMultipartUploadsResult/Upload/Key", &u.key},
		{"ListMultipartUploadsResult/Upload/UploadId", &u.id},
	};
	struct reading r = {
		.a = a,
		.why = why,
		.fields = fields,
		.field_count = COUNT_OF(fields),
		.item = "ListMultipartUploadsResult/Upload",
		.add = add_upload,
		.out = &u,
		.name = "ListMultipartUploadsResult",
	};

	if (!read_answer(&r, text))
		return false;
	decode_uploads(&u, a);
	out->truncated = is_true(u.truncated) && u.next_key.n;
	out->next_key = u.next_key;
	out->next_id = u.next_id;
	return true;
}

bool publish_s3_read_upload_id(struct str *out, struct arena *a, struct str text, struct buf *why)
{
	struct str id = {0};
	const struct field fields[] = {{"InitiateMultipartUploadResult/UploadId", &id}};
	struct reading r = {
		.a = a,
		.why = why,
		.fields = fields,
		.field_count = COUNT_OF(fields),
		.name = "InitiateMultipartUploadResult",
	};

	if (!read_answer(&r, text))
		return false;
	id = str_trim(id);
	if (!id.n)
		return refuse(&r, "the upload", id);
	*out = id;
	return true;
}
