#include "site/read.h"

#include "text/locale.h"

#include <errno.h>

static bool report_unreadable(int error, struct str shown, size_t max, struct diag *d)
{
	if (error == EFBIG) {
		diag_add_path(d, RULE_FILE_TOO_LARGE, shown,
			"the file is larger than %zu bytes; it was left out", max);
		diag_hint(d, "split it, or raise “limits: sheet_bytes” in faktablad.yaml");
	} else if (error == ELOOP) {
		diag_add_path(d, RULE_FILE_SYMLINK, shown,
			"symbolic links are not followed; the file was left out");
	} else {
		diag_add_path(d, RULE_FILE_UNREADABLE, shown, "the file cannot be read: %s", strerror(error));
	}
	return false;
}

static bool check_bytes(struct source *src, struct diag *d)
{
	size_t bad = utf8_check(src->text), nul = str_find_byte(src->text, '\0'), at;

	if (bad < src->text.n) {
		diag_add(d, RULE_FILE_NOT_UTF8, span_make(src, bad, 1),
			"byte 0x%02X is not UTF-8; the file was left out", (unsigned char)src->text.p[bad]);
		diag_hint(d, "save the file as UTF-8");
		return false;
	}
	if (nul < src->text.n) {
		diag_add(d, RULE_FILE_NOT_UTF8, span_make(src, nul, 1),
			"a NUL byte: this is not a text; the file was left out");
		return false;
	}
	at = text_nfc_check(src->text);
	if (at < src->text.n) {
		diag_add(d, RULE_FILE_NOT_NFC, span_make(src, at, 1),
			"the text is not in Unicode normalization form C from here");
		diag_hint(d,
			"letters with marks are written as one character: “uconv -x any-nfc” mends a file");
	}
	return true;
}

bool read_source(struct source *out, const struct input *in, struct arena *a, struct str path,
	struct str folder, struct str shown, size_t max, struct diag *d)
{
	char full[4096];
	struct str text;
	int n = snprintf(full, sizeof(full), "%.*s/%.*s", STR_ARG(folder), STR_ARG(path));
	int error = n < 0 || (size_t)n >= sizeof(full) ? ENAMETOOLONG : fs_read(in->fs, full, a, max, &text);

	if (error)
		return report_unreadable(error, shown, max, d);
	source_init(out, shown, text);
	return check_bytes(out, d);
}
