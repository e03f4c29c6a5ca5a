#include <eface/pool.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/and_more.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/normalise.h"
#include "linalg/vector32.h"
#include "score/flip.h"
#include "score/flip_check.h"
#include "score/pool_plan.h"
#include "score/pool_read.h"

#define BLOCK ((size_t)4 << 20) /* bytes of embeddings read at once: two blocks stay in the cache */

/* Why a template has no direction.  An image of zeros is a failure of whoever made it, even where nothing is divided by its length; a medium of
 * length zero matters only where it is. */
typedef enum fault {
    FAULT_NONE,
    FAULT_EMPTY,
    FAULT_EMPTY_FIRST,
    FAULT_EMPTY_SECOND,
    FAULT_IMAGE,
    FAULT_MEDIUM,
    FAULT_ZERO,
    FAULT_RANGE
} fault;

typedef struct pool {
    const ef_pool_options *options;
    const float *quality;
    ef_templates *out;
    ef_pool_plan plan;
    ef_pool_reader reader[2];     /* of the block that is pooled, and of the one that is read meanwhile */
    const ef_pool_reader *images; /* the former */
    size_t dim;                   /* of a template */
    float *slots;                 /* vectors of media and templates that are open */
    float *scratch;               /* one vector per thread */
    unsigned char *wrong;         /* a fault per template */
    size_t *wrong_entry;          /* for FAULT_IMAGE */
    size_t block;                 /* the entry that the block begins with */
    size_t done;                  /* entries pooled so far */
    struct {
        ef_pool_reader *reader;
        size_t first, count; /* entries; none when they are all read */
        ef_status status;
        ef_error error;
    } ahead;
} pool;

static float *slot_vector(const pool *work, size_t slot)
{
    return work->slots + slot * work->dim;
}

/* The first fault of a template is the one that is told.  Only one thread works on a template. */
static void note_fault(pool *work, size_t t, fault what, size_t entry)
{
    if (work->wrong[t] == FAULT_NONE) {
        work->wrong[t] = (unsigned char)what;
        work->wrong_entry[t] = entry;
    }
}

/* Scales to unit length as the public code does; false when the length is zero or beyond float32. */
static bool scale_to_unit(float *out, const float *in, size_t n)
{
    float length = ef_length32(in, n);
    ef_divide32(out, in, n, length);
    return length > 0.0f && isfinite(length);
}

/* Looks no further than the first number that is not zero. */
static bool is_zero(const float *vector, size_t n)
{
    size_t i = 0;
    while (i < n && vector[i] == 0.0f) {
        i++;
    }
    return i == n;
}

/* The vector of one image before it is weighed, in `scratch` unless it is just what was read. */
static const float *image_vector(pool *work, size_t entry, size_t t, float *scratch)
{
    const ef_pool_options *options = work->options;
    const ef_pool_reader *images = work->images;
    size_t offset = ef_pool_offset(images, entry - work->block), stored = images->dim;
    const float *vector = images->plain + offset, *second = NULL;
    size_t part = options->flip == EF_FLIP_CONCAT ? stored : work->dim;
    if (ef_flip_reads_mirrored(options->flip)) {
        second = images->mirrored + offset;
    } else if (options->flip == EF_FLIP_HALVES) {
        second = vector + part;
    }
    if (second != NULL && is_zero(vector, part)) {
        note_fault(work, t, FAULT_EMPTY_FIRST, entry);
    } else if (second != NULL && is_zero(second, part)) {
        note_fault(work, t, FAULT_EMPTY_SECOND, entry);
    }
    if (options->flip == EF_FLIP_CONCAT) {
        memcpy(scratch, vector, stored * sizeof *scratch);
        memcpy(scratch + stored, second, stored * sizeof *scratch);
        vector = scratch;
    } else if (second != NULL) {
        ef_add32(scratch, vector, second, part);
        vector = scratch;
    }
    if (is_zero(vector, work->dim)) {
        note_fault(work, t, FAULT_EMPTY, entry);
    }
    if (options->norm == EF_NORM_UNIT) {
        if (!scale_to_unit(scratch, vector, work->dim)) {
            note_fault(work, t, FAULT_IMAGE, entry);
        }
        vector = scratch;
    }
    return vector;
}

/* Adds an image, `weight` times `image`, to its medium.  Returns the medium's vector when it is complete, otherwise NULL.  That of one
 * image is not weighed yet, but for *weight; that of several has weight 1, which changes no bit. */
