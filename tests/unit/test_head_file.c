/* Heads saved and read back, and sets projected by them: what changes, and that all else stays. */
#include "h5_data.h"

#include <signal.h>
#include <sys/resource.h>

#include <eface/head_file.h>
#include <eface/set.h>

#include "io/hdf5_quiet.h"

enum { ROWS = 2100, IN = 5, OUT = 3 };

static float *numbers(size_t count, uint64_t state)
{
    float *values = malloc(count * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < count; i++) {
        values[i] = (float)((double)(next_bits(&state) >> 11) * 0x1p-52 - 1);
    }
    return values;
}

/* A head with nothing in it that is 0 or 1. */
static ef_head *make_head(size_t hidden)
{
    ef_head *head = NULL;
    ef_rng *rng = NULL;
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS];
    OK(ef_rng_create(&rng, 7, 0, err));
    OK(ef_head_create(&head, &(ef_head_shape){IN, OUT, hidden}, ROWS, 2, rng, err));
    size_t count = ef_head_parameters(parameters, head);
    for (size_t p = 0; p < count; p++) {
        float *values = numbers(parameters[p].count, p + 1);
        for (size_t k = 0; k < parameters[p].count; k++) {
            parameters[p].value[k] = values[k] + (strcmp(parameters[p].name, "running_variance") == 0 ? 1.5f : 0.0f);
        }
        free(values);
    }
    ef_rng_free(rng);
    return head;
}

START_TEST(a_head_is_read_back)
{
    for (size_t hidden = 0; hidden <= 4; hidden += 4) {
        ef_head *head = make_head(hidden), *back = NULL;
        ef_parameter a[EF_HEAD_MOST_PARAMETERS], b[EF_HEAD_MOST_PARAMETERS];
        OK(ef_head_write(path_of("h.h5"), head, err));
        OK(ef_head_read(&back, path_of("h.h5"), 4, 1, err));
        ef_head_shape shape = ef_head_shape_of(back);
        ck_assert(shape.in == IN && shape.out == OUT && shape.hidden == hidden);
        size_t count = ef_head_parameters(a, head);
        ck_assert_uint_eq(ef_head_parameters(b, back), count);
        for (size_t p = 0; p < count; p++) {
            ck_assert_mem_eq(a[p].value, b[p].value, a[p].count * sizeof(float));
        }
        ef_head_free(back);
        a[0].value[2] = NAN;
        FAILS(EF_FORMAT, "not finite", ef_head_write(path_of("h.h5"), head, err));
        ef_head_free(head);
    }
}
END_TEST

