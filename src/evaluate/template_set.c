#include "evaluate/template_set.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

ef_status ef_template_set_images(ef_template_images *out, const ef_set *set, ef_error *err)
{
    *out = (ef_template_images){.count = ef_set_rows(set)};
    ef_status status = ef_set_read_integers(set, EF_TEMPLATES, &out->template_id, err);
    if (status == EF_OK) {
        status = ef_set_read_integers(set, EF_MEDIA, &out->media_id, err);
    }
    if (status != EF_OK) {
        ef_template_images_free(out);
    }
    return status;
}

ef_status ef_template_set_quality(float **out, const ef_set *set, const size_t *row, size_t count, ef_error *err)
{
    size_t rows = ef_set_rows(set);
    double *quality = ef_alloc(rows, sizeof *quality);
    float *made = ef_alloc(count, sizeof *made);
    ef_status status = quality != NULL && made != NULL ? ef_set_read_reals(set, EF_QUALITY, 0, rows, quality, err)
                                                       : ef_fail_memory(err, "the detector scores");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        made[i] = (float)quality[row != NULL ? row[i] : i];
    }
    free(quality);
    if (status != EF_OK) {
        free(made);
        return status;
    }
    *out = made;
    return EF_OK;
}

typedef struct member {
    int64_t template_id, subject_id;
    size_t row;
} member;

static int by_template(const void *a, const void *b)
{
    const member *left = a, *right = b;
    int order = (left->template_id > right->template_id) - (left->template_id < right->template_id);
    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

/* T x 2 integers: each template once, or again with the same subject. */
ef_status ef_template_set_subjects(ef_subjects *out, const ef_set *set, ef_field field, ef_error *err)
{
    int64_t *values = NULL;
    size_t count = ef_set_field_rows(set, field), kept = 0;
    member *members = ef_alloc(count, sizeof *members);
    ef_subjects made = {0, ef_alloc(count, sizeof *made.template_id), ef_alloc(count, sizeof *made.subject_id),
                        ef_alloc(count, sizeof *made.place)};
    ef_status status = members != NULL && made.template_id != NULL && made.subject_id != NULL && made.place != NULL
                           ? ef_set_read_integers(set, field, &values, err)
                           : ef_fail_memory(err, "a gallery");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        members[i] = (member){values[2 * i], values[2 * i + 1], i};
    }
    if (status == EF_OK && count > 0) {
        qsort(members, count, sizeof *members, by_template);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (kept > 0 && made.template_id[kept - 1] == members[i].template_id) {
            if (made.subject_id[kept - 1] != members[i].subject_id) {
                status = ef_fail(err, EF_FORMAT, "%s row %zu: template %lld has another subject in a row before",
                                 ef_set_field_name(set, field), members[i].row, (long long)members[i].template_id);
            }
            continue;
        }
        made.template_id[kept] = members[i].template_id;
        made.place[kept] = members[i].row;
        made.subject_id[kept++] = members[i].subject_id;
    }
    free(values);
    free(members);
    made.count = kept;
    if (status != EF_OK) {
        ef_subjects_free(&made);
        return status;
    }
    *out = made;
    return EF_OK;
}
