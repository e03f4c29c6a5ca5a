/* distractor_vectors.h - the unit vectors of probes and distractors: flips fused, rows scaled to length one, as rows.h has it for sets.
 * Thread rule: one thread at a time; the arithmetic uses threads of its own. */
#ifndef EF_EVALUATE_DISTRACTOR_VECTORS_H
#define EF_EVALUATE_DISTRACTOR_VECTORS_H

#include <eface/distractor_set.h>
#include <eface/rows.h>

typedef struct ef_distractor_vectors {
    const ef_distractor_set *set;
    ef_side side;
    ef_flip flip;
    int threads;
    const unsigned char
        *unused;              /* images, not 0 here, whose embeddings do not matter: they may be of length zero; NULL for none */
    double shortest, longest; /* of what has been read, before it was scaled; 0 and 0: nothing yet */
} ef_distractor_vectors;

/* Of a fused vector. */
size_t ef_distractor_vectors_dim(const ef_distractor_vectors *vectors);

/* Reads images first .. first+count-1 into unit[count * dim]; `vectors` is an ef_distractor_vectors, for ef_vectors.  A value that is not finite, and a fused vector
 * of length zero are errors that name the image. */
EF_MUST_USE ef_status ef_distractor_vectors_read(void *vectors, double *unit, size_t first, size_t count, ef_error *err);

#endif
