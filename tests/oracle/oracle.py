"""Every figure of eface, computed a second time from the same files with NumPy, SciPy, scikit-learn and h5py.

Nothing here follows the C code: lists, embeddings and figures are read and computed from their definitions, plainly and slowly.
"""
import csv
import functools
import math
import os
import re

import h5py
import numpy as np
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import KFold

IMAGE_EXTENSION = re.compile(r"\.(jpe?g|png|bmp|tiff?|webp|gif|ppm|pgm)$", re.IGNORECASE)


# --- Sets ---------------------------------------------------------------------------------------------------------------------

ALIASES = {
    "embeddings": ("embeddings", "features", "feats", "embs", "array"),
    "flip": ("embeddings_flip", "embs_f", "features_flip"),
    "ids": ("ids", "names", "paths", "filenames", "image_name"),
}


def dataset(group, field):
    for name in ALIASES.get(field, (field,)):
        if name in group:
            return group[name]
    return None


@functools.lru_cache(maxsize=2)
def read_set(location, preferred=None):
    """Cases of one set follow each other."""
    return Set(location, preferred)


class Set:
    """One group of an HDF5 file: location is FILE.h5 or FILE.h5:/group."""

    def __init__(self, location, preferred=None):
        path, colon, group = location.rpartition(":/")
        if not colon:
            path, group = location, ""
        with h5py.File(path, "r") as file:
            root = file
            if group:
                root = file[group]
            elif preferred and preferred in file and isinstance(file[preferred], h5py.Group):
                root = file[preferred]

            def read(field):
                found = dataset(root, field)
                return None if found is None else found[()]

            self.units = {}
            self.embeddings = read("embeddings")
            self.flip = read("flip")
            ids = read("ids")
            self.ids = None if ids is None else [i.decode() if isinstance(i, bytes) else str(i) for i in ids]
            self.issame = read("issame")
            self.pairs = read("pairs")
            self.folds = read("folds")
            self.scores = read("scores")

    def unit(self, flip="sum"):
        if flip not in self.units:
            self.units[flip] = self.unit_rows(flip)
        return self.units[flip]

    def unit_rows(self, flip):
        """Rows of length one, all in float64; the raw outputs of an image and of its mirror image are added first."""
        rows = self.embeddings.astype(np.float64)
        if flip == "sum" and self.flip is not None:
            rows = rows + self.flip.astype(np.float64)
        elif flip == "concat" and self.flip is not None:
            rows = np.concatenate([rows, self.flip.astype(np.float64)], axis=1)
        return rows / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))


# --- Lists: each reader gives (names_a, names_b, genuine, folds or None) ------------------------------------------------------

def lines_of(path):
    with open(path, encoding="utf-8-sig", newline=None) as file:
        return [line for line in file.read().split("\n") if line.strip()]


def read_lfw(folder):
    lines = lines_of(os.path.join(folder, "pairs.txt"))
    sets, per_set = (int(word) for word in lines[0].split())
    a, b, genuine = [], [], []
    for line in lines[1:]:
        word = line.split()
        if len(word) == 3:
            first, second, same = (word[0], word[1]), (word[0], word[2]), True
        else:
            first, second, same = (word[0], word[1]), (word[2], word[3]), False
        a.append("%s/%s_%04d" % (first[0], first[0], int(first[1])))
        b.append("%s/%s_%04d" % (second[0], second[0], int(second[1])))
        genuine.append(same)
    assert len(genuine) == 2 * sets * per_set
    return a, b, np.array(genuine), np.repeat(np.arange(sets), 2 * per_set)


def read_two_line(path):
    """CALFW and CPLFW: a pair is two lines "name token".  Where the tokens of genuine pairs number their folds, those are the
    folds; otherwise, and for impostor pairs, the n-th pair of its kind belongs to fold n * 10 / number of its kind."""
    rows = [line.split() for line in lines_of(path)]
    if not rows[0][1].lstrip("-").isdigit():
        rows = rows[1:]
    a, b, tokens = [], [], []
    for first, second in zip(rows[0::2], rows[1::2]):
        assert first[1] == second[1]
        a.append(first[0])
        b.append(second[0])
        tokens.append(int(first[1]))
    tokens = np.array(tokens)
    genuine = tokens > 0
    folds = np.empty(len(tokens), dtype=int)
    for kind in (True, False):
        index = np.flatnonzero(genuine == kind)
        folds[index] = np.arange(len(index)) * 10 // len(index)
    if tokens.max() > 1:
        folds[genuine] = tokens[genuine] - 1
    return a, b, genuine, folds


