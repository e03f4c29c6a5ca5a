#!/usr/bin/env bats
# eface-synth: what it writes, and that it writes it whole or not at all.
load helper

@test "the file and the official lists appear side by side" {
    run eface-synth -o out.h5 --scale 0.01 --dim 8
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 7 ]
    [ "${lines[6]}" = "eface-synth: wrote out.h5, and its lists below lists" ]
    [ -f out.h5 ]
    [ "$(head -n 1 lists/lfw/pairs.txt)" = "10	3" ]
    [ "$(wc -l <lists/calfw/pairs_CALFW.txt)" -eq 120 ]
    [ "$(wc -l <lists/cplfw/pairs_CPLFW.txt)" -eq 120 ]
    [ "$(cat lists/cfp/Protocol/Split/FF/*/*.txt | wc -l)" -eq 80 ]
    [ "$(cat lists/cfp/Protocol/Split/FP/*/*.txt | wc -l)" -eq 80 ]
    [ -z "$(find . -name '*.tmp')" ]
}

@test "the same options give the same bytes" {
    eface-synth -q -o a.h5 --lists a --scale 0.02 --dim 16 --seed 5
    OPENBLAS_NUM_THREADS=3 OMP_NUM_THREADS=3 eface-synth -q -o b.h5 --lists b --scale 0.02 --dim 16 --seed 5
    cmp a.h5 b.h5
    diff -r a b
    eface-synth -q -o c.h5 --lists c --scale 0.02 --dim 16 --seed 6
    run ! cmp -s a.h5 c.h5
    run ! diff -rq a c
}

@test "only the benchmarks that are asked for are made" {
    eface-synth -q -o out.h5 --scale 0.01 --dim 8 --protocol agedb_30
    [ ! -e lists ]
    run eface-synth --force -o out.h5 --scale 0.01 --dim 8 --protocol agedb_30
    [ "${lines[1]}" = "eface-synth: wrote out.h5" ]
    eface-synth -q --force -o out.h5 --scale 0.01 --dim 8 --protocol cplfw,lfw
    [ "$(cd lists && echo *)" = "cplfw lfw" ]
}

@test "a template benchmark has its six lists, and is made only when named" {
    heard eface-synth -o out.h5 --scale 0.002 --dim 8 --protocol IJB-B,ijbc
    [ "$status" -eq 0 ]
    [[ "${stderr_lines[0]}" == "eface-synth: ijbb: "*" pairs of 27 templates of "*" images" ]]
    [[ "${stderr_lines[1]}" == "eface-synth: ijbc: "*" pairs of 47 templates of "*" images" ]]
    [ "$(cd lists/IJBC/meta && echo *)" = "ijbc_1N_gallery_G1.csv ijbc_1N_gallery_G2.csv ijbc_1N_probe_mixed.csv \
ijbc_face_tid_mid.txt ijbc_name_5pts_score.txt ijbc_template_pair_label.txt" ]
    [ "$(cd lists/IJBB/meta && echo *)" = "ijbb_1N_gallery_S1.csv ijbb_1N_gallery_S2.csv ijbb_1N_probe_mixed.csv \
ijbb_face_tid_mid.txt ijbb_name_5pts_score.txt ijbb_template_pair_label.txt" ]
    [ "$(wc -l <lists/IJBC/meta/ijbc_face_tid_mid.txt)" -eq "$(wc -l <lists/IJBC/meta/ijbc_name_5pts_score.txt)" ]
    [ "$(cut -d, -f1,2 lists/IJBC/meta/ijbc_1N_gallery_G?.csv | grep -v ID | sort -u | wc -l)" -eq 8 ]
    [ -z "$(find . -name '*.tmp')" ]
    rm -r lists
    eface-synth -q --force -o out.h5 --scale 0.01 --dim 8 --protocol all
    [ "$(cd lists && echo *)" = "calfw cfp cplfw lfw" ]
}

