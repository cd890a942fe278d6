/*
 * publish_settings: a target as faktablad.yaml, the command line and the environment describe it.
 *
 * Secrets come from the environment, a netrc file, a key file or an agent, live only here and inside libcurl,
 * and are never written into a sentence, a file or an argument of another program. Strings may be empty or
 * NULL: not said.
 *
 *	FAKTABLAD_PASSWORD		sftp, ftp, dav (with FAKTABLAD_USER, or the user in the address)
 *	FAKTABLAD_KEY_PASSPHRASE	sftp: of the key file
 *	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN	s3
 */
#ifndef ACTION_PUBLISH_SETTINGS_H
#define ACTION_PUBLISH_SETTINGS_H

#include "base/arena.h"
#include "base/str.h"

/* What a file is served with. Borrowed from the configuration's arena. */
struct publish_header {
	struct str name; /* as HTTP spells it: Cache-Control */
	struct str value;
};

struct publish_headers_of {
	struct publish_header *items; /* sorted by name */
	size_t len;
	uint64_t hash; /* of all; never 0 nor PUBLISH_HEADERS_UNKNOWN */
};

struct publish_settings {
	struct str url;		     /* whole: publish_url_resolve() */
	struct str region, endpoint; /* s3 */
	const char *ca_file;	     /* certificates to trust instead of the system's */
	const char *known_hosts;     /* instead of ~/.ssh/known_hosts */
	const char *identity; /* a private key file; NULL: the agent, then ~/.ssh/id_ed25519, id_ecdsa */
	bool netrc;	      /* look into ~/.netrc for a user and a password */
	unsigned connections; /* 0: the protocol's own number */
	unsigned
		stall_seconds; /* a transfer that moves nothing for so long has failed; 0: PUBLISH_STALL_SECONDS */

	unsigned pause_ms; /* before something is tried again; doubles; 0: PUBLISH_PAUSE_MS */

	const char *user, *password, *key_passphrase;
	const char *access_key, *secret_key, *session_token;
};

struct target;

/* getenv(), or a test's own. */
typedef char *publish_environ(const char *name);

/*
 * From a target of faktablad.yaml (NULL: `url` is all there is) and the environment. Each variable that begins with
 * FAKTABLAD_ may be given for one target alone: FAKTABLAD_<TARGET>_PASSWORD; so may the keys of S3, without AWS_. The
 * user of the address is asked for before FAKTABLAD_USER. File names are relative to `root`, "~/" is $HOME.
 */
void publish_settings_fill(struct publish_settings *out, struct arena *a, const struct target *t,
	struct str url, const char *root, publish_environ *env);

#define PUBLISH_STALL_SECONDS 30
#define PUBLISH_PAUSE_MS 250

#endif
