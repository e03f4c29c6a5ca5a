#include "protocol/template_plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <eface/id_index.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "protocol/notes.h"
#include "protocol/plan.h"
#include "protocol/template_set.h"

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

/* Looks for the protocol's lists in a folder, in its `meta`, and in the protocol's own folder in it. */
static ef_status find_files(ef_template_plan *plan, const ef_protocol *protocol, const char *folder, const char *origin,
                            ef_error *err)
{
    static const struct {
        bool inner;
        const char *tail;
    } places[] = {{false, ""}, {false, "/meta"}, {true, ""}, {true, "/meta"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *base = places[i].inner ? ef_copy_format("%s/%s%s", folder, protocol->folder, places[i].tail)
                                     : ef_copy_format("%s%s", folder, places[i].tail);
        char *first = base != NULL ? ef_copy_format("%s/%s", base, protocol->template_files[EF_FILE_TEMPLATES]) : NULL;
        if (first == NULL) {
            free(base);
            return ef_fail_memory(err, "the lists");
        }
        bool here = exists(first);
        free(first);
        for (int file = 0; here && file < EF_FILE_COUNT; file++) {
            char *path =
                protocol->template_files[file] != NULL ? ef_copy_format("%s/%s", base, protocol->template_files[file]) : NULL;
            if (path != NULL && exists(path)) {
                plan->file[file] = path;
            } else {
                free(path);
            }
        }
        free(base);
        if (here) {
            return EF_OK;
        }
    }
    return ef_fail(err, EF_IO, "%s: there is no %s in this folder, in its 'meta', in '%s' or in '%s/meta' (%s)", folder,
                   protocol->template_files[EF_FILE_TEMPLATES], protocol->folder, protocol->folder, origin);
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
            status = ef_fail(err, EF_FORMAT, "%s:%zu: %s '%s' in %s", list, i + 1,
                             plan->row[i] == EF_ID_MISSING ? "no image" : "several images could be",
                             ef_strings_at(plan->images.names, i), ef_set_field_name(set, EF_IDS));
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
    ef_status status = ef_template_set_images(&plan->images, set, err);
    if (status != EF_OK || !weight) {
        return status;
    }
    if (!ef_set_has(set, EF_QUALITY)) {
        return ef_fail(err, EF_FORMAT, "%s is missing; --weight none goes without detector scores",
                       ef_set_field_name(set, EF_QUALITY));
    }
    return ef_template_set_quality(&plan->quality, set, NULL, plan->images.count, err);
}

ef_status ef_template_plan_create(ef_template_plan **out, const ef_protocol *protocol, const ef_set *set, bool weight,
                                  const ef_evaluate_options *options, ef_error *err)
{
    const char *below = getenv("EFACE_DATA");
    ef_template_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return ef_fail_memory(err, "a plan");
    }
    bool lists = protocol->template_files[EF_FILE_TEMPLATES] != NULL,
         inside = ef_set_has(set, EF_TEMPLATES) && ef_set_has(set, EF_MEDIA);
    ef_status status = ef_strings_create(&plan->notes, err);
    if (status == EF_OK && options->data != NULL && lists) {
        status = find_files(plan, protocol, options->data, "--data", err);
    } else if (status == EF_OK && !inside && lists && below != NULL && *below != '\0') {
        status = find_files(plan, protocol, below, "EFACE_DATA", err);
    } else if (status == EF_OK && !inside) {
        status = ef_fail(
            err, EF_INVALID,
            "%s needs to know the template and media of every image: give the folder of %s with --data DIR, or put the datasets "
            "templates and media into %s",
            protocol->name, lists ? protocol->template_files[EF_FILE_TEMPLATES] : "its lists", ef_set_name(set));
    }
    if (status == EF_OK) {
        status = plan->file[EF_FILE_TEMPLATES] != NULL ? read_lists(plan, protocol, set, weight, options, err)
                                                       : read_set(plan, set, weight, err);
    }
    const char *where = plan->file[EF_FILE_TEMPLATES] != NULL ? plan->file[EF_FILE_TEMPLATES] : ef_set_name(set);
    if (status == EF_OK) {
        status = ef_plan_expect(&plan->partial, plan->notes, protocol, &protocol->expect_images, "images", plan->images.count,
                                where, options->allow_partial, err);
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

ef_status ef_template_plan_subjects(ef_subjects *out, const ef_template_plan *plan, const ef_set *set, int which, ef_error *err)
{
    static const ef_field fields[] = {EF_GALLERY_1, EF_GALLERY_2, EF_PROBE};
    static const ef_template_file files[] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};
    return plan->from_set ? ef_template_set_subjects(out, set, fields[which], err)
                          : ef_subjects_read(out, plan->file[files[which]], err);
}
