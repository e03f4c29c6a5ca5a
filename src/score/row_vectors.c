#include "score/row_vectors.h"

#include <stdlib.h>

#include "base/memory.h"
#include "score/rows_threads.h"

/* Runs of rows that follow each other are read together. */
static ef_status read_rows(void *context, double *unit, size_t first, size_t count, ef_error *err)
{
    const ef_row_vectors *self = context;
    size_t dim = self->vectors.dim;
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < count;) {
        size_t from = self->row != NULL ? self->row[first + i] : first + i, run = self->row != NULL ? 1 : count;
        while (self->row != NULL && i + run < count && self->row[first + i + run] == from + run) {
            run++;
        }
        status = ef_rows_read_threads(self->rows, from, run, unit + i * dim, self->threads, err);
        i += run;
    }
    return status;
}

ef_status ef_row_vectors_open(ef_row_vectors *out, ef_rows *rows, const size_t *row, size_t count, size_t memory, int threads,
                              ef_error *err)
{
    size_t dim = ef_rows_dim(rows), numbers, bytes;
    *out = (ef_row_vectors){.rows = rows, .row = row, .threads = threads};
    out->vectors = (ef_vectors){.count = count, .dim = dim, .read = read_rows, .context = out};
    if (!ef_size_mul(&numbers, count, dim) || !ef_size_mul(&bytes, numbers, sizeof(double)) || bytes > memory) {
        return EF_OK;
    }
    out->unit = ef_alloc_aligned(numbers, sizeof *out->unit);
    if (out->unit == NULL) {
        return EF_OK; /* then block by block */
    }
    ef_status status = read_rows(out, out->unit, 0, count, err);
    out->vectors.unit = out->unit;
    return status;
}

void ef_row_vectors_free(ef_row_vectors *vectors)
{
    free(vectors->unit);
    vectors->unit = NULL;
}
