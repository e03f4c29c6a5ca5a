/* synth_ijb_face.h - made-up embeddings of the images of templates.
 *
 * An image is its person, plus a deviation that the frames of a video share - some people, some templates and some media are worse than
 * others - plus a smaller one of its own, greater where the detector's score is low.  Worse images have smaller norms.
 * Thread rule: one synth_ijb_face per thread. */
#ifndef EF_SYNTH_SYNTH_IJB_FACE_H
#define EF_SYNTH_SYNTH_IJB_FACE_H

#include <stddef.h>

#include <eface/status.h>

#include "synth/synth_ijb_plan.h"
#include "synth/synth_space.h"

typedef struct synth_ijb_face synth_ijb_face;

/* Borrows the plan and the space.  difficulty multiplies the deviations.  The caller frees *out with synth_ijb_face_free(). */
EF_MUST_USE ef_status synth_ijb_face_create(synth_ijb_face **out, const synth_ijb_plan *plan, const synth_space *space,
                                            double difficulty, ef_error *err);
void synth_ijb_face_free(synth_ijb_face *face); /* NULL is fine */

/* The embeddings of an image and of its mirror image (NULL: not wanted); they depend on nothing drawn before. */
void synth_ijb_face_draw(float *original, float *mirrored, synth_ijb_face *face, size_t row);

#endif
