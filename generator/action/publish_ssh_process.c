#include "action/publish_ssh_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGUMENTS_MAX 64
#define ARENA_BYTES ((size_t)16 << 20)
#define SECRET_VARIABLE "FAKTABLAD_ASKPASS_SECRET"

/* ---- the secret ---- */

const char *ssh_askpass_answer(void)
{
	const char *secret = getenv(SECRET_VARIABLE);

	if (!getenv(SSH_ASKPASS_VARIABLE))
		return NULL;
	return secret ? secret : "";
}

/* What ssh may ask for; NULL: it must not ask. */
static const char *secret_of(const struct ssh_options *o)
{
	return o->identity ? o->passphrase : o->password;
}

/* ---- arguments ---- */

struct arguments {
	char **items;
	size_t len;
	struct arena *arena;
};

static void add(struct arguments *args, const char *text)
{
	if (args->len + 1 == ARGUMENTS_MAX)
		BUG("more than %d arguments", ARGUMENTS_MAX);
	args->items[args->len++] = (char *)str_z(args->arena, str_from(text));
}

static void add_option(struct arguments *args, const char *text)
{
	add(args, "-o");
	add(args, text);
}

/* ssh takes a value apart at blanks, knows '%' and '"' in it, and “${NAME}”. */
static void add_file(struct arguments *args, const char *name, const char *path)
{
	struct buf text;

	buf_init(&text, 64 << 10);
	buf_addf(&text, "%s=\"", name);
	for (; *path; path++) {
		if (*path == '%')
			buf_addc(&text, '%');
		else if (*path == '"' || *path == '\\')
			buf_addc(&text, '\\');
		buf_addc(&text, *path);
	}
	buf_addc(&text, '"');
	add_option(args, text.p);
	buf_release(&text);
}

/* Who we are, and by what. What asks a person is switched off: there is none. */
static void add_login(struct arguments *args, const struct ssh_options *o)
{
	add_option(args, secret_of(o) ? "BatchMode=no" : "BatchMode=yes");
	add_option(args, "NumberOfPasswordPrompts=1");
	if (o->identity) {
		add_file(args, "IdentityFile", o->identity);
		add_option(args, "IdentitiesOnly=yes");
		add_option(args, "PreferredAuthentications=publickey");
	} else if (o->password) {
		add_option(args, "PubkeyAuthentication=no");
		add_option(args, "PreferredAuthentications=password,keyboard-interactive");
	} else {
		add_option(args, "PreferredAuthentications=publickey");
	}
	add(args, "-l");
	add(args, o->user);
}

char **ssh_process_arguments(struct arena *a, const struct ssh_options *o)
{
	static const char *const always[] = {
		"StrictHostKeyChecking=yes",
		"GlobalKnownHostsFile=/dev/null",
		"UpdateHostKeys=no",
		"CheckHostIP=no",
		"VerifyHostKeyDNS=no",
		"HashKnownHosts=no",
		"LogLevel=ERROR",
		"ControlPath=none",
		"ForwardAgent=no",
		"ForwardX11=no",
		"ClearAllForwardings=yes",
		"PermitLocalCommand=no",
		"RequestTTY=no",
		"EscapeChar=none",
	};
	struct arguments args = {arena_new_n(a, char *, ARGUMENTS_MAX), 0, a};

	add(&args, "ssh");
	add(&args, "-F");
	add(&args, "none");
	for (size_t i = 0; i < COUNT_OF(always); i++)
		add_option(&args, always[i]);
	add_file(&args, "UserKnownHostsFile", o->known_hosts);
	add_option(&args, str_fmt(a, "ConnectTimeout=%u", o->stall_seconds).p);
	add_option(&args, str_fmt(a, "ServerAliveInterval=%u", o->stall_seconds / 2 + 1).p);
	add_login(&args, o);
	add(&args, "-p");
	add(&args, str_fmt(a, "%u", o->port).p);
	add(&args, "-s");
	add(&args, "--");
	add(&args, str_z(a, o->host));
	add(&args, "sftp");
	return args.items;
}

/* ---- the environment ---- */

extern char **environ;

