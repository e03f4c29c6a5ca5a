"""IJB 1:1 the way that public scripts compute it (ijb_11.py, N1D1F1), for comparison: NumPy and scikit-learn, everything in memory.
Usage: numpy_ijb.py SET.h5 META_FOLDER [PREFIX]

The scripts read their lists with pandas.  Here it is np.fromstring() on the whole file, which is faster than pandas and needs no further
package (np.loadtxt() would take minutes), so that the comparison is not won on a slow reader."""
import os
import sys
import time

import h5py
import numpy as np
from sklearn.metrics import auc, roc_curve
from sklearn.preprocessing import normalize

FAR = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)


class Clock:
    def __init__(self):
        self.start, self.stages = time.perf_counter(), []

    def stage(self, name):
        now = time.perf_counter()
        self.stages.append((name, now - self.start))
        self.start = now


def numbers(path, columns):
    """A text file of numbers between blanks, as one matrix."""
    with open(path, "rb") as file:
        return np.fromstring(file.read(), dtype=np.int64, sep=" ").reshape(-1, columns)


def read_images(folder, prefix):
    """The names "7.jpg" are numbers once the extension is gone."""
    with open(os.path.join(folder, prefix + "_face_tid_mid.txt"), "rb") as file:
        rows = np.fromstring(file.read().replace(b".jpg", b""), dtype=np.int64, sep=" ").reshape(-1, 3)
    with open(os.path.join(folder, prefix + "_name_5pts_score.txt"), "rb") as file:
        scores = np.fromstring(file.read().replace(b".jpg", b""), dtype=np.float64, sep=" ").reshape(-1, 12)
    return rows[:, 1], rows[:, 2], scores[:, 11].astype(np.float32)


def image2template_feature(features, templates, media):
    unique = np.unique(templates)
    result = np.zeros((len(unique), features.shape[1]))
    for count, template in enumerate(unique):
        (rows,) = np.where(templates == template)
        faces, owners = features[rows], media[rows]
        vectors = []
        for one, number in zip(*np.unique(owners, return_counts=True)):
            (index,) = np.where(owners == one)
            vectors += [faces[index] if number == 1 else np.mean(faces[index], axis=0, keepdims=True)]
        result[count] = np.sum(np.array(vectors), axis=0)
    return normalize(result), unique


def verification(templates, unique, first, second):
    position = np.zeros(max(unique) + 1, dtype=int)
    position[unique] = np.arange(len(unique))
    score = np.zeros(len(first))
    for start in range(0, len(first), 100000):
        part = slice(start, start + 100000)
        score[part] = np.sum(templates[position[first[part]]] * templates[position[second[part]]], -1)
    return score


def main():
    location, folder = sys.argv[1:3]
    prefix = sys.argv[3] if len(sys.argv) > 3 else "ijbc"
    clock = Clock()
    with h5py.File(location, "r") as file:
        group = file[prefix] if prefix in file else file
        features = group["embeddings"][:].astype(np.float32, copy=False)
        if "embeddings_flip" in group:
            features = features + group["embeddings_flip"][:]
    clock.stage("read")
    templates, media, quality = read_images(folder, prefix)
    pairs = numbers(os.path.join(folder, prefix + "_template_pair_label.txt"), 3)
    clock.stage("parse")
    vectors, unique = image2template_feature(features * quality[:, np.newaxis], templates, media)
    clock.stage("pool")
    score = verification(vectors, unique, pairs[:, 0], pairs[:, 1])
    clock.stage("score")
    fpr, tpr, _ = roc_curve(pairs[:, 2], score)
    area = auc(fpr, tpr)
    fpr, tpr = np.flipud(fpr), np.flipud(tpr)
    found = [tpr[np.argmin(np.abs(fpr - far))] for far in FAR]
    clock.stage("roc")
    print("AUC %.6f  " % area + "  ".join("%.0e %.2f" % (far, 100 * value) for far, value in zip(FAR, found)))
    for name, seconds in clock.stages:
        print("time %s %.3f s" % (name, seconds))


main()
