"""What eface-plot draws, computed anew from the same result files; LaTeX's opinion of its documents; and colours as the colour-blind see them."""
import itertools
import json
import math
import os
import re
import shutil
import subprocess

import numpy as np
from scipy.stats import norm

EDGE = 0.1  # curves that go on to the left are drawn to this part of the lowest FAR


def load(files):
    """[(name, result)] of all files, in their order."""
    results = []
    for file in files:
        with open(file, encoding="utf-8") as stream:
            results += [(result["model"], result) for result in json.load(stream)["results"]]
    return results


def blocks_of(path):
    """[(panel, drawing, name, rows)] of a data file."""
    blocks = []
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            heading = re.match(r"# block \d+: (?:(.*), )?(interval|distribution|bars|dots|reference|curve|points|flags), (.*)$", line)
            if heading:
                blocks.append((heading.group(1), heading.group(2), heading.group(3), []))
            elif line.strip() and not line.startswith("#"):
                blocks[-1][3].append([float(field) for field in line.split()])
    return [(panel, drawing, name, np.array([row for row in rows if not math.isnan(row[0])])) for panel, drawing, name, rows in blocks]


def legends_of(path):
    """The texts of each panel's legend, blanks as one; its title is the first where it stands in it."""
    with open(path, encoding="utf-8") as stream:
        return [[re.sub("[ \u2007\u2008]+", " ", text).strip() for text in re.findall(r"keyentry with .*? title '(.*)' noenhanced", part)]
                for part in stream.read().split("\nplot ")[1:]]


def measure_of(row, convention):
    return row.get(convention, row.get("insightface"))


def figures_of(result, metric, metrics=None):
    """{point: measure} of a metric under the result's own convention, without those that are undefined, and without the rates at a FAR below
    1/impostors that the scripts print all the same."""
    found = {row.get("point"): (row, measure_of(row, result["convention"])) for row in (metrics or result["metrics"]) if row["metric"] == metric}
    return {point: measure for point, (row, measure) in found.items() if measure is not None and measure["value"] is not None
            and not (measure is row.get("insightface") and point is not None and measure.get("impostors")
                     and measure["impostors"] * point < 1)}


def wilson(share, trials, confidence):
    z, hits = norm.ppf(0.5 + confidence / 2), np.round(share * trials)
    p, centre = hits / trials, (hits + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * np.sqrt(hits * (1 - p) + z * z / 4)
    return np.where(hits == 0, 0, centre - half), np.where(hits == trials, 1, centre + half)


def near(a, b, tolerance=1e-9):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= tolerance))


def curve_is_drawn(rows, far, share, edge):
    """Every stored point to the right of the edge is drawn and nothing else, but that what holds before the first stands from the edge on."""
    rounded = edge * (1 + 1e-9)
    before = [(x, y) for x, y in zip(far, share) if x <= rounded]
    after = [(x, y) for x, y in zip(far, share) if x > rounded]
    start = [(edge, before[-1][1])] if before else []
    if before and after and before[-1][0] < edge * (1 - 1e-9):
        start.append((after[0][0], before[-1][1]))
    return near(rows[:, :2], start + after, 1e-11)


def lowest_far(results):
    """Where a panel begins: at the lowest FAR that was asked for; curves that end below 1 are shown over three powers of ten, if they have as many."""
    lowest = min(point for result in results for point in figures_of(result, "tar_at_far"))
    curves = [result["curve"] for result in results]
    end = 10.0 ** math.ceil(math.log10(max(curve["far"][-1] for curve in curves)) - 1e-9)
    if end < 1:
        one = 10.0 ** math.floor(math.log10(min(1 / curve["impostors"] for curve in curves)) + 1e-9)
        lowest = min(lowest, max(end / 1000, one))
    return min(lowest, end / 10)


def check_curves(tally, kind, results, blocks, where):
    by_panel = {}
    for name, result in results:
        if result.get("curve"):
            by_panel.setdefault(result["protocol"]["heading"], []).append((name, result))
    for panel, systems in by_panel.items():
        lowest = lowest_far([result for name, result in systems])
        for name, result in systems:
            own = {drawing: rows for at, drawing, who, rows in blocks if at == panel and who == name}
            curve, spot = result["curve"], "%s, %s: %s on %s" % (where, kind, name, panel)
            share = np.array(curve["tar" if kind == "roc" else "fnmr"])
            # No curve goes below one false match.
            one = 1 / curve["impostors"]
            most = max(EDGE * lowest, one)
            edge = own["curve"][0][0] if curve["far"][0] <= most else most
            good = one * (1 - 1e-9) <= edge <= most * (1 + 1e-9)
            tally.check("plot", spot, good and curve_is_drawn(own["curve"], curve["far"], share, edge), "curve")
            low, high = wilson(own["curve"][:, 1], curve["genuine"], result["settings"]["confidence"])
            tally.check("plot", spot, near(own["interval"], np.column_stack((own["curve"], low, high))), "interval")
            if kind == "roc":
                marks = [(max(lowest, m["false_matches"] / m["impostors"] if m["false_matches"] else point), m["value"])
                         for point, m in figures_of(result, "tar_at_far").items() if point >= lowest]
            elif any(figures_of(result, "eer") for _, result in systems):
                marks = [(m["value"], m["value"]) for m in figures_of(result, "eer").values()]
            else:
                marks = [(max(lowest, m["false_matches"] / m["impostors"] if m["false_matches"] else point), 1 - m["value"])
                         for point, m in figures_of(result, "tar_at_far").items() if point >= lowest]
            tally.check("plot", spot, near(own["points"], marks), "marks %s, not %s" % (own["points"], marks))


