"""IJB-B and IJB-C, 1:1 and 1:N, computed a second time with NumPy and scikit-learn.

Written from the definitions of the public scripts and of the standard, never from the C code.  The arithmetic of templates is that of
the scripts to the letter: float32 up to the sum of media, float64 from the final normalisation on.
"""
import csv
import functools
import glob
import math
import os

import h5py
import numpy as np
from sklearn.preprocessing import normalize

import oracle

# What the open-set script calls 0.01 and so on is a hair above: the rounded step of arange() adds up.
SCRIPT_POINTS = [10.0 ** float(x) for x in np.arange(-4, 0, 0.04)] + [1]
assert [SCRIPT_POINTS[i] for i in (25, 50, 75)] == [0.001000000000000002, 0.01000000000000004, 0.10000000000000062]


# --- Reading ------------------------------------------------------------------------------------------------------------------

class Experiment:
    """images: template and media of each, quality (float32 or None), and which row of the set it is (None: in order); pairs: first, second,
    genuine; galleries: a list of (template ids, subject ids); probe: the same, or None."""

    def __init__(self, template, media, quality, pairs, galleries, probe, rows=None):
        self.template, self.media, self.quality, self.rows = template, media, quality, rows
        self.pairs, self.galleries, self.probe = pairs, galleries, probe


def read_words(path):
    with open(path) as file:
        return [line.split() for line in file if line.strip()]


def subjects_of(rows):
    """Distinct templates in ascending order, each with the subject of its first row."""
    first = {}
    for template, subject in rows:
        first.setdefault(int(template), int(subject))
    ids = sorted(first)
    return np.array(ids, dtype=np.int64), np.array([first[i] for i in ids], dtype=np.int64)


def read_subjects(path):
    with open(path) as file:
        rows = [line.split(",")[:2] for line in file if line.strip()]
    return subjects_of(rows[1:])


@functools.lru_cache(maxsize=1)  # cases that share their lists follow each other
def read_lists(folder, prefix):
    """The official lists, as `folder` has them; those of 1:N may be absent."""
    def path(name):
        return os.path.join(folder, "%s_%s" % (prefix, name))

    images = read_words(path("face_tid_mid.txt"))
    template = np.array([int(words[1]) for words in images], dtype=np.int64)
    media = np.array([int(words[2]) for words in images], dtype=np.int64)
    quality = None
    if os.path.exists(path("name_5pts_score.txt")):
        quality = np.array([float(words[-1]) for words in read_words(path("name_5pts_score.txt"))], dtype=np.float32)
        assert len(quality) == len(template)
    rows = np.loadtxt(path("template_pair_label.txt"), dtype=np.int64, usecols=(0, 1, 2))
    pairs = rows[:, 0], rows[:, 1], rows[:, 2] == 1
    galleries, probe = [], None
    for names in (("G1", "G2"), ("S1", "S2")):
        galleries += [read_subjects(path("1N_gallery_%s.csv" % name)) for name in names
                      if os.path.exists(path("1N_gallery_%s.csv" % name))]
    if os.path.exists(path("1N_probe_mixed.csv")):
        probe = read_subjects(path("1N_probe_mixed.csv"))
    return Experiment(template, media, quality, pairs, galleries, probe)


# What the names of a set are, in terms of a row of NIST's lists.
NAMES = {"FILENAME": lambda row: row["FILENAME"],
         "SUBJECT_ID/FILENAME": lambda row: "%s/%s" % (row["SUBJECT_ID"], row["FILENAME"]),
         "TEMPLATE_ID/FILENAME": lambda row: "%s/%s" % (row["TEMPLATE_ID"], row["FILENAME"])}


