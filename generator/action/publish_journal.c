#include "action/publish_journal.h"

#include "action/publish_record.h"
#include "base/fs.h"

#include <fcntl.h>
#include <unistd.h>

#define HEAD "faktablad-journal 1\n"

void publish_journal_init(struct publish_journal *j, struct arena *a, const char *state, struct str url)
{
	char hex[DIGEST_HEX + 1];
	struct digest digest = digest_of(url);

	*j = (struct publish_journal){.fd = -1};
	if (!state)
		return;
	digest_hex(&digest, hex);
	j->path = str_fmt(a, "%s/publish-%.16s.journal", state, hex).p;
}

/* ---- reading ---- */

/* A line without its end was cut off while it was written. */
static bool next_line(struct str *text, struct str *line)
{
	size_t end = str_find_byte(*text, '\n');

	if (end == text->n)
		return false;
	*line = str_slice(*text, 0, end);
	*text = str_slice(*text, end + 1, text->n);
	return true;
}

static bool is_about(struct str *text, const struct digest *intent)
{
	struct digest written;
	struct str line;

	if (!str_starts(*text, STR(HEAD)))
		return false;
	*text = str_slice(*text, strlen(HEAD), text->n);
	return next_line(text, &line) && str_starts(line, STR("intent ")) &&
	       digest_parse(str_slice(line, strlen("intent "), line.n), &written) &&
	       digest_eq(&written, intent);
}

void publish_journal_parse(struct str text, struct arena *a, const struct digest *intent, struct map *out)
{
	struct str line;

	if (!is_about(&text, intent))
		return;
	while (next_line(&text, &line)) {
		struct digest *digest = arena_new(a, struct digest);
		struct str path = str_slice(line, DIGEST_HEX + 1, line.n);

		if (line.n <= DIGEST_HEX + 1 || line.p[DIGEST_HEX] != ' ' ||
			!digest_parse(str_slice(line, 0, DIGEST_HEX), digest) || !publish_path_safe(path))
			return;
		map_put(out, a, str_dup(a, path), digest);
	}
}

void publish_journal_read(
	const struct publish_journal *j, struct arena *a, const struct digest *intent, struct map *out)
{
	struct str text;

	if (j->path && fs_read(fs_real(), j->path, a, PUBLISH_JOURNAL_MAX_BYTES, &text) == 0)
		publish_journal_parse(text, a, intent, out);
}

/* ---- writing ---- */

static void append(struct publish_journal *j, struct str text)
{
	if (write(j->fd, text.p, text.n) == (ssize_t)text.n)
		return;
	/* A disk without room: what is missing is looked up. */
	close(j->fd);
	j->fd = -1;
}

void publish_journal_begin(struct publish_journal *j, const struct digest *intent)
{
	char hex[DIGEST_HEX + 1];
	struct arena a;
	struct str folder;

	if (!j->path)
		return;
	arena_init(&a, (size_t)1 << 20);
	folder = str_from(j->path);
	while (folder.n && folder.p[folder.n - 1] != '/')
		folder.n--;
	(void)fs_mkdirs(fs_real(), str_z(&a, str_slice(folder, 0, folder.n - 1)));
	/* A new file: a publisher who lost the lock may still be writing into the one before. */
	(void)unlink(j->path);
	j->fd = open(j->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	digest_hex(intent, hex);
	if (j->fd >= 0)
		append(j, str_fmt(&a, HEAD "intent %s\n", hex));
	arena_release(&a);
}

void publish_journal_add(struct publish_journal *j, struct str path, const struct digest *digest)
{
	char line[DIGEST_HEX + PUBLISH_PATH_MAX + 3];

	if (j->fd < 0 || path.n > PUBLISH_PATH_MAX)
		return;
	digest_hex(digest, line);
	line[DIGEST_HEX] = ' ';
	memcpy(line + DIGEST_HEX + 1, path.p, path.n);
	line[DIGEST_HEX + 1 + path.n] = '\n';
	append(j, str_make(line, DIGEST_HEX + path.n + 2));
}

void publish_journal_close(struct publish_journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

void publish_journal_remove(struct publish_journal *j)
{
	publish_journal_close(j);
	if (j->path)
		(void)unlink(j->path);
}
