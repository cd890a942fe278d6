/*
 * report: a sorted collector of diagnostics as text, JSON, SARIF 2.1.0, GitHub workflow
 * commands or a GitLab code quality report.
 *
 * text shows path:line:col, severity, message, rule id, the line itself with a caret, and the hint. Of a long
 * line only what stands around the place is shown, in JSON too.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "base/buf.h"
#include "base/diag.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_SARIF, REPORT_GITHUB, REPORT_GITLAB };

bool report_format_parse(struct str name, enum report_format *out);
void report(struct buf *out, const struct diag *d, const struct severities *s, enum report_format format,
	bool colour);

#endif
