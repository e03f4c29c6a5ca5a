#include "evaluate/sighting_match.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/id_index.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "evaluate/example_id.h"

/* In the order in which they are tried: the fewer names, the sooner it is known. */
typedef enum name_form { BY_FILE, BY_SUBJECT, BY_TEMPLATE, FORMS } name_form;

static const char *const prefixes[FORMS] = {"", "SUBJECT_ID/", "TEMPLATE_ID/"};

/* What came of one form. */
typedef struct attempt {
    name_form form;
    size_t *row;      /* of each image, or EF_ID_MISSING, or EF_ID_AMBIGUOUS */
    size_t not_found; /* images, */
    size_t first;     /* and the first of them */
} attempt;

typedef struct matching {
    const ef_sightings *sightings;
    const char *const *paths;
    const char *column;
    const ef_set *set;
    ef_strings *ids;    /* the set's names */
    ef_intern *numbers; /* and which row each of them is */
    ef_id_index *index; /* and their index, once it is needed */
    size_t shared,
        sharer; /* the first image whose file shows another subject in an image before, and that; both 0: there is none */
} matching;

/* Two subjects in one file have one name, but not one embedding. */
static ef_status find_shared(matching *match, ef_error *err)
{
    const ef_sightings *sightings = match->sightings;
    size_t *owner = ef_alloc_zero(ef_strings_count(sightings->files), sizeof *owner); /* 1 + the first image in a file */
    if (owner == NULL) {
        return ef_fail_memory(err, "the files of a list");
    }
    for (size_t i = 0; i < sightings->count && match->shared == 0; i++) {
        size_t *first = &owner[sightings->rows[i].file];
        if (*first == 0) {
            *first = i + 1;
        } else if (sightings->rows[*first - 1].subject_id != sightings->rows[i].subject_id) {
            match->shared = i;
            match->sharer = *first - 1;
        }
    }
    free(owner);
    return EF_OK;
}

static int write_name(char *to, size_t size, const matching *match, name_form form, size_t image)
{
    const ef_sighting *row = &match->sightings->rows[image];
    const char *file = ef_strings_at(match->sightings->files, row->file);
    return form == BY_FILE
               ? snprintf(to, size, "%s", file)
               : snprintf(to, size, "%lld/%s", (long long)(form == BY_SUBJECT ? row->subject_id : row->template_id), file);
}

/* Room for the longest name. */
static ef_status make_room(char **name, size_t *size, const matching *match, ef_error *err)
{
    const ef_strings *files = match->sightings->files;
    *size = 0;
    for (size_t i = 0; i < ef_strings_count(files); i++) {
        size_t length = strlen(ef_strings_at(files, i));
        *size = length > *size ? length : *size;
    }
    *size += 32;
    *name = ef_alloc(*size, 1);
    return *name != NULL ? EF_OK : ef_fail_memory(err, "the names of images");
}

/* Finds all images by the very names of a form; *found: there are all. */
static ef_status find_exact(bool *found, size_t *row, const matching *match, name_form form, ef_error *err)
{
    char *name = NULL;
    size_t size = 0;
    ef_status status = make_room(&name, &size, match, err);
    *found = status == EF_OK;
    for (size_t i = 0; *found && i < match->sightings->count; i++) {
        int length = write_name(name, size, match, form, i);
        *found = ef_intern_find(&row[i], match->numbers, name, (size_t)length);
    }
    free(name);
    return status;
}

/* The distinct names of a form, and which one each image has. */
static ef_status make_names(ef_strings *names, size_t *number, const matching *match, name_form form, ef_error *err)
{
    ef_intern *intern = NULL;
    char *name = NULL;
    size_t size = 0;
    ef_status status = ef_intern_create(&intern, names, err);
    if (status == EF_OK) {
        status = make_room(&name, &size, match, err);
    }
    for (size_t i = 0; status == EF_OK && i < match->sightings->count; i++) {
        int length = write_name(name, size, match, form, i);
        status = ef_intern_add(&number[i], intern, name, (size_t)length, err);
    }
    free(name);
    ef_intern_free(intern);
    return status;
}

