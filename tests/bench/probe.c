/*
 * probe: the least that any generator on cmark has to do, as fast as this machine does it.
 *
 *	probe CONTENT MANIFEST OUT [THREADS]
 *
 * Reads every .md below CONTENT, parses and renders it with cmark, and writes as many files with as many bytes
 * below OUT as the built site's MANIFEST lists ("<digest> <size> <path>" lines). No links, no templates, no
 * checks. What is written is the rendered text, repeated to size. OUT must not exist.
 */
#define _GNU_SOURCE
#include <cmark.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_THREADS 256
#define PATH_ROOM 4096

struct file {
	char *path;
	size_t size;
};

struct files {
	struct file *items;
	size_t len, cap;
};

static struct files inputs, outputs;
static const char *out_folder;
static atomic_size_t next_index;

static void fail(const char *what)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *room(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		fail("memory");
	return p;
}

static void add(struct files *f, const char *path, size_t size)
{
	if (f->len == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 1024;
		f->items = room(f->items, f->cap * sizeof(*f->items));
	}
	f->items[f->len++] = (struct file){strdup(path), size};
}

static void find_inputs(char *folder)
{
	char *folders[] = {folder, NULL};
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

	if (!walk)
		fail(folder);
	for (FTSENT *e = fts_read(walk); e; e = fts_read(walk)) {
		if (e->fts_info == FTS_F && e->fts_namelen > 3 && strcmp(e->fts_name + e->fts_namelen - 3, ".md") == 0)
			add(&inputs, e->fts_path, (size_t)e->fts_statp->st_size);
	}
	fts_close(walk);
}

static void find_outputs(const char *manifest)
{
	char line[PATH_ROOM], path[PATH_ROOM];
	size_t size;
	FILE *f = fopen(manifest, "r");

	if (!f)
		fail(manifest);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*64[0-9a-f] %zu %4095s", &size, path) == 2)
			add(&outputs, path, size);
	fclose(f);
}

/* The folders that a path below OUT lies in. */
static void make_folders(const char *path)
{
	char full[2 * PATH_ROOM];

	snprintf(full, sizeof(full), "%s/%s", out_folder, path);
	for (char *slash = strchr(full + strlen(out_folder), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(full, 0755) != 0 && errno != EEXIST)
			fail(full);
		*slash = '/';
	}
}

static char *read_file(const struct file *in, size_t *len)
{
	char *text = room(NULL, in->size);
	int fd = open(in->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail(in->path);
	ssize_t n = read(fd, text, in->size);
	if (n < 0)
		fail(in->path);
	close(fd);
	*len = (size_t)n;
	return text;
}

/* Where the text after the front matter starts. */
static size_t body_of(const char *text, size_t len)
{
	const char *end = len > 4 && memcmp(text, "---\n", 4) == 0 ? memmem(text + 3, len - 3, "\n---\n", 5) : NULL;

	return end ? (size_t)(end - text) + 5 : 0;
}

static char *render(const struct file *in)
{
	size_t len;
	char *text = read_file(in, &len);
	size_t body = body_of(text, len);
	cmark_node *document = cmark_parse_document(text + body, len - body, CMARK_OPT_DEFAULT);
	char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);

	cmark_node_free(document);
	free(text);
	return html;
}

static void write_file(const struct file *out, const char *text)
{
	char full[2 * PATH_ROOM];
	size_t len = strlen(text);

	char *bytes = room(NULL, out->size);
	for (size_t at = 0; at < out->size; at += len ? len : out->size)
		memcpy(bytes + at, text, len < out->size - at ? len : out->size - at);
	snprintf(full, sizeof(full), "%s/%s", out_folder, out->path);
	int fd = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, bytes, out->size) != (ssize_t)out->size)
		fail(full);
	close(fd);
	free(bytes);
}

static void *work(void *unused)
{
	size_t count = inputs.len > outputs.len ? inputs.len : outputs.len;

	(void)unused;
	for (size_t i; (i = atomic_fetch_add(&next_index, 1)) < count;) {
		char *html = i < inputs.len ? render(&inputs.items[i]) : strdup("\n");
		if (i < outputs.len)
			write_file(&outputs.items[i], html);
		free(html);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[MAX_THREADS];

	if (argc < 4) {
		fprintf(stderr, "usage: probe CONTENT MANIFEST OUT [THREADS]\n");
		return 2;
	}
	long count = argc > 4 ? strtol(argv[4], NULL, 10) : sysconf(_SC_NPROCESSORS_ONLN);
	count = count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : count;
	out_folder = argv[3];
	find_inputs(argv[1]);
	find_outputs(argv[2]);
	if (mkdir(out_folder, 0755) != 0)
		fail(out_folder);
	for (size_t i = 0; i < outputs.len; i++)
		make_folders(outputs.items[i].path);
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			fail("thread");
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
