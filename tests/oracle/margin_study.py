"""scripts/margin-study on the real set: that every loss has a row of figures and a row of differences.  What it prints of generated ones make check sees."""
import os
import re
import subprocess

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "margin-study")
FILES = ("lfw/lfw_dlib128.h5", "lfw/pairs.txt")
ROWS = ("no head", "softmax", "cosface", "arcface", "elastic-cos", "elastic-arc", "elastic-cos+", "elastic-arc+", "cosface, m 0.40", "arcface, m 0.55")
TITLE = "(b) LFW, dlib: tested on the 600 pairs of fold 1 of View 2, and on all pairs of the 1181 images of the 435 people in them"


def compare(tally, programs, data):
    printed = subprocess.run([SCRIPT, "--quick", programs, data], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    _, title, real = printed.partition(TITLE)
    tally.check("study", "the title of LFW", title == TITLE)
    for row in ROWS:
        tally.check("study", row, len(re.findall(r"^  %s  +[0-9]+\.[0-9]{2} " % re.escape(row), real, re.M)) == 1)
    tally.check("study", "differences", len(re.findall(r"^  [a-z0-9.,+ -]+ - (?:cos|arc)face +[-+][0-9.]+ \+- ", real, re.M)) == 6)
    tally.check("study", "nobody is named", re.search(r"[A-Z][a-z]+_[A-Z]|\.jpg", printed) is None)


def has_data(data):
    return bool(data) and all(os.path.exists(os.path.join(data, name)) for name in FILES)
