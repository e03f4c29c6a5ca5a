#include "score/pool_read.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

typedef struct ef_pool_place {
    size_t row, entry; /* the row of the set that an entry of the block is */
} ef_pool_place;

ef_status ef_pool_reader_create(ef_pool_reader *reader, const ef_set *set, const size_t *row, size_t block_entries, bool mirrored,
                                ef_error *err)
{
    size_t row_bytes = ef_set_dim(set) * sizeof(float);
    *reader = (ef_pool_reader){.set = set, .row = row, .dim = ef_set_dim(set), .block_entries = block_entries};
    reader->plain = ef_alloc(block_entries, row_bytes);
    reader->mirrored = mirrored ? ef_alloc(block_entries, row_bytes) : NULL;
    reader->place = row != NULL ? ef_alloc(block_entries, sizeof *reader->place) : NULL;
    reader->position = row != NULL ? ef_alloc(block_entries, sizeof *reader->position) : NULL;
    if (reader->plain == NULL || (mirrored && reader->mirrored == NULL) ||
        (row != NULL && (reader->place == NULL || reader->position == NULL))) {
        ef_pool_reader_free(reader);
        return ef_fail_memory(err, ef_set_name(set));
    }
    return EF_OK;
}

void ef_pool_reader_free(ef_pool_reader *reader)
{
    free(reader->plain);
    free(reader->mirrored);
    free(reader->place);
    free(reader->position);
    *reader = (ef_pool_reader){0};
}

/* Reads `count` neighbouring rows of the set to row `at` of the block. */
static ef_status read_run(ef_pool_reader *reader, size_t at, size_t row, size_t count, ef_error *err)
{
    size_t offset = at * reader->dim;
    ef_status status = ef_set_read_floats(reader->set, EF_EMBEDDINGS, row, count, reader->plain + offset, err);
    if (status == EF_OK && reader->mirrored != NULL) {
        status = ef_set_read_floats(reader->set, EF_EMBEDDINGS_FLIP, row, count, reader->mirrored + offset, err);
    }
    return status;
}

static int compare_places(const void *left, const void *right)
{
    const ef_pool_place *a = left, *b = right;
    return (a->row > b->row) - (a->row < b->row);
}

ef_status ef_pool_read(ef_pool_reader *reader, size_t first, size_t count, ef_error *err)
{
    if (reader->row == NULL) {
        return read_run(reader, 0, first, count, err);
    }
    ef_pool_place *place = reader->place;
    for (size_t i = 0; i < count; i++) {
        place[i] = (ef_pool_place){reader->row[first + i], i};
    }
    qsort(place, count, sizeof *place, compare_places);
    /* A run ends where rows are left out.  A row that several entries share is read once. */
    size_t at = 0;
    for (size_t begin = 0, end; begin < count; begin = end) {
        size_t rows = 1;
        reader->position[place[begin].entry] = at;
        for (end = begin + 1; end < count && place[end].row - place[end - 1].row <= 1; end++) {
            rows += place[end].row - place[end - 1].row;
            reader->position[place[end].entry] = at + rows - 1;
        }
        ef_status status = read_run(reader, at, place[begin].row, rows, err);
        if (status != EF_OK) {
            return status;
        }
        at += rows;
    }
    return EF_OK;
}

size_t ef_pool_offset(const ef_pool_reader *reader, size_t i)
{
    return (reader->row != NULL ? reader->position[i] : i) * reader->dim;
}
