#include "evaluate/template_identity.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "evaluate/people.h"
#include "evaluate/template_set.h"

enum { parts = 16 /* of a piece of the list, which threads compare */, sides = 3 };

static const ef_field fields[sides] = {EF_GALLERY_1, EF_GALLERY_2, EF_PROBE};
static const ef_template_file files[sides] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};

static int64_t *nobody(size_t count)
{
    int64_t *person = ef_alloc(count, sizeof *person);
    for (size_t i = 0; person != NULL && i < count; i++) {
        person[i] = -1;
    }
    return person;
}

/* A template that two lists give different subjects is found out where they are searched. */
static void take(int64_t *person, const ef_templates *templates, const ef_subjects *subjects)
{
    for (size_t i = 0; i < subjects->count; i++) {
        size_t row = ef_templates_find(templates, subjects->template_id[i]);
        if (row != (size_t)-1 && person[row] < 0) {
            person[row] = subjects->subject_id[i];
        }
    }
}

/* *person = the subjects of galleries and probes, by the datasets of the set or else by the plan's lists; NULL when there are none. */
static ef_status read_subjects(int64_t **person, const ef_template_experiment *self, bool by_set, ef_error *err)
{
    ef_status status = EF_OK;
    *person = NULL;
    for (int side = 0; status == EF_OK && side < sides; side++) {
        bool there = by_set ? ef_set_has(self->set, fields[side]) : self->plan->file[files[side]] != NULL;
        ef_subjects subjects = {0};
        if (there && *person == NULL && (*person = nobody(self->templates->count)) == NULL) {
            return ef_fail_memory(err, "the subjects");
        }
        if (there) {
            status = by_set ? ef_template_set_subjects(&subjects, self->set, fields[side], err)
                            : ef_template_plan_subjects(&subjects, self->plan, self->set, side, err);
            if (status == EF_OK) {
                take(*person, self->templates, &subjects);
            }
            ef_subjects_free(&subjects);
        }
    }
    return status;
}

static ef_status settle(const ef_template_experiment *self, const ef_contradictions *found, const char *what, const char *noun,
                        const int64_t number[2], const char *place, const char *called_by, const char *source, ef_error *err)
{
    char a[64], b[64];
    snprintf(a, sizeof a, "%s %lld", noun, (long long)number[0]);
    snprintf(b, sizeof b, "%s %lld", noun, (long long)number[1]);
    const ef_contradiction_words words = {.place = place,
                                          .a = a,
                                          .b = b,
                                          .what = what,
                                          .caller = called_by,
                                          .source = source,
                                          .allow = self->options->allow_contradictions};
    return ef_contradictions_settle(found, &words, self->plan->notes, err);
}

/* Who each template is by the labels of its images, which must agree within it. */
static ef_status read_labels(ef_template_identity *identity, const ef_template_experiment *self, ef_error *err)
{
    const ef_template_images *images = &self->plan->images;
    const ef_templates *templates = self->templates;
    ef_people people = {0};
    ef_contradictions found = {0};
    int64_t row_pair[2] = {0, 0};
    size_t *seen = ef_alloc_zero(templates->count, sizeof *seen); /* the first row that is known, from 1 */
    int64_t *person = identity->person[EF_BY_LABEL] = nobody(templates->count);
    ef_status status = seen != NULL && person != NULL ? ef_people_read(&people, NULL, self->set, EF_LABELS, err)
                                                      : ef_fail_memory(err, "the labels");
    for (size_t i = 0; status == EF_OK && i < images->count; i++) {
        size_t row = self->plan->row != NULL ? self->plan->row[i] : i, t = ef_templates_find(templates, images->template_id[i]);
        if (t == (size_t)-1 || people.person[row] < 0) {
            continue;
        }
        if (seen[t] == 0) {
            person[t] = people.person[row];
            seen[t] = row + 1;
            continue;
        }
        bool none_yet = ef_contradictions_count(&found) == 0;
        ef_contradictions_meet(&found, i, true, person[t], people.person[row]);
        if (none_yet && ef_contradictions_count(&found) > 0) {
            row_pair[0] = (int64_t)seen[t] - 1;
            row_pair[1] = (int64_t)row;
        }
    }
    if (status == EF_OK) {
        status = settle(self, &found, "images", "row", row_pair, ef_set_name(self->set), "their template",
                        identity->source[EF_BY_LABEL], err);
    }
    free(seen);
    ef_people_free(&people);
    return status;
}

/* Compares two sources of who the templates are. */
static ef_status compare(const ef_template_experiment *self, const int64_t *called, const char *called_by, const int64_t *person,
                         const char *source, ef_error *err)
{
    ef_contradictions found = {0};
    size_t before = 0, count = self->templates->count;
    ef_status status = ef_contradictions_between(&found, &before, called, person, count, err);
    if (status != EF_OK || ef_contradictions_count(&found) == 0) {
        return status;
    }
    const int64_t number[2] = {self->templates->id[before], self->templates->id[found.first]};
    return settle(self, &found, "templates", "template", number, self->plan->where, called_by, source, err);
}

