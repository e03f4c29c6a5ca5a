/* Temporary files and folders: made, placed, and taken away by a signal whatever the threads are doing. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "unit.h"

#include <ftw.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parallel.h"
#include "base/temporary.h"

enum { threads = 4, rounds = 40 };

static char folder[sizeof "/tmp/eface-test-XXXXXX"];

static void make_folder(void)
{
    strcpy(folder, "/tmp/eface-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

START_TEST(a_temporary_file_is_placed_kept_or_removed)
{
    int file = -1;
    ef_temporary *placed = ef_temporary_file(&file, "a");
    close(file);
    ck_assert(is_there(ef_temporary_path(placed)));
    ck_assert(!ef_temporary_place(placed, "no/such/folder"));
    ck_assert(ef_temporary_place(placed, "b") && is_there("b"));
    ef_temporary *inside = NULL, *made = ef_temporary_folder("f-XXXXXX");
    char name[64];
    ck_assert_uint_lt(strlen(ef_temporary_path(made)), sizeof name);
    strcpy(name, ef_temporary_path(made));
    ck_assert(is_there(name));
    inside = ef_temporary_expect("b");
    ef_temporary_remove(inside);
    ck_assert(!is_there("b"));
    ef_temporary_keep(ef_temporary_expect("c"));
    ef_temporary_remove(made);
    ck_assert(!is_there(name));
    ef_temporary_remove(NULL);
    ef_temporary_keep(NULL);
    ck_assert_int_eq(rmdir(folder), 0); /* it is empty */
    ck_assert_ptr_null(ef_temporary_file(&file, "a"));
    ck_assert_ptr_null(ef_temporary_folder("f-XXXXXX"));
    ck_assert_int_eq(mkdir(folder, 0777), 0);
}
END_TEST

/* As a program's, even where this is run under nohup. */
static void watch(void)
{
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    ef_cleanup_watch();
}

static atomic_int begun;

/* Makes temporaries and takes them away, on and on; the last thread to begin says so. */
static void make_many(void *data, size_t index, int worker)
{
    const int *ready = data;
    (void)index, (void)worker;
    if (atomic_fetch_add(&begun, 1) + 1 == threads && write(*ready, "", 1) != 1) {
        _exit(EXIT_FAILURE);
    }
    for (;;) {
        int file = -1;
        ef_temporary *first = ef_temporary_file(&file, "x");
        close(file);
        ef_temporary *second = ef_temporary_folder("f-XXXXXX");
        ef_temporary_remove(first);
        ef_temporary_remove(second);
    }
}

static void be_ended(int ready)
{
    int file = -1;
    watch();
    (void)!ef_temporary_file(&file, "y");
    ef_parallel_for(threads, threads, make_many, &ready);
    _exit(EXIT_FAILURE);
}

/* Not under the thread sanitizer, which hands signals over late, also where they have been blocked meanwhile. */
START_TEST(a_signal_leaves_nothing_whatever_threads_do)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    for (int i = 0; i < rounds; i++) {
        int ends[2], ended = 0;
        char byte;
        ck_assert_int_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            be_ended(ends[1]);
        }
        close(ends[1]);
        ck_assert_int_eq(read(ends[0], &byte, 1), 1);
        nanosleep(&(struct timespec){.tv_nsec = i * 50000L}, NULL);
        kill(child, signals[i % 3]);
        kill(child, signals[(i + 1) % 3]);
        ck_assert_int_eq(waitpid(child, &ended, 0), child);
        ck_assert(WIFSIGNALED(ended) && (WTERMSIG(ended) == signals[i % 3] || WTERMSIG(ended) == signals[(i + 1) % 3]));
        ck_assert_msg(rmdir(folder) == 0, "something is left after %d rounds", i);
        ck_assert(mkdir(folder, 0777) == 0 && chdir(folder) == 0);
        close(ends[0]);
    }
}
END_TEST

START_TEST(a_child_has_no_leftovers_and_is_one)
{
    int file = -1, ended = 0;
    ef_cleanup child;
    ef_temporary *made = ef_temporary_file(&file, "x");
    close(file);
    watch();
    if (ef_cleanup_fork(&child) == 0) {
        raise(SIGTERM);
        _exit(EXIT_FAILURE);
    }
    ef_cleanup_wait(&ended, &child);
    ck_assert(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGTERM);
    ck_assert(is_there(ef_temporary_path(made)));
    ef_temporary_remove(made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("temporary");
    TCase *each = tcase_create("each");
    tcase_add_checked_fixture(each, make_folder, remove_folder);
    tcase_add_test(each, a_temporary_file_is_placed_kept_or_removed);
    if (!ONLY_RACES) {
        tcase_add_test(each, a_signal_leaves_nothing_whatever_threads_do);
    }
    tcase_add_test(each, a_child_has_no_leftovers_and_is_one);
    tcase_set_timeout(each, 60);
    suite_add_tcase(suite, each);
    return unit_run(suite);
}