def check_ranks(tally, results, blocks, where):
    for name, result in results:
        if not result.get("cmc_curve"):
            continue
        panel, spot = result["protocol"]["heading"], "%s, cmc: %s on %s" % (where, name, result["protocol"]["heading"])
        own = {drawing: rows for at, drawing, who, rows in blocks if at == panel and who == name}
        rates = np.array(result["cmc_curve"][:100])
        tally.check("plot", spot, near(own["curve"], np.column_stack((np.arange(1, len(rates) + 1), rates))), "curve")
        figures = figures_of(result, "cmc")
        low, high = wilson(rates, figures[1]["trials"], result["settings"]["confidence"])
        tally.check("plot", spot, near(own["interval"][:, 2:], np.column_stack((low, high))), "interval")
        tally.check("plot", spot, near(own["points"], [(point, m["value"]) for point, m in figures.items() if point <= 100]), "marks")


def check_histograms(tally, results, blocks, where):
    for name, result in results:
        histogram = result.get("histogram")
        if not histogram:
            continue
        panel = "%s, %s" % (result["protocol"]["heading"], name)
        edges = np.linspace(histogram["low"], histogram["high"], histogram["bins"] + 1)
        for kind in ("genuine", "impostor"):
            rows = next(rows for at, drawing, who, rows in blocks if at == panel and who == kind)
            counts = np.concatenate(([0], np.cumsum(histogram[kind])))
            left, right, share = rows[0::2, 0], rows[1::2, 0], rows[0::2, 1]
            places = np.searchsorted(edges, np.append(left, right[-1]) - 1e-9)
            wanted = np.diff(counts[np.minimum(places, len(counts) - 1)]) / counts[-1]
            good = near(share, wanted) and near(rows[1::2, 1], share) and near(left[1:], right[:-1]) and abs(share.sum() - 1) < 1e-9
            tally.check("plot", "%s, hist: %s, %s" % (where, panel, kind), good, "shares %s, not %s" % (share, wanted))


def check_distractors(tally, results, blocks, where):
    for name, result in results:
        if result["protocol"]["task"] != "identify-distractors":
            continue
        own = {drawing: rows for at, drawing, who, rows in blocks if at == result["protocol"]["heading"] and who == name}
        wanted = []
        for gallery in result["galleries"]:
            first = figures_of(result, "cmc", gallery["metrics"])[1]
            wanted.append((gallery["entries"], first["value"], first["ci_low"], first["ci_high"]))
        spot = "%s, distractors: %s" % (where, name)
        tally.check("plot", spot, near(own["interval"], wanted), "interval %s, not %s" % (own["interval"], wanted))
        tally.check("plot", spot, near(own["curve"], np.array(wanted)[:, :2]) and near(own["points"], own["curve"]), "curve")


def check_bars(tally, results, blocks, far, where):
    order = ["lfw", "agedb_30", "calfw", "cplfw", "cfp_fp", "cfp_ff", "ijbb", "ijbc"]
    shown = sorted((order.index(result["protocol"]["name"]), result["protocol"]["heading"]) for name, result in results if figures_of(result, "tar_at_far"))
    headings = list(dict.fromkeys(heading for place, heading in shown))
    names = list(dict.fromkeys(name for name, result in results))
    for place, name in enumerate(names):
        rows = next(rows for at, drawing, who, rows in blocks if who == name)
        wanted = []
        for column, heading in enumerate(headings):
            measure = next(figures_of(result, "tar_at_far").get(far) for who, result in results
                           if who == name and result["protocol"]["heading"] == heading and figures_of(result, "tar_at_far"))
            wanted.append((column, measure["value"], measure["ci_low"], measure["ci_high"]))
        # The x of a bar is that of its benchmark, shifted by its system.
        good = near(np.round(rows[:, 0]), np.array(wanted)[:, 0]) and near(rows[:, 1:], np.array(wanted)[:, 1:])
        shift = np.unique(np.round(rows[:, 0] - np.array(wanted)[:, 0], 9))
        good = good and len(shift) == 1 and abs(shift[0] - 0.75 / len(names) * (place - (len(names) - 1) / 2)) < 1e-9
        tally.check("plot", "%s, tar: %s" % (where, name), good, "bars %s, not %s" % (rows, wanted))


