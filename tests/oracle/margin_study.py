"""scripts/margin-study: that every loss has a row of figures and a row of differences, on generated sets and on the real one."""
import os
import re
import subprocess

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "margin-study")
FILES = ("lfw/lfw_dlib128.h5", "lfw/pairs.txt")
ROWS = ("no head", "softmax", "cosface", "arcface", "elastic-cos", "elastic-arc", "elastic-cos+", "elastic-arc+", "cosface, m 0.40", "arcface, m 0.55")
GENERATED = "(a) generated: trained on every second person (403 images of 89), tested on the others (397 images of 89)"
REAL = "(b) LFW, dlib: tested on the 600 pairs of fold 1 of View 2, and on all pairs of the 1181 images of the 435 people in them"


def compare(tally, programs, data):
    """Without LFW in the folder `data` the study says so, and is of generated sets only."""
    printed = subprocess.run([SCRIPT, "--quick", programs] + ([data] if data else []), check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    tally.check("study", "what it is of", "seven losses and two larger margins, 2 seeds" in printed)
    head, title, real = printed.partition(REAL)
    _, made_title, made = head.partition(GENERATED)
    tally.check("study", "the title of generated sets", made_title == GENERATED)
    check_rows(tally, made)
    if has_data(data):
        tally.check("study", "the title of LFW", title == REAL)
        check_rows(tally, real)
    else:
        tally.check("study", "LFW is skipped in words", "skip LFW" in printed)
    tally.check("study", "nobody is named", re.search(r"[A-Z][a-z]+_[A-Z]|\.jpg", printed) is None)


def check_rows(tally, printed):
    for row in ROWS:
        tally.check("study", row, len(re.findall(r"^  %s  +[0-9]+\.[0-9]{2} " % re.escape(row), printed, re.M)) == 1)
    tally.check("study", "differences", len(re.findall(r"^  [a-z0-9.,+ -]+ - (?:cos|arc)face +[-+][0-9.]+ \+- ", printed, re.M)) == 6)


def has_data(data):
    return bool(data) and all(os.path.exists(os.path.join(data, name)) for name in FILES)
