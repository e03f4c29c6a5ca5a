/* SHA-256 of files and of memory. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <eface/fingerprint.h>

#include "base/hash.h"

#define ABC       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

START_TEST(memory_hashes_as_the_standard_says)
{
    char hex[65];
    ef_hash_memory(hex, "abc", 3);
    ck_assert_str_eq(hex, ABC);
    ef_hash_memory(hex, "", 0);
    ck_assert_str_eq(hex, EMPTY);
}
END_TEST

static void write_letters(const char *path, size_t n)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < n; i++) {
        fputc('a', file);
    }
    fclose(file);
}

START_TEST(a_file_hashes_as_its_bytes_do)
{
    char path[] = "/tmp/eface-test-XXXXXX", hex[65], twin[65];
    uint64_t bytes = 7;
    close(mkstemp(path));
    OK(ef_hash_file(hex, &bytes, path, NULL, err));
    ck_assert_str_eq(hex, EMPTY);
    ck_assert_uint_eq(bytes, 0);
    write_letters(path, 1000000);
    OK(ef_hash_file(hex, &bytes, path, NULL, err));
    ck_assert_str_eq(hex, MILLION_A);
    ck_assert_uint_eq(bytes, 1000000);
    size_t large = 3 * ((size_t)1 << 20) + 17;
    char *letters = malloc(large);
    memset(letters, 'a', large);
    write_letters(path, large);
    OK(ef_hash_file(hex, NULL, path, NULL, err));
    ef_hash_memory(twin, letters, large);
    ck_assert_str_eq(hex, twin);
    free(letters);
    unlink(path);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_named)
{
    char hex[65];
    FAILS(EF_IO, "/no/such/file: No such file", ef_hash_file(hex, NULL, "/no/such/file", NULL, err));
    FAILS(EF_IO, "/tmp: Is a directory", ef_hash_file(hex, NULL, "/tmp", NULL, err));
}
END_TEST

START_TEST(what_is_not_a_regular_file_has_no_hash)
{
    char folder[] = "/tmp/eface-test-XXXXXX", pipe[64], hex[65] = "old";
    uint64_t bytes = 7;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ef_fingerprints *fingerprints = NULL;
    OK(ef_fingerprints_create(&fingerprints, err));
    OK(ef_fingerprints_get(hex, &bytes, fingerprints, pipe, err)); /* no one writes to it: opening it would wait */
    ck_assert_str_eq(hex, "");
    ck_assert_uint_eq(bytes, 0);
    OK(ef_fingerprints_get(hex, &bytes, fingerprints, "/dev/null", err));
    ck_assert_str_eq(hex, "");
    ef_fingerprints_free(fingerprints);
    unlink(pipe);
    rmdir(folder);
}
END_TEST

START_TEST(freeing_does_not_wait_for_a_large_file)
{
    char path[] = "/tmp/eface-test-XXXXXX";
    struct timespec before, after;
    int file = mkstemp(path);
    ck_assert_int_eq(ftruncate(file, (off_t)1 << 34), 0); /* 16 GiB of holes: half a minute and more to hash */
    close(file);
    ef_fingerprints *fingerprints = NULL;
    OK(ef_fingerprints_create(&fingerprints, err));
    OK(ef_fingerprints_begin(fingerprints, path, err));
    clock_gettime(CLOCK_MONOTONIC, &before);
    ef_fingerprints_free(fingerprints);
    clock_gettime(CLOCK_MONOTONIC, &after);
    unlink(path);
    ck_assert_int_lt(after.tv_sec - before.tv_sec, 3);
    ef_fingerprints_free(NULL);
}
END_TEST

static void *hash_often(void *argument)
{
    char hex[65];
    for (int i = 0; i < 20; i++) {
        if (ef_hash_file(hex, NULL, argument, NULL, NULL) != EF_OK || strcmp(hex, MILLION_A) != 0) {
            return argument;
        }
    }
    return NULL;
}

START_TEST(several_threads_may_hash_at_once)
{
    char path[] = "/tmp/eface-test-XXXXXX";
    pthread_t thread[4];
    close(mkstemp(path));
    write_letters(path, 1000000);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&thread[i], NULL, hash_often, path), 0);
    }
    for (int i = 0; i < 4; i++) {
        void *failed;
        pthread_join(thread[i], &failed);
        ck_assert_ptr_null(failed);
    }
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *tests = tcase_create("hash");
    tcase_add_test(tests, memory_hashes_as_the_standard_says);
    tcase_add_test(tests, a_file_hashes_as_its_bytes_do);
    tcase_add_test(tests, a_file_that_cannot_be_read_is_named);
    tcase_add_test(tests, what_is_not_a_regular_file_has_no_hash);
    tcase_add_test(tests, freeing_does_not_wait_for_a_large_file);
    tcase_add_test(tests, several_threads_may_hash_at_once);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
