"""IJB-B and IJB-C: runs eface-eval on templates, computes the same figures in Python, and says where the two differ."""
import csv
import os
import subprocess

import h5py
import numpy as np

import compare
import ijb
import oracle
from parts import Part

# --- What the result file calls things ----------------------------------------------------------------------------------------

TASKS = {"verify": "verify-templates", "identify": "identify"}
VERIFY_CONVENTIONS = ("iso", "insightface")
IDENTIFY_CONVENTIONS = ("iso", "insightface", "insightface-union")
COUNTS = {"verify": ("images", "templates", "media", "pairs", "genuine", "impostors"),
          "identify": ("images", "templates", "media")}
GALLERIES = "galleries"    # a list, each as a result with metrics, cmc_curve and det
IDENTIFY_METRICS = {"cmc": (1, 5, 10), "tpir_at_fpir": (0.01, 0.1)}
CMC_CURVE = "cmc_curve"    # a share per rank, from rank 1 on
DET = "det"                # columns
DET_COLUMNS = {"threshold": "threshold", "fpir": "fpir", "fnir": "fnir"}
MEASURE_COUNTS = ("errors", "trials")
OPTIONS = {"norm": "--norm", "weight": "--weight", "flip": "--flip", "media": "--media"}
COMMON = ["--format", "json", "--allow-partial"]

# N, D and F of the public scripts.
EIGHT = [ijb.Switches(norm, weight, flip) for norm in ("keep", "unit") for weight in ("quality", "none") for flip in ("sum", "none")]
FEW = [ijb.Switches(), ijb.Switches("unit", "none", "none")]
OTHERS = [ijb.Switches(flip="concat"), ijb.Switches(media="unit"), ijb.Switches("unit", "none", "concat", "unit")]


class Case:
    """default: switches that are left to the protocol file, whose values are those of `switches` all the same.  nist: the lists are
    NIST's, and these are the names of the set (a key of ijb.NAMES)."""

    def __init__(self, name, protocol, location, lists, switches, options=(), known_error=None, default=(), nist=None):
        self.nist = nist
        self.name, self.protocol, self.location, self.lists = name, protocol, location, lists
        self.switches, self.options, self.known_error, self.default = switches, list(options), known_error, default

    def command(self, program_dir):
        words = [os.path.join(program_dir, "eface-eval"), "-p", self.protocol] + COMMON + self.options
        for key, option in OPTIONS.items():
            if key not in self.default:
                words += [option, getattr(self.switches, key)]
        return words + (["--data", self.lists] if self.lists else []) + [self.location]

    def experiment(self):
        if self.nist:
            return ijb.read_nist(self.lists, self.protocol, self.location, self.nist)
        if self.lists:
            return ijb.read_lists(self.lists, self.protocol)
        return ijb.read_inside(self.location, self.protocol)


# --- Comparing ----------------------------------------------------------------------------------------------------------------

