#include "train/held_out.h"

#include <math.h>
#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/shuffle.h"
#include "train/train_stream.h"

/* A class that cannot be divided. */
static ef_status check_classes(const ef_classes *classes, double part, const ef_set *set, ef_error *err)
{
    size_t alone = 0, first = 0;
    for (size_t c = 0; c < classes->count; c++) {
        if (classes->start[c + 1] - classes->start[c] < 2) {
            uint32_t row = classes->row[classes->start[c]];
            first = alone == 0 || row < first ? row : first;
            alone++;
        }
    }
    if (alone == 0) {
        return EF_OK;
    }
    return ef_fail(
        err, EF_FORMAT,
        "%s row %zu: the only image of its subject, as are %zu of %zu; holding out %g of each subject's images needs two of "
        "them: leave such subjects out (--least 2), or hold nothing out (--held-out 0)",
        ef_set_field_name(set, EF_LABELS), first, alone, classes->count, part);
}

/* Marks what is held out of a class. */
static void draw_class(ef_held_out *out, const ef_classes *classes, size_t c, double part, uint32_t *order, ef_rng *rng)
{
    size_t first = classes->start[c], images = classes->start[c + 1] - first;
    double wanted = round(part * (double)images);
    size_t count = wanted < 1 ? 1 : (size_t)wanted;
    count = count < images ? count : images - 1;
    for (size_t i = 0; i < images; i++) {
        order[i] = classes->row[first + i];
    }
    ef_shuffle(order, images, rng);
    for (size_t i = 0; i < count; i++) {
        out->trained[order[i]] = EF_NO_CLASS;
    }
}

static ef_status draw(ef_held_out *out, const ef_classes *classes, double part, uint64_t seed, ef_error *err)
{
    ef_rng *rng = NULL;
    uint32_t *order = ef_alloc(classes->images, sizeof *order);
    ef_status status = order != NULL ? ef_rng_create(&rng, seed, 0, err) : ef_fail_memory(err, "labels");
    for (size_t c = 0; status == EF_OK && c < classes->count; c++) {
        ef_rng_restart(rng, seed, ef_train_stream(EF_STREAM_HELD_OUT, 0, c));
        draw_class(out, classes, c, part, order, rng);
    }
    for (size_t row = 0; status == EF_OK && row < classes->rows; row++) {
        if (classes->of_row[row] != EF_NO_CLASS && out->trained[row] == EF_NO_CLASS) {
            out->row[out->count++] = (uint32_t)row;
        }
    }
    ef_rng_free(rng);
    free(order);
    return status;
}

ef_status ef_held_out_draw(ef_held_out *out, const ef_classes *classes, double part, uint64_t seed, const ef_set *set,
                           ef_error *err)
{
    *out = (ef_held_out){0};
    if (!(part >= 0 && part < 1)) {
        return ef_fail(err, EF_INVALID, "a part of %g cannot be held out: it must be at least 0 and below 1", part);
    }
    ef_status status = part > 0 ? check_classes(classes, part, set, err) : EF_OK;
    if (status != EF_OK) {
        return status;
    }
    out->row = ef_alloc(classes->images, sizeof *out->row);
    out->trained = ef_alloc(classes->rows, sizeof *out->trained);
    if (out->row == NULL || out->trained == NULL) {
        ef_held_out_free(out);
        return ef_fail_memory(err, "labels");
    }
    for (size_t row = 0; row < classes->rows; row++) {
        out->trained[row] = classes->of_row[row];
    }
    status = part > 0 ? draw(out, classes, part, seed, err) : EF_OK;
    if (status != EF_OK) {
        ef_held_out_free(out);
    }
    return status;
}

void ef_held_out_free(ef_held_out *held)
{
    free(held->row);
    free(held->trained);
    *held = (ef_held_out){0};
}
