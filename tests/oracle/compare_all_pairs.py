"""Runs eface-eval on all pairs of labelled sets, computes the same figures in Python, and says where the two differ."""
import functools
import os

import h5py
import numpy as np

import all_pairs
import oracle
from compare import TOLERANCE, Case, compare_measure, label, run
from parts import Part

DETAIL = 1 << 20  # impostors that a curve without areas looks at, at the most
FARS = ("1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "0.1", "0.3")
TAIL = ",".join(["cmc@1,cmc@2,cmc@5,cmc@10"] + ["%s@%s" % (name, far) for far in FARS
                                                for name in ("tar_at_far", "fnmr_at_fmr", "threshold_at_fmr")])
METRICS = "eer,auc," + TAIL


class AllPairs(Case):
    """figures: a function that gives the all_pairs.Figures that the program must find."""

    def __init__(self, name, arguments, figures, metrics=METRICS):
        super().__init__(name, ["-p", "all-pairs"] + arguments, None, metrics)
        self.figures = figures


def compare_case(tally, program_dir, case):
    try:
        document = run(program_dir, case, [])
    except RuntimeError as error:
        tally.check("run", case.name, False, str(error))
        return
    figures = case.figures()
    pairs, search = document["results"]
    trials, rank = figures.trials, figures.rank["pessimistic"]
    counts = pairs["counts"]
    tally.same("count", case.name + " pairs", (counts["pairs"], counts["genuine"], counts["impostors"]),
               (len(trials.positive) + len(trials.negative), len(trials.positive), len(trials.negative)))
    for row in pairs["metrics"]:
        what = "%s %s" % (case.name, label(row))
        if row["metric"] == "auc":
            found, area = row["iso"], trials.area()
            tally.check("value", what, found["least"] <= area <= found["most"], "%.17g is not between %.17g and %.17g" % (
                area, found["least"], found["most"]))
            tally.check("bounds", what, found["most"] - found["least"] <= 1e-5, "are %g apart" % (found["most"] - found["least"]))
        else:
            compare_measure(tally, what, row["iso"], oracle.figure(row["metric"], row.get("point"), "iso", trials), row["metric"])
    for row in search["metrics"]:
        found, expected = row["iso"], int(np.count_nonzero(rank <= row["point"]))
        tally.same("count", "%s %s" % (case.name, label(row)), (found["errors"], found["trials"]), (len(rank) - expected, len(rank)))
    curve = search["cmc_curve"]
    expected = [np.count_nonzero(rank <= i + 1) / len(rank) for i in range(len(curve))]
    tally.check("curve", case.name + " CMC", np.allclose(curve, expected, rtol=0, atol=TOLERANCE), "is another")
    compare_points(tally, case.name + " curve", pairs["curve"], trials, 1.0 if "auc" in case.metrics else max(map(float, FARS)))


def compare_points(tally, what, curve, trials, until):
    """Every point is one of the whole curve, as far from it as the result says; it ends at FAR `until`, or below 1 at the last genuine score above the DETAIL-th impostor."""
    false, true = np.array(curve["false_matches"]), np.array(curve["true_matches"])
    last = int(until * len(trials.negative))
    if until < 1 and last >= DETAIL:
        end = trials.positive[np.searchsorted(trials.positive, trials.negative[len(trials.negative) - DETAIL], "right")]
        last = len(trials.negative) - np.searchsorted(trials.negative, end, "left")
    else:
        end = trials.negative[len(trials.negative) - last]
    reached = len(trials.positive) - np.searchsorted(trials.positive, end, "left")
    tally.same("curve", what + " ends", (int(false[0]), int(true[0]), int(false[-1]), int(true[-1])),
               (0, 0, int(last), len(trials.positive) if until == 1 else int(reached)))
    tally.check("curve", what + " order", bool(np.all(np.diff(false) >= 0) and np.all(np.diff(true) >= 0)), "does not ascend")
    finite = np.array([threshold is not None for threshold in curve["threshold"]])
    threshold = np.array([threshold for threshold in curve["threshold"] if threshold is not None], float)
    most = len(trials.negative) - np.searchsorted(trials.negative, threshold - TOLERANCE, "left")
    least = len(trials.negative) - np.searchsorted(trials.negative, threshold + TOLERANCE, "left")
    worst = max(0.0, np.max(false[finite] - most), np.max(least - false[finite]))
    reached = len(trials.positive) - np.searchsorted(trials.positive, threshold - TOLERANCE, "left")
    for at, genuine, most_genuine in zip(threshold, true[finite], reached):
        tally.check("curve", what + " genuine", genuine <= most_genuine, "has too many at %g" % at)
    allowed = curve.get("far_error", 0.0) * len(trials.negative) + 1e-9
    tally.check("curve", what + " shape", worst <= allowed, "is off by %g impostors, not %g" % (worst, allowed))


def write(path, rows, **datasets):
    with h5py.File(path, "w") as file:
        file["embeddings"] = rows
        for name, values in datasets.items():
            file[name] = values
    return path


def faces(rng, people, images, dim, spread):
    centre = rng.normal(size=(people, dim))
    who = rng.permutation(np.repeat(np.arange(people), images))
    return (centre[who] + spread * rng.normal(size=(len(who), dim))).astype(np.float32), who


def unit(rows):
    rows = np.asarray(rows, np.float64)
    return rows / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))


