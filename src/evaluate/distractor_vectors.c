#include "evaluate/distractor_vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/normalise.h"
#include "score/flip.h"

enum { PIECE = 64 };            /* images that a thread takes at a time */
#define BLOCK ((size_t)8 << 20) /* bytes read at a time */

typedef struct fusion {
    ef_flip flip;
    size_t dim, count;
    const double *raw, *mirrored; /* NULL where the vectors are in `unit`, and where none are mirrored */
    double *unit, *length;        /* a length of 0 or below is minus an ef_zero */
} fusion;

size_t ef_distractor_vectors_dim(const ef_distractor_vectors *vectors)
{
    return ef_flip_dim(vectors->flip, ef_distractor_set_dim(vectors->set));
}

static void fuse(void *data, size_t piece, int worker)
{
    const fusion *work = data;
    size_t dim = work->dim, wide = ef_flip_dim(work->flip, dim);
    size_t end = (piece + 1) * PIECE < work->count ? (piece + 1) * PIECE : work->count;
    bool adds = work->flip == EF_FLIP_SUM || work->flip == EF_FLIP_HALVES;
    (void)worker;
    for (size_t i = piece * PIECE; i < end; i++) {
        double *unit = work->unit + i * wide;
        const double *mirrored = ef_flip_splits(work->flip)           ? work->raw + i * dim + wide
                                 : ef_flip_reads_mirrored(work->flip) ? work->mirrored + i * dim
                                                                      : NULL;
        const double *first = ef_flip_splits(work->flip) || work->flip == EF_FLIP_CONCAT ? work->raw + i * dim : unit;
        bool two = work->flip != EF_FLIP_NONE && work->flip != EF_FLIP_FIRST_HALF;
        size_t part = ef_flip_splits(work->flip) ? wide : dim;
        ef_zero zero = two && ef_is_zero(first, part)      ? EF_ZERO_FIRST
                       : two && ef_is_zero(mirrored, part) ? EF_ZERO_SECOND
                                                           : EF_ZERO_FUSED;
        if (work->flip == EF_FLIP_CONCAT) {
            memcpy(unit, work->raw + i * dim, dim * sizeof *unit);
            memcpy(unit + dim, mirrored, dim * sizeof *unit);
        } else if (ef_flip_splits(work->flip)) {
            memcpy(unit, work->raw + i * dim, wide * sizeof *unit);
        }
        for (size_t k = 0; adds && k < wide; k++) {
            unit[k] = 0.5 * unit[k] + 0.5 * mirrored[k]; /* halves cannot overflow, and have the same direction */
        }
        double length = ef_normalise(unit, unit, wide) * (adds ? 2.0 : 1.0);
        work->length[i] = length > 0 && zero == EF_ZERO_FUSED ? length : -(double)zero;
    }
}

static ef_status fail_zero(const ef_distractor_vectors *vectors, size_t image, ef_zero zero, ef_error *err)
{
    const char *side = ef_distractor_set_side_name(vectors->set, vectors->side);
    const char *name = ef_distractor_set_row_name(vectors->set, vectors->side, image);
    const char *what = zero == EF_ZERO_FUSED    ? vectors->flip == EF_FLIP_NONE ? "embedding" : "fused embedding"
                       : zero == EF_ZERO_SECOND ? "mirrored embedding"
                                                : "embedding";
    if (ef_flip_splits(vectors->flip) && zero != EF_ZERO_FUSED) {
        what = zero == EF_ZERO_FIRST ? "first half of the embedding" : "second half of the embedding";
    }
    return name != NULL ? ef_fail(err, EF_FORMAT, "%s: %s: the %s has length zero", side, name, what)
                        : ef_fail(err, EF_FORMAT, "%s: row %zu: the %s has length zero", side, image, what);
}

/* `workspace` holds count vectors as they are stored, and then `count` lengths: for each kind of flip as many as it needs. */
static ef_status read_block(ef_distractor_vectors *vectors, double *unit, size_t first, size_t count, double *workspace,
                            ef_error *err)
{
    size_t dim = ef_distractor_set_dim(vectors->set);
    fusion work = {vectors->flip, dim, count, NULL, workspace + count, unit, workspace};
    double *raw = unit;
    if (vectors->flip == EF_FLIP_CONCAT) {
        raw = workspace + count + count * dim;
        work.raw = raw;
    } else if (ef_flip_splits(vectors->flip)) {
        raw = workspace + count;
        work.raw = raw;
    }
    ef_status status = ef_distractor_set_read_reals(vectors->set, vectors->side, EF_EMBEDDINGS, first, count, raw, err);
    if (status == EF_OK && ef_flip_reads_mirrored(vectors->flip)) {
        status =
            ef_distractor_set_read_reals(vectors->set, vectors->side, EF_EMBEDDINGS_FLIP, first, count, workspace + count, err);
    }
    if (status != EF_OK) {
        return status;
    }
    ef_parallel_for(vectors->threads, (count + PIECE - 1) / PIECE, fuse, &work);
    for (size_t i = 0; i < count; i++) {
        double length = work.length[i];
        if (vectors->unused != NULL && vectors->unused[first + i] != 0) {
            continue;
        }
        if (!(length > 0)) {
            return fail_zero(vectors, first + i, (ef_zero)-length, err);
        }
        vectors->shortest = vectors->longest > 0 ? fmin(vectors->shortest, length) : length;
        vectors->longest = fmax(vectors->longest, length);
    }
    return EF_OK;
}

ef_status ef_distractor_vectors_read(void *context, double *unit, size_t first, size_t count, ef_error *err)
{
    ef_distractor_vectors *vectors = context;
    size_t dim = ef_distractor_set_dim(vectors->set), wide = ef_distractor_vectors_dim(vectors);
    size_t most = BLOCK / sizeof(double) / dim, spare = vectors->flip == EF_FLIP_NONE ? 0 : wide > dim ? wide : dim;
    most = most == 0 ? 1 : most < count ? most : count;
    double *workspace = ef_alloc(most, (1 + spare) * sizeof *workspace);
    ef_status status = workspace != NULL ? EF_OK : ef_fail_memory(err, ef_distractor_set_name(vectors->set));
    for (size_t done = 0; status == EF_OK && done < count; done += most) {
        size_t some = count - done < most ? count - done : most;
        status = read_block(vectors, unit + done * wide, first + done, some, workspace, err);
    }
    free(workspace);
    return status;
}
