/* Sets read from HDF5: every way to store the numbers, every name, every mistake. */
#include "h5_data.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <eface/set.h>

#include "io/hdf5_quiet.h"
#include "io/to_float.h"
#include "io/widen.h"

#define ROWS 53
#define DIM  37

static float *values; /* ROWS x DIM */

static void set_up(void)
{
    make_folder();
    values = random_floats(ROWS * DIM, 7);
}

static void tear_down(void)
{
    free(values);
    remove_folder();
}

static ef_set *open_set(const char *location, const char *preferred)
{
    ef_set *set = NULL;
    OK(ef_set_open(&set, location, preferred, err));
    return set;
}

/* "x.h5" in the folder, with a group: path_of() and ":/group". */
static const char *location_of(const char *name, const char *group)
{
    static char text[300];
    snprintf(text, sizeof text, "%s:%s", path_of(name), group);
    return text;
}

/* Opens "x.h5" and expects a sentence with `text`. */
static void refuses(ef_status status, const char *text)
{
    ef_set *set = NULL;
    FAILS(status, text, ef_set_open(&set, path_of("x.h5"), NULL, err));
    FAILS(status, "x.h5", ef_set_open(&set, path_of("x.h5"), NULL, err));
    ck_assert_ptr_null(set);
}

/* Expects that "x.h5" holds exactly `expected`, read in one go, row by row from the end, and in odd blocks. */
static void holds(const char *name, const double *expected, size_t rows, size_t dim)
{
    static const size_t blocks[] = {1000000, 1, 7, 50};
    ef_set *set = open_set(path_of(name), NULL);
    ck_assert_uint_eq(ef_set_rows(set), rows);
    ck_assert_uint_eq(ef_set_dim(set), dim);
    double *got = malloc(rows * dim * sizeof *got);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        memset(got, 1, rows * dim * sizeof *got);
        for (size_t end = rows; end > 0;) {
            size_t count = end < blocks[b] ? end : blocks[b];
            end -= count;
            OK(ef_set_read_reals(set, EF_EMBEDDINGS, end, count, got + end * dim, err));
        }
        ck_assert_mem_eq(got, expected, rows * dim * sizeof *got);
    }
    float *floats = malloc(rows * dim * sizeof *floats);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        memset(floats, 1, rows * dim * sizeof *floats);
        for (size_t end = rows; end > 0;) {
            size_t count = end < blocks[b] ? end : blocks[b];
            end -= count;
            OK(ef_set_read_floats(set, EF_EMBEDDINGS, end, count, floats + end * dim, err));
        }
        for (size_t i = 0; i < rows * dim; i++) {
            float single = (float)expected[i];
            ck_assert_mem_eq(&floats[i], &single, sizeof single);
        }
    }
    free(floats);
    free(got);
    ef_set_close(set);
}

START_TEST(every_way_to_store_a_number_reads_the_same)
{
    hid_t halves[2] = {half_type(H5T_ORDER_LE), half_type(H5T_ORDER_BE)};
    const hid_t types[] = {halves[0],      halves[1],      H5T_IEEE_F32LE,  H5T_IEEE_F32BE,
                           H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_NATIVE_FLOAT};
    static const layout layouts[] = {{0, 0, 0}, {10, 37, 0}, {10, 37, 4}, {53, 37, 1}, {7, 5, 6}, {1, 1, 0}, {53, 1, 1}};
    double expected[ROWS * DIM];
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        /* Multiples of 2^-10 in (-1, 1) are exact in all of them. */
        for (size_t i = 0; i < ROWS * DIM; i++) {
            values[i] = floorf(values[i] * 1024.0f) / 1024.0f;
            expected[i] = (double)values[i];
        }
        for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
            hid_t file = new_file("x.h5");
            put(file, "embeddings", types[t], H5T_NATIVE_FLOAT, ROWS, DIM, layouts[l], values);
            H5Fclose(file);
            holds("x.h5", expected, ROWS, DIM);
        }
    }
    H5Tclose(halves[0]);
    H5Tclose(halves[1]);
}
END_TEST

START_TEST(doubles_keep_all_their_bits)
{
    double exact[12] = {0.1, -1e30, 5e-324, 1.0 / 3.0, -0.0, 2e-308, 1e-300, 3.5, -7.25, 1e16 + 2, 0.3, 1.0};
    hid_t file = new_file("x.h5");
    put(file, "embeddings", H5T_IEEE_F64BE, H5T_NATIVE_DOUBLE, 4, 3, (layout){0}, exact);
    H5Fclose(file);
    holds("x.h5", exact, 4, 3);
}
END_TEST

/* The definition of binary16. */
static double half_value(unsigned bits)
{
    int exponent = (int)(bits >> 10 & 31);
    double mantissa = (double)(bits & 1023);
    double value = exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024.0 + mantissa, exponent - 25);
    return bits & 0x8000 ? -value : value;
}

START_TEST(every_half_is_widened_exactly_in_either_byte_order)
{
    enum { N = 65536 };
    uint16_t *in = malloc(N * sizeof *in), *swapped = malloc(N * sizeof *swapped);
    double *out = malloc(N * sizeof *out), *out_swapped = malloc(N * sizeof *out_swapped);
    for (unsigned i = 0; i < N; i++) {
        in[i] = (uint16_t)i;
        swapped[i] = (uint16_t)(i << 8 | i >> 8);
    }
    ef_widen(out, in, N, 2, false);
    ef_widen(out_swapped, swapped, N, 2, true);
    for (unsigned i = 0; i < N; i++) {
        double alone;
        ef_widen(&alone, &in[i], 1, 2, false); /* fewer than eight go another way */
        if ((i & 0x7fff) > 0x7c00) {
            ck_assert(isnan(out[i]) && isnan(out_swapped[i]) && isnan(alone));
        } else if ((i & 0x7fff) == 0x7c00) {
            ck_assert(isinf(out[i]) && out_swapped[i] == out[i] && alone == out[i] && signbit(out[i]) == (int)(i >> 15));
        } else {
            double expected = half_value(i);
            ck_assert_msg(memcmp(&out[i], &expected, sizeof expected) == 0, "%04x is %a, not %a", i, out[i], expected);
            ck_assert_mem_eq(&out_swapped[i], &expected, sizeof expected);
            ck_assert_mem_eq(&alone, &expected, sizeof expected);
        }
    }
    free(in);
    free(swapped);
    free(out);
    free(out_swapped);
}
END_TEST

