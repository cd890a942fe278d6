/* stamp_edit_impl: what editing a stamped text and verifying it share. Private to model/stamp_*.c. */
#ifndef MODEL_STAMP_EDIT_IMPL_H
#define MODEL_STAMP_EDIT_IMPL_H

#include "model/stamp_edit.h"

/* The keys of `translation:` that are set, beside `of`. */
#define STAMP_KEYS 3
extern const struct str stamp_keys[STAMP_KEYS];
/* What stamp_keys[key] shall be; empty: as it is. */
struct str stamp_value(const struct stamp_edit *e, size_t key);

/* Unlike yml_get(), marks nothing as seen. */
struct yml *stamp_child(struct yml *map, struct str key);
bool stamp_is_value(const struct yml *y, struct str wanted);

/* Front matter; NULL when it cannot be read without a complaint. `yaml` is a part of the source. */
struct yml *stamp_read_yaml(struct arena *a, struct source *src, struct str yaml);

/* Whether `text` differs from what was read as `was`, followed by `body`, in what `e` wants and nothing else. */
bool stamp_result_good(const struct stamp_edit *e, struct arena *a, struct str path, struct yml *was,
	struct str body, struct str text) MUST_USE;

#endif
