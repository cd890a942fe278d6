#include "cli/option.h"

#include <errno.h>
#include <getopt.h>
#include <time.h>
#include <unistd.h>

static const struct option long_options[] = {
	{"help", no_argument, NULL, OPTION_HELP},
	{"quiet", no_argument, NULL, OPTION_QUIET},
	{"verbose", no_argument, NULL, OPTION_VERBOSE},
	{"jobs", required_argument, NULL, OPTION_JOBS},
	{"root", required_argument, NULL, OPTION_ROOT},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"strict", no_argument, NULL, OPTION_STRICT},
	{"clock", required_argument, NULL, OPTION_CLOCK},
	{"out", required_argument, NULL, OPTION_OUT},
	{"edition", required_argument, NULL, OPTION_EDITION},
	{"force", no_argument, NULL, OPTION_FORCE},
	{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
	{"delete-cap", required_argument, NULL, OPTION_DELETE_CAP},
	{"break-lock", no_argument, NULL, OPTION_BREAK_LOCK},
	{"adopt", no_argument, NULL, OPTION_ADOPT},
	{"rollback", no_argument, NULL, OPTION_ROLLBACK},
	{"only", required_argument, NULL, OPTION_ONLY},
	{"connections", required_argument, NULL, OPTION_CONNECTIONS},
	{"data", required_argument, NULL, OPTION_DATA},
	{"lang", required_argument, NULL, OPTION_LANG},
	{"key", required_argument, NULL, OPTION_KEY},
	{"all", no_argument, NULL, OPTION_ALL},
	{"section", required_argument, NULL, OPTION_SECTION},
	{"status", required_argument, NULL, OPTION_STATUS},
	{"by", required_argument, NULL, OPTION_BY},
	{"date", required_argument, NULL, OPTION_DATE},
	{"minor", no_argument, NULL, OPTION_MINOR},
	{NULL, 0, NULL, 0},
};

static const int common[] = {OPTION_HELP, OPTION_QUIET, OPTION_VERBOSE, OPTION_JOBS, OPTION_ROOT, 0};

void complain(const char *fmt, ...)
{
	va_list ap;

	fputs("faktablad: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static bool listed(const int *ids, int id)
{
	for (; ids && *ids; ids++)
		if (*ids == id)
			return true;
	return false;
}

static const char *option_name(int id)
{
	for (size_t i = 0; long_options[i].name; i++)
		if (long_options[i].val == id)
			return long_options[i].name;
	return "?";
}

static bool parse_number(const char *text, int64_t low, int64_t high, int64_t *out)
{
	return str_to_int(str_from(text), out) && *out >= low && *out <= high;
}

static bool take_flag(struct options *o, int id)
{
	struct {
		int id;
		bool *flag;
	} const flags[] = {{OPTION_HELP, &o->help}, {OPTION_QUIET, &o->quiet}, {OPTION_VERBOSE, &o->verbose},
		{OPTION_STRICT, &o->strict}, {OPTION_FORCE, &o->force}, {OPTION_DRY_RUN, &o->dry_run},
		{OPTION_BREAK_LOCK, &o->break_lock}, {OPTION_ADOPT, &o->adopt},
		{OPTION_ROLLBACK, &o->rollback}, {OPTION_ALL, &o->all}, {OPTION_MINOR, &o->minor}};

	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		if (flags[i].id != id)
			continue;
		*flags[i].flag = true;
		return true;
	}
	return false;
}

static bool take_text(struct options *o, int id)
{
	struct {
		int id;
		const char **text;
	} const texts[] = {{OPTION_ROOT, &o->root}, {OPTION_OUT, &o->out}, {OPTION_EDITION, &o->edition},
		{OPTION_DATA, &o->data}, {OPTION_LANG, &o->lang}, {OPTION_KEY, &o->key},
		{OPTION_SECTION, &o->section}, {OPTION_STATUS, &o->status}, {OPTION_BY, &o->by}};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (texts[i].id != id)
			continue;
		*texts[i].text = optarg;
		return true;
	}
	return false;
}

/* Returns what was wanted instead, or NULL. */
static const char *take_value(struct options *o, int id)
{
	int64_t n;

	switch (id) {
	case OPTION_JOBS:
		if (!parse_number(optarg, 1, 64, &n))
			return "a number of threads, 1 to 64";
		o->jobs = (unsigned)n;
		return NULL;
	case OPTION_DELETE_CAP:
		return parse_number(optarg, 1, INT64_MAX, &o->delete_cap) ? NULL
									  : "a number of files, at least 1";
	case OPTION_CONNECTIONS:
		if (!parse_number(optarg, 1, TARGET_MAX_CONNECTIONS, &n))
			return "a number of connections, 1 to 64";
		o->connections = (unsigned)n;
		return NULL;
	case OPTION_ONLY:
		if (o->only_count == OPTION_ONLY_MAX)
			return "256 names at most; publish everything";
		o->only[o->only_count++] = optarg;
		return NULL;
	case OPTION_FORMAT:
		return report_format_parse(str_from(optarg), &o->format)
			       ? NULL
			       : "text, json, sarif, github or gitlab";
	case OPTION_DATE:
		return date_parse(str_from(optarg), &o->date) ? NULL : "a date, YYYY-MM-DD";
	case OPTION_CLOCK:
		return date_parse(str_from(optarg), &o->clock) ? NULL : "a date, YYYY-MM-DD";
	}
	return "something else";
}