START_TEST(chunks_larger_than_the_cache_read_the_same)
{
    enum { N = 3000, D = 256 };
    static const layout layouts[] = {{3000, 256, 1}, {2000, 8, 1}, {2000, 8, 0}, {1500, 256, 0}};
    float *many = random_floats((size_t)N * D, 11);
    double *expected = malloc((size_t)N * D * sizeof *expected);
    for (size_t i = 0; i < (size_t)N * D; i++) {
        expected[i] = (double)many[i];
    }
    for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
        hid_t file = new_file("x.h5");
        put(file, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, N, D, layouts[l], many);
        H5Fclose(file);
        ef_set *set = open_set(path_of("x.h5"), NULL);
        double *got = malloc((size_t)N * D * sizeof *got);
        for (size_t first = 0; first < N; first += 300) {
            OK(ef_set_read_reals(set, EF_EMBEDDINGS, first, 300, got + first * D, err));
        }
        ck_assert_mem_eq(got, expected, (size_t)N * D * sizeof *got);
        free(got);
        ef_set_close(set);
    }
    free(many);
    free(expected);
}
END_TEST

START_TEST(rows_beyond_the_end_are_refused)
{
    double row[DIM];
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, DIM, values);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    FAILS(EF_INVALID, "it has 53", ef_set_read_reals(set, EF_EMBEDDINGS, ROWS, 1, row, err));
    FAILS(EF_INVALID, "it has 53", ef_set_read_reals(set, EF_EMBEDDINGS, 5, SIZE_MAX, row, err));
    OK(ef_set_read_reals(set, EF_EMBEDDINGS, ROWS, 0, row, err));
    ef_set_close(set);
}
END_TEST

START_TEST(all_aliases_are_known)
{
    static const struct {
        ef_field field;
        const char *names[5];
    } known[] = {
        {EF_EMBEDDINGS, {"embeddings", "features", "feats", "embs", "array"}},
        {EF_EMBEDDINGS_FLIP, {"embeddings_flip", "embs_f", "features_flip"}},
        {EF_IDS, {"ids", "names", "paths", "filenames", "image_name"}},
        {EF_LABELS, {"labels", "subjects", "identity"}},
        {EF_TEMPLATES, {"templates", "template_id"}},
        {EF_MEDIA, {"media", "media_id"}},
        {EF_QUALITY, {"quality", "faceness", "face_scores"}},
        {EF_ISSAME, {"issame"}},
        {EF_PAIRS, {"pairs"}},
        {EF_FOLDS, {"folds"}},
        {EF_SCORES, {"scores"}},
        {EF_TEMPLATE_PAIRS, {"template_pairs"}},
        {EF_GALLERY_1, {"gallery_1"}},
        {EF_GALLERY_2, {"gallery_2"}},
        {EF_PROBE, {"probe"}},
        {EF_NOISY, {"noisy"}},
        {EF_GROUPS, {"groups", "cameras", "camera"}},
        {EF_IS_PROBE, {"is_probe"}},
    };
    static const char text[4][4] = {"a", "bcde", "xyz", ""};
    static const int numbers[12] = {1, 0, 1, 1, 0, 0, 1, 0};
    char name[300];
    hid_t string = H5Tcopy(H5T_C_S1);
    H5Tset_size(string, 4);
    H5Tset_strpad(string, H5T_STR_NULLPAD);
    ck_assert_uint_eq(sizeof known / sizeof *known, EF_FIELD_COUNT);
    for (size_t f = 0; f < sizeof known / sizeof *known; f++) {
        for (size_t i = 0; i < 5 && known[f].names[i] != NULL; i++) {
            const char *link = known[f].names[i];
            hid_t file = new_file("x.h5");
            close_group(file, "lfw");
            hid_t group = H5Gopen2(file, "lfw", H5P_DEFAULT);
            switch (known[f].field) {
            case EF_EMBEDDINGS: put_floats(group, link, 4, 2, values); break;
            case EF_EMBEDDINGS_FLIP: put_floats(group, link, 4, 2, values); break;
            case EF_QUALITY:
            case EF_SCORES: put_floats(group, link, 4, 0, values); break;
            case EF_IDS: put(group, link, string, string, 4, 0, (layout){0}, text); break;
            case EF_TEMPLATE_PAIRS: put(group, link, H5T_STD_I32LE, H5T_NATIVE_INT, 4, 3, (layout){0}, numbers); break;
            case EF_GALLERY_1:
            case EF_GALLERY_2:
            case EF_PROBE:
            case EF_PAIRS: put(group, link, H5T_STD_I16BE, H5T_NATIVE_INT, 4, 2, (layout){0}, numbers); break;
            default: put(group, link, H5T_STD_U8LE, H5T_NATIVE_INT, 4, 0, (layout){0}, numbers); break;
            }
            if (known[f].field != EF_EMBEDDINGS) {
                put_floats(group, "embeddings", 4, 2, values);
            }
            H5Gclose(group);
            H5Fclose(file);
            ef_set *set = open_set(path_of("x.h5"), "lfw");
            for (int other = 0; other < EF_FIELD_COUNT; other++) {
                bool there = other == EF_EMBEDDINGS || other == (int)known[f].field;
                ck_assert_msg(ef_set_has(set, (ef_field)other) == there, "%s and field %d", link, other);
                ck_assert_uint_eq(ef_set_field_rows(set, (ef_field)other), there ? 4 : 0);
            }
            snprintf(name, sizeof name, "%s:/lfw/%s", path_of("x.h5"), link);
            ck_assert_str_eq(ef_set_field_name(set, known[f].field), name);
            ef_set_close(set);
        }
    }
    H5Tclose(string);
}
END_TEST

