#include "action/build.h"

#include "action/build_state.h"
#include "base/task.h"
#include "output/pack.h"
#include "output/sitemap.h"

#include <errno.h>

void build_open(struct build *b, struct project *p, const struct build_options *o)
{
	*b = (struct build){.project = p, .options = *o};
	b->commit.lock = -1;
	buf_init(&b->why, 64 << 10);
}

void build_close(struct build *b)
{
	store_free(b->store);
	if (b->commit.out)
		commit_close(&b->commit);
	buf_release(&b->why);
}

static void progress(struct build *b, const char *phase, struct str of)
{
	if (b->options.progress)
		b->options.progress(b->options.ctx, phase, of);
}

static enum build_status environment(struct build *b, int error, const char *what, const char *path)
{
	buf_addf(&b->why, "%s%s%s: %s", what, path ? " " : "", path ? path : "", strerror(error));
	return BUILD_ENVIRONMENT;
}

static enum build_status commit_status(struct build *b, enum commit_error error)
{
	const char *path = b->commit.failed_path ? b->commit.failed_path : b->options.out;

	switch (error) {
	case COMMIT_OK:
		return BUILD_OK;
	case COMMIT_SYSTEM:
		return environment(b, b->commit.failed_errno, "cannot write", path);
	case COMMIT_FOREIGN:
		buf_addf(&b->why,
			"%s holds files that faktablad did not make (%s): choose an empty folder with --out",
			b->options.out, path);
		return BUILD_ENVIRONMENT;
	case COMMIT_BUSY:
		buf_addf(&b->why, "another build is writing %s; wait until it is done", b->options.out);
		return BUILD_ENVIRONMENT;
	case COMMIT_CLASH:
		diag_add_path(&b->project->diag, RULE_OUTPUT_FOREIGN, str_from(path),
			"somebody else's file stands where the site wants to write; nothing was changed");
		diag_hint(&b->project->diag, "move it away, or give the sheet another slug");
		return BUILD_ERRORS;
	}
	BUG("commit error %d", (int)error);
}

/* Output of the last build: what may be replaced and removed. */
static void read_before(struct build *b, struct map *old)
{
	struct arena *a = &b->project->arena;
	struct str text;
	size_t line;

	if (fs_read(b->project->fs, path_below(a, b->options.out, STR(MANIFEST_NAME)), a, MANIFEST_MAX_BYTES,
		    &text))
		return;
	if (!manifest_read(&b->before, a, text, &line))
		return;
	map_put(old, a, STR(MANIFEST_NAME), b);
	for (size_t i = 0; i < b->before.len; i++)
		map_put(old, a, b->before.entries[i].path, b);
}

/* Packs */

static bool is_wanted_pack(const struct build *b, const struct edition *e)
{
	return e->face == FACE_FOLDER && (!b->options.edition.n || str_eq(b->options.edition, e->name));
}

static bool wants_packs(const struct build *b)
{
	const struct config *config = &b->project->catalog.config;

	for (size_t i = 0; i < config->edition_count; i++)
		if (is_wanted_pack(b, &config->editions[i]))
			return true;
	return false;
}

static void add_sums(struct buf *out, const struct manifest *m)
{
	char hex[DIGEST_HEX + 1];

	for (size_t i = 0; i < m->len; i++) {
		digest_hex(&m->entries[i].digest, hex);
		buf_addf(out, "%s  %.*s\n", hex, STR_ARG(m->entries[i].path));
	}
}

static bool sort_manifest(struct build *b, struct manifest *m, const struct edition *e)
{
	struct str twice;

	if (manifest_sort(m, &twice))
		return true;
	diag_add_path(&b->project->diag, RULE_EDITION_PATH, STR(CONFIG_NAME),
		"two things in the edition “%.*s” are called “%.*s”", STR_ARG(e->name), STR_ARG(twice));
	return false;
}

