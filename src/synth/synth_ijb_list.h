/* synth_ijb_list.h - the official lists of a made-up template benchmark. */
#ifndef EF_SYNTH_SYNTH_IJB_LIST_H
#define EF_SYNTH_SYNTH_IJB_LIST_H

#include <stdbool.h>

#include <eface/progress.h>
#include <eface/status.h>
#include <eface/strings.h>

#include "synth/synth_ijb_plan.h"

/* Writes the lists of a plan below `folder`, repackaged or as `nist` distributes them, making the folders that are missing; each file appears
 * whole or not at all.  `progress` may be NULL. */
EF_MUST_USE ef_status synth_ijb_list_write(const synth_ijb_plan *plan, const char *folder, bool nist, const ef_progress *progress,
                                           ef_error *err);

/* Appends the path of every file that synth_ijb_list_write() would write. */
EF_MUST_USE ef_status synth_ijb_list_paths(ef_strings *paths, const synth_ijb *benchmark, const char *folder, bool nist,
                                           ef_error *err);

enum { SYNTH_IJB_NAME_SIZE = 40 };

/* What NIST's lists call the file of an image: "img/69544.jpg", "frames/69545_3.jpg". */
void synth_ijb_image_name(char name[SYNTH_IJB_NAME_SIZE], const synth_ijb_image *image);

#endif
