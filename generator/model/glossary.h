/*
 * glossary: the words that translators keep consistent, from content/data/glossary.yaml.
 *
 *	translation: {en: machine}	(what state they are in; one word: all but the source)
 *	forhandsbedomning:
 *	  sv: förhandsbedömning
 *	  en: [initial assessment, preliminary assessment]	(the first is the one to use and to show)
 *	  explanation: {sv: …, en: …}
 *
 * Indexed by language like everything else; a language that is not configured is ignored.
 */
#ifndef MODEL_GLOSSARY_H
#define MODEL_GLOSSARY_H

#include "base/map.h"
#include "model/config.h"

#define GLOSSARY_PATH "data/glossary.yaml"
/* Every text is searched for every form: what is beyond these is reported and left out. */
#define GLOSSARY_MAX 2000
#define GLOSSARY_MAX_FORMS 10 /* of a term in one language */

struct term {
	struct str id;
	struct span at;
	struct str **words;	   /* [language]: the forms, NULL when none */
	size_t *word_count;	   /* [language] */
	struct str *explanation;   /* [language]; empty when there is none */
	const enum status *status; /* [language]: of the glossary; the same array for all terms */
	size_t index;
};

/* Terms in order of the file, by id; each has a word in the source language. */
void glossary_read(
	struct map *terms, struct arena *a, struct source *src, const struct config *c, struct diag *d);

#endif
