/*
 * yml_impl: what the files of yml share.
 */
#ifndef TEXT_YML_IMPL_H
#define TEXT_YML_IMPL_H

#include "text/yml.h"

enum yml_style { YML_PLAIN, YML_SINGLE, YML_DOUBLE, YML_LITERAL, YML_FOLDED, YML_STYLES };

/*
 * Where each byte of a scalar's `text` stands, given how it was written: `raw` is the scalar in the
 * source with its quotes or its header, `at` its offset there. NULL map when the text is verbatim. Never
 * decides what the text is: it only lines up what libyaml made of the scalar with what people wrote.
 */
struct origin yml_origin(struct arena *a, struct source *src, struct str raw, size_t at, enum yml_style style,
	struct str text);

#endif
