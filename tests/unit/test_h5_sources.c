/* Where the values of a dataset lie, when they do not lie in it: nothing may be missing without a word. */
#include "h5_data.h"

#include <eface/set.h>

#include "io/h5_holes.h"
#include "io/h5_sources.h"

enum { ROWS = 6, DIM = 3 };

static const float values[ROWS * DIM] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};

/* A file with the first `rows` rows in the dataset `name`, growable if `growing`. */
static void put_rows(const char *file_name, const char *name, hsize_t rows, bool growing)
{
    hsize_t shape[2] = {rows, DIM}, most[2] = {H5S_UNLIMITED, DIM}, chunk[2] = {2, DIM};
    hid_t file =
        access(path_of(file_name), F_OK) == 0 ? H5Fopen(path_of(file_name), H5F_ACC_RDWR, H5P_DEFAULT) : new_file(file_name);
    hid_t storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, growing ? most : NULL);
    if (growing) {
        H5Pset_chunk(storage, 2, chunk);
    }
    hid_t data = H5Dcreate2(file, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
    ck_assert(data >= 0 && H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(data);
    H5Sclose(space);
    H5Pclose(storage);
    H5Fclose(file);
}

/* A piece of a virtual dataset: `rows` rows from row `first` on are those of a source from its row 0 on. */
typedef struct piece {
    hsize_t first, rows, source_rows;
    const char *file, *dataset;
} piece;

/* Creates the virtual dataset that `storage` lays out, and closes all of it. */
static void finish(hid_t file, const char *name, hid_t storage, hid_t space)
{
    H5Sselect_all(space);
    hid_t data = H5Dcreate2(file, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
    ck_assert_int_ge(data, 0);
    H5Dclose(data);
    H5Sclose(space);
    H5Pclose(storage);
    H5Fclose(file);
}

/* A virtual dataset of `rows` rows. */
static void put_virtual(const char *file_name, const char *name, hsize_t rows, const piece *pieces, size_t count)
{
    hsize_t shape[2] = {rows, DIM};
    hid_t file =
        access(path_of(file_name), F_OK) == 0 ? H5Fopen(path_of(file_name), H5F_ACC_RDWR, H5P_DEFAULT) : new_file(file_name);
    hid_t storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, NULL);
    for (size_t i = 0; i < count; i++) {
        hsize_t start[2] = {pieces[i].first, 0}, size[2] = {pieces[i].rows, DIM}, whole[2] = {pieces[i].source_rows, DIM};
        hsize_t zero[2] = {0, 0};
        hid_t source = H5Screate_simple(2, whole, NULL);
        H5Sselect_hyperslab(source, H5S_SELECT_SET, zero, NULL, size, NULL);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL);
        ck_assert_int_ge(H5Pset_virtual(storage, space, pieces[i].file, pieces[i].dataset, source), 0);
        H5Sclose(source);
    }
    finish(file, name, storage, space);
}

/* A virtual dataset that grows with its sources: blocks of 2 rows, or all rows of one source. */
static void put_growing(const char *file_name, const char *name, const char *source_file, const char *source_name, bool blocks)
{
    hsize_t shape[2] = {2, DIM}, most[2] = {H5S_UNLIMITED, DIM}, start[2] = {0, 0}, stride[2] = {blocks ? 2 : 1, DIM};
    hsize_t count[2] = {H5S_UNLIMITED, 1}, block[2] = {blocks ? 2 : 1, DIM};
    hid_t file = new_file(file_name);
    hid_t storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, most);
    hid_t source = H5Screate_simple(2, shape, blocks ? NULL : most);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, block);
    if (!blocks) {
        H5Sselect_hyperslab(source, H5S_SELECT_SET, start, stride, count, block);
    }
    ck_assert_int_ge(H5Pset_virtual(storage, space, source_file, source_name, source), 0);
    H5Sclose(source);
    finish(file, name, storage, space);
}

static ef_status open_set(const char *name, ef_error *err)
{
    ef_set *set = NULL;
    ef_status status = ef_set_open(&set, path_of(name), NULL, err);
    ef_set_close(set);
    return status;
}

