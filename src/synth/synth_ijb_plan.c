#include "synth/synth_ijb_plan.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_stream.h"

enum {
    FEWEST_SUBJECTS = 3,     /* in a gallery */
    SINGLE_STILLS = 32,      /* of 100 probes so many are one still, */
    FEW_STILLS = 23,         /* so many are a few stills, and the others a video */
    FEWEST_OF_FEW = 2,       /* stills in a probe of a few */
    MOST_OF_FEW = 8,         /* likewise */
    MOST_GALLERY_VIDEOS = 3, /* in a gallery template */
    FEWEST_FRAMES = 3,       /* in a video */
    UNDETECTED = 35          /* of 1000 images so many have the lowest score */
};

/* A medium before its images are known. */
typedef struct medium {
    uint32_t owner;  /* index of its template */
    uint32_t weight; /* of a video: its share of the frames, in proportion; 0 for a still */
} medium;

/* Stills and videos of a template. */
typedef struct shape {
    uint32_t stills, videos;
} shape;

/* What a plan is made with. */
typedef struct maker {
    synth_ijb_plan *plan;
    ef_rng *rng;
    double scale;
    shape *shapes; /* by template */
    medium *media;
    uint32_t *order; /* a permutation: of subjects, then of media */
    uint64_t weights;
    uint32_t stills, videos;
} maker;

uint64_t synth_ijb_stream(const synth_ijb *benchmark, uint32_t purpose, uint32_t number)
{
    return synth_stream(benchmark->draws + purpose, 0, number);
}

static uint64_t scaled(uint64_t count, double scale, uint64_t least)
{
    uint64_t rounded = (uint64_t)((double)count * scale + 0.5);
    return rounded > least ? rounded : least;
}

/* A weight whose square root is even: a few great ones, many small. */
static uint32_t draw_weight(ef_rng *rng)
{
    uint32_t root = (uint32_t)ef_rng_below(rng, 100);
    return 100 + root * root;
}

/* What falls to one of many when `total` is shared by weight: the parts add up to the total.  *before is the weight of those
 * who had their parts. */
static uint32_t part(uint64_t total, uint64_t *before, uint32_t weight, uint64_t all)
{
    uint64_t from = total * *before / all;
    *before += weight;
    return (uint32_t)(total * *before / all - from);
}

static void permute(uint32_t *order, uint32_t count, ef_rng *rng)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = (uint32_t)ef_rng_below(rng, i + 1);
        if (j < i) {
            order[i] = order[j];
        }
        order[j] = i;
    }
}

/* Gives the gallery templates their subjects, and the probes, which follow subject by subject in another order. */
static ef_status give_subjects(maker *make, const uint32_t subjects[2], uint32_t probes, ef_error *err)
{
    synth_ijb_plan *plan = make->plan;
    uint32_t count = plan->subject_count, wanted = subjects[0], extra = probes - count;
    uint32_t *gallery_of = ef_alloc(count, sizeof *gallery_of), *weight = ef_alloc(count, sizeof *weight);
    if (gallery_of == NULL || weight == NULL) {
        free(gallery_of);
        free(weight);
        return ef_fail_memory(err, "a plan");
    }
    permute(make->order, count, make->rng);
    for (uint32_t i = 0; i < count; i++) {
        bool first = ef_rng_below(make->rng, count - i) < wanted;
        wanted -= first;
        plan->templates[i] = (synth_ijb_template){.subject = make->order[i] + 1, .gallery = first ? 0 : 1};
        gallery_of[make->order[i]] = i;
    }
    permute(make->order, count, make->rng);
    uint64_t all = 0, before = 0;
    for (uint32_t i = 0; i < count; i++) {
        weight[i] = draw_weight(make->rng);
        all += weight[i];
    }
    uint32_t at = count;
    for (uint32_t i = 0; i < count; i++) {
        synth_ijb_template *gallery = &plan->templates[gallery_of[make->order[i]]];
        gallery->mates = 1 + part(extra, &before, weight[i], all);
        gallery->first_mate = at;
        for (uint32_t j = 0; j < gallery->mates; j++) {
            plan->templates[at++] = (synth_ijb_template){.subject = gallery->subject};
        }
    }
    free(gallery_of);
    free(weight);
    return EF_OK;
}

