/* The lists of the IJB benchmarks: the same whatever the number of threads and the size of the blocks, and every mistake named. */
#define _DEFAULT_SOURCE /* syscall */
#include "unit.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "h5_data.h"

#include <eface/template_list.h>

#include "list/line_blocks.h"
#include "list/template_blocks.h"

static const size_t block_sizes[] = {1, 5, 64, 1000, 1 << 20};
static const int thread_counts[] = {1, 3};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EVERY_WAY(b, t)                                                                                                          \
    for (size_t b = 0; b < COUNT(block_sizes); b++)                                                                              \
        for (size_t t = 0; t < COUNT(thread_counts); t++)

/* Takes the place of the C library's: of the calls to come, number `failing_read` fails. */
static int failing_read;

ssize_t read(int file, void *buffer, size_t size)
{
    if (failing_read > 0 && --failing_read == 0) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, file, buffer, size);
}

static void write_bytes(const char *bytes, size_t length)
{
    FILE *file = fopen(path_of("list"), "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_text(const char *text)
{
    write_bytes(text, strlen(text));
}

/* The pairs of "list" in one piece. */
typedef struct pair_table {
    size_t count, pieces;
    uint32_t *a, *b;
    unsigned char *genuine;
} pair_table;

static void free_table(pair_table *table)
{
    free(table->a);
    free(table->b);
    free(table->genuine);
}

static ef_status read_pairs(pair_table *out, const int64_t *ids, const int64_t *subjects, size_t id_count, size_t block,
                            int threads, ef_error *err)
{
    enum { MOST = 20000 };
    ef_template_pairs *pairs = NULL;
    ef_template_pair_chunk chunk;
    pair_table table = {0, 0, malloc(MOST * sizeof(uint32_t)), malloc(MOST * sizeof(uint32_t)), malloc(MOST)};
    ck_assert(table.a != NULL && table.b != NULL && table.genuine != NULL);
    ef_status status = ef_template_pairs_open_blocks(&pairs, path_of("list"), ids, subjects, id_count, block, threads, err);
    while (status == EF_OK && (status = ef_template_pairs_next(pairs, &chunk, err)) == EF_OK && chunk.count > 0) {
        ck_assert_uint_eq(chunk.first_line, table.count + 1);
        ck_assert_uint_le(table.count + chunk.count, MOST);
        memcpy(table.a + table.count, chunk.a, chunk.count * sizeof *chunk.a);
        memcpy(table.b + table.count, chunk.b, chunk.count * sizeof *chunk.b);
        memcpy(table.genuine + table.count, chunk.genuine, chunk.count);
        table.count += chunk.count;
        table.pieces++;
    }
    ef_template_pairs_close(pairs);
    if (status == EF_OK) {
        *out = table;
    } else {
        free_table(&table);
    }
    return status;
}

/* Ascending ids with gaps of up to `gap`. */
static int64_t *make_ids(size_t n, int64_t first, uint64_t gap, uint64_t seed)
{
    int64_t *ids = malloc(n * sizeof *ids);
    ck_assert_ptr_nonnull(ids);
    for (size_t i = 0; i < n; i++) {
        ids[i] = first;
        first += 1 + (int64_t)(next_bits(&seed) % gap);
    }
    return ids;
}

START_TEST(pairs_are_those_of_a_plain_reader_however_they_are_read)
{
    enum { IDS = 300, PAIRS = 600 };
    static const struct {
        int64_t first;
        uint64_t gap;
    } kinds[] = {{1, 1}, {0, 700}, {9000000, 40000}, {16000000, 60000}, {-50, 3}, {INT64_MAX - 600000, 2000}};
    static const char *const separators[] = {" ", "\t", ",", "  ", " , ", "\t "};
    uint64_t state = 11;
    for (size_t k = 0; k < (ONLY_RACES ? 2 : COUNT(kinds)); k++) {
        int64_t *ids = make_ids(IDS, kinds[k].first, kinds[k].gap, k);
        uint32_t a[PAIRS], b[PAIRS];
        unsigned char genuine[PAIRS];
        FILE *file = fopen(path_of("list"), "wb");
        for (size_t i = 0; i < PAIRS; i++) {
            a[i] = (uint32_t)(next_bits(&state) % IDS);
            b[i] = (uint32_t)(next_bits(&state) % IDS);
            genuine[i] = next_bits(&state) % 3 == 0;
            uint64_t way = next_bits(&state);
            const char *separator = separators[way % 5 == 0 ? way / 5 % COUNT(separators) : 0];
            fprintf(file, "%s%" PRId64 "%s%" PRId64 "%s%d%s%s", way / 64 % 50 == 0 ? " " : "", ids[a[i]], separator, ids[b[i]],
                    separator, genuine[i], way / 4096 % 40 == 0 ? "\t" : "",
                    i + 1 == PAIRS && k % 2 == 0 ? ""
                    : way / 100000 % 4 == 0      ? "\r\n"
                                                 : "\n");
        }
        ck_assert_int_eq(fclose(file), 0);
        EVERY_WAY(s, t)
        {
            pair_table table;
            OK(read_pairs(&table, ids, NULL, IDS, block_sizes[s], thread_counts[t], err));
            ck_assert_uint_eq(table.count, PAIRS);
            ck_assert_mem_eq(table.a, a, sizeof a);
            ck_assert_mem_eq(table.b, b, sizeof b);
            ck_assert_mem_eq(table.genuine, genuine, sizeof genuine);
            ck_assert(block_sizes[s] > 64 || table.pieces > PAIRS / 60);
            free_table(&table);
        }
        free(ids);
    }
}
END_TEST

START_TEST(matches_without_labels_are_genuine_when_the_subjects_agree)
{
    static const int64_t ids[] = {3, 10, 12, 4000}, subjects[] = {7, 9, 7, 9};
    static const char *const texts[] = {"3,10\n12,3\n4000,10\n12,4000\n", "3 10\r\n12\t3\n4000 , 10\n12,4000",
                                        "\xEF\xBB\xBF"
                                        "003,010\n12,3\n 4000,10\n12,4000\n\n \r\n\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        write_text(texts[i]);
        EVERY_WAY(s, t)
        {
            pair_table table;
            OK(read_pairs(&table, ids, subjects, 4, block_sizes[s], thread_counts[t], err));
            ck_assert_uint_eq(table.count, 4);
            ck_assert_mem_eq(table.genuine, "\0\1\1\0", 4);
            ck_assert(table.a[0] == 0 && table.b[0] == 1 && table.a[2] == 3 && table.b[3] == 3);
            free_table(&table);
        }
    }
    ef_template_pairs *pairs = NULL;
    ef_template_pair_chunk chunk;
    OK(ef_template_matches_open(&pairs, path_of("list"), ids, subjects, 4, 2, err));
    OK(ef_template_pairs_next(pairs, &chunk, err));
    ck_assert(chunk.count == 4 && chunk.first_line == 1);
    OK(ef_template_pairs_next(pairs, &chunk, err));
    ck_assert_uint_eq(chunk.count, 0);
    ef_template_pairs_close(pairs);
}
END_TEST

START_TEST(every_bad_pair_is_named_with_its_line)
{
    static const struct {
        const char *line, *sentence;
    } bad[] = {
        {"1 2", "a pair is two template ids and a label; this line has 2 fields"},
        {"1", "a pair is two template ids and a label; this line has 1 field"},
        {"1 2 1 0", "a pair is two template ids and a label; this line has more than 3 fields"},
        {"1,2,1,", "a pair is two template ids and a label; this line has more than 3 fields"},
        {"1 2,1", "a pair is two template ids and a label; this line has 2 fields"},
        {"1,2 1", "a pair is two template ids and a label; this line has 2 fields"},
        {"x 2 1", "'x' is not a template id"},
        {"1 2.0 1", "'2.0' is not a template id"},
        {"1 +2 1", "'+2' is not a template id"},
        {"1,,1", "'' is not a template id"},
        {"1 2 2", "the label is '2'; it must be 1 (genuine) or 0 (impostor)"},
        {"1 2 10", "the label is '10'"},
        {"1 2 -1", "the label is '-1'"},
        {"1 2 x", "the label is 'x'"},
        {"1 123 1", "template 123 is in no image's entry"},
        {"0 1 1", "template 0 is in no image's entry"},
        {"-1 1 1", "template -1 is in no image's entry"},
        {"1 99999999999 1", "template 99999999999 is in no image's entry"},
        {"9223372036854775808 1 1", "'9223372036854775808' is not a template id (an integer below 2^63)"},
        {"1 99999999999999999999999 0", "'99999999999999999999999' is not a template id"},
        {"", "the line is blank, and the list goes on after it"},
        {" \t\r", "the line is blank, and the list goes on after it"},
    };
    static const int64_t ids[2][3] = {{1, 2, 9}, {1, 2, (int64_t)1 << 40}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (size_t before = 0; before < 60; before += before < 3 ? 1 : 19) {
            char expected[300];
            snprintf(expected, sizeof expected, "/list:%zu: %s", before + 1, bad[i].sentence);
            FILE *file = fopen(path_of("list"), "wb");
            for (size_t l = 0; l < before; l++) {
                fputs("1 2 1\n", file);
            }
            /* More mistakes behind the first, which other threads find. */
            fprintf(file, "%s\n1 2 0\n2 1 0\n1 bad 1\n\n1 2 2\n", bad[i].line);
            ck_assert_int_eq(fclose(file), 0);
            EVERY_WAY(s, t)
            {
                pair_table table;
                FAILS(EF_FORMAT, expected, read_pairs(&table, ids[s % 2], NULL, 3, block_sizes[s], thread_counts[t], err));
            }
        }
    }
}
END_TEST

START_TEST(files_that_are_no_lists_are_refused)
{
    static const int64_t ids[] = {1, 2};
    static const char *const empty[] = {"", "\n", "\r\n \n\t\n", "\xEF\xBB\xBF\n"};
    pair_table table;
    ef_template_images images;
    ef_subjects subjects;
    float *scores;
    size_t count;
    EVERY_WAY(s, t)
    {
        for (size_t i = 0; i < COUNT(empty); i++) {
            write_text(empty[i]);
            FAILS(EF_FORMAT, "/list: the list holds no pairs",
                  read_pairs(&table, ids, NULL, 2, block_sizes[s], thread_counts[t], err));
            FAILS(EF_FORMAT, "/list: the list holds no images",
                  ef_template_images_read_blocks(&images, path_of("list"), true, block_sizes[s], thread_counts[t], err));
            FAILS(EF_FORMAT, "/list: the list holds no scores",
                  ef_template_quality_read_blocks(&scores, &count, path_of("list"), NULL, block_sizes[s], thread_counts[t], err));
            FAILS(EF_FORMAT, "/list: the list holds no templates",
                  ef_subjects_read_blocks(&subjects, path_of("list"), block_sizes[s], err));
        }
        write_bytes("1 2 1\n1 2 0\n1 \0 2 1\n", 20);
        FAILS(EF_FORMAT, "/list:3: not a text file (it holds NUL bytes)",
              read_pairs(&table, ids, NULL, 2, block_sizes[s], thread_counts[t], err));
        write_bytes("a 1 1\nb\0 1 1\n", 13);
        FAILS(EF_FORMAT, "/list:2: not a text file",
              ef_template_images_read_blocks(&images, path_of("list"), false, block_sizes[s], thread_counts[t], err));
    }
    FAILS(EF_IO, "nowhere: No such file", ef_template_images_read(&images, path_of("nowhere"), false, 1, err));
    FAILS(EF_IO, "Is a directory", ef_template_images_read(&images, folder, false, 1, err));
    FAILS(EF_IO, "nowhere: No such file", ef_template_quality_read(&scores, &count, path_of("nowhere"), NULL, 1, err));
    FAILS(EF_IO, "nowhere: No such file", ef_subjects_read(&subjects, path_of("nowhere"), err));
    ef_template_pairs *pairs = NULL;
    static const int64_t twice[] = {1, 2, 2};
    FAILS(EF_IO, "nowhere: No such file", ef_template_pairs_open(&pairs, path_of("nowhere"), ids, 2, 1, err));
    FAILS(EF_INVALID, "not ascending at position 2", ef_template_pairs_open(&pairs, path_of("list"), twice, 3, 1, err));
    ck_assert_ptr_null(pairs);
    write_text("1 2 1\n");
    FAILS(EF_FORMAT, "template 1 is in no", read_pairs(&table, ids, NULL, 0, 100, 1, err));
}
END_TEST

START_TEST(a_line_of_more_than_a_megabyte_is_no_line)
{
    static const int64_t ids[] = {1, 2};
    size_t length = 2 * EF_LONGEST;
    char *text = malloc(length);
    pair_table table;
    ck_assert_ptr_nonnull(text);
    for (size_t cut = 0; cut < 3; cut++) {
        /* A digit for ever; one that ends and is followed by others; one just as long as allowed. */
        memset(text, '0', length);
        memcpy(text, "1 2 1\n", 6);
        memcpy(text + 6 + EF_LONGEST - 5 + (cut == 1), "2 1 0\n", cut > 0 ? 6 : 0);
        write_bytes(text, cut > 0 ? 6 + EF_LONGEST + 1 + (cut == 1) : length);
        static const size_t sizes[] = {1, 100000, 3 << 19, 8 << 20};
        for (size_t s = 0; s < COUNT(sizes); s++) {
            if (cut == 2) {
                OK(read_pairs(&table, ids, NULL, 2, sizes[s], 2, err));
                ck_assert_uint_eq(table.count, 2);
                free_table(&table);
            } else {
                FAILS(EF_FORMAT, "/list:2: the line is longer than 1048576 bytes",
                      read_pairs(&table, ids, NULL, 2, sizes[s], 2, err));
            }
        }
    }
    free(text);
}
END_TEST

START_TEST(a_list_may_end_where_a_block_ends)
{
    static const int64_t ids[] = {1, 2};
    static const size_t sizes[] = {5, 6, 7, 12, 18, 24, 30};
    char text[64];
    pair_table table;
    for (size_t way = 0; way < 2 * COUNT(thread_counts) * COUNT(sizes) * 9; way++) {
        size_t lines = 1 + way % 9, end = way / 9 % 2, block = sizes[way / 18 % COUNT(sizes)];
        int threads = thread_counts[way / 18 / COUNT(sizes)];
        memcpy(text, "1 2 1\n2 1 0\n1 2 1\n2 1 0\n1 2 1\n2 1 0\n1 2 1\n2 1 0\n1 2 1\n", 54);
        write_bytes(text, 6 * lines - end);
        OK(read_pairs(&table, ids, NULL, 2, block, threads, err));
        ck_assert_uint_eq(table.count, lines);
        for (size_t i = 0; i < lines; i++) {
            if (table.a[i] != i % 2 || table.b[i] != 1 - i % 2 || table.genuine[i] != 1 - i % 2) {
                ck_abort_msg("pair %zu is wrong", i);
            }
        }
        free_table(&table);
    }
}
END_TEST

/* Writes 200 pairs into the pipe "list", a few bytes at a time. */
static void *write_pipe(void *path)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 200; i++) {
        fprintf(file, "%d %d %d\n", i % 7, i % 5, i % 3 == 0);
        if (i % 10 == 0) {
            fflush(file);
        }
    }
    ck_assert_int_eq(fclose(file), 0);
    return NULL;
}