@test "with --nist the lists are NIST's and the set has names" {
    eface-synth -q -o a.h5 --lists lists --scale 0.003 --dim 8 --protocol ijbb,ijbc --nist
    [ "$(cd lists && echo IJB?/*/*)" = "IJBB/protocol/ijbb_11_S1_S2_matches.csv IJBB/protocol/ijbb_1N_gallery_S1.csv \
IJBB/protocol/ijbb_1N_gallery_S2.csv IJBB/protocol/ijbb_1N_probe_mixed.csv IJBC/protocols/ijbc_11_G1_G2_matches.csv \
IJBC/protocols/ijbc_1N_gallery_G1.csv IJBC/protocols/ijbc_1N_gallery_G2.csv IJBC/protocols/ijbc_1N_probe_mixed.csv" ]
    eface-synth -q -o b.h5 --lists other --scale 0.003 --dim 8 --protocol ijbb,ijbc
    diff lists/IJBC/protocols/ijbc_1N_probe_mixed.csv other/IJBC/meta/ijbc_1N_probe_mixed.csv
    sed 's/ [01]$//; s/ /,/' other/IJBB/meta/ijbb_template_pair_label.txt | diff lists/IJBB/protocol/ijbb_11_S1_S2_matches.csv -
    eface-synth -q -o c.h5 --lists third --scale 0.003 --dim 8 --protocol ijbc --nist --no-flip
    [ "$(stat -c %s c.h5)" -lt "$(stat -c %s a.h5)" ]
}

@test "a template benchmark has the same bytes on any number of processors" {
    eface-synth -q -o a.h5 --lists a --scale 0.003 --dim 24 --protocol ijbc --inside
    (
        first=$(taskset -cp "$BASHPID" | sed 's/.*: //; s/[,-].*//')
        taskset -cp "$first" "$BASHPID"
        eface-synth -q -o b.h5 --lists b --scale 0.003 --dim 24 --protocol ijbc --inside
    )
    cmp a.h5 b.h5
    diff -r a b
    eface-synth -q -o c.h5 --lists c --scale 0.003 --dim 24 --protocol ijbc --inside --seed 2
    run ! cmp -s a.h5 c.h5
    run ! diff -rq a c
    eface-synth -q -o d.h5 --lists d --scale 0.003 --dim 24 --protocol ijbc --no-flip
    diff -r a d
    [ "$(stat -c %s d.h5)" -lt "$(($(stat -c %s a.h5) * 6 / 10))" ]
}

