#include "evaluate/sighting_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "list/sightings.h"
#include "evaluate/notes.h"
#include "evaluate/sighting_match.h"
#include "evaluate/template_set.h"

static const ef_template_file files[EF_SIGHTING_LISTS] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};

/* A list that is missing would be images that are missing. */
static ef_status check_files(const ef_template_plan *plan, const ef_protocol *protocol, ef_error *err)
{
    for (size_t i = 0; i < EF_SIGHTING_LISTS; i++) {
        if (protocol->template_files[files[i]] != NULL && plan->file[files[i]] == NULL) {
            return ef_fail(err, EF_IO, "%s: %s is missing: without %s, the images of all templates come from NIST's lists",
                           plan->where, protocol->template_files[files[i]],
                           protocol->template_files[EF_FILE_TEMPLATES] != NULL ? protocol->template_files[EF_FILE_TEMPLATES]
                                                                               : "a list of images");
        }
    }
    return EF_OK;
}

static ef_status take_images(ef_template_plan *plan, const ef_sightings *sightings, ef_error *err)
{
    ef_template_images *images = &plan->images;
    images->template_id = ef_alloc(sightings->count, sizeof *images->template_id);
    images->media_id = ef_alloc(sightings->count, sizeof *images->media_id);
    if (images->template_id == NULL || images->media_id == NULL) {
        return ef_fail_memory(err, "the images");
    }
    images->count = sightings->count;
    for (size_t i = 0; i < sightings->count; i++) {
        images->template_id[i] = sightings->rows[i].template_id;
        images->media_id[i] = sightings->rows[i].media_id;
    }
    return EF_OK;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static int64_t *sorted_ids(const int64_t *ids, size_t count)
{
    int64_t *sorted = ef_alloc(count, sizeof *sorted);
    if (sorted != NULL) {
        memcpy(sorted, ids, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_ids);
    }
    return sorted;
}

static size_t count_id(const int64_t *ids, size_t count, int64_t id)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += ids[i] == id;
    }
    return found;
}

/* Whether the set has as many images of each template as the lists. */
static ef_status check_counts(const ef_template_plan *plan, const ef_template_images *listed, const ef_set *set, ef_error *err)
{
    const ef_template_images *own = &plan->images;
    int64_t *a = sorted_ids(own->template_id, own->count), *b = sorted_ids(listed->template_id, listed->count);
    ef_status status = a != NULL && b != NULL ? EF_OK : ef_fail_memory(err, "the images");
    size_t i = 0;
    while (status == EF_OK && i < own->count && i < listed->count && a[i] == b[i]) {
        i++;
    }
    if (status == EF_OK && (i < own->count || i < listed->count)) {
        int64_t id = i == own->count ? b[i] : i == listed->count || a[i] < b[i] ? a[i] : b[i];
        status = ef_fail(err, EF_FORMAT, "%s has %zu images of template %lld, but NIST's lists in %s have %zu",
                         ef_set_field_name(set, EF_TEMPLATES), count_id(a, own->count, id), (long long)id, plan->where,
                         count_id(b, listed->count, id));
    }
    free(a);
    free(b);
    return status;
}

/* Templates and media as the datasets of the set have them. */
static ef_status take_own_images(ef_template_plan *plan, const ef_set *set, ef_error *err)
{
    ef_template_images listed = plan->images;
    plan->images = (ef_template_images){0};
    ef_status status = ef_template_set_images(&plan->images, set, err);
    if (status == EF_OK) {
        status = check_counts(plan, &listed, set, err);
    }
    ef_template_images_free(&listed);
    return status == EF_OK
               ? ef_note(plan->notes, err, "template and media of each image are those of the set, not of NIST's lists")
               : status;
}

static ef_status match_images(ef_template_plan *plan, const ef_sightings *sightings, const char *const *paths,
                              const ef_protocol *protocol, const ef_set *set, ef_error *err)
{
    char *form = NULL;
    ef_status status = ef_sighting_match(&plan->row, &form, sightings, paths, protocol->image_column, set, err);
    if (status == EF_OK) {
        status =
            ef_note(plan->notes, err, "NIST's lists: images of a template with the same %s are one media; images are found by %s",
                    protocol->media_column, form);
    }
    if (status == EF_OK && sightings->repeated > 0) {
        status = ef_note(plan->notes, err,
                         "%zu row%s of NIST's lists repeat%s a file of the same template: each row counts as an image",
                         sightings->repeated, sightings->repeated == 1 ? "" : "s", sightings->repeated == 1 ? "s" : "");
    }
    free(form);
    return status;
}

static ef_status find_images(ef_template_plan *plan, const ef_sightings *sightings, const char *const *paths,
                             const ef_protocol *protocol, const ef_set *set, ef_error *err)
{
    if (ef_set_has(set, EF_IDS)) {
        return match_images(plan, sightings, paths, protocol, set, err);
    }
    if (ef_set_has(set, EF_TEMPLATES) && ef_set_has(set, EF_MEDIA)) {
        return take_own_images(plan, set, err);
    }
    const char *column = protocol->image_column;
    return ef_fail(
        err, EF_FORMAT,
        "%s is missing: NIST's lists in %s name images, so the set must name its rows: %s, SUBJECT_ID/%s or TEMPLATE_ID/%s (or "
        "have the datasets templates and media)",
        ef_set_field_name(set, EF_IDS), plan->where, column, column, column);
}

/* Hands the subjects over to the plan. */
static void take_subjects(ef_template_plan *plan, ef_sightings *sightings)
{
    size_t list = 0;
    for (size_t i = 0; i < EF_SIGHTING_LISTS; i++) {
        if (plan->file[files[i]] != NULL) {
            plan->of_list[i] = sightings->of_list[list];
            sightings->of_list[list++] = (ef_subjects){0};
        }
    }
    plan->of_all = sightings->of_all;
    sightings->of_all = (ef_subjects){0};
}

ef_status ef_sighting_plan_read(ef_template_plan *plan, const ef_protocol *protocol, const ef_set *set, bool weight, int threads,
                                ef_error *err)
{
    const char *paths[EF_SIGHTING_LISTS];
    size_t count = 0;
    ef_sightings sightings = {0};
    const ef_sighting_columns columns = {protocol->image_column, protocol->media_column};
    ef_status status = check_files(plan, protocol, err);
    if (status == EF_OK && weight && !ef_set_has(set, EF_QUALITY)) {
        status =
            ef_fail(err, EF_FORMAT, "%s is missing, and NIST's lists have no detector scores; --weight none goes without them",
                    ef_set_field_name(set, EF_QUALITY));
    }
    for (size_t i = 0; i < EF_SIGHTING_LISTS; i++) {
        if (plan->file[files[i]] != NULL) {
            paths[count++] = plan->file[files[i]];
        }
    }
    if (status == EF_OK) {
        status = ef_sightings_read(&sightings, paths, count, &columns, threads, err);
    }
    if (status == EF_OK && (status = take_images(plan, &sightings, err)) == EF_OK &&
        (status = find_images(plan, &sightings, paths, protocol, set, err)) == EF_OK && weight) {
        status = ef_template_set_quality(&plan->quality, set, plan->row, plan->images.count, err);
    }
    if (status == EF_OK) {
        take_subjects(plan, &sightings);
    }
    ef_sightings_free(&sightings);
    return status;
}
