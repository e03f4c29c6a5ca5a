#include "synth/synth_rows.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

enum { piece_rows = 64, block_values = 1 << 21 };

/* A block of embeddings that threads draw. */
typedef struct block {
    synth_draw *draw;
    void *data;
    float *original, *mirrored;
    size_t first, count, dim;
    const char *stage;
    const ef_progress *progress;
} block;

int synth_workers(void)
{
    return ef_processors();
}

static void draw_piece(void *data, size_t index, int worker)
{
    const block *rows = data;
    size_t end = (index + 1) * piece_rows < rows->count ? (index + 1) * piece_rows : rows->count;
    for (size_t i = index * piece_rows; i < end; i++) {
        float *mirrored = rows->mirrored != NULL ? rows->mirrored + i * rows->dim : NULL;
        rows->draw(rows->data, worker, rows->first + i, rows->original + i * rows->dim, mirrored);
    }
}

static ef_status declare(ef_set_writer *writer, ef_field field, size_t rows, const synth_request *request, ef_error *err)
{
    return request->half ? ef_set_writer_half_matrix(writer, field, rows, request->dim, err)
                         : ef_set_writer_matrix(writer, field, rows, request->dim, err);
}

static ef_status write_blocks(ef_set_writer *writer, block *rows, size_t row_count, size_t block_rows, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t first = 0; first < row_count && status == EF_OK; first += block_rows) {
        rows->first = first;
        rows->count = row_count - first < block_rows ? row_count - first : block_rows;
        ef_parallel_for(synth_workers(), (rows->count + piece_rows - 1) / piece_rows, draw_piece, rows);
        status = ef_set_writer_rows(writer, EF_EMBEDDINGS, first, rows->count, rows->original, err);
        if (status == EF_OK && rows->mirrored != NULL) {
            status = ef_set_writer_rows(writer, EF_EMBEDDINGS_FLIP, first, rows->count, rows->mirrored, err);
        }
        if (rows->progress != NULL) {
            rows->progress->report(rows->progress->context, rows->stage, first + rows->count, row_count);
        }
    }
    return status;
}

ef_status synth_rows_write(ef_set_writer *writer, size_t rows, const char *stage, bool flip, const synth_request *request,
                           synth_draw *draw, void *data, ef_error *err)
{
    size_t dim = request->dim, most = block_values / dim, block_rows = most > piece_rows ? most : piece_rows;
    block all = {.draw = draw, .data = data, .dim = dim, .stage = stage, .progress = request->progress};
    block_rows = rows < block_rows ? rows : block_rows;
    all.original = ef_alloc(block_rows * dim, sizeof(float));
    all.mirrored = flip ? ef_alloc(block_rows * dim, sizeof(float)) : NULL;
    ef_status status = EF_OK;
    if (all.original == NULL || (flip && all.mirrored == NULL)) {
        status = ef_fail_memory(err, "embeddings");
    }
    if (status == EF_OK) {
        status = declare(writer, EF_EMBEDDINGS, rows, request, err);
    }
    if (status == EF_OK && flip) {
        status = declare(writer, EF_EMBEDDINGS_FLIP, rows, request, err);
    }
    if (status == EF_OK) {
        status = write_blocks(writer, &all, rows, block_rows, err);
    }
    free(all.original);
    free(all.mirrored);
    return status;
}
