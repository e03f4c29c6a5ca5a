/* template_set.h - what a set itself says of its templates: the datasets templates, media, quality, gallery_1, gallery_2 and probe. */
#ifndef EF_EVALUATE_TEMPLATE_SET_H
#define EF_EVALUATE_TEMPLATE_SET_H

#include <stddef.h>

#include <eface/set.h>
#include <eface/template_list.h>

/* Template and media of each row; without names.  The caller frees what *out owns with ef_template_images_free(). */
EF_MUST_USE ef_status ef_template_set_images(ef_template_images *out, const ef_set *set, ef_error *err);

/* The detector scores of `count` images; row[i] is the row of image i, NULL: row i, of all rows.  The caller frees *out. */
EF_MUST_USE ef_status ef_template_set_quality(float **out, const ef_set *set, const size_t *row, size_t count, ef_error *err);

/* The templates of a gallery or of the probes, each once.  The caller frees what *out owns with ef_subjects_free(). */
EF_MUST_USE ef_status ef_template_set_subjects(ef_subjects *out, const ef_set *set, ef_field field, ef_error *err);

#endif
