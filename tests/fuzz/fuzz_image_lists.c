/* The devkit's inputs of MegaFace.  The first byte chooses: a feature file, a list of images, or a list of noisy images. */
#include "fuzz.h"

#include <math.h>

#include "io/cv_matrix.h"
#include "list/json_list.h"
#include "list/noise_list.h"

/* Every value is within the file: the sanitizer sees to it. */
static void read_feature(const uint8_t *data, size_t size, ef_error *err)
{
    ef_cv_matrix matrix;
    /* A header is looked at only where there is one. */
    if (ef_cv_matrix_open(&matrix, data, size, err) != EF_OK) {
        fuzz_refused(err->status, err);
        return;
    }
    assert(matrix.dim > 0 && matrix.dim <= size / 4);
    uint8_t *exact = malloc(size);
    float *floats = malloc(matrix.dim * sizeof *floats);
    double *reals = malloc(matrix.dim * sizeof *reals);
    if (exact == NULL || floats == NULL || reals == NULL) {
        abort();
    }
    memcpy(exact, data, size);
    ef_cv_matrix_floats(floats, &matrix, exact);
    ef_cv_matrix_reals(reals, &matrix, exact);
    for (size_t i = 0; i < matrix.dim; i++) {
        assert(isnan(reals[i]) ? isnan(floats[i]) : (float)reals[i] == floats[i]);
    }
    free(exact);
    free(floats);
    free(reals);
}

static void read_images(ef_error *err)
{
    ef_json_list list;
    if (ef_json_list_read(&list, fuzz_path(0), err) != EF_OK) {
        fuzz_refused(err->status, err);
        assert(list.paths == NULL && list.ids == NULL);
        return;
    }
    assert(ef_strings_count(list.paths) > 0);
    assert(list.ids == NULL || ef_strings_count(list.ids) == ef_strings_count(list.paths));
    ef_json_list_free(&list);
}

static void read_noises(ef_error *err)
{
    static const char *const images[] = {"a/b/c.jpg", "b/c.jpg", "c.jpg", "x"};
    unsigned char noisy[4];
    ef_noise_count count;
    ef_strings *names = NULL;
    if (ef_strings_create(&names, NULL) != EF_OK) {
        abort();
    }
    for (size_t i = 0; i < 4; i++) {
        if (ef_strings_add(names, images[i], strlen(images[i]), NULL) != EF_OK) {
            abort();
        }
    }
    if (ef_noise_list_mark(noisy, &count, fuzz_path(0), names, NULL, 3, err) == EF_OK) {
        assert(count.entries > 0 && count.unmatched <= count.entries);
        assert(count.images == (size_t)noisy[0] + noisy[1] + noisy[2] + noisy[3]);
    } else {
        fuzz_refused(err->status, err);
    }
    ef_strings_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ef_error err = {EF_OK, ""};
    if (size < 1) {
        return 0;
    }
    uint8_t what = data[0];
    data++;
    size--;
    if (what % 3 == 0) {
        read_feature(data, size, &err);
        return 0;
    }
    fuzz_write(fuzz_path(0), data, size);
    if (what % 3 == 1) {
        read_images(&err);
    } else {
        read_noises(&err);
    }
    return 0;
}
