#!/usr/bin/env bats
# What eface-eval does with good input.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    for set in good flip ids; do
        h5make $set $set.h5
    done
}

# made SET FILE: one of the sets above, under another name.
made() {
    cp "$BATS_FILE_TMPDIR/$1.h5" "$2"
}

@test "a set with its own labels is evaluated without any option" {
    made good emb.h5
    run -0 eface-eval emb.h5
    says 'pairs: 40 pairs (20 genuine, 20 impostor), 10 folds, convention insightface'
    says 'tiny: 80 x 16, 80 used, of emb.h5'
    says 'Accuracy'
    says 'TAR @ FAR 1e-1'
}

@test "the same pairs give the same figures from issame, pairs, a list of names and a list of rows" {
    made good same.h5
    h5make pairs pairs.h5
    made ids ids.h5
    {
        echo 'id1,id2,label'
        for p in $(seq 0 39); do
            k=$((p / 2)) i=$((p % 2 * 2 + 1))
            printf 'person_%d/person_%d_%04d.jpg,person_%d/person_%d_%04d,%d\n' $k $k $i $k $k $((i + 1)) $(((p + 1) % 2))
        done
    } >names.csv
    {
        printf 'row1\trow2\tlabel\n'
        for p in $(seq 0 39); do printf '%d\t%d\t%d\n' $((2 * p)) $((2 * p + 1)) $(((p + 1) % 2)); done
    } >rows.tsv
    eface-eval -f tsv X=same.h5 >expected
    [ "$(wc -l <expected)" -gt 20 ]
    eface-eval -f tsv X=pairs.h5 | diff expected -
    eface-eval -f tsv --pairs names.csv X=ids.h5 | diff expected -
    eface-eval -f tsv --pairs rows.tsv X=ids.h5 | diff expected -
    eface-eval -f tsv --pairs names.csv X=same.h5 | diff expected -
}

@test "a big-endian file, 1 and 2 threads and little memory give the same figures" {
    made good a.h5
    h5make big-endian b.h5
    eface-eval -f tsv X=a.h5 >expected
    eface-eval -f tsv X=b.h5 | diff expected -
    for way in '-t 1 --memory 1B' '-t 2 --memory 1B' '-t 5 --memory 1K' '-t 2 --memory 3K' '-t 5 --memory 100K'; do
        # shellcheck disable=SC2086 # words
        eface-eval -f tsv $way X=a.h5 | diff expected -
    done
}

@test "flips are summed by the protocol and can be chosen" {
    made flip emb.h5
    run -0 eface-eval emb.h5
    says 'flip sum'
    eface-eval -f tsv --flip sum emb.h5 >sum.tsv
    eface-eval -f tsv emb.h5 | diff sum.tsv -
    eface-eval -f tsv --flip none emb.h5 >none.tsv
    eface-eval -f tsv --flip concat emb.h5 >concat.tsv
    run ! cmp sum.tsv none.tsv
    run ! cmp sum.tsv concat.tsv
    run ! cmp none.tsv concat.tsv
    made good noflip.h5
    run -0 eface-eval noflip.h5
    says 'flip none (the set has no mirrored embeddings)'
    run eface-eval --flip sum noflip.h5
    fails_with 2 'embeddings_flip'
}

@test "several systems stand side by side, each by its name" {
    made good a.h5
    made flip b.h5
    run -0 eface-eval a.h5 b.h5 'third one=a.h5'
    says 'third one'
    says 'flipped'
    [ "$(grep -c '^pairs:' <<<"$output")" -eq 1 ]
}

@test "scores are evaluated from text and from HDF5" {
    printf '1 0.9\n0 0.8\n1 0.7\n0 0.1\n1 0.85\n0 0.2\n' >scores.txt
    run -0 eface-eval --scores scores.txt --convention iso
    says 'scores: 6 scores (3 genuine, 3 impostor), convention iso'
    says '0.88889' # area: 8 of the 9 genuine-impostor comparisons are in order
    printf 'score,label\n0.9,1\n0.8,0\n0.7,1\n0.1,0\n0.85,1\n0.2,0' >other.csv
    eface-eval -f tsv --scores X=scores.txt >expected
    eface-eval -f tsv --scores X=other.csv | diff expected -
    eface-eval -f tsv -p scores X=other.csv | diff expected -
}

