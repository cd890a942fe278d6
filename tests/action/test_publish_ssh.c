/* SFTP's packets, the arguments of ssh, and a conversation with a program that stands in for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "action/publish_sftp_impl.h"
#include "action/publish_ssh_impl.h"
#include "action/publish_ssh_wire.h"
#include "base/fs.h"

static struct arena arena;

#define BYTES(literal) str_make("" literal, sizeof(literal) - 1)

static struct ssh_options options(void)
{
	return (struct ssh_options){.host = STR("web.example.org"),
		.port = 2222,
		.user = "anna",
		.known_hosts = "/home/anna/my \"known\" 100%",
		.stall_seconds = 30};
}

/* ---- packets ---- */

static void assert_request(struct ssh_request r, struct str bytes)
{
	struct buf b;

	buf_init(&b, 4096);
	ssh_wire_request(&b, 7, &r);
	assert_int_equal(b.n, bytes.n);
	assert_memory_equal(b.p, bytes.p, bytes.n);
	buf_release(&b);
}

static void test_requests(void **state)
{
	(void)state;
	assert_request((struct ssh_request){.op = SSH_LSTAT, .path = "å"},
		BYTES("\0\0\0\13\7\0\0\0\7\0\0\0\2\xc3\xa5"));
	assert_request((struct ssh_request){.op = SSH_RENAME_FRESH, .path = "a", .to = "bc"},
		BYTES("\0\0\0\20\22\0\0\0\7\0\0\0\1a\0\0\0\2bc"));
	assert_request((struct ssh_request){.op = SSH_RENAME, .path = "a", .to = "b"},
		BYTES("\0\0\0\53\310\0\0\0\7\0\0\0\30posix-rename@openssh.com\0\0\0\1a\0\0\0\1b"));
	assert_request((struct ssh_request){.op = SSH_SYMLINK, .path = "to", .to = "at"},
		BYTES("\0\0\0\21\24\0\0\0\7\0\0\0\2to\0\0\0\2at"));
}

static void test_hello(void **state)
{
	struct ssh_features f;

	(void)state;
	assert_true(ssh_wire_read_hello(BYTES("\2\0\0\0\3\0\0\0\30posix-rename@openssh.com\0\0\0\1"
					      "1\0\0\0\1x\0\0\0\0"),
		&f));
	assert_true(f.posix_rename && !f.hardlink && !f.fsync);
	assert_true(ssh_wire_read_hello(BYTES("\2\0\0\0\3"), &f));
	assert_false(f.posix_rename);
	assert_false(ssh_wire_read_hello(BYTES("\2\0\0\0\2"), &f));
	assert_false(ssh_wire_read_hello(BYTES("\2\0\0\0\3\0\0\0\30posix"), &f));
	assert_false(ssh_wire_read_hello(STR("Welcome to the server"), &f));
}

static void test_packets(void **state)
{
	struct str packet;
	size_t taken;

	(void)state;
	assert_true(ssh_wire_packet(BYTES("\0\0\0\2abcd"), &packet, &taken));
	assert_true(str_is(packet, "ab") && taken == 6);
	assert_true(ssh_wire_packet(BYTES("\0\0\0\2a"), &packet, &taken));
	assert_int_equal(packet.n, 0);
	assert_true(ssh_wire_packet(BYTES("\0\0"), &packet, &taken));
	assert_int_equal(packet.n, 0);
	assert_false(ssh_wire_packet(BYTES("\0\0\0\0"), &packet, &taken));
	assert_false(ssh_wire_packet(STR("This account is currently not available."), &packet, &taken));
}

static void test_answers(void **state)
{
	struct ssh_request r = {.op = SSH_LSTAT};

	(void)state;
	/* A file of more than 4 GB, with an owner. */
	assert_true(ssh_wire_read_answer(
		BYTES("\151\0\0\0\7\0\0\0\7\0\0\0\2\0\0\0\1\0\0\3\350\0\0\3\350\0\0\201\244"), &r));
	assert_true(r.kind == SSH_FILE && r.size == 0x200000001 && r.status == SSH_OK);
	assert_true(ssh_wire_read_answer(BYTES("\151\0\0\0\7\0\0\0\4\0\0\101\355"), &r));
	assert_int_equal(r.kind, SSH_FOLDER);
	assert_true(ssh_wire_read_answer(BYTES("\151\0\0\0\7\0\0\0\4\0\0\241\377"), &r));
	assert_int_equal(r.kind, SSH_OTHER);
	assert_true(ssh_wire_read_answer(BYTES("\145\0\0\0\7\0\0\0\2\0\0\0\0\0\0\0\0"), &r));
	assert_int_equal(r.status, SSH_NO_SUCH_FILE);
	/* Cut short; "done" for what must bring something; an answer to something else. */
	assert_false(ssh_wire_read_answer(BYTES("\151\0\0\0\7\0\0\0\1\0\0"), &r));
	assert_false(ssh_wire_read_answer(BYTES("\145\0\0\0\7\0\0\0\0"), &r));
	r.op = SSH_RENAME;
	assert_false(ssh_wire_read_answer(BYTES("\151\0\0\0\7\0\0\0\0"), &r));
	assert_true(ssh_wire_read_answer(BYTES("\145\0\0\0\7\0\0\0\0"), &r));
}

