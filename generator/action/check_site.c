/* The site as a whole: is everything filled in that its configuration leaves room for? */
#include "action/check_impl.h"

static bool is_page_of(const struct catalog *c, struct str key)
{
	for (size_t i = 0; i < c->sheet_count; i++)
		if (c->sheets[i]->page && str_eq(c->sheets[i]->key, key))
			return true;
	return false;
}

void check_site(struct checker *k)
{
	const struct sender *s = &k->c->config.sender;

	if (s->feedback_at.src && !s->feedback.n) {
		diag_add(k->d, RULE_SITE_NO_FEEDBACK, s->feedback_at,
			"there is no address to report errors to; whoever publishes the site fills it in");
		diag_hint(k->d, "for example “feedback: mailto:name@example.org”");
	}
	if (s->publisher_at.src && !s->publisher.n) {
		diag_add(k->d, RULE_SITE_NO_PUBLISHER, s->publisher_at,
			"nobody is named as publisher; whoever publishes the site fills it in");
		diag_hint(k->d, "for example “publisher: Example municipality”");
	}
	if (s->report_page.n && !is_page_of(k->c, s->report_page)) {
		diag_add(k->d, RULE_LINK_BROKEN, s->report_page_at, "there is no text of `type: page` “%.*s”",
			STR_ARG(s->report_page));
		diag_hint(k->d, "name the file without its language folder and “.md”");
	}
}
