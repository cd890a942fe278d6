/*
 * fold: a text as words that can be compared: without case, accents, punctuation and ways of writing.
 *
 * Every run of letters and digits becomes a word; words stand in order. Case and compatibility forms are
 * folded (ICU's NFKC_Casefold), marks above and below letters dropped; of Arabic script the forms of alef,
 * yeh, kaf and heh are made one, the stroke that only widens a word (tatweel) and the article in front of a
 * longer word are dropped. Not for showing.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/arena.h"
#include "base/str.h"

/* The words that `text` is made of, in arena `a`. */
size_t text_words(struct arena *a, struct str text, struct str **out);

/* The same words as one text, a space before and after each: " en two three ", or empty. */
struct str text_fold(struct arena *a, struct str text);

/* How many characters a word has, and its first `count` of them. */
size_t word_length(struct str word);
struct str word_prefix(struct str word, size_t count);

#endif
