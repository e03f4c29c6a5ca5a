#include "evaluate/distractor_curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_alloc.h"

uint64_t ef_distractor_kept_devkit(double far, uint64_t impostors)
{
    uint64_t allowed = (uint64_t)rint(far * (double)impostors);
    return allowed < impostors ? allowed + 1 : impostors;
}

ef_status ef_distractor_curve(ef_curve **out, const ef_distractor_scores *scores, ef_error *err)
{
    ef_curve *curve;
    ef_status status = ef_curve_alloc(&curve, 1 + scores->genuine_count + scores->kept_count, err);
    if (status != EF_OK) {
        return status;
    }
    size_t g = 0, k = 0, points = 1;
    curve->threshold[0] = INFINITY;
    curve->false_matches[0] = curve->true_matches[0] = 0;
    while (k < scores->kept_count || (scores->all_kept && g < scores->genuine_count)) {
        double genuine = g < scores->genuine_count ? scores->genuine[g] : -INFINITY;
        double score = k < scores->kept_count ? fmax(genuine, scores->kept[k]) : genuine;
        while (g < scores->genuine_count && scores->genuine[g] == score) {
            g++;
        }
        while (k < scores->kept_count && scores->kept[k] == score) {
            k++;
        }
        curve->threshold[points] = score;
        curve->false_matches[points] = k;
        curve->true_matches[points++] = g;
    }
    curve->points = points;
    curve->genuine = scores->genuine_count;
    curve->impostors = scores->impostors;
    *out = curve;
    return EF_OK;
}

/* Room for one point for each hundredth and the last one. */
static ef_status listing_create(ef_result_listing *out, uint64_t places, ef_error *err)
{
    *out = (ef_result_listing){
        .place = ef_alloc(128, sizeof *out->place), .share = ef_alloc(128, sizeof *out->share), .places = places};
    return out->place != NULL && out->share != NULL ? EF_OK : ef_fail_memory(err, "a listing");
}

static void listing_add(ef_result_listing *out, uint64_t place, float share)
{
    out->place[out->count] = place;
    out->share[out->count++] = share;
}

ef_status ef_distractor_list_roc(ef_result_listing *out, const ef_distractor_scores *scores, ef_error *err)
{
    ef_status status = listing_create(out, scores->impostors, err);
    size_t found = 0;
    float last = -1;
    for (size_t k = 0; status == EF_OK && k <= scores->kept_count; k++) {
        bool end = k == scores->kept_count;
        if (end && !scores->all_kept) {
            break;
        }
        while (found < scores->genuine_count && (end || scores->genuine[found] >= scores->kept[k])) {
            found++;
        }
        float share = (float)found / (float)scores->genuine_count, step = share - last;
        if ((double)step > 0.01 || k == scores->impostors) {
            listing_add(out, k, share);
            last = share;
        }
    }
    out->complete = scores->all_kept;
    if (status == EF_OK && (!scores->all_kept || scores->kept_count < scores->impostors)) {
        listing_add(out, scores->impostors, 1);
    }
    return status;
}

ef_status ef_distractor_list_cmc(ef_result_listing *out, const uint64_t *searches_of, size_t ranks, uint64_t searches,
                                 uint64_t distractors, ef_error *err)
{
    ef_status status = listing_create(out, distractors, err);
    uint64_t found = 0;
    float last = -1;
    for (size_t rank = 0; status == EF_OK && rank < ranks && rank <= distractors; rank++) {
        found += searches_of[rank];
        float share = (float)found / (float)searches, step = share - last;
        if ((double)step >= 0.01 || rank == distractors) {
            listing_add(out, rank, share);
            last = share;
        }
    }
    out->complete = distractors < ranks || found == searches;
    if (status == EF_OK && distractors >= ranks) {
        listing_add(out, distractors, 1);
    }
    return status;
}
