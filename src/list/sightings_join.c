/* NIST's lists against each other: one subject and one set of images for each template, however many lists have it. */
#include "list/sightings.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

/* Rows one after another of one list, one template and one subject. */
typedef struct run {
    int64_t template_id, subject_id;
    size_t first, count; /* rows */
    size_t list;
} run;

typedef struct joining {
    ef_sightings *table;
    const char *const *paths;
    run *runs;
    size_t count, capacity;
    size_t *last; /* the group that had a file last, by file; groups count from 1 */
} joining;

/* Left out: its template was in a list before. */
#define LEFT_OUT ((size_t)-1)

static ef_status make_runs(joining *join, ef_error *err)
{
    for (size_t i = 0; i < join->table->count; i++) {
        const ef_sighting *row = &join->table->rows[i];
        run *last = join->count > 0 ? &join->runs[join->count - 1] : NULL;
        if (last != NULL && last->template_id == row->template_id && last->subject_id == row->subject_id &&
            last->list == row->list) {
            last->count++;
            continue;
        }
        if (!ef_grow(&join->runs, &join->capacity, join->count + 1, sizeof *join->runs)) {
            return ef_fail_memory(err, "the templates of a list");
        }
        join->runs[join->count++] = (run){row->template_id, row->subject_id, i, 1, row->list};
    }
    return EF_OK;
}

static int compare_runs(const void *a, const void *b)
{
    const run *x = a, *y = b;
    int order = (x->template_id > y->template_id) - (x->template_id < y->template_id);
    return order != 0 ? order : (x->first > y->first) - (x->first < y->first);
}

/* Where the runs of the template that begin at `at` end. */
static size_t group_end(const joining *join, size_t at)
{
    size_t end = at + 1;
    while (end < join->count && join->runs[end].template_id == join->runs[at].template_id) {
        end++;
    }
    return end;
}

/* Where the runs of one list, which begin at `at` and end at `end` at the latest, end. */
static size_t list_end(const joining *join, size_t at, size_t end)
{
    size_t next = at + 1;
    while (next < end && join->runs[next].list == join->runs[at].list) {
        next++;
    }
    return next;
}

static ef_status check_subjects(const joining *join, ef_error *err)
{
    const run *wrong = NULL, *before = NULL;
    for (size_t at = 0, end; at < join->count; at = end) {
        end = group_end(join, at);
        for (size_t i = at + 1; i < end; i++) {
            /* The first contradiction of the lists, not that of the smallest template. */
            if (join->runs[i].subject_id != join->runs[at].subject_id && (wrong == NULL || join->runs[i].first < wrong->first)) {
                wrong = &join->runs[i];
                before = &join->runs[at];
            }
        }
    }
    if (wrong == NULL) {
        return EF_OK;
    }
    const ef_sighting *here = &join->table->rows[wrong->first], *there = &join->table->rows[before->first];
    return ef_fail(err, EF_FORMAT, "%s:%zu: template %lld is of subject %lld here, and of %lld in %s:%zu",
                   join->paths[here->list], here->line, (long long)here->template_id, (long long)here->subject_id,
                   (long long)there->subject_id, join->paths[there->list], there->line);
}

typedef struct image {
    size_t file;
    int64_t media_id;
} image;

static int compare_images(const void *a, const void *b)
{
    const image *x = a, *y = b;
    int order = (x->file > y->file) - (x->file < y->file);
    return order != 0 ? order : (x->media_id > y->media_id) - (x->media_id < y->media_id);
}

/* The images of runs begin .. end-1, in an order of their own; NULL when memory is out. */
static image *images_of(size_t *count, const joining *join, size_t begin, size_t end)
{
    *count = 0;
    for (size_t i = begin; i < end; i++) {
        *count += join->runs[i].count;
    }
    image *images = ef_alloc(*count, sizeof *images);
    size_t at = 0;
    for (size_t i = begin; images != NULL && i < end; i++) {
        for (size_t j = 0; j < join->runs[i].count; j++) {
            const ef_sighting *row = &join->table->rows[join->runs[i].first + j];
            images[at++] = (image){row->file, row->media_id};
        }
    }
    if (images != NULL) {
        qsort(images, *count, sizeof *images, compare_images);
    }
    return images;
}

