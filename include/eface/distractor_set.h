/* distractor_set.h - probes and distractors: what MegaFace and its like compare, from HDF5 or from the devkit's feature files.
 *
 * Two sides: probes, images of known people, several of each; and distractors, images of nobody in particular, in growing numbers: 10, 100, ... up to
 * a million.  One form for two sources:
 *
 * HDF5: a group that holds the groups `probes` and `distractors`, each a set (set.h) with embeddings, and ids, labels, noisy where they are known.
 * A folder: a feature file for each image (an OpenCV matrix, PROBES/a/b.jpg_ENDING.bin) and the lists, as the MegaFace devkit has them.
 *
 * The lists, in the folder `lists` or in one below it, the images all in JSON as the MegaFace devkit distributes them; what they are called the benchmark says
 * (ef_distractor_names):
 *   of probes       {"id": [...], "path": [...]}: the probes and who they are
 *   of distractors  {"path": [...]}: SIZE distractors.  Lists of different sizes are drawn apart from each other: a smaller one is no part of a larger one.
 *   of noise        noisy images, one a line: the probe's file name; the last three components of the distractor's path
 * A folder of features needs the first two; HDF5 does without, unless a folder of lists or a set of them is asked for: one without lists of distractors is then
 * an error, but for one that has lists of noisy images alone.  An image of a list is found among the `ids` by the last two (probes) or three (distractors)
 * components of its path; without `ids` the rows are the list, in its order.
 *
 * Order: probes are those of their list, in its order, else the rows.  Distractors are the rows in HDF5, which may be more than the lists name; in a folder the
 * longest list, then what only shorter ones name.
 * Source: the MegaFace devkit (Kemelmacher-Shlizerman et al., CVPR 2016) and the lists of insightface's clean test pack.
 * Memory: names and lists: about 100 bytes for each image, and while a list is read 100 for each of its entries; no embeddings.
 * Thread rule: one thread at a time (HDF5); reading feature files starts others by itself. */
#ifndef EFACE_DISTRACTOR_SET_H
#define EFACE_DISTRACTOR_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_distractor_set ef_distractor_set;

typedef enum ef_side { EF_SIDE_PROBES, EF_SIDE_DISTRACTORS } ef_side;

/* What a benchmark calls its lists and folders.  NULL: it has none. */
typedef struct ef_distractor_names {
    const char *probe_list;
    const char *
        size_list; /* "distractors_{size}_{set}.json": {set} where there are several lists of a size; without both, _{size}_{set} is added */
    const char *noise_list[2]; /* of each side */
    const ef_strings *places;  /* folders below that of the lists in which they may lie as well */
    const char *features[2];   /* folders of the features of each side, below the folder of features; NULL: that itself */
    const char *ending;        /* of the feature files ("_resnet.bin"); NULL: looked for */
} ef_distractor_names;

/* Where things are; NULL and 0 stand for what is usual. */
typedef struct ef_distractor_options {
    const ef_distractor_names
        *names;             /* the benchmark's; NULL: it has no lists.  What is named below goes before, and must then be there */
    const char *lists;      /* the folder of the lists; NULL: none, or for a folder of features that folder itself */
    const char *probe_list; /* HDF5 may lack the benchmark's own */
    const char *size_list;
    int list_set; /* 0 is 1 */
    const size_t
        *sizes; /* the numbers of distractors, ascending; NULL: those that there are lists of; without lists the powers of ten, */
    size_t size_count;  /* from 10 on, and all there are */
    const char *ending; /* of the feature files */
    const char *noise_list[2];
    bool labels_from_ids; /* probes without a list are whom their ids say (set.h), whatever their labels; HDF5 only */
    bool noises;          /* find out which images are noisy: it is an error when neither the set nor a list says */
    int threads;          /* that read feature files; 0: some, more than there are processors */
} ef_distractor_options;

/* Some of the distractors. */
typedef struct ef_distractor_size {
    size_t count;
    const uint32_t *rows; /* which ones, in the order of their list; NULL: the first `count` */
    const char *list;     /* the list's file; NULL: none */
} ef_distractor_size;

/* What is known of a side's noise. */
typedef struct ef_distractor_noise {
    const unsigned char *noisy; /* 1 or 0 for each image; NULL: not asked for, or nothing says */
    const char *source;         /* the list's file, or the dataset's name; NULL likewise */
    size_t images, among; /* noisy ones, of those that are compared: all probes, distractors that some number of them means */
    size_t entries, unmatched; /* of a list; and those of them that are none of these images */
} ef_distractor_noise;

