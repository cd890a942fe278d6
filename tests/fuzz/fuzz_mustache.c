/*
 * Templates: any bytes compile or give a report, and render within the limits. The input is up to four
 * templates, NUL between them: "page", then partials "a", "b" and "c".
 */
#include "text/mustache.h"

#define MAX_TEMPLATES 4

static void echo(void *ctx UNUSED, struct mustache_scope *scope, struct str raw, struct buf *out)
{
	const struct value *v = mustache_lookup(scope, raw);

	buf_add(out, v && v->kind == VALUE_STR ? v->text : raw);
}

static struct value make_data(struct arena *a)
{
	static const struct value_lambda plain = {echo, NULL, false}, again = {echo, NULL, true};
	struct value data = value_map(a), list = value_list(a), item = value_map(a);

	value_set(item, a, STR("x"), value_int(1));
	value_push(list, a, item);
	value_push(list, a, value_str(STR("<two>")));
	value_set(data, a, STR("x"), value_str(STR("&\n")));
	value_set(data, a, STR("l"), list);
	value_set(data, a, STR("m"), item);
	value_set(data, a, STR("t"), value_lambda(&plain));
	value_set(data, a, STR("r"), value_lambda(&again));
	return data;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct str names[MAX_TEMPLATES] = {{"page", 4}, {"a", 1}, {"b", 1}, {"c", 1}};
	struct str rest = str_make((const char *)bytes, n), text;
	struct source sources[MAX_TEMPLATES];
	struct mustache_set set = {0};
	struct arena a;
	struct diag d;
	struct buf out;
	bool good = true;

	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	buf_init(&out, (size_t)1 << 20);
	for (size_t i = 0; i < MAX_TEMPLATES && str_cut(&rest, 0, &text); i++) {
		source_init(&sources[i], names[i], text);
		good = mustache_add(&set, &a, names[i], &sources[i], &d) && good;
	}
	if (good != !d.len)
		BUG("a fault without a report, or the other way round");
	mustache_check(&set, &d);
	d.len = 0;
	good = mustache_render(&set, STR("page"), make_data(&a), &out, &d);
	if (good != !d.len)
		BUG("a fault without a report, or the other way round");
	buf_release(&out);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