START_TEST(a_group_is_found_as_asked)
{
    char name[300];
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    close_group(file, "lfw");
    close_group(file, "deep");
    close_group(file, "deep/er");
    put_floats(file, "lfw/feats", 4, 2, values);
    put_floats(file, "deep/er/array", 5, 2, values);
    put_floats(file, "scores", 6, 0, values);
    H5Fclose(file);
    static const struct {
        const char *group, *preferred, *expected;
        size_t rows;
    } cases[] = {{NULL, NULL, "/", 3},
                 {NULL, "lfw", "/lfw", 4},
                 {NULL, "cfp", "/", 3},
                 {NULL, "scores", "/", 3},
                 {NULL, "deep/er", "/deep/er", 5},
                 {NULL, "", "/", 3},
                 {"/lfw", NULL, "/lfw", 4},
                 {"/lfw/", "cfp", "/lfw", 4},
                 {"/", "lfw", "/", 3},
                 {"//deep//er", "lfw", "/deep/er", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *location = cases[i].group != NULL ? location_of("x.h5", cases[i].group) : path_of("x.h5");
        ef_set *set = open_set(location, cases[i].preferred);
        ck_assert_str_eq(ef_set_group(set), cases[i].expected);
        ck_assert_uint_eq(ef_set_rows(set), cases[i].rows);
        ck_assert_str_eq(ef_set_file(set), path_of("x.h5"));
        bool is_root = cases[i].expected[1] == '\0';
        snprintf(name, sizeof name, "%s%s%s", path_of("x.h5"), is_root ? "" : ":", is_root ? "" : cases[i].expected);
        ck_assert_str_eq(ef_set_name(set), name);
        snprintf(name, sizeof name, "%s:%s/ids", path_of("x.h5"), is_root ? "" : cases[i].expected);
        ck_assert_str_eq(ef_set_field_name(set, EF_IDS), name);
        ef_set_close(set);
    }
}
END_TEST

START_TEST(a_group_that_is_missing_is_told_apart_from_its_neighbours)
{
    ef_set *set = NULL;
    hid_t file = new_file("x.h5");
    close_group(file, "agedb");
    close_group(file, "cfp_fp");
    close_group(file, "cfp_fp/inner");
    put_floats(file, "embeddings", 3, 2, values);
    H5Fclose(file);
    FAILS(EF_FORMAT, "has no group /agebd; did you mean /agedb? (groups in /: agedb, cfp_fp)",
          ef_set_open(&set, location_of("x.h5", "/agebd"), NULL, err));
    FAILS(EF_FORMAT, "has no group /cfp_fp/iner; did you mean /cfp_fp/inner? (groups in /cfp_fp: inner)",
          ef_set_open(&set, location_of("x.h5", "/cfp_fp/iner/most"), NULL, err));
    FAILS(EF_FORMAT, "has no group /megaface (groups in /: agedb, cfp_fp)",
          ef_set_open(&set, location_of("x.h5", "/megaface"), NULL, err));
    FAILS(EF_FORMAT, "/embeddings is a dataset, not a group", ef_set_open(&set, location_of("x.h5", "/embeddings"), NULL, err));
    FAILS(EF_FORMAT, "has no embeddings", ef_set_open(&set, path_of("x.h5"), "agedb", err));
    char slip[300];
    snprintf(slip, sizeof slip, "%s:agedb", path_of("x.h5"));
    FAILS(EF_IO, "x.h5:/agedb", ef_set_open(&set, slip, NULL, err));
    FAILS(EF_INVALID, "names no file", ef_set_open(&set, ":/lfw", NULL, err));
}
END_TEST

START_TEST(a_location_splits_at_its_last_colon_and_slash)
{
    const char *group = "unset";
    ck_assert_uint_eq(ef_set_split("a.h5", &group), 4);
    ck_assert_ptr_null(group);
    ck_assert_uint_eq(ef_set_split("a.h5:/lfw", &group), 4);
    ck_assert_str_eq(group, "/lfw");
    ck_assert_uint_eq(ef_set_split("c:/d/a.h5:/x:y", &group), 9);
    ck_assert_str_eq(group, "/x:y");
    char path[200], inside[300];
    snprintf(path, sizeof path, "%s/odd:", folder);
    snprintf(inside, sizeof inside, "%s/a.h5", path);
    mkdir(path, 0777);
    fclose(fopen(inside, "w"));
    ck_assert_uint_eq(ef_set_split(inside, &group), strlen(inside));
    ck_assert_ptr_null(group);
    unlink(inside);
    rmdir(path);
}
END_TEST

START_TEST(the_model_comes_from_the_nearest_group)
{
    static const struct {
        bool variable;
        H5T_str_t padding;
    } kinds[] = {{true, H5T_STR_NULLTERM}, {false, H5T_STR_NULLTERM}, {false, H5T_STR_NULLPAD}, {false, H5T_STR_SPACEPAD}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        hid_t file = new_file("x.h5");
        put_floats(file, "embeddings", 3, 2, values);
        close_group(file, "lfw");
        close_group(file, "cfp");
        close_group(file, "lfw/deep");
        close_group(file, "lfw/deep/er");
        put_floats(file, "lfw/embeddings", 3, 2, values);
        put_floats(file, "cfp/embeddings", 3, 2, values);
        put_floats(file, "lfw/deep/er/embeddings", 3, 2, values);
        ef_set *set = open_set(path_of("x.h5"), "lfw");
        ck_assert_ptr_null(ef_set_model(set));
        ef_set_close(set);
        hid_t space = H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, kinds[k].variable ? H5T_VARIABLE : 20);
        H5Tset_strpad(type, kinds[k].padding);
        H5Tset_cset(type, H5T_CSET_UTF8);
        const char *names[2] = {"R\xC3\xA9seau 50           ", "of the root         "};
        if (kinds[k].padding != H5T_STR_SPACEPAD) {
            names[0] = "R\xC3\xA9seau 50\0\0\0\0\0\0\0\0\0\0";
            names[1] = "of the root\0\0\0\0\0\0\0\0";
        }
        static const char *const places[2] = {"/lfw", "/"};
        for (size_t i = 0; i < 2; i++) {
            hid_t group = H5Gopen2(file, places[i], H5P_DEFAULT);
            hid_t attribute = H5Acreate2(group, "model", type, space, H5P_DEFAULT, H5P_DEFAULT);
            ck_assert_int_ge(H5Awrite(attribute, type, kinds[k].variable ? (const void *)&names[i] : names[i]), 0);
            H5Aclose(attribute);
            H5Gclose(group);
        }
        H5Tclose(type);
        H5Sclose(space);
        H5Fclose(file);
        set = open_set(path_of("x.h5"), "lfw");
        ck_assert_str_eq(ef_set_model(set), "R\xC3\xA9seau 50");
        ef_set_close(set);
        set = open_set(path_of("x.h5"), "lfw/deep/er");
        ck_assert_str_eq(ef_set_model(set), "R\xC3\xA9seau 50");
        ef_set_close(set);
        set = open_set(path_of("x.h5"), "cfp");
        ck_assert_str_eq(ef_set_model(set), "of the root");
        ef_set_close(set);
    }
}
END_TEST

