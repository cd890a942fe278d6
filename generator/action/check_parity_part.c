/* The parts of a section: what they are, and what to say when two sections do not have the same. */
#include "action/check_parity.h"

#include "text/numeral.h"

/* One thing in a section. Two are the same when key, more and value are. */
struct item {
	const struct node *node;
	struct span at;
	struct str key, more;
	struct str shown; /* to people, when that is not the key */
	uint64_t value;
	uint64_t hash;
	size_t index;
	bool small; /* a number that another language may well write as a word */
};

struct items {
	struct arena *a;
	struct item *list;
	size_t len, cap;
};

/* A walk over nodes that tells of each part: to a section's sums, or of one part to a list. */
struct teller {
	const struct translation *t;
	uint64_t *sums;
	enum part part;
	struct items *items;
	const struct catalog *c;
	struct arena *scratch; /* of links that are looked up */
};

static uint64_t mixed(uint64_t h, uint64_t more)
{
	h = (h ^ more) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

static bool in_order(enum part part)
{
	return part == PART_CALLOUT || part == PART_LIST || part == PART_BLOCK;
}

static void tell(struct teller *l, enum part part, const struct item *item)
{
	uint64_t hash = mixed(str_hash(item->key), item->more.n ? str_hash(item->more) : item->value);

	if (l->sums) {
		l->sums[part] = in_order(part) ? mixed(l->sums[part], hash) : l->sums[part] + hash;
	} else if (l->part == part) {
		struct items *to = l->items;

		to->list = arena_grow(to->a, to->list, to->len, &to->cap, sizeof(*to->list));
		to->list[to->len] = *item;
		to->list[to->len].hash = hash;
		to->list[to->len].index = to->len;
		to->len++;
	}
}

static void tell_callout(struct teller *l, const struct node *n)
{
	tell(l, PART_CALLOUT,
		&(struct item){.node = n, .key = str_from(callout_name((enum callout)n->callout))});
}

static void tell_list(struct teller *l, const struct node *n)
{
	uint64_t length = 0;

	for (const struct node *i = n->first; i; i = i->next)
		length++;
	tell(l, PART_LIST, &(struct item){.node = n, .value = length << 1 | n->ordered});
}

static void tell_block(struct teller *l, const struct node *n)
{
	size_t end = 0;

	while (end < n->url.n && n->url.p[end] != ' ' && n->url.p[end] != '\t')
		end++;
	tell(l, PART_BLOCK, &(struct item){.node = n, .key = end ? str_slice(n->url, 0, end) : STR("code")});
}

static bool has_scheme(struct str url)
{
	size_t i = 0;

	while (i < url.n && !strchr(":/#?", url.p[i]))
		i++;
	return i < url.n && url.p[i] == ':';
}

/* The sums take a link as it is written: translations lie beside each other and write it alike. */
static void tell_link(struct teller *l, const struct node *n)
{
	struct item item = {.node = n, .key = n->url};
	struct link link;

	if (has_scheme(n->url))
		return;
	if (!l->sums) {
		link = link_read(l->c, translation_path(l->t), n->url, l->scratch);
		if (link.kind != LINK_SHEET && link.kind != LINK_SAME)
			return;
		item.key = link.kind == LINK_SAME ? l->t->sheet->key : link.target->sheet->key;
		item.more = link.anchor;
	}
	tell(l, PART_LINK, &item);
}

static void tell_cite(struct teller *l, const struct node *n)
{
	tell(l, PART_CITE, &(struct item){.node = n, .key = n->url, .more = n->title});
}

static void tell_fact(struct teller *l, const struct node *n)
{
	const struct message_arg *args;
	size_t count = n->message ? message_args(n->message, &args) : 0;

	for (size_t i = 0; i < count; i++)
		tell(l, PART_FACT, &(struct item){.node = n, .key = args[i].name});
}

static bool is_small(const struct numeral *n)
{
	return !n->broken && (n->n == 1 || (n->n == 2 && n->digits[0] == '1' && n->digits[1] <= '2'));
}

/* Texts stand in the source as they are, or (escapes, entities) only about where their node is. */
static struct span place_in(const struct translation *t, const struct node *n, const struct numeral *number)
{
	const struct str all = t->src.text;

	if (n->text.p < all.p || n->text.p >= all.p + all.n)
		return node_span(t->doc, n);
	return span_make((struct source *)&t->src, (size_t)(n->text.p - all.p) + number->from,
		number->to - number->from);
}

static void tell_number(struct teller *l, const struct node *n, const struct numeral *number)
{
	struct item item = {.key = str_make(number->digits, number->n), .small = is_small(number)};

	if (!l->sums) {
		item.key = str_dup(l->items->a, item.key);
		item.shown = str_slice(n->text, number->from, number->to);
		item.at = place_in(l->t, n, number);
	}
	tell(l, PART_NUMBER, &item);
}

/* An address that is its own text is no number to compare. */
static bool is_address(const struct node *n)
{
	return n->parent && n->parent->kind == NODE_LINK && str_ends(n->parent->url, n->text);
}

static void tell_text(struct teller *l, const struct node *n)
{
	struct numeral number;

	if (is_address(n))
		return;
	for (size_t at = 0; numeral_next(n->text, &at, &number);)
		tell_number(l, n, &number);
}

static void tell_isolate(struct teller *l, const struct node *n)
{
	struct numeral number;

	if (str_find_byte(n->text, '@') < n->text.n || str_find(n->text, STR("//")) < n->text.n ||
		str_starts(n->text, STR("www.")))
		return;
	if (numeral_all(n->text, &number))
		tell_number(l, n, &number);
}

static void (*const tellers[])(struct teller *l, const struct node *n) = {
	[NODE_CALLOUT] = tell_callout,
	[NODE_LIST] = tell_list,
	[NODE_CODE_BLOCK] = tell_block,
	[NODE_TEXT] = tell_text,
	[NODE_LINK] = tell_link,
	[NODE_FACT] = tell_fact,
	[NODE_CITE] = tell_cite,
	[NODE_ISOLATE] = tell_isolate,
};

static void tell_blocks(struct teller *l, const struct node *from, const struct node *end)
{
	for (const struct node *b = from; b && b != end; b = b->next)
		for (const struct node *n = b; n; n = node_next(n, b))
			if (tellers[n->kind])
				tellers[n->kind](l, n);
}

/* "{#id}" stands in the heading. */
static bool id_given(const struct doc *doc, const struct node *heading)
{
	struct str line = str_slice(doc->src->text, heading->at, (size_t)heading->at + heading->n);

	return str_find(line, STR("{#")) < line.n;
}

void outline_make(struct outline *o, struct arena *a, const struct translation *t)
{
	const struct node *first = t->doc->root->first;
	size_t count = 1;

	for (const struct node *n = first; n; n = n->next)
		count += n->kind == NODE_HEADING;
	*o = (struct outline){.t = t, .count = count};
	o->sections = arena_new_n(a, struct part_section, count);
	if (first && first->kind != NODE_HEADING)
		o->sections[0].first = first;
	count = 1;
	for (const struct node *n = first; n; n = n->next)
		if (n->kind == NODE_HEADING)
			o->sections[count++] = (struct part_section){
				.id = n->text, .first = n, .given = id_given(t->doc, n)};
	for (size_t i = 0; i < o->count; i++)
		tell_blocks(&(struct teller){.t = t, .sums = o->sections[i].sums}, o->sections[i].first,
			section_end(&o->sections[i]));
}

/* What differs */

static const struct {
	enum rule rule;
	const char *what; /* many of them */
	const char *hint;
} parts[PART_COUNT] = {
	[PART_CALLOUT] = {RULE_PARITY_CALLOUT, "callouts",
		"the same callouts in the same order, in every language"},
	[PART_LIST] = {RULE_PARITY_LIST, "lists", "a step that is missing is a step that a reader misses"},
	[PART_BLOCK] = {RULE_PARITY_BLOCK, "fenced blocks",
		"the same charts, tables and contacts in the same order, in every language"},
	[PART_LINK] = {RULE_PARITY_LINK, "links to sheets",
		"links are written alike in every language: they name the file"},
	[PART_CITE] = {RULE_PARITY_CITATION, "citations",
		"copy the citation as it stands in the source text, place included"},
	[PART_FACT] = {RULE_PARITY_FACT, "facts", "use the facts that the source text uses"},
	[PART_NUMBER] = {RULE_PARITY_NUMBER, "numbers", "compare the numbers with the source text"},
};

/* What one section has and the other has not, each once, in order of the text. */
static int by_hash(const void *x, const void *y)
{
	const struct item *a = x, *b = y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int by_index(const void *x, const void *y)
{
	const struct item *a = x, *b = y;

	return a->index < b->index ? -1 : a->index > b->index;
}

static void sort_items(struct items *items, int (*order)(const void *x, const void *y))
{
	if (items->len)
		qsort(items->list, items->len, sizeof(*items->list), order);
}

/* Both sorted by hash. */
static struct items without(const struct items *these, const struct items *those, struct arena *a)
{
	struct items rest = {.a = a};
	size_t k = 0;

	for (size_t i = 0; i < these->len; i++) {
		const struct item *item = &these->list[i];

		while (k < those->len && those->list[k].hash < item->hash)
			k++;
		if ((k < those->len && those->list[k].hash == item->hash) ||
			(i && these->list[i - 1].hash == item->hash))
			continue;
		rest.list = arena_grow(a, rest.list, rest.len, &rest.cap, sizeof(*rest.list));
		rest.list[rest.len++] = *item;
	}
	sort_items(&rest, by_index);
	return rest;
}

static bool any_small(const struct items *items)
{
	for (size_t i = 0; i < items->len; i++)
		if (items->list[i].small)
			return true;
	return false;
}

static void forget_small(struct items *items)
{
	size_t kept = 0;

	for (size_t i = 0; i < items->len; i++)
		if (!items->list[i].small)
			items->list[kept++] = items->list[i];
	items->len = kept;
}

/* "12" in one language is "twelve" in the other: small numbers tell something only against small numbers. */
static void forgive_words(struct items *missing, struct items *added)
{
	if (any_small(missing) && any_small(added))
		return;
	forget_small(missing);
	forget_small(added);
}

/* Listed in a message; the rest is counted. */
#define ITEMS_NAMED 3

static void add_item(struct buf *b, enum part part, const struct item *item)
{
	if (part == PART_LIST) {
		buf_addf(b, "%llu %s", (unsigned long long)(item->value >> 1),
			item->value & 1 ? "steps" : "points");
		return;
	}
	buf_add(b, item->shown.n ? item->shown : item->key);
	if (item->more.n)
		buf_addf(b, part == PART_LINK ? "#%.*s" : ", %.*s", STR_ARG(item->more));
}

static struct str named(struct arena *a, enum part part, const struct items *items)
{
	struct str text;
	struct buf b;

	buf_init(&b, DIAG_MAX_TEXT);
	for (size_t i = 0; i < items->len && i < ITEMS_NAMED; i++) {
		buf_addz(&b, i ? ", “" : "“");
		add_item(&b, part, &items->list[i]);
		buf_addz(&b, "”");
	}
	if (items->len > ITEMS_NAMED)
		buf_addf(&b, " and %zu more", items->len - ITEMS_NAMED);
	text = str_dup(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static struct span item_place(
	const struct translation *t, const struct part_section *s, const struct items *items)
{
	if (!items->len)
		return section_place(t, s);
	return items->list[0].at.src ? items->list[0].at : node_span(t->doc, items->list[0].node);
}

static void report_sets(struct pair *p, enum part part, const struct part_section *source,
	const struct part_section *text, const struct items *missing, const struct items *added)
{
	struct diag *d = &p->w->diag;
	struct arena scratch = p->w->scratch;
	struct str gone = named(&scratch, part, missing), come = named(&scratch, part, added);
	struct span at = item_place(p->text.t, text, added);

	if (gone.n && come.n)
		diag_add(d, parts[part].rule, at, "other %s than in the source text: here %.*s, there %.*s",
			parts[part].what, STR_ARG(come), STR_ARG(gone));
	else if (gone.n)
		diag_add(d, parts[part].rule, at, "%s of the source text that are missing here: %.*s",
			parts[part].what, STR_ARG(gone));
	else
		diag_add(d, parts[part].rule, at, "%s that the source text does not have here: %.*s",
			parts[part].what, STR_ARG(come));
	diag_other(d, item_place(p->source.t, source, missing));
	diag_hint(d, "%s", parts[part].hint);
}

static void compare_sets(struct pair *p, enum part part, const struct part_section *source,
	const struct part_section *text, struct items *theirs, struct items *ours)
{
	struct arena *a = &p->w->scratch;
	struct items missing, added;

	sort_items(theirs, by_hash);
	sort_items(ours, by_hash);
	missing = without(theirs, ours, a);
	added = without(ours, theirs, a);
	if (part == PART_NUMBER)
		forgive_words(&missing, &added);
	if (missing.len || added.len)
		report_sets(p, part, source, text, &missing, &added);
}

/* The first place where two sequences part. */
static void compare_sequences(struct pair *p, enum part part, const struct part_section *source,
	const struct part_section *text, const struct items *theirs, const struct items *ours)
{
	struct diag *d = &p->w->diag;
	struct items from = *theirs, to = *ours;
	struct str there, here;
	size_t same = 0;

	while (same < theirs->len && same < ours->len && theirs->list[same].hash == ours->list[same].hash)
		same++;
	if (same == theirs->len && same == ours->len)
		return;
	from.list += same, from.len -= same;
	to.list += same, to.len -= same;
	there = named(&p->w->scratch, part, &from);
	here = named(&p->w->scratch, part, &to);
	diag_add(d, parts[part].rule, item_place(p->text.t, text, &to),
		"%s differ from the source text: here %.*s, there %.*s", parts[part].what,
		STR_ARG(here.n ? here : STR("no more")), STR_ARG(there.n ? there : STR("no more")));
	diag_other(d, item_place(p->source.t, source, &from));
	diag_hint(d, "%s", parts[part].hint);
}

static struct items items_of(
	struct pair *p, const struct translation *t, const struct part_section *s, enum part part)
{
	struct items items = {.a = &p->w->scratch};
	struct teller l = {.t = t, .part = part, .items = &items, .c = p->k->c, .scratch = &p->w->scratch};

	tell_blocks(&l, s->first, section_end(s));
	return items;
}

void compare_parts(struct pair *p, const struct part_section *source, const struct part_section *text)
{
	for (enum part part = 0; part < PART_COUNT; part++) {
		struct items theirs, ours;

		if (source->sums[part] == text->sums[part])
			continue;
		theirs = items_of(p, p->source.t, source, part);
		ours = items_of(p, p->text.t, text, part);
		if (in_order(part))
			compare_sequences(p, part, source, text, &theirs, &ours);
		else
			compare_sets(p, part, source, text, &theirs, &ours);
	}
}

static void tell_title(struct teller *l, struct str text, struct span at)
{
	struct numeral number;

	for (size_t i = 0; numeral_next(text, &i, &number);) {
		struct item item = {.at = at, .small = is_small(&number)};

		item.key = str_dup(l->items->a, str_make(number.digits, number.n));
		item.shown = str_slice(text, number.from, number.to);
		tell(l, PART_NUMBER, &item);
	}
}

static struct items numbers_of_title(struct pair *p, const struct translation *t)
{
	struct items items = {.a = &p->w->scratch};
	struct teller l = {.t = t, .part = PART_NUMBER, .items = &items};

	tell_title(&l, t->title, translation_place(t));
	tell_title(&l, t->description, translation_place(t));
	return items;
}

void compare_titles(struct pair *p)
{
	struct items theirs = numbers_of_title(p, p->source.t), ours = numbers_of_title(p, p->text.t);

	if (theirs.len || ours.len)
		compare_sets(p, PART_NUMBER, NULL, NULL, &theirs, &ours);
}
