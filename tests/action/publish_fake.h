/*
 * publish_fake: a server in memory, with folders, files, and a rename that fails when its source is gone.
 *
 * Each publisher has a token and may die: after so many calls nothing of what it asks for is done. Publishers in threads of
 * their own take turns call by call, in an order that a seed decides; one that sleeps loses its turn.
 */
#ifndef TESTS_ACTION_PUBLISH_FAKE_H
#define TESTS_ACTION_PUBLISH_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "action/publish_guard.h"

#include <pthread.h>
#include <time.h>

#define FAKE_FILES 64
#define FAKE_PUBLISHERS 4

struct fake_file {
	char path[256]; /* empty: a free place */
	bool folder;
	char text[256];
};

static struct {
	struct fake_file files[FAKE_FILES];
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	int running; /* publishers in threads */
	int turn;
	uint32_t seed;
} fake;

struct fake_publisher {
	struct publish_link link;
	struct publish_backend backend;
	struct arena arena;
	struct buf why;
	int number;
	int calls;
	int dies;    /* after so many calls; 0: never */
	int forgets; /* the answer of this call is lost; 0: none */
	/* What a thread does. */
	struct str old, new;
	enum publish_answer answer;
};

static uint32_t fake_random(void)
{
	fake.seed = fake.seed * 1664525u + 1013904223u;
	return fake.seed >> 16;
}

/* With the mutex held afterwards. False: dead. */
static bool fake_enter(struct publish_link *l)
{
	struct fake_publisher *p = (struct fake_publisher *)l;

	pthread_mutex_lock(&fake.mutex);
	while (fake.running > 1 && fake.turn != p->number) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 500000;
		if (until.tv_nsec >= 1000000000)
			until.tv_sec++, until.tv_nsec -= 1000000000;
		if (pthread_cond_timedwait(&fake.moved, &fake.mutex, &until) != 0)
			fake.turn = p->number;
	}
	p->calls++;
	return !p->dies || p->calls < p->dies;
}

static enum publish_answer fake_leave(struct publish_link *l, enum publish_answer answer)
{
	struct fake_publisher *p = (struct fake_publisher *)l;

	fake.turn = fake.running ? 1 + (int)(fake_random() % (uint32_t)fake.running) : 0;
	pthread_cond_broadcast(&fake.moved);
	pthread_mutex_unlock(&fake.mutex);
	return p->forgets && p->calls == p->forgets ? ANSWER_AGAIN : answer;
}

static struct fake_file *fake_find(const char *path)
{
	for (size_t i = 0; i < FAKE_FILES; i++)
		if (fake.files[i].path[0] && strcmp(fake.files[i].path, path) == 0)
			return &fake.files[i];
	return NULL;
}

static bool fake_has_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[256];
	struct fake_file *found;

	if (!slash)
		return true;
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	found = fake_find(parent);
	return found && found->folder;
}

static struct fake_file *fake_add(const char *path, bool folder, struct str text)
{
	for (size_t i = 0; i < FAKE_FILES; i++) {
		struct fake_file *f = &fake.files[i];

		if (f->path[0])
			continue;
		snprintf(f->path, sizeof(f->path), "%s", path);
		snprintf(f->text, sizeof(f->text), "%.*s", STR_ARG(text));
		f->folder = folder;
		return f;
	}
	die("the fake server is full");
}

static bool fake_below(const struct fake_file *f, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(f->path, folder, n) == 0 && f->path[n] == '/';
}

static const char *fake_z(struct str path)
{
	static _Thread_local char out[2][256];
	static _Thread_local int which;

	which = !which;
	snprintf(out[which], sizeof(out[which]), "%.*s", STR_ARG(path));
	return out[which];
}

static enum publish_answer fake_read(struct publish_link *l, const char *path, size_t max, struct buf *out)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l)) {
		struct fake_file *f = fake_find(path);

		answer = f && !f->folder ? ANSWER_OK : ANSWER_ABSENT;
		if (answer == ANSWER_OK)
			buf_add(out, str_slice(str_from(f->text), 0, max));
	}
	return fake_leave(l, answer);
}

static enum publish_answer fake_write(struct publish_link *l, const char *path, struct str text)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l) && fake_has_parent(path)) {
		struct fake_file *f = fake_find(path);

		if (!f)
			f = fake_add(path, false, text);
		snprintf(f->text, sizeof(f->text), "%.*s", STR_ARG(text));
		answer = ANSWER_OK;
	}
	return fake_leave(l, answer);
}

static enum publish_answer fake_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l)) {
		struct fake_file *found = fake_find(fake_z(folder));

