#include "action/publish_headers.h"
#include "cli/only.h"
#include "cli/option.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "output/manifest.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Earlier sites that a target keeps when faktablad.yaml says nothing of it. */
#define KEPT_UNASKED 1

/* ---- being stopped ---- */

static volatile sig_atomic_t stopped;

/* The first signal stops soundly, the second one as signals do. */
static void stop(int sig)
{
	static const char text[] = "\nfaktablad: stopping; once more stops at once\n";

	(void)sig;
	stopped = 1;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		return;
}

static void catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESETHAND | SA_RESTART}, old;

	for (size_t i = 0; i < COUNT_OF(signals); i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	/* A server that hangs up is an error of that connection. */
	signal(SIGPIPE, SIG_IGN);
}

/* ---- while it runs ---- */

struct watch {
	struct progress progress;
	struct outcome *outcome;
	int64_t began, phase_began;
	bool draws;
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void end_phase(struct watch *w, int64_t ns)
{
	struct outcome *o = w->outcome;

	if (o->phase_count)
		o->phases[o->phase_count - 1].ns += ns - w->phase_began;
	w->phase_began = ns;
}

static void note_phase(struct watch *w, const char *phase, int64_t ns)
{
	struct outcome *o = w->outcome;

	if (o->phase_count && strcmp(o->phases[o->phase_count - 1].name, phase) == 0)
		return;
	end_phase(w, ns);
	if (o->phase_count < OUTCOME_MAX_PHASES)
		o->phases[o->phase_count++].name = phase;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

static bool watch_step(void *ctx, const struct publish_progress *at)
{
	struct watch *w = ctx;
	int64_t ns = now_ns();
	struct buf line;

	note_phase(w, at->phase, ns);
	if (w->draws && !stopped) {
		buf_init(&line, 4096);
		if (progress_line(&w->progress, at, ns, terminal_width(), &line))
			fprintf(stderr, "\r\033[K%.*s", STR_ARG(buf_str(&line)));
		buf_release(&line);
	}
	return !stopped;
}

static bool draws_progress(const struct options *o)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && !o->quiet && term && strcmp(term, "dumb") != 0;
}

static enum publish_status run(struct watch *w, struct publish_options *options,
	struct publish_result *result, struct arena *a, struct buf *why)
{
	enum publish_status status;

