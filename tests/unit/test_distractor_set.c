/* Probes and distractors, from HDF5 and from a folder of features, with lists and without. */
#include "unit.h"

#include "feature_files.h"

#include <eface/distractor_set.h>
#include <eface/set_writer.h>

#include "io/hdf5_quiet.h"
#include "list/json_list.h"
#include "list/size_list.h"

enum { probes = 7, distractors = 300, dim = 3 };

/* What the lists and folders are called. */
static ef_strings *places;
static ef_distractor_names usual_names = {.probe_list = "facescrub_features_list.json",
                                          .size_list = "megaface_features_list.json_{size}_{set}",
                                          .noise_list = {"facescrub_noises.txt", "megaface_noises.txt"},
                                          .features = {"facescrub", "megaface"}};
static const ef_distractor_options usual = {.names = &usual_names};

/* Who the probes are: three of Cy's, two of Abe's, two of Bo's, among each other. */
static const char *const probe_path[probes] = {"Cy/Cy_4.png", "Abe/Abe_1.png", "Cy/Cy_2.png",  "Bo/Bo_1.png",
                                               "Bo/Bo_2.png", "Cy/Cy_9.png",   "Abe/Abe_7.png"};
static const int64_t expected_labels[probes] = {0, 1, 0, 2, 2, 0, 1};

/* What there is to see in image `row` of a side. */
static float value_of(ef_side side, size_t row, size_t column)
{
    return (float)(side == EF_SIDE_PROBES ? -1 : 1) * ((float)row + 1 + (float)column / 16);
}

static void distractor_path(char path[64], size_t row)
{
    snprintf(path, 64, "%03zu/%08zu@N0%zu/%zu_0.jpg", row % 100, row * 7919, row % 10, row + 1000);
}

static const char *in_folder(const char *name)
{
    static char path[4][200];
    static int next;
    char *text = path[next++ % 4];
    snprintf(text, sizeof path[0], "%s/%s", folder, name);
    return text;
}

/* What a test's HDF5 file has. */
typedef struct contents {
    bool ids, labels, noisy, flip;
    size_t probe_shift; /* where the first probe stands; the others follow, around the end */
    size_t distractors, distractor_dim;
    const int64_t *label_values;
} contents;

static void write_names(ef_set_writer *writer, ef_side side, size_t count, size_t shift)
{
    ef_strings *names = NULL;
    OK(ef_strings_create(&names, err));
    for (size_t i = 0; i < count; i++) {
        char path[64], text[100];
        distractor_path(path, i);
        snprintf(text, sizeof text, "data/%s", side == EF_SIDE_PROBES ? probe_path[(i + shift) % probes] : path);
        OK(ef_strings_add(names, text, strlen(text), err));
    }
    OK(ef_set_writer_strings(writer, EF_IDS, names, err));
    ef_strings_free(names);
}

static void write_side(ef_set_writer *writer, ef_side side, const contents *what, size_t count, size_t columns)
{
    float *values = malloc(count * columns * sizeof *values);
    int64_t *numbers = malloc(count * sizeof *numbers);
    for (size_t i = 0; i < count * columns; i++) {
        size_t image = side == EF_SIDE_PROBES ? (i / columns + what->probe_shift) % probes : i / columns;
        values[i] = value_of(side, image, i % columns);
    }
    for (int field = EF_EMBEDDINGS; field <= (what->flip ? EF_EMBEDDINGS_FLIP : EF_EMBEDDINGS); field++) {
        OK(ef_set_writer_matrix(writer, (ef_field)field, count, columns, err));
        OK(ef_set_writer_rows(writer, (ef_field)field, 0, count, values, err));
    }
    if (what->ids) {
        write_names(writer, side, count, what->probe_shift);
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = side == EF_SIDE_PROBES && what->label_values != NULL ? what->label_values[i] : (int64_t)(i % 11 == 3);
    }
    if (what->labels && side == EF_SIDE_PROBES) {
        OK(ef_set_writer_integers(writer, EF_LABELS, numbers, count, 1, err));
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = i % 11 == 3;
    }
    if (what->noisy) {
        OK(ef_set_writer_integers(writer, EF_NOISY, numbers, count, 1, err));
    }
    free(values);
    free(numbers);
}

static void write_h5(const char *name, const char *group, const contents *what)
{
    ef_set_writer *writer = NULL;
    char place[100];
    OK(ef_set_writer_create(&writer, in_folder(name), err));
    OK(ef_set_writer_group(writer, group, err));
    OK(ef_set_writer_model(writer, "net", err));
    snprintf(place, sizeof place, "%s/probes", group);
    OK(ef_set_writer_group(writer, place, err));
    write_side(writer, EF_SIDE_PROBES, what, probes, dim);
    snprintf(place, sizeof place, "%s/distractors", group);
    OK(ef_set_writer_group(writer, place, err));
    write_side(writer, EF_SIDE_DISTRACTORS, what, what->distractors > 0 ? what->distractors : distractors,
               what->distractor_dim > 0 ? what->distractor_dim : dim);
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
}

