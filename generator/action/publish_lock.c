#include "action/publish_lock.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* ---- the text ---- */

void publish_lock_write(struct buf *out, const struct publish_lock_text *t)
{
	buf_addf(out, "faktablad-lock 1\ntoken %.*s\nowner %.*s\n", STR_ARG(t->token), STR_ARG(t->owner));
	buf_addf(out, "process %.*s %lld %lld\n", STR_ARG(t->machine.n ? t->machine : STR("-")),
		(long long)t->pid, (long long)t->start);
	buf_addf(out, "taken %lld\nexpires %lld\n", (long long)t->taken, (long long)t->expires);
}

static bool take_line(struct str *text, struct str name, struct str *out)
{
	struct str line;

	if (!str_cut(text, '\n', &line) || !str_starts(line, name))
		return false;
	*out = str_slice(line, name.n, line.n);
	return true;
}

static bool take_number(struct str *text, struct str name, int64_t *out)
{
	struct str line;

	return take_line(text, name, &line) && str_to_int(line, out);
}

static bool read_process(struct publish_lock_text *out, struct str line)
{
	struct str machine, pid;

	if (!str_cut(&line, ' ', &machine) || !str_cut(&line, ' ', &pid))
		return false;
	out->machine = str_is(machine, "-") ? STR("") : machine;
	return str_to_int(pid, &out->pid) && str_to_int(line, &out->start);
}

bool publish_lock_read(struct publish_lock_text *out, struct str text)
{
	struct publish_lock_text t = {0};
	struct str line;

	if (!take_line(&text, STR("faktablad-lock 1"), &line) || line.n ||
		!take_line(&text, STR("token "), &t.token) || !take_line(&text, STR("owner "), &t.owner) ||
		!take_line(&text, STR("process "), &line) || !read_process(&t, line) ||
		!take_number(&text, STR("taken "), &t.taken) ||
		!take_number(&text, STR("expires "), &t.expires) || text.n)
		return false;
	*out = t;
	return true;
}

/* ---- who we are ---- */

static void add_file(struct buf *out, const char *path)
{
	struct arena a;
	struct str text;

	arena_init(&a, (size_t)1 << 20);
	if (fs_read(fs_real(), path, &a, 4096, &text) == 0)
		buf_add(out, text);
	arena_release(&a);
}

/* This boot and this set of process numbers, hashed so that the target does not learn more than "the same".
 */
static void name_machine(char out[17])
{
	char hex[DIGEST_HEX + 1], space[64];
	ssize_t n = readlink("/proc/self/ns/pid", space, sizeof(space));
	struct digest digest;
	struct buf b;

	out[0] = 0;
	buf_init(&b, 8192);
	add_file(&b, "/proc/sys/kernel/random/boot_id");
	if (b.n && n > 0) {
		buf_add(&b, str_make(space, (size_t)n));
		digest = digest_of(buf_str(&b));
		digest_hex(&digest, hex);
		memcpy(out, hex, 16);
		out[16] = 0;
	}
	buf_release(&b);
}

/* When a process started, in the kernel's ticks; 0 when there is none (a zombie is none), -1: not known. */
static int64_t start_of(int64_t pid)
{
	char path[64];
	struct buf b;
	struct str rest, field = STR("");
	int64_t start = -1;

	if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
		return 0;
	buf_init(&b, 8192);
	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
	add_file(&b, path);
	/* “pid (name) state …”: the name may hold anything, so its end is looked for from behind. */
	rest = buf_str(&b);
	for (size_t i = rest.n; i-- > 0;)
		if (rest.p[i] == ')') {
			rest = str_slice(rest, i + 2, rest.n);
			break;
		}
	for (int i = 3; i <= 22 && str_cut(&rest, ' ', &field); i++)
		if (i == 3 && (str_is(field, "Z") || str_is(field, "X")))
			start = 0;
	if (start != 0 && !str_to_int(field, &start))
		start = -1;
	buf_release(&b);
	return start;
}

/* Printable ASCII without spaces, so that no name can break the text or a terminal. */
static void add_plain(struct buf *out, const char *name)
{
	for (; *name; name++)
		buf_addc(out, *name > ' ' && *name < 0x7f ? *name : '?');
}

