#include "action/render.h"
#include "cli/option.h"

static void print_diagnostics(struct diag *d)
{
	struct severities severities;
	struct buf text;

	severities_init(&severities);
	diag_sort(d);
	buf_init(&text, BUF_MAX_DEFAULT);
	report(&text, d, &severities, REPORT_TEXT, false);
	fwrite(text.p ? text.p : "", 1, text.n, stderr);
	buf_release(&text);
}

static int run_render(struct options *o)
{
	struct render render;
	struct diag d;
	struct buf out;
	bool ok;

	if (o->arg_count != 1) {
		complain("render wants one template; see “faktablad render --help”");
		return EXIT_USAGE;
	}
	render_init(&render, fs_real());
	diag_init(&d);
	buf_init(&out, MUSTACHE_MAX_BYTES);
	ok = render_file(&render, str_from(o->args[0]), str_from(o->data), &out, &d);
	print_diagnostics(&d);
	if (ok)
		print_result(buf_str(&out));
	buf_release(&out);
	diag_release(&d);
	render_release(&render);
	return ok ? EXIT_FINE : EXIT_ERRORS;
}

const struct command cmd_render = {
	.name = "render",
	.usage = "render TEMPLATE [--data FILE.yaml]",
	.summary = "render one Mustache template with data from a file",
	.help = "Prints the result of a template. Partials and parents are looked up beside it "
		"(NAME.mustache).\n\n"
		"  --data FILE  the data, as YAML or JSON\n",
	.accepts = (const int[]){OPTION_DATA, 0},
	.run = run_render,
};
