#!/usr/bin/env bats
# IJB-B and IJB-C from the lists that NIST distributes: the same figures as from the repackaged ones, and every mistake named.
load helper

# The same generated images twice: repackaged.h5 with the repackaged lists, nist.h5 with those of NIST, both below lists/.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    for protocol in ijbb ijbc; do
        eface-synth -q --protocol $protocol --scale 0.005 --dim 32 -o $protocol.h5 --lists lists
        eface-synth -q --protocol $protocol --scale 0.005 --dim 32 --nist -o $protocol-nist.h5 --lists lists
    done
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/*.h5 .
    cp -r "$BATS_FILE_TMPDIR/lists" .
    nist=lists/IJBC/protocols
    matches=$nist/ijbc_11_G1_G2_matches.csv
    probe=$nist/ijbc_1N_probe_mixed.csv
    gallery=$nist/ijbc_1N_gallery_G1.csv
}

fresh() {
    cp "$BATS_FILE_TMPDIR/$nist"/* "$nist"
}

ijbc() {
    eface-eval -p ijbc --allow-partial "$@"
}

# refuses TEXT ARGUMENT...: eface-eval finds bad data, says TEXT in one line and prints nothing.
refuses() {
    local text=$1
    shift
    heard eface-eval -p ijbc --allow-partial "$@"
    if [ "$status" -ne 3 ] || [[ "$stderr" != *"$text"* ]] || [ -n "$output" ]; then
        echo "status $status; said: $stderr; expected: $text; printed: $output"
        return 1
    fi
    [[ "$stderr" != *$'\n'* ]]
}

# refuses_list TEXT: the same of ijbc-nist.h5 with the lists.
refuses_list() {
    refuses "$1" --data "$nist" ijbc-nist.h5
}

# small_lists: NIST's lists of the images of `h5make ijb`, below small/.
small_lists() {
    mkdir -p small
    rm -f small/*
    rows | awk '
        function list(name, heading) { name = "small/ijbc_1N_" name ".csv"; if (!seen[name]++) print heading >name; return name }
        BEGIN { OFS = ","; heading = "TEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID" }
        { name = list($1 % 4 < 2 ? ($1 < 40 ? "gallery_G1" : "gallery_G2") : "probe_mixed", heading)
          print int($1 / 2) + 1, 100 + int($1 / 4), $2, $1 % 8 < 4 ? $1 : 5 >name }'
    awk 'BEGIN { OFS = ","; for (k = 0; k < 20; k++) { print 2 * k + 1, 2 * k + 2; print 2 * k + 1, (2 * k + 3) % 40 + 1 } }' \
        >small/ijbc_11_G1_G2_matches.csv
}

# rows: the rows of `h5make ijb`, each with its image's file.  One of them shows two persons, unless $alone is set.
rows() {
    awk -v alone="${alone:-}" 'BEGIN {
        for (i = 0; i < 80; i++) print i, !alone && (i == 1 || i == 5) ? "frames/1.png" : "img/" i ".png" }'
}

# names FORM: the names of the rows of `h5make ijb`, one a line.
names() {
    rows | awk -v form="$1" '
        { subject = 100 + int($1 / 4) }
        form == "file" { print $2 }
        form == "subject" { print subject "/" $2 }
        form == "template" { print int($1 / 2) + 1 "/" $2 }
        form == "folders" { sub(/png$/, "JPG", $2); print "crops\\v2//" subject "/" $2 }'
}

@test "both distributions give the same figures" {
    for protocol in ijbb ijbc; do
        for switches in '' '--norm unit --flip none --convention iso' '--weight none --media unit'; do
            # shellcheck disable=SC2086 # options and their values
            eface-eval -p $protocol --allow-partial -f tsv $switches --data lists/${protocol^^}/meta X=$protocol.h5 >expected
            [ "$(wc -l <expected)" -gt 40 ]
            # shellcheck disable=SC2086
            eface-eval -p $protocol --allow-partial -f tsv $switches --data lists/${protocol^^}/protocol* X=$protocol-nist.h5 |
                diff expected -
        done
    done
}

@test "the folder may be named at any level, and repackaged lists go before NIST's" {
    ijbc -f tsv --data "$nist" ijbc-nist.h5 >expected
    refuses "lists/IJBC/meta/ijbc_face_tid_mid.txt:" --data lists/IJBC ijbc-nist.h5
    rm -r lists/IJBC/meta
    ijbc -f tsv --data lists/IJBC ijbc-nist.h5 | diff expected -
    ijbc -f tsv --data lists ijbc-nist.h5 | diff expected -
    EFACE_DATA=lists ijbc -f tsv ijbc-nist.h5 | diff expected -
    mv "$nist" lists/IJBC/protocol
    ijbc -f tsv --data lists ijbc-nist.h5 | diff expected -
}

@test "threads and memory change nothing" {
    ijbc -f tsv --data "$nist" ijbc-nist.h5 >expected
    for threads in 1 2 5; do
        ijbc -f tsv -t $threads --memory 20K --data "$nist" ijbc-nist.h5 | diff expected -
    done
}

@test "the result names the lists, the column that is the media, and the form of the names" {
    ijbc -f json --data "$nist" ijbc-nist.h5 >result.json
    for list in 1N_gallery_G1 1N_gallery_G2 1N_probe_mixed; do
        [ "$(grep -c "ijbc_$list.csv" result.json)" -eq 2 ]
    done
    [ "$(grep -c ijbc_11_G1_G2_matches.csv result.json)" -eq 1 ]
    grep -q "images of a template with the same SIGHTING_ID are one media; images are found by FILENAME" result.json
    run -0 ijbc --data "$nist" ijbc-nist.h5
    says 'note: NIST'
}

@test "columns are found by name, in any order and case, quoted or not" {
    ijbc -f tsv --data "$nist" ijbc-nist.h5 >expected
    for list in "$nist"/ijbc_1N_*; do
        awk -F, -v OFS=, 'NR == 1 { print "Sighting_Id,AGE, \"FileName\" ,FRAME_NUM,subject_id,TEMPLATE_ID"; next }
            { print "\"" $4 "\",3,\"" $3 "\",\"a, \"\"b\"\"\"," $2 ", " $1 }' "$list" >other
        mv other "$list"
    done
    ijbc -f tsv --data "$nist" ijbc-nist.h5 | diff expected -
    sed -i 's/$/\r/' "$nist"/*
    ijbc -f tsv --data "$nist" ijbc-nist.h5 | diff expected -
}

@test "another column can be the media" {
    sed 's/^matches.*/&\nmedia_column = VIDEO/; s/^matches.*/&\nimage_column = FILE/' "$top/protocols/ijbc.ini" >mine.ini
    ijbc -f tsv --data "$nist" ijbc-nist.h5 >expected
    refuses_mine() {
        run eface-eval -q -p ./mine.ini --allow-partial --data "$nist" ijbc-nist.h5:/ijbc
        fails_with 3 "$1"
    }
    refuses_mine "$gallery:1: there is no column FILE; the heading has TEMPLATE_ID, SUBJECT_ID, FILENAME, SIGHTING_ID, FRAME_NUM"
    sed -i '1s/FILENAME/FILE/' "$nist"/ijbc_1N_*
    refuses_mine "$gallery:1: there is no column VIDEO; the heading has TEMPLATE_ID, SUBJECT_ID, FILE, SIGHTING_ID, FRAME_NUM"
    # Texts are media as well as integers: here in the order of the integers, so that sums have the same bits.
    sed -i '1s/SIGHTING_ID/VIDEO/; 2,$s/^\([^,]*,[^,]*,[^,]*\),\([^,]*\)/\1,still \2/' "$nist"/ijbc_1N_*
    for list in "$nist"/ijbc_1N_*; do
        awk -F, 'NR == 1' "$list" >other
        tail -n +2 "$list" | sort -t, -k1,1n -k4,4V -s >>other
        mv other "$list"
    done
    eface-eval -p ./mine.ini --allow-partial -f tsv --data "$nist" ijbc-nist.h5:/ijbc | sed 's/^mine/ijbc/' >found
    diff expected found
    eface-eval -p ./mine.ini --allow-partial -f json --data "$nist" ijbc-nist.h5:/ijbc | grep -q 'the same VIDEO are one media'
    sed -i '2s/still //' "$gallery"
    refuses_mine "$gallery:3: VIDEO 'still"
}

