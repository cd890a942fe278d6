#include "cli/option.h"

static int run_check(struct options *o)
{
	struct project_options options = project_options(o);
	struct project p;
	size_t errors, warnings;

	if (o->arg_count) {
		complain("check takes no arguments; see “faktablad check --help”");
		return EXIT_USAGE;
	}
	if (!site_is_here(o))
		return EXIT_USAGE;
	if (!options.today.year && !option_today(&options.today))
		return EXIT_USAGE;
	options.plain = true;
	project_open(&p, &options);
	if (!project_load(&p) && !project_errors(&p))
		BUG("nothing loaded and nothing said");
	print_report(&p, o, o->quiet ? SEVERITY_ERROR : SEVERITY_INFO);
	errors = project_errors(&p);
	warnings = diag_count(&p.diag, &p.severities, SEVERITY_WARNING);
	if (!o->quiet && o->format == REPORT_TEXT) {
		print_count(stderr, p.catalog.sheet_count, "sheet in ", "sheets in ");
		print_count(stderr, p.catalog.config.language_count, "language: ", "languages: ");
		print_count(stderr, errors, "error, ", "errors, ");
		print_count(stderr, warnings, "warning\n", "warnings\n");
	}
	project_close(&p);
	return errors ? EXIT_ERRORS : EXIT_FINE;
}

const struct command cmd_check = {
	.name = "check",
	.usage = "check [--format text|json|sarif|github|gitlab] [--strict] [--clock DATE]",
	.summary = "read everything and say what is wrong",
	.help = "Reads every sheet, fact, message and template and reports what is wrong, with file, line "
		"and column.\n"
		"Writes nothing.\n\n"
		"  --format F    text (default, on stderr), json, sarif, github or gitlab (on stdout)\n"
		"  --strict      warnings are errors, overdue reviews excepted\n"
		"  --clock DATE  judge overdue reviews as of this day (default: today)\n",
	.accepts = (const int[]){OPTION_FORMAT, OPTION_STRICT, OPTION_CLOCK, 0},
	.run = run_check,
};
