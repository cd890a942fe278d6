#include "support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

#define ARGS_MAX 32

static char **split(struct arena *a, const char *program, const char *args)
{
	char **argv = arena_new_n(a, char *, ARGS_MAX);
	struct str rest = str_from(args), one;
	size_t count = 0;

	argv[count++] = (char *)str_z(a, str_from(program));
	while (rest.n && count + 1 < ARGS_MAX && str_cut(&rest, ' ', &one)) {
		argv[count] = (char *)str_z(a, one);
		for (char *p = argv[count]; *p; p++)
			if (*p == '\x1f')
				*p = ' ';
		count++;
	}
	return argv;
}

/* An unnamed file that both processes see. */
static FILE *catcher(void)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	return f;
}

static struct str caught(struct arena *a, FILE *f)
{
	struct str text;
	long n;
	char *p;

	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	p = arena_alloc(a, (size_t)n + 1);
	text = str_make(p, fread(p, 1, (size_t)n, f));
	fclose(f);
	return text;
}

static NORETURN void become(char **argv, const char *folder, FILE *out, FILE *err, const char *stdout_path)
{
	int to = stdout_path ? open(stdout_path, O_WRONLY) : fileno(out);

	if (chdir(folder) != 0 || dup2(to, 1) < 0 || dup2(fileno(err), 2) < 0)
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

struct ran program_run(
	struct arena *a, const char *program, const char *folder, const char *args, const char *stdout_path)
{
	char **argv = split(a, program, args);
	FILE *out = catcher(), *err = catcher();
	struct ran r;
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		become(argv, folder, out, err, stdout_path);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
	r.out = caught(a, out);
	r.err = caught(a, err);
	return r;
}
