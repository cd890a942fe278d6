/*
 * target: a place to publish to, as `targets` of faktablad.yaml describes it.
 *
 *	targets:
 *	  city:
 *	    url: sftp://web@www.example.org/srv/www/faktablad
 *	    public_address: https://www.example.org/faktablad/
 *	    headers:
 *	      "*.html": {Cache-Control: no-cache}
 *
 * Secrets never stand here: one that does is reported, and then no line of the file is shown to anybody, since
 * reports end up in logs. What an address means is known by action/publish_url.h.
 */
#ifndef MODEL_TARGET_H
#define MODEL_TARGET_H

#include "text/yml.h"

#define TARGET_MAX_CONNECTIONS 64
#define TARGET_MAX_GENERATIONS 20
#define TARGET_MAX_PATTERNS 64

struct target_header {
	struct str name;
	struct str value; /* empty: no such header */
};

/* What files of a pattern (base/glob.h) are served with. */
struct target_headers {
	struct str pattern;
	struct target_header *items;
	size_t len;
};

struct target {
	struct str name, url;
	struct str public_address; /* ends with '/', or is empty */
	struct span at;
	bool is_default;
	bool netrc;
	bool whole_switch;
	/* -1: not said */
	int64_t delete_cap, connections, generations, grace_seconds, stall_seconds;
	struct target_headers *headers; /* later ones win */
	size_t header_count;
	struct str region, endpoint;
	struct str ca_file, known_hosts, identity; /* as written; may be relative, may begin with "~/" */
};

/* An item of `targets`. Whatever is wrong is reported and left out. */
void target_read(struct target *t, struct arena *a, struct yml *y, struct diag *d);

/* "FAKTABLAD_MY_SITE_PASSWORD": a variable of the environment for the target `my-site` alone. */
struct str target_variable(struct arena *a, struct str target, struct str suffix);

#endif
