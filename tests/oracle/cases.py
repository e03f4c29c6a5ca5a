"""The cases: real sets where there are any, generated ones, and sets made here to be awkward (ties, types, layouts, orders)."""
import os
import subprocess

import h5py
import numpy as np

import oracle
from compare import Case, SCORE_METRICS, Together, compare
from parts import Part

BOTH = ("wilson", "clopper-pearson")


def list_trials(location, protocol, read, flip="sum"):
    """Trials of a list that names images."""
    def trials(_):
        a, b, genuine, folds = read()
        found = oracle.read_set(location, protocol)
        rows = oracle.rows_of(a + b, found.ids)
        return oracle.trials_of_pairs(found.unit(flip), rows[:len(a)], rows[len(a):], genuine, folds)
    return trials


def issame_trials(location, protocol):
    """Rows 2p and 2p+1 are pair p; ten folds of neighbours."""
    def trials(_):
        found = oracle.Set(location, protocol)
        genuine = found.issame.astype(bool)
        rows = np.arange(2 * len(genuine))
        return oracle.trials_of_pairs(found.unit(), rows[0::2], rows[1::2], genuine, oracle.contiguous_folds(len(genuine), 10))
    return trials


# --- Real sets ----------------------------------------------------------------------------------------------------------------

def real_parts(data):
    """A part for each set, and the names of those that are absent."""
    parts, skipped = [], []

    def add(name, file, protocol, folder, read, known=None):
        location, lists = os.path.join(data, file), os.path.join(data, folder)
        if not os.path.exists(location) or not os.path.isdir(lists):
            skipped.append(name)
            return
        parts.append(Part(compare, [Case(name, ["-p", protocol, "--data", lists, location], list_trials(location, protocol, lambda: read(lists)),
                                         intervals=BOTH, known=known, inputs=[location])]))

    # To half a unit of the last digit that is known.
    known = {
        ("accuracy", "insightface"): {"value": (0.98933, 0.5e-5), "std_dev": (0.00351, 0.5e-5), "trials": (6000, 0)},
        ("auc", "insightface"): {"value": (0.99720, 0.5e-5)},
        ("tar_at_far@0.001", "iso"): {"value": (0.96667, 0.5e-5)},
    }
    add("real LFW, 512-d", "lfw/lfw_mfn512.h5", "lfw", "lfw", oracle.read_lfw, known)
    add("real LFW, 128-d", "lfw/lfw_dlib128.h5", "lfw", "lfw", oracle.read_lfw)
    for kind in ("FP", "FF"):
        for dim, file in ((512, "cfp/cfp_mfn512.h5"), (128, "cfp/cfp_dlib128.h5")):
            add("real CFP-%s, %d-d" % (kind, dim), file, "cfp_" + kind.lower(), "cfp",
                lambda lists, kind=kind: oracle.read_cfp(lists, kind))
    return parts, skipped


# --- Generated sets -----------------------------------------------------------------------------------------------------------

SYNTH_GROUPS = ["agedb_30", "calfw", "cfp_ff", "cfp_fp", "cplfw", "lfw"]
READERS = {
    "lfw": oracle.read_lfw,
    "calfw": lambda folder: oracle.read_two_line(os.path.join(folder, "pairs_CALFW.txt")),
    "cplfw": lambda folder: oracle.read_two_line(os.path.join(folder, "pairs_CPLFW.txt")),
    "cfp_fp": lambda folder: oracle.read_cfp(folder, "FP"),
    "cfp_ff": lambda folder: oracle.read_cfp(folder, "FF"),
}


def synth_part(program_dir, folder, arguments, name, together):
    """What eface-synth writes: one file with a set for each benchmark, and the official lists to them.  All in one run, or each set in a run of its own."""
    file, lists = os.path.join(folder, "emb.h5"), os.path.join(folder, "lists")
    cases = []
    for group in SYNTH_GROUPS:
        location = "%s:/%s" % (file, group)
        if group in READERS:
            below = os.path.join(lists, "cfp" if group.startswith("cfp") else group)
            trials = list_trials(location, None, lambda below=below, group=group: READERS[group](below))
        else:
            trials = issame_trials(location, None)
        cases.append(Case("%s %s" % (name, group), ["-p", group, "--data", lists, location, "--allow-partial"], trials, intervals=BOTH, inputs=[file]))
    if together:
        cases = [Together(name, ["-p", ",".join(SYNTH_GROUPS), "--data", lists, file], cases)]

    def prepare():
        os.makedirs(folder)
        subprocess.run([os.path.join(program_dir, "eface-synth"), "-q", "-o", file, "--lists", lists] + arguments, check=True)
        with h5py.File(file, "r") as opened:
            assert sorted(opened) == SYNTH_GROUPS
    return Part(compare, cases, prepare, is_long=together)


