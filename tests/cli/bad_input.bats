#!/usr/bin/env bats
# Bad input: one clear sentence, the right exit status, no output, nothing written.
load helper

# refuses STATUS TEXT ARGUMENT...: with the arguments eface-eval ends with STATUS, says TEXT in one line, prints nothing
# and leaves result.json as it was.
refuses() {
    local expected=$1 text=$2 left
    shift 2
    echo before >result.json
    heard eface-eval "$@" -o result.json
    if [ "$status" -ne "$expected" ] || [[ "$stderr" != *"$text"* ]] || [ -n "$output" ]; then
        echo "status $status, not $expected; said: $stderr; expected: $text; printed: $output"
        return 1
    fi
    [[ "$stderr" != *$'\n'* ]]
    left=(result.json*)
    [ "${left[*]}" = result.json ]
    mapfile -t left <result.json
    [ "${left[*]}" = before ]
}

@test "a file that is not there, not HDF5, or cut off" {
    refuses 3 'nothing.h5' nothing.h5
    echo 'not a set' >text.h5
    refuses 3 'text.h5' text.h5
    refuses 3 'but text: --scores reads scores, and --pairs names the pairs of a set' text.h5
    echo '{"results": []}' >r.json
    refuses 3 'r.json: is not an HDF5 file, but JSON: eface-table and eface-plot read results' r.json
    says_one_of() { [[ "$stderr" == *HDF5* ]]; }
    says_one_of
    : >empty.h5
    refuses 3 'empty.h5' empty.h5
    h5make good good.h5
    for bytes in 100 1000 3000 6000 10000; do
        head -c $bytes good.h5 >cut.h5
        refuses 3 'cut.h5' cut.h5
    done
    refuses 3 '.' .
}

@test "sets without embeddings, or with wrong ones" {
    h5make no-embeddings x.h5
    refuses 3 'embeddings' -p pairs x.h5
    h5make rank1 x.h5
    refuses 3 'x.h5:/embeddings' x.h5
    h5make rank3 x.h5
    refuses 3 'x.h5:/embeddings' x.h5
    h5make integer x.h5
    refuses 3 'integer' x.h5
    h5make good x.h5
    refuses 3 'no group' x.h5:/lwf
}

@test "a set that is named after another benchmark is noted" {
    eface-synth -q -p lfw --scale 0.01 --dim 8 -o x.h5
    cp "$top/protocols/lfw.ini" other.ini
    run -0 eface-eval -p other.ini -d lists --allow-partial x.h5:/lfw
    says 'note: x.h5:/lfw is named after the protocol lfw, but evaluated as other'
}

@test "values that are no vectors are named by dataset and row" {
    h5make nan x.h5
    refuses 3 'x.h5:/embeddings row 12: not finite' x.h5
    h5make infinite x.h5
    refuses 3 'x.h5:/embeddings row 13: not finite' x.h5
    h5make zero x.h5
    refuses 3 'x.h5:/embeddings row 17' x.h5
}

@test "labels and pairs that do not fit" {
    h5make odd x.h5
    refuses 3 'has 79 rows, but x.h5:/issame labels 40 pairs' x.h5
    h5make bad-label x.h5
    refuses 3 'x.h5:/issame row 5: 2 is neither 0' x.h5
    h5make one-class x.h5
    refuses 3 '40 genuine and 0 impostor pairs' x.h5
    h5make beyond x.h5
    refuses 3 'x.h5:/pairs row 9: row 80 is beyond the 80 rows' x.h5
    h5make negative x.h5
    refuses 3 'x.h5:/pairs row 9: row -1 is beyond' x.h5
}

