#include "action/status.h"
#include "cli/pick.h"

#include <unistd.h>

/* The languages that are asked for; false after a complaint. */
static bool pick_languages(struct project *p, const struct options *o, size_t **out, size_t *count)
{
	const struct config *c = &p->catalog.config;
	const struct language *only = o->lang ? config_language(c, str_from(o->lang)) : NULL;

	if (o->lang && (!only || only->index == c->source)) {
		complain("the site has no translations into “%s”", o->lang);
		return false;
	}
	*out = arena_new_n(&p->arena, size_t, c->language_count);
	*count = 0;
	for (size_t i = 0; i < c->language_count; i++)
		if (i != c->source && (!only || only->index == i))
			(*out)[(*count)++] = i;
	return true;
}

static int print_whole(struct project *p, const struct options *o, struct buf *out)
{
	struct status_report s;
	size_t *languages, count;

	if (!pick_languages(p, o, &languages, &count))
		return EXIT_USAGE;
	status_init(&s, p, languages, count);
	if (o->format == REPORT_JSON)
		status_json(&s, out);
	else if (o->lang)
		status_list(&s, out);
	else
		status_table(&s, out);
	return EXIT_FINE;
}

static int print_file(struct project *p, const struct options *o, struct buf *out)
{
	struct str section;
	const struct translation *t = pick_text(p, o->args[0], &section);

	if (!t)
		return EXIT_USAGE;
	if (o->format == REPORT_JSON)
		status_file_json(p, t, out);
	else
		status_file(p, t, out, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
	return EXIT_FINE;
}

static int run_status(struct options *o)
{
	struct project_options options = project_options(o);
	struct project p;
	struct buf out;
	int status = EXIT_ERRORS;

	if (o->arg_count > 1 || (o->arg_count && o->lang)) {
		complain("status takes one text, or --lang; see “faktablad status --help”");
		return EXIT_USAGE;
	}
	if (o->format != REPORT_TEXT && o->format != REPORT_JSON) {
		complain("--format of status is text or json");
		return EXIT_USAGE;
	}
	if (!site_is_here(o))
		return EXIT_USAGE;
	project_open(&p, &options);
	buf_init(&out, BUF_MAX_DEFAULT);
	if (project_read(&p)) {
		status = o->arg_count ? print_file(&p, o, &out) : print_whole(&p, o, &out);
		print_result(buf_str(&out));
	} else {
		print_report(&p, o, SEVERITY_ERROR);
	}
	buf_release(&out);
	project_close(&p);
	return status;
}

const struct command cmd_status = {
	.name = "status",
	.usage = "status [--lang TAG | FILE] [--format text|json]",
	.summary = "show how far the translations are, and what changed",
	.help = "Shows every sheet in every language: how good the translation is, and how many of its sections "
		"are behind\n"
		"the source. With a FILE: which sections changed, appeared or went away since it was "
		"stamped, with "
		"the words\n"
		"that changed in the source as -[removed] and +{added}. Writes nothing.\n\n"
		"  --lang TAG    only this language, in words\n"
		"  --format F    text (default) or json\n",
	.accepts = (const int[]){OPTION_LANG, OPTION_FORMAT, 0},
	.run = run_status,
};