static const float *add_image(pool *work, ef_pool_group *group, const float *image, float *weight, float *scratch)
{
    const float *vector = image;
    float *unit = scratch;
    if (group->count > 1) {
        float *sum = slot_vector(work, group->slot);
        if (group->done == 0) {
            ef_multiply32(sum, image, work->dim, *weight);
        } else {
            ef_add_multiplied32(sum, sum, image, work->dim, *weight);
        }
        vector = unit = sum;
        *weight = 1.0f;
    }
    if (++group->done < group->count) {
        return NULL;
    }
    if (group->count > 1) {
        ef_divide32(unit, unit, work->dim, (float)group->count);
    }
    if (work->options->unit_media) {
        ef_multiply32(unit, vector, work->dim, *weight);
        if (!scale_to_unit(unit, unit, work->dim)) {
            note_fault(work, group->template_index, FAULT_MEDIUM, 0);
        }
        vector = unit;
        *weight = 1.0f;
    }
    return vector;
}

static void finish_template(pool *work, size_t t, const float *sum)
{
    double *unit = work->out->unit + t * work->dim;
    if (!ef_widen32(unit, sum, work->dim)) {
        note_fault(work, t, FAULT_RANGE, 0);
    } else if (ef_normalise(unit, unit, work->dim) == 0.0) {
        note_fault(work, t, FAULT_ZERO, 0);
    }
}

/* Pools the entries that one template has in the block. */
static void pool_template(void *data, size_t piece, int worker)
{
    pool *work = data;
    size_t t = work->plan.present[piece];
    ef_pool_template *template_ = &work->plan.template_[t];
    float *scratch = work->scratch + (size_t)worker * work->dim, *sum = slot_vector(work, template_->slot);
    assert(scratch != NULL);
    for (size_t entry = template_->head; entry != SIZE_MAX; entry = work->plan.follower[entry - work->block]) {
        size_t g = work->plan.group_of[entry];
        ef_pool_group *group = &work->plan.group[g];
        float weight = work->options->weight_quality ? work->quality[entry] : 1.0f;
        const float *image = image_vector(work, entry, t, scratch), *medium = add_image(work, group, image, &weight, scratch);
        if (medium != NULL && g != template_->next) {
            /* It waits until the media before it are complete. */
            ef_multiply32(slot_vector(work, group->slot), medium, work->dim, weight);
            continue;
        }
        while (medium != NULL) {
            if (template_->next == template_->first) {
                memset(sum, 0, work->dim * sizeof *sum); /* NumPy's sums begin with zero */
            }
            ef_add_multiplied32(sum, sum, medium, work->dim, weight);
            weight = 1.0f;
            const ef_pool_group *next = &work->plan.group[++template_->next];
            bool complete = template_->next < template_->end && next->done == next->count;
            medium = complete ? slot_vector(work, next->slot) : NULL;
        }
        if (template_->next == template_->end) {
            finish_template(work, t, sum);
        }
    }
}

static void read_ahead(void *data)
{
    pool *work = data;
    if (work->ahead.count > 0) {
        work->ahead.status = ef_pool_read(work->ahead.reader, work->ahead.first, work->ahead.count, &work->ahead.error);
    }
}

/* What is to be read is the block from entry `first` on, or the next one that this pass has to do with. */
static void look_ahead(pool *work, size_t first)
{
    size_t entries = work->plan.entries, block = work->plan.block_entries, count = 0;
    for (; first < entries; first += block) {
        count = entries - first < block ? entries - first : block;
        if (ef_pool_plan_has(&work->plan, first, count)) {
            break;
        }
    }
    work->ahead.reader = &work->reader[work->images == &work->reader[0]];
    work->ahead.first = first;
    work->ahead.count = first < entries ? count : 0;
}

/* One pass over the templates plan.begin .. plan.end-1, for which there are slots.  While a block is pooled, the caller's thread reads
 * the next one: HDF5 is for one thread. */
static ef_status run_pass(pool *work, ef_error *err)
{
    const ef_progress *progress = work->options->work.progress;
    work->images = NULL;
    look_ahead(work, 0);
    read_ahead(work);
    while (work->ahead.status == EF_OK && work->ahead.count > 0) {
        size_t count = work->ahead.count;
        work->images = work->ahead.reader;
        work->block = work->ahead.first;
        look_ahead(work, work->block + count);
        ef_status status = ef_pool_plan_block(&work->plan, work->block, count, err);
        if (status != EF_OK) {
            return status;
        }
        ef_parallel_beside(work->options->work.threads, read_ahead, work->plan.present_count, pool_template, work);
        work->done += work->plan.present_entries;
        if (progress != NULL) {
            progress->report(progress->context, "pooling templates", work->done, work->plan.entries);
        }
    }
    if (work->ahead.status != EF_OK && err != NULL) {
        *err = work->ahead.error;
    }
    return work->ahead.status;
}

