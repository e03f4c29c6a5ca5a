/* paper_alike.h - whether two figures were made alike, so that they may stand in one column. */
#ifndef EF_TABLE_PAPER_ALIKE_H
#define EF_TABLE_PAPER_ALIKE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/result_file.h>

enum { EF_ALIKE_WORDS = 64 };

/* How many things are compared, and what a result says of thing `index`, in words: "convention iso", "flip none", "5998 pairs".
 * Empty where it says nothing, which agrees with everything. */
size_t ef_alike_count(bool intervals);
const char *ef_alike_words(char words[EF_ALIKE_WORDS], size_t index, const ef_stored_result *result, ef_convention convention);

/* The mode of fusing mirrored embeddings by what it makes: "halves" is "sum" of embeddings stored in another way, "first-half" is "none".  NULL is NULL. */
const char *ef_alike_flip(const char *flip);

#endif