static void write_probe_list(const char *name, bool ids)
{
    static const char *const id[probes] = {"Cy", "Abe", "Cy", "Bo", "Bo", "Cy", "Abe"};
    char text[2000];
    size_t used = (size_t)snprintf(text, sizeof text, "{\"path\": [");
    for (size_t i = 0; i < probes; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\"%s\"", i > 0 ? ", " : "", probe_path[i]);
    }
    used += (size_t)snprintf(text + used, sizeof text - used, ids ? "], \"id\": [" : "]");
    for (size_t i = 0; i < probes && ids; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\"%s\"", i > 0 ? ", " : "", id[i]);
    }
    snprintf(text + used, sizeof text - used, ids ? "]}" : "}");
    put(name, text);
}

/* Which distractor entry i of the list of `size` is: the long list is all of them, a shorter one goes its own way, beyond the end of a long list even. */
static size_t listed(size_t size, size_t i)
{
    return size == distractors ? i : (i * 37 + 5 * size) % (distractors + 50);
}

static void write_size_list(const char *name, size_t size)
{
    char *text = malloc(size * 64 + 100), path[64];
    size_t used = (size_t)sprintf(text, "{\"path\": [");
    for (size_t i = 0; i < size; i++) {
        distractor_path(path, listed(size, i));
        used += (size_t)sprintf(text + used, "%s\"%s\"", i > 0 ? ", " : "", path);
    }
    sprintf(text + used, "]}");
    put(name, text);
    free(text);
}

static void write_lists(void)
{
    write_probe_list("facescrub_features_list.json", true);
    write_size_list("megaface_features_list.json_10_1", 10);
    write_size_list("megaface_features_list.json_100_1", 100);
    write_size_list("megaface_features_list.json_300_1", distractors);
    put("megaface_features_list.json_100_2", "{}");
    put("megaface_features_list.json_1000_x", "{}");
    put("megaface_features_list.json_1e3_1", "{}");
    put("facescrub_noises.txt", "# not who they should be\nCy_2.png\nBo_1.png\nDee_1.png\n");
    put("megaface_noises.txt", "0\t017/00134623@N07/1017_0.jpg\n99/none.jpg\n");
}

static void write_features(const char *ending)
{
    char path[64], name[200];
    float feature[dim];
    for (size_t i = 0; i < probes + distractors + 50; i++) {
        ef_side side = i < probes ? EF_SIDE_PROBES : EF_SIDE_DISTRACTORS;
        size_t row = side == EF_SIDE_PROBES ? i : i - probes;
        distractor_path(path, row);
        snprintf(name, sizeof name, "%s/%s%s", side == EF_SIDE_PROBES ? "facescrub" : "megaface",
                 side == EF_SIDE_PROBES ? probe_path[row] : path, ending);
        for (size_t j = 0; j < dim; j++) {
            feature[j] = value_of(side, row, j);
        }
        put_feature(name, feature, dim);
    }
}

/* All embeddings of a side are those of the images in `expected` (NULL: in order), read as floats in blocks and as reals. */
static void check_values(const ef_distractor_set *set, ef_side side, const size_t *expected)
{
    size_t count = ef_distractor_set_rows(set, side);
    float *floats = malloc(count * dim * sizeof *floats);
    double *reals = malloc(count * dim * sizeof *reals);
    for (size_t first = 0; first < count; first += 101) {
        size_t rows = count - first < 101 ? count - first : 101;
        OK(ef_distractor_set_read_floats(set, side, EF_EMBEDDINGS, first, rows, floats + first * dim, err));
    }
    OK(ef_distractor_set_read_reals(set, side, EF_EMBEDDINGS, 0, count, reals, err));
    for (size_t i = 0; i < count * dim; i++) {
        float value = value_of(side, expected != NULL ? expected[i / dim] : i / dim, i % dim);
        ck_assert(floats[i] == value && reals[i] == (double)value);
    }
    FAILS(EF_INVALID, "are asked for; it has", ef_distractor_set_read_floats(set, side, EF_EMBEDDINGS, 1, count, floats, err));
    FAILS(EF_INVALID, "has only embeddings", ef_distractor_set_read_reals(set, side, EF_QUALITY, 0, 1, reals, err));
    free(floats);
    free(reals);
}