	options->progress = watch_step;
	options->ctx = w;
	w->began = w->phase_began = now_ns();
	note_phase(w, "compare", w->began);
	if (w->draws)
		fputs("\r\033[Klooking at what is there …", stderr);
	status = publish_run(options, result, a, why);
	if (w->draws)
		fputs("\r\033[K", stderr);
	end_phase(w, now_ns());
	w->outcome->ns = now_ns() - w->began;
	return status;
}

/* ---- what is asked for ---- */

static void take_target(struct publish_options *out, const struct target *t)
{
	out->delete_cap = t->delete_cap > 0 ? (size_t)t->delete_cap : 0;
	out->generations = t->generations >= 0 ? (unsigned)t->generations : KEPT_UNASKED;
	out->grace_seconds = t->grace_seconds;
	out->whole_switch = t->whole_switch;
	out->public_address = t->public_address;
}

/* A name of faktablad.yaml, the default target, or an address given as it is. */
static bool find_target(struct project *p, const char *name, const struct target **out)
{
	*out = config_target(&p->catalog.config, str_from(name));
	if (*out || (name && strchr(name, ':')))
		return true;
	if (name)
		complain("there is no target “%s” in " CONFIG_NAME, name);
	else
		complain(
			"no target is the default; name one, or write “default: true” to it in " CONFIG_NAME);
	return false;
}

/* Where journals of what was sent are kept; NULL: nowhere. */
static const char *state_folder(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		return path_below(a, state, STR("faktablad"));
	return home && home[0] == '/' ? path_below(a, home, STR(".local/state/faktablad")) : NULL;
}

static void take_options(struct publish_options *out, struct project *p, const struct options *o)
{
	out->from = o->out ? o->out : path_below(&p->arena, o->root, STR("public"));
	out->state = state_folder(&p->arena);
	out->dry_run = o->dry_run;
	out->break_lock = o->break_lock;
	out->adopt = o->adopt;
	out->rollback = o->rollback;
	if (o->delete_cap >= 0)
		out->delete_cap = (size_t)o->delete_cap;
	if (o->connections)
		out->settings.connections = o->connections;
}

/*
 * With --only, more words are more pages; the first that is a target, or an address, is the target. Leaves at most
 * that one word.
 */
static bool sort_words(const struct project *p, struct options *o)
{
	int kept = 0;

	for (int i = 0; i < o->arg_count; i++) {
		const char *word = o->args[i];

		if (!kept && (strchr(word, ':') || config_target(&p->catalog.config, str_from(word))))
			o->args[kept++] = o->args[i];
		else if (o->only_count < OPTION_ONLY_MAX)
			o->only[o->only_count++] = word;
		else
			return false;
	}
	o->arg_count = kept;
	return true;
}

static bool take_only(struct project *p, const struct options *o, struct publish_options *out)
{
	struct str *paths;

	if (!o->only_count)
		return true;
	if (!only_paths(p, o, out->from, &paths, &out->only_count))
		return false;
	out->only = paths;
	return true;
}

/* Errors of faktablad.yaml: what is wrong there may be where things go. */
static bool read_config(struct project *p, const struct options *o)
{
	/* Texts are read for their names; what is wrong in them is the build's to say. */
	bool read = only_wants_texts(o) ? project_read(p)
					: load_config(&p->catalog, &p->arena, &p->input, &p->diag);
	struct options shown = *o;
	size_t errors = 0;

	if (read)
		p->severities = p->catalog.config.severities;
	diag_sort(&p->diag);
	for (size_t i = 0; i < p->diag.len; i++)
		errors += str_is(p->diag.items[i].path, CONFIG_NAME) &&
			  p->severities.of[p->diag.items[i].rule] == SEVERITY_ERROR;
	if (read && !errors)
		return true;
	shown.format = REPORT_TEXT;
	print_report(p, &shown, SEVERITY_ERROR);
	complain("nothing was published: mend " CONFIG_NAME);
	return false;
}

static bool fill_options(struct project *p, struct options *o, struct outcome *outcome,
	struct publish_options *out, struct arena *sets)
{
	const char *name;
	const struct target *t;

