/* search_best.h - the k highest of very many scores, gathered by several threads: what ef_search_pooled_top() and ef_search_galleries() keep.
 *
 * A score that only equals the floor would replace its equal, so it is left out: many ties take no memory.
 * Thread rule: one ef_search_best for each thread. */
#ifndef EF_SCORE_SEARCH_BEST_H
#define EF_SCORE_SEARCH_BEST_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

/* The highest scores that one thread has met.  When there are 2k, the lower half goes. */
typedef struct ef_search_best {
    double *score;
    size_t k, count, capacity;
    double error; /* how far a product may be from its score */
    double floor; /* k of them are at least this high; -infinity at first; +infinity when k is 0 */
    float limit;  /* below this no product matters */
    bool out_of_memory;
    char apart[64]; /* from the next thread's */
} ef_search_best;

/* One for each thread; NULL when memory is out.  Freed with ef_search_best_free(). */
ef_search_best *ef_search_best_create(size_t threads, size_t k, double error);
void ef_search_best_free(ef_search_best *best, size_t threads);

/* Keeps a score if it is among the k highest so far. */
void ef_search_best_add(ef_search_best *mine, double score);

/* The k highest of all threads, in descending order: out[k].  At least k scores must have been added. */
EF_MUST_USE ef_status ef_search_best_merge(double *out, const ef_search_best *best, size_t threads, ef_error *err);

#endif