# --- Sets made here -----------------------------------------------------------------------------------------------------------

class Maker:
    def __init__(self, folder):
        self.folder, self.random = folder, np.random.default_rng(20240229)
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", newline="") as file:
            file.write(text)
        return self.path(name)

    def faces(self, people, images, dim, spread):
        """Rows of `people` x `images`, a person's rows around a common direction."""
        centre = self.random.standard_normal((people, 1, dim))
        rows = centre + spread * self.random.standard_normal((people, images, dim))
        return (rows * self.random.uniform(0.5, 5, (people, images, 1))).reshape(people * images, dim)

    def signs(self, people, images, dim, flipped):
        """Rows of +1 and -1, so that lengths and products are exact in any order of summation and scores tie in masses."""
        centre = self.random.choice([-1.0, 1.0], (people, 1, dim))
        noise = np.where(self.random.random((people, images, dim)) < flipped, -1.0, 1.0)
        return (centre * noise).reshape(people * images, dim)

    def pairs(self, people, images, folds, per_fold):
        """Fold by fold, per_fold genuine pairs and then as many impostor pairs, of rows."""
        a, b, genuine, fold = [], [], [], []
        for number in range(folds):
            for same in (True, False):
                for _ in range(per_fold):
                    first = int(self.random.integers(people))
                    second = first if same else int((first + 1 + self.random.integers(people - 1)) % people)
                    one, two = self.random.choice(images, 2, replace=False)
                    a.append(first * images + int(one))
                    b.append(second * images + int(two))
                    genuine.append(same)
                    fold.append(number)
        return np.array(a), np.array(b), np.array(genuine), np.array(fold)


