/* metric.h - every figure that eface can compute, one row of src/metric/metrics.def each.
 *
 * A metric reads scored comparisons and fills an ef_measure, under one of two conventions: `iso`, the exact definitions of the
 * standard, and `insightface`, what the public evaluation scripts print.  A metric that those scripts do not have, or compute exactly,
 * gives the same measure under both.
 * Thread rule: metrics keep no state; safe from any thread. */
#ifndef EFACE_METRIC_H
#define EFACE_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/curve.h>
#include <eface/identify.h>
#include <eface/interval.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* EF_INSIGHTFACE_UNION: the older public script for identification, over the union of the galleries.  EF_MEGAFACE_DEVKIT: the programs of
 * MegaFace.  See the metrics' definitions. */
typedef enum ef_convention {
    EF_ISO,
    EF_INSIGHTFACE,
    EF_INSIGHTFACE_UNION,
    EF_MEGAFACE_DEVKIT,
    EF_CONVENTION_COUNT
} ef_convention;

/* What kind of experiment a protocol is, as bits: a metric says which it can read. */
typedef enum ef_task {
    EF_VERIFY_PAIRS = 1,
    EF_SCORES_TASK = 2,
    EF_VERIFY_TEMPLATES = 4,
    EF_IDENTIFY = 8,            /* probes in galleries of templates */
    EF_VERIFY_ALL_PAIRS = 16,   /* every pair of a labelled set */
    EF_VERIFY_DISTRACTORS = 32, /* mates, and probes against distractors */
    EF_IDENTIFY_DISTRACTORS = 64,
    EF_IDENTIFY_ALL_PAIRS = 128 /* each image of a labelled set among the others */
} ef_task;

#define EF_ALL_TASKS 255U

/* Comparisons with their scores.  Borrowed arrays of `count` values. */
typedef struct ef_trials {
    const double *score;          /* similarity: greater is more alike */
    const double *distance;       /* squared Euclidean distance of unit vectors, or NULL when there are only scores */
    const unsigned char *genuine; /* 1 genuine, 0 impostor */
    const int *fold;              /* 0 .. folds-1, or NULL */
    size_t count;
    int folds; /* 0 without folds; a fold may be empty */
} ef_trials;

/* Every probe searched in one gallery.  Borrowed. */
typedef struct ef_gallery_search {
    const ef_search_outcome *outcome; /* of each probe */
    size_t probes, entries;
    const uint64_t *others; /* of each probe: the entries of other subjects that it met; NULL: all entries but its mates */
} ef_gallery_search;

/* An identification experiment: the same probes in one or several galleries. */
typedef struct ef_identification {
    const ef_gallery_search *gallery;
    size_t galleries;
    const ef_gallery_search *all; /* the probes in the union of the galleries, or NULL */
    const double *pooled_top;     /* the highest scores of probes with other subjects in the union, descending */
    size_t pooled_count;          /* how many of them are known */
} ef_identification;

/* What a metric is computed from. */
typedef struct ef_metric_input {
    const ef_trials *trials; /* may be NULL for EF_VERIFY_TEMPLATES */
    const ef_curve
        *curve; /* of the same trials, unthinned; for EF_VERIFY_TEMPLATES ef_curve_create_reduced() at the points in use */
    const ef_curve *dropped; /* ef_curve_drop_intermediate() of it */
    double point;            /* the metric's parameter; NAN when it has none */
    ef_convention convention;
    ef_interval_method interval;
    double confidence;
    const ef_identification *identification; /* for EF_IDENTIFY and EF_IDENTIFY_ALL_PAIRS, in place of the three above */
    const ef_bounds *area; /* for EF_VERIFY_ALL_PAIRS: the AUC lies between these; the curve has only some points */
    /* Comparisons that are others of the list once more.  Figures count them as they stand; intervals are those of as many comparisons as
     * differ, with the same rates. */
    uint64_t repeated_genuine, repeated_impostors;
    const ef_curve *first; /* for EF_VERIFY_DISTRACTORS: that of the first probes, whose false matches the devkit counts */
} ef_metric_input;

#define EF_FEW_FALSE_MATCHES 30 /* a rate at a threshold set by fewer false matches is marked: Doddington's rule of 30 */

