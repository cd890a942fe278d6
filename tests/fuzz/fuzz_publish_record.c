/* What publish reads from a target: manifests, intents, locks; and addresses. What is taken comes back the
 * same. */
#include "action/publish_lock.h"
#include "action/publish_record.h"
#include "action/publish_url.h"

static void check_record(struct arena *a, enum publish_record_kind kind, struct str text)
{
	struct publish_record r;
	struct buf again;
	size_t line;

	if (!publish_record_read(&r, a, kind, text, &line))
		return;
	for (size_t i = 0; i < r.len; i++)
		if (!publish_path_safe(r.entries[i].path))
			BUG("an unsafe path was taken");
	buf_init(&again, PUBLISH_RECORD_MAX_BYTES);
	publish_record_write(&again, &r);
	if (publish_record_read(&r, a, kind, buf_str(&again), &line) == false)
		BUG("what was written cannot be read at line %zu", line);
	buf_release(&again);
}

/* The digest keeps random bytes out: entries are also tried with a right one. */
static void check_sealed(struct arena *a, enum publish_record_kind kind, struct str body)
{
	struct digest digest = digest_of(body);
	char hex[DIGEST_HEX + 1];
	struct str head, text;
	size_t lines = 0;

	for (size_t i = 0; i < body.n; i++)
		lines += body.p[i] == '\n';
	digest_hex(&digest, hex);
	head = str_fmt(a, "faktablad-target 1 %s\ngeneration 1\ntoken ab\nsite %s\nentries %zu %s\n",
		kind == PUBLISH_RECORD_INTENT ? "intent" : "manifest", hex, lines, hex);
	text = str_join(a, head, body);
	check_record(a, kind, text);
}

/* What programs and servers are told must not be able to mean anything else. */
static void check_address(const struct publish_address *address)
{
	struct str rest = address->path, name;

	if (address->host.n == 0 || address->host.p[0] == '-' || address->port > 65535)
		BUG("no host was taken for one");
	while (address->path.n && str_cut(&rest, '/', &name))
		if (name.n == 0 || str_is(name, ".."))
			BUG("a path that is not plain was taken");
}

static void check_url(struct arena *a, struct str url)
{
	struct publish_address address;
	struct publish_lock_text lock;
	const char *path;
	struct buf why;

	buf_init(&why, 1 << 20);
	if (publish_url_check(url, &why) && publish_url_file_path(a, url, &path, &why) && path[0] != '/')
		BUG("a relative path was taken");
	buf_clear(&why);
	if (publish_url_check(url, &why) && publish_url_parse(a, url, &address, &why))
		check_address(&address);
	(void)publish_url_resolve(a, "/root", url);
	(void)!publish_lock_read(&lock, url);
	buf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	for (int kind = PUBLISH_RECORD_MANIFEST; kind <= PUBLISH_RECORD_INTENT; kind++) {
		check_record(&a, (enum publish_record_kind)kind, text);
		check_sealed(&a, (enum publish_record_kind)kind, text);
	}
	check_url(&a, text);
	arena_release(&a);
	return 0;
}
