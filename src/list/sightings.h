/* sightings.h - the lists of templates that NIST distributes: a row for each image of a template, with its subject and its medium.
 *
 * Several lists are read as one table: those of the galleries and of the probes (ijbc_1N_gallery_G1.csv, ijbc_1N_probe_mixed.csv).  They are
 * comma-separated, and their headings name the columns.  A template has one subject everywhere.  One that stands in several lists has the
 * same images in each, and is in the table once.  A file may stand in several templates, and in several rows of one: each row is an image.
 * Thread rule: constant once read. */
#ifndef EF_LIST_SIGHTINGS_H
#define EF_LIST_SIGHTINGS_H

#include <stddef.h>
#include <stdint.h>

#include <eface/strings.h>
#include <eface/template_list.h>

enum { EF_SIGHTING_LISTS = 3 /* at most */ };

typedef struct ef_sighting {
    int64_t template_id, subject_id, media_id;
    size_t file; /* index of its file's name */
    size_t line;
    size_t list; /* in which it stands: the first, when its template is in several */
} ef_sighting;

typedef struct ef_sightings {
    size_t count;
    ef_sighting *rows;                      /* in the order of the lists */
    ef_strings *files;                      /* the distinct names, as written */
    ef_subjects of_list[EF_SIGHTING_LISTS]; /* the templates of each list, */
    ef_subjects of_all;                     /* and of all of them */
    size_t repeated;                        /* rows whose file stands in their template before */
} ef_sightings;

/* Which columns to read besides TEMPLATE_ID and SUBJECT_ID. */
typedef struct ef_sighting_columns {
    const char *file; /* the image's file */
    const char
        *media; /* images of a template that agree in it are one medium.  Integers; or, when the first row of all has none, any
                          text, numbered in the order of first use */
} ef_sighting_columns;

/* Reads the lists `paths`, at most EF_SIGHTING_LISTS of them.  The caller frees what *out owns with ef_sightings_free(). */
EF_MUST_USE ef_status ef_sightings_read(ef_sightings *out, const char *const *paths, size_t count,
                                        const ef_sighting_columns *columns, int threads, ef_error *err);
void ef_sightings_free(ef_sightings *sightings); /* an empty one is fine */

/* The same with blocks of any size, so that tests can have many of them. */
EF_MUST_USE ef_status ef_sightings_read_blocks(ef_sightings *out, const char *const *paths, size_t count,
                                               const ef_sighting_columns *columns, size_t block_bytes, int threads,
                                               ef_error *err);

/* Their second half: checks the rows of all lists against each other, leaves out those of a template that a list before has too, and
 * fills of_list, of_all and repeated. */
EF_MUST_USE ef_status ef_sightings_join(ef_sightings *sightings, const char *const *paths, size_t count, ef_error *err);

#endif
