#include "model/sender.h"

#define MAILTO "mailto:"
#define HTTPS "https://"

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F || strchr("\"<>\\^`{|}#", s.p[i]))
			return false;
	return true;
}

static bool is_feedback(struct str url)
{
	struct str mail = str_starts(url, STR(MAILTO)) ? str_slice(url, sizeof(MAILTO) - 1, url.n) : STR("");
	struct str host = str_starts(url, STR(HTTPS)) ? str_slice(url, sizeof(HTTPS) - 1, url.n) : STR("");
	size_t at = str_find_byte(str_slice(mail, 0, str_find_byte(mail, '?')), '@');

	if (!is_plain(url))
		return false;
	return (at > 0 && at + 1 < mail.n) || str_slice(host, 0, str_find_byte(host, '/')).n > 0;
}

static struct str read_text(struct yml *y, struct span *at, struct diag *d)
{
	if (!y)
		return (struct str){0};
	*at = yml_is_null(y) ? y->key_at : y->at;
	return str_trim(yml_str(y, (struct str){0}, d));
}

void sender_read(struct sender *s, struct yml *root, struct diag *d)
{
	static const struct str known[] = {STR_INIT("report")};
	struct yml *pages = yml_get(root, "pages");

	s->publisher = read_text(yml_get(root, "publisher"), &s->publisher_at, d);
	s->feedback = read_text(yml_get(root, "feedback"), &s->feedback_at, d);
	if (s->feedback.n && !is_feedback(s->feedback)) {
		diag_add(d, RULE_YAML_VALUE, s->feedback_at,
			"“%.*s” is no address to report errors to; it was left out", STR_ARG(s->feedback));
		diag_hint(d, "for example mailto:name@example.org or https://example.org/report");
		s->feedback = (struct str){0};
	}
	if (!pages || yml_is_null(pages) || !yml_want_map(pages, d))
		return;
	s->report_page = read_text(yml_get(pages, "report"), &s->report_page_at, d);
	yml_unknown(pages, known, COUNT_OF(known), d);
}

/* RFC 3986: everything but what is unreserved. */
static struct str percent_encoded(struct arena *a, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *p = arena_array(a, s.n, 3);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			(c && strchr("-._~", c))) {
			p[n++] = (char)c;
			continue;
		}
		p[n++] = '%';
		p[n++] = hex[c >> 4];
		p[n++] = hex[c & 15];
	}
	return str_make(p, n);
}

struct str sender_report(const struct sender *s, struct arena *a, struct str title, struct str slug,
	struct str lang, struct date reviewed)
{
	struct str join = str_find_byte(s->feedback, '?') < s->feedback.n ? STR("&") : STR("?");
	struct str day = reviewed.year ? STR_CONCAT(a, STR(", "), date_iso(a, reviewed)) : (struct str){0};

	if (!s->feedback.n)
		return (struct str){0};
	if (str_starts(s->feedback, STR(MAILTO)))
		return STR_CONCAT(a, s->feedback, join, STR("subject="),
			percent_encoded(
				a, STR_CONCAT(a, title, STR(" ("), lang, STR("/"), slug, day, STR(")"))));
	return STR_CONCAT(a, s->feedback, join, STR("sheet="), percent_encoded(a, slug), STR("&lang="),
		percent_encoded(a, lang));
}
