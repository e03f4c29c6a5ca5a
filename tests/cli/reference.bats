#!/usr/bin/env bats
# Curves from elsewhere, in whatever order and dress their columns come.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make good emb.h5
    eface-eval -q emb.h5 -o r.json
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR/r.json" .
}

# points KIND FILE OPTION...: the points that are drawn of a reference, "x y;x y".
points() {
    local kind=$1 file=$2
    shift 2
    eface-plot "$kind" r.json --reference "$file" "$@" --keep . 2>said
    awk '/^# block/ { here = /reference/ } here && /^[0-9]/' "$kind.dat" | paste -sd ';'
}

@test "the order of a ROC's columns is found, or given by a heading or an option" {
    printf '0.01 0.5\n0.1 0.75\n1 1\n' >fpr.txt
    printf '0.5 0.01\n0.75 0.1\n1 1\n' >tpr.txt # as the curve files of the LFW site have it
    printf 'TPR,FPR\n0.5,0.01\nnan,nan\n0.75,0.1\nNaN,1\n1,1\n' >heading.csv
    expected='0.01 0.5;0.1 0.75;1 1'
    [ "$(points roc fpr.txt)" = "$expected" ]
    [ ! -s said ]
    [ "$(points roc tpr.txt)" = "$expected" ]
    [ "$(cat said)" = 'eface-plot: tpr.txt: the first column is never below the second: taken as TPR FPR; --reference-columns fpr,tpr would take it the other way' ]
    [ "$(points roc heading.csv)" = "$expected" ]
    [ ! -s said ]
    [ "$(points roc tpr.txt --reference-columns tpr,fpr)" = "$expected" ]
    [ ! -s said ]
    # What the user says wins, over the heading too.
    [ "$(points roc heading.csv --reference-columns FAR,TAR)" = '0.5 0.01;0.75 0.1;1 1' ]
    [ "$(points roc heading.csv --reference-columns fpr,fnr)" = '0.5 0.99;0.75 0.9;1 0' ]
    printf '0.2 0.1\n0.5 0.75\n1 1\n' >across.txt
    [ "$(points roc across.txt)" = '0.2 0.1;0.5 0.75;1 1' ]
    grep -q 'the order of the columns cannot be told: taken as FPR TPR' said
}

@test "a DET draws the FNMR, whatever the columns are" {
    printf 'fpr\ttpr\n0.2\t0.921875\n0.25\t0.9375\n' >tpr.tsv
    [ "$(points det tpr.tsv)" = '0.2 0.078125;0.25 0.0625' ]
    printf 'FNMR FMR\n0.078125 0.2\n0.0625 0.25\n' >fnmr.txt
    [ "$(points det fnmr.txt)" = '0.2 0.078125;0.25 0.0625' ]
}

@test "a heading finds the columns among others" {
    rows=('0.01,0.5' '0.1,0.75' '1,1')
    expected='0.01 0.5;0.1 0.75;1 1'
    { echo fpr,tpr,thresholds; printf '%s,inf\n' "${rows[@]}"; } >sklearn.csv
    { echo ,fpr,tpr,fnr; printf '7,%s,0\n' "${rows[@]}"; } >index.csv
    { echo 'FAR;TMR'; printf '%s\n' "${rows[@]}" | tr , ';'; } >semicolons.csv
    { echo '"fpr" "tpr"'; printf '"1",%s\n' "${rows[@]}" | tr , ' '; } >r.txt # as R writes it
    for file in sklearn.csv index.csv semicolons.csv r.txt; do
        [ "$(points roc $file)" = "$expected" ]
        [ ! -s said ]
    done
    [ "$(points det index.csv --from 1e-3)" = "$(points det sklearn.csv --from 1e-3)" ]
    printf 'fpr,threshold,x\n0.1,2,3\n' >unnamed.csv
    run eface-plot roc r.json --reference unnamed.csv --keep .
    fails_with 3 'unnamed.csv:1: a heading of 3 columns must name two of them: fpr (far, fmr), and tpr'
    { echo fpr,tpr; printf '%s\n' 0.5,0.01 0.75,0.1 1,1; } >swapped.csv
    [ "$(points roc swapped.csv)" = '0.5 0.01;0.75 0.1;1 1' ]
    grep -q 'swapped.csv: by its heading the FAR is above the TAR nearly everywhere: are the columns the other way round?' said
    echo '0.001 0.999' >bare.txt
    run eface-plot det r.json --reference bare.txt --keep .
    fails_with 2 'see --from, and --reference-columns if its columns are in another order or kind'
}

@test "columns that say nothing are refused" {
    printf '0.1 0.5\n' >one.txt
    for columns in fpr tpr,fnr fpr,fpr fpr,tpr,fnr x,y ''; do
        run eface-plot roc r.json --reference one.txt --reference-columns "$columns" --keep .
        fails_with 2 'is not a value for --reference-columns: it names two columns, fpr and tpr or fnr, in their order: fpr,tpr'
    done
    run eface-plot roc r.json --reference-columns fpr,tpr --keep .
    fails_with 2 '--reference-columns is about the file of a --reference'
    printf 'x y\nnan nan\n' >none.txt
    run eface-plot roc r.json --reference none.txt --keep .
    fails_with 3 'none.txt: holds no points'
}
