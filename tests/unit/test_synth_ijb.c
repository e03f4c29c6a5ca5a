/* Made-up template benchmarks: their counts, their structure, their pairs, and the lists against the plan. */
#include "unit.h"

#include "list_files.h"

#include "synth/synth_ijb_face.h"
#include "synth/synth_ijb_list.h"
#include "synth/synth_ijb_plan.h"
#include "synth/synth_recipe.h"

static const synth_ijb *const ijbb = &synth_ijbs[0], *const ijbc = &synth_ijbs[1];

START_TEST(recipes_are_named_as_what_they_make)
{
    for (size_t i = 0; i < SYNTH_RECIPES; i++) {
        const synth_recipe *recipe = &synth_recipes[i];
        const char *made = recipe->pairs != NULL       ? recipe->pairs->name
                           : recipe->templates != NULL ? recipe->templates->name
                           : i + 1 < SYNTH_RECIPES     ? "megaface"
                                                       : "all_pairs";
        ck_assert((recipe->pairs == NULL || recipe->templates == NULL) && recipe->make != NULL);
        ck_assert_str_eq(recipe->name, made);
        ck_assert_int_eq(recipe->usual, recipe->pairs != NULL);
    }
}
END_TEST

START_TEST(whole_plans_have_the_official_counts)
{
    static const struct {
        uint32_t subjects, templates, images;
        uint64_t pairs, genuine;
    } official[SYNTH_IJBS] = {{1845, 12115, 227630, 8010270, 10270}, {3531, 23124, 469375, 15658489, 19557}};
    for (int i = 0; i < SYNTH_IJBS; i++) {
        synth_ijb_plan plan;
        OK(synth_ijb_plan_create(&plan, &synth_ijbs[i], 1.0, 1, err));
        ck_assert_uint_eq(plan.subject_count, official[i].subjects);
        ck_assert_uint_eq(plan.template_count, official[i].templates);
        ck_assert_uint_eq(plan.image_count, official[i].images);
        ck_assert_uint_eq(plan.media_count, synth_ijbs[i].media);
        ck_assert_uint_eq(plan.pair_count, official[i].pairs);
        ck_assert_uint_eq(plan.genuine_count, official[i].genuine);
        uint32_t in_first = 0;
        for (uint32_t j = 0; j < plan.subject_count; j++) {
            in_first += plan.templates[j].gallery == 0;
        }
        ck_assert_uint_eq(in_first, synth_ijbs[i].subjects[0]);
        synth_ijb_plan_free(&plan);
    }
}
END_TEST

/* Templates follow each other without gaps, own their media alone, and every subject has one gallery template and some probes. */
static void check_structure(const synth_ijb_plan *plan)
{
    uint32_t row = 0, *owner = calloc(plan->media_count + 1, sizeof *owner), videos = 0;
    uint32_t *galleries = calloc(plan->subject_count + 1, sizeof *galleries),
             *probes = calloc(plan->subject_count + 1, sizeof *probes);
    for (uint32_t i = 0; i < plan->template_count; i++) {
        const synth_ijb_template *each = &plan->templates[i];
        ck_assert(each->subject >= 1 && each->subject <= plan->subject_count);
        (i < plan->subject_count ? galleries : probes)[each->subject]++;
        ck_assert_uint_eq(each->first, row);
        ck_assert_uint_gt(each->count, 0);
        for (uint32_t end = row + each->count; row < end; row++) {
            const synth_ijb_image *image = &plan->images[row];
            ck_assert_uint_eq(image->owner, i);
            ck_assert(image->medium >= 1 && image->medium <= plan->media_count);
            ck_assert(image->quality == SYNTH_QUALITY_FLOOR || (image->quality >= 900 && image->quality <= SYNTH_QUALITY_MOST));
            if (image->frame > 1) {
                ck_assert_uint_eq(image[-1].medium, image->medium);
                ck_assert_uint_eq(image[-1].frame, image->frame - 1);
            } else {
                ck_assert_uint_eq(owner[image->medium], 0);
                owner[image->medium] = i + 1;
                videos += image->frame == 1;
            }
        }
    }
    ck_assert_uint_eq(row, plan->image_count);
    for (uint32_t i = 1; i <= plan->media_count; i++) {
        ck_assert_uint_ne(owner[i], 0);
    }
    for (uint32_t i = 1; i <= plan->subject_count; i++) {
        ck_assert_uint_eq(galleries[i], 1);
        ck_assert_uint_gt(probes[i], 0);
    }
    ck_assert(plan->template_count < 100 || (videos > 0 && videos < plan->media_count));
    free(owner);
    free(galleries);
    free(probes);
}

