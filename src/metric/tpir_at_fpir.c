/* Open-set identification: how often the mate is found at a threshold that few probes without a mate reach. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/table.h"

static int descending(const void *a, const void *b)
{
    double left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left < right) - (left > right);
}

/* The top scores of the probes without a mate, descending.  Returns how many; NULL in *out when memory is out. */
static size_t alarms_of(double **out, const ef_gallery_search *search)
{
    size_t count = 0;
    double *alarm = ef_alloc(search->probes, sizeof *alarm);
    for (size_t i = 0; alarm != NULL && i < search->probes; i++) {
        if (search->outcome[i].mates == 0) {
            alarm[count++] = search->outcome[i].other;
        }
    }
    if (count > 0) {
        qsort(alarm, count, sizeof *alarm, descending);
    }
    *out = alarm;
    return count;
}

/* Mated searches whose mate is alone at the top and scores above `limit`. */
static uint64_t identified(const ef_gallery_search *search, double limit, uint64_t *mated)
{
    uint64_t count = 0;
    for (size_t i = 0; i < search->probes; i++) {
        const ef_search_outcome *outcome = &search->outcome[i];
        *mated += outcome->mates > 0;
        count += outcome->mates > 0 && outcome->mate > outcome->other && outcome->mate > limit;
    }
    return count;
}

/* The public script reads FPIRs from a grid of powers of ten whose doubles are a hair beyond the round numbers. */
static double script_point(double point)
{
    static const double grid[] = {0.0001, 0.001000000000000002, 0.01000000000000004, 0.10000000000000062, 1};
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
        if (fabs(grid[i] - point) < 1e-12) {
            return grid[i];
        }
    }
    return point;
}

/* iso: the threshold lies just above the score of the first alarm too many. */
static double limit_iso(const double *alarm, size_t count, double point)
{
    size_t allowed = (size_t)(point * (double)count);
    while (allowed > 0 && (double)allowed / (double)count > point) {
        allowed--;
    }
    while (allowed < count && (double)(allowed + 1) / (double)count <= point) {
        allowed++;
    }
    return allowed < count ? alarm[allowed] : -INFINITY;
}

static double limit_insightface(const double *alarm, size_t count, double point)
{
    double product = (double)count * script_point(point);
    size_t index = product >= 2 ? (size_t)product - 1 : 0;
    return alarm[index < count ? index : count - 1];
}

static void share(ef_measure *out, uint64_t found, uint64_t trials, const ef_metric_input *input)
{
    out->value = (double)found / (double)trials;
    out->errors = trials - found;
    out->trials = trials;
    ef_measure_interval(out, ef_interval_proportion(input->interval, found, trials, input->confidence),
                        ef_interval_name(input->interval));
}

/* The older script: false alarms are pairs, pooled over all probes, and the mate need not stand first. */
static ef_status over_union(ef_measure *out, const ef_metric_input *input)
{
    const ef_identification *all = input->identification;
    if (all->all == NULL) {
        return ef_measure_undefined(out, "the union of galleries is not one gallery");
    }
    size_t probes = all->all->probes, wanted = (size_t)ceil((double)probes * input->point);
    uint64_t found = 0;
    for (size_t i = 0; i < probes; i++) {
        if (all->all->outcome[i].mates != 1) {
            return ef_measure_undefined(out, "the older script wants exactly one mate for every probe");
        }
    }
    if (wanted == 0 || wanted > all->pooled_count) {
        return ef_measure_undefined(out, "there are too few scores with other subjects");
    }
    out->threshold = all->pooled_top[wanted - 1];
    for (size_t i = 0; i < probes; i++) {
        found += all->all->outcome[i].mate > out->threshold;
    }
    share(out, found, probes, input);
    return EF_OK;
}

