#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "evaluate/distractor_experiment.h"
#include "score/highest.h"

/* Probes person by person, in the order of their list. */
typedef struct people {
    size_t *end;    /* of each person among `member` */
    size_t *member; /* probes */
    size_t count;
} people;

static ef_status gather(people *out, const ef_distractor_experiment *self, ef_error *err)
{
    out->count = ef_distractor_set_identities(self->set) + ef_distractor_set_strangers(self->set);
    out->end = ef_alloc_zero(out->count + 1, sizeof *out->end);
    out->member = ef_alloc(self->probes, sizeof *out->member);
    if (out->end == NULL || out->member == NULL) {
        return ef_fail_memory(err, "the probes");
    }
    for (size_t p = 0; p < self->probes; p++) {
        out->end[self->label[p] + 1]++;
    }
    for (size_t i = 0; i < out->count; i++) {
        out->end[i + 1] += out->end[i];
    }
    for (size_t p = 0; p < self->probes; p++) { /* end[] begins as begin[], and moves up to be end[] */
        out->member[out->end[self->label[p]]++] = p;
    }
    return EF_OK;
}

typedef struct scoring {
    const ef_distractor_experiment *self;
    const people *people;
} scoring;

static int ascending(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The scores of one probe's mates. */
static void score_probe(void *data, size_t probe, int worker)
{
    const scoring *work = data;
    const ef_distractor_experiment *self = work->self;
    size_t person = (size_t)self->label[probe], dim = self->dim, at = self->begin[probe];
    (void)worker;
    for (size_t i = person > 0 ? work->people->end[person - 1] : 0; i < work->people->end[person]; i++) {
        size_t mate = work->people->member[i];
        if (mate != probe) {
            self->mark[at++] = ef_dot(self->unit + probe * dim, self->unit + mate * dim, dim);
        }
    }
}

/* Every unordered pair once. */
static void take_genuine(ef_distractor_experiment *self, const people *by_person)
{
    for (size_t p = 0; p < self->probes; p++) {
        size_t person = (size_t)self->label[p], begin = person > 0 ? by_person->end[person - 1] : 0, before = 0;
        while (by_person->member[begin + before] < p) {
            before++;
        }
        for (size_t i = self->begin[p] + before; i < self->begin[p + 1]; i++) {
            self->genuine[self->genuine_count++] = self->mark[i];
        }
    }
    ef_sort_descending(self->genuine, self->genuine_count);
}

ef_status ef_distractor_mates(ef_distractor_experiment *self, ef_error *err)
{
    people by_person = {0};
    ef_status status = gather(&by_person, self, err);
    self->begin = ef_alloc(self->probes + 1, sizeof *self->begin);
    if (status != EF_OK || self->begin == NULL) {
        status = status != EF_OK ? status : ef_fail_memory(err, "the probes");
        goto done;
    }
    size_t total = 0;
    for (size_t p = 0; p <= self->probes; p++) {
        self->begin[p] = total;
        if (p < self->probes) {
            size_t person = (size_t)self->label[p];
            total += by_person.end[person] - (person > 0 ? by_person.end[person - 1] : 0) - 1;
        }
    }
    self->mark = ef_alloc(total, sizeof *self->mark);
    self->genuine = ef_alloc(total / 2, sizeof *self->genuine);
    if (self->mark == NULL || self->genuine == NULL) {
        status = ef_fail_memory(err, "the scores of mates");
        goto done;
    }
    scoring work = {self, &by_person};
    ef_parallel_for(self->options->work.threads, self->probes, score_probe, &work);
    take_genuine(self, &by_person);
    for (size_t p = 0; p < self->probes; p++) {
        qsort(self->mark + self->begin[p], self->begin[p + 1] - self->begin[p], sizeof *self->mark, ascending);
    }
done:
    free(by_person.end);
    free(by_person.member);
    return status;
}
