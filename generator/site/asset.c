#include "site/asset.h"

#include "base/buf.h"

#include <errno.h>

/* Hex digits of the digest in a file name: enough that two versions never meet. */
#define FINGERPRINT 8

/* Longer names of media are cut, so that packs can hold them. */
#define MEDIA_NAME_MAX 64
#define SUFFIX_MAX 8

struct loader {
	struct assets *as;
	struct arena *a;
	struct arena bytes; /* of one file of content/ at a time */
	const struct input *in;
	struct diag *d;
};

static bool is_fingerprint(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return s.n == FINGERPRINT;
}

bool asset_is_fingerprinted(struct str out)
{
	struct str name = str_file_name(out), last, before;

	if (!str_starts(out, STR("assets/")) && !str_starts(out, STR("media/")))
		return false;
	last = str_slice(name, str_after_last(name, '.'), name.n);
	before = str_slice(name, 0, name.n - last.n - (last.n < name.n));
	/* "site.3f9a12cd.css", or "LICENSE.3f9a12cd" */
	return (before.n && is_fingerprint(last)) ||
	       (str_after_last(before, '.') &&
		       is_fingerprint(str_slice(before, str_after_last(before, '.'), before.n)));
}

/* "site.css" gives "assets/site.3f9a12cd.css". */
static struct str fingerprinted(
	struct arena *a, const char *folder, struct str name, const struct digest *digest)
{
	size_t dot = str_after_last(name, '.');
	char hex[DIGEST_HEX + 1];
	struct str print;

	digest_hex(digest, hex);
	print = str_make(hex, FINGERPRINT);
	if (!dot)
		return STR_CONCAT(a, str_from(folder), STR("/"), name, STR("."), print);
	return STR_CONCAT(a, str_from(folder), STR("/"), str_slice(name, 0, dot), print, STR("."),
		str_slice(name, dot, name.n));
}

static struct str template_key(struct arena *a, struct str name)
{
	char *key = arena_alloc(a, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		key[i] = name.p[i] == '.' || name.p[i] == '-' || name.p[i] == '/' ? '_' : name.p[i];
	return str_make(key, name.n);
}

static bool read_bytes(struct loader *ld, struct str file, struct str shown, struct arena *a, struct str *out)
{
	int error = fs_read(ld->in->fs, file.p, a, ASSET_MAX_BYTES, out);

	if (error == EFBIG)
		diag_add_path(ld->d, RULE_FILE_TOO_LARGE, shown,
			"the file is larger than %zu bytes; it was left out", ASSET_MAX_BYTES);
	else if (error)
		diag_add_path(
			ld->d, RULE_FILE_UNREADABLE, shown, "the file cannot be read: %s", strerror(error));
	return !error;
}

static const struct asset *find_file(const struct assets *as, struct str name)
{
	for (size_t i = 0; i < as->file_count; i++)
		if (str_eq(as->files[i].name, name))
			return &as->files[i];
	return NULL;
}

/* What stands in url(…) without its quotes. */
static struct str unquoted(struct str s)
{
	s = str_trim(s);
	if (s.n > 1 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		return str_slice(s, 1, s.n - 1);
	return s;
}

/* Replaces url(NAME) of the assets known so far. */
static struct str rewrite_css(struct loader *ld, struct str css)
{
	struct str text, rest = css;
	struct buf out;