/* ---- the program ---- */

static bool has(char **args, const char *text)
{
	for (; *args; args++)
		if (strcmp(*args, text) == 0)
			return true;
	return false;
}

static void test_arguments(void **state)
{
	struct ssh_options o = options();
	char **args;

	(void)state;
	args = ssh_process_arguments(&arena, &o);
	assert_true(
		has(args, "StrictHostKeyChecking=yes") && has(args, "BatchMode=yes") && has(args, "none"));
	assert_true(has(args, "UserKnownHostsFile=\"/home/anna/my \\\"known\\\" 100%%\""));
	assert_true(has(args, "--") && has(args, "web.example.org") && has(args, "2222"));
	o.identity = "/home/anna/key";
	o.passphrase = "hemlig";
	args = ssh_process_arguments(&arena, &o);
	assert_true(has(args, "IdentitiesOnly=yes") && has(args, "IdentityFile=\"/home/anna/key\""));
	for (; *args; args++)
		assert_null(strstr(*args, "hemlig"));
}

/* A folder with a program called ssh in it, first in $PATH. */
static const char *stand_in(const char *script)
{
	char *folder =
		(char *)str_fmt(&arena, "%s/ssh-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp").p;
	const char *path;

	assert_non_null(mkdtemp(folder));
	path = str_fmt(&arena, "%s/ssh", folder).p;
	if (script)
		assert_int_equal(fs_create(fs_real(), path, str_from(script), 0755), 0);
	setenv("PATH", str_fmt(&arena, "%s%s", folder, script ? ":/usr/bin:/bin" : "").p, 1);
	return folder;
}

static void test_missing_program(void **state)
{
	struct ssh_options o = options();
	const char *before = str_z(&arena, str_from(getenv("PATH"))), *folder = stand_in(NULL);
	struct ssh *s = ssh_start(&o);

	(void)state;
	assert_false(ssh_ready(s));
	assert_true(ssh_is_missing(s));
	assert_string_equal(ssh_why(s), "the program ssh is not installed (package openssh-client)");
	ssh_free(s);
	setenv("PATH", before, 1);
	assert_int_equal(fs_remove_tree(fs_real(), folder), 0);
}

/* What it says on its standard error is what the operator is told. */
static void test_program_that_complains(void **state)
{
	struct ssh_options o = options();
	const char *before = str_z(&arena, str_from(getenv("PATH")));
	const char *folder =
		stand_in("#!/bin/sh\necho 'anna@web: Permission denied (publickey).' >&2\nexit 255\n");
	struct ssh *s = ssh_start(&o);

	(void)state;
	assert_false(ssh_ready(s));
	assert_false(ssh_is_missing(s));
	assert_string_equal(ssh_why(s), "ssh has ended: anna@web: Permission denied (publickey)");
	ssh_free(s);
	setenv("PATH", before, 1);
	assert_int_equal(fs_remove_tree(fs_real(), folder), 0);
}

static void test_program_that_is_silent(void **state)
{
	struct ssh_options o = options();
	const char *before = str_z(&arena, str_from(getenv("PATH"))),
		   *folder = stand_in("#!/bin/sh\nexec sleep 60\n");
	struct ssh *s;

	(void)state;
	o.stall_seconds = 1;
	s = ssh_start(&o);
	assert_false(ssh_ready(s));
	assert_string_equal(ssh_why(s), "ssh has been silent for too long");
	ssh_free(s);
	setenv("PATH", before, 1);
	assert_int_equal(fs_remove_tree(fs_real(), folder), 0);
}

