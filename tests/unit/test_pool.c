/* Templates: means of media, sums of means, in float32 and in NumPy's order; the same bits in any blocks, passes and threads. */
#include "h5_data.h"

#include <eface/pool.h>

#include "io/hdf5_quiet.h"
#include "linalg/normalise.h"
#include "linalg/vector32.h"

#define MOST_MEDIA 12

static float *plain, *mirrored, *quality;
static int64_t *template_id, *media_id;
static ef_set *set;
static size_t rows, dim;

static void write_set(hid_t type)
{
    ef_set_close(set); /* of an earlier call */
    set = NULL;
    hid_t file = new_file("x.h5");
    put(file, "embeddings", type, H5T_NATIVE_FLOAT, rows, dim, (layout){0}, plain);
    put(file, "embeddings_flip", type, H5T_NATIVE_FLOAT, rows, dim, (layout){0}, mirrored);
    H5Fclose(file);
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
}

/* Images of `templates` templates in `order`: grouped (as IJB lists them), or in any order. */
static void make_images(size_t n, size_t d, size_t templates, bool grouped)
{
    uint64_t seed = n + d;
    rows = n;
    dim = d;
    plain = random_floats(n * d, 41);
    mirrored = random_floats(n * d, 42);
    quality = random_floats(n, 43);
    template_id = malloc(n * sizeof *template_id);
    media_id = malloc(n * sizeof *media_id);
    for (size_t i = 0; i < n; i++) {
        size_t t = grouped ? i * templates / n : next_bits(&seed) % templates;
        template_id[i] = (int64_t)t * 7 - 20;
        media_id[i] = grouped ? (int64_t)(i / 3) : (int64_t)(next_bits(&seed) % MOST_MEDIA) - 4;
        quality[i] += 1.5f;
    }
}

static void set_up(void)
{
    make_folder();
    set = NULL;
    plain = mirrored = quality = NULL;
    template_id = media_id = NULL;
}

static void tear_down(void)
{
    ef_set_close(set);
    free(plain);
    free(mirrored);
    free(quality);
    free(template_id);
    free(media_id);
    remove_folder();
}

/* np.sum(v ** 2) */
static float pairwise(const float *v, size_t n)
{
    float r[8] = {0}, sum = 0.0f;
    if (n < 8) {
        for (size_t k = 0; k < n; k++) {
            sum += v[k] * v[k];
        }
        return sum;
    }
    if (n > 128) {
        size_t half = n / 2 - n / 2 % 8;
        return pairwise(v, half) + pairwise(v + half, n - half);
    }
    for (size_t k = 0; k < n - n % 8; k++) {
        r[k % 8] = k < 8 ? v[k] * v[k] : r[k % 8] + v[k] * v[k];
    }
    sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (size_t k = n - n % 8; k < n; k++) {
        sum += v[k] * v[k];
    }
    return sum;
}

static void plain_unit(float *v, size_t n)
{
    float length = sqrtf(pairwise(v, n));
    for (size_t k = 0; k < n; k++) {
        v[k] /= length;
    }
}

static size_t pooled_dim(const ef_pool_options *options)
{
    return options->flip == EF_FLIP_CONCAT ? 2 * dim : dim;
}

static void plain_image(float *v, size_t row, float weight, const ef_pool_options *options)
{
    size_t n = pooled_dim(options);
    for (size_t k = 0; k < n; k++) {
        float f = k < dim ? plain[row * dim + k] : mirrored[row * dim + k - dim];
        v[k] = options->flip == EF_FLIP_SUM ? f + mirrored[row * dim + k] : f;
    }
    if (options->norm == EF_NORM_UNIT) {
        plain_unit(v, n);
    }
    for (size_t k = 0; options->weight_quality && k < n; k++) {
        v[k] *= weight;
    }
}

