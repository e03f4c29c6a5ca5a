#include "evaluate/template_remarks.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "evaluate/notes.h"
#include "score/flip.h"

enum { sample = 256 }; /* rows that are measured */

/* Whether the images of the first rows all have length 1. */
static ef_status are_unit(bool *unit, const ef_set *set, ef_flip flip, ef_error *err)
{
    size_t rows = ef_set_rows(set) < sample ? ef_set_rows(set) : sample, dim = ef_set_dim(set);
    size_t width = ef_flip_splits(flip) ? dim / 2 : dim;
    float *values = ef_alloc(rows, dim * sizeof *values);
    ef_status status =
        values != NULL ? ef_set_read_floats(set, EF_EMBEDDINGS, 0, rows, values, err) : ef_fail_memory(err, ef_set_name(set));
    *unit = rows > 0;
    for (size_t i = 0; status == EF_OK && i < rows; i++) {
        double square = 0;
        for (size_t k = 0; k < width; k++) {
            square += (double)values[i * dim + k] * (double)values[i * dim + k];
        }
        *unit = *unit && fabs(sqrt(square) - 1) < 1e-3;
    }
    free(values);
    return status;
}

ef_status ef_remark_images(ef_template_plan *plan, const ef_set *set, const ef_pool_options *pool, ef_error *err)
{
    bool unit = false;
    size_t negative = 0;
    ef_status status = pool->norm == EF_NORM_KEEP ? are_unit(&unit, set, pool->flip, err) : EF_OK;
    if (status == EF_OK && unit) {
        status = ef_note(plan->notes, err, "the embeddings have unit length already: norm keep finds no lengths to keep");
    }
    for (size_t i = 0; plan->quality != NULL && i < plan->images.count; i++) {
        negative += plan->quality[i] < 0;
    }
    if (status == EF_OK && negative > 0) {
        status = ef_note(plan->notes, err, "%zu images have a detector score below zero, so they count against their template",
                         negative);
    }
    return status;
}

ef_status ef_remark_left_out(ef_template_plan *plan, const ef_protocol *protocol, ef_task task, ef_error *err)
{
    bool pairs = task == EF_VERIFY_TEMPLATES;
    const char *list = protocol->template_files[plan->nist && pairs ? EF_FILE_MATCHES : pairs ? EF_FILE_PAIRS : EF_FILE_PROBE];
    const char *what =
        pairs ? "1:1 is left out: there is no list of pairs" : "1:N is left out: there are not both galleries and probes";
    return list != NULL ? ef_note(plan->notes, err, "%s (%s) with %s", what, list, plan->where)
                        : ef_note(plan->notes, err, "%s with %s", what, plan->where);
}
