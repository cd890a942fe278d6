/*
 * publish_xml: a server's answer in XML (WebDAV, S3), read element by element.
 *
 * What comes from a network is not trusted: a document with a DOCTYPE is refused, so there are no entities but
 * the five of XML itself and numbers; depth, size and text are capped; nothing outside the text is ever
 * fetched. Elements of namespaces that the caller does not name are passed over with all that is in them.
 * Texts are UTF-8, whatever the document's encoding.
 *
 *	static const char *const dav[] = {"DAV:", NULL};
 *	struct publish_xml x = {.namespaces = dav, .element = see, .ctx = &my};
 *	if (!publish_xml_read(&x, answer, why)) …
 *
 *	static bool see(void *ctx, struct str path, struct str text)
 *	{
 *		if (str_is(path, "multistatus/response/href"))
 *			my->href = str_dup(my->arena, text);
 *		…
 *
 * Elements are seen when they end, so those inside before those around them. What was seen is worth something
 * only when publish_xml_read() returned true: a text that was cut short is found at its end.
 */
#ifndef ACTION_PUBLISH_XML_H
#define ACTION_PUBLISH_XML_H

#include "base/buf.h"

#define PUBLISH_XML_MAX_BYTES ((size_t)64 << 20)      /* of a document */
#define PUBLISH_XML_MAX_DEPTH 32		      /* elements in elements */
#define PUBLISH_XML_MAX_TEXT_BYTES ((size_t)64 << 10) /* of an element and what it is in */
#define PUBLISH_XML_MAX_PATH_BYTES ((size_t)1 << 10)

struct publish_xml {
	/* Those that are read, NULL at the end; "": elements without one. NULL: whatever there is. */
	const char *const *namespaces;
	/*
	 * An element has ended. `path` is the names from the root on, '/' between, without namespaces and
	 * prefixes; `text` what stands in it but in no element inside, white space and all. Both are borrowed
	 * until it returns. False ends the reading, after a sentence of the callee's own in `why`.
	 */
	bool (*element)(void *ctx, struct str path, struct str text);
	void *ctx;
};

/* False after one sentence in `why`, without a full stop. */
bool publish_xml_read(const struct publish_xml *x, struct str document, struct buf *why) MUST_USE;

#endif