START_TEST(a_model_that_is_no_string_is_refused)
{
    hid_t file = new_file("x.h5"), space = H5Screate(H5S_SCALAR);
    put_floats(file, "embeddings", 3, 2, values);
    H5Aclose(H5Acreate2(file, "model", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    refuses(EF_FORMAT, "its attribute model must be one string");
}
END_TEST

static void check_strings(ef_field field, const char *const *expected, size_t count)
{
    ef_strings *strings = NULL;
    ef_set *set = open_set(path_of("x.h5"), NULL);
    ck_assert(ef_set_is_text(set, field));
    OK(ef_set_read_strings(set, field, &strings, err));
    ck_assert_uint_eq(ef_strings_count(strings), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(ef_strings_at(strings, i), expected[i]);
    }
    ef_strings_free(strings);
    ef_set_close(set);
}

START_TEST(strings_of_every_kind_are_read)
{
    static const char *const names[5] = {"a/b_0001.jpg", "", "twelve bytes", " J\xC3\xBCrg ", "x"};
    static const char *const trimmed[5] = {"a/b_0001.jpg", "", "twelve bytes", " J\xC3\xBCrg", "x"};
    for (int kind = 0; kind < 5; kind++) {
        for (int charset = 0; charset < 2; charset++) {
            static const H5T_str_t paddings[] = {H5T_STR_NULLPAD, H5T_STR_SPACEPAD, H5T_STR_NULLTERM};
            H5T_str_t padding = paddings[kind % 3];
            size_t size = padding == H5T_STR_NULLTERM ? 13 : 12;
            char fixed[5 * 13];
            hid_t type = H5Tcopy(H5T_C_S1), file = new_file("x.h5");
            H5Tset_size(type, kind < 3 ? size : H5T_VARIABLE);
            H5Tset_strpad(type, padding);
            H5Tset_cset(type, charset == 0 ? H5T_CSET_ASCII : H5T_CSET_UTF8);
            memset(fixed, padding == H5T_STR_SPACEPAD ? ' ' : '\0', sizeof fixed);
            for (size_t i = 0; i < 5; i++) {
                memcpy(fixed + i * size, names[i], strlen(names[i]));
            }
            layout how = kind % 2 == 0 ? (layout){0} : (layout){2, 0, 3};
            put_floats(file, "embeddings", 5, 2, values);
            put(file, "names", type, type, 5, 0, how, kind < 3 ? (const void *)fixed : names);
            put(file, "labels", type, type, 5, 0, how, kind < 3 ? (const void *)fixed : names);
            H5Tclose(type);
            H5Fclose(file);
            check_strings(EF_IDS, kind == 1 ? trimmed : names, 5);
            check_strings(EF_LABELS, kind == 1 ? trimmed : names, 5);
        }
    }
}
END_TEST

START_TEST(many_strings_are_read_in_blocks)
{
    enum { N = 40000 };
    static char text[N][40];
    static const char *pointer[N];
    for (size_t i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "%zu/%zx", i * 2654435761u, i);
        pointer[i] = text[i];
    }
    for (int variable = 0; variable < 2; variable++) {
        hid_t type = H5Tcopy(H5T_C_S1), file = new_file("x.h5");
        H5Tset_size(type, variable ? H5T_VARIABLE : sizeof text[0]);
        put(file, "names", type, type, N, 0, (layout){0}, variable ? (const void *)pointer : text);
        float *rows = random_floats(N, 3);
        put_floats(file, "embeddings", N, 1, rows);
        free(rows);
        H5Tclose(type);
        H5Fclose(file);
        check_strings(EF_IDS, pointer, N);
    }
}
END_TEST

static void check_integers(ef_field field, const int64_t *expected, size_t count)
{
    int64_t *got = NULL;
    ef_set *set = open_set(path_of("x.h5"), NULL);
    ck_assert(!ef_set_is_text(set, field));
    OK(ef_set_read_integers(set, field, &got, err));
    ck_assert_mem_eq(got, expected, count * sizeof *got);
    free(got);
    ef_set_close(set);
}

START_TEST(integers_of_every_width_are_read)
{
    const hid_t types[] = {H5T_STD_I8LE,  H5T_STD_U8BE,  H5T_STD_I16BE, H5T_STD_U16LE,
                           H5T_STD_I32LE, H5T_STD_U32BE, H5T_STD_I64BE, H5T_STD_U64LE};
    static const int64_t small[6] = {0, 127, 1, 64, 3, 99};
    static const int64_t large[6] = {INT64_MAX, INT64_MIN, -1, 0, 1, (int64_t)1 << 53};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        hid_t file = new_file("x.h5");
        put_floats(file, "embeddings", 6, 2, values);
        put(file, "labels", types[t], H5T_NATIVE_INT64, 6, 0, (layout){2, 0, 1}, small);
        put(file, "pairs", types[t], H5T_NATIVE_INT64, 3, 2, (layout){0}, small);
        H5Fclose(file);
        check_integers(EF_LABELS, small, 6);
        check_integers(EF_PAIRS, small, 6);
    }
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 6, 2, values);
    put(file, "labels", H5T_STD_I64LE, H5T_NATIVE_INT64, 6, 0, (layout){0}, large);
    H5Fclose(file);
    check_integers(EF_LABELS, large, 6);
}
END_TEST

START_TEST(an_unsigned_number_beyond_int64_is_refused)
{
    int64_t *got = NULL;
    static const uint64_t numbers[3] = {5, INT64_MAX, (uint64_t)INT64_MAX + 1};
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "labels", H5T_STD_U64BE, H5T_NATIVE_UINT64, 3, 0, (layout){0}, numbers);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    FAILS(EF_FORMAT, "x.h5:/labels row 2: 9223372036854775808 is too large", ef_set_read_integers(set, EF_LABELS, &got, err));
    ef_set_close(set);
}
END_TEST

/* As h5py stores booleans: an enumeration FALSE, TRUE of one byte. */
static hid_t boolean_type(void)
{
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    signed char value = 0;
    H5Tenum_insert(type, "FALSE", &value);
    value = 1;
    H5Tenum_insert(type, "TRUE", &value);
    return type;
}

START_TEST(booleans_are_read_as_zeros_and_ones)
{
    static const signed char truth[7] = {1, 0, 0, 1, 1, 0, 1};
    static const int64_t expected[7] = {1, 0, 0, 1, 1, 0, 1};
    static const int64_t wrong[7] = {1, 0, 0, 1, 2, 0, 1};
    int64_t *got = NULL;
    hid_t type = boolean_type(), file = new_file("x.h5");
    put_floats(file, "embeddings", 14, 2, values);
    put(file, "issame", type, type, 7, 0, (layout){0}, truth);
    H5Fclose(file);
    check_integers(EF_ISSAME, expected, 7);
    file = new_file("x.h5");
    put_floats(file, "embeddings", 7, 2, values);
    put(file, "labels", type, type, 7, 0, (layout){0}, truth);
    H5Fclose(file);
    refuses(EF_FORMAT, "/labels: holds booleans or named constants; labels must be integers or strings");
    H5Tclose(type);
    file = new_file("x.h5");
    put_floats(file, "embeddings", 7, 2, values);
    put(file, "issame", H5T_STD_I8LE, H5T_NATIVE_INT64, 7, 0, (layout){0}, wrong);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    FAILS(EF_FORMAT, "/issame row 4: 2 is neither 0 nor 1", ef_set_read_integers(set, EF_ISSAME, &got, err));
    ck_assert_ptr_null(got);
    ef_set_close(set);
    file = new_file("x.h5");
    put_floats(file, "embeddings", 7, 2, values);
    put(file, "noisy", H5T_STD_I8LE, H5T_NATIVE_INT64, 7, 0, (layout){0}, wrong);
    H5Fclose(file);
    set = open_set(path_of("x.h5"), NULL);
    FAILS(EF_FORMAT, "/noisy row 4: 2 is neither 0 nor 1", ef_set_read_integers(set, EF_NOISY, &got, err));
    ck_assert_ptr_null(got);
    ef_set_close(set);
}
END_TEST