/* The template by its definition: every medium by a search through all images.  Returns the number of media. */
static size_t plain_template(double *unit, int64_t id, const size_t *row, const ef_pool_options *options)
{
    size_t n = pooled_dim(options), media = 0;
    float *sum = calloc(n, sizeof *sum), *mean = calloc(n, sizeof *mean), *image = calloc(n, sizeof *image);
    for (int64_t medium = -10; medium < (int64_t)rows + 10; medium++) {
        size_t count = 0;
        memset(mean, 0, n * sizeof *mean);
        for (size_t i = 0; i < rows; i++) {
            if (template_id[i] == id && media_id[i] == medium) {
                plain_image(image, row != NULL ? row[i] : i, quality[i], options);
                for (size_t k = 0; k < n; k++) {
                    mean[k] += image[k];
                }
                count++;
            }
        }
        for (size_t k = 0; count > 1 && k < n; k++) {
            mean[k] /= (float)count;
        }
        if (count > 0 && options->unit_media) {
            plain_unit(mean, n);
        }
        for (size_t k = 0; count > 0 && k < n; k++) {
            sum[k] += mean[k];
        }
        media += count > 0;
    }
    for (size_t k = 0; k < n; k++) {
        unit[k] = (double)sum[k];
    }
    ef_normalise(unit, unit, n);
    free(sum);
    free(mean);
    free(image);
    return media;
}

/* In `ways` of the twelve ways with threads and memory, the first being number `first`: three have every number of threads, and the 24 options every way. */
static void check_pooling(const size_t *row, const ef_pool_options *options, size_t first, size_t ways)
{
    static const int threads[] = {1, 2, 3};
    static const size_t memories[] = {0, 1, 3000, 40000};
    size_t n = pooled_dim(options);
    double *expected = NULL;
    for (size_t i = 0; i < ways; i++) {
        size_t way = (first + 5 * i) % 12;
        ef_pool_options here = *options;
        ef_templates *templates = NULL;
        here.work.threads = threads[way % 3];
        here.work.memory = memories[way / 3];
        OK(ef_pool(&templates, set, row, template_id, media_id, options->weight_quality ? quality : NULL, rows, &here, err));
        ck_assert_uint_eq(templates->dim, n);
        if (expected == NULL) {
            size_t media = 0;
            expected = calloc(templates->count * n, sizeof *expected);
            for (size_t t = 0; t < templates->count; t++) {
                ck_assert(t == 0 || templates->id[t - 1] < templates->id[t]);
                ck_assert_uint_eq(ef_templates_find(templates, templates->id[t]), t);
                ck_assert_uint_eq(ef_templates_find(templates, templates->id[t] + 1), (size_t)-1);
                media += plain_template(expected + t * n, templates->id[t], row, options);
            }
            ck_assert_uint_eq(templates->media_count, media);
            ck_assert_uint_eq(ef_templates_find(templates, INT64_MIN), (size_t)-1);
        }
        ck_assert_mem_eq(templates->unit, expected, templates->count * n * sizeof *expected);
        ef_templates_free(templates);
    }
    free(expected);
}

static void check_all_options(const size_t *row)
{
    for (unsigned bits = 0; bits < 24; bits++) {
        ef_pool_options options = {.flip = (ef_flip)(bits / 8),
                                   .norm = bits & 1 ? EF_NORM_UNIT : EF_NORM_KEEP,
                                   .weight_quality = (bits & 2) != 0,
                                   .unit_media = (bits & 4) != 0};
        check_pooling(row, &options, bits, 3);
    }
}

START_TEST(grouped_images_pool_by_definition)
{
    make_images(300, 37, 25, true);
    write_set(H5T_IEEE_F32LE);
    check_all_options(NULL);
}
END_TEST

START_TEST(scattered_images_pool_by_definition)
{
    make_images(290, 19, 17, false);
    write_set(H5T_IEEE_F32LE);
    check_all_options(NULL);
}
END_TEST

START_TEST(wide_vectors_pool_by_definition)
{
    make_images(120, 300, 9, false);
    write_set(H5T_IEEE_F32LE);
    check_all_options(NULL);
}
END_TEST

START_TEST(rows_in_any_order_pool_by_definition)
{
    uint64_t seed = 3;
    make_images(200, 21, 13, false);
    write_set(H5T_IEEE_F32LE);
    size_t *row = malloc(rows * sizeof *row);
    for (size_t i = 0; i < rows; i++) {
        row[i] = next_bits(&seed) % rows; /* some twice, some never */
    }
    check_all_options(row);
    for (size_t i = 0; i < rows; i++) {
        row[i] = rows - 1 - i;
    }
    check_pooling(row, &(ef_pool_options){.flip = EF_FLIP_SUM, .weight_quality = true}, 0, 12);
    for (size_t i = 0; i < rows; i++) {
        row[i] = i / 2; /* ascending */
    }
    check_pooling(row, &(ef_pool_options){.flip = EF_FLIP_SUM, .weight_quality = true}, 0, 12);
    row[5] = rows;
    ef_templates *templates;
    FAILS(EF_INVALID, "image 5 is row 200",
          ef_pool(&templates, set, row, template_id, media_id, NULL, rows, &(ef_pool_options){.flip = EF_FLIP_NONE}, err));
    free(row);
}
END_TEST