/* The set's embeddings are the first rows of `values`, and it is read from these files, below the folder. */
static void check_set(const char *name, size_t rows, const char *const *files, size_t count)
{
    ef_set *set;
    float got[ROWS * DIM];
    OK(ef_set_open(&set, path_of(name), NULL, err));
    ck_assert_uint_eq(ef_set_rows(set), rows);
    OK(ef_set_read_floats(set, EF_EMBEDDINGS, 0, rows, got, err));
    ck_assert_mem_eq(got, values, rows * DIM * sizeof *got);
    ck_assert_uint_eq(ef_set_file_count(set), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(ef_set_file_at(set, i) + strlen(folder) + 1, files[i]);
        ck_assert(ef_set_mark_at(set, i)->there && !ef_set_mark_at(set, i)->once);
    }
    OK(ef_set_check_files(set, err));
    ef_set_close(set);
}

#define FILES(...) (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

START_TEST(a_virtual_dataset_needs_all_its_sources)
{
    const piece whole = {0, ROWS, ROWS, "s.h5", "data"};
    put_rows("s.h5", "data", ROWS, false);
    put_virtual("v.h5", "embeddings", ROWS, &whole, 1);
    check_set("v.h5", ROWS, FILES("v.h5", "s.h5"));
    unlink(path_of("s.h5"));
    FAILS(EF_IO, "v.h5:/embeddings: takes its values from s.h5:data (virtual dataset), which is missing", open_set("v.h5", err));
    put_rows("s.h5", "other", ROWS, false);
    FAILS(EF_IO, "s.h5:data (virtual dataset), of which the file is there, but no such dataset in it", open_set("v.h5", err));
    put_rows("s.h5", "data", ROWS - 1, false);
    FAILS(EF_FORMAT, "/s.h5:/data (virtual dataset) that are beyond its end", open_set("v.h5", err));
    hid_t file = new_file("s.h5"); /* declared, and never written */
    hsize_t shape[2] = {ROWS, DIM};
    hid_t space = H5Screate_simple(2, shape, NULL);
    H5Dclose(H5Dcreate2(file, "data", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    FAILS(EF_FORMAT, "s.h5:/data: claims 6 rows, but none of them was ever written", open_set("v.h5", err));
    FILE *text = fopen(path_of("s.h5"), "w");
    fputs("no HDF5 at all\n", text);
    fclose(text);
    FAILS(EF_IO, "s.h5:data (virtual dataset), which is missing", open_set("v.h5", err));
}
END_TEST

START_TEST(sources_within_the_file_and_within_sources_are_followed)
{
    const piece own = {0, ROWS, ROWS, ".", "stored"}, outer = {0, ROWS, ROWS, "inner.h5", "/data"};
    put_rows("v.h5", "stored", ROWS, false);
    put_virtual("v.h5", "embeddings", ROWS, &own, 1);
    check_set("v.h5", ROWS, FILES("v.h5"));
    const piece lost = {0, ROWS, ROWS, ".", "nowhere"};
    put_virtual("l.h5", "embeddings", ROWS, &lost, 1);
    FAILS(EF_IO, "takes its values from nowhere (virtual dataset), which is missing; looked for in this file",
          open_set("l.h5", err));
    const piece inner[] = {{0, 2, ROWS, "a.h5", "x"}, {2, 4, 4, "b.h5", "x"}};
    put_rows("a.h5", "x", ROWS, false);
    float rest[4 * DIM];
    memcpy(rest, values + 2 * DIM, sizeof rest);
    hsize_t shape[2] = {4, DIM};
    hid_t file = new_file("b.h5"), space = H5Screate_simple(2, shape, NULL);
    hid_t data = H5Dcreate2(file, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, rest);
    H5Dclose(data);
    H5Sclose(space);
    H5Fclose(file);
    put_virtual("inner.h5", "data", ROWS, inner, 2);
    put_virtual("outer.h5", "embeddings", ROWS, &outer, 1);
    check_set("outer.h5", ROWS, FILES("outer.h5", "inner.h5", "a.h5", "b.h5"));
    unlink(path_of("b.h5"));
    FAILS(EF_IO, "inner.h5:/data: takes its values from b.h5:x (virtual dataset), which is missing", open_set("outer.h5", err));
    put_virtual("part.h5", "embeddings", ROWS, inner, 1);
    FAILS(EF_FORMAT, "part.h5:/embeddings: its sources (virtual dataset) are 6 of its 18 values", open_set("part.h5", err));
    const piece round = {0, ROWS, ROWS, "round.h5", "embeddings"};
    put_virtual("round.h5", "embeddings", ROWS, &round, 1);
    FAILS(EF_FORMAT, "more than 16 deep", open_set("round.h5", err));
}
END_TEST

START_TEST(holes_are_found_where_sources_overlap)
{
    const piece twice[] = {{0, 3, ROWS, "s.h5", "x"}, {1, 3, ROWS, "s.h5", "x"}, {0, 2, ROWS, "s.h5", "x"}};
    const piece full[] = {{0, 5, ROWS, "s.h5", "x"}, {1, 5, ROWS, "s.h5", "x"}, {0, 2, ROWS, "s.h5", "x"}};
    put_rows("s.h5", "x", ROWS, false);
    put_virtual("t.h5", "embeddings", ROWS, twice, 3); /* rows 0 to 3, of 8 in all */
    FAILS(EF_FORMAT,
          "t.h5:/embeddings: its sources (virtual dataset) are 12 of its 18 values; nothing fills the other 6, in rows 4 to 5",
          open_set("t.h5", err));
    put_virtual("f.h5", "embeddings", ROWS, full, 3);
    OK(open_set("f.h5", err));
}
END_TEST

/* A dataset of 12 x 6 in chunks of 2 x 3, of which only those chunks of its left half that begin at rows 2, 4 and 8 are written. */
static void put_part(const char *file_name, bool packed)
{
    static const float row[6] = {1, 2, 3, 4, 5, 6};
    hsize_t shape[2] = {12, 6}, chunk[2] = {2, 3};
    hid_t file = new_file(file_name), storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, NULL);
    H5Pset_chunk(storage, 2, chunk);
    if (packed) {
        H5Pset_deflate(storage, 1);
    }
    hid_t data = H5Dcreate2(file, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
    hid_t memory = H5Screate_simple(2, chunk, NULL);
    for (size_t i = 0; i < 3; i++) {
        const hsize_t start[2] = {((const hsize_t[]){2, 4, 8})[i], 0};
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, chunk, NULL);
        ck_assert_int_ge(H5Dwrite(data, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, row), 0);
    }
    H5Sclose(memory);
    H5Dclose(data);
    H5Sclose(space);
    H5Pclose(storage);
    H5Fclose(file);
}

/* A set of the rows of a source, as many as a hyperslab has. */
static void put_taken(const char *file_name, const hsize_t *start, const hsize_t *stride, const hsize_t *count)
{
    hsize_t shape[2] = {12, 6};
    hid_t file = new_file(file_name), storage = H5Pcreate(H5P_DATASET_CREATE);
    hid_t source = H5Screate_simple(2, shape, NULL), space = H5Screate_simple(2, count, NULL);
    H5Sselect_hyperslab(source, H5S_SELECT_SET, start, stride, count, NULL);
    ck_assert_int_ge(H5Pset_virtual(storage, space, "part.h5", "x", source), 0);
    H5Sclose(source);
    finish(file, "embeddings", storage, space);
}

START_TEST(a_source_needs_only_what_is_taken_of_it)
{
    static const struct {
        hsize_t start[2], stride[2], count[2];
        int missing; /* the first row of the chunk; negative: none */
    } cases[] = {
        {{2, 0}, {1, 1}, {4, 3}, -1}, {{3, 1}, {1, 1}, {2, 2}, -1}, {{2, 0}, {6, 1}, {2, 3}, -1}, {{3, 0}, {5, 1}, {2, 2}, -1},
        {{1, 0}, {1, 1}, {2, 3}, 0},  {{2, 0}, {1, 1}, {4, 4}, 2},  {{4, 0}, {1, 1}, {3, 3}, 6},  {{2, 0}, {4, 1}, {2, 3}, 6},
        {{8, 0}, {3, 1}, {2, 3}, 10}, {{2, 2}, {1, 3}, {2, 2}, 2},
    };
    for (size_t i = 0; i < 2 * LENGTH(cases); i++) {
        size_t k = i / 2;
        put_part("part.h5", i % 2 == 1);
        put_taken("v.h5", cases[k].start, cases[k].stride, cases[k].count);
        if (cases[k].missing < 0) {
            OK(open_set("v.h5", err));
            continue;
        }
        char text[200];
        snprintf(text, sizeof text,
                 "part.h5:/x: claims 12 rows, but only a part of them was ever written; not the chunk of row %d,",
                 cases[k].missing);
        FAILS(EF_FORMAT, text, open_set("v.h5", err));
    }
}
END_TEST

/* Boxes anywhere, some of them with strides, counted one value at a time. */
START_TEST(random_sources_are_counted_value_by_value)
{
    uint32_t state = 1;
    for (int round = 0, holes = 0; round < 300; round++) {
        hsize_t shape[2] = {12, 5};
        bool filled[12][5] = {{false}};
        hid_t file = new_file("r.h5"), storage = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, shape, NULL);
        for (size_t i = 0; i < 3 + (size_t)round % 9; i++) {
            hsize_t start[2], stride[2], count[2];
            for (int k = 0; k < 2; k++) {
                state = state * 1664525 + 1013904223;
                start[k] = (state >> 16) % shape[k];
                stride[k] = 1 + (state >> 20) % 2;
                count[k] = 1 + (state >> 24) % ((shape[k] - start[k] - 1) / stride[k] + 1);
            }
            if (i < 2 && round % 2 == 0) { /* nearly all, or all */
                start[0] = i == 0 ? 0 : 6 + (hsize_t)round / 2 % 3;
                start[1] = 0;
                stride[0] = stride[1] = 1;
                count[0] = i == 0 ? 7 : 12 - start[0];
                count[1] = 5;
            }
            for (hsize_t row = 0; row < count[0]; row++) {
                for (hsize_t column = 0; column < count[1]; column++) {
                    filled[start[0] + row * stride[0]][start[1] + column * stride[1]] = true;
                }
            }
            hid_t source = H5Screate_simple(2, count, NULL);
            H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, NULL);
            ck_assert_int_ge(H5Pset_virtual(storage, space, "s.h5", "x", source), 0);
            H5Sclose(source);
        }
        H5Sselect_all(space);
        hid_t data = H5Dcreate2(file, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
        int missing = 0, first = -1, last = -1;
        for (int i = 0; i < 60; i++) {
            bool hole = !filled[i / 5][i % 5];
            missing += hole;
            first = hole && first < 0 ? i / 5 : first;
            last = hole ? i / 5 : last;
        }
        char expected[200];
        snprintf(expected, sizeof expected, "are %d of its 60 values; nothing fills the other %d, in rows %d to %d", 60 - missing,
                 missing, first, last);
        if (missing > 0) {
            FAILS(EF_FORMAT, expected, ef_h5_holes_check(data, H5I_INVALID_HID, "r.h5:/x", err));
        } else {
            OK(ef_h5_holes_check(data, H5I_INVALID_HID, "r.h5:/x", err));
        }
        holes += missing > 0;
        ck_assert(round < 299 || (holes > 50 && holes < 250)); /* there are both */
        H5Dclose(data);
        H5Sclose(space);
        H5Pclose(storage);
        H5Fclose(file);
    }
}
END_TEST

