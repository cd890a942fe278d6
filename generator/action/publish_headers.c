#include "action/publish_headers.h"

#include "action/publish_record.h"
#include "base/glob.h"
#include "base/map.h"
#include "site/asset.h"

static const struct type {
	const char *end, *type;
} types[] = {
	{"html", "text/html; charset=utf-8"},
	{"css", "text/css; charset=utf-8"},
	{"js", "text/javascript; charset=utf-8"},
	{"mjs", "text/javascript; charset=utf-8"},
	{"json", "application/json"},
	{"webmanifest", "application/manifest+json"},
	{"xml", "application/xml"},
	{"atom", "application/atom+xml"},
	{"rss", "application/rss+xml"},
	{"svg", "image/svg+xml"},
	{"png", "image/png"},
	{"jpg", "image/jpeg"},
	{"jpeg", "image/jpeg"},
	{"gif", "image/gif"},
	{"webp", "image/webp"},
	{"avif", "image/avif"},
	{"ico", "image/vnd.microsoft.icon"},
	{"woff2", "font/woff2"},
	{"woff", "font/woff"},
	{"ttf", "font/ttf"},
	{"otf", "font/otf"},
	{"txt", "text/plain; charset=utf-8"},
	{"md", "text/markdown; charset=utf-8"},
	{"csv", "text/csv; charset=utf-8"},
	{"ics", "text/calendar; charset=utf-8"},
	{"vtt", "text/vtt; charset=utf-8"},
	{"pdf", "application/pdf"},
	{"zip", "application/zip"},
	{"mp3", "audio/mpeg"},
	{"ogg", "audio/ogg"},
	{"mp4", "video/mp4"},
	{"webm", "video/webm"},
};

/* What decides a set: two paths with the same have the same headers. Compared as bytes: no gaps. */
struct key {
	uint64_t patterns; /* a bit for each that fits */
	uint32_t type;	   /* number in `types` and two more */
	uint32_t language; /* from 1; 0: none */
	uint64_t life;	   /* enum life */
};
_Static_assert(sizeof(struct key) == 24, "keys have no gaps");
_Static_assert(TARGET_MAX_PATTERNS <= 64, "a bit for each pattern");

/* How long a copy may be used unasked. */
enum life { LIFE_SHORT, LIFE_EVER, LIFE_NONE };

enum { TYPE_TEXT = COUNT_OF(types), TYPE_UNKNOWN };

/* What changes while rules are used. */
struct cache {
	struct map sets; /* struct key to struct publish_headers_of */
	uint64_t used;	 /* patterns that fitted something */
};

struct publish_rules {
	struct arena *arena;
	const struct target *target;
	const struct language *languages;
	size_t language_count;
	struct map types; /* end of a name to its struct type */
	struct cache *cache;
};

struct publish_rules *publish_rules_new(
	struct arena *a, const struct target *target, const struct language *languages, size_t count)
{
	struct publish_rules *rules = arena_new(a, struct publish_rules);

	*rules = (struct publish_rules){.arena = a,
		.target = target,
		.languages = languages,
		.language_count = count,
		.cache = arena_new(a, struct cache)};
	for (size_t i = 0; i < COUNT_OF(types); i++)
		map_put(&rules->types, a, str_from(types[i].end), (void *)&types[i]);
	return rules;
}

/* ---- what a path is ---- */

static uint32_t type_of(const struct publish_rules *rules, struct str path)
{
	struct str name = str_file_name(path);
	size_t dot = str_after_last(name, '.');
	const struct type *type;

	if (!dot) /* SHA256SUMS and the like: what has no end is for people */
		return TYPE_TEXT;
	type = map_get(&rules->types, str_slice(name, dot, name.n));
	return type ? (uint32_t)(type - types) : TYPE_UNKNOWN;
}

static enum life life_of(struct str path)
{
	if (asset_is_fingerprinted(path))
		return LIFE_EVER;
	/* What is not there yet is found as soon as it is. */
	return str_is(path, "404.html") ? LIFE_NONE : LIFE_SHORT;
}

static uint32_t language_of(const struct publish_rules *rules, struct str path)
{
	size_t slash = str_find_byte(path, '/');
	struct str folder = str_slice(path, 0, slash);

	for (size_t i = 0; i < rules->language_count && slash < path.n; i++)
		if (str_eq(rules->languages[i].folder, folder))
			return (uint32_t)i + 1;
	return 0;
}

static uint64_t patterns_of(const struct publish_rules *rules, struct str path)
{
	const struct target *t = rules->target;
	uint64_t bits = 0;

	for (size_t i = 0; t && i < t->header_count; i++)
		if (t->headers[i].len && glob_match(t->headers[i].pattern, path))
			bits |= (uint64_t)1 << i;
	return bits;
}

