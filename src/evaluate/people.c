#include "evaluate/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/person_folder.h"

static ef_status begin(ef_people *out, size_t images, ef_error *err)
{
    *out = (ef_people){.person = ef_alloc(images, sizeof *out->person)};
    out->images = out->person != NULL ? images : 0;
    return out->person != NULL ? EF_OK : ef_fail_memory(err, "labels");
}

/* Numbers texts; an empty one is nobody, and so is a negative number. */
static ef_status number_texts(ef_people *out, ef_strings *distinct, const ef_strings *texts, ef_error *err)
{
    ef_intern *intern = NULL;
    ef_status status = ef_intern_create(&intern, distinct, err);
    for (size_t i = 0; status == EF_OK && i < out->images; i++) {
        const char *text = ef_strings_at(texts, i);
        size_t number = 0;
        if (ef_label_is_nobody(text)) {
            out->person[i] = -1 - (int64_t)i;
            out->unknown++;
            continue;
        }
        status = ef_intern_add(&number, intern, text, strlen(text), err);
        out->person[i] = (int64_t)number;
    }
    ef_intern_free(intern);
    return status;
}

static ef_status number_integers(ef_people *out, ef_strings *distinct, const int64_t *values, ef_error *err)
{
    ef_intern *intern = NULL;
    char digits[32];
    ef_status status = ef_intern_create(&intern, distinct, err);
    for (size_t i = 0; status == EF_OK && i < out->images; i++) {
        size_t number = 0;
        if (values[i] < 0) {
            out->person[i] = -1 - (int64_t)i;
            out->unknown++;
            continue;
        }
        int length = snprintf(digits, sizeof digits, "%" PRId64, values[i]);
        status = ef_intern_add(&number, intern, digits, (size_t)length, err);
        out->person[i] = (int64_t)number;
    }
    ef_intern_free(intern);
    return status;
}

static ef_status number(ef_people *out, ef_strings *distinct, const ef_strings *texts, const int64_t *values, ef_error *err)
{
    ef_strings *own = NULL;
    ef_status status = distinct == NULL ? ef_strings_create(&own, err) : EF_OK;
    ef_strings *names = distinct != NULL ? distinct : own;
    if (status == EF_OK) {
        status = texts != NULL ? number_texts(out, names, texts, err) : number_integers(out, names, values, err);
    }
    out->count = ef_strings_count(names);
    ef_strings_free(own);
    if (status != EF_OK) {
        ef_people_free(out);
    }
    return status;
}

ef_status ef_people_read(ef_people *out, ef_strings *distinct, const ef_set *set, ef_field field, ef_error *err)
{
    ef_strings *texts = NULL;
    int64_t *values = NULL;
    ef_status status = begin(out, ef_set_field_rows(set, field), err);
    if (status == EF_OK) {
        status = ef_set_is_text(set, field) ? ef_set_read_strings(set, field, &texts, err)
                                            : ef_set_read_integers(set, field, &values, err);
    }
    if (status == EF_OK) {
        status = number(out, distinct, texts, values, err);
    } else {
        ef_people_free(out);
    }
    ef_strings_free(texts);
    free(values);
    return status;
}

ef_status ef_people_of_folders(ef_people *out, const ef_set *set, ef_error *err)
{
    ef_strings *ids = NULL, *folders = NULL;
    size_t without = 0;
    *out = (ef_people){0};
    if (!ef_set_has(set, EF_IDS)) {
        return EF_OK;
    }
    ef_status status = ef_set_read_strings(set, EF_IDS, &ids, err);
    if (status == EF_OK) {
        status = ef_person_folders(&folders, &without, ids, err);
    }
    if (status == EF_OK && without == ef_strings_count(ids) && (status = begin(out, ef_strings_count(ids), err)) == EF_OK) {
        status = number(out, NULL, folders, NULL, err);
    }
    ef_strings_free(ids);
    ef_strings_free(folders);
    return status;
}

void ef_people_free(ef_people *people)
{
    free(people->person);
    *people = (ef_people){0};
}
