/*
 * The glossary in translations: where the source text says a word of it, the translation should say it too.
 *
 * A warning that is wrong is worse than none, so this looks for little: words are folded (text/fold.h). In
 * the source a word counts only when at most SUFFIX_MAX letters follow it, so that inflected forms do and
 * compounds do not. In the translation it is enough that the first part of half of the words of one of the
 * glossary's forms stands anywhere in the section, or the source language's own word.
 */
#include "action/check_parity.h"

#include "text/fold.h"

#define SUFFIX_MAX 3

/* Words of a form are looked for by so much of them, in percent, and at least STEM_MIN letters. */
#define STEM_PERCENT 60
#define STEM_MIN 3

/* Listed in a message; the rest is counted. */
#define TERMS_NAMED 3

struct form {
	struct str *words; /* folded */
	size_t count;
};

struct forms {
	struct form *list;
	size_t count;
};

struct vocabulary {
	size_t languages;
	struct forms *of; /* [term * languages + language] */
};

static void read_forms(struct checker *k, struct forms *out, const struct term *term, size_t language)
{
	size_t count = term->words[language] ? term->word_count[language] : 0;

	out->list = arena_new_n(k->a, struct form, count);
	for (size_t i = 0; i < count; i++) {
		struct form *f = &out->list[out->count];

		f->count = text_words(k->a, term->words[language][i], &f->words);
		out->count += f->count > 0;
	}
}

struct vocabulary *vocabulary_new(struct checker *k)
{
	const struct map *terms = &k->c->terms;
	struct vocabulary *v;

	if (!terms->len || k->c->config.severities.of[RULE_PARITY_TERM] == SEVERITY_OFF)
		return NULL;
	v = arena_new(k->a, struct vocabulary);
	v->languages = k->c->config.language_count;
	v->of = arena_new_n(k->a, struct forms, terms->len * v->languages);
	for (size_t i = 0; i < terms->len; i++)
		for (size_t l = 0; l < v->languages; l++)
			read_forms(k, &v->of[i * v->languages + l], terms->entries[i].value, l);
	return v;
}

static struct str fold_blocks(struct arena *a, const struct part_section *s)
{
	const struct node *end = section_end(s);
	struct str folded;
	struct buf b;

	buf_init(&b, BUF_MAX_DEFAULT);
	for (const struct node *n = s->first; n && n != end; n = n->next) {
		node_text(&b, n);
		buf_addc(&b, '\n');
	}
	folded = text_fold(a, buf_str(&b));
	buf_release(&b);
	return folded;
}

void outline_fold(struct outline *o, struct arena *a)
{
	o->folded = text_fold(a, STR_CONCAT(a, o->t->title, STR("\n"), o->t->description));
	for (size_t i = 0; i < o->count; i++)
		o->sections[i].folded = fold_blocks(a, &o->sections[i]);
}

/* Where `text` goes on after the word at its start, when that is `word` or a form of it; SIZE_MAX when not.
 */
static size_t past_word(struct str text, struct str word)
{
	size_t end = str_find_byte(text, ' ');

	if (!str_starts(text, word) ||
		word_length(str_slice(text, word.n, end)) > (word.n < 4 ? 1 : SUFFIX_MAX))
		return SIZE_MAX;
	return end + 1;
}

static bool stands_at(struct str text, const struct form *f)
{
	for (size_t i = 0; i < f->count; i++) {
		size_t next = past_word(text, f->words[i]);

		if (next == SIZE_MAX)
			return false;
		text = str_slice(text, next, text.n);
	}
	return true;
}

static bool says_form(struct str folded, const struct form *f)
{
	for (size_t i = 0; i < folded.n; i++) {
		i += str_find(str_slice(folded, i, folded.n), f->words[0]);
		if (i && i < folded.n && folded.p[i - 1] == ' ' &&
			stands_at(str_slice(folded, i, folded.n), f))
			return true;
	}
	return false;
}

static bool says(struct str folded, const struct forms *forms)
{
	for (size_t i = 0; i < forms->count; i++)
		if (says_form(folded, &forms->list[i]))
			return true;
	return false;
}

static struct str stem(struct str word)
{
	size_t length = (word_length(word) * STEM_PERCENT + 99) / 100;

	return word_prefix(word, length < STEM_MIN ? STEM_MIN : length);
}

static bool hints_at(struct str folded, const struct form *f)
{
	size_t looked = 0, found = 0;

	for (size_t i = 0; i < f->count; i++) {
		if (f->count > 1 && word_length(f->words[i]) < STEM_MIN)
			continue;
		looked++;
		found += str_find(folded, stem(f->words[i])) < folded.n;
	}
	return 2 * found >= looked;
}

static bool translated(struct str folded, const struct forms *own, const struct forms *source)
{
	for (size_t i = 0; i < own->count; i++)
		if (hints_at(folded, &own->list[i]))
			return true;
	return says(folded, source);
}

static void name_term(struct buf *b, const struct pair *p, const struct term *term, size_t number)
{
	size_t source = p->source.t->language, own = p->text.t->language;

	if (number < TERMS_NAMED)
		buf_addf(b, "%s“%.*s” (%.*s)", number ? ", " : "", STR_ARG(term->words[source][0]),
			STR_ARG(term->words[own][0]));
}

void compare_terms(struct pair *p, const struct part_section *source, const struct part_section *text)
{
	struct str there = source ? source->folded : p->source.folded,
		   here = text ? text->folded : p->text.folded;
	const struct vocabulary *v = p->vocabulary;
	struct buf names;
	size_t missing = 0;

	buf_init(&names, DIAG_MAX_TEXT);
	for (size_t i = 0; i < p->k->c->terms.len; i++) {
		const struct forms *forms = &v->of[i * v->languages];
		const struct forms *from = &forms[p->source.t->language], *to = &forms[p->text.t->language];

		if (to->count && says(there, from) && !translated(here, to, from))
			name_term(&names, p, p->k->c->terms.entries[i].value, missing++);
	}
	if (missing > TERMS_NAMED)
		buf_addf(&names, " and %zu more", missing - TERMS_NAMED);
	if (missing) {
		diag_add(&p->w->diag, RULE_PARITY_TERM, section_place(p->text.t, text),
			"words of the glossary are not in the translation: %.*s", STR_ARG(buf_str(&names)));
		diag_other(&p->w->diag, section_place(p->source.t, source));
		diag_hint(&p->w->diag,
			"use the glossary's word, or add the right one to content/" GLOSSARY_PATH);
	}
	buf_release(&names);
}
