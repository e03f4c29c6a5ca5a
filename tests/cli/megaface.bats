#!/usr/bin/env bats
# MegaFace: probes among distractors, from HDF5 and from a folder of feature files.
load helper

# One generated set for all tests: emb.h5 with lists, the same as feature files, and with everything inside; and sets that Python makes of it.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    eface-synth -q -p megaface --scale 0.0002 --dim 16 -o emb.h5 --lists lists --bins bins
    eface-synth -q -p megaface --scale 0.0002 --dim 16 --inside -o inside.h5 --lists inside
    ! have_python || python_sets
}

# ten-noisy.h5 and four-noisy.h5: as inside.h5, but for which of the first 20 distractors are noisy.  bare.h5 and named.h5: the first 100
# distractors without names and with them, lists of which are in own/.  some.h5, alone.h5, same.h5: people with few images.
python_sets() {
    /usr/bin/python3 - <<'PYTHON'
import json, os, shutil
import h5py
import numpy as np

for name, noisy in (("ten-noisy.h5", slice(0, 10)), ("four-noisy.h5", slice(10, 14))):
    shutil.copy("inside.h5", name)
    with h5py.File(name, "r+") as f:
        flags = f["megaface/distractors/noisy"]
        if name == "four-noisy.h5":
            flags[:20] = 0
        flags[noisy] = 1

with h5py.File("emb.h5") as f:
    group = f["megaface"]
    ids = [i.decode() for i in group["distractors/ids"][:]]
    with h5py.File("bare.h5", "w") as g:
        f.copy(group["probes"], g.create_group("megaface"))
        d = g.create_group("megaface/distractors")
        d["embeddings"] = group["distractors/embeddings"][:100]
    with h5py.File("named.h5", "w") as g:
        f.copy(group["probes"], g.create_group("megaface"))
        d = g.create_group("megaface/distractors")
        d["embeddings"], d["ids"] = group["distractors/embeddings"][:100], group["distractors/ids"][:100]
os.mkdir("own")
for size, names in ((100, ids[:100]), (40, ids[60:100])):
    with open("own/megaface_features_list.json_%d_1" % size, "w") as f:
        json.dump({"path": names}, f)
shutil.copy("lists/megaface/facescrub_features_list.json", "own")

for name, label in (("some.h5", [1, 1, 2]), ("alone.h5", [1, 2, 3]), ("same.h5", [1, 1, 1])):
    random = np.random.default_rng(1)
    with h5py.File(name, "w") as f:
        f["probes/embeddings"] = random.normal(size=(len(label), 4))
        f["probes/labels"] = np.array(label)
        f["distractors/embeddings"] = random.normal(size=(10, 4))
PYTHON
}

# Sets, lists and features are those of all tests: a test that changes some says own first.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/*.h5 "$BATS_FILE_TMPDIR/lists" "$BATS_FILE_TMPDIR/bins" .
    listed=lists/megaface
}

# own FOLDER ...: makes it a copy.
own() {
    rm "$@"
    cp -r "${@/#/$BATS_FILE_TMPDIR/}" .
}

mega() {
    eface-eval -q -p megaface "$@"
}

# refuses STATUS TEXT ARGUMENT...: eface-eval ends with STATUS, says TEXT in one line, prints nothing, writes nothing.
refuses() {
    local expected=$1 text=$2 left
    shift 2
    echo before >result.json
    heard eface-eval -p megaface "$@" -o result.json
    if [ "$status" -ne "$expected" ] || [[ "$stderr" != *"$text"* ]] || [ -n "$output" ]; then
        echo "status $status, not $expected; said: $stderr; expected: $text; printed: $output"
        return 1
    fi
    [[ "$stderr" != *$'\n'* ]]
    mapfile -t left <result.json
    [ "${left[*]}" = before ]
}

# first_file SIDE: one of its feature files.
first_file() {
    find "bins/$1" -name '*.bin' | sort | head -1
}

