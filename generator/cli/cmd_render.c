#include "action/render.h"
#include "cli/option.h"

static int run_render(struct options *o)
{
	struct arena a;
	struct diag d;
	struct severities severities;
	struct buf out, text;
	bool ok;

	if (o->arg_count != 1 || !o->data) {
		complain("render wants one template and --data; see “faktablad render --help”");
		return EXIT_USAGE;
	}
	arena_init(&a, ARENA_DEFAULT);
	diag_init(&d);
	severities_init(&severities);
	buf_init(&out, MUSTACHE_MAX_BYTES);
	ok = render_file(str_from(o->args[0]), str_from(o->data), &out, &d);
	diag_sort(&d);
	buf_init(&text, BUF_MAX_DEFAULT);
	report(&text, &d, &severities, REPORT_TEXT, false);
	fwrite(text.p ? text.p : "", 1, text.n, stderr);
	if (ok)
		ok = print_result(buf_str(&out));
	buf_release(&text);
	buf_release(&out);
	diag_release(&d);
	arena_release(&a);
	return ok ? EXIT_FINE : EXIT_ERRORS;
}

const struct command cmd_render = {
	.name = "render",
	.usage = "render TEMPLATE --data FILE.yaml",
	.summary = "render one Mustache template with data from a file",
	.help = "Prints the result of a template. Partials and parents are looked up beside it "
		"(NAME.mustache).\n\n"
		"  --data FILE  the data, as YAML\n",
	.accepts = (const int[]){OPTION_DATA, 0},
	.run = run_render,
};
