/* Plans: which pairs, which folds, and what is refused. */
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include <eface/set_writer.h>

#include "io/hdf5_quiet.h"
#include "evaluate/pair_plan.h"

static char folder[32];
static char path[4][64];

/* Writes a set of `rows` two-dimensional vectors and, when pairs > 0, `issame` for that many pairs, alternately 1 and 0. */
static ef_set *make_set(size_t rows, size_t pairs)
{
    ef_set_writer *writer = NULL;
    float *values = malloc(2 * rows * sizeof *values);
    int64_t *issame = malloc((pairs + 1) * sizeof *issame);
    for (size_t i = 0; i < 2 * rows; i++) {
        values[i] = (float)(1 + i * i % 17);
    }
    for (size_t i = 0; i < pairs; i++) {
        issame[i] = i % 2 == 0;
    }
    OK(ef_set_writer_create(&writer, path[0], err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, rows, 2, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, rows, values, err));
    if (pairs > 0) {
        OK(ef_set_writer_integers(writer, EF_ISSAME, issame, pairs, 1, err));
    }
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    free(values);
    free(issame);
    ef_set *set = NULL;
    OK(ef_set_open(&set, path[0], NULL, err));
    return set;
}

static void write_text(const char *file, const char *text)
{
    FILE *stream = fopen(file, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    fclose(stream);
}

static ef_protocol *make_protocol(const char *text)
{
    ef_protocol *protocol = NULL;
    write_text(path[1], text);
    OK(ef_protocol_load(&protocol, path[1], err));
    return protocol;
}

static void setup(void)
{
    static const char *const names[] = {"set.h5", "mine.ini", "pairs.csv", "x"};
    strcpy(folder, "/tmp/eface-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int i = 0; i < 4; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
    }
}

static void teardown(void)
{
    for (int i = 0; i < 4; i++) {
        unlink(path[i]);
    }
    rmdir(folder);
}

/* The sizes of the folds of a plan over `pairs` pairs in `folds` folds, which must be contiguous. */
static void check_folds(size_t pairs, int folds, const size_t *sizes)
{
    char text[128];
    snprintf(text, sizeof text, "[lists]\nfolds = %d\n[verify-pairs]\nauc =\n", folds);
    ef_set *set = make_set(2 * pairs, pairs);
    ef_protocol *protocol = make_protocol(text);
    ef_plan *plan = NULL;
    OK(ef_plan_create(&plan, protocol, set, &(ef_evaluate_options){0}, err));
    ck_assert_int_eq(plan->folds, folds);
    ck_assert_uint_eq(plan->count, pairs);
    size_t next = 0;
    for (int k = 0; k < folds; k++) {
        for (size_t i = 0; i < sizes[k]; i++) {
            ck_assert_int_eq(plan->fold[next++], k);
        }
    }
    ck_assert_uint_eq(next, pairs);
    ck_assert_uint_eq(plan->rows[pairs - 1].a, 2 * pairs - 2);
    ck_assert_uint_eq(plan->rows[pairs - 1].b, 2 * pairs - 1);
    ef_plan_free(plan);
    ef_protocol_free(protocol);
    ef_set_close(set);
}

START_TEST(contiguous_folds_are_those_of_sklearn_kfold)
{
    /* sklearn.model_selection.KFold(10).split(range(6003)): the first 6003 mod 10 folds have one more. */
    check_folds(6003, 10, (const size_t[]){601, 601, 601, 600, 600, 600, 600, 600, 600, 600});
    check_folds(6000, 10, (const size_t[]){600, 600, 600, 600, 600, 600, 600, 600, 600, 600});
    check_folds(11, 4, (const size_t[]){3, 3, 3, 2});
}
END_TEST

START_TEST(a_skipped_pair_does_not_shift_the_folds_of_the_others)
{
    ef_set_writer *writer = NULL;
    ef_strings *ids = NULL;
    static const float values[] = {1, 2, 2, 1, 3, 1, 1, 4, 5, 1, 1, 1};
    OK(ef_strings_create(&ids, err));
    for (char name = 'a'; name <= 'f'; name++) {
        OK(ef_strings_add(ids, &name, 1, err));
    }
    OK(ef_set_writer_create(&writer, path[0], err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, 6, 2, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 6, values, err));
    OK(ef_set_writer_strings(writer, EF_IDS, ids, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    ef_strings_free(ids);
    write_text(path[2], "a,b,1\na,c,0\nz,b,1\na,d,0\ne,f,1\nz,y,0\n");

    ef_set *set = NULL;
    ef_plan *plan = NULL;
    ef_evaluate_options options = {.pairs = path[2]};
    ef_protocol *protocol = make_protocol("[lists]\nfolds = 3\n[verify-pairs]\nauc =\n");
    OK(ef_set_open(&set, path[0], NULL, err));
    FAILS(EF_FORMAT, "pairs.csv:3: no image 'z'", ef_plan_create(&plan, protocol, set, &options, err));
    options.skip_missing = true;
    OK(ef_plan_create(&plan, protocol, set, &options, err));
    static const int folds[] = {0, 0, 1, 2}; /* of six pairs in three folds the third and the sixth are gone */
    ck_assert_uint_eq(plan->count, 4);
    ck_assert_uint_eq(plan->left_out, 2);
    ck_assert_mem_eq(plan->fold, folds, sizeof folds);
    ck_assert_uint_eq(plan->genuine_count, 2);
    ck_assert_uint_eq(ef_strings_count(plan->notes), 1); /* that pairs were left out */
    ef_plan_free(plan);
    ef_protocol_free(protocol);
    ef_set_close(set);
}
END_TEST

START_TEST(fewer_pairs_than_folds_means_no_folds)
{
    ef_set *set = make_set(8, 4);
    ef_protocol *protocol = make_protocol("[lists]\nfolds = 5\n[verify-pairs]\nauc =\n");
    ef_plan *plan = NULL;
    OK(ef_plan_create(&plan, protocol, set, &(ef_evaluate_options){0}, err));
    ck_assert_int_eq(plan->folds, 0);
    ck_assert_ptr_null(plan->fold);
    ef_plan_free(plan);
    ef_protocol_free(protocol);
    ef_set_close(set);
}
END_TEST

START_TEST(a_protocol_is_read_whole)
{
    ef_protocol *protocol = make_protocol("; comment\n[protocol]\ntitle = A: b ; c\nheading = H\ncite = One,\n  two\nfolder = f\n"
                                          "convention = insightface\n[lists]\npairs = csv some file.csv\nfolds = 7\n"
                                          "[expect]\npairs = 12\nfolds = 3\n[embeddings]\nflip = concat\n"
                                          "[verify-pairs]\naccuracy =\ntar_at_far = 1e-3 0.25\n");
    ck_assert_str_eq(protocol->name, "mine");
    ck_assert_str_eq(protocol->title, "A: b");
    ck_assert_str_eq(protocol->heading, "H");
    ck_assert_str_eq(protocol->cite, "One, two");
    ck_assert_str_eq(protocol->folder, "f");
    ck_assert_str_eq(protocol->list_format->name, "csv");
    ck_assert_str_eq(protocol->list_argument, "some file.csv");
    ck_assert_int_eq(protocol->folds, 7);
    ck_assert_int_eq(protocol->convention, EF_INSIGHTFACE);
    ck_assert_int_eq(protocol->flip, EF_FLIP_CONCAT);
    ck_assert_uint_eq(protocol->tasks, EF_VERIFY_PAIRS);
    ck_assert(protocol->expect_pairs.known && protocol->expect_pairs.count == 12 && protocol->expect_pairs.line == 13);
    ck_assert(protocol->expect_folds.known && !protocol->expect_genuine.known);
    ck_assert_uint_eq(protocol->metric_count, 3);
    ck_assert_str_eq(protocol->metrics[0].metric->name, "accuracy");
    ck_assert_double_eq(protocol->metrics[2].point, 0.25);
    ef_protocol_free(protocol);
}
END_TEST

START_TEST(columns_of_nist_have_their_usual_names_unless_a_protocol_says_otherwise)
{
    ef_protocol *protocol = make_protocol("[lists]\nprobe = p.csv\nmatches = m.csv\n[identify]\ncmc = 1\n");
    ck_assert_str_eq(protocol->template_files[EF_FILE_MATCHES], "m.csv");
    ck_assert_str_eq(protocol->image_column, "FILENAME");
    ck_assert_str_eq(protocol->media_column, "SIGHTING_ID");
    ef_protocol_free(protocol);
    protocol = make_protocol("[lists]\nprobe = p.csv\nimage_column = FILE\nmedia_column = VIDEO\n[identify]\ncmc = 1\n");
    ck_assert_str_eq(protocol->image_column, "FILE");
    ck_assert_str_eq(protocol->media_column, "VIDEO");
    ef_protocol_free(protocol);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");
    ef_hdf5_quiet();
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, contiguous_folds_are_those_of_sklearn_kfold);
    tcase_add_test(tests, a_skipped_pair_does_not_shift_the_folds_of_the_others);
    tcase_add_test(tests, fewer_pairs_than_folds_means_no_folds);
    tcase_add_test(tests, a_protocol_is_read_whole);
    tcase_add_test(tests, columns_of_nist_have_their_usual_names_unless_a_protocol_says_otherwise);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
