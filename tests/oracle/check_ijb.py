#!/usr/bin/python3
"""Usage: tests/oracle/check_ijb.py
Checks the IJB oracle itself: against plain loops on small data, and on cases whose outcome is known."""
import math
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import numpy as np  # noqa: E402
from sklearn.metrics import roc_curve  # noqa: E402

import ijb  # noqa: E402
import oracle  # noqa: E402

f32 = np.float32


# --- Plain loops --------------------------------------------------------------------------------------------------------------

def loop_template(features, template, media, wanted):
    """One element at a time, float32 until the sum of media is done."""
    dim = features.shape[1]
    total = [f32(0)] * dim
    first = True
    for one in sorted({int(m) for m, t in zip(media, template) if t == wanted}):
        frames = [i for i in range(len(template)) if template[i] == wanted and media[i] == one]
        for k in range(dim):
            value = f32(features[frames[0]][k])
            for i in frames[1:]:
                value = f32(value + features[i][k])
            if len(frames) > 1:
                value = f32(value / f32(len(frames)))
            total[k] = value if first else f32(total[k] + value)
        first = False
    length = math.sqrt(math.fsum(float(v) ** 2 for v in total))
    return [float(v) / length for v in total]


def loop_roc(score, genuine):
    """The curve as scikit-learn thins it: group ends, inner points of straight runs left out, the origin in front."""
    points = [(sum(1 for s, g in zip(score, genuine) if s >= t and not g), sum(1 for s, g in zip(score, genuine) if s >= t and g))
              for t in sorted(set(score), reverse=True)]
    kept = []
    for i, point in enumerate(points):
        inner = 0 < i < len(points) - 1
        straight = inner and all(points[i + 1][c] - 2 * point[c] + points[i - 1][c] == 0 for c in (0, 1))
        if not straight:
            kept.append(point)
    return [(0, 0)] + kept


def loop_nearest(score, genuine, far):
    impostors, genuines = sum(1 for g in genuine if not g), sum(1 for g in genuine if g)
    best = None
    for false, true in reversed(loop_roc(score, genuine)):
        gap = abs(false / impostors - far)
        if best is None or gap < best[0]:
            best = (gap, true)
    return best[1] / genuines


def loop_exact(score, genuine, far):
    impostors, genuines = sum(1 for g in genuine if not g), sum(1 for g in genuine if g)
    best = 0
    for t in set(score):
        if sum(1 for s, g in zip(score, genuine) if not g and s >= t) / impostors <= far:
            best = max(best, sum(1 for s, g in zip(score, genuine) if g and s >= t))
    return best / genuines


def loop_identify(scores, probe, gallery, fpir):
    """(mates within rank 1, 2, 3; identified under iso; under the script), of one gallery."""
    ranks, alarms, right = [], [], []
    for row, subject in zip(scores, probe):
        mates = [s for s, g in zip(row, gallery) if g == subject]
        others = [s for s, g in zip(row, gallery) if g != subject]
        if mates:
            ranks.append(1 + sum(1 for s in others if s >= max(mates)))
            if not others or max(mates) > max(others):
                right.append(max(mates))
        else:
            alarms.append(max(others))
    every = sorted(set(alarms) | set(right)) + [math.inf]
    lowest = next(t for t in every if sum(1 for a in alarms if a >= t) <= fpir * len(alarms))
    descending = sorted(alarms, reverse=True)
    limit = descending[max(int(len(alarms) * ijb.script_point(fpir)) - 1, 0)]
    return ([sum(1 for r in ranks if r <= k) / len(ranks) for k in (1, 2, 3)], sum(1 for s in right if s >= lowest) / len(ranks),
            sum(1 for s in right if s > limit) / len(ranks))


# --- Checks -------------------------------------------------------------------------------------------------------------------

def check_templates(random):
    for _ in range(20):
        count = int(random.integers(2, 30))
        template, media = random.integers(1, 6, count) * 7, random.integers(1, 5, count)
        features = random.standard_normal((count, 5)).astype(f32)
        ids, unit = ijb.pool(features, template, media)
        assert list(ids) == sorted(set(template.tolist()))
        for number, one in enumerate(ids):
            assert np.allclose(unit[number], loop_template(features, template, media, one), rtol=0, atol=1e-15)