/* Decides how many stills and videos each template has: probes by kind, then gallery templates from the media that are left. */
static void draw_shapes(maker *make, uint64_t media)
{
    synth_ijb_plan *plan = make->plan;
    uint32_t galleries = plan->subject_count;
    uint64_t used = galleries, all = 0, before = 0;
    for (uint32_t i = galleries; i < plan->template_count; i++) {
        uint64_t kind = ef_rng_below(make->rng, 100);
        shape each = {0, 1};
        if (kind < SINGLE_STILLS) {
            each = (shape){1, 0};
        } else if (kind < SINGLE_STILLS + FEW_STILLS) {
            each = (shape){FEWEST_OF_FEW + (uint32_t)ef_rng_below(make->rng, MOST_OF_FEW - FEWEST_OF_FEW + 1), 0};
        }
        make->shapes[i] = each;
        used += each.stills + each.videos;
    }
    uint64_t left = media > used ? media - used : 0;
    for (uint32_t i = 0; i < galleries; i++) {
        make->shapes[i].stills = draw_weight(make->rng);
        all += make->shapes[i].stills;
    }
    for (uint32_t i = 0; i < galleries; i++) {
        uint32_t count = 1 + part(left, &before, make->shapes[i].stills, all);
        uint32_t videos = (uint32_t)ef_rng_below(make->rng, MOST_GALLERY_VIDEOS + 1);
        videos = videos < count ? videos : count - 1;
        make->shapes[i] = (shape){count - videos, videos};
    }
    for (uint32_t i = 0; i < plan->template_count; i++) {
        make->stills += make->shapes[i].stills;
        make->videos += make->shapes[i].videos;
    }
    plan->media_count = make->stills + make->videos;
}

/* Lists the media by template, stills and videos in any order. */
static void list_media(maker *make)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < make->plan->template_count; i++) {
        uint32_t stills = make->shapes[i].stills, videos = make->shapes[i].videos;
        while (stills + videos > 0) {
            bool video = ef_rng_below(make->rng, stills + videos) < videos;
            stills -= !video;
            videos -= video;
            make->media[at] = (medium){i, video ? draw_weight(make->rng) : 0};
            make->weights += make->media[at++].weight;
        }
    }
}

static uint32_t draw_quality(ef_rng *rng)
{
    if (ef_rng_below(rng, 1000) < UNDETECTED) {
        return SYNTH_QUALITY_FLOOR;
    }
    uint32_t root = (uint32_t)ef_rng_below(rng, 100);
    return SYNTH_QUALITY_MOST - root * root * root / 10000;
}

/* Shares the images out among the videos, and numbers the media. */
static void list_images(maker *make)
{
    synth_ijb_plan *plan = make->plan;
    uint64_t spare = plan->image_count - make->stills - (uint64_t)FEWEST_FRAMES * make->videos, before = 0;
    uint32_t row = 0;
    permute(make->order, plan->media_count, make->rng);
    for (uint32_t i = 0; i < plan->media_count; i++) {
        const medium *each = &make->media[i];
        bool video = each->weight > 0;
        synth_ijb_template *owner = &plan->templates[each->owner];
        uint32_t count = video ? FEWEST_FRAMES + part(spare, &before, each->weight, make->weights) : 1;
        owner->first = owner->count == 0 ? row : owner->first;
        owner->count += count;
        for (uint32_t frame = 0; frame < count; frame++) {
            plan->images[row++] =
                (synth_ijb_image){each->owner, make->order[i] + 1, video ? frame + 1 : 0, draw_quality(make->rng)};
        }
    }
}

/* Takes some probes out of the genuine pairs, and shares the impostor pairs out among the gallery templates. */
static void count_pairs(maker *make, uint32_t mateless)
{
    synth_ijb_plan *plan = make->plan;
    uint32_t galleries = plan->subject_count, probes = plan->template_count - galleries;
    uint64_t most = (uint64_t)galleries * probes / 4 * 3, all = scaled(plan->benchmark->impostors, make->scale, 1), before = 0;
    all = all < most ? all : most;
    for (uint32_t i = 0, wanted = mateless; i < probes; i++) {
        bool chosen = ef_rng_below(make->rng, probes - i) < wanted;
        plan->templates[galleries + i].mateless = chosen;
        wanted -= chosen;
    }
    plan->genuine_count = plan->pair_count = probes - mateless;
    for (uint32_t i = 0; i < galleries; i++) {
        synth_ijb_template *each = &plan->templates[i];
        uint32_t wanted = part(all, &before, 1, galleries), possible = probes - each->mates;
        each->impostors = wanted < possible ? wanted : possible;
        plan->pair_count += each->impostors;
    }
}