/* ---- a set ---- */

struct set {
	struct publish_headers_of *out;
	struct arena *arena;
	size_t cap;
};

static int compare_names(struct arena scratch, struct str x, struct str y)
{
	return str_cmp(str_lower(&scratch, x), str_lower(&scratch, y));
}

static void remove_at(struct publish_headers_of *h, size_t at)
{
	memmove(h->items + at, h->items + at + 1, (h->len - at - 1) * sizeof(*h->items));
	h->len--;
}

/* Names are the same in any case; the last one to set a header spells it. */
static void set_header(struct set *s, struct str name, struct str value)
{
	struct publish_headers_of *h = s->out;
	size_t at = 0;

	while (at < h->len && compare_names(*s->arena, h->items[at].name, name) < 0)
		at++;
	if (at < h->len && compare_names(*s->arena, h->items[at].name, name) == 0)
		remove_at(h, at);
	if (!value.n)
		return;
	h->items = arena_grow(s->arena, h->items, h->len, &s->cap, sizeof(*h->items));
	memmove(h->items + at + 1, h->items + at, (h->len - at) * sizeof(*h->items));
	h->items[at] = (struct publish_header){name, value};
	h->len++;
}

static struct str type_text(uint32_t type)
{
	if (type == TYPE_TEXT)
		return STR("text/plain; charset=utf-8");
	return type == TYPE_UNKNOWN ? STR("application/octet-stream") : str_from(types[type].type);
}

static struct str life_text(struct arena *a, enum life life)
{
	if (life == LIFE_SHORT)
		return str_fmt(a, "public, max-age=%d", PUBLISH_SHORT_SECONDS);
	return life == LIFE_NONE ? STR("no-cache") : STR("public, max-age=31536000, immutable");
}

static void set_built_in(struct set *s, const struct publish_rules *rules, const struct key *key)
{
	set_header(s, STR("Content-Type"), type_text(key->type));
	set_header(s, STR("Cache-Control"), life_text(s->arena, (enum life)key->life));
	if (key->language)
		set_header(s, STR("Content-Language"), rules->languages[key->language - 1].spec.tag);
}

/* The same on every machine and in every version: it stands in manifests. */
static uint64_t hash_of(const struct publish_headers_of *h, struct arena scratch)
{
	struct digest digest;
	struct buf text;
	uint64_t hash = 0;

	buf_init(&text, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < h->len; i++) {
		buf_add(&text, str_lower(&scratch, h->items[i].name));
		buf_addz(&text, ": ");
		buf_add(&text, h->items[i].value);
		buf_addc(&text, '\n');
	}
	digest = digest_of(buf_str(&text));
	buf_release(&text);
	for (size_t i = 0; i < sizeof(hash); i++)
		hash = hash << 8 | digest.bytes[i];
	return hash == 0 || hash == PUBLISH_HEADERS_UNKNOWN ? 1 : hash;
}

static const struct publish_headers_of *make_set(const struct publish_rules *rules, const struct key *key)
{
	struct set s = {.arena = rules->arena, .out = arena_new(rules->arena, struct publish_headers_of)};
	struct key *kept = arena_new(rules->arena, struct key);

	set_built_in(&s, rules, key);
	for (size_t i = 0; rules->target && i < rules->target->header_count; i++) {
		const struct target_headers *own = &rules->target->headers[i];

		for (size_t k = 0; k < own->len && key->patterns >> i & 1; k++)
			set_header(&s, own->items[k].name, own->items[k].value);
	}
	s.out->hash = hash_of(s.out, *rules->arena);
	*kept = *key;
	map_put(&rules->cache->sets, rules->arena, str_make((const char *)kept, sizeof(*kept)), s.out);
	return s.out;
}

const struct publish_headers_of *publish_headers_for(const struct publish_rules *rules, struct str path)
{
	struct key key = {.patterns = patterns_of(rules, path),
		.type = type_of(rules, path),
		.language = language_of(rules, path),
		.life = life_of(path)};
	const struct publish_headers_of *set =
		map_get(&rules->cache->sets, str_make((const char *)&key, sizeof(key)));

	rules->cache->used |= key.patterns;
	return set ? set : make_set(rules, &key);
}

struct str publish_rules_unused(const struct publish_rules *rules, size_t *at)
{
	const struct target *t = rules->target;

	for (; t && *at < t->header_count; (*at)++)
		if (t->headers[*at].len && !(rules->cache->used >> *at & 1))
			return t->headers[(*at)++].pattern;
	return (struct str){0};
}
