/*
 * The words of a myth where they would be read without its fact: in titles, descriptions, addresses,
 * headings, link texts and text alternatives of any sheet in the language.
 *
 * A myth is taken sentence by sentence, each as folded words of which the first STEM letters count. A text
 * repeats it when WORDING_PERCENT of its words stand there in its order, in a stretch that is hardly
 * longer. So "Förskolan kan inte ta ditt barn" repeats "Förskolan kan ta mitt barn": readers
 * remember the claim, not the "not". Sentences of fewer than WORDING_MIN words are too common to be looked
 * for.
 *
 * Every sentence is listed under its rarest words, so many that a text that repeats it must have one of them.
 */
#include "action/check_impl.h"

#include "base/task.h"
#include "text/fold.h"

#define STEM 5
#define WORDING_PERCENT 80
/* One word more may stand between them, and one for every so many. */
#define STRETCH 6
#define WORDING_MIN 3
#define WORDING_MAX 40 /* of a longer sentence the rest is not looked at */

/* So many sentences are looked at for one word: no site has more myths, a hostile one may. */
#define LISTED_MAX 500

struct saying {
	const struct translation *t;
	const struct node *myth;
	struct str *words;
	size_t count, needed;
};

struct listed {
	const struct saying *saying;
	struct listed *next;
};

/* The myths of one language. */
struct sayings {
	struct saying *list;
	size_t len, cap;
	struct map common; /* stem to how many sentences have it */
	struct map rare;   /* stem to struct listed */
};

struct wordings {
	struct checker *k;
	struct sayings *of; /* by language */
};

/* The first letters of each word. */
static size_t stems(struct arena *a, struct str text, struct str **out)
{
	size_t count = text_words(a, text, out);

	for (size_t i = 0; i < count; i++)
		(*out)[i] = word_prefix((*out)[i], STEM);
	return count;
}

static void add_sentence(
	struct wordings *w, const struct translation *t, const struct node *myth, struct str sentence)
{
	struct sayings *to = &w->of[t->language];
	struct saying s = {.t = t, .myth = myth};

	s.count = stems(w->k->a, sentence, &s.words);
	if (s.count < WORDING_MIN)
		return;
	if (s.count > WORDING_MAX)
		s.count = WORDING_MAX;
	s.needed = (s.count * WORDING_PERCENT + 99) / 100;
	to->list = arena_grow(w->k->a, to->list, to->len, &to->cap, sizeof(*to->list));
	to->list[to->len++] = s;
}

/* Bytes of the end of a sentence at s[i]: a full stop, a question, an exclamation, a line; 0 when it is none.
 */
static size_t sentence_end(struct str s, size_t i)
{
	static const char *const ends[] = {".", "!", "?", "\n", "؟", "።", "။", "।"};

	for (size_t k = 0; k < COUNT_OF(ends); k++)
		if (str_starts(str_slice(s, i, s.n), str_from(ends[k])))
			return strlen(ends[k]);
	return 0;
}

static void add_myth(struct wordings *w, const struct translation *t, const struct node *myth)
{
	struct str text;
	struct buf b;
	size_t from = 0;

	buf_init(&b, BUF_MAX_DEFAULT);
	node_text(&b, myth);
	text = buf_str(&b);
	for (size_t i = 0, end; i < text.n; i += end ? end : 1) {
		end = sentence_end(text, i);
		if (!end)
			continue;
		add_sentence(w, t, myth, str_slice(text, from, i));
		from = i + end;
	}
	add_sentence(w, t, myth, str_slice(text, from, text.n));
	buf_release(&b);
}

static bool is_myth(const struct node *n)
{
	return n->kind == NODE_CALLOUT && n->callout == CALLOUT_MYTH;
}

static void collect(struct wordings *w)
{
	for (size_t i = 0; i < w->k->c->by_path.len; i++) {
		const struct translation *t = w->k->c->by_path.entries[i].value;

		for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root))
			if (is_myth(n))
				add_myth(w, t, n);
	}
}

static void count_words(struct wordings *w, struct sayings *s)
{
	for (size_t i = 0; i < s->len; i++)
		for (size_t n = 0; n < s->list[i].count; n++) {
			size_t *count = map_get(&s->common, s->list[i].words[n]);

			if (!count)
				map_put(&s->common, w->k->a, s->list[i].words[n],
					count = arena_new(w->k->a, size_t));
			++*count;
		}
}

static size_t commonness(const struct sayings *s, struct str word)
{
	return *(const size_t *)map_get(&s->common, word);
}

