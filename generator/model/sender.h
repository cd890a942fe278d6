/*
 * sender: who is behind the site, and how a reader tells them of an error: three keys of faktablad.yaml.
 *
 *	publisher: Exempelstads kommun
 *	feedback: mailto:faktablad@example.org		(or an https: address)
 *	pages: {report: rapportera-fel}			(the text that says how to report an error)
 *
 * A key that stands there with nothing after it is to be filled in: `check` says so.
 */
#ifndef MODEL_SENDER_H
#define MODEL_SENDER_H

#include "text/yml.h"

struct sender {
	struct str publisher;	/* may be empty */
	struct str feedback;	/* "mailto:…" or "https://…"; may be empty */
	struct str report_page; /* key of a sheet of `type: page`; may be empty */
	struct span publisher_at, feedback_at, report_page_at; /* src NULL where there is no such key */
};

/* From the root of faktablad.yaml. */
void sender_read(struct sender *s, struct yml *root, struct diag *d);

/*
 * The address with which a reader reports an error in one text: a mail whose subject says which (`title`,
 * language, date of review), or the web address with `sheet` and `lang` in its query. Empty without a
 * feedback address.
 */
struct str sender_report(const struct sender *s, struct arena *a, struct str title, struct str slug,
	struct str lang, struct date reviewed);

#endif
