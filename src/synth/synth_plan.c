#include "synth/synth_plan.h"

#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_stream.h"

enum { FEWEST_IN_ALBUM = 2, MOST_IN_ALBUM = 5 };

/* A pair before its images have rows. */
typedef struct draft {
    synth_image image[2];
} draft;

bool synth_is_profile(const synth_benchmark *benchmark, synth_image image)
{
    bool both = benchmark->layout == SYNTH_PROFILE || benchmark->layout == SYNTH_FRONTAL;
    return both && image.number > SYNTH_FRONTALS;
}

static int compare_images(const void *a, const void *b)
{
    const synth_image *x = a, *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static bool same_pair(const draft *x, const draft *y)
{
    return (compare_images(&x->image[0], &y->image[0]) == 0 && compare_images(&x->image[1], &y->image[1]) == 0) ||
           (compare_images(&x->image[0], &y->image[1]) == 0 && compare_images(&x->image[1], &y->image[0]) == 0);
}

static uint32_t from_one(ef_rng *rng, uint32_t n)
{
    return 1 + (uint32_t)ef_rng_below(rng, n);
}

/* One of 1..n other than `one`. */
static uint32_t from_one_but(ef_rng *rng, uint32_t n, uint32_t one)
{
    uint32_t drawn = from_one(rng, n - 1);
    return drawn < one ? drawn : drawn + 1;
}

/* How many images an album has: a property of the person, so that it does not depend on who is drawn. */
static uint32_t album_size(uint32_t person)
{
    return FEWEST_IN_ALBUM + person * 2654435761u / 65536 % (MOST_IN_ALBUM - FEWEST_IN_ALBUM + 1);
}

/* Draws two images; `at` is the number of the pair among those of its fold and kind. */
static draft draw(ef_rng *rng, const synth_benchmark *benchmark, uint32_t fold, bool genuine, uint32_t at)
{
    uint32_t first = fold * benchmark->people, person[2], number[2] = {0, 0};
    /* CFP's genuine pairs take people in turn; the others any. */
    bool turn = genuine && (benchmark->layout == SYNTH_PROFILE || benchmark->layout == SYNTH_FRONTAL);
    person[0] = turn ? 1 + at % benchmark->people : from_one(rng, benchmark->people);
    person[1] = genuine ? person[0] : from_one_but(rng, benchmark->people, person[0]);
    switch (benchmark->layout) {
    case SYNTH_ALBUMS:
        number[0] = from_one(rng, album_size(first + person[0]));
        number[1] =
            genuine ? from_one_but(rng, album_size(first + person[1]), number[0]) : from_one(rng, album_size(first + person[1]));
        break;
    case SYNTH_FRESH:
        number[0] = 1 + 2 * (at + (genuine ? 0 : benchmark->pairs));
        number[1] = number[0] + 1;
        break;
    case SYNTH_PROFILE:
        number[0] = from_one(rng, SYNTH_FRONTALS);
        number[1] = SYNTH_FRONTALS + from_one(rng, SYNTH_PROFILES);
        break;
    case SYNTH_FRONTAL:
        number[0] = from_one(rng, SYNTH_FRONTALS);
        number[1] = genuine ? from_one_but(rng, SYNTH_FRONTALS, number[0]) : from_one(rng, SYNTH_FRONTALS);
        break;
    }
    return (draft){{{first + person[0], number[0]}, {first + person[1], number[1]}}};
}

/* Draws `count` distinct pairs of one fold and kind. */
static void draw_all(draft *drafts, uint32_t count, ef_rng *rng, const synth_benchmark *benchmark, uint32_t fold, bool genuine)
{
    for (uint32_t at = 0; at < count;) {
        drafts[at] = draw(rng, benchmark, fold, genuine, at);
        bool known = false;
        for (uint32_t i = 0; i < at && !known; i++) {
            known = same_pair(&drafts[i], &drafts[at]);
        }
        at += !known;
    }
}

/* The images: all of CFP's; otherwise those that pairs name, by person - or pair by pair, when each pair has its own. */
static void list_images(synth_plan *plan, const draft *drafts)
{
    const synth_benchmark *benchmark = plan->benchmark;
    size_t count = 0;
    if (benchmark->layout == SYNTH_PROFILE || benchmark->layout == SYNTH_FRONTAL) {
        for (uint32_t profile = 0; profile < 2; profile++) {
            for (uint32_t person = 1; person <= SYNTH_FOLDS * benchmark->people; person++) {
                uint32_t before = profile ? SYNTH_FRONTALS : 0, images = profile ? SYNTH_PROFILES : SYNTH_FRONTALS;
                for (uint32_t number = 1; number <= images; number++) {
                    plan->images[count++] = (synth_image){person, before + number};
                }
            }
        }
        plan->image_count = count;
        return;
    }
    for (size_t i = 0; i < plan->pair_count; i++) {
        plan->images[count++] = drafts[i].image[0];
        plan->images[count++] = drafts[i].image[1];
    }
    plan->image_count = count;
    if (benchmark->layout == SYNTH_FRESH) {
        return;
    }
    qsort(plan->images, count, sizeof *plan->images, compare_images);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        if (distinct == 0 || compare_images(&plan->images[distinct - 1], &plan->images[i]) != 0) {
            plan->images[distinct++] = plan->images[i];
        }
    }
    plan->image_count = distinct;
}

