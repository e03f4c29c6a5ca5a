/* pool_read.h - the float32 embeddings of a block of entries, from any rows of a set. */
#ifndef EF_SCORE_POOL_READ_H
#define EF_SCORE_POOL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>

typedef struct ef_pool_reader {
    const ef_set *set;
    const size_t *row; /* of each entry; NULL: entry i is row i */
    size_t dim;
    size_t block_entries;
    float *plain, *mirrored; /* block_entries rows each; mirrored is NULL without flip */
    struct ef_pool_place *place;
    size_t *position; /* of each entry of the block: which row of plain and mirrored it is */
} ef_pool_reader;

/* Entries are read `block_entries` at a time. */
EF_MUST_USE ef_status ef_pool_reader_create(ef_pool_reader *reader, const ef_set *set, const size_t *row, size_t block_entries,
                                            bool mirrored, ef_error *err);
void ef_pool_reader_free(ef_pool_reader *reader);

/* Reads entries first .. first+count-1. */
EF_MUST_USE ef_status ef_pool_read(ef_pool_reader *reader, size_t first, size_t count, ef_error *err);

/* Where entry `i` of the block is in plain and mirrored, in floats. */
size_t ef_pool_offset(const ef_pool_reader *reader, size_t i);

#endif
