/* published.h - figures that papers and public code print, read from INI files: a section per system, a key per figure.
 *
 *     [zoo-r100]
 *     name   = ArcFace R100
 *     source = where the figures stand
 *     lfw accuracy = 99.77             ; protocol, metric, and the figure in per cent
 *     ijbc tar_at_far@1e-4 = 96.03
 */
#ifndef EF_TABLE_PUBLISHED_H
#define EF_TABLE_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/metric.h>
#include <eface/strings.h>

typedef struct ef_published_figure {
    char *protocol;
    const ef_metric *metric;
    double point; /* NAN for a metric without one */
    double value; /* a share, in [0, 1] */
    char *text;   /* in per cent, as it was published: to its own digits */
} ef_published_figure;

typedef struct ef_published_system {
    char *path; /* of the file */
    char *id;   /* the section */
    char *name, *source;
    ef_published_figure *figures;
    size_t count, capacity;
} ef_published_system;

typedef struct ef_published {
    ef_published_system *systems;
    size_t count, capacity;
} ef_published;

/* Adds the systems of a file: by path (with a '/' or ending in .ini, or "-"), or by name in the folders `published` below those of protocols; with
 * ":ID" behind it that one system alone.  Unknown names and ids are EF_INVALID with the nearest; mistakes in a file are EF_FORMAT with
 * its line. */
EF_MUST_USE ef_status ef_published_add(ef_published *published, const char *name, ef_error *err);

/* The part of such a name that is the file's, without the id, in new memory; NULL when memory is out. */
char *ef_published_file(const char *name);

void ef_published_free(ef_published *published); /* an empty (zeroed) one is fine */

/* The names of all files that can be found, in alphabetical order.  The caller frees *out. */
EF_MUST_USE ef_status ef_published_list(ef_strings **out, ef_error *err);

/* NULL when the system has no such figure. */
const ef_published_figure *ef_published_find(const ef_published_system *system, const char *protocol, const char *metric,
                                             double point);

#endif