/* The set's own galleries and probes, where lists are used instead. */
static ef_status compare_own(const ef_template_identity *identity, const ef_template_experiment *self, ef_error *err)
{
    int64_t *own = NULL;
    char *source = ef_copy_format("the galleries and probes in %s", ef_set_name(self->set));
    ef_status status = source != NULL ? read_subjects(&own, self, true, err) : ef_fail_memory(err, "the subjects");
    if (status == EF_OK && own != NULL) {
        status = compare(self, identity->person[EF_BY_SUBJECT], identity->source[EF_BY_SUBJECT], own, source, err);
    }
    free(own);
    free(source);
    return status;
}

ef_status ef_template_identity_create(ef_template_identity **out, const ef_template_experiment *self, bool lists, ef_error *err)
{
    ef_template_identity *identity = ef_alloc_zero(1, sizeof *identity);
    const ef_template_plan *plan = self->plan;
    if (identity == NULL) {
        return ef_fail_memory(err, "the subjects");
    }
    ef_status status = EF_OK;
    identity->source[EF_BY_SUBJECT] =
        ef_copy_format("the galleries and probes %s %s", plan->from_set ? "in" : "beside", plan->where);
    identity->source[EF_BY_LABEL] = ef_copy(ef_set_field_name(self->set, EF_LABELS));
    if (identity->source[EF_BY_SUBJECT] == NULL || identity->source[EF_BY_LABEL] == NULL) {
        status = ef_fail_memory(err, "the subjects");
    }
    if (status == EF_OK && (lists || plan->from_set || plan->nist)) {
        status = read_subjects(&identity->person[EF_BY_SUBJECT], self, plan->from_set, err);
    }
    const int64_t *subject = identity->person[EF_BY_SUBJECT];
    if (status == EF_OK && !plan->from_set && subject != NULL) {
        status = compare_own(identity, self, err);
    }
    if (status == EF_OK && ef_set_has(self->set, EF_LABELS) && (status = read_labels(identity, self, err)) == EF_OK &&
        subject != NULL) {
        status = compare(self, subject, identity->source[EF_BY_SUBJECT], identity->person[EF_BY_LABEL],
                         identity->source[EF_BY_LABEL], err);
    }
    if (status != EF_OK) {
        ef_template_identity_free(identity);
        return status;
    }
    *out = identity;
    return EF_OK;
}

void ef_template_identity_free(ef_template_identity *identity)
{
    for (int source = 0; identity != NULL && source < EF_TEMPLATE_SOURCES; source++) {
        free(identity->person[source]);
        free(identity->source[source]);
    }
    free(identity);
}

/* What the threads compare. */
typedef struct meeting {
    const int64_t *person;
    const uint32_t *a, *b;
    const unsigned char *genuine;
    size_t count;
    ef_contradictions found[parts];
} meeting;

static void meet_part(void *data, size_t part, int worker)
{
    meeting *work = data;
    ef_contradictions found = {0}; /* on this thread's stack */
    size_t end = work->count * (part + 1) / parts;
    (void)worker;
    for (size_t i = work->count * part / parts; i < end; i++) {
        ef_contradictions_meet(&found, i, work->genuine[i] != 0, work->person[work->a[i]], work->person[work->b[i]]);
    }
    work->found[part] = found;
}

void ef_template_calls_meet(ef_template_calls *calls, const ef_template_experiment *self, const uint32_t *a, const uint32_t *b,
                            const unsigned char *genuine, size_t count, size_t place)
{
    for (int source = 0; source < EF_TEMPLATE_SOURCES; source++) {
        meeting work = {.person = self->identity->person[source], .a = a, .b = b, .genuine = genuine, .count = count};
        if (work.person == NULL) {
            continue;
        }
        ef_contradictions piece = {0};
        ef_parallel_for(self->options->work.threads, parts, meet_part, &work);
        for (int part = 0; part < parts; part++) {
            ef_contradictions_merge(&piece, &work.found[part]);
        }
        if (ef_contradictions_count(&calls->found[source]) == 0 && ef_contradictions_count(&piece) > 0) {
            calls->place[source] = place + piece.first;
            calls->first[source][0] = self->templates->id[a[piece.first]];
            calls->first[source][1] = self->templates->id[b[piece.first]];
        }
        ef_contradictions_merge(&calls->found[source], &piece);
    }
}

ef_status ef_template_calls_settle(const ef_template_calls *calls, const ef_template_experiment *self, ef_strings *notes,
                                   ef_error *err)
{
    const char *caller = self->plan->from_set ? ef_set_field_name(self->set, EF_TEMPLATE_PAIRS) : self->plan->file[EF_FILE_PAIRS];
    ef_status status = EF_OK;
    for (int source = 0; status == EF_OK && source < EF_TEMPLATE_SOURCES; source++) {
        char a[64], b[64];
        snprintf(a, sizeof a, "template %lld", (long long)calls->first[source][0]);
        snprintf(b, sizeof b, "template %lld", (long long)calls->first[source][1]);
        char *place = ef_copy_format(self->plan->from_set ? "%s row %zu" : "%s:%zu", caller, calls->place[source]);
        const ef_contradiction_words words = {.place = place,
                                              .a = a,
                                              .b = b,
                                              .what = "pairs",
                                              .caller = caller,
                                              .source = self->identity->source[source],
                                              .allow = self->options->allow_contradictions};
        status = place != NULL ? ef_contradictions_settle(&calls->found[source], &words, notes, err)
                               : ef_fail_memory(err, "the pairs");
        free(place);
    }
    return status;
}
