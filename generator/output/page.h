/*
 * page: one HTML page of an edition: its data put together and its template rendered.
 *
 * docs/templates.md lists the data that each template gets. Pages carry content dates only; what belongs to
 * one pack (its id, its issue date) stands on its start and about pages, so that equal pages are equal bytes.
 */
#ifndef OUTPUT_PAGE_H
#define OUTPUT_PAGE_H

#include "base/buf.h"
#include "base/digest.h"
#include "output/view.h"

enum page_kind {
	PAGE_SHEET,	/* <lang>/<slug>.html */
	PAGE_WITHDRAWN, /* <lang>/<slug>.html: of a sheet that was taken back (web) */
	PAGE_ALIAS,	/* <lang>/<alias>.html: leads to a sheet */
	PAGE_INDEX,	/* <lang>/index.html */
	PAGE_STAFF,	/* <lang>/staff.html: the sheets for staff */
	PAGE_SOURCES,	/* <lang>/sources.html: every source, and the texts that use it */
	PAGE_GLOSSARY,	/* <lang>/glossary.html */
	PAGE_PACKS,	/* <lang>/packs.html: the packs to take away */
	PAGE_CONTACTS,	/* <lang>/contacts.html: whom to call, by district */
	PAGE_CHOOSE,	/* index.html of the web: every language */
	PAGE_START,	/* index.html of a pack */
	PAGE_ABOUT,	/* about.html of a pack */
	PAGE_404,	/* 404.html */
	PAGE_KIND_COUNT
};

struct page {
	enum page_kind kind;
	size_t language;
	const struct sheet *sheet; /* sheet, withdrawn, alias */
	struct str alias;
};

/* A finished pack, as the page of packs lists it. */
struct pack_info {
	struct str name; /* file name */
	const struct edition *edition;
	uint64_t size;
	struct digest digest;
	size_t sheet_count;
};

/* What belongs to one issue, not to the content. */
struct issue {
	struct date date;
	struct str pack_id; /* start and about pages */
	const struct pack_info *packs;
	size_t pack_count;
};

/*
 * What the pages of one sheet have in common, kept by a worker from one page to the next: where the sheet is
 * in each language. Zeroed to begin with; its arena is the worker's own.
 */
struct page_cache {
	struct arena arena;
	const struct view *view;
	const struct sheet *sheet;
	struct value languages;	 /* nobody current */
	struct value alternates; /* of the languages that have a text of their own */
};

const char *page_template(enum page_kind kind); /* "sheet" */
/* Of a kind that is one page a language: its name, "index" of <lang>/index.html; else NULL. */
const char *page_file(enum page_kind kind);
/*
 * Whether an edition has a page of this kind in each of its languages: it has what the page shows, and the
 * template. (Sheets and pages that belong to one issue are not asked about here.)
 */
bool page_wanted(const struct graph *g, enum page_kind kind);
/* Path in the edition, in `a`. */
struct str page_path(const struct view *v, struct arena *a, const struct page *p);
/* Appends the page; false when something was reported to w->diag. Uses w->scratch. */
bool page_render(struct buf *out, const struct view *v, struct worker *w, struct page_cache *cache,
	const struct page *p, const struct issue *issue) MUST_USE;

#endif