static ef_status tpir_at_fpir(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    const ef_identification *all = input->identification;
    uint64_t found = 0, mated = 0, alarms = 0, searches = 0;
    uint64_t fewest = UINT64_MAX; /* alarms that any gallery's threshold rests on */
    double sum = 0, limit = NAN;
    if (input->convention == EF_INSIGHTFACE_UNION) {
        return over_union(out, input);
    }
    for (size_t g = 0; g < all->galleries; g++) {
        const ef_gallery_search *search = &all->gallery[g];
        double *alarm;
        size_t count = alarms_of(&alarm, search);
        if (alarm == NULL) {
            return ef_fail_memory(err, "the top scores of probes");
        }
        bool enough = count > 0 && (input->convention == EF_INSIGHTFACE || 1 / (double)count <= input->point);
        if (enough) {
            limit = input->convention == EF_INSIGHTFACE ? limit_insightface(alarm, count, input->point)
                                                        : limit_iso(alarm, count, input->point);
        }
        size_t here_alarms = 0;
        while (enough && here_alarms < count && alarm[here_alarms] > limit) {
            here_alarms++;
        }
        alarms += here_alarms;
        fewest = here_alarms < fewest ? here_alarms : fewest;
        free(alarm);
        if (!enough) {
            return ef_measure_undefined(out, count == 0 ? "every probe has a mate: none can raise a false alarm"
                                                        : "FPIR below 1 / probes without a mate: too few of them to show it");
        }
        uint64_t here = 0, right = identified(search, limit, &here);
        if (here == 0) {
            return ef_measure_undefined(out, "no probe has a mate in the gallery");
        }
        found += right;
        mated += here;
        searches += count;
        sum += (double)right / (double)here;
    }
    share(out, found, mated, input);
    if (input->convention == EF_INSIGHTFACE && all->galleries > 1) {
        out->value = sum / (double)all->galleries; /* not the share of the counts: galleries weigh alike */
        out->interval = NULL;
        out->ci_low = out->ci_high = NAN;
        out->errors = out->trials = 0;
    }
    if (all->galleries == 1) {
        out->threshold = input->convention == EF_INSIGHTFACE || isinf(limit) ? limit : nextafter(limit, INFINITY);
        out->threshold = isinf(out->threshold) ? NAN : out->threshold;
    }
    out->false_matches = alarms;
    out->impostors = searches;
    out->few_false_matches = fewest < EF_FEW_FALSE_MATCHES;
    return EF_OK;
}

const ef_metric ef_metric_tpir_at_fpir = {
    .name = "tpir_at_fpir",
    .title = "TPIR @ FPIR",
    .tasks = EF_ANY_SEARCH,
    .kind = EF_KIND_RATE,
    .higher_is_better = true,
    .parameter = "FPIR in (0, 1]",
    .point_low = 0,
    .point_high = 1,
    .example = "1e-2",
    .needs = EF_NEEDS_POOLED_TOP,
    .mean_of_galleries = true,
    .in_depth = 6,
    .definition =
        "Open-set identification: the share of mated searches whose mate stands alone at rank 1 and reaches a threshold, which "
        "the share FPIR of "
        "the probes without a mate reaches with their best gallery entry. A tie for rank 1 with another subject is a miss. "
        "iso: a score at or above the threshold counts; in every gallery the lowest threshold at which the share of false alarms "
        "is at most FPIR; "
        "galleries are added up. insightface: the threshold is the score of the false alarm number int(FPIR x probes without a "
        "mate), at least the "
        "first, and must be exceeded; the plain average over galleries. insightface-union: the threshold is the K-th highest of "
        "all scores of "
        "probes with other subjects in the union of galleries, K = ceil(FPIR x probes), and the mate must exceed it but need not "
        "be "
        "first; this is neither open-set nor a share of searches. Undefined under iso when FPIR is below 1 / probes without a "
        "mate. "
        "Marked when the threshold of a gallery rests on fewer than 30 false alarms. The interval is that of a proportion of the "
        "mated "
        "searches, the threshold "
        "taken as given.",
    .source = "ISO/IEC 19795-1:2021 (FPIR, FNIR); insightface ijb_evals.py and, for the union, ijb_1n.py",
    .compute = tpir_at_fpir,
};
