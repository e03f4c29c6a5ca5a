#!/usr/bin/python3
"""Usage: tests/oracle/megaface.py                         checks itself on cases whose outcome is known
          tests/oracle/megaface.py FILE.h5[:/group] | DIR [--lists DIR] [--policy keep|drop|devkit] [--convention megaface-devkit|iso]
                                    [--literal] [--sizes 10,100]   prints the figures as JSON

MegaFace computed a second time with NumPy: every probe against every distractor, nothing clever, from the devkit's definitions.

Identification: each ordered pair (i, j) of images of one person is a search; its rank, from 0 on, is the number of distractors that score higher
with i than j does, so that a tie favours the mate.  Verification: the positives are the unordered pairs of a person, the negatives the
distractors with the first 100 probes (megaface-devkit) or with all of them (iso).
"""
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import numpy as np  # noqa: E402

f32 = np.float32
FIRST_PROBES = 100
NOISE_COMPONENT = 100.0  # what the clean test pack appends to a noisy distractor


# --- Reading ------------------------------------------------------------------------------------------------------------------

class Data:
    """probe and distractor: matrices as stored; label: who each probe is; sizes: {number: rows of the distractors}; the noisy ones as booleans."""

    def __init__(self, probe, label, distractor, sizes=None, noisy_probe=None, noisy_distractor=None):
        self.probe, self.distractor, self.label = np.asarray(probe), distractor, np.asarray(label)
        self.sizes = sizes if sizes is not None else {len(distractor): np.arange(len(distractor))}
        self.noisy_probe = np.zeros(len(self.probe), bool) if noisy_probe is None else np.asarray(noisy_probe, bool)
        self.noisy_distractor = np.zeros(len(distractor), bool) if noisy_distractor is None else np.asarray(noisy_distractor, bool)


def tail(path, count):
    return "/".join(path.split("/")[-count:])


def noise_entries(path):
    entries = set()
    with open(path) as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                words = line.strip().split("\t")
                entries.add(words[1] if len(words) > 1 else words[0])
    return entries


def size_lists(folder):
    found = {}
    for name in os.listdir(folder):
        if name.startswith("megaface_features_list.json_") and name.endswith("_1"):
            with open(os.path.join(folder, name)) as file:
                found[int(name.split("_")[-2])] = json.load(file)["path"]
    return found


def prefixes(count):
    return {n: np.arange(n) for n in [10 ** k for k in range(1, 20) if 10 ** k < count] + [count]}


def read_bin(path):
    with open(path, "rb") as file:
        content = file.read()
    rows, columns, stride, kind = np.frombuffer(content[:16], "<i4")
    assert stride == columns * 4
    return np.frombuffer(content[16:], {5: "<f4", 6: "<f8"}[int(kind)]).reshape(rows * columns)


def read_tree(root, lists):
    with open(os.path.join(lists, "facescrub_features_list.json")) as file:
        probes = json.load(file)
    known = size_lists(lists)
    paths, rows = [], {}
    for size in sorted(known, reverse=True):
        for path in known[size]:
            if path not in rows:
                rows[path] = len(paths)
                paths.append(path)
    first = os.path.join(root, "facescrub", probes["path"][0])
    ending, = [name[len(os.path.basename(first)):] for name in os.listdir(os.path.dirname(first))
               if name.startswith(os.path.basename(first)) and name.endswith(".bin")]
    probe = np.array([read_bin(os.path.join(root, "facescrub", path + ending)) for path in probes["path"]])
    distractor = np.array([read_bin(os.path.join(root, "megaface", path + ending)) for path in paths])
    data = Data(probe, probes["id"], distractor, {n: np.array([rows[path] for path in known[n]]) for n in sorted(known)})
    mark_noise(data, lists, probes["path"], paths)
    return data


def mark_noise(data, lists, probe_names, distractor_names):
    for name, attribute, names, count in (("facescrub_noises.txt", "noisy_probe", probe_names, 1),
                                          ("megaface_noises.txt", "noisy_distractor", distractor_names, 3)):
        if os.path.exists(os.path.join(lists, name)):
            entries = noise_entries(os.path.join(lists, name))
            setattr(data, attribute, np.array([tail(each, count) in entries for each in names]))


