/* h5make - makes small HDF5 sets for the tests of the programs, good ones and every kind of bad one.
 *
 * Usage: h5make CASE FILE.  A good set has 80 rows of 16 numbers, ids person_K/person_K_NNNN.jpg (20 people with four images),
 * and issame for 40 pairs of neighbouring rows, every second pair genuine.
 *
 * CASE ijb and those that begin with ijb-: template 2k+1 is the first two images of person k, template 2k+2 the other two; the odd ones make two
 * galleries of ten, the even ones are the probes; each odd template is compared with its person's and with the next person's.  CASE ijb-named has
 * none of this in the set, but detector scores and ids, the lines of standard input.
 *
 * CASE people and those that begin with people-: labels, four images of each person, media (pairs of neighbours) and groups (five in turn); people-wrong: row
 * 9 is row 40 once more; people-probes: every second image is a probe. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

enum { rows = 80, dim = 16, pairs = 40 };

static uint64_t state = 88172645463325252u;

/* Uniform in [-1, 1), the same on every machine (xorshift). */
static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "h5make: %s failed\n", what);
        exit(1);
    }
}

static void write_data(hid_t group, const char *name, hid_t file_type, hid_t memory_type, int rank, const hsize_t *shape,
                       const void *data)
{
    hid_t space = H5Screate_simple(rank, shape, NULL);
    hid_t dataset = H5Dcreate2(group, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    check(dataset >= 0 && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0, name);
    H5Dclose(dataset);
    H5Sclose(space);
}

static void write_ids(hid_t group, bool duplicate)
{
    char ids[rows][32] = {{0}};
    hsize_t shape = rows;
    for (int i = 0; i < rows; i++) {
        snprintf(ids[i], sizeof ids[i], "person_%d/person_%d_%04d.jpg", i / 4, i / 4, i % 4 + 1);
    }
    if (duplicate) {
        memcpy(ids[41], ids[7], sizeof ids[7]);
    }
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, sizeof ids[0]);
    write_data(group, "ids", type, type, 1, &shape, ids);
    H5Tclose(type);
}

/* The names that standard input has, one a line. */
static void write_named(hid_t group)
{
    char ids[rows][64] = {{0}}, line[80];
    hsize_t shape = rows;
    for (int i = 0; i < rows; i++) {
        check(fgets(line, sizeof line, stdin) != NULL && strlen(line) <= sizeof ids[0], "a name");
        memcpy(ids[i], line, strcspn(line, "\n"));
    }
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, sizeof ids[0]);
    write_data(group, "ids", type, type, 1, &shape, ids);
    H5Tclose(type);
}

static void write_integers(hid_t group, const char *name, hsize_t count, hsize_t width, const int64_t *value)
{
    hsize_t shape[2] = {count, width};
    write_data(group, name, H5T_STD_I32LE, H5T_NATIVE_INT64, width > 1 ? 2 : 1, shape, value);
}

/* The lists of templates.  `fault` is what follows "ijb". */
static void write_templates(hid_t group, const char *fault)
{
    enum { people = rows / 4 };
    int64_t template[rows], media[rows], pair[2 * people][3], gallery[people][2], probe[people][2];
    double quality[rows];
    hsize_t count = rows;
#define IS_FAULT(name) (strcmp(fault, name) == 0)
    for (int i = 0; i < rows; i++) {
        template[i] = i / 2 + 1;
        media[i] = i % 8 < 4 ? i : 5;
        quality[i] = 0.5 + i % 5 * 0.125;
    }
    for (int k = 0; k < people; k++) {
        for (int j = 0; j < 2; j++) {
            pair[2 * k + j][0] = 2 * k + 1;
            pair[2 * k + j][1] = (2 * (k + j) + 1) % (2 * people) + 1;
            pair[2 * k + j][2] = j == 0;
        }
        gallery[k][0] = 2 * k + 1;
        probe[k][0] = 2 * k + 2;
        gallery[k][1] = probe[k][1] = 100 + k;
    }
    if (IS_FAULT("-label")) {
        pair[7][2] = 2;
    } else if (IS_FAULT("-unknown-pair")) {
        pair[9][1] = 999;
    } else if (IS_FAULT("-unknown-gallery")) {
        gallery[12][0] = 999;
    } else if (IS_FAULT("-two-subjects")) {
        probe[5][0] = probe[4][0];
    } else if (IS_FAULT("-quality-nan")) {
        quality[6] = NAN;
    } else if (IS_FAULT("-negative")) {
        quality[6] = -0.25;
    }
    if (!IS_FAULT("-no-quality") && !IS_FAULT("-named-no-quality")) {
        write_data(group, "quality", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 1, &count, quality);
    }
    if (IS_FAULT("-named") || IS_FAULT("-named-no-quality")) {
        write_named(group);
        return;
    }
    write_integers(group, "templates", rows, 1, template);
    if (!IS_FAULT("-no-media")) {
        write_integers(group, "media", rows, 1, media);
    }
    if (!IS_FAULT("-galleries") && !IS_FAULT("-neither")) {
        write_integers(group, "template_pairs", 2 * people, 3, pair[0]);
    }
    if (!IS_FAULT("-pairs") && !IS_FAULT("-neither")) {
        write_integers(group, "gallery_1", people / 2, 2, gallery[0]);
        write_integers(group, "gallery_2", people / 2, 2, gallery[people / 2]);
        write_integers(group, "probe", people, 2, probe[0]);
    }
}