# But for thresholds: feature files are of unit length, in float32.
@test "HDF5 and feature files give the same figures" {
    mega -f tsv --data lists --noise devkit emb.h5 | cut -f 1,3-10,12- >expected
    [ "$(wc -l <expected)" -gt 15 ]
    mega -f tsv --data "$listed" --noise devkit emb.h5 | cut -f 1,3-10,12- | diff expected -
    mega -f tsv --data lists --noise devkit bins | cut -f 1,3-10,12- | diff expected -
    eface-eval -q -p megaface_r -f tsv --data lists bins | cut -f 3-10,12- | diff <(cut -f 2- expected) -
}

@test "threads and memory change nothing" {
    mega -f json --data lists --noise drop emb.h5 >expected
    for threads in 1 2 5; do
        for memory in 1B 20K; do
            mega -f json -t $threads --memory $memory --data lists --noise drop emb.h5 | diff expected -
        done
    done
    OPENBLAS_NUM_THREADS=3 mega -f json --data lists --noise drop emb.h5 | diff expected -
}

@test "a file is found by its group, with a protocol and without" {
    mega -f tsv emb.h5 >expected
    eface-eval -q -f tsv emb.h5 | diff expected -
    eface-eval -q -f tsv emb.h5:/megaface | diff expected -
    run -0 eface-eval emb.h5
    says 'convention megaface-devkit'
    says 'noise keep (noisy images stay)'
    says 'no list says which distractors are meant: each number of them is that of the first ones'
    says '  distractors   CMC rank 1'
}

# As FG-Net's lists are used: other probes, the same distractors.
@test "a list of other probes under another name" {
    own lists
    mega -f tsv --data lists emb.h5 >expected
    mv "$listed"/facescrub_features_list.json "$listed"/fgnet_features_list.json
    mega -f tsv --data lists --probe-list fgnet_features_list.json emb.h5 | diff expected -
}

@test "a second benchmark of probes and distractors is one text file" {
    own lists bins
    mega -f tsv --data lists --noise devkit bins | cut -f 3- >expected
    mkdir protocols crowd crowd/drawn
    cat >protocols/crowd.ini <<'END'
[protocol]
title      = People in a crowd
heading    = Crowd
quote      = cmc@1, tar_at_far@1e-5
place      = 5
convention = megaface-devkit
[lists]
probes           = people.json
distractors      = {set}-of-{size}.json
probe_noise      = wrong_people.txt
distractor_noise = wrong_crowd.txt
folders          = spare drawn
[features]
probes      = people
distractors = others
ending      = _generated.bin
[noise]
policy = devkit
[verify-distractors]
tar_at_far = 1e-6 1e-5 1e-4
[identify-distractors]
cmc = 1 5 10 100
END
    for file in "$listed"/megaface_features_list.json_*_1; do
        size=${file%_1}
        mv "$file" "crowd/drawn/1-of-${size##*_}.json"
    done
    mv "$listed"/facescrub_features_list.json crowd/people.json
    mv "$listed"/facescrub_noises.txt crowd/wrong_people.txt
    mv "$listed"/megaface_noises.txt crowd/wrong_crowd.txt
    mv bins/facescrub bins/people
    mv bins/megaface bins/others
    eface-eval -q -p crowd -f tsv --data crowd bins | cut -f 3- | diff expected -
    eface-eval -q -p crowd -f tsv --data . bins | cut -f 3- | diff expected -
    eface-eval -q -p crowd --data crowd A=bins -o crowd.json
    mega A=emb.h5 -o mega.json
    rm -r protocols
    run -0 eface-table -f csv mega.json crowd.json
    says 'System,Crowd Rank 1,Crowd TAR @ FAR 1e-5,MegaFace Rank 1,MegaFace TAR @ FAR 1e-6'
    run eface-eval -p <(printf '[lists]\ndistractors = all_{set}\n[identify-distractors]\ncmc = 1\n') emb.h5
    fails_with 3 ":2: 'all_{set}' must hold {size} once"
    refuses 3 'crowd: holds no list of distractors (2-of-1000000.json or the like), nor does its templatelists' \
        --data crowd --probe-list people.json --distractor-list '{set}-of-{size}.json' --list-set 2 emb.h5
}