def check_legend(tally, results, legends, far, where):
    """The first panel of a ROC, that of LFW: systems by their TAR, the best first."""
    heading = "LFW"
    measures = [(name, figures_of(result, "tar_at_far")[far]) for name, result in results if result["protocol"]["heading"] == heading]
    wanted = ["%.2f%s %s" % (100 * measure["value"], "!" if measure["false_matches"] < 30 else "", name)
              for name, measure in sorted(measures, key=lambda pair: -pair[1]["value"])]
    wanted += ["! fewer than 30 false matches"] if any("! " in text for text in wanted) else []
    tally.check("plot", "%s, legend" % where, legends[0][-len(wanted):] == wanted, "%s, not %s" % (legends[0], wanted))


def draw(programs, folder, kind, files, *arguments):
    """Data and legends of a plot."""
    subprocess.run([os.path.join(programs, "eface-plot"), kind, "--keep", folder] + list(arguments) + files, check=True)
    return blocks_of(os.path.join(folder, kind + ".dat")), legends_of(os.path.join(folder, kind + ".gp"))


# Machado, Oliveira and Fernandes (IEEE TVCG 15, 2009), severity 1, on linear RGB; and a mean of all for grey.
SIGHTS = {"usual": np.eye(3),
          "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
          "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
          "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
          "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1))}


def lab(color, sight):
    """CIELAB (D65) of "rrggbb" as somebody sees it."""
    value = np.array([int(color[i:i + 2], 16) / 255 for i in (0, 2, 4)])
    linear = np.clip(sight @ np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def check_colors(tally, script):
    """Colours of eight systems differ for everybody: by far more than 2.3, which is just noticeable."""
    least = {"usual": 25, "protanopia": 25, "deuteranopia": 25, "tritanopia": 25, "grey": 6}
    with open(script, encoding="utf-8") as stream:
        colors = re.findall(r"^set style line \d+ lc rgb '#(\w+)'", stream.read(), re.MULTILINE)
    for name, sight in SIGHTS.items():
        seen = [lab(color, sight) for color in colors]
        nearest = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))
        tally.check("colours", name, len(colors) == 8 and nearest > least[name], "%d colours, two of them %.1f apart" % (len(colors), nearest))


def check_latex(tally, programs, files, folder):
    """Compiles documents around figures."""
    if shutil.which("pdflatex") is None:
        tally.absent.append("LaTeX of plots: there is no pdflatex")
        return
    formats = ["cairolatex"]
    if subprocess.run(["kpsewhich", "tikz.sty"], stdout=subprocess.DEVNULL).returncode == 0:
        formats.append("tikz")
    else:
        tally.absent.append("LaTeX of plots in tikz: there is no tikz.sty")
    awkward = r"""50% a_b & {c} #1 ~^\ <i> $ [x]* -- | 'q' "d" """.strip()
    for kind, format_ in itertools.product(("roc", "hist", "tar"), formats):
        path = os.path.join(folder, "%s-%s.tex" % (kind, format_))
        subprocess.run([os.path.join(programs, "eface-plot"), kind, "-f", format_, "--standalone", "--size", "page", "-o", path,
                        awkward + "=" + files[0]] + files[2:3], check=True)
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", os.path.basename(path)], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode(errors="replace")
        tally.check("LaTeX", "%s in %s" % (kind, format_), done.returncode == 0 and "(1 page," in said, said[-400:])


def check_all(tally, programs, files, folder):
    """Draws the results of three systems, pairs and templates in turn, and of two among distractors."""
    if shutil.which("gnuplot") is None:
        tally.absent.append("plots: there is no gnuplot to draw with")
        return
    os.makedirs(folder, exist_ok=True)
    distractors = []
    for system, difficulty in (("one", "1"), ("two", "1.2")):
        base, lists = os.path.join(folder, system), os.path.join(folder, "lists")
        subprocess.run([os.path.join(programs, "eface-synth"), "-q", "--force", "-p", "megaface", "--scale", "0.003", "--dim", "16", "--difficulty",
                        difficulty, "--model", system, "--lists", lists, "-o", base + ".h5"], check=True)
        subprocess.run([os.path.join(programs, "eface-eval"), "-q", "-p", "megaface", "--allow-partial", "--data", lists, base + ".h5", "-o", base + ".json"],
                       check=True)
        distractors.append(base + ".json")
    for where, chosen in (("pairs and templates", files), ("distractors", distractors)):
        results = load(chosen)
        for kind in ("roc", "det"):
            blocks, legends = draw(programs, folder, kind, chosen)
            check_curves(tally, kind, results, blocks, where)
        blocks, _ = draw(programs, folder, "cmc", chosen)
        check_ranks(tally, [(name, result) for name, result in results], blocks, where)
    results = load(files)
    check_histograms(tally, results, draw(programs, folder, "hist", files)[0], "pairs")
    check_distractors(tally, load(distractors), draw(programs, folder, "distractors", distractors)[0], "distractors")
    check_bars(tally, results, draw(programs, folder, "tar", files, "--at", "0.1")[0], 0.1, "pairs and templates")
    check_legend(tally, results, draw(programs, folder, "roc", files, "--at", "0.1")[1], 0.1, "pairs and templates")
    draw(programs, folder, "roc", ["%d=%s" % (i, files[0]) for i in range(8)])
    check_colors(tally, os.path.join(folder, "roc.gp"))
    check_latex(tally, programs, files, folder)