def read_cfp(folder, kind):
    protocol = os.path.join(folder, "Protocol")
    if not os.path.isdir(protocol):
        protocol = folder
    names = {}
    for letter in "FP":
        for line in lines_of(os.path.join(protocol, "Pair_list_%s.txt" % letter)):
            number, path = line.split()
            names[letter, int(number)] = path
    a, b, genuine, folds = [], [], [], []
    for fold in range(10):
        for same in (True, False):
            path = os.path.join(protocol, "Split", kind, "%02d" % (fold + 1), "same.txt" if same else "diff.txt")
            for line in lines_of(path):
                first, second = line.split(",")
                a.append(names[kind[0], int(first)])
                b.append(names[kind[1], int(second)])
                genuine.append(same)
                folds.append(fold)
    return a, b, np.array(genuine), np.array(folds)


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    dialect = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=dialect) if row]
    header = [word.strip().lower() for word in rows[0]]
    by_row = header[:2] == ["row1", "row2"]
    if by_row or header[:2] == ["id1", "id2"]:
        rows = rows[1:]
    a = [row[0].strip() for row in rows]
    b = [row[1].strip() for row in rows]
    genuine = np.array([row[2].strip() == "1" for row in rows])
    folds = None
    if len(rows[0]) > 3:
        # Folds are names: the smallest of them is the first.
        values = np.array([int(row[3]) for row in rows])
        folds = values - values.min()
    if by_row:
        return [int(word) for word in a], [int(word) for word in b], genuine, folds
    return a, b, genuine, folds


def components(name):
    return IMAGE_EXTENSION.sub("", name.replace("\\", "/")).split("/")


def rows_of(names, ids):
    """The row of each listed name: the id that shares the longest run of path components from the end on."""
    if names and isinstance(names[0], int):
        return np.array(names)
    # The rows whose ids end in a run of components.
    ending = {}
    for row, name in enumerate(ids):
        parts = components(name)
        for first in range(len(parts)):
            ending.setdefault(tuple(parts[first:]), []).append(row)
    found = {}
    for name in set(names):
        parts = components(name)
        matching = next((ending[tuple(parts[first:])] for first in range(len(parts)) if tuple(parts[first:]) in ending), [])
        if len(matching) != 1:
            raise ValueError("%s: %d ids match" % (name, len(matching)))
        found[name] = matching[0]
    return np.array([found[name] for name in names])


# --- Trials -------------------------------------------------------------------------------------------------------------------

class Scores:
    """Those of either kind, sorted, and what a threshold accepts."""

    repeated = (0, 0)  # genuine and impostor pairs that are others of the list once more: intervals do not count them

    def __init__(self, positive, negative):
        positive.sort()
        negative.sort()
        self.positive, self.negative = positive, negative
        self.figures = {}

    def true_matches(self, threshold):
        return len(self.positive) - int(np.searchsorted(self.positive, threshold, side="left"))

    def false_matches(self, threshold):
        return len(self.negative) - int(np.searchsorted(self.negative, threshold, side="left"))


