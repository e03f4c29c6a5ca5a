"""Runs eface-eval on a case, computes the same figures in Python, and says where the two differ."""
import functools
import hashlib
import json
import math
import os
import subprocess

import numpy as np

import oracle

TOLERANCE = 1e-12
CURVE_TOLERANCE = 1e-5
COUNTS = ("errors", "trials", "false_matches", "impostors")
LIMITS = ("ci_low", "ci_high")
SPREADS = ("std_dev", "std_error")
PAIR_METRICS = ("accuracy,eer,eer_hull,auc,tar_at_far@0.1,tar_at_far@1e-2,tar_at_far@1e-3,tar_at_far@1e-5,fnmr_at_fmr@0.1,"
                "fnmr_at_fmr@1e-2,threshold_at_fmr@0.1,threshold_at_fmr@1e-3,dprime,cllr,min_cllr")
SCORE_METRICS = PAIR_METRICS[len("accuracy,"):]


class Case:
    """What to run, and the trials that it must find.  trials: a function of the number of folds in the result that
    gives an oracle.Trials."""

    def __init__(self, name, arguments, trials, metrics=PAIR_METRICS, intervals=("wilson",), confidence=0.95, known=None, inputs=()):
        self.name, self.arguments, self.trials, self.metrics = name, arguments, trials, metrics
        self.intervals, self.confidence, self.known, self.inputs = intervals, confidence, known or {}, inputs
        self.of_result = [self]


class Together(Case):
    """Cases that one run of the program evaluates, in the order of its results."""

    def __init__(self, name, arguments, cases):
        super().__init__(name, arguments, None, cases[0].metrics, cases[0].intervals, cases[0].confidence)
        self.of_result = cases


class Tally:
    """Counts comparisons by kind, keeps the first differences of each."""

    def __init__(self):
        self.passed, self.failed, self.largest, self.differences, self.absent = {}, {}, {}, [], []

    def check(self, kind, what, right, words=""):
        counter = self.passed if right else self.failed
        counter[kind] = counter.get(kind, 0) + 1
        if not right:
            self.differences.append("%s: %s %s" % (kind, what, words))

    def add(self, other):
        for ours, theirs in ((self.passed, other.passed), (self.failed, other.failed)):
            for kind, count in theirs.items():
                ours[kind] = ours.get(kind, 0) + count
        for kind, error in other.largest.items():
            self.largest[kind] = max(self.largest.get(kind, 0.0), error)
        self.differences += other.differences

    def same(self, kind, what, found, expected):
        self.check(kind, what, found == expected, "is %r, not %r" % (found, expected))

    def near(self, kind, what, found, expected, tolerance=TOLERANCE):
        """None and infinity are the same: JSON has no infinity."""
        found = None if found is None or not math.isfinite(found) else found
        expected = None if expected is None or not math.isfinite(expected) else float(expected)
        if found is None or expected is None:
            self.same(kind, what, found, expected)
            return
        error = abs(found - expected) / max(1.0, abs(expected))
        self.largest[kind] = max(self.largest.get(kind, 0.0), error)
        self.check(kind, what, error <= tolerance, "is %.17g, not %.17g" % (found, expected))


def environment():
    """Of a program that is compared: nothing that says how it shall work."""
    return {key: value for key, value in os.environ.items() if not key.startswith("EFACE_") and not key.endswith("_NUM_THREADS")}


def run(program_dir, case, options):
    command = [os.path.join(program_dir, "eface-eval"), "--format", "json", "--metrics", case.metrics] + options + case.arguments
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    if done.returncode != 0:
        raise RuntimeError("%s: exit status %d: %s" % (" ".join(command), done.returncode, done.stderr.decode().strip()))
    return json.loads(done.stdout)


