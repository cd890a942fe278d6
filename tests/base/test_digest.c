#include "base/digest.h"

#include "base/task.h"
#include "support/check.h"

/* FIPS 180-4's examples. */
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void assert_digest(struct digest d, const char *hex)
{
	char got[DIGEST_HEX + 1];

	digest_hex(&d, got);
	assert_string_equal(got, hex);
}

static void hashes_the_standards_examples(void **state)
{
	(void)state;
	assert_digest(digest_of(STR("")), NOTHING);
	assert_digest(digest_of((struct str){0}), NOTHING);
	assert_digest(digest_of(STR("abc")), ABC);
}

static void hashes_in_steps(void **state)
{
	struct digest_run *run = digest_run_new();
	char step[1000];

	(void)state;
	memset(step, 'a', sizeof(step));
	for (int i = 0; i < 1000; i++) {
		digest_run_add(run, str_make(step, 1));
		digest_run_add(run, (struct str){0});
		digest_run_add(run, str_make(step, 999));
	}
	assert_digest(digest_run_free(run), MILLION_A);
}

static void reads_hex(void **state)
{
	struct digest d = digest_of(STR("abc")), read;
	static const char *const bad[] = {"", "ba78", ABC "0",
		"Ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a "};

	(void)state;
	assert_true(digest_parse(STR(ABC), &read));
	assert_true(digest_eq(&d, &read));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(digest_parse(str_from(bad[i]), &read));
	assert_true(digest_eq(&d, &read));
}

static void compares(void **state)
{
	struct digest a = {{0}}, b = {{0}};

	(void)state;
	assert_true(digest_eq(&a, &b));
	b.bytes[31] = 1;
	assert_true(digest_cmp(&a, &b) < 0 && digest_cmp(&b, &a) > 0 && !digest_eq(&a, &b));
}

static void writes_base64(void **state)
{
	struct digest d = digest_of(STR("abc"));
	char text[45];

	(void)state;
	digest_base64(&d, text);
	assert_string_equal(text, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

static void hash_one(void *ctx, unsigned worker, size_t index)
{
	char text[32];
	struct digest d;
	int n = snprintf(text, sizeof(text), "%zu", index);

	(void)worker;
	d = digest_of(str_make(text, (size_t)n));
	((uint8_t *)ctx)[index] = d.bytes[0];
}

static void hashes_on_threads(void **state)
{
	static uint8_t one[2000], many[2000];

	(void)state;
	task_run(1, COUNT_OF(one), hash_one, one);
	task_run(8, COUNT_OF(many), hash_one, many);
	assert_memory_equal(one, many, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_the_standards_examples),
		cmocka_unit_test(hashes_in_steps),
		cmocka_unit_test(reads_hex),
		cmocka_unit_test(compares),
		cmocka_unit_test(writes_base64),
		cmocka_unit_test(hashes_on_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
