/*
 * withdrawal: sheets that were taken back.
 *
 * The source language's text says `withdrawn: DATE`, and the sheet is withdrawn in every language. Its pages
 * keep their addresses on the public web, and say that it is withdrawn, when, why (`withdrawn_reason`, in each
 * text) and what to read instead (`replaced_by`, in the source language's text). It is in no list, no pack
 * and no check of texts.
 *
 *	withdrawal_decide(c, s, d);	while loading: is it withdrawn?
 *	graph_page(g, language, s);	the text that gives its page title and address: site/graph.h
 */
#ifndef SITE_WITHDRAWAL_H
#define SITE_WITHDRAWAL_H

#include "site/link.h"

/* Sets s->withdrawn. Reports a text that would withdraw itself alone, and words about a withdrawal that is none. */
void withdrawal_decide(const struct catalog *c, struct sheet *s, struct diag *d);

/* Why, in a language or along its fallback chain as far as the edition has it; empty when nobody says. */
struct str withdrawal_reason(const struct catalog *c, const struct edition *e, const struct sheet *s,
	size_t language, size_t *found_in);

/* What to read instead, false when nothing is named; read as a link of the source language's text. */
bool withdrawal_replacement(
	struct link *out, const struct catalog *c, const struct sheet *s, struct arena *scratch);

#endif
