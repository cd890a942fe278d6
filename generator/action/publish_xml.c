#include "action/publish_xml.h"

#include <expat.h>

/* Between namespace and name. No name has it in it; a namespace may. */
#define SEPARATOR '\n'

/* An element that has not ended: how long path and text were before it. */
struct open_element {
	size_t path, text;
};

struct reader {
	const struct publish_xml *x;
	XML_Parser parser;
	struct buf path, text;
	struct open_element open[PUBLISH_XML_MAX_DEPTH];
	size_t depth;
	size_t passed_over; /* the depth of the outermost element that is passed over; 0: none */
	const char *fault;  /* ours, not expat's */
	bool refused;	    /* by the caller's element() */
};

static void fail(struct reader *r, const char *fault)
{
	if (!r->fault)
		r->fault = fault;
	XML_StopParser(r->parser, XML_FALSE);
}

/* expat reports what it has already read of a piece even when it was told to stop. */
static bool has_stopped(const struct reader *r)
{
	return r->fault || r->refused;
}

static bool is_wanted(const struct publish_xml *x, struct str name_space)
{
	if (!x->namespaces)
		return true;
	for (size_t i = 0; x->namespaces[i]; i++)
		if (str_is(name_space, x->namespaces[i]))
			return true;
	return false;
}

static void enter(struct reader *r, struct str name)
{
	size_t at = str_after_last(name, SEPARATOR);

	if (!is_wanted(r->x, str_slice(name, 0, at ? at - 1 : 0))) {
		r->passed_over = r->depth;
		return;
	}
	if (r->depth > 1)
		buf_addc(&r->path, '/');
	buf_add(&r->path, str_slice(name, at, name.n));
	if (buf_failed(&r->path))
		fail(r, "its XML has names that are too long");
}

static void on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = ctx;

	(void)attributes;
	if (has_stopped(r))
		return;
	if (r->depth == PUBLISH_XML_MAX_DEPTH) {
		fail(r, "its XML is nested too deep");
		return;
	}
	r->open[r->depth++] = (struct open_element){.path = r->path.n, .text = r->text.n};
	if (!r->passed_over)
		enter(r, str_from(name));
}

static void on_end(void *ctx, const XML_Char *name)
{
	struct reader *r = ctx;
	struct open_element *e;

	(void)name;
	if (has_stopped(r))
		return;
	e = &r->open[r->depth - 1];
	if (!r->passed_over && !r->x->element(r->x->ctx, buf_str(&r->path),
				       str_slice(buf_str(&r->text), e->text, r->text.n))) {
		r->refused = true;
		XML_StopParser(r->parser, XML_FALSE);
	}
	buf_cut(&r->path, e->path);
	buf_cut(&r->text, e->text);
	if (r->passed_over == r->depth)
		r->passed_over = 0;
	r->depth--;
}

static void on_text(void *ctx, const XML_Char *text, int n)
{
	struct reader *r = ctx;

	if (has_stopped(r) || r->passed_over)
		return;
	buf_add(&r->text, str_make(text, (size_t)n));
	if (buf_failed(&r->text))
		fail(r, "its XML has a text that is too long");
}

static void on_doctype(
	void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has_subset)
{
	(void)name, (void)system, (void)public, (void)has_subset;
	fail(ctx, "its XML has a DOCTYPE, which no such answer needs");
}

static void say_why(const struct reader *r, struct buf *why)
{
	if (r->fault)
		buf_addz(why, r->fault);
	else
		buf_addf(why, "its XML is wrong or cut short at line %lu: %s",
			(unsigned long)XML_GetCurrentLineNumber(r->parser),
			XML_ErrorString(XML_GetErrorCode(r->parser)));
}

bool publish_xml_read(const struct publish_xml *x, struct str document, struct buf *why)
{
	struct reader r = {.x = x};
	bool fine;

	if (document.n > PUBLISH_XML_MAX_BYTES) {
		buf_addz(why, "its XML is too long");
		return false;
	}
	r.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!r.parser)
		die("out of memory");
	buf_init(&r.path, PUBLISH_XML_MAX_PATH_BYTES);
	buf_init(&r.text, PUBLISH_XML_MAX_TEXT_BYTES);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	fine = XML_Parse(r.parser, document.p ? document.p : "", (int)document.n, XML_TRUE) == XML_STATUS_OK;
	if (!fine && !r.refused)
		say_why(&r, why);
	XML_ParserFree(r.parser);
	buf_release(&r.path);
	buf_release(&r.text);
	return fine;
}
