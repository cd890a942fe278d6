#include "action/publish_settings.h"

#include "action/publish_url.h"
#include "model/target.h"

struct filler {
	struct publish_settings *out;
	struct arena *a;
	const struct target *t;
	publish_environ *env;
	const char *root, *home;
};

/* A variable that is set and not empty. */
static const char *variable(const struct filler *f, const char *name)
{
	const char *value = f->env(name);

	return value && *value ? value : NULL;
}

/* FAKTABLAD_<TARGET>_<suffix>. */
static const char *own(const struct filler *f, const char *suffix)
{
	if (!f->t)
		return NULL;
	return variable(f, target_variable(f->a, f->t->name, str_from(suffix)).p);
}

static const char *own_or(const struct filler *f, const char *suffix, const char *general)
{
	const char *value = own(f, suffix);

	return value ? value : variable(f, general);
}

/* Relative to the project, "~/" to the user's folder. */
static const char *file_path(const struct filler *f, struct str path)
{
	if (!path.n)
		return NULL;
	if (str_starts(path, STR("~/")) && f->home)
		return STR_CONCAT(f->a, str_from(f->home), str_slice(path, 1, path.n)).p;
	if (path.p[0] == '/')
		return str_z(f->a, path);
	return STR_CONCAT(f->a, str_from(f->root), STR("/"), path).p;
}

/* The three belong together: they come from one place. */
static void fill_keys(const struct filler *f)
{
	struct publish_settings *s = f->out;

	s->access_key = own(f, "ACCESS_KEY_ID");
	if (s->access_key) {
		s->secret_key = own(f, "SECRET_ACCESS_KEY");
		s->session_token = own(f, "SESSION_TOKEN");
		return;
	}
	s->access_key = variable(f, "AWS_ACCESS_KEY_ID");
	s->secret_key = variable(f, "AWS_SECRET_ACCESS_KEY");
	s->session_token = variable(f, "AWS_SESSION_TOKEN");
}

static const char *address_user_of(const struct filler *f)
{
	struct publish_address address;
	const char *user = NULL;
	struct buf why;

	buf_init(&why, 4096);
	if (publish_url_parse(f->a, f->out->url, &address, &why) && address.user.n)
		user = str_z(f->a, address.user);
	buf_release(&why);
	return user;
}

static void fill_user(const struct filler *f)
{
	struct publish_settings *s = f->out;

	s->user = own(f, "USER");
	if (!s->user)
		s->user = address_user_of(f);
	if (!s->user)
		s->user = variable(f, "FAKTABLAD_USER");
}

static void fill_secrets(const struct filler *f)
{
	struct publish_settings *s = f->out;

	fill_user(f);
	s->password = own_or(f, "PASSWORD", "FAKTABLAD_PASSWORD");
	s->key_passphrase = own_or(f, "KEY_PASSPHRASE", "FAKTABLAD_KEY_PASSPHRASE");
	fill_keys(f);
}

static unsigned number(int64_t n)
{
	return n > 0 ? (unsigned)n : 0;
}

static void fill_target(const struct filler *f)
{
	struct publish_settings *s = f->out;
	const struct target *t = f->t;

	s->region = t->region;
	s->endpoint = t->endpoint;
	s->ca_file = file_path(f, t->ca_file);
	s->known_hosts = file_path(f, t->known_hosts);
	s->identity = file_path(f, t->identity);
	s->netrc = t->netrc;
	s->connections = number(t->connections);
	s->stall_seconds = number(t->stall_seconds);
}

static void fill_region(const struct filler *f)
{
	const char *region = variable(f, "AWS_REGION");

	if (!region)
		region = variable(f, "AWS_DEFAULT_REGION");
	if (!f->out->region.n)
		f->out->region = str_from(region);
}

void publish_settings_fill(struct publish_settings *out, struct arena *a, const struct target *t,
	struct str url, const char *root, publish_environ *env)
{
	struct filler f = {out, a, t, env, root, NULL};

	*out = (struct publish_settings){.url = publish_url_resolve(a, root, t ? t->url : url)};
	f.home = variable(&f, "HOME");
	if (t)
		fill_target(&f);
	fill_region(&f);
	fill_secrets(&f);
}