/* The row of an image of pair `pair`. */
static size_t row_of(const synth_plan *plan, synth_image image, size_t pair, size_t side)
{
    const synth_benchmark *benchmark = plan->benchmark;
    switch (benchmark->layout) {
    case SYNTH_FRESH: return 2 * pair + side;
    case SYNTH_ALBUMS: {
        const synth_image *found = bsearch(&image, plan->images, plan->image_count, sizeof image, compare_images);
        return (size_t)(found - plan->images);
    }
    case SYNTH_PROFILE:
    case SYNTH_FRONTAL: break;
    }
    if (image.number <= SYNTH_FRONTALS) {
        return (size_t)(image.person - 1) * SYNTH_FRONTALS + image.number - 1;
    }
    size_t frontals = (size_t)SYNTH_FOLDS * benchmark->people * SYNTH_FRONTALS;
    return frontals + (size_t)(image.person - 1) * SYNTH_PROFILES + image.number - SYNTH_FRONTALS - 1;
}

ef_status synth_plan_create(synth_plan *out, const synth_benchmark *benchmark, double scale, uint64_t seed, ef_error *err)
{
    uint32_t per_fold = (uint32_t)(scale * benchmark->pairs + 0.5);
    per_fold = per_fold > 0 ? per_fold : 1;
    size_t pairs = (size_t)2 * SYNTH_FOLDS * per_fold;
    size_t all = (size_t)SYNTH_FOLDS * benchmark->people * (SYNTH_FRONTALS + SYNTH_PROFILES);
    synth_plan plan = {.benchmark = benchmark, .per_fold = per_fold, .pair_count = pairs};
    ef_rng *rng = NULL;
    draft *drafts = ef_alloc(pairs, sizeof *drafts);
    plan.pairs = ef_alloc(pairs, sizeof *plan.pairs);
    plan.images = ef_alloc(2 * pairs > all ? 2 * pairs : all, sizeof *plan.images);
    ef_status status = EF_OK;
    if (drafts == NULL || plan.pairs == NULL || plan.images == NULL) {
        status = ef_fail_memory(err, "a plan");
        goto done;
    }
    status = ef_rng_create(&rng, seed, 0, err);
    if (status != EF_OK) {
        goto done;
    }
    for (uint32_t block = 0; block < 2 * SYNTH_FOLDS; block++) {
        /* A stream of its own for each: how many pairs are drawn before does not matter. */
        ef_rng_restart(rng, seed, synth_stream(benchmark->draws, 0, block));
        draw_all(drafts + (size_t)block * per_fold, per_fold, rng, benchmark, block / 2, block % 2 == 0);
    }
    list_images(&plan, drafts);
    for (size_t i = 0; i < pairs; i++) {
        bool genuine = i / per_fold % 2 == 0;
        size_t a = row_of(&plan, drafts[i].image[0], i, 0), b = row_of(&plan, drafts[i].image[1], i, 1);
        plan.pairs[i] = (synth_pair){a, b, genuine};
    }
    *out = plan;
    plan = (synth_plan){0};
done:
    ef_rng_free(rng);
    free(drafts);
    synth_plan_free(&plan);
    return status;
}

void synth_plan_free(synth_plan *plan)
{
    free(plan->images);
    free(plan->pairs);
    *plan = (synth_plan){0};
}
