/* synth_ijb_list.h - the official lists of a made-up template benchmark. */
#ifndef EF_CLI_SYNTH_IJB_LIST_H
#define EF_CLI_SYNTH_IJB_LIST_H

#include <eface/status.h>

#include "cli/synth_ijb_plan.h"

/* Writes the lists of a plan below `folder`, making the folders that are missing; each file appears whole or not at all. */
EF_MUST_USE ef_status synth_ijb_list_write(const synth_ijb_plan *plan, const char *folder, ef_error *err);

#endif