@test "lists that do not fit" {
    h5make ids x.h5
    refuses 3 'no.csv' --pairs no.csv x.h5
    : >list.csv
    refuses 3 'list.csv' --pairs list.csv x.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,yes\n' >list.csv
    refuses 3 "list.csv:2: " --pairs list.csv x.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,1\n' >list.csv
    refuses 3 '2 genuine and 0 impostor' --pairs list.csv x.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,nobody_0002,0\nperson_0_0001,nobody_0003,0' >list.csv
    refuses 3 "list.csv:2: no image 'nobody_0002' in x.h5:/ids (the first there is 'person_0/person_0_0001.jpg'); 2 of the 4 images" --pairs list.csv x.h5
    printf 'row1,row2,label\n0,1,1\n0,80,0\n' >list.csv
    refuses 3 'list.csv:3: row 80 is beyond the 80 rows' --pairs list.csv x.h5
    printf '0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >list.csv
    refuses 3 "list.csv:1: no image '0001'" --pairs list.csv x.h5
    h5make duplicate x.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >list.csv
    refuses 3 "person_1/person_1_0004.jpg" --pairs list.csv x.h5
    h5make plain x.h5
    refuses 3 "list.csv:1: 'person_0_0001' is not a row number" --pairs list.csv x.h5
}

@test "a list with CRLF and without a last line end is fine" {
    h5make ids x.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\n' >unix.csv
    printf 'person_0_0001,person_0_0002,1\r\nperson_0_0001,person_1_0002,0' >dos.csv
    eface-eval -f tsv --pairs unix.csv x.h5 >expected
    eface-eval -f tsv --pairs dos.csv x.h5 | diff expected -
}

@test "missing images can be skipped, and the result says so" {
    h5make ids x.h5
    {
        for k in $(seq 0 9); do
            printf 'person_%d_0001,person_%d_0002,1\nperson_%d_0003,person_%d_0004,0\n' "$k" "$k" "$k" "$k"
        done
        echo 'person_3_0001,nobody,0'
    } >list.csv
    refuses 3 '(--skip-missing leaves those pairs out)' --pairs list.csv x.h5
    run -0 eface-eval --pairs list.csv --skip-missing x.h5
    says '20 pairs (10 genuine, 10 impostor), 10 folds'
    says '1 of 21 pairs left out'
    eface-eval --pairs list.csv --skip-missing -f json x.h5 | grep -q '"left_out": 1'
}

@test "a list of other images altogether" {
    h5make ids x.h5
    printf 'a,b,1\na,c,0\n' >list.csv
    refuses 3 'none of its 2 pairs can be compared' --pairs list.csv --skip-missing x.h5
}

@test "scores that do not fit" {
    printf '1 0.5\n0 x\n' >s.txt
    refuses 3 "s.txt:2: score 'x' is not a finite number" --scores s.txt
    printf '1 0.5\n0 nan\n' >s.txt
    refuses 3 "s.txt:2: score 'nan'" --scores s.txt
    printf '0.5 1\n0.4 0\n' >s.txt
    refuses 3 "s.txt:1: label '0.5' is neither 0" --scores s.txt
    printf '1 0.5\n0 nan\n\n# 0 nan\n0 0.1\n2 0.3\n0\n' >s.txt
    refuses 3 "s.txt:2: score 'nan' is not a finite number (and 2 more lines)" --scores s.txt
    printf '1 nan\n0 0.5\n' >s.txt
    refuses 3 "s.txt:1: score 'nan'" --scores s.txt
    printf '1 0.5 3\n' >s.txt
    refuses 3 's.txt:1: 3 fields' --scores s.txt
    printf 'a b\n1 2\n' >s.txt
    refuses 3 's.txt:1: neither a line' --scores s.txt
    printf 'label,label,score\n1,0,0.5\n' >s.txt
    refuses 3 's.txt:1: column "label" has been named already' --scores s.txt
    printf 'cosine score same\n0.5 0.4 1\n' >s.txt
    refuses 3 's.txt:1: column "score" has been named already' --scores s.txt
    printf '1 0.5\n1 0.4\n' >s.txt
    refuses 3 's.txt has 2 genuine and 0 impostor scores' --scores s.txt
    printf '# nothing\n\n' >s.txt
    refuses 3 's.txt: no scores' --scores s.txt
    printf '1 0.5\n0 0.1\n1\n' >s.txt
    refuses 3 's.txt:3: 1 field where 2 were expected' --scores s.txt
}

