#include "evaluate/plan_identity.h"

#include <stdlib.h>
#include <string.h>

#include <eface/id_index.h>

#include "base/copy.h"
#include "base/memory.h"
#include "io/person_folder.h"
#include "evaluate/contradictions.h"
#include "evaluate/notes.h"
#include "evaluate/people.h"

#define TELLS       0.9  /* of a list's pairs of either class, with rows moved, for rows to be counted from 1 */
#define FAR_FROM_IT 3.0  /* times what chance would give */
#define TOGETHER    0.6  /* of the genuine pairs share a folder at least, */
#define APART       0.2  /* of the impostor pairs at most, */
#define BY_CHANCE   0.05 /* and of any two images at most, where folders are people; */
#define HARDLY      0.01 /* of any two images: too few folders of several people would give more */
#define FEW_PAIRS   3.0  /* expected by chance: they tell nothing of it */
#define UNLIKE      0.1  /* shares that differ by less are alike */
#define NEARLY_ALL  0.9  /* of the pairs */

typedef struct checking {
    ef_plan *plan;
    const ef_pair_list *list; /* NULL: the set's own pairs */
    bool by_row;
    const ef_set *set;
    const ef_evaluate_options *options;
} checking;

/* Compares every call with who the rows are, all of them moved down by `down`. */
static ef_contradictions compare_rows(const checking *self, const ef_people *people, size_t down)
{
    const ef_plan *plan = self->plan;
    ef_contradictions found = {0};
    for (size_t i = 0; i < plan->count; i++) {
        size_t a = plan->rows[i].a - down, b = plan->rows[i].b - down;
        if (a < people->images && b < people->images) {
            ef_contradictions_meet(&found, i, plan->genuine[i] != 0, people->person[a], people->person[b]);
        }
    }
    return found;
}

static bool names_row_0(const checking *self)
{
    bool named = false;
    for (size_t i = 0; i < self->plan->count; i++) {
        named = named || self->plan->rows[i].a == 0 || self->plan->rows[i].b == 0;
    }
    return named;
}

/* What the pairs come from. */
static const char *caller(const checking *self)
{
    bool explicit_pairs = ef_set_has(self->set, EF_PAIRS) && !ef_set_has(self->set, EF_ISSAME);
    return self->list != NULL ? ef_strings_at(self->list->files, ef_strings_count(self->list->files) - 1)
                              : ef_set_field_name(self->set, explicit_pairs ? EF_PAIRS : EF_ISSAME);
}

/* Where pair i stands, and what its images are called; freed with free(). */
static void name_pair(char *text[3], const checking *self, size_t i)
{
    const ef_pair_list *list = self->list;
    const ef_row_pair *rows = &self->plan->rows[i];
    if (list == NULL) {
        text[0] = ef_copy_format("%s row %zu", caller(self), i);
    } else {
        text[0] = ef_copy_format("%s:%zu", ef_strings_at(list->files, list->pairs[i].file), list->pairs[i].line);
    }
    const size_t row[2] = {rows->a, rows->b};
    for (int k = 0; k < 2; k++) {
        size_t id = list == NULL ? 0 : k == 0 ? list->pairs[i].a : list->pairs[i].b;
        text[1 + k] = self->by_row || list == NULL ? ef_copy_format("row %zu", row[k])
                                                   : ef_copy_format("'%.200s'", ef_strings_at(list->ids, id));
    }
}

static ef_status settle(const checking *self, const ef_contradictions *found, const char *source, const char *hint, bool allow,
                        ef_error *err)
{
    char *text[3] = {NULL};
    if (ef_contradictions_count(found) == 0) {
        return EF_OK;
    }
    name_pair(text, self, found->first);
    ef_status status = EF_OK;
    if (text[0] == NULL || text[1] == NULL || text[2] == NULL) {
        status = ef_fail_memory(err, "a list of pairs");
    } else {
        const ef_contradiction_words words = {.place = text[0],
                                              .a = text[1],
                                              .b = text[2],
                                              .what = "pairs",
                                              .caller = caller(self),
                                              .source = source,
                                              .hint = hint,
                                              .allow = allow};
        status = ef_contradictions_settle(found, &words, self->plan->notes, err);
    }
    for (int i = 0; i < 3; i++) {
        free(text[i]);
    }
    return status;
}

