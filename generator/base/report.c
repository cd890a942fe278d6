#include "base/report.h"

#include "base/digest.h"

/* Longer lines are shown as a window around the caret. */
#define EXCERPT_MAX 160

static const char *const format_names[] = {"text", "json", "sarif", "github", "gitlab"};

bool report_format_parse(struct str name, enum report_format *out)
{
	for (size_t i = 0; i < COUNT_OF(format_names); i++) {
		if (!str_is(name, format_names[i]))
			continue;
		*out = (enum report_format)i;
		return true;
	}
	return false;
}

struct writer {
	struct buf *out;
	const struct severities *severities;
	bool colour;
	bool first; /* no item was written yet */
};

static const char *colour_of(const struct writer *w, enum severity s)
{
	static const char *const colours[] = {"", "\033[36m", "\033[33m", "\033[31m"};

	return w->colour ? colours[s] : "";
}

static const char *plain(const struct writer *w)
{
	return w->colour ? "\033[0m" : "";
}

/*
 * What a terminal shows in one column for what stands at s.p[at]: it obeys control characters (C1 too), and
 * gives tabs a width of its own.
 */
static uint32_t visible(struct str s, size_t at, size_t *len)
{
	unsigned char lead = (unsigned char)s.p[at];
	size_t n = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	struct str one = str_slice(s, at, at + n);
	uint32_t cp;

	if (utf8_check(one) != one.n) {
		*len = 1;
		return 0xFFFD;
	}
	cp = utf8_decode(s, at, len);
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 ? ' ' : cp;
}

static void add_visible(struct buf *out, struct str s)
{
	size_t len;

	for (size_t i = 0; i < s.n; i += len)
		buf_add_utf8(out, visible(s, i, &len));
}

static size_t columns(struct str s)
{
	size_t count = 0, len;

	for (size_t i = 0; i < s.n; i += len, count++)
		visible(s, i, &len);
	return count;
}

static void add_place(struct buf *out, struct str path, struct span at)
{
	struct source_pos pos;

	add_visible(out, path.n ? path : STR("faktablad"));
	if (!at.src)
		return;
	pos = source_pos(at.src, at.at);
	buf_addf(out, ":%zu:%zu", pos.line, pos.column);
}

/* The start of the next character, at most three bytes on: the text need not be UTF-8. */
static size_t to_boundary(struct str s, size_t at)
{
	for (int i = 0; i < 3 && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80; i++)
		at++;
	return at < s.n ? at : s.n;
}

/* The line that a span starts in, or a window of it; the span is text[from, to). */
struct excerpt {
	struct str text;
	size_t from, to;
};

static struct excerpt excerpt_of(struct span at, size_t line_number)
{
	struct str line = source_line(at.src, line_number);
	size_t from = at.at - source_line_start(at.src, line_number), start = 0, end = line.n;

	if (from > line.n)
		from = line.n;
	if (line.n > EXCERPT_MAX) {
		if (from > EXCERPT_MAX / 2)
			start = to_boundary(line, from - EXCERPT_MAX / 2);
		end = to_boundary(line, start + EXCERPT_MAX);
	}
	return (struct excerpt){str_slice(line, start, end), from - start,
		at.n < end - from ? from + at.n - start : end - start};
}

static void add_excerpt(struct buf *out, struct span at)
{
	struct source_pos pos = source_pos(at.src, at.at);
	struct excerpt e = excerpt_of(at, pos.line);
	size_t carets = columns(str_slice(e.text, e.from, e.to));

	if (at.src->secret)
		return;
	buf_addf(out, "%6zu | ", pos.line);
	add_visible(out, e.text);
	buf_addf(out, "\n       | %*s^", (int)columns(str_slice(e.text, 0, e.from)), "");
	for (size_t i = 1; i < carets; i++)
		buf_addc(out, '~');
	buf_addc(out, '\n');
}

static void text_item(struct writer *w, const struct diag_item *item)
{
	enum severity s = w->severities->of[item->rule];

	add_place(w->out, item->path, item->at);
	buf_addf(w->out, ": %s%s%s: ", colour_of(w, s), severity_name(s), plain(w));
	add_visible(w->out, item->message);
	buf_addf(w->out, " [%s]\n", rule_info(item->rule)->id);
	if (item->at.src)
		add_excerpt(w->out, item->at);
	if (item->other.src) {
		buf_addz(w->out, "  see: ");
		add_place(w->out, item->other.src->path, item->other);
		buf_addc(w->out, '\n');
		add_excerpt(w->out, item->other);
	}
	if (!item->hint.n)
		return;
	buf_addz(w->out, "  hint: ");
	add_visible(w->out, item->hint);
	buf_addc(w->out, '\n');
}

