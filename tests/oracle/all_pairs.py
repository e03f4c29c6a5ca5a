#!/usr/bin/python3
"""Usage: tests/oracle/all_pairs.py                      checks itself on cases whose outcome is known
          tests/oracle/all_pairs.py FILE.h5[:/group] [--flip none|sum|concat] [--far 1e-3,1e-4]   prints the figures as JSON

Every pair of a labelled set, computed a second time with NumPy by brute force.

Verification: the pairs are those of two different images, each once; a pair of one person is genuine.  Identification leaves one out: each image that has
a mate is searched among all others, and its rank is that of its best mate.  An image of somebody else that ties with that mate stands before it
(pessimistic), or behind it (optimistic).
"""
import argparse
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


def trials_of(score, label, pairs, split):
    """Each pair once, from a square matrix of scores."""
    a, b = np.nonzero(pairs if split else np.triu(pairs, 1))
    return oracle.Trials(score[a, b], label[a] == label[b])


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

    def __init__(self, unit, label, group=None, probe=None):
        self.score = unit @ unit.T
        self.label = labels_of(label)
        pairs = compared(self.label, group, probe)
        self.trials = trials_of(self.score, self.label, pairs, probe is not None)
        self.rank = {ties: ranks(self.score, self.label, pairs, ties) for ties in ("pessimistic", "optimistic")}

    def of_pairs(self, name, point=None):
        """tar_at_far, threshold_at_fmr, eer, auc, ...: as defined for any trials under the ISO convention."""
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
        for ties in ("pessimistic", "optimistic"):
            expected = []
            for i in range(count):
                others = sorted((j for j in range(count) if j != i),
                                key=lambda j: (-float(rows[i] @ rows[j]), (label[j] == label[i]) == (ties == "pessimistic")))
                found = [at for at, j in enumerate(others) if label[j] == label[i]]
                if found:
                    expected.append(1 + found[0])
            assert list(figures.rank[ties]) == expected


def check():
    for each in (check_by_hand, check_best_mate_counts, check_against_loops):
        each()
    print("all_pairs.py: 3 passed, 0 failed")


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