	if (!read_config(p, o))
		return false;
	if (o->only_count && !sort_words(p, o)) {
		complain("--only takes at most %d names; publish everything", OPTION_ONLY_MAX);
		return false;
	}
	name = o->arg_count ? o->args[0] : NULL;
	if (!find_target(p, name, &t))
		return false;
	if (t)
		take_target(out, t);
	outcome->keeps = t && t->generations > 0;
	publish_settings_fill(&out->settings, &p->arena, t, str_from(name), o->root, getenv);
	out->rules =
		publish_rules_new(sets, t, p->catalog.config.languages, p->catalog.config.language_count);
	take_options(out, p, o);
	return take_only(p, o, out);
}

/* ---- what came of it ---- */

static void print_unused(const struct publish_rules *rules)
{
	struct str pattern;
	size_t at = 0;

	while ((pattern = publish_rules_unused(rules, &at)).n)
		complain("no file of the site fits the pattern “%.*s” of the target's headers",
			STR_ARG(pattern));
}

static void print_outcome(const struct outcome *outcome, const struct options *o)
{
	const struct publish_options *p = outcome->options;
	/* What a refused dry run would have done is what the operator wants to see. */
	bool planned = p->dry_run && outcome->result->plan.len;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	if (p->dry_run && (outcome->status == PUBLISH_OK || planned))
		publish_plan_print(&text, &outcome->result->plan, o->format == REPORT_JSON);
	else if (o->format == REPORT_JSON)
		outcome_print_json(&text, outcome);
	else if (outcome->status == PUBLISH_OK)
		outcome_print(&text, outcome, o->verbose);
	if (!o->quiet || o->format == REPORT_JSON)
		print_result(buf_str(&text));
	buf_release(&text);
}

static void say_why(struct str why)
{
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	outcome_print_why(&text, why);
	complain("%.*s", STR_ARG(buf_str(&text)));
	buf_release(&text);
}

static int publish(struct project *p, struct options *o, struct arena *sets)
{
	struct publish_options options = {.grace_seconds = -1};
	struct publish_result result = {0};
	struct outcome outcome = {.options = &options, .result = &result};
	struct watch watch = {.outcome = &outcome, .draws = draws_progress(o)};
	struct buf why;

	if (!fill_options(p, o, &outcome, &options, sets))
		return EXIT_USAGE;
	buf_init(&why, 64 << 10);
	catch_signals();
	outcome.status = run(&watch, &options, &result, &p->arena, &why);
	outcome.why = buf_str(&why);
	print_outcome(&outcome, o);
	if (outcome.status != PUBLISH_OK)
		say_why(outcome.why);
	else if (o->verbose && str_is(publish_url_scheme(options.settings.url), "s3"))
		print_unused(options.rules);
	buf_release(&why);
	return (int)outcome.status;
}

static bool options_fit(const struct options *o)
{
	if (o->arg_count > 1 && !o->only_count)
		complain("publish takes one target; see “faktablad publish --help”");
	else if (o->format != REPORT_TEXT && o->format != REPORT_JSON)
		complain("publish knows the formats text and json; see “faktablad publish --help”");
	else if (o->rollback && (o->only_count || o->adopt || o->out))
		complain("--rollback brings back a whole site: it goes with no --only, --adopt or --out");
	else
		return true;
	return false;
}

static int run_publish(struct options *o)
{
	struct project_options options = project_options(o);
	struct project p;
	struct arena sets;
	int status;

	if (!options_fit(o))
		return EXIT_USAGE;
	project_open(&p, &options);
	/* Of its own: sets of headers are made while other memory is scratch. */
	arena_init(&sets, (size_t)64 << 20);
	status = publish(&p, o, &sets);
	arena_release(&sets);
	project_close(&p);
	return status;
}

const struct command cmd_publish = {
	.name = "publish",
	.usage = "publish [TARGET] [--dry-run] [--adopt] [--only PATH...] [--rollback] [OPTION]...",
	.summary = "send what was built to where it is hosted",
	.help = "Brings a target of faktablad.yaml (the default one when none is named) to what the last build "
		"wrote. Only\n"
		"files whose bytes changed are sent; files that faktablad did not put there are never touched.\n\n"
		"  --dry-run        say what would be done, do nothing (--format json: as JSON)\n"
		"  --adopt          files that are there already with the same bytes become the site's\n"
		"  --only PATH...   first and only these pages, with what they need: sv/NAME.html, "
		"content/sv/NAME.md\n"
		"  --rollback       bring back what was published before, where the target keeps it\n"
		"  --delete-cap N   delete up to N files (default: 256, or a third of the site if that is less)\n"
		"  --break-lock     take over the lock of a publisher that is gone\n"
		"  --connections N  at once, 1 to 64 (default: what suits the protocol)\n"
		"  --out DIR        what was built (default: public in the site's folder)\n"
		"  --format F       text (default), or json: one object that says what was done\n\n"
		"Passwords and keys come from the environment: FAKTABLAD_USER, FAKTABLAD_PASSWORD, "
		"FAKTABLAD_KEY_PASSPHRASE,\n"
		"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.\n\n"
		"Exit status: 0 published, or nothing to do; 1 cut off on the way, publish again; 2 refused, nothing "
		"was changed.\n",
	.accepts = (const int[]){OPTION_DRY_RUN, OPTION_ADOPT, OPTION_ONLY, OPTION_ROLLBACK,
		OPTION_DELETE_CAP, OPTION_BREAK_LOCK, OPTION_CONNECTIONS, OPTION_OUT, OPTION_FORMAT, 0},
	.run = run_publish,
};