/* A hint, or NULL, to rows that were counted from 1: *hint is freed with free(). */
static ef_status find_hint(char **hint, const checking *self, const ef_people *people, const ef_contradictions *found,
                           ef_error *err)
{
    *hint = NULL;
    if (!self->by_row || names_row_0(self)) {
        return EF_OK;
    }
    const ef_contradictions moved = compare_rows(self, people, 1);
    if (2 * ef_contradictions_count(&moved) >= ef_contradictions_count(found)) {
        return EF_OK;
    }
    *hint = ef_copy_format("row 0 is never named: are rows counted from 1? (so counted, %llu pairs contradict)",
                           (unsigned long long)ef_contradictions_count(&moved));
    return *hint != NULL ? EF_OK : ef_fail_memory(err, "a list of pairs");
}

static ef_status check_labels(bool *known, const checking *self, ef_error *err)
{
    ef_people people = {0};
    char *hint = NULL;
    ef_status status = ef_people_read(&people, NULL, self->set, EF_LABELS, err);
    if (status != EF_OK) {
        return status;
    }
    const ef_contradictions found = compare_rows(self, &people, 0);
    *known = found.calls[0] + found.calls[1] > 0;
    if (ef_contradictions_count(&found) > 0) {
        status = find_hint(&hint, self, &people, &found, err);
    }
    if (status == EF_OK) {
        status = settle(self, &found, ef_set_field_name(self->set, EF_LABELS), hint, self->options->allow_contradictions, err);
    }
    free(hint);
    ef_people_free(&people);
    return status;
}

/* Whether folders tell who is who as the calls do, a few aside. */
static bool tells(const ef_contradictions *found)
{
    bool good = true;
    for (int called = 0; called < 2; called++) {
        good = good && (double)found->wrong[called] <= (1 - TELLS) * (double)found->calls[called];
    }
    return good && found->calls[0] > 0 && found->calls[1] > 0;
}