/* One figure.  Fields that a metric does not have are NAN (reals) or 0 with `trials` or `impostors` 0 (counts). */
typedef struct ef_measure {
    double value;           /* NAN exactly when `undefined` is set */
    const char *undefined;  /* why there is no value, in words, static; NULL when there is one */
    double ci_low, ci_high; /* interval at the input's confidence; NAN when there is none */
    const char *interval;   /* how it was made: "wilson", "student-t on folds", ...; static; NULL when there is none */
    double threshold; /* score (or distance: threshold_is_distance) at which the figure is taken; +infinity: above every score */
    bool threshold_is_distance; /* the threshold is a squared distance, and smaller is more alike */
    uint64_t errors, trials;    /* the errors behind the value, and of how many trials (for TAR: genuine rejected, of genuine) */
    uint64_t false_matches, impostors; /* at that threshold */
    double std_dev;                    /* population standard deviation over folds */
    double std_error;                  /* standard error of the mean over folds */
    bool few_false_matches;            /* the threshold rests on fewer than EF_FEW_FALSE_MATCHES false matches */
    double least, most; /* the value is the middle of these, and the figure lies between them; NAN when it is exact */
} ef_measure;

typedef enum ef_metric_kind {
    EF_KIND_RATE,      /* in [0, 1], printed with five decimals */
    EF_KIND_THRESHOLD, /* on the scale of the scores */
    EF_KIND_BITS,      /* information, in bits */
    EF_KIND_NUMBER     /* anything else */
} ef_metric_kind;

/* What a figure needs besides the scores at its own point, as bits. */
typedef enum ef_metric_needs {
    EF_NEEDS_EVERY_IMPOSTOR = 1, /* all impostor scores, at least their counts, and not only the highest */
    EF_NEEDS_POOLED_TOP = 2, /* the highest scores of probes with other subjects, as many as the point's share of the probes */
    EF_NEEDS_FOLDS = 4       /* the folds of the pairs */
} ef_metric_needs;

typedef struct ef_metric {
    const char *name;    /* "tar_at_far" */
    const char *title;   /* "TAR @ FAR" */
    const char *heading; /* of a column of a table, where that is shorter; NULL: the title */
    unsigned tasks;      /* ef_task bits */
    ef_metric_kind kind;
    bool higher_is_better;
    const char *parameter;        /* what the point is, in words ("FAR in (0, 1]"), or NULL for a metric without one */
    double point_low, point_high; /* the point must lie above the one, and at most at the other; ignored without a parameter */
    bool whole_point;             /* and must be a whole number */
    const char *example;          /* a point as it may be written: "1e-3"; NULL without a parameter */
    unsigned needs;               /* ef_metric_needs bits */
    double chance;                /* the value for scores that tell nothing; 0 where that depends on the data */
    bool mean_of_galleries;       /* under EF_INSIGHTFACE the plain mean over galleries, and no share of counts */
    unsigned
        usual; /* its place among the figures that tables show of a benchmark whose protocol quotes none; 0: it is not among them */
    double usual_point;     /* and at which point; ignored without a parameter */
    unsigned in_depth;      /* its place among the columns of one benchmark in depth; 0: it is shown where it is asked for */
    bool in_depth_of_folds; /* there only beside a figure that needs folds */
    const char *definition; /* what is computed under each convention, and what happens at ties */
    const char *source;     /* where the definition comes from */
    /* Fills *out, which ef_metric_compute() has emptied.  A figure that the data cannot support is EF_OK with out->undefined set; a failure
     * is out of memory, or a fold or distance that cannot be (EF_INVALID). */
    ef_status (*compute)(ef_measure *out, const ef_metric_input *input, ef_error *err);
} ef_metric;

EF_API size_t ef_metric_count(void);
EF_API const ef_metric *ef_metric_at(size_t index);       /* order = order in reports */
EF_API const ef_metric *ef_metric_find(const char *name); /* any case; NULL when there is none by that name */

/* Whether a number can be the point of a metric, which must have a parameter. */
EF_API bool ef_metric_has_point(const ef_metric *metric, double point);

/* Whether the figures of a task are defined under a convention: those of all tasks are under EF_ISO.  Whether any of a metric's tasks has it. */
EF_API bool ef_task_has(ef_task task, ef_convention convention);
EF_API bool ef_metric_has(const ef_metric *metric, ef_convention convention);

/* The convention that figures of a task are held against: EF_ISO, and against that the public programs'; `convention` itself where there is no other. */
EF_API ef_convention ef_task_other(ef_task task, ef_convention convention);

/* Computes one metric: checks the input (EF_INVALID: no comparisons, a curve of others, a point out of range), and that the measure is
 * complete, a finite value or a reason for none.  Whether the metric is for the task at hand, the input does not say: see `tasks`. */
EF_API EF_MUST_USE ef_status ef_metric_compute(ef_measure *out, const ef_metric *metric, const ef_metric_input *input,
                                               ef_error *err);

/* "iso", "insightface", "insightface-union", "megaface-devkit"; and back. */
EF_API const char *ef_convention_name(ef_convention convention);
EF_API EF_MUST_USE ef_status ef_convention_parse(ef_convention *out, const char *text, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