static void check_labels(const ef_distractor_set *set)
{
    ck_assert_uint_eq(ef_distractor_set_rows(set, EF_SIDE_PROBES), probes);
    ck_assert_uint_eq(ef_distractor_set_identities(set), 3);
    ck_assert_uint_eq(ef_distractor_set_mateless(set), 0);
    ck_assert_mem_eq(ef_distractor_set_labels(set), expected_labels, sizeof expected_labels);
}

/* The sizes are those of the lists, and each names the images that its list does. */
static void check_sizes(const ef_distractor_set *set)
{
    static const size_t sizes[] = {10, 100, distractors};
    char path[64];
    ck_assert_uint_eq(ef_distractor_set_size_count(set), LENGTH(sizes));
    for (size_t k = 0; k < LENGTH(sizes); k++) {
        const ef_distractor_size *size = ef_distractor_set_size(set, k);
        ck_assert_uint_eq(size->count, sizes[k]);
        ck_assert_ptr_nonnull(strstr(size->list, "megaface_features_list.json_"));
        ck_assert_int_eq(size->rows == NULL, k == 2);
        for (size_t i = 0; i < size->count; i++) {
            const char *name = ef_distractor_set_row_name(set, EF_SIDE_DISTRACTORS, size->rows != NULL ? size->rows[i] : i);
            distractor_path(path, listed(sizes[k], i));
            ck_assert_str_eq(name + strlen(name) - strlen(path), path);
        }
    }
}

static void check_noise(const ef_distractor_set *set)
{
    const ef_distractor_noise *noise = ef_distractor_set_noise(set, EF_SIDE_PROBES);
    ck_assert_mem_eq(noise->noisy, "\0\0\1\1\0\0\0", probes);
    ck_assert_uint_eq(noise->images, 2);
    ck_assert_uint_eq(noise->entries, 3);
    ck_assert_uint_eq(noise->unmatched, 1);
    ck_assert_ptr_nonnull(strstr(noise->source, "/facescrub_noises.txt"));
    noise = ef_distractor_set_noise(set, EF_SIDE_DISTRACTORS);
    for (size_t i = 0; i < ef_distractor_set_rows(set, EF_SIDE_DISTRACTORS); i++) {
        ck_assert_int_eq(noise->noisy[i], i == 17);
    }
    ck_assert_uint_eq(noise->unmatched, 1);
}

START_TEST(a_set_without_lists_is_its_rows)
{
    static const int64_t labels[probes] = {30, 5, 30, 8, 8, 30, 5};
    const size_t sizes[] = {7, 200};
    ef_distractor_set *set = NULL;
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .label_values = labels});
    OK(ef_distractor_set_open(&set, in_folder("x.h5"), "megaface", &usual, err));
    ck_assert_ptr_nonnull(strstr(ef_distractor_set_name(set), "/x.h5:/megaface"));
    ck_assert_ptr_nonnull(strstr(ef_distractor_set_side_name(set, EF_SIDE_DISTRACTORS), "/x.h5:/megaface/distractors"));
    ck_assert_str_eq(ef_distractor_set_model(set), "net");
    ck_assert_uint_eq(ef_distractor_set_dim(set), dim);
    ck_assert(!ef_distractor_set_has_flip(set));
    check_labels(set);
    check_values(set, EF_SIDE_PROBES, NULL);
    check_values(set, EF_SIDE_DISTRACTORS, NULL);
    ck_assert_ptr_null(ef_distractor_set_row_name(set, EF_SIDE_PROBES, 0));
    ck_assert_ptr_null(ef_distractor_set_noise(set, EF_SIDE_PROBES)->noisy);
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 3);
    for (size_t i = 0; i < 3; i++) {
        static const size_t expected[] = {10, 100, distractors};
        const ef_distractor_size *size = ef_distractor_set_size(set, i);
        ck_assert(size->count == expected[i] && size->rows == NULL && size->list == NULL);
    }
    ck_assert_uint_eq(ef_distractor_set_input_count(set), 1);
    ck_assert_str_eq(ef_distractor_set_input(set, 0)->role, "embeddings");
    ef_distractor_set_close(set);
    ef_distractor_set_close(NULL);
    OK(ef_distractor_set_open(&set, in_folder("x.h5:/megaface"), NULL,
                              &(ef_distractor_options){.names = &usual_names, .sizes = sizes, .size_count = 2}, err));
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 2);
    ck_assert_uint_eq(ef_distractor_set_size(set, 1)->count, 200);
    ef_distractor_set_close(set);
    write_h5("x.h5", "/", &(contents){.ids = true, .noisy = true, .distractors = 10, .flip = true});
    OK(ef_distractor_set_open(&set, in_folder("x.h5"), "megaface",
                              &(ef_distractor_options){.names = &usual_names, .noises = true}, err));
    check_labels(set); /* by the folders in the ids */
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 1);
    ck_assert(ef_distractor_set_has_flip(set));
    ck_assert_str_eq(ef_distractor_set_row_name(set, EF_SIDE_PROBES, 4), "data/Bo/Bo_2.png");
    const ef_distractor_noise *noise = ef_distractor_set_noise(set, EF_SIDE_PROBES);
    ck_assert_mem_eq(noise->noisy, "\0\0\0\1\0\0\0", probes);
    ck_assert(noise->images == 1 && noise->entries == 0);
    ck_assert_ptr_nonnull(strstr(noise->source, "x.h5:/probes/noisy"));
    ef_distractor_set_close(set);
}
END_TEST