START_TEST(a_set_may_be_scores_alone)
{
    hid_t file = new_file("x.h5");
    put_floats(file, "scores", 9, 0, values);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    double got[9];
    ck_assert_uint_eq(ef_set_rows(set), 0);
    ck_assert_uint_eq(ef_set_dim(set), 0);
    OK(ef_set_read_reals(set, EF_SCORES, 2, 7, got, err));
    ck_assert(got[6] == (double)values[8]);
    FAILS(EF_FORMAT, "/embeddings: is missing", ef_set_read_reals(set, EF_EMBEDDINGS, 0, 1, got, err));
    ef_set_close(set);
}
END_TEST

START_TEST(fields_are_read_only_as_what_they_hold)
{
    int64_t *integers = NULL;
    ef_strings *strings = NULL;
    double real;
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "labels", H5T_STD_I8LE, H5T_NATIVE_FLOAT, 3, 0, (layout){0}, values);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    FAILS(EF_FORMAT, "/labels: holds integers, but strings are needed", ef_set_read_strings(set, EF_LABELS, &strings, err));
    FAILS(EF_FORMAT, "/labels: holds integers", ef_set_read_reals(set, EF_LABELS, 0, 1, &real, err));
    FAILS(EF_FORMAT, "/embeddings: holds floating point", ef_set_read_integers(set, EF_EMBEDDINGS, &integers, err));
    FAILS(EF_FORMAT, "/ids: is missing", ef_set_read_strings(set, EF_IDS, &strings, err));
    ef_set_close(set);
}
END_TEST

START_TEST(the_first_value_that_is_not_finite_is_found)
{
    static const float bad[] = {INFINITY, -INFINITY, NAN};
    double got[ROWS * DIM];
    float floats[ROWS * DIM];
    hid_t half = half_type(H5T_ORDER_BE);
    const hid_t types[] = {H5T_IEEE_F32LE, H5T_IEEE_F64BE, half};
    for (size_t b = 0; b < 3; b++) {
        for (size_t t = 0; t < 3; t++) {
            hid_t file = new_file("x.h5");
            values[12 * DIM + 36] = bad[b];
            values[40 * DIM] = NAN;
            put(file, "embeddings", types[t], H5T_NATIVE_FLOAT, ROWS, DIM, (layout){0}, values);
            H5Fclose(file);
            ef_set *set = open_set(path_of("x.h5"), NULL);
            FAILS(EF_FORMAT, "x.h5:/embeddings row 12: not finite", ef_set_read_reals(set, EF_EMBEDDINGS, 0, ROWS, got, err));
            FAILS(EF_FORMAT, "row 40: not finite", ef_set_read_reals(set, EF_EMBEDDINGS, 13, 40, got, err));
            OK(ef_set_read_reals(set, EF_EMBEDDINGS, 13, 27, got, err));
            FAILS(EF_FORMAT, "embeddings row 12: not finite", ef_set_read_floats(set, EF_EMBEDDINGS, 0, ROWS, floats, err));
            FAILS(EF_FORMAT, "row 40: not finite", ef_set_read_floats(set, EF_EMBEDDINGS, 13, 40, floats, err));
            OK(ef_set_read_floats(set, EF_EMBEDDINGS, 13, 27, floats, err));
            ef_set_close(set);
        }
    }
    H5Tclose(half);
}
END_TEST

static void write_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

START_TEST(every_half_and_every_kind_of_float_is_told_finite_or_not)
{
    enum { N = 65536 };
    uint16_t *in = malloc(N * sizeof *in), *swapped = malloc(N * sizeof *swapped);
    float *out = malloc(N * sizeof *out), *out_swapped = malloc(N * sizeof *out_swapped);
    for (unsigned i = 0; i < N; i++) {
        in[i] = (uint16_t)i;
        swapped[i] = (uint16_t)(i << 8 | i >> 8);
    }
    ef_to_float(out, in, N, 2, false);
    ef_to_float(out_swapped, swapped, N, 2, true);
    for (unsigned i = 0; i < N; i++) {
        float alone, expected = (float)half_value(i);
        ef_to_float(&alone, &in[i], 1, 2, false); /* fewer than eight go another way */
        ck_assert(ef_floats_are_finite(&out[i], 1) == ((i & 0x7c00) != 0x7c00));
        if ((i & 0x7fff) > 0x7c00) {
            ck_assert(isnan(out[i]) && isnan(out_swapped[i]) && isnan(alone));
        } else if ((i & 0x7fff) == 0x7c00) {
            ck_assert(isinf(out[i]) && out_swapped[i] == out[i] && alone == out[i] && (out[i] < 0) == (i >> 15 != 0));
        } else {
            ck_assert(out[i] == expected && out_swapped[i] == expected && alone == expected);
            ck_assert((signbit(out[i]) != 0) == (i >> 15 != 0));
        }
    }
    for (size_t n = 0; n < 200; n++) {
        float *some = random_floats(n + 1, n);
        ck_assert(ef_floats_are_finite(some, n));
        for (size_t i = 0; i < n; i++) {
            float kept = some[i];
            some[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? -INFINITY : INFINITY;
            ck_assert(!ef_floats_are_finite(some, n));
            some[i] = kept;
        }
        free(some);
    }
    free(in);
    free(swapped);
    free(out);
    free(out_swapped);
}
END_TEST

START_TEST(a_double_beyond_float32_is_refused_as_a_float)
{
    static const double large[4] = {1.0, 3.4028234e38, -1e300, 0.0};
    double got[4];
    float floats[4];
    hid_t file = new_file("x.h5");
    put(file, "embeddings", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 4, 1, (layout){0}, large);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    OK(ef_set_read_reals(set, EF_EMBEDDINGS, 0, 4, got, err));
    ck_assert_mem_eq(got, large, sizeof got);
    OK(ef_set_read_floats(set, EF_EMBEDDINGS, 0, 2, floats, err));
    FAILS(EF_FORMAT, "row 2: not finite, or too large", ef_set_read_floats(set, EF_EMBEDDINGS, 1, 3, floats, err));
    FAILS(EF_INVALID, "2 rows from row 3 on", ef_set_read_floats(set, EF_EMBEDDINGS, 3, 2, floats, err));
    FAILS(EF_FORMAT, "quality: is missing", ef_set_read_floats(set, EF_QUALITY, 0, 1, floats, err));
    ef_set_close(set);
}
END_TEST

START_TEST(template_lists_are_as_long_as_they_like_and_read_in_blocks)
{
    static const int pairs[7][3] = {{1, 2, 0}, {-3, 70000, 1}, {5, 6, 1}, {7, 8, 0}, {9, 1, 0}, {2, 2, 1}, {4, 4, 2}};
    static const unsigned probe[2][2] = {{11, 12}, {13, 4000000000u}};
    int64_t got[21], *whole = NULL;
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "template_pairs", H5T_STD_I32LE, H5T_NATIVE_INT, 7, 3, (layout){2, 3, 1}, pairs);
    put(file, "probe", H5T_STD_U32BE, H5T_NATIVE_UINT, 2, 2, (layout){0}, probe);
    put(file, "gallery_1", H5T_STD_U64LE, H5T_NATIVE_UINT, 1, 2, (layout){0}, probe);
    put_floats(file, "scores", 5, 0, values);
    H5Fclose(file);
    ef_set *set = open_set(path_of("x.h5"), NULL);
    ck_assert_uint_eq(ef_set_field_rows(set, EF_TEMPLATE_PAIRS), 7);
    for (size_t block = 1; block <= 6; block++) {
        for (size_t first = 0; first < 6; first += block) {
            size_t count = 6 - first < block ? 6 - first : block;
            OK(ef_set_read_integer_rows(set, EF_TEMPLATE_PAIRS, first, count, got + 3 * first, err));
        }
        for (size_t i = 0; i < 18; i++) {
            ck_assert_int_eq(got[i], pairs[i / 3][i % 3]);
        }
    }
    OK(ef_set_read_integer_rows(set, EF_TEMPLATE_PAIRS, 7, 0, got, err));
    FAILS(EF_FORMAT, "x.h5:/template_pairs row 6: 2 is neither 0 nor 1",
          ef_set_read_integer_rows(set, EF_TEMPLATE_PAIRS, 5, 2, got, err));
    FAILS(EF_FORMAT, "x.h5:/template_pairs row 6: 2 is neither", ef_set_read_integers(set, EF_TEMPLATE_PAIRS, &whole, err));
    FAILS(EF_INVALID, "1 rows from row 7 on", ef_set_read_integer_rows(set, EF_TEMPLATE_PAIRS, 7, 1, got, err));
    FAILS(EF_FORMAT, "gallery_2: is missing", ef_set_read_integer_rows(set, EF_GALLERY_2, 0, 1, got, err));
    FAILS(EF_FORMAT, "are needed", ef_set_read_integer_rows(set, EF_EMBEDDINGS, 0, 1, got, err));
    OK(ef_set_read_integers(set, EF_PROBE, &whole, err));
    ck_assert(whole[0] == 11 && whole[1] == 12 && whole[2] == 13 && whole[3] == 4000000000);
    free(whole);
    ef_set_close(set);
}
END_TEST

