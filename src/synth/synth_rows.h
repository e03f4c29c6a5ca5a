/* synth_rows.h - writes made-up embeddings, drawn by all threads, block by block. */
#ifndef EF_SYNTH_SYNTH_ROWS_H
#define EF_SYNTH_SYNTH_ROWS_H

#include <stddef.h>

#include "synth/synth_recipe.h"

/* How many threads draw, at the most. */
int synth_workers(void);

/* Draws the embedding of row `row`, and that of its mirror image if mirrored is not NULL, as worker 0 .. synth_workers()-1.  What it draws must not
 * depend on what was drawn before. */
typedef void synth_draw(void *data, int worker, size_t row, float *original, float *mirrored);

/* Writes `rows` embeddings into the writer's current group, and those of the mirrored images if `flip` is set; `stage`
 * is what that is called where progress is shown. */
EF_MUST_USE ef_status synth_rows_write(ef_set_writer *writer, size_t rows, const char *stage, bool flip,
                                       const synth_request *request, synth_draw *draw, void *data, ef_error *err);

#endif