START_TEST(sets_of_several_blocks_pool_by_definition)
{
    make_images(1500, 512, 3, false);
    write_set(H5T_IEEE_F32LE);
    ef_pool_options options = {.flip = EF_FLIP_SUM, .weight_quality = true, .work = {.threads = 2}};
    ef_templates *templates = NULL;
    double expected[512];
    OK(ef_pool(&templates, set, NULL, template_id, media_id, quality, rows, &options, err));
    ck_assert_uint_eq(templates->count, 3);
    for (size_t t = 0; t < 3; t++) {
        plain_template(expected, templates->id[t], NULL, &options);
        ck_assert_mem_eq(templates->unit + t * 512, expected, sizeof expected);
    }
    ef_templates_free(templates);
}
END_TEST

/* Pooling `expected` to fail, whether the block is the first or is read while another is pooled. */
static void check_failure(ef_status expected, const char *sentence)
{
    static const int threads[] = {1, 2, 3};
    static const size_t memories[] = {0, 1, 3000, 40000};
    for (size_t way = 0; way < 12; way++) {
        ef_pool_options options = {.work = {.threads = threads[way % 3], .memory = memories[way / 3]}};
        ef_templates *templates = NULL;
        FAILS(expected, sentence, ef_pool(&templates, set, NULL, template_id, media_id, NULL, rows, &options, err));
        ck_assert_ptr_null(templates);
    }
}

START_TEST(rows_that_cannot_be_pooled_are_named)
{
    make_images(300, 37, 25, true);
    plain[211 * dim + 5] = INFINITY;
    plain[290 * dim] = NAN;
    write_set(H5T_IEEE_F32LE);
    check_failure(EF_FORMAT, "x.h5:/embeddings row 211: not finite");
}
END_TEST

/* Overwrites the chunk that holds a row. */
static void damage_chunk(hid_t file, hsize_t row)
{
    const hsize_t offset[2] = {row, 0};
    unsigned char *junk = calloc(1, 100);
    hid_t data = H5Dopen2(file, "embeddings", H5P_DEFAULT);
    ck_assert_int_ge(H5Dwrite_chunk(data, H5P_DEFAULT, 0, offset, 100, junk), 0);
    H5Dclose(data);
    free(junk);
}

START_TEST(a_damaged_chunk_stops_the_pooling)
{
    make_images(300, 37, 25, true);
    hid_t file = new_file("x.h5");
    put(file, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, rows, dim, (layout){10, dim, 1}, plain);
    damage_chunk(file, 270);
    H5Fclose(file);
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    check_failure(EF_IO, "x.h5:/embeddings: cannot be read: the file is damaged or the disk fails (HDF5: ");
}
END_TEST

START_TEST(half_precision_pools_by_definition)
{
    make_images(150, 16, 8, true);
    for (size_t k = 0; k < rows * dim; k++) { /* numbers of ten bits */
        plain[k] = floorf(plain[k] * 512.0f) / 512.0f;
        mirrored[k] = floorf(mirrored[k] * 512.0f) / 512.0f;
    }
    hid_t type = half_type(H5T_ORDER_LE);
    write_set(type);
    H5Tclose(type);
    check_all_options(NULL);
}
END_TEST

/* Pools images of two numbers each, all of template 9 but for the last. */
static ef_status pool_two(ef_templates **out, size_t n, const float *values, const int64_t *media, const float *weights,
                          ef_pool_options options, ef_error *err)
{
    rows = n;
    dim = 2;
    free(plain); /* of an earlier call */
    free(mirrored);
    free(template_id);
    plain = malloc(n * 2 * sizeof *plain);
    memcpy(plain, values, n * 2 * sizeof *plain);
    mirrored = calloc(n * 2, sizeof *mirrored);
    template_id = malloc(n * sizeof *template_id);
    for (size_t i = 0; i < n; i++) {
        template_id[i] = i + 1 < n ? 9 : 8;
    }
    write_set(H5T_IEEE_F32LE);
    return ef_pool(out, set, NULL, template_id, media, weights, n, &options, err);
}

