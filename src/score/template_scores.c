#include "score/template_scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"

enum { block_rows = 128 }; /* of 512 float64 each: half of a level-2 cache */

/* A piece of the list, ordered by blocks of b. */
typedef struct piece {
    const double *unit;
    size_t dim;
    const uint32_t *a, *b;
    const uint32_t *order; /* of the pairs */
    const size_t *start;   /* of each block in the order, and the end */
    double *score;         /* in list order */
} piece;

static void score_block(void *data, size_t block, int worker)
{
    const piece *self = data;
    (void)worker;
    for (size_t i = self->start[block]; i < self->start[block + 1]; i++) {
        size_t pair = self->order[i];
        self->score[pair] = ef_dot(self->unit + self->a[pair] * self->dim, self->unit + self->b[pair] * self->dim, self->dim);
    }
}

/* A counting sort of the pairs by the block of b: pairs of one block stay in the order of the list. */
static void order_by_block(uint32_t *order, size_t *start, size_t blocks, const uint32_t *b, size_t count)
{
    memset(start, 0, (blocks + 1) * sizeof *start);
    for (size_t i = 0; i < count; i++) {
        start[b[i] / block_rows + 1]++;
    }
    for (size_t block = 0; block < blocks; block++) {
        start[block + 1] += start[block];
    }
    for (size_t i = 0; i < count; i++) {
        order[start[b[i] / block_rows]++] = (uint32_t)i;
    }
    memmove(start + 1, start, blocks * sizeof *start); /* filling moved every start to the next one */
    start[0] = 0;
}

ef_status ef_template_scores_expect(ef_template_scores *scores, size_t impostors, ef_error *err)
{
    double *moved = impostors <= PTRDIFF_MAX / sizeof *moved ? realloc(scores->impostor, impostors * sizeof *moved) : NULL;
    if (moved == NULL && impostors > 0) {
        return ef_fail_memory(err, "the scores");
    }
    scores->impostor = moved;
    scores->impostor_capacity = impostors;
    return EF_OK;
}

ef_status ef_template_scores_add(ef_template_scores *scores, const double *unit, size_t templates, size_t dim, const uint32_t *a,
                                 const uint32_t *b, const unsigned char *label, size_t count, int threads, ef_error *err)
{
    size_t blocks = templates / block_rows + 1;
    uint32_t *order = ef_alloc(count, sizeof *order);
    size_t *start = ef_alloc(blocks + 1, sizeof *start);
    double *score = ef_alloc(count, sizeof *score);
    ef_status status = EF_OK;
    if (order == NULL || start == NULL || score == NULL ||
        !ef_grow(&scores->genuine, &scores->genuine_capacity, scores->genuine_count + count, sizeof *scores->genuine) ||
        !ef_grow(&scores->impostor, &scores->impostor_capacity, scores->impostor_count + count, sizeof *scores->impostor)) {
        status = ef_fail_memory(err, "the scores");
        goto done;
    }
    order_by_block(order, start, blocks, b, count);
    piece work = {unit, dim, a, b, order, start, score};
    ef_parallel_for(threads, blocks, score_block, &work);
    for (size_t i = 0; i < count; i++) {
        if (label[i] != 0) {
            scores->genuine[scores->genuine_count++] = score[i];
        } else {
            scores->impostor[scores->impostor_count++] = score[i];
        }
    }
done:
    free(order);
    free(start);
    free(score);
    return status;
}

void ef_template_scores_free(ef_template_scores *scores)
{
    free(scores->genuine);
    free(scores->impostor);
    *scores = (ef_template_scores){0};
}