def check_curve(random):
    for values in (3, 8, 30, 10000):
        for _ in range(10):
            score = random.integers(0, values, 120) / 16.0
            genuine = random.random(120) < 0.3
            score = score + np.where(genuine, values / 40, 0)
            fpr, tpr, _ = roc_curve(genuine, score)
            points = loop_roc(score, genuine)
            assert np.array_equal(fpr, np.array([p[0] for p in points]) / np.sum(~genuine))
            assert np.array_equal(tpr, np.array([p[1] for p in points]) / np.sum(genuine))
            trials = oracle.Trials(score, genuine)
            for far in (1e-4, 0.004, 0.013, 0.02, 0.1, 0.5, 1):
                assert oracle.figure("tar_at_far", far, "insightface", trials)["value"] == loop_nearest(score, genuine, far)
                if far < 1 / np.sum(~genuine):
                    continue
                assert oracle.figure("tar_at_far", far, "iso", trials)["value"] == loop_exact(score, genuine, far)


def check_search(random):
    for _ in range(60):
        gallery = random.integers(0, 12, 8)
        probe = random.integers(0, 14, 40)
        scores = random.integers(0, 24, (40, 8)) / 16.0
        scores[probe[:, None] == gallery[None, :]] += 0.5
        search = ijb.Search(scores, probe, gallery)
        for fpir in (0.1, 0.3, 0.5):
            cmc, iso, script = loop_identify(scores.tolist(), probe.tolist(), gallery.tolist(), fpir)
            assert [ijb.cmc_iso([search], k)["value"] for k in (1, 2, 3)] == cmc
            assert list(ijb.cmc_curve([search])[:3]) == cmc
            assert ijb.tpir_iso([search], fpir)["value"] == iso
            assert ijb.tpir_insightface([search], fpir)["value"] == script


# --- Known outcomes -----------------------------------------------------------------------------------------------------------

def nearest(score, genuine, far):
    return oracle.figure("tar_at_far", far, "insightface", oracle.Trials(score, genuine))["value"]


def check_tied_kinds():
    """A genuine and an impostor of one score are one operating point."""
    trials = oracle.Trials([3, 2, 2, 1], [1, 1, 0, 0])
    assert list(zip(trials.fp, trials.tp)) == [(0, 0), (0, 1), (1, 2), (2, 2)]


def check_equidistant():
    """Between FAR 0 and 0.5, 0.25 is as near to both: the larger is taken, and at it the largest TAR."""
    score, genuine = np.array([6, 5, 4, 3, 2, 1.0]), np.array([1, 0, 1, 1, 0, 1])
    trials = oracle.Trials(score, genuine)
    fpr, tpr, _ = roc_curve(genuine, score)
    reversed_fpr, reversed_tpr = fpr[::-1], tpr[::-1]
    assert reversed_tpr[np.argmin(np.abs(reversed_fpr - 0.25))] == 0.75
    assert oracle.nearest_far_threshold(trials, 0.25) == 3 and trials.true_matches(3) == 3


def check_dropped_run():
    """The aim lies in a run of impostors: with its inside left out, the read-off leaps to the next genuine scores."""
    score = np.concatenate([[1000.0], np.arange(900, 800, -1.0), [700.0, 699.0], np.arange(600, 500, -1.0)])
    genuine = np.concatenate([[1], np.zeros(100), [1, 1], np.zeros(100)]).astype(int)
    far = 60 / 200
    full = [roc_curve(genuine, score, drop_intermediate=False)[i][::-1] for i in (0, 1)]
    assert full[1][np.argmin(np.abs(full[0] - far))] == 1 / 3
    assert nearest(score, genuine, far) == 1.0


def check_target_counts():
    """15,638,932 impostors: the nearest counts of false matches."""
    impostors = 15638932
    for far, count in ((1e-6, 16), (1e-5, 156), (1e-4, 1564)):
        around = np.arange(count - 3, count + 4)[::-1]
        assert around[np.argmin(np.abs(around / impostors - far))] == count