START_TEST(frames_of_one_video_weigh_as_one_still)
{
    /* mean (1, 1) of three frames + still (2, 3) = (3, 4); the average of all four would be (1.25, 1.5) */
    static const float values[] = {1, 0, 2, 3, 0, 3, 2, 0, 0, -2};
    static const int64_t media[] = {5, 6, 5, 5, 5};
    ef_templates *templates = NULL;
    OK(pool_two(&templates, 5, values, media, NULL, (ef_pool_options){.flip = EF_FLIP_NONE}, err));
    ck_assert_uint_eq(templates->count, 2);
    ck_assert_uint_eq(templates->media_count, 3);
    ck_assert_int_eq(templates->id[0], 8);
    ck_assert_int_eq(templates->id[1], 9);
    ck_assert(templates->unit[0] == 0.0 && templates->unit[1] == -1.0);
    ck_assert(templates->unit[2] == 3.0 / 5.0 && templates->unit[3] == 4.0 / 5.0);
    ef_templates_free(templates);
}
END_TEST

START_TEST(template_without_direction_is_named)
{
    static const float values[] = {1, 0, -1, 0, 0, 1};
    static const int64_t media[] = {5, 6, 5};
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "template 9: its vector is zero",
          pool_two(&templates, 3, values, media, NULL, (ef_pool_options){.flip = EF_FLIP_NONE}, err));
    ck_assert_ptr_null(templates);
}
END_TEST

/* Whether or not anything is divided by its length. */
START_TEST(image_without_direction_is_named)
{
    static const float values[] = {1, 0, 0, 0, 0, 1}, twice[] = {0, 0, 1, 0, 0, 0}, large[] = {1, 0, 3e38f, 3e38f, 0, 1};
    static const int64_t media[] = {5, 6, 5};
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "template 9: row 1: is zero, so it has no direction",
          pool_two(&templates, 3, values, media, NULL, (ef_pool_options){.norm = EF_NORM_UNIT}, err));
    FAILS(EF_FORMAT, "template 9: row 1: is zero, so it has no direction",
          pool_two(&templates, 3, values, media, NULL, (ef_pool_options){.norm = EF_NORM_KEEP}, err));
    FAILS(EF_FORMAT, "template 8: row 2: is zero, so it has no direction (and 1 more template)",
          pool_two(&templates, 3, twice, media, NULL, (ef_pool_options){.norm = EF_NORM_KEEP}, err));
    FAILS(EF_FORMAT, "template 9: row 1 cannot be scaled to unit length",
          pool_two(&templates, 3, large, media, NULL, (ef_pool_options){.norm = EF_NORM_UNIT}, err));
}
END_TEST

START_TEST(medium_without_direction_is_named)
{
    static const float values[] = {1, 0, 2, 0, -2, 0, 0, 1};
    static const int64_t media[] = {5, 6, 6, 5};
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "template 9: one of its media",
          pool_two(&templates, 4, values, media, NULL, (ef_pool_options){.unit_media = true}, err));
}
END_TEST

START_TEST(overflow_is_named)
{
    static const float values[] = {3e38f, 0, 3e38f, 0, 0, 1};
    static const int64_t media[] = {5, 6, 5};
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "template 9: its vector is too large",
          pool_two(&templates, 3, values, media, NULL, (ef_pool_options){.flip = EF_FLIP_NONE}, err));
}
END_TEST

START_TEST(detector_scores_must_be_finite)
{
    static const float values[] = {1, 0, 0, 0, 0, 1}, weights[] = {1, NAN, 1};
    static const int64_t media[] = {5, 6, 5};
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "detector score of image 1",
          pool_two(&templates, 3, values, media, weights, (ef_pool_options){.weight_quality = true}, err));
}
END_TEST