/* Lists a sentence under its rarest words: a text may lack all the others but not these. */
static void list_saying(struct wordings *w, struct sayings *s, const struct saying *saying)
{
	bool taken[WORDING_MAX] = {false};

	for (size_t left = saying->count - saying->needed + 1; left; left--) {
		size_t best = SIZE_MAX;
		struct listed *entry = arena_new(w->k->a, struct listed);

		for (size_t i = 0; i < saying->count; i++)
			if (!taken[i] && (best == SIZE_MAX || commonness(s, saying->words[i]) <
								      commonness(s, saying->words[best])))
				best = i;
		taken[best] = true;
		entry->saying = saying;
		entry->next = map_get(&s->rare, saying->words[best]);
		map_put(&s->rare, w->k->a, saying->words[best], entry);
	}
}

/* How many words of the sentence stand in the text, in order. */
static size_t in_order(const struct saying *s, const struct str *words, size_t count)
{
	size_t row[WORDING_MAX + 1] = {0};

	for (size_t i = 0; i < count; i++) {
		size_t diagonal = 0;

		for (size_t n = 0; n < s->count; n++) {
			size_t above = row[n + 1];

			if (str_eq(words[i], s->words[n]))
				row[n + 1] = diagonal + 1;
			else if (row[n] > above)
				row[n + 1] = row[n];
			diagonal = above;
		}
	}
	return row[s->count];
}

static bool repeats(const struct saying *s, const struct str *words, size_t count)
{
	size_t stretch = s->count + 1 + s->count / STRETCH;

	for (size_t from = 0; from + s->needed <= count; from++) {
		size_t n = count - from < stretch ? count - from : stretch;

		if (in_order(s, words + from, n) >= s->needed)
			return true;
	}
	return false;
}

/* What is looked at, and on whose behalf. */
struct reading {
	struct wordings *w;
	struct worker *worker;
	const struct translation *t;
};

static void report(struct reading *r, const char *what, struct span at, const struct saying *s)
{
	struct diag *d = &r->worker->diag;

	diag_add(d, RULE_CLAIM_WORDING, at, "%s repeats a myth", what);
	diag_other(d, node_span(s->t->doc, s->myth));
	diag_hint(d, "here it is read without its fact: say what is true instead");
}

static void look_at(struct reading *r, const char *what, struct str text, struct span at)
{
	const struct sayings *sayings = &r->w->of[r->t->language];
	struct arena scratch = r->worker->scratch;
	struct str *words;
	size_t count = stems(&scratch, text, &words);

	for (size_t i = 0; i < count; i++) {
		const struct listed *l = map_get(&sayings->rare, words[i]);

		for (size_t looked = 0; l && looked < LISTED_MAX; l = l->next, looked++)
			if (repeats(l->saying, words, count)) {
				report(r, what, at, l->saying);
				return;
			}
	}
}

static void look_at_node(struct reading *r, const struct node *n)
{
	static const char *const names[] = {[NODE_HEADING] = "a heading",
		[NODE_LINK] = "a link text",
		[NODE_IMAGE] = "a text alternative"};
	struct span at = node_span(r->t->doc, n);
	struct buf b;

	if (n->kind != NODE_HEADING && n->kind != NODE_LINK && n->kind != NODE_IMAGE)
		return;
	buf_init(&b, BUF_MAX_DEFAULT);
	node_text(&b, n);
	look_at(r, names[n->kind], buf_str(&b), at);
	buf_release(&b);
	if (n->kind != NODE_HEADING && n->title.n)
		look_at(r, "a title in a link", n->title, at);
}

static void check_text(void *ctx, unsigned worker, size_t index)
{
	struct wordings *w = ctx;
	struct reading r = {.w = w, .worker = &w->k->workers->of[worker]};
	const struct translation *t = w->k->c->by_path.entries[index].value;
	struct span place = translation_place(t);

	r.t = t;
	if (!w->of[t->language].len)
		return;
	arena_clear(&r.worker->scratch);
	look_at(&r, "the title", t->title, place);
	look_at(&r, "the description", t->description, place);
	look_at(&r, "the address", t->slug, t->slug_at.src ? t->slug_at : place);
	for (size_t i = 0; i < t->alias_count; i++)
		look_at(&r, "an alias", t->aliases[i], t->aliases_at);
	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root))
		look_at_node(&r, n);
}

void check_claim_wording(struct checker *k)
{
	struct wordings w = {.k = k};

	if (!k->myths || k->c->config.severities.of[RULE_CLAIM_WORDING] == SEVERITY_OFF)
		return;
	w.of = arena_new_n(k->a, struct sayings, k->c->config.language_count);
	collect(&w);
	for (size_t l = 0; l < k->c->config.language_count; l++) {
		count_words(&w, &w.of[l]);
		for (size_t i = 0; i < w.of[l].len; i++)
			list_saying(&w, &w.of[l], &w.of[l].list[i]);
	}
	task_run(k->workers->count, k->c->by_path.len, check_text, &w);
	workers_collect(k->workers, k->d);
}