/* Ours, without what the program itself sets for ssh, and without secrets that ssh does not need. */
static bool is_kept(const char *line)
{
	static const char *const dropped[] = {
		"SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE=", "FAKTABLAD_", "AWS_", "DISPLAY=", "WAYLAND_DISPLAY="};

	for (size_t i = 0; i < COUNT_OF(dropped); i++)
		if (strncmp(line, dropped[i], strlen(dropped[i])) == 0)
			return false;
	return true;
}

static char **environment(struct arena *a, const struct ssh_options *o)
{
	const char *secret = secret_of(o);
	char self[PATH_MAX], **out;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t n = 0;

	while (environ[n])
		n++;
	out = arena_new_n(a, char *, n + 5);
	n = 0;
	for (size_t i = 0; environ[i]; i++)
		if (is_kept(environ[i]))
			out[n++] = environ[i];
	if (!secret || length <= 0)
		return out;
	self[length] = 0;
	out[n++] = (char *)str_fmt(a, "SSH_ASKPASS=%s", self).p;
	out[n++] = (char *)"SSH_ASKPASS_REQUIRE=force";
	out[n++] =
		(char *)(o->identity ? SSH_ASKPASS_VARIABLE "=passphrase" : SSH_ASKPASS_VARIABLE "=password");
	out[n++] = (char *)STR_CONCAT(a, STR(SECRET_VARIABLE "="), str_from(secret)).p;
	return out;
}

/* ---- starting ---- */

/*
 * A session of its own: no terminal that ssh could ask at, and no Ctrl-C that ends it before we say so. No file of
 * ours stays open in it but the three.
 */
static int spawn(pid_t *pid, int fd, int errors, char **args, char **env)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	posix_spawn_file_actions_adddup2(&files, fd, 0);
	posix_spawn_file_actions_adddup2(&files, fd, 1);
	posix_spawn_file_actions_adddup2(&files, errors, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
	error = posix_spawnp(pid, args[0], &files, &how, args, env);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/* Not 0 to 2: the child gets them there. */
static int above_standard(int fd)
{
	int moved;

	if (fd < 0 || fd > 2)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return moved;
}

bool ssh_process_start(struct ssh_process *p, const struct ssh_options *o, char *why, size_t size)
{
	int pair[2] = {-1, -1}, error;
	struct arena a;

	*p = (struct ssh_process){.fd = -1, .errors = -1};
	arena_init(&a, ARENA_BYTES);
	p->errors = above_standard(memfd_create("ssh", MFD_CLOEXEC));
	error = p->errors < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ? errno : 0;
	pair[0] = above_standard(pair[0]);
	pair[1] = above_standard(pair[1]);
	if (!error)
		error = spawn(&p->pid, pair[1], p->errors, ssh_process_arguments(&a, o), environment(&a, o));
	if (pair[1] >= 0)
		close(pair[1]);
	p->fd = pair[0];
	arena_release(&a);
	if (!error)
		return true;
	p->pid = 0;
	if (error == ENOENT)
		snprintf(why, size, "the program ssh is not installed (package openssh-client)");
	else
		snprintf(why, size, "the program ssh cannot be started: %s", strerror(error));
	return false;
}

/* ---- the end ---- */

static bool reaped(pid_t pid, unsigned milliseconds)
{
	struct timespec pause = {.tv_nsec = 5000000};

	for (unsigned waited = 0;; waited += 5) {
		pid_t got = waitpid(pid, NULL, WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return true;
		if (waited >= milliseconds)
			return false;
		nanosleep(&pause, NULL);
	}
}

void ssh_process_end(struct ssh_process *p, unsigned milliseconds)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->pid && !reaped(p->pid, milliseconds)) {
		kill(p->pid, SIGKILL);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (p->errors >= 0)
		close(p->errors);
	*p = (struct ssh_process){.fd = -1, .errors = -1};
}

/* One line, printable, without the full stop that ssh likes at its end. */
static void tidy(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = ' ';
	while (n && (text[n - 1] == ' ' || text[n - 1] == '.'))
		n--;
	text[n] = 0;
}

void ssh_process_said(const struct ssh_process *p, char *out, size_t size)
{
	off_t end = p->errors >= 0 ? lseek(p->errors, 0, SEEK_END) : 0;
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t n = end > 0 ? pread(p->errors, out, (size_t)(end - from), from) : 0;

	tidy(out, n > 0 ? (size_t)n : 0);
}
