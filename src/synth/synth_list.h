/* synth_list.h - what made-up images are called, and their pairs in the official format of the benchmark. */
#ifndef EF_SYNTH_SYNTH_LIST_H
#define EF_SYNTH_SYNTH_LIST_H

#include <stddef.h>

#include <eface/status.h>
#include <eface/strings.h>

#include "synth/synth_plan.h"

enum { SYNTH_NAME_SIZE = 80 };

/* The name of an image in the set: "Person_0001/Person_0001_0002.jpg", "001/frontal/02.jpg". */
void synth_image_name(char name[SYNTH_NAME_SIZE], const synth_benchmark *benchmark, synth_image image);

/* Writes the list of a plan below `folder`, making the folders that are missing; each file appears whole or not at all.  A benchmark
 * without a list has nothing written. */
EF_MUST_USE ef_status synth_list_write(const synth_plan *plan, const char *folder, ef_error *err);

/* Appends the path of every file that synth_list_write() would write. */
EF_MUST_USE ef_status synth_list_paths(ef_strings *paths, const synth_benchmark *benchmark, const char *folder, ef_error *err);

#endif