def read_h5(location, lists):
    import h5py
    path, colon, group = location.rpartition(":/")
    path, group = (path, group) if colon else (location, "megaface")
    with h5py.File(path, "r") as file:
        root = file[group] if group in file else file
        probe, distractor = ({name: item[()] for name, item in root[part].items()} for part in ("probes", "distractors"))

    def texts(values):
        return [each.decode() if isinstance(each, bytes) else str(each) for each in values]

    names = texts(probe["ids"]) if "ids" in probe else None
    label = probe["labels"] if "labels" in probe else np.array([each.split("/")[-2] for each in names])
    data = Data(probe["embeddings"], label, distractor["embeddings"], prefixes(len(distractor["embeddings"])), probe.get("noisy"),
                distractor.get("noisy"))
    if lists:
        with open(os.path.join(lists, "facescrub_features_list.json")) as listed:
            official = json.load(listed)
        row = {tail(name, 2): i for i, name in enumerate(names)}
        order = np.array([row[tail(path, 2)] for path in official["path"]])
        data.probe, data.label, data.noisy_probe = data.probe[order], np.array(official["id"]), data.noisy_probe[order]
        other = texts(distractor["ids"])
        row = {tail(name, 3): i for i, name in enumerate(other)}
        known = size_lists(lists)
        data.sizes = {n: np.array([row[tail(path, 3)] for path in known[n]]) for n in sorted(known)}
        if "noisy" not in probe:
            mark_noise(data, lists, official["path"], other)
    return data


# --- Scores -------------------------------------------------------------------------------------------------------------------

def unit(rows):
    rows = np.asarray(rows, dtype=np.float64)
    return rows / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))


def cosine(x, y):
    """Our definition: float64 products of unit vectors."""
    return x @ y.T


def serial_squares(x):
    total = np.zeros(len(x), f32)
    for k in range(x.shape[1]):
        total = total + x[:, k] * x[:, k]
    return total


def literal(x, y):
    """The devkit's, all in float32: the product summed in order, doubled, then the two squared lengths taken off together."""
    x, y = np.asarray(x, f32), np.asarray(y, f32)
    product = np.zeros((len(x), len(y)), f32)
    for k in range(x.shape[1]):
        product = product + np.multiply.outer(x[:, k], y[:, k])
    return f32(2) * product + np.add.outer(-serial_squares(x), -serial_squares(y))


# --- Noise --------------------------------------------------------------------------------------------------------------------

class Compared:
    """What is compared under a policy: vectors, labels, sizes; and the distractors that can never win."""

    def __init__(self, probe, label, sizes, out):
        self.probe, self.label, self.sizes, self.out = probe, label, sizes, out
        self.searches, self.positives = (np.array(pairs, np.int64).reshape(-1, 2) for pairs in (ordered_pairs(label), unordered_pairs(label)))
        self.scores = {}

    def between(self, score):
        """The scores of the probes among each other."""
        if score not in self.scores:
            self.scores[score] = score(self.probe, self.probe)
        return self.scores[score]


def apply_policy(data, policy, form=unit, rng=None):
    """keep: nothing happens.  drop: noisy images leave the lists.  devkit: a noisy probe becomes the direction of the sum of its person's clean features, plus
    noise of up to 0.001 a component if rng is given; a noisy distractor is moved out of reach, and stays among the negatives."""
    probe, label, sizes = form(data.probe), np.array(data.label), dict(data.sizes)
    out = np.zeros(len(data.distractor), bool)
    if policy == "drop":
        keep = ~data.noisy_probe
        probe, label = probe[keep], label[keep]
        sizes = {n: rows[~data.noisy_distractor[rows]] for n, rows in sizes.items()}
    elif policy == "devkit":
        clean = probe.astype(np.float64)
        probe = probe.copy()
        for i in np.flatnonzero(data.noisy_probe):
            others = (label == label[i]) & ~data.noisy_probe
            assert others.any() or rng is not None, "probe %d: its person has no clean image, and so no centre" % i
            centre = clean[others].sum(axis=0)
            if rng is not None:
                centre = centre + rng.uniform(-0.001, 0.001, len(centre))
            probe[i] = centre / np.sqrt(centre @ centre)
        out = data.noisy_distractor
    return Compared(probe, label, sizes, out)


# --- Figures ------------------------------------------------------------------------------------------------------------------

def ordered_pairs(label):
    label = np.asarray(label)
    return [(i, j) for i in range(len(label)) for j in np.flatnonzero(label == label[i]) if i != j]


def unordered_pairs(label):
    return [(i, j) for i, j in ordered_pairs(label) if i < j]


