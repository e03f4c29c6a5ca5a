"""Whole trainings in NumPy, float64: which images are held out, in what order the others come, every step from the weights of a saved checkpoint to those of a
later one, the accuracy that is printed, and sets projected by the head that comes of it.  Against eface-train.

Margins that are drawn come from GSL's ziggurat, which is not repeated here: losses are those without, or with --sigma 0."""
import os
import subprocess
import tempfile

import h5py
import numpy as np

import losses
from compare import Tally

MASK = (1 << 64) - 1
HELD_OUT, BLOCKS, WINDOW = 3, 4, 5  # which random stream is for what
tally = Tally()


def check(good, what):
    tally.check("training", what, good)


def close(ours, theirs, scale, limit, what):
    """Differences as a share of `scale`."""
    error = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max() / scale)
    tally.largest["training"] = max(tally.largest.get("training", 0.0), error)
    check(error <= limit, "%s: off by %.1e of what it may be" % (what, error))


class Generator:
    """xoshiro256**, as Blackman and Vigna define it, from a seed and a stream."""

    def __init__(self, seed, use, epoch, number):
        stream = use << 56 | epoch << 32 | number
        word = [self.mix(seed)]
        word.append(self.mix(word[0] ^ self.mix(stream)))
        word.append(self.mix(word[1] ^ word[0]))
        word.append(self.mix(word[2] ^ word[1]) | 1)
        self.word = word
        for _ in range(16):
            self.next()

    @staticmethod
    def mix(x):
        x = (x + 0x9e3779b97f4a7c15) & MASK
        x = ((x ^ x >> 30) * 0xbf58476d1ce4e5b9) & MASK
        x = ((x ^ x >> 27) * 0x94d049bb133111eb) & MASK
        return x ^ x >> 31

    @staticmethod
    def rotate(x, bits):
        return (x << bits | x >> (64 - bits)) & MASK

    def next(self):
        w = self.word
        result, shifted = self.rotate(w[1] * 5 & MASK, 7) * 9 & MASK, w[1] << 17 & MASK
        w[2] ^= w[0]
        w[3] ^= w[1]
        w[1] ^= w[2]
        w[0] ^= w[3]
        w[2] ^= shifted
        w[3] = self.rotate(w[3], 45)
        return result

    def below(self, n):
        """As gsl_rng_uniform_int() for a generator of 32 bits."""
        scale = 0xffffffff // n
        while True:
            k = (self.next() >> 32) // scale
            if k < n:
                return k

    def shuffle(self, items):
        for left in range(len(items), 1, -1):
            chosen = self.below(left)
            items[left - 1], items[chosen] = items[chosen], items[left - 1]


def hold_out(classes, part, seed):
    held = set()
    for c in range(classes.max() + 1):
        rows = list(np.flatnonzero(classes == c))
        count = min(max(int(np.floor(part * len(rows) + 0.5)), 1), len(rows) - 1)
        Generator(seed, HELD_OUT, 0, c).shuffle(rows)
        held.update(rows[:count])
    return sorted(held)