/* The slots that fit into the memory beside the templates and the block; at least one template is pooled in any case. */
static size_t slot_limit(const pool *work)
{
    size_t memory = ef_work_memory(&work->options->work);
    size_t block = 2 * work->plan.block_entries * work->dim * sizeof(float), vector = work->dim * sizeof(float),
           room = memory / 4;
    size_t templates = work->plan.templates * work->dim * sizeof(double);
    if (memory > templates && memory - templates > block && memory - templates - block > room) {
        room = memory - templates - block;
    }
    return room / vector;
}

static ef_status run_passes(pool *work, ef_error *err)
{
    size_t limit = slot_limit(work), width = work->plan.templates;
    for (size_t begin = 0, end; begin < work->plan.templates; begin = end) {
        size_t slots;
        for (;;) {
            end = width < work->plan.templates - begin ? begin + width : work->plan.templates;
            ef_status status = ef_pool_plan_slots(&slots, &work->plan, begin, end, limit, err);
            if (status != EF_OK) {
                return status;
            }
            if (slots <= limit || end - begin == 1) {
                break;
            }
            width = (end - begin) / 2;
        }
        if (slots > limit) { /* one template; its slots were not all counted */
            ef_status status = ef_pool_plan_slots(&slots, &work->plan, begin, end, SIZE_MAX, err);
            if (status != EF_OK) {
                return status;
            }
        }
        free(work->slots);
        if ((work->slots = ef_alloc(slots, work->dim * sizeof *work->slots)) == NULL) {
            return ef_fail_memory(err, "the templates' media");
        }
        ef_pool_plan_begin(&work->plan, begin, end);
        ef_status status = run_pass(work, err);
        if (status != EF_OK) {
            return status;
        }
    }
    return EF_OK;
}

static ef_status check_input(const ef_set *set, const size_t *row, const float *quality, size_t count,
                             const ef_pool_options *options, ef_error *err)
{
    size_t rows = ef_set_rows(set);
    if (rows == 0) {
        return ef_fail(err, EF_FORMAT, "%s: has no embeddings", ef_set_name(set));
    }
    ef_status status = ef_flip_check(options->flip, set, err);
    if (status != EF_OK) {
        return status;
    }
    if (row == NULL && count > rows) {
        return ef_fail(err, EF_INVALID, "%s: %zu images are to be pooled, but it has %zu rows", ef_set_name(set), count, rows);
    }
    for (size_t i = 0; row != NULL && i < count; i++) {
        if (row[i] >= rows) {
            return ef_fail(err, EF_INVALID, "image %zu is row %zu, but %s has %zu rows", i, row[i], ef_set_name(set), rows);
        }
    }
    for (size_t i = 0; options->weight_quality && i < count; i++) {
        if (!isfinite(quality[i])) {
            return ef_fail(err, EF_FORMAT, "%s: the detector score of image %zu is not finite", ef_set_name(set), i);
        }
    }
    return EF_OK;
}

/* The template of the lowest id is told, so that the message depends on nothing but the data. */
static ef_status fail_empty(const pool *work, long long id, size_t row, ef_zero zero, const char *more, ef_error *err)
{
    bool mirrored;
    const char *words = ef_zero_words(zero, work->options->flip, &mirrored);
    return ef_fail(err, EF_FORMAT, "%s: template %lld: row %zu%s: %s, so it has no direction%s", ef_set_name(work->reader[0].set),
                   id, row, mirrored ? " of the mirrored images" : "", words, more);
}

static ef_status check_templates(const pool *work, ef_error *err)
{
    const char *name = ef_set_name(work->reader[0].set);
    char more[EF_AND_MORE];
    size_t wrong = 0;
    for (size_t t = 0; t < work->plan.templates; t++) {
        wrong += work->wrong[t] != FAULT_NONE;
    }
    ef_and_more(more, wrong, "template");
    for (size_t t = 0; t < work->plan.templates; t++) {
        long long id = work->plan.id[t];
        size_t entry = work->wrong_entry[t], row = work->reader[0].row != NULL ? work->reader[0].row[entry] : entry;
        switch ((fault)work->wrong[t]) {
        case FAULT_NONE: break;
        case FAULT_EMPTY: return fail_empty(work, id, row, EF_ZERO_FUSED, more, err);
        case FAULT_EMPTY_FIRST: return fail_empty(work, id, row, EF_ZERO_FIRST, more, err);
        case FAULT_EMPTY_SECOND: return fail_empty(work, id, row, EF_ZERO_SECOND, more, err);
        case FAULT_IMAGE:
            return ef_fail(
                err, EF_FORMAT,
                "%s: template %lld: row %zu cannot be scaled to unit length: its length in float32 is zero or too large%s", name,
                id, row, more);
        case FAULT_MEDIUM:
            return ef_fail(err, EF_FORMAT,
                           "%s: template %lld: one of its media cannot be scaled to unit length: its length in float32 is zero "
                           "or too large%s",
                           name, id, more);
        case FAULT_ZERO:
            return ef_fail(err, EF_FORMAT, "%s: template %lld: its vector is zero, so it has no direction%s", name, id, more);
        case FAULT_RANGE:
            return ef_fail(err, EF_FORMAT, "%s: template %lld: its vector is too large for float32%s", name, id, more);
        }
    }
    return EF_OK;
}

