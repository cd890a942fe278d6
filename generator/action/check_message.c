/* Messages: does every one that is used exist, is every one that exists used, do translations take the same
 * arguments? */
#include "action/check_impl.h"

/* What the program itself asks for, and the arguments that it gives. */
static const struct {
	const char *key;
	const char *arguments; /* "a b", each once */
	bool packs;	       /* asked for only when there are packs */
	const char *template;  /* asked for only when there is this one, whose page a site need not have */
	bool districts;	       /* or districts */
	bool charts;	       /* or a chart */
} program_messages[] = {
	{.key = "chart.kind", .arguments = "kind", .charts = true},
	{.key = "chart.as_table", .arguments = "", .charts = true},
	{.key = "chart.year", .arguments = "", .charts = true},
	{.key = "chart.value", .arguments = "measure", .charts = true},
	{.key = "chart.none", .arguments = "", .charts = true},
	{.key = "chart.rest", .arguments = "", .charts = true},
	{.key = "chart.from", .arguments = "from", .charts = true},
	{.key = "chart.rounded", .arguments = "", .charts = true},
	{"site.title", ""},
	{"site.lead", ""},
	{"callout.fact", ""},
	{"callout.myth", ""},
	{"callout.why", ""},
	{"callout.note", ""},
	{"callout.help", ""},
	{"cite.label", "number place located"},
	{"pack.extract_first", "", true},
	{"pack.about_title", "", true},
	{"packs.title", "", true},
	{"packs.lead", "", true},
	{"error404.title", ""},
	{"link.on_web", "", true},
	{"size.kb", "size", true},
	{"size.mb", "size", true},
	{"staff.title", "", false, "staff"},
	{"staff.lead", "", false, "staff"},
	{"source_list.title", "", false, "sources"},
	{"source_list.lead", "", false, "sources"},
	{"glossary.title", "", false, "glossary"},
	{"glossary.lead", "", false, "glossary"},
	{"contacts.title", "", false, NULL, true},
	{"contacts.lead", "", false, NULL, true},
	{"contact.phone", "", false, NULL, true},
	{"contact.email", "", false, NULL, true},
	{"contact.web", "", false, NULL, true},
	{"contact.address", "", false, NULL, true},
	{"hours.days", "from to", false, NULL, true},
	{"hours.times", "from to", false, NULL, true},
	{"hours.daily", "", false, NULL, true},
	{"hours.always", "", false, NULL, true},
	{"programme.ages", "from to", false, NULL, true},
	{"programme.ages_from", "from", false, NULL, true},
	{"programme.proposal", "", false, NULL, true},
	{"programme.pilot", "", false, NULL, true},
	{"programme.project", "", false, NULL, true},
	{"programme.offered", "", false, NULL, true},
	{"programme.permanent", "", false, NULL, true},
};

struct uses {
	struct checker *k;
	struct map keys; /* key to anything */
};

static void report_missing(struct checker *k, struct str key, struct span at)
{
	const struct wording *source = &k->c->wordings[k->c->config.source];

	if (at.src)
		diag_add(k->d, RULE_MESSAGE_MISSING, at, "there is no message “%.*s”", STR_ARG(key));
	else
		diag_add_path(k->d, RULE_MESSAGE_MISSING,
			str_fmt(k->a, "locales/%.*s.yaml",
				STR_ARG(k->c->config.languages[k->c->config.source].spec.tag)),
			"the message “%.*s”, which every site needs, is missing", STR_ARG(key));
	hint_nearest(k->d, &k->suggestions, &source->phrases, key,
		"add it to the locale file of the source language");
}

static void use_in_template(void *ctx, struct str raw, struct span at)
{
	struct uses *u = ctx;
	struct str key = str_trim(raw);
	size_t found;

	map_put(&u->keys, u->k->a, key, u);
	if (catalog_phrase(u->k->c, u->k->c->config.source, key, &found))
		return;
	if (key.n)
		at = span_make(at.src, at.at + (size_t)(key.p - raw.p), key.n);
	report_missing(u->k, key, at);
}

static bool asked_for(const struct checker *k, size_t i)
{
	const struct catalog *c = k->c;
	const char *template = program_messages[i].template;

	if (program_messages[i].packs && !config_has_packs(&c->config))
		return false;
	if (program_messages[i].districts && !c->districts.by_id.len)
		return false;
	if (program_messages[i].charts && !k->charts)
		return false;
	return !template || map_has(&c->templates.templates, str_from(template));
}

static void use_in_program(struct uses *u)
{
	for (size_t i = 0; i < COUNT_OF(program_messages); i++) {
		struct str key = str_from(program_messages[i].key);
		size_t found;

		map_put(&u->keys, u->k->a, key, u);
		if (!asked_for(u->k, i))
			continue;
		if (!catalog_phrase(u->k->c, u->k->c->config.source, key, &found))
			report_missing(u->k, key, (struct span){0});
	}
}

