#!/usr/bin/env bats
# Benchmarks as text files: adding one, and what is said of wrong ones.
load helper

# protocol LINE...: writes mine.ini with the lines in place of its usual metrics.
protocol() {
    printf '%s\n' '[protocol]' 'title = Mine' 'convention = iso' '[lists]' 'folds = 4' '[verify-pairs]' "$@" >mine.ini
}

@test "a benchmark of one's own is one text file" {
    h5make ids emb.h5
    mkdir protocols lists lists/mine
    cat >protocols/mine.ini <<'END'
; a benchmark of my own
[protocol]
title      = My benchmark
cite       = Somebody (2026)
convention = iso
[lists]
pairs = csv pairs.csv
[expect]
pairs     = 6
genuine   = 3
impostors = 3
folds     = 2
[verify-pairs]
accuracy   =
tar_at_far = 0.4
  0.5                 ; continued
END
    cat >lists/mine/pairs.csv <<'END'
person_0_0001;person_0_0002;1;1
person_1_0001;person_1_0002;1;1
person_2_0001;person_2_0002;1;2
person_0_0001;person_1_0001;0;1
person_1_0002;person_2_0003;0;2
person_5_0001;person_9_0004;0;2
END
    run -0 eface-eval -p mine --data lists emb.h5
    says 'My benchmark: 6 pairs (3 genuine, 3 impostor), 2 folds, convention iso'
    says 'TAR @ FAR 0.5'
    eface-eval -p mine --data lists -f tsv emb.h5 >expected
    eface-eval -p protocols/mine.ini --data lists/mine -f tsv emb.h5 | diff expected -
    EFACE_DATA=lists eface-eval -p MINE -f tsv emb.h5 | diff expected -
    mv protocols elsewhere
    EFACE_PROTOCOLS=nowhere:elsewhere eface-eval -p mine --data lists -f tsv emb.h5 | diff expected -
    run -0 env EFACE_PROTOCOLS=elsewhere "$EFACE_BIN/eface-eval" --list-protocols
    says 'My benchmark'
    says 'LFW'
}

@test "a set named after a protocol is found in the file" {
    h5make group emb.h5
    mkdir protocols
    protocol 'auc ='
    mv mine.ini protocols/lfw.ini
    run -0 eface-eval emb.h5
    says 'emb.h5:/lfw'
    run -0 eface-eval -p lfw emb.h5
    says 'emb.h5:/lfw'
    run -0 eface-eval -p pairs emb.h5:/lfw
    says 'emb.h5:/lfw'
    rm protocols/lfw.ini
    printf '0,1,1\n2,3,0\n' >list.csv
    run eface-eval --pairs list.csv emb.h5
    fails_with 3 'groups there: lfw; name one: emb.h5:/lfw'
}

@test "an unknown protocol, metric or key suggests the nearest name" {
    h5make good emb.h5
    run eface-eval -p lwf emb.h5
    fails_with 2 "did you mean 'lfw'?"
    run eface-eval -p ijcb emb.h5
    fails_with 2 "no protocol 'ijcb'; did you mean 'ijbb' or 'ijbc'?"
    run eface-eval -p IJB emb.h5
    fails_with 2 "no protocol 'IJB'; did you mean 'ijbb' or 'ijbc'?"
    run eface-eval -m tra_at_far@1e-3 emb.h5
    fails_with 2 "did you mean 'tar_at_far'?"
    run eface-eval --explain acuracy
    fails_with 2 "did you mean 'accuracy'?"
    protocol 'tra_at_far = 1e-3'
    run eface-eval -p mine.ini emb.h5
    fails_with 3 "mine.ini:7: no metric 'tra_at_far'; did you mean 'tar_at_far'?"
    protocol 'auc =' '[expect]' 'genuin = 5'
    run eface-eval -p mine.ini emb.h5
    fails_with 3 "mine.ini:9: no key 'genuin'; did you mean 'genuine'?"
    protocol 'auc =' '[embedding]' 'flip = none'
    run eface-eval -p mine.ini emb.h5
    fails_with 3 "mine.ini:8: no section 'embedding'; did you mean 'embeddings'?"
    protocol 'auc =' '[embeddings]' 'flip = some'
    run eface-eval -p mine.ini emb.h5
    fails_with 3 'mine.ini:9: '
    sed -i 's/folds = 4/pairs = cvs a.csv/' mine.ini
    run eface-eval -p mine.ini emb.h5
    fails_with 3 "mine.ini:5: no list format 'cvs'; did you mean 'csv'?"
}

