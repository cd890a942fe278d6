/*
 * plain: what counts as plain language on the site: the key `plain_language` of faktablad.yaml.
 *
 *	plain_language:
 *	  languages: [sv]			(those that LIX means something for)
 *	  lix: {guardian: 35, staff: 45}	(at most, by who reads the sheet)
 *	  sentence_words: 25
 *	  word_letters: 20
 */
#ifndef MODEL_PLAIN_H
#define MODEL_PLAIN_H

#include "model/edition.h"
#include "text/yml.h"

struct plain {
	bool judged[LANGUAGE_MAX]; /* by language */
	int64_t lix_guardian, lix_staff;
	int64_t sentence_words, word_letters; /* more are reported */
};

/* `languages` are the site's; `y` may be NULL. */
void plain_read(
	struct plain *p, const struct language *languages, size_t count, struct yml *y, struct diag *d);

/* For whoever finds it hardest: a sheet for guardians and staff is one for guardians. */
int64_t plain_lix(const struct plain *p, unsigned audience);

#endif