/* The source language if the edition has it, else the edition's first. */
static size_t main_language(const struct build *b, const struct edition *e)
{
	size_t source = b->project->catalog.config.source;

	return edition_has_language(e, source) || !e->language_count ? source : e->languages[0];
}

/* What belongs to this issue of the pack alone: its start page, its about page, its sums. */
static void render_issue(struct build *b, struct renderer *r, struct manifest *m, const struct view *v)
{
	struct pages pages = {0};
	struct digest digest = manifest_digest(m);
	struct issue issue = {.date = b->options.issued};
	size_t language = main_language(b, v->edition);
	char hex[DIGEST_HEX + 1];
	struct buf sums;
	struct str twice;

	digest_hex(&digest, hex);
	issue.pack_id = str_fmt(r->arena, "%.*s-%.8s", STR_ARG(v->edition->name), hex);
	pages_add(&pages, r->arena, (struct page){.kind = PAGE_START, .language = language});
	pages_add(&pages, r->arena, (struct page){.kind = PAGE_ABOUT, .language = language});
	render_pages(r, m, v, &pages, &issue, true);
	if (!manifest_sort(m, &twice))
		return; /* reported by the caller, who sorts again */
	buf_init(&sums, BUF_MAX_DEFAULT);
	add_sums(&sums, m);
	render_bytes(r, m, STR("sha256sums.txt"), buf_str(&sums), true);
	buf_release(&sums);
}

static enum build_status write_pack(
	struct build *b, struct renderer *r, struct manifest *m, const struct view *v)
{
	struct pack_info *info = &b->packs[b->pack_count];
	struct arena *keep = &b->project->arena;
	struct pack_result result;
	const char *scratch = path_below(r->arena, b->commit.scratch, STR("pack.zip"));

	switch (pack_write(b->store, r->arena, m, v->edition->name, b->options.issued, scratch, &result)) {
	case PACK_OK:
		break;
	case PACK_SYSTEM:
		return environment(
			b, result.failed_errno ? result.failed_errno : EIO, "cannot write a pack:", scratch);
	case PACK_LIMIT:
		diag_add_path(r->diag, RULE_PACK_LIMIT, STR(CONFIG_NAME),
			"the pack “%.*s” would be too large", STR_ARG(v->edition->name));
		diag_hint(r->diag, "split it by language or audience");
		return BUILD_ERRORS;
	case PACK_NAME:
		diag_add_path(r->diag, RULE_FILE_NAME, STR(CONFIG_NAME), "“%.*s” cannot be a name in a pack",
			STR_ARG(result.failed));
		diag_hint(r->diag, "give it a shorter slug, of a-z, 0-9 and -");
		return BUILD_ERRORS;
	}
	*info = (struct pack_info){.name = STR_CONCAT(keep, v->edition->name, STR(".zip")),
		.edition = v->edition,
		.size = result.size,
		.digest = result.digest,
		.sheet_count = v->graph.count[main_language(b, v->edition)]};
	manifest_add(
		&b->manifest, keep, STR_CONCAT(keep, STR("packs/"), info->name), &result.digest, result.size);
	b->pack_count++;
	return BUILD_OK;
}

static enum build_status rendered(struct build *b, const struct renderer *r)
{
	if (r->error)
		return environment(b, r->error, "cannot write in", b->commit.work);
	return r->failed ? BUILD_ERRORS : BUILD_OK;
}

static enum build_status build_pack(
	struct build *b, struct renderer *r, const struct edition *e, const struct graph *web)
{
	struct view v;
	struct pages pages = {0};
	struct manifest m = {0};
	enum build_status status;

	progress(b, "packing", e->name);
	view_init(&v, r->arena, &b->project->catalog, e, &b->project->assets, web, false, &r->workers->of[0]);
	pages_of(&pages, r->arena, &v);
	render_pages(r, &m, &v, &pages, &(struct issue){0}, true);
	render_assets(r, &m, &v, true);
	status = rendered(b, r);
	if (status != BUILD_OK || !sort_manifest(b, &m, e))
		return status == BUILD_OK ? BUILD_ERRORS : status;
	render_issue(b, r, &m, &v);
	status = rendered(b, r);
	if (status != BUILD_OK || !sort_manifest(b, &m, e))
		return status == BUILD_OK ? BUILD_ERRORS : status;
	return write_pack(b, r, &m, &v);
}