@test "wrong protocol files are refused with their line" {
    h5make good emb.h5
    refused() { # LINE-NUMBER TEXT
        run eface-eval -p mine.ini emb.h5
        fails_with 3 "mine.ini:$1: "
        says "$2"
    }
    protocol 'tar_at_far = 1e-3 two';    refused 7 "'two' is not a point"
    protocol 'tar_at_far = 1e-3 1.5';    refused 7 "'1.5' is not a point"
    protocol 'tar_at_far =';             refused 7 'needs points'
    protocol 'auc = 3';                  refused 7 'takes no point'
    protocol 'auc =' 'auc =';            refused 8 'second time'
    protocol 'auc =' '[lists]';          refused 8 'twice'
    protocol 'auc =' 'just words';       refused 8 'neither'
    protocol 'auc =' '[scores]' 'eer ='; refused 8 'has a task already'
    protocol 'auc =' '[expect]' 'pairs = many'; refused 9 "'many' is not a count"
    protocol 'auc =' 'tar_at_far = 1e-2'
    quoted() { # TEXT WORD ...
        run eface-eval -p <(sed "2i quote = ${*:2}" mine.ini) emb.h5
        fails_with 3 "$1"
    }
    quoted ":2: no metric 'acuracy'; did you mean 'accuracy'" auc, acuracy
    quoted ":2: the metric tar_at_far needs a point" tar_at_far
    quoted ":2: '2' is not a point of tar_at_far" tar_at_far@2
    quoted ":2: quotes tar_at_far@1e-3, which is none of the figures that the file asks for" tar_at_far@0.01 tar_at_far@1e-3
    quoted ':2: auc is quoted twice' auc , auc
    quoted ':2: a value is missing' ','
    protocol 'auc =' '[protocol]'; refused 8 'twice'
    sed -i 's/^title.*/place = 0/' mine.ini; sed -i '$d' mine.ini; refused 2 "'0' is not a place in tables"
    protocol "auc = $(printf '%0300d' 0)"; refused 7 'too long'
    printf 'auc =\n[verify-pairs]\n' >mine.ini; refused 1 'before the first'
    printf '[protocol]\ntitle = x\n' >mine.ini
    run eface-eval -p mine.ini emb.h5
    fails_with 3 'mine.ini: no task: a section [verify-pairs], '
    says '[verify-all-pairs], [identify-all-pairs], [verify-distractors] or [identify-distractors] lists the metrics'
    printf '[verify-pairs]\n' >mine.ini
    run eface-eval -p mine.ini emb.h5
    fails_with 3 'lists no metric'
}

@test "counts that differ from the protocol's are an error, or said in the result" {
    h5make good emb.h5
    protocol 'auc =' '[expect]' 'pairs = 41'
    run eface-eval -p mine.ini emb.h5
    fails_with 3 'mine.ini:9: Mine has 41 pairs, but there are 40 in emb.h5'
    run -0 eface-eval -p mine.ini --allow-partial emb.h5
    says 'note: partial: 40 pairs instead of the 41 of Mine'
    eface-eval -p mine.ini --allow-partial -f json emb.h5 | grep -q '"partial": true'
}

@test "every shipped protocol can be loaded" {
    run -0 eface-eval --list-protocols
    for file in "$top"/protocols/*.ini; do
        name=${file##*/}
        says "${name%.ini}"
    done
}

@test "a set named after a broken protocol is an error, not another protocol" {
    h5make group emb.h5
    mkdir protocols
    protocol 'auc = 3'
    mv mine.ini protocols/lfw.ini
    run eface-eval emb.h5
    fails_with 3 'protocols/lfw.ini:7: '
}

