#include "evaluate/template_plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <eface/id_index.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "evaluate/example_id.h"
#include "evaluate/list_places.h"
#include "evaluate/notes.h"
#include "evaluate/pair_plan.h"
#include "evaluate/sighting_plan.h"
#include "evaluate/template_set.h"

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

/* *path = a list of the protocol in `base`, NULL when it is not there. */
static ef_status find_file(char **path, const char *base, const char *name, ef_error *err)
{
    *path = NULL;
    if (name == NULL) {
        return EF_OK;
    }
    char *candidate = ef_copy_format("%s/%s", base, name);
    if (candidate == NULL) {
        return ef_fail_memory(err, "the lists");
    }
    if (exists(candidate)) {
        *path = candidate;
    } else {
        free(candidate);
    }
    return EF_OK;
}

/* Looks for some of the protocol's lists in a folder. */
static ef_status find_in(ef_template_plan *plan, const ef_protocol *protocol, const char *base, const ef_template_file *files,
                         size_t count, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = find_file(&plan->file[files[i]], base, protocol->template_files[files[i]], err);
    }
    return status;
}

/* The repackaged lists, when `base` has the list of images. */
static ef_status find_repackaged(ef_template_plan *plan, const ef_protocol *protocol, const char *base, ef_error *err)
{
    static const ef_template_file first[] = {EF_FILE_TEMPLATES}, others[] = {EF_FILE_QUALITY, EF_FILE_PAIRS, EF_FILE_GALLERY_1,
                                                                             EF_FILE_GALLERY_2, EF_FILE_PROBE};
    ef_status status = find_in(plan, protocol, base, first, 1, err);
    if (status != EF_OK || plan->file[EF_FILE_TEMPLATES] == NULL) {
        return status;
    }
    plan->where = ef_copy(plan->file[EF_FILE_TEMPLATES]);
    return plan->where != NULL ? find_in(plan, protocol, base, others, sizeof others / sizeof *others, err)
                               : ef_fail_memory(err, "the lists");
}

/* Galleries and probes have the same names in both distributions: beside the repackaged lists, NIST's are not meant. */
static ef_status check_not_repackaged(const ef_template_plan *plan, const ef_protocol *protocol, const char *base, ef_error *err)
{
    static const ef_template_file own[] = {EF_FILE_QUALITY, EF_FILE_PAIRS};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        char *file = NULL;
        ef_status status = find_file(&file, base, protocol->template_files[own[i]], err);
        bool there = file != NULL;
        free(file);
        if (status != EF_OK) {
            return status;
        }
        if (there && plan->file[EF_FILE_TEMPLATES] == NULL && protocol->template_files[EF_FILE_TEMPLATES] != NULL) {
            return ef_fail(err, EF_IO, "%s: there is no %s, but %s is there: the list of images is missing", base,
                           protocol->template_files[EF_FILE_TEMPLATES], protocol->template_files[own[i]]);
        }
    }
    return EF_OK;
}

/* NIST's own, when `base` has a gallery or the probes. */
static ef_status find_nist(ef_template_plan *plan, const ef_protocol *protocol, const char *base, ef_error *err)
{
    static const ef_template_file files[] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};
    ef_status status = find_in(plan, protocol, base, files, sizeof files / sizeof *files, err);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        plan->nist = plan->nist || plan->file[files[i]] != NULL;
    }
    if (status != EF_OK || !plan->nist) {
        return status;
    }
    if ((status = check_not_repackaged(plan, protocol, base, err)) != EF_OK) {
        return status;
    }
    plan->where = ef_copy(base);
    return plan->where != NULL ? find_file(&plan->file[EF_FILE_PAIRS], base, protocol->template_files[EF_FILE_MATCHES], err)
                               : ef_fail_memory(err, "the lists");
}

