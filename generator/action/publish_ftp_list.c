/* What stands in a folder of an FTP server: MLSD where the server knows it, else LIST, which is written for people. */
#include "action/publish_ftp_impl.h"
#include "action/publish_ls.h"

#define LISTING_MAX_BYTES ((size_t)256 << 20)

static enum publish_answer read_lines(struct publish_link *l, struct str text, struct arena *a,
	struct publish_listing *out, struct str folder)
{
	struct str rest = text, line;

	while (str_cut(&rest, '\n', &line)) {
		struct publish_listed item;
		enum publish_ls found =
			ftp_self(l)->mlsd ? publish_ls_facts(line, &item) : publish_ls_line(line, &item);

		if (found == PUBLISH_LS_STRANGE) {
			buf_addf(l->why,
				"cannot make out what is in %.*s on %s: its listing has the line “%.*s”",
				STR_ARG(folder), l->b->name, STR_ARG(str_trim(line)));
			return ANSWER_FAILED;
		}
		if (found == PUBLISH_LS_ITEM) {
			item.name = str_dup(a, item.name);
			publish_listing_add(out, a, &item);
		}
	}
	return ANSWER_OK;
}

/* ABSENT: the server does not let us go there, for whatever reason. */
static enum publish_answer list_full(
	struct publish_link *l, struct str full, struct arena *a, struct publish_listing *out)
{
	enum publish_answer answer;
	struct buf text;

	buf_init(&text, LISTING_MAX_BYTES);
	publish_curl_take(ftp_begin_listing(l, full), &text, LISTING_MAX_BYTES);
	answer = ftp_perform(l);
	if (answer == ANSWER_FAILED && ftp_is_no_folder(l))
		answer = ANSWER_ABSENT;
	else if (answer == ANSWER_OK)
		answer = read_lines(l, buf_str(&text), a, out, full);
	else
		(void)ftp_fail(l, answer, "list", full);
	buf_release(&text);
	return answer;
}

static struct str parent_of(struct str full)
{
	size_t at = str_after_last(full, '/');

	return at > 1 ? str_slice(full, 0, at - 1) : STR("/");
}

static const struct publish_listed *find(const struct publish_listing *listing, struct str name)
{
	for (size_t i = 0; i < listing->len; i++)
		if (str_eq(listing->items[i].name, name))
			return &listing->items[i];
	return NULL;
}

/*
 * A folder that cannot be gone to is missing when the nearest folder above that can be listed does not show it, or the next one
 * on the way to it. Above the target nothing is asked but its own parent.
 */
static enum publish_answer judge(struct publish_link *l, struct arena *a, struct str full)
{
	struct str root = ftp_at(l, a, STR(""));
	enum publish_answer answer = ANSWER_ABSENT;

	while (answer == ANSWER_ABSENT && full.n >= root.n && full.n > 1) {
		struct publish_listing above = {0};
		const struct publish_listed *item;
		struct str folder = parent_of(full);

		answer = list_full(l, folder, a, &above);
		if (answer == ANSWER_OK) {
			item = find(&above, str_file_name(full));
			if (!item || item->kind == PUBLISH_FILE)
				return ANSWER_ABSENT;
			buf_addf(l->why,
				"cannot look into %.*s on %s: give the user who publishes the right to do that",
				STR_ARG(full), l->b->name);
			return ANSWER_FAILED;
		}
		full = folder;
	}
	return answer;
}

enum publish_answer ftp_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out)
{
	struct str full = ftp_at(l, a, folder);
	enum publish_answer answer = list_full(l, full, a, out);

	return answer == ANSWER_ABSENT ? judge(l, a, full) : answer;
}

enum publish_answer ftp_find(
	struct publish_link *l, struct arena *a, struct str path, struct publish_listed *out)
{
	struct publish_listing listing = {0};
	struct str name = str_file_name(path);
	struct str folder = str_slice(path, 0, name.n < path.n ? path.n - name.n - 1 : 0);
	enum publish_answer answer = ftp_list(l, folder, a, &listing);
	const struct publish_listed *item;

	if (answer != ANSWER_OK)
		return answer;
	item = find(&listing, name);
	if (!item)
		return ANSWER_ABSENT;
	*out = *item;
	return ANSWER_OK;
}
