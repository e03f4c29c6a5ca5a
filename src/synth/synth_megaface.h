/* synth_megaface.h - made-up probes and distractors in the shape of MegaFace with FaceScrub's probes.
 *
 * Some images are noisy: every tenth probe shows somebody else, and of every so many distractors one shows no one, or one of the probes' people.
 * Thread rule: read-only once made. */
#ifndef EF_SYNTH_SYNTH_MEGAFACE_H
#define EF_SYNTH_SYNTH_MEGAFACE_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/strings.h>

#include "synth/synth_face.h"

enum { SYNTH_MEGAFACE_PEOPLE = 80, SYNTH_MEGAFACE_NAME = 80 };

typedef struct synth_megaface {
    uint64_t seed;
    uint32_t people, probes, distractors;
    uint32_t first[SYNTH_MEGAFACE_PEOPLE + 1]; /* the first probe of each person, and behind the last */
} synth_megaface;

/* The benchmark with about `scale` (above 0, up to 1) of its people and distractors, at least four and ten, and exactly its counts at 1: 3,530 probes of 80
 * people, a million distractors.  A smaller one has the first images of a larger one. */
void synth_megaface_plan(synth_megaface *out, double scale, uint64_t seed);

uint32_t synth_megaface_person(const synth_megaface *plan, uint32_t probe); /* from 0 on */

/* The path of an image in the lists: "Person_0001/Person_0001_00023.png", "278/27809140@N00/2526954590_4.jpg". */
void synth_megaface_probe_name(char name[SYNTH_MEGAFACE_NAME], const synth_megaface *plan, uint32_t probe);
void synth_megaface_distractor_name(char name[SYNTH_MEGAFACE_NAME], uint32_t distractor);

bool synth_megaface_probe_noisy(uint32_t probe);
bool synth_megaface_distractor_noisy(uint32_t distractor);

/* The embedding of an image. */
void synth_megaface_draw_probe(float *original, synth_face *face, const synth_megaface *plan, uint32_t probe);
void synth_megaface_draw_distractor(float *original, synth_face *face, const synth_megaface *plan, uint32_t distractor);

/* Writes the devkit's lists into `megaface` below `folder`: probes, distractors in the sizes 10, 100, ... up to all, and noisy images.  A smaller list is drawn
 * from all distractors: it is no part of a larger one, as in the devkit.  Each file appears whole or not at all. */
EF_MUST_USE ef_status synth_megaface_list_write(const synth_megaface *plan, const char *folder, ef_error *err);

/* Appends the paths of these lists. */
EF_MUST_USE ef_status synth_megaface_list_paths(ef_strings *paths, const synth_megaface *plan, const char *folder, ef_error *err);

#endif
