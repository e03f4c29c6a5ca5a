/* sighting_plan.h - the part of a template plan that NIST's own lists fill. */
#ifndef EF_EVALUATE_SIGHTING_PLAN_H
#define EF_EVALUATE_SIGHTING_PLAN_H

#include <stdbool.h>

#include "evaluate/template_plan.h"

/* Fills the plan from its files gallery_1, gallery_2 and probe, those of them that the protocol names.  Images are found by the names of the
 * set; in a set without names its own datasets say which row is of which template and media, and must agree with the lists about the
 * number of images.  `weight`: detector scores, from the set, are needed. */
EF_MUST_USE ef_status ef_sighting_plan_read(ef_template_plan *plan, const ef_protocol *protocol, const ef_set *set, bool weight,
                                            int threads, ef_error *err);

#endif
