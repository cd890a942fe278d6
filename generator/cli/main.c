/*
 * faktablad [--root DIR] COMMAND [OPTION]... : finds the command and hands over.
 */
#include "action/publish_ssh.h"
#include "cli/option.h"

static const struct command *const commands[] = {
	&cmd_check, &cmd_build, &cmd_publish, &cmd_stamp, &cmd_status, &cmd_render, &cmd_message};

static void print_help(FILE *out)
{
	fputs("usage: faktablad [--root DIR] COMMAND [OPTION]... [ARGUMENT]...\n\n"
	      "Makes a localized web site and offline packs out of Markdown fact sheets.\n\ncommands:\n",
		out);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\noptions of every command:\n"
	      "  --root DIR     the site's folder (default: the current one)\n"
	      "  -j, --jobs N   threads (default: as many as there are processors)\n"
	      "  -q, --quiet    say only what is wrong\n"
	      "  -v, --verbose  say more\n"
	      "  -h, --help     help on a command\n"
	      "  --version      the program's version\n\n"
	      "Exit status: 0 fine (warnings included), 1 errors found, 2 wrong usage or environment.\n",
		out);
}

static const struct command *find_command(const char *name)
{
	struct str names[COUNT_OF(commands)], near;

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		names[i] = str_from(commands[i]->name);
	}
	near = str_nearest(str_from(name), names, COUNT_OF(names));
	if (near.n)
		complain("there is no command “%s”; did you mean “%.*s”?", name, STR_ARG(near));
	else
		complain("there is no command “%s”; see “faktablad --help”", name);
	return NULL;
}

/* ssh asks for a secret by starting this program again (action/publish_ssh.h): it wants the secret and nothing else. */
static bool answer_ssh(void)
{
	const char *secret = ssh_askpass_answer();

	return secret && puts(secret) >= 0;
}

/* “--root DIR” or “--root=DIR” at *i: takes it. */
static bool take_root(int argc, char **argv, int *i, struct options *o)
{
	if (strncmp(argv[*i], "--root=", 7) == 0)
		o->root = argv[*i] + 7;
	else if (strcmp(argv[*i], "--root") == 0 && *i + 1 < argc)
		o->root = argv[++*i];
	else
		return false;
	return true;
}

/* What may stand before the command. Returns its place in argv, or 0 with *status set. */
static int leading_options(int argc, char **argv, struct options *o, int *status)
{
	int i = 1;

	*status = EXIT_FINE;
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (take_root(argc, argv, &i, o))
			continue;
		if (strcmp(argv[i], "--version") == 0)
			puts("faktablad " FAKTABLAD_VERSION);
		else if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0)
			print_help(stdout);
		else
			*status = EXIT_USAGE;
		if (*status == EXIT_USAGE && strcmp(argv[i], "--root") == 0)
			complain("--root wants a value; see “faktablad --help”");
		else if (*status == EXIT_USAGE)
			complain("“%s” cannot stand before the command; see “faktablad --help”", argv[i]);
		return 0;
	}
	if (i < argc)
		return i;
	print_help(stderr);
	*status = EXIT_USAGE;
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = {.root = ".", .delete_cap = -1};
	const struct command *c;
	int status, at;

	if (answer_ssh())
		return EXIT_FINE;
	at = leading_options(argc, argv, &o, &status);
	if (!at) {
		flush_results();
		return status;
	}
	c = find_command(argv[at]);
	if (!c)
		return EXIT_USAGE;
	status = options_parse(&o, c, argc - at, argv + at);
	if (status < 0)
		status = c->run(&o);
	flush_results();
	return status;
}