def run(program_dir, case):
    return subprocess.run(case.command(program_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=compare.environment())


def compare_case(tally, program_dir, case):
    done = run(program_dir, case)
    if case.known_error is not None:
        said = done.stderr.decode()
        tally.check("error", case.name, done.returncode != 0 and case.known_error in said,
                    "ends with %d and says %r, not %r" % (done.returncode, said.strip(), case.known_error))
        return
    if done.returncode != 0:
        tally.check("run", case.name, False, "%s: exit status %d: %s" % (" ".join(case.command(program_dir)), done.returncode,
                                                                         done.stderr.decode().strip()))
        return
    document = compare.json.loads(done.stdout)
    experiment = case.experiment()
    embeddings, flip = ijb.read_embeddings(case.location, case.protocol)
    stored = len(embeddings)
    if experiment.rows is not None:
        embeddings, flip = embeddings[experiment.rows], None if flip is None else flip[experiment.rows]
    tally.same("count", case.name + " rows of the set", len(embeddings), len(experiment.template))
    features = ijb.image_features(embeddings, flip, experiment.quality, case.switches)
    ids, unit = ijb.pool(features, experiment.template, experiment.media, case.switches.media == "unit")
    counts = {"images": stored, "templates": len(ids), "media": ijb.media_count(experiment.template, experiment.media)}
    results = {result["protocol"]["task"]: result for result in document["results"]}
    wanted = [TASKS["verify"]] * (experiment.pairs is not None) + [TASKS["identify"]] * (experiment.probe is not None)
    tally.same("schema", case.name + " tasks", sorted(results), sorted(wanted))
    if TASKS["verify"] in results and experiment.pairs is not None:
        compare_verify(tally, case.name + " 1:1", results[TASKS["verify"]], ijb.verify(ids, unit, experiment.pairs), counts)
    if TASKS["identify"] in results and experiment.probe is not None:
        compare_identify(tally, case.name + " 1:N", results[TASKS["identify"]], ijb.search_all(ids, unit, experiment), experiment, counts)


def compare_counts(tally, what, kind, found, expected):
    for name in COUNTS[kind]:
        tally.same("count", "%s %s" % (what, name), found.get(name), expected[name])


def compare_verify(tally, what, result, trials, counts):
    trials.repeated = (result["counts"].get("repeated_genuine", 0), result["counts"].get("repeated_impostors", 0))
    compare_counts(tally, what, "verify", result["counts"],
                   dict(counts, pairs=len(trials.score), genuine=len(trials.positive), impostors=len(trials.negative)))
    seen = {row["metric"] for row in result["metrics"]}
    missing = {"tar_at_far", "eer", "eer_hull", "auc", "fnmr_at_fmr", "threshold_at_fmr"} - seen
    tally.check("schema", what + " metrics", not missing, "has no %s" % ", ".join(sorted(missing)))
    interval = result.get("settings", {}).get("interval", "wilson")
    for row in result["metrics"]:
        for convention in VERIFY_CONVENTIONS:
            expected = oracle.figure(row["metric"], row.get("point"), convention, trials, 0.95, interval)
            compare.compare_measure(tally, "%s %s %s" % (what, compare.label(row), convention), row[convention], expected, row["metric"])
    compare.compare_curve(tally, what + " curve", result["curve"], trials)
    if "histogram" in result:
        compare.compare_histogram(tally, what + " histogram", result["histogram"], trials)


def compare_identify(tally, what, result, searches, experiment, counts):
    compare_counts(tally, what, "identify", result["counts"], counts)
    union = ijb.union_of(searches, experiment)
    compare_search(tally, what, result, searches, union)
    galleries = result.get(GALLERIES, [])
    tally.same("count", what + " galleries", len(galleries), len(searches))
    for number, (found, search) in enumerate(zip(galleries, searches), 1):
        compare_search(tally, "%s gallery %d" % (what, number), found, [search], None)


def compare_search(tally, what, found, searches, union):
    wanted = {(name, float(point)) for name, points in IDENTIFY_METRICS.items() for point in points}
    seen = {(row["metric"], float(row["point"])) for row in found["metrics"] if row.get("point") is not None}
    tally.check("schema", what + " metrics", wanted <= seen, "has no %s" % sorted(wanted - seen))
    for row in found["metrics"]:
        if row["metric"] not in IDENTIFY_METRICS:
            continue
        for convention in IDENTIFY_CONVENTIONS:
            expected = ijb.identify_figure(row["metric"], row["point"], convention, searches, union)
            if expected is not None:
                compare_share(tally, "%s %s %s" % (what, compare.label(row), convention), row.get(convention), expected, row, convention,
                              searches)
    if CMC_CURVE in found:
        compare_cmc(tally, what + " CMC", found[CMC_CURVE], ijb.cmc_curve(searches))
    else:
        tally.check("schema", what, False, "has no %s" % CMC_CURVE)
    if len(searches) == 1 and DET in found:
        compare_det(tally, what + " DET", found[DET], searches[0])


def compare_share(tally, what, found, expected, row, convention, searches):
    if found is None:
        tally.check("schema", what, False, "is not there")
        return
    tally.near("value", what, found["value"], expected["value"])
    if expected["value"] is None:
        tally.check("reason", what, bool(found.get("undefined")), "has no value and does not say why")
        return
    for key in MEASURE_COUNTS:
        if key in expected and key in found:
            tally.same("count", "%s %s" % (what, key), found[key], expected[key])
    if "threshold" in expected and "threshold" in found:
        tally.near("threshold", what, found["threshold"], expected["threshold"])
    elif row["metric"] == "tpir_at_fpir" and convention == "iso" and len(searches) == 1 and found.get("threshold") is not None:
        # Any number in a gap between scores is the same threshold: what it does is compared, to within rounding.
        search, threshold = searches[0], found["threshold"]
        few, many = (search.identified(from_=threshold + side * compare.TOLERANCE) for side in (1, -1))
        tally.check("threshold", what, few <= expected["trials"] - expected["errors"] <= many, "identifies %d" % few)
        alarms = int(np.sum(search.alarms >= threshold + compare.TOLERANCE))
        tally.check("threshold", what + " alarms", alarms / len(search.alarms) <= row["point"], "are %d" % alarms)


def compare_cmc(tally, what, found, expected):
    """The list may end once everything is found."""
    found = found.get("value", found.get("tpir")) if isinstance(found, dict) else found
    count = min(len(found), len(expected))
    tally.check("curve", what + " length", count > 0 and np.all(expected[count:] == expected[count - 1])
                and np.all(np.array(found[count:]) == found[count - 1]), "has %d ranks of %d" % (len(found), len(expected)))
    error = float(np.max(np.abs(np.array(found[:count]) - expected[:count])))
    tally.check("curve", what, error <= compare.TOLERANCE, "is off by %g" % error)


def compare_det(tally, what, det, search):
    """Every point is what its threshold gives; a threshold within rounding of scores may take them or leave them."""
    threshold, fpir, fnir = (det[DET_COLUMNS[key]] for key in ("threshold", "fpir", "fnir"))
    wrong = []
    for t, alarm, missed in zip(threshold, fpir, fnir):
        t = np.inf if t is None else t
        low, high = ijb.det_point(search, t - compare.TOLERANCE), ijb.det_point(search, t + compare.TOLERANCE)
        near = compare.TOLERANCE
        if not (high[0] - near <= alarm <= low[0] + near and low[1] - near <= missed <= high[1] + near):
            wrong.append((t, alarm, missed, low, high))
    tally.check("curve", what, not wrong, "point %s" % wrong[:1])
    tally.check("curve", what + " order", bool(np.all(np.diff(fpir) >= 0) and np.all(np.diff(fnir) <= 0)), "does not ascend")


# --- Making data --------------------------------------------------------------------------------------------------------------

def write_lists(folder, prefix, template, media, quality, pairs, galleries, probe, end="\n"):
    """The official formats.  CSV lists have a row per image."""
    os.makedirs(folder, exist_ok=True)

    def write(name, lines):
        with open(os.path.join(folder, "%s_%s" % (prefix, name)), "w", newline="") as file:
            file.write("".join(line + end for line in lines))

    numbers = range(1, len(template) + 1)
    write("face_tid_mid.txt", ["%d.jpg %d %d" % row for row in zip(numbers, template, media)])
    write("name_5pts_score.txt", ["%d.jpg %s %.9g" % (n, " ".join("%.3f" % (n % 97 + k / 8) for k in range(10)), q)
                                  for n, q in zip(numbers, quality)])
    write("template_pair_label.txt", ["%d %d %d" % row for row in zip(*pairs)])
    images = {}
    for number, one in zip(numbers, template):
        images.setdefault(int(one), []).append(number)

    def write_subjects(name, subjects):
        write(name, ["TEMPLATE_ID,SUBJECT_ID,FILENAME"] + ["%d,%d,img/%d.jpg" % (t, s, image)
                                                           for t, s in zip(*subjects) for image in images[int(t)]])

    for name, subjects in zip(("G1", "G2") if prefix == "ijbc" else ("S1", "S2"), galleries):
        write_subjects("1N_gallery_%s.csv" % name, subjects)
    write_subjects("1N_probe_mixed.csv", probe)


def write_set(path, embeddings, flip, inside=None, group=None, dtype="f4", **layout):
    with h5py.File(path, "w") as file:
        root = file.create_group(group) if group else file
        root.create_dataset("embeddings", data=embeddings.astype(dtype), **layout)
        if flip is not None:
            root.create_dataset("embeddings_flip", data=flip.astype(dtype), **layout)
        for name, values in (inside or {}).items():
            root[name] = values


class Made:
    """An experiment with templates of its own: subjects, of whom some stand in gallery 1, some in 2, and probes of both."""

    def __init__(self, random, subjects, probes_each, pairs):
        self.random = random
        ids = random.permutation(np.arange(3, 3 + 4 * subjects * (1 + probes_each), 4))[:subjects * (1 + probes_each)]
        subject = random.permutation(np.arange(10, 10 + 3 * subjects, 3))
        self.owner = {}
        gallery = ids[:subjects]
        half = subjects // 2
        self.galleries = [(gallery[:half], subject[:half]), (gallery[half:], subject[half:])]
        self.probe = (ids[subjects:], np.repeat(subject, probes_each))
        for part in self.galleries + [self.probe]:
            self.owner.update(zip(part[0].tolist(), part[1].tolist()))
        self.order = list(subject)
        first, second, genuine = [], [], []
        for t, s in zip(*self.probe):
            mate = gallery[self.order.index(s)]
            first.append(mate), second.append(t), genuine.append(1)
        for _ in range(pairs):
            g, p = int(random.integers(subjects)), int(random.integers(len(self.probe[0])))
            if subject[g] != self.probe[1][p]:
                first.append(gallery[g]), second.append(self.probe[0][p]), genuine.append(0)
        shuffle = random.permutation(len(first))
        self.pairs = tuple(np.array(column)[shuffle] for column in (first, second, genuine))

    def images(self, most_media, most_frames):
        """Template and media of each image, in an order where those of a template stand apart."""
        template, media = [], []
        for t in self.owner:
            for one in self.random.choice(50, int(self.random.integers(1, most_media + 1)), replace=False):
                frames = 1 if self.random.random() < 0.6 else int(self.random.integers(2, most_frames + 1))
                template += [t] * frames
                media += [one] * frames
        shuffle = self.random.permutation(len(template))
        return np.array(template)[shuffle], np.array(media)[shuffle]

    def inside(self, template, media, quality):
        result = {"templates": template.astype("i4"), "media": media.astype("i8"), "quality": quality.astype("f4"),
                  "template_pairs": np.stack(self.pairs, 1).astype("i4"), "probe": np.stack(self.probe, 1).astype("i4")}
        result.update({"gallery_%d" % (n + 1): np.stack(g, 1).astype("i4") for n, g in enumerate(self.galleries)})
        return result


def made_parts(folder):
    random = np.random.default_rng(20240301)
    parts = []

    def add(name, prefix, made, template, media, quality, embeddings, flip, switches, end="\n", **layout):
        stem = os.path.join(folder, name.replace(" ", "-"))
        write_lists(stem, prefix, template, media, quality, made.pairs, made.galleries, made.probe, end)
        # What the list says is the quality: it is rounded to nine digits, which name a float32.
        write_set(stem + ".h5", embeddings, flip, **layout)
        cases = [Case("%s, %s" % (name, one.words()), prefix, stem + ".h5", stem, one) for one in switches]
        write_set(stem + "-inside.h5", embeddings, flip, made.inside(template, media, quality), prefix, **layout)
        cases.append(Case(name + ", all inside the set", prefix, stem + "-inside.h5", None, switches[0]))
        parts.append(Part(compare_case, cases))
        return stem, cases

    # Lengths and products that are exact in any order of summation, so that scores tie in masses.
    made = Made(random, 60, 4, 6000)
    template, media, embeddings, flip = tie_images(random, made, 64)
    add("ties", "ijbc", made, template, media, power_of_two(random, template), embeddings, flip, EIGHT)
    template, media, embeddings, flip = tie_images(random, made, 32)
    add("ties in concatenated rows", "ijbb", made, template, media, power_of_two(random, template), embeddings, flip,
        [ijb.Switches(flip="concat"), ijb.Switches("unit", "quality", "concat", "unit")], "\r\n", dtype="f2")

    # Images apart, media of many frames, each switch.
    made = Made(random, 80, 5, 30000)
    template, media = made.images(6, 40)
    embeddings, flip = people_images(random, made, template, 48, 2.5)
    quality = random.choice([0.1, 0.7, 0.95, 0.999], len(template)).astype(np.float32)
    stem, cases = add("apart", "ijbc", made, template, media, quality, embeddings, flip, EIGHT + OTHERS)
    for threads in ("1", "2"):
        cases.append(Case("apart, threads " + threads, "ijbc", stem + ".h5", stem, ijb.Switches(), ["--threads", threads]))
    write_set(stem + "-odd.h5", embeddings, flip, dtype=">f4", chunks=(13, 48), compression="gzip")
    cases.append(Case("apart, chunked, big-endian", "ijbc", stem + "-odd.h5", stem, ijb.Switches()))
    write_set(stem + "-noflip.h5", embeddings, None)
    cases.append(Case("apart, no flips in the set", "ijbc", stem + "-noflip.h5", stem, ijb.Switches(), default=("flip",)))
    cases.append(Case("apart, the protocol's own switches", "ijbc", stem + ".h5", stem, ijb.Switches(), default=tuple(OPTIONS)))

    # A pair of a template that no image has.
    unknown = os.path.join(folder, "unknown")
    first, second, genuine = made.pairs
    first = first.copy()
    first[17] = 99999
    write_lists(unknown, "ijbc", template, media, quality, (first, second, genuine), made.galleries, made.probe)
    cases.append(Case("a template without images", "ijbc", stem + ".h5", unknown, ijb.Switches(), known_error="99999"))
    return parts


def tie_images(random, made, dim):
    """Rows of +1 and -1 (a length that is a power of two), templates of one image or of two media that agree on a quarter."""
    centre = {s: random.choice([-1.0, 1.0], dim) for s in made.order}
    template, media, rows, flips = [], [], [], []
    for t, s in made.owner.items():
        row = centre[s] * np.where(random.random(dim) < random.choice([0.0, 0.25, 0.4]), -1.0, 1.0)
        kind = int(random.integers(4))
        other = np.where(np.isin(np.arange(dim), random.choice(dim, dim // 4, replace=False)), row, -row)
        # One image; one media of two equal frames; two media that agree on a quarter; the same as frames of one media.
        for one, vector in ([(3, row)], [(8, row), (8, row)], [(5, row), (2, other)], [(4, row), (4, other)])[kind]:
            template.append(t)
            media.append(one)
            rows.append(vector)
            flips.append(vector)
    shuffle = random.permutation(len(template))
    return np.array(template)[shuffle], np.array(media)[shuffle], np.array(rows)[shuffle], np.array(flips)[shuffle]


def power_of_two(random, template):
    """One weight for all images of a template, so that weighting changes no direction and rounds nothing."""
    weight = {t: 2.0 ** -int(random.integers(0, 4)) for t in set(template.tolist())}
    return np.array([weight[t] for t in template.tolist()], dtype=np.float32)


def people_images(random, made, template, dim, spread):
    centre = {s: random.standard_normal(dim) for s in made.order}
    base = np.array([centre[made.owner[t]] for t in template.tolist()])
    rows = base + spread * random.standard_normal(base.shape)
    length = random.uniform(0.5, 4, (len(base), 1))
    return rows * length, (rows + 0.5 * random.standard_normal(base.shape)) * length


def write_nist_lists(folder, prefix, made, images, random):
    """images: (template, subject, file, sighting) of each.  Columns in an order of each file's own, some fields quoted."""
    os.makedirs(folder, exist_ok=True)
    names = ("G1", "G2") if prefix == "ijbc" else ("S1", "S2")
    for name, (templates, _) in zip(["gallery_" + one for one in names] + ["probe_mixed"], made.galleries + [made.probe]):
        columns = list(random.permutation(["TEMPLATE_ID", "SUBJECT_ID", "FILENAME", "SIGHTING_ID", "FACE_X", "AGE, GUESSED"]))
        with open(os.path.join(folder, "%s_1N_%s.csv" % (prefix, name)), "w", newline="") as file:
            writer = csv.DictWriter(file, columns, quoting=int(random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])))
            writer.writeheader()
            for template, subject, path, sighting in images:
                if template in set(templates.tolist()):
                    writer.writerow({"TEMPLATE_ID": template, "SUBJECT_ID": subject, "FILENAME": path, "SIGHTING_ID": sighting,
                                     "FACE_X": int(random.integers(900)), "AGE, GUESSED": random.choice(["", "1,5", 'a "b"'])})
    np.savetxt(os.path.join(folder, "%s_11_%s_%s_matches.csv" % ((prefix,) + names)), np.stack(made.pairs[:2], 1), "%d", ",")


def nist_parts(folder):
    """Subjects with a few faces each, which their templates share; many files show two subjects."""
    random = np.random.default_rng(20240501)
    parts = []
    for prefix, form in (("ijbc", "SUBJECT_ID/FILENAME"), ("ijbb", "TEMPLATE_ID/FILENAME")):
        made = Made(random, 50, 4, 8000)
        images = []
        for template, subject in made.owner.items():
            for sighting in random.choice(9, int(random.integers(1, 5)), replace=False):
                for frame in range(1 if random.random() < 0.5 else int(random.integers(2, 6))):
                    images.append((template, subject, "frames/%d_%d.png" % ((subject // 2) * 9 + sighting, frame), 1000 - int(sighting)))
        images = [images[i] for i in random.permutation(len(images))]
        name = [ijb.NAMES[form]({"TEMPLATE_ID": t, "SUBJECT_ID": s, "FILENAME": file}) for t, s, file, _ in images]
        distinct = random.permutation(sorted(set(name)) + ["7777777/frames/unused.png"])
        centre = {s: random.standard_normal(40) for s in made.order}
        owner = {one: image[1] for one, image in zip(name, images)}
        rows = np.array([centre[owner.get(one, made.order[0])] for one in distinct]) + 2 * random.standard_normal((len(distinct), 40))
        quality = random.choice([0.1, 0.7, 0.95, 0.999], len(distinct)).astype("f4")
        stem = os.path.join(folder, "nist-" + prefix)
        write_nist_lists(stem, prefix, made, images, random)
        write_set(stem + ".h5", rows, rows + random.standard_normal(rows.shape),
                  {"ids": np.array([one.encode() for one in distinct]), "quality": quality})
        parts.append(Part(compare_case, [Case("NIST's lists, %s, %s" % (form, one.words()), prefix, stem + ".h5", stem, one, nist=form)
                                         for one in (EIGHT[:4] + OTHERS if prefix == "ijbc" else FEW)]))
    return parts


def synth_parts(program_dir, folder, scale="0.02"):
    parts = []
    for prefix, upper in (("ijbc", "IJBC"), ("ijbb", "IJBB")):
        for kind, option, below, nist in (("", [], "meta", None), (" inside", ["--inside"], None, None),
                                          (", NIST's lists", ["--nist"], "protocols" if prefix == "ijbc" else "protocol", "FILENAME")):
            stem = os.path.join(folder, prefix + "".join(option))
            location, lists = os.path.join(stem, "emb.h5"), below and os.path.join(stem, upper, below)

            def prepare(prefix=prefix, option=option, stem=stem, location=location):
                os.makedirs(stem)
                subprocess.run([os.path.join(program_dir, "eface-synth"), "-q", "--protocol", prefix, "--scale", scale, "-o", location,
                                "--lists", stem] + option, check=True, stdout=subprocess.DEVNULL)

            todo = [ijb.Switches()] if kind else [ijb.Switches()] + OTHERS if prefix == "ijbc" else FEW
            cases = [Case("generated %s%s, %s" % (prefix, kind, one.words()), prefix, location, lists, one, nist=nist) for one in todo]
            parts.append(Part(compare_case, cases, prepare))
    return parts


def real_parts(data, folder):
    """LFW by person: half of the images of a person make the gallery template, the others the probe; an image is its own media."""
    parts, absent = [], []
    for file in ("lfw_mfn512.h5", "lfw_dlib128.h5"):
        location, stem = os.path.join(data, "lfw", file), os.path.join(folder, file[:-3])
        if not os.path.exists(location):
            absent.append("LFW as templates, " + file[:-3])
            continue
        cases = [Case("LFW as templates, %s, %s" % (file[:-3], one.words()), "ijbc", stem + ".h5", stem, one)
                 for one in (ijb.Switches(weight="none", flip="none"), ijb.Switches(flip="none"), ijb.Switches("unit", "none", "none"))]

        def prepare(location=location, stem=stem):
            write_people(location, stem)

        parts.append(Part(compare_case, cases, prepare, is_long=True))
    return parts, absent


def write_people(location, stem):
    found = oracle.Set(location)
    person = np.array([name.split("/")[0] for name in found.ids])
    number = np.unique(person, return_inverse=True)[1]
    many = np.flatnonzero(np.bincount(number) > 1)
    random = np.random.default_rng(5)
    rows, template = [], []
    for position, one in enumerate(many):
        images = np.flatnonzero(number == one)
        rows += images.tolist()
        template += [2 * position + 1] * (len(images) // 2) + [2 * position + 2] * (len(images) - len(images) // 2)
    order = random.permutation(len(rows))
    rows, template = np.array(rows)[order], np.array(template)[order]
    media = np.arange(1, len(rows) + 1)
    quality = random.uniform(0.3, 1, len(rows)).astype(np.float32)
    subject = np.arange(len(many)) + 1
    impostor = random.integers(0, len(many), (2, 200000))
    impostor = impostor[:, impostor[0] != impostor[1]]
    pairs = (np.concatenate([2 * subject - 1, 2 * impostor[0] + 1]), np.concatenate([2 * subject, 2 * impostor[1] + 2]),
             np.repeat([1, 0], [len(subject), impostor.shape[1]]))
    galleries = [(2 * subject[part::2] - 1, subject[part::2]) for part in (0, 1)]
    write_lists(stem, "ijbc", template, media, quality, pairs, galleries, (2 * subject, subject))
    write_set(stem + ".h5", found.embeddings[rows], None)


def all_parts(programs, data, folder):
    """Parts, and the names of cases that are absent."""
    made, generated, real = (os.path.join(folder, "ijb-" + name) for name in ("made", "generated", "real"))
    found, absent = real_parts(data, real)
    return made_parts(made) + nist_parts(made) + found + synth_parts(programs, generated), absent