/* A file that was read, besides feature files. */
typedef struct ef_distractor_input {
    const char *role; /* "embeddings", "source", "probes", "distractors", "noisy probes", "noisy distractors" */
    const char *path;
    ef_file_mark mark; /* what it was when it was opened */
} ef_distractor_input;

/* Opens a set.  `location` is a folder, or "FILE.h5", or "FILE.h5:/group"; without a group it is the group `preferred` (or NULL) when the file has it,
 * else the root.  `options` may be NULL.  Everything is checked but the embeddings, which are when they are read.
 * Errors: lists that are missing, malformed, or of another length than their name says; a list's image that is not among the ids; images that a list or a
 * set names twice; probes without labels, ids or list to tell who they are, all of one person, or no two of one; distractors without anything to go by for
 * a list; features of several systems in a folder and no `ending`; probes and distractors of different dimension; mirrored embeddings on one side only; a size
 * that there are not enough distractors for.  The caller frees *out with ef_distractor_set_close(). */
EF_API EF_MUST_USE ef_status ef_distractor_set_open(ef_distractor_set **out, const char *location, const char *preferred,
                                                    const ef_distractor_options *options, ef_error *err);
EF_API void ef_distractor_set_close(ef_distractor_set *set); /* NULL is fine */

/* What the set is called in messages ("emb.h5:/megaface", "features"); its system's name, or NULL: the attribute `model`, or what the feature files' ending
 * says.  All pointers from here on are owned by the set. */
EF_API const char *ef_distractor_set_name(const ef_distractor_set *set);
EF_API const char *ef_distractor_set_model(const ef_distractor_set *set);
EF_API const char *ef_distractor_set_side_name(const ef_distractor_set *set, ef_side side); /* "emb.h5:/megaface/probes" */

EF_API size_t ef_distractor_set_dim(const ef_distractor_set *set);
EF_API bool ef_distractor_set_has_flip(const ef_distractor_set *set); /* EF_EMBEDDINGS_FLIP can be read, of both sides */
EF_API size_t ef_distractor_set_rows(const ef_distractor_set *set, ef_side side); /* images; of distractors fewer than 2^32 - 1 */
EF_API const char *ef_distractor_set_row_name(const ef_distractor_set *set, ef_side side,
                                              size_t row); /* NULL when images have no names */

/* Who each probe is: numbers from 0 on in order of first appearance, below ef_distractor_set_identities(); and how many of those have one image
 * only, and so no mate.  A probe that its label says nothing of (a negative number, also as a text, or an empty text; in lists and folders
 * "-1" is a name like another) is a stranger, of whom there are
 * ef_distractor_set_strangers(): each has a number of its own from ef_distractor_set_identities() on, and no mate. */
EF_API const int64_t *ef_distractor_set_labels(const ef_distractor_set *set);
EF_API size_t ef_distractor_set_identities(const ef_distractor_set *set);
EF_API size_t ef_distractor_set_mateless(const ef_distractor_set *set);
EF_API size_t ef_distractor_set_strangers(const ef_distractor_set *set);

/* Who each probe is by the set's labels, when it is the list of probes that says it: numbers of their own, below 0 for nobody known.  NULL
 * when there is one source only.  *source and *other = what says the one and the other. */
EF_API const int64_t *ef_distractor_set_other_labels(const ef_distractor_set *set, const char **source, const char **other);

/* The numbers of distractors to evaluate at, ascending. */
EF_API size_t ef_distractor_set_size_count(const ef_distractor_set *set);
EF_API const ef_distractor_size *ef_distractor_set_size(const ef_distractor_set *set, size_t index);

EF_API const ef_distractor_noise *ef_distractor_set_noise(const ef_distractor_set *set, ef_side side);

EF_API size_t ef_distractor_set_input_count(const ef_distractor_set *set);
EF_API const ef_distractor_input *ef_distractor_set_input(const ef_distractor_set *set, size_t index);

/* Reads the embeddings of images first .. first+count-1 of a side into out[count * dim], as they are stored, not normalised: EF_EMBEDDINGS or
 * EF_EMBEDDINGS_FLIP, as float32 (float64 rounded to nearest) or as float64.  Blocks of 1 to 8 MB in ascending order are fastest; of feature files a few
 * thousand at a time.  A value that is not finite, and in a folder whatever is wrong with a feature file, is an error that names dataset and row, or the file. */
EF_API EF_MUST_USE ef_status ef_distractor_set_read_floats(const ef_distractor_set *set, ef_side side, ef_field field,
                                                           size_t first, size_t count, float *out, ef_error *err);
EF_API EF_MUST_USE ef_status ef_distractor_set_read_reals(const ef_distractor_set *set, ef_side side, ef_field field,
                                                          size_t first, size_t count, double *out, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