static void name_owner(char *out, size_t max)
{
	struct passwd entry, *found = NULL;
	char space[4096], host[128] = "";
	struct buf b;

	buf_init(&b, max - 1);
	if (getpwuid_r(geteuid(), &entry, space, sizeof(space), &found) != 0 || !found)
		buf_addf(&b, "uid-%ld", (long)geteuid());
	else
		add_plain(&b, found->pw_name);
	if (gethostname(host, sizeof(host) - 1) == 0 && host[0]) {
		buf_addc(&b, '@');
		add_plain(&b, host);
	}
	snprintf(out, max, "%.*s", STR_ARG(buf_str(&b)));
	buf_release(&b);
}

static void make_token(char out[PUBLISH_TOKEN_MAX + 1])
{
	uint8_t bytes[PUBLISH_TOKEN_MAX / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		die("the system gives no random numbers: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* ---- the lock ---- */

static struct publish_backend *backend(const struct publish_lock *l)
{
	return publish_pool_backend(l->pool);
}

static enum publish_answer call_read(struct publish_link *link, void *ctx)
{
	buf_clear(ctx);
	return link->b->ops->lock_read(link, ctx);
}

static enum publish_answer read_lock(struct publish_lock *l, struct buf *out)
{
	return publish_pool_call(l->pool, call_read, out);
}

struct swap {
	struct str old, new;
};

static enum publish_answer call_swap(struct publish_link *link, void *ctx)
{
	const struct swap *swap = ctx;

	return link->b->ops->lock_swap(link, swap->old, swap->new);
}

/*
 * A swap that was answered by silence may have been done. Tried again it says TAKEN, and then what stands
 * there tells: our own text is ours.
 */
static enum publish_answer swap_lock(struct publish_lock *l, struct str old, struct str new)
{
	struct swap swap = {old, new};
	enum publish_answer answer = publish_pool_call(l->pool, call_swap, &swap);
	struct buf now;

	if (answer != ANSWER_TAKEN || !new.n)
		return answer;
	buf_init(&now, PUBLISH_LOCK_MAX_BYTES);
	if (read_lock(l, &now) == ANSWER_OK && str_eq(buf_str(&now), new))
		answer = ANSWER_OK;
	buf_release(&now);
	return answer;
}

void publish_lock_init(
	struct publish_lock *l, struct publish_pool *pool, publish_clock *clock, unsigned seconds)
{
	*l = (struct publish_lock){
		.pool = pool, .clock = clock, .seconds = seconds ? seconds : PUBLISH_LOCK_SECONDS};
	buf_init(&l->text, PUBLISH_LOCK_MAX_BYTES);
	make_token(publish_pool_backend(pool)->token);
	name_owner(l->owner, sizeof(l->owner));
	name_machine(l->machine);
	l->mine = (struct publish_lock_text){
		.token = str_from(publish_pool_backend(pool)->token),
		.owner = str_from(l->owner),
		.machine = str_from(l->machine),
		.pid = getpid(),
		.start = start_of(getpid()),
	};
}

static bool has_ended(const struct publish_lock_text *t, struct str machine)
{
	int64_t start;

	if (!t->machine.n || !str_eq(t->machine, machine) || t->pid <= 0)
		return false;
	start = start_of(t->pid);
	return start >= 0 && start != t->start;
}

bool publish_lock_is_dead(struct str text)
{
	struct publish_lock_text t;
	char machine[17];

	if (!publish_lock_read(&t, text))
		return false;
	name_machine(machine);
	return has_ended(&t, str_from(machine));
}

static bool is_stale(const struct publish_lock *l, const struct publish_lock_text *other)
{
	return other->expires <= l->clock() || has_ended(other, l->mine.machine);
}

static void say_taken(struct publish_lock *l, const struct publish_lock_text *other)
{
	int64_t left = other->expires - l->clock();

	buf_clear(backend(l)->why);
	buf_addf(backend(l)->why, "%.*s (process %lld) is publishing to %s: wait until it is done",
		STR_ARG(other->owner), (long long)other->pid, backend(l)->name);
	buf_addf(backend(l)->why, "; if it is dead, its lock ends in %lld min, or now with --break-lock",
		(long long)(left + 59) / 60);
}

static enum publish_answer judge(struct publish_lock *l, struct str text, bool force)
{
	struct publish_lock_text other;

	/* Locks come whole; an empty one is what a power cut leaves. */
	if (force || text.n == 0)
		return ANSWER_OK;
	if (!publish_lock_read(&other, text)) {
		buf_addf(backend(l)->why,
			"the lock on %s cannot be read: break it with --break-lock when nobody publishes",
			backend(l)->name);
		return ANSWER_TAKEN;
	}
	if (is_stale(l, &other))
		return ANSWER_OK;
	say_taken(l, &other);
	return ANSWER_TAKEN;
}

bool publish_lock_left(struct publish_lock *l, bool force)
{
	struct buf text;
	bool left;

	buf_init(&text, PUBLISH_LOCK_MAX_BYTES);
	left = read_lock(l, &text) == ANSWER_OK && judge(l, buf_str(&text), force) == ANSWER_OK;
	buf_release(&text);
	return left;
}

bool publish_lock_held(struct publish_lock *l)
{
	struct buf text;
	struct publish_lock_text other;
	bool held;

	buf_init(&text, PUBLISH_LOCK_MAX_BYTES);
	held = read_lock(l, &text) == ANSWER_OK && publish_lock_read(&other, buf_str(&text)) &&
	       !is_stale(l, &other);
	if (held)
		say_taken(l, &other);
	buf_release(&text);
	return held;
}

static void write_mine(struct publish_lock *l, struct buf *out)
{
	l->renewed = l->clock();
	if (!l->mine.taken)
		l->mine.taken = l->renewed;
	/* Each text differs from the one before: a swap for itself would tell nothing. */
	if (l->mine.expires < l->renewed + l->seconds)
		l->mine.expires = l->renewed + l->seconds;
	else
		l->mine.expires++;
	publish_lock_write(out, &l->mine);
}

enum publish_answer publish_lock_take(struct publish_lock *l, bool force)
{
	enum publish_answer answer;
	struct buf old;

	buf_init(&old, PUBLISH_LOCK_MAX_BYTES);
	buf_clear(&l->text);
	write_mine(l, &l->text);
	answer = read_lock(l, &old);
	if (answer == ANSWER_OK)
		answer = judge(l, buf_str(&old), force);
	if (answer == ANSWER_OK || answer == ANSWER_ABSENT)
		answer = swap_lock(l, buf_str(&old), buf_str(&l->text));
	l->held = answer == ANSWER_OK;
	if (answer == ANSWER_TAKEN && buf_str(backend(l)->why).n == 0)
		buf_addf(backend(l)->why,
			"somebody else has just begun publishing to %s: wait until it is done",
			backend(l)->name);
	buf_release(&old);
	return answer;
}

/*
 * From the text that we know to `new`. An earlier change that failed for want of an answer may have been done: a
 * text with our token is ours, whatever else is in it.
 */
static enum publish_answer swap_mine(struct publish_lock *l, struct str new)
{
	enum publish_answer answer = swap_lock(l, buf_str(&l->text), new);
	struct publish_lock_text found;
	struct buf now;

	if (answer != ANSWER_TAKEN)
		return answer;
	buf_init(&now, PUBLISH_LOCK_MAX_BYTES);
	if (read_lock(l, &now) == ANSWER_OK && publish_lock_read(&found, buf_str(&now)) &&
		str_eq(found.token, l->mine.token))
		answer = swap_lock(l, buf_str(&now), new);
	buf_release(&now);
	return answer;
}

static enum publish_answer renew(struct publish_lock *l)
{
	enum publish_answer answer;
	struct buf next;

	buf_init(&next, PUBLISH_LOCK_MAX_BYTES);
	write_mine(l, &next);
	answer = swap_mine(l, buf_str(&next));
	if (answer == ANSWER_OK) {
		buf_clear(&l->text);
		buf_add(&l->text, buf_str(&next));
	}
	buf_release(&next);
	return answer;
}

enum publish_answer publish_lock_keep(struct publish_lock *l, bool now)
{
	enum publish_answer answer;

	if (l->lost)
		return ANSWER_TAKEN;
	if (!now && l->clock() - l->renewed < (int64_t)l->seconds / 3)
		return ANSWER_OK;
	answer = renew(l);
	if (answer == ANSWER_TAKEN) {
		l->lost = true;
		l->held = false;
		buf_clear(backend(l)->why);
		buf_addf(backend(l)->why, "another publish took over %s", backend(l)->name);
	}
	return answer;
}

/* What went wrong before is what is told. */
void publish_lock_release(struct publish_lock *l)
{
	struct buf *why = backend(l)->why, before;

	buf_init(&before, why->max);
	buf_add(&before, buf_str(why));
	if (l->held)
		(void)swap_mine(l, STR(""));
	l->held = false;
	buf_clear(why);
	buf_add(why, buf_str(&before));
	buf_release(&before);
	buf_release(&l->text);
}
