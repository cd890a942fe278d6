#include "model/contacts.h"

static const struct str show_names[] = {[CONTACT_PHONE] = STR_INIT("phone"),
	[CONTACT_EMAIL] = STR_INIT("email"),
	[CONTACT_WEB] = STR_INIT("web"),
	[CONTACT_ADDRESS] = STR_INIT("address"),
	[CONTACT_KINDS] = STR_INIT("hours"),
	[CONTACT_KINDS + 1] = STR_INIT("programmes")};

static void read_show(struct contacts *out, struct yml *y, struct diag *d)
{
	unsigned show = 0;

	yml_each_item(item, y)
	{
		size_t i = 0;

		while (i < COUNT_OF(show_names) && !str_eq(item->text, show_names[i]))
			i++;
		if (i < COUNT_OF(show_names)) {
			show |= 1u << i;
			continue;
		}
		diag_add(d, RULE_YAML_VALUE, item->at, "“%.*s” is nothing that contacts have",
			STR_ARG(item->text));
		diag_hint(d, "allowed: phone, email, web, address, hours, programmes");
	}
	if (show)
		out->show = show;
}

bool contacts_read(struct contacts *out, struct arena *a, const struct doc *doc, const struct node *block,
	struct diag *d)
{
	static const struct str known[] = {STR_INIT("district"), STR_INIT("show")};
	struct span at;
	struct yml *y, *district;

	*out = (struct contacts){.show = SHOW_BY_DEFAULT};
	if (!node_verbatim(doc, block, &at))
		return false;
	y = yml_parse(a, doc->src, at.at, at.at + at.n, d);
	if (!y)
		return false;
	if (yml_is_null(y))
		return true;
	if (!yml_want_map(y, d))
		return false;
	district = yml_get(y, "district");
	out->district = yml_str(district, out->district, d);
	if (district)
		out->district_at = district->at;
	read_show(out, yml_get(y, "show"), d);
	yml_unknown(y, known, COUNT_OF(known), d);
	return true;
}