static enum build_status build_packs(struct build *b, struct renderer *r, const struct graph *web)
{
	const struct config *config = &b->project->catalog.config;
	enum build_status status = BUILD_OK;
	struct arena *keep = r->arena, own;
	struct buf sums;

	b->packs = arena_new_n(keep, struct pack_info, config->edition_count);
	/* What one pack needs is gone before the next: memory does not grow with their number. */
	arena_init(&own, ARENA_DEFAULT);
	r->arena = &own;
	for (size_t i = 0; i < config->edition_count && status == BUILD_OK; i++) {
		arena_clear(&own);
		if (is_wanted_pack(b, &config->editions[i]))
			status = build_pack(b, r, &config->editions[i], web);
	}
	arena_release(&own);
	r->arena = keep;
	if (status != BUILD_OK || !b->pack_count)
		return status;
	buf_init(&sums, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < b->pack_count; i++) {
		char hex[DIGEST_HEX + 1];

		digest_hex(&b->packs[i].digest, hex);
		buf_addf(&sums, "%s  %.*s\n", hex, STR_ARG(b->packs[i].name));
	}
	render_bytes(r, &b->manifest, STR("packs/SHA256SUMS"), buf_str(&sums), false);
	buf_release(&sums);
	return BUILD_OK;
}

/* The web */

static void build_web(struct build *b, struct renderer *r, const struct view *v)
{
	struct issue issue = {.date = b->options.issued, .packs = b->packs, .pack_count = b->pack_count};
	size_t language = main_language(b, v->edition);
	struct pages pages = {0};

	progress(b, "rendering", v->edition->name);
	pages_of(&pages, r->arena, v);
	sitemap_render(r, &b->manifest, v, &pages, SITEMAP_MAX_URLS);
	for (size_t i = 0; b->pack_count && i < v->edition->language_count; i++)
		pages_add(&pages, r->arena,
			(struct page){.kind = PAGE_PACKS, .language = v->edition->languages[i]});
	pages_add(&pages, r->arena, (struct page){.kind = PAGE_CHOOSE, .language = language});
	pages_add(&pages, r->arena, (struct page){.kind = PAGE_404, .language = language});
	render_pages(r, &b->manifest, v, &pages, &issue, false);
	render_assets(r, &b->manifest, v, false);
	b->counts.pages = pages.len;
}

/* The commit */

static enum build_status commit_all(struct build *b, struct renderer *r, const struct map *old)
{
	size_t room = store_path_max(b->store);
	struct buf text;
	struct digest digest;
	char *from;
	int error;

	progress(b, "writing", str_from(b->options.out));
	buf_init(&text, MANIFEST_MAX_BYTES);
	manifest_write(&text, &b->manifest);
	error = store_put(b->store, buf_str(&text), &digest, NULL);
	buf_release(&text);
	if (error)
		return environment(b, error, "cannot write in", b->commit.work);
	from = xmalloc(room);
	for (size_t i = 0; i <= b->manifest.len; i++) {
		const struct manifest_entry *e = i < b->manifest.len ? &b->manifest.entries[i] : NULL;

		store_path(b->store, e ? &e->digest : &digest, from);
		commit_add(&b->commit, e ? e->path : STR(MANIFEST_NAME), from);
	}
	free(from);
	return commit_status(b, commit_finish(&b->commit, old, r->workers->count));
}

static size_t count_changed(const struct build *b)
{
	size_t changed = 0;

	for (size_t i = 0; i < b->manifest.len; i++) {
		const struct manifest_entry *was = manifest_find(&b->before, b->manifest.entries[i].path);

		changed += !was || !digest_eq(&was->digest, &b->manifest.entries[i].digest);
	}
	return changed;
}

