#!/usr/bin/env bats
# Where results go: formats, files that appear whole or not at all, and failures to write.
load helper

@test "the extension of -o chooses the format" {
    h5make good x.h5
    for extension in txt json tsv csv md; do
        eface-eval -q x.h5 -o "r.$extension"
    done
    cmp r.txt <(eface-eval x.h5)
    cmp r.tsv <(eface-eval -f tsv x.h5)
    cmp r.json <(eface-eval -f json x.h5)
    columns=protocol,model,metric,point,convention,value,ci_low,ci_high,errors,trials,threshold,false_matches,impostors
    columns+=,few_false_matches,flip,norm,weight,media,partial,undefined,least,most,noise,distractors,excluded,per_subject
    columns+=,exclude_same,probes
    [ "$(head -1 r.csv)" = "$columns" ]
    [ "$(head -1 r.tsv | tr '\t' ,)" = "$columns" ]
    # Every row has all of them, and the counts behind a rate.
    awk -F'\t' 'NF != 28 { bad++ } $3 == "tar_at_far" && $20 == "NA" && $6 != 1 - $9 / $10 && \
        ($6 - 1 + $9 / $10) ^ 2 > 1e-20 { bad++ } END { exit bad > 0 }' r.tsv
    grep -q '^|:---|---:|' r.md
    grep -q '"schema": 1' r.json
    run eface-eval x.h5 -o r.yaml
    fails_with 2 '--format'
    eface-eval -q x.h5 -o r.yaml -f md
    cmp r.yaml r.md
}

@test "a name that JSON, CSV and Markdown must quote is quoted" {
    h5make good x.h5
    eface-eval -f json 'a "b" | c,d=x.h5' | grep -q '"model": "a \\"b\\" | c,d"'
    eface-eval -f csv 'a "b" | c,d=x.h5' | grep -q '^pairs,"a ""b"" | c,d",auc,'
    eface-eval -f tsv "$(printf 'a\tb=x.h5')" | grep -q '^pairs	a b	auc	'
    eface-eval -f md 'a|b=x.h5' 'c=x.h5' | grep -q 'a\\|b'
    eface-eval -f json "$(printf 'caf\xe9=x.h5')" | grep -q '"model": "caf'
}

@test "a result holds size and hash of every input" {
    h5make good x.h5
    h5make ids y.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >list.csv
    eface-eval -f json --pairs list.csv y.h5 >r.json
    for file in y.h5 list.csv "$top/protocols/pairs.ini"; do
        grep -q "\"sha256\": \"$(sha256sum <"$file" | cut -d' ' -f1)\"" r.json
    done
    grep -q "\"bytes\": $(stat -c %s y.h5)" r.json
    run -0 eface-eval -v x.h5
    says "$(sha256sum <x.h5 | cut -d' ' -f1)"
    says 'tiny, convention iso:'
}

@test "what came through a pipe has its own hash and size" {
    h5make ids y.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >list.csv
    eface-eval -f json --pairs <(cat list.csv) -p <(cat "$top/protocols/pairs.ini") y.h5 >r.json
    for file in list.csv "$top/protocols/pairs.ini"; do
        grep -q "\"sha256\": \"$(sha256sum <"$file" | cut -d' ' -f1)\"" r.json
    done
    grep -q "\"bytes\": $(stat -c %s list.csv)" r.json
    run -0 eface-eval -v --pairs /dev/stdin y.h5 < <(cat list.csv)
    says "$(sha256sum <list.csv | cut -d' ' -f1)  $(stat -c %s list.csv) bytes  /dev/stdin"
    eface-eval -f json --pairs /dev/stdin y.h5 <list.csv | grep "$(sha256sum <list.csv | cut -d' ' -f1)"
}

@test "scores of any size are evaluated" {
    for score in 1e17 1.7e308 -3e306 1e-300; do
        printf '1 %s\n0 %s\n' "$score" "$score" >equal.txt
        run -0 eface-eval --scores equal.txt
        says 'AUC '
    done
    printf '1 3e306\n0 -3e306\n1 1e306\n' >wide.txt
    run -0 eface-eval --scores wide.txt
    says 'AUC '
    says '1.00000'
}

@test "a full disk is an error, and nothing is left behind" {
    [ -w /dev/full ] || skip 'no /dev/full'
    h5make good x.h5
    for format in text json tsv csv md; do
        run eface-eval -f $format x.h5 -o /dev/full
        fails_with 3 '/dev/full: could not be written: No space left on device'
        run bash -c "'$EFACE_BIN/eface-eval' -f $format x.h5 2>&1 >/dev/full"
        fails_with 3 'standard output could not be written'
    done
    run bash -c "'$EFACE_BIN/eface-eval' --help 2>&1 >/dev/full"
    fails_with 3 'standard output could not be written'
}