class Trials(Scores):
    """In the order of a list, and with every operating point."""

    def __init__(self, score, genuine, folds=None, distance=None):
        self.score = np.asarray(score, dtype=np.float64)
        self.genuine = np.asarray(genuine).astype(bool)
        self.folds = folds
        self.distance = distance
        super().__init__(self.score[self.genuine], self.score[~self.genuine])
        positive, negative = self.positive, self.negative
        # Every threshold at which something changes, from accepting nothing on; equal scores change sides together.
        self.threshold = np.concatenate([[np.inf], np.unique(self.score)[::-1]])
        self.fp = len(negative) - np.searchsorted(negative, self.threshold, side="left")
        self.tp = len(positive) - np.searchsorted(positive, self.threshold, side="left")

    def fold_count(self):
        return 0 if self.folds is None else int(self.folds.max()) + 1

    @functools.cached_property
    def script_curve(self):
        """scikit-learn's: FPR and threshold, from the end."""
        fpr, _, threshold = roc_curve(self.genuine, self.score)
        return fpr[::-1], threshold[::-1]

    def lowest_threshold(self, far):
        """Of the operating point with the most true matches among those with FAR <= far."""
        return self.threshold[np.flatnonzero(self.fp / len(self.negative) <= far)[-1]]

    def crossing(self, points=None):
        """Where FMR = FNMR on the polygon through operating points (their indices, or all): value, and the threshold at or behind it."""
        points = np.arange(len(self.threshold)) if points is None else points
        impostors, genuine = len(self.negative), len(self.positive)
        # Integers decide which side a point lies on: (FMR - FNMR) * impostors * genuine.
        excess = self.fp[points] * genuine - (genuine - self.tp[points]) * impostors
        after = int(np.argmax(excess >= 0))
        fmr = self.fp[points[after - 1:after + 1]] / impostors
        share = -excess[after - 1] / (excess[after] - excess[after - 1])
        return fmr[0] + share * (fmr[1] - fmr[0]), self.threshold[points[after]]


def dot_rows(x, y):
    return np.sum(x * y, axis=1)


def trials_of_pairs(unit, a, b, genuine, folds):
    x, y = unit[a], unit[b]
    difference = x - y
    return Trials(dot_rows(x, y), genuine, folds, dot_rows(difference, difference))


def contiguous_folds(count, folds):
    """scikit-learn's KFold without shuffling, as the public scripts cut their lists."""
    result = np.empty(count, dtype=int)
    for number, (_, test) in enumerate(KFold(n_splits=folds, shuffle=False).split(np.zeros(count))):
        result[test] = number
    return result


# --- Intervals ----------------------------------------------------------------------------------------------------------------

def wilson(successes, trials, confidence):
    """Of shares, too: a pair that stands twice counts once, so that successes need not be whole."""
    z = stats.norm.isf((1 - confidence) / 2)
    p = successes / trials
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return (0.0 if successes == 0 else centre - half, 1.0 if successes == trials else centre + half)


def clopper_pearson(successes, trials, confidence):
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else stats.beta.ppf(tail, successes, trials - successes + 1)
    high = 1.0 if successes == trials else stats.beta.isf(tail, successes + 1, trials - successes)
    return (low, high)


PROPORTION = {"wilson": wilson, "clopper-pearson": clopper_pearson}


def clipped(low, high):
    return (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0))


def normal_interval(centre, error, confidence):
    z = stats.norm.isf((1 - confidence) / 2)
    return clipped(centre - z * error, centre + z * error)


def student_quantile(tail, degrees):
    """SciPy's is right to nine digits only (1e-9 off at 6 degrees): Newton's steps on the tail itself mend it."""
    t = stats.t.isf(tail, degrees)
    for _ in range(3):
        t += (stats.t.sf(t, degrees) - tail) / stats.t.pdf(t, degrees)
    return t


# --- Figures: each gives a dict with the names of the result file --------------------------------------------------------------

def accuracy_summary(correct, sizes, thresholds, confidence):
    rates = np.array(correct) / np.array(sizes)
    folds = len(rates)
    mean = rates.mean()
    error = rates.std(ddof=1) / math.sqrt(folds)
    result = {"value": mean, "std_dev": rates.std(), "std_error": error, "errors": int(sum(sizes) - sum(correct)),
              "trials": int(sum(sizes))}
    if np.ptp(rates) > 0:
        half = student_quantile((1 - confidence) / 2, folds - 1) * error
        result["ci_low"], result["ci_high"] = clipped(mean - half, mean + half)
    if len(set(thresholds)) == 1:
        result["threshold"] = float(thresholds[0])
    return result


