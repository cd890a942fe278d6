/* district_impl: what the files that read districts share. Private to model/district*.c. */
#ifndef MODEL_DISTRICT_IMPL_H
#define MODEL_DISTRICT_IMPL_H

#include "model/district.h"

struct district_reader {
	struct districts *out;
	struct arena *a;
	const struct config *c;
	struct diag *d;
	bool too_many; /* said already */
};

/* NULL y gives no hours in silence. */
void week_read(struct week *out, struct district_reader *r, struct yml *y);

/* The text with every en dash as a hyphen: people write ranges with either. */
struct str plain_dashes(struct arena *a, struct str s);

#endif