START_TEST(a_list_may_come_through_a_pipe)
{
    static const int64_t ids[] = {0, 1, 2, 3, 4, 5, 6};
    char path[200];
    snprintf(path, sizeof path, "%s", path_of("list"));
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    EVERY_WAY(s, t)
    {
        pair_table table;
        pthread_t writer;
        ck_assert_int_eq(pthread_create(&writer, NULL, write_pipe, path), 0);
        OK(read_pairs(&table, ids, NULL, 7, block_sizes[s], thread_counts[t], err));
        pthread_join(writer, NULL);
        ck_assert_uint_eq(table.count, 200);
        for (uint32_t i = 0; i < 200; i++) {
            if (table.a[i] != i % 7 || table.b[i] != i % 5 || table.genuine[i] != (i % 3 == 0)) {
                ck_abort_msg("pair %u is wrong", i);
            }
        }
        free_table(&table);
    }
}
END_TEST

START_TEST(a_read_that_fails_is_told_whenever_it_happens)
{
    static const int64_t ids[] = {1, 2};
    char text[600];
    pair_table table;
    ef_template_images images;
    for (size_t i = 0; i < 100; i++) {
        memcpy(text + 6 * i, i % 2 == 0 ? "1 2 1\n" : "2 1 0\n", 6);
    }
    write_bytes(text, sizeof text);
    EVERY_WAY(s, t)
    {
        for (int number = 1; number < 40; number += number < 5 ? 1 : 9) {
            size_t reads = 1 + (sizeof text + block_sizes[s] - 1) / block_sizes[s];
            failing_read = number;
            if ((size_t)number <= (reads < 2 ? 2 : reads)) {
                FAILS(EF_IO, "/list: Input/output error",
                      read_pairs(&table, ids, NULL, 2, block_sizes[s], thread_counts[t], err));
                failing_read = number;
                FAILS(EF_IO, "/list: Input/output error",
                      ef_template_images_read_blocks(&images, path_of("list"), true, block_sizes[s], thread_counts[t], err));
            }
            failing_read = 0;
        }
    }
    /* What is wrong with a line is told before what is wrong with the ones after it. */
    text[1] = 'x';
    write_bytes(text, sizeof text);
    for (size_t t = 0; t < COUNT(thread_counts); t++) {
        failing_read = 2;
        FAILS(EF_FORMAT, "/list:1: ", read_pairs(&table, ids, NULL, 2, 60, thread_counts[t], err));
    }
    failing_read = 0;
}
END_TEST