def name_of(row, images):
    return "Person_%03d/Person_%03d_%04d.jpg" % (row // images, row // images, row % images + 1)


def lfw_list(a, b, genuine, images, per_fold, end="\n"):
    lines = ["10\t%d" % per_fold]
    for x, y, same in zip(a, b, genuine):
        first, second = "Person_%03d\t%d" % (x // images, x % images + 1), "Person_%03d\t%d" % (y // images, y % images + 1)
        lines.append("%s\t%d" % (first, y % images + 1) if same else first + "\t" + second)
    return end.join(lines)


def lfw_cases(maker):
    """LFW's own list format at its true size, on masses of ties and on every float type."""
    cases, images = [], 4
    kinds = {
        "float32 ties": (maker.signs(60, images, 64, 0.35), "f4", {}),
        "float16 ties": (maker.signs(60, images, 64, 0.42), "f2", {}),
        "float64": (maker.faces(60, images, 33, 1.5), "f8", {}),
        "big-endian float32, gzip": (maker.faces(60, images, 48, 2.0), ">f4", {"chunks": (7, 48), "compression": "gzip", "shuffle": True}),
        "float16": (maker.faces(60, images, 40, 1.8), "f2", {"chunks": (16, 40)}),
    }
    for kind, (rows, dtype, layout) in kinds.items():
        stem = kind.replace(" ", "-").replace(",", "")
        a, b, genuine, _ = maker.pairs(60, images, 10, 300)
        lists = maker.path(stem)
        os.makedirs(lists, exist_ok=True)
        with open(os.path.join(lists, "pairs.txt"), "w", newline="") as file:
            file.write(lfw_list(a, b, genuine, images, 300, "\r\n" if "16" in kind else "\n"))
        # Images that are the same twice: their pairs tie at 1.
        rows[1::images][:10] = rows[0::images][:10]
        location = maker.path(stem + ".h5")
        with h5py.File(location, "w") as file:
            root = file.create_group("lfw") if dtype == "f8" else file
            root.create_dataset("features" if dtype == "f8" else "embeddings", data=rows.astype(dtype), **layout)
            if dtype == "f2":
                mirrored = rows if "ties" in kind else rows + 0.3 * maker.random.standard_normal(rows.shape)
                root.create_dataset("embeddings_flip", data=mirrored.astype(dtype))
            names = [name_of(row, images) for row in range(len(rows))]
            if dtype == ">f4":
                root.create_dataset("ids", data=names, dtype=h5py.string_dtype())
            else:
                root.create_dataset("names", data=np.array(names, dtype="S"))
        cases.append(Case("LFW list, " + kind, ["-p", "lfw", "--data", lists, location],
                          list_trials(location, "lfw", lambda lists=lists: oracle.read_lfw(lists)), intervals=BOTH))
    return cases


def two_line_cases(maker):
    """CALFW and CPLFW: genuine pairs first; with fold tokens and without."""
    cases, images = [], 4
    for protocol, file in (("calfw", "pairs_CALFW.txt"), ("cplfw", "pairs_CPLFW.txt")):
        a, b, genuine, fold = maker.pairs(80, images, 10, 300)
        order = np.argsort(~genuine, kind="stable")
        lines = [] if protocol == "calfw" else ["name same_person"]
        for i in order:
            token = 0 if not genuine[i] else fold[i] + 1 if protocol == "calfw" else 1
            lines += ["%s %d" % (name_of(row, images).split("/")[1], token) for row in (a[i], b[i])]
        lists = maker.path(protocol)
        os.makedirs(lists, exist_ok=True)
        with open(os.path.join(lists, file), "w", newline="") as opened:
            opened.write("\r\n".join(lines) + "\r\n")
        location = maker.path(protocol + ".h5")
        with h5py.File(location, "w") as opened:
            group = opened.create_group(protocol)
            group["embs"] = maker.faces(80, images, 24, 1.4).astype("f4")
            group["ids"] = np.array([name_of(row, images) for row in range(80 * images)], dtype="S")
        cases.append(Case("two-line list, " + protocol, ["-p", protocol, "--data", lists, location],
                          list_trials(location, protocol, lambda p=protocol, d=lists: READERS[p](d))))
    return cases


def issame_cases(maker):
    """Rows in the order of the pairs, as insightface's packs have them."""
    cases = []
    for kind, dim in (("plain", 64), ("ties", 36)):
        a, b, genuine, _ = maker.pairs(50, 5, 10, 300)
        order = maker.random.permutation(len(a))
        rows = maker.faces(50, 5, dim, 1.6) if kind == "plain" else maker.signs(50, 5, 64, 0.3)
        location = maker.path("issame-%s.h5" % kind)
        with h5py.File(location, "w") as file:
            group = file.create_group("agedb_30")
            group["embeddings"] = rows[np.stack([a[order], b[order]], 1).ravel()].astype("f4")
            group["issame"] = genuine[order]
        cases.append(Case("issame order, " + kind, ["-p", "agedb_30", location], issame_trials(location, "agedb_30")))
    return cases


def csv_cases(maker):
    cases, images = [], 3
    rows = maker.faces(40, images, 20, 1.7)
    # One image under many names.
    rows[5:30:6] = rows[4]
    location = maker.path("csv.h5")
    with h5py.File(location, "w") as file:
        file["embeddings"] = rows.astype("f4")
        file["ids"] = np.array([name_of(row, images) for row in range(len(rows))], dtype="S")
    a, b, genuine, fold = maker.pairs(40, images, 7, 23)
    keep = maker.random.random(len(a)) < 0.8
    a, b, genuine, fold = a[keep], b[keep], genuine[keep], fold[keep]
    by_name = [(name_of(x, images), name_of(y, images), int(g), f + 1) for x, y, g, f in zip(a, b, genuine, fold)]
    texts = {
        "names and folds": ("id1,id2,label,fold\n" + "\n".join("%s,%s,%d,%d" % line for line in by_name), 0.95),
        "no header, no folds": ("\n".join("%s,%s,%d" % line[:3] for line in by_name) + "\n", 0.9),
        "tabs and CRLF": ("id1\tid2\tlabel\tfold\r\n" + "\r\n".join("%s\t%s\t%d\t%d" % line for line in by_name) + "\r\n", 0.95),
        "row numbers": ("row1,row2,label,fold\n" + "\n".join("%d,%d,%d,%d" % line for line in zip(a, b, genuine, fold)), 0.99),
    }
    for kind, (text, confidence) in texts.items():
        path = maker.write(kind.replace(" ", "-").replace(",", "") + ".csv", text)

        def trials(folds_found, path=path):
            first, second, same, folds = oracle.read_csv(path)
            found = oracle.Set(location)
            if folds is None and folds_found > 0:
                folds = oracle.contiguous_folds(len(same), 10)
            rows = oracle.rows_of(first + second, found.ids)
            return oracle.trials_of_pairs(found.unit(), rows[:len(first)], rows[len(first):], same, folds)

        cases.append(Case("csv list, " + kind, ["--pairs", path, location], trials, confidence=confidence, intervals=BOTH,
                          inputs=[path, location]))
    return cases


def embedded_pairs_case(maker):
    a, b, genuine, fold = maker.pairs(30, 4, 5, 31)
    location = maker.path("pairs-inside.h5")
    rows = maker.faces(30, 4, 16, 1.2)
    with h5py.File(location, "w") as file:
        file["embeddings"] = rows.astype("f4")
        file["pairs"] = np.stack([a, b], 1).astype("i4")
        file["issame"] = genuine.astype("u1")
        file["folds"] = (fold + 1).astype("i8")

    def trials(_):
        return oracle.trials_of_pairs(oracle.Set(location).unit(), a, b, genuine, fold)
    return [Case("pairs and folds inside the set", ["-p", "pairs", location], trials)]


def score_cases(maker):
    """Precomputed scores, with masses of ties, few of one kind, order perfect and order reversed."""
    normal = maker.random.standard_normal
    kinds = {
        "sixteenths": (np.round(16 * (normal(700) + 2)) / 16, np.round(16 * normal(3000)) / 16),
        "few values": (maker.random.choice([1, 2, 3, 4], 500, p=[.1, .2, .3, .4]), maker.random.choice([0, 1, 2, 3], 900, p=[.4, .3, .2, .1])),
        "log-likelihood ratios": (normal(400) * 4 + 6, normal(1000) * 4 - 6),
        "large": (normal(300) * 1e3 + 2e3, normal(300) * 1e3),
        "one genuine": (np.array([0.25]), normal(50)),
        "one impostor": (normal(50), np.array([0.25])),
        "perfect order": (np.arange(100, 160) / 8, np.arange(0, 97) / 8),
        "reversed order": (np.arange(0, 45) / 8, np.arange(100, 250) / 8),
        "all equal": (np.full(20, 0.5), np.full(30, 0.5)),
        # Long runs of impostors between genuine ones, where leaving out the middle of runs moves the read-off.
        "long runs": (np.arange(0, 1000, 100) + 0.5, np.setdiff1d(np.arange(0, 1000), [])),
        "many impostors": (normal(800) + 4, normal(40000)),
    }
    cases = []
    for kind, (genuine, impostors) in kinds.items():
        score = np.concatenate([genuine, impostors]).astype(float)
        label = np.concatenate([np.ones(len(genuine), int), np.zeros(len(impostors), int)])
        order = maker.random.permutation(len(score))
        score, label = score[order], label[order]
        stem = "scores-" + kind.replace(" ", "-")

        def trials(_, score=score, label=label):
            return oracle.Trials(score, label)

        path = maker.write(stem + ".txt", "".join("%d %r\n" % (l, float(s)) for l, s in zip(label, score)))
        cases.append(Case("scores, " + kind, ["--scores", path], trials, SCORE_METRICS, BOTH))
        if kind in ("sixteenths", "log-likelihood ratios"):
            path = maker.path(stem + ".h5")
            with h5py.File(path, "w") as file:
                file["scores"], file["issame"] = score, label.astype("i1")
            cases.append(Case("scores in HDF5, " + kind, ["--scores", path], trials, SCORE_METRICS))
    return cases


def made_parts(folder):
    maker = Maker(folder)
    return [Part(compare, make(maker)) for make in (lfw_cases, two_line_cases, issame_cases, csv_cases, embedded_pairs_case, score_cases)]
