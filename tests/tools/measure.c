/*
 * measure: runs a command under limits and tells what it used.
 *
 *	measure RESULT SECONDS MEGABYTES COMMAND [ARGUMENT...]
 *
 * RESULT becomes one line: exit status, signal (0: none), why it was ended (- time memory), wall time in
 * seconds, peak resident memory in kB. The command is killed past SECONDS of processor time or MEGABYTES
 * (0: no limit), and when it hangs for WALL_FACTOR times SECONDS: a busy machine ends nothing. It runs in a
 * process group of its own. Small on purpose: a child's peak includes what its parent had resident before exec.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_NS 20000000L
#define WALL_FACTOR 15

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void limit_processor(double seconds)
{
	struct rlimit limit = {(rlim_t)seconds, (rlim_t)seconds + 1};

	if (seconds > 0)
		setrlimit(RLIMIT_CPU, &limit);
}

static long resident_kb(pid_t pid)
{
	char path[64];
	long pages = 0;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Waits for the child, ending it when it passes a limit. Returns the limit's name or "-". */
static const char *wait_within(pid_t pid, double seconds, long kilobytes, int *status, struct rusage *used)
{
	const struct timespec pause = {0, POLL_NS};
	const char *why = "-";
	double start = now();

	if (seconds <= 0 && kilobytes <= 0) {
		wait4(pid, status, 0, used);
		return why;
	}
	while (wait4(pid, status, WNOHANG, used) == 0) {
		if (seconds > 0 && now() - start > seconds * WALL_FACTOR)
			why = "time";
		else if (kilobytes > 0 && resident_kb(pid) > kilobytes)
			why = "memory";
		if (*why != '-') {
			kill(-pid, SIGKILL);
			wait4(pid, status, 0, used);
			break;
		}
		nanosleep(&pause, NULL);
	}
	return WIFSIGNALED(*status) && WTERMSIG(*status) == SIGXCPU ? "time" : why;
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "usage: measure RESULT SECONDS MEGABYTES COMMAND [ARGUMENT...]\n");
		return 2;
	}
	double seconds = strtod(argv[2], NULL);
	long kilobytes = strtol(argv[3], NULL, 10) * 1024;
	double start = now();
	pid_t pid = fork();
	if (pid < 0) {
		fprintf(stderr, "measure: fork: %s\n", strerror(errno));
		return 2;
	}
	if (pid == 0) {
		setpgid(0, 0);
		limit_processor(seconds);
		execvp(argv[4], argv + 4);
		fprintf(stderr, "measure: %s: %s\n", argv[4], strerror(errno));
		_exit(127);
	}
	setpgid(pid, pid);

	int status = 0;
	struct rusage used = {0};
	const char *why = wait_within(pid, seconds, kilobytes, &status, &used);
	double wall = now() - start;
	FILE *f = fopen(argv[1], "w");
	if (!f) {
		fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	fprintf(f, "%d %d %s %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		WIFSIGNALED(status) ? WTERMSIG(status) : 0, why, wall, used.ru_maxrss);
	return fclose(f) == 0 ? 0 : 2;
}
