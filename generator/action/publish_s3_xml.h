/*
 * publish_s3_xml: what an S3 server answers, read.
 *
 * Pure. Everything comes from a network: a text that is no such answer is refused as a whole, with a sentence.
 * Keys and names live in the arena. A bucket's folders are what its keys look like: what stands before a '/'.
 */
#ifndef ACTION_PUBLISH_S3_XML_H
#define ACTION_PUBLISH_S3_XML_H

#include "action/publish_backend.h"

struct publish_s3_error {
	struct str code, message; /* empty: not said */
	struct str region;	  /* where the bucket is */
	struct str time;	  /* the server's, when the clocks differ */
};

/* One page of a listing; `next` goes on with it. */
struct publish_s3_page {
	bool truncated;
	struct str next;
};

struct publish_s3_part {
	unsigned number;
	struct str etag; /* without quotes */
	uint64_t size;
};

struct publish_s3_parts {
	struct publish_s3_part *items;
	size_t len, cap;
	bool truncated;
	unsigned next;
};

struct publish_s3_upload {
	struct str key, id;
};

struct publish_s3_uploads {
	struct publish_s3_upload *items;
	size_t len, cap;
	bool truncated;
	struct str next_key, next_id;
};

/* False: the text is no <Error>. */
bool publish_s3_read_error(struct publish_s3_error *out, struct arena *a, struct str text) MUST_USE;

/* Adds what stands below the prefix, as names without it; keys that are no paths are passed over. */
bool publish_s3_read_page(struct publish_s3_page *page, struct publish_listing *out, struct arena *a,
	struct str prefix, struct str text, struct buf *why) MUST_USE;

/* These two add to what is there. */
bool publish_s3_read_parts(
	struct publish_s3_parts *out, struct arena *a, struct str text, struct buf *why) MUST_USE;
bool publish_s3_read_uploads(
	struct publish_s3_uploads *out, struct arena *a, struct str text, struct buf *why) MUST_USE;

/* Of an upload that has just been begun. */
bool publish_s3_read_upload_id(struct str *out, struct arena *a, struct str text, struct buf *why) MUST_USE;

/* Without the quotes around it and the mark of a weak one. */
struct str publish_s3_bare_etag(struct str etag);

#endif