/* Cuts the last component off a path; an empty one when there is none left. */
static ef_span take_last(ef_span *path)
{
    ef_span last = {path->text, 0};
    while (last.length == 0 && path->length > 0) {
        size_t start = path->length;
        while (start > 0 && path->text[start - 1] != '/' && path->text[start - 1] != '\\') {
            start--;
        }
        last = (ef_span){path->text + start, path->length - start};
        last.length = ef_span_equal(last, ".") ? 0 : last.length;
        path->length = start > 0 ? start - 1 : 0;
    }
    return last;
}

/* Whether a name of the set, whose file has been found to be that of `name`, has all folders of `name` too.  Otherwise "1.jpg", the first
 * image of other lists, would be img/1.jpg. */
static bool has_folders(const char *id, const char *name)
{
    ef_span a = {id, strlen(id)}, b = {name, strlen(name)}, folder, other;
    take_last(&a);
    take_last(&b);
    while ((folder = take_last(&b)).length > 0) {
        other = take_last(&a);
        if (other.length != folder.length || memcmp(other.text, folder.text, folder.length) != 0) {
            return false;
        }
    }
    return true;
}

/* Finds as many images as it can by names of a form that may differ in folders and extensions. */
static ef_status try_form(attempt *out, const matching *match, name_form form, ef_error *err)
{
    size_t count = match->sightings->count, *found = NULL;
    ef_strings *names = NULL;
    *out = (attempt){.form = form, .row = ef_alloc(count, sizeof *out->row)};
    ef_status status = out->row != NULL ? ef_strings_create(&names, err) : ef_fail_memory(err, "the images");
    if (status == EF_OK && (status = make_names(names, out->row, match, form, err)) == EF_OK) {
        found = ef_alloc(ef_strings_count(names), sizeof *found);
        status = found != NULL ? ef_id_index_match(found, match->index, names, err) : ef_fail_memory(err, "the images");
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        bool is_row = found[i] != EF_ID_MISSING && found[i] != EF_ID_AMBIGUOUS;
        if (is_row && !has_folders(ef_strings_at(match->ids, found[i]), ef_strings_at(names, i))) {
            found[i] = EF_ID_MISSING;
        }
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        out->row[i] = found[out->row[i]];
        if (out->row[i] == EF_ID_MISSING || out->row[i] == EF_ID_AMBIGUOUS) {
            out->first = out->not_found == 0 ? i : out->first;
            out->not_found++;
        }
    }
    free(found);
    ef_strings_free(names);
    return status;
}

static ef_status fail_shared(const matching *match, ef_error *err)
{
    const ef_sighting *here = &match->sightings->rows[match->shared], *there = &match->sightings->rows[match->sharer];
    return ef_fail(err, EF_FORMAT,
                   "%s:%zu: '%.80s' shows subject %lld, and subject %lld in %s:%zu: the names in %s must be SUBJECT_ID/%s or "
                   "TEMPLATE_ID/%s to tell them apart",
                   match->paths[here->list], here->line, ef_strings_at(match->sightings->files, here->file),
                   (long long)here->subject_id, (long long)there->subject_id, match->paths[there->list], there->line,
                   ef_set_field_name(match->set, EF_IDS), match->column, match->column);
}

/* What is wrong with the form that fits best. */
static ef_status fail(const attempt *best, const matching *match, ef_error *err)
{
    if (best->form == BY_FILE && match->shared > 0) {
        return fail_shared(match, err);
    }
    const ef_sighting *row = &match->sightings->rows[best->first];
    const char *column = match->column;
    char name[160], known[EF_EXAMPLE_ID];
    write_name(name, sizeof name, match, best->form, best->first);
    return ef_fail(err, EF_FORMAT,
                   "%s:%zu: %s '%s' in %s: names there must be %s, SUBJECT_ID/%s or TEMPLATE_ID/%s, one of them throughout; %s",
                   match->paths[row->list], row->line,
                   best->row[best->first] == EF_ID_AMBIGUOUS ? "several images could be" : "no image", name,
                   ef_set_field_name(match->set, EF_IDS), column, column, column, ef_example_id(known, match->set));
}

