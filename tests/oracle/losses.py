"""The margin losses in NumPy, float64, from their definitions: cosines of normalised vectors, arccos and cos, softmax, cross entropy, and the chain rule through
each of these steps.  Checks itself (worked numbers, central differences), then the library, through the
program loss_json."""
import json
import os
import subprocess

import numpy as np

from compare import Tally

# kind, s, m, sigma, ranking
LOSSES = {
    "softmax": ("cos", 64, 0, 0, None),
    "cosface": ("cos", 64, 0.35, 0, None),
    "arcface": ("arc", 64, 0.5, 0, None),
    "elasticface_cos": ("cos", 64, 0.35, 0.05, None),
    "elasticface_arc": ("arc", 64, 0.5, 0.05, None),
    "elasticface_cos_plus": ("cos", 64, 0.35, 0.02, "coded"),
    "elasticface_arc_plus": ("arc", 64, 0.5, 0.0175, "coded"),
    "elasticface_cos_plus_published": ("cos", 64, 0.35, 0.02, "published"),
    "elasticface_arc_plus_published": ("arc", 64, 0.5, 0.0175, "published"),
}
tally = Tally()


def check(good, what):
    tally.check("losses", what, good)


def arrange(margins, cosines, ranking):
    """As coded: sorted margins indexed by the order of descending cosines.  As published: the smallest cosine gets the largest margin."""
    margins = np.asarray(margins, float)
    if ranking is None:
        return margins
    order = np.argsort(-np.asarray(cosines, float), kind="stable")
    if ranking == "coded":
        return np.sort(margins)[order]
    out = np.empty_like(margins)
    out[order] = np.sort(margins)
    return out


def cosines_of(x, w):
    """Cosines, and the unit vectors and lengths that they are made of."""
    x_length, w_length = np.linalg.norm(x, axis=1, keepdims=True), np.linalg.norm(w, axis=1, keepdims=True)
    x_unit, w_unit = x / x_length, w / w_length
    return np.clip(x_unit @ w_unit.T, -1, 1), x_unit, w_unit, x_length, w_length


def logits_of(kind, s, cosines, labels, margins):
    """Logits, and their derivatives by the cosines (which are those of the same place)."""
    rows = np.arange(len(labels))
    own = cosines[rows, labels]
    logits, slopes = s * cosines, np.full_like(cosines, s)
    if kind == "arc":
        angle = np.arccos(own)
        logits[rows, labels] = s * np.cos(angle + margins)
        slopes[rows, labels] = s * np.sin(angle + margins) / np.sin(angle)
    else:
        logits[rows, labels] = s * (own - margins)
    return logits, slopes


def evaluate(name, s, x, labels, margins, w):
    """Everything: cosines with the own class, arranged margins, logits, losses, gradients of their mean."""
    kind, _, _, _, ranking = LOSSES[name]
    rows = np.arange(len(labels))
    cosines, x_unit, w_unit, x_length, w_length = cosines_of(x, w)
    margins = arrange(margins, cosines[rows, labels], ranking)
    logits, slopes = logits_of(kind, s, cosines, labels, margins)
    top = logits.max(axis=1, keepdims=True)
    power = np.exp(logits - top)
    losses = np.log(power.sum(axis=1)) + top[:, 0] - logits[rows, labels]
    outer = power / power.sum(axis=1, keepdims=True)
    outer[rows, labels] = 0
    outer[rows, labels] = -outer.sum(axis=1)  # the probability less 1, without the cancellation where it is nearly 1
    outer *= slopes / len(labels)
    x_part, w_part = outer @ w_unit, outer.T @ x_unit
    x_part -= (x_part * x_unit).sum(axis=1, keepdims=True) * x_unit
    w_part -= (w_part * w_unit).sum(axis=1, keepdims=True) * w_unit
    return {"cosines": cosines[rows, labels], "margins": margins, "logits": logits, "losses": losses, "mean": losses.mean(),
            "embedding_gradients": x_part / x_length, "weight_gradients": w_part / w_length}


