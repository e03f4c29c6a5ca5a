#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "linalg/normalise.h"
#include "evaluate/contradictions.h"
#include "evaluate/distractor_experiment.h"
#include "evaluate/notes.h"

static ef_status read_probes(ef_distractor_experiment *self, ef_error *err)
{
    self->probes = ef_distractor_set_rows(self->set, EF_SIDE_PROBES);
    self->dim = ef_distractor_vectors_dim(&self->probe_vectors);
    self->unit = ef_alloc(self->probes, self->dim * sizeof *self->unit);
    self->label = ef_alloc(self->probes, sizeof *self->label);
    if (self->unit == NULL || self->label == NULL) {
        return ef_fail_memory(err, "the probes");
    }
    memcpy(self->label, ef_distractor_set_labels(self->set), self->probes * sizeof *self->label);
    if (self->noise != EF_NOISE_KEEP) {
        self->probe_vectors.unused = ef_distractor_set_noise(self->set, EF_SIDE_PROBES)->noisy;
    }
    return ef_distractor_vectors_read(&self->probe_vectors, self->unit, 0, self->probes, err);
}

/* Which distractors are on which list.  A noisy one is on none: dropped, it does not count either. */
static ef_status read_lists(ef_distractor_experiment *self, ef_error *err)
{
    const unsigned char *noisy =
        self->noise != EF_NOISE_KEEP ? ef_distractor_set_noise(self->set, EF_SIDE_DISTRACTORS)->noisy : NULL;
    size_t all = ef_distractor_set_rows(self->set, EF_SIDE_DISTRACTORS);
    self->sizes = ef_distractor_set_size_count(self->set);
    if (self->sizes > EF_MOST_SIZES) {
        return ef_fail(err, EF_INVALID, "%s: %zu numbers of distractors; at most %d can be evaluated at a time",
                       ef_distractor_set_name(self->set), self->sizes, EF_MOST_SIZES);
    }
    self->lists = ef_alloc_zero(all, sizeof *self->lists);
    self->on_no_list = ef_alloc(all, sizeof *self->on_no_list);
    if (self->lists == NULL || self->on_no_list == NULL) {
        return ef_fail_memory(err, "the distractors");
    }
    for (size_t s = 0; s < self->sizes; s++) {
        const ef_distractor_size *size = ef_distractor_set_size(self->set, s);
        for (size_t i = 0; i < size->count; i++) {
            size_t row = size->rows != NULL ? size->rows[i] : i;
            bool out = noisy != NULL && noisy[row] != 0;
            self->distractors = row + 1 > self->distractors ? row + 1 : self->distractors;
            self->lists[row] |= out ? 0 : UINT32_C(1) << s;
            self->met[s] += !out;
        }
        self->entries[s] = self->noise == EF_NOISE_DROP ? self->met[s] : size->count;
        if (self->entries[s] == 0) {
            return ef_fail(err, EF_FORMAT,
                           "%s: of %zu distractors none is left: all are noisy; --distractors can choose other numbers",
                           ef_distractor_set_name(self->set), size->count);
        }
    }
    for (size_t d = 0; d < all; d++) {
        self->on_no_list[d] = self->lists[d] == 0;
    }
    self->distractor_vectors.unused = self->on_no_list;
    return EF_OK;
}

static ef_status note_lists(ef_distractor_experiment *self, ef_error *err)
{
    bool probes = false;
    for (size_t i = 0; i < ef_distractor_set_input_count(self->set); i++) {
        probes = probes || strcmp(ef_distractor_set_input(self->set, i)->role, "probes") == 0;
    }
    if (ef_distractor_set_size(self->set, 0)->list == NULL) {
        return ef_note(self->notes, err,
                       "no list says which distractors are meant: each number of them is that of the first ones");
    }
    return probes ? EF_OK : ef_note(self->notes, err, "no list says which probes are meant: all images of the set are");
}

