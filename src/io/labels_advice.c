#include "io/labels_advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/person_folder.h"

/* A text as Python writes it between single quotes; NULL when memory is out. */
static char *quote(const char *text)
{
    char *quoted = ef_alloc(strlen(text) + 1, 4), *to = quoted;
    for (; quoted != NULL && *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < ' ' || byte == 127) {
            to += sprintf(to, "\\x%02x", byte);
        } else {
            if (byte == '\'' || byte == '\\') {
                *to++ = '\\';
            }
            *to++ = *text;
        }
    }
    if (quoted != NULL) {
        *to = '\0';
    }
    return quoted;
}

enum { HARDLY_ANY = 10 /* people: splits and folds are no more */ };

/* *out = "2 people, 'gal' and 'prb', of 240 images", freed with free(); *count = how many people.  Folders that name
 * nobody, as labels do, are no people. */
static ef_status describe(char **out, size_t *count, const ef_strings *folders, ef_error *err)
{
    ef_strings *people = NULL;
    ef_intern *intern = NULL;
    size_t number, images = ef_strings_count(folders);
    ef_status status = ef_strings_create(&people, err);
    if (status == EF_OK) {
        status = ef_intern_create(&intern, people, err);
    }
    for (size_t i = 0; status == EF_OK && i < images; i++) {
        const char *folder = ef_strings_at(folders, i);
        if (!ef_label_is_nobody(folder)) {
            status = ef_intern_add(&number, intern, folder, strlen(folder), err);
        }
    }
    if (status == EF_OK) {
        size_t found = *count = ef_strings_count(people);
        const char *first = found > 0 ? ef_strings_at(people, 0) : "", *second = found > 1 ? ef_strings_at(people, 1) : "";
        *out = found > 2    ? ef_copy_format("%zu people, '%.100s', '%.100s' and %zu more, of %zu images", found, first, second,
                                             found - 2, images)
               : found == 2 ? ef_copy_format("2 people, '%.100s' and '%.100s', of %zu images", first, second, images)
               : found == 0 ? ef_copy_format("nobody, of %zu images", images)
                            : ef_copy_format("one person, '%.100s', of %zu images", first, images);
        status = *out != NULL ? EF_OK : ef_fail_memory(err, "labels");
    }
    ef_intern_free(intern);
    ef_strings_free(people);
    return status;
}

/* The line of Python ends the message, so that it can be taken from there as it is. */
static char *write_advice(const ef_set *set, const char *people, size_t piece, bool uniform)
{
    static const char option[] = "; its names are of the form PERSON/IMAGE";
    static const char choice[] = "if those are the people, --labels-from ids takes them from there";
    const char *dataset = strrchr(ef_set_field_name(set, EF_IDS), '/') + 1;
    char *file = quote(ef_set_file(set)), *group = quote(ef_set_group(set)), *advice = NULL;
    if (file != NULL && group != NULL) {
        advice = uniform ? ef_copy_format("%s (%s): %s; or write them into the file, in Python: import h5py; g = h5py.File('%s', "
                                          "'r+')['%s']; g['labels'] = [n.split(b'/')[%zu] for n in g['%s']]",
                                          option, people, choice, file, group, piece, dataset)
                         : ef_copy_format("%s (%s): %s", option, people, choice);
    }
    free(file);
    free(group);
    return advice;
}

ef_status ef_labels_advice(char **out, const ef_set *set, ef_error *err)
{
    ef_strings *ids = NULL, *folders = NULL;
    char *people = NULL;
    size_t without = 0, piece = 0, count = 0, below = 0;
    ef_status status = EF_OK;
    *out = NULL;
    if (ef_set_has(set, EF_IDS) && (status = ef_set_read_strings(set, EF_IDS, &ids, err)) == EF_OK &&
        (status = ef_person_folders(&folders, &without, ids, err)) == EF_OK && without == ef_strings_count(ids) &&
        (status = describe(&people, &count, folders, err)) == EF_OK) {
        status = ef_person_folders_below(&below, ids, err);
    }
    if (status == EF_OK && people != NULL && (count > HARDLY_ANY || below <= count)) {
        bool uniform = ef_person_folder_piece(&piece, ids, folders);
        *out = write_advice(set, people, piece, uniform);
    } else if (status == EF_OK) {
        *out = ef_copy("");
    }
    free(people);
    ef_strings_free(ids);
    ef_strings_free(folders);
    return status == EF_OK && *out == NULL ? ef_fail_memory(err, "labels") : status;
}

ef_status ef_labels_told(char **out, const ef_set *set, ef_error *err)
{
    const ef_strings *folders = ef_set_label_folders(set);
    char *people = NULL;
    size_t count = 0;
    *out = NULL;
    if (folders == NULL) {
        return EF_OK;
    }
    ef_status status = describe(&people, &count, folders, err);
    if (status == EF_OK) {
        *out = ef_copy_format("the folders in %s are %s", ef_set_field_name(set, EF_IDS), people);
        status = *out != NULL ? EF_OK : ef_fail_memory(err, "labels");
    }
    free(people);
    return status;
}
