/*
 * option: the command line's words, and the table of commands.
 *
 * A new command is one file cmd_*.c with a struct command, and one row of the table in main.c. Exit status: 0
 * fine (warnings included), 1 errors found, 2 wrong usage or environment. Messages to people go to stderr,
 * results to stdout.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "action/project.h"
#include "base/report.h"

enum { EXIT_FINE = 0, EXIT_ERRORS = 1, EXIT_USAGE = 2 };

enum option_id {
	OPTION_HELP = 'h',
	OPTION_QUIET = 'q',
	OPTION_VERBOSE = 'v',
	OPTION_JOBS = 'j',
	OPTION_ROOT = 256,
	OPTION_VERSION,
	OPTION_FORMAT,
	OPTION_STRICT,
	OPTION_CLOCK,
	OPTION_OUT,
	OPTION_EDITION,
	OPTION_FORCE,
	OPTION_DRY_RUN,
	OPTION_DELETE_CAP,
	OPTION_BREAK_LOCK,
	OPTION_ADOPT,
	OPTION_ROLLBACK,
	OPTION_ONLY,
	OPTION_CONNECTIONS,
	OPTION_DATA,
	OPTION_LANG,
	OPTION_KEY,
	OPTION_ALL,
	OPTION_SECTION,
	OPTION_STATUS,
	OPTION_BY,
	OPTION_DATE,
	OPTION_MINOR,
};

/* Names that --only takes. */
#define OPTION_ONLY_MAX 256

struct options {
	const char *root;
	bool quiet, verbose, strict, force, dry_run, break_lock, adopt, rollback, all, minor, help;
	unsigned jobs;
	enum report_format format;
	struct date clock, date;
	const char *out, *edition, *data, *lang, *key, *section, *status, *by;
	int64_t delete_cap;   /* -1: not given */
	unsigned connections; /* 0: not given */
	const char *only[OPTION_ONLY_MAX];
	size_t only_count;
	char **args; /* what is left */
	int arg_count;
};

struct command {
	const char *name;
	const char *usage;   /* after "faktablad " */
	const char *summary; /* one line */
	const char *help;    /* what it does and its options */
	const int *accepts;  /* option ids beyond the common ones; 0 ends */
	int (*run)(struct options *o);
};

extern const struct command cmd_build, cmd_check, cmd_message, cmd_publish, cmd_render, cmd_stamp, cmd_status;

/*
 * Parses what stands after the command's name. Returns -1 to go on, else an exit status (a wrong option was
 * reported, or help was printed).
 */
int options_parse(struct options *o, const struct command *c, int argc, char **argv);

/* The day in UTC: SOURCE_DATE_EPOCH when it is set, else the clock. False when the variable is no number. */
bool option_today(struct date *out);

/* One sentence on stderr after the command's name. */
void complain(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Prints diagnostics: text to stderr (those from `lowest` up), other formats to stdout. */
void print_report(const struct project *p, const struct options *o, enum severity lowest);
/* Writes a result to stdout. When stdout does not take it, the program ends with a sentence and EXIT_USAGE.
 */
void print_result(struct str s);
/* The same for what was printed before. */
void flush_results(void);
/* False, and a sentence, when the root has no content to work with. */
bool site_is_here(const struct options *o);
/* "1 sheet", "2 sheets": the number and the right one of two words, for messages in English. */
void print_count(FILE *out, size_t n, const char *one, const char *other);
/* What the flags common to check and build make of a project. */
struct project_options project_options(const struct options *o);

#endif