START_TEST(images_and_scores_are_read_in_order)
{
    enum { IMAGES = 500 };
    static int64_t template_id[IMAGES], media_id[IMAGES];
    static float score[IMAGES];
    uint64_t state = 5;
    FILE *file = fopen(path_of("list"), "wb"), *other = fopen(path_of("scores"), "wb");
    for (size_t i = 0; i < IMAGES; i++) {
        const char *end = i + 1 == IMAGES ? "" : i % 7 == 0 ? "\r\n" : "\n";
        template_id[i] = (int64_t)(next_bits(&state) >> (1 + next_bits(&state) % 63));
        media_id[i] = -(int64_t)(next_bits(&state) % 1000000);
        score[i] = next_float(&state);
        fprintf(file, "%zu.jpg%s%" PRId64 " %" PRId64 "%s", i / 2, i % 5 == 0 ? "\t" : " ", template_id[i], media_id[i], end);
        fprintf(other, "%zu.jpg 46.060 62.026 87.785 60.323 68.851 77.656 52.162 99.875 86.450 -98.648 %.17g%s", i / 2,
                (double)score[i], end);
    }
    fclose(file);
    fclose(other);
    EVERY_WAY(s, t)
    {
        ef_template_images images;
        float *got;
        size_t count;
        OK(ef_template_images_read_blocks(&images, path_of("list"), s % 2 == 0, block_sizes[s], thread_counts[t], err));
        ck_assert_uint_eq(images.count, IMAGES);
        ck_assert_mem_eq(images.template_id, template_id, sizeof template_id);
        ck_assert_mem_eq(images.media_id, media_id, sizeof media_id);
        ck_assert((images.names != NULL) == (s % 2 == 0));
        for (size_t i = 0; i < IMAGES && images.names != NULL; i++) {
            char name[40];
            snprintf(name, sizeof name, "%zu.jpg", i / 2);
            ck_assert_str_eq(ef_strings_at(images.names, i), name);
        }
        OK(ef_template_quality_read_blocks(&got, &count, path_of("scores"), images.names, block_sizes[s], thread_counts[t], err));
        ck_assert_uint_eq(count, IMAGES);
        ck_assert_mem_eq(got, score, sizeof score);
        free(got);
        ef_template_images_free(&images);
        ck_assert(images.count == 0 && images.template_id == NULL);
    }
}
END_TEST

