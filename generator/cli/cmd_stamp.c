#include "action/stamp.h"
#include "cli/pick.h"

#include <unistd.h>

static bool is_line(const char *text)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F)
			return false;
	return utf8_check(str_from(text)) == strlen(text);
}

static bool read_options(const struct options *o, struct stamp_options *out)
{
	enum status status;

	*out = (struct stamp_options){.status = str_from(o->status),
		.by = str_from(o->by),
		.today = o->date,
		.dry_run = o->dry_run,
		.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
	if (o->status && !status_parse(out->status, &status))
		complain("--status wants machine, translated or reviewed, not “%s”", o->status);
	else if (o->by && (!*o->by || !is_line(o->by)))
		complain("--by wants a name");
	else if (o->minor && (o->status || o->by || o->date.year))
		complain("--minor changes no translation's status, name or date");
	else if (o->minor && o->all)
		complain("--minor wants the text of the source language that was changed");
	else if ((o->all && o->arg_count) || (!o->all && !o->arg_count))
		complain("stamp wants texts, or --all; see “faktablad stamp --help”");
	else if (o->lang && !o->all)
		complain("--lang goes with --all");
	else if (o->all && o->section)
		complain("--section goes with the texts that have it");
	else
		return o->date.year || option_today(&out->today);
	return false;
}

static void add_all(struct stamping *s, const struct options *o, size_t language)
{
	const struct catalog *c = &s->p->catalog;

	for (size_t i = 0; i < c->sheet_count; i++) {
		const struct translation *t = c->sheets[i]->in[language];

		if (t && stamp_source(c, t) && (o->force || !t->freshness))
			stamping_add(s, t, NULL, 0);
	}
}

static int stamp_all(struct stamping *s, const struct options *o)
{
	const struct config *c = &s->p->catalog.config;
	const struct language *only = o->lang ? config_language(c, str_from(o->lang)) : NULL;

	if (o->lang && (!only || only->index == c->source)) {
		complain("the site has no translations into “%s”", o->lang);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < c->language_count; i++)
		if (i != c->source && (!only || only->index == i))
			add_all(s, o, i);
	if (!s->texts && s->status == STAMP_OK)
		buf_addz(&s->said, "nothing to do: every translation has a stamp\n");
	return -1;
}

static int stamp_named(struct stamping *s, const struct options *o)
{
	struct pick *list;
	size_t count;

	if (!pick_texts(s->p, o, o->section, &list, &count))
		return EXIT_USAGE;
	for (size_t i = 0; i < count; i++)
		(o->minor ? stamping_minor : stamping_add)(
			s, list[i].text, list[i].sections, list[i].section_count);
	return -1;
}

static int finish(struct stamping *s, const struct options *o)
{
	enum stamp_status status = stamping_write(s);

	if (status != STAMP_OK) {
		fwrite(s->why.p ? s->why.p : "", 1, s->why.n, stderr);
		complain(status == STAMP_REFUSED ? "nothing was stamped"
						 : "stamping was cut off; stamp again");
		return status == STAMP_REFUSED ? EXIT_ERRORS : EXIT_USAGE;
	}
	if (!o->quiet)
		print_result(buf_str(&s->said));
	if (o->dry_run && !o->quiet)
		complain("a dry run: nothing was written");
	return EXIT_FINE;
}

static int run_stamp(struct options *o)
{
	struct project_options options = project_options(o);
	struct stamp_options stamp;
	struct project p;
	struct stamping s;
	int status;

	if (!read_options(o, &stamp) || !site_is_here(o))
		return EXIT_USAGE;
	project_open(&p, &options);
	if (!project_read(&p)) {
		print_report(&p, o, SEVERITY_ERROR);
		project_close(&p);
		return EXIT_ERRORS;
	}
	stamping_init(&s, &p, &stamp);
	status = o->all ? stamp_all(&s, o) : stamp_named(&s, o);
	if (status < 0)
		status = finish(&s, o);
	stamping_release(&s);
	project_close(&p);
	return status;
}

const struct command cmd_stamp = {
	.name = "stamp",
	.usage = "stamp (FILE[#SECTION]... | --all [--lang TAG]) [--status STATUS] [--by NAME]\n"
		 "       faktablad stamp --minor SOURCEFILE[#SECTION]...",
	.summary = "say that translations are up to date with their source",
	.help = "Writes into each translation's front matter which source text it was made from, and keeps that "
		"text beside\n"
		"it. From then on “faktablad status” tells which sections of the source changed, and pages "
		"say so "
		"to readers.\n\n"
		"  --section ID   only this section, like FILE#ID\n"
		"  --status S     the translation is machine, translated or reviewed (default: as it was)\n"
		"  --by NAME      who made or reviewed it\n"
		"  --date DATE    when (default: today in UTC)\n"
		"  --all          every translation that was never stamped; with --force all others too\n"
		"  --lang TAG     with --all: only this language\n"
		"  --minor        what changed in these source texts needs no translation: translations that were "
		"up to\n"
		"                 date before stay so. Shows what changed; look with --dry-run first\n"
		"  --dry-run      say what would be done, write nothing\n",
	.accepts = (const int[]){OPTION_SECTION, OPTION_STATUS, OPTION_BY, OPTION_DATE, OPTION_ALL,
		OPTION_LANG, OPTION_FORCE, OPTION_MINOR, OPTION_DRY_RUN, 0},
	.run = run_stamp,
};
