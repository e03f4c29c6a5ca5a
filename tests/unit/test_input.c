/* Inputs that are opened once and read whole, and the marks by which one that changes is found out. */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/text_file.h"
#include "base/hash.h"
#include "list/json_file.h"

static char folder[64], path[100], other[100];

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/eface-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/one", folder);
    snprintf(other, sizeof other, "%s/two", folder);
    signal(SIGPIPE, SIG_IGN); /* what is refused is not read to its end */
}

static void tear_down(void)
{
    unlink(path);
    unlink(other);
    rmdir(folder);
}

static void put(const char *to, const char *bytes, size_t length)
{
    FILE *file = fopen(to, "wb");
    ck_assert(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

/* What a writer puts into a pipe, in pieces. */
typedef struct stream {
    const char *bytes;
    size_t length, piece;
} stream;

static void *write_stream(void *data)
{
    const stream *from = data;
    int file = open(path, O_WRONLY);
    for (size_t done = 0; done < from->length; done += from->piece) {
        size_t left = from->length - done, size = left < from->piece ? left : from->piece;
        if (write(file, from->bytes + done, size) < (ssize_t)size) {
            break;
        }
    }
    close(file);
    return NULL;
}

static ef_status read_stream(ef_input *out, const char *bytes, size_t length, size_t piece, size_t longest, ef_error *err)
{
    stream from = {bytes, length, piece};
    pthread_t writer;
    unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(pthread_create(&writer, NULL, write_stream, &from), 0);
    ef_status status = ef_input_read(out, path, longest, err);
    pthread_join(writer, NULL);
    return status;
}

START_TEST(a_pipe_is_read_whole_and_taken_down)
{
    enum { size = 200001 };
    char *bytes = malloc(size), hex[65];
    ef_input input;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = i % 9 == 8 ? '\n' : (char)('a' + i % 7);
    }
    for (size_t piece = 7; piece < size; piece *= 40) {
        OK(read_stream(&input, bytes, size, piece, 8, err)); /* lines of 8 bytes: as long as they may be */
        ck_assert_uint_eq(input.length, size);
        ck_assert_mem_eq(input.text, bytes, size);
        ck_assert_int_eq(input.text[size], '\0');
        ck_assert(input.mark.there && input.mark.once);
        ef_hash_mark(&input.mark, input.text, input.length);
        ef_hash_memory(hex, bytes, size);
        ck_assert_str_eq(input.mark.sha256, hex);
        ck_assert_uint_eq(input.mark.bytes, size);
        free(input.text);
    }
    FAILS(EF_FORMAT, "one: not a list: it has a line of more than 7 bytes", read_stream(&input, bytes, size, 1000, 7, err));
    FAILS(EF_FORMAT, "one: is empty: nothing came through it", read_stream(&input, bytes, 0, 1, 8, err));
    bytes[100] = '\0';
    FAILS(EF_FORMAT, "one: not a text file", read_stream(&input, bytes, size, 3, SIZE_MAX, err));
    FAILS(EF_FORMAT, "one: holds HDF5, which cannot be read from a pipe: save it to a file",
          read_stream(&input, "\x89HDF\r\n\x1a\n\0\0", 10, 10, SIZE_MAX, err));
    free(bytes);
}
END_TEST

START_TEST(a_line_is_too_long_wherever_it_stands)
{
    enum { size = 3 << 20 };
    char *bytes = malloc(size);
    ef_input input;
    for (size_t where = 0; where < 2; where++) {
        memset(bytes, 'x', size);
        for (size_t i = 1000; i < size; i += 1000) {
            bytes[i] = '\n';
        }
        size_t start = where == 0 ? 0 : size - 2000 - size % 1000; /* the first line, or one of the last, becomes longer */
        memset(bytes + start + 1, 'x', 1998);
        put(path, bytes, size);
        OK(ef_input_read(&input, path, 2500, err));
        ck_assert(!input.mark.once && input.mark.bytes == size);
        free(input.text);
        FAILS(EF_FORMAT, "a line of more than 1500 bytes", ef_input_read(&input, path, 1500, err));
    }
    free(bytes);
}
END_TEST

START_TEST(a_device_without_end_is_refused_at_once)
{
    ef_input input;
    json_t *json;
    json_error_t why;
    FAILS(EF_FORMAT, "/dev/zero: not a text file", ef_input_read(&input, "/dev/zero", SIZE_MAX, err));
    FAILS(EF_FORMAT, "/dev/zero: not a text file", ef_json_file_read(&json, &why, NULL, "/dev/zero", err));
    FAILS(EF_FORMAT, "/dev/null: is empty", ef_input_read(&input, "/dev/null", SIZE_MAX, err));
    put(path, "\x89HDF\r\n\x1a\n\0", 9);
    FAILS(EF_FORMAT, "one: is an HDF5 file, not text", ef_input_read(&input, path, SIZE_MAX, err));
    put(path, "", 0);
    OK(ef_input_read(&input, path, SIZE_MAX, err)); /* an empty file is a text */
    ck_assert(input.length == 0 && input.text[0] == '\0');
    free(input.text);
}
END_TEST

START_TEST(standard_input_has_a_name)
{
    ef_text_file file;
    ef_span line;
    put(path, "from above\n", 11);
    ck_assert_int_eq(dup2(open(path, O_RDONLY), STDIN_FILENO), STDIN_FILENO);
    OK(ef_text_file_open(&file, "-", err));
    ck_assert(ef_text_file_line(&file, &line) && ef_span_equal(line, "from above"));
    ck_assert(file.mark.once); /* though it is a file: its name is not known */
    OK(ef_file_mark_check(&file.mark, "-", err));
    ef_text_file_close(&file);
    FAILS(EF_FORMAT, "standard input: is empty", ef_text_file_open(&file, "-", err)); /* it has been read */
    ck_assert_str_eq(ef_input_name("-"), "standard input");
    ck_assert_str_eq(ef_input_name("./-"), "./-");
    close(STDIN_FILENO);
    FAILS(EF_IO, "standard input: Bad file descriptor", ef_text_file_open(&file, "-", err));
}
END_TEST

/* Sets the time of the last change. */
static void set_time(const char *of, time_t seconds, long nanoseconds)
{
    const struct timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    ck_assert_int_eq(utimensat(AT_FDCWD, of, times, 0), 0);
}

START_TEST(a_file_that_changes_is_found_out)
{
    ef_file_mark mark, gone;
    put(path, "abc", 3);
    set_time(path, 1000, 5);
    ef_file_mark_take(&mark, path);
    OK(ef_file_mark_check(&mark, path, err));
    put(path, "abd", 3);
    set_time(path, 1000, 6); /* nanoseconds count */
    FAILS(EF_IO, "one: was changed while it was read", ef_file_mark_check(&mark, path, err));
    set_time(path, 1000, 5); /* set back, as some copying programs do: the time of that tells */
    FAILS(EF_IO, "one: was changed, or its owner, mode or links were, while it was read", ef_file_mark_check(&mark, path, err));
    ef_file_mark_take(&mark, path);
    OK(ef_file_mark_check(&mark, path, err));
    put(path, "abcd", 4);
    set_time(path, 1000, 5);
    FAILS(EF_IO, "one: was changed while it was read", ef_file_mark_check(&mark, path, err));
    put(other, "abc", 3);
    set_time(other, 1000, 5);
    ck_assert_int_eq(rename(other, path), 0);
    FAILS(EF_IO, "one: was replaced by another file while it was read", ef_file_mark_check(&mark, path, err));
    unlink(path);
    FAILS(EF_IO, "one: was removed while it was read", ef_file_mark_check(&mark, path, err));
    ef_file_mark_take(&gone, path);
    OK(ef_file_mark_check(&gone, path, err));
    put(path, "abc", 3);
    FAILS(EF_IO, "one: was made while it was read", ef_file_mark_check(&gone, path, err));
    ef_file_mark_take(&mark, "/dev/zero");
    ck_assert(mark.once);
    OK(ef_file_mark_check(&mark, path, err)); /* what can be read only once cannot be looked at again */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("input");
    TCase *tests = tcase_create("reading");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_pipe_is_read_whole_and_taken_down);
    tcase_add_test(tests, a_line_is_too_long_wherever_it_stands);
    tcase_add_test(tests, a_device_without_end_is_refused_at_once);
    tcase_add_test(tests, standard_input_has_a_name);
    tcase_add_test(tests, a_file_that_changes_is_found_out);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
