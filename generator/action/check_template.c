/* Templates: are those there that the editions' pages need? */
#include "action/check_impl.h"

static void need(struct checker *k, const char *name)
{
	if (map_get(&k->c->templates.templates, str_from(name)))
		return;
	diag_add_path(k->d, RULE_TEMPLATE_PARTIAL, str_fmt(k->a, "templates/%s.mustache", name),
		"the template is missing");
	diag_hint(k->d, "every site needs it; docs/templates.md says what it gets");
}

static bool has_aliases(const struct map *texts)
{
	for (size_t i = 0; i < texts->len; i++)
		if (((const struct translation *)texts->entries[i].value)->alias_count)
			return true;
	return false;
}

void check_templates(struct checker *k)
{
	static const char *const districts[] = {"contacts", "contacts_block"};
	static const char *const always[] = {"sheet", "index", "choose", "404"}, *const packs[] = {"packs",
											 "start", "about"};

	for (size_t i = 0; i < COUNT_OF(always); i++)
		need(k, always[i]);
	for (size_t i = 0; config_has_packs(&k->c->config) && i < COUNT_OF(packs); i++)
		need(k, packs[i]);
	for (size_t i = 0; k->c->districts.by_id.len && i < COUNT_OF(districts); i++)
		need(k, districts[i]);
	if (k->c->withdrawn_count)
		need(k, "withdrawn");
	if (has_aliases(&k->c->by_path) || has_aliases(&k->c->by_old_path))
		need(k, "alias");
}