/* What to call lists that are nowhere. */
static const char *main_list(const ef_protocol *protocol)
{
    static const ef_template_file files[] = {EF_FILE_TEMPLATES, EF_FILE_PROBE, EF_FILE_GALLERY_1, EF_FILE_GALLERY_2};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (protocol->template_files[files[i]] != NULL) {
            return protocol->template_files[files[i]];
        }
    }
    return NULL;
}

/* Looks for the protocol's lists in a folder and around it; the repackaged ones, with everything in them, go before NIST's. */
static ef_status find_files(ef_template_plan *plan, const ef_protocol *protocol, const char *folder, const char *origin,
                            ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && plan->where == NULL && i < 2 * (size_t)EF_LIST_PLACES; i++) {
        char *base = ef_list_place(protocol, folder, i % EF_LIST_PLACES);
        status = base == NULL         ? ef_fail_memory(err, "the lists")
                 : i < EF_LIST_PLACES ? find_repackaged(plan, protocol, base, err)
                                      : find_nist(plan, protocol, base, err);
        free(base);
    }
    if (status == EF_OK && plan->where == NULL) {
        const char *probe = protocol->template_files[EF_FILE_PROBE];
        status = ef_fail(err, EF_IO,
                         "%s: there is no %s%s%s in this folder, in its 'meta', 'protocols' or 'protocol', or in '%s' and "
                         "these folders of it (%s)",
                         folder, main_list(protocol), probe != NULL && probe != main_list(protocol) ? ", nor NIST's " : "",
                         probe != NULL && probe != main_list(protocol) ? probe : "", protocol->folder, origin);
    }
    return status;
}

/* Ids and names from the lists; which row of the set an image is. */
static ef_status read_lists(ef_template_plan *plan, const ef_protocol *protocol, const ef_set *set, bool weight,
                            const ef_evaluate_options *options, ef_error *err)
{
    const char *list = plan->file[EF_FILE_TEMPLATES];
    bool names = ef_set_has(set, EF_IDS); /* images are found by name; else names only show that both lists are of one order */
    ef_strings *ids = NULL;
    ef_id_index *index = NULL;
    size_t scores = 0;
    ef_status status = ef_template_images_read(&plan->images, list, names || weight, options->work.threads, err);
    if (status != EF_OK) {
        return status;
    }
    if (weight && plan->file[EF_FILE_QUALITY] == NULL) {
        return ef_fail(err, EF_IO, "%s is missing beside %s; --weight none goes without detector scores",
                       protocol->template_files[EF_FILE_QUALITY], list);
    }
    if (weight) {
        status = ef_template_quality_read(&plan->quality, &scores, plan->file[EF_FILE_QUALITY], plan->images.names,
                                          options->work.threads, err);
    }
    if (status == EF_OK && !names && ef_set_rows(set) != plan->images.count) {
        status =
            ef_fail(err, EF_FORMAT,
                    "%s has %zu rows, but %s lists %zu images: row i must be image i, or the set needs image names (dataset ids)",
                    ef_set_field_name(set, EF_EMBEDDINGS), ef_set_rows(set), list, plan->images.count);
    }
    if (status != EF_OK || !names) {
        return status;
    }
    status = ef_set_read_strings(set, EF_IDS, &ids, err);
    bool same = status == EF_OK && ef_strings_count(ids) == plan->images.count;
    for (size_t i = 0; same && i < plan->images.count; i++) {
        same = strcmp(ef_strings_at(ids, i), ef_strings_at(plan->images.names, i)) == 0;
    }
    if (status == EF_OK && !same) {
        plan->row = ef_alloc(plan->images.count, sizeof *plan->row);
        status = plan->row != NULL ? ef_id_index_create(&index, ids, ef_set_field_name(set, EF_IDS), err)
                                   : ef_fail_memory(err, "the images");
    }
    if (status == EF_OK && !same) {
        status = ef_id_index_match(plan->row, index, plan->images.names, err);
    }
    for (size_t i = 0; status == EF_OK && !same && i < plan->images.count; i++) {
        if (plan->row[i] == EF_ID_MISSING || plan->row[i] == EF_ID_AMBIGUOUS) {
            char known[EF_EXAMPLE_ID];
            status = ef_fail(err, EF_FORMAT, "%s:%zu: %s '%s' in %s (%s)", list, i + 1,
                             plan->row[i] == EF_ID_MISSING ? "no image" : "several images could be",
                             ef_strings_at(plan->images.names, i), ef_set_field_name(set, EF_IDS), ef_example_id(known, set));
        }
    }
    ef_id_index_free(index);
    ef_strings_free(ids);
    return status;
}