START_TEST(lists_choose_and_order_the_rows_that_ids_name)
{
    static const size_t order[probes] = {0, 1, 2, 3, 4, 5, 6};
    static const int64_t wrong[probes] = {0, 1, 2, 3, 4, 5, 6};
    ef_distractor_set *set = NULL;
    write_lists();
    for (int below = 0; below < 2; below++) {
        write_h5(
            "x.h5", "/megaface",
            &(contents){.ids = true, .labels = true, .label_values = wrong, .probe_shift = 3, .distractors = distractors + 50});
        OK(ef_distractor_set_open(&set, in_folder("x.h5"), "megaface",
                                  &(ef_distractor_options){.names = &usual_names, .lists = folder, .noises = true}, err));
        check_labels(set);
        check_values(set, EF_SIDE_PROBES, order);
        check_values(set, EF_SIDE_DISTRACTORS, NULL);
        check_sizes(set);
        check_noise(set);
        ck_assert_uint_eq(ef_distractor_set_rows(set, EF_SIDE_DISTRACTORS), distractors + 50);
        ck_assert_str_eq(ef_distractor_set_row_name(set, EF_SIDE_PROBES, 3), probe_path[3]);
        ck_assert_uint_eq(ef_distractor_set_input_count(set), 7);
        ck_assert_str_eq(ef_distractor_set_input(set, 6)->role, "noisy distractors");
        ef_distractor_set_close(set);
        /* The same from where the devkit has its lists. */
        char command[400];
        snprintf(command, sizeof command, "mkdir -p %s/templatelists && mv %s/mega*_1 %s/face*.json %s/templatelists", folder,
                 folder, folder, folder);
        ck_assert_int_eq(below == 0 ? system(command) : 0, 0);
    }
}
END_TEST

START_TEST(a_set_without_ids_is_its_lists_row_by_row)
{
    const size_t sizes[] = {distractors};
    ef_distractor_set *set = NULL;
    ef_distractor_options options = {.names = &usual_names, .lists = folder, .sizes = sizes, .size_count = 1, .noises = true};
    write_lists();
    write_h5("x.h5", "/megaface", &(contents){.flip = true});
    OK(ef_distractor_set_open(&set, in_folder("x.h5"), "megaface", &options, err));
    check_labels(set);
    check_noise(set);
    check_values(set, EF_SIDE_PROBES, NULL);
    check_values(set, EF_SIDE_DISTRACTORS, NULL);
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 1);
    ck_assert_ptr_null(ef_distractor_set_size(set, 0)->rows);
    ck_assert_str_eq(ef_distractor_set_row_name(set, EF_SIDE_DISTRACTORS, 11), "011/00087109@N01/1011_0.jpg");
    ef_distractor_set_close(set);
    /* Another list names images that the set cannot have. */
    FAILS(EF_FORMAT, "megaface_features_list.json_100_1: entry",
          ef_distractor_set_open(&set, in_folder("x.h5"), "megaface",
                                 &(ef_distractor_options){.names = &usual_names, .lists = folder}, err));
}
END_TEST

