#include "score/template_scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"

enum {
    block_rows = 128, /* of 512 float64 each: half of a level-2 cache */
    parts = 8,        /* of the list: what the threads put in order */
    most_run = 256,   /* pairs of one a that are scored together */
};

/* Pairs from..end-1 of a piece, ordered by blocks of b. */
typedef struct part {
    size_t from, end;
    size_t *start; /* of each block in the order, and the end */
} part;

typedef struct piece {
    const double *unit;
    size_t dim, blocks;
    const uint32_t *a, *b;
    uint32_t *order; /* of the pairs; each part's stands where its pairs are */
    part part[parts];
    double *score; /* in list order */
} piece;

/* A counting sort of the pairs by the block of b: pairs of one block stay in the order of the list. */
static void order_part(void *data, size_t index, int worker)
{
    piece *self = data;
    const part *mine = &self->part[index];
    size_t *start = mine->start, blocks = self->blocks;
    (void)worker;
    memset(start, 0, (blocks + 1) * sizeof *start);
    for (size_t i = mine->from; i < mine->end; i++) {
        start[self->b[i] / block_rows + 1]++;
    }
    start[0] = mine->from;
    for (size_t block = 0; block < blocks; block++) {
        start[block + 1] += start[block];
    }
    for (size_t i = mine->from; i < mine->end; i++) {
        self->order[start[self->b[i] / block_rows]++] = (uint32_t)i;
    }
    memmove(start + 1, start, blocks * sizeof *start); /* filling moved every start to the next one */
    start[0] = mine->from;
}

/* Lists name one template's pairs one after the other, so a block has runs of the same a. */
static void score_block(void *data, size_t block, int worker)
{
    const piece *self = data;
    uint32_t row[most_run];
    double score[most_run];
    (void)worker;
    for (size_t p = 0; p < parts; p++) {
        const uint32_t *order = self->order;
        for (size_t i = self->part[p].start[block], end = self->part[p].start[block + 1], count; i < end; i += count) {
            uint32_t a = self->a[order[i]];
            for (count = 0; count < most_run && i + count < end && self->a[order[i + count]] == a; count++) {
                row[count] = self->b[order[i + count]];
            }
            ef_dots(score, self->unit + a * self->dim, self->unit, row, count, self->dim);
            for (size_t k = 0; k < count; k++) {
                self->score[order[i + k]] = score[k];
            }
        }
    }
}

/* Moves the genuine scores out of the `count` new ones behind the impostors'. */
static void part_classes(ef_template_scores *scores, const unsigned char *label, size_t count)
{
    double *score = scores->impostor + scores->impostor_count;
    size_t kept = 0;
    for (size_t i = 0; i < count;) {
        const unsigned char *genuine = memchr(label + i, 1, count - i);
        size_t run = genuine != NULL ? (size_t)(genuine - label) - i : count - i;
        if (kept != i) {
            memmove(score + kept, score + i, run * sizeof *score);
        }
        kept += run;
        i += run;
        if (genuine != NULL) {
            scores->genuine[scores->genuine_count++] = score[i++];
        }
    }
    scores->impostor_count += kept;
}

static size_t count_genuine(const unsigned char *label, size_t count)
{
    size_t genuine = 0;
    for (size_t i = 0; i < count; i++) {
        genuine += label[i];
    }
    return genuine;
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
    size_t blocks = templates / block_rows + 1, genuine = count_genuine(label, count);
    uint32_t *order = ef_alloc(count, sizeof *order);
    size_t *start = ef_alloc(parts * (blocks + 1), sizeof *start);
    ef_status status = EF_OK;
    if (order == NULL || start == NULL ||
        !ef_grow(&scores->genuine, &scores->genuine_capacity, scores->genuine_count + genuine, sizeof *scores->genuine) ||
        !ef_grow(&scores->impostor, &scores->impostor_capacity, scores->impostor_count + count, sizeof *scores->impostor)) {
        status = ef_fail_memory(err, "the scores");
        goto done;
    }
    piece work = {unit, dim, blocks, a, b, order, {{0}}, scores->impostor + scores->impostor_count};
    for (size_t p = 0; p < parts; p++) {
        work.part[p] = (part){count * p / parts, count * (p + 1) / parts, start + p * (blocks + 1)};
    }
    ef_parallel_for(threads, parts, order_part, &work);
    ef_parallel_for(threads, blocks, score_block, &work);
    part_classes(scores, label, count);
done:
    free(order);
    free(start);
    return status;
}

void ef_template_scores_free(ef_template_scores *scores)
{
    free(scores->genuine);
    free(scores->impostor);
    *scores = (ef_template_scores){0};
}