/* Seven levels of six pieces each are 6 to the 7th pieces, 279936 ways down; an eighth makes more than may be, and HDF5 take hours with twelve. */
START_TEST(sources_of_sources_are_looked_at_once)
{
    put_rows("level-0.h5", "x", ROWS, false);
    for (int level = 1; level <= 12; level++) {
        char file_name[32], below[32];
        piece pieces[ROWS];
        snprintf(file_name, sizeof file_name, "level-%d.h5", level);
        snprintf(below, sizeof below, "level-%d.h5", level - 1);
        for (hsize_t row = 0; row < ROWS; row++) {
            pieces[row] = (piece){row, 1, ROWS, below, level == 1 ? "x" : "embeddings"};
        }
        put_virtual(file_name, "embeddings", ROWS, pieces, ROWS);
    }
    OK(open_set("level-7.h5", err));
    static const char *const many[] = {"level-8.h5", "level-12.h5"};
    for (size_t i = 0; i < LENGTH(many); i++) {
        FAILS(EF_FORMAT, "level-8.h5:/embeddings: is put together from more than 1048576 pieces (virtual dataset)",
              open_set(many[i], err));
    }
    unlink(path_of("level-0.h5"));
    FAILS(EF_IO, "level-1.h5:/embeddings: takes its values from level-0.h5:x (virtual dataset), which is missing",
          open_set("level-12.h5", err));
}
END_TEST

