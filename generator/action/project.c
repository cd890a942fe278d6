#include "action/project.h"

#include "base/task.h"

#include <time.h>

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void project_open(struct project *p, const struct project_options *o)
{
	*p = (struct project){.options = *o, .fs = o->fs ? o->fs : fs_real(), .opened = now_ns()};
	arena_init(&p->arena, ARENA_DEFAULT);
	diag_init(&p->diag);
	severities_init(&p->severities);
	workers_init(&p->workers, o->threads ? o->threads : task_threads());
	input_scan(&p->input, &p->arena, p->fs, o->root, o->share, &p->diag);
}

static bool read_site(struct project *p)
{
	p->loaded = load(&p->catalog, &p->arena, &p->input, &p->workers, &p->diag);
	if (p->loaded)
		p->severities = p->catalog.config.severities;
	return p->loaded;
}

bool project_read(struct project *p)
{
	bool read = read_site(p);

	diag_sort(&p->diag);
	return read;
}

bool project_load(struct project *p)
{
	struct check_options checks = {.today = p->options.today, .plain = p->options.plain};

	if (read_site(p)) {
		assets_load(&p->assets, &p->arena, &p->catalog, &p->input, &p->diag);
		checks.own_locales = p->input.own_locales;
		check(&p->catalog, &checks, &p->workers, &p->diag);
	}
	if (p->options.strict)
		severities_strict(&p->severities);
	diag_sort(&p->diag);
	return p->loaded;
}

size_t project_errors(const struct project *p)
{
	return diag_count(&p->diag, &p->severities, SEVERITY_ERROR);
}

void project_close(struct project *p)
{
	workers_release(&p->workers);
	diag_release(&p->diag);
	arena_release(&p->arena);
}