class Figures:
    """rank: of each search, from 0 on, and rank_after_ties: with those distractors that score the same before the mate; negatives: how many there are; above: of each positive, how many of them score higher, and
    not_below: at least as high; distractors: the number of them."""

    def __init__(self, rank, above, not_below, negatives, distractors, rank_after_ties=None):
        self.rank_after_ties = rank_after_ties
        self.rank, self.above, self.not_below = rank, above, not_below
        self.negatives, self.distractors = negatives, distractors

    def cmc(self, rank):
        """Share of searches that find the mate among the first `rank` (from 1 on)."""
        return np.count_nonzero(self.rank < rank) / len(self.rank)

    def tpr_after(self, false_accepts):
        """Devkit: with so many false accepts at the most, positives going before negatives of the same score."""
        return np.count_nonzero(self.above <= false_accepts) / len(self.above)

    def tpr_devkit(self, far):
        return self.tpr_after(int(np.rint(far * self.negatives)))

    def tar_iso(self, far):
        """At the lowest threshold whose FAR is not above `far`; equal scores are accepted together.  Too few negatives cannot show such a FAR."""
        if 1 / self.negatives > far:
            return None
        return np.count_nonzero(self.not_below / self.negatives <= far) / len(self.above)

    def cmc_listing(self):
        """(rank from 0, share) as the devkit lists them: where it is 0.01 above the last one listed, and the last bin."""
        count = np.bincount(self.rank, minlength=self.distractors + 1)
        share = np.cumsum(count).astype(f32) / f32(len(self.rank))
        return listing(share, lambda step: step >= 0.01)

    def roc_listing(self):
        """(false accepts, share) likewise: where it is more than 0.01 above, and the last one.  The share changes only where positives come in."""
        places = np.unique(np.concatenate([[0], self.above, [self.negatives]]))
        counts = np.searchsorted(np.sort(self.above), places, side="right")
        shares = counts.astype(f32) / f32(len(self.above))
        return [(int(places[at]), share) for at, share in listing(shares, lambda step: step > 0.01)]


def listing(values, far_enough):
    """Differences in float32, compared in float64."""
    last, result = f32(-1), []
    values = np.asarray(values, f32)
    # Where nothing changes, nothing new is far enough.
    for at in np.flatnonzero(np.append(True, values[1:] != values[:-1]) | (np.arange(len(values)) == len(values) - 1)):
        value = values[at]
        if far_enough(float(f32(value - last))) or at == len(values) - 1:
            result.append((int(at), float(value)))
            last = value
    return result


def evaluate(compared, distractor, rows, convention="megaface-devkit", score=cosine, form=unit):
    """Everything about one number of distractors: those in `rows`."""
    return evaluate_each(compared, distractor, rows, (convention,), score, form)[convention]


def evaluate_each(compared, distractor, rows, conventions, score=cosine, form=unit):
    """The same under several conventions, which differ in the negatives only."""
    rows = np.asarray(rows, np.int64)
    against = score(compared.probe, form(distractor[rows]))
    against[:, compared.out[rows]] = -np.inf
    of_pair, searcher = compared.between(score), compared.searches[:, 0]
    rank, rank_after_ties = np.empty(len(searcher), np.int64), np.empty(len(searcher), np.int64)
    for i in np.unique(searcher):
        own = of_pair[i, compared.searches[searcher == i, 1]]
        near = np.sort(against[i][against[i] >= own.min()])
        rank[searcher == i] = len(near) - np.searchsorted(near, own, side="right")
        rank_after_ties[searcher == i] = len(near) - np.searchsorted(near, own, side="left")
    positive = of_pair[compared.positives[:, 0], compared.positives[:, 1]]
    found = {}
    for convention in conventions:
        negative = against[:FIRST_PROBES] if convention == "megaface-devkit" else against
        near = np.sort(negative[negative >= positive.min()])
        above, not_below = (len(near) - np.searchsorted(near, positive, side) for side in ("right", "left"))
        found[convention] = Figures(rank, above, not_below, negative.size, len(rows), rank_after_ties)
    return found


# --- Self-check ---------------------------------------------------------------------------------------------------------------

def plain(score_probe, score_distractor, label, used):
    """The same by the plainest loops over the scores."""
    n, count = score_distractor.shape
    rank = [sum(score_distractor[i][d] > score_probe[i][j] for d in range(count)) for i, j in ordered_pairs(label)]
    negative = [score_distractor[i][d] for i in range(min(used, n)) for d in range(count)]
    positive = [score_probe[i][j] for i, j in unordered_pairs(label)]
    # Walk down the scores, positives first among equal ones; note the share each time a negative comes.
    walk = sorted([(-s, 0) for s in positive] + [(-s, 1) for s in negative])
    tpr, found = [0] * (len(negative) + 1), 0
    false = 0
    for _, kind in walk:
        if kind == 0:
            found += 1
            tpr[false] = found
        else:
            false += 1
            tpr[false] = found
    return rank, [count / len(positive) for count in tpr]


