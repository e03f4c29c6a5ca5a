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

/* Images that make no pair because they are of one kind. */
typedef enum ef_exclusion { EF_EXCLUDE_NONE, EF_EXCLUDE_MEDIA, EF_EXCLUDE_GROUPS } ef_exclusion;

/* Begin with ef_evaluate_defaults(): options that are added later then keep what is usual. */
typedef struct ef_evaluate_options {
    const char *data;  /* folder of the official lists; NULL: $EFACE_DATA and the protocol's folder in it */
    const char *pairs; /* the user's own pair list (format csv), instead of any other; or NULL */
    bool choose_flip;  /* use `flip` instead of the protocol's */
    ef_flip flip;
    bool choose_norm, choose_weight, choose_media; /* use the following instead of the protocol's; template tasks */
    ef_norm norm;
    bool weight_quality, unit_media;
    bool labels_from_ids; /* as ef_set_labels_from_ids(), which a set that is open already has had itself */
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
    double confidence;                /* usually 0.95, which 0 means too */
    bool skip_missing;                /* leave out pairs whose image the set does not have */
    bool allow_partial;               /* go on when counts differ from the protocol's */
    bool allow_contradictions;        /* go on when two sources of identity contradict each other, and say so */
    const ef_metric_request *metrics; /* instead of the protocol's; or NULL */
    size_t metric_count;
    const char *
        probes; /* all pairs: a list of images, an id a line, that are searched among the others; NULL: the dataset is_probe, or none */
    ef_exclusion exclude_same;     /* all pairs: which images make no pair with each other */
    size_t per_subject;            /* all pairs: only the first so many images of each subject; 0 for all */
    size_t suspects;               /* all pairs: how many pairs to name that look like wrong labels */
    ef_fingerprints *fingerprints; /* begins those of the lists of template tasks as soon as they are found; or NULL */
    ef_work work;
} ef_evaluate_options;

/* What is usual: the protocol's choices, its figures, all processors. */
EF_API ef_evaluate_options ef_evaluate_defaults(void);

/* Options that not all evaluations read, as bits. */
typedef enum ef_reads {
    EF_READS_PAIRS = 1,            /* pairs, skip_missing: a list of pairs of the user's own */
    EF_READS_LABELS = 2,           /* labels_from_ids */
    EF_READS_FLIP = 4,             /* flip */
    EF_READS_POOLING = 8,          /* norm, weight_quality, unit_media */
    EF_READS_CHOICE = 16,          /* probes, exclude_same, per_subject, suspects */
    EF_READS_DISTRACTORS = 32,     /* noise, sizes, probe_list, size_list, list_set, feature_ending */
    EF_READS_DATA = 64,            /* data */
    EF_READS_PARTIAL = 128,        /* allow_partial */
    EF_READS_CONTRADICTIONS = 256, /* allow_contradictions */
    EF_READS_SCORES = 512          /* what is evaluated are scores, and no embeddings */
} ef_reads;

/* The options that evaluations under a protocol read, and what a list of protocols calls its kind: "templates", "verify-pairs". */
EF_API unsigned ef_protocol_reads(const ef_protocol *protocol);
EF_API const char *ef_protocol_kind(const ef_protocol *protocol);

#define EF_READERS 160

/* The evaluations that read any of these options, in words: "pairs of images and templates". */
EF_API const char *ef_readers(char text[EF_READERS], unsigned reads);

/* Whether evaluations under a protocol have figures under a convention, and which evaluations have. */
EF_API bool ef_protocol_has(const ef_protocol *protocol, ef_convention convention);
EF_API const char *ef_readers_under(char text[EF_READERS], ef_convention convention);

/* What is evaluated. */
typedef struct ef_source {
    const char
        *location;     /* "emb.h5", "emb.h5:/group", a folder of features or a file of scores, as the protocol's tasks have it; */
    const ef_set *set; /* or, not NULL, a set that is open: for protocols of pairs, templates and all pairs */
} ef_source;

#define EF_MOST_RESULTS 2 /* of one evaluation */

/* Evaluates a system under a protocol: a result for each task of it that a figure is asked for of, and whose lists are there.  Fills results[0 .. *count-1], which the caller frees
 * with ef_result_free(); none when it fails.
 * `model` is the system's name; NULL: the set's attribute `model`, or else the file's name without its extension.
 *
 * Pairs of images: the vectors that pairs name, up to work.memory, and about 110 bytes a pair.
 * Templates (1:1 and 1:N share one pooling): the templates in float64, 8 bytes a template pair, and blocks.
 * All pairs of a labelled set: work.memory, 16 bytes a genuine pair (refused when that is more than work.memory, or 256 MiB if that is more), about 100 for each that scores above the
 * impostors kept, and 100 an image.
 * Probes among distractors (distractor_set.h; options->data is the folder of the lists), in one pass over the distractors for both tasks and all numbers of them: the probes in
 * float64, blocks of distractors, 48 bytes a score that a FAR makes it keep (refused when that is more than a quarter of work.memory, or 64 MiB if that is more), and 8 bytes for each
 * ordered pair of mates and number of distractors.
 * Scores: a text file of label and score, or HDF5 with the datasets `scores` and `issame`; about 110 bytes a score. */
EF_API EF_MUST_USE ef_status ef_evaluate(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol,
                                         const ef_source *source, const char *model, const ef_evaluate_options *options,
                                         ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