@test "a set whose list cannot be found is passed over when others can be evaluated" {
    eface-synth -q --protocol agedb_30,calfw --scale 0.02 --dim 8 -o emb.h5
    run -0 eface-eval --allow-partial emb.h5
    says 'AgeDB-30: 120 pairs'
    says 'eface-eval: emb.h5:/calfw: passed over under calfw: calfw needs its pair list'
    run eface-eval --allow-partial -p calfw emb.h5
    fails_with 2 'calfw needs its pair list'
}

@test "each benchmark of a run is given the metrics that fit it" {
    eface-synth -q --protocol agedb_30,ijbc --inside --scale 0.003 --dim 8 -o both.h5
    run -0 eface-eval --allow-partial -m accuracy,cmc@1,eer -f tsv both.h5
    [ "$(cut -sf1,3 <<<"$output" | sort -u | paste -sd' ')" = \
        "agedb_30	accuracy agedb_30	eer ijbc	cmc ijbc	eer protocol	metric" ]
    [[ "$output" != *passed* ]]
    run -0 eface-eval --allow-partial -m accuracy both.h5 'mine=both.h5'
    [ "$(grep -c passed <<<"$output")" -eq 2 ]
    says 'eface-eval: both.h5:/ijbc: passed over under ijbc: --metrics asks for no figure that it has'
    says 'eface-eval: mine=both.h5:/ijbc: passed over under ijbc: '
    run eface-eval --allow-partial -p agedb_30 -m accuracy,cmc@1 both.h5
    fails_with 2 'the metric cmc is not defined for agedb_30'
    run eface-eval --allow-partial -m auc,cllr both.h5 --assert 'accuracy > 0.1' -q
    [ "$status" -eq 0 ]
    run eface-eval --allow-partial -p agedb_30,ijbc -m tar_at_far@1e-1,5e-2 both.h5
    fails_with 2 "'5e-2' in the list 'tar_at_far@1e-1,5e-2' is a point without its metric: write tar_at_far@5e-2"
    run eface-eval --allow-partial -m rank1 both.h5
    fails_with 2 "no metric 'rank1'; eface-eval --list-metrics names them"
    eface-synth -q --protocol calfw,ijbc --inside --scale 0.003 --dim 8 -o other.h5 --lists other
    run eface-eval --allow-partial -m accuracy other.h5
    fails_with 2 'nothing was evaluated: every set was passed over'
    says 'other.h5:/calfw: passed over under calfw'
}

@test "protocol files say which sets they are the default for" {
    h5make good emb.h5
    h5make ids bare.h5
    mkdir protocols
    protocol 'auc ='
    eface-eval -q -f tsv emb.h5 >expected
    [ "$(cut -f 1 expected | sort -u | tail -1)" = protocol ]
    [ "$(cut -f 1 expected | sort -u | head -1)" = pairs ]
    # Another one beside the shipped: a choice that the user must make.
    sed '2i default_for = pairs' mine.ini >protocols/mine.ini
    for arguments in emb.h5 '--pairs list.csv emb.h5'; do
        # shellcheck disable=SC2086 # words
        run eface-eval $arguments
        fails_with 2 'the protocols mine and pairs both say that they are the default for pairs'
    done
    run -0 eface-eval -p mine emb.h5
    # One that takes the place of the shipped.
    cp protocols/mine.ini protocols/pairs.ini
    rm protocols/mine.ini
    run -0 eface-eval emb.h5
    says 'Mine: 40 pairs'
    # A broken file in its place is told of; one beside it nobody asked for.
    echo broken >protocols/lfw_view1_test.ini
    run -0 eface-eval emb.h5
    echo broken >protocols/pairs.ini
    run eface-eval emb.h5
    fails_with 3 'protocols/'
    says '.ini:1: '
    rm protocols/*.ini
    sed '2i default_for = embeddings' mine.ini >protocols/lfw.ini
    sed '2i default_for = scores' mine.ini >protocols/wrong.ini
    run eface-eval bare.h5
    fails_with 2 'say which benchmark it is: --protocol lfw'
    run eface-eval -p wrong emb.h5
    fails_with 3 'wrong.ini:2: a protocol of the task verify-pairs cannot be the default for scores'
    sed -i 's/= scores/= score/' protocols/wrong.ini
    run eface-eval -p wrong emb.h5
    fails_with 3 "wrong.ini:2: no kind of sets 'score'; did you mean 'scores'"
}
