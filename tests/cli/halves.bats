#!/usr/bin/env bats
# Embeddings of N x 2D: each row is an image and its mirror image.  Their figures are those of the same numbers in two datasets.
load helper

# Writes SHAPE.h5, of pairs, templates and people at once, and d-SHAPE.h5, of probes and distractors; SHAPE is two (datasets) or one.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    have_python || return 0
    /usr/bin/python3 - <<'PYTHON'
import h5py
import numpy as np

people, images, dim = 20, 6, 24
count = people * images
rng = np.random.default_rng(3)
label = np.arange(count) // images
image = rng.normal(size=(people, dim)).repeat(images, 0) + rng.normal(size=(count, dim))
image = image.astype("f4")
mirror = (image + 0.3 * rng.normal(size=image.shape)).astype("f4")


def put(group, rows, one):
    if one:
        group["embeddings"] = np.hstack([image, mirror])[rows]
    else:
        group["embeddings"], group["embeddings_flip"] = image[rows], mirror[rows]


a = np.arange(count // 3)
pairs = np.array([(i + 1, j + 1, i // 2 == j // 2) for i in a for j in a if i < j and (i // 2 == j // 2 or (i + j) % 5 == 0)])
for name in "two", "one":
    with h5py.File(name + ".h5", "w") as h:
        put(h, slice(None), name == "one")
        h["labels"] = label
        h["pairs"] = np.array([(i, i + 1) for i in range(0, count - 1, 2)] + [(i, i + images) for i in range(count - images)])
        h["templates"], h["media"] = np.arange(count) // 3 + 1, np.arange(count) // 2
        h["quality"] = (0.5 + np.arange(count) % 5 / 8).astype("f4")
        h["template_pairs"] = pairs
        h["gallery_1"] = np.array([(2 * k + 1, k) for k in range(people)])
        h["probe"] = np.array([(2 * k + 2, k) for k in range(people)])
    with h5py.File("d-" + name + ".h5", "w") as h:
        half = count // 2
        put(h.create_group("probes"), slice(half), name == "one")
        put(h.create_group("distractors"), slice(half, None), name == "one")
        h["probes/labels"] = label[:half]
with h5py.File("odd.h5", "w") as h:
    h["embeddings"], h["issame"] = image[:, :15], np.arange(count // 2) % 2
with h5py.File("plain.h5", "w") as h:
    h["embeddings"], h["labels"] = image, label
PYTHON
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    need_python
    ln -s "$BATS_FILE_TMPDIR"/*.h5 .
}

# partial PROTOCOL: $partial is the option for one that knows its counts.
partial() {
    partial=()
    [ "$1" != ijbb ] || partial=(--allow-partial)
}

# evaluate PROTOCOL SHAPE FLIP [OPTION ...]: all figures, and curves, but for what the two ways to store embeddings differ in.
evaluate() {
    local file=$2.h5
    [ "$1" != megaface ] || file=d-$2.h5
    partial "$1"
    eface-eval -q -t 1 "${partial[@]}" -p "$1" --flip "$3" "${@:4}" -f json "m=$file" >said
    /usr/bin/sed -E '/"(flip|source|file|path|sha256|bytes|size|seconds|date|time|modified|total|read|search|pool)"/d; s/(d-)?(one|two)\.h5//g' said
}

@test 'halves of rows give the figures of two datasets in every task' {
    local protocol
    for protocol in pairs ijbb all_pairs megaface; do
        evaluate $protocol two sum >expected
        evaluate $protocol one halves | diff expected -
        grep -q '"flip": "halves"' said
        grep -q '"dim": 24' said
        evaluate $protocol two none >without
        run ! diff -q expected without
        evaluate $protocol one first-half | diff without -
        grep -q '"flip": "first-half"' said
        grep -q '"halves_unsplit": false' said
    done
}

@test 'what was done with halves is said in words' {
    heard eface-eval --allow-partial -p ijbb --flip halves one.h5
    says 'one: 120 x 24 of 120 x 48, 120 used'
    says 'flip halves (first + second half of each row), norm keep, weight quality, media mean (N1D1F1 of ijb_11.py)'
    heard eface-eval --allow-partial -p ijbb --flip first-half --weight none one.h5
    says 'flip first-half (the second half of each row is left out), norm keep, weight none, media mean (N1D0F0 of ijb_11.py)'
    [[ "$output" != *'mirror image'* ]]

    local protocol told='note: the halves of each row look like an image and its mirror image (mean cosine 0.9'
    for protocol in pairs ijbb all_pairs megaface; do
        local file=one.h5
        [ $protocol != megaface ] || file=d-one.h5
        partial $protocol
        heard eface-eval -t 1 "${partial[@]}" -p $protocol $file
        [ "$status" -eq 0 ]
        says "$told"
        says ' of strangers): --flip halves sums them, --flip first-half takes the first'
        says 'flip none (both halves of each row, unsplit)'
        [[ "$output" != *'no mirrored embeddings'* && "$output" != *ijb_11* ]]
    done
    heard eface-eval -p all_pairs --flip none -f json one.h5
    says '"halves_unsplit": true'
    says '"flip_absent": false'
    [[ $output$stderr != *'--flip halves'* ]] # who chose is not told what else there is
    heard eface-eval -p all_pairs plain.h5
    says 'flip none (the set has no mirrored embeddings)'
    [[ "$output" != *halves* ]]
}

@test 'training says that rows look like halves, and takes them whole' {
    need_python
    for shape in one two; do
        heard eface-train "$BATS_FILE_TMPDIR/$shape.h5" --hidden 0 --epochs 1 -o head.h5 --force
        [ "$status" -eq 0 ]
        output+=$stderr
        [ $shape = two ] || says 'the halves of each row look like an image and its mirror image (mean cosine '
    done
    [[ $output != *'mirror image'* ]]
}

@test 'a protocol file may ask for halves' {
    sed 's/^flip *=.*/flip = halves/' "$top/protocols/all_pairs.ini" >mine.ini
    eface-eval -q -p all_pairs --flip sum two.h5 -f tsv | cut -f 3-14 >expected
    eface-eval -q -p ./mine.ini one.h5 -f tsv | cut -f 3-14 | diff expected -
    run eface-eval -p ./mine.ini two.h5
    fails_with 3 "the protocol's flip halves splits the columns of two.h5:/embeddings, but its mirrored embeddings are in two.h5:/embeddings_flip: --flip sum adds them"
    eface-eval -q -p ./mine.ini --flip sum two.h5 -f tsv | cut -f 3-14 | diff expected -
}

@test 'what cannot be split is wrong usage' {
    run eface-eval -p pairs --flip halves odd.h5
    fails_with 2 '--flip halves splits the columns of odd.h5:/embeddings in two, but it has 15: an odd number'
    run eface-eval -p all_pairs --flip first-half two.h5
    fails_with 2 '--flip first-half splits the columns of two.h5:/embeddings, but its mirrored embeddings are in two.h5:/embeddings_flip'
    run eface-eval -p megaface --flip halves d-two.h5
    fails_with 2 '--flip halves splits the columns of d-two.h5, but its mirrored embeddings are in datasets of their own'
    run eface-eval -p all_pairs --flip sum one.h5
    fails_with 2 'embeddings_flip, which is not there; the halves of its rows look like an image and its mirror image: --flip halves sums them'
    run eface-eval -p all_pairs --flip half one.h5
    fails_with 2 'sum, concat, halves and first-half'
}

@test 'results from halves and from two datasets stand in one column' {
    eface-eval -q -p all_pairs --flip sum -f json -o two.json a=two.h5
    eface-eval -q -p all_pairs --flip halves -f json -o one.json b=one.h5
    eface-table two.json one.json >table
    run ! grep -q 'halves' table
    eface-eval -q -p all_pairs --flip first-half -f json -o first.json c=one.h5
    run eface-table two.json first.json
    fails_with 2 'flip none'
    # Whole rows are neither one nor the other.
    eface-eval -q -p all_pairs --flip none -f json -o whole.json d=one.h5
    run eface-table first.json whole.json
    fails_with 2 "has flip none, but whole.json ('d') has both halves"
    run -0 eface-table --mixed first.json whole.json
    says 'both halves'
    eface-eval -q -p all_pairs --flip none -f json -o plain.json e=two.h5
    run -0 eface-table first.json plain.json
    [[ $output != *'both halves'* ]]
}