START_TEST(a_folder_of_features_is_the_union_of_its_lists)
{
    ef_distractor_set *set = NULL, *other = NULL;
    write_lists();
    write_features("_net-50.bin");
    OK(ef_distractor_set_open(&set, folder, "megaface",
                              &(ef_distractor_options){.names = &usual_names, .noises = true, .threads = 3}, err));
    ck_assert_str_eq(ef_distractor_set_model(set), "net-50");
    check_labels(set);
    check_noise(set);
    check_sizes(set);
    check_values(set, EF_SIDE_PROBES, NULL);
    size_t rows = ef_distractor_set_rows(set, EF_SIDE_DISTRACTORS);
    ck_assert(rows > distractors && rows < distractors + 50); /* what only shorter lists name comes last */
    size_t *image = malloc(rows * sizeof *image);
    for (size_t i = 0; i < rows; i++) {
        image[i] = strtoul(strrchr(ef_distractor_set_row_name(set, EF_SIDE_DISTRACTORS, i), '/') + 1, NULL, 10) - 1000;
        ck_assert(i >= distractors || image[i] == i);
    }
    check_values(set, EF_SIDE_DISTRACTORS, image);
    free(image);
    ef_distractor_set_close(set);
    put("facescrub/Cy/Cy_4.png_other.bin", "");
    FAILS(EF_INVALID, "'_net-50.bin' and '_other.bin'", ef_distractor_set_open(&set, folder, NULL, &usual, err));
    OK(ef_distractor_set_open(&other, folder, NULL, &(ef_distractor_options){.names = &usual_names, .ending = "_net-50.bin"},
                              err));
    ef_distractor_set_close(other);
}
END_TEST

/* Opening x.h5 with the lists fails. */
#define REFUSES(expected, text, ...)                                                                                             \
    do {                                                                                                                         \
        ef_distractor_set *refused_ = NULL;                                                                                      \
        FAILS(expected, text,                                                                                                    \
              ef_distractor_set_open(&refused_, in_folder("x.h5"), "megaface",                                                   \
                                     &(ef_distractor_options){.names = &usual_names, __VA_ARGS__}, err));                        \
        ck_assert_ptr_null(refused_);                                                                                            \
    } while (0)

START_TEST(what_does_not_hang_together_is_refused)
{
    static const int64_t one[probes] = {4, 4, 4, 4, 4, 4, 4}, apart[probes] = {1, 2, 3, 4, 5, 6, 7};
    const size_t descending[] = {100, 10}, many[] = {5000}, ten[] = {10}, thousand[] = {1000};
    REFUSES(EF_IO, "x.h5: No such file", .threads = 0);
    write_h5("x.h5", "/other", &(contents){.labels = true});
    REFUSES(EF_FORMAT, "has no group /probes", .threads = 0);
    write_h5("x.h5", "/megaface", &(contents){.noisy = true});
    REFUSES(EF_FORMAT, "/megaface/probes: has neither labels nor ids, and no list of probes is given", .threads = 0);
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .label_values = one});
    REFUSES(EF_FORMAT, "/probes: all 7 probes are of one person, '4'", .threads = 0);
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .label_values = apart});
    REFUSES(EF_FORMAT, "no two of its 7 probes are of the same person", .threads = 0);
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .distractor_dim = dim + 1});
    REFUSES(EF_FORMAT, "/distractors/embeddings: has 4 columns, but ", .threads = 0);
    write_h5("x.h5", "/megaface", &(contents){.labels = true});
    REFUSES(EF_INVALID, "has 300 distractors; 5000 are asked for", .sizes = many, .size_count = 1);
    REFUSES(EF_INVALID, "above 0 and ascending; 10 is not", .sizes = descending, .size_count = 2);
    REFUSES(EF_FORMAT, "nothing says which images are noisy: neither datasets noisy nor lists (facescrub_noises.txt",
            .noises = true);
    REFUSES(EF_IO, "nowhere: is no folder to look for lists in", .lists = "/tmp/nowhere");
    REFUSES(EF_IO, "holds no mine.json, nor does its templatelists", .lists = folder, .probe_list = "mine.json");
    REFUSES(EF_INVALID, "no folder is given to look for the list mine.json in", .probe_list = "mine.json");
    REFUSES(EF_IO, "holds no list of distractors (mine_1000000_1 or the like)", .lists = folder, .size_list = "mine");
    put("facescrub_noises.txt", "a.png\n");
    REFUSES(EF_FORMAT, "/probes: its images have no names that ", .lists = folder, .noises = true);
    write_lists();
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .distractors = 301});
    REFUSES(EF_FORMAT, "has 301 rows and no ids, and no list has as many entries", .lists = folder);
    REFUSES(EF_INVALID, "holds no list of 1000 distractors (megaface_features_list.json_1000_1); sizes there: 10, 100, 300",
            .lists = folder, .sizes = thousand, .size_count = 1);
    write_h5("x.h5", "/megaface", &(contents){.ids = true, .distractors = 290});
    REFUSES(EF_FORMAT, "megaface_features_list.json_300_1: names 300 distractors, but ", .lists = folder);
    write_h5("x.h5", "/megaface", &(contents){.ids = true});
    REFUSES(EF_FORMAT, "', is not among ", .lists = folder);
    write_probe_list("facescrub_features_list.json", false);
    put("megaface_features_list.json_10_1", "{\"path\": [\"a/b/c\"]}");
    REFUSES(EF_FORMAT, "json_10_1: names 1 images, but its own name says 10", .lists = folder, .sizes = ten, .size_count = 1);
    put("megaface_features_list.json_10_1", "{\"path\": "
                                            "[\"000/00000000@N00/1000_0.jpg\",\"1/2/a\",\"1/2/b\",\"1/2/c\",\"1/2/d\",\"1/2/"
                                            "e\",\"1/2/f\",\"1/2/g\",\"1/2/h\",\"1/2/i\"]}");
    REFUSES(EF_FORMAT, "json_10_1: entry 2, '1/2/a', is not among ", .lists = folder, .sizes = ten, .size_count = 1);
    put("facescrub_features_list.json", "{\"path\": [\"Cy/Cy_4.png\", \"Cy/Cy_2.png\", \"Bo/Bo_7.png\"]}");
    REFUSES(EF_FORMAT, "facescrub_features_list.json: entry 3, 'Bo/Bo_7.png', is not among ", .lists = folder);
    put("facescrub_features_list.json", "{\"path\": [\"Cy/Cy_4.png\", \"Cy/Cy_2.png\", \"Cy/Cy_4.png\"]}");
    REFUSES(EF_FORMAT, "entry 1 and entry 3 are the same image, 'Cy/Cy_4.png'", .lists = folder);
    write_h5("x.h5", "/megaface", &(contents){.labels = true, .label_values = one});
    put("facescrub_features_list.json", "{\"path\": [\"Cy/Cy_4.png\", \"Cy/Cy_2.png\"]}");
    REFUSES(EF_FORMAT, "facescrub_features_list.json: names 2 images, but ", .lists = folder);
}
END_TEST