@functools.lru_cache(maxsize=1)
def read_nist(folder, prefix, location, form):
    """NIST's lists in `folder`, with the names and scores of the set at `location`."""
    lists = []
    for name in ("gallery_G1", "gallery_G2", "gallery_S1", "gallery_S2", "probe_mixed"):
        path = os.path.join(folder, "%s_1N_%s.csv" % (prefix, name))
        if os.path.exists(path):
            with open(path, newline="") as file:
                lists.append(list(csv.DictReader(file)))
    images = [row for rows in lists for row in rows]
    template, media = (np.array([int(row[column]) for row in images], dtype=np.int64) for column in ("TEMPLATE_ID", "SIGHTING_ID"))
    subject = {int(row["TEMPLATE_ID"]): int(row["SUBJECT_ID"]) for row in images}
    first, second = np.loadtxt(glob.glob(os.path.join(folder, prefix + "_11_*_matches.csv"))[0], delimiter=",", dtype=np.int64).T
    genuine = np.array([subject[a] == subject[b] for a, b in zip(first.tolist(), second.tolist())])
    who = [subjects_of([(row["TEMPLATE_ID"], row["SUBJECT_ID"]) for row in rows]) for rows in lists]
    path, name = split_location(location)
    with h5py.File(path, "r") as file:
        group = group_of(file, name, prefix)
        row_of = {one.decode(): number for number, one in enumerate(group["ids"][()])}
        quality = group["quality"][()].astype(np.float32)
    rows = np.array([row_of[NAMES[form](row)] for row in images])
    return Experiment(template, media, quality[rows], (first, second, genuine), who[:-1], who[-1], rows)


def group_of(file, location_group, preferred):
    if location_group:
        return file[location_group]
    return file[preferred] if preferred in file and isinstance(file[preferred], h5py.Group) else file


def split_location(location):
    path, colon, group = location.rpartition(":/")
    return (path, group) if colon else (location, "")


def read_inside(location, preferred):
    """The whole experiment out of one HDF5 group."""
    path, name = split_location(location)
    with h5py.File(path, "r") as file:
        group = group_of(file, name, preferred)

        def read(*names):
            return next((group[n][()] for n in names if n in group), None)

        template, media = read("templates", "template_id"), read("media", "media_id")
        quality = read("quality", "faceness", "face_scores")
        rows = read("template_pairs")
        galleries = [subjects_of(found) for found in (read("gallery_1"), read("gallery_2")) if found is not None]
        probe = read("probe")
    pairs = None if rows is None else (rows[:, 0], rows[:, 1], rows[:, 2] == 1)
    return Experiment(template, media, None if quality is None else quality.astype(np.float32), pairs, galleries,
                      None if probe is None else subjects_of(probe))


def read_embeddings(location, preferred):
    """Image features and those of the mirrored images (or None), in float32."""
    path, name = split_location(location)
    with h5py.File(path, "r") as file:
        group = group_of(file, name, preferred)
        embeddings, flip = (oracle.dataset(group, field) for field in ("embeddings", "flip"))
        return embeddings[()].astype(np.float32), None if flip is None else flip[()].astype(np.float32)


# --- Templates ----------------------------------------------------------------------------------------------------------------

class Switches:
    """norm keep|unit, weight quality|none, flip sum|concat|none, media mean|unit."""

    def __init__(self, norm="keep", weight="quality", flip="sum", media="mean"):
        self.norm, self.weight, self.flip, self.media = norm, weight, flip, media

    def words(self):
        return "norm %s, weight %s, flip %s, media %s" % (self.norm, self.weight, self.flip, self.media)


def image_features(embeddings, flip, quality, switches):
    rows = embeddings
    if flip is not None and switches.flip == "sum":
        rows = embeddings + flip
    elif flip is not None and switches.flip == "concat":
        rows = np.concatenate([embeddings, flip], axis=1)
    if switches.norm == "unit":
        rows = rows / np.sqrt(np.sum(rows ** 2, -1, keepdims=True))
    if switches.weight == "quality":
        rows = rows * quality[:, np.newaxis]
    assert rows.dtype == np.float32
    return rows


