#include "synth/synth_megaface.h"

#include <math.h>
#include <stdio.h>

/* How many people have how many images, as in the devkit's list of FaceScrub, whose first person has 47 and second 45. */
static const struct {
    uint32_t people, images;
} albums[] = {{1, 47}, {1, 45}, {1, 50}, {5, 49}, {6, 48}, {8, 47}, {9, 46}, {13, 45}, {14, 44},
              {8, 43}, {4, 42}, {1, 41}, {4, 38}, {2, 37}, {1, 30}, {1, 28}, {1, 27}};

enum {
    all_distractors = 1000000,
    fewest_people = 4,
    fewest_distractors = 10,
    noisy_probes = 10,        /* one in so many */
    noisy_distractors = 1409, /* likewise */
    overlapping = 16,         /* of the noisy distractors one in so many shows one of the people */
    strangers = 1000          /* from this person on: those whom distractors and noisy probes show */
};

/* The spread gives a rank-1 of about 87 % among a million distractors at difficulty 1, noisy images left out. */
static const synth_benchmark faces = {.layout = SYNTH_FRESH, .images = 7, .spread = 0.8};

void synth_megaface_plan(synth_megaface *out, double scale, uint64_t seed)
{
    *out = (synth_megaface){.seed = seed};
    uint32_t wanted = (uint32_t)lround(scale * SYNTH_MEGAFACE_PEOPLE), distractors = (uint32_t)lround(scale * all_distractors);
    wanted = wanted < fewest_people ? fewest_people : wanted;
    out->distractors = distractors < fewest_distractors ? fewest_distractors : distractors;
    for (size_t i = 0; i < sizeof albums / sizeof *albums; i++) {
        for (uint32_t j = 0; j < albums[i].people && out->people < wanted; j++) {
            out->probes += albums[i].images;
            out->first[++out->people] = out->probes;
        }
    }
}

uint32_t synth_megaface_person(const synth_megaface *plan, uint32_t probe)
{
    uint32_t person = 0;
    while (plan->first[person + 1] <= probe) {
        person++;
    }
    return person;
}

void synth_megaface_probe_name(char name[SYNTH_MEGAFACE_NAME], const synth_megaface *plan, uint32_t probe)
{
    unsigned person = synth_megaface_person(plan, probe) + 1;
    snprintf(name, SYNTH_MEGAFACE_NAME, "Person_%04u/Person_%04u_%05u.png", person, person, probe * 17 + 11);
}

void synth_megaface_distractor_name(char name[SYNTH_MEGAFACE_NAME], uint32_t distractor)
{
    uint32_t user = 10000000 + distractor * 2654435761u % 90000000, photo = 100000000 + distractor * 7 + user % 7;
    snprintf(name, SYNTH_MEGAFACE_NAME, "%03u/%u@N%02u/%u_%u.jpg", user / 100000, user, distractor % 9, photo, distractor % 5);
}

bool synth_megaface_probe_noisy(uint32_t probe)
{
    return probe % noisy_probes == 4;
}

bool synth_megaface_distractor_noisy(uint32_t distractor)
{
    return distractor % noisy_distractors == 3;
}

void synth_megaface_draw_probe(float *original, synth_face *face, const synth_megaface *plan, uint32_t probe)
{
    uint32_t person = synth_megaface_person(plan, probe);
    synth_image image = {person + 1, probe - plan->first[person] + 1};
    if (synth_megaface_probe_noisy(probe)) {
        image.person = strangers + all_distractors + probe;
    }
    synth_face_draw(face, &faces, image, original, NULL);
}

void synth_megaface_draw_distractor(float *original, synth_face *face, const synth_megaface *plan, uint32_t distractor)
{
    synth_image image = {strangers + distractor, 1};
    uint32_t before = distractor / noisy_distractors;
    if (synth_megaface_distractor_noisy(distractor) && before % overlapping == 0) {
        image = (synth_image){before / overlapping % plan->people + 1, strangers + before};
    }
    synth_face_draw(face, &faces, image, original, NULL);
}
