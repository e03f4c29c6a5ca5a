/* head_file.h - heads in HDF5 files, and sets of embeddings projected by them.
 *
 * A file of a head has the arrays of ef_head_parameters() as datasets under their names (weight: out x in or out x hidden; hidden_weight: hidden x in; all others are
 * vectors), and as attributes of the root: format "eface head", format_version 1, in, out and hidden, and, from ef_trainer_save_head(), all settings of the
 * training and how it went.  A checkpoint (trainer.h) has the same and more, and is read as a head too.
 * Thread rule: as set.h, one thread at a time; projecting uses threads of its own. */
#ifndef EFACE_HEAD_FILE_H
#define EFACE_HEAD_FILE_H

#include <stddef.h>

#include <eface/progress.h>
#include <eface/status.h>
#include <eface/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a head alone.  The file appears whole or not at all.  Errors: an array that is not finite, a file that cannot be written. */
EF_API EF_MUST_USE ef_status ef_head_write(const char *path, ef_head *head, ef_error *err);

/* Reads a head, ready for batches of up to `most` samples; threads 0: one per processor.  Arrays are checked before memory is taken for them.  Errors: no file of a
 * head, a missing array or one of another shape or with numbers that are not finite, sizes that cannot be.  The caller frees *out with ef_head_free(). */
EF_API EF_MUST_USE ef_status ef_head_read(ef_head **out, const char *path, size_t most, int threads, ef_error *err);

typedef struct ef_projection {
    const char *head, *from, *to; /* files */
    const char *model;            /* what the new file's system is called in tables; NULL: as the old one's */
    int threads;                  /* 0: one per processor */
    const ef_progress *progress;  /* NULL for none */
} ef_projection;

/* Writes a copy of a file of sets in which every row of every matrix of embeddings, and of mirrored embeddings, in whatever group, is projected by the head: each
 * image by itself, as it is stored, so that whatever is made of original and mirrored image (flip sum, say) is made of two projections.  Projections are float32 and not
 * scaled to unit length.  All other datasets, groups, attributes and soft links are copied as they are.  *rows, if not NULL: how many were projected.
 * The new file appears whole or not at all; it must not be one of the others.  Memory: the head, and some thousand rows.
 * Errors: what ef_head_read() and reading the set find, embeddings of another length than the head is for, a projection that is not finite. */
EF_API EF_MUST_USE ef_status ef_head_project(size_t *rows, const ef_projection *projection, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