@test "names may be files, or files with subject or template before them" {
    h5make ijb rows.h5
    ijbc -f tsv X=rows.h5 >expected
    alone=x
    small_lists
    for form in file subject template folders; do
        names $form >names
        h5make ijb-named names.h5 <names
        ijbc -f tsv --data small X=names.h5 | diff expected -
    done
}

@test "a name that is only the end of a file's name is another image" {
    alone=x
    small_lists
    for names in 's|img/||' 's|img|crops|' 's|^|img/|; s|/img/|/./x/|' 's|img/||; s|^|7/|'; do
        names file | sed "$names" >names
        h5make ijb-named names.h5 <names
        refuses "small/ijbc_1N_gallery_G1.csv:2: no image 'img/0.png' in names.h5:/ids: names there must be FILENAME, SUBJECT_ID/FILENAME or \
TEMPLATE_ID/FILENAME, one of them throughout; the first there is '$(head -n 1 names)'" --data small names.h5
    done
}

@test "a file that shows two subjects needs more than its name" {
    h5make ijb rows.h5
    ijbc -f tsv X=rows.h5 >expected
    small_lists
    for form in subject template folders; do
        names $form >names
        h5make ijb-named names.h5 <names
        ijbc -f tsv --data small X=names.h5 | diff expected -
        ijbc -f json --data small X=names.h5 >result.json
        case $form in
        template) grep -q 'found by TEMPLATE_ID/FILENAME' result.json ;;
        *) grep -q 'found by SUBJECT_ID/FILENAME' result.json ;;
        esac
    done
    names file | awk '{ print NR == 6 ? "img/other.png" : $0 }' >names
    h5make ijb-named names.h5 <names
    refuses "small/ijbc_1N_gallery_G1.csv:5: 'frames/1.png' shows subject 101, and subject 100 in small/ijbc_1N_gallery_G1.csv:3: \
the names in names.h5:/ids must be SUBJECT_ID/FILENAME or TEMPLATE_ID/FILENAME" --data small names.h5
    names file >names
    h5make ijb-named names.h5 <names
    refuses "names.h5:/ids: rows 1 and 5, counted from 0, have the same name \"frames/1.png\"; with an embedding for each row of \
NIST's lists, name it TEMPLATE_ID/FILENAME" --data small names.h5
}

