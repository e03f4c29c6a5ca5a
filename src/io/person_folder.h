/* person_folder.h - the person in an image's name: "Ann" of "lfw/Ann/Ann_0001.jpg", where most sets have a folder for each.
 *
 * The components of a name are what '/' and '\' separate; empty ones and "." do not count.  The person is the first component that not
 * all names share, as long as it is a folder: "001" of "001/frontal/01" and of "Data/Images/001/frontal/01.jpg". */
#ifndef EF_IO_PERSON_FOLDER_H
#define EF_IO_PERSON_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/strings.h>

/* *out = the person in each name, freed with ef_strings_free(); *without = the first name that lies in no such folder, at which *out
 * ends, or the number of names. */
EF_MUST_USE ef_status ef_person_folders(ef_strings **out, size_t *without, const ef_strings *names, ef_error *err);

/* *below = how many different names the folders have that lie in folders of persons: "frontal" and "profile" of "001/frontal/01"; 0 when
 * images lie in the latter themselves. */
EF_MUST_USE ef_status ef_person_folders_below(size_t *below, const ef_strings *names, ef_error *err);

/* Whether name.split('/')[*piece] is the person of every name, all of which have one. */
bool ef_person_folder_piece(size_t *piece, const ef_strings *names, const ef_strings *folders);

#endif
