#include "action/publish_tls.h"

#include <curl/curl.h>

struct fault {
	const char *sign; /* in libcurl's text */
	const char *meaning, *advice;
};

static const struct fault faults[] = {
	{"has expired", "has expired", "renew it on the server"},
	{"not yet valid", "is not valid yet", "set the clock right, here or on the server"},
	{"does not match", "is for another name",
		"use the name that it was made for in the target's address"},
	{"no alternative certificate subject name", "is for another name",
		"use the name that it was made for in the target's address"},
	{"self-signed certificate", "was signed by nobody who is trusted here",
		"if it is the right server, name a file with the certificate of who signed it in the target's "
		"ca_file"},
	{"self signed certificate", "was signed by nobody who is trusted here",
		"if it is the right server, name a file with the certificate of who signed it in the target's "
		"ca_file"},
	{"unable to get", "was signed by nobody who is trusted here",
		"if it is the right server, name a file with the certificate of who signed it in the target's "
		"ca_file, and have the server send the certificates in between"},
	{"revoked", "has been revoked", "do not publish until the server has a new one"},
};

static bool explain_certificate(struct buf *why, const char *text, const char *server)
{
	for (size_t i = 0; i < COUNT_OF(faults); i++)
		if (strstr(text, faults[i].sign)) {
			buf_addf(why, "the certificate of %s %s: %s", server, faults[i].meaning,
				faults[i].advice);
			return true;
		}
	buf_addf(why, "the certificate of %s cannot be trusted: %s", server, text);
	return true;
}

bool publish_tls_explain(struct buf *why, int code, const char *text, const char *server, const char *ca_file)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return explain_certificate(why, text, server);
	case CURLE_SSL_CACERT_BADFILE:
		buf_addf(why,
			"cannot read the certificates to trust%s%s: set the target's ca_file to a PEM file",
			ca_file ? " in " : "", ca_file ? ca_file : "");
		return true;
	default:
		return false;
	}
}