@test "an image that is in two templates is one row of the set" {
    h5make ijb rows.h5
    small_lists
    # Template 2 has an image of template 1 in the place of its own first one.
    sed -i 's/^2,100,img\/2.png,2$/2,100,img\/0.png,2/' small/ijbc_1N_probe_mixed.csv
    names subject >names
    h5make ijb-named names.h5 <names
    ijbc -f tsv --data small X=names.h5 >found
    [ "$(ijbc -f json --data small X=names.h5 | grep -c '"images_used": 80')" -eq 2 ]
    run ! diff -q found <(ijbc -f tsv X=rows.h5)
}

@test "a set without names says itself which template and media a row is" {
    h5make ijb rows.h5
    ijbc -f tsv X=rows.h5 >expected
    small_lists
    ijbc -f tsv --data small X=rows.h5 | diff expected -
    ijbc -f json --data small X=rows.h5 | grep -q "template and media of each image are those of the set"
    sed -i '5d' small/ijbc_1N_probe_mixed.csv
    refuses "rows.h5:/templates has 2 images of template 4, but NIST's lists in small have 1" --data small rows.h5
    small_lists
    sed -i '2s/^/1,100,img\/x.png,99\n/' small/ijbc_1N_gallery_G1.csv
    refuses "rows.h5:/templates has 2 images of template 1, but NIST's lists in small have 3" --data small rows.h5
    small_lists
    sed -i '$a 77,100,img\/x.png,99' small/ijbc_1N_gallery_G1.csv
    refuses "rows.h5:/templates has 0 images of template 77, but NIST's lists in small have 1" --data small rows.h5
    h5make ijb-no-media x.h5
    refuses "x.h5:/ids is missing: NIST's lists in small name images, so the set must name its rows: FILENAME, SUBJECT_ID/FILENAME or \
TEMPLATE_ID/FILENAME (or have the datasets templates and media)" --data small x.h5
}

@test "detector scores come from the set, or are not wanted" {
    small_lists
    names subject >names
    h5make ijb-named-no-quality names.h5 <names
    refuses "names.h5:/quality is missing, and NIST's lists have no detector scores; --weight none goes without them" \
        --data small names.h5
    h5make ijb rows.h5
    ijbc -f tsv --weight none X=rows.h5 >expected
    ijbc -f tsv --weight none --data small X=names.h5 | diff expected -
}