static ef_status allocate(pool *work, ef_error *err)
{
    size_t threads = work->options->work.threads > 0 ? (size_t)work->options->work.threads : (size_t)ef_processors();
    size_t templates = work->plan.templates, row_bytes;
    work->wrong = ef_alloc_zero(templates, sizeof *work->wrong);
    work->wrong_entry = ef_alloc_zero(templates, sizeof *work->wrong_entry);
    work->scratch = ef_alloc(threads, work->dim * sizeof *work->scratch);
    work->out = calloc(1, sizeof *work->out);
    if (work->wrong == NULL || work->wrong_entry == NULL || work->scratch == NULL || work->out == NULL ||
        !ef_size_mul(&row_bytes, work->dim, sizeof *work->out->unit) ||
        (work->out->unit = ef_alloc_aligned(templates, row_bytes)) == NULL) {
        return ef_fail_memory(err, "the templates");
    }
    work->out->count = templates;
    work->out->dim = work->dim;
    work->out->media_count = work->plan.groups;
    return EF_OK;
}

/* Entries in a block, of which there are two.  Rows in disorder are read the better the more of them are sorted at once. */
static size_t choose_block(const ef_set *set, const size_t *row, size_t count, const ef_pool_options *options)
{
    size_t memory = ef_work_memory(&options->work), bytes = BLOCK;
    size_t row_bytes = ef_set_dim(set) * sizeof(float) * (ef_flip_reads_mirrored(options->flip) ? 2 : 1);
    bool ascending = true;
    for (size_t i = 1; row != NULL && i < count; i++) {
        ascending = ascending && row[i - 1] <= row[i];
    }
    if (!ascending && memory / 8 > bytes) {
        bytes = memory / 8;
    }
    size_t entries = (bytes < memory / 2 ? bytes : memory / 2) / row_bytes;
    entries = entries < count ? entries : count;
    return entries > 0 ? entries : 1;
}

ef_status ef_pool(ef_templates **out, const ef_set *set, const size_t *row, const int64_t *template_id, const int64_t *media_id,
                  const float *quality, size_t count, const ef_pool_options *options, ef_error *err)
{
    ef_status status = check_input(set, row, quality, count, options, err);
    if (status != EF_OK) {
        return status;
    }
    pool work = {.options = options, .quality = quality};
    size_t block = choose_block(set, row, count, options);
    work.dim = ef_flip_dim(options->flip, ef_set_dim(set));
    bool mirrored = ef_flip_reads_mirrored(options->flip);
    if ((status = ef_pool_plan_create(&work.plan, template_id, media_id, count, block, err)) != EF_OK ||
        (status = ef_pool_reader_create(&work.reader[0], set, row, block, mirrored, err)) != EF_OK ||
        (status = ef_pool_reader_create(&work.reader[1], set, row, block, mirrored, err)) != EF_OK ||
        (status = allocate(&work, err)) != EF_OK || (status = run_passes(&work, err)) != EF_OK ||
        (status = check_templates(&work, err)) != EF_OK) {
        goto done;
    }
    work.out->id = work.plan.id;
    work.plan.id = NULL;
    *out = work.out;
    work.out = NULL;
done:
    ef_templates_free(work.out);
    ef_pool_reader_free(&work.reader[0]);
    ef_pool_reader_free(&work.reader[1]);
    ef_pool_plan_free(&work.plan);
    free(work.slots);
    free(work.scratch);
    free(work.wrong);
    free(work.wrong_entry);
    return status;
}

void ef_templates_free(ef_templates *templates)
{
    if (templates != NULL) {
        free(templates->id);
        free(templates->unit);
        free(templates);
    }
}

size_t ef_templates_find(const ef_templates *templates, int64_t id)
{
    size_t begin = 0, end = templates->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (templates->id[middle] < id) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < templates->count && templates->id[begin] == id ? begin : (size_t)-1;
}
