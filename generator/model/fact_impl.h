/*
 * fact_impl: how facts and the figures of charts read values. Private to fact*.c and chart*.c.
 */
#ifndef MODEL_FACT_IMPL_H
#define MODEL_FACT_IMPL_H

#include "model/fact.h"

/* The type, value and currency of a fact out of its mapping; what is wrong is said and becomes a text. */
void fact_value_read(struct fact *f, struct arena *a, struct yml *y, struct diag *d);

/* Digits as ICU will show them: no exponent, no sign but a minus, a digit after the point. */
bool fact_is_decimal(struct str s);
/* Moves the decimal point two places to the left: "7.5" becomes "0.075". */
struct str fact_hundredth(struct arena *a, struct str s);

#endif
