/* int8_tile.h - integer products of 12 rows with 32 columns of int8 codes at a time: what screening spends its time in.
 *
 * Codes are from -127 to 127, or what a kernel's range says.  Four of a vector make a word; `words` = ceil(n / 4) words make a vector, the last filled up with
 * zeros.  A strip holds 12 rows, word by word: strip[12 w + r] is word w of row r.  A panel holds 32 columns in the same way, panel[32 w + c], but each
 * code plus the kernel's offset, in a byte without sign, which is what the processor's instruction multiplies signed bytes with.  A kernel's sums begin with
 * what that offset adds too much, taken off: with the strip's starts.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_INT8_TILE_H
#define EF_LINALG_INT8_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linalg/quantise.h"

enum { EF_TILE_ROWS = 12, EF_TILE_COLUMNS = 32 };

/* The words of a vector of n codes. */
size_t ef_int8_words(size_t n);

/* dot[32 r + c] = the product of the codes of row r and column c, exact for up to EF_QUANTISE_MOST elements (quantise.h).  `dot` begins on 64
 * bytes, and so do the panels. */
typedef void ef_int8_product(int32_t *dot, const uint32_t *strip, const int32_t *starts, const uint32_t *panel, size_t words);

/* The code paths, the fastest first.  All give the same integers for codes that are in the range of each.  The last one runs everywhere, and is slower than a good
 * SGEMM: it is there to test the others with, and for the rare row that is asked for alone. */
typedef struct ef_int8_version {
    const char *name;
    bool (*runs_here)(void);
    double ahead;        /* of a good SGEMM: how many times as fast, about */
    uint8_t offset;      /* of the bytes in panels */
    ef_code_range range; /* of the codes */
    ef_int8_product *product;
} ef_int8_version;

/* Puts a vector into a panel as column c. */
void ef_int8_panel_put(const ef_int8_version *kernel, uint32_t *panel, size_t c, const int8_t *code, size_t n);

/* Fills a panel's column with zeros: there is no vector there. */
void ef_int8_panel_clear(const ef_int8_version *kernel, uint32_t *panel, size_t c, size_t n);

/* Takes 12 columns out of panels as a strip: columns first .. first+11 of the panels that begin at `panels`, one after the other, and its starts, of which there
 * are ef_int8_starts().  Rows from `count` on are zero. */
void ef_int8_strip_take(const ef_int8_version *kernel, uint32_t *strip, int32_t *starts, const uint32_t *panels, size_t first,
                        size_t count, size_t words);
size_t ef_int8_starts(const ef_int8_version *kernel, size_t words);

const ef_int8_version *ef_int8_versions(size_t *count);

/* The first that runs here. */
const ef_int8_version *ef_int8_best(void);

#endif
