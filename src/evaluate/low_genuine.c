#include "evaluate/low_genuine.h"

#include <math.h>

#include "evaluate/notes.h"

/* What right sets and those with rows moved by one came to is told in protocols/README.md. */
#define LEAST_IMPOSTORS        100 /* so that a hundredth of them is one */
#define LEAST_LOW              5   /* genuine comparisons below the median of the impostors */
#define LEAST_SHARE            0.01
#define LEAST_EVENNESS         0.18
#define LEAST_EVENNESS_RELATED 0.25
#define LEAST_HIGH             0.4 /* genuine comparisons among the highest hundredth: what is left of a system that works */
#define LEAST_HIGH_STRAIGHT    0.27
#define LEAST_LOW_STRAIGHT     100
#define LEAST_STRAIGHTNESS     0.84
#define COLLAPSED              1e-3

static const double far[EF_LOW_COUNT] = {0.01, 0.1, 0.3, 0.5, 0.7};

/* The first point at which at least this share of the impostors matches; curve->points when it ends before that. */
static size_t point_at(const ef_curve *curve, double share)
{
    double wanted = share * (double)curve->impostors;
    size_t low = 0, high = curve->points;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((double)curve->false_matches[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void ef_low_genuine_of_curve(ef_low_genuine *out, const ef_curve *curve)
{
    *out = (ef_low_genuine){0};
    if (curve->impostors < LEAST_IMPOSTORS || point_at(curve, far[EF_LOW_COUNT - 1]) == curve->points) {
        return;
    }
    out->genuine = curve->genuine;
    for (int i = 0; i < EF_LOW_COUNT; i++) {
        size_t point = point_at(curve, far[i]) - (i < EF_LOW_30 ? 1 : 0); /* point 0 has no match */
        out->below[i] = curve->genuine - curve->true_matches[point];
    }
}

void ef_low_genuine_meet(ef_low_genuine *self, uint64_t above, uint64_t others)
{
    if (others < LEAST_IMPOSTORS) {
        return;
    }
    double share = (double)above / (double)others;
    self->genuine++;
    for (int i = 0; i < EF_LOW_COUNT; i++) {
        self->below[i] += i < EF_LOW_30 ? share >= far[i] : share > far[i];
    }
}

void ef_low_genuine_of_searches(ef_low_genuine *out, const ef_identification *found)
{
    *out = (ef_low_genuine){.related = true};
    for (size_t g = 0; g < found->galleries; g++) {
        const ef_gallery_search *search = &found->gallery[g];
        for (size_t i = 0; i < search->probes; i++) {
            const ef_search_outcome *outcome = &search->outcome[i];
            if (outcome->mates > 0) {
                uint64_t others = search->others != NULL ? search->others[i] : search->entries - outcome->mates;
                ef_low_genuine_meet(out, outcome->above, others);
            }
        }
    }
}

double ef_low_genuine_share(const ef_low_genuine *self)
{
    const uint64_t *below = self->below;
    if (below[EF_LOW_50] < LEAST_LOW) {
        return 0;
    }
    double genuine = (double)self->genuine, high = 1 - (double)below[EF_LOW_01] / genuine, share[EF_LOW_COUNT];
    for (int i = 0; i < EF_LOW_COUNT; i++) {
        share[i] = (double)below[i] / genuine / (1 - far[i]);
    }
    double low = share[EF_LOW_50], sure = low * (1 - 1 / sqrt((double)below[EF_LOW_50])); /* but for one standard deviation */
    double even = sure * sure / (share[EF_LOW_01] * share[EF_LOW_10]);
    bool straight =
        !self->related && below[EF_LOW_50] >= LEAST_LOW_STRAIGHT && share[EF_LOW_70] >= LEAST_STRAIGHTNESS * share[EF_LOW_30];
    bool works = high >= (straight ? LEAST_HIGH_STRAIGHT : LEAST_HIGH);
    return low >= LEAST_SHARE && works && even >= (self->related ? LEAST_EVENNESS_RELATED : LEAST_EVENNESS) ? fmin(low, 1) : 0;
}

ef_status ef_note_low_genuine(ef_strings *notes, const ef_low_genuine *self, const char *what, const char *impostors,
                              const char *question, ef_error *err)
{
    double share = ef_low_genuine_share(self);
    return share == 0 ? EF_OK
                      : ef_note(notes, err, "%.*f %% of the %s score like %s while others score far above them: %s",
                                share < 0.1 ? 1 : 0, 100 * share, what, impostors, question);
}

static bool is_narrow(const ef_histogram *histogram)
{
    size_t first = histogram->bins, last = 0;
    for (size_t b = 0; b < histogram->bins; b++) {
        if (histogram->genuine[b] + histogram->impostor[b] > 0) {
            first = first < b ? first : b;
            last = b;
        }
    }
    return last <= first + 1;
}

ef_status ef_note_collapse(ef_strings *notes, double low, double high, const ef_histogram *histogram, ef_error *err)
{
    if (high - low > COLLAPSED || (histogram != NULL && !is_narrow(histogram))) {
        return EF_OK;
    }
    return ef_note(
        notes, err,
        "all scores are about %.3f: the embeddings have nearly all the same direction, and thresholds in steps of 0.01, as "
        "insightface has them, cannot tell such scores apart",
        low + (high - low) / 2);
}