START_TEST(every_bad_image_is_named_with_its_line)
{
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"a 1 2\nb 1\nc x y\n", "/list:2: an entry is an image name, a template id and a media id; this line has fewer fields"},
        {"a 1 2\nb 1 2 3\n", "/list:2: an entry is an image name, a template id and a media id; this line has more fields"},
        {"a 1 2\n\nb 1 2\n", "/list:2: the line is blank"},
        {"a 1 2\n \n\n\n\n\n\n\n\n\n\n\n\nb 1 2\n", "/list:2: the line is blank"},
        {"a 1 2\n \n\n\n\n\n\n\n\n\n\n\n\nb\n", "/list:2: the line is blank"},
        {"a one 2\n", "/list:1: 'one' is not a template id"},
        {"a 9223372036854775808 2\n", "/list:1: '9223372036854775808' is not a template id"},
        {"a 1 2\nb 1 2\nc 1 2e3", "/list:3: '2e3' is not a media id"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_text(bad[i].text);
        EVERY_WAY(s, t)
        {
            ef_template_images images = {.count = 3};
            FAILS(EF_FORMAT, bad[i].sentence,
                  ef_template_images_read_blocks(&images, path_of("list"), true, block_sizes[s], thread_counts[t], err));
            ck_assert(images.count == 0 && images.template_id == NULL && images.media_id == NULL && images.names == NULL);
        }
    }
}
END_TEST

