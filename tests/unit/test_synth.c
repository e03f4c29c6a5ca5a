/* Made-up benchmarks: their counts, their lists read back, and that nothing drawn depends on what else is drawn. */
#include "unit.h"

#include "list_files.h"

#include <eface/id_index.h>

#include "synth/synth_face.h"
#include "synth/synth_list.h"
#include "synth/synth_plan.h"

static const synth_benchmark *benchmark(const char *name)
{
    for (size_t i = 0; i < SYNTH_BENCHMARKS; i++) {
        if (strcmp(synth_benchmarks[i].name, name) == 0) {
            return &synth_benchmarks[i];
        }
    }
    ck_abort_msg("no benchmark %s", name);
}

START_TEST(plans_have_the_official_counts_and_no_pair_twice)
{
    for (size_t b = 0; b < SYNTH_BENCHMARKS; b++) {
        synth_plan plan;
        OK(synth_plan_create(&plan, &synth_benchmarks[b], 1.0, 1, err));
        ck_assert_uint_eq(plan.pair_count, strncmp(plan.benchmark->name, "cfp", 3) == 0 ? 7000 : 6000);
        ck_assert_uint_eq(plan.per_fold * 2 * SYNTH_FOLDS, plan.pair_count);
        bool *used = calloc(plan.image_count, sizeof *used);
        for (size_t i = 0; i < plan.pair_count; i++) {
            const synth_pair *p = &plan.pairs[i];
            ck_assert(p->a < plan.image_count && p->b < plan.image_count && p->a != p->b);
            synth_image x = plan.images[p->a], y = plan.images[p->b];
            ck_assert_int_eq(x.person == y.person, p->genuine);
            ck_assert_int_eq(p->genuine, i / plan.per_fold % 2 == 0);
            uint32_t fold = (uint32_t)(i / plan.per_fold / 2);
            ck_assert_uint_eq((x.person - 1) / plan.benchmark->people, fold);
            ck_assert_uint_eq((y.person - 1) / plan.benchmark->people, fold);
            used[p->a] = used[p->b] = true;
            size_t known = 0;
            for (size_t j = i / plan.per_fold * plan.per_fold; j < i; j++) {
                const synth_pair *q = &plan.pairs[j];
                known += (p->a == q->a && p->b == q->b) || (p->a == q->b && p->b == q->a);
            }
            ck_assert_uint_eq(known, 0);
        }
        size_t unused = 0;
        for (size_t i = 0; i < plan.image_count; i++) {
            unused += !used[i];
        }
        ck_assert(plan.benchmark->lists == SYNTH_SPLITS ? plan.image_count == 7000 : unused == 0);
        free(used);
        synth_plan_free(&plan);
    }
}
END_TEST

START_TEST(a_smaller_plan_has_the_first_pairs_of_each_fold)
{
    for (size_t b = 0; b < SYNTH_BENCHMARKS; b++) {
        synth_plan whole, part;
        OK(synth_plan_create(&whole, &synth_benchmarks[b], 1.0, 7, err));
        OK(synth_plan_create(&part, &synth_benchmarks[b], 0.1, 7, err));
        ck_assert_uint_eq(part.per_fold, whole.per_fold / 10);
        for (size_t i = 0; i < part.pair_count; i++) {
            size_t j = i / part.per_fold * whole.per_fold + i % part.per_fold;
            synth_image a = part.images[part.pairs[i].a], b2 = part.images[part.pairs[i].b];
            synth_image c = whole.images[whole.pairs[j].a], d = whole.images[whole.pairs[j].b];
            ck_assert(a.person == c.person && a.number == c.number && b2.person == d.person && b2.number == d.number);
        }
        synth_plan_free(&whole);
        synth_plan_free(&part);
        OK(synth_plan_create(&part, &synth_benchmarks[b], 1e-9, 7, err));
        ck_assert_uint_eq(part.per_fold, 1);
        synth_plan_free(&part);
    }
}
END_TEST

/* Reads the list back and finds its images in the set: the same pairs, in any order. */
static void check_list(const char *name, double scale, const char *format, const char *argument)
{
    synth_plan plan;
    ef_pair_list list;
    ef_strings *names = NULL;
    ef_id_index *index = NULL;
    OK(synth_plan_create(&plan, benchmark(name), scale, 3, err));
    OK(synth_list_write(&plan, folder, err));
    OK(ef_list_format_find(format)->read(&list, folder, argument, err));
    OK(ef_strings_create(&names, err));
    for (size_t i = 0; i < plan.image_count; i++) {
        char text[SYNTH_NAME_SIZE];
        synth_image_name(text, plan.benchmark, plan.images[i]);
        OK(ef_strings_add(names, text, strlen(text), err));
    }
    size_t *row = calloc(ef_strings_count(list.ids), sizeof *row);
    bool *met = calloc(plan.pair_count, sizeof *met);
    OK(ef_id_index_create(&index, names, name, err));
    OK(ef_id_index_match(row, index, list.ids, err));
    ck_assert_uint_eq(list.count, plan.pair_count);
    ck_assert_int_eq(list.folds, SYNTH_FOLDS);
    size_t met_count = 0;
    for (size_t i = 0; i < list.count; i++) {
        ck_assert_uint_lt(row[list.pairs[i].a], plan.image_count);
        ck_assert_uint_lt(row[list.pairs[i].b], plan.image_count);
        size_t first = 2 * (size_t)list.pairs[i].fold * plan.per_fold + (list.pairs[i].genuine ? 0 : plan.per_fold);
        for (size_t j = first; j < first + plan.per_fold; j++) {
            if (plan.pairs[j].a == row[list.pairs[i].a] && plan.pairs[j].b == row[list.pairs[i].b]) {
                ck_assert(!met[j] && plan.pairs[j].genuine == list.pairs[i].genuine);
                met[j] = true;
                met_count++;
            }
        }
    }
    ck_assert_uint_eq(met_count, plan.pair_count);
    free(row);
    free(met);
    ef_id_index_free(index);
    ef_strings_free(names);
    ef_pair_list_free(&list);
    synth_plan_free(&plan);
}

