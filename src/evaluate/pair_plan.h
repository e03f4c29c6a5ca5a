/* pair_plan.h - which rows are compared with which: the checked union of a protocol, a pair list and a set. */
#ifndef EF_EVALUATE_PAIR_PLAN_H
#define EF_EVALUATE_PAIR_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/evaluate.h>
#include <eface/pair_scores.h>

typedef struct ef_plan {
    ef_row_pair *rows;
    unsigned char *genuine;
    int *fold; /* NULL without folds */
    size_t count;
    int folds;
    uint64_t genuine_count, impostor_count;
    uint64_t repeated[2]; /* impostor and genuine pairs that are others once more */
    uint64_t left_out;    /* pairs that name an image the set does not have */
    bool partial;         /* counts differ from what the protocol expects */
    ef_strings *files;    /* list files that were read; empty when the set brings its own pairs */
    ef_file_mark *marks;  /* what they were when they were opened */
    ef_strings *notes;
} ef_plan;

/* Joins and checks.  Where the pairs come from, in this order: options->pairs; the protocol's list in options->data; the set's own
 * `pairs` or `issame`; the protocol's list below $EFACE_DATA.  After this nothing can be missing. */
EF_MUST_USE ef_status ef_plan_create(ef_plan **out, const ef_protocol *protocol, const ef_set *set,
                                     const ef_evaluate_options *options, ef_error *err);
void ef_plan_free(ef_plan *plan); /* NULL is fine */

/* Checks one expected count; a difference is an error, or with `allow_partial` sets *partial and adds a note. */
EF_MUST_USE ef_status ef_plan_expect(bool *partial, ef_strings *notes, const ef_protocol *protocol, const ef_expected *expected,
                                     const char *what, uint64_t found, const char *where, bool allow_partial, ef_error *err);

#endif