static int by_number(const void *left, const void *right)
{
    int64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

/* The share of pairs of any two images that are of one person; sorts the images. */
static double chance_of_same(const ef_people *people)
{
    double pairs = 0, images = (double)people->images;
    qsort(people->person, people->images, sizeof *people->person, by_number);
    for (size_t first = 0, end; first < people->images; first = end) {
        for (end = first + 1; end < people->images && people->person[end] == people->person[first];) {
            end++;
        }
        pairs += (double)(end - first) * (double)(end - first - 1);
    }
    return pairs / (images * (images - 1));
}

typedef enum verdict { TELL_NOTHING, DOUBTFUL, ARE_PEOPLE } verdict;

/* The rules of the header: what folders are, by how often pairs share one; `chance` is that of any two images.  `by_place`: it is numbers
 * or places of rows that say which images the pairs are of. */
static verdict judge(const ef_contradictions *found, double chance, bool by_place)
{
    double calls[2], shared[2], share[2];
    for (int called = 0; called < 2; called++) {
        calls[called] = (double)found->calls[called];
        shared[called] =
            called == EF_CALLED_GENUINE ? calls[called] - (double)found->wrong[called] : (double)found->wrong[called];
        share[called] = calls[called] > 0 ? shared[called] / calls[called] : chance;
    }
    double genuine = share[EF_CALLED_GENUINE], impostor = share[EF_CALLED_IMPOSTOR],
           expected = chance * calls[EF_CALLED_IMPOSTOR];
    bool like_chance =
        shared[EF_CALLED_IMPOSTOR] <= FAR_FROM_IT * expected && FAR_FROM_IT * shared[EF_CALLED_IMPOSTOR] >= expected;
    bool crowded = chance > HARDLY && expected >= FEW_PAIRS && like_chance; /* as if folders held several people */
    if (genuine >= TOGETHER && impostor <= APART && chance <= BY_CHANCE && !crowded) {
        return ARE_PEOPLE;
    }
    double as_often = FAR_FROM_IT * chance > UNLIKE ? FAR_FROM_IT * chance : UNLIKE;
    bool by_chance = genuine <= chance + UNLIKE && impostor <= as_often, misplaced = by_place && chance <= BY_CHANCE,
         always = genuine >= NEARLY_ALL && impostor >= NEARLY_ALL;
    return always || (by_chance && !misplaced) ? TELL_NOTHING : DOUBTFUL;
}

/* Says how folders that may be people or not agree with the calls. */
static ef_status note_doubt(const checking *self, const ef_contradictions *found, const char *folders, ef_error *err)
{
    char *text[3] = {NULL};
    name_pair(text, self, found->first);
    ef_status status = EF_OK;
    if (text[0] == NULL || text[1] == NULL || text[2] == NULL) {
        status = ef_fail_memory(err, "a list of pairs");
    } else {
        const uint64_t *wrong = found->wrong, *calls = found->calls;
        status = ef_note(self->plan->notes, err,
                         "%llu of %llu genuine pairs of %s lie across %s and %llu of %llu impostor pairs share one: if the "
                         "folders are people, the list contradicts them; the first: %s: %s and %s",
                         (unsigned long long)wrong[EF_CALLED_GENUINE], (unsigned long long)calls[EF_CALLED_GENUINE], caller(self),
                         folders, (unsigned long long)wrong[EF_CALLED_IMPOSTOR], (unsigned long long)calls[EF_CALLED_IMPOSTOR],
                         text[0], text[1], text[2]);
    }
    for (int i = 0; i < 3; i++) {
        free(text[i]);
    }
    return status;
}

/* The rules of the header for folders. */
static ef_status check_folders(const checking *self, ef_error *err)
{
    ef_people people = {0};
    ef_status status = ef_people_of_folders(&people, self->set, err);
    if (status != EF_OK) {
        return status;
    }
    const ef_contradictions found = compare_rows(self, &people, 0);
    if (people.count < 2 || people.count == people.images || ef_contradictions_count(&found) == 0) {
        ef_people_free(&people);
        return status;
    }
    const char *source = ef_set_field_name(self->set, EF_IDS);
    char *folders = ef_copy_format("the folders in %s", source), *hint = NULL;
    bool from_1 = false;
    if (self->by_row && !names_row_0(self)) {
        const ef_contradictions moved = compare_rows(self, &people, 1);
        double fewer = FAR_FROM_IT * (double)ef_contradictions_count(&moved);
        from_1 = tells(&moved) && (double)ef_contradictions_count(&found) > fewer + FAR_FROM_IT;
    }
    status = folders != NULL ? find_hint(&hint, self, &people, &found, err) : ef_fail_memory(err, source);
    if (status == EF_OK) {
        verdict are = judge(&found, chance_of_same(&people), self->by_row || self->list == NULL);
        if (from_1 || are == ARE_PEOPLE) {
            status = settle(self, &found, folders, hint != NULL ? hint : "if these folders are not people, the list may be right",
                            self->options->allow_contradictions, err);
        } else if (are == DOUBTFUL) {
            status = note_doubt(self, &found, folders, err);
        }
    }
    free(folders);
    free(hint);
    ef_people_free(&people);
    return status;
}

/* The impostor pairs of a list whose names say who is who. */
static ef_status check_names(const checking *self, ef_error *err)
{
    const ef_pair_list *list = self->list;
    ef_strings *folders = NULL;
    size_t without = 0;
    ef_contradictions found = {0};
    ef_status status = ef_person_folders(&folders, &without, list->ids, err);
    for (size_t i = 0; status == EF_OK && without == ef_strings_count(list->ids) && i < list->count; i++) {
        const ef_listed_pair *pair = &list->pairs[i];
        bool same = strcmp(ef_strings_at(folders, pair->a), ef_strings_at(folders, pair->b)) == 0;
        ef_contradictions_meet(&found, i, pair->genuine != 0, 0, !same);
    }
    ef_strings_free(folders);
    return status == EF_OK ? settle(self, &found, "the names in it", NULL, self->options->allow_contradictions, err) : status;
}

ef_status ef_plan_identity_check(ef_plan *plan, const ef_pair_list *list, bool by_row, bool called_by_labels, const ef_set *set,
                                 const ef_evaluate_options *options, ef_error *err)
{
    const checking self = {plan, list, by_row, set, options};
    bool known = called_by_labels;
    ef_status status = EF_OK;
    if (list != NULL && list->names_people) {
        status = check_names(&self, err);
    }
    if (status == EF_OK && ef_set_has(set, EF_LABELS) && !called_by_labels) {
        status = check_labels(&known, &self, err);
    }
    return status == EF_OK && !known ? check_folders(&self, err) : status;
}

bool ef_rows_look_one_based(const uint64_t *row, size_t count, size_t rows)
{
    uint64_t least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        least = row[i] < least ? row[i] : least;
        most = row[i] > most ? row[i] : most;
    }
    return least > 0 && most == rows;
}