static void put_text(hid_t place, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, H5T_VARIABLE);
    hid_t attribute = H5Acreate2(place, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(H5Awrite(attribute, type, &text), 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

/* Sets in the root, in groups and in groups of groups; under other names, compressed, in float64; one of them under two names; groups in a circle. */
static void make_sets(const float *x, const float *flip)
{
    static const int64_t labels[] = {5, 6, 7};
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    put(file, "embs_f", H5T_IEEE_F64BE, H5T_NATIVE_FLOAT, ROWS, IN, (layout){100, IN, 3}, flip);
    put(file, "labels", H5T_STD_I32LE, H5T_NATIVE_INT64, 3, 0, (layout){0}, labels);
    put_text(file, "model", "an old one");
    hid_t group = H5Gcreate2(file, "mega", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_text(group, "note", "of a group");
    hid_t inner = H5Gcreate2(group, "probes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_floats(inner, "feats", 3, IN, x + IN);
    put_floats(inner, "other", 3, IN, x);
    ck_assert_int_ge(H5Lcreate_hard(file, "/mega", inner, "up", H5P_DEFAULT, H5P_DEFAULT), 0);
    ck_assert_int_ge(H5Lcreate_hard(file, "/embs_f", group, "embeddings_flip", H5P_DEFAULT, H5P_DEFAULT), 0);
    ck_assert_int_ge(H5Lcreate_soft("/labels", inner, "subjects", H5P_DEFAULT, H5P_DEFAULT), 0);
    ck_assert_int_ge(H5Lcreate_soft("/nowhere", inner, "broken", H5P_DEFAULT, H5P_DEFAULT), 0);
    H5Gclose(inner);
    H5Gclose(group);
    H5Fclose(file);
}

static void check_rows(hid_t file, const char *name, size_t rows, size_t columns, const float *expected)
{
    float *got = malloc(rows * columns * sizeof *got);
    hsize_t shape[2] = {0, 0};
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    ck_assert_int_eq(H5Sget_simple_extent_dims(space, shape, NULL), 2);
    ck_assert(shape[0] == rows && shape[1] == columns);
    ck_assert_int_ge(H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, got), 0);
    for (size_t k = 0; k < rows * columns; k++) {
        ck_assert_double_eq_tol((double)got[k], (double)expected[k], 1e-6 * (1 + fabs((double)expected[k])));
    }
    H5Sclose(space);
    H5Dclose(dataset);
    free(got);
}

static void check_text(hid_t place, const char *name, const char *expected)
{
    hid_t attribute = H5Aopen(place, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    char fixed[64] = "", *text = fixed;
    bool variable = H5Tis_variable_str(type) > 0;
    ck_assert_int_ge(H5Aread(attribute, type, variable ? (void *)&text : (void *)fixed), 0);
    ck_assert_str_eq(text, expected);
    if (variable) {
        H5free_memory(text);
    }
    H5Tclose(type);
    H5Aclose(attribute);
}

START_TEST(every_set_of_a_file_is_projected_and_all_else_copied)
{
    float *x = numbers((ROWS + 3) * IN, 11), *flip = numbers(ROWS * IN, 12);
    float *y = numbers((ROWS + 3) * OUT, 0), *y_flip = numbers(ROWS * OUT, 0);
    ef_head *head = make_head(4);
    size_t rows = 0;
    make_sets(x, flip);
    OK(ef_head_write(path_of("h.h5"), head, err));
    const ef_projection way = {.head = path_of("h.h5"), .from = path_of("x.h5"), .to = path_of("y.h5")};
    OK(ef_head_project(&rows, &way, err));
    ck_assert_uint_eq(rows, 2 * ROWS + 3);
    OK(ef_head_forward(y, head, x, ROWS, false, err));
    OK(ef_head_forward(y_flip, head, flip, ROWS, false, err));
    hid_t file = H5Fopen(path_of("y.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    check_rows(file, "embeddings", ROWS, OUT, y);
    check_rows(file, "embs_f", ROWS, OUT, y_flip);
    check_rows(file, "mega/probes/feats", 3, OUT, y + OUT);
    check_rows(file, "mega/probes/other", 3, IN, x);
    check_rows(file, "mega/probes/up/embeddings_flip", ROWS, OUT, y_flip);
    check_text(file, "model", "an old one");
    hid_t group = H5Gopen2(file, "mega", H5P_DEFAULT);
    check_text(group, "note", "of a group");
    H5Gclose(group);
    H5L_info_t link;
    ck_assert(H5Lget_info(file, "mega/probes/subjects", &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_SOFT);
    ck_assert(H5Lget_info(file, "mega/probes/broken", &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_SOFT);
    H5Fclose(file);
    ef_set *set = NULL;
    int64_t *labels = NULL;
    OK(ef_set_open(&set, path_of("y.h5:/mega/probes"), NULL, err));
    ck_assert_uint_eq(ef_set_dim(set), OUT);
    OK(ef_set_read_integers(set, EF_LABELS, &labels, err));
    ck_assert_int_eq(labels[2], 7);
    free(labels);
    ef_set_close(set);
    ef_head_free(head);
    free(x);
    free(flip);
    free(y);
    free(y_flip);
}
END_TEST

/* One dataset of each kind that there is. */
enum { LONG = 700, WIDE = 3, DEEP = 5 };

static void put_kinds(hid_t file, const short *cube, const char *const *words)
{
    hsize_t shape[] = {LONG, WIDE, DEEP}, chunk[] = {64, 2, 5}, words_shape = 4;
    double number = 2.5;
    hid_t storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(3, shape, NULL), scalar = H5Screate(H5S_SCALAR);
    H5Pset_chunk(storage, 3, chunk);
    H5Pset_deflate(storage, 4);
    hid_t type = H5Tcopy(H5T_STD_I16BE), text = H5Tcopy(H5T_C_S1), null = H5Screate(H5S_NULL);
    H5Tcommit2(file, "a type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t data = H5Dcreate2(file, "cube", type, space, H5P_DEFAULT, storage, H5P_DEFAULT);
    ck_assert_int_ge(H5Dwrite(data, H5T_NATIVE_SHORT, H5S_ALL, H5S_ALL, H5P_DEFAULT, cube), 0);
    put_text(data, "unit", "pixel");
    H5Dclose(data);
    data = H5Dcreate2(file, "scalar", H5T_IEEE_F64BE, scalar, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &number);
    H5Dclose(data);
    H5Tset_size(text, H5T_VARIABLE);
    hid_t list = H5Screate_simple(1, &words_shape, NULL);
    data = H5Dcreate2(file, "words", text, list, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(data, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, words);
    H5Dclose(data);
    H5Dclose(H5Dcreate2(file, "null", H5T_STD_I8LE, null, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Dclose(H5Dcreate2(file, "unwritten", H5T_STD_I8LE, list, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Pclose(storage);
    H5Sclose(list);
    H5Sclose(null);
    H5Sclose(scalar);
    H5Sclose(space);
    H5Tclose(text);
    H5Tclose(type);
}

static void check_kinds(hid_t file, const short *cube, const char *const *words)
{
    static short got[LONG * WIDE * DEEP];
    char *texts[4];
    double number = 0;
    hid_t data = H5Dopen2(file, "cube", H5P_DEFAULT), storage = H5Dget_create_plist(data), text = H5Tcopy(H5T_C_S1);
    ck_assert_int_ge(H5Dread(data, H5T_NATIVE_SHORT, H5S_ALL, H5S_ALL, H5P_DEFAULT, got), 0);
    ck_assert_mem_eq(got, cube, sizeof got);
    ck_assert_int_eq(H5Pget_nfilters(storage), 1);
    check_text(data, "unit", "pixel");
    H5Pclose(storage);
    H5Dclose(data);
    data = H5Dopen2(file, "scalar", H5P_DEFAULT);
    ck_assert(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &number) >= 0 && number == 2.5);
    H5Dclose(data);
    H5Tset_size(text, H5T_VARIABLE);
    data = H5Dopen2(file, "words", H5P_DEFAULT);
    ck_assert_int_ge(H5Dread(data, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, (void *)texts), 0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(texts[i], words[i]);
        H5free_memory(texts[i]);
    }
    H5Dclose(data);
    H5Tclose(text);
    ck_assert(H5Lexists(file, "null", H5P_DEFAULT) > 0 && H5Lexists(file, "unwritten", H5P_DEFAULT) > 0);
    hid_t type = H5Topen2(file, "a type", H5P_DEFAULT);
    ck_assert_int_eq(H5Tequal(type, H5T_STD_I16BE), 1);
    H5Tclose(type);
}

START_TEST(datasets_of_all_kinds_are_copied)
{
    static const char *const words[] = {"one", "", "three and more", "caf\xC3\xA9"};
    static short cube[LONG * WIDE * DEEP];
    uint64_t state = 4;
    float *x = numbers(ROWS * IN, 11);
    ef_head *head = make_head(0);
    for (size_t i = 0; i < LENGTH(cube); i++) {
        cube[i] = (short)(next_bits(&state) >> 50);
    }
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    put_kinds(file, cube, words);
    H5Fclose(file);
    OK(ef_head_write(path_of("h.h5"), head, err));
    const ef_projection way = {.head = path_of("h.h5"), .from = path_of("x.h5"), .to = path_of("y.h5")};
    OK(ef_head_project(NULL, &way, err));
    file = H5Fopen(path_of("y.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    check_kinds(file, cube, words);
    H5Fclose(file);
    ef_head_free(head);
    free(x);
}
END_TEST

START_TEST(a_new_name_replaces_the_old_one)
{
    float *x = numbers((ROWS + 3) * IN, 11);
    ef_head *head = make_head(0);
    make_sets(x, x);
    OK(ef_head_write(path_of("h.h5"), head, err));
    const ef_projection way = {path_of("h.h5"), path_of("x.h5"), path_of("y.h5"), "a new one", 1, NULL};
    OK(ef_head_project(NULL, &way, err));
    hid_t file = H5Fopen(path_of("y.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    check_text(file, "model", "a new one");
    H5Fclose(file);
    ef_head_free(head);
    free(x);
}
END_TEST

static void refuse(const char *text, ef_status expected)
{
    const ef_projection way = {.head = path_of("h.h5"), .from = path_of("x.h5"), .to = path_of("y.h5")};
    FAILS(expected, text, ef_head_project(NULL, &way, err));
    ck_assert_int_ne(access(path_of("y.h5"), F_OK), 0);
}

/* Values in other files, of embeddings or of anything else, are not taken from there. */
static void refuse_elsewhere(const float *x)
{
    static const char *const names[] = {"labels", "embs_f"};
    hsize_t shape[2] = {ROWS, IN};
    for (int i = 0; i < 4; i++) {
        hid_t file = new_file("x.h5"), storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, NULL);
        put_floats(file, "embeddings", ROWS, IN, x);
        if (i % 2 == 0) {
            H5Pset_external(storage, path_of("raw"), 0, sizeof *x * ROWS * IN);
        } else {
            H5Pset_virtual(storage, space, "raw", "secret", space);
        }
        hid_t data = H5Dcreate2(file, names[i / 2], H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
        ck_assert_int_ge(data, 0);
        H5Dclose(data);
        H5Sclose(space);
        H5Pclose(storage);
        H5Fclose(file);
        refuse(i < 2 ? "x.h5:/labels: its values lie in another file, " : "x.h5:/embs_f: its values lie in another file, ",
               EF_FORMAT);
    }
}

START_TEST(sets_that_do_not_fit_a_head_are_refused)
{
    float *x = numbers(ROWS * IN, 11);
    ef_head *head = make_head(0);
    OK(ef_head_write(path_of("h.h5"), head, err));
    refuse("x.h5: No such file", EF_IO);
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    close_group(file, "lfw");
    put_floats(file, "lfw/embs", IN, 4, x);
    H5Fclose(file);
    refuse("x.h5:/lfw/embs: has 4 columns, but ", EF_FORMAT);
    file = new_file("x.h5");
    put_floats(file, "vectors", ROWS, IN, x);
    H5Fclose(file);
    refuse("x.h5: has no embeddings", EF_FORMAT);
    file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    H5Lcreate_external("elsewhere.h5", "/lfw", file, "lfw", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    refuse("x.h5:/lfw: is a link into another file", EF_FORMAT);
    refuse_elsewhere(x);
    x[1500 * IN + 2] = INFINITY;
    file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    H5Fclose(file);
    refuse("x.h5:/embeddings row 1500: not finite", EF_FORMAT);
    x[1500 * IN + 2] = 3e38f;
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS];
    ef_head_parameters(parameters, head);
    parameters[0].value[2] = 8;
    OK(ef_head_write(path_of("h.h5"), head, err));
    file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, IN, x);
    H5Fclose(file);
    refuse("x.h5:/embeddings row 1500: its projection is not finite", EF_FORMAT);
    file = new_file("x.h5");
    char name[600] = "";
    for (size_t depth = 0; depth < 80; depth++) {
        strcat(name, "/g");
        close_group(file, name);
    }
    H5Fclose(file);
    refuse("nested more than 64 deep", EF_FORMAT);
    ef_head_free(head);
    free(x);
}
END_TEST

static void set_count(const char *name, uint64_t value)
{
    hid_t file = H5Fopen(path_of("h.h5"), H5F_ACC_RDWR, H5P_DEFAULT), attribute = H5Aopen(file, name, H5P_DEFAULT);
    ck_assert_int_ge(H5Awrite(attribute, H5T_NATIVE_UINT64, &value), 0);
    H5Aclose(attribute);
    H5Fclose(file);
}

START_TEST(files_that_are_no_heads_are_refused)
{
    ef_head *head = make_head(4), *back = NULL;
    float *x = numbers(ROWS * IN, 11);
    const char *path = path_of("h.h5");
    FAILS(EF_IO, "h.h5: No such file", ef_head_read(&back, path, 4, 1, err));
    hid_t file = new_file("h.h5");
    put_floats(file, "weight", OUT, IN, x);
    H5Fclose(file);
    FAILS(EF_FORMAT, "h.h5: is not a head that eface-train saved", ef_head_read(&back, path, 4, 1, err));
    OK(ef_head_write(path, head, err));
    set_count("format_version", 2);
    FAILS(EF_FORMAT, "is of version 2 of the format 'eface head'", ef_head_read(&back, path, 4, 1, err));
    OK(ef_head_write(path, head, err));
    set_count("in", (uint64_t)1 << 31); /* sizes are held against what is there, before memory is taken */
    FAILS(EF_FORMAT, "from 2147483648 by 4 to 3 elements cannot be", ef_head_read(&back, path, 4, 1, err));
    set_count("in", 2147483647);
    FAILS(EF_FORMAT, "h.h5:/hidden_weight: is 4 x 5, not 4 x 2147483647", ef_head_read(&back, path, 4, 1, err));
    set_count("in", 0);
    FAILS(EF_FORMAT, "cannot be", ef_head_read(&back, path, 4, 1, err));
    set_count("in", IN);
    set_count("hidden", 2000000000);
    FAILS(EF_FORMAT, "h.h5:/weight: is 3 x 4, not 3 x 2000000000", ef_head_read(&back, path, 4, 1, err));
    set_count("hidden", 4);
    OK(ef_head_read(&back, path, 4, 1, err));
    ef_head_free(back);
    static const struct {
        const char *name, *text;
        hsize_t rows, columns;
        hid_t type;
    } wrong[] = {{"slope", "h.h5:/slope: has 5 elements, not 4", 5, 0, 0},
                 {"bias", "h.h5:/bias: has 2 dimensions, not 1", OUT, 1, 0},
                 {"weight", "h.h5:/weight: does not hold floating-point numbers", OUT, 4, 1},
                 {"norm_shift", "h.h5: has no dataset norm_shift", 0, 0, 0}};
    for (size_t k = 0; k < LENGTH(wrong); k++) {
        OK(ef_head_write(path, head, err));
        file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        H5Ldelete(file, wrong[k].name, H5P_DEFAULT);
        if (wrong[k].rows > 0) {
            put(file, wrong[k].name, wrong[k].type ? H5T_STD_I32LE : H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, wrong[k].rows,
                wrong[k].columns, (layout){0}, x);
        }
        H5Fclose(file);
        FAILS(EF_FORMAT, wrong[k].text, ef_head_read(&back, path, 4, 1, err));
    }
    ck_assert_int_eq(truncate(path, 2000), 0);
    FAILS(EF_FORMAT, "h.h5: is cut off", ef_head_read(&back, path, 4, 1, err));
    ef_head_free(head);
    free(x);
}
END_TEST

/* What was declared and not written reads as zeros. */
START_TEST(a_head_of_which_a_part_was_never_written_is_refused)
{
    static const char *const texts[] = {"h.h5:/weight: claims 3 rows, but none of them was ever written",
                                        "h.h5:/weight: claims 3 rows, but only a part of them was ever written", NULL};
    ef_head *head = make_head(0), *back = NULL;
    float *x = numbers(OUT * IN, 11);
    const hsize_t shape[2] = {OUT, IN}, chunk[2] = {2, IN}, start[2] = {0, 0};
    for (size_t k = 0; k < LENGTH(texts); k++) { /* so many of the two chunks are written */
        const hsize_t some[2] = {2 * k < OUT ? 2 * k : OUT, IN};
        OK(ef_head_write(path_of("h.h5"), head, err));
        hid_t file = H5Fopen(path_of("h.h5"), H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate_simple(2, shape, NULL);
        hid_t storage = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(storage, 2, chunk);
        H5Ldelete(file, "weight", H5P_DEFAULT);
        hid_t data = H5Dcreate2(file, "weight", H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
        if (k > 0) {
            hid_t memory = H5Screate_simple(2, some, NULL);
            H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, some, NULL);
            ck_assert_int_ge(H5Dwrite(data, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, x), 0);
            H5Sclose(memory);
        }
        H5Dclose(data);
        H5Sclose(space);
        H5Pclose(storage);
        H5Fclose(file);
        if (texts[k] != NULL) {
            FAILS(EF_FORMAT, texts[k], ef_head_read(&back, path_of("h.h5"), 4, 1, err));
        } else {
            OK(ef_head_read(&back, path_of("h.h5"), 4, 1, err));
            ef_head_free(back);
        }
    }
    ef_head_free(head);
    free(x);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_leaves_the_old_file)
{
    float *x = numbers((ROWS + 3) * IN, 11);
    ef_head *head = make_head(4);
    struct rlimit limit;
    make_sets(x, x);
    OK(ef_head_write(path_of("h.h5"), head, err));
    getrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);
    limit.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &limit);
    FAILS(EF_IO, "h.h5: ", ef_head_write(path_of("h.h5"), head, err));
    limit.rlim_cur = 30000;
    setrlimit(RLIMIT_FSIZE, &limit);
    refuse("y.h5: ", EF_IO);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    ef_head *back = NULL;
    OK(ef_head_read(&back, path_of("h.h5"), 4, 1, err));
    ef_head_free(back);
    ef_head_free(head);
    free(x);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("head_file");
    TCase *tests = tcase_create("head_file");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_head_is_read_back);
    tcase_add_test(tests, every_set_of_a_file_is_projected_and_all_else_copied);
    tcase_add_test(tests, datasets_of_all_kinds_are_copied);
    tcase_add_test(tests, a_new_name_replaces_the_old_one);
    tcase_add_test(tests, sets_that_do_not_fit_a_head_are_refused);
    tcase_add_test(tests, files_that_are_no_heads_are_refused);
    tcase_add_test(tests, a_head_of_which_a_part_was_never_written_is_refused);
    tcase_add_test(tests, a_full_disk_is_an_error_and_leaves_the_old_file);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