/* Ids and detector scores from the set. */
static ef_status read_set(ef_template_plan *plan, const ef_set *set, bool weight, ef_error *err)
{
    plan->from_set = true;
    plan->where = ef_copy(ef_set_name(set));
    ef_status status = plan->where != NULL ? ef_template_set_images(&plan->images, set, err) : ef_fail_memory(err, "a plan");
    if (status != EF_OK || !weight) {
        return status;
    }
    if (!ef_set_has(set, EF_QUALITY)) {
        return ef_fail(err, EF_FORMAT, "%s is missing; --weight none goes without detector scores",
                       ef_set_field_name(set, EF_QUALITY));
    }
    return ef_template_set_quality(&plan->quality, set, NULL, plan->images.count, err);
}

/* The lists of galleries and probes, once: one may be a pipe. */
static ef_status read_subjects(ef_template_plan *plan, ef_error *err)
{
    static const ef_template_file files[] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < sizeof files / sizeof *files; i++) {
        if (plan->file[files[i]] != NULL) {
            status = ef_subjects_read(&plan->of_list[i], plan->file[files[i]], err);
        }
    }
    return status;
}

ef_status ef_template_plan_create(ef_template_plan **out, const ef_protocol *protocol, const ef_set *set, bool weight,
                                  const ef_evaluate_options *options, ef_error *err)
{
    const char *below = getenv("EFACE_DATA");
    ef_template_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return ef_fail_memory(err, "a plan");
    }
    const char *list = main_list(protocol);
    bool inside = ef_set_has(set, EF_TEMPLATES) && ef_set_has(set, EF_MEDIA);
    ef_status status = ef_strings_create(&plan->notes, err);
    if (status == EF_OK && options->data != NULL && list != NULL) {
        status = find_files(plan, protocol, options->data, "--data", err);
    } else if (status == EF_OK && !inside && list != NULL && below != NULL && *below != '\0') {
        status = find_files(plan, protocol, below, "EFACE_DATA", err);
    } else if (status == EF_OK && !inside) {
        status = ef_fail(
            err, EF_INVALID,
            "%s needs to know the template and media of every image: give the folder of %s with --data DIR, or put the datasets "
            "templates and media into %s",
            protocol->name, list != NULL ? list : "its lists", ef_set_name(set));
    }
    if (status == EF_OK) {
        for (int file = 0; file < EF_FILE_COUNT; file++) {
            if (plan->file[file] != NULL) {
                ef_file_mark_take(&plan->mark[file], plan->file[file]);
            }
        }
        status = plan->nist            ? ef_sighting_plan_read(plan, protocol, set, weight, options->work.threads, err)
                 : plan->where != NULL ? read_lists(plan, protocol, set, weight, options, err)
                                       : read_set(plan, set, weight, err);
    }
    /* How many rows NIST's lists have is not how many faces were cropped for the repackaged list. */
    if (status == EF_OK && !plan->nist) {
        status = ef_plan_expect(&plan->partial, plan->notes, protocol, &protocol->expect_images, "images", plan->images.count,
                                plan->where, options->allow_partial, err);
    }
    if (status == EF_OK && !plan->nist && plan->where != NULL) {
        status = read_subjects(plan, err);
    }
    if (status != EF_OK) {
        ef_template_plan_free(plan);
        return status;
    }
    *out = plan;
    return EF_OK;
}