@test "results do not go among the features" {
    own bins
    feature=$(first_file facescrub)
    cp "$feature" kept
    for place in "$feature" bins/result.json bins/megaface/../new.json; do
        heard mega --data lists bins -f json -o "$place"
        [ "$status" -eq 2 ]
        [[ "$stderr" == *'is among the features in bins; the results must go to another folder'* ]]
    done
    cmp kept "$feature"
}

@test "every number of distractors has its rows in CSV, and tables are made of the results" {
    mega -f csv --data lists --noise drop emb.h5 >drop.csv
    [ "$(grep -c ',megaface-devkit,.*,drop,' drop.csv)" -eq "$(grep -c ',iso,.*,drop,' drop.csv)" ]
    [ "$(grep ',cmc,1,iso,' drop.csv | cut -d , -f 24 | sort -u | wc -l)" -gt 2 ]
    mega --data lists emb.h5 -o result.json
    run -0 eface-table result.json
    says 'MegaFace'
}

@test "tables say how many distractors there were, and mix neither numbers nor policies" {
    for policy in keep devkit; do
        mega -f json --noise $policy --data lists $policy=emb.h5 >$policy.json
    done
    mega -f json --noise keep --distractors 100 --data lists few=emb.h5 >few.json
    run -0 eface-table keep.json
    says 'noise keep, '
    says ' probes among 200 distractors'
    run eface-table keep.json devkit.json
    fails_with 2 'has noise keep, but devkit.json ('
    run eface-table keep.json few.json
    fails_with 2 'has 200 distractors, but few.json'
    run -0 eface-table --mixed keep.json devkit.json few.json
    says 'noise devkit'
    says '100 distractors'
}

@test "the policy and the numbers of distractors are said" {
    run -0 mega --noise drop --distractors 10,100 --data lists emb.h5
    says 'noise drop (noisy images left out)'
    says 'probes are noisy ('
    says '  10         '
    says '  99 of 100  '
    mega --noise drop --distractors 10,100 --data lists -f json emb.h5 >result.json
    grep -q '"noise": "drop"' result.json
    grep -q '"devkit_listing"' result.json
    [ "$(grep -cE '"name": "(10|99 of 100) distractors"' result.json)" -eq 4 ]
}

# One of all 200 is noisy.
@test "noise is counted within the distractors that are compared" {
    for set in emb.h5 bins; do
        run -0 eface-eval -q -p megaface_r --data "$listed" --distractors 10 $set
        says 'note: 0 of 10 distractors are noisy ('
        [[ "$output" != *'are none of the distractors'* ]]
        run -0 eface-eval -q -p megaface_r --data "$listed" --distractors 10,100 $set
        says 'note: 1 of 103 distractors are noisy ('
        grep 'distractors are noisy' <<<"$output" >$set.note
    done
    diff emb.h5.note bins.note
    run -0 mega --noise drop --distractors 100 inside.h5
    says ' of 100 distractors are noisy (inside.h5:/megaface/distractors/noisy): left out'
}

@test "a list is known by its own number where noise has left it" {
    need_python
    run -0 mega --noise drop --distractors 10,20 four-noisy.h5
    says ' people, 16 of 20 distractors, '
    says '  10        '
    says '  16 of 20  '
    mega --noise drop --distractors 10,20 -f json four-noisy.h5 >result.json
    [ "$(grep -c '"name": "16 of 20 distractors"' result.json)" -eq 2 ]
    [ "$(grep -c '"listed": 20' result.json)" -eq 2 ]
    run -0 mega --noise devkit --distractors 10,20 four-noisy.h5
    says '  20  '
}

