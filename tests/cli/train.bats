#!/usr/bin/env bats
# eface-train: heads trained and applied, checkpoints, and what is refused.
load helper

options=(--batch 16 --epochs 3 --dim 6)

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make people x.h5
    eface-train x.h5 -q -o head.h5 "${options[@]}" --checkpoint ck.h5
}

# A set of 20 people with four images each, x.h5, to train on with the options above.
people() {
    cp "$BATS_FILE_TMPDIR/x.h5" .
}

# The same, the head that was trained on it and its last checkpoint.
trained() {
    cp "$BATS_FILE_TMPDIR"/*.h5 .
}

refuses() {
    local status_wanted=$1 text=$2
    shift 2
    run eface-train "$@"
    fails_with "$status_wanted" "$text"
}

@test "a head is trained, told of and saved" {
    people
    run --separate-stderr eface-train x.h5 -o head.h5 "${options[@]}" --loss elastic-arc+ --scale 64 --margin 0.5 --sigma 0.0175
    [ "$status" -eq 0 ]
    [ "${stderr_lines[0]}" = 'eface-train: 80 images of 20 subjects, 60 to train on and 20 held out' ]
    [ "${stderr_lines[1]}" = 'eface-train: a head from 16 to 6, under ElasticFace-Arc+: 9 steps of 16 images, 3 in an epoch' ]
    [ "${stderr_lines[2]}" = 'eface-train: wrote head.h5' ]
    [ "${#lines[@]}" -eq 4 ]
    [[ "${lines[0]}" == epoch*step*rate*loss*"held out"*"margin mean"*deviation ]]
    # The third epoch ends with step 9; its rate is the cosine's, 0.05 (1 + cos(8 pi / 9)).
    [[ "${lines[3]}" =~ ^\ +3\ +9\ +3\.015e-03\ +[0-9.]+\ +0\.[0-9]{5}\ +0\.(49|50)[0-9]{3}\ +0\.0[12][0-9]{3}$ ]]
    [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
    run --separate-stderr eface-train x.h5 -q -o other.h5 "${options[@]}"
    [ "$status" -eq 0 ] && [ -z "$output$stderr" ] && [ -s other.h5 ]
}

@test "every loss trains, by its name or its short name" {
    not_under_valgrind
    people
    eface-train --list-losses >losses
    while read -r name alias _; do
        eface-train x.h5 -q -o "$name.h5" "${options[@]}" --loss "$name"
        cmp <(eface-train --explain "$name") <(eface-train --explain "$alias")
    done <losses
    [ "$(find . -name '*.h5' | wc -l)" -eq 10 ]
    eface-train x.h5 -q -o again.h5 "${options[@]}" --loss elastic-cos+
    cmp elasticface_cos_plus.h5 again.h5
    [ "$(awk '{ print $2 }' losses | tr '\n' ' ')" = "softmax cosface arcface elastic-cos elastic-arc \
elastic-cos+ elastic-arc+ elastic-cos+published elastic-arc+published " ]
    run ! cmp -s softmax.h5 arcface.h5
    run ! cmp -s elasticface_arc_plus.h5 elasticface_arc_plus_published.h5
    run eface-train --explain Elastic-Cos+
    says 'elasticface_cos_plus, elastic-cos+ - ElasticFace-Cos+'
    says '--scale 64 --margin 0.35 --sigma 0.02 unless'
    says 'Boutros et al.'
}

@test "the number of threads changes no byte" {
    people
    for threads in 1 2 5; do
        eface-train x.h5 -o "$threads.h5" "${options[@]}" --hidden 9 --loss elastic-arc+ -t "$threads" 2>/dev/null >"$threads.txt"
        eface-train apply -q "$threads.h5" x.h5 -o "out$threads.h5" -t "$threads"
    done
    cmp 1.h5 2.h5 && cmp 1.h5 5.h5
    cmp 1.txt 2.txt && cmp 1.txt 5.txt
    cmp out1.h5 out2.h5 && cmp out1.h5 out5.h5
    eface-train x.h5 -q -o other.h5 "${options[@]}" --hidden 9 --loss elastic-arc+ --seed 2
    run ! cmp -s 1.h5 other.h5
}

@test "a training that was interrupted ends with the same bytes and lines" {
    not_under_valgrind
    people
    more=(--hidden 9 --loss elastic-cos+ --warm-up 2 --schedule steps --drop-at '1,2')
    for memory in 2G 70K; do
        rm -f ./*.h5
        people
        eface-train x.h5 -o straight.h5 "${options[@]}" "${more[@]}" --memory $memory 2>/dev/null >straight.txt
        run eface-train x.h5 -o head.h5 "${options[@]}" "${more[@]}" --memory $memory --checkpoint ck.h5 --stop-at 2
        says 'stopped after step 2; --resume ck.h5 goes on'
        [ ! -e head.h5 ]
        eface-train x.h5 -q -o head.h5 --resume ck.h5 --checkpoint ck.h5 --stop-at 5
        eface-train x.h5 -o head.h5 --resume ck.h5 -t 1 2>/dev/null >head.txt
        cmp straight.h5 head.h5
        diff <(tail -n 2 straight.txt) <(tail -n 2 head.txt)
        # The settings may be said again.
        eface-train x.h5 -q -o head.h5 --force --resume ck.h5 "${options[@]}" "${more[@]}"
        cmp straight.h5 head.h5
    done
}

@test "a training that is killed goes on from its last checkpoint" {
    not_under_valgrind
    people
    eface-train x.h5 -q -o straight.h5 --batch 16 --epochs 40
    "$EFACE_BIN/eface-train" x.h5 -q -o head.h5 --batch 16 --epochs 40 --checkpoint ck.h5 --every-steps 1 &
    process=$!
    for _ in $(seq 500); do
        [ ! -e ck.h5 ] || break
        sleep 0.01
    done
    kill -9 $process 2>/dev/null || true
    wait $process || true
    [ -e ck.h5 ]
    eface-train x.h5 -q -o again.h5 --resume ck.h5
    cmp straight.h5 again.h5
}

@test "a set larger than memory is trained on" {
    people
    run eface-train x.h5 -o head.h5 "${options[@]}" --memory 50K
    [ "$status" -eq 0 ]
    says 'of 80 images at a time: blocks of the set are shuffled, and the images within what fits'
    run eface-train x.h5 -o large.h5 "${options[@]}" --memory 30K
    fails_with 2 'a head from 16 by 0 to 6 elements over 20 classes, in batches of 16, needs 0.0 MB, but --memory is 0.0 MB'
}

@test "a projected set is evaluated like any other" {
    trained
    run eface-train apply head.h5 x.h5 -o y.h5 --model projected
    says 'projected 80 rows to y.h5'
    run -0 eface-eval -q -p all-pairs y.h5
    says 'projected: 80 x 6, 80 used'
    says '3160 pairs (120 genuine, 3040 impostor)'
    h5make flip z.h5
    run eface-train apply head.h5 z.h5 -o w.h5
    says 'projected 160 rows'
    run -0 eface-eval -q w.h5
    says 'flip sum'
    says 'flipped: 80 x 6'
    h5make group g.h5
    eface-train apply -q head.h5 g.h5 -o v.h5
    run -0 eface-eval -q v.h5:/lfw -p pairs
    says '80 x 6, 80 used, of v.h5:/lfw'
}

@test "the head keeps all settings" {
    need_python
    people
    eface-train x.h5 -q -o head.h5 "${options[@]}" --loss elastic-arc+ --scale 32 --hidden 7 --schedule steps --drop-at 1,2 --seed 18446744073709551614
    /usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("head.h5") as file:
    a = dict(file.attrs)
    assert (a["format"], a["loss"], a["schedule"], a["model"]) == (b"eface head", b"elasticface_arc_plus", b"steps", b"tiny"), a
    assert (a["scale"], a["margin"], a["sigma"], a["held_out"], a["momentum"], a["decay"], a["clip"]) == (32, 0.5, 0.0175, 0.1, 0.9, 5e-4, 5)
    assert list(a["drop_at"]) == [1, 2] and a["seed"] == 2 ** 64 - 2
    assert (a["in"], a["hidden"], a["out"], a["batch"], a["epochs"], a["step"], a["classes"], a["images"]) == (16, 7, 6, 16, 3, 9, 20, 60)
    assert file["weight"].shape == (6, 7) and file["hidden_weight"].shape == (7, 16) and file["slope"].shape == (7,)
PYTHON
}

@test "labels that cannot be trained on are refused" {
    not_under_valgrind
    h5make people-unlabelled x.h5
    refuses 3 'x.h5:/labels: is missing; training needs to know whom each image shows' x.h5 -o head.h5
    h5make people-one x.h5
    refuses 3 'x.h5:/labels: all 80 images are of one subject; training needs at least two' x.h5 -o head.h5
    h5make people-nobody x.h5
    run -0 eface-train x.h5 -o nobody.h5 --epochs 1
    says '79 images of 20 subjects (1 image of nobody known left out: labels below 0 or empty)'
    h5make people-alone x.h5
    refuses 3 'x.h5:/labels row 0: the only image of its subject, as are 80 of 80; holding out 0.1' x.h5 -o head.h5
    refuses 3 'x.h5:/labels: nobody has 2 images or more' x.h5 -o head.h5 --least 2
    eface-train x.h5 -q -o alone.h5 --held-out 0 --epochs 1
    h5make people-nan x.h5
    refuses 3 'x.h5:/embeddings row 12: not finite' x.h5 -o head.h5
    h5make empty x.h5
    refuses 3 'x.h5: has no embeddings: it is empty' x.h5 -o head.h5
    printf 'no HDF5' >x.h5
    refuses 3 'x.h5: is not an HDF5 file' x.h5 -o head.h5
    refuses 3 'none.h5: No such file' none.h5 -o head.h5
    [ ! -e head.h5 ]
}

@test "a loss that is not a number stops the training, and the last checkpoint stays" {
    people
    run eface-train x.h5 -o head.h5 "${options[@]}" --rate 1e33 --checkpoint ck.h5 --every-steps 1
    fails_with 3 'step 2 of 9, at a rate of'
    says 'the loss cannot be computed: '
    says '; ck.h5 holds what there was after step 1'
    [ ! -e head.h5 ]
    [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
    refuses 3 'step 2 of 9' x.h5 -o head.h5 --resume ck.h5
    # What is not finite is not saved, nor does it replace what is.
    cp ck.h5 copy.h5
    run eface-train x.h5 -o head.h5 "${options[@]}" --rate 1e39 --checkpoint ck.h5 --every-steps 1 --force
    fails_with 3 'ck.h5: is not written: after step 1: weight has numbers that are not finite'
    cmp ck.h5 copy.h5
}

@test "checkpoints of something else are refused" {
    not_under_valgrind
    trained
    refuses 2 'ck.h5: holds a head from 16 by 0 to 6 elements (input, hidden, output), but this training is of one from 16 by 5 to 6' \
        x.h5 -o new.h5 --resume ck.h5 --hidden 5
    refuses 2 'ck.h5: was trained with scale 64, not 30' x.h5 -o new.h5 --resume ck.h5 --scale 30
    refuses 2 'ck.h5: was trained with the loss elasticface_arc, not cosface' x.h5 -o new.h5 --resume ck.h5 --loss cosface
    eface-train x.h5 -q -o same.h5 --batch 16 --epochs 1 --dim 16
    eface-train apply -q same.h5 x.h5 -o other.h5 # the same images, other numbers
    refuses 2 'ck.h5: was trained on other embeddings than those in other.h5:/embeddings' other.h5 -o new.h5 --resume ck.h5
    refuses 2 'ck.h5: images were shuffled in windows' x.h5 -o new.h5 --resume ck.h5 --memory 50K
    refuses 3 'head.h5: is not a checkpoint of eface-train, but a file of format' x.h5 -o new.h5 --resume head.h5
    refuses 3 'x.h5: is not a checkpoint of eface-train' x.h5 -o new.h5 --resume x.h5
    refuses 3 'none.h5: No such file' x.h5 -o new.h5 --resume none.h5
    refuses 2 'ck.h5: was trained with held_out 0.1, not 0.2' x.h5 -o new.h5 --resume ck.h5 --held-out 0.2
    eface-train x.h5 -q -o all.h5 "${options[@]}" --checkpoint all-ck.h5 --held-out 0
    h5make people-alone y.h5
    refuses 2 'all-ck.h5: is of 20 classes, but y.h5:/labels has 80' y.h5 -o new.h5 --resume all-ck.h5
    head -c 3000 ck.h5 >cut.h5
    refuses 3 'cut.h5: is cut off' x.h5 -o new.h5 --resume cut.h5
    [ ! -e new.h5 ]
}

@test "heads that are none, or for other sets, are refused" {
    trained
    refuses 3 'x.h5: is not a head that eface-train saved' apply x.h5 x.h5 -o y.h5
    refuses 3 'none.h5: No such file' apply none.h5 x.h5 -o y.h5
    head -c 2500 head.h5 >cut.h5
    refuses 3 'cut.h5: is cut off' apply cut.h5 x.h5 -o y.h5
    : >void.h5
    refuses 3 'void.h5: is empty' apply void.h5 x.h5 -o y.h5
    eface-train apply -q head.h5 x.h5 -o six.h5
    refuses 3 'six.h5:/embeddings: has 6 columns, but head.h5 projects from 16' apply head.h5 six.h5 -o y.h5
    h5make nan n.h5
    refuses 3 'n.h5:/embeddings row 12: not finite' apply head.h5 n.h5 -o y.h5
    [ ! -e y.h5 ]
    [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
}

@test "sizes beyond all bounds are refused before memory is taken" {
    not_under_valgrind
    people
    refuses 2 'is beyond any memory' x.h5 -o h.h5 --dim 2147483647 --hidden 2147483647
    refuses 2 'MB, but --memory is 2048.0 MB' x.h5 -o h.h5 --dim 2000000000
    refuses 2 'in batches of 2000000000, needs' x.h5 -o h.h5 --batch 2000000000
    refuses 2 'epochs are not between' x.h5 -o h.h5 --epochs 2000000000
    refuses 2 "'3000000000' is not a value for --dim" x.h5 -o h.h5 --dim 3000000000
}

@test "files are not written over by mistake" {
    not_under_valgrind
    trained
    cp head.h5 before.h5
    refuses 2 'head.h5 is there already; --force replaces it' x.h5 -o head.h5 "${options[@]}" --seed 5
    refuses 2 'ck.h5 is there already; --force replaces it' x.h5 -o new.h5 --checkpoint ck.h5
    cmp head.h5 before.h5
    ln -s x.h5 link.h5
    refuses 2 'link.h5 is an input' x.h5 -o link.h5 --force
    refuses 2 'x.h5 is an input' x.h5 -o new.h5 --checkpoint x.h5 --force
    refuses 2 'ck.h5 is an input' x.h5 -o ck.h5 --resume ck.h5 --force
    refuses 2 'new.h5 cannot be the checkpoint and the head' x.h5 -o new.h5 --checkpoint new.h5
    refuses 2 'x.h5 is an input' apply head.h5 x.h5 -o x.h5 --force
    refuses 2 'head.h5 is an input' apply head.h5 x.h5 -o head.h5 --force
    refuses 2 'before.h5 is there already' apply head.h5 x.h5 -o before.h5
    refuses 3 'no/such/folder/h.h5: cannot be written' x.h5 -o no/such/folder/h.h5
    mkdir folder.h5
    refuses 3 'folder.h5' x.h5 -o folder.h5
    eface-train x.h5 -q -o head.h5 --force "${options[@]}" --seed 5
    run ! cmp -s head.h5 before.h5
}

@test "a full disk is an error, and what was there stays" {
    [ -w /dev/full ] || skip 'no /dev/full'
    trained
    cp ck.h5 copy.h5
    run bash -c "'$EFACE_BIN/eface-train' x.h5 -o h.h5 --batch 16 2>&1 >/dev/full"
    fails_with 3 'standard output could not be written'
    # No file may grow beyond 4096 bytes.
    limited() {
        (
            trap '' XFSZ
            ulimit -f 4
            "$EFACE_BIN/eface-train" "$@"
        )
    }
    run limited x.h5 -q -o new.h5 --dim 200
    fails_with 3 'new.h5: '
    [ "${#lines[@]}" -eq 1 ]
    run limited x.h5 -q -o new.h5 "${options[@]}" --checkpoint ck.h5 --force
    fails_with 3 'ck.h5: '
    cmp ck.h5 copy.h5
    run limited apply -q head.h5 x.h5 -o new.h5
    fails_with 3 'x.h5:/ids: cannot be copied to new.h5'
    [ ! -e new.h5 ]
    [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
}

@test "wrong usage is told apart from bad data" {
    not_under_valgrind
    people
    refuses 2 'no set is given to train on' -o h.h5
    refuses 2 'one set is trained on, not 2' x.h5 x.h5 -o h.h5
    refuses 2 'training needs -o HEAD.h5' x.h5
    refuses 2 "no loss 'elastic-arc*'; did you mean" x.h5 -o h.h5 --loss 'elastic-arc*'
    refuses 2 "no loss 'zzzzzzzzz'; --list-losses names them" --explain zzzzzzzzz
    refuses 2 "no schedule 'linear'; there are steps and cosine" x.h5 -o h.h5 --schedule linear
    refuses 2 "'8,,9' is not a value for --drop-at" x.h5 -o h.h5 --schedule steps --drop-at 8,,9
    refuses 2 'at most 16 epochs between 1 and 16777215' x.h5 -o h.h5 --schedule steps --drop-at 8,18446744073709551615
    refuses 2 'steps must ascend' x.h5 -o h.h5 --schedule steps --drop-at 9,8
    refuses 2 '--drop-at is given, but the schedule cosine has no use for it' x.h5 -o h.h5 --drop-at 8
    refuses 2 '--last-rate is given, but the schedule steps has no use for it' x.h5 -o h.h5 --schedule steps --last-rate 0.1
    refuses 2 '--sigma is given, but arcface has no use for it' x.h5 -o h.h5 --loss arcface --sigma 0.1
    refuses 2 '--margin is given, but softmax has no use for it' x.h5 -o h.h5 --loss softmax --margin 0.1
    refuses 2 '--every is given, but a training without --checkpoint has no use for it' x.h5 -o h.h5 --every 2
    refuses 2 '--every must be at least 1' x.h5 -o h.h5 --checkpoint c.h5 --every 0
    refuses 2 '--batch must be at least 1' x.h5 -o h.h5 --batch 0
    refuses 2 'a rate of 0 is not positive' x.h5 -o h.h5 --rate 0
    refuses 2 'a momentum of 1 is not in [0, 1)' x.h5 -o h.h5 --momentum 1
    refuses 2 'a scale of 0 is not above 0' x.h5 -o h.h5 --scale 0
    refuses 2 'a batch of 61 images, but only 60' x.h5 -o h.h5 --batch 61
    refuses 2 'a batch of one image cannot be normalised' x.h5 -o h.h5 --batch 1 --hidden 3
    refuses 2 'a warm-up of 100 steps in 60 steps never ends' x.h5 -o h.h5 --batch 20 --warm-up 100
    refuses 2 'apply takes two files' apply x.h5 -o y.h5
    refuses 2 'apply needs -o OUT.h5' apply h.h5 x.h5
    refuses 2 "did you mean '--epochs'" x.h5 -o h.h5 --epoks 3
    [ ! -e h.h5 ]
    eface-train --help | grep -q 'eface-train apply HEAD.h5 EMB.h5 -o OUT.h5'
    eface-train apply --help | grep -q 'each row of embeddings and of mirrored embeddings'
    [ "$(eface-train --version)" = "$(eface-eval --version | sed 's/eval/train/')" ]
}