/* Pairs are distinct, ascending, labelled by their subjects, and as many as the plan says. */
static void check_pairs(const synth_ijb_plan *plan)
{
    ef_rng *rng;
    uint32_t *others = calloc(plan->template_count, sizeof *others), count, genuine;
    uint64_t pairs = 0, all_genuine = 0;
    OK(ef_rng_create(&rng, 99, 99, err));
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        synth_ijb_pairs(others, &count, &genuine, plan, i, rng);
        ck_assert(genuine <= count && count <= plan->template_count - plan->subject_count);
        for (uint32_t j = 0; j < count; j++) {
            ck_assert(others[j] >= plan->subject_count && others[j] < plan->template_count);
            ck_assert_int_eq(plan->templates[others[j]].subject == plan->templates[i].subject, j < genuine);
            ck_assert(j == 0 || j == genuine || others[j] > others[j - 1]);
        }
        pairs += count;
        all_genuine += genuine;
    }
    ck_assert_uint_eq(pairs, plan->pair_count);
    ck_assert_uint_eq(all_genuine, plan->genuine_count);
    ef_rng_free(rng);
    free(others);
}

START_TEST(plans_of_every_size_hang_together)
{
    static const double scales[] = {1e-9, 0.001, 0.004, 0.02, 0.1, 0.37};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            synth_ijb_plan plan;
            OK(synth_ijb_plan_create(&plan, i % 2 ? ijbb : ijbc, scales[i], seed, err));
            ck_assert_uint_ge(plan.subject_count, 6);
            ck_assert_uint_gt(plan.genuine_count, 0);
            ck_assert_uint_gt(plan.pair_count, plan.genuine_count);
            check_structure(&plan);
            check_pairs(&plan);
            synth_ijb_plan_free(&plan);
        }
    }
    synth_ijb_plan_free(&(synth_ijb_plan){0});
}
END_TEST

static FILE *open_list(const char *below, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/IJBC/%s/%s", folder, below, name);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    return file;
}

/* Galleries and probes: the same rows in both distributions. */
static void check_csv(const synth_ijb_plan *plan, const char *below)
{
    static const char *const names[] = {"ijbc_1N_gallery_G1.csv", "ijbc_1N_gallery_G2.csv", "ijbc_1N_probe_mixed.csv"};
    uint32_t rows = 0;
    for (unsigned list = 0; list < 3; list++) {
        FILE *file = open_list(below, names[list]);
        char line[80], kind[8], rest[20];
        unsigned a, b, medium, sighting, frame;
        ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
        ck_assert_str_eq(line, "TEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID,FRAME_NUM\n");
        while (fgets(line, sizeof line, file) != NULL) {
            int fields = sscanf(line, "%u,%u,%7[a-z]/%u%19[^,],%u,%u", &a, &b, kind, &medium, rest, &sighting, &frame);
            ck_assert_int_eq(fields, strcmp(kind, "frames") == 0 ? 7 : 6);
            ck_assert_str_eq(kind, strchr(line, '_') != NULL ? "frames" : "img");
            ck_assert_uint_eq(plan->templates[a - 1].subject, b);
            ck_assert_uint_eq(a > plan->subject_count ? 2 : plan->templates[a - 1].gallery, list);
            ck_assert_uint_eq(sighting, medium);
            ck_assert_ptr_nonnull(strstr(rest, ".jpg"));
            rows++;
        }
        fclose(file);
    }
    ck_assert_uint_eq(rows, plan->image_count);
}