@test "noise within the file" {
    run -0 mega --noise drop inside.h5
    says 'noisy'
    refuses 3 'nothing says which images are noisy' --noise drop emb.h5
}

@test "options that do not apply are refused" {
    refuses 2 '--norm is for templates' --norm unit emb.h5
    refuses 2 '--convention insightface is for' --convention insightface emb.h5
    refuses 2 "'dorp' is not a value for --noise: there are keep, drop and devkit" --noise dorp emb.h5
    refuses 2 'the numbers must ascend' --distractors 100,10 emb.h5
    refuses 2 "'0' is not a number of distractors" --distractors 0 emb.h5
    refuses 2 'is not defined for' -m eer emb.h5
    refuses 2 '--flip sum needs mirrored embeddings' --flip sum emb.h5
    run eface-eval -p lfw --noise keep emb.h5
    fails_with 2 '--noise is for distractors'
    run eface-eval bins
    fails_with 3 'with --protocol megaface'
}

@test "more distractors than there are, and lists that are not there" {
    refuses 2 '201 are asked for' --distractors 201 emb.h5
    refuses 3 'holds no other.json' --probe-list other.json --data "$listed" emb.h5
    refuses 3 'is no folder' --data nowhere emb.h5
    refuses 2 'no folder is given to look for lists of distractors in (megaface_features_list.json_1000000_1' --list-set 1 emb.h5
    refuses 3 'holds no facescrub_features_list.json, nor does its templatelists; --data names another folder of lists' bins
}

@test "a folder of lists that is asked for must hold lists" {
    own lists
    mkdir none noises
    for set in emb.h5 inside.h5; do
        refuses 3 'none: holds no list of distractors (megaface_features_list.json_1000000_1 or the like)' --data none $set
    done
    cp "$listed"/facescrub_features_list.json none
    refuses 3 'none: holds no list of distractors' --data none emb.h5
    cp "$listed"/*_noises.txt noises
    run -0 mega --data noises --noise drop emb.h5
    says 'no list says which distractors are meant'
    says 'probes are noisy (noises/facescrub_noises.txt)'
    rm "$listed"/facescrub_features_list.json
    run -0 mega --data "$listed" inside.h5
    says 'no list says which probes are meant: all images of the set are'
    EFACE_DATA=none run -0 mega emb.h5
    says 'no list says which distractors are meant'
}

@test "feature files: cut short, absurd, of another length, missing" {
    own bins
    whole=$BATS_FILE_TMPDIR
    file=$(first_file facescrub)
    truncate -s 40 "$file"
    refuses 3 "${file##*/}" --data "$listed" bins
    cp "$whole/$file" "$file"
    printf '\377\377\377\177' | dd of="$file" bs=1 conv=notrunc status=none
    refuses 3 "${file##*/}" --data "$listed" bins
    rm "$file"
    refuses 3 'no feature file' --data "$listed" bins
    cp "$whole/$file" "$file"
    last=$(find bins/megaface -name '*.bin' | sort | tail -1)
    { printf '\010\0\0\0\001\0\0\0\004\0\0\0\005\0\0\0'; head -c 32 /dev/zero; } >"$last"
    refuses 3 "${last##*/}" --data "$listed" bins
    rm "$last"
    refuses 3 "$last: no such file, but its image is entry " --data "$listed" bins
    [[ "$stderr" == *" of $listed/megaface_features_list.json_200_1"* ]]
    cp "$whole/$last" "$last"
    { head -c 16 "$last"; head -c 64 /dev/zero; } >zero.bin
    cp zero.bin "$last"
    refuses 3 'has length zero' --data "$listed" bins
}

@test "pipes among the inputs are refused, not waited for" {
    own lists bins
    file=$(first_file facescrub)
    rm "$file" && mkfifo "$file"
    refuses 3 'is not a regular file' --data "$listed" bins
    list=$(find "$listed" -name 'megaface_features_list.json_10_1')
    rm "$list" && mkfifo "$list"
    refuses 3 'is no regular file, not a list' --data "$listed" emb.h5
}

