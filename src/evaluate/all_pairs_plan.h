/* all_pairs_plan.h - who is compared with whom when every pair of a labelled set is. */
#ifndef EF_EVALUATE_ALL_PAIRS_PLAN_H
#define EF_EVALUATE_ALL_PAIRS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/evaluate.h>

/* Images that are compared. */
typedef struct ef_compared_side {
    size_t count;
    size_t *row;    /* of the set, ascending */
    int64_t *label; /* of each: subjects are numbered from 0; below 0: nobody known, each with a number of its own */
    int64_t *group; /* of each; NULL when none is excluded */
} ef_compared_side;

typedef struct ef_all_pairs_plan {
    bool split; /* side[0] are probes, compared with side[1], the gallery; else side[0] is compared with itself */
    ef_compared_side side[2];
    size_t subjects;
    size_t strangers; /* images of nobody known: of one subject with no other image */
    size_t left_out;  /* images beyond the first per_subject of their subject */
    char *probe_list; /* the file that says which are probes; NULL when a dataset does, or none are */
    ef_file_mark probe_mark;
    ef_strings *ids;          /* names of all images; NULL when the set has none */
    ef_strings *subject_name; /* by number */
} ef_all_pairs_plan;

/* Reads labels and what the options name.  Errors: labels missing, all of one subject or no two of one, an id of the list that the set does not have, that it has
 * for several images or that the list names twice, no probes or nothing but probes, a dataset to exclude by that is not there. */
EF_MUST_USE ef_status ef_all_pairs_plan_create(ef_all_pairs_plan **out, const ef_set *set, const ef_evaluate_options *options,
                                               ef_error *err);
void ef_all_pairs_plan_free(ef_all_pairs_plan *plan); /* NULL is fine */

/* The dataset whose equal values are left out; not for EF_EXCLUDE_NONE. */
ef_field ef_excluded_field(ef_exclusion exclusion);

#endif