		answer = found && found->folder ? ANSWER_OK : ANSWER_ABSENT;
		for (size_t i = 0; answer == ANSWER_OK && i < FAKE_FILES; i++) {
			struct fake_file *f = &fake.files[i];
			const char *name = f->path + folder.n + 1;

			if (f->path[0] && fake_below(f, fake_z(folder)) && !strchr(name, '/'))
				publish_listing_add(out, a,
					&(struct publish_listed){.name = str_dup(a, str_from(name)),
						.kind = f->folder ? PUBLISH_DIR : PUBLISH_FILE});
		}
	}
	return fake_leave(l, answer);
}

static void fake_move_below(const char *from, const char *to)
{
	for (size_t i = 0; i < FAKE_FILES; i++) {
		struct fake_file *f = &fake.files[i];
		char moved[256];

		if (!f->path[0] || !fake_below(f, from))
			continue;
		snprintf(moved, sizeof(moved), "%.100s%.150s", to, f->path + strlen(from));
		memcpy(f->path, moved, sizeof(moved));
	}
}

static enum publish_answer fake_rename(struct publish_link *l, struct str from, struct str to)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l)) {
		struct fake_file *f = fake_find(fake_z(from)), *there = fake_find(fake_z(to));

		answer = f ? ANSWER_OK : ANSWER_ABSENT;
		if (f && there) {
			answer = ANSWER_FAILED;
		} else if (f) {
			fake_move_below(fake_z(from), fake_z(to));
			snprintf(f->path, sizeof(f->path), "%.*s", STR_ARG(to));
		}
	}
	return fake_leave(l, answer);
}

static enum publish_answer fake_remove(struct publish_link *l, struct publish_job *job)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l)) {
		struct fake_file *f = fake_find(fake_z(job->path));

		if (f && !f->folder)
			f->path[0] = 0;
		answer = ANSWER_OK;
	}
	return fake_leave(l, answer);
}

static enum publish_answer fake_make_folder(struct publish_link *l, struct str path)
{
	enum publish_answer answer = ANSWER_FAILED;

	if (fake_enter(l) && fake_has_parent(fake_z(path))) {
		if (!fake_find(fake_z(path)))
			fake_add(fake_z(path), true, STR(""));
		answer = ANSWER_OK;
	}
	return fake_leave(l, answer);
}

static void fake_drop_folder(struct publish_link *l, struct str path)
{
	if (fake_enter(l)) {
		struct fake_file *found = fake_find(fake_z(path));
		bool empty = true;

		for (size_t i = 0; i < FAKE_FILES; i++)
			if (fake.files[i].path[0] && fake_below(&fake.files[i], fake_z(path)))
				empty = false;
		if (found && found->folder && empty)
			found->path[0] = 0;
	}
	(void)fake_leave(l, ANSWER_OK);
}

static const struct publish_backend_ops fake_ops = {
	.read = fake_read,
	.write = fake_write,
	.list = fake_list,
	.rename = fake_rename,
	.lock_read = publish_guard_lock_read,
	.lock_swap = publish_guard_lock_swap,
	.begin = publish_guard_begin,
	.end = publish_guard_end,
	.make_folder = fake_make_folder,
	.drop_folder = fake_drop_folder,
	.remove = fake_remove,
};

static void fake_publisher_init(struct fake_publisher *p, int number, const char *token)
{
	*p = (struct fake_publisher){.number = number};
	arena_init(&p->arena, (size_t)16 << 20);
	buf_init(&p->why, BUF_MAX_DEFAULT);
	p->backend = (struct publish_backend){
		.ops = &fake_ops, .arena = &p->arena, .why = &p->why, .name = "fake"};
	snprintf(p->backend.token, sizeof(p->backend.token), "%s", token);
	p->link = (struct publish_link){.b = &p->backend, .arena = &p->arena, .why = &p->why};
}

static void fake_publisher_release(struct fake_publisher *p)
{
	arena_release(&p->arena);
	buf_release(&p->why);
}

static size_t fake_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < FAKE_FILES; i++)
		n += fake.files[i].path[0] != 0;
	return n;
}

static void fake_clear(uint32_t seed)
{
	memset(fake.files, 0, sizeof(fake.files));
	fake.running = 0;
	fake.seed = seed;
}

static void *fake_thread(void *ctx)
{
	struct fake_publisher *p = ctx;

	p->answer = publish_guard_lock_swap(&p->link, p->old, p->new);
	pthread_mutex_lock(&fake.mutex);
	pthread_cond_broadcast(&fake.moved);
	pthread_mutex_unlock(&fake.mutex);
	return NULL;
}

/* All swap at once. */
static void fake_race(struct fake_publisher *p, int n)
{
	pthread_t threads[FAKE_PUBLISHERS];

	fake.running = n;
	fake.turn = 1;
	for (int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, fake_thread, &p[i]);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	fake.running = 0;
}

#endif
