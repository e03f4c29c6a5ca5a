/* evaluate.h - one call from a protocol and a system's file to a result.
 *
 * The protocol, the lists and the set are joined into a plan and checked before anything is computed: after that nothing can
 * be missing.  Memory: the unit vectors that pairs name, up to work.memory, and about 110 bytes a pair.
 * Thread rule: one evaluation at a time in a process (HDF5 is read from one thread). */
#ifndef EFACE_EVALUATE_H
#define EFACE_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/fingerprint.h>
#include <eface/protocol.h>
#include <eface/result.h>
#include <eface/set.h>
#include <eface/status.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_evaluate_options {
    const char *data;  /* folder of the official lists; NULL: $EFACE_DATA and the protocol's folder in it */
    const char *pairs; /* the user's own pair list (format csv), instead of any other; or NULL */
    bool choose_flip;  /* use `flip` instead of the protocol's */
    ef_flip flip;
    bool choose_norm, choose_weight, choose_media; /* use the following instead of the protocol's; template tasks */
    ef_norm norm;
    bool weight_quality, unit_media;
    bool labels_from_ids; /* tasks with distractors: as ef_set_labels_from_ids(), which other tasks are given a set after */
    bool choose_noise;    /* use `noise` instead of the protocol's; tasks with distractors, as are the following */
    ef_noise noise;
    const char *probe_list, *size_list; /* names of the lists in `data` (distractor_set.h); NULL: the usual ones */
    int list_set;                       /* which of several lists of a size: 0 is the first */
    const char *feature_ending;         /* of this system's files in a folder of features; NULL: looked for */
    const size_t *sizes;                /* numbers of distractors, ascending; NULL: all there are */
    size_t size_count;
    bool choose_convention; /* show `convention` instead of the protocol's */
    ef_convention convention;
    ef_interval_method interval;
    double confidence;                /* 0 means 0.95 */
    bool skip_missing;                /* leave out pairs whose image the set does not have */
    bool allow_partial;               /* go on when counts differ from the protocol's */
    bool allow_contradictions;        /* go on when two sources of identity contradict each other, and say so */
    const ef_metric_request *metrics; /* instead of the protocol's; or NULL */
    size_t metric_count;
    const char *
        probes; /* all pairs: a list of images, an id a line, that are searched among the others; NULL: the dataset is_probe, or none */
    ef_field exclude_same;         /* all pairs: EF_MEDIA or EF_GROUPS, whose equals make no pair; EF_EMBEDDINGS (0) for none */
    size_t per_subject;            /* all pairs: only the first so many images of each subject; 0 for all */
    size_t suspects;               /* all pairs: how many pairs to name that look like wrong labels */
    ef_fingerprints *fingerprints; /* begins those of the lists of template tasks as soon as they are found; or NULL */
    ef_work work;
} ef_evaluate_options;

/* Evaluates a set of embeddings under a protocol of task EF_VERIFY_PAIRS.  `model` is the system's name; NULL: the set's attribute
 * `model`, or else the file's name without .h5.  The caller owns *out and frees it with ef_result_free(). */
EF_API EF_MUST_USE ef_status ef_evaluate_set(ef_result **out, const ef_protocol *protocol, const ef_set *set, const char *model,
                                             const ef_evaluate_options *options, ef_error *err);

#define EF_MOST_RESULTS 2 /* of one evaluation */

/* Evaluates a set of embeddings under a protocol of the tasks EF_VERIFY_TEMPLATES and EF_IDENTIFY, with one pooling for both: a result for each task whose
 * lists are there.  Fills results[0 .. *count-1], which the caller frees.  Memory: the templates in float64, 8 bytes a template
 * pair, and blocks. */
EF_API EF_MUST_USE ef_status ef_evaluate_templates(ef_result *results[EF_MOST_RESULTS], size_t *count,
                                                   const ef_protocol *protocol, const ef_set *set, const char *model,
                                                   const ef_evaluate_options *options, ef_error *err);

/* Evaluates every pair of a labelled set, under a protocol of the tasks EF_VERIFY_ALL_PAIRS and EF_IDENTIFY_ALL_PAIRS: a result for each whose figures are asked for.
 * Fills results[0 .. *count-1], which the caller frees.  Memory: work.memory, 16 bytes a
 * genuine pair (refused when that is more than work.memory, or 256 MiB if that is more), about 100 for each that scores above the impostors kept, and 100 an image. */
EF_API EF_MUST_USE ef_status ef_evaluate_all_pairs(ef_result *results[EF_MOST_RESULTS], size_t *count,
                                                   const ef_protocol *protocol, const ef_set *set, const char *model,
                                                   const ef_evaluate_options *options, ef_error *err);
/* Evaluates probes among distractors at `location` (distractor_set.h: FILE.h5[:/group] or a folder of features; options->data is the folder of the lists) under a
 * protocol of the tasks EF_VERIFY_DISTRACTORS and EF_IDENTIFY_DISTRACTORS, in one pass over the distractors for both and for all numbers of distractors: a
 * result for each task that a figure is asked for of.  Fills results[0 .. *count-1], which the caller frees.
 * Memory: the probes in float64, blocks of distractors, 48 bytes a score that a FAR makes it keep (refused when that is more than a quarter of work.memory, or 64 MiB if that is more), and 8 bytes for each ordered pair of mates and number of
 * distractors. */
EF_API EF_MUST_USE ef_status ef_evaluate_distractors(ef_result *results[EF_MOST_RESULTS], size_t *count,
                                                     const ef_protocol *protocol, const char *location, const char *model,
                                                     const ef_evaluate_options *options, ef_error *err);

/* Evaluates precomputed scores (task EF_SCORES_TASK) from a text file of label and score, or from an HDF5 file with the datasets
 * `scores` and `issame`. */
EF_API EF_MUST_USE ef_status ef_evaluate_scores(ef_result **out, const ef_protocol *protocol, const char *location,
                                                const char *model, const ef_evaluate_options *options, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