START_TEST(lists_say_what_is_planned)
{
    synth_ijb_plan plan;
    unsigned number, owner, medium, end = 0, a, b, label;
    OK(synth_ijb_plan_create(&plan, ijbc, 0.01, 4, err));
    OK(synth_ijb_list_write(&plan, folder, false, NULL, err));
    FILE *images = open_list("meta", "ijbc_face_tid_mid.txt"), *scores = open_list("meta", "ijbc_name_5pts_score.txt");
    for (uint32_t i = 0; i < plan.image_count; i++) {
        float at[10];
        double score;
        ck_assert_int_eq(fscanf(images, "%u.jpg %u %u ", &number, &owner, &medium), 3);
        ck_assert(number == i + 1 && owner == plan.images[i].owner + 1 && medium == plan.images[i].medium);
        ck_assert_int_eq(fscanf(scores, "%u.jpg %f %f %f %f %f %f %f %f %f %f %lf ", &number, &at[0], &at[1], &at[2], &at[3],
                                &at[4], &at[5], &at[6], &at[7], &at[8], &at[9], &score),
                         12);
        ck_assert(number == i + 1 && score == plan.images[i].quality / 1000.0);
        ck_assert(at[0] > 0 && at[0] < at[2] && at[1] < at[5] && at[5] < at[7] && at[6] < at[8] && at[9] < 112);
    }
    ck_assert(fgetc(images) == EOF && fgetc(scores) == EOF);
    fclose(images);
    fclose(scores);
    FILE *pairs = open_list("meta", "ijbc_template_pair_label.txt");
    for (uint64_t i = 0; i < plan.pair_count; i++) {
        ck_assert_int_eq(fscanf(pairs, "%u %u %u ", &a, &b, &label), 3);
        ck_assert(a >= end && a <= plan.subject_count && b > plan.subject_count && b <= plan.template_count);
        ck_assert_uint_eq(plan.templates[a - 1].subject == plan.templates[b - 1].subject, label);
        end = a;
    }
    ck_assert(fgetc(pairs) == EOF);
    fclose(pairs);
    check_csv(&plan, "meta");
    synth_ijb_plan_free(&plan);
}
END_TEST

START_TEST(lists_of_nist_have_pairs_without_labels)
{
    synth_ijb_plan plan;
    unsigned a, b;
    uint64_t genuine = 0;
    char name[SYNTH_IJB_NAME_SIZE];
    OK(synth_ijb_plan_create(&plan, ijbc, 0.01, 4, err));
    OK(synth_ijb_list_write(&plan, folder, true, NULL, err));
    FILE *pairs = open_list("protocols", "ijbc_11_G1_G2_matches.csv");
    for (uint64_t i = 0; i < plan.pair_count; i++) {
        ck_assert_int_eq(fscanf(pairs, "%u,%u ", &a, &b), 2);
        ck_assert(a >= 1 && a <= plan.subject_count && b > plan.subject_count && b <= plan.template_count);
        genuine += plan.templates[a - 1].subject == plan.templates[b - 1].subject;
    }
    ck_assert(fgetc(pairs) == EOF);
    fclose(pairs);
    ck_assert_uint_eq(genuine, plan.genuine_count);
    check_csv(&plan, "protocols");
    synth_ijb_image_name(name, &(synth_ijb_image){.medium = 4294967295u, .frame = 4294967295u});
    ck_assert_str_eq(name, "frames/4294967295_4294967295.jpg");
    synth_ijb_image_name(name, &(synth_ijb_image){.medium = 17});
    ck_assert_str_eq(name, "img/17.jpg");
    synth_ijb_plan_free(&plan);
}
END_TEST

