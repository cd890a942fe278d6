/* Pages at a public address, from a server of this test's own. */
#include "action/publish_public.h"

#include "support/check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* Answers each connection with the next of these, then closes it. */
static const char *const *answers;
static int listener;
static char address[64];
static char asked[8][512];
static size_t asked_len;

static void *serve(void *unused)
{
	(void)unused;
	for (size_t i = 0; answers[i]; i++) {
		int fd = accept(listener, NULL, NULL);
		ssize_t n;

		if (fd < 0)
			return NULL;
		n = read(fd, asked[i], sizeof(asked[i]) - 1);
		asked[i][n > 0 ? n : 0] = 0;
		asked_len = i + 1;
		(void)!write(fd, answers[i], strlen(answers[i]));
		shutdown(fd, SHUT_WR);
		while (read(fd, (char[64]){0}, 64) > 0)
			;
		close(fd);
	}
	return NULL;
}

static bool check(const char *const *list, uint64_t size, struct buf *why)
{
	struct publish_settings settings = {.user = "anna", .password = "hemligt", .stall_seconds = 5};
	struct publish_public p = {.settings = &settings, .address = str_from(address), .pause_ms = 1};
	pthread_t thread;
	bool fine;

	answers = list;
	asked_len = 0;
	assert_int_equal(pthread_create(&thread, NULL, serve, NULL), 0);
	fine = publish_public_check(&p, STR("sv/å.html"), size, why);
	pthread_join(thread, NULL);
	return fine;
}

#define PAGE(status, type, body)                                                                             \
	"HTTP/1.1 " status "\r\nConnection: close\r\nContent-Type: " type "\r\n\r\n" body

static void expect(const char *const *list, const char *says)
{
	struct buf why;
	bool fine;

	buf_init(&why, 4096);
	fine = check(list, 5, &why);
	if (fine != !says || (says && str_find(buf_str(&why), str_from(says)) == why.n))
		fail_msg("it says “%.*s”, not “%s”", STR_ARG(buf_str(&why)), says ? says : "");
	buf_release(&why);
}

static void test_as_it_should_be(void **state)
{
	(void)state;
	expect((const char *const[]){PAGE("200 OK", "text/html; charset=utf-8", "hello"), NULL}, NULL);
	assert_true(strstr(asked[0], "GET /site/sv/%C3%A5.html ") == asked[0]);
	assert_null(strstr(asked[0], "Authorization"));
}

static void test_faults(void **state)
{
	const char *broken = PAGE("500 Oops", "text/html", "hello"),
		   *plain = PAGE("200 OK", "text/plain", "hello"),
		   *htmlx = PAGE("200 OK", "text/htmlx", "hello"),
		   *shorter = PAGE("200 OK", "text/html", "hell");

	(void)state;
	expect((const char *const[]){broken, broken, broken, NULL}, "answers 500");
	expect((const char *const[]){plain, plain, plain, NULL}, "is served as text/plain, not as text/html");
	expect((const char *const[]){htmlx, htmlx, htmlx, NULL}, "not as text/html");
	expect((const char *const[]){shorter, shorter, shorter, NULL}, "has 4 bytes there, 5 here");
	expect((const char *const[]){"", "", "", NULL}, "cannot be read");
}

static void test_tried_again(void **state)
{
	(void)state;
	expect((const char *const[]){PAGE("503 Not now", "text/html", ""), "",
		       PAGE("200 OK", "text/html", "hello"), NULL},
		NULL);
	assert_int_equal(asked_len, 3);
}

static void test_redirects(void **state)
{
	(void)state;
	expect((const char *const[]){"HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: elsewhere\r\n"
				     "Content-Length: 3\r\n\r\nxyz",
		       PAGE("200 OK", "text/html", "hello"), NULL},
		NULL);
	/* Never out of the web. */
	expect(
		(const char *const[]){
			"HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: file:///etc/passwd\r\n\r\n",
			"HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: file:///etc/passwd\r\n\r\n",
			"HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: file:///etc/passwd\r\n\r\n",
			NULL},
		"cannot be read");
}

static int setup(void **state)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(here);

	(void)state;
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&here, sizeof(here)), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &n), 0);
	snprintf(address, sizeof(address), "http://127.0.0.1:%d/site", ntohs(here.sin_port));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_it_should_be),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_tried_again),
		cmocka_unit_test(test_redirects),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
