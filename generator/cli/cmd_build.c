#include "action/build.h"
#include "cli/option.h"

#include <time.h>
#include <unistd.h>

static void print_counts(const struct build *b)
{
	const struct build_counts *n = &b->counts;

	print_count(stdout, n->sheets, "sheet, ", "sheets, ");
	print_count(stdout, n->languages, "language, ", "languages, ");
	print_count(stdout, n->pages, "page, ", "pages, ");
	print_count(stdout, n->packs, "pack\n", "packs\n");
	if (b->unchanged || !n->written)
		printf("nothing changed in %s\n", b->options.out);
	else
		printf("%zu of %zu files written to %s\n", n->written, n->files, b->options.out);
}

static int finish(struct build *b, enum build_status status, const struct options *o)
{
	enum severity lowest = o->quiet ? SEVERITY_ERROR : o->verbose ? SEVERITY_INFO : SEVERITY_WARNING;

	if (b->unchanged)
		fwrite(b->old_report.p, 1, o->quiet ? 0 : b->old_report.n, stderr);
	else
		print_report(b->project, o, lowest);
	switch (status) {
	case BUILD_OK:
		if (!o->quiet && o->format == REPORT_TEXT)
			print_counts(b);
		return EXIT_FINE;
	case BUILD_ERRORS:
		complain("nothing was built: mend the errors above, %s is as it was", b->options.out);
		return EXIT_ERRORS;
	case BUILD_ENVIRONMENT:
		complain("%.*s", STR_ARG(buf_str(&b->why)));
		return EXIT_USAGE;
	}
	BUG("build status %d", (int)status);
}

/* Only what takes longer than a second is worth a line, which is wiped again. */
static void show_progress(void *ctx, const char *phase, struct str of)
{
	const struct timespec *start = ctx;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - start->tv_sec >= 1)
		fprintf(stderr, "\r\033[K%s %.*s …", phase, STR_ARG(of));
}

static void watch(struct build_options *build, struct timespec *start, const struct options *o)
{
	clock_gettime(CLOCK_MONOTONIC, start);
	if (!isatty(STDERR_FILENO) || o->quiet)
		return;
	build->progress = show_progress;
	build->ctx = start;
}

static int run_build(struct options *o)
{
	struct project_options options = project_options(o);
	struct build_options build = {.edition = str_from(o->edition)};
	struct project p;
	struct build b;
	struct timespec start;
	enum build_status built;
	int status;

	if (o->arg_count) {
		complain("build takes no arguments; see “faktablad build --help”");
		return EXIT_USAGE;
	}
	if (!site_is_here(o) || !option_today(&build.issued))
		return EXIT_USAGE;
	project_open(&p, &options);
	build.out = o->out ? o->out : path_below(&p.arena, o->root, STR("public"));
	/* The report of an unchanged build is kept as text. */
	build.force = o->force || o->format != REPORT_TEXT;
	watch(&build, &start, o);
	build_open(&b, &p, &build);
	built = build_run(&b);
	if (build.progress)
		fputs("\r\033[K", stderr);
	status = finish(&b, built, o);
	build_close(&b);
	project_close(&p);
	return status;
}

const struct command cmd_build = {
	.name = "build",
	.usage =
		"build [--out DIR] [--edition NAME] [--strict] [--force] [--format text|json|sarif|github|gitlab]",
	.summary = "make the web site and the offline packs",
	.help = "Checks the site and, when there are no errors, makes public/ out of it: a web site in every "
		"language and\n"
		"the offline packs. public/ changes as a whole or not at all; only files whose bytes changed "
		"are touched.\n\n"
		"  --out DIR     the output folder (default: public in the site's folder)\n"
		"  --edition N   only this edition: “web” leaves the packs out, a pack's name all other "
		"packs\n"
		"  --strict      warnings are errors, overdue reviews excepted\n"
		"  --force       build even when nothing changed\n"
		"  --format F    how problems are reported: text (default), json, sarif, github or gitlab\n\n"
		"SOURCE_DATE_EPOCH sets the issue date of the packs; without it, it is today in UTC.\n",
	.accepts = (const int[]){OPTION_OUT, OPTION_EDITION, OPTION_STRICT, OPTION_FORCE, OPTION_FORMAT, 0},
	.run = run_build,
};
