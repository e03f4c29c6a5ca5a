#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <eface/head_file.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/set_copy.h"

#define ROWS ((size_t)1024) /* at a time, whatever the memory: a row's bits may depend on how many stand beside it */

typedef struct projecting {
    ef_head *head;
    ef_set_copy *copy;
    float *in, *out; /* ROWS rows */
    size_t dim;      /* of out */
} projecting;

static ef_status check_rows(const projecting *all, size_t matrix, size_t first, size_t count, ef_error *err)
{
    for (size_t k = 0; k < count * all->dim; k++) {
        if (!isfinite(all->out[k])) {
            return ef_fail(err, EF_FORMAT, "%s row %zu: its projection is not finite", ef_set_copy_name(all->copy, matrix),
                           first + k / all->dim);
        }
    }
    return EF_OK;
}

static ef_status project_matrix(const projecting *all, size_t matrix, const ef_progress *progress, ef_error *err)
{
    size_t rows = ef_set_copy_rows(all->copy, matrix);
    ef_status status = EF_OK;
    for (size_t first = 0; status == EF_OK && first < rows; first += ROWS) {
        size_t count = rows - first < ROWS ? rows - first : ROWS;
        if (progress != NULL) {
            progress->report(progress->context, "projecting", first, rows);
        }
        if ((status = ef_set_copy_read(all->in, all->copy, matrix, first, count, err)) == EF_OK &&
            (status = ef_head_forward(all->out, all->head, all->in, count, false, err)) == EF_OK &&
            (status = check_rows(all, matrix, first, count, err)) == EF_OK) {
            status = ef_set_copy_write(all->copy, matrix, first, count, all->out, err);
        }
    }
    return status;
}

ef_status ef_head_project(size_t *rows, const ef_projection *projection, ef_error *err)
{
    char reason[512];
    projecting all = {0};
    size_t done = 0;
    ef_status status = ef_head_read(&all.head, projection->head, ROWS, projection->threads, err);
    if (status != EF_OK) {
        return status;
    }
    ef_head_shape shape = ef_head_shape_of(all.head);
    all.dim = shape.out;
    snprintf(reason, sizeof reason, "but %s projects from %zu", projection->head, shape.in);
    status = ef_set_copy_begin(&all.copy, projection->from, projection->to, shape.in, shape.out, reason, err);
    if (status == EF_OK && projection->model != NULL) {
        status = ef_set_copy_note(all.copy, "model", projection->model, err);
    }
    all.in = ef_alloc_aligned(ROWS * shape.in, sizeof *all.in);
    all.out = ef_alloc_aligned(ROWS * shape.out, sizeof *all.out);
    if (status == EF_OK && (all.in == NULL || all.out == NULL)) {
        status = ef_fail_memory(err, "embeddings");
    }
    for (size_t m = 0; status == EF_OK && m < ef_set_copy_count(all.copy); m++) {
        status = project_matrix(&all, m, projection->progress, err);
        done += ef_set_copy_rows(all.copy, m);
    }
    if (status == EF_OK) {
        status = ef_set_copy_finish(all.copy, err);
    }
    if (rows != NULL) {
        *rows = done;
    }
    ef_set_copy_free(all.copy);
    ef_head_free(all.head);
    free(all.in);
    free(all.out);
    return status;
}
