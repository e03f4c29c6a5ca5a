#!/usr/bin/env bats
# What every protocol gives on generated sets, kept in tests/golden/; `make golden` writes the files anew.
load helper

# rounded: reals to 9 digits of their 17, so that another processor's mathematical library cannot matter; counts as they are.
rounded() {
    awk -F '\t' -v OFS='\t' '{
        for (i = 1; i <= NF; i++) {
            if ($i ~ /^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/ && $i ~ /[.e]/) {
                $i = sprintf("%.9g", $i)
            }
        }
        print
    }'
}

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    eface-synth -q --scale 0.02 --dim 32 -o pairs.h5 --lists lists
    eface-synth -q --protocol ijbb,ijbc --scale 0.002 --dim 32 -o templates.h5 --lists lists
    eface-synth -q --protocol all-pairs --images 400 --dim 32 -o labelled.h5
    # A second and a third system on the same lists, for tables.
    eface-synth -q --force --difficulty 1.2 --scale 0.02 --dim 32 -o harder.h5 --lists lists
    eface-synth -q --force --difficulty 1.2 --protocol ijbb,ijbc --scale 0.002 --dim 32 -o harder_templates.h5 --lists lists
    for set in pairs templates; do
        eface-eval -q --allow-partial --data lists X=$set.h5 -o $set.json
    done
    for set in harder harder_templates; do
        eface-eval -q --allow-partial --data lists 'Y_2 & co'=$set.h5 -o $set.json
    done
    eface-eval -q --allow-partial --data lists --flip none Z=pairs.h5 -o unflipped.json
    for difficulty in 1 1.2; do
        eface-synth -q --force --difficulty $difficulty --protocol megaface --scale 0.001 --dim 16 -o distractors.h5 --lists lists
        eface-eval -q --allow-partial --data lists -p megaface "X$difficulty=distractors.h5" -o "distractors$difficulty.json"
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

@test "all pairs" {
    eface-eval -q -f tsv -p all-pairs X=labelled.h5 | rounded | golden all_pairs.tsv
}

@test "LFW, AgeDB-30, CALFW, CPLFW, CFP-FP and CFP-FF" {
    for protocol in lfw agedb_30 calfw cplfw cfp_fp cfp_ff; do
        eface-eval -q -f tsv --allow-partial --data lists -p $protocol X=pairs.h5 | rounded | golden $protocol.tsv
    done
}

@test "IJB-B and IJB-C" {
    for protocol in ijbb ijbc; do
        eface-eval -q -f tsv --allow-partial --data lists -p $protocol X=templates.h5 | rounded | golden $protocol.tsv
    done
}

# tabled NAME ARGUMENT...: a table in every format.
tabled() {
    local name=$1
    shift
    for extension in txt tex md csv html; do
        eface-table "$@" -o "table.$extension"
        golden "table/$name.$extension" <"table.$extension"
    done
}

@test "a paper's table" {
    tabled paper pairs.json templates.json harder.json harder_templates.json
}

@test "a paper's table transposed, with intervals, sorted, with published figures" {
    tabled transposed --transpose --with-intervals --digits 1 --sort lfw --with-published elasticface,arcface:zoo \
        pairs.json templates.json harder.json harder_templates.json
}

@test "one benchmark in depth" {
    tabled depth --depth ijbc --with-published cosface templates.json harder_templates.json
    tabled depth_lfw --depth lfw --convention iso pairs.json harder.json
}

@test "groups, and figures that were made in different ways" {
    tabled mixed --mixed --group 'Ours=Z,X' --order Z --columns lfw,cfp_fp:eer,lfw:dprime pairs.json harder.json unflipped.json
}

@test "documents that stand alone" {
    for format in latex html; do
        eface-table --standalone -f $format pairs.json harder.json | golden "table/standalone.$format"
    done
}

# scripted NAME KIND ARGUMENT...: the script of a plot, but for the program's version.
scripted() {
    local name=$1 kind=$2
    shift 2
    need_gnuplot
    eface-plot "$kind" "$@" --keep plots
    sed '1s/eface-plot [0-9.]*/eface-plot VERSION/' "plots/$kind.gp" | golden "plot/$name.gp"
}

# plotted KIND ARGUMENT...: script and data, these but for the last digits of reals.
plotted() {
    local kind=$1
    scripted "$kind" "$@"
    awk '/^#/ { print; next } { for (i = 1; i <= NF; i++) if ($i ~ /[.e]/) $i = sprintf("%.9g", $i); print }' "plots/$kind.dat" |
        golden "plot/$kind.dat"
}

@test "plots of every kind" {
    printf '0.01 0.5\n0.1 0.75\n1 1\n' >reference.txt
    plotted roc --size page -p lfw,cfp_fp pairs.json harder.json --reference "CFP-FP:50% of 'X'=reference.txt" --bands
    plotted det -p lfw,ijbc pairs.json templates.json harder.json harder_templates.json --size slide
    plotted cmc -p ijbc templates.json harder_templates.json
    plotted hist -p lfw pairs.json harder.json
    plotted distractors distractors1.json distractors1.2.json
    plotted tar pairs.json templates.json harder.json harder_templates.json --at 1e-1
}

@test "a plot in the words of each format" {
    for format in pdf svg png eps cairolatex tikz text; do
        scripted "roc_$format" roc -p lfw --no-bands -f $format pairs.json harder.json
    done
}
