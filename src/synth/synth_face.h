/* synth_face.h - made-up embeddings that spread as those of a face network do.
 *
 * A person is a direction drawn from a distribution whose variances decay, so that two people are closer or further apart than chance
 * on the whole sphere would have it.  An image is its person plus a deviation whose length is log-normal: some people and some
 * images are worse than others.  Bad images have smaller norms.  The mirrored image differs by a little noise.
 * Thread rule: one synth_face per thread. */
#ifndef EF_SYNTH_SYNTH_FACE_H
#define EF_SYNTH_SYNTH_FACE_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#include "synth/synth_plan.h"

typedef struct synth_face synth_face;

/* difficulty multiplies the deviations.  The caller frees *out with synth_face_free(). */
EF_MUST_USE ef_status synth_face_create(synth_face **out, size_t dim, double difficulty, uint64_t seed, ef_error *err);
void synth_face_free(synth_face *face); /* NULL is fine */

/* The same, one for each of `count` threads. */
EF_MUST_USE ef_status synth_faces_create(synth_face ***out, int count, size_t dim, double difficulty, uint64_t seed,
                                         ef_error *err);
void synth_faces_free(synth_face **faces, int count); /* NULL is fine */

/* The embeddings of an image and of its mirror image (NULL: not wanted), `dim` numbers each; they depend on nothing drawn before. */
void synth_face_draw(synth_face *face, const synth_benchmark *benchmark, synth_image image, float *original, float *mirrored);

#endif