START_TEST(every_bad_score_is_named_with_its_line)
{
#define POINTS " 1 2 3 4 5 6 7 8 9 10 "
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"a" POINTS "0.5\nb 1 2 3 4 5 6 7 8 9 0.5\n",
         "/list:2: an entry has 12 fields: image name, five points and score; this line has fewer"},
        {"a" POINTS "0.5\nb" POINTS "0.5 0.6\n",
         "/list:2: an entry has 12 fields: image name, five points and score; this line has more"},
        {"a" POINTS "0.5\nb" POINTS "nan\n", "/list:2: the score 'nan' is not a number"},
        {"a" POINTS "0.5\nb" POINTS "1e39\n", "/list:2: the score '1e39' is not a number (or too large"},
        {"a" POINTS "0.5x\n", "/list:1: the score '0.5x' is not a number"},
        {"a" POINTS "0.5\nc" POINTS "0.5\n", "/list:2: image 'c', but the list of images has 'b' in this line"},
        {"a" POINTS "0.5\nb" POINTS "0.5\nc" POINTS "1\n", "/list:3: the list of images has only 2 entries"},
        {"a" POINTS "0.5\n", "/list: has 1 entries, but the list of images has 2"},
    };
    ef_strings *names = NULL;
    OK(ef_strings_create(&names, err));
    OK(ef_strings_add(names, "a", 1, err));
    OK(ef_strings_add(names, "b", 1, err));
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_text(bad[i].text);
        EVERY_WAY(s, t)
        {
            float *scores = &(float){0};
            size_t count = 3;
            FAILS(
                EF_FORMAT, bad[i].sentence,
                ef_template_quality_read_blocks(&scores, &count, path_of("list"), names, block_sizes[s], thread_counts[t], err));
            ck_assert(scores == NULL && count == 0);
        }
    }
    ef_strings_free(names);
}
END_TEST