def pool(features, template, media, unit_media=False):
    """Template ids in ascending order and their unit vectors (float64)."""
    order = np.argsort(template, kind="stable")
    ids, start = np.unique(template[order], return_index=True)
    result = np.zeros((len(ids), features.shape[1]))
    for number, rows in enumerate(np.split(order, start[1:])):
        vectors = []
        for one in np.unique(media[rows]):
            frames = features[rows[media[rows] == one]]
            vector = frames[0] if len(frames) == 1 else np.mean(frames, axis=0)
            if unit_media:
                vector = vector / np.sqrt(np.sum(vector ** 2, -1, keepdims=True))
            vectors.append(vector)
        assert vectors[0].dtype == np.float32
        result[number] = np.sum(vectors, axis=0)
    return ids, normalize(result)


def media_count(template, media):
    return len(set(zip(template.tolist(), media.tolist())))


def positions(ids, wanted):
    """Where each wanted id is.  The public scripts take an id without images for the first template; here it is an error."""
    index = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    wrong = np.flatnonzero(ids[index] != wanted)
    if len(wrong):
        raise ValueError("template %d has no image" % wanted[wrong[0]])
    return index


# --- 1:1 ----------------------------------------------------------------------------------------------------------------------

def verify(ids, unit, pairs, block=2000):
    """oracle.Trials of the list: its figures are those of any scores, exact (iso) and read off (insightface)."""
    first, second = positions(ids, pairs[0]), positions(ids, pairs[1])
    score = np.empty(len(first))
    for start in range(0, len(first), block):
        stop = start + block
        score[start:stop] = np.einsum("ij,ij->i", unit[first[start:stop]], unit[second[start:stop]])
    return oracle.Trials(score, pairs[2])


# --- 1:N ----------------------------------------------------------------------------------------------------------------------

def similarity(probe, gallery):
    """Row by row and not as a matrix product, so that equal templates score the same bits wherever they stand."""
    result = np.empty((len(probe), len(gallery)))
    for number, row in enumerate(probe):
        result[number] = np.einsum("ij,j->i", gallery, row)
    return result


class Search:
    """All probes against one gallery."""

    def __init__(self, scores, probe_subject, gallery_subject):
        self.scores = scores
        self.mated_with = probe_subject[:, None] == gallery_subject[None, :]
        self.mates = self.mated_with.sum(axis=1)
        minus = np.full((len(scores), 1), -np.inf)
        # Of several mates the best counts.
        self.mate = np.hstack([np.where(self.mated_with, scores, -np.inf), minus]).max(axis=1)
        self.other = np.hstack([np.where(self.mated_with, -np.inf, scores), minus]).max(axis=1)
        self.mated = self.mates > 0
        # A non-mate that ties with the mate stands above it.
        self.rank = 1 + (~self.mated_with & (scores >= self.mate[:, None])).sum(axis=1)
        self.size = len(gallery_subject)
        self.alarms = np.sort(self.other[~self.mated])[::-1]  # the top score of each probe without a mate, descending

    def found_within(self, rank):
        return int(np.sum(self.mated & (self.rank <= rank)))

    def identified(self, above=None, from_=None):
        """Mated probes whose mate is alone at rank 1 and scores above (or from) a threshold."""
        right = self.mated & (self.mate > self.other)
        right &= self.mate > above if above is not None else self.mate >= from_
        return int(right.sum())


def search_all(ids, unit, experiment):
    probe = unit[positions(ids, experiment.probe[0])]
    return [Search(similarity(probe, unit[positions(ids, gallery[0])]), experiment.probe[1], gallery[1])
            for gallery in experiment.galleries]


def union_of(searches, experiment):
    subjects = np.concatenate([gallery[1] for gallery in experiment.galleries])
    return Search(np.hstack([search.scores for search in searches]), experiment.probe[1], subjects)


UNDEFINED = {"value": None}


def share(count, total):
    return {"value": count / total, "errors": total - count, "trials": total} if total else UNDEFINED


# Exact definitions.

def cmc_iso(searches, rank):
    return share(sum(s.found_within(rank) for s in searches), sum(int(s.mated.sum()) for s in searches))


