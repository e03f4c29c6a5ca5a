/* compared_others.h - how many images of other people each image is compared with.
 * Thread rule: safe from any thread. */
#ifndef EF_EVALUATE_COMPARED_OTHERS_H
#define EF_EVALUATE_COMPARED_OTHERS_H

#include "evaluate/all_pairs_plan.h"

/* others[i], for each image of side[0]: the images that it is compared with, those of its own subject and those of its own group left out.  The caller frees
 * *out. */
EF_MUST_USE ef_status ef_compared_others(uint64_t **out, const ef_all_pairs_plan *plan, ef_error *err);

#endif
