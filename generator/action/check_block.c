/* Fenced blocks of our own: can what stands in them be shown? A new kind is a file and a row. */
#include "action/check_impl.h"
#include "model/chart.h"
#include "model/table.h"

static struct figure_reader reader_of(struct text_check *c)
{
	return (struct figure_reader){.a = &c->w->scratch,
		.facts = &c->k->c->facts,
		.locale = worker_locale(c->w, c->t->language),
		.d = &c->w->diag};
}

static void check_uses(struct text_check *c, const struct figure_reader *r)
{
	for (size_t i = 0; i < r->use_count; i++)
		check_fact_use(c, &r->uses[i]);
}

static void check_chart(struct text_check *c, const struct node *block)
{
	struct figure_reader r = reader_of(c);
	struct chart chart;
	struct span at;
	bool fine;

	if (!check_block_place(c, block, &at))
		return;
	mark_used(&c->k->charts, 0);
	fine = chart_read(&chart, &r, at);
	(void)fine; /* what is wrong was said */
	check_uses(c, &r);
}

static void check_table(struct text_check *c, const struct node *block)
{
	struct figure_reader r = reader_of(c);
	struct table table;
	struct span at;
	bool fine;

	if (!check_block_place(c, block, &at))
		return;
	fine = table_read(&table, &r, at);
	(void)fine; /* what is wrong was said */
	check_uses(c, &r);
}

/* The same names as in output/block.c. */
static const struct {
	struct str name;
	void (*check)(struct text_check *c, const struct node *block);
} kinds[] = {
	{STR_INIT("chart"), check_chart},
	{STR_INIT("table"), check_table},
	{STR_INIT("contacts"), check_contacts_block},
};

bool check_block_place(struct text_check *c, const struct node *block, struct span *out)
{
	if (node_verbatim(c->t->doc, block, out))
		return true;
	diag_add(&c->w->diag, RULE_BLOCK_PLACE, node_span(c->t->doc, block),
		"a block of the program's own cannot stand here; it is shown as code");
	diag_hint(&c->w->diag, "begin its lines at the margin, outside of lists and quotes");
	return false;
}

/* "charts", "tabel": people meant ours. Short names of programming languages are near to nothing. */
static void check_name(struct text_check *c, const struct node *block, struct str name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (str_distance(name, kinds[i].name, 1) > 1 || name.n < kinds[i].name.n)
			continue;
		diag_add(&c->w->diag, RULE_BLOCK_UNKNOWN, node_span(c->t->doc, block),
			"there is no block “%.*s”; it is shown as code", STR_ARG(name));
		diag_hint(&c->w->diag, "did you mean “%.*s”?", STR_ARG(kinds[i].name));
		return;
	}
}

static void check_block(struct text_check *c, const struct node *block)
{
	struct str info = str_trim(block->url);
	struct str name = str_slice(info, 0, str_find_byte(info, ' '));

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(name, kinds[i].name)) {
			kinds[i].check(c, block);
			return;
		}
	check_name(c, block, name);
}

void check_text_blocks(struct text_check *c)
{
	const struct node *root = c->t->doc->root;

	for (const struct node *n = root; n; n = node_next(n, root))
		if (n->kind == NODE_CODE_BLOCK && n->url.n)
			check_block(c, n);
}