def accuracy_insightface(trials, confidence):
    """400 fixed thresholds on the squared distance; the first best one on the other folds judges a fold (strictly below)."""
    grid = np.arange(0, 4, 0.01)
    same = trials.distance[:, None] < grid[None, :]
    right = same == trials.genuine[:, None]
    correct, sizes, thresholds = [], [], []
    of_fold = [right[trials.folds == fold].sum(axis=0) for fold in range(trials.fold_count())]
    for fold, here in enumerate(of_fold):
        test = trials.folds == fold
        if not test.any():
            continue
        best = int(np.argmax(sum(of_fold) - here))
        correct.append(int(here[best]))
        sizes.append(int(test.sum()))
        thresholds.append(grid[best])
    return accuracy_summary(correct, sizes, thresholds, confidence)


def accuracy_iso(trials, confidence):
    """The best threshold among the scores of the other folds and "accept nothing"; the highest among equally good ones."""
    correct, sizes, thresholds = [], [], []
    for fold in range(trials.fold_count()):
        test = trials.folds == fold
        if not test.any():
            continue
        train = Trials(trials.score[~test], trials.genuine[~test])
        right = train.tp + (len(train.negative) - train.fp)
        threshold = train.threshold[int(np.argmax(right))]
        correct.append(int(((trials.score[test] >= threshold) == trials.genuine[test]).sum()))
        sizes.append(int(test.sum()))
        thresholds.append(threshold)
    return accuracy_summary(correct, sizes, thresholds, confidence)


def rate_at(trials, threshold, confidence, interval, complement):
    genuine, impostors = len(trials.positive), len(trials.negative)
    hits = trials.true_matches(threshold)
    count = genuine - hits if complement else hits
    distinct = genuine - trials.repeated[0]
    low, high = PROPORTION[interval](distinct if count == genuine else count * distinct / genuine, distinct, confidence)
    return {"value": count / genuine, "ci_low": low, "ci_high": high, "threshold": float(threshold), "errors": genuine - hits, "trials": genuine,
            "false_matches": trials.false_matches(threshold), "impostors": impostors}


def nearest_far_threshold(trials, far):
    """What the public scripts read off: scikit-learn's curve, the point of nearest FPR, scanning from the end."""
    fpr, threshold = trials.script_curve
    best = int(np.argmin(np.abs(fpr - far)))
    return np.inf if best == len(fpr) - 1 else threshold[best]


def hull_points(trials):
    """Indices of the operating points on the upper convex hull of the ROC, from (0, 0) to (1, 1)."""
    # A point right below or to the right of another is no corner, but for the two ends.
    corner = np.ones(len(trials.fp), bool)
    corner[1:-1] = (trials.fp[2:] != trials.fp[1:-1]) & (trials.tp[1:-1] != trials.tp[:-2])
    corners = np.flatnonzero(corner)
    hull = []
    for index, x, y in zip(corners.tolist(), trials.fp[corners].tolist(), trials.tp[corners].tolist()):
        while len(hull) > 1:
            (_, x0, y0), (_, x1, y1) = hull[-2:]
            if (x1 - x0) * (y - y0) < (y1 - y0) * (x - x0):
                break
            hull.pop()
        hull.append((index, x, y))
    return np.array([index for index, _, _ in hull])


def eer_interval(trials, value, confidence):
    positive, negative = len(trials.positive) - trials.repeated[0], len(trials.negative) - trials.repeated[1]
    variance = value * (1 - value) / (4 * negative) + value * (1 - value) / (4 * positive)
    return normal_interval(value, math.sqrt(variance), confidence)


def auc(trials, confidence):
    """Area with ties counted half, and DeLong's interval from the placements of each score among the other kind."""
    positive, negative = trials.positive, trials.negative
    below = np.searchsorted(negative, positive, "left")
    equal = np.searchsorted(negative, positive, "right") - below
    v10 = (below + 0.5 * equal) / len(negative)
    above = len(positive) - np.searchsorted(positive, negative, "right")
    equal = len(positive) - above - np.searchsorted(positive, negative, "left")
    v01 = (above + 0.5 * equal) / len(positive)
    value = roc_auc_score(trials.genuine, trials.score)
    result = {"value": value}
    # Without any spread of the placements the normal interval would claim certainty.
    if len(positive) > 1 and len(negative) > 1 and (np.ptp(v10) > 0 or np.ptp(v01) > 0):
        error = math.sqrt(v10.var() / (len(positive) - trials.repeated[0] - 1) + v01.var() / (len(negative) - trials.repeated[1] - 1))
        result["ci_low"], result["ci_high"] = normal_interval(value, error, confidence)
    return result


