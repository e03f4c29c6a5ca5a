/* pair_basis.h - in which directions vectors are to be compared, when all pairs are screened by codes.
 * Thread rule: from one thread, like ef_all_pairs(), after ef_gemm_begin() (linalg/gemm.h). */
#ifndef EF_SCORE_PAIR_BASIS_H
#define EF_SCORE_PAIR_BASIS_H

#include "linalg/basis.h"
#include "score/pair_block.h"

typedef struct ef_pair_basis_terms {
    size_t wanted;  /* so many directions, or all there are; 0: as many as make the least work */
    double ahead;   /* of SGEMM, how many times as fast codes are multiplied (linalg/int8_tile.h) */
    size_t threads; /* that compare; directions are found by one */
    size_t memory;  /* in bytes: a part of it at the most is used, unless so many directions are wanted */
} ef_pair_basis_terms;

/* A basis (linalg/basis.h) for comparing `rows` with `columns`, NULL for rows among themselves, of so many directions as make the least work: fewer make shorter products,
 * but more of the pairs have to be looked at again.  Found by sampling both sides: the directions in one part of the sample, what lies beside them in the other.  The basis
 * has none (`count` 0) where all elements as they are make the least work, or where there are too few pairs, or bytes of memory, for it to pay.  To be freed with
 * ef_basis_free(), in any case.  Errors: what reading vectors finds, memory. */
EF_MUST_USE ef_status ef_pair_basis_find(ef_basis *out, const ef_vectors *rows, const ef_vectors *columns,
                                         const ef_pair_basis_terms *terms, ef_error *err);

#endif
