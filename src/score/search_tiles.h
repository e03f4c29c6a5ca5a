/* search_tiles.h - all float32 products of probes and gallery, row by row: what searching looks at first.
 *
 * The gallery is narrowed to float32 once, in blocks that fit into the memory; threads take tiles of probes, narrow them,
 * multiply them with a stretch of the gallery at a time and show each row of the product while it is in the processor's cache. */
#ifndef EF_SCORE_SEARCH_TILES_H
#define EF_SCORE_SEARCH_TILES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/identify.h>

/* Which gallery entries are of a subject. */
typedef struct ef_mate {
    int64_t subject;
    size_t entry;
} ef_mate;

typedef struct ef_search_tiles {
    const ef_search_side *probes, *gallery;
    size_t dim;
    ef_mate *mate;      /* gallery entries by subject, then by number */
    size_t *mate_begin; /* of each probe: its mates are mate[mate_begin .. mate_end-1] */
    size_t *mate_end;
    double error; /* a bound of |float32 product - ef_dot()|, for every pair */
} ef_search_tiles;

EF_MUST_USE ef_status ef_search_tiles_create(ef_search_tiles *tiles, const ef_search_side *probes, const ef_search_side *gallery,
                                             size_t dim, int threads, ef_error *err);
void ef_search_tiles_free(ef_search_tiles *tiles);

/* How many comparisons there are of a probe with an entry of another subject. */
uint64_t ef_search_others(const ef_search_tiles *tiles);

/* The vector of an entry. */
const double *ef_search_vector(const ef_search_tiles *tiles, const ef_search_side *side, size_t entry);

/* Calls look(data, probe, first, count, product, worker) for every probe and stretch of gallery entries first .. first+count-1, on
 * several threads; worker is below ef_search_threads(); calls for one probe never overlap, and its stretches come in ascending order.
 * The products of mates are -infinity. */
typedef void ef_search_look(void *data, size_t probe, size_t first, size_t count, const float *product, int worker);
EF_MUST_USE ef_status ef_search_tiles_visit(const ef_search_tiles *tiles, const ef_work *work, ef_search_look *look, void *data,
                                            ef_error *err);

/* The number of threads that `work` asks for. */
int ef_search_threads(const ef_work *work);

/* The first index from `from` on, of product[0 .. count-1], that is at least `limit`; count for none. */
size_t ef_search_next(const float *product, size_t count, size_t from, float limit);

/* The largest float32 number that is at most `value`, -FLT_MAX at the least: a limit that lets nothing at or above `value` slip by, and
 * the -infinity of mates not through. */
float ef_search_below(double value);

#endif