@test "every claim that holds ends with 0, one that does not with 1 and the figure" {
    made good emb.h5
    run -0 eface-eval -q --assert 'accuracy > 0.5' --assert 'pairs:tar_at_far@0.5>=0.1' emb.h5
    run eface-eval -q --assert 'auc <= 0.1' emb.h5
    fails_with 1 'assertion failed: auc <= 0.1: auc of tiny under pairs is 0.'
    run eface-eval -q --convention iso --assert 'tar_at_far@1e-3 >= 0' emb.h5
    fails_with 1 'n/a'
    run eface-eval -q --assert 'lfw:accuracy >= 0' emb.h5
    fails_with 2 'about lfw, which is not evaluated'
    run eface-eval -q --assert 'auc => 0' emb.h5
    fails_with 2 "write '>='"
    run -0 eface-eval -q --assert 'PAIRS:AUC > 0' emb.h5
    run eface-eval -q --assert 'cmc@1 > 0.2' emb.h5
    fails_with 2 "the assertion 'cmc@1 > 0.2' can never be checked: cmc is not defined for pairs; there are accuracy, "
}

@test "metrics can be chosen, also at points that the protocol does not have" {
    made good emb.h5
    eface-eval -f tsv -m auc,tar_at_far@0.25,eer emb.h5 >rows
    [ "$(cut -f3 rows | sort -u | paste -sd,)" = auc,eer,metric,tar_at_far ]
    grep -q "tar_at_far	0.25	iso" rows
}

@test "help, version and lists go to standard output" {
    for option in --help --version --list-metrics '--explain tar_at_far' --list-protocols; do
        # shellcheck disable=SC2086
        run -0 --separate-stderr eface-eval $option
        [ -n "$output" ]
        [ -z "$stderr" ]
        case $option in --explain*)
            says 'TAR @ FAR'
            says 'insightface'
            ;;
        esac
    done
    for name in lfw agedb_30 calfw cplfw cfp_fp cfp_ff pairs scores; do says "$name"; done
}

@test "help names the defaults that come from the protocol" {
    run -0 eface-eval --help
    says "\$EFACE_DATA: lfw, calfw, cplfw, cfp, IJBB or IJBC"
    says "ijbb and ijbc: keep)"
    says "ijbb and ijbc: quality)"
    says "ijbb and ijbc: mean)"
    says 'write to FILE, replacing it'
}

@test "every metric explains itself" {
    for metric in $(eface-eval --list-metrics | cut -d' ' -f1); do
        run -0 eface-eval --explain "$metric"
        [ "${#output}" -gt 200 ]
    done
}

@test "a list that is sorted by label is cut into folds within each class" {
    made ids emb.h5
    for k in $(seq 0 9); do echo "person_${k}_0001,person_${k}_0002,1"; done >list.csv
    for k in $(seq 0 9); do echo "person_${k}_0003,person_${k}_0004,0"; done >>list.csv
    run -0 eface-eval --pairs list.csv -m accuracy emb.h5
    says 'note: the pairs seem sorted by label: the 10 folds are cut within each class'
}

@test "distances given as scores are noticed" {
    printf '1 0.1\n1 0.2\n0 0.9\n0 0.8\n' >scores.txt
    run -0 eface-eval --scores scores.txt
    says 'are these distances?'
}

@test "two systems with one given name are refused, others are told apart by their files" {
    made good a.h5
    cp a.h5 b.h5
    run eface-eval -q one=a.h5 one=b.h5
    fails_with 2 "two systems are called 'one'"
    eface-eval -f tsv a.h5 b.h5 | cut -f2 | sort -u | paste -sd, >names
    [ "$(cat names)" = a.h5,b.h5,model ]
    run eface-eval -q a.h5 a.h5
    fails_with 2 'a.h5 is given twice'
}

@test "scores in HDF5 are known by their content and named by their file" {
    need_python
    /usr/bin/python3 -c "
import h5py, numpy
with h5py.File('scores.dat', 'w') as h:
    h['scores'] = numpy.array([0.9, 0.8, 0.7, 0.1, 0.85, 0.2])
    h['issame'] = numpy.array([1, 0, 1, 0, 1, 0], 'i1')
    h.attrs['model'] = 'my matcher'"
    run -0 eface-eval --scores scores.dat
    says 'my matcher: scores as given in scores.dat'
    says '0.88889'
    eface-eval -f tsv scores.dat | grep -q 'my matcher	auc'
}