START_TEST(template_lists_alone_are_no_set)
{
    static const int pairs[6] = {1, 2, 0, 3, 4, 1};
    ef_strings *sets = NULL;
    hid_t file = new_file("x.h5");
    put(file, "template_pairs", H5T_STD_I32LE, H5T_NATIVE_INT, 2, 3, (layout){0}, pairs);
    put(file, "probe", H5T_STD_I32LE, H5T_NATIVE_INT, 3, 2, (layout){0}, pairs);
    H5Fclose(file);
    refuses(EF_FORMAT, "has no embeddings");
    OK(ef_set_list(&sets, path_of("x.h5"), err));
    ck_assert_uint_eq(ef_strings_count(sets), 0);
    ef_strings_free(sets);
    file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "gallery_2", H5T_STD_I32LE, H5T_NATIVE_INT, 2, 3, (layout){0}, pairs);
    H5Fclose(file);
    refuses(EF_FORMAT, "it must have 2 columns");
}
END_TEST

START_TEST(files_that_are_no_hdf5_files_are_told_apart)
{
    ef_set *set = NULL;
    refuses(EF_IO, "No such file");
    FAILS(EF_IO, "is a folder", ef_set_open(&set, folder, NULL, err));
    FAILS(EF_IO, "is not a regular file", ef_set_open(&set, "/dev/null", NULL, err));
    write_bytes(path_of("x.h5"), "", 0);
    refuses(EF_FORMAT, "is empty");
    write_bytes(path_of("x.h5"), "\x93NUMPY and more", 15);
    refuses(EF_FORMAT, "is not an HDF5 file");
}
END_TEST

START_TEST(a_file_cut_anywhere_gives_a_sentence)
{
    ef_set *set = NULL;
    ef_error err;
    char *bytes = malloc(100000);
    hid_t file = new_file("whole.h5");
    put_floats(file, "embeddings", ROWS, DIM, values);
    H5Fclose(file);
    FILE *stream = fopen(path_of("whole.h5"), "rb");
    size_t length = fread(bytes, 1, 100000, stream);
    fclose(stream);
    write_bytes(path_of("x.h5"), bytes, length - 1);
    refuses(EF_FORMAT, "is cut off");
    for (size_t cut = 1; cut < length; cut += 97) {
        write_bytes(path_of("x.h5"), bytes, cut);
        ck_assert_int_eq(ef_set_open(&set, path_of("x.h5"), NULL, &err), EF_FORMAT);
        ck_assert_ptr_nonnull(strstr(err.message, "x.h5"));
    }
    free(bytes);
}
END_TEST

START_TEST(damaged_bytes_never_crash)
{
    char *bytes = malloc(100000), *damaged = malloc(100000);
    double row[DIM];
    uint64_t state = 1;
    hid_t file = new_file("whole.h5");
    put(file, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 9, DIM, (layout){4, DIM, 1}, values);
    put(file, "labels", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 9, 0, (layout){0}, values);
    H5Fclose(file);
    FILE *stream = fopen(path_of("whole.h5"), "rb");
    size_t length = fread(bytes, 1, 100000, stream);
    fclose(stream);
    for (int round = 0; round < 300; round++) {
        memcpy(damaged, bytes, length);
        damaged[next_bits(&state) % length] ^= (char)(1 << next_bits(&state) % 8);
        write_bytes(path_of("x.h5"), damaged, length);
        ef_set *set = NULL;
        ef_error err = {EF_OK, ""};
        if (ef_set_open(&set, path_of("x.h5"), NULL, &err) == EF_OK) {
            for (size_t i = 0; i < ef_set_rows(set) && i < 9 && ef_set_dim(set) == DIM; i++) {
                if (ef_set_read_reals(set, EF_EMBEDDINGS, i, 1, row, &err) != EF_OK) {
                    ck_assert_str_ne(err.message, "");
                }
            }
            ef_set_close(set);
        } else {
            ck_assert_str_ne(err.message, "");
        }
    }
    free(bytes);
    free(damaged);
}
END_TEST

START_TEST(a_file_that_is_being_written_is_refused)
{
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    H5Fclose(file);
    int other = open(path_of("x.h5"), O_RDWR);
    ck_assert_int_eq(flock(other, LOCK_EX), 0);
    refuses(EF_IO, "another program has it open for writing");
    close(other);
    ef_set_close(open_set(path_of("x.h5"), NULL));
}
END_TEST