START_TEST(other_probes_and_lists_go_by_other_names)
{
    static const float feature[dim] = {1, 2, 3};
    static const ef_distractor_names other_names = {.features = {"fgnet", "crowd"}};
    ef_distractor_set *set = NULL;
    put("lists/old_people.json", "{\"path\": [\"001A02.JPG\", \"001A40.JPG\", \"002A03.JPG\"], \"id\": [1, 1, 2]}");
    put("lists/crowd_2_3", "{\"path\": [\"x.jpg\", \"y.jpg\"]}");
    put("lists/wrong.txt", "001A40.JPG\n");
    put_feature("features/fgnet/001A02.JPG.bin", feature, dim);
    put_feature("features/crowd/x.jpg.bin", feature, dim);
    OK(ef_distractor_set_open(&set, in_folder("features"), NULL,
                              &(ef_distractor_options){.names = &other_names,
                                                       .lists = in_folder("lists"),
                                                       .probe_list = "old_people.json",
                                                       .size_list = "crowd",
                                                       .list_set = 3,
                                                       .noise_list = {"wrong.txt", NULL},
                                                       .noises = true},
                              err));
    ck_assert_ptr_null(ef_distractor_set_model(set));
    ck_assert_uint_eq(ef_distractor_set_identities(set), 2);
    ck_assert_uint_eq(ef_distractor_set_mateless(set), 1); /* 002 is there, and is nobody's mate */
    ck_assert_mem_eq(ef_distractor_set_noise(set, EF_SIDE_PROBES)->noisy, "\0\1\0", 3);
    ck_assert_ptr_null(ef_distractor_set_noise(set, EF_SIDE_DISTRACTORS)->noisy);
    ck_assert_uint_eq(ef_distractor_set_size(set, 0)->count, 2);
    ef_distractor_set_close(set);
}
END_TEST

START_TEST(a_benchmark_without_names_has_no_lists)
{
    ef_distractor_set *set = NULL;
    const ef_distractor_options bare = {.lists = folder};
    write_lists();
    write_h5("x.h5", "/crowd", &(contents){.labels = true});
    OK(ef_distractor_set_open(&set, in_folder("x.h5"), "crowd", NULL, err));
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 3); /* 10, 100 and all 300 */
    ef_distractor_set_close(set);
    FAILS(EF_INVALID, "/crowd/distractors: nothing says what the lists of distractors are called",
          ef_distractor_set_open(&set, in_folder("x.h5"), "crowd", &bare, err));
    FAILS(EF_INVALID, "nothing says what the list of probes is called", ef_distractor_set_open(&set, folder, NULL, NULL, err));
    FAILS(EF_FORMAT, "nothing says which images are noisy: no datasets noisy, and the benchmark names no lists of them",
          ef_distractor_set_open(&set, in_folder("x.h5"), "crowd", &(ef_distractor_options){.noises = true}, err));
}
END_TEST

