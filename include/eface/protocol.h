/* protocol.h - a benchmark as a text file: what to compare, what to expect, what to compute.
 *
 * A protocol is an INI file of protocols/ (protocols/README.md describes the format).  It is read and checked whole: an
 * unknown section, key, metric or format, a value that is not a number, a key given twice are errors with file and line.
 * Thread rule: constant after loading. */
#ifndef EFACE_PROTOCOL_H
#define EFACE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/distractor_set.h>
#include <eface/metric.h>
#include <eface/task.h>
#include <eface/pair_list.h>
#include <eface/pool.h>
#include <eface/rows.h>
#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One figure to compute: a metric at a point (NAN for a metric without one). */
typedef struct ef_metric_request {
    const ef_metric *metric;
    double point;
    ef_task task; /* for which of a protocol's tasks */
} ef_metric_request;

/* The lists of a template benchmark, by their keys in a protocol file. */
typedef enum ef_template_file {
    EF_FILE_TEMPLATES, /* face_tid_mid.txt: image, template, media */
    EF_FILE_QUALITY,   /* name_5pts_score.txt: detector scores */
    EF_FILE_PAIRS,     /* template_pair_label.txt */
    EF_FILE_GALLERY_1, /* 1N_gallery_G1.csv */
    EF_FILE_GALLERY_2,
    EF_FILE_PROBE,   /* 1N_probe_mixed.csv */
    EF_FILE_MATCHES, /* 11_G1_G2_matches.csv: pairs of NIST's distribution, without labels */
    EF_FILE_COUNT
} ef_template_file;

/* A count that the lists must have. */
typedef struct ef_expected {
    bool known;
    uint64_t count;
    size_t line; /* of the protocol file */
} ef_expected;

/* What becomes of noisy images among probes and distractors. */
typedef enum ef_noise {
    EF_NOISE_KEEP, /* nothing: the original lists */
    EF_NOISE_DROP, /* they leave the lists */
    EF_NOISE_DEVKIT /* a noisy probe becomes the centre of its person's clean images; a noisy distractor never matches, but is counted */
} ef_noise;

/* Which sets a protocol is the usual one for, of which their names say nothing. */
typedef enum ef_default {
    EF_DEFAULT_NONE,
    EF_DEFAULT_PAIRS,       /* those that bring pairs, and lists of one's own */
    EF_DEFAULT_SCORES,      /* precomputed scores */
    EF_DEFAULT_DISTRACTORS, /* probes and distractors */
    EF_DEFAULT_TEMPLATES,   /* these three say nothing of what is to be compared: templates, */
    EF_DEFAULT_LABELS,      /* images with labels, */
    EF_DEFAULT_EMBEDDINGS,  /* and images alone */
    EF_DEFAULT_COUNT
} ef_default;

#define EF_LAST_PLACE 1000000

typedef struct ef_protocol {
    char *name;      /* the file's name without .ini */
    char *path;      /* the file */
    char sha256[65]; /* of what was read */
    char *title;     /* "LFW" */
    char *heading;   /* of a column in a paper's table; the title when the file has none */
    ef_strings *
        quote; /* the figures that papers quote of it, "tar_at_far@1e-4", in their order, all of them among `metrics`; NULL: nothing says */
    size_t quote_line; /* of the file */
    uint64_t place;    /* in tables: lower ones come first, and those without one (0) last */
    ef_default default_for;
    size_t default_line;               /* of the file */
    char *cite;                        /* who defined the benchmark, or NULL */
    char *folder;                      /* folder of its lists below $EFACE_DATA; the name when the file has none */
    unsigned tasks;                    /* ef_task bits: one, or 1:1 and 1:N of one kind together */
    ef_convention convention;          /* which one the benchmark's published figures use */
    ef_flip flip;                      /* when the set has flips */
    int folds;                         /* pairs are cut into this many when the list has no folds of its own; 0: not */
    const ef_list_format *list_format; /* NULL: the pairs come from the set or from the caller */
    char *list_argument;
    char *template_files[EF_FILE_COUNT]; /* template tasks: file names of the lists; NULL where the protocol has none */
    char *image_column, *media_column;   /* of NIST's lists of templates: the image's file; what the images of one media share */
    ef_norm norm;                        /* template tasks: how images are pooled (pool.h) */
    bool weight_quality, unit_media;
    ef_noise noise;            /* tasks with distractors */
    ef_distractor_names names; /* likewise: what their lists and folders are called; the texts are the protocol's */
    ef_strings *places;        /* what names.places lends */
    ef_expected expect_pairs, expect_genuine, expect_impostors, expect_folds;
    ef_expected expect_images, expect_templates, expect_gallery_1, expect_gallery_2, expect_probes;
    ef_metric_request *metrics;
    size_t metric_count;
} ef_protocol;

/* Loads a protocol by name or by path (a path has a '/' or ends in .ini; "-" is standard input, and then the name is "stdin").  A name is looked for, letters in any case and '-', '_'
 * and blanks alike or left out, in the folders of ef_protocol_folders(); an unknown one is an error that suggests the nearest.
 * The caller owns *out and frees it with ef_protocol_free(). */
EF_API EF_MUST_USE ef_status ef_protocol_load(ef_protocol **out, const char *name, ef_error *err);
EF_API void ef_protocol_free(ef_protocol *protocol); /* NULL is fine */

/* The names of all protocols that can be found, in alphabetical order, the first found of each name.  The caller frees *out. */
EF_API EF_MUST_USE ef_status ef_protocol_list(ef_strings **out, ef_error *err);

/* *name = the protocol among them that is the usual one for a kind of sets; EF_INVALID when none is, or more than one.  Files that cannot be read are passed
 * over, unless none is found: then the first one's error stands.  The caller frees *name. */
EF_API EF_MUST_USE ef_status ef_protocol_default(char **name, ef_default kind, ef_error *err);

/* "pairs", "scores", "distractors", "templates", "labels", "embeddings": as the key default_for has them. */
EF_API const char *ef_default_name(ef_default kind);

/* Where protocols are looked for, in order: $EFACE_PROTOCOLS (folders between colons), ./protocols, `protocols` beside the running program,
 * the installed share folder.  The caller frees *out. */
EF_API EF_MUST_USE ef_status ef_protocol_folders(ef_strings **out, ef_error *err);

/* "keep", "drop", "devkit"; and back.  ef_noise_parse() returns EF_INVALID for any other word. */
EF_API const char *ef_noise_name(ef_noise noise);
EF_API EF_MUST_USE ef_status ef_noise_parse(ef_noise *out, const char *text, ef_error *err);

/* Reads one request, "tar_at_far@1e-3" or "eer", checks that one of the tasks (ef_task bits) has the metric and that the point is in its range. */
EF_API EF_MUST_USE ef_status ef_metric_request_parse(ef_metric_request *out, const char *text, unsigned tasks, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