/* Goes through the forms until the very names of one are there. */
static ef_status match_exactly(size_t **row, name_form *form, const matching *match, ef_error *err)
{
    size_t *made = ef_alloc(match->sightings->count, sizeof *made);
    bool found = false;
    ef_status status = made != NULL ? EF_OK : ef_fail_memory(err, "the images");
    *row = NULL;
    for (*form = match->shared > 0 ? BY_SUBJECT : BY_FILE; status == EF_OK && *form < FORMS; (*form)++) {
        status = find_exact(&found, made, match, *form, err);
        if (found) {
            *row = made;
            return EF_OK;
        }
    }
    free(made);
    return status;
}

/* Keeps the better of two attempts, the one that was made before in case of doubt. */
static ef_status try_better(attempt *best, const matching *match, name_form form, ef_error *err)
{
    attempt tried;
    ef_status status = try_form(&tried, match, form, err);
    if (status == EF_OK && tried.not_found < best->not_found) {
        free(best->row);
        *best = tried;
    } else {
        free(tried.row);
    }
    return status;
}

/* Goes through the forms until one has all images. */
static ef_status match_alike(size_t **row, name_form *form, const matching *match, ef_error *err)
{
    attempt best = {.not_found = SIZE_MAX};
    ef_status status = EF_OK;
    for (name_form next = match->shared > 0 ? BY_SUBJECT : BY_FILE; status == EF_OK && best.not_found > 0 && next < FORMS;
         next++) {
        status = try_better(&best, match, next, err);
    }
    if (status == EF_OK && best.not_found > 0 && match->shared > 0) {
        status = try_better(&best, match, BY_FILE, err); /* not to be used, only to say what is wrong */
    }
    if (status == EF_OK && (best.not_found > 0 || (best.form == BY_FILE && match->shared > 0))) {
        status = fail(&best, match, err);
    }
    if (status != EF_OK) {
        free(best.row);
        return status;
    }
    *form = best.form;
    *row = best.row;
    return EF_OK;
}

/* Numbers the set's names.  One that is there twice is left to the index, which says so. */
static ef_status number_ids(matching *match, ef_strings *numbered, ef_error *err)
{
    size_t number;
    ef_status status = ef_intern_create(&match->numbers, numbered, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(match->ids); i++) {
        const char *name = ef_strings_at(match->ids, i);
        status = ef_intern_add(&number, match->numbers, name, strlen(name), err);
    }
    return status;
}

static ef_status make_index(matching *match, ef_error *err)
{
    ef_error cause = {EF_OK, ""};
    ef_status status = ef_id_index_create(&match->index, match->ids, ef_set_field_name(match->set, EF_IDS), &cause);
    if (status == EF_FORMAT) {
        return ef_fail(err, status, "%s; with an embedding for each row of NIST's lists, name it TEMPLATE_ID/%s", cause.message,
                       match->column);
    }
    return status == EF_OK ? EF_OK : ef_fail(err, status, "%s", cause.message);
}

ef_status ef_sighting_match(size_t **row, char **form, const ef_sightings *sightings, const char *const *paths,
                            const char *column, const ef_set *set, ef_error *err)
{
    matching match = {.sightings = sightings, .paths = paths, .column = column, .set = set};
    ef_strings *numbered = NULL;
    size_t *found = NULL;
    name_form found_by = BY_FILE;
    ef_status status = ef_set_read_strings(set, EF_IDS, &match.ids, err);
    if (status == EF_OK && (status = ef_strings_create(&numbered, err)) == EF_OK &&
        (status = number_ids(&match, numbered, err)) == EF_OK && (status = find_shared(&match, err)) == EF_OK &&
        ef_strings_count(numbered) == ef_strings_count(match.ids)) {
        status = match_exactly(&found, &found_by, &match, err);
    }
    if (status == EF_OK && found == NULL && (status = make_index(&match, err)) == EF_OK) {
        status = match_alike(&found, &found_by, &match, err);
    }
    if (status == EF_OK && (*form = ef_copy_format("%s%s", prefixes[found_by], column)) == NULL) {
        status = ef_fail_memory(err, "the images");
    }
    if (status == EF_OK) {
        *row = found;
        found = NULL;
    }
    free(found);
    ef_id_index_free(match.index);
    ef_intern_free(match.numbers);
    ef_strings_free(numbered);
    ef_strings_free(match.ids);
    return status;
}
