#include "score/pair_mates.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

static int order(int64_t label_a, size_t number_a, int64_t label_b, size_t number_b)
{
    int by_label = (label_a > label_b) - (label_a < label_b);
    return by_label != 0 ? by_label : (number_a > number_b) - (number_a < number_b);
}

static int compare(const void *left, const void *right)
{
    const ef_labelled *a = left, *b = right;
    return order(a->label, a->number, b->label, b->number);
}

ef_status ef_pair_mates_create(ef_pair_mates *mates, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    *mates = (ef_pair_mates){.rows = rows, .self = columns == NULL};
    columns = columns != NULL ? columns : rows;
    if (rows->label == NULL || columns->label == NULL) {
        return EF_OK;
    }
    mates->column = ef_alloc(columns->count, sizeof *mates->column);
    if (mates->column == NULL) {
        return ef_fail_memory(err, "labels");
    }
    mates->count = columns->count;
    for (size_t i = 0; i < columns->count; i++) {
        mates->column[i] = (ef_labelled){columns->label[i], i};
    }
    qsort(mates->column, mates->count, sizeof *mates->column, compare);
    return EF_OK;
}

void ef_pair_mates_free(ef_pair_mates *mates)
{
    free(mates->column);
    *mates = (ef_pair_mates){0};
}

/* How many are before (label, number). */
static size_t before(const ef_pair_mates *mates, int64_t label, size_t number)
{
    size_t begin = 0, end = mates->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (order(mates->column[middle].label, mates->column[middle].number, label, number) < 0) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

void ef_pair_mates_of(const ef_pair_mates *mates, size_t row, size_t first, size_t end, size_t *begin, size_t *stop)
{
    *begin = *stop = 0;
    if (mates->count > 0) {
        int64_t label = mates->rows->label[row];
        first = mates->self && first <= row ? row + 1 : first;
        *begin = before(mates, label, first);
        *stop = first < end ? before(mates, label, end) : *begin;
    }
}
