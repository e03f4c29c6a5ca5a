/* template_remarks.h - what a reader of a template result should know that no figure shows. */
#ifndef EF_EVALUATE_TEMPLATE_REMARKS_H
#define EF_EVALUATE_TEMPLATE_REMARKS_H

#include <eface/pool.h>
#include <eface/protocol.h>

#include "evaluate/template_plan.h"

/* Adds notes to the plan's: embeddings that have lost their lengths though lengths are to weigh, detector scores below zero. */
EF_MUST_USE ef_status ef_remark_images(ef_template_plan *plan, const ef_set *set, const ef_pool_options *pool, ef_error *err);

/* Adds a note for a task (EF_VERIFY_TEMPLATES or EF_IDENTIFY) that is left out because its lists are not there. */
EF_MUST_USE ef_status ef_remark_left_out(ef_template_plan *plan, const ef_protocol *protocol, ef_task task, ef_error *err);

#endif