def dprime(trials):
    if np.ptp(trials.positive) == 0 and np.ptp(trials.negative) == 0:
        return None
    spread = math.sqrt((trials.positive.var() + trials.negative.var()) / 2)
    return abs(trials.positive.mean() - trials.negative.mean()) / spread


def cllr_of(positive, negative):
    """Cost of log-likelihood ratios (natural logarithms), in bits."""
    return (np.logaddexp(0, -positive).mean() + np.logaddexp(0, negative).mean()) / (2 * math.log(2))


def min_cllr(trials):
    """The cost left once scores are mapped to ratios by the best monotone function (isotonic regression, ties pooled)."""
    # Ranks: the regression would take scores closer than 1e-15 for equal.
    rank = np.unique(trials.score, return_inverse=True)[1].astype(float)
    fit = IsotonicRegression(y_min=0, y_max=1).fit_transform(rank, trials.genuine.astype(float))
    block = np.unique(fit, return_inverse=True)[1]
    # Counts rather than the fit itself, which may exceed 1 by a rounding.
    positive = np.bincount(block, weights=trials.genuine)
    negative = np.bincount(block, weights=~trials.genuine)
    with np.errstate(divide="ignore"):
        ratio = np.log(positive) - np.log(negative) - math.log(len(trials.positive) / len(trials.negative))
    return cllr_of(ratio[block][trials.genuine], ratio[block][~trials.genuine])


def figure(name, point, convention, trials, confidence=0.95, interval="wilson"):
    """One figure as the result file holds it; a value of None is one that the data cannot support.  Each is computed once for its trials."""
    of_rates, of_conventions = ("tar_at_far", "fnmr_at_fmr"), ("accuracy", "tar_at_far", "fnmr_at_fmr", "threshold_at_fmr")
    key = (name, point, confidence, interval if name in of_rates else None, convention if name in of_conventions else None)
    if key not in trials.figures:
        trials.figures[key] = compute(name, point, convention, trials, confidence, interval)
    return trials.figures[key]


def compute(name, point, convention, trials, confidence, interval):
    undefined = {"value": None}
    if name == "accuracy":
        if trials.folds is None or len(np.unique(trials.folds)) < 2 or (convention == "insightface" and trials.distance is None):
            return undefined
        return (accuracy_insightface if convention == "insightface" else accuracy_iso)(trials, confidence)
    if name in ("eer", "eer_hull"):
        value, threshold = trials.crossing() if name == "eer" else trials.crossing(hull_points(trials))
        result = {"value": value, "threshold": float(threshold)}
        # At 0 and 1 the variance says nothing.
        if 0 < value < 1:
            result["ci_low"], result["ci_high"] = eer_interval(trials, value, confidence)
        return result
    if name == "auc":
        return auc(trials, confidence)
    if name in ("tar_at_far", "fnmr_at_fmr", "threshold_at_fmr"):
        if convention != "insightface" and 1 / len(trials.negative) > point:
            return undefined
        threshold = nearest_far_threshold(trials, point) if convention == "insightface" else trials.lowest_threshold(point)
        if name != "threshold_at_fmr":
            return rate_at(trials, threshold, confidence, interval, name == "fnmr_at_fmr")
        if threshold == np.inf:
            return undefined
        return {"value": float(threshold), "false_matches": trials.false_matches(threshold), "impostors": len(trials.negative)}
    if name == "dprime":
        return {"value": dprime(trials)}
    if name == "cllr":
        return {"value": cllr_of(trials.positive, trials.negative)}
    if name == "min_cllr":
        return {"value": min_cllr(trials)}
    raise KeyError(name)