/* One sentence, and where to read on. */
static PRINTF_LIKE(2, 3) int wrong(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	fputs("faktablad: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; see “faktablad %s --help”\n", c->name);
	return EXIT_USAGE;
}

static struct str nearest_option(const struct command *c, struct str name)
{
	struct str names[COUNT_OF(long_options)];
	size_t count = 0;

	for (size_t i = 0; long_options[i].name; i++)
		if (listed(common, long_options[i].val) || listed(c->accepts, long_options[i].val))
			names[count++] = str_from(long_options[i].name);
	return str_nearest(name, names, count);
}

/* What getopt_long() stumbled at: `id` is what it returned, `word` where it stands. */
static int wrong_option(const struct command *c, int id, const char *word)
{
	struct str name = str_from(word), near;

	if (id == ':')
		return wrong(c, "--%s wants a value", option_name(optopt));
	if (optopt >= OPTION_ROOT || listed(common, optopt))
		return wrong(c, "--%s takes no value", option_name(optopt));
	if (optopt)
		return wrong(c, "there is no option -%c", optopt);
	name = str_slice(name, 0, str_find_byte(name, '='));
	near = nearest_option(c, str_slice(name, 2, name.n));
	if (near.n)
		return wrong(c, "there is no option %.*s, did you mean --%.*s", STR_ARG(name), STR_ARG(near));
	return wrong(c, "there is no option %.*s", STR_ARG(name));
}

/* -1 when it was taken. */
static int take_option(struct options *o, const struct command *c, int id)
{
	const char *wanted;

	if (!listed(common, id) && !listed(c->accepts, id))
		return wrong(c, "“%s” has no option --%s", c->name, option_name(id));
	if (take_flag(o, id) || take_text(o, id))
		return -1;
	wanted = take_value(o, id);
	return wanted ? wrong(c, "--%s wants %s, not “%s”", option_name(id), wanted, optarg) : -1;
}

int options_parse(struct options *o, const struct command *c, int argc, char **argv)
{
	int id, status = -1;

	opterr = 0;
	optind = 0;
	while (status < 0 && (id = getopt_long(argc, argv, ":hqvj:", long_options, NULL)) != -1)
		status = id == '?' || id == ':' ? wrong_option(c, id, argv[optind - 1])
						: take_option(o, c, id);
	if (status >= 0)
		return status;
	o->args = argv + optind;
	o->arg_count = argc - optind;
	if (!o->help)
		return -1;
	printf("usage: faktablad %s\n\n%s\n", c->usage, c->help);
	return EXIT_FINE;
}

bool option_today(struct date *out)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds;

	if (!epoch) {
		*out = date_from_unix((int64_t)time(NULL));
		return true;
	}
	/* Years 1970 to 9999. */
	if (!parse_number(epoch, 0, 253402300799, &seconds)) {
		complain("SOURCE_DATE_EPOCH must be a number of seconds, not “%s”", epoch);
		return false;
	}
	*out = date_from_unix(seconds);
	return true;
}

void print_report(const struct project *p, const struct options *o, enum severity lowest)
{
	bool colour = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
	struct severities shown = p->severities;
	struct buf text;

	for (int r = 0; r < RULE_COUNT && o->format == REPORT_TEXT; r++)
		if (shown.of[r] < lowest)
			shown.of[r] = SEVERITY_OFF;
	buf_init(&text, BUF_MAX_DEFAULT);
	report(&text, &p->diag, &shown, o->format, colour && o->format == REPORT_TEXT);
	if (o->format == REPORT_TEXT)
		fwrite(text.p ? text.p : "", 1, text.n, stderr);
	else
		print_result(buf_str(&text));
	buf_release(&text);
}

void flush_results(void)
{
	if (fflush(stdout) != 0)
		die("cannot write the result: %s", strerror(errno));
}

void print_result(struct str s)
{
	if (fwrite(s.p ? s.p : "", 1, s.n, stdout) < s.n)
		die("cannot write the result: %s", strerror(errno));
	flush_results();
}

bool site_is_here(const struct options *o)
{
	char path[4096];
	struct fs_stat st;
	int n = snprintf(path, sizeof(path), "%s/content", o->root);

	if (n > 0 && (size_t)n < sizeof(path) && fs_stat(fs_real(), path, &st) == 0 && st.kind == FS_DIR)
		return true;
	complain("there is no folder “content” in %s; stand in a site's folder or name it with --root. "
		 "Sheets stand in a folder for each language: content/en/NAME.md",
		o->root);
	return false;
}

void print_count(FILE *out, size_t n, const char *one, const char *other)
{
	fprintf(out, "%zu %s", n, n == 1 ? one : other);
}

/* Templates and locales for sites that have none: installed beside the program, or where it was built. */
static const char *share_dir(void)
{
	static char path[4096 + 64];
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n > 0) {
		size_t folder = str_after_last(str_make(exe, (size_t)n), '/');

		snprintf(path, sizeof(path), "%.*s../share/faktablad", (int)folder, exe);
		if (access(path, R_OK) == 0)
			return path;
	}
	return access(FAKTABLAD_SHARE, R_OK) == 0 ? FAKTABLAD_SHARE : NULL;
}

struct project_options project_options(const struct options *o)
{
	return (struct project_options){.root = o->root,
		.share = share_dir(),
		.threads = o->jobs,
		.today = o->clock,
		.strict = o->strict};
}
