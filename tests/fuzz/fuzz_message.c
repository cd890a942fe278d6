/* Messages: compiled with and without a language, and formatted with a few arguments. */
#include "text/message.h"

/* Formatters pile up in a locale; new ones now and then keep the fuzzer's memory flat. */
#define RENEW 4096

static const char *const tags[] = {"sv", "ar", "pl", "fa-u-nu-latn", "xx"};

static struct locale *locales[COUNT_OF(tags)];

static void open_locales(void)
{
	static unsigned runs;

	if (runs++ % RENEW)
		return;
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct locale_spec spec = {.tag = str_from(tags[i])};

		locale_free(locales[i]);
		locales[i] = locale_new(&spec);
	}
}

/* Arguments by the first letter of their name; some are missing. */
static const struct value *get(void *ctx, struct str name)
{
	static const struct {
		const char letters[8];
		struct value value;
	} values[] = {
		{"n01", {.kind = VALUE_INT, .integer = 21}},
		{"m2", {.kind = VALUE_INT, .integer = INT64_MIN}},
		{"d3", {.kind = VALUE_DECIMAL, .text = {"-1.50", 5}}},
		{"t4", {.kind = VALUE_TIME, .integer = 1795430645123}},
		{"D5", {.kind = VALUE_DATE, .date = {2026, 11, 23}}},
		{"s6", {.kind = VALUE_STR, .text = {"female", 6}}},
		{"b7", {.kind = VALUE_BOOL, .boolean = true}},
		{"z", {.kind = VALUE_NULL}},
	};

	for (size_t i = 0; i < COUNT_OF(values); i++)
		if (strchr(values[i].letters, name.p[0]))
			return &values[i].value;
	return name.p[0] == 'l' ? ctx : NULL;
}

static void ignore(void *ctx, struct str name, struct str formatted)
{
	(void)ctx;
	(void)name;
	(void)formatted;
}

static void run(struct arena *a, struct str text, struct locale *l, struct value *list)
{
	struct source src;
	struct origin origin = {.src = &src};
	struct message_scope scope = {get, list};
	struct message_sink sink = {.argument = ignore};
	struct diag d;
	struct buf out;
	struct message *m;

	source_init(&src, STR("fuzz"), text);
	diag_init(&d);
	m = message_compile(a, text, &origin, l, &d);
	for (size_t i = 0; i < d.len; i++)
		if (d.items[i].at.at + d.items[i].at.n > text.n)
			BUG("a diagnostic beyond the text");
	buf_init(&out, (size_t)16 << 20);
	if (m) {
		message_format(m, l ? l : locales[0], &scope, &out);
		message_format_to(m, l ? l : locales[0], &scope, &sink);
	}
	buf_release(&out);
	diag_release(&d);
	source_release(&src);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size);
	struct value list;
	struct arena a;

	open_locales();
	arena_init(&a, (size_t)64 << 20);
	list = value_list(&a);
	value_push(list, &a, value_str(STR("Anna")));
	value_push(list, &a, value_int(7));
	run(&a, text, NULL, &list);
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		run(&a, text, locales[i], &list);
	arena_release(&a);
	return 0;
}