START_TEST(subjects_are_those_of_the_first_row_of_each_template)
{
    static const char *const texts[] = {
        "TEMPLATE_ID,SUBJECT_ID,FILENAME,X\n9,4,a.png,\n9,4,b.png,1\n2,7,\"c,d\",2\n9,4,e.png\n-5,7\n",
        "template_id , subject_id\r\n9,4\r\n2,7,x\r\n-5,7,\r\n2,7\r\n\r\n",
        "\xEF\xBB\xBFTEMPLATE_ID,SUBJECT_ID\n2,7\n9,4\n-5,7",
    };
    static const int64_t templates[] = {-5, 2, 9}, owners[] = {7, 7, 4};
    for (size_t i = 0; i < COUNT(texts); i++) {
        write_text(texts[i]);
        for (size_t s = 0; s < COUNT(block_sizes); s++) {
            ef_subjects subjects;
            OK(ef_subjects_read_blocks(&subjects, path_of("list"), block_sizes[s], err));
            ck_assert_uint_eq(subjects.count, 3);
            ck_assert_mem_eq(subjects.template_id, templates, sizeof templates);
            ck_assert_mem_eq(subjects.subject_id, owners, sizeof owners);
            ef_subjects_free(&subjects);
            ck_assert(subjects.count == 0 && subjects.template_id == NULL);
        }
    }
}
END_TEST

