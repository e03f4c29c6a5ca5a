#include "evaluate/contradictions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "evaluate/notes.h"

void ef_contradictions_merge(ef_contradictions *self, const ef_contradictions *after)
{
    if (ef_contradictions_count(self) == 0) {
        self->first = after->first;
        self->first_genuine = after->first_genuine;
    }
    for (int called = 0; called < 2; called++) {
        self->calls[called] += after->calls[called];
        self->wrong[called] += after->wrong[called];
    }
}

uint64_t ef_contradictions_count(const ef_contradictions *self)
{
    return self->wrong[EF_CALLED_IMPOSTOR] + self->wrong[EF_CALLED_GENUINE];
}

typedef struct known {
    int64_t person;
    size_t image;
} known;

static int by_person(const void *left, const void *right)
{
    const known *a = left, *b = right;
    int order = (a->person > b->person) - (a->person < b->person);
    return order != 0 ? order : (a->image > b->image) - (a->image < b->image);
}

/* Whether images that one source knows as one person are so by the other: 1 in wrong[] for each that is not of the person of the one
 * before it, which goes to before[]. */
static void compare_runs(unsigned char *wrong, size_t *before, known *sorted, const int64_t *one, const int64_t *other,
                         size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (one[i] >= 0 && other[i] >= 0) {
            sorted[kept++] = (known){one[i], i};
        }
    }
    if (kept > 0) {
        qsort(sorted, kept, sizeof *sorted, by_person);
    }
    for (size_t i = 1; i < kept; i++) {
        size_t image = sorted[i].image, last = sorted[i - 1].image;
        if (sorted[i].person == sorted[i - 1].person && other[image] != other[last]) {
            wrong[image] = 1;
            before[image] = last;
        }
    }
}

ef_status ef_contradictions_between(ef_contradictions *self, size_t *before, const int64_t *called, const int64_t *person,
                                    size_t count, ef_error *err)
{
    known *sorted = ef_alloc(count, sizeof *sorted);
    size_t *last = ef_alloc_zero(count, sizeof *last);
    unsigned char *wrong[2] = {ef_alloc_zero(count, 1), ef_alloc_zero(count, 1)};
    ef_status status =
        sorted != NULL && last != NULL && wrong[0] != NULL && wrong[1] != NULL ? EF_OK : ef_fail_memory(err, "labels");
    if (status == EF_OK) {
        compare_runs(wrong[EF_CALLED_IMPOSTOR], last, sorted, person, called, count);
        compare_runs(wrong[EF_CALLED_GENUINE], last, sorted, called, person, count);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        bool genuine = wrong[EF_CALLED_GENUINE][i] != 0, contradicts = genuine || wrong[EF_CALLED_IMPOSTOR][i] != 0;
        if (called[i] < 0 || person[i] < 0) {
            continue;
        }
        if (contradicts && ef_contradictions_count(self) == 0) {
            self->first = i;
            self->first_genuine = genuine;
            *before = last[i];
        }
        self->calls[!contradicts || genuine]++;
        self->wrong[genuine] += contradicts;
    }
    free(sorted);
    free(last);
    free(wrong[0]);
    free(wrong[1]);
    return status;
}

ef_status ef_contradictions_settle(const ef_contradictions *self, const ef_contradiction_words *words, ef_strings *notes,
                                   ef_error *err)
{
    unsigned long long wrong = ef_contradictions_count(self),
                       calls = self->calls[EF_CALLED_IMPOSTOR] + self->calls[EF_CALLED_GENUINE];
    char first[1024];
    if (wrong == 0) {
        return EF_OK;
    }
    const char *hint = words->hint;
    if (hint == NULL && wrong == calls && calls > 1) {
        hint = "they are all the calls: are 0 (two people) and 1 (one person) swapped?";
    }
    snprintf(first, sizeof first, "%s: %s and %s are %s by %s, but %s by %s", words->place, words->a, words->b,
             self->first_genuine ? "of one person" : "of two people", words->caller,
             self->first_genuine ? "of two people" : "of one person", words->source);
    if (words->allow) {
        return ef_note(notes, err, "%llu of %llu %s contradict %s and count as they are in %s; the first: %s", wrong, calls,
                       words->what, words->source, words->caller, first);
    }
    return ef_fail(err, EF_FORMAT,
                   "%s; %llu of %llu %s contradict each other so%s%s: mend one of the two, or let %s count "
                   "(--allow-contradictions)",
                   first, wrong, calls, words->what, hint != NULL ? "; " : "", hint != NULL ? hint : "", words->caller);
}

ef_status ef_settle_both_calls(ef_strings *notes, const ef_pair_repeats *repeats, const char *where, const char *noun, int64_t a,
                               int64_t b, bool allow, ef_error *err)
{
    char text[512];
    unsigned long long both = repeats->both;
    if (both == 0) {
        return EF_OK;
    }
    if (a == b) {
        snprintf(text, sizeof text, "%s: %s %lld and %lld are the same, but called an impostor pair", where, noun, (long long)a,
                 (long long)b);
    } else {
        snprintf(text, sizeof text, "%s: %s %lld and %lld are called a genuine pair in one place and an impostor pair in another",
                 where, noun, (long long)a, (long long)b);
    }
    if (allow) {
        return ef_note(notes, err, "pairs of the list that contradict themselves and count as they stand: %llu; the first: %s",
                       both, text);
    }
    return ef_fail(err, EF_FORMAT,
                   "%s; pairs of the list that contradict themselves so: %llu; mend it, or let it count as it stands "
                   "(--allow-contradictions)",
                   text, both);
}