def order_of_epoch(trained, rows, block_rows, window_blocks, seed, epoch):
    blocks = list(range(-(-rows // block_rows)))
    if window_blocks < len(blocks):
        Generator(seed, BLOCKS, epoch, 0).shuffle(blocks)
    order = []
    for window, first in enumerate(range(0, len(blocks), window_blocks)):
        inside = [row for block in blocks[first:first + window_blocks]
                  for row in range(block * block_rows, min((block + 1) * block_rows, rows)) if row in trained]
        Generator(seed, WINDOW, epoch, window).shuffle(inside)
        order += inside
    return order


def forward(p, x, trains):
    """The head's output, and what its gradients need.  Running statistics move when it trains."""
    if "hidden_weight" not in p:
        return x @ p["weight"].T + p["bias"], None
    z = x @ p["hidden_weight"].T
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if trains else (p["running_mean"], p["running_variance"])
    if trains:
        p["running_mean"] = 0.9 * p["running_mean"] + 0.1 * mean
        p["running_variance"] = 0.9 * p["running_variance"] + 0.1 * z.var(axis=0, ddof=1)
    deviation = np.sqrt(variance + 1e-5)
    normal = (z - mean) / deviation
    value = p["norm_scale"] * normal + p["norm_shift"]
    active = np.where(value > 0, value, p["slope"] * value)
    return active @ p["weight"].T + p["bias"], (normal, deviation, value, active)


def backward(p, x, kept, gradient):
    out = {"bias": gradient.sum(axis=0), "weight": gradient.T @ (x if kept is None else kept[3])}
    if kept is not None:
        normal, deviation, value, _ = kept
        active = gradient @ p["weight"]
        out["slope"] = np.where(value > 0, 0, active * value).sum(axis=0)
        inner = np.where(value > 0, active, p["slope"] * active)
        out["norm_shift"], out["norm_scale"] = inner.sum(axis=0), (inner * normal).sum(axis=0)
        inner = inner * p["norm_scale"]
        z = (inner - inner.mean(axis=0) - normal * (inner * normal).mean(axis=0)) / deviation
        out["hidden_weight"] = z.T @ x
    return out


def rate_of(a, step, per_epoch):
    if step < a["warm_up"]:
        return a["rate"] * (step + 1) / a["warm_up"]
    if a["schedule"] == b"steps":
        return a["rate"] * a["factor"] ** sum(step >= epoch * per_epoch for epoch in a["drop_at"])
    done = (step - a["warm_up"]) / (a["epochs"] * per_epoch - a["warm_up"])
    return a["last_rate"] + 0.5 * (a["rate"] - a["last_rate"]) * (1 + np.cos(np.pi * done))


def load(path):
    """Attributes, and arrays in float64."""
    with h5py.File(path, "r") as file:
        arrays = {}
        file.visititems(lambda name, item: arrays.__setitem__(name, item[()].astype(float)) if isinstance(item, h5py.Dataset) else None)
        attributes = {key: value if isinstance(value, (bytes, np.ndarray)) else value.item() for key, value in file.attrs.items()}
    return attributes, arrays


def train(start, x, classes, steps):
    """The arrays of a checkpoint after so many steps more."""
    a, p = start
    p = {key: value.copy() for key, value in p.items()}
    held = hold_out(classes, a["held_out"], a["seed"]) if a["held_out"] > 0 else []
    trained = set(range(len(x))) - set(held)
    batch, per_epoch = a["batch"], len(trained) // a["batch"]
    _, s, m, _, _ = losses.LOSSES[a["loss"].decode()]
    check(s == 64, "scale as in the table")
    for step in range(a["step"], a["step"] + steps):
        epoch, place = divmod(step, per_epoch)
        order = order_of_epoch(trained, len(x), a["block_rows"], a["window_blocks"], a["seed"], epoch)
        rows = order[place * batch:(place + 1) * batch]
        y, kept = forward(p, x[rows], True)
        margins = np.full(batch, a["margin"])
        found = losses.evaluate(a["loss"].decode(), a["scale"], y, classes[rows], margins, p["class_weights"])
        gradients = backward(p, x[rows], kept, found["embedding_gradients"])
        norm = np.sqrt(sum((g ** 2).sum() for g in gradients.values()))
        for key in gradients:
            gradients[key] = gradients[key] * min(1, a["clip"] / (norm + 1e-6) if a["clip"] > 0 else 1)
        gradients["class_weights"] = found["weight_gradients"]
        for key, gradient in gradients.items():
            v = "velocity/" + ("classes" if key == "class_weights" else key)
            p[v] = a["momentum"] * p[v] + gradient + a["decay"] * p[key]
            p[key] = p[key] - rate_of(a, step, per_epoch) * p[v]
    return p, held


def make_set(path, rng):
    """Nine people of eight to ten images; labels are out of order."""
    labels = np.repeat([40, 7, 99, 3, 12, 5, 77, 60, 1], [8, 10, 9, 8, 10, 9, 8, 9, 9])
    labels = labels[rng.permutation(len(labels))]
    x = rng.normal(0, 1, (100, 7))[labels] + rng.normal(0, 0.8, (len(labels), 7))
    flip = x + rng.normal(0, 0.1, x.shape)
    with h5py.File(path, "w") as file:
        group = file.create_group("mine")
        group["embeddings"], group["embeddings_flip"] = x.astype(np.float32), flip.astype(np.float16)
        group["labels"], group["ids"] = labels, np.array(["image %d" % i for i in range(len(x))], dtype="S")
        stored = group["embeddings"][()].astype(float), group["embeddings_flip"][()].astype(float)
    return stored + (np.unique(labels, return_inverse=True)[1],)


def compare_run(program, folder, name, options, sets, steps=(0, 3, 11)):
    x, flip, classes = sets
    at = [os.path.join(folder, "%s-%d.h5" % (name, step)) for step in steps]
    head, out = os.path.join(folder, name + ".h5"), os.path.join(folder, name + "-out.h5")
    for step, path in zip(steps, at):
        subprocess.run([program, os.path.join(folder, "x.h5"), "-q", "-o", head, "--checkpoint", path, "--stop-at", str(step)] + options, check=True)
    start = load(at[0])
    whole = start[0]["window_blocks"] * start[0]["block_rows"] >= len(x)
    check(whole == ("--memory" not in options), "%s: whether the set fits" % name)
    for step, path in zip(steps[1:], at[1:]):
        (_, theirs), (ours, held) = load(path), train(start, x, classes, step)
        check(set(ours) == set(theirs), "%s: the arrays of a checkpoint" % name)
        for key in ours:
            scale = max(np.abs(theirs[key] - start[1][key]).max(), 1e-3 * np.abs(theirs[key]).max())  # what the training has changed
            close(ours[key], theirs[key], scale, 2e-4, "%s, %d steps: %s" % (name, step, key))
    said = subprocess.run([program, os.path.join(folder, "x.h5"), "-o", head, "--checkpoint", at[1], "--force"] + options, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True).stdout.splitlines()
    subprocess.run([program, "apply", "-q", head, os.path.join(folder, "x.h5"), "-o", out], check=True)
    (attributes, p), (_, state) = load(head), load(at[1])
    if held:
        y = forward(p, x[held], False)[0]
        right = losses.cosines_of(y, state["class_weights"])[0].argmax(axis=1) == classes[held]
        check("%.5f" % right.mean() == said[-1].split()[4], "%s: the accuracy that is printed" % name)
    check(said[-1].split()[:2] == [str(attributes["epochs"]), str(attributes["step"])], "%s: the last line" % name)
    with h5py.File(out, "r") as file, h5py.File(os.path.join(folder, "x.h5"), "r") as old:
        for key, stored in (("embeddings", x), ("embeddings_flip", flip)):
            truth = forward(p, stored, False)[0]
            close(file["mine"][key][()], truth, np.abs(truth).max(), 2e-6, "%s: %s projected" % (name, key))
        for key in ("labels", "ids"):
            check((file["mine"][key][()] == old["mine"][key][()]).all(), "%s: %s copied" % (name, key))


RUNS = (
    ("softmax", ["--loss", "softmax", "--batch", "16", "--epochs", "3"]),
    ("arcface", ["--loss", "arcface", "--batch", "20", "--epochs", "4", "--warm-up", "4", "--held-out", "0.25", "--last-rate", "0.01"]),
    ("cosface", ["--loss", "cosface", "--batch", "13", "--epochs", "5", "--schedule", "steps", "--drop-at", "1,2", "--held-out", "0", "--hidden", "6"]),
    ("plus", ["--loss", "elastic-arc+", "--sigma", "0", "--batch", "30", "--epochs", "8", "--hidden", "11", "--dim", "4", "--clip", "0.5", "--seed", "9"]),
    ("free", ["--loss", "elastic-cos+published", "--sigma", "0", "--batch", "30", "--epochs", "8", "--clip", "0", "--momentum", "0", "--decay", "0"]),
    ("windows", ["--loss", "arcface", "--batch", "16", "--epochs", "3", "--memory", "44K"]),
)


def compare_all(into, programs):
    program = os.path.join(programs, "eface-train")
    with tempfile.TemporaryDirectory(prefix="eface-oracle-") as folder:
        sets = make_set(os.path.join(folder, "x.h5"), np.random.default_rng(7))
        for name, options in RUNS:
            compare_run(program, folder, name, options, sets)
    into.add(tally)