	buf_init(&out, 2 * ASSET_MAX_BYTES);
	for (;;) {
		size_t at = str_find(rest, STR("url("));
		struct str inside = str_slice(rest, at + 4, rest.n), name;
		const struct asset *asset;

		inside = str_slice(inside, 0, str_find_byte(inside, ')'));
		name = unquoted(inside);
		asset = find_file(ld->as, name);
		buf_add(&out, str_slice(rest, 0, at + 4));
		if (at == rest.n)
			break;
		buf_add(&out, asset ? str_file_name(asset->out) : inside);
		rest = str_slice(rest, at + 4 + inside.n, rest.n);
	}
	text = str_dup(ld->a, buf_str(&out));
	buf_release(&out);
	return text;
}

static void add_asset(struct loader *ld, struct str name)
{
	struct asset *asset;
	struct str file = str_fmt(ld->a, "%s/assets/%.*s", ld->in->templates_dir, STR_ARG(name)), bytes;
	struct str shown = str_join(ld->a, STR("templates/assets/"), name);
	struct digest digest;

	if (!fs_portable_path(name)) {
		diag_add_path(ld->d, RULE_FILE_NAME, shown,
			"the name cannot be used in addresses; the file was left out");
		diag_hint(ld->d, "use a-z, 0-9, - and .");
		return;
	}
	if (!read_bytes(ld, file, shown, ld->a, &bytes))
		return;
	if (str_ends(name, STR(".css")))
		bytes = rewrite_css(ld, bytes);
	ld->as->files =
		arena_grow(ld->a, ld->as->files, ld->as->file_count, &ld->as->file_cap, sizeof(*asset));
	asset = &ld->as->files[ld->as->file_count++];
	*asset = (struct asset){.name = name, .key = template_key(ld->a, name), .text = bytes, .file = file};
	digest = digest_of(bytes);
	asset->out = fingerprinted(ld->a, "assets", name, &digest);
}

/* As a browser hashes what it reads: without carriage returns. */
static struct str script_text(struct arena *a, struct str bytes)
{
	struct str text = str_trim(bytes);
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r')
			p[n++] = text.p[i];
		else if (i + 1 == text.n || text.p[i + 1] != '\n')
			p[n++] = '\n';
	return str_make(p, n);
}

static void add_script(struct loader *ld, struct str name)
{
	struct script *s;
	struct str file = STR_CONCAT(ld->a, str_from(ld->in->templates_dir), STR("/scripts/"), name), bytes;
	struct digest digest;

	if (!read_bytes(ld, file, str_join(ld->a, STR("templates/scripts/"), name), ld->a, &bytes))
		return;
	ld->as->scripts =
		arena_grow(ld->a, ld->as->scripts, ld->as->script_count, &ld->as->script_cap, sizeof(*s));
	s = &ld->as->scripts[ld->as->script_count++];
	*s = (struct script){.name = template_key(ld->a, str_slice(name, 0, name.n - 3)),
		.text = script_text(ld->a, bytes)};
	digest = digest_of(s->text);
	digest_base64(&digest, s->hash);
}

/* Style sheets last: they name the others. */
static void add_template_files(struct loader *ld, bool css)
{
	const struct fs_listing *l = &ld->in->templates;
	struct str assets = STR("assets/"), scripts = STR("scripts/");

	for (size_t i = 0; i < l->len; i++) {
		struct str path = l->entries[i].path;

		if (l->entries[i].stat.kind != FS_FILE)
			continue;
		if (str_starts(path, assets) && str_ends(path, STR(".css")) == css)
			add_asset(ld, str_slice(path, assets.n, path.n));
		else if (!css && str_starts(path, scripts) && str_ends(path, STR(".js")))
			add_script(ld, str_slice(path, scripts.n, path.n));
	}
}

/* A name for addresses: the file's own, or one made from it with its suffix kept. */
static struct str media_name(struct arena *a, struct str path)
{
	struct str base = str_file_name(path), stem, suffix;
	size_t dot = str_after_last(base, '.');

	if (fs_portable_path(base) && base.n <= MEDIA_NAME_MAX)
		return base;
	stem = text_slug(a, str_slice(base, 0, dot ? dot - 1 : base.n));
	suffix = dot ? text_slug(a, str_slice(base, dot, base.n)) : STR("");
	if (!stem.n || !fs_portable_path(stem))
		stem = STR("file");
	return suffix.n && suffix.n <= SUFFIX_MAX ? STR_CONCAT(a, stem, STR("."), suffix) : stem;
}

/* Formats whose size stands in the file: where it cannot be read, nothing can be shown. */
static bool is_picture(struct str path)
{
	static const struct str suffixes[] = {
		STR_INIT(".png"), STR_INIT(".jpg"), STR_INIT(".jpeg"), STR_INIT(".gif"), STR_INIT(".webp")};

	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		if (str_ends(path, suffixes[i]))
			return true;
	return false;
}

static void add_media(struct loader *ld, const struct media *m)
{
	struct str bytes, shown = str_join(ld->a, STR("content/"), m->path);
	unsigned width = 0, height = 0;
	struct digest digest;
	struct asset *asset;

	arena_clear(&ld->bytes);
	if (!read_bytes(ld, m->file, shown, &ld->bytes, &bytes))
		return;
	digest = digest_of(bytes);
	asset = arena_new(ld->a, struct asset);
	asset->out = fingerprinted(ld->a, "media", media_name(ld->a, m->path), &digest);
	if (!image_size(bytes, &width, &height) && is_picture(asset->out)) {
		diag_add_path(ld->d, RULE_MARKDOWN_IMAGE, shown, "this is no picture that browsers can show");
		diag_hint(ld->d, "it may be cut off, or of another format than its name says");
	}
	asset->name = m->path;
	asset->file = m->file;
	asset->width = width;
	asset->height = height;
	map_put(&ld->as->media, ld->a, m->path, asset);
}

/* Nothing but what the page brings along: its own style sheets and images, and the inline scripts by hash. */
static struct str make_policy(struct loader *ld)
{
	struct buf out;
	struct str policy;

	buf_init(&out, BUF_MAX_DEFAULT);
	buf_addz(&out, "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action "
		       "'none'; script-src");
	for (size_t i = 0; i < ld->as->script_count; i++)
		buf_addf(&out, " 'sha256-%s'", ld->as->scripts[i].hash);
	if (!ld->as->script_count)
		buf_addz(&out, " 'none'");
	policy = str_dup(ld->a, buf_str(&out));
	buf_release(&out);
	return policy;
}

void assets_load(
	struct assets *as, struct arena *a, const struct catalog *c, const struct input *in, struct diag *d)
{
	struct loader ld = {.as = as, .a = a, .in = in, .d = d};

	*as = (struct assets){0};
	add_template_files(&ld, false);
	add_template_files(&ld, true);
	if (c->media.len)
		arena_init(&ld.bytes, ARENA_DEFAULT);
	for (size_t i = 0; i < c->media.len; i++)
		add_media(&ld, c->media.entries[i].value);
	arena_release(&ld.bytes);
	as->policy = make_policy(&ld);
}