def first_of_each(who, most):
    seen, keep = {}, []
    for i, each in enumerate(who):
        seen[each] = seen.get(each, 0) + 1
        keep.append(seen[each] <= most)
    return np.array(keep)


def made_parts(folder):
    rng = np.random.default_rng(8)
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name)

    rows, who = faces(rng, 150, 4, 32, 1.1)
    group = rng.integers(0, 6, len(who))
    probe = rng.integers(0, 2, len(who))
    ids = ["p%d/%d.jpg" % (each, i) for i, each in enumerate(who)]
    plain = write(path("plain.h5"), rows, labels=who, ids=np.array(ids, "S"), groups=group, media=group // 2)
    names = write(path("names.h5"), rows.astype(np.float16), labels=np.array(["person %d" % each for each in who], "S"))
    split = write(path("split.h5"), rows, labels=who, is_probe=probe)
    with open(path("probes.txt"), "w") as file:
        file.write("# probes\n\n" + "".join(name + "\n" for name, each in zip(ids, probe) if each))
    signs = rng.choice([-1.0, 1.0], size=(400, 16))  # of length 4, so that scores are exact and tie
    people = rng.integers(0, 60, 400)
    tied = write(path("tied.h5"), signs, labels=people)
    capped = first_of_each(who, 3)

    def of(rows, who, **named):
        return functools.lru_cache(lambda: all_pairs.Figures(unit(rows), who, ties=("pessimistic",), **named))

    plainly = of(rows, who)

    cases = [
        AllPairs("all pairs", [plain], plainly),
        AllPairs("all pairs, one thread, little memory", [plain, "-t", "1", "--memory", "100K"], plainly),
        AllPairs("all pairs, text labels, float16", [names], of(rows.astype(np.float16), who)),
        AllPairs("all pairs, many ties", [tied], of(signs, people)),
        AllPairs("all pairs, without groups", [plain, "--exclude-same", "groups"], of(rows, who, group=group)),
        AllPairs("all pairs, without media", [plain, "--exclude-same", "media", "--memory", "50K"], of(rows, who, group=group // 2)),
        AllPairs("all pairs, probes by dataset", [split], of(rows, who, probe=probe)),
        AllPairs("all pairs, probes by list", [plain, "--probes", path("probes.txt"), "--exclude-same", "groups"],
                 of(rows, who, group=group, probe=probe)),
        AllPairs("all pairs, three of each", [plain, "--per-subject", "3"], of(rows[capped], who[capped])),
    ]
    parts = [Part(compare_case, cases)]
    rows, who = faces(rng, 1500, 4, 64, 1.3)
    large, figures = write(path("large.h5"), rows, labels=who), of(rows, who)
    parts.append(Part(compare_case, [AllPairs("all pairs, 18 million", [large], figures),
                                     AllPairs("all pairs, 18 million, little memory", [large, "--memory", "2M"], figures)], is_long=True))
    rows, who = faces(rng, 800, 4, 20, 1.3)  # of which few directions of a larger space say nearly all
    turned = (rows @ np.linalg.qr(rng.normal(size=(64, 64)))[0][:20] + rng.normal(0, 0.002, (len(rows), 64))).astype(np.float32)
    few = write(path("few.h5"), turned, labels=who)
    parts.append(Part(compare_case, [AllPairs("all pairs, few directions", [few], of(turned, who), TAIL)]))
    return parts


def real_parts(data, folder):
    name, source, path = "all pairs of LFW, mfn512", os.path.join(data, "lfw", "lfw_mfn512.h5"), os.path.join(folder, "lfw.h5")
    if not data or not os.path.exists(source):
        return [], [name]

    def read():
        with h5py.File(source, "r") as file:
            return file["embeddings"][()], np.array([image.split(b"/")[0] for image in file["names"][()]])

    def prepare():
        rows, who = read()
        write(path, rows, labels=who)

    def figures():
        rows, who = read()
        return all_pairs.Figures(unit(rows), who, ties=("pessimistic",))

    return [Part(compare_case, [AllPairs(name, [path], figures)], prepare, is_long=True)], []
