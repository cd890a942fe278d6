#include "model/stamp.h"

#define SECTION_ID_MAX 200

const char *lag_name(enum lag_kind kind)
{
	static const char *const names[LAG_KINDS] = {
		[LAG_CHANGED] = "changed", [LAG_ADDED] = "added", [LAG_REMOVED] = "removed"};

	if ((unsigned)kind >= LAG_KINDS)
		BUG("lag %d", (int)kind);
	return names[kind];
}

bool section_id_valid(struct str id)
{
	if (!id.n || id.n > SECTION_ID_MAX || id.p[0] == '-')
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && (c != '_' || i))
			return false;
	}
	return true;
}

bool section_hash_valid(struct str hash)
{
	for (size_t i = 0; i < hash.n; i++)
		if (!(hash.p[i] >= '0' && hash.p[i] <= '9') && !(hash.p[i] >= 'a' && hash.p[i] <= 'f'))
			return false;
	return hash.n == SECTION_HASH;
}

static void read_stamp(struct freshness *f, const struct yml *y, struct arena *keep, struct diag *d)
{
	struct stamp *s = &f->stamps[f->stamp_count];

	if (!section_id_valid(y->key)) {
		diag_add(d, RULE_TRANSLATION_STAMP, y->key_at,
			"“%.*s” cannot be a section; the stamp was left out", STR_ARG(y->key));
		diag_hint(d, "“faktablad stamp” writes the stamps");
		return;
	}
	if (y->kind != YML_SCALAR || !section_hash_valid(y->text)) {
		diag_add(d, RULE_TRANSLATION_STAMP, y->at.n ? y->at : y->key_at,
			"this is no fingerprint of a section; “%.*s” counts as not translated",
			STR_ARG(y->key));
		diag_hint(d, "“faktablad stamp” writes the stamps: %d hexadecimal digits", SECTION_HASH);
		return;
	}
	*s = (struct stamp){.section = str_dup(keep, y->key), .at = y->key_at};
	memcpy(s->hash, y->text.p, SECTION_HASH);
	map_put(&f->by_section, keep, s->section, s);
	f->stamp_count++;
}

struct freshness *freshness_read(struct yml *of, struct arena *keep, struct diag *d)
{
	struct freshness *f;

	if (!of || yml_is_null(of) || !yml_want_map(of, d))
		return NULL;
	f = arena_new(keep, struct freshness);
	f->at = of->key_at;
	f->stamps = arena_new_n(keep, struct stamp, of->len);
	yml_each (child, of) {
		child->seen = true;
		read_stamp(f, child, keep, d);
	}
	return f;
}

const struct stamp *freshness_stamp(const struct freshness *f, struct str section)
{
	return map_get(&f->by_section, section);
}

size_t freshness_behind(const struct freshness *f)
{
	size_t count = 0;

	for (size_t i = 0; i < f->lag_count; i++)
		count += f->lags[i].kind != LAG_REMOVED;
	return count;
}

size_t freshness_total(const struct freshness *f)
{
	return f->sections + f->lag_count - freshness_behind(f);
}

bool freshness_lags(const struct freshness *f, struct str section)
{
	return f && map_has(&f->lagging, section);
}