void ef_template_plan_free(ef_template_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    ef_template_images_free(&plan->images);
    free(plan->row);
    free(plan->quality);
    for (int file = 0; file < EF_FILE_COUNT; file++) {
        free(plan->file[file]);
    }
    for (size_t i = 0; i < sizeof plan->of_list / sizeof *plan->of_list; i++) {
        ef_subjects_free(&plan->of_list[i]);
    }
    ef_subjects_free(&plan->of_all);
    free(plan->pair_subjects);
    free(plan->where);
    ef_strings_free(plan->notes);
    free(plan);
}

bool ef_template_plan_has_pairs(const ef_template_plan *plan, const ef_set *set)
{
    return plan->from_set ? ef_set_has(set, EF_TEMPLATE_PAIRS) : plan->file[EF_FILE_PAIRS] != NULL;
}

bool ef_template_plan_has_galleries(const ef_template_plan *plan, const ef_set *set)
{
    return plan->from_set ? ef_set_has(set, EF_GALLERY_1) && ef_set_has(set, EF_PROBE)
                          : plan->file[EF_FILE_GALLERY_1] != NULL && plan->file[EF_FILE_PROBE] != NULL;
}

/* The subject of each template, in the order of `ids`. */
static ef_status find_subjects(int64_t *subjects, const ef_subjects *known, const int64_t *ids, size_t count, ef_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        while (at < known->count && known->template_id[at] < ids[i]) {
            at++;
        }
        if (at == known->count || known->template_id[at] != ids[i]) {
            return ef_fail(err, EF_FORMAT, "NIST's lists have no template %lld", (long long)ids[i]);
        }
        /* Nobody known is of one person with no other template. */
        subjects[i] = known->subject_id[at] >= 0 ? known->subject_id[at] : -1 - (int64_t)i;
    }
    return EF_OK;
}

ef_status ef_template_plan_open_pairs(ef_template_pairs **out, ef_template_plan *plan, const int64_t *ids, size_t id_count,
                                      int threads, ef_error *err)
{
    if (!plan->nist) {
        return ef_template_pairs_open(out, plan->file[EF_FILE_PAIRS], ids, id_count, threads, err);
    }
    free(plan->pair_subjects);
    plan->pair_subjects = ef_alloc(id_count, sizeof *plan->pair_subjects);
    ef_status status = plan->pair_subjects != NULL ? find_subjects(plan->pair_subjects, &plan->of_all, ids, id_count, err)
                                                   : ef_fail_memory(err, "the subjects");
    return status == EF_OK
               ? ef_template_matches_open(out, plan->file[EF_FILE_PAIRS], ids, plan->pair_subjects, id_count, threads, err)
               : status;
}

static ef_status copy_subjects(ef_subjects *out, const ef_subjects *from, ef_error *err)
{
    *out = (ef_subjects){from->count, ef_alloc(from->count, sizeof *out->template_id),
                         ef_alloc(from->count, sizeof *out->subject_id),
                         from->place != NULL ? ef_alloc(from->count, sizeof *out->place) : NULL};
    if (out->template_id == NULL || out->subject_id == NULL || (from->place != NULL && out->place == NULL)) {
        ef_subjects_free(out);
        return ef_fail_memory(err, "a gallery");
    }
    memcpy(out->template_id, from->template_id, from->count * sizeof *out->template_id);
    memcpy(out->subject_id, from->subject_id, from->count * sizeof *out->subject_id);
    if (from->place != NULL) {
        memcpy(out->place, from->place, from->count * sizeof *out->place);
    }
    return EF_OK;
}

ef_status ef_template_plan_subjects(ef_subjects *out, const ef_template_plan *plan, const ef_set *set, int which, ef_error *err)
{
    static const ef_field fields[] = {EF_GALLERY_1, EF_GALLERY_2, EF_PROBE};
    return plan->from_set ? ef_template_set_subjects(out, set, fields[which], err)
                          : copy_subjects(out, &plan->of_list[which], err);
}
