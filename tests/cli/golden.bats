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
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
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