def check_unknown_template():
    try:
        ijb.verify(np.array([1, 5]), np.eye(2), (np.array([1]), np.array([4]), np.array([True])))
    except ValueError:
        return
    raise AssertionError("a template without images was scored")


def check_media_mean():
    """Three frames and a still: the mean of the frames plus the still, not four images alike."""
    rows = np.array([[1, 0], [2, 0], [3, 0], [0, 2]], dtype=f32)
    ids, unit = ijb.pool(rows, np.array([9, 9, 9, 9]), np.array([4, 4, 4, 2]))
    assert list(ids) == [9] and np.allclose(unit[0], [math.sqrt(0.5), math.sqrt(0.5)])


def check_switches():
    """ijb_11.py's N1D1F1 keeps the length, as ijb_evals.py's N0D1F1 does."""
    rows, quality = np.array([[3, 4], [0, 1]], dtype=f32), np.array([0.5, 1], dtype=f32)
    kept = ijb.image_features(rows, rows, quality, ijb.Switches())
    assert np.array_equal(kept, np.array([[3, 4], [0, 2]], dtype=f32))
    unit = ijb.image_features(rows, rows, quality, ijb.Switches(norm="unit"))
    assert np.allclose(unit, [[0.3, 0.4], [0, 1]])


def check_limits():
    """ceil() of the older script, int() - 1 floored at 0 of the newer one, everything accepted at 1."""
    for probes, far, count in ((19593, 0.1, 1960), (19593, 0.01, 196), (10270, 0.1, 1027), (10270, 0.01, 103)):
        assert math.ceil(probes * far) == count
    subjects, gallery = np.array([0] * 2 + [7] * 100), np.array([0, 1])
    scores = np.zeros((102, 2))
    scores[:2, 0] = (0.995, 0.5)
    scores[2:, 1] = np.arange(100) / 100
    search = ijb.Search(scores, subjects, gallery)
    for far, index in ((0.0001, 0), (0.01, 0), (0.02, 1), (0.1, 9), (1, 99)):
        assert ijb.alarm_limit_insightface(search, far) == search.alarms[index]
    assert ijb.tpir_insightface([search], 0.01)["value"] == 0.5
    assert ijb.tpir_insightface([search], 1)["value"] == 1
    # Exactly one of a hundred may reach the threshold: it lies just above the second.
    assert ijb.alarm_limit_iso(search, 0.01) == search.alarms[1] and ijb.alarm_limit_iso(search, 1) == -math.inf


def check_probe_without_mate():
    """A probe of nobody: no figure with the union gallery, not mated with separate ones."""
    experiment = ijb.Experiment(None, None, None, None, [(np.array([1]), np.array([10])), (np.array([2]), np.array([20]))],
                                (np.array([3, 4, 5]), np.array([10, 20, 30])))
    unit = normalize_rows([[1, 0], [0, 1], [2, 1], [1, 2], [1, 1]])
    searches = ijb.search_all(np.array([1, 2, 3, 4, 5]), unit, experiment)
    union = ijb.union_of(searches, experiment)
    assert ijb.tpir_union(union, 0.1)["value"] is None and ijb.cmc_union(union, 1)["value"] is None
    assert [list(search.mated) for search in searches] == [[True, False, False], [False, True, False]]
    assert ijb.cmc_iso(searches, 1)["value"] == 1 and ijb.cmc_insightface(searches, 1)["value"] == 2 / 3


def normalize_rows(rows):
    rows = np.array(rows, dtype=float)
    return rows / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))


RANDOM = (check_templates, check_curve, check_search)
KNOWN = (check_tied_kinds, check_equidistant, check_dropped_run, check_target_counts, check_unknown_template, check_media_mean, check_switches,
         check_limits, check_probe_without_mate)


def checks():
    """Functions that fail by an assertion."""
    random = np.random.default_rng(7)
    return [lambda each=each: each(random) for each in RANDOM] + list(KNOWN)


if __name__ == "__main__":
    for one in checks():
        one()
    print("check_ijb.py: %d passed, 0 failed" % len(checks()))