static ef_status fill(maker *make, ef_error *err)
{
    synth_ijb_plan *plan = make->plan;
    const synth_ijb *benchmark = plan->benchmark;
    uint32_t subjects[2], mateless = (uint32_t)scaled(benchmark->mateless, make->scale, 0);
    for (int i = 0; i < 2; i++) {
        subjects[i] = (uint32_t)scaled(benchmark->subjects[i], make->scale, FEWEST_SUBJECTS);
    }
    plan->subject_count = subjects[0] + subjects[1];
    uint32_t probes = (uint32_t)scaled(benchmark->probes, make->scale, plan->subject_count);
    plan->template_count = plan->subject_count + probes;
    plan->templates = ef_alloc_zero(plan->template_count, sizeof *plan->templates);
    make->shapes = ef_alloc(plan->template_count, sizeof *make->shapes);
    make->order = ef_alloc(plan->subject_count, sizeof *make->order);
    if (plan->templates == NULL || make->shapes == NULL || make->order == NULL) {
        return ef_fail_memory(err, "a plan");
    }
    ef_status status = give_subjects(make, subjects, probes, err);
    if (status != EF_OK) {
        return status;
    }
    draw_shapes(make, scaled(benchmark->media, make->scale, 1));
    plan->image_count = (uint32_t)scaled(benchmark->images, make->scale, make->stills + (uint64_t)FEWEST_FRAMES * make->videos);
    if (make->videos == 0) {
        plan->image_count = make->stills;
    }
    free(make->order);
    make->order = ef_alloc(plan->media_count, sizeof *make->order);
    make->media = ef_alloc(plan->media_count, sizeof *make->media);
    plan->images = ef_alloc(plan->image_count, sizeof *plan->images);
    if (make->order == NULL || make->media == NULL || plan->images == NULL) {
        return ef_fail_memory(err, "a plan");
    }
    list_media(make);
    list_images(make);
    count_pairs(make, mateless);
    return EF_OK;
}

ef_status synth_ijb_plan_create(synth_ijb_plan *out, const synth_ijb *benchmark, double scale, uint64_t seed, ef_error *err)
{
    synth_ijb_plan plan = {.benchmark = benchmark, .seed = seed};
    maker make = {.plan = &plan, .scale = scale};
    ef_status status = ef_rng_create(&make.rng, seed, synth_ijb_stream(benchmark, SYNTH_IJB_PLAN, 0), err);
    if (status == EF_OK) {
        status = fill(&make, err);
    }
    ef_rng_free(make.rng);
    free(make.shapes);
    free(make.media);
    free(make.order);
    if (status != EF_OK) {
        synth_ijb_plan_free(&plan);
        return status;
    }
    *out = plan;
    return EF_OK;
}

void synth_ijb_plan_free(synth_ijb_plan *plan)
{
    free(plan->templates);
    free(plan->images);
    *plan = (synth_ijb_plan){0};
}

void synth_ijb_pairs(uint32_t *others, uint32_t *count, uint32_t *genuine, const synth_ijb_plan *plan, uint32_t first,
                     ef_rng *rng)
{
    const synth_ijb_template *gallery = &plan->templates[first];
    uint32_t at = 0, end = gallery->first_mate + gallery->mates;
    for (uint32_t i = gallery->first_mate; i < end; i++) {
        if (!plan->templates[i].mateless) {
            others[at++] = i;
        }
    }
    *genuine = at;
    uint32_t wanted = gallery->impostors, left = plan->template_count - plan->subject_count - gallery->mates;
    ef_rng_restart(rng, plan->seed, synth_ijb_stream(plan->benchmark, SYNTH_IJB_IMPOSTORS, first));
    for (uint32_t i = plan->subject_count; wanted > 0; i++) {
        if (i == gallery->first_mate) {
            i = end;
        }
        if (ef_rng_below(rng, left--) < wanted) {
            others[at++] = i;
            wanted--;
        }
    }
    *count = at;
}