START_TEST(a_list_in_the_way_is_an_error)
{
    synth_ijb_plan plan;
    OK(synth_ijb_plan_create(&plan, ijbb, 1e-9, 1, err));
    put("IJBB/meta/ijbb_1N_gallery_S2.csv/in_the_way", "");
    FAILS(EF_IO, "ijbb_1N_gallery_S2.csv: cannot be", synth_ijb_list_write(&plan, folder, false, NULL, err));
    synth_ijb_plan_free(&plan);
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
    synth_ijb_plan plan;
    synth_space space;
    synth_ijb_face *face, *other;
    float a[DIM], b[DIM], mirrored[DIM], again[DIM];
    OK(synth_ijb_plan_create(&plan, ijbc, 0.001, 1, err));
    OK(synth_space_create(&space, DIM, err));
    OK(synth_ijb_face_create(&face, &plan, &space, 1.0, err));
    OK(synth_ijb_face_create(&other, &plan, &space, 1.0, err));
    for (size_t i = 0; i < plan.image_count; i++) {
        synth_ijb_face_draw(a, mirrored, face, i);
        synth_ijb_face_draw(b, NULL, other, plan.image_count - 1 - i);
        synth_ijb_face_draw(b, again, other, i);
        ck_assert_mem_eq(a, b, sizeof a);
        ck_assert_mem_eq(mirrored, again, sizeof mirrored);
        ck_assert(cosine(a, mirrored) > 0.9 && cosine(a, mirrored) < 0.9999);
    }
    synth_ijb_face_free(face);
    synth_ijb_face_free(other);
    synth_ijb_face_free(NULL);
    synth_space_free(&space);
    synth_ijb_plan_free(&plan);
}
END_TEST

/* The mean cosine of the first two frames of many videos; or of their first frames to the next probe's. */
static double mean_cosine(double difficulty, bool same_medium, bool undetected)
{
    synth_ijb_plan plan;
    synth_space space;
    synth_ijb_face *face;
    float a[DIM], b[DIM];
    double sum = 0;
    size_t count = 0;
    OK(synth_ijb_plan_create(&plan, ijbc, 0.05, 1, err));
    OK(synth_space_create(&space, DIM, err));
    OK(synth_ijb_face_create(&face, &plan, &space, difficulty, err));
    for (size_t i = plan.templates[plan.subject_count].first; i + 1 < plan.image_count; i++) {
        const synth_ijb_image *x = &plan.images[i], *y = x + 1;
        bool same_subject = plan.templates[x->owner].subject == plan.templates[y->owner].subject;
        bool low = x->quality == SYNTH_QUALITY_FLOOR || y->quality == SYNTH_QUALITY_FLOOR;
        if (same_subject && (x->medium == y->medium) == same_medium && low == undetected) {
            synth_ijb_face_draw(a, NULL, face, i);
            synth_ijb_face_draw(b, NULL, face, i + 1);
            sum += cosine(a, b);
            count++;
        }
    }
    ck_assert_uint_gt(count, 20);
    synth_ijb_face_free(face);
    synth_space_free(&space);
    synth_ijb_plan_free(&plan);
    return sum / (double)count;
}

START_TEST(frames_are_alike_and_undetected_faces_are_not)
{
    double frames = mean_cosine(1.0, true, false), media = mean_cosine(1.0, false, false);
    ck_assert_double_gt(frames, media + 0.2);
    ck_assert_double_gt(frames, mean_cosine(1.0, true, true) + 0.1);
    ck_assert_double_gt(media, mean_cosine(2.0, false, false) + 0.1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("synth_ijb");
    TCase *tests = tcase_create("synth_ijb");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, recipes_are_named_as_what_they_make);
    tcase_add_test(tests, whole_plans_have_the_official_counts);
    tcase_add_test(tests, plans_of_every_size_hang_together);
    tcase_add_test(tests, lists_say_what_is_planned);
    tcase_add_test(tests, lists_of_nist_have_pairs_without_labels);
    tcase_add_test(tests, a_list_in_the_way_is_an_error);
    tcase_add_test(tests, an_embedding_depends_on_nothing_drawn_before);
    tcase_add_test(tests, frames_are_alike_and_undetected_faces_are_not);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
