/* result_file.h - result files read back: what `eface-eval -o x.json` wrote, for tables and plots.
 *
 * A result is read as it was written, whatever protocols and metrics this program knows: names are text, and keys that are not
 * known here are passed over.  What is known is checked: every type, every count, every length.
 * Thread rule: constant once read. */
#ifndef EFACE_RESULT_FILE_H
#define EFACE_RESULT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/histogram.h>
#include <eface/metric.h>
#include <eface/setting.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One figure under every convention that defines it. */
typedef struct ef_stored_metric {
    const char *name, *title;                /* "tar_at_far", "TAR @ FAR" */
    double point;                            /* NAN for a metric without one */
    bool has[EF_CONVENTION_COUNT];           /* under which conventions it is there */
    ef_measure measure[EF_CONVENTION_COUNT]; /* as metric.h has it; `threshold` +infinity: above every score */
} ef_stored_metric;

/* Operating points of 1:1, from the strictest on; `points` of each.  No points: the result has no curve. */
typedef struct ef_stored_curve {
    double *threshold, *far, *tar, *fnmr; /* threshold +infinity: above every score */
    size_t points;
    uint64_t genuine, impostors;
    bool thinned;
} ef_stored_curve;

/* Operating points of an open-set search, likewise. */
typedef struct ef_stored_det {
    double *threshold, *fpir, *fnir;
    size_t points;
} ef_stored_det;

typedef struct ef_stored_gallery {
    const char *name;
    uint64_t entries, mated, unmated; /* 0 where there are numbers of distractors instead of galleries */
    ef_stored_metric *metrics;
    size_t metric_count;
    double *cmc; /* cmc[i]: rank i + 1 */
    size_t ranks;
    ef_stored_det det; /* without points when no probe is unmated */
} ef_stored_gallery;

/* A file that the evaluation read. */
typedef struct ef_stored_input {
    const char *role, *path, *sha256; /* sha256 NULL: of what was no regular file */
} ef_stored_input;

/* One system on one benchmark.  Texts that a result does not have are NULL, counts 0. */
typedef struct ef_stored_result {
    const char *protocol, *title, *heading, *task, *cite, *protocol_file, *protocol_sha256;
    const char *
        *quote; /* the figures that papers quote of the benchmark, "cmc@1"; none in older files, where the place is 0 as well */
    size_t quote_count;
    uint64_t place; /* of the benchmark in tables */
    const char *model, *source;
    ef_convention convention; /* the one on show */

    ef_settings settings; /* those of the evaluation (result.h), in the order of the file */
    const char *interval;
    double confidence;

    uint64_t images, images_used, dim, pairs, genuine, impostors, folds, templates, media_count, probes, left_out, distractors;
    uint64_t repeated_genuine; /* genuine pairs that are others of the list once more */
    bool partial;

    ef_stored_input *inputs;
    size_t input_count;
    ef_stored_metric *metrics;
    size_t metric_count;
    ef_stored_curve curve;
    ef_histogram histogram; /* bins 0: none */
    double *cmc;            /* identification, over all galleries */
    size_t ranks;
    ef_stored_gallery *galleries;
    size_t gallery_count;
    const char **notes;
    size_t note_count;
} ef_stored_result;

typedef struct ef_result_file {
    char *path;
    const char *version; /* of the program that wrote it */
    ef_stored_result *results;
    size_t count;
    void *document; /* owns all texts */
} ef_result_file;

/* Reads a result file.  Errors name the file, and the field as "results[0].metrics[2].point": a file that is no JSON or cut short (with the
 * line), one that eface-eval did not write, another schema than EF_RESULT_SCHEMA, a field that is missing or of the wrong type, a
 * count below 0, columns of unequal length, shares outside [0, 1].  A file without results is EF_FORMAT too.
 * The caller frees what *out owns with ef_result_file_free(). */
EF_API EF_MUST_USE ef_status ef_result_file_read(ef_result_file *out, const char *path, ef_error *err);
EF_API void ef_result_file_free(ef_result_file *file); /* an empty (zeroed) one is fine */

/* The figure `metric` at `point` (NAN for a metric without one) of a result; NULL when it has none. */
EF_API const ef_stored_metric *ef_stored_find(const ef_stored_result *result, const char *metric, double point);

/* The measure of a figure under a convention, or, where that does not define it (1:1 under the conventions of 1:N), under
 * EF_INSIGHTFACE; *used receives which.  NULL when the file has neither. */
EF_API const ef_measure *ef_stored_measure(const ef_stored_metric *metric, ef_convention convention, ef_convention *used);

#ifdef __cplusplus
}
#endif
#endif