def make(rng, count, dim, classes, mean, sigma, near=1.0):
    """A problem whose numbers are float32."""
    w = rng.normal(0, 0.01, (classes, dim)).astype(np.float32).astype(float)
    labels = rng.integers(0, classes, count)
    x = (near * 100 * w[labels] + rng.normal(0, 1, (count, dim))).astype(np.float32).astype(float)
    return x, labels, rng.normal(mean, sigma, count), w


def check_self(rng):
    def one(kind, cosine, margin):
        return logits_of(kind, 64, np.array([[cosine]]), np.array([0]), np.array([margin]))[0][0, 0]
    check(abs(one("arc", 0.5, 0.5) - 1.5101814586181996) < 1e-12, "ArcFace's logit of cos 0.5")
    with np.errstate(divide="ignore"):
        check(abs(one("arc", -1.0, 0.5) + 56.16528396098386) < 1e-12, "ArcFace's logit of cos -1")
    check(abs(one("cos", 0.5, 0.35) - 9.6) < 1e-12 and one("cos", 0.5, 0) == 32, "CosFace's logit of cos 0.5")
    cosines, drawn = (0.1, 0.9, 0.5, 0.3), (0.52, 0.48, 0.51, 0.50)
    check(list(arrange(drawn, cosines, "coded")) == [0.50, 0.51, 0.52, 0.48], "margins ranked as coded")
    check(list(arrange(drawn, cosines, "published")) == [0.52, 0.48, 0.50, 0.51], "margins ranked as published")
    for name, (_, s, m, sigma, _) in LOSSES.items():
        x, labels, margins, w = make(rng, 6, 5, 8, m, sigma)
        found = evaluate(name, s / 8, x, labels, margins, w)
        for what, array in (("embedding_gradients", x), ("weight_gradients", w)):
            step = 1e-6 * np.abs(array).max()
            for place in np.ndindex(array.shape):
                kept, ends = array[place], []
                for sign in (1, -1):
                    array[place] = kept + sign * step
                    ends.append(evaluate(name, s / 8, x, labels, margins, w)["mean"])
                array[place] = kept
                slope = (ends[0] - ends[1]) / (2 * step)
                check(abs(slope - found[what][place]) < 1e-6 * np.abs(found[what]).max(), "%s, %s at %s" % (name, what, place))


def ask(program, name, s, x, labels, margins, w):
    text = "\n".join(" ".join(repr(float(value)) for value in array.ravel()) for array in (x, labels, margins, w))
    text = text.replace(".0 ", " ")
    said = subprocess.run([program, name, repr(s)] + [str(n) for n in (len(x), x.shape[1], len(w))], input=text, check=True,
                          stdout=subprocess.PIPE, universal_newlines=True).stdout
    return {key: np.array(value) for key, value in json.loads(said).items()}


# Largest differences allowed: absolute, times the scale; or relative to the largest magnitude, where rounding of logits in float32 comes in.
LIMITS = {"cosines": 1e-14, "margins": 0, "logits": 5e-7, "losses": 5e-7, "mean": 5e-7}


def check_library(program, rng):
    listed = {row["name"]: (row["s"], row["m"], row["sigma"]) for row in json.loads(subprocess.run(
        [program, "--list"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout)}
    check(listed == {name: row[1:4] for name, row in LOSSES.items()}, "the losses and their defaults")
    for name, (_, s, m, sigma, _) in LOSSES.items():
        for count, dim, classes, scale, near in ((2, 3, 2, s, 0), (16, 8, 40, s, 0.3), (33, 64, 700, s, 1), (24, 32, 1100, 8.0, 3)):
            problem = make(rng, count, dim, classes, m, sigma, near)
            ours, theirs = evaluate(name, scale, *problem), ask(program, name, scale, *problem)
            for what, truth in ours.items():
                error = np.abs(theirs[what].reshape(np.shape(truth)) - truth).max()
                error /= np.abs(truth).max() if what.endswith("gradients") else scale if what in ("logits", "losses", "mean") else 1
                tally.largest["losses"] = max(tally.largest.get("losses", 0.0), error)
                check(error <= LIMITS.get(what, 2e-5), "%s, %d x %d, %d classes: %s off by %.1e" % (name, count, dim, classes, what, error))


def compare_all(into, programs):
    rng = np.random.default_rng(2024)
    check_self(rng)
    check_library(os.path.join(programs, "loss_json"), rng)
    into.add(tally)