def plain_listing(values, strict):
    last, result = f32(-1), []
    for at, value in enumerate(np.array(values, f32)):
        step = float(f32(value - last))
        if (step > 0.01 if strict else step >= 0.01) or at == len(values) - 1:
            result.append((at, float(value)))
            last = value
    return result


def angles(*degrees):
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1)


def check_ties_and_counts():
    """15: a tie favours the mate; ordered pairs; a person with one image adds none; only the distractors of the size count."""
    probe = np.array([[1, 0], [0, 1], [0, -1]], np.float64)
    data = Data(probe, ["a", "a", "b"], np.array([[0, 1], [1, 0], [-1, 0]], np.float64))
    compared = apply_policy(data, "keep")
    one = evaluate(compared, data.distractor, [0])
    assert sorted(one.rank) == [0, 1], one.rank  # (0,1): 0 beats no mate at 0; (1,0): the distractor is probe 1 itself
    assert one.cmc(1) == 0.5 and one.cmc(2) == 1.0
    two = evaluate(compared, data.distractor, [0, 1])
    assert list(two.rank) == [1, 1]
    three = evaluate(compared, data.distractor, [2])
    assert list(three.rank) == [0, 0]
    assert ordered_pairs([0, 0, 0, 1, 2, 2]) == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (4, 5), (5, 4)]
    assert len(unordered_pairs([0, 0, 0, 1, 2, 2])) == 4


def check_roc():
    """16: the first 100 probes; positives first among equals; the entry before any false accept; what is listed."""
    probe = np.concatenate([np.tile(angles(0), (100, 1)), angles(90, 90)])
    data = Data(probe, ["x"] * 100 + ["y"] * 2, angles(90, 10))
    compared = apply_policy(data, "keep")
    devkit, iso = (evaluate(compared, data.distractor, [0, 1], convention) for convention in ("megaface-devkit", "iso"))
    assert devkit.negatives == 200 and iso.negatives == 204
    assert devkit.tpr_after(0) == 1.0  # all positives score 1, the best negative of the first 100 cos(10)
    assert iso.tpr_after(0) == 1.0 and iso.tar_iso(0.009) == 0.0  # y's distractor ties with them: before it, or with it
    assert iso.tar_iso(2 / 204) == 1.0
    made = Figures(np.array([0] * 50 + [1] * 1 + [2] * 49), np.array([0, 0, 3, 3, 7]), np.array([0, 0, 3, 3, 7]), 9, 3)
    assert [at for at, _ in made.cmc_listing()] == [0, 2, 3]  # 0.51 - 0.50 is below 0.01 in float32; the last bin always stands
    assert [at for at, _ in made.roc_listing()] == [0, 3, 7, 9]
    assert [made.tpr_after(k) for k in (0, 2, 3, 6, 7, 9)] == [0.4, 0.4, 0.8, 0.8, 1.0, 1.0]
    # A step that is 0.01 in float32: listed in the CMC when the difference is not below 0.01 in float64, never in the ROC when it is not above.
    for hundredth in range(1, 100):
        low, high = f32(hundredth) / f32(100), f32(hundredth + 1) / f32(100)
        step = float(f32(high - low))
        assert (len(listing([low, high, high], lambda s: s >= 0.01)) == 3) == (step >= 0.01)


def check_refined():
    """17: noisy probes become their person's centre, noisy distractors never win and stay among the negatives; dropped ones do neither."""
    probe = np.concatenate([angles(0, 40, 200), angles(90, 95)])
    noisy = np.array([0, 0, 1, 0, 0], bool)
    data = Data(3 * probe, list("aaabb"), angles(20, 92), None, noisy, np.array([1, 0], bool))
    devkit, dropped, kept = (apply_policy(data, policy) for policy in ("devkit", "drop", "keep"))
    assert np.allclose(devkit.probe[2], angles(20)[0], atol=1e-15)
    extended = np.append(devkit.probe[2], 0.0) / np.linalg.norm(np.append(devkit.probe[2], 0.0))
    assert np.allclose(extended[:2], devkit.probe[2])  # the extra component of a probe is nothing
    figures = evaluate(devkit, data.distractor, data.sizes[2])
    assert len(figures.rank) == 8 and figures.negatives == 10
    assert list(figures.rank) == [0, 0, 0, 0, 0, 0, 1, 1]  # only 92 degrees is left, between 90 and 95
    figures = evaluate(dropped, data.distractor, dropped.sizes[2])
    assert len(figures.rank) == 4 and figures.negatives == 4 and list(figures.rank) == [0, 0, 1, 1]
    figures = evaluate(kept, data.distractor, data.sizes[2])
    assert list(figures.rank) == [1, 2, 1, 2, 1, 1, 1, 1]
    # 513 components: the distance to a distractor with 100 in the last is at least 1e4, whatever the rest is.
    x, y = np.append(unit(probe)[0], 0.0), np.append(angles(0)[0], NOISE_COMPONENT)
    assert literal([x], [y])[0, 0] <= -1e4 < literal([x], [-x])[0, 0]


