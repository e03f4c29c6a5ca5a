/* held_out.h - which images of each class are not trained on, but looked at to see how training goes.
 * Thread rule: one thread at a time. */
#ifndef EF_TRAIN_HELD_OUT_H
#define EF_TRAIN_HELD_OUT_H

#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/status.h>

#include "train/classes.h"

typedef struct ef_held_out {
    uint32_t *row; /* ascending */
    size_t count;
    int32_t *trained; /* per row of the set: its class when it is trained on, else EF_NO_CLASS */
} ef_held_out;

/* Draws from each class `part` of its images, rounded, but at least one, and leaves at least one; 0 holds nothing out.  Errors: a part not in [0, 1), a class with
 * a single image.  The caller frees what is in *out with ef_held_out_free(). */
EF_MUST_USE ef_status ef_held_out_draw(ef_held_out *out, const ef_classes *classes, double part, uint64_t seed, const ef_set *set,
                                       ef_error *err);
void ef_held_out_free(ef_held_out *held); /* an empty (zeroed) one is fine */

#endif
