/*
 * fact_text: facts and figures as text in a language.
 *
 * Plain text, for headings, labels and descriptions. In a language that is written from the right, what has
 * an order of its own (a phone number, a range in Latin digits, money) stands between directional isolates.
 */
#ifndef OUTPUT_FACT_TEXT_H
#define OUTPUT_FACT_TEXT_H

#include "model/catalog.h"

/* A fact by itself, as a plain {fact} shows it. */
void fact_text(struct buf *out, struct locale *l, const struct fact *f);
/* A message over facts. */
void fact_text_message(struct buf *out, const struct map *facts, struct locale *l, const struct message *m);

/* A fraction as percent, with the decimals that it was written with. */
void fact_percentage(struct buf *out, struct locale *l, struct value fraction);
/* A number to dial, as HTML: a link when `link`. */
void fact_phone(struct buf *out, struct str number, bool link);

/* Whether a fact's text has an order of its own that what stands around it must not turn; the order is *ltr.
 */
bool fact_isolated(const struct fact *f, const struct locale *l, struct str formatted, bool *ltr);
/* The fact, when a message shows it plainly and it has a form of its own there: a phone, a percentage. */
const struct fact *fact_own_form(const struct map *facts, const struct message *m, struct str name);

#endif
