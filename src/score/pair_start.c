#include "score/pair_start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/pair_tail.h"

#define SHARE 8               /* one vector of so many is sampled: one pair of 64 */
#define MOST  ((size_t)16384) /* sampled vectors */
#define SPACE 16              /* they take at the most this part of the memory, of each side */
#define FEW   ((size_t)2048)  /* vectors that are not worth sampling */

/* Part of a set: runs of neighbours. */
typedef struct sample {
    ef_vectors vectors;
    double *unit;
    int64_t *label, *group;
} sample;

static void free_sample(sample *part)
{
    free(part->unit);
    free(part->label);
    free(part->group);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static ef_status take_sample(sample *part, const ef_vectors *from, size_t memory, ef_error *err)
{
    size_t room = memory / SPACE / sizeof(double) / from->dim;
    size_t runs = least(from->count / SHARE, least(room, MOST)) / EF_SAMPLE_RUN, numbers;
    ef_status status = EF_OK;
    *part = (sample){.vectors = {.count = runs * EF_SAMPLE_RUN, .dim = from->dim}};
    if (!ef_size_mul(&numbers, runs * EF_SAMPLE_RUN, from->dim)) {
        return ef_fail_memory(err, "a sample of vectors");
    }
    part->unit = ef_alloc_aligned(numbers, sizeof *part->unit);
    part->label = ef_alloc(runs * EF_SAMPLE_RUN, sizeof *part->label);
    part->group = ef_alloc(runs * EF_SAMPLE_RUN, sizeof *part->group);
    if (part->unit == NULL || part->label == NULL || part->group == NULL) {
        return ef_fail_memory(err, "a sample of vectors");
    }
    for (size_t r = 0; status == EF_OK && r < runs; r++) {
        size_t first = ef_vectors_run(from->count, runs, r);
        status = ef_vectors_copy(part->unit + r * EF_SAMPLE_RUN * from->dim, from, first, EF_SAMPLE_RUN, err);
        if (from->label != NULL) {
            memcpy(part->label + r * EF_SAMPLE_RUN, from->label + first, EF_SAMPLE_RUN * sizeof *part->label);
        }
        if (from->group != NULL) {
            memcpy(part->group + r * EF_SAMPLE_RUN, from->group + first, EF_SAMPLE_RUN * sizeof *part->group);
        }
    }
    part->vectors.unit = part->unit;
    part->vectors.label = from->label != NULL ? part->label : NULL;
    part->vectors.group = from->group != NULL ? part->group : NULL;
    return status;
}

static uint64_t impostors(const ef_pair_totals *totals)
{
    return totals->pairs - totals->mates;
}

/* The score in the sample that corresponds to rank k, and some more for chance. */
static ef_status find_start(double *least, const ef_vectors *rows, const ef_vectors *columns, double share, uint64_t most,
                            const ef_work *work, ef_error *err)
{
    const ef_work quietly = {.memory = work->memory, .threads = work->threads};
    double expected = share * (double)most, wanted = 1.1 * expected + 5 * sqrt(expected) + 10;
    ef_pair_tail *tail;
    if (wanted >= (double)most) {
        return EF_OK;
    }
    size_t k = (size_t)wanted;
    ef_status status = ef_pair_tail_create(&tail, k, -INFINITY, ef_pair_workers(work), err);
    if (status != EF_OK) {
        return status;
    }
    const ef_pair_visitor visitor = ef_pair_tail_visitor(tail);
    status = ef_all_pairs(NULL, rows, columns, &visitor, 1, NULL, &quietly, err);
    if (status == EF_OK && ef_pair_tail_count(tail) == k) {
        *least = ef_pair_tail_scores(tail)[k - 1];
    }
    ef_pair_tail_free(tail);
    return status;
}

ef_status ef_pair_start(double *least, const ef_vectors *rows, const ef_vectors *columns, size_t k, const ef_work *work,
                        ef_error *err)
{
    sample left = {.unit = NULL}, right = {.unit = NULL};
    ef_pair_totals all, part;
    *least = -INFINITY;
    if (rows->count < FEW || (columns != NULL && columns->count < FEW)) {
        return EF_OK;
    }
    size_t memory = ef_work_memory(work);
    ef_status status = take_sample(&left, rows, memory, err);
    if (status == EF_OK && columns != NULL) {
        status = take_sample(&right, columns, memory, err);
    }
    const ef_vectors *others = columns != NULL ? &right.vectors : NULL;
    if (status == EF_OK && (status = ef_pair_count(&all, rows, columns, err)) == EF_OK &&
        (status = ef_pair_count(&part, &left.vectors, others, err)) == EF_OK && impostors(&all) > 0) {
        status = find_start(least, &left.vectors, others, (double)k / (double)impostors(&all), impostors(&part), work, err);
    }
    free_sample(&left);
    free_sample(&right);
    return status;
}