START_TEST(what_is_missing_is_said)
{
    make_images(3, 2, 1, true);
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", rows, dim, plain);
    H5Fclose(file);
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    ef_templates *templates = NULL;
    FAILS(EF_FORMAT, "mirrored images",
          ef_pool(&templates, set, NULL, template_id, media_id, NULL, 3, &(ef_pool_options){.flip = EF_FLIP_SUM}, err));
    FAILS(EF_INVALID, "3 rows",
          ef_pool(&templates, set, NULL, template_id, media_id, NULL, 4, &(ef_pool_options){.flip = EF_FLIP_NONE}, err));
    OK(ef_pool(&templates, set, NULL, template_id, media_id, NULL, 0, &(ef_pool_options){.flip = EF_FLIP_NONE}, err));
    ck_assert_uint_eq(templates->count, 0);
    ck_assert_uint_eq(ef_templates_find(templates, 0), (size_t)-1);
    ef_templates_free(templates);
}
END_TEST

/* np.sqrt(np.sum(v ** 2)) by NumPy 1.24.2 for v = (k * k % 97).astype(np.float32) / np.float32(7) + np.float32(.1) * (k % 5), k = 0 .. n-1 */
START_TEST(lengths_are_numpys)
{
    static const struct {
        size_t n;
        float length;
    } known[] = {
        {3, 0x1.9e14e6p-1f},   {7, 0x1.c75d6p+2f},    {8, 0x1.43eb3ap+3f},    {9, 0x1.bafaccp+3f},
        {100, 0x1.4685b8p+6f}, {128, 0x1.6fbedep+6f}, {129, 0x1.73550ap+6f},  {200, 0x1.cde174p+6f},
        {511, 0x1.74a6a4p+7f}, {512, 0x1.75a1c6p+7f}, {1000, 0x1.0561bap+8f}, {1024, 0x1.09aa0ep+8f},
    };
    float v[1024];
    for (size_t k = 0; k < 1024; k++) {
        v[k] = (float)(k * k % 97) / 7.0f + 0.1f * (float)(k % 5);
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ck_assert(ef_length32(v, known[i].n) == known[i].length);
    }
}
END_TEST

START_TEST(vectors_of_any_length_are_worked_on_element_by_element)
{
    float a[19], b[19], out[20];
    double wide[20];
    float *values = random_floats(38, 7);
    memcpy(a, values, sizeof a);
    memcpy(b, values + 19, sizeof b);
    free(values);
    for (size_t n = 0; n < 19; n++) {
        out[n] = 5.0f;
        wide[n] = 5.0;
        ef_add_multiplied32(out, a, b, n, 0.3f);
        ck_assert(ef_widen32(wide, a, n));
        for (size_t k = 0; k < n; k++) {
            volatile float product = b[k] * 0.3f; /* rounded */
            ck_assert(out[k] == a[k] + product && wide[k] == (double)a[k]);
        }
        ck_assert(out[n] == 5.0f && wide[n] == 5.0);
        for (size_t k = 0; k < n; k++) {
            float before = a[k];
            a[k] = k % 3 == 0 ? NAN : k % 3 == 1 ? INFINITY : -INFINITY;
            ck_assert(!ef_widen32(wide, a, n));
            a[k] = before;
        }
    }
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("pool");
    TCase *tests = tcase_create("pool");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, grouped_images_pool_by_definition);
    tcase_add_test(tests, scattered_images_pool_by_definition);
    tcase_add_test(tests, wide_vectors_pool_by_definition);
    tcase_add_test(tests, rows_in_any_order_pool_by_definition);
    tcase_add_test(tests, sets_of_several_blocks_pool_by_definition);
    tcase_add_test(tests, rows_that_cannot_be_pooled_are_named);
    tcase_add_test(tests, a_damaged_chunk_stops_the_pooling);
    tcase_add_test(tests, half_precision_pools_by_definition);
    tcase_add_test(tests, frames_of_one_video_weigh_as_one_still);
    tcase_add_test(tests, template_without_direction_is_named);
    tcase_add_test(tests, image_without_direction_is_named);
    tcase_add_test(tests, medium_without_direction_is_named);
    tcase_add_test(tests, overflow_is_named);
    tcase_add_test(tests, detector_scores_must_be_finite);
    tcase_add_test(tests, what_is_missing_is_said);
    tcase_add_test(tests, lengths_are_numpys);
    tcase_add_test(tests, vectors_of_any_length_are_worked_on_element_by_element);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