@test "features of several systems are told apart by their ending" {
    own bins
    mega -f tsv --data "$listed" bins | cut -f 1,3-10,12- >expected
    file=$(first_file facescrub)
    ending=_${file##*_}
    cp "$file" "${file%"$ending"}_other.bin"
    refuses 2 '--features says which' --data "$listed" bins
    mega -f tsv --data "$listed" --features "$ending" bins | cut -f 1,3-10,12- | diff expected -
    refuses 3 '_third.bin: no such file' --data "$listed" --features _third.bin bins
    refuses 2 '--features needs' --features '' bins
    run eface-eval -p all-pairs --features _x.bin emb.h5
    fails_with 2 '--features is for distractors'
}

@test "the second of several lists of a size" {
    own lists
    find "$listed" -name 'megaface_features_list.json_*_1' -exec sh -c 'mv "$1" "${1%1}2"' rename {} \;
    refuses 3 "$listed: holds no list of distractors (megaface_features_list.json_1000000_1 or the like)" --data "$listed" emb.h5
    refuses 3 'there are some of another set, which --list-set chooses' --data "$listed" emb.h5
    refuses 3 'holds no list of distractors (megaface_features_list.json_1000000_3 or the like)' --list-set 3 --data "$listed" emb.h5
    run -0 mega --distractors 10 --list-set 2 --data "$listed" emb.h5
    [[ "$output" != *'no list says'* ]]
    refuses 2 "'0' is not a value for --list-set N: it must be a whole number, 1 or above" --list-set 0 emb.h5
}

@test "a list that names the rows is read though its number is not asked for" {
    need_python
    mega -f csv --data "$BATS_FILE_TMPDIR/own" --distractors 40 named.h5 | cut -d, -f 1,3- >expected
    grep -q tar_at_far expected
    mega -f csv --data "$BATS_FILE_TMPDIR/own" --distractors 40 bare.h5 | cut -d, -f 1,3- | diff expected -
}

@test "where all distractors of a number are noisy the devkit still counts them" {
    need_python
    mega -f csv --noise devkit --distractors 10,100 ten-noisy.h5 >got.csv
    grep -E '^megaface[^,]*,[^,]*,cmc,1,' got.csv | head -1 | grep -q ',1,'
    refuses 3 'none is left: all are noisy' --noise drop --distractors 10,100 ten-noisy.h5
}

@test "people with one image add nothing; nobody with two is an error; so is one person" {
    need_python
    run -0 mega some.h5
    says '3 probes of 2 people, 10 distractors, 1 mate pairs, 30 impostor pairs'
    says '1 of 2 people have one image only'
    says 'there are only 3 probes'
    says '2 searches'
    refuses 3 'two' alone.h5
    refuses 3 'person' same.h5
}

@test "golden: the whole report on more generated data, with threads and memory as usual and not" {
    rm emb.h5 lists
    eface-synth -q -p megaface --scale 0.003 --dim 16 -o emb.h5 --lists lists
    mega --data lists --noise devkit emb.h5 | golden megaface/report.txt
    [ -n "${EFACE_GOLDEN:-}" ] || mega -t 5 --memory 20K --data lists --noise devkit emb.h5 | golden megaface/report.txt
}

@test "--explain tells of the devkit" {
    run -0 eface-eval --explain cmc
    says 'megaface-devkit'
    run -0 eface-eval --explain tar_at_far
    says 'first 100 probes'
    run -0 eface-eval --list-protocols
    says 'megaface_r'
    # Titles begin in one column, however long the name of a convention is.
    [ "$(grep -E '^(lfw|megaface) ' <<<"$output" | sed -E 's/(LFW|MegaFace)$//' | awk '{ print length }' | sort -u | wc -l)" -eq 1 ]
}
