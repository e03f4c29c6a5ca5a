/* result.h - what an evaluation found: one system on one benchmark, with everything needed to say how.
 * Thread rule: constant once made. */
#ifndef EFACE_RESULT_H
#define EFACE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/curve.h>
#include <eface/file_mark.h>
#include <eface/fingerprint.h>
#include <eface/histogram.h>
#include <eface/interval.h>
#include <eface/metric.h>
#include <eface/setting.h>
#include <eface/status.h>
#include <eface/strings.h>
#include <eface/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One figure under every convention. */
typedef struct ef_result_row {
    const ef_metric *metric;
    double point; /* NAN for a metric without one */
    ef_measure measure[EF_CONVENTION_COUNT];
} ef_result_row;

/* A file that was read. */
typedef struct ef_result_input {
    char *role; /* "embeddings", "pairs", "scores" */
    char *path;
    uint64_t bytes;
    char sha256
        [65]; /* empty until ef_result_fingerprint(), and of what can be read only once where its reader did not take it down */
    ef_file_mark mark; /* what it was when it was opened */
} ef_result_input;

/* A curve as the MegaFace devkit lists it in its own result files: a point where the share is about 0.01 above that of the last one, and the end. */
typedef struct ef_result_listing {
    uint64_t *place; /* rank from 0 on, or false accepts */
    float *share;    /* of searches or of genuine comparisons, in float32 as there */
    size_t count;
    uint64_t places; /* distractors, or impostor comparisons: the last place */
    bool complete;   /* else points between the last two are missing */
} ef_result_listing;

/* What the searches in one gallery found; or what there is at one number of distractors. */
typedef struct ef_result_gallery {
    char *name;
    uint64_t entries, mated, unmated; /* templates in it; probes with a mate in it, and without */
    uint64_t listed; /* with distractors: entries of the list, of which the policy for noise may have dropped some */
    ef_result_row *rows;
    size_t row_count;
    double *cmc; /* cmc[i]: the share of mated searches whose mate is found within rank i + 1 */
    size_t ranks;
    ef_result_listing listing; /* at a number of distractors; else empty */
    uint64_t impostors; /* EF_VERIFY_DISTRACTORS: comparisons of probes with the distractors, under the convention on show */
    ef_curve *det; /* FPIR (false_matches / impostors) and TPIR (true_matches / genuine); NULL without probes of both kinds */
} ef_result_gallery;

/* Two images of different subjects that score as those of one do: a label may be wrong. */
typedef struct ef_result_suspect {
    char *image[2], *subject[2]; /* names, or "row 17" */
    double score, above;         /* the score, and the share of genuine pairs that score less */
} ef_result_suspect;

#define EF_MOST_STAGES 4

/* How long a part of the work took, on the clock: it says nothing about the result, and no report holds it. */
typedef struct ef_result_stage {
    const char *name; /* "pool" (with reading; in the first result of an evaluation), "parse", "score", "curve", "search" */
    double seconds;
} ef_result_stage;

typedef struct ef_result {
    char *protocol, *title, *heading, *cite; /* of the protocol file; cite may be NULL */
    ef_strings *quote; /* what papers quote of the benchmark (protocol.h), or NULL, and its place in tables, or 0 */
    uint64_t place;
    char *protocol_file;
    char protocol_sha256[65];
    ef_task task;
    char *model;              /* the system's name */
    char *source;             /* what was evaluated: "emb.h5:/lfw", "scores.txt" */
    ef_convention convention; /* the one to show; every row holds all */

    /* How: for embeddings "flip" ("sum", "concat", "halves", "first-half", "none"), "flip_absent" (the protocol fuses flips, but the set has none),
     * "halves_unsplit" (the columns look like an image and its mirror image in one row, which was compared whole), "normalise", "similarity"; and what
     * the task adds: "norm", "weight" and "media" of templates; "exclude_same", "probes" and "per_subject" of all pairs; "noise" of distractors. */
    ef_settings settings;
    ef_interval_method interval;
    double confidence;

    uint64_t images, images_used;            /* rows of the set, and those that pairs name; 0 for precomputed scores */
    size_t dim;                              /* of the embeddings: columns that are compared, */
    size_t stored_dim;                       /* and those that are stored: twice as many where rows are split */
    uint64_t templates, media_count, probes; /* template tasks */
    uint64_t pairs, genuine, impostors;
    uint64_t repeated_genuine,
        repeated_impostors; /* of these, pairs that are others of the list once more: not counted in intervals */
    uint64_t excluded;      /* pairs left out because they are of one group */
    uint64_t identities, distractors, searches; /* with them: of the probes; at most; ordered pairs of mates */
    int folds;
    uint64_t left_out; /* pairs without an image, skipped because the caller said so */
    bool partial;      /* counts differ from what the protocol expects, allowed because the caller said so */

    ef_result_input *inputs;
    size_t input_count;
    ef_result_row *rows;
    size_t row_count;
    ef_curve
        *curve; /* for drawing: corners, thinned when there are many; with distractors it ends where not all scores are kept */
    bool curve_thinned;     /* corners were left out; TAR between those kept is right within EF_CURVE_TOLERANCE */
    double curve_far_error; /* beyond the lowest FARs, the curve and the histogram of all pairs are right within this; 0: exact */
    ef_histogram *histogram; /* NULL for 1:N, with distractors, and for all pairs without EER and AUC */
    /* 1:N: each gallery by itself; `rows` is over all.  With distractors: each number of them; `rows` is that of the most. */
    ef_result_gallery *galleries;
    size_t gallery_count;
    double *cmc; /* over all galleries */
    size_t ranks;
    ef_result_suspect *suspects; /* the highest first */
    size_t suspect_count;
    ef_result_stage stages[EF_MOST_STAGES]; /* template tasks */
    size_t stage_count;
    ef_strings *notes; /* sentences that a reader of the figures should know */
} ef_result;

#define EF_CURVE_POINTS    5000 /* a result keeps all corners of a curve up to this many */
#define EF_CURVE_TOLERANCE 1e-5
#define EF_HISTOGRAM_BINS  200

EF_API void ef_result_free(ef_result *result); /* NULL is fine */

/* An error, EF_IO, when an input is no longer what it was when it was opened.  Evaluations end with it. */
EF_API EF_MUST_USE ef_status ef_result_check_inputs(const ef_result *result, ef_error *err);

/* Fills in size and hash of every input; then checks them, so that figures and hashes are of the same files. */
EF_API EF_MUST_USE ef_status ef_result_fingerprint(ef_result *result, ef_fingerprints *fingerprints, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
