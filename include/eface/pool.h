/* pool.h - templates from images: each template is one unit vector, made of all its images.
 *
 * The arithmetic is that of the public scripts (ijb_11.py), in float32 and in their order, so that the templates are theirs to
 * the last bit before the final float64 scaling:
 *   image = flip fusion of the stored rows; scaled to unit length if norm is EF_NORM_UNIT; times its detector score if weighted
 *   media = the mean of a template's images that share a media id, rows added in file order, then divided by their number
 *   template = the sum of its media in ascending media id, then, in float64, divided by its length
 * Images of a template need not stand together.  Memory: the templates in float64, 8 MiB of images, and in float32 the media and templates
 * that are open at a time (those whose images are not all read yet): the images are read in several passes when these exceed what
 * `memory` leaves beside the rest, or a quarter of `memory` where that is more.  Besides, up to 64 bytes for each image.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EFACE_POOL_H
#define EFACE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/rows.h>
#include <eface/set.h>
#include <eface/status.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The switches that public code calls N, D and F: their names contradict each other, so they are spelled out here. */
typedef enum ef_norm {
    EF_NORM_KEEP, /* an image weighs as its feature is long (ijb_11.py's N1, ijb_evals.py's N0) */
    EF_NORM_UNIT  /* every image's feature is scaled to unit length first */
} ef_norm;

typedef struct ef_pool_options {
    ef_flip flip;
    ef_norm norm;
    bool weight_quality; /* images weigh by their detector score */
    bool unit_media;     /* every media vector is scaled to unit length before the sum */
    ef_work work;
} ef_pool_options;

/* Template vectors, by ascending id. */
typedef struct ef_templates {
    size_t count, dim;
    int64_t *id;        /* distinct, ascending */
    double *unit;       /* count x dim, of length one */
    size_t media_count; /* distinct media within templates, summed over templates */
} ef_templates;

/* Pools images of `set`.  template_id and media_id have `count` entries, quality too (NULL unless weighted).  `row` says which row of the set
 * entry i is; NULL: entry i is row i.  "File order" above is the order of entries.  Rows in ascending order are read fastest.
 * Errors: what ef_set_read_floats() finds in the rows that are named, no embeddings (of mirrored images), a row beyond the set, a
 * detector score that is not finite, a template whose vector has length zero or is too large for float32, and an image or a medium
 * with such a length where it is to be scaled; of several templates the one with the lowest id is named.
 * The caller frees *out with ef_templates_free(). */
EF_API EF_MUST_USE ef_status ef_pool(ef_templates **out, const ef_set *set, const size_t *row, const int64_t *template_id,
                                     const int64_t *media_id, const float *quality, size_t count, const ef_pool_options *options,
                                     ef_error *err);
EF_API void ef_templates_free(ef_templates *templates); /* NULL is fine */

/* The position of an id; (size_t)-1 when there is no such template. */
EF_API size_t ef_templates_find(const ef_templates *templates, int64_t id);

#ifdef __cplusplus
}
#endif
#endif
