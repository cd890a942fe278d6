/*
 * Plain language: how readable a sheet is as a whole, and which sentences and words make it hard. Only in
 * languages that the site judges, and only when `check` asks for it: finding words takes ICU longer than all
 * other checks together.
 */
#include "action/check_impl.h"

#include "action/plain.h"
#include "text/fold.h"

struct reading {
	struct text_check *c;
	struct map seen; /* long words, each said once in a text */
};

static void check_sentence(void *ctx, struct span at, size_t words)
{
	const struct reading *r = ctx;
	struct diag *d = &r->c->w->diag;
	int64_t most = r->c->k->c->config.plain.sentence_words;

	if ((int64_t)words <= most)
		return;
	diag_add(d, RULE_PLAIN_SENTENCE, at, "a sentence of %zu words", words);
	diag_hint(d, "say it in two or three; at most %lld words in one", (long long)most);
}

/* Letters that may follow a word of the glossary in one of its forms. */
#define SUFFIX_MAX 3

static bool is_form(struct arena *scratch, struct str folded, struct str of)
{
	struct str *words;

	return text_words(scratch, of, &words) == 1 && str_starts(folded, words[0]) &&
	       word_length(folded) <= word_length(words[0]) + SUFFIX_MAX;
}

/* Words of the glossary are explained there, and often have no other name. */
static bool is_explained(const struct text_check *c, struct arena scratch, struct str word)
{
	const struct map *terms = &c->k->c->terms;
	struct str *words;

	if (text_words(&scratch, word, &words) != 1)
		return false;
	for (size_t i = 0; i < terms->len; i++) {
		const struct term *term = terms->entries[i].value;
		size_t count = term->words[c->t->language] ? term->word_count[c->t->language] : 0;

		for (size_t n = 0; n < count; n++)
			if (is_form(&scratch, words[0], term->words[c->t->language][n]))
				return true;
	}
	return false;
}

static void check_word(void *ctx, struct span at, struct str word, size_t letters)
{
	struct reading *r = ctx;
	struct diag *d = &r->c->w->diag;
	int64_t most = r->c->k->c->config.plain.word_letters;
	struct str folded;

	if ((int64_t)letters <= most)
		return;
	folded = text_fold(&r->c->w->scratch, word);
	if (map_put(&r->seen, &r->c->w->scratch, folded, r) || is_explained(r->c, r->c->w->scratch, word))
		return;
	diag_add(d, RULE_PLAIN_WORD, at, "a word of %zu letters: “%.*s”", letters, STR_ARG(word));
	diag_hint(d, "is there a shorter one, or can it be said in several words?");
}

void check_text_plain(struct text_check *c)
{
	const struct plain *plain = &c->k->c->config.plain;
	struct reading r = {.c = c};
	struct readability found;
	int64_t most;

	if (!c->k->options->plain || c->k->c->facts_unread || !plain_judges(c->k->c, c->t))
		return;
	found = plain_measure(c->k->c, c->w, c->t, check_sentence, check_word, &r);
	most = plain_lix(plain, c->t->audience ? c->t->audience : c->t->sheet->audience);
	if (found.words < PLAIN_MIN_WORDS || readability_lix(&found) <= most)
		return;
	diag_add(&c->w->diag, RULE_PLAIN_LIX, translation_place(c->t),
		"LIX is %d: %zu words, %zu sentences, %zu long words", readability_lix(&found), found.words,
		found.sentences, found.long_words);
	diag_hint(&c->w->diag,
		"at most %lld for its readers: shorter sentences, and words of at most six letters",
		(long long)most);
}