START_TEST(lists_are_read_back_as_they_were_planned)
{
    static const double scales[] = {1.0, 0.07, 0.001};
    for (size_t i = 0; i < 3; i++) {
        check_list("lfw", scales[i], "lfw-pairs", "lfw/pairs.txt");
        check_list("calfw", scales[i], "two-line", "calfw/pairs_CALFW.txt");
        check_list("cplfw", scales[i], "two-line", "cplfw/pairs_CPLFW.txt");
        check_list("cfp_fp", scales[i], "cfp-split", "cfp/FP");
        check_list("cfp_ff", scales[i], "cfp-split", "cfp/FF");
    }
}
END_TEST

START_TEST(a_list_that_cannot_be_written_leaves_nothing)
{
    synth_plan plan;
    OK(synth_plan_create(&plan, benchmark("lfw"), 0.01, 1, err));
    put("lfw/pairs.txt/in_the_way", "");
    FAILS(EF_IO, "lfw/pairs.txt: cannot be written", synth_list_write(&plan, folder, err));
    char path[128];
    snprintf(path, sizeof path, "%s/lfw", folder);
    DIR *open = opendir(path);
    size_t entries = 0;
    while (readdir(open) != NULL) {
        entries++;
    }
    closedir(open);
    ck_assert_uint_eq(entries, 3); /* ".", ".." and pairs.txt */
    remove_tree(path);
    put("lfw", "a file");
    FAILS(EF_IO, "lfw", synth_list_write(&plan, folder, err));
    synth_plan_free(&plan);
}
END_TEST

enum { DIM = 64 };

static double cosine(const float *a, const float *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < DIM; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return ab / sqrt(aa * bb);
}

START_TEST(an_embedding_depends_on_nothing_drawn_before)
{
    synth_face *face, *other;
    float image[4][DIM], mirrored[4][DIM];
    const synth_benchmark *fp = benchmark("cfp_fp"), *ff = benchmark("cfp_ff"), *lfw = benchmark("lfw");
    OK(synth_face_create(&face, DIM, 1.0, 5, err));
    OK(synth_face_create(&other, DIM, 1.0, 6, err));
    synth_face_draw(face, fp, (synth_image){1, 12}, image[0], mirrored[0]);
    synth_face_draw(face, lfw, (synth_image){1, 12}, image[1], mirrored[1]);
    synth_face_draw(face, ff, (synth_image){1, 12}, image[2], mirrored[2]);
    synth_face_draw(other, fp, (synth_image){1, 12}, image[3], mirrored[3]);
    ck_assert_int_eq(memcmp(image[0], image[2], sizeof image[0]), 0);
    ck_assert_int_eq(memcmp(mirrored[0], mirrored[2], sizeof image[0]), 0);
    ck_assert_double_lt(fabs(cosine(image[0], image[1])), 0.9);
    ck_assert_double_lt(fabs(cosine(image[0], image[3])), 0.9);
    ck_assert_double_gt(cosine(image[0], mirrored[0]), 0.9);
    ck_assert_double_lt(cosine(image[0], mirrored[0]), 0.9999);
    synth_face_free(face);
    synth_face_free(other);
    synth_face_free(NULL);
}
END_TEST

/* The mean cosine of images 1 and `second` of many people. */
static double mean_genuine(const synth_benchmark *which, double difficulty, uint32_t second)
{
    enum { PEOPLE = 300 };
    synth_face *face;
    float a[DIM], b[DIM], mirrored[DIM];
    double sum = 0;
    OK(synth_face_create(&face, DIM, difficulty, 1, err));
    for (uint32_t person = 1; person <= PEOPLE; person++) {
        synth_face_draw(face, which, (synth_image){person, 1}, a, mirrored);
        synth_face_draw(face, which, (synth_image){person, second}, b, mirrored);
        sum += cosine(a, b);
    }
    synth_face_free(face);
    return sum / PEOPLE;
}

START_TEST(harder_images_lie_further_apart)
{
    double easy = mean_genuine(benchmark("lfw"), 1.0, 2);
    ck_assert_double_gt(easy, mean_genuine(benchmark("calfw"), 1.0, 2) + 0.1);
    ck_assert_double_gt(easy, mean_genuine(benchmark("lfw"), 2.0, 2) + 0.1);
    ck_assert_double_gt(mean_genuine(benchmark("cfp_fp"), 1.0, 2), mean_genuine(benchmark("cfp_fp"), 1.0, 12) + 0.1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("synth");
    TCase *tests = tcase_create("synth");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, plans_have_the_official_counts_and_no_pair_twice);
    tcase_add_test(tests, a_smaller_plan_has_the_first_pairs_of_each_fold);
    tcase_add_test(tests, lists_are_read_back_as_they_were_planned);
    tcase_add_test(tests, a_list_that_cannot_be_written_leaves_nothing);
    tcase_add_test(tests, an_embedding_depends_on_nothing_drawn_before);
    tcase_add_test(tests, harder_images_lie_further_apart);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