def check_literal():
    """18: float32 scores order as cosines do until they can no longer tell them apart; then ties favour the mate."""
    probe = np.array([[1, 0], [np.cos(1e-5), np.sin(1e-5)]])
    rival = np.array([[np.cos(0.5e-5), np.sin(0.5e-5)]])
    data = Data(probe, ["a", "a"], rival)
    ours = evaluate(apply_policy(data, "keep"), data.distractor, [0])
    theirs = evaluate(apply_policy(data, "keep", np.asarray), data.distractor, [0], score=literal, form=np.asarray)
    assert list(ours.rank) == [1, 1] and list(theirs.rank) == [0, 0]
    rng = np.random.default_rng(3)
    x, y = unit(rng.normal(size=(40, 64))), unit(rng.normal(size=(60, 64)))
    assert np.abs(literal(x, y) - (2 * cosine(x, y) - 2)).max() < 2e-6
    assert literal([[3, 4]], [[0, 1]])[0, 0] == f32(-(9 + 9))  # not normalised: a squared distance


def check_against_loops():
    rng = np.random.default_rng(5)
    for trial in range(60):
        n, count, people = rng.integers(2, 9), rng.integers(1, 12), rng.integers(1, 4)
        label = rng.integers(0, people, n)
        if len(unordered_pairs(label)) == 0:
            continue
        # Few values, so that scores tie.
        probe, distractor = rng.integers(-1, 2, (n, 3)).astype(float), rng.integers(-1, 2, (count, 3)).astype(float)
        data = Data(probe, label, distractor)

        def form(rows):
            return np.asarray(rows, np.float64)

        for convention, used in (("megaface-devkit", FIRST_PROBES), ("iso", n)):
            figures = evaluate(apply_policy(data, "keep", form), distractor, np.arange(count), convention, cosine, form)
            rank, tpr = plain(cosine(probe, probe), cosine(probe, distractor), label, used)
            assert sorted(figures.rank) == sorted(rank)
            scores = cosine(probe, distractor)
            within = cosine(probe, probe)
            assert sorted(figures.rank_after_ties) == sorted(sum(s >= within[i][j] for s in scores[i]) for i, j in ordered_pairs(label))
            assert [figures.tpr_after(k) for k in range(figures.negatives + 1)] == tpr
            assert figures.roc_listing() == plain_listing(tpr, True)
            share = [np.count_nonzero(np.array(rank) <= r) / len(rank) for r in range(count + 1)]
            assert [at for at, _ in figures.cmc_listing()] == [at for at, _ in plain_listing(share, False)]


def checks():
    """Functions that fail by an assertion."""
    return [check_ties_and_counts, check_roc, check_refined, check_literal, check_against_loops]


def check():
    for each in checks():
        each()
    print("megaface.py: %d passed, 0 failed" % len(checks()))


def main():
    if len(sys.argv) == 1:
        return check()
    parser = argparse.ArgumentParser()
    parser.add_argument("location")
    parser.add_argument("--lists")
    parser.add_argument("--policy", default="keep", choices=["keep", "drop", "devkit"])
    parser.add_argument("--convention", default="megaface-devkit", choices=["megaface-devkit", "iso"])
    parser.add_argument("--literal", action="store_true", help="the devkit's float32 scores of the features as they are")
    parser.add_argument("--sizes")
    options = parser.parse_args()
    is_folder = os.path.isdir(options.location)
    data = read_tree(options.location, options.lists or options.location) if is_folder else read_h5(options.location, options.lists)
    score, form = (literal, np.asarray) if options.literal else (cosine, unit)
    compared = apply_policy(data, options.policy, form)
    result = {}
    for size in [int(each) for each in options.sizes.split(",")] if options.sizes else compared.sizes:
        figures = evaluate(compared, data.distractor, compared.sizes[size], options.convention, score, form)
        result[size] = {"searches": len(figures.rank), "negatives": figures.negatives, "positives": len(figures.above),
                        "rank_1": figures.cmc(1), "rank_5": figures.cmc(5), "rank_10": figures.cmc(10),
                        "tar_devkit_1e-6": figures.tpr_devkit(1e-6), "tar_iso_1e-6": figures.tar_iso(1e-6)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
