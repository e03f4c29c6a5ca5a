#include "io/labels_advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
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

/* The line of Python ends the message, so that it can be taken from there as it is. */
static char *write_advice(const ef_set *set, size_t piece, bool uniform)
{
    static const char option[] =
        "; its names are of the form PERSON/IMAGE: if those are the people, --labels-from ids takes them from "
        "there";
    const char *dataset = strrchr(ef_set_field_name(set, EF_IDS), '/') + 1;
    char *file = quote(ef_set_file(set)), *group = quote(ef_set_group(set)), *advice = NULL;
    if (file != NULL && group != NULL) {
        advice = uniform
                     ? ef_copy_format("%s; or write them into the file, in Python: import h5py; g = h5py.File('%s', 'r+')['%s']; "
                                      "g['labels'] = [n.split(b'/')[%zu] for n in g['%s']]",
                                      option, file, group, piece, dataset)
                     : ef_copy(option);
    }
    free(file);
    free(group);
    return advice;
}

ef_status ef_labels_advice(char **out, const ef_set *set, ef_error *err)
{
    ef_strings *ids = NULL, *folders = NULL;
    size_t without = 0, piece = 0;
    ef_status status = EF_OK;
    *out = NULL;
    if (ef_set_has(set, EF_IDS) && (status = ef_set_read_strings(set, EF_IDS, &ids, err)) == EF_OK &&
        (status = ef_person_folders(&folders, &without, ids, err)) == EF_OK && without == ef_strings_count(ids)) {
        bool uniform = ef_person_folder_piece(&piece, ids, folders);
        *out = write_advice(set, piece, uniform);
    } else if (status == EF_OK) {
        *out = ef_copy("");
    }
    ef_strings_free(ids);
    ef_strings_free(folders);
    return status == EF_OK && *out == NULL ? ef_fail_memory(err, "labels") : status;
}
