#include "train/classes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/labels_advice.h"

typedef struct labelled {
    int64_t label;
    uint32_t row;
} labelled;

enum { nobody = -1 /* the label of images that name no subject */ };

/* Numbers texts in order of first appearance; an empty one is nobody, and so is a negative number. */
static ef_status number_texts(labelled *out, const ef_set *set, ef_error *err)
{
    ef_strings *texts = NULL, *distinct = NULL;
    ef_intern *intern = NULL;
    size_t number = 0;
    ef_status status = ef_set_read_strings(set, EF_LABELS, &texts, err);
    if (status == EF_OK && (status = ef_strings_create(&distinct, err)) == EF_OK) {
        status = ef_intern_create(&intern, distinct, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(texts); i++) {
        const char *text = ef_strings_at(texts, i);
        bool unknown = ef_label_is_nobody(text);
        if (!unknown) {
            status = ef_intern_add(&number, intern, text, strlen(text), err);
        }
        out[i] = (labelled){unknown ? nobody : (int64_t)number, (uint32_t)i};
    }
    ef_intern_free(intern);
    ef_strings_free(distinct);
    ef_strings_free(texts);
    return status;
}

static ef_status read_numbers(labelled *out, const ef_set *set, ef_error *err)
{
    int64_t *numbers = NULL;
    ef_status status = ef_set_read_integers(set, EF_LABELS, &numbers, err);
    for (size_t i = 0; status == EF_OK && i < ef_set_rows(set); i++) {
        out[i] = (labelled){numbers[i] < 0 ? nobody : numbers[i], (uint32_t)i};
    }
    free(numbers);
    return status;
}

static int by_label(const void *left, const void *right)
{
    const labelled *a = left, *b = right;
    if (a->label != b->label) {
        return a->label < b->label ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

/* Makes classes of runs of equal labels that are long enough. */
static void gather(ef_classes *out, const labelled *sorted, size_t least)
{
    for (size_t first = 0, end; first < out->rows; first = end) {
        for (end = first + 1; end < out->rows && sorted[end].label == sorted[first].label;) {
            end++;
        }
        bool unknown = sorted[first].label == nobody, kept = !unknown && end - first >= least;
        for (size_t i = first; i < end; i++) {
            out->of_row[sorted[i].row] = kept ? (int32_t)out->count : EF_NO_CLASS;
            if (kept) {
                out->row[out->images++] = sorted[i].row;
            }
        }
        out->left_out += kept || unknown ? 0 : end - first;
        out->unknown += unknown ? end - first : 0;
        out->count += kept;
        out->start[out->count] = out->images;
    }
}

static ef_status check_count(const ef_classes *classes, const ef_set *set, size_t least, ef_error *err)
{
    const char *name = ef_set_field_name(set, EF_LABELS);
    if (classes->count >= 2) {
        return EF_OK;
    }
    if (classes->unknown == classes->rows) {
        return ef_fail(err, EF_FORMAT, "%s: names no subject: all labels are negative or empty", name);
    }
    if (classes->count == 0) {
        return ef_fail(err, EF_FORMAT, "%s: nobody has %zu images or more; nothing is left to train on", name, least);
    }
    if (classes->left_out > 0) {
        return ef_fail(err, EF_FORMAT, "%s: only one subject has %zu images or more; training needs at least two", name, least);
    }
    return ef_fail(err, EF_FORMAT, "%s: all %zu images are of one subject; training needs at least two", name, classes->images);
}

static ef_status fail_unlabelled(const ef_set *set, ef_error *err)
{
    char *advice = NULL;
    ef_status status = ef_labels_advice(&advice, set, err);
    if (status == EF_OK) {
        status = ef_fail(err, EF_FORMAT, "%s: is missing; training needs to know whom each image shows%s",
                         ef_set_field_name(set, EF_LABELS), advice);
    }
    free(advice);
    return status;
}

ef_status ef_classes_read(ef_classes *out, const ef_set *set, size_t least, ef_error *err)
{
    size_t rows = ef_set_rows(set);
    *out = (ef_classes){.rows = rows};
    if (rows == 0) {
        return ef_fail(err, EF_FORMAT, "%s: has no embeddings to train on", ef_set_name(set));
    }
    if (!ef_set_has(set, EF_LABELS)) {
        return fail_unlabelled(set, err);
    }
    if (rows > INT32_MAX) {
        return ef_fail(err, EF_FORMAT, "%s: has %zu rows; at most %" PRId32 " can be trained on",
                       ef_set_field_name(set, EF_EMBEDDINGS), rows, INT32_MAX);
    }
    labelled *sorted = ef_alloc(rows, sizeof *sorted);
    out->of_row = ef_alloc(rows, sizeof *out->of_row);
    out->row = ef_alloc(rows, sizeof *out->row);
    out->start = ef_alloc_zero(rows + 1, sizeof *out->start);
    ef_status status = EF_OK;
    if (sorted == NULL || out->of_row == NULL || out->row == NULL || out->start == NULL) {
        status = ef_fail_memory(err, "labels");
    }
    if (status == EF_OK) {
        status = ef_set_is_text(set, EF_LABELS) ? number_texts(sorted, set, err) : read_numbers(sorted, set, err);
    }
    if (status == EF_OK) {
        qsort(sorted, rows, sizeof *sorted, by_label);
        gather(out, sorted, least);
        status = check_count(out, set, least, err);
    }
    free(sorted);
    if (status != EF_OK) {
        ef_classes_free(out);
    }
    return status;
}

void ef_classes_free(ef_classes *classes)
{
    free(classes->of_row);
    free(classes->row);
    free(classes->start);
    *classes = (ef_classes){0};
}