static void json_region(struct buf *out, struct span at, const char *line, const char *column,
	const char *end_line, const char *end_column)
{
	struct source_pos from = source_pos(at.src, at.at), to = source_pos(at.src, at.at + at.n);

	buf_addf(out, "\"%s\":%zu,\"%s\":%zu,\"%s\":%zu,\"%s\":%zu", line, from.line, column, from.column,
		end_line, to.line, end_column, to.column);
}

static void json_item(struct writer *w, const struct diag_item *item)
{
	struct buf *out = w->out;

	buf_addz(out, w->first ? "\n" : ",\n");
	buf_addz(out, "{\"rule\":");
	buf_add_json(out, str_from(rule_info(item->rule)->id));
	buf_addf(out, ",\"severity\":\"%s\",\"path\":", severity_name(w->severities->of[item->rule]));
	buf_add_json(out, item->path);
	if (item->at.src) {
		struct source_pos pos = source_pos(item->at.src, item->at.at);

		buf_addc(out, ',');
		json_region(out, item->at, "line", "column", "end_line", "end_column");
		buf_addz(out, ",\"excerpt\":");
		buf_add_json(out, item->at.src->secret ? STR("") : excerpt_of(item->at, pos.line).text);
	}
	buf_addz(out, ",\"message\":");
	buf_add_json(out, item->message);
	if (item->other.src) {
		buf_addz(out, ",\"see\":{\"path\":");
		buf_add_json(out, item->other.src->path);
		buf_addc(out, ',');
		json_region(out, item->other, "line", "column", "end_line", "end_column");
		buf_addc(out, '}');
	}
	if (item->hint.n) {
		buf_addz(out, ",\"hint\":");
		buf_add_json(out, item->hint);
	}
	buf_addc(out, '}');
	w->first = false;
}

/* A relative reference (RFC 3986): a path of any bytes, with nothing in it that means more. */
static void add_uri(struct buf *out, struct str path)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			(c && strchr("/-._~", c)))
			buf_addc(out, (char)c);
		else
			buf_addf(out, "%%%02X", c);
	}
	buf_addc(out, '"');
}

static void sarif_location(struct buf *out, struct str path, struct span at)
{
	buf_addz(out, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
	add_uri(out, path);
	buf_addc(out, '}');
	if (at.src) {
		buf_addz(out, ",\"region\":{");
		json_region(out, at, "startLine", "startColumn", "endLine", "endColumn");
		buf_addc(out, '}');
	}
	buf_addz(out, "}}");
}

/* Where there is one text for both. */
static void add_json_with_hint(struct buf *out, const struct diag_item *item)
{
	struct buf text;

	if (!item->hint.n) {
		buf_add_json(out, item->message);
		return;
	}
	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addf(&text, "%.*s (%.*s)", STR_ARG(item->message), STR_ARG(item->hint));
	buf_add_json(out, buf_str(&text));
	buf_release(&text);
}

static void sarif_item(struct writer *w, const struct diag_item *item)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};
	struct buf *out = w->out;

	buf_addz(out, w->first ? "\n" : ",\n");
	buf_addz(out, "{\"ruleId\":");
	buf_add_json(out, str_from(rule_info(item->rule)->id));
	buf_addf(out, ",\"ruleIndex\":%d,\"level\":\"%s\",\"message\":{\"text\":", (int)item->rule,
		levels[w->severities->of[item->rule]]);
	add_json_with_hint(out, item);
	buf_addz(out, "},\"locations\":[");
	if (item->path.n)
		sarif_location(out, item->path, item->at);
	buf_addc(out, ']');
	if (item->other.src) {
		buf_addz(out, ",\"relatedLocations\":[");
		sarif_location(out, item->other.src->path, item->other);
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
	w->first = false;
}

/* In workflow commands % and line ends are escaped, and in properties also , and : */
static void github_escape(struct buf *out, struct str s, bool property)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_addf(out, "%%%02X", (unsigned char)c);
		else
			buf_addc(out, c);
	}
}

static void github_item(struct writer *w, const struct diag_item *item)
{
	static const char *const commands[] = {"debug", "notice", "warning", "error"};
	struct buf *out = w->out;

	buf_addf(out, "::%s ", commands[w->severities->of[item->rule]]);
	if (item->path.n) {
		buf_addz(out, "file=");
		github_escape(out, item->path, true);
		buf_addc(out, ',');
	}
	if (item->at.src) {
		struct source_pos from = source_pos(item->at.src, item->at.at);
		struct source_pos to = source_pos(item->at.src, item->at.at + item->at.n);

		buf_addf(out, "line=%zu,col=%zu,endLine=%zu,endColumn=%zu,", from.line, from.column, to.line,
			to.column);
	}
	buf_addz(out, "title=");
	github_escape(out, str_from(rule_info(item->rule)->id), true);
	buf_addz(out, "::");
	github_escape(out, item->message, false);
	if (item->hint.n) {
		buf_addz(out, "%0A");
		github_escape(out, item->hint, false);
	}
	buf_addc(out, '\n');
}

