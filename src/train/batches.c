#include "train/batches.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/shuffle.h"
#include "train/train_stream.h"

#define BLOCK_BYTES ((size_t)1 << 20) /* of a block at the most: long enough to be read at full speed */
#define WINDOW      16                /* blocks in a window at the least, so that images from many places mix */

struct ef_batches {
    const ef_set *set;
    const int32_t *trained;
    size_t dim, count, images, per_epoch;
    ef_window_plan plan;
    uint64_t seed;
    ef_rng *rng;
    uint32_t *order;  /* of the blocks, in this epoch */
    uint32_t *inside; /* how many images of each block are trained on */
    float *x;         /* the window */
    int32_t *label;
    uint32_t *shuffled;      /* places in the window */
    size_t held;             /* images in the window */
    size_t window, position; /* the one that is loaded, and how many of its images have been dealt */
    bool loaded, kept;       /* kept: the whole set is in the window */
    uint64_t epoch, next;    /* the epoch that `order` is of; the step that would be read without seeking */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

ef_window_plan ef_window_plan_make(size_t rows, size_t dim, size_t room)
{
    size_t row = dim * sizeof(float) + sizeof(int32_t) + sizeof(uint32_t), fits = room / row > 0 ? room / row : 1;
    size_t block = BLOCK_BYTES / row > 0 ? BLOCK_BYTES / row : 1;
    if (fits >= rows) {
        block = least(block, rows);
        return (ef_window_plan){block, (rows + block - 1) / block, (rows + block - 1) / block};
    }
    block = least(block, fits / WINDOW > 0 ? fits / WINDOW : 1);
    return (ef_window_plan){block, (rows + block - 1) / block, fits / block};
}

static size_t rows_of(const ef_batches *batches, size_t block)
{
    size_t first = block * batches->plan.block_rows;
    return least(ef_set_rows(batches->set) - first, batches->plan.block_rows);
}

static void count_images(ef_batches *batches)
{
    for (size_t b = 0; b < batches->plan.blocks; b++) {
        const int32_t *trained = batches->trained + b * batches->plan.block_rows;
        batches->inside[b] = 0;
        for (size_t i = 0; i < rows_of(batches, b); i++) {
            batches->inside[b] += trained[i] >= 0;
        }
        batches->images += batches->inside[b];
    }
}

ef_status ef_batches_create(ef_batches **out, const ef_set *set, const int32_t *trained, size_t count, const ef_window_plan *plan,
                            uint64_t seed, ef_error *err)
{
    size_t dim = ef_set_dim(set), rows, numbers;
    ef_batches *batches = ef_alloc_zero(1, sizeof *batches);
    if (batches == NULL) {
        return ef_fail_memory(err, "batches");
    }
    *batches = (ef_batches){.set = set, .trained = trained, .dim = dim, .count = count, .plan = *plan, .seed = seed};
    batches->kept = plan->window_blocks >= plan->blocks;
    batches->order = ef_alloc(plan->blocks, sizeof *batches->order);
    batches->inside = ef_alloc(plan->blocks, sizeof *batches->inside);
    bool good = ef_size_mul(&rows, plan->window_blocks, plan->block_rows) && ef_size_mul(&numbers, rows, dim);
    good = good && (batches->x = ef_alloc(numbers, sizeof *batches->x)) != NULL &&
           (batches->label = ef_alloc(rows, sizeof *batches->label)) != NULL &&
           (batches->shuffled = ef_alloc(rows, sizeof *batches->shuffled)) != NULL && batches->order != NULL &&
           batches->inside != NULL;
    ef_status status = good ? ef_rng_create(&batches->rng, seed, 0, err) : ef_fail_memory(err, "batches");
    if (status == EF_OK) {
        count_images(batches);
        batches->per_epoch = batches->images / count;
    }
    if (status == EF_OK && batches->per_epoch == 0) {
        status = ef_fail(err, EF_INVALID, "a batch of %zu images, but only %zu of %s are there to train on", count,
                         batches->images, ef_set_name(set));
    }
    if (status != EF_OK) {
        ef_batches_free(batches);
        return status;
    }
    *out = batches;
    return EF_OK;
}

void ef_batches_free(ef_batches *batches)
{
    if (batches != NULL) {
        ef_rng_free(batches->rng);
        free(batches->order);
        free(batches->inside);
        free(batches->x);
        free(batches->label);
        free(batches->shuffled);
        free(batches);
    }
}

size_t ef_batches_images(const ef_batches *batches)
{
    return batches->images;
}

size_t ef_batches_per_epoch(const ef_batches *batches)
{
    return batches->per_epoch;
}

/* Where window `window` begins and ends in the order of the blocks. */
static size_t window_end(const ef_batches *batches, size_t window)
{
    return least((window + 1) * batches->plan.window_blocks, batches->plan.blocks);
}

static size_t images_of(const ef_batches *batches, size_t window)
{
    size_t images = 0;
    for (size_t i = window * batches->plan.window_blocks; i < window_end(batches, window); i++) {
        images += batches->inside[batches->order[i]];
    }
    return images;
}

static void begin_epoch(ef_batches *batches, uint64_t epoch)
{
    for (size_t b = 0; b < batches->plan.blocks; b++) {
        batches->order[b] = (uint32_t)b;
    }
    if (!batches->kept) {
        ef_rng_restart(batches->rng, batches->seed, ef_train_stream(EF_STREAM_BLOCKS, epoch, 0));
        ef_shuffle(batches->order, batches->plan.blocks, batches->rng);
        batches->loaded = false;
    }
    batches->epoch = epoch;
}

/* Reads the rows of a block behind what the window holds, and keeps those that are trained on. */
static ef_status read_block(ef_batches *batches, size_t block, ef_error *err)
{
    size_t first = block * batches->plan.block_rows, rows = rows_of(batches, block), dim = batches->dim;
    float *to = batches->x + batches->held * dim;
    ef_status status = ef_set_read_floats(batches->set, EF_EMBEDDINGS, first, rows, to, err);
    for (size_t i = 0, kept = 0; status == EF_OK && i < rows; i++) {
        if (batches->trained[first + i] >= 0) {
            memmove(to + kept++ * dim, to + i * dim, dim * sizeof *to);
            batches->label[batches->held++] = batches->trained[first + i];
        }
    }
    return status;
}

static ef_status load(ef_batches *batches, size_t window, ef_error *err)
{
    ef_status status = EF_OK;
    if (!batches->loaded || !batches->kept) {
        batches->held = 0;
        for (size_t i = window * batches->plan.window_blocks; status == EF_OK && i < window_end(batches, window); i++) {
            if (batches->inside[batches->order[i]] > 0) {
                status = read_block(batches, batches->order[i], err);
            }
        }
    }
    for (size_t i = 0; i < batches->held; i++) {
        batches->shuffled[i] = (uint32_t)i;
    }
    ef_rng_restart(batches->rng, batches->seed, ef_train_stream(EF_STREAM_WINDOW, batches->epoch, window));
    ef_shuffle(batches->shuffled, batches->held, batches->rng);
    batches->window = window;
    batches->position = 0;
    batches->loaded = status == EF_OK;
    return status;
}

static ef_status seek(ef_batches *batches, uint64_t step, ef_error *err)
{
    size_t position = (size_t)(step % batches->per_epoch) * batches->count, window = 0, images;
    begin_epoch(batches, step / batches->per_epoch);
    while (position >= (images = images_of(batches, window))) {
        position -= images;
        window++;
    }
    ef_status status = load(batches, window, err);
    batches->position = position;
    return status;
}

ef_status ef_batches_read(float *x, int64_t *labels, ef_batches *batches, uint64_t step, ef_error *err)
{
    size_t dim = batches->dim;
    ef_status status = EF_OK;
    if (!batches->loaded || step != batches->next || step % batches->per_epoch == 0) {
        status = seek(batches, step, err);
    }
    for (size_t i = 0; status == EF_OK && i < batches->count; i++) {
        while (status == EF_OK && batches->position == batches->held) {
            status = load(batches, batches->window + 1, err);
        }
        if (status == EF_OK) {
            size_t from = batches->shuffled[batches->position++];
            memcpy(x + i * dim, batches->x + from * dim, dim * sizeof *x);
            labels[i] = batches->label[from];
        }
    }
    batches->next = step + 1;
    return status;
}
