/* batches.h - shuffled mini-batches from a set that may be larger than memory.
 *
 * The set is read in blocks of rows that follow each other.  In each epoch the blocks are put into a new random order and dealt into windows, as many blocks in each as
 * there is room for; the images of a window are shuffled, and windows follow each other.  A set that fits into one window is read once, and shuffled as a whole.
 * Everything is drawn by seed, epoch and window, so an epoch can be entered anywhere.  The order depends on the room where the set does not fit, on nothing else.
 * What is left at the end of an epoch and makes no whole batch is passed over; it is other images each time.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_TRAIN_BATCHES_H
#define EF_TRAIN_BATCHES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/status.h>

typedef struct ef_batches ef_batches;

/* How the rows of a set are dealt. */
typedef struct ef_window_plan {
    size_t block_rows, blocks; /* of the set */
    size_t window_blocks;      /* as many are held at a time */
} ef_window_plan;

/* Blocks and windows for `rows` rows of `dim` numbers in `room` bytes, of which one row is the least. */
ef_window_plan ef_window_plan_make(size_t rows, size_t dim, size_t room);

/* Batches of `count` images of those rows of the set that have a class (trained[row] >= 0).  Borrows the set and `trained`.  Errors: fewer images than a batch, out of
 * memory.  The caller frees *out with ef_batches_free(). */
EF_MUST_USE ef_status ef_batches_create(ef_batches **out, const ef_set *set, const int32_t *trained, size_t count,
                                        const ef_window_plan *plan, uint64_t seed, ef_error *err);
void ef_batches_free(ef_batches *batches); /* NULL is fine */

size_t ef_batches_images(const ef_batches *batches);
size_t ef_batches_per_epoch(const ef_batches *batches); /* at least 1 */

/* Batch `step` of the whole training, counted from 0: x[count x dim] and labels[count].  Steps that follow each other are fastest.
 * Errors: whatever reading the set finds. */
EF_MUST_USE ef_status ef_batches_read(float *x, int64_t *labels, ef_batches *batches, uint64_t step, ef_error *err);

#endif
