/* rows.h - the unit vectors of a set: flips fused, rows scaled to length one, in blocks.
 *
 * Everything is done in float64 from the stored values, so a unit vector is the same whether its set is read in one block
 * or in many, and however many threads work.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EFACE_ROWS_H
#define EFACE_ROWS_H

#include <stddef.h>

#include <eface/set.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the embedding f of an image and the embedding g of its mirror image become one vector. */
typedef enum ef_flip {
    EF_FLIP_NONE,      /* f */
    EF_FLIP_SUM,       /* f + g of the raw network outputs, so that the longer one weighs more: what the public code does */
    EF_FLIP_CONCAT,    /* (f, g), of twice the dimension */
    EF_FLIP_HALVES,    /* f + g, as EF_FLIP_SUM, where each row of EF_EMBEDDINGS is (f, g) */
    EF_FLIP_FIRST_HALF /* f alone, where each row of EF_EMBEDDINGS is (f, g) */
} ef_flip;

typedef struct ef_rows ef_rows;

/* Prepares to read the unit vectors of `set`, which must outlive *out.  EF_FLIP_SUM and EF_FLIP_CONCAT need a set with
 * EF_EMBEDDINGS_FLIP; EF_FLIP_HALVES and EF_FLIP_FIRST_HALF one without it, of an even number of columns.  The caller frees *out with ef_rows_free(). */
EF_API EF_MUST_USE ef_status ef_rows_create(ef_rows **out, const ef_set *set, ef_flip flip, ef_error *err);
EF_API void ef_rows_free(ef_rows *rows); /* NULL is fine */

EF_API size_t ef_rows_count(const ef_rows *rows);
EF_API size_t ef_rows_dim(const ef_rows *rows);       /* twice the set's for EF_FLIP_CONCAT, half of it for halves */
EF_API const char *ef_rows_name(const ef_rows *rows); /* the embeddings' name, for messages */

/* Reads rows first .. first+count-1 into unit[count * dim].  A row that is not finite, is all zero in one of the
 * arrays or halves that are fused, or whose fused vector has length zero, is an error that names the dataset and the row (counted from 0). */
EF_API EF_MUST_USE ef_status ef_rows_read(ef_rows *rows, size_t first, size_t count, double *unit, ef_error *err);

/* "none", "sum", "concat", "halves", "first-half"; and back.  ef_flip_parse() returns EF_INVALID for any other word. */
EF_API const char *ef_flip_name(ef_flip flip);
EF_API EF_MUST_USE ef_status ef_flip_parse(ef_flip *out, const char *text, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