START_TEST(every_bad_row_of_subjects_is_named_with_its_line)
{
#define HEADING "TEMPLATE_ID,SUBJECT_ID\n"
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"1,2\n3,4\n", "/list:1: the first two columns must be TEMPLATE_ID,SUBJECT_ID"},
        {"SUBJECT_ID,TEMPLATE_ID\n3,4\n", "it says 'SUBJECT_ID,TEMPLATE_ID'"},
        {HEADING "1,2\n3\n", "/list:3: a row begins with a template id, a comma and a subject id"},
        {HEADING "x,2\n", "/list:2: 'x' is not a template id"},
        {HEADING "1,NaN,3\n", "/list:2: 'NaN' is not a subject id"},
        {HEADING "1,2\n\n1,2\n", "/list:3: the line is blank"},
        {HEADING "1,2\n2,2\n1,3\n2,4\n1,5\n", "/list:4: template 1 is of subject 3 here, and of 2 in line 2"},
        {HEADING "1,2\n7,7\n0,5\n0,5\n0,6\n1,8\nbad\n", "/list:6: template 0 is of subject 6 here, and of 5 in line 4"},
        {HEADING "1,2\n7,7\nbad\n1,8\n", "/list:4: a row begins"},
        {HEADING, "/list: the list holds no templates"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_text(bad[i].text);
        for (size_t s = 0; s < COUNT(block_sizes); s++) {
            ef_subjects subjects = {.count = 3};
            FAILS(EF_FORMAT, bad[i].sentence, ef_subjects_read_blocks(&subjects, path_of("list"), block_sizes[s], err));
            ck_assert(subjects.count == 0 && subjects.template_id == NULL && subjects.subject_id == NULL);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template list");
    TCase *tests = tcase_create("template list");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, pairs_are_those_of_a_plain_reader_however_they_are_read);
    tcase_add_test(tests, matches_without_labels_are_genuine_when_the_subjects_agree);
    tcase_add_test(tests, every_bad_pair_is_named_with_its_line);
    tcase_add_test(tests, files_that_are_no_lists_are_refused);
    tcase_add_test(tests, a_line_of_more_than_a_megabyte_is_no_line);
    tcase_add_test(tests, a_list_may_end_where_a_block_ends);
    tcase_add_test(tests, a_list_may_come_through_a_pipe);
    tcase_add_test(tests, a_read_that_fails_is_told_whenever_it_happens);
    tcase_add_test(tests, images_and_scores_are_read_in_order);
    tcase_add_test(tests, every_bad_image_is_named_with_its_line);
    tcase_add_test(tests, every_bad_score_is_named_with_its_line);
    tcase_add_test(tests, subjects_are_those_of_the_first_row_of_each_template);
    tcase_add_test(tests, every_bad_row_of_subjects_is_named_with_its_line);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
