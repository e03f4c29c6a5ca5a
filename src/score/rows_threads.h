/* rows_threads.h - ef_rows_read() with the arithmetic spread over threads; the file is read by the caller's. */
#ifndef EF_SCORE_ROWS_THREADS_H
#define EF_SCORE_ROWS_THREADS_H

#include <eface/rows.h>

/* The same as ef_rows_read(), bit for bit, on up to `threads` threads (0: one per processor). */
EF_MUST_USE ef_status ef_rows_read_threads(ef_rows *rows, size_t first, size_t count, double *unit, int threads, ef_error *err);

#endif