START_TEST(a_set_without_embeddings_says_what_is_there)
{
    hid_t file = new_file("x.h5");
    put_floats(file, "embedings", 3, 2, values);
    put_floats(file, "other", 3, 2, values);
    close_group(file, "lfw");
    H5Fclose(file);
    refuses(EF_FORMAT, "has no embeddings: looked for embeddings (or features, feats, embs, array), or else scores; datasets "
                       "there: embedings, other; groups there: lfw");
    file = new_file("x.h5");
    H5Fclose(file);
    refuses(EF_FORMAT, "has no embeddings: it is empty");
    file = new_file("x.h5");
    for (int i = 0; i < 2000; i++) {
        char name[40];
        snprintf(name, sizeof name, "group_number_%d", i);
        close_group(file, name);
    }
    H5Fclose(file);
    refuses(EF_FORMAT, " more");
}
END_TEST

START_TEST(wrong_types_are_named)
{
    hid_t compound = H5Tcreate(H5T_COMPOUND, 8), bfloat = half_type(H5T_ORDER_LE), opaque = H5Tcreate(H5T_OPAQUE, 4);
    H5Tinsert(compound, "r", 0, H5T_IEEE_F32LE);
    H5Tinsert(compound, "i", 4, H5T_IEEE_F32LE);
    H5Tset_fields(bfloat, 15, 7, 8, 0, 7);
    H5Tset_ebias(bfloat, 127);
    H5Tset_tag(opaque, "object");
    const struct {
        hid_t type;
        const char *text;
    } cases[] = {
        {H5T_STD_I32LE, "/embeddings: holds integers; embeddings must be floating point"},
        {H5T_STD_U8LE, "/embeddings: holds integers; embeddings must be floating point"},
        {compound, "holds compound values (complex numbers"},
        {bfloat, "unusual floating-point numbers of 2 bytes; embeddings must be float16, float32 or float64"},
        {H5T_NATIVE_LDOUBLE, "unusual floating-point numbers of 16 bytes"},
        {opaque, "holds opaque bytes"},
        {H5T_STD_B8LE, "holds bit fields"},
        {H5T_C_S1, "holds strings"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hid_t file = new_file("x.h5");
        char zeros[3 * 2 * 16] = {0};
        put(file, "embeddings", cases[i].type, cases[i].type, 3, 2, (layout){0}, zeros);
        H5Fclose(file);
        refuses(EF_FORMAT, cases[i].text);
    }
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put_floats(file, "labels", 3, 0, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/labels: holds floating-point numbers; labels must be integers or strings");
    file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "ids", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 3, 0, (layout){0}, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/ids: holds integers; ids must be strings");
    H5Tclose(compound);
    H5Tclose(bfloat);
    H5Tclose(opaque);
}
END_TEST

/* A dataset of any rank, of zeros. */
static void put_rank(hid_t file, const char *name, int rank, const hsize_t *dims)
{
    hid_t space = rank < 0 ? H5Screate(H5S_NULL) : H5Screate_simple(rank, dims, NULL);
    H5Dclose(H5Dcreate2(file, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
}

START_TEST(wrong_shapes_are_named)
{
    static const struct {
        int rank;
        hsize_t dims[4];
        const char *text;
    } cases[] = {
        {1, {7}, "/embeddings: is 7 (1 dimension); it must have 2, rows and columns"},
        {3, {7, 1, 5}, "/embeddings: is 7 x 1 x 5 (3 dimensions); it must have 2"},
        {0, {0}, "is a single value (0 dimensions)"},
        {-1, {0}, "is empty: it has no shape"},
        {2, {0, 512}, "is empty: it has no rows"},
        {2, {7, 0}, "is empty: it has no columns"},
        {2, {(hsize_t)1 << 60, 2}, "claims"},
        {2, {(hsize_t)1 << 60, 1}, "claims"},
        {2, {(hsize_t)1 << 40, 512}, "claims 1099511627776 rows, but none of them was ever written"},
        {2, {5, 5}, "claims 5 rows, but none of them was ever written"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hid_t file = new_file("x.h5");
        put_rank(file, "embeddings", cases[i].rank, cases[i].dims);
        H5Fclose(file);
        refuses(EF_FORMAT, cases[i].text);
    }
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "labels", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 3, 1, (layout){0}, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/labels: is 3 x 1 (2 dimensions); it must have 1, a value per row");
    file = new_file("x.h5");
    put_floats(file, "embeddings", 3, 2, values);
    put(file, "pairs", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 3, 3, (layout){0}, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/pairs: is 3 x 3; it must have 2 columns");
}
END_TEST

START_TEST(a_chunked_dataset_that_was_never_filled_is_refused)
{
    hsize_t start[2] = {0, 0}, size[2] = {10, 2};
    hid_t file = new_file("x.h5");
    put(file, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, (hsize_t)1 << 50, 2, (layout){1000, 2, 1}, NULL);
    hid_t dataset = H5Dopen2(file, "embeddings", H5P_DEFAULT), space = H5Dget_space(dataset),
          memory = H5Screate_simple(2, size, NULL);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    refuses(EF_FORMAT, "none of them was ever written");
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL);
    ck_assert_int_ge(H5Dwrite(dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, values), 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    refuses(EF_FORMAT, "claims 1125899906842624 rows, but only a part of them was ever written");
}
END_TEST

START_TEST(lengths_must_agree)
{
    static const struct {
        const char *name;
        hsize_t rows, columns;
        const char *text;
    } cases[] = {
        {"embeddings_flip", 9, 2, "/embeddings_flip: has 9 rows, but "},
        {"embs_f", 10, 3, "/embs_f: has 3 columns, but "},
        {"quality", 11, 0, "/quality: has 11 rows, but "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hid_t file = new_file("x.h5");
        put_floats(file, "embeddings", 10, 2, values);
        put_floats(file, cases[i].name, cases[i].rows, cases[i].columns, values);
        H5Fclose(file);
        refuses(EF_FORMAT, cases[i].text);
    }
    static const char *const per_image[] = {"labels", "template_id", "media"};
    for (size_t i = 0; i < 3; i++) {
        hid_t file = new_file("x.h5");
        put_floats(file, "embeddings", 10, 2, values);
        put(file, per_image[i], H5T_STD_I32LE, H5T_NATIVE_FLOAT, 12, 0, (layout){0}, values);
        H5Fclose(file);
        refuses(EF_FORMAT, "has 12 rows, but ");
        refuses(EF_FORMAT, "/embeddings has 10; they must agree, a row per image");
    }
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", 10, 2, values);
    put(file, "pairs", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 6, 2, (layout){0}, values);
    put(file, "folds", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 7, 0, (layout){0}, values);
    put_floats(file, "scores", 10, 0, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/pairs has 6; they must agree, a row per comparison");
    file = new_file("x.h5");
    put(file, "issame", H5T_STD_I32LE, H5T_NATIVE_FLOAT, 6, 0, (layout){0}, values);
    put_floats(file, "scores", 10, 0, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "/scores: has 10 rows, but ");
}
END_TEST

START_TEST(two_names_of_one_dataset_are_refused)
{
    hid_t file = new_file("x.h5");
    put_floats(file, "features", 10, 2, values);
    put_floats(file, "array", 10, 2, values);
    H5Fclose(file);
    refuses(EF_FORMAT, "holds both features and array, two names of one dataset; keep one");
}
END_TEST

START_TEST(things_that_are_no_datasets_are_named)
{
    hid_t file = new_file("x.h5");
    close_group(file, "embeddings");
    H5Fclose(file);
    refuses(EF_FORMAT, "/embeddings: is a group; it must be a dataset");
    file = new_file("x.h5");
    H5Lcreate_soft("/nowhere", file, "features", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    refuses(EF_FORMAT, "/features: is a link that leads nowhere");
    file = new_file("x.h5");
    hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tcommit2(file, "array", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Tclose(type);
    H5Fclose(file);
    refuses(EF_FORMAT, "/array: is not a dataset");
}
END_TEST

START_TEST(a_filter_that_is_not_there_is_named)
{
    hsize_t dims[2] = {10, 2};
    hid_t file = new_file("x.h5"), space = H5Screate_simple(2, dims, NULL), creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 2, dims);
    H5Pset_filter(creation, 32000, H5Z_FLAG_OPTIONAL, 0, NULL);
    hid_t dataset = H5Dcreate2(file, "embeddings", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ck_assert_int_ge(H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(file);
    refuses(EF_FORMAT, "is compressed with filter 32000");
}
END_TEST

START_TEST(the_sets_of_a_file_are_listed)
{
    ef_strings *sets = NULL;
    hid_t file = new_file("x.h5");
    static const char *const groups[] = {"zeta", "empty", "alpha", "only_scores", "wrong"};
    for (size_t i = 0; i < 5; i++) {
        close_group(file, groups[i]);
    }
    put_floats(file, "zeta/feats", 3, 2, values);
    put_floats(file, "alpha/array", 3, 2, values);
    put_floats(file, "only_scores/scores", 3, 0, values);
    close_group(file, "wrong/embeddings");
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    static const char *const expected[] = {"/", "/alpha", "/only_scores", "/zeta"};
    for (size_t with_root = 0; with_root < 2; with_root++) {
        if (with_root == 1) {
            put_floats(file, "embeddings", 3, 2, values);
        }
        OK(ef_set_list(&sets, path_of("x.h5"), err));
        ck_assert_uint_eq(ef_strings_count(sets), 3 + with_root);
        for (size_t i = 0; i < 3 + with_root; i++) {
            ck_assert_str_eq(ef_strings_at(sets, i), expected[i + 1 - with_root]);
        }
        ef_strings_free(sets);
    }
    H5Fclose(file);
    FAILS(EF_IO, "No such file", ef_set_list(&sets, path_of("none.h5"), err));
}
END_TEST

START_TEST(real_embeddings_of_lfw_are_read)
{
    const char *data = getenv("EFACE_DATA");
    char path[400];
    snprintf(path, sizeof path, "%s/lfw/lfw_mfn512.h5", data != NULL ? data : "../shared/data");
    if (access(path, R_OK) != 0) {
        printf("# skipped: no real data (EFACE_DATA names its folder)\n");
        fflush(stdout);
        return;
    }
    ef_set *set = open_set(path, "lfw");
    ef_strings *names = NULL;
    ck_assert_uint_eq(ef_set_rows(set), 13233);
    ck_assert_uint_eq(ef_set_dim(set), 512);
    double *rows = malloc((size_t)13233 * 512 * sizeof *rows);
    OK(ef_set_read_reals(set, EF_EMBEDDINGS, 0, 13233, rows, err));
    OK(ef_set_read_strings(set, EF_IDS, &names, err));
    ck_assert_uint_eq(ef_strings_count(names), 13233);
    for (size_t i = 0; i < 13233; i += 1000) {
        const char *name = ef_strings_at(names, i);
        ck_assert_ptr_nonnull(strchr(name, '/'));
        ck_assert_str_eq(name + strlen(name) - 4, ".jpg");
    }
    free(rows);
    ef_strings_free(names);
    ef_set_close(set);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("set");
    TCase *tests = tcase_create("set");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, every_way_to_store_a_number_reads_the_same);
    tcase_add_test(tests, doubles_keep_all_their_bits);
    tcase_add_test(tests, every_half_is_widened_exactly_in_either_byte_order);
    tcase_add_test(tests, chunks_larger_than_the_cache_read_the_same);
    tcase_add_test(tests, rows_beyond_the_end_are_refused);
    tcase_add_test(tests, all_aliases_are_known);
    tcase_add_test(tests, a_group_is_found_as_asked);
    tcase_add_test(tests, a_group_that_is_missing_is_told_apart_from_its_neighbours);
    tcase_add_test(tests, a_location_splits_at_its_last_colon_and_slash);
    tcase_add_test(tests, the_model_comes_from_the_nearest_group);
    tcase_add_test(tests, a_model_that_is_no_string_is_refused);
    tcase_add_test(tests, strings_of_every_kind_are_read);
    tcase_add_test(tests, many_strings_are_read_in_blocks);
    tcase_add_test(tests, integers_of_every_width_are_read);
    tcase_add_test(tests, an_unsigned_number_beyond_int64_is_refused);
    tcase_add_test(tests, booleans_are_read_as_zeros_and_ones);
    tcase_add_test(tests, a_set_may_be_scores_alone);
    tcase_add_test(tests, fields_are_read_only_as_what_they_hold);
    tcase_add_test(tests, the_first_value_that_is_not_finite_is_found);
    tcase_add_test(tests, every_half_and_every_kind_of_float_is_told_finite_or_not);
    tcase_add_test(tests, a_double_beyond_float32_is_refused_as_a_float);
    tcase_add_test(tests, template_lists_are_as_long_as_they_like_and_read_in_blocks);
    tcase_add_test(tests, template_lists_alone_are_no_set);
    tcase_add_test(tests, files_that_are_no_hdf5_files_are_told_apart);
    tcase_add_test(tests, a_file_cut_anywhere_gives_a_sentence);
    tcase_add_test(tests, damaged_bytes_never_crash);
    tcase_add_test(tests, a_file_that_is_being_written_is_refused);
    tcase_add_test(tests, a_set_without_embeddings_says_what_is_there);
    tcase_add_test(tests, wrong_types_are_named);
    tcase_add_test(tests, wrong_shapes_are_named);
    tcase_add_test(tests, a_chunked_dataset_that_was_never_filled_is_refused);
    tcase_add_test(tests, lengths_must_agree);
    tcase_add_test(tests, two_names_of_one_dataset_are_refused);
    tcase_add_test(tests, things_that_are_no_datasets_are_named);
    tcase_add_test(tests, a_filter_that_is_not_there_is_named);
    tcase_add_test(tests, the_sets_of_a_file_are_listed);
    tcase_add_test(tests, real_embeddings_of_lfw_are_read);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