def compare_measure(tally, what, found, expected, name):
    tally.near("value", what, found["value"], expected["value"])
    if expected["value"] is None:
        tally.check("reason", what, bool(found.get("undefined")), "has no value and does not say why")
        return
    tally.check("reason", what, "undefined" not in found, "has both a value and a reason against it")
    for key in COUNTS:
        if key in expected:
            tally.same("count", "%s %s" % (what, key), found.get(key), expected[key])
    for key in LIMITS:
        tally.near("interval", "%s %s" % (what, key), found.get(key), expected.get(key))
    for key in SPREADS:
        if key in expected:
            tally.near("spread", "%s %s" % (what, key), found.get(key), expected[key])
    if "threshold" in expected:
        tally.near("threshold", what, found.get("threshold"), expected["threshold"])
    elif name == "accuracy":
        tally.same("threshold", what, found.get("threshold"), None)
    if "false_matches" in expected:
        tally.same("mark", what, bool(found.get("few_false_matches")), expected["false_matches"] < 30)


def compare_curve(tally, what, curve, trials):
    genuine, impostors = len(trials.positive), len(trials.negative)
    tally.same("curve", what + " totals", (curve["genuine"], curve["impostors"]), (genuine, impostors))
    false, true = np.array(curve["false_matches"]), np.array(curve["true_matches"])
    thresholds = np.array([np.inf if t is None else t for t in curve["threshold"]], dtype=float)
    tally.same("curve", what + " ends", (int(false[0]), int(true[0]), int(false[-1]), int(true[-1])), (0, 0, impostors, genuine))
    # Every point is an operating point; both counts in one number, which rises from one operating point to the next.
    points, found = (f * (genuine + 1) + t for f, t in ((trials.fp, trials.tp), (false, true)))
    at = np.minimum(np.searchsorted(points, found), len(points) - 1)
    known = (points[at] == found) & (true >= 0) & (true <= genuine)
    wrong = [(int(false[i]), int(true[i])) for i in np.flatnonzero(~known)]
    tally.check("curve", what + " points", not wrong, "%s is no operating point" % wrong[:1])
    off = [i for i in np.flatnonzero(known) if i > 0 and abs(trials.threshold[at[i]] - thresholds[i]) > TOLERANCE]
    tally.check("curve", what + " thresholds", not off, "point %s has another threshold" % off[:1])
    tally.check("curve", what + " order", bool(np.all(np.diff(false) >= 0) and np.all(np.diff(true) >= 0)), "does not ascend")
    for key, expected in (("far", false / impostors), ("tar", true / genuine), ("fnmr", (genuine - true) / genuine)):
        if key in curve:
            error = np.max(np.abs(np.array(curve[key]) - expected))
            tally.check("curve", "%s %s" % (what, key), error <= TOLERANCE, "is off by %g" % error)
    # The points left out lie on the lines between those kept, or within the tolerance of a thinned curve.
    worst = max(distance_to_curve(trials.fp, trials.tp, false, true), distance_to_curve(false, true, trials.fp, trials.tp)) / genuine
    bound = CURVE_TOLERANCE if curve["thinned"] else TOLERANCE
    tally.check("curve", what + " shape", worst <= bound, "is off by %g" % worst)


def distance_to_curve(x, y, other_x, other_y):
    """The largest vertical distance from points to a curve that may have vertical steps."""
    first = np.searchsorted(other_x, x, "left")
    last = np.searchsorted(other_x, x, "right") - 1
    exact = first <= last
    low, high = other_y[np.minimum(first, len(other_y) - 1)].astype(float), other_y[np.maximum(last, 0)].astype(float)
    line = np.interp(x, other_x, other_y)
    # Between two abscissae, a step at either end counts from the end that faces the point.
    left, right = np.maximum(first - 1, 0), np.minimum(first, len(other_x) - 1)
    width = np.maximum(other_x[right] - other_x[left], 1)
    line = np.where(exact, line, other_y[left] + (x - other_x[left]) / width * (other_y[right] - other_y[left]))
    low, high = np.where(exact, low, line), np.where(exact, high, line)
    return float(np.max(np.maximum(np.maximum(low - y, y - high), 0)))


