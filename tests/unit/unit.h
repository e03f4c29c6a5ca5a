/* unit.h - what every unit test program shares: it runs one suite and prints TAP for prove. */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <eface/status.h>

/* An assertion that holds costs a comparison and no more: Check's own tells the parent process of each one that it has passed, with a
 * system call, and some tests make them by the million.  All others of Check's are made of this one. */
#undef ck_assert_msg
#define ck_assert_msg(holds, ...)                                                                                                \
    ((holds) ? (void)0 : _ck_assert_failed(__FILE__, __LINE__, "Assertion '" #holds "' failed", __VA_ARGS__))

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Under the thread sanitizer, which takes twenty times as long and sees a race whatever the figures are, a test of very many figures needs only some of them. */
#ifdef __SANITIZE_THREAD__
enum { ONLY_RACES = 1 };
#else
enum { ONLY_RACES = 0 };
#endif

/* At every assertion that holds Check writes where the test is, for the report of a crash: a system call each, and some tests make
 * millions.  Once for each line is enough. */
static inline void unit_mark(const char *file, int line)
{
    enum { LINES = 2048 };
    static bool marked[LINES];
    bool *mark = &marked[line % LINES];
    if (!*mark) {
        *mark = true;
        (_mark_point)(file, line);
    }
}
#define _mark_point(file, line) unit_mark(file, line)

/* Runs `suite` with TAP on standard output. */
static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A call that must succeed; its message is shown when it does not. */
#define OK(call)                                                                                                                 \
    do {                                                                                                                         \
        ef_error error_ = {EF_OK, ""};                                                                                           \
        ef_error *err = &error_;                                                                                                 \
        ef_status status_ = (call);                                                                                              \
        ck_assert_msg(status_ == EF_OK, "%s: %s", #call, error_.message);                                                        \
        (void)err;                                                                                                               \
    } while (0)

/* A call that must fail with `expected`, saying something that holds `text`.  The call takes `err` as its ef_error. */
#define FAILS(expected, text, call)                                                                                              \
    do {                                                                                                                         \
        ef_error error_ = {EF_OK, ""};                                                                                           \
        ef_error *err = &error_;                                                                                                 \
        ef_status status_ = (call);                                                                                              \
        ck_assert_msg(status_ == (expected), "%s: status %s", #call, ef_status_name(status_));                                   \
        ck_assert_msg(strstr(error_.message, (text)) != NULL, "%s: says \"%s\", not \"%s\"", #call, error_.message, (text));     \
        ck_assert_int_eq(error_.status, (expected));                                                                             \
        (void)err;                                                                                                               \
    } while (0)

#endif
