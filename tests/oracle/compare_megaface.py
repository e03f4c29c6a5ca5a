"""MegaFace: runs eface-eval on probes among distractors, from HDF5 and from feature files, computes the same figures in Python, and says where the two differ."""
import json
import os
import subprocess

import h5py
import numpy as np

import compare
import megaface
from parts import Part

METRICS = "cmc@1,cmc@2,cmc@5,cmc@10,cmc@100,tar_at_far@1e-6,tar_at_far@1e-4,tar_at_far@1e-3,tar_at_far@1e-2,tar_at_far@0.29"
CONVENTIONS = ("megaface-devkit", "iso")
TASKS = ("verify-distractors", "identify-distractors")


class MegaCase:
    """Where the features are, where the lists are (or None), and the policy for noisy images."""

    def __init__(self, name, location, lists, policy, options=()):
        self.name, self.location, self.lists, self.policy, self.options = name, location, lists, policy, list(options)

    def command(self, program_dir):
        lists = ["--data", self.lists] if self.lists else []
        return [os.path.join(program_dir, "eface-eval"), "-q", "-p", "megaface", "--noise", self.policy, "--format", "json", "--metrics",
                METRICS] + lists + self.options + [self.location]


def compare_case(tally, program_dir, case):
    done = subprocess.run(case.command(program_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=compare.environment())
    if done.returncode != 0:
        tally.check("run", case.name, False, "%s: exit status %d: %s" % (" ".join(case.command(program_dir)), done.returncode,
                                                                         done.stderr.decode(errors="replace").strip()))
        return
    results = {each["protocol"]["task"]: each for each in json.loads(done.stdout.decode())["results"]}
    tally.same("schema", case.name + " tasks", sorted(results), sorted(TASKS))
    is_folder = os.path.isdir(case.location)
    data = megaface.read_tree(case.location, case.lists or case.location) if is_folder else megaface.read_h5(case.location, case.lists)
    compared = megaface.apply_policy(data, case.policy)
    for task in TASKS:
        tally.same("count", "%s %s policy" % (case.name, task), results[task]["settings"]["noise"], case.policy)
        tally.same("count", "%s %s probes" % (case.name, task), results[task]["counts"]["probes"], len(compared.probe))
        tally.same("count", "%s %s people" % (case.name, task), results[task]["counts"]["identities"], len(set(compared.label)))
        tally.same("count", "%s %s numbers" % (case.name, task), len(results[task]["galleries"]), len(compared.sizes))
    for at, size in enumerate(sorted(compared.sizes)):
        of_convention = megaface.evaluate_each(compared, data.distractor, compared.sizes[size], CONVENTIONS)
        for convention, figures in of_convention.items():
            what = "%s %d distractors %s" % (case.name, size, convention)
            for task in TASKS:
                compare_figures(tally, what, results[task]["galleries"][at], figures, task, convention)
                if at + 1 == len(compared.sizes):
                    compare_figures(tally, what + " on top", dict(results[task]["galleries"][at], metrics=results[task]["metrics"]), figures, task,
                                    convention)
            if convention == CONVENTIONS[0]:
                compare_shown(tally, what, results, at, figures)


def compare_figures(tally, what, gallery, figures, task, convention):
    tally.same("count", what + " entries", gallery["entries"], figures.distractors)
    for row in gallery["metrics"]:
        found, label = row[convention], "%s %s" % (what, compare.label(row))
        if row["metric"] == "cmc":
            passed = figures.rank if convention == "megaface-devkit" else figures.rank_after_ties
            right, of = int(np.count_nonzero(passed < row["point"])), len(passed)
        else:
            of = len(figures.above)
            value = figures.tpr_devkit(row["point"]) if convention == "megaface-devkit" else figures.tar_iso(row["point"])
            if value is None:
                tally.check("reason", label, found["value"] is None and bool(found.get("undefined")), "has a value, or no reason for none")
                continue
            right = int(round(value * of))
            tally.same("count", label + " impostors", found["impostors"], figures.negatives)
            allowed = int(np.rint(row["point"] * figures.negatives)) if convention == "megaface-devkit" else row["point"] * figures.negatives * (1 + 1e-15)
            tally.check("count", label + " false matches", found["false_matches"] <= allowed, "are %d" % found["false_matches"])
        tally.same("count", label + " trials", found["trials"], of)
        tally.same("count", label + " errors", found["errors"], of - right)
        tally.near("value", label, found["value"], right / of)


def compare_shown(tally, what, results, at, figures):
    cmc = results[TASKS[1]]["galleries"][at]["cmc_curve"]
    expected = np.cumsum(np.bincount(figures.rank, minlength=len(cmc)))[:len(cmc)] / len(figures.rank)
    tally.same("count", what + " CMC length", len(cmc), min(1000, figures.distractors + 1))
    tally.check("curve", what + " CMC", np.abs(np.array(cmc) - expected).max() <= compare.TOLERANCE, "differs")
    for task, key, listed in ((TASKS[1], "cmc", figures.cmc_listing()), (TASKS[0], "roc", figures.roc_listing())):
        found = results[task]["galleries"][at]["devkit_listing"]
        places = found["cmc"][0] if key == "cmc" else found["false_accepts"]
        ours, theirs = list(zip(places, found[key][1])), [(place, share) for place, share in listed]
        if not found["complete"]:  # what it has is right up to the last one but for the end
            theirs = theirs[:len(ours) - 1] + theirs[-1:]
        tally.same("listing", "%s %s" % (what, key), ours, theirs)
        if key == "roc":
            rates = [float(np.float32(place) / np.float32(figures.negatives)) for place in places]
            tally.same("listing", what + " rates", found[key][0], rates)


# --- Cases --------------------------------------------------------------------------------------------------------------------

def all_parts(program_dir, data, folder):
    """Parts, and the names of cases that are absent."""
    real, absent = real_parts(data, os.path.join(folder, "megaface-real"))
    return [Part(compare_case, tie_cases(os.path.join(folder, "megaface-ties"))), synth_part(program_dir, os.path.join(folder, "megaface-synth"))] + real, absent


def write_h5(path, probe, label, distractor, noisy=None):
    with h5py.File(path, "w") as file:
        for name, rows in (("probes", probe), ("distractors", distractor)):
            group = file.create_group("megaface/" + name)
            group["embeddings"] = rows
            if name == "probes":
                group["labels"] = label
            if noisy is not None:
                group["noisy"] = noisy[name].astype("u1")


def tie_cases(folder):
    """Vectors of 16 elements, four of them 1 or -1, so that all scores are multiples of a quarter, exactly; more and fewer than 100 probes."""
    os.makedirs(folder)
    cases = []
    for number, (probes, people, distractors) in enumerate(((130, 40, 1500), (30, 11, 230))):
        random = np.random.default_rng(17 + number)

        def vectors(count):
            rows = np.zeros((count, 16), "f4")
            for row in rows:
                row[random.choice(16 if number else 6, 4, replace=False)] = random.choice([-1, 1], 4)
            return rows

        label = random.integers(0, people, probes)
        clean_first = np.array([i not in set(np.unique(label, return_index=True)[1]) for i in range(probes)])
        noisy = {"probes": (random.random(probes) < 0.3) & clean_first, "distractors": random.random(distractors) < 0.2}
        path = os.path.join(folder, "ties-%d.h5" % number)
        write_h5(path, vectors(probes), label, vectors(distractors), noisy)
        for policy in ("keep", "drop"):
            for options in (["-t", "1"], ["-t", "3", "--memory", "20K"]):
                cases.append(MegaCase("ties, %d probes, %s %s" % (probes, policy, " ".join(options)), path, None, policy, options))
    return cases


def synth_part(program_dir, folder):
    path, lists_folder, bins = (os.path.join(folder, name) for name in ("emb.h5", "lists", "bins"))

    def prepare():
        os.makedirs(folder)
        subprocess.run([os.path.join(program_dir, "eface-synth"), "-q", "-p", "megaface", "--scale", "0.005", "--dim", "24", "-o", path, "--lists",
                        lists_folder, "--bins", bins], check=True)

    lists = os.path.join(lists_folder, "megaface")
    cases = [MegaCase("generated, rows, keep", path, None, "keep")]
    for policy in ("keep", "drop", "devkit"):
        cases.append(MegaCase("generated, lists, " + policy, path, lists, policy))
        cases.append(MegaCase("generated, files, " + policy, bins, lists, policy))
    return Part(compare_case, cases, prepare)


def real_parts(data, folder):
    """Frontal images of CFP among all of LFW; the people in both are the noise."""
    cfp, lfw, names = (os.path.join(data, name) for name in ("cfp/cfp_mfn512.h5", "lfw/lfw_mfn512.h5", "cfp/list_name.txt"))
    if not data or not all(os.path.exists(name) for name in (cfp, lfw, names)):
        return [], ["MegaFace, CFP among LFW"]
    path = os.path.join(folder, "cfp-lfw.h5")

    def prepare():
        os.makedirs(folder)
        with h5py.File(cfp, "r") as probes, h5py.File(lfw, "r") as others, open(names) as people:
            known = {line.strip().replace(" ", "_").lower() for line in people}
            images = probes["names"][()]
            rows = [i for i, name in enumerate(images) if b"/frontal/" in name][:500]
            label = np.array([int(images[i].split(b"/")[0]) for i in rows])
            noisy = {"probes": np.zeros(len(rows), bool),
                     "distractors": np.array([name.decode().split("/")[0].lower() in known for name in others["names"][()]])}
            write_h5(path, probes["embeddings"][()][rows], label, others["embeddings"][()], noisy)

    cases = [MegaCase("CFP among LFW, " + policy, path, None, policy) for policy in ("keep", "drop", "devkit")]
    return [Part(compare_case, cases, prepare, is_long=True)], []