/* The same for the same fault in another version of the file: its line may have moved. */
static struct digest fingerprint(const struct diag_item *item)
{
	struct digest_run *run = digest_run_new();
	struct source_pos pos;

	digest_run_add(run, item->path);
	digest_run_add(run, STR("\n"));
	digest_run_add(run, str_from(rule_info(item->rule)->id));
	digest_run_add(run, STR("\n"));
	digest_run_add(run, item->message);
	if (item->at.src) {
		pos = source_pos(item->at.src, item->at.at);
		digest_run_add(run, STR("\n"));
		digest_run_add(run, excerpt_of(item->at, pos.line).text);
	}
	return digest_run_free(run);
}

static void gitlab_item(struct writer *w, const struct diag_item *item)
{
	static const char *const severities[] = {"info", "info", "minor", "major"};
	struct digest print = fingerprint(item);
	char hex[DIGEST_HEX + 1];
	struct buf *out = w->out;

	digest_hex(&print, hex);
	buf_addz(out, w->first ? "\n{\"check_name\":" : ",\n{\"check_name\":");
	buf_add_json(out, str_from(rule_info(item->rule)->id));
	buf_addf(out, ",\"severity\":\"%s\",\"fingerprint\":\"%s\",\"description\":",
		severities[w->severities->of[item->rule]], hex);
	add_json_with_hint(out, item);
	buf_addz(out, ",\"location\":{\"path\":");
	buf_add_json(out, item->path);
	buf_addf(out, ",\"lines\":{\"begin\":%zu}}}",
		item->at.src ? source_pos(item->at.src, item->at.at).line : (size_t)1);
	w->first = false;
}

static void sarif_head(struct buf *out)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};

	buf_addz(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
		      "\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"tool\":{\"driver\":{\"name\":"
		      "\"faktablad\","
		      "\"version\":\"" FAKTABLAD_VERSION "\",\"rules\":[");
	for (int r = 0; r < RULE_COUNT; r++) {
		buf_addz(out, r ? ",\n{\"id\":" : "\n{\"id\":");
		buf_add_json(out, str_from(rule_info((enum rule)r)->id));
		buf_addz(out, ",\"shortDescription\":{\"text\":");
		buf_add_json(out, str_from(rule_info((enum rule)r)->text));
		buf_addf(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}}",
			levels[rule_info((enum rule)r)->severity]);
	}
	buf_addz(out, "]}},\"results\":[");
}

static void text_tail(struct buf *out, size_t dropped)
{
	if (dropped)
		buf_addf(out, "… and %zu more that are not shown\n", dropped);
}

static void json_head(struct buf *out)
{
	buf_addz(out, "{\"version\":1,\"diagnostics\":[");
}

static void json_tail(struct buf *out, size_t dropped)
{
	buf_addf(out, "\n],\"dropped\":%zu}\n", dropped);
}

static void sarif_tail(struct buf *out, size_t dropped)
{
	(void)dropped;
	buf_addz(out, "\n]}]}\n");
}

static void gitlab_head(struct buf *out)
{
	buf_addc(out, '[');
}

static void gitlab_tail(struct buf *out, size_t dropped)
{
	(void)dropped;
	buf_addz(out, "\n]\n");
}

struct format {
	void (*head)(struct buf *out);
	void (*item)(struct writer *w, const struct diag_item *item);
	void (*tail)(struct buf *out, size_t dropped);
};

static const struct format formats[] = {
	[REPORT_TEXT] = {NULL, text_item, text_tail},
	[REPORT_JSON] = {json_head, json_item, json_tail},
	[REPORT_SARIF] = {sarif_head, sarif_item, sarif_tail},
	[REPORT_GITHUB] = {NULL, github_item, text_tail},
	[REPORT_GITLAB] = {gitlab_head, gitlab_item, gitlab_tail},
};

void report(struct buf *out, const struct diag *d, const struct severities *s, enum report_format format,
	bool colour)
{
	struct writer w = {out, s, colour, true};

	if (formats[format].head)
		formats[format].head(out);
	for (size_t i = 0; i < d->len; i++)
		if (s->of[d->items[i].rule] != SEVERITY_OFF)
			formats[format].item(&w, &d->items[i]);
	formats[format].tail(out, diag_dropped(d, s));
	/* Line maps were made for this report alone: whoever owns the sources need not know. */
	diag_release_lines(d);
}
