/*
 * fact_text: facts and figures as text in a language.
 *
 * Plain text, for headings, labels and descriptions. In a language that is written from the right, what has
 * an order of its own (a phone number, a range in Latin digits, money) stands between directional isolates,
 * and so does a number among words.
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

/*
 * How the text of a fact is kept apart from what stands around it, in a language that is written from the
 * right. Without it a number takes the direction of what it follows: "Skärholmen 50" in an Arabic sentence
 * would be read as "50 Skärholmen".
 */
enum fact_order {
	FACT_ORDER_NONE, /* not at all */
	FACT_ORDER_OWN,	 /* by the direction of its own letters: numbers, dates */
	FACT_ORDER_LTR,	 /* phones, ranges in Latin digits */
	FACT_ORDER_RTL	 /* money, ranges in other digits */
};
enum fact_order fact_order(const struct fact *f, const struct locale *l, struct str formatted);
/* The fact, when a message shows it plainly and it has a form of its own there: a phone, a percentage. */
const struct fact *fact_own_form(const struct map *facts, const struct message *m, struct str name);

#endif
