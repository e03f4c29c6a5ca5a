#include "synth/synth_all_pairs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_space.h"
#include "synth/synth_stream.h"

enum { most_images = 1000, shortest_video = 2, video_lengths = 5 };

/* How many images people have is log-normal, rounded up: more than one in five have a single one, the mean is about four. */
static const double album_middle = 0.75; /* of the logarithm */
static const double album_spread = 1.0;
static const double videos = 0.35; /* share of the media, where there are images enough */

/* The images of the next person, as many of them as there is room for. */
static void add_person(synth_all_pairs *plan, uint32_t room, ef_rng *rng)
{
    uint32_t person = ++plan->people;
    ef_rng_restart(rng, plan->seed, synth_stream(SYNTH_ALL_PAIRS_ALBUM, person, 0));
    double drawn = 1.0 + synth_exponential(album_middle + album_spread * ef_rng_normal(rng));
    uint32_t count = drawn < most_images ? (uint32_t)drawn : most_images;
    uint32_t most = person == 1 ? room - 1 : room; /* one person alone makes no impostors */
    count = count < most ? count : most;
    for (uint32_t number = 1, end = 1, first = 1; number <= count; number++) {
        if (number == end) {
            first = number;
            end += ef_rng_uniform(rng) < videos ? shortest_video + (uint32_t)ef_rng_below(rng, video_lengths) : 1;
            plan->media++;
        }
        plan->images[plan->image_count++] = (synth_photo){person, number, plan->media, first, person};
    }
}

/* Gives distinct images the label of anybody else. */
static void mislabel(synth_all_pairs *plan, uint32_t wrong, ef_rng *rng)
{
    ef_rng_restart(rng, plan->seed, synth_stream(SYNTH_ALL_PAIRS_LABELS, 0, 0));
    for (uint32_t i = 0; i < wrong;) {
        synth_photo *photo = &plan->images[ef_rng_below(rng, plan->image_count)];
        uint32_t label = 1 + (uint32_t)ef_rng_below(rng, plan->people - 1);
        if (photo->label == photo->person) {
            photo->label = label < photo->person ? label : label + 1;
            i++;
        }
    }
}

ef_status synth_all_pairs_create(synth_all_pairs *out, uint32_t images, uint32_t wrong, uint64_t seed, ef_error *err)
{
    if (wrong > images / 10) {
        return ef_fail(err, EF_INVALID, "--wrong-labels is for a tenth of the images at the most, here %" PRIu32, images / 10);
    }
    synth_all_pairs plan = {.seed = seed, .images = ef_alloc(images, sizeof *plan.images)};
    ef_rng *rng = NULL;
    if (plan.images == NULL) {
        return ef_fail_memory(err, "images");
    }
    ef_status status = ef_rng_create(&rng, seed, 0, err);
    if (status != EF_OK) {
        synth_all_pairs_free(&plan);
        return status;
    }
    while (plan.image_count < images) {
        add_person(&plan, images - plan.image_count, rng);
    }
    mislabel(&plan, wrong, rng);
    ef_rng_free(rng);
    *out = plan;
    return EF_OK;
}

void synth_all_pairs_free(synth_all_pairs *plan)
{
    free(plan->images);
    *plan = (synth_all_pairs){0};
}

void synth_all_pairs_name(char name[SYNTH_ALL_PAIRS_NAME], const synth_photo *photo)
{
    snprintf(name, SYNTH_ALL_PAIRS_NAME, "Person_%04" PRIu32 "/Person_%04" PRIu32 "_%04" PRIu32 ".jpg", photo->person,
             photo->person, photo->number);
}
