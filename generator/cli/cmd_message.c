#include "cli/option.h"

#include "text/message.h"

/* Whole numbers that are tried, for one that shows a plural category. */
#define EXAMPLE_MAX 1000

/* Everything that one call of the command needs. */
struct session {
	struct options *o;
	struct arena arena;
	struct diag diag;
	struct source pattern;
	struct project project;
	bool has_project;
	struct locale *locale;
	struct message *message;
	struct value args; /* map of name=value */
};

static bool read_values(struct session *s, int from)
{
	s->args = value_map(&s->arena);
	for (int i = from; i < s->o->arg_count; i++) {
		struct str text = str_from(s->o->args[i]), name;

		if (str_find_byte(text, '=') == text.n) {
			complain("arguments are given as name=value, not “%s”", s->o->args[i]);
			return false;
		}
		str_cut(&text, '=', &name);
		if (!text.p)
			text = STR("");
		value_set(s->args, &s->arena, name,
			message_arg_value(&s->arena, message_arg_type(s->message, name), text));
	}
	return true;
}

static const struct value *from_map(void *ctx, struct str name)
{
	return value_get(ctx, name);
}

static bool print_formatted(struct session *s, struct value args, const char *label)
{
	struct message_scope scope = {from_map, &args};
	struct buf out;
	bool ok;

	buf_init(&out, BUF_MAX_DEFAULT);
	if (label)
		buf_addf(&out, "%s: ", label);
	ok = message_format(s->message, s->locale, &scope, &out);
	buf_addc(&out, '\n');
	print_result(buf_str(&out));
	buf_release(&out);
	return ok;
}

/* The message with one argument set to `v`; the others keep their values. */
static bool print_with(struct session *s, struct str name, struct value v, const char *why)
{
	struct value args = value_map(&s->arena);
	char digits[32];
	struct str label;

	snprintf(digits, sizeof(digits), "%lld", (long long)(v.kind == VALUE_INT ? v.integer : 0));
	label = str_fmt(&s->arena, "%.*s=%.*s (%s)", STR_ARG(name),
		STR_ARG(v.kind == VALUE_INT ? str_from(digits) : v.text), why);
	value_set(args, &s->arena, name, v);
	for (size_t i = 0; i < s->args.map->len; i++)
		value_set(args, &s->arena, s->args.map->fields[i].name, s->args.map->fields[i].value);
	return print_formatted(s, args, label.p);
}

static bool has_exact(const struct message_choice *c, int64_t n)
{
	struct str selector;
	int64_t exact;

	for (size_t i = 0; i < c->len; i++) {
		selector = c->selectors[i];
		if (str_starts(selector, STR("=")) &&
			str_to_int(str_slice(selector, 1, selector.n), &exact) && exact == n)
			return true;
	}
	return false;
}

/* A number that is shown with a category's form: whole if possible, and without an =n of its own. */
static bool example_of(struct session *s, const struct message_choice *c, enum plural p, struct value *out)
{
	bool ordinal = c->type == MESSAGE_ORDINAL;

	for (int64_t i = 1; i <= EXAMPLE_MAX; i++) {
		*out = value_int(c->offset + i % EXAMPLE_MAX); /* 0, the oddest, last */
		if (locale_plural(s->locale, *out, c->offset, ordinal) == p && !has_exact(c, out->integer))
			return true;
	}
	return locale_plural_example(s->locale, ordinal, p, out);
}

/* The message once for each category of a plural, and once for each =n that it has a form for. */
static bool print_forms(struct session *s, const struct message_choice *c)
{
	bool ok = true;
	struct value v;

	for (size_t i = 0; i < c->len; i++)
		if (str_starts(c->selectors[i], STR("=")))
			ok &= print_with(s, c->name,
				message_arg_value(
					&s->arena, c->type, str_slice(c->selectors[i], 1, c->selectors[i].n)),
				"exactly");
	for (int p = 0; p < PLURAL_COUNT; p++)
		if (example_of(s, c, (enum plural)p, &v))
			ok &= print_with(s, c->name, v, plural_name((enum plural)p));
	return ok;
}

/* Whether one of the choices before number `n` has shown the same forms. */
static bool shown_before(const struct message_choice *choices, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (choices[i].type == choices[n].type && str_eq(choices[i].name, choices[n].name))
			return true;
	return false;
}

static bool print_all(struct session *s)
{
	const struct message_choice *choices;
	size_t count = message_choices(s->message, &choices);
	bool any = false, ok = true;

	for (size_t i = 0; i < count; i++) {
		if (choices[i].type == MESSAGE_SELECT || shown_before(choices, i))
			continue;
		any = true;
		ok &= print_forms(s, &choices[i]);
	}
	return any ? ok : print_formatted(s, s->args, NULL);
}