/* Labels and what goes with them.  `fault` is what follows "people". */
static void write_people(hid_t group, const char *fault)
{
    int64_t label[rows], media[rows], camera[rows], probe[rows];
    for (int i = 0; i < rows; i++) {
        label[i] = IS_FAULT("-one") ? 7 : IS_FAULT("-alone") ? i : IS_FAULT("-nobody") && i == 5 ? -1 : 100 + i / 4;
        media[i] = i / 2;
        camera[i] = i % 5;
        probe[i] = IS_FAULT("-all-probes") || i % 2 == 1;
    }
    if (!IS_FAULT("-unlabelled")) {
        write_integers(group, "labels", rows, 1, label);
    }
    if (!IS_FAULT("-no-media")) {
        write_integers(group, "media", rows, 1, media);
    }
    write_integers(group, "groups", rows, 1, camera);
    if (IS_FAULT("-probes") || IS_FAULT("-all-probes")) {
        write_integers(group, "is_probe", rows, 1, probe);
    }
}

static void scale_to_unit(double *value)
{
    for (int i = 0; i < rows; i++) {
        double square = 0;
        for (int j = 0; j < dim; j++) {
            square += value[i * dim + j] * value[i * dim + j];
        }
        for (int j = 0; j < dim; j++) {
            value[i * dim + j] /= sqrt(square);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: h5make CASE FILE\n");
        return 2;
    }
    const char *kind = argv[1];
#define IS(name) (strcmp(kind, name) == 0)
    static double value[rows * dim];
    static int64_t issame[pairs], integer[rows * dim], pair[pairs][2];
    for (int i = 0; i < rows; i++) {
        /* Rows 4k and 4k+1 are alike (a genuine pair), rows 4k+2 and 4k+3 are not. */
        for (int j = 0; j < dim; j++) {
            value[i * dim + j] = i % 4 == 1 ? value[(i - 1) * dim + j] + 2.2 * uniform() : uniform();
        }
    }
    for (int p = 0; p < pairs; p++) {
        issame[p] = p % 2 == 0;
        pair[p][0] = 2 * p;
        pair[p][1] = 2 * p + 1;
    }
    for (int i = 0; i < rows * dim; i++) {
        integer[i] = (int64_t)(100 * value[i]);
    }
    bool templates = strncmp(kind, "ijb", 3) == 0, people = strncmp(kind, "people", 6) == 0;
    if (IS("nan") || IS("ijb-nan")) {
        value[12 * dim + 3] = NAN;
    } else if (IS("infinite")) {
        value[13 * dim] = INFINITY;
    } else if (IS("zero")) {
        memset(&value[17 * dim], 0, dim * sizeof *value);
    } else if (IS("bad-label")) {
        issame[5] = 2;
    } else if (IS("one-class")) {
        for (int p = 0; p < pairs; p++) {
            issame[p] = 1;
        }
    } else if (IS("beyond")) {
        pair[9][1] = rows;
    } else if (IS("negative")) {
        pair[9][0] = -1;
    } else if (IS("people-wrong")) {
        memcpy(&value[9 * dim], &value[40 * dim], dim * sizeof *value);
    } else if (IS("people-nan")) {
        value[12 * dim + 3] = NAN;
    } else if (IS("ijb-unit")) {
        scale_to_unit(value);
    }
    hsize_t shape[3] = {rows, dim, 1};
    hsize_t count = pairs;
    hsize_t pair_shape[2] = {pairs, 2};
    hid_t file = H5Fcreate(argv[2], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    check(file >= 0, argv[2]);
    if (IS("empty")) {
        check(H5Fclose(file) >= 0, "closing");
        return 0;
    }
    hid_t group = file;
    if (IS("group")) {
        group = H5Gcreate2(file, "lfw", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    }
    if (IS("rank1")) {
        write_data(group, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 1, shape, value);
    } else if (IS("rank3")) {
        write_data(group, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 3, shape, value);
    } else if (IS("integer")) {
        write_data(group, "embeddings", H5T_STD_I32LE, H5T_NATIVE_INT64, 2, shape, integer);
    } else if (IS("odd")) {
        shape[0] = rows - 1;
        write_data(group, "embeddings", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 2, shape, value);
    } else if (!IS("no-embeddings")) {
        write_data(group, "embeddings", IS("big-endian") ? H5T_IEEE_F64BE : H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, shape, value);
    }
    if (IS("flip")) {
        for (int i = 0; i < rows * dim; i++) {
            value[i] += 0.1 * uniform();
        }
        write_data(group, "embeddings_flip", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, shape, value);
    }
    if (templates) {
        write_templates(group, kind + 3);
    } else if (!IS("odd") && !IS("plain") && !IS("rank1")) {
        write_ids(group, IS("duplicate"));
    }
    if (IS("beyond") || IS("negative") || IS("pairs")) {
        write_data(group, "pairs", H5T_STD_I64LE, H5T_NATIVE_INT64, 2, pair_shape, pair);
    }
    if (people) {
        write_people(group, kind + 6);
    }
    if (!IS("duplicate") && !IS("ids") && !templates && !people) {
        write_data(group, "issame", H5T_STD_I8LE, H5T_NATIVE_INT64, 1, &count, issame);
    }
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 8);
    hid_t scalar = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(file, "model", text, scalar, H5P_DEFAULT, H5P_DEFAULT);
    check(H5Awrite(attribute, text, IS("flip") ? "flipped" : "tiny\0\0\0\0") >= 0, "model");
    H5Aclose(attribute);
    H5Sclose(scalar);
    H5Tclose(text);
    if (group != file) {
        H5Gclose(group);
    }
    check(H5Fclose(file) >= 0, "closing");
    return 0;
}
