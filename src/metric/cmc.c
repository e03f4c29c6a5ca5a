/* Cumulative match characteristic: how often the mate is found within a rank. */
#include "metric/table.h"

/* `ties_before`: what scores like the mate stands before it. */
static uint64_t found_within(const ef_gallery_search *search, double rank, bool ties_before, uint64_t *mated)
{
    uint64_t found = 0;
    for (size_t i = 0; i < search->probes; i++) {
        const ef_search_outcome *outcome = &search->outcome[i];
        *mated += outcome->mates > 0;
        found += outcome->mates > 0 && (double)outcome->above + (ties_before ? (double)outcome->level : 0) < rank;
    }
    return found;
}

static ef_status cmc(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    const ef_identification *all = input->identification;
    uint64_t found = 0, mated = 0, searches;
    bool ties_before = input->convention != EF_MEGAFACE_DEVKIT;
    if (input->convention == EF_INSIGHTFACE_UNION) {
        if (all->all == NULL) {
            return ef_measure_undefined(out, "the union of galleries is not one gallery");
        }
        for (size_t i = 0; i < all->all->probes; i++) {
            if (all->all->outcome[i].mates != 1) {
                return ef_measure_undefined(out, "the older script wants exactly one mate for every probe");
            }
        }
        found = found_within(all->all, input->point, ties_before, &mated);
    } else {
        for (size_t g = 0; g < all->galleries; g++) {
            found += found_within(&all->gallery[g], input->point, ties_before, &mated);
        }
    }
    searches = input->convention == EF_INSIGHTFACE && all->galleries > 1 ? all->gallery[0].probes : mated;
    if (searches == 0) {
        return ef_measure_undefined(out, "no probe has a mate in the gallery");
    }
    if (found > searches) {
        return ef_measure_undefined(out, "a probe has mates in several galleries: the script counts every probe once");
    }
    out->value = (double)found / (double)searches;
    out->errors = searches - found;
    out->trials = searches;
    ef_measure_interval(out, ef_interval_proportion(input->interval, found, searches, input->confidence),
                        ef_interval_name(input->interval));
    return EF_OK;
}

const ef_metric ef_metric_cmc = {
    .name = "cmc",
    .title = "CMC rank",
    .heading = "Rank",
    .tasks = EF_ANY_SEARCH | EF_IDENTIFY_DISTRACTORS,
    .kind = EF_KIND_RATE,
    .higher_is_better = true,
    .parameter = "rank, a whole number from 1 to 1000000",
    .point_low = 0,
    .point_high = 1000000,
    .whole_point = true,
    .example = "1",
    .usual = 3,
    .usual_point = 1,
    .in_depth = 5,
    .definition =
        "Closed-set identification: the share of mated searches that find the mate within the rank. The rank of a mate is one "
        "more than the "
        "number of gallery entries of other subjects that score at least as high: an entry that ties with the mate stands before "
        "it. "
        "Of several mates the best counts. iso: of the searches of probes that have a mate in the gallery, galleries added up. "
        "insightface: the same count, but over several galleries divided by the number of probes, each of which has its mate in "
        "one of them. "
        "insightface-union: all galleries as one, in which every probe must have exactly one mate. Undefined when no probe has a "
        "mate. The interval "
        "is that of a proportion. "
        "Among distractors each ordered pair of images of one person is a search: the first is the probe, and the second is put "
        "among the distractors, which are the gallery. megaface-devkit: the rank is one more than the number of distractors that "
        "score higher, so a tie favours the mate; iso: ties stand before the mate, as above.",
    .source = "ISO/IEC 19795-1:2021 (identification rate at a rank); insightface ijb_evals.py and, for the union, ijb_1n.py; "
              "the MegaFace devkit",
    .compute = cmc,
};
