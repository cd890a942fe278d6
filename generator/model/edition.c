#include "model/edition.h"

static const char *const status_names[] = {"missing", "machine", "translated", "reviewed"};
static const char *const face_names[] = {"web", "folder"};

static bool find(const char *const *names, size_t count, struct str name, size_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (!str_is(name, names[i]))
			continue;
		*out = i;
		return true;
	}
	return false;
}

bool edition_has_language(const struct edition *e, size_t language)
{
	for (size_t i = 0; i < e->language_count; i++)
		if (e->languages[i] == language)
			return true;
	return false;
}

bool edition_waits(const struct edition *e)
{
	return e->wish.district.n || e->wish.each_district;
}

bool status_parse(struct str name, enum status *out)
{
	size_t i;

	if (!find(status_names, COUNT_OF(status_names), name, &i) || i == STATUS_MISSING)
		return false;
	*out = (enum status)i;
	return true;
}

const char *status_name(enum status s)
{
	return status_names[s];
}

bool face_parse(struct str name, enum face *out)
{
	size_t i;

	if (!find(face_names, COUNT_OF(face_names), name, &i))
		return false;
	*out = (enum face)i;
	return true;
}

bool audience_parse(struct str name, unsigned *bit)
{
	if (str_is(name, "guardian"))
		*bit = AUDIENCE_GUARDIAN;
	else if (str_is(name, "staff"))
		*bit = AUDIENCE_STAFF;
	else
		return false;
	return true;
}
