/*
 * page_impl: what the files of the pages share.
 *
 * page.c has a row for each kind of page and dispatches. Every family of pages is a file: page_sheet.c,
 * page_index.c, page_pack.c … A kind that is one page a language ("<lang>/<file>.html") needs a fill
 * function, a row, and a template of its name: it is then listed, linked between languages and put into the
 * site map like any other. Without its template, a site does without the page.
 */
#ifndef OUTPUT_PAGE_IMPL_H
#define OUTPUT_PAGE_IMPL_H

#include "output/page.h"

/* One page being put together. */
struct page_writer {
	const struct view *v;
	struct worker *w;
	struct arena *a; /* the worker's scratch */
	const struct page *p;
	const struct issue *issue;
	enum place place;
	struct value data; /* the root of what the template gets */
};

/* Parts: page_part.c */

void page_set(struct page_writer *r, struct value map, const char *name, struct value value);
/* Nothing when empty. */
void page_set_str(struct page_writer *r, struct value map, const char *name, struct str s);
/* Nothing for the zero date. */
void page_set_date(
	struct page_writer *r, struct value map, const char *name, const char *iso_name, struct date date);
/* title, description, head_title of the page. */
void page_set_titles(struct page_writer *r, struct str title, struct str description);
/* for_guardian, for_staff. */
void page_set_audience(struct page_writer *r, struct value map, const struct sheet *s);
/* `fallback`, when the text is of another language than the page. */
void page_set_fallback(struct page_writer *r, struct value map, const struct translation *t);

const struct language *page_language(const struct page_writer *r, size_t language);
/* A message in the page's language, without arguments. */
struct str page_phrase(struct page_writer *r, const char *key);
/* A path in the edition as an absolute address. */
struct str page_address(struct page_writer *r, struct str path);
/* Relative address of "<language>/<file>.html". */
struct str page_href(struct page_writer *r, size_t language, const char *file);
/* A language as a list names it: its tag, direction and own name. */
struct value page_language_value(struct page_writer *r, const struct language *l);
/* A language's name in the page's language. */
struct value page_name_here(struct page_writer *r, const struct language *l);
/* A reference, as lists of sources show it. */
struct value page_source(struct page_writer *r, const struct reference *s);
/* A sheet that the page's language has, as lists of sheets show it. */
struct value page_sheet(struct page_writer *r, const struct sheet *s);

/* What changed in the source since a text was translated, if anything: page_stale.c. `toc` is the body's. */
void page_set_stale(struct page_writer *r, const struct translation *t, struct value toc);

/* The same page elsewhere: page_link.c */

/* languages, alternates, canonical. */
void page_set_counterparts(struct page_writer *r, struct page_cache *cache);
/* In a pack: web_href. */
void page_set_web_href(struct page_writer *r);

/* The families */

void page_fill_sheet(struct page_writer *r);
void page_fill_withdrawn(struct page_writer *r);
void page_fill_alias(struct page_writer *r);
void page_fill_index(struct page_writer *r);
void page_fill_staff(struct page_writer *r);
void page_fill_sources(struct page_writer *r);
void page_fill_glossary(struct page_writer *r);
void page_fill_packs(struct page_writer *r);
void page_fill_contacts(struct page_writer *r);
void page_fill_choose(struct page_writer *r);
void page_fill_start(struct page_writer *r);
void page_fill_about(struct page_writer *r);
void page_fill_404(struct page_writer *r);

#endif
