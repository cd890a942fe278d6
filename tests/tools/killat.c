/*
 * killat: ends a command at its N-th change of the file system, so that a killed build can be repeated.
 *
 *	killat RESULT N SIGNAL COMMAND [ARGUMENT...]
 *
 * Counts, over all threads, the system calls that change files as they are entered, and sends the numbered
 * SIGNAL to the process when the N-th begins (0: never). SIGKILL takes effect before the call does anything.
 * RESULT becomes one line: calls counted, exit status or -1, signal or 0. Exit 3 when tracing is not allowed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL)
#define NO_TRACING 3

struct run {
	pid_t main;
	long at;
	int signal;
	long count;
	int status; /* of the main process, as wait() gives it */
};

static const long changing_calls[] = {
	SYS_write, SYS_pwrite64, SYS_writev, SYS_ftruncate, SYS_fallocate, SYS_copy_file_range, SYS_sendfile,
	SYS_mkdirat, SYS_unlinkat, SYS_linkat, SYS_symlinkat, SYS_renameat2, SYS_fchmod, SYS_fchmodat, SYS_fsync,
	SYS_fdatasync, SYS_syncfs, SYS_utimensat,
#ifdef SYS_rename /* the older names are missing on newer processors */
	SYS_rename, SYS_renameat, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_link, SYS_symlink, SYS_chmod, SYS_creat,
#endif
};

static bool changes_files(const struct __ptrace_syscall_info *info)
{
	if (info->entry.nr == SYS_openat)
		return (info->entry.args[2] & (O_CREAT | O_WRONLY | O_RDWR)) != 0;
	for (size_t i = 0; i < sizeof(changing_calls) / sizeof(changing_calls[0]); i++)
		if (info->entry.nr == (uint64_t)changing_calls[i])
			return true;
	return false;
}

static void at_call(struct run *run, pid_t thread)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) <= 0)
		return;
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes_files(&info))
		return;
	if (++run->count == run->at)
		kill(run->main, run->signal);
}

/* The signal to hand on to a stopped thread; 0 for the stops that tracing itself makes. */
static int at_stop(struct run *run, pid_t thread, int status)
{
	int signal = WSTOPSIG(status);

	if (signal == (SIGTRAP | 0x80)) {
		at_call(run, thread);
		return 0;
	}
	return signal == SIGTRAP || signal == SIGSTOP ? 0 : signal;
}

static void follow(struct run *run)
{
	int status;
	pid_t thread;

	while ((thread = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (thread <= 0)
			continue;
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, thread, 0, (void *)(intptr_t)at_stop(run, thread, status));
		else if (thread == run->main)
			run->status = status;
	}
}

static int start(struct run *run, char **command)
{
	int status;

	run->main = fork();
	if (run->main < 0)
		return errno;
	if (run->main == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
			_exit(NO_TRACING);
		raise(SIGSTOP);
		execvp(command[0], command);
		_exit(127);
	}
	if (waitpid(run->main, &status, 0) != run->main || !WIFSTOPPED(status))
		return EPERM;
	if (ptrace(PTRACE_SETOPTIONS, run->main, 0, OPTIONS) != 0)
		return errno;
	ptrace(PTRACE_SYSCALL, run->main, 0, 0);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "usage: killat RESULT N SIGNAL COMMAND [ARGUMENT...]\n");
		return 2;
	}
	struct run run = {.at = strtol(argv[2], NULL, 10), .signal = (int)strtol(argv[3], NULL, 10)};
	int error = start(&run, argv + 4);
	if (error) {
		fprintf(stderr, "killat: tracing: %s\n", strerror(error));
		return NO_TRACING;
	}
	follow(&run);
	FILE *f = fopen(argv[1], "w");
	if (!f) {
		fprintf(stderr, "killat: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	fprintf(f, "%ld %d %d\n", run.count, WIFEXITED(run.status) ? WEXITSTATUS(run.status) : -1,
		WIFSIGNALED(run.status) ? WTERMSIG(run.status) : 0);
	return fclose(f) == 0 ? 0 : 2;
}
