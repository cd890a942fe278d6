#include "action/publish.h"
#include "cli/option.h"
#include "output/manifest.h"

#include <unistd.h>

static bool show_progress(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	fprintf(stderr, "\r\033[K%s %zu of %zu", p->phase, p->done, p->total);
	if (p->done == p->total)
		fputs("\r\033[K", stderr);
	return true;
}

/* A name of faktablad.yaml, the default target, or an address given as it is. */
static bool find_target(struct project *p, const struct options *o, struct publish_options *out)
{
	struct str name = o->arg_count ? str_from(o->args[0]) : (struct str){0};
	const struct target *t = config_target(&p->catalog.config, name);

	if (t) {
		out->settings.url = publish_url_resolve(&p->arena, o->root, t->url);
		out->delete_cap = t->delete_cap > 0 ? (size_t)t->delete_cap : 0;
		return true;
	}
	if (str_find_byte(name, ':') < name.n) {
		out->settings.url = publish_url_resolve(&p->arena, o->root, name);
		return true;
	}
	if (name.n)
		complain("there is no target “%s” in " CONFIG_NAME, o->args[0]);
	else
		complain(
			"no target is the default; name one, or write “default: true” to it in " CONFIG_NAME);
	return false;
}

/* What an operator may want to know about the texts that went out. */
static void print_texts(struct buf *out, const struct manifest_states *t)
{
	size_t unreviewed = t->machine + t->translated;

	if (!unreviewed && !t->stale)
		return;
	buf_addf(out,
		"of %zu pages, %zu show a translation that nobody reviewed (%zu made by a machine), %zu one that "
		"is behind its source\n",
		t->pages, unreviewed, t->machine, t->stale);
}

static void print_outcome(
	const struct publish_options *p, const struct publish_result *r, const struct options *o)
{
	struct buf text;

	if (o->quiet)
		return;
	buf_init(&text, BUF_MAX_DEFAULT);
	if (p->dry_run) {
		publish_plan_print(&text, &r->plan, o->format == REPORT_JSON);
	} else if (r->nothing_to_do) {
		buf_addf(&text, "nothing to do: %s is up to date\n", r->target);
	} else {
		buf_addf(&text, "published to %s: %zu new, %zu changed, %zu deleted, %zu unchanged, ",
			r->target, r->added, r->changed, r->deleted, r->unchanged);
		publish_plan_print_bytes(&text, r->bytes);
		buf_addc(&text, '\n');
		print_texts(&text, &r->texts);
	}
	print_result(buf_str(&text));
	buf_release(&text);
}

static int publish(struct project *p, const struct options *o)
{
	struct publish_options options = {.dry_run = o->dry_run, .break_lock = o->break_lock};
	struct publish_result result = {0};
	enum publish_status status;
	struct buf why;

	if (!load_config(&p->catalog, &p->arena, &p->input, &p->diag)) {
		print_report(p, o, SEVERITY_WARNING);
		return EXIT_ERRORS;
	}
	options.from = o->out ? o->out : path_below(&p->arena, o->root, STR("public"));
	if (!find_target(p, o, &options))
		return EXIT_USAGE;
	if (o->delete_cap >= 0)
		options.delete_cap = (size_t)o->delete_cap;
	if (isatty(STDERR_FILENO) && !o->quiet)
		options.progress = show_progress;
	buf_init(&why, 64 << 10);
	status = publish_run(&options, &result, &p->arena, &why);
	/* What a refused dry run would have done is what the operator wants to see. */
	if (status == PUBLISH_OK || (options.dry_run && result.plan.len))
		print_outcome(&options, &result, o);
	if (status != PUBLISH_OK)
		complain("%.*s", STR_ARG(buf_str(&why)));
	buf_release(&why);
	return (int)status;
}

static int run_publish(struct options *o)
{
	struct project_options options = project_options(o);
	struct project p;
	int status;

	if (o->arg_count > 1) {
		complain("publish takes one target; see “faktablad publish --help”");
		return EXIT_USAGE;
	}
	if (o->format != REPORT_TEXT && o->format != REPORT_JSON) {
		complain("publish knows the formats text and json; see “faktablad publish --help”");
		return EXIT_USAGE;
	}
	project_open(&p, &options);
	status = publish(&p, o);
	project_close(&p);
	return status;
}

const struct command cmd_publish = {
	.name = "publish",
	.usage = "publish [TARGET] [--dry-run] [--delete-cap N] [--break-lock] [--out DIR] [--format "
		 "text|json]",
	.summary = "send what was built to where it is hosted",
	.help = "Brings a target of faktablad.yaml (the default one when none is named) to what the last "
		"build wrote. Only\n"
		"files whose bytes changed are sent; files that faktablad did not put there are never "
		"touched.\n\n"
		"  --dry-run       say what would be done, do nothing (--format json: as JSON)\n"
		"  --delete-cap N  delete up to N files (default: 256, or a third of the site if that is "
		"less)\n"
		"  --break-lock    take over the lock of a publisher that is gone\n"
		"  --out DIR       what was built (default: public in the site's folder)\n",
	.accepts = (const int[]){OPTION_DRY_RUN, OPTION_DELETE_CAP, OPTION_BREAK_LOCK, OPTION_OUT,
		OPTION_FORMAT, 0},
	.run = run_publish,
};