@test "megaface has the devkit's lists, and is made only when named" {
    heard eface-synth -o out.h5 --scale 0.0002 --dim 8 --protocol MegaFace
    [ "$status" -eq 0 ]
    [ "${stderr_lines[0]}" = "eface-synth: megaface: 191 probes of 4 people, 200 distractors" ]
    [ "$(cd lists/megaface && echo *)" = "facescrub_features_list.json facescrub_noises.txt megaface_features_list.json_100_1 \
megaface_features_list.json_10_1 megaface_features_list.json_200_1 megaface_noises.txt" ]
    [ "$(grep -o 'jpg"' lists/megaface/megaface_features_list.json_100_1 | wc -l)" -eq 100 ]
    [ "$(grep -vc '^#' lists/megaface/facescrub_noises.txt)" -eq 19 ]
    [ -z "$(find . -name '*.tmp')" ]
}

@test "megaface has the same bytes on any number of processors, and features in files of their own" {
    eface-synth -q -o a.h5 --lists a --scale 0.0001 --dim 24 --protocol megaface --bins a-bins
    (
        first=$(taskset -cp "$BASHPID" | sed 's/.*: //; s/[,-].*//')
        taskset -cp "$first" "$BASHPID"
        eface-synth -q -o b.h5 --lists b --scale 0.0001 --dim 24 --protocol megaface
    )
    cmp a.h5 b.h5
    diff -r a b
    [ "$(find a-bins/facescrub -name '*.png_generated.bin' -size 112c | wc -l)" -eq 191 ]
    [ "$(find a-bins/megaface -name '*.jpg_generated.bin' -size 112c | wc -l)" -eq 100 ]
    heard eface-synth -q -o c.h5 --lists c --scale 0.0001 --dim 24 --protocol megaface --bins a-bins
    [ "$status" -eq 2 ] && [ "$stderr" = "eface-synth: a-bins is there already; --force replaces the features in it" ]
    heard eface-synth -q -o c.h5 --lists a --scale 0.0001 --dim 24 --protocol megaface
    [ "$status" -eq 2 ]
    [[ "$stderr" == "eface-synth: a/megaface/facescrub_features_list.json is there already; --force replaces it"* ]]
    eface-synth -q -o c.h5 --lists c --scale 0.0001 --dim 24 --protocol megaface --float16 --inside
    diff -r a c
    run ! cmp -s a.h5 c.h5
}

@test "all pairs has labels and media in the file, no lists, and is made only when named" {
    heard eface-synth -o a.h5 --scale 0.05 --dim 32 --protocol all-pairs
    [ "$status" -eq 0 ]
    [[ "${stderr_lines[0]}" == "eface-synth: all_pairs: 625 images in "*" media of "*" people" ]]
    [ "${stderr_lines[1]}" = "eface-synth: wrote a.h5" ]
    [ ! -e lists ]
    eface-synth -q -o b.h5 --images 625 --dim 32 --protocol all_pairs
    cmp a.h5 b.h5
    eface-synth -q -o c.h5 --images 625 --dim 32 --protocol all_pairs --seed 2
    run ! cmp -s a.h5 c.h5
    eface-synth -q -o d.h5 --images 625 --dim 32 --protocol all_pairs --float16 --no-flip
    [ "$(stat -c %s d.h5)" -lt "$(($(stat -c %s a.h5) / 2))" ]
    (
        first=$(taskset -cp "$BASHPID" | sed 's/.*: //; s/[,-].*//')
        taskset -cp "$first" "$BASHPID"
        eface-synth -q -o e.h5 --images 625 --dim 32 --protocol all_pairs
    )
    cmp a.h5 e.h5
}

@test "in all pairs, images of one media are more alike, and wrong labels come to light" {
    tar() { eface-eval -q -p all-pairs -m tar_at_far@1e-3 -f tsv "$@" | awk -F '\t' '$3 == "tar_at_far" && $5 == "iso" { print $6 }'; }
    eface-synth -q -o a.h5 --images 800 --dim 128 --protocol all-pairs
    awk -v all="$(tar a.h5)" -v across="$(tar a.h5 --exclude-same media)" 'BEGIN { exit !(all < 0.9 && across > 0.2 && all > across + 0.03) }'
    heard eface-eval -q -p all-pairs a.h5
    [[ "$output" != *"are their labels right?"* ]]
    heard eface-synth -o w.h5 --images 800 --dim 128 --wrong-labels 40 --protocol all-pairs
    [[ "${stderr_lines[0]}" == "eface-synth: all_pairs: 800 images in "*"; 40 labels are wrong" ]]
    eface-eval -q -p all-pairs w.h5 >table
    grep -q "are their labels right?" table
    # The name of an image says whom it shows: in each of these pairs a person has the label of another.
    sed -n 's/.*pairs: Person_0*\([0-9]*\)[^ ]* (\([0-9]*\)) and Person_0*\([0-9]*\)[^ ]* (\([0-9]*\))$/\1 \2 \3 \4/p' table >pairs
    [ "$(wc -l <pairs)" -eq 10 ]
    awk '$1 == $2 && $3 == $4 { exit 1 }' pairs
    [ "$(tar w.h5)" != "$(tar a.h5)" ]
}

@test "embeddings are stored as float16 when asked for, and evaluate nearly the same" {
    eface-synth -q -o a.h5 --scale 0.1 --dim 64 --protocol lfw
    eface-synth -q -o b.h5 --scale 0.1 --dim 64 --protocol lfw --float16 --lists other
    [ "$(stat -c %s b.h5)" -lt "$(($(stat -c %s a.h5) * 6 / 10))" ]
    cllr() { eface-eval -p lfw --allow-partial --data lists -m cllr -f tsv "$1" | awk -F '\t' '$5 == "iso" { print $6 }'; }
    awk -v a="$(cllr a.h5)" -v b="$(cllr b.h5)" 'BEGIN { exit !(a > 0.1 && a != b && a - b < 1e-4 && b - a < 1e-4) }'
}

@test "silence with --quiet, a line a benchmark without" {
    heard eface-synth --force -q -o out.h5 --scale 0.01 --dim 8 --protocol lfw
    [ "$status" -eq 0 ]
    [ -z "$output$stderr" ]
    heard eface-synth --force -o out.h5 --scale 0.01 --dim 8 --protocol lfw
    [ -z "$output" ]
    [[ "${stderr_lines[0]}" == "eface-synth: lfw: 60 pairs of "*" images" ]]
    [ "${stderr_lines[1]}" = "eface-synth: wrote out.h5, and its lists below lists" ]
}

@test "lists that are there already are not replaced unbidden, and nothing is written" {
    for list in lfw:lfw/pairs.txt calfw:calfw/pairs_CALFW.txt cfp_fp:cfp/Protocol/Pair_list_P.txt \
        cfp_ff:cfp/Protocol/Split/FF/10/diff.txt ijbc:IJBC/meta/ijbc_1N_probe_mixed.csv ijbb:IJBB/meta/ijbb_face_tid_mid.txt; do
        mkdir -p "$(dirname "lists/${list#*:}")"
        echo official >"lists/${list#*:}"
        run eface-synth -o out.h5 --scale 0.01 --dim 8 --protocol "agedb_30,${list%:*}"
        [ "$status" -eq 2 ]
        [ "$output" = "eface-synth: lists/${list#*:} is there already; --force replaces it, --lists DIR chooses another folder" ]
        [ "$(find . -type f)" = "./lists/${list#*:}" ]
        [ "$(cat "lists/${list#*:}")" = official ]
        rm -r lists
    done
    mkdir -p lists/lfw
    echo official >lists/lfw/pairs.txt
    eface-synth -q -o out.h5 --lists other --scale 0.01 --dim 8 --protocol lfw
    [ "$(cat lists/lfw/pairs.txt)" = official ]
    eface-synth -q --force -o out.h5 --scale 0.01 --dim 8 --protocol lfw
    diff -r lists other
    mkdir -p nist/IJBC/protocols
    echo official >nist/IJBC/protocols/ijbc_11_G1_G2_matches.csv
    run eface-synth -o nist.h5 --lists nist --scale 0.002 --dim 8 --protocol ijbc --nist
    [ "$status" -eq 2 ]
    eface-synth -q -o nist.h5 --lists nist --scale 0.002 --dim 8 --protocol ijbc
    mkdir -p dangling/lfw
    ln -s nowhere dangling/lfw/pairs.txt
    run eface-synth -o x.h5 --lists dangling --scale 0.01 --dim 8 --protocol lfw
    [ "$status" -eq 2 ]
}

# hurried LOG COMMAND ...: at a terminal, what it shows going to LOG, with a clock that runs ahead: a line of progress appears when a second
# has passed, and to fill that with work would take as long.
hurried() {
    TERM=xterm script -qec "LD_PRELOAD='$EFACE_BIN/clock.so' ${*:2}" /dev/null </dev/null >"$1"
}

@test "a terminal sees how far long work is, by stages that never go back, and nothing of it in the end" {
    [[ "${EFACE_VARIANT:-release}" != *san ]] || skip 'a sanitizer must come before any other library'
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminal can be made here'
    hurried synth.log "$EFACE_BIN/eface-synth" -o out.h5 --protocol ijbc --scale 0.05 --dim 32
    hurried eval.log "$EFACE_BIN/eface-eval" --allow-partial --data lists -t1 out.h5 a=out.h5
    for log in synth.log eval.log; do
        tr '\r' '\n' <$log >lines
        sed -n 's/^\x1b\[K\(.*[^ 0-9]\) *\([0-9]*\) %.*$/\1,\2/p' lines >stages
        [ -s stages ]
        awk -F, '$1 == last && $2 < share || $1 != last && seen[$1]++ { print "went back: " $0; bad = 1 } { last = $1; share = $2 + 0 }
            END { exit bad }' stages
        # The last line of progress is taken away before anything else stands there.
        tail -n +2 lines | { ! grep -vP '^\x1b\[K' | grep ' %$'; }
        run ! grep -P '^\x1b\[K.* [0-9]+ %.' lines
    done
}

@test "wrong usage is one sentence and status 2" {
    wrong() {
        local says=$1
        shift
        heard eface-synth "$@"
        [ "$status" -eq 2 ] && [ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ] && [[ "$stderr" == "eface-synth: $says"* ]] ||
            { echo "$status: $stderr"; return 1; }
    }
    wrong "say with -o which file to write"
    wrong "unknown option '--sead'; did you mean '--seed'?" -o x.h5 --sead 1
    wrong "unknown option '-x'" -o x.h5 -qx
    wrong "--dim needs a value" -o x.h5 --dim
    wrong "--output needs a value" -o
    wrong "'y.h5' is one argument too many" -o x.h5 y.h5
    wrong "'-1' is not a value for --seed" -o x.h5 --seed -1
    wrong "--dim must lie between 2 and 65536" -o x.h5 --dim 1
    wrong "--dim must lie between" -o x.h5 --dim 65537
    wrong "--scale must be above 0, up to 1" -o x.h5 --scale 0
    wrong "--scale must be" -o x.h5 --scale 1.5
    wrong "'nan' is not a value for --scale" -o x.h5 --scale nan
    wrong "--difficulty must be above 0" -o x.h5 --difficulty 0
    wrong "--model needs a name" -o x.h5 --model ''
    wrong "no benchmark 'calfv' to generate; did you mean 'calfw'?" -o x.h5 --protocol lfw,calfv
    wrong "no benchmark 'ijbd' to generate; did you mean 'ijb" -o x.h5 --protocol ijbd
    wrong "--inside takes no value" -o x.h5 --inside=yes
    wrong "--nist makes lists outside the file, --inside lists in it" -o x.h5 --nist --inside --protocol ijbc
    wrong "no benchmark '' to generate" -o x.h5 --protocol ''
    wrong "--bins needs a folder, and --protocol megaface" -o x.h5 --bins bins
    wrong "--bins needs a folder, and --protocol megaface" -o x.h5 --protocol megaface --bins ''
    wrong "--bins writes a file for each image, and is for --scale 0.1 at the most" -o x.h5 --protocol megaface --bins bins
    wrong "--quiet takes no value" -o x.h5 --quiet=yes
    wrong "--images is for --protocol all-pairs; --scale changes the others" -o x.h5 --images 100
    wrong "--wrong-labels is for --protocol all-pairs" -o x.h5 --wrong-labels 3 --protocol lfw
    wrong "--images must lie between 20 and 10000000" -o x.h5 --protocol all-pairs --images 19
    wrong "--images must lie between 20 and 10000000" -o x.h5 --protocol all-pairs --images 10000001
    wrong "--wrong-labels is for a tenth of the images at the most, here 2" -o x.h5 --protocol all-pairs --images 20 --wrong-labels 3
    wrong "--nist is for the lists of ijbb and ijbc; all_pairs has no lists" -o x.h5 --protocol all-pairs --nist
    wrong "--inside is for the lists of ijbb, ijbc and megaface; all_pairs has its labels in the file" -o x.h5 --protocol all-pairs --inside
    wrong "--bins needs a folder, and --protocol megaface" -o x.h5 --protocol all-pairs --bins bins
    [ ! -e x.h5 ] && [ ! -e lists ]
}

@test "what cannot be written is one sentence, status 3, and nothing left" {
    heard eface-synth -q -o nowhere/out.h5 --scale 0.01 --dim 8
    [ "$status" -eq 3 ]
    [[ "$stderr" == "eface-synth: nowhere/out.h5: "* ]]
    mkdir -p lists/lfw/pairs.txt/in_the_way
    heard eface-synth -q -o out.h5 --scale 0.01 --dim 8
    [ "$status" -eq 3 ]
    [[ "$stderr" == "eface-synth: "*"lists/lfw/pairs.txt: cannot be written: "* ]]
    [ ! -e out.h5 ]
    [ -z "$(find . -name '*.h5*' -o -path './lists/*' -type f)" ]
    mkdir -p lists/IJBC/meta/ijbc_1N_probe_mixed.csv/in_the_way
    heard eface-synth -q -o out.h5 --scale 0.001 --dim 8 --protocol ijbc
    [ "$status" -eq 3 ]
    [[ "$stderr" == "eface-synth: "*"ijbc_1N_probe_mixed.csv: cannot be "* ]]
    [ ! -e out.h5 ]
    touch bins
    heard eface-synth -q --force -o out.h5 --scale 0.0001 --dim 8 --protocol megaface --bins bins
    [ "$status" -eq 3 ]
    [[ "$stderr" == "eface-synth: bins"* ]]
    [ ! -e out.h5 ]
    touch file
    heard eface-synth -q -o out.h5 --lists file --scale 0.01 --dim 8 --protocol lfw
    [ "$status" -eq 3 ]
    [ ! -e out.h5 ]
}

@test "help and version go to standard output" {
    heard eface-synth --help
    [ "$status" -eq 0 ]
    [[ "$output" == "Usage: eface-synth "* ]]
    [ -z "$stderr" ]
    heard eface-synth --version
    [[ "$output" == "eface-synth "[0-9]* ]]
    [ -w /dev/full ] || skip "no /dev/full"
    run bash -c '"$1" --help >/dev/full' - "$EFACE_BIN/eface-synth"
    [ "$status" -eq 3 ]
}