/* `stored`: files of the output that the store did not have, which hand-edited ones are among. */
static void count_all(struct build *b, size_t stored)
{
	const struct catalog *c = &b->project->catalog;
	size_t changed = count_changed(b);

	b->counts.sheets = c->sheet_count;
	b->counts.languages = c->config.language_count;
	b->counts.packs = b->pack_count;
	b->counts.files = b->manifest.len;
	b->counts.written = changed > stored ? changed : stored;
}

/* After a commit: what is no longer needed goes, what the next build wants to know is noted. */
static void tidy(void *ctx, unsigned worker, size_t index)
{
	struct build *b = ctx;

	(void)worker;
	if (index == 0)
		build_state_save(b);
	else if (store_sweep(b->store) != 0)
		return; /* rubbish stays until the next build */
}

static enum build_status build_all(struct build *b, const struct map *old)
{
	struct project *p = b->project;
	const struct edition *web = config_web(&p->catalog.config);
	struct renderer r = {
		.arena = &p->arena, .workers = &p->workers, .store = b->store, .fs = p->fs, .diag = &p->diag};
	enum build_status status = BUILD_OK;
	struct view v;

	view_init(&v, &p->arena, &p->catalog, web, &p->assets, NULL, wants_packs(b), &p->workers.of[0]);
	if (wants_packs(b))
		status = build_packs(b, &r, &v.graph);
	if (status != BUILD_OK)
		return status;
	r.written = 0;
	build_web(b, &r, &v);
	status = rendered(b, &r);
	if (status != BUILD_OK)
		return status;
	if (!sort_manifest(b, &b->manifest, web) || project_errors(p))
		return BUILD_ERRORS;
	count_all(b, r.written);
	workers_forget_trees(&p->workers);
	status = commit_all(b, &r, old);
	/* Neither can undo the commit, and neither looks at what the other does. */
	if (status == BUILD_OK)
		task_run(p->workers.count, 2, tidy, b);
	return status;
}

/* What keeps a page from being made keeps the site from being built, whatever the configuration calls it. */
static enum build_status refused(struct build *b)
{
	if (project_errors(b->project))
		return BUILD_ERRORS;
	buf_addz(&b->why, "a page cannot be made, and " CONFIG_NAME " makes light of the rule that says why");
	return BUILD_ENVIRONMENT;
}

static bool is_known_edition(const struct build *b)
{
	const struct config *config = &b->project->catalog.config;

	for (size_t i = 0; i < config->edition_count; i++)
		if (!b->options.edition.n || str_eq(config->editions[i].name, b->options.edition))
			return true;
	return false;
}

enum build_status build_run(struct build *b)
{
	struct project *p = b->project;
	struct map old = {0};
	enum build_status status;
	int error;

	status = commit_status(b, commit_open(&b->commit, p->fs, &p->arena, b->options.out, MANIFEST_NAME));
	if (status != BUILD_OK)
		return status;
	build_state_begin(b);
	b->unchanged = !b->options.force && build_state_matches(b);
	if (b->unchanged)
		return BUILD_OK;
	progress(b, "reading", str_from(p->options.root));
	if (!project_load(p) || project_errors(p))
		return BUILD_ERRORS;
	if (!is_known_edition(b)) {
		buf_addf(&b->why, "there is no edition “%.*s” in " CONFIG_NAME, STR_ARG(b->options.edition));
		return BUILD_ENVIRONMENT;
	}
	b->store = store_new(p->fs, path_below(&p->arena, b->commit.work, STR("store")), &error);
	if (!b->store)
		return environment(b, error, "cannot write in", b->commit.work);
	read_before(b, &old);
	status = build_all(b, &old);
	diag_sort(&p->diag);
	return status == BUILD_ERRORS ? refused(b) : status;
}
