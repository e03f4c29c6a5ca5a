#!/usr/bin/python3
"""Usage: tests/oracle/all_pairs.py                      checks itself on cases whose outcome is known
          tests/oracle/all_pairs.py FILE.h5[:/group] [--flip none|sum|concat] [--far 1e-3,1e-4]   prints the figures as JSON

Every pair of a labelled set, computed a second time with NumPy by brute force.

Verification: the pairs are those of two different images, each once; a pair of one person is genuine.  Identification leaves one out: each image that has
a mate is searched among all others, and its rank is that of its best mate.  An image of somebody else that ties with that mate stands before it
(pessimistic), or behind it (optimistic).
"""
import argparse
import bisect
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import numpy as np  # noqa: E402

import oracle  # noqa: E402


def labels_of(values):
    """Numbers for labels of any kind."""
    return np.unique(np.asarray(values), return_inverse=True)[1]


def compared(label, group=None, probe=None):
    """Whether i is compared with j: not with itself, nor with one of its group; probes only with others."""
    pairs = ~np.eye(len(label), dtype=bool)
    if group is not None:
        group = np.asarray(group)
        pairs &= group[:, None] != group[None, :]
    if probe is not None:
        probe = np.asarray(probe, bool)
        pairs &= probe[:, None] & ~probe[None, :]
    return pairs


class Scores(oracle.Scores):
    """Of so many pairs that the operating points are not all written down: each is looked for in the sorted scores of either kind."""

    def lowest_threshold(self, far):
        """The lowest score of any kind whose FAR is not above `far`."""
        return self.lowest_where(lambda score: self.false_matches(score) / len(self.negative) <= far)

    def lowest_where(self, holds):
        """The lowest score for which something holds that holds for all above it too, or infinity."""
        found = [np.inf]
        for scores in (self.positive, self.negative):
            place = bisect.bisect_left(scores, True, key=holds)
            found += [float(score) for score in scores[place:place + 1]]
        return min(found)

    def crossing(self):
        """Where FMR = FNMR on the polygon through all operating points: value, and the threshold at or behind it."""
        impostors, genuine = len(self.negative), len(self.positive)

        def excess(threshold):
            return self.false_matches(threshold) * genuine - (genuine - self.true_matches(threshold)) * impostors

        before = self.lowest_where(lambda score: excess(score) < 0)
        lower = [scores[np.searchsorted(scores, before, "left") - 1] for scores in (self.positive, self.negative) if scores[0] < before]
        after = float(max(lower))
        fmr = [self.false_matches(threshold) / impostors for threshold in (before, after)]
        share = -excess(before) / (excess(after) - excess(before))
        return fmr[0] + share * (fmr[1] - fmr[0]), after

    def area(self):
        """The share of pairs of a genuine and an impostor score in which the genuine one is higher, those that are equal counted half."""
        below, not_above = (np.searchsorted(self.negative, self.positive, side) for side in ("left", "right"))
        return (below + not_above).mean() / (2 * len(self.negative))


def scores_of(score, label, pairs, split):
    """Each pair once, from a square matrix of scores."""
    once, genuine = pairs if split else np.triu(pairs, 1), label[:, None] == label[None, :]
    return Scores(score[once & genuine], score[once & ~genuine])


def ranks(score, label, pairs, ties):
    """The rank, from 1 on, of the best mate of each image that has one."""
    result = []
    for i in range(len(label)):
        mates, rivals = pairs[i] & (label == label[i]), pairs[i] & (label != label[i])
        if mates.any():
            best = score[i, mates].max()
            before = score[i, rivals] >= best if ties == "pessimistic" else score[i, rivals] > best
            result.append(1 + np.count_nonzero(before))
    return np.array(result, np.int64)


class Figures:
    """All figures of a labelled set; `unit` are its vectors of length one."""

    def __init__(self, unit, label, group=None, probe=None, ties=("pessimistic", "optimistic")):
        score, label = unit @ unit.T, labels_of(label)
        pairs = compared(label, group, probe)
        self.rank = {each: ranks(score, label, pairs, each) for each in ties}
        self.trials = scores_of(score, label, pairs, probe is not None)

    def of_pairs(self, name, point=None):
        """tar_at_far, threshold_at_fmr, eer, auc, ...: as defined for any trials under the ISO convention."""
        if name == "auc":
            return {"value": self.trials.area()}
        return oracle.figure(name, point, "iso", self.trials)

    def cmc(self, rank, ties="pessimistic"):
        if len(self.rank[ties]) == 0:
            return None
        return np.count_nonzero(self.rank[ties] <= rank) / len(self.rank[ties])


# --- Self-check ---------------------------------------------------------------------------------------------------------------

def loop_tar(score, genuine, far):
    """(TAR, threshold, false matches) at the lowest of all thresholds whose FAR is not above `far`."""
    impostors, genuines = [s for s, g in zip(score, genuine) if not g], [s for s, g in zip(score, genuine) if g]
    best = (0.0, np.inf, 0)
    for threshold in sorted(set(score), reverse=True):
        false = sum(s >= threshold for s in impostors)
        if false / len(impostors) <= far:
            best = (sum(s >= threshold for s in genuines) / len(genuines), threshold, false)
    return best


def loop_area(score, genuine):
    wins = [(p > n) + 0.5 * (p == n) for p, g in zip(score, genuine) if g for n, h in zip(score, genuine) if not h]
    return sum(wins) / len(wins)