static void drop_probes(ef_distractor_experiment *self, const unsigned char *noisy)
{
    size_t left = 0;
    for (size_t p = 0; p < self->probes; p++) {
        if (noisy[p] == 0) {
            memmove(self->unit + left * self->dim, self->unit + p * self->dim, self->dim * sizeof *self->unit);
            self->label[left++] = self->label[p];
        }
    }
    self->probes = left;
}

static ef_status fail_no_centre(const ef_distractor_experiment *self, size_t probe, bool clean, ef_error *err)
{
    const char *name = ef_distractor_set_row_name(self->set, EF_SIDE_PROBES, probe);
    const char *side = ef_distractor_set_side_name(self->set, EF_SIDE_PROBES);
    const char *reason = clean ? "the clean images of that person add up to nothing" : "no image of that person is clean";
    static const char way_out[] = "to stand in for the noisy ones; --noise drop leaves noisy images out";
    return name != NULL ? ef_fail(err, EF_FORMAT, "%s: %s: %s, %s", side, name, reason, way_out)
                        : ef_fail(err, EF_FORMAT, "%s: row %zu: %s, %s", side, probe, reason, way_out);
}

/* Noisy probes become the direction of the sum of their person's clean unit vectors, in the order of the list.  The random numbers up to 0.001 that the
 * clean test pack adds to it are left out: figures are to be the same each time. */
static ef_status centre_probes(ef_distractor_experiment *self, const unsigned char *noisy, ef_error *err)
{
    size_t people = ef_distractor_set_identities(self->set) + ef_distractor_set_strangers(self->set), dim = self->dim;
    double *sum = ef_alloc_zero(people, dim * sizeof *sum);
    size_t *clean = ef_alloc_zero(people, sizeof *clean);
    ef_status status = sum != NULL && clean != NULL ? EF_OK : ef_fail_memory(err, "the probes");
    for (size_t p = 0; status == EF_OK && p < self->probes; p++) {
        size_t person = (size_t)self->label[p];
        clean[person] += noisy[p] == 0;
        for (size_t k = 0; noisy[p] == 0 && k < dim; k++) {
            sum[person * dim + k] += self->unit[p * dim + k];
        }
    }
    for (size_t p = 0; status == EF_OK && p < self->probes; p++) {
        size_t person = (size_t)self->label[p];
        if (noisy[p] != 0 && (clean[person] == 0 || ef_normalise(self->unit + p * dim, sum + person * dim, dim) == 0.0)) {
            status = fail_no_centre(self, p, clean[person] > 0, err);
        }
    }
    free(sum);
    free(clean);
    return status;
}

/* Who is left, and whether anybody has a mate. */
static ef_status count_people(ef_distractor_experiment *self, ef_error *err)
{
    size_t people = ef_distractor_set_identities(self->set), alone = 0, strangers = 0;
    size_t *images = ef_alloc_zero(people, sizeof *images);
    if (images == NULL) {
        return ef_fail_memory(err, "the probes");
    }
    for (size_t p = 0; p < self->probes; p++) {
        bool stranger = (size_t)self->label[p] >= people;
        strangers += stranger;
        if (!stranger) {
            images[self->label[p]]++;
        }
    }
    for (size_t i = 0; i < people; i++) {
        self->identities += images[i] > 0;
        alone += images[i] == 1;
    }
    free(images);
    if (alone == self->identities) {
        return ef_fail(err, EF_FORMAT, "%s: nobody has two images%s: there is nothing to search",
                       ef_distractor_set_side_name(self->set, EF_SIDE_PROBES),
                       self->noise == EF_NOISE_DROP ? " left without the noisy probes" : "");
    }
    ef_status status = alone == 0
                           ? EF_OK
                           : ef_note(self->notes, err, "%zu of %zu people have one image only, which adds no search and no pair",
                                     alone, self->identities);
    return status != EF_OK || strangers == 0
               ? status
               : ef_note(self->notes, err, "%zu of %zu probes are of nobody known (labels below 0 or empty): they have no mate",
                         strangers, self->probes);
}

