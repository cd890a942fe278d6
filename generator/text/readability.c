#include "text/readability.h"

#include "text/locale_impl.h"

#include <unicode/uchar.h>
#include <unicode/utext.h>

/* A piece of a block's text, and where it stands in the source. */
struct piece {
	size_t from;	/* in the text */
	uint32_t at, n; /* in the source */
	bool verbatim;	/* byte for byte as there */
};

struct measure {
	struct readability *out;
	struct locale *l;
	const struct doc *doc;
	const struct readability_hooks *hooks;
	struct arena arena;
	struct buf text; /* of the block */
	struct piece *pieces;
	size_t len, cap;
};

void locale_readability_release(struct locale *l)
{
	if (l->words)
		ubrk_close(l->words);
	if (l->sentences)
		ubrk_close(l->sentences);
}

static UBreakIterator *breaks(struct locale *l, UBreakIterator **kept, UBreakIteratorType type)
{
	UErrorCode status = U_ZERO_ERROR;

	if (!*kept)
		*kept = ubrk_open(type, l->language, NULL, 0, &status);
	if (U_FAILURE(status))
		die("ICU cannot tell words in “%s”: %s", l->language, u_errorName(status));
	return *kept;
}

/* From a block's text to the source */

static void add_piece(struct measure *m, const struct node *n, struct str text, bool verbatim)
{
	m->pieces = arena_grow(&m->arena, m->pieces, m->len, &m->cap, sizeof(*m->pieces));
	m->pieces[m->len++] = (struct piece){m->text.n, n->at, n->n, verbatim};
	buf_add(&m->text, text);
}

static size_t in_source(const struct measure *m, size_t at, bool end)
{
	size_t low = 0, high = m->len;

	/* The end of a piece is in it, not the start of the next. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (m->pieces[middle].from + end <= at)
			low = middle;
		else
			high = middle;
	}
	const struct piece *p = &m->pieces[low];

	if (p->verbatim)
		return p->at + (at - p->from);
	return end ? (size_t)p->at + p->n : p->at;
}

static struct span place(const struct measure *m, size_t from, size_t to)
{
	size_t at = in_source(m, from, false), end = in_source(m, to, true);

	while (at < end && m->doc->src->text.p[at] == ' ')
		at++;
	return span_make(m->doc->src, at, end - at);
}

/* Words and sentences of a block */

static size_t letters(struct str word)
{
	size_t count = 0, len;

	for (size_t i = 0; i < word.n; i += len)
		count += (bool)u_isalnum((UChar32)utf8_decode(word, i, &len));
	return count;
}

static void count_word(struct measure *m, size_t from, size_t to)
{
	struct str word = str_slice(buf_str(&m->text), from, to);
	size_t n = letters(word);

	m->out->words++;
	m->out->long_words += n >= READABILITY_LONG_WORD;
	if (m->hooks->word)
		m->hooks->word(m->hooks->ctx, place(m, from, to), word, n);
}

static void count_sentence(struct measure *m, size_t from, size_t to, size_t words)
{
	struct str s = str_slice(buf_str(&m->text), from, to);

	if (!words)
		return;
	m->out->sentences++;
	if (!m->hooks->sentence)
		return;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
		s.n--;
	while (s.n && (*s.p == ' ' || *s.p == '\n'))
		s.p++, s.n--, from++;
	m->hooks->sentence(m->hooks->ctx, place(m, from, from + s.n), words);
}

static void count_breaks(struct measure *m, UBreakIterator *words, UBreakIterator *sentences)
{
	int32_t start = ubrk_first(sentences), from = ubrk_first(words), to;

	for (int32_t end = ubrk_next(sentences); end != UBRK_DONE; start = end, end = ubrk_next(sentences)) {
		size_t count = 0;

		for (; from < end && (to = ubrk_next(words)) != UBRK_DONE; from = to) {
			if (ubrk_getRuleStatus(words) < UBRK_WORD_NONE_LIMIT)
				continue;
			count_word(m, (size_t)from, (size_t)to);
			count++;
		}
		count_sentence(m, (size_t)start, (size_t)end, count);
	}
}

static void count_block(struct measure *m)
{
	UErrorCode status = U_ZERO_ERROR;
	UBreakIterator *words = breaks(m->l, &m->l->words, UBRK_WORD);
	UBreakIterator *sentences = breaks(m->l, &m->l->sentences, UBRK_SENTENCE);
	UText *text;

	if (!m->text.n || buf_failed(&m->text))
		return;
	text = utext_openUTF8(NULL, m->text.p, (int64_t)m->text.n, &status);
	ubrk_setUText(words, text, &status);
	ubrk_setUText(sentences, text, &status);
	if (U_FAILURE(status))
		die("ICU cannot read a text: %s", u_errorName(status));
	count_breaks(m, words, sentences);
	utext_close(text);
}

/* The text of a block, as it is shown */

static bool is_verbatim(const struct doc *doc, const struct node *n)
{
	return n->text.p == doc->src->text.p + n->at && n->text.n == n->n;
}

static void add_fact(struct measure *m, const struct node *n)
{
	struct buf shown;

	if (!m->hooks->fact) {
		add_piece(m, n, STR("0"), false);
		return;
	}
	buf_init(&shown, BUF_MAX_DEFAULT);
	m->hooks->fact(m->hooks->ctx, n, &shown);
	add_piece(m, n, buf_str(&shown), false);
	buf_release(&shown);
}

static void add_inline(struct measure *m, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		add_piece(m, n, n->text, is_verbatim(m->doc, n));
		break;
	case NODE_SOFT_BREAK:
	case NODE_LINE_BREAK:
		buf_addc(&m->text, ' ');
		break;
	case NODE_ISOLATE:
		add_piece(m, n, STR("0"), false);
		break;
	case NODE_FACT:
		add_fact(m, n);
		break;
	default:
		break;
	}
}

static void measure_block(struct measure *m, const struct node *block)
{
	const struct node *n = block->first;

	m->len = m->cap = 0;
	m->pieces = NULL;
	buf_clear(&m->text);
	arena_clear(&m->arena);
	while (n && n != block) {
		add_inline(m, n);
		n = n->kind == NODE_IMAGE ? node_skip(n, block) : node_next(n, block);
	}
	if (m->len)
		count_block(m);
}

void readability_measure(struct readability *out, struct locale *l, const struct doc *doc,
	const struct readability_hooks *hooks)
{
	static const struct readability_hooks none = {0};
	struct measure m = {.out = out, .l = l, .doc = doc, .hooks = hooks ? hooks : &none};

	*out = (struct readability){0};
	arena_init(&m.arena, ARENA_DEFAULT);
	buf_init(&m.text, BUF_MAX_DEFAULT);
	for (const struct node *n = doc->root; n; n = node_next(n, doc->root))
		if (n->kind == NODE_PARAGRAPH)
			measure_block(&m, n);
	buf_release(&m.text);
	arena_release(&m.arena);
}

int readability_lix(const struct readability *r)
{
	if (!r->words || !r->sentences)
		return 0;
	return (int)((double)r->words / (double)r->sentences +
		     100.0 * (double)r->long_words / (double)r->words + 0.5);
}