@test "wrong usage is told apart from bad data" {
    h5make good x.h5
    refuses 2 'no file' -q
    refuses 2 "did you mean '--threads'?" --thraeds 2 x.h5
    refuses 2 "unknown option '-Z'" -Z x.h5
    run eface-eval x.h5 --threads
    fails_with 2 '--threads needs a value'
    refuses 2 "'two' is not a value for --threads N: it must be a whole number" --threads two x.h5
    refuses 2 "'lots' is not a value for --memory SIZE: a size is a whole number with K, M, G or T behind it, 500M or 4G (B: bytes)" \
        --memory lots x.h5
    refuses 2 '--memory 99999999999G is too large' --memory 99999999999G x.h5
    refuses 2 "--memory 4: 4 bytes? For gigabytes write 4G, for bytes 4B" --memory 4 x.h5
    # Options are written out, so that new ones change nothing.
    refuses 2 "unknown option '--allow-p'; did you mean --allow-partial?" --allow-p x.h5
    refuses 2 "unknown option '--memo'; did you mean --memory?" --memo=2G x.h5
    refuses 2 "unknown option '--memo'; did you mean --memory?" --memo 2G x.h5
    refuses 2 "unknown option '--memo'; did you mean --memory?" --memo
    refuses 2 "unknown option '--metric'; did you mean --metrics?" x.h5 --metric accuracy
    refuses 2 "unknown option '--qui'" --qui=3 x.h5
    refuses 2 "compares a share, from 0 to 1, with 99: for 99 % write 0.99" --assert 'accuracy >= 99' x.h5
    refuses 2 "compares a share, from 0 to 1, with -1" --assert 'tar_at_far@1e-3 > -1' x.h5
    refuses 2 "'high' is not a value for --confidence X: it must be a number" --confidence high x.h5
    refuses 2 '--data needs the folder of the official lists, but the name given is empty' --data '' x.h5
    refuses 2 'takes no value' --quiet=3 x.h5
    refuses 2 "no format 'yaml'" --format yaml x.h5
    refuses 2 'convention' --convention other x.h5
    refuses 2 'interval' --interval wald x.h5
    refuses 2 '--confidence' --confidence 95 x.h5
    refuses 2 'has no >=' --assert 'auc' x.h5
    refuses 2 'not a number' --assert 'auc > big' x.h5
    refuses 2 'names no protocol' --assert ' :auc > 0' x.h5
    refuses 2 'needs a point' -m tar_at_far x.h5
    refuses 2 'takes no point' -m auc@3 x.h5
    refuses 2 'not defined for scores' -p scores -m accuracy x.h5
    run eface-eval --format json --format tsv x.h5
    fails_with 2 '--format is given twice'
    refuses 2 'an empty name' -m auc,,eer x.h5
    refuses 2 "chosen with -p lfw" lfw x.h5
    refuses 2 'lfw is not a protocol for scores' -p lfw --scores s.txt
    refuses 2 'do not apply to --scores' --scores s.txt --flip sum
    refuses 2 "did you mean 'tar_at_far'?" -m tar@1e-3 x.h5
    h5make ids y.h5
    refuses 2 'say which benchmark it is: --protocol lfw' y.h5
    h5make ijb z.h5
    refuses 2 'z.h5: no set in it is named after a protocol or has pairs of its own; say which benchmark it is: --protocol ijbc' z.h5
    h5make empty e.h5
    refuses 3 'e.h5: has no embeddings: it is empty' e.h5
    refuses 3 'e.h5: has no embeddings: it is empty' -p lfw e.h5
    refuses 2 '--data' -p lfw y.h5
    refuses 3 "neither in this folder nor in its 'lfw' (--data)" -p lfw --data . y.h5
}
