#include <eface/curve.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_alloc.h"
#include "metric/sort_scores.h"

/* Splits the scores: genuine ones from the front of keys, impostors behind them. */
static ef_status split(uint64_t *keys, size_t *genuine_count, const double *score, const unsigned char *genuine, size_t count,
                       ef_error *err)
{
    size_t front = 0, back = count;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(score[i])) {
            return ef_fail(err, EF_INVALID, "score %zu is not finite", i);
        }
        keys[genuine[i] != 0 ? front++ : --back] = ef_score_key(score[i]);
    }
    *genuine_count = front;
    return EF_OK;
}

/* Walks both sorted classes together, one step per distinct score: fills `curve`, or with NULL only counts the steps. */
static size_t merge(ef_curve *curve, const uint64_t *keys, size_t genuine, size_t count)
{
    size_t g = 0, i = genuine, points = 0;
    while (g < genuine || i < count) {
        uint64_t key = i == count || (g < genuine && keys[g] < keys[i]) ? keys[g] : keys[i];
        while (g < genuine && keys[g] == key) {
            g++;
        }
        while (i < count && keys[i] == key) {
            i++;
        }
        points++;
        if (curve != NULL) {
            curve->threshold[points] = ef_score_of_key(key);
            curve->true_matches[points] = g;
            curve->false_matches[points] = i - genuine;
        }
    }
    return points;
}

ef_status ef_curve_create(ef_curve **out, const double *score, const unsigned char *genuine, size_t count, ef_error *err)
{
    ef_status status;
    size_t genuine_count = 0;
    uint64_t *keys = ef_alloc(count, sizeof *keys), *spare = ef_alloc(count, sizeof *spare);
    if (keys == NULL || spare == NULL) {
        status = ef_fail_memory(err, "sorting the scores");
        goto done;
    }
    if ((status = split(keys, &genuine_count, score, genuine, count, err)) != EF_OK) {
        goto done;
    }
    if (genuine_count == 0 || genuine_count == count) {
        status = ef_fail(err, EF_INVALID, "no %s comparison among %zu", genuine_count == 0 ? "genuine" : "impostor", count);
        goto done;
    }
    ef_sort_score_keys(keys, spare, genuine_count);
    ef_sort_score_keys(keys + genuine_count, spare, count - genuine_count);
    free(spare);
    spare = NULL;
    ef_curve *curve = NULL;
    if ((status = ef_curve_alloc(&curve, 1 + merge(NULL, keys, genuine_count, count), err)) != EF_OK) {
        goto done;
    }
    curve->threshold[0] = INFINITY;
    curve->false_matches[0] = curve->true_matches[0] = 0;
    curve->genuine = genuine_count;
    curve->impostors = count - genuine_count;
    merge(curve, keys, genuine_count, count);
    *out = curve;
done:
    free(keys);
    free(spare);
    return status;
}

static bool second_difference_is_zero(const uint64_t *count, size_t i)
{
    return count[i + 1] - count[i] == count[i] - count[i - 1];
}

ef_status ef_curve_drop_intermediate(ef_curve **out, const ef_curve *curve, ef_error *err)
{
    ef_status status;
    size_t last = curve->points - 1, kept = 0;
    size_t *keep = ef_alloc(curve->points, sizeof *keep);
    if (keep == NULL) {
        return ef_fail_memory(err, "the points of a curve");
    }
    /* Point 0 is outside the differences: scikit-learn puts it in front only afterwards. */
    for (size_t i = 0; i < curve->points; i++) {
        if (i <= 1 || i == last || !second_difference_is_zero(curve->false_matches, i) ||
            !second_difference_is_zero(curve->true_matches, i)) {
            keep[kept++] = i;
        }
    }
    status = ef_curve_select(out, curve, keep, kept, err);
    free(keep);
    return status;
}
