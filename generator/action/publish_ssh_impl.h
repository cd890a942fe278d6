/* publish_ssh_impl: the process behind publish_ssh.h. */
#ifndef ACTION_PUBLISH_SSH_IMPL_H
#define ACTION_PUBLISH_SSH_IMPL_H

#include "action/publish_ssh.h"

#include <sys/types.h>

struct ssh_process {
	pid_t pid; /* 0: none */
	int fd;	   /* a socket: its standard input and output */
	int errors; /* what it writes to its standard error, a file in memory that nothing can fill and block */
};

/* False: a sentence in `why`. */
bool ssh_process_start(struct ssh_process *p, const struct ssh_options *o, char *why, size_t size) MUST_USE;
/* Waits at most so long for it to end by itself, then kills it; never leaves a zombie. */
void ssh_process_end(struct ssh_process *p, unsigned milliseconds);
/* The last lines of its complaints as one line, or "". */
void ssh_process_said(const struct ssh_process *p, char *out, size_t size);

/* The arguments alone, for tests: a list that ends with NULL, in the arena. */
char **ssh_process_arguments(struct arena *a, const struct ssh_options *o);

#endif