static void print_diagnostics(const struct diag *d)
{
	struct severities severities;
	struct buf text;

	severities_init(&severities);
	buf_init(&text, BUF_MAX_DEFAULT);
	report(&text, d, &severities, REPORT_TEXT, false);
	fwrite(text.p ? text.p : "", 1, text.n, stderr);
	buf_release(&text);
}

static int compile_pattern(struct session *s, struct str pattern)
{
	struct origin origin = {.src = &s->pattern};

	source_init(&s->pattern, STR("pattern"), pattern);
	if (utf8_check(pattern) < pattern.n) {
		complain("the pattern is not UTF-8");
		return EXIT_USAGE;
	}
	s->message = message_compile(&s->arena, pattern, &origin, s->locale, &s->diag);
	diag_sort(&s->diag);
	print_diagnostics(&s->diag);
	return s->message ? -1 : EXIT_ERRORS;
}

static int find_message(struct session *s)
{
	struct project_options options = project_options(s->o);
	const struct language *l;
	const struct phrase *p;
	size_t found;

	if (!site_is_here(s->o))
		return EXIT_USAGE;
	project_open(&s->project, &options);
	s->has_project = true;
	if (!project_load(&s->project)) {
		print_report(&s->project, s->o, SEVERITY_ERROR);
		return EXIT_ERRORS;
	}
	l = config_language(&s->project.catalog.config, str_from(s->o->lang));
	if (!l) {
		complain("the site has no language “%s”", s->o->lang);
		return EXIT_USAGE;
	}
	p = catalog_phrase(&s->project.catalog, l->index, str_from(s->o->key), &found);
	if (!p) {
		complain("there is no message “%s” in “%s”", s->o->key, s->o->lang);
		return EXIT_ERRORS;
	}
	if (found != l->index)
		complain("“%s” is not translated; this is the message of “%.*s”", s->o->key,
			STR_ARG(s->project.catalog.config.languages[found].spec.tag));
	s->locale = worker_locale(&s->project.workers.of[0], found);
	s->message = p->message;
	return -1;
}

static int run_session(struct session *s)
{
	int status;

	if (!s->o->lang || (!s->o->key && !s->o->arg_count)) {
		complain("message wants --lang and a pattern or --key; see “faktablad message --help”");
		return EXIT_USAGE;
	}
	if (!locale_well_formed(str_from(s->o->lang))) {
		complain("“%s” is not a language tag; BCP 47 tags look like “sv”, “ckb” or “fa-AF”",
			s->o->lang);
		return EXIT_USAGE;
	}
	if (s->o->key) {
		status = find_message(s);
	} else {
		s->locale = locale_new(&(struct locale_spec){.tag = str_from(s->o->lang)});
		status = compile_pattern(s, str_from(s->o->args[0]));
	}
	if (status >= 0)
		return status;
	if (!read_values(s, s->o->key ? 0 : 1))
		return EXIT_USAGE;
	if (s->o->all ? print_all(s) : print_formatted(s, s->args, NULL))
		return EXIT_FINE;
	complain("an argument is missing or of another type than the message wants");
	return EXIT_ERRORS;
}

static int run_message(struct options *o)
{
	struct session s = {.o = o};
	int status;

	arena_init(&s.arena, ARENA_DEFAULT);
	diag_init(&s.diag);
	status = run_session(&s);
	if (s.has_project)
		project_close(&s.project);
	else
		locale_free(s.locale);
	source_release(&s.pattern);
	diag_release(&s.diag);
	arena_release(&s.arena);
	return status;
}

const struct command cmd_message = {
	.name = "message",
	.usage = "message --lang TAG (--key KEY | PATTERN) [--all] [name=value]...",
	.summary = "show an interface message for given arguments",
	.help = "Formats an ICU MessageFormat pattern, or a message of the site's locales, in a language.\n\n"
		"  --lang TAG   the language, for example sv or ar\n"
		"  --key KEY    a message of locales/TAG.yaml, with its fallbacks\n"
		"  --all        once for every plural category of the language, and for every =n\n\n"
		"Values: whole numbers, decimals, dates (2026-11-20), times (2026-11-20T14:30), lists "
		"(a,b,c), texts.\n",
	.accepts = (const int[]){OPTION_LANG, OPTION_KEY, OPTION_ALL, 0},
	.run = run_message,
};