/* Leaves out the rows of a template in one list, runs begin .. end-1, after finding the images those of an earlier list, from `at` on. */
static ef_status leave_out(joining *join, size_t at, size_t begin, size_t end, ef_error *err)
{
    size_t count, other_count;
    image *images = images_of(&count, join, at, list_end(join, at, end)), *others = images_of(&other_count, join, begin, end);
    ef_status status = images != NULL && others != NULL ? EF_OK : ef_fail_memory(err, "the images of a template");
    bool same = status == EF_OK && count == other_count;
    for (size_t i = 0; same && i < count; i++) {
        same = compare_images(&images[i], &others[i]) == 0;
    }
    free(images);
    free(others);
    if (status == EF_OK && !same) {
        const ef_sighting *here = &join->table->rows[join->runs[begin].first], *there = &join->table->rows[join->runs[at].first];
        status = ef_fail(err, EF_FORMAT, "%s:%zu: template %lld has other images here than in %s:%zu", join->paths[here->list],
                         here->line, (long long)here->template_id, join->paths[there->list], there->line);
    }
    for (size_t i = begin; status == EF_OK && i < end; i++) {
        for (size_t j = 0; j < join->runs[i].count; j++) {
            join->table->rows[join->runs[i].first + j].list = LEFT_OUT;
        }
    }
    return status;
}

static void add_subject(ef_subjects *to, const run *from)
{
    to->template_id[to->count] = from->template_id;
    to->subject_id[to->count++] = from->subject_id;
}

/* The rows of runs begin .. end-1 whose file stands in the group before. */
static size_t count_repeated(joining *join, size_t begin, size_t end, size_t group)
{
    size_t repeated = 0;
    for (size_t i = begin; i < end; i++) {
        for (size_t j = 0; j < join->runs[i].count; j++) {
            size_t file = join->table->rows[join->runs[i].first + j].file;
            repeated += join->last[file] == group;
            join->last[file] = group;
        }
    }
    return repeated;
}

/* Goes through the templates, each in the lists that have it. */
static ef_status join_groups(joining *join, ef_error *err)
{
    ef_sightings *table = join->table;
    ef_status status = EF_OK;
    size_t group = 0;
    for (size_t at = 0, end; status == EF_OK && at < join->count; at = end) {
        size_t first_end;
        end = group_end(join, at);
        first_end = list_end(join, at, end);
        table->repeated += count_repeated(join, at, first_end, ++group);
        add_subject(&table->of_all, &join->runs[at]);
        add_subject(&table->of_list[join->runs[at].list], &join->runs[at]);
        for (size_t begin = first_end, next; status == EF_OK && begin < end; begin = next) {
            next = list_end(join, begin, end);
            add_subject(&table->of_list[join->runs[begin].list], &join->runs[begin]);
            status = leave_out(join, at, begin, next, err);
        }
    }
    return status;
}

/* Room for every run, more than there are templates. */
static ef_status make_room(ef_subjects *subjects, size_t count, ef_error *err)
{
    subjects->template_id = ef_alloc(count, sizeof *subjects->template_id);
    subjects->subject_id = ef_alloc(count, sizeof *subjects->subject_id);
    return subjects->template_id != NULL && subjects->subject_id != NULL ? EF_OK : ef_fail_memory(err, "the templates of a list");
}

ef_status ef_sightings_join(ef_sightings *sightings, const char *const *paths, size_t count, ef_error *err)
{
    joining join = {.table = sightings, .paths = paths};
    size_t kept = 0;
    ef_status status = make_runs(&join, err);
    if (status == EF_OK && join.count > 0) {
        qsort(join.runs, join.count, sizeof *join.runs, compare_runs);
        status = check_subjects(&join, err);
    }
    join.last = ef_alloc_zero(ef_strings_count(sightings->files), sizeof *join.last);
    if (status == EF_OK && join.last == NULL) {
        status = ef_fail_memory(err, "the files of a list");
    }
    if (status == EF_OK) {
        status = make_room(&sightings->of_all, join.count, err);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = make_room(&sightings->of_list[i], join.count, err);
    }
    if (status == EF_OK) {
        status = join_groups(&join, err);
    }
    for (size_t i = 0; status == EF_OK && i < sightings->count; i++) {
        if (sightings->rows[i].list != LEFT_OUT) {
            sightings->rows[kept++] = sightings->rows[i];
        }
    }
    sightings->count = kept;
    free(join.runs);
    free(join.last);
    return status;
}
