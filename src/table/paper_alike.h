/* paper_alike.h - whether two figures were made alike, so that they may stand in one column.
 * Thread rule: one thread at a time fills an ef_alike; then it is constant. */
#ifndef EF_TABLE_PAPER_ALIKE_H
#define EF_TABLE_PAPER_ALIKE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/result_file.h>

enum { EF_ALIKE_WORDS = 64, EF_ALIKE_SETTINGS = 64 };

/* The things that are compared: some that all results have, and the settings of those that were added. */
typedef struct ef_alike {
    bool intervals;
    const char *setting[EF_ALIKE_SETTINGS]; /* keys, borrowed from the results */
    size_t settings;
} ef_alike;

/* Adds the settings of a result that are no things yet. */
void ef_alike_add(ef_alike *alike, const ef_stored_result *result);

/* How many things are compared, and what a result says of thing `index`, in words: "convention iso", "flip none", "5998 pairs".
 * Empty where it says nothing, which agrees with everything. */
size_t ef_alike_count(const ef_alike *alike);
const char *ef_alike_words(char words[EF_ALIKE_WORDS], const ef_alike *alike, size_t index, const ef_stored_result *result,
                           ef_convention convention);

#endif