/* Of a virtual source, too, only what is taken of it must be filled; what is known of the source holds for each piece of it alone. */
START_TEST(holes_matter_where_something_is_taken)
{
    const piece inner[] = {{0, 3, ROWS, "s.h5", "x"}}; /* rows 3 to 5 come from nowhere */
    const piece good[] = {{0, 1, ROWS, "inner.h5", "y"}, {1, 3, ROWS, "inner.h5", "y"}};
    const piece bad[] = {{0, 1, ROWS, "inner.h5", "y"}, {1, 4, ROWS, "inner.h5", "y"}};
    put_rows("s.h5", "x", ROWS, false);
    put_virtual("inner.h5", "y", ROWS, inner, 1);
    put_virtual("good.h5", "embeddings", 4, good, 2);
    OK(open_set("good.h5", err));
    put_virtual("bad.h5", "embeddings", 5, bad, 2);
    FAILS(EF_FORMAT,
          "inner.h5:/y: its sources (virtual dataset) are 9 of the 12 values that are taken of it; nothing fills the other 3, in "
          "rows 3 to 3",
          open_set("bad.h5", err));
}
END_TEST

/* What is known of a source holds for each piece of it alone. */
START_TEST(each_piece_of_a_known_source_is_looked_at)
{
    const piece pieces[] = {{0, 2, 8, "s.h5", "x"}, {2, 4, 8, "s.h5", "x"}};
    put_rows("s.h5", "x", 2, true);
    put_virtual("v.h5", "embeddings", ROWS, pieces, 2);
    FAILS(EF_FORMAT, "s.h5:/x (virtual dataset) that are beyond its end", open_set("v.h5", err));
    hid_t file = H5Fopen(path_of("s.h5"), H5F_ACC_RDWR, H5P_DEFAULT), data = H5Dopen2(file, "x", H5P_DEFAULT);
    ck_assert_int_ge(H5Dset_extent(data, (const hsize_t[]){8, DIM}), 0);
    H5Dclose(data);
    H5Fclose(file);
    FAILS(EF_FORMAT, "only a part of them was ever written; not the chunk of row 2,", open_set("v.h5", err));
}
END_TEST

