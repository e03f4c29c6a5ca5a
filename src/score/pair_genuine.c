#include "score/pair_genuine.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/highest.h"

struct ef_pair_genuine {
    double *score;
    size_t most;
    atomic_size_t count;
};

ef_status ef_pair_genuine_create(ef_pair_genuine **out, size_t most, ef_error *err)
{
    ef_pair_genuine *genuine = ef_alloc_zero(1, sizeof *genuine);
    *out = genuine;
    if (genuine == NULL || (genuine->score = ef_alloc(most, sizeof *genuine->score)) == NULL) {
        free(genuine);
        *out = NULL;
        return ef_fail_memory(err, "the genuine scores");
    }
    genuine->most = most;
    atomic_init(&genuine->count, 0);
    return EF_OK;
}

void ef_pair_genuine_free(ef_pair_genuine *genuine)
{
    if (genuine != NULL) {
        free(genuine->score);
        free(genuine);
    }
}

static void put(ef_pair_genuine *genuine, double score)
{
    size_t place = atomic_fetch_add_explicit(&genuine->count, 1, memory_order_relaxed);
    if (place < genuine->most) {
        genuine->score[place] = score;
    }
}

static void mate(void *self, size_t row, size_t column, double score, int worker)
{
    (void)row;
    (void)column;
    (void)worker;
    put(self, score);
}

ef_pair_visitor ef_pair_genuine_visitor(ef_pair_genuine *genuine)
{
    return (ef_pair_visitor){.self = genuine, .mate = mate};
}

void ef_pair_genuine_add(ef_pair_genuine *genuine, const double *score, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(genuine, score[i]);
    }
}

size_t ef_pair_genuine_count(const ef_pair_genuine *genuine)
{
    return atomic_load(&genuine->count);
}

double *ef_pair_genuine_scores(ef_pair_genuine *genuine)
{
    size_t count = ef_pair_genuine_count(genuine);
    ef_sort_descending(genuine->score, count < genuine->most ? count : genuine->most);
    return genuine->score;
}
