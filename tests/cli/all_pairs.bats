#!/usr/bin/env bats
# All pairs of a labelled set: 80 images of 20 people (h5make), 3160 pairs, 120 of them genuine.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make people emb.h5
    h5make people-wrong wrong.h5
    h5make people-probes probes.h5
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/emb.h5 "$BATS_FILE_TMPDIR"/wrong.h5 "$BATS_FILE_TMPDIR"/probes.h5 .
}

pairs() {
    eface-eval -p all-pairs "$@"
}

# refuses STATUS TEXT ARGUMENT...: eface-eval ends with STATUS, says TEXT in one line, prints nothing.
refuses() {
    local expected=$1 text=$2
    shift 2
    run --separate-stderr eface-eval -p all-pairs "$@"
    if [ "$status" -ne "$expected" ] || [[ "$stderr" != *"$text"* ]] || [ -n "$output" ]; then
        echo "status $status, not $expected; said: $stderr; expected: $text; printed: $output"
        return 1
    fi
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "rates over every pair, and each image searched among the others" {
    run -0 pairs emb.h5
    says 'all pairs 1:1: 3160 pairs (120 genuine, 3040 impostor), convention iso'
    says 'all pairs 1:N: 80 images, each searched among all other images (79), convention iso'
    says 'CMC rank 10'
    says 'FAR below 1/impostors'
}

@test "the same for any number of threads and any memory" {
    pairs -q -f tsv emb.h5 >expected
    for way in '-t 1' '-t 3' '--memory 20K' '--memory 1K -t 2' '--memory 8G'; do
        # shellcheck disable=SC2086 # words
        pairs -q -f tsv $way emb.h5 | diff expected -
    done
}

# More than four million impostors are counted in a histogram, and here come in several blocks; a false accept rate of 0.3 asks for more scores than little memory keeps.
@test "bounds and curves too, where scores are too many to keep" {
    not_under_valgrind
    eface-synth -q -p all-pairs --images 2920 --dim 20 -o many.h5
    metrics=eer,auc,tar_at_far@0.3,tar_at_far@1e-4
    pairs -q -f json -m $metrics many.h5 >expected
    for way in '-t 1' '-t 3 --memory 1K' '--memory 8G'; do
        # shellcheck disable=SC2086 # words
        pairs -q -f json -m $metrics $way many.h5 | diff expected -
    done
    # Without areas there is no histogram.
    pairs -q -f json -m "${metrics#*,*,}" many.h5 >expected
    pairs -q -f json -m "${metrics#*,*,}" -t 3 --memory 1K many.h5 | diff expected -
}

@test "figures that need no areas go without a histogram" {
    pairs -q -f json -m tar_at_far@1e-2 emb.h5 >few.json
    pairs -q -f json emb.h5 >all.json
    run ! grep -q '"histogram"' few.json
    grep -q '"histogram"' all.json
    run -0 pairs -q -m cmc@1,tpir_at_fpir@0.1 emb.h5
    says 'all pairs 1:N'
    run ! grep -q '1:1' <<<"$output"
}

@test "impostor pairs that score like genuine ones are named" {
    run -0 pairs wrong.h5
    says 'impostor pairs that score like genuine ones; are their labels right?'
    says '1.00000, above 100.00 % of genuine pairs: person_2/person_2_0002.jpg (102) and person_10/person_10_0001.jpg (110)'
    run -0 pairs --suspects 0 wrong.h5
    run ! grep -q 'impostor pairs that score' <<<"$output"
    pairs -q -f json wrong.h5 >result.json
    grep -q '"suspects"' result.json
    grep -q 'person_10/person_10_0001.jpg' result.json
}

@test "pairs of one media or group are left out, and said" {
    run -0 pairs --exclude-same media emb.h5
    says '3120 pairs (80 genuine, 3040 impostor)'
    says "40 pairs of images with the same value in emb.h5:/media are left out"
    run -0 pairs --exclude-same groups emb.h5
    says '2560 pairs (120 genuine, 2440 impostor)'
    says 'each searched among all other images (up to 79)'
    pairs -q -f json --exclude-same media emb.h5 | grep -q '"excluded": 40'
}

@test "probes and gallery, by dataset or by list" {
    run -0 pairs probes.h5
    says '1600 pairs (80 genuine, 1520 impostor)'
    says '40 images, each searched among the other images (40)'
    for i in $(seq 0 79); do
        [ $((i % 2)) -eq 0 ] || printf 'person_%d/person_%d_%04d.jpg\n' $((i / 4)) $((i / 4)) $((i % 4 + 1))
    done >list.txt
    pairs -q -f tsv X=probes.h5 | cut -f -27 >expected # up to what tells the probes
    pairs -q -f tsv --probes list.txt X=emb.h5 | cut -f -27 | diff expected -
    run -0 pairs --probes list.txt -v emb.h5
    says '40 probes, by list.txt, are compared with the other 40 images'
    says 'probes     '
    echo person_3/person_3_0002.jpg >one.txt
    run -0 pairs --probes one.txt emb.h5
    says 'note: 1 probe, by one.txt, is compared with the other 79 images'
}

@test "no more than some images of each subject" {
    run -0 pairs --per-subject 2 emb.h5
    says '780 pairs (20 genuine, 760 impostor)'
    says 'only the first 2 images of each subject are compared: 40 are left out'
}

@test "labels that tell nothing are refused" {
    h5make people-unlabelled none.h5
    refuses 3 'none.h5:/labels is missing' none.h5
    [[ "$stderr" == *"--labels-from ids takes them from there; or write them into the file, in Python: "* ]]
    h5make people-one one.h5
    refuses 3 "one.h5:/labels: all 80 images are of one subject, '7'" one.h5
    h5make people-alone alone.h5
    refuses 3 'alone.h5:/labels: no two images are of the same subject' alone.h5
    refuses 3 'once no more than --per-subject images of each are left' --per-subject 1 emb.h5
    h5make people-nan nan.h5
    refuses 3 'nan.h5:/embeddings row 12' nan.h5
}

@test "an image of nobody known is a stranger to all others" {
    h5make people-nobody nobody.h5
    run -0 pairs nobody.h5
    says 'note: 1 image is of nobody known (labels below 0 or empty in nobody.h5:/labels): strangers to all others'
    says '3160 pairs (117 genuine, 3043 impostor)' # row 5 has lost its three mates
}

@test "systems on different images are not put side by side" {
    run -0 pairs A=emb.h5 B=probes.h5
    says '80 images, each searched among all other images (79)'
    says '40 images, each searched among the other images (40)'
    run -0 pairs A=emb.h5 B=wrong.h5
    says '  CMC rank 1 '
    [ "$(grep -c 'each searched' <<<"$output")" -eq 1 ]
}

@test "what figures were made of stands in CSV too" {
    run -0 pairs -q -f csv --exclude-same media --per-subject 3 emb.h5
    says ',noise,distractors,excluded,per_subject,exclude_same,probes'
    [[ "$(sed -n 2p <<<"$output")" == *',NA,NA,20,3,media,none' ]]
    pairs -q -f tsv probes.h5 | cut -f 25- | grep -q "^0	NA	none	is_probe$"
}

@test "what was left out stands among the settings, in footnotes and in refusals" {
    for i in {0..19}; do
        echo "person_$i/person_${i}_0002.jpg"
    done >list.txt
    head -10 list.txt >shorter.txt
    pairs -q all=emb.h5 -o all.json
    pairs -q media=emb.h5 --exclude-same media -o media.json
    pairs -q few=emb.h5 --per-subject 3 -o few.json
    pairs -q list=emb.h5 --probes list.txt -o list.json
    pairs -q shorter=emb.h5 --probes shorter.txt -o shorter.json
    grep -q '"exclude_same": "none"' all.json
    grep -q '"probes": "none"' all.json
    run ! grep -q '"per_subject": [0-9]' all.json
    grep -q '"exclude_same": "media"' media.json
    grep -q '"per_subject": 3' few.json
    grep -q '"probes": "list"' list.json
    run eface-table all.json media.json
    fails_with 2 "('all') has no pairs left out, but media.json ('media') has pairs of the same media left out"
    run eface-table all.json few.json
    fails_with 2 "('all') has all images of a subject, but few.json ('few') has 3 images a subject at the most"
    run eface-plot roc all.json list.json
    fails_with 2 "'all' (all.json, no probes set apart) and 'list' (list.json, probes by list) were not made alike"
    run eface-table list.json shorter.json
    fails_with 2 "has probe list $(sha256sum <list.txt | cut -c 1-12)..., but"
    run -0 eface-table --mixed all.json media.json few.json list.json
    says 'no pairs left out, no probes set apart, all images of a subject'
    says 'pairs of the same media left out, no probes set apart, all images of a subject'
    says 'no pairs left out, no probes set apart, 3 images a subject at the most'
    says 'no pairs left out, probes by list, all images of a subject, 1200 pairs'
    # A file from before says nothing of them, which agrees with everything; the counts are compared.
    sed '/"exclude_same"/d; /"probes": "/d' media.json >old.json
    run eface-table all.json old.json
    fails_with 2 "has 3160 pairs, but old.json ('media') has 3120 pairs"
}

@test "probes that make no sense are refused" {
    h5make people-all-probes every.h5
    refuses 3 'every.h5:/is_probe: every image is a probe' every.h5
    echo '# nobody' >list.txt
    refuses 3 'list.txt: no image is a probe' --probes list.txt emb.h5
    echo 'nobody.jpg' >list.txt
    refuses 3 "list.txt:1: 'nobody.jpg' is not among emb.h5:/ids" --probes list.txt emb.h5
    printf '# mine\nperson_1/person_1_0002.jpg\n\nperson_1/person_1_0003.jpg\nperson_1/person_1_0002.jpg\n' >list.txt
    refuses 3 "list.txt:5: names 'person_1/person_1_0002.jpg' again, after line 2" --probes list.txt emb.h5
    refuses 3 'missing.txt' --probes missing.txt emb.h5
}

@test "options that say nothing here are refused" {
    run eface-eval -p all-pairs --data . emb.h5
    fails_with 2 '--data is for pairs of images, templates and distractors'
    run eface-eval -p all-pairs --allow-partial emb.h5
    fails_with 2 '--allow-partial is for'
    run eface-eval -p all-pairs --per-subject 0 emb.h5
    fails_with 2 "'0' is not a value for --per-subject N: it must be a whole number, 1 or above"
    run eface-eval -p all-pairs --per-subject -3 emb.h5
    fails_with 2 "'-3' is not a value for --per-subject N: it must be a whole number, 1 or above"
}

@test "threads by the thousand are no more than can run" {
    run -0 eface-eval -q -p all-pairs -t 100000 -m cmc@1 emb.h5
}

@test "options are for all pairs only, and say what they can be" {
    h5make people-no-media plain.h5
    refuses 3 'plain.h5:/media is missing' --exclude-same media plain.h5
    refuses 2 "'camera' is not a value for --exclude-same: there are media and groups" --exclude-same camera emb.h5
    run -2 --separate-stderr eface-eval -p pairs --per-subject 2 emb.h5
    [[ "$stderr" == *'--per-subject is for all pairs of a set: it does not apply to pairs'* ]]
    refuses 2 '--convention insightface is for pairs of images, templates and precomputed scores: it does not apply to all_pairs' --convention insightface emb.h5
    refuses 2 '--suspects names at most 10000 pairs' --suspects 10001 emb.h5
    refuses 2 'accuracy is not defined for all_pairs; there are ' -m accuracy emb.h5
    [[ "$stderr" == *', tar_at_far, '* && "$stderr" == *' and '* ]]
}

@test "tables are made of the results" {
    pairs -q emb.h5 -o result.json
    run -0 eface-table -c all_pairs:tar_at_far@1e-3,all_pairs:cmc@1 result.json
    says 'tiny'
}

@test "claims are checked" {
    run -0 pairs -q --assert 'auc > 0.5' --assert 'cmc@1 > 0' emb.h5
    run -1 pairs -q --assert 'all_pairs:cmc@1 > 1' emb.h5
    says 'assertion failed: all_pairs:cmc@1 > 1: cmc@1 of tiny under all_pairs is '
}