@test "lists that are missing" {
    rm "$matches"
    run -0 ijbc --data "$nist" ijbc-nist.h5
    says 'IJB-C 1:N: '
    [[ "$output" != *'IJB-C 1:1: '* ]]
    says '1:1 is left out: there is no list of pairs (ijbc_11_G1_G2_matches.csv)'
    refuses "$nist: no pair list was found beside the templates" --data "$nist" -m tar_at_far@0.1 ijbc-nist.h5
    rm "$gallery"
    refuses_list "$nist: ijbc_1N_gallery_G1.csv is missing: without ijbc_face_tid_mid.txt, the images of all templates come from"
    rm "$nist"/*
    refuses_list "$nist: there is no ijbc_face_tid_mid.txt, nor NIST's ijbc_1N_probe_mixed.csv in this folder"
}

@test "malformed lines are named by number" {
    sed -i '1s/SIGHTING_ID/SIGHT/' "$probe"
    refuses_list "$probe:1: there is no column SIGHTING_ID; the heading has TEMPLATE_ID, SUBJECT_ID, FILENAME, SIGHT, FRAME_NUM"
    fresh && sed -i '1s/FRAME_NUM/template_id/' "$probe"
    refuses_list "$probe:1: 2 columns are called TEMPLATE_ID"
    fresh && sed -i 1d "$probe"
    refuses_list "$probe:1: there is no column TEMPLATE_ID; the heading has "
    fresh && sed -i '7s/,[^,]*$//' "$probe"
    refuses_list "$probe:7: a row has 5 fields, as the heading; this one has 4"
    fresh && sed -i '8s/$/,/' "$probe"
    refuses_list "$probe:8: a row has 5 fields, as the heading; this one has 6"
    fresh && sed -i '9s/^/x/' "$probe"
    refuses_list "$probe:9: 'x"
    fresh && sed -i '10s/,[0-9]*,/,NaN,/' "$probe"
    refuses_list "$probe:10: 'NaN' is not a subject id"
    fresh && sed -i '11s/,[0-9]*,\([0-9]*\)$/,4.5,\1/' "$probe"
    refuses_list "$probe:11: SIGHTING_ID '4.5' is not an integer, as it was in the first row"
    fresh && sed -i '12s/,[a-z][^,]*,/,,/' "$probe"
    refuses_list "$probe:12: the column FILENAME is empty"
    fresh && sed -i '13s/,\([a-z][^,]*\),/,"\1,/' "$probe"
    refuses_list "$probe:13: a quoted field does not end in this line"
    fresh && sed -i '13s/,\([a-z][^,]*\),/,"\1"x,/' "$probe"
    refuses_list "$probe:13: text stands right behind a quoted field"
    fresh && sed -i '14s/,[a-z][^,]*,/,img\/nobody.jpg,/' "$probe"
    refuses_list "$probe:14: no image 'img/nobody.jpg' in ijbc-nist.h5:/ijbc/ids: names there must be FILENAME, SUBJECT_ID/FILENAME or"
    fresh && sed -n 1p "$probe" >heading && mv heading "$probe"
    refuses_list "$probe: the list holds no images"
    fresh && sed -i '5s/$/,1/' "$matches"
    refuses_list "$matches:5: a pair is two template ids; this line has 3 fields"
    fresh && sed -i '6s/^[0-9]*/999999/' "$matches"
    refuses_list "$matches:6: template 999999 is in no image's entry"
}

@test "lists that contradict each other" {
    # The last row of a template that has more than one.
    read -r first wrong template < <(awk -F, 'FNR == 1 { next } $1 != id { id = $1; from = FNR }
        FNR > from { found = from " " FNR " " id } END { print found }' "$probe")
    sed -i "$wrong"'s/^\([0-9]*\),[0-9]*,/\1,7654,/' "$probe"
    refuses_list "$probe:$wrong: template $template is of subject 7654 here, and of "
    [[ "$stderr" == *" in $probe:$first" ]]
    last=$(wc -l <"$probe")
    fresh && sed -n '2s/^\([0-9]*\),[0-9]*,/\1,7654,/p' "$gallery" >>"$probe"
    refuses_list "$probe:$((last + 1)): template $(sed -n '2s/,.*//p' "$gallery") is of subject 7654 here, and of"
    [[ "$stderr" == *" in $gallery:2" ]]
    fresh && sed -n 2p "$gallery" >>"$probe"
    refuses_list "$probe:$((last + 1)): template $(sed -n '2s/,.*//p' "$gallery") has other images here than in $gallery:2"
}

@test "a template in two lists counts once, a row that is there twice counts twice and is noted" {
    ijbc -f tsv -m tar_at_far@0.1 --data "$nist" ijbc-nist.h5 >expected
    ijbc -f json -m tar_at_far@0.1 --data "$nist" ijbc-nist.h5 | grep '"images_used"\|"templates"' >counts
    template=$(sed -n '2s/,.*//p' "$gallery")
    grep "^$template," "$gallery" | tac >>"$probe"
    ijbc -f tsv -m tar_at_far@0.1 --data "$nist" ijbc-nist.h5 | diff expected -
    ijbc -f json -m tar_at_far@0.1 --data "$nist" ijbc-nist.h5 | grep '"images_used"\|"templates"' | diff counts -
    fresh && sed -i '2p;4p' "$gallery"
    ijbc -f json --data "$nist" ijbc-nist.h5 >result.json
    grep -q "2 rows of NIST's lists repeat a file of the same template: each row counts as an image" result.json
    used=$(sed -n 's/.*"images_used": \([0-9]*\).*/\1/p' result.json | head -n 1)
    [ "$used" -eq $(($(sed -n 's/.*"images_used": \([0-9]*\).*/\1/p' counts) + 2)) ]
}