@test "a closed pipe ends quietly" {
    h5make good x.h5
    run bash -c "set -o pipefail; { '$EFACE_BIN/eface-eval' -f json x.h5 2>err; } | true; echo \${PIPESTATUS[0]}; cat err"
    [ "$output" = 0 ]
}

@test "an output that cannot be written is said before any work" {
    h5make good x.h5
    run eface-eval x.h5 -o no/such/folder/r.json
    fails_with 3 'no/such/folder/r.json: cannot be written'
    mkdir folder.json
    run eface-eval x.h5 -o folder.json
    fails_with 3 'folder.json'
}

@test "a failed evaluation leaves the old file alone" {
    h5make nan x.h5
    echo old >r.json
    run eface-eval x.h5 -o r.json
    [ "$status" -eq 3 ]
    [ "$(cat r.json)" = old ]
    [ "$(find . -name 'r.json*' | wc -l)" -eq 1 ]
}

@test "no colour outside a terminal, colour inside one unless NO_COLOR is set" {
    h5make good x.h5
    eface-eval x.h5 | { ! grep -q $'\033'; }
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminal can be made here'
    TERM=xterm NO_COLOR='' script -qec "$EFACE_BIN/eface-eval x.h5" /dev/null </dev/null | grep -q $'\033\\[1m'
    TERM=xterm NO_COLOR=1 script -qec "$EFACE_BIN/eface-eval x.h5" /dev/null </dev/null | { ! grep -q $'\033\\[1m'; }
}

@test "an output that is an input is refused, and the input left as it is" {
    h5make good x.h5
    h5make ids y.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >list.csv
    sha256sum x.h5 y.h5 list.csv >sums
    ln -s x.h5 link.json
    run eface-eval -f json x.h5 -o x.h5
    fails_with 2 'x.h5 is an input'
    run eface-eval x.h5 -o link.json
    fails_with 2 'link.json is an input'
    run eface-eval --pairs list.csv y.h5 -o list.csv
    fails_with 2 'list.csv is an input'
    sha256sum -c --quiet sums
}

@test "an output that is a list of the benchmark is refused, also when it is not read" {
    eface-synth -q -o c.h5 --lists lists --protocol ijbc,lfw --scale 0.003 --dim 8
    eface-synth -q -o n.h5 --lists lists --protocol ijbc --nist --scale 0.003 --dim 8
    find lists -type f -exec sha256sum {} + >sums
    [ "$(wc -l <sums)" -eq 11 ]
    for folder in lists lists/IJBC lists/IJBC/meta; do
        run eface-eval -f tsv -p ijbc --allow-partial -m cmc@1 --data $folder c.h5 -o lists/IJBC/meta/ijbc_template_pair_label.txt
        fails_with 2 'lists/IJBC/meta/ijbc_template_pair_label.txt is a list of ijbc; the results must go to another file'
    done
    ln lists/IJBC/meta/ijbc_name_5pts_score.txt hard.tsv
    run eface-eval -p ijbc --allow-partial --weight none --data lists c.h5 -o hard.tsv
    fails_with 2 'hard.tsv is a list of ijbc'
    run eface-eval -f tsv -p ijbc --allow-partial --data lists c.h5 -o lists/IJBC/protocols/ijbc_11_G1_G2_matches.csv
    fails_with 2 'is a list of ijbc'
    EFACE_DATA=lists run eface-eval -p lfw --allow-partial c.h5 -o lists/lfw/pairs.txt
    fails_with 2 'lists/lfw/pairs.txt is a list of lfw'
    sha256sum -c --quiet sums
    run -0 eface-eval -p lfw --allow-partial --data lists c.h5 -o lists/lfw/result.txt
}

@test "no control character of a name reaches the terminal" {
    h5make good x.h5
    eface-eval "$(printf 'a\033[2Jb=x.h5')" | { ! grep -q $'\033'; }
    # Nor one of Unicode, one that turns the direction of text, nor what is no UTF-8.
    local LC_ALL=C name format
    name=$(printf 'a\302\233b\342\200\256c\351d')
    for format in text md csv tsv; do
        run -0 eface-eval -f $format "$name=x.h5"
        says a??b
        [[ $output != *$'\302\233'* && $output != *$'\342\200\256'* && $output != *$'\351'* ]]
    done
    run -3 eface-eval "$name.h5"
    says 'eface-eval: a??b???c?d.h5: '
}

@test "a file that is replaced keeps its permissions, and a link its target" {
    h5make good x.h5
    echo old >target.json
    chmod 600 target.json
    ln -s target.json link.json
    eface-eval -q x.h5 -o link.json
    [ -L link.json ]
    [ "$(stat -c %a target.json)" = 600 ]
    grep -q schema target.json
}

@test "a run that is ended leaves no temporary file" {
    h5make good x.h5
    mkfifo scores.txt
    "$EFACE_BIN/eface-eval" --scores scores.txt -o r.json &
    sleep 0.3
    kill "$!"
    wait "$!" || true
    [ -z "$(find . -name 'r.json*')" ]
}
