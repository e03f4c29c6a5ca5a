#include "score/pair_ranks.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

struct ef_pair_ranks {
    const double *mark;
    const size_t *begin;
    size_t count;
    bool self;
    atomic_uint_fast64_t *tally; /* of each mark: scores above it, but not above the next one of its row */
};

ef_status ef_pair_ranks_create(ef_pair_ranks **out, const double *mark, const size_t *begin, size_t count, bool self,
                               ef_error *err)
{
    ef_pair_ranks *ranks = ef_alloc_zero(1, sizeof *ranks);
    *out = ranks;
    if (ranks == NULL) {
        return ef_fail_memory(err, "ranks");
    }
    *ranks = (ef_pair_ranks){.mark = mark, .begin = begin, .count = count, .self = self};
    ranks->tally = ef_alloc(begin[count], sizeof *ranks->tally);
    if (ranks->tally == NULL) {
        ef_pair_ranks_free(ranks);
        *out = NULL;
        return ef_fail_memory(err, "ranks");
    }
    for (size_t i = 0; i < begin[count]; i++) {
        atomic_init(&ranks->tally[i], 0);
    }
    return EF_OK;
}

void ef_pair_ranks_free(ef_pair_ranks *ranks)
{
    if (ranks != NULL) {
        free(ranks->tally);
        free(ranks);
    }
}

static void limits(void *self, double *limit, size_t first, size_t count)
{
    const ef_pair_ranks *ranks = self;
    for (size_t i = 0; i < count; i++) {
        size_t begin = ranks->begin[first + i];
        limit[i] = begin < ranks->begin[first + i + 1] ? ranks->mark[begin] : INFINITY;
    }
}

/* How many marks of a row are below `score`. */
static size_t marks_below(const ef_pair_ranks *ranks, size_t row, double score)
{
    size_t begin = ranks->begin[row], low = begin, high = ranks->begin[row + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranks->mark[middle] < score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - begin;
}

static void count_for(ef_pair_ranks *ranks, size_t row, ef_pair_batch *batch, ef_pair_candidate *pair)
{
    size_t below = marks_below(ranks, row, pair->high);
    if (below > 0 && marks_below(ranks, row, pair->low) != below) {
        below = marks_below(ranks, row, ef_pair_score(batch, pair));
    }
    if (below > 0) {
        atomic_fetch_add_explicit(&ranks->tally[ranks->begin[row] + below - 1], 1, memory_order_relaxed);
    }
}

static void meet(void *self, ef_pair_batch *batch, int worker)
{
    ef_pair_ranks *ranks = self;
    (void)worker;
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        count_for(ranks, batch->rows->first + pair->row, batch, pair);
        if (ranks->self) {
            count_for(ranks, batch->columns->first + pair->column, batch, pair);
        }
    }
}

ef_pair_visitor ef_pair_ranks_visitor(ef_pair_ranks *ranks)
{
    return (ef_pair_visitor){.self = ranks, .row_limits = limits, .column_limits = ranks->self ? limits : NULL, .meet = meet};
}

void ef_pair_ranks_above(const ef_pair_ranks *ranks, uint64_t *above)
{
    for (size_t r = 0; r < ranks->count; r++) {
        uint64_t sum = 0;
        for (size_t i = ranks->begin[r + 1]; i-- > ranks->begin[r];) {
            sum += atomic_load(&ranks->tally[i]);
            above[i] = sum;
        }
    }
}