def check_by_hand():
    """Directions on a circle at multiples of a quarter: cosines are 1, 0 and -1, so that nearly everything ties."""
    quarter = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], float)
    figures = Figures(quarter[[0, 0, 1, 1, 3]], ["a", "a", "b", "c", "c"])
    # Pairs: aa 1 (genuine), ab 0 0, ac 0 0 0 0 (to b's twin and to 3), bc 1 (twins), -1; cc -1 (genuine).
    assert sorted(figures.trials.positive) == [-1, 1]
    assert sorted(figures.trials.negative) == [-1, 0, 0, 0, 0, 0, 0, 1]
    assert figures.of_pairs("tar_at_far", 0.125)["value"] == 0.5 and figures.of_pairs("tar_at_far", 0.125)["threshold"] == 1
    assert figures.of_pairs("tar_at_far", 0.99)["value"] == 0.5 and figures.of_pairs("tar_at_far", 0.1)["value"] is None
    assert figures.of_pairs("auc")["value"] == (7.5 + 0.5) / 16
    # a's two find each other at once.  c at 1: its mate scores -1, b (1) and the a's (0) stand before it; c at 3: the a's (0), and b (-1) ties.
    assert list(figures.rank["pessimistic"]) == [1, 1, 4, 4]
    assert list(figures.rank["optimistic"]) == [1, 1, 4, 3]
    assert figures.cmc(3) == 0.5 and figures.cmc(3, "optimistic") == 0.75 and figures.cmc(1) == 0.5 and figures.cmc(4) == 1.0
    # Equal error: at 1 FMR 1/8 and FNMR 1/2; at 0 FMR 7/8, FNMR 1/2: halfway between.
    assert figures.of_pairs("eer")["value"] == 0.5


def check_best_mate_counts():
    degrees = np.radians([0, 50, 8, 10, 12])
    unit = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    figures = Figures(unit, [7, 7, 9, 7, 3])
    # 0: its best mate is at 10, behind 8.  50: 10, behind 12.  10: 0, behind 8 and 12.  8 and 12 have no mates.
    assert list(figures.rank["pessimistic"]) == [2, 2, 3]


def check_against_loops():
    """And against the operating points of a list, all written down."""
    rng = np.random.default_rng(2)
    for trial in range(40):
        count = int(rng.integers(3, 14))
        label = rng.integers(0, int(rng.integers(2, 5)), count)
        rows = rng.integers(-2, 3, (count, 3)).astype(float)
        rows[np.abs(rows).sum(axis=1) == 0] = 1
        figures = Figures(rows / 4, label)  # not of length one, so that scores are exact and tie
        score, genuine = [], []
        for i in range(count):
            for j in range(i + 1, count):
                score.append(float(rows[i] @ rows[j] / 16))
                genuine.append(bool(label[i] == label[j]))
        if len(set(genuine)) < 2:
            continue
        for far in (0.05, 0.2, 0.5, 0.9):
            got = figures.of_pairs("tar_at_far", far)
            if got["value"] is not None:
                assert (got["value"], got["threshold"], got["false_matches"]) == loop_tar(score, genuine, far)
        assert abs(figures.of_pairs("auc")["value"] - loop_area(score, genuine)) < 1e-12
        listed = oracle.Trials(score, genuine)
        assert np.abs(np.subtract(figures.trials.crossing(), listed.crossing())).max() < 1e-15
        for ties in ("pessimistic", "optimistic"):
            expected = []
            for i in range(count):
                others = sorted((j for j in range(count) if j != i),
                                key=lambda j: (-float(rows[i] @ rows[j]), (label[j] == label[i]) == (ties == "pessimistic")))
                found = [at for at, j in enumerate(others) if label[j] == label[i]]
                if found:
                    expected.append(1 + found[0])
            assert list(figures.rank[ties]) == expected


def checks():
    """Functions that fail by an assertion."""
    return [check_by_hand, check_best_mate_counts, check_against_loops]


def check():
    for each in checks():
        each()
    print("all_pairs.py: %d passed, 0 failed" % len(checks()))


def main():
    if len(sys.argv) == 1:
        return check()
    parser = argparse.ArgumentParser()
    parser.add_argument("location")
    parser.add_argument("--flip", default="none", choices=["none", "sum", "concat"])
    parser.add_argument("--far", default="1e-3,1e-4")
    options = parser.parse_args()
    held = oracle.Set(options.location)
    import h5py
    path, colon, group = options.location.rpartition(":/")
    with h5py.File(path if colon else options.location, "r") as file:
        root = file[group] if colon else file
        label = next((root[name][()] for name in ("labels", "subjects", "identity") if name in root), None)
    if label is None:  # by folder
        label = np.array([each.split("/")[-2] for each in held.ids])
    figures = Figures(held.unit(options.flip), label)
    result = {"genuine": len(figures.trials.positive), "impostors": len(figures.trials.negative),
              "eer": figures.of_pairs("eer"), "auc": figures.of_pairs("auc")["value"], "searches": len(figures.rank["pessimistic"])}
    for far in options.far.split(","):
        result["tar_at_far@" + far] = figures.of_pairs("tar_at_far", float(far))
    for ties in ("pessimistic", "optimistic"):
        result["cmc, " + ties] = {rank: figures.cmc(rank, ties) for rank in (1, 5, 10)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
