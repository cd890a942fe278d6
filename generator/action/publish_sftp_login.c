/* Who we are to an SFTP server, and whether it is the right one: the same for libcurl and for ssh. */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>
#include <errno.h>
#include <pwd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MOST_SECONDS (20L * 24 * 3600) /* of a transfer; stalls end it much sooner */
#define KIND_LINES 3		       /* of a key file */
#define SSH_TRIES 3
#define KEY_MAX_BYTES ((size_t)64 << 10)

/* ---- files of the user's ---- */

static const char *home_file(struct arena *a, const char *name)
{
	const char *home = getenv("HOME");
	struct passwd *entry = home && *home ? NULL : getpwuid(getuid());

	if (entry)
		home = entry->pw_dir;
	return str_fmt(a, "%s/.ssh/%s", home ? home : "", name).p;
}

static const char *find_identity(struct publish_sftp *s)
{
	static const char *const names[] = {"id_ed25519", "id_ecdsa"};

	if (s->base.settings->identity)
		return s->base.settings->identity;
	if (s->base.settings->password)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *path = home_file(s->base.arena, names[i]);

		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

static bool read_known(struct publish_sftp *s)
{
	struct arena a;
	struct str text;
	int error;

	s->known = (struct host_known){.host = s->address.host, .port = s->port};
	s->known.file = s->base.settings->known_hosts;
	if (!s->known.file)
		s->known.file = home_file(s->base.arena, "known_hosts");
	arena_init(&a, HOST_KNOWN_MAX_BYTES * 2);
	error = fs_read(s->base.fs, s->known.file, &a, HOST_KNOWN_MAX_BYTES, &text);
	if (!error)
		host_known_read(&s->known, s->base.arena, text);
	arena_release(&a);
	/* One that is not there knows nobody; the sentence about the host tells where to write. */
	if (!error || error == ENOENT || error == ENOTDIR)
		return true;
	buf_addf(s->base.why, "cannot read the known hosts in %s: %s", s->known.file, strerror(error));
	return false;
}

/*
 * libcurl asks for the kind of key that the first fitting line of a file names, knows no hashed names, and otherwise
 * asks for ECDSA first. So it gets a file, in memory, with one line: of a kind that we know.
 */
static void make_kind_file(struct publish_sftp *s)
{
	struct str kind = host_known_kind(&s->known), key = STR("");
	struct buf line;

	for (size_t i = 0; i < s->known.len; i++)
		if (str_eq(s->known.keys[i].type, kind) && !s->known.keys[i].revoked)
			key = s->known.keys[i].key;
	if (!kind.n)
		return;
	s->kind_fd = memfd_create("known_hosts", MFD_CLOEXEC);
	buf_init(&line, KEY_MAX_BYTES);
	buf_addf(&line, "%.*s %.*s %.*s\n", STR_ARG(s->address.host), STR_ARG(kind), STR_ARG(key));
	if (s->kind_fd >= 0 && write(s->kind_fd, line.p, line.n) == (ssize_t)line.n)
		s->kind_file = str_fmt(s->base.arena, "/proc/self/fd/%d", s->kind_fd).p;
	buf_release(&line);
}

static bool check_identity(struct publish_sftp *s)
{
	const char *path = s->base.settings->identity;

	if (!path || access(path, R_OK) == 0)
		return true;
	buf_addf(s->base.why, "cannot read the key file %s: %s", path, strerror(errno));
	return false;
}

static void weaken(struct publish_sftp *s, const char *reason)
{
	snprintf(s->weaker, sizeof(s->weaker),
		"a visitor reads every page whole, but may miss one in the instant in which it is replaced, since %s",
		reason);
	s->base.guarantee = s->weaker;
}

/* libcurl reads a .netrc by itself, and does not hand on what it finds there. */
static void weigh_netrc(struct publish_sftp *s)
{
	const struct publish_settings *settings = s->base.settings;

	if (!settings->netrc || settings->identity || settings->password)
		return;
	weaken(s, "ssh cannot have a password from a .netrc file");
	s->ssh_failed = true;
	s->user_of_netrc = !settings->user && !s->address.user.n;
}

bool sftp_login_open(struct publish_sftp *s)
{
	s->kind_fd = -1;
	s->identity = find_identity(s);
	if (!check_identity(s) || !read_known(s))
		return false;
	make_kind_file(s);
	weigh_netrc(s);
	return true;
}

void sftp_login_close(struct publish_sftp *s)
{
	if (s->kind_fd >= 0)
		close(s->kind_fd);
	ssh_free(s->ssh);
}

/* ---- libcurl ---- */

static int judge_host(void *ctx, int kind, const char *key, size_t n)
{
	struct publish_sftp_link *l = ctx;

	(void)kind;
	buf_clear(&l->refused);
	return host_known_judge(&l->target->known, str_make(key, n), &l->refused) == HOST_KNOWN
		       ? CURLKHMATCH_OK
		       : CURLKHMATCH_MISMATCH;
}

static long ways(const struct publish_sftp *s)
{
	long out = 0;

	if (s->identity)
		out |= CURLSSH_AUTH_PUBLICKEY;
	if (s->base.settings->password || s->base.settings->netrc)
		out |= CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD;
	if (!s->base.settings->identity && !s->base.settings->password)
		out |= CURLSSH_AUTH_AGENT;
	return out;
}

void sftp_login_set(struct publish_sftp_link *l)
{
	const struct publish_sftp *s = l->target;
	CURL *easy = publish_curl_easy(l->curl);

	/* With no limit at all, libcurl waits for each close and rename in a loop that never sleeps. */
	publish_curl_number(l->curl, CURLOPT_TIMEOUT, MOST_SECONDS);
	if (!s->user_of_netrc)
		publish_curl_text(l->curl, CURLOPT_USERNAME, s->user);
	publish_curl_number(l->curl, CURLOPT_SSH_AUTH_TYPES, ways(s));
	if (s->identity)
		publish_curl_text(l->curl, CURLOPT_SSH_PRIVATE_KEYFILE, s->identity);
	if (s->base.settings->key_passphrase)
		publish_curl_text(l->curl, CURLOPT_KEYPASSWD, s->base.settings->key_passphrase);
	if (s->kind_file && !l->any_kind)
		publish_curl_text(l->curl, CURLOPT_SSH_KNOWNHOSTS, s->kind_file);
	curl_easy_setopt(easy, CURLOPT_SSH_HOSTKEYFUNCTION, judge_host);
	/* libcurl does not say whether it took the function: without it, nobody would look at the key. */
	if (curl_easy_setopt(easy, CURLOPT_SSH_HOSTKEYDATA, l) != CURLE_OK)
		die("libcurl cannot check host keys");
}

/* ---- what may be wrong with a login ---- */

/* OpenSSH's own format begins with the public key, whose kind stands in its first lines. */
static bool names_rsa(struct str text)
{
	struct buf joined, raw;
	struct str line;
	bool rsa;

	buf_init(&joined, KEY_MAX_BYTES);
	buf_init(&raw, KEY_MAX_BYTES);
	for (int i = 0; i < KIND_LINES && str_cut(&text, '\n', &line); i++)
		buf_add(&joined, str_trim(line));
	rsa = base64_decode(&raw, buf_str(&joined)) && str_find(buf_str(&raw), STR("ssh-rsa")) < raw.n;
	buf_release(&joined);
	buf_release(&raw);
	return rsa;
}

static bool looks_like_rsa(const struct publish_sftp *s)
{
	struct arena a;
	struct str text, line;
	bool rsa = false;

	arena_init(&a, KEY_MAX_BYTES * 4);
	if (fs_read(s->base.fs, s->identity, &a, KEY_MAX_BYTES, &text) == 0 && str_cut(&text, '\n', &line))
		rsa = str_find(line, STR("BEGIN RSA PRIVATE KEY")) < line.n || names_rsa(text);
	arena_release(&a);
	return rsa;
}

void sftp_login_say(const struct publish_sftp *s, struct buf *why)
{
	const struct publish_settings *settings = s->base.settings;

	buf_addf(why, "%s does not let the user %s in", s->base.name, s->user);
	if (s->identity && looks_like_rsa(s))
		buf_addf(why,
			": %s is an RSA key, which today's servers take only in a way that the SSH library of this system "
			"lacks; make another with “ssh-keygen -t ed25519” and put its public half into the user's "
			"authorized_keys",
			s->identity);
	else if (s->identity && settings->password)
		buf_addf(why, " with the key %s, nor with the password", s->identity);
	else if (s->identity)
		buf_addf(why, " with the key %s%s: is %s.pub in the user's authorized_keys%s?", s->identity,
			settings->identity ? "" : " or one of the agent's", s->identity,
			settings->key_passphrase
				? ", and is FAKTABLAD_KEY_PASSPHRASE right"
				: " (a key with a passphrase wants FAKTABLAD_KEY_PASSPHRASE)");
	else if (settings->password)
		buf_addz(why,
			" with this password: is FAKTABLAD_PASSWORD right, and does the server take passwords?");
	else if (getenv("SSH_AUTH_SOCK"))
		buf_addz(why,
			" with a key of the agent's: name a key file (identity), or load the key with ssh-add");
	else
		buf_addz(why,
			": there is no key: name a key file (identity), start an agent, or set FAKTABLAD_PASSWORD");
}

/* ---- ssh ---- */

/* The mutex is held. */
static void start_ssh(struct publish_sftp *s)
{
	const struct publish_settings *settings = s->base.settings;
	struct ssh_options o = {
		.host = s->address.host,
		.port = s->port,
		.user = s->user,
		.known_hosts = s->known.file,
		.identity = s->identity,
		.passphrase = settings->key_passphrase,
		.password = settings->password,
		.stall_seconds = settings->stall_seconds ? settings->stall_seconds : PUBLISH_STALL_SECONDS,
	};

	if (!s->ssh && !s->ssh_failed)
		s->ssh = ssh_start(&o);
}

void sftp_ssh_begin(struct publish_sftp *s)
{
	pthread_mutex_lock(&s->mutex);
	start_ssh(s);
	pthread_mutex_unlock(&s->mutex);
}

static void drop_ssh(struct publish_sftp *s)
{
	ssh_free(s->ssh);
	s->ssh = NULL;
}

/* The mutex is held: the shared ssh, once it is ready, or NULL. What a bad network broke is begun again. */
static struct ssh *ready_ssh(struct publish_sftp *s)
{
	struct timespec pause = {.tv_nsec = 200000000};

	for (;;) {
		start_ssh(s);
		if (!s->ssh || ssh_ready(s->ssh))
			return s->ssh;
		if (ssh_is_missing(s->ssh) || ++s->ssh_failures == SSH_TRIES) {
			weaken(s, ssh_why(s->ssh));
			s->ssh_failed = true;
		}
		drop_ssh(s);
		if (!s->ssh_failed)
			nanosleep(&pause, NULL);
	}
}

bool sftp_ssh_can(struct publish_sftp *s, enum ssh_op op)
{
	struct ssh *ssh;
	bool can;

	pthread_mutex_lock(&s->mutex);
	ssh = ready_ssh(s);
	can = ssh && ssh_can(ssh, op);
	if (ssh && !can && op == SSH_RENAME)
		weaken(s, "the server cannot replace a file in one instant");
	pthread_mutex_unlock(&s->mutex);
	return can;
}

bool sftp_ssh_run(struct publish_sftp *s, struct ssh_request *r, size_t n, bool *lost)
{
	struct ssh *ssh;
	bool done;

	*lost = false;
	pthread_mutex_lock(&s->mutex);
	ssh = ready_ssh(s);
	done = ssh && ssh_run(ssh, r, n);
	if (ssh && !done) {
		*lost = true;
		drop_ssh(s); /* the next who needs it starts another */
	}
	pthread_mutex_unlock(&s->mutex);
	return done;
}