/* The system's own SFTP server, without a network. */
static void test_real_server(void **state)
{
	static const char *const server = "/usr/lib/openssh/sftp-server";
	struct ssh_options o = options();
	const char *before = str_z(&arena, str_from(getenv("PATH"))), *folder;
	struct ssh_request r[200];
	struct ssh *s;

	(void)state;
	if (access(server, X_OK) != 0)
		skip();
	folder = stand_in(str_fmt(&arena, "#!/bin/sh\nexec %s\n", server).p);
	s = ssh_start(&o);
	assert_true(ssh_ready(s));
	assert_true(ssh_can(s, SSH_RENAME) && ssh_can(s, SSH_LINK));
	/* More than may be on their way at once, with odd names. */
	for (size_t i = 0; i < COUNT_OF(r); i++) {
		const char *name = str_fmt(&arena, "%s/å \"'*?[%zu]\\ # %%", folder, i).p;

		assert_int_equal(fs_create(fs_real(), name, STR("new"), 0644), 0);
		assert_int_equal(
			fs_create(fs_real(), str_fmt(&arena, "%s/%zu", folder, i).p, STR("old"), 0644), 0);
		r[i] = (struct ssh_request){
			.op = SSH_RENAME, .path = name, .to = str_fmt(&arena, "%s/%zu", folder, i).p};
	}
	assert_true(ssh_run(s, r, COUNT_OF(r)));
	for (size_t i = 0; i < COUNT_OF(r); i++)
		assert_int_equal(r[i].status, SSH_OK);
	r[0] = (struct ssh_request){.op = SSH_LSTAT, .path = r[7].to};
	r[1] = (struct ssh_request){.op = SSH_RENAME_FRESH, .path = r[8].to, .to = r[9].to};
	r[2] = (struct ssh_request){
		.op = SSH_LINK, .path = r[10].to, .to = str_fmt(&arena, "%s/linked", folder).p};
	r[3] = (struct ssh_request){
		.op = SSH_SYMLINK, .path = "7", .to = str_fmt(&arena, "%s/pointer", folder).p};
	r[4] = (struct ssh_request){.op = SSH_LSTAT, .path = r[3].to};
	r[5] = (struct ssh_request){.op = SSH_LSTAT, .path = "/no/such/file"};
	r[6] = (struct ssh_request){.op = SSH_OPEN, .path = r[7].to};
	assert_true(ssh_run(s, r, 7));
	assert_true(r[0].status == SSH_OK && r[0].kind == SSH_FILE && r[0].size == 3);
	assert_int_equal(r[1].status, SSH_FAILURE);
	assert_int_equal(r[2].status, SSH_OK);
	assert_int_equal(r[3].status, SSH_OK);
	assert_true(r[4].status == SSH_OK && r[4].kind == SSH_OTHER);
	assert_int_equal(r[5].status, SSH_NO_SUCH_FILE);
	assert_true(r[6].status == SSH_OK && r[6].handle.n > 0);
	ssh_free(s);
	setenv("PATH", before, 1);
	assert_int_equal(fs_remove_tree(fs_real(), folder), 0);
}

static void test_askpass(void **state)
{
	(void)state;
	assert_null(ssh_askpass_answer());
	setenv("FAKTABLAD_ASKPASS", "password", 1);
	assert_string_equal(ssh_askpass_answer(), "");
	setenv("FAKTABLAD_ASKPASS_SECRET", "hemlig", 1);
	assert_string_equal(ssh_askpass_answer(), "hemlig");
	unsetenv("FAKTABLAD_ASKPASS");
	unsetenv("FAKTABLAD_ASKPASS_SECRET");
}

/* ---- what libcurl says ---- */

static void test_faults(void **state)
{
	static const struct {
		int code;
		const char *text;
		enum sftp_fault fault;
	} cases[] = {
		{78, "Could not open remote file for reading: No such file or directory", SFTP_ABSENT},
		{21, "rename command failed: Operation failed", SFTP_REFUSED},
		{21, "rename command failed: No such file or directory", SFTP_ABSENT},
		{21, "rm command failed: Permission denied", SFTP_DENIED},
		{21, "rm command failed: Unknown error in libssh2", SFTP_LOST},
		{79, "Upload failed: Operation failed (4/-31)", SFTP_REFUSED},
		{9, "Upload failed: Permission denied (3/-31)", SFTP_DENIED},
		{79, "Upload failed: ssh error (0/-43)", SFTP_LOST},
		{70, "Upload failed: Disk full (14/-31)", SFTP_FULL},
		{67, "Authentication failure", SFTP_LOGIN},
		{60, "SSL peer certificate or SSH remote key was not OK", SFTP_HOST},
		{2, "Failure establishing ssh session: -43, Failed getting banner", SFTP_LOST},
		{79, "Error in the SSH layer", SFTP_OTHER},
		{0, NULL, SFTP_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (sftp_fault_of(cases[i].code, cases[i].text) != cases[i].fault)
			fail_msg("“%s” is taken for %d", cases[i].text,
				sftp_fault_of(cases[i].code, cases[i].text));
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_hello),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_missing_program),
		cmocka_unit_test(test_program_that_complains),
		cmocka_unit_test(test_program_that_is_silent),
		cmocka_unit_test(test_real_server),
		cmocka_unit_test(test_askpass),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