def compare_histogram(tally, what, histogram, trials):
    low, high, bins = histogram["low"], histogram["high"], histogram["bins"]
    edges = low + (high - low) * np.arange(bins + 1) / bins
    for key, score in (("genuine", trials.positive), ("impostor", trials.negative)):
        tally.same("histogram", "%s %s total" % (what, key), sum(histogram[key]), len(score))
        # A score within rounding of an edge may stand on either side of it.
        cumulative = np.cumsum(histogram[key])[:-1]
        fewest = np.searchsorted(score, edges[1:-1] - TOLERANCE, "left")
        most = np.searchsorted(score, edges[1:-1] + TOLERANCE, "right")
        tally.check("histogram", "%s %s" % (what, key), bool(np.all((fewest <= cumulative) & (cumulative <= most))),
                    "counts other scores")


def compare_inputs(tally, what, result, case):
    listed = {os.path.realpath(item["path"]): item for item in result["inputs"]}
    for path in case.inputs:
        tally.check("input", "%s %s" % (what, path), os.path.realpath(path) in listed, "is not among the inputs")
    for path, item in listed.items():
        size, digest = size_and_digest(path)
        tally.same("input", "%s %s bytes" % (what, path), item["bytes"], size)
        tally.same("input", "%s %s sha256" % (what, path), item["sha256"], digest)


@functools.lru_cache(maxsize=None)
def size_and_digest(path):
    """Of a file, which nothing changes once it is made."""
    with open(path, "rb") as file:
        content = file.read()
    return len(content), hashlib.sha256(content).hexdigest()


def compare(tally, program_dir, case):
    trials = functools.lru_cache(maxsize=None)(lambda one, folds: one.trials(folds))
    for interval in case.intervals:
        # Which convention is shown has nothing to do with the interval.
        for convention in ("insightface", "iso")[:2 if interval == case.intervals[0] else 1]:
            options = ["--interval", interval, "--convention", convention]
            if case.confidence != 0.95:
                options += ["--confidence", str(case.confidence)]
            try:
                document = run(program_dir, case, options)
            except RuntimeError as error:
                tally.check("run", case.name, False, str(error))
                continue
            tally.same("schema", case.name, document["eface"]["schema"], 1)
            tally.same("schema", case.name + " results", len(document["results"]), len(case.of_result))
            for one, result in zip(case.of_result, document["results"]):
                what = "%s (%s)" % (one.name, interval)
                tally.same("schema", what + " convention", result["convention"], convention)
                # Every row holds both conventions whichever is shown.
                if convention != "iso":
                    compare_result(tally, what, result, one, interval, trials(one, result["counts"].get("folds", 0)))


def compare_result(tally, what, result, case, interval, trials):
    counts = result["counts"]
    trials.repeated = (counts.get("repeated_genuine", 0), counts.get("repeated_impostors", 0))
    tally.same("count", what + " pairs", (counts["pairs"], counts["genuine"], counts["impostors"]),
               (len(trials.score), len(trials.positive), len(trials.negative)))
    tally.same("count", what + " folds", counts.get("folds", 0), trials.fold_count())
    # Reports have an order of their own.
    tally.same("schema", what + " metrics", sorted(label(row) for row in result["metrics"]),
               sorted(normal(name) for name in case.metrics.split(",")))
    for row in result["metrics"]:
        for convention in ("iso", "insightface"):
            expected = oracle.figure(row["metric"], row.get("point"), convention, trials, case.confidence, interval)
            compare_measure(tally, "%s %s %s" % (what, label(row), convention), row[convention], expected, row["metric"])
            known = case.known.get((normal(label(row)), convention), {})
            for key, (value, half_digit) in known.items():
                tally.near("known figure", "%s %s %s" % (what, label(row), key), row[convention][key], value, half_digit)
    compare_curve(tally, what + " curve", result["curve"], trials)
    compare_histogram(tally, what + " histogram", result["histogram"], trials)
    compare_inputs(tally, what, result, case)


def normal(request):
    """A request with its point as Python prints it."""
    name, at, point = request.partition("@")
    return name + at + (repr(float(point)) if at else "")


def label(row):
    return row["metric"] + ("@%r" % float(row["point"]) if row.get("point") is not None else "")