START_TEST(lists_of_distractors_are_called_what_the_pattern_says)
{
    uint64_t size = 0, set = 0;
    ck_assert(ef_size_list_match(&size, &set, "crowd_100_2", "crowd") && size == 100 && set == 2);
    ck_assert(ef_size_list_match(&size, &set, "3/of-0020.json", "{set}/of-{size}.json") && size == 20 && set == 3);
    ck_assert(ef_size_list_match(&size, &set, "n10.txt", "n{size}.txt") && size == 10 && set == 1);
    static const char *const others[] = {"crowd_100", "crowd_100_", "crowd_100_2x", "crowd_1e2_2", "crow_100_2", "crowd__2", ""};
    for (size_t i = 0; i < LENGTH(others); i++) {
        ck_assert(!ef_size_list_match(&size, &set, others[i], "crowd"));
    }
    static const struct {
        const char *pattern, *file;
    } cases[] = {{"crowd", "crowd_50_2"}, {"{set}/of-{size}.json", "2/of-50.json"}, {"n{size}", "n50"}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *name = ef_size_list_file(cases[i].pattern, 50, 2);
        OK(ef_size_list_check(cases[i].pattern, err));
        ck_assert_str_eq(name, cases[i].file);
        free(name);
    }
    FAILS(EF_FORMAT, "must hold {size} once", ef_size_list_check("x_{set}", err));
    FAILS(EF_FORMAT, "must hold {size} once", ef_size_list_check("{size}_{size}", err));
    FAILS(EF_FORMAT, "{set} once at the most", ef_size_list_check("{size}_{set}.{set}", err));
    FAILS(EF_FORMAT, "another number stands beside", ef_size_list_check("{size}{set}", err));
    FAILS(EF_FORMAT, "another number stands beside", ef_size_list_check("v2{size}", err));
    FAILS(EF_FORMAT, "a value is missing", ef_size_list_check("", err));
}
END_TEST

/* The devkit's classes are equal ids, whatever these look like; only a label of a set can be nobody. */
START_TEST(a_negative_id_or_folder_is_a_person_like_another)
{
    static const char *const lists[] = {"{\"path\": [\"a.jpg\", \"b.jpg\", \"c.jpg\"], \"id\": [-1, \"-1\", \"-2\"]}",
                                        "{\"path\": [\"-1/a.jpg\", \"-1/b.jpg\", \"Ann/c.jpg\"]}"};
    static const int64_t expected[] = {0, 0, 1};
    static const float feature[dim] = {1, 2, 3};
    static const ef_distractor_names names = {.features = {"people", "crowd"}};
    put("lists/crowd_2_1", "{\"path\": [\"x.jpg\", \"y.jpg\"]}");
    put_feature("features/people/a.jpg.bin", feature, dim);
    put_feature("features/people/-1/a.jpg.bin", feature, dim);
    put_feature("features/crowd/x.jpg.bin", feature, dim);
    for (size_t k = 0; k < LENGTH(lists); k++) {
        ef_distractor_set *set = NULL;
        put("lists/people.json", lists[k]);
        OK(ef_distractor_set_open(
            &set, in_folder("features"), NULL,
            &(ef_distractor_options){
                .names = &names, .lists = in_folder("lists"), .probe_list = "people.json", .size_list = "crowd"},
            err));
        ck_assert_uint_eq(ef_distractor_set_identities(set), 2);
        ck_assert_uint_eq(ef_distractor_set_strangers(set), 0);
        ck_assert_mem_eq(ef_distractor_set_labels(set), expected, sizeof expected);
        ef_distractor_set_close(set);
    }
}
END_TEST

