#!/usr/bin/env bats
# IJB-B and IJB-C: templates from lists or from the set, 1:1 and 1:N.
load helper

# One generated set for all tests: emb.h5 with the lists in lists/, inside.h5 with everything in it.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    eface-synth -q --protocol ijbc --scale 0.005 --dim 32 -o emb.h5 --lists lists
    eface-synth -q --protocol ijbc --scale 0.005 --dim 32 --inside -o inside.h5 --lists inside
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/emb.h5 "$BATS_FILE_TMPDIR"/inside.h5 .
    cp -r "$BATS_FILE_TMPDIR/lists" .
    meta=lists/IJBC/meta
}

ijbc() {
    eface-eval -p ijbc --allow-partial "$@"
}

# small_lists: lists/IJBC/meta becomes those of `h5make ijb`, images in the order of rows that standard input gives.
small_lists() {
    rm -f "$meta"/*
    awk -v meta="$meta/" '
        { name = "person_" int($1 / 4) "/person_" int($1 / 4) "_000" $1 % 4 + 1 ".jpg"
          print name, int($1 / 2) + 1, $1 % 8 < 4 ? $1 : 5 >(meta "ijbc_face_tid_mid.txt")
          score = 500 + $1 % 5 * 125
          print name, "1 2 3 4 5 6 7 8 9 10", score == 1000 ? "1.0" : "0." score >(meta "ijbc_name_5pts_score.txt") }
        END {
            heading = "TEMPLATE_ID,SUBJECT_ID,FILENAME"
            gallery[0] = meta "ijbc_1N_gallery_G1.csv"; gallery[1] = meta "ijbc_1N_gallery_G2.csv"; probes = meta "ijbc_1N_probe_mixed.csv"
            print heading >gallery[0]; print heading >gallery[1]; print heading >probes
            for (k = 0; k < 20; k++) {
                print 2 * k + 1, 2 * k + 2, 1 >(meta "ijbc_template_pair_label.txt")
                print 2 * k + 1, (2 * k + 3) % 40 + 1, 0 >(meta "ijbc_template_pair_label.txt")
                print 2 * k + 1 "," 100 + k ",a.jpg" >gallery[int(k / 10)]
                print 2 * k + 2 "," 100 + k ",b.jpg" >probes
            }
        }'
}

# refuses STATUS TEXT ARGUMENT...: eface-eval ends with STATUS, says TEXT in one line, prints nothing, writes nothing.
refuses() {
    local expected=$1 text=$2 left
    shift 2
    echo before >result.json
    heard eface-eval -p ijbc "$@" -o result.json
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

# refuses_list TEXT: the same of emb.h5 with the lists, counts aside.
refuses_list() {
    refuses 3 "$1" --allow-partial --data lists emb.h5
}

@test "lists and datasets give the same figures, and the folder may be named at any level" {
    ijbc -f tsv --data "$meta" emb.h5 >expected
    [ "$(wc -l <expected)" -gt 40 ]
    ijbc -f tsv --data lists/IJBC emb.h5 | diff expected -
    ijbc -f tsv --data lists emb.h5 | diff expected -
    EFACE_DATA=lists ijbc -f tsv emb.h5 | diff expected -
    ijbc -f tsv inside.h5 | diff expected -
    ijbc -f tsv inside.h5:/ijbc | diff expected -
}

@test "threads and memory change nothing" {
    ijbc -f tsv --data lists emb.h5 >expected
    for way in '-t 1 --memory 1B' '-t 2 --memory 20K' '-t 5 --memory 1B' '-t 5 --memory 1M'; do
        # shellcheck disable=SC2086 # options and their values
        ijbc -f tsv $way --data lists emb.h5 | diff expected -
    done
    OPENBLAS_NUM_THREADS=3 ijbc -f tsv --data lists emb.h5 | diff expected -
}

@test "the result says in words how templates were made" {
    run -0 ijbc --data lists emb.h5
    says 'images as long as they are, weighted by detector score, media averaged, summed'
    says 'flip sum'
    says 'IJB-C 1:1: '
    says 'IJB-C 1:N: '
    run -0 ijbc --data lists --norm unit --weight none --flip none --media unit emb.h5
    says 'flip none'
    run -0 ijbc --data lists -f json --norm unit --weight none --flip none --media unit emb.h5
    says '"norm": "unit"'
    says '"weight": "none"'
    says '"flip": "none"'
    says '"media": "unit"'
    ijbc -f tsv --data lists emb.h5 >expected
    for switch in '--norm unit' '--weight none' '--flip none' '--media unit'; do
        # shellcheck disable=SC2086 # an option and its value
        ijbc -f tsv --data lists $switch emb.h5 >other
        run ! cmp -s other expected
    done
    run eface-eval -p ijbc --norm long inside.h5
    fails_with 2 '--norm'
}

@test "images are matched by id when the set has ids" {
    h5make ijb rows.h5
    h5make ids ids.h5
    ijbc -f tsv X=rows.h5 >expected
    seq 0 79 | small_lists
    ijbc -f tsv --data lists X=ids.h5 | diff expected -
    seq 79 -1 0 | small_lists
    ijbc -f tsv --data lists X=ids.h5 | diff expected -
    seq 0 78 | small_lists
    ijbc -f tsv --data lists X=ids.h5 >/dev/null # an image that is in no list
    sed -i '3s/person_0_0003/person_0_0009/' "$meta/ijbc_face_tid_mid.txt" "$meta/ijbc_name_5pts_score.txt"
    refuses 3 "$meta/ijbc_face_tid_mid.txt:3: no image 'person_0/person_0_0009.jpg' in ids.h5:/ids (the first there is 'person_0/person_0_0001.jpg')" \
        --allow-partial --data lists ids.h5
}

@test "systems stand side by side in both tasks" {
    cp emb.h5 other.h5
    ijbc --data lists one=emb.h5 two=other.h5 >both
    [ "$(grep -c '^IJB-C 1:1: ' both)" -eq 1 ]
    [ "$(grep -c '^IJB-C 1:N: ' both)" -eq 1 ]
    grep -q '^  metric  *one  *two$' both
    [ "$(grep -c 'note: partial: .* templates instead' both)" -eq 2 ]
}

@test "figures that differ between conventions are marked in 1:N too" {
    ijbc --data lists emb.h5 --convention insightface-union -m cmc@1,tpir_at_fpir@0.1 >shown
    ijbc -f tsv --data lists emb.h5 -m cmc@1,tpir_at_fpir@0.1 >figures
    value() { awk -F'\t' -v m="$1" -v c="$2" '$3 == m && $5 == c { printf "%.5f", $6 }' figures; }
    for metric in cmc tpir_at_fpir; do
        title=$([ $metric = cmc ] && echo 'CMC rank 1' || echo 'TPIR @ FPIR 1e-1')
        mark=$(grep -F "$title" shown | grep -c '[0-9]!\{0,1\} *\*' || true)
        [ "$mark" -eq "$([ "$(value $metric iso)" = "$(value $metric insightface-union)" ] && echo 0 || echo 1)" ]
    done
    run ! grep -q 'convention iso and' shown
    ijbc --data lists emb.h5 --verbose -m tpir_at_fpir@0.1 | grep -q 'gallery_2, convention insightface:'
}

@test "remarks on the images" {
    h5make ijb-unit unit.h5
    run -0 eface-eval -q -p ijbc --allow-partial unit.h5
    says 'unit length already'
    run -0 eface-eval -q -p ijbc --allow-partial --norm unit unit.h5
    [[ "$output" != *'unit length already'* ]]
    run -0 ijbc inside.h5
    [[ "$output" != *'unit length already'* ]]
    h5make ijb-negative negative.h5
    run -0 eface-eval -q -p ijbc --allow-partial negative.h5
    says '1 images have a detector score below zero'
}

@test "lists decide which tasks there are" {
    ijbc -f tsv --data lists emb.h5 >all
    rm "$meta/ijbc_1N_probe_mixed.csv"
    run -0 ijbc --data lists emb.h5
    says 'IJB-C 1:1: '
    [[ "$output" != *'IJB-C 1:N: '* ]]
    says '1:N is left out: there are not both galleries and probes (ijbc_1N_probe_mixed.csv)'
    ijbc -q --data lists emb.h5 -m auc >only
    run ! grep -q 'left out' only
    cp "$BATS_FILE_TMPDIR/$meta/ijbc_1N_probe_mixed.csv" "$meta"
    rm "$meta/ijbc_template_pair_label.txt"
    run -0 ijbc --data lists emb.h5
    says 'IJB-C 1:N: '
    [[ "$output" != *'IJB-C 1:1: '* ]]
    says '1:1 is left out: there is no list of pairs (ijbc_template_pair_label.txt)'
    rm "$meta/ijbc_1N_gallery_G2.csv"
    run -0 ijbc --data lists emb.h5
    says 'in a gallery of'
    rm "$meta"/ijbc_1N_*
    refuses_list 'neither a pair list nor galleries and probes'
    for kind in pairs galleries; do
        h5make ijb-$kind $kind.h5
        ijbc -f tsv $kind.h5 >/dev/null
    done
    h5make ijb-neither x.h5
    refuses 3 'x.h5: neither a pair list' --allow-partial x.h5
}

@test "the three conventions of identification" {
    run -0 ijbc --convention insightface-union --data lists emb.h5 -m cmc@1,tpir_at_fpir@0.1
    says 'convention insightface-union'
    says 'CMC rank 1'
    ijbc -f tsv --data lists emb.h5 -m cmc@1,tpir_at_fpir@0.1 >rows
    for convention in iso insightface insightface-union; do
        [ "$(grep -cP "\t$convention\t" rows)" -eq 2 ]
    done
    run -0 ijbc --data lists emb.h5 -m tar_at_far@0.1
    [[ "$output" != *'1:N'* ]]
}

@test "a claim that no result can meet, or that none was asked about, fails" {
    refuses 2 "'accuracy > 0.9' can never be checked: accuracy is not defined for ijbc" \
        --allow-partial --assert 'accuracy > 0.9' --data lists emb.h5
    refuses 2 'accuracy is not defined for ijbc' --allow-partial --assert 'ijbc:accuracy > 0.9' --data lists emb.h5
    run ijbc --data lists emb.h5 -m cmc@1 --assert 'eer < 0'
    fails_with 1 'assertion failed: eer < 0: eer of generated under ijbc is 0.'
    rm "$meta/ijbc_template_pair_label.txt"
    run -0 ijbc --data lists emb.h5 --assert 'cmc@1 > 0'
    run ijbc --data lists emb.h5 --assert 'tar_at_far@1e-2 >= 0'
    fails_with 1 "assertion 'tar_at_far@1e-2 >= 0' was not checked: no result has tar_at_far@1e-2 (there is ijbc 1:N; a task"
    run ijbc --data lists emb.h5 -m cmc@1 --assert 'ijbc:eer < 1'
    fails_with 1 "assertion 'ijbc:eer < 1' was not checked: no result has eer"
}

@test "options that fit no protocol are refused, others apply to those they fit" {
    refuses 2 '--pairs is for pairs of images: it does not apply to ijbc' --pairs x.csv inside.h5
    refuses 2 '--skip-missing is for pairs of images' --skip-missing inside.h5
    eface-synth -q --protocol lfw --scale 0.02 --dim 32 -o lfw.h5 --lists lists
    local option
    for option in '--norm unit' '--weight none' '--media unit'; do
        # shellcheck disable=SC2086 # an option and its value
        run eface-eval -q --allow-partial -p lfw --data lists $option lfw.h5
        fails_with 2 "${option% *} is for templates: it does not apply to lfw"
    done
    run eface-eval -q --allow-partial --data lists --norm unit lfw.h5
    fails_with 2 '--norm is for templates: it does not apply to lfw'
    printf '1 0.9\n0 0.1\n' >scores.txt
    run eface-eval -q --allow-partial --convention insightface-union --scores scores.txt
    fails_with 2 '--convention insightface-union is for templates: it does not apply to scores'
    run eface-eval -q --allow-partial --convention insightface-union -p lfw --data lists lfw.h5
    fails_with 2 'it does not apply to lfw'
    run -0 eface-eval -q --allow-partial --data lists --norm unit --skip-missing lfw.h5 emb.h5
    says 'LFW: '
    says 'images of unit length'
}

@test "the convention of the union stands above searches only" {
    ijbc -f json --convention insightface-union --data lists emb.h5 >both.json
    [ "$(grep -c '"convention": "insightface-union"' both.json)" -eq 1 ]
    [ "$(grep -c '"convention": "insightface"' both.json)" -eq 1 ]
    run -0 ijbc --convention insightface-union --data lists emb.h5
    [ "$(grep -c 'convention insightface-union$' <<<"$output")" -eq 1 ]
    refuses 2 'insightface-union is for figures of 1:N, and no such figures were made' \
        --allow-partial --convention insightface-union -m tar_at_far@0.1 --data lists emb.h5
    rm "$meta/ijbc_1N_probe_mixed.csv"
    refuses 2 'no such figures were made' --allow-partial --convention insightface-union --data lists emb.h5
}

@test "a rank is a whole number that a list may have" {
    local rank
    for rank in 0 1.5 1000001 1e9 -1; do
        refuses 2 "'$rank' is not a point of cmc: rank, a whole number from 1 to 1000000" -m cmc@$rank --data lists emb.h5
    done
    refuses 2 'the metric cmc needs a point, rank, a whole number from 1 to 1000000: for instance cmc@1' -m cmc --data lists emb.h5
    refuses 2 "for instance tpir_at_fpir@1e-2" -m tpir_at_fpir --data lists emb.h5
    ijbc -f tsv --data lists -m cmc@1000000,cmc@1e0 emb.h5 >rows
    [ "$(cut -f4 rows | sort -u | paste -sd,)" = "1,1000000,point" ]
}

@test "how long stages took is said on request, and not with --quiet" {
    heard ijbc -v --data lists emb.h5
    local stage
    for stage in pool parse score curve search hash; do
        [ "$(grep -cE "^time $stage [0-9]+[.][0-9]{3} s\$" <<<"$stderr")" -eq 1 ]
    done
    heard ijbc -v -q --data lists emb.h5
    [ -z "$stderr" ]
}

@test "Windows line ends and blanks at the end of lists are fine" {
    ijbc -f tsv --data lists emb.h5 >expected
    sed -i 's/$/\r/' "$meta"/*
    ijbc -f tsv --data lists emb.h5 | diff expected -
}

@test "a weightless evaluation needs no detector scores" {
    ijbc -f tsv --weight none --data lists emb.h5 >expected
    rm "$meta/ijbc_name_5pts_score.txt"
    refuses_list '--weight none goes without detector scores'
    ijbc -f tsv --weight none --data lists emb.h5 | diff expected -
    h5make ijb-no-quality x.h5
    refuses 3 'x.h5:/quality is missing; --weight none' --allow-partial x.h5
    run -0 ijbc --weight none x.h5
}

@test "lists of images that are short, long, or in another order" {
    sed -i '$d' "$meta/ijbc_face_tid_mid.txt"
    refuses_list "$meta/ijbc_name_5pts_score.txt:$(wc -l <"$meta/ijbc_name_5pts_score.txt"): the list of images has only"
    refuses 3 "emb.h5:/ijbc/embeddings has $(wc -l <"$meta/ijbc_name_5pts_score.txt") rows, but" \
        --weight none --data lists emb.h5
    sed -i '$d' "$meta/ijbc_name_5pts_score.txt"
    refuses_list 'row i must be image i'
    cp -r "$BATS_FILE_TMPDIR/lists" .
    sed -i '$d' "$meta/ijbc_name_5pts_score.txt"
    refuses_list "$meta/ijbc_name_5pts_score.txt: has $(wc -l <"$meta/ijbc_name_5pts_score.txt") entries, but the list of images has"
    cp "$BATS_FILE_TMPDIR/$meta/ijbc_name_5pts_score.txt" "$meta"
    sed -i '5{h;d};6G' "$meta/ijbc_name_5pts_score.txt"
    refuses_list "$meta/ijbc_name_5pts_score.txt:5: image '6.jpg', but the list of images has '5.jpg'"
    rm "$meta/ijbc_face_tid_mid.txt"
    refuses_list "$meta: there is no ijbc_face_tid_mid.txt, but ijbc_name_5pts_score.txt is there"
    rm "$meta/ijbc_name_5pts_score.txt"
    refuses_list "$meta: there is no ijbc_face_tid_mid.txt, but ijbc_template_pair_label.txt is there"
    rm "$meta/ijbc_template_pair_label.txt"
    refuses_list 'emb.h5:/ijbc/quality is missing, and NIST'
    rm "$meta"/*.csv
    refuses_list 'there is no ijbc_face_tid_mid.txt, nor NIST'
}

@test "malformed lines are named by number" {
    fresh() { cp "$BATS_FILE_TMPDIR/$meta"/* "$meta"; }
    sed -i '7s/.*/7.jpg 3/' "$meta/ijbc_face_tid_mid.txt"
    refuses_list "$meta/ijbc_face_tid_mid.txt:7: "
    fresh && sed -i '8s/ [0-9]*$/ x/' "$meta/ijbc_face_tid_mid.txt"
    refuses_list "$meta/ijbc_face_tid_mid.txt:8: 'x' is not a media id"
    fresh && sed -i '9s/ [^ ]*$/ nan/' "$meta/ijbc_name_5pts_score.txt"
    refuses_list "$meta/ijbc_name_5pts_score.txt:9: "
    fresh && sed -i '10s/ [^ ]*$//' "$meta/ijbc_name_5pts_score.txt"
    refuses_list "$meta/ijbc_name_5pts_score.txt:10: an entry has 12 fields"
    fresh && sed -i '11s/ [01]$/ 2/' "$meta/ijbc_template_pair_label.txt"
    refuses_list "$meta/ijbc_template_pair_label.txt:11: the label is '2'"
    fresh && sed -i '12s/ [01]$//' "$meta/ijbc_template_pair_label.txt"
    refuses_list "$meta/ijbc_template_pair_label.txt:12: "
    fresh && sed -i '13s/^[0-9]*/999999/' "$meta/ijbc_template_pair_label.txt"
    refuses_list "$meta/ijbc_template_pair_label.txt:13: template 999999 is in no image's entry"
    fresh && sed -i '14s/^[0-9]*,/x,/' "$meta/ijbc_1N_gallery_G2.csv"
    refuses_list "$meta/ijbc_1N_gallery_G2.csv:14: 'x' is not a template id"
    fresh && sed -i '1d' "$meta/ijbc_1N_probe_mixed.csv"
    refuses_list "$meta/ijbc_1N_probe_mixed.csv:1: "
    fresh && echo '999999,1,a.jpg' >>"$meta/ijbc_1N_gallery_G1.csv"
    refuses_list "$meta/ijbc_1N_gallery_G1.csv:$(wc -l <"$meta/ijbc_1N_gallery_G1.csv"): template 999999 has no images"
    fresh && sed -n '2s/,[0-9]*,/,12345,/p' "$meta/ijbc_1N_gallery_G1.csv" >line
    cat line >>"$meta/ijbc_1N_gallery_G1.csv"
    refuses_list "$meta/ijbc_1N_gallery_G1.csv:$(wc -l <"$meta/ijbc_1N_gallery_G1.csv"): "
    fresh && sed -n '2s/^\([0-9]*\),[0-9]*,/\1,12345,/p' "$meta/ijbc_1N_gallery_G1.csv" >>"$meta/ijbc_1N_gallery_G2.csv"
    refuses_list "$meta/ijbc_1N_gallery_G2.csv: template $(sed -n '2s/,.*//p' "$meta/ijbc_1N_gallery_G1.csv") is of subject 12345 here, and of "
    fresh && : >"$meta/ijbc_template_pair_label.txt"
    refuses_list 'ijbc_template_pair_label.txt'
    fresh && sed -i 's/ 1$/ 0/' "$meta/ijbc_template_pair_label.txt"
    refuses_list '0 genuine and'
}