/* The labels of the set against the list that says who the probes are. */
static ef_status check_labels(ef_distractor_experiment *self, ef_error *err)
{
    const char *source, *other;
    const int64_t *labels = ef_distractor_set_other_labels(self->set, &source, &other);
    ef_contradictions found = {0};
    size_t before = 0, count = ef_distractor_set_rows(self->set, EF_SIDE_PROBES);
    if (labels == NULL) {
        return EF_OK;
    }
    ef_status status = ef_contradictions_between(&found, &before, ef_distractor_set_labels(self->set), labels, count, err);
    if (status != EF_OK || ef_contradictions_count(&found) == 0) {
        return status;
    }
    char *a = ef_copy_format("'%.200s'", ef_distractor_set_row_name(self->set, EF_SIDE_PROBES, before));
    char *b = ef_copy_format("'%.200s'", ef_distractor_set_row_name(self->set, EF_SIDE_PROBES, found.first));
    const ef_contradiction_words words = {.place = ef_distractor_set_side_name(self->set, EF_SIDE_PROBES),
                                          .a = a,
                                          .b = b,
                                          .what = "probes",
                                          .caller = source,
                                          .source = other,
                                          .allow = self->options->allow_contradictions};
    status =
        a != NULL && b != NULL ? ef_contradictions_settle(&found, &words, self->notes, err) : ef_fail_memory(err, "the probes");
    free(a);
    free(b);
    return status;
}

static ef_status note_side(ef_distractor_experiment *self, ef_side side, const char *images, const char *fate, ef_error *err)
{
    const ef_distractor_noise *noise = ef_distractor_set_noise(self->set, side);
    if (noise->noisy == NULL) {
        return ef_note(self->notes, err, "nothing says which %s are noisy: all are taken for clean", images);
    }
    ef_status status =
        ef_note(self->notes, err, "%zu of %zu %s are noisy (%s): %s", noise->images, noise->among, images, noise->source, fate);
    bool some = side == EF_SIDE_DISTRACTORS && self->options->size_count > 0; /* the others' noise is not theirs */
    if (status == EF_OK && noise->unmatched > 0 && !some) {
        status = ef_note(self->notes, err, "%zu of %zu entries of %s are none of the %s", noise->unmatched, noise->entries,
                         noise->source, images);
    }
    return status;
}

static ef_status note_noise(ef_distractor_experiment *self, ef_error *err)
{
    if (self->noise == EF_NOISE_KEEP) {
        return EF_OK;
    }
    bool drop = self->noise == EF_NOISE_DROP;
    ef_status status = note_side(self, EF_SIDE_PROBES, "probes",
                                 drop ? "left out" : "each is replaced by the centre of its person's clean ones", err);
    return status == EF_OK ? note_side(self, EF_SIDE_DISTRACTORS, "distractors",
                                       drop ? "left out" : "they never match, but count among the impostors", err)
                           : status;
}

ef_status ef_distractor_prepare(ef_distractor_experiment *self, ef_error *err)
{
    const unsigned char *noisy = ef_distractor_set_noise(self->set, EF_SIDE_PROBES)->noisy;
    ef_status status = read_lists(self, err);
    if (status == EF_OK) {
        status = note_lists(self, err);
    }
    if (status == EF_OK) {
        status = note_noise(self, err);
    }
    if (status == EF_OK) {
        status = check_labels(self, err);
    }
    if (status == EF_OK) {
        status = read_probes(self, err);
    }
    if (status == EF_OK && noisy != NULL && self->noise == EF_NOISE_DROP) {
        drop_probes(self, noisy);
    } else if (status == EF_OK && noisy != NULL && self->noise == EF_NOISE_DEVKIT) {
        status = centre_probes(self, noisy, err);
    }
    return status == EF_OK ? count_people(self, err) : status;
}