START_TEST(a_bad_folder_of_features_is_refused)
{
    ef_distractor_set *set = NULL;
    float feature[dim + 1] = {1, 2, 3, 4};
    FAILS(EF_IO, "holds no facescrub_features_list.json", ef_distractor_set_open(&set, folder, NULL, &usual, err));
    write_probe_list("facescrub_features_list.json", false);
    FAILS(EF_IO, "holds no list of distractors (megaface_features_list.json_1000000_1",
          ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put("megaface_features_list.json_2_1", "{\"path\": [\"1/2/a\", \"1/2/a\"]}");
    FAILS(EF_FORMAT, "json_2_1: entry 2, '1/2/a', stands in the list twice",
          ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put("megaface_features_list.json_2_1", "{\"path\": [\"1/2/a\", \"1/2/b\"]}");
    FAILS(EF_IO, "facescrub/Cy/: No such file", ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put_feature("facescrub/Cy/Cy_4.png_x.bin", feature, dim);
    FAILS(EF_IO, "megaface: No such file", ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put("megaface/1/2/a_y.bin", "");
    FAILS(EF_IO, "megaface/1/2/a_x.bin: no such file, but its image is entry 1 of ",
          ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put_feature("megaface/1/2/a_x.bin", feature, dim + 1);
    FAILS(EF_FORMAT, "megaface: its first feature has 4 values, but that of ",
          ef_distractor_set_open(&set, folder, NULL, &usual, err));
    put_feature("megaface/1/2/a_x.bin", feature, dim);
    OK(ef_distractor_set_open(&set, folder, NULL, &usual, err));
    check_labels(set); /* by folder: the list has no ids */
    FAILS(EF_IO, "megaface/1/2/b_x.bin: no such file, but its image is entry 2 of ",
          ef_distractor_set_read_floats(set, EF_SIDE_DISTRACTORS, EF_EMBEDDINGS, 0, 2, (float[2 * dim]){0}, err));
    ef_distractor_set_close(set);
}
END_TEST

START_TEST(the_official_lists_join_into_one_set)
{
    ef_distractor_set *set = NULL;
    const char *lists = official("megaface");
    const char *path = official("megaface/megaface_features_list.json_10000_1");
    if (path == NULL || lists == NULL) {
        return;
    }
    /* The first image of each list is enough for a folder to be opened. */
    static const float feature[dim] = {1, 2, 3};
    ef_json_list list = {0};
    char name[400], parent[4096];
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(path, '/') - path), path);
    OK(ef_json_list_read(&list, path, err));
    snprintf(name, sizeof name, "megaface/%s_x.bin", ef_strings_at(list.paths, 0));
    put_feature(name, feature, dim);
    ef_json_list_free(&list);
    OK(ef_json_list_read(&list, official("megaface/facescrub_features_list.json"), err));
    snprintf(name, sizeof name, "facescrub/%s_x.bin", ef_strings_at(list.paths, 0));
    put_feature(name, feature, dim);
    ef_json_list_free(&list);
    OK(ef_distractor_set_open(&set, folder, NULL, &(ef_distractor_options){.names = &usual_names, .lists = parent}, err));
    ck_assert_uint_eq(ef_distractor_set_rows(set, EF_SIDE_PROBES), 3530);
    ck_assert_uint_eq(ef_distractor_set_identities(set), 80);
    ck_assert_uint_eq(ef_distractor_set_mateless(set), 0);
    ck_assert_uint_eq(ef_distractor_set_size_count(set), 4);
    ck_assert_uint_eq(ef_distractor_set_size(set, 3)->count, 10000);
    ck_assert_ptr_null(ef_distractor_set_size(set, 3)->rows);
    ck_assert_ptr_nonnull(ef_distractor_set_size(set, 2)->rows);
    size_t pairs = 0, rows = ef_distractor_set_rows(set, EF_SIDE_DISTRACTORS);
    ck_assert(rows > 10000 + 992 && rows <= 11110 - 8);
    for (size_t i = 0; i < 3530; i++) {
        for (size_t j = 0; j < 3530; j++) {
            pairs += i != j && ef_distractor_set_labels(set)[i] == ef_distractor_set_labels(set)[j];
        }
    }
    ck_assert_uint_eq(pairs, 153634);
    ef_distractor_set_close(set);
}
END_TEST

static void set_up(void)
{
    make_folder();
    OK(ef_strings_create(&places, err));
    OK(ef_strings_add(places, "templatelists", strlen("templatelists"), err));
    usual_names.places = places;
}

static void tear_down(void)
{
    ef_strings_free(places);
    remove_folder();
}

int main(void)
{
    Suite *suite = suite_create("distractor_set");
    TCase *sets = tcase_create("sets");
    ef_hdf5_quiet();
    tcase_add_checked_fixture(sets, set_up, tear_down);
    tcase_add_test(sets, a_set_without_lists_is_its_rows);
    tcase_add_test(sets, lists_choose_and_order_the_rows_that_ids_name);
    tcase_add_test(sets, a_set_without_ids_is_its_lists_row_by_row);
    tcase_add_test(sets, a_folder_of_features_is_the_union_of_its_lists);
    tcase_add_test(sets, what_does_not_hang_together_is_refused);
    tcase_add_test(sets, other_probes_and_lists_go_by_other_names);
    tcase_add_test(sets, a_benchmark_without_names_has_no_lists);
    tcase_add_test(sets, lists_of_distractors_are_called_what_the_pattern_says);
    tcase_add_test(sets, a_negative_id_or_folder_is_a_person_like_another);
    tcase_add_test(sets, a_bad_folder_of_features_is_refused);
    tcase_add_test(sets, the_official_lists_join_into_one_set);
    suite_add_tcase(suite, sets);
    return unit_run(suite);
}