START_TEST(every_dataset_of_a_set_is_looked_at)
{
    const piece whole = {0, ROWS, ROWS, "gone.h5", "data"};
    put_rows("v.h5", "embeddings", ROWS, false);
    put_virtual("v.h5", "embs_f", ROWS, &whole, 1);
    FAILS(EF_IO, "v.h5:/embs_f: takes its values from gone.h5:data", open_set("v.h5", err));
    /* Labels, in a raw file. */
    hsize_t shape = ROWS;
    hid_t file = H5Fopen(path_of("v.h5"), H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate_simple(1, &shape, NULL);
    H5Ldelete(file, "embs_f", H5P_DEFAULT);
    hid_t storage = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(storage, path_of("raw"), 10, ROWS * 2);
    int64_t labels[ROWS] = {1, 1, 2, 2, 3, 3};
    hid_t data = H5Dcreate2(file, "labels", H5T_STD_I16LE, space, H5P_DEFAULT, storage, H5P_DEFAULT);
    ck_assert_int_ge(H5Dwrite(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels), 0);
    H5Dclose(data);
    H5Pclose(storage);
    H5Sclose(space);
    H5Fclose(file);
    check_set("v.h5", ROWS, FILES("v.h5", "raw"));
    ck_assert_int_eq(truncate(path_of("raw"), 21), 0);
    FAILS(EF_FORMAT, "/raw (external storage), which has 21 bytes, not 22", open_set("v.h5", err));
    unlink(path_of("raw"));
    FAILS(EF_IO, "/raw (external storage), which is missing", open_set("v.h5", err));
}
END_TEST

START_TEST(sources_without_an_end_are_counted)
{
    put_rows("s.h5", "data", 4, true);
    put_growing("v.h5", "embeddings", "s.h5", "data", false);
    check_set("v.h5", 4, FILES("v.h5", "s.h5"));
    unlink(path_of("s.h5"));
    FAILS(EF_IO, "v.h5:/embeddings: takes its values from s.h5:data (virtual dataset), which is missing", open_set("v.h5", err));
    /* Files block-0.h5, block-1.h5, ..., of two rows each: HDF5 stops at the first that is missing. */
    put_growing("n.h5", "embeddings", "block-%b%%.h5", "x", true);
    FAILS(EF_IO, "takes its values from block-%b%%.h5:x (virtual dataset), which is missing", open_set("n.h5", err));
    put_rows("block-0%.h5", "x", 2, false);
    check_set("n.h5", 2, FILES("n.h5", "block-0%.h5"));
    put_rows("block-2%.h5", "x", 2, false);
    FAILS(EF_IO, "of which block 1 is missing, but block 2 is there", open_set("n.h5", err));
}
END_TEST

START_TEST(a_source_is_found_where_hdf5_finds_it)
{
    const piece moved = {0, ROWS, ROWS, "/nowhere/at/all/s.h5", "data"};
    put_rows("s.h5", "data", ROWS, false);
    put_virtual("v.h5", "embeddings", ROWS, &moved, 1); /* beside the file, by its last name */
    check_set("v.h5", ROWS, FILES("v.h5", "s.h5"));
    char folder_at_work[400], link[400], *place = getcwd(folder_at_work, sizeof folder_at_work),
                                         elsewhere[] = "/tmp/eface-test-XXXXXX";
    ck_assert_ptr_nonnull(place);
    ck_assert_ptr_nonnull(mkdtemp(elsewhere));
    snprintf(link, sizeof link, "%s/v.h5", elsewhere);
    ck_assert_int_eq(symlink(path_of("v.h5"), link), 0); /* beside what a link leads to */
    ef_set *set;
    float got[DIM];
    OK(ef_set_open(&set, link, NULL, err));
    OK(ef_set_read_floats(set, EF_EMBEDDINGS, 5, 1, got, err));
    ck_assert_mem_eq(got, values + (size_t)5 * DIM, sizeof got);
    ef_set_close(set);
    unlink(link);
    rmdir(elsewhere);
    ck_assert_int_eq(chdir(folder), 0);
    put_rows("s.h5", "more", 1, false);
    OK(ef_set_open(&set, "v.h5", NULL, err)); /* a name without a folder */
    ck_assert_str_eq(ef_set_file_at(set, 0), "v.h5");
    ef_set_close(set);
    ck_assert_int_eq(chdir(place), 0);
}
END_TEST

START_TEST(a_set_that_changes_is_found_out)
{
    ef_set *set;
    const piece whole = {0, ROWS, ROWS, "s.h5", "data"};
    put_rows("s.h5", "data", ROWS, false);
    put_virtual("v.h5", "embeddings", ROWS, &whole, 1);
    put_rows("other.h5", "data", ROWS, false);
    OK(ef_set_open(&set, path_of("v.h5"), NULL, err));
    ck_assert_int_eq(rename(path_of("other.h5"), path_of("s.h5")), 0);
    FAILS(EF_IO, "s.h5: was replaced by another file while it was read", ef_set_check_files(set, err));
    ef_set_close(set);
}
END_TEST

START_TEST(values_elsewhere_are_known)
{
    const piece whole = {0, ROWS, ROWS, "s.h5", "data"}, own = {0, ROWS, ROWS, ".", "plain"};
    char *other = NULL;
    put_rows("v.h5", "plain", ROWS, false);
    put_virtual("v.h5", "far", ROWS, &whole, 1);
    put_virtual("v.h5", "near", ROWS, &own, 1);
    hid_t file = H5Fopen(path_of("v.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    static const char *const names[] = {"plain", "near", "far"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        hid_t data = H5Dopen2(file, names[i], H5P_DEFAULT);
        OK(ef_h5_sources_elsewhere(&other, data, err));
        ck_assert(i == 2 ? other != NULL && strcmp(other, "s.h5") == 0 : other == NULL);
        H5Dclose(data);
        free(other);
    }
    H5Fclose(file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("h5_sources");
    TCase *tests = tcase_create("sources");
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_virtual_dataset_needs_all_its_sources);
    tcase_add_test(tests, sources_within_the_file_and_within_sources_are_followed);
    tcase_add_test(tests, holes_are_found_where_sources_overlap);
    tcase_add_test(tests, a_source_needs_only_what_is_taken_of_it);
    tcase_add_test(tests, random_sources_are_counted_value_by_value);
    tcase_add_test(tests, sources_of_sources_are_looked_at_once);
    tcase_add_test(tests, holes_matter_where_something_is_taken);
    tcase_add_test(tests, each_piece_of_a_known_source_is_looked_at);
    tcase_add_test(tests, every_dataset_of_a_set_is_looked_at);
    tcase_add_test(tests, sources_without_an_end_are_counted);
    tcase_add_test(tests, a_source_is_found_where_hdf5_finds_it);
    tcase_add_test(tests, a_set_that_changes_is_found_out);
    tcase_add_test(tests, values_elsewhere_are_known);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
