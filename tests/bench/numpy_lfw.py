"""LFW the way that public notebooks compute it, for comparison: NumPy and scikit-learn, everything in memory.
Usage: numpy_lfw.py SET.h5 PAIRS.txt"""
import sys

import h5py
import numpy as np
from sklearn.metrics import auc, roc_curve
from sklearn.model_selection import KFold
from sklearn.preprocessing import normalize


def read_pairs(path):
    with open(path) as file:
        for words in (line.split() for line in list(file)[1:]):
            if len(words) == 3:
                yield words[0], int(words[1]), words[0], int(words[2]), True
            else:
                yield words[0], int(words[1]), words[2], int(words[3]), False


def main():
    with h5py.File(sys.argv[1], "r") as file:
        group = file["lfw"] if "lfw" in file else file
        rows = group["embeddings"][:].astype(np.float64)
        if "embeddings_flip" in group:
            rows += group["embeddings_flip"][:]
        names = (group["names"] if "names" in group else group["ids"])[:]
    index = {name.decode().rsplit("/")[-1].rsplit(".", 1)[0]: row for row, name in enumerate(names)}
    rows = normalize(rows)
    a, b, same = [], [], []
    for first, i, second, j, label in read_pairs(sys.argv[2]):
        a.append(index["%s_%04d" % (first, i)])
        b.append(index["%s_%04d" % (second, j)])
        same.append(label)
    same = np.array(same)
    distance = np.sum(np.square(rows[a] - rows[b]), 1)
    thresholds = np.arange(0, 4, 0.01)
    accuracy = []
    for train, test in KFold(n_splits=10).split(distance):
        right = [np.mean((distance[train] < t) == same[train]) for t in thresholds]
        accuracy.append(np.mean((distance[test] < thresholds[np.argmax(right)]) == same[test]))
    fpr, tpr, _ = roc_curve(same, -distance)
    far = fpr[::-1], tpr[::-1]
    print("accuracy %.5f+-%.5f  AUC %.5f  TAR@FAR=1e-3 %.5f" % (
        np.mean(accuracy), np.std(accuracy), auc(fpr, tpr), far[1][np.argmin(np.abs(far[0] - 1e-3))]))


main()