/* A contact's label may name any of these, today or once it is filled in. */
static void use_labels(struct uses *u, const struct wording *source)
{
	for (size_t i = 0; i < source->phrases.len; i++)
		if (str_starts(source->phrases.entries[i].key, STR("contact.")))
			map_put(&u->keys, u->k->a, source->phrases.entries[i].key, u);
}

static bool takes(const struct message *m, struct str name)
{
	const struct message_arg *args;
	size_t count = message_args(m, &args);

	for (size_t i = 0; i < count; i++)
		if (str_eq(args[i].name, name))
			return true;
	return false;
}

/* The source language's message says which arguments there are. */
static void compare_arguments(struct checker *k, const struct phrase *p, const struct phrase *source)
{
	const struct message_arg *args;
	size_t count = message_args(p->message, &args);

	for (size_t i = 0; i < count; i++) {
		if (takes(source->message, args[i].name))
			continue;
		diag_add(k->d, RULE_MESSAGE_ARGUMENT, args[i].at,
			"the message “%.*s” is never given an argument “%.*s”", STR_ARG(p->key),
			STR_ARG(args[i].name));
		diag_other(k->d, source->at);
		diag_hint(k->d, "use the arguments of the source language's message");
	}
}

static bool given(const char *arguments, struct str name)
{
	struct str rest = str_from(arguments), one;

	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, name))
			return true;
	return false;
}

static void check_program_arguments(struct checker *k, const struct wording *w)
{
	for (size_t i = 0; i < COUNT_OF(program_messages); i++) {
		const struct phrase *p = map_get(&w->phrases, str_from(program_messages[i].key));
		const struct message_arg *args;
		size_t count = p ? message_args(p->message, &args) : 0;

		for (size_t n = 0; n < count; n++) {
			if (given(program_messages[i].arguments, args[n].name))
				continue;
			diag_add(k->d, RULE_MESSAGE_ARGUMENT, args[n].at,
				"the message “%.*s” is never given an argument “%.*s”", STR_ARG(p->key),
				STR_ARG(args[n].name));
			diag_hint(k->d,
				*program_messages[i].arguments ? "it is given: %s"
							       : "it takes no arguments%s",
				program_messages[i].arguments);
		}
	}
}

static void check_translation(struct checker *k, const struct language *l, const struct wording *source)
{
	const struct wording *w = &k->c->wordings[l->index];

	if (!w->src) {
		diag_add_path(k->d, RULE_MESSAGE_UNTRANSLATED,
			str_fmt(k->a, "locales/%.*s.yaml", STR_ARG(l->spec.tag)),
			"the language “%.*s” has no messages of its own", STR_ARG(l->spec.tag));
		return;
	}
	for (size_t i = 0; i < w->phrases.len; i++) {
		const struct phrase *p = w->phrases.entries[i].value;
		const struct phrase *from = map_get(&source->phrases, p->key);

		if (from)
			compare_arguments(k, p, from);
		else
			diag_add(k->d, RULE_MESSAGE_UNUSED, p->key_at,
				"the source language has no message “%.*s”", STR_ARG(p->key));
	}
	for (size_t i = 0; i < source->phrases.len; i++) {
		const struct phrase *p = source->phrases.entries[i].value;

		if (map_get(&w->phrases, p->key))
			continue;
		diag_add(k->d, RULE_MESSAGE_UNTRANSLATED, span_make(w->src, 0, 0),
			"the message “%.*s” is not translated", STR_ARG(p->key));
		diag_other(k->d, p->key_at);
	}
}

void check_messages(struct checker *k)
{
	const struct wording *source = &k->c->wordings[k->c->config.source];
	struct uses u = {.k = k};

	mustache_each_section(&k->c->templates, STR("t"), use_in_template, &u);
	use_in_program(&u);
	use_labels(&u, source);
	if (!k->options->own_locales)
		return;
	check_program_arguments(k, source);
	for (size_t i = 0; i < source->phrases.len; i++) {
		const struct phrase *p = source->phrases.entries[i].value;

		if (!map_get(&u.keys, p->key)) {
			diag_add(k->d, RULE_MESSAGE_UNUSED, p->key_at, "nothing uses the message “%.*s”",
				STR_ARG(p->key));
			diag_hint(k->d, "templates use it as “{{#t}}%.*s{{/t}}”", STR_ARG(p->key));
		}
	}
	for (size_t i = 0; i < k->c->config.language_count; i++)
		if (i != k->c->config.source)
			check_translation(k, &k->c->config.languages[i], source);
}
