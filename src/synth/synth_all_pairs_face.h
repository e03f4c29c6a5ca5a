/* synth_all_pairs_face.h - made-up embeddings of people in stills and videos.
 *
 * An image is its person, plus a deviation that the frames of a video share, plus one of its own.  How long they are is log-normal among people, media and
 * images; worse images have smaller norms.
 * Thread rule: one synth_all_pairs_face per thread. */
#ifndef EF_SYNTH_SYNTH_ALL_PAIRS_FACE_H
#define EF_SYNTH_SYNTH_ALL_PAIRS_FACE_H

#include <stdint.h>

#include <eface/status.h>

#include "synth/synth_all_pairs.h"
#include "synth/synth_space.h"

typedef struct synth_all_pairs_face synth_all_pairs_face;

/* Borrows the space.  difficulty multiplies the deviations.  The caller frees *out with synth_all_pairs_face_free(). */
EF_MUST_USE ef_status synth_all_pairs_face_create(synth_all_pairs_face **out, const synth_space *space, double difficulty,
                                                  uint64_t seed, ef_error *err);
void synth_all_pairs_face_free(synth_all_pairs_face *face); /* NULL is fine */

/* The embeddings of an image and of its mirror image (NULL: not wanted); they depend on nothing drawn before, nor on the label. */
void synth_all_pairs_face_draw(float *original, float *mirrored, synth_all_pairs_face *face, const synth_photo *photo);

#endif
