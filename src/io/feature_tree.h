/* feature_tree.h - a folder tree with a feature file for each image of a list, as the MegaFace devkit has it: FOLDER/a/b.jpg_resnet.bin.
 *
 * The files are small and many (a million of 2 KB): they are opened by several threads at a time, so that a disk has something to choose from.
 * Thread rule: one thread at a time; it starts others by itself. */
#ifndef EF_IO_FEATURE_TREE_H
#define EF_IO_FEATURE_TREE_H

#include <stddef.h>

#include <eface/status.h>
#include <eface/strings.h>

typedef struct ef_feature_tree ef_feature_tree;

/* Says in words which entry of which list image `row` is, for a message: "entry 3 of lists/a.json".  Called from any thread.  The caller frees it; NULL when
 * memory is out. */
typedef char *(*ef_feature_entry)(const void *context, size_t row);

/* What follows the image's name in the name of its feature file ("_resnet.bin"), looked for beside the first image of a list: an error when there is
 * no such file, and when there are several.  The caller frees *ending with free(). */
EF_MUST_USE ef_status ef_feature_tree_ending(char **ending, const char *folder, const ef_strings *paths, ef_error *err);

/* The features of the images `paths` (borrowed) below `folder`.  The first one is opened, and says how many values a feature has.  `entry`, called
 * with `context`, says where a missing image is listed.  The caller frees *out with ef_feature_tree_close(). */
EF_MUST_USE ef_status ef_feature_tree_open(ef_feature_tree **out, const char *folder, const ef_strings *paths, const char *ending,
                                           ef_feature_entry entry, const void *context, int threads, ef_error *err);
void ef_feature_tree_close(ef_feature_tree *tree); /* NULL is fine */

size_t ef_feature_tree_dim(const ef_feature_tree *tree);

/* Reads features first .. first+count-1 into out[count * dim]: as float32 (float64 rounded to nearest), or as float64.  The error is that of the
 * first bad file in the order of the list, and names it: one that is missing, is no feature (cv_matrix.h), has another dimension or values
 * that are not finite, or has changed since it was first read.  Memory: 8 bytes for each image, and a file for each thread. */
EF_MUST_USE ef_status ef_feature_tree_floats(const ef_feature_tree *tree, size_t first, size_t count, float *out, ef_error *err);
EF_MUST_USE ef_status ef_feature_tree_reals(const ef_feature_tree *tree, size_t first, size_t count, double *out, ef_error *err);

#endif