@test "datasets that do not fit are named by row" {
    local kind text
    while IFS='|' read -r kind text; do
        h5make "ijb-$kind" "$kind.h5"
        refuses 3 "$text" --allow-partial "$kind.h5"
    done <<'END'
label|label.h5:/template_pairs row 7: 2 is neither 0 nor 1
unknown-pair|unknown-pair.h5:/template_pairs row 9: template 999 has no images
unknown-gallery|unknown-gallery.h5:/gallery_2 row 2: template 999 has no images
two-subjects|two-subjects.h5:/probe row 5: template 10 has another subject
quality-nan|quality-nan.h5:/quality row 6: not finite
nan|nan.h5:/embeddings row 12: not finite
END
    h5make ijb-no-media x.h5
    refuses 2 'put the datasets templates and media into x.h5' x.h5
    h5make ijb x.h5
    refuses 2 '--flip sum needs the dataset' --allow-partial --flip sum x.h5
}

@test "counts that are not the benchmark's name the file, or are noted" {
    refuses 3 "ijbc.ini:" --data lists emb.h5
    [[ "$stderr" == *"IJB-C has 23124 templates, but there are "*"$meta/ijbc_face_tid_mid.txt (--allow-partial"* ]]
    run -0 ijbc --data lists emb.h5
    says 'note: partial: '
    says 'instead of the 23124 of IJB-C'
    says 'instead of the 15658489 of IJB-C'
    ijbc -f json --data lists emb.h5 | grep -q '"partial": true'
    # A protocol of its own counts: one of them wrong at a time.
    counts=$(ijbc -f json --data lists emb.h5)
    number() { sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p" <<<"$counts" | sed -n "${2:-1}p"; }
    subjects() { tail -n +2 "$meta/ijbc_1N_$1.csv" | cut -d, -f1 | sort -u | wc -l; }
    declare -A right=([templates]=$(number templates) [pairs]=$(number pairs) [gallery_1]=$(subjects gallery_G1)
        [gallery_2]=$(subjects gallery_G2) [probes]=$(subjects probe_mixed))
    declare -A file=([templates]=face_tid_mid.txt [pairs]=template_pair_label.txt [gallery_1]=1N_gallery_G1.csv
        [gallery_2]=1N_gallery_G2.csv [probes]=1N_probe_mixed.csv)
    for wrong in nothing templates pairs gallery_1 gallery_2 probes; do
        commands=
        for name in "${!right[@]}"; do
            count=${right[$name]}
            [ "$name" != "$wrong" ] || count=$((count + 1))
            commands+="s/^$name *= [0-9]*\$/$name = $count/;"
        done
        sed "$commands" "$top/protocols/ijbc.ini" >mine.ini
        if [ "$wrong" = nothing ]; then
            run -0 eface-eval -p ./mine.ini --data lists emb.h5:/ijbc
            [[ "$output" != *partial* ]]
        else
            run eface-eval -q -p ./mine.ini --data lists emb.h5:/ijbc
            fails_with 3 "but there are ${right[$wrong]} in $meta/ijbc_${file[$wrong]} (--allow-partial"
        fi
    done
}

@test "each list may come through a pipe, and is read once" {
    ijbc -f tsv --data lists emb.h5 >expected
    for list in ijbc_1N_gallery_G1.csv ijbc_1N_gallery_G2.csv ijbc_1N_probe_mixed.csv ijbc_face_tid_mid.txt; do
        mv "$meta/$list" list
        mkfifo "$meta/$list"
        cat list >"$meta/$list" 3>&- &
        ijbc -f tsv --data lists emb.h5 | diff expected -
        rm "$meta/$list"
        mv list "$meta/$list"
    done
}