def alarm_limit_iso(search, fpir):
    """A score that the threshold lies just above, so that the share of probes without a mate whose top score reaches the threshold is
    at most `fpir`, and would not be if the threshold were that score.  -infinity: accept everything."""
    alarms = search.alarms
    # The number allowed by comparison with the quotient itself, not by rounding a product.
    allowed = sum(1 for k in range(1, len(alarms) + 1) if k / len(alarms) <= fpir)
    return alarms[allowed] if allowed < len(alarms) else -math.inf


def tpir_iso(searches, fpir):
    """Every gallery at its own threshold; pooled as counts."""
    found = mated = 0
    for search in searches:
        # A rate below one false alarm cannot be measured.
        if len(search.alarms) == 0 or 1 / len(search.alarms) > fpir:
            return UNDEFINED
        found += search.identified(above=alarm_limit_iso(search, fpir))
        mated += int(search.mated.sum())
    return share(found, mated)


# The open-set script with separate galleries.

def cmc_insightface(searches, rank):
    """One gallery: of its mated probes.  Several: the sum of the counts over the number of all probes."""
    if len(searches) == 1:
        return cmc_iso(searches, rank)
    return share(sum(s.found_within(rank) for s in searches), len(searches[0].mated))


def script_point(fpir):
    return min(SCRIPT_POINTS, key=lambda x: abs(x - fpir)) if min(abs(x - fpir) for x in SCRIPT_POINTS) < 1e-12 else fpir


def alarm_limit_insightface(search, fpir):
    index = max(int(len(search.alarms) * script_point(fpir)) - 1, 0)
    return search.alarms[index]


def tpir_insightface(searches, fpir):
    """Plain average of the galleries' rates."""
    rates = []
    for search in searches:
        mated = int(search.mated.sum())
        if len(search.alarms) == 0 or mated == 0:
            return UNDEFINED
        limit = alarm_limit_insightface(search, fpir)
        rates.append((search.identified(above=limit), mated, float(limit)))
    if len(rates) == 1:
        return dict(share(rates[0][0], rates[0][1]), threshold=rates[0][2])
    return {"value": float(np.mean([found / mated for found, mated, _ in rates]))}


# The older script: one gallery of both, every probe has exactly one mate in it.

def cmc_union(union, rank):
    return share(union.found_within(rank), len(union.mated)) if np.all(union.mates == 1) else UNDEFINED


def tpir_union(union, fpir):
    """False alarms are pairs, pooled over probes, as many as the share of probes says; the mate need not stand first."""
    if not np.all(union.mates == 1):
        return UNDEFINED
    probes = len(union.mated)
    pooled = np.sort(union.scores[~union.mated_with])[::-1]
    count = math.ceil(probes * fpir)
    if count > len(pooled):
        return UNDEFINED
    limit = pooled[count - 1]
    return dict(share(int(np.sum(union.mate > limit)), probes), threshold=float(limit))


def identify_figure(name, point, convention, searches, union=None):
    """As oracle.figure(); None where a convention does not define it.  One search: that gallery's own figures."""
    if convention == "insightface-union":
        if union is None:
            return None
        return cmc_union(union, point) if name == "cmc" else tpir_union(union, point)
    if name == "cmc":
        return (cmc_iso if convention == "iso" else cmc_insightface)(searches, point)
    if name == "tpir_at_fpir":
        return (tpir_iso if convention == "iso" else tpir_insightface)(searches, point)
    raise KeyError(name)


def cmc_curve(searches):
    """The share of mated probes whose mate is found within rank 1, 2, ... up to the size of the largest gallery."""
    mated = sum(int(s.mated.sum()) for s in searches)
    ranks = np.arange(1, max(s.size for s in searches) + 1)
    found = np.zeros(len(ranks), dtype=int)
    for search in searches:
        found += np.searchsorted(np.sort(search.rank[search.mated]), ranks, "right")
    return found / mated


def det_point(search, threshold):
    """FPIR and FNIR when scores from `threshold` on count."""
    alarms = int(np.sum(search.alarms >= threshold))
    mated = int(search.mated.sum())
    return alarms / len(search.alarms), (mated - search.identified(from_=threshold)) / mated
