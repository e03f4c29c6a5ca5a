#!/usr/bin/env bats
# shellcheck disable=SC2086 # commands with their options
# Inputs: from files, pipes and standard input, read once; files that change while they are read; and outputs that nobody reads.
load helper

# same_through FILE COMMAND...: prints the same whether @ in the command is FILE, a pipe on standard input, or a named pipe.
same_through() {
    local file=$1
    shift
    "${@//@/$file}" >expected
    [ -s expected ]
    "${@//@/-}" < <(cat "$file") | diff expected -
    rm -f fifo && mkfifo fifo
    cat "$file" >fifo 3>&- &
    "${@//@//$PWD/fifo}" | diff expected -
}

# A set with names, a list of pairs for it, and scores: 3000, genuine ones i, impostor ones i - 1.5, so that AUC is known.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make ids y.h5
    h5make people people.h5
    printf 'person_0_0001,person_0_0002,1\nperson_0_0001,person_1_0002,0\nperson_3_0001,person_4_0002,0\n' >list.csv
    awk 'BEGIN { for (i = 1; i <= 1500; i++) { printf "1 %6d\n0 %6.1f\n", i, i - 1.5 } }' >scores.txt
    eface-eval -q --scores S=scores.txt -o s.json
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$BATS_FILE_TMPDIR"/* .
}

@test "scores are the same from a file and from any pipe" {
    same_through scores.txt eface-eval -f tsv --scores S=@
    eface-eval -f tsv --scores S=/dev/stdin < <(cat scores.txt) | diff expected -
    eface-eval -f tsv --scores S=<(cat scores.txt) | diff expected -
    # A genuine score i is above the impostor scores j - 1.5 with j <= i + 1: i + 1 of them, and all 1500 for the last one.
    auc=$(awk 'BEGIN { for (i = 1; i <= 1500; i++) n += i < 1500 ? i + 1 : 1500; printf "%.12f", n / 1500 / 1500 }')
    awk -F '\t' -v right="$auc" '$3 == "auc" { bad += ($6 - right) ^ 2 > 1e-18; n++ } END { exit bad || !n }' expected
    run -0 eface-eval --scores - < <(cat scores.txt)
    says '3000 scores (1500 genuine, 1500 impostor)'
    run eface-eval --scores - <<<'1 0.5 3'
    fails_with 3 'standard input:1: 3 fields'
}

@test "lists, protocols and probes are the same from a file and from any pipe" {
    same_through list.csv eface-eval -f tsv -p pairs --pairs @ y.h5
    # A protocol is named after its file.
    nameless() {
        eface-eval "$@" | cut -f 2-
    }
    same_through "$top/protocols/pairs.ini" nameless -f tsv --pairs list.csv -p @ y.h5
    printf 'person_0/person_0_0001.jpg\nperson_7/person_7_0002.jpg\n' >probes.txt
    same_through probes.txt eface-eval -q -f tsv -p all-pairs --probes @ people.h5
}

@test "the devkit's list of probes may come through a pipe" {
    eface-synth -q -p megaface --scale 0.002 --dim 4 -o emb.h5 --lists lists
    list=lists/megaface/facescrub_features_list.json
    eface-eval -q -f tsv -p megaface --data lists/megaface emb.h5 >expected
    eface-eval -q -f tsv -p megaface --data lists/megaface --probe-list - emb.h5 < <(cat $list) | diff expected -
    run eface-eval -q -p megaface --data lists/megaface --probe-list - A=emb.h5 B=emb.h5 < <(cat $list)
    fails_with 2 '--probe-list: standard input can be read only once, but 2 evaluations need it'
}

@test "results, curves and published figures are the same from a file and from any pipe" {
    same_through s.json eface-table -f csv -c scores:eer @
    printf '[one]\nname = One\nsource = a paper\nscores eer = 1.5\n[two]\nname = Two\nsource = a paper\nscores eer = 2.5\n' >p.ini
    same_through p.ini eface-table -f csv -c scores:eer --with-published @:two s.json
    need_gnuplot
    printf '0.001 0.2\n0.1 0.5\n' >curve.txt
    eface-plot roc s.json --reference C=curve.txt --keep one
    rm fifo && mkfifo fifo
    cat s.json >fifo 3>&- &
    eface-plot roc fifo --reference C=- --keep two < <(cat curve.txt)
    diff one/roc.dat two/roc.dat
    diff one/roc.gp two/roc.gp
}

@test "what can be read only once is not given out twice" {
    run eface-eval -p all-pairs --probes - -p - people.h5 < <(cat scores.txt)
    fails_with 2 'standard input can be read only once, but is given to --probes and --protocol'
    run eface-eval --scores /dev/stdin --scores - < <(cat scores.txt)
    fails_with 2 'standard input can be read only once, but is given to --scores twice: save it to a file'
    run eface-eval --pairs - A=y.h5 B=y.h5 < <(cat list.csv)
    fails_with 2 '--pairs: standard input can be read only once, but 2 evaluations need it'
    # A pipe in the place of a benchmark's list is known when it has been read.
    mkdir lists && mkfifo lists/pairs.txt
    printf '1\t1\nperson_0\t1\t2\nperson_0\t1\tperson_1\t2\n' >lists/pairs.txt 3>&- &
    run eface-eval -p lfw --allow-partial --data lists A=y.h5 B=y.h5
    fails_with 2 'lists/pairs.txt can be read only once'
    run eface-table - - < <(cat s.json)
    fails_with 2 'given to a result file twice'
    mkfifo fifo
    run eface-table --with-published ./fifo:a,./fifo:b
    fails_with 2 'fifo can be read only once, but is given to --with-published twice'
    # Of two pipes each is read.
    eface-eval -f tsv --scores A=<(cat scores.txt) --scores B=<(cat scores.txt) | cut -f 2 | grep -c '[AB]'
}

@test "HDF5 from a pipe is refused, with what to do" {
    mkfifo fifo
    for command in 'eface-eval -' 'eface-eval fifo' 'eface-eval -p megaface -' 'eface-train -o h.h5 -' \
        'eface-train apply -o o.h5 fifo y.h5'; do # nobody writes to the pipe with the name: it is not waited for
        run $command < <(cat y.h5)
        fails_with 3 'HDF5 cannot be read from a pipe: save it to a file, and name that'
    done
    for command in 'eface-eval --scores -' 'eface-table -'; do
        run $command < <(cat y.h5)
        fails_with 3 'standard input: holds HDF5, which cannot be read from a pipe: save it to a file'
    done
    for command in 'eface-eval -' 'eface-train -o h.h5 -'; do
        run $command <y.h5
        fails_with 3 'HDF5 cannot be read from standard input: give the name of the file in place of -'
    done
    run eface-eval --pairs y.h5 y.h5
    fails_with 3 'y.h5: is an HDF5 file, not text'
}

@test "nothing on standard input, and a terminal, are told" {
    for command in 'eface-eval --scores -' 'eface-table -'; do
        run $command </dev/null
        fails_with 3 'standard input: is empty: nothing came through it'
        run bash -c "$EFACE_BIN/$command <&-" # what is opened next must not become standard input
        fails_with 3 'standard input: Bad file descriptor'
    done
    run bash -c "$EFACE_BIN/eface-eval --scores scores.txt >&-"
    fails_with 3 'standard output could not be written: Bad file descriptor'
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminal can be made here'
    run script -qec "$EFACE_BIN/eface-eval --scores -" /dev/null </dev/null
    fails_with 2 "standard input, which '-' means for --scores, is a terminal"
}

@test "what has no end is refused within a second" {
    for command in 'eface-eval --scores @' 'eface-eval -p @ y.h5' 'eface-table @'; do
        run timeout 5 "$EFACE_BIN"/${command//@//dev/zero}
        fails_with 3 'not a text file (it holds NUL bytes)'
    done
    run timeout 5 "$EFACE_BIN/eface-eval" --scores - < <(tr '\0' x </dev/zero)
    fails_with 3 'standard input: not a list: it has a line of more than 1048576 bytes'
    # So is a pipe of lines, by its first ones.
    for command in 'eface-eval --scores -' 'eface-eval -p - y.h5' 'eface-eval --pairs - y.h5' 'eface-table -' \
        'eface-plot roc s.json --keep . --reference -'; do
        run timeout 5 "$EFACE_BIN"/$command < <(exec yes y 2>/dev/null)
        fails_with 3 'standard input:'
    done
    run timeout 5 "$EFACE_BIN/eface-eval" -p - y.h5 < <(exec yes '; nothing' 2>/dev/null)
    fails_with 3 'standard input: is longer than 16 MiB: no protocol file or file of published figures is'
    # So is a value of very many lines.
    awk 'BEGIN { print "[protocol]\ntitle = a"; for (i = 0; i < 100000; i++) print "  line" i }' >lines.ini
    run timeout 10 "$EFACE_BIN/eface-eval" -p ./lines.ini x.h5
    fails_with 3 'lines.ini: no task'
    awk 'BEGIN { print "[protocol]"; for (i = 0; i < 300000; i++) print "k" i " = 1" }' >k.ini
    run timeout 5 "$EFACE_BIN/eface-eval" -p k.ini y.h5
    fails_with 3 "k.ini:2: no key 'k0'"
    awk 'BEGIN { for (i = 0; i < 20000; i++) printf "[s%d]\nname = S%d\nsource = x\nscores eer = 1\n", i, i }' >p.ini
    [ "$(timeout 5 "$EFACE_BIN/eface-table" -f csv -c scores:eer --with-published p.ini,p.ini:s7 s.json | grep -c '^S[0-9]')" -eq 20000 ]
}

# hold FILE COMMAND...: runs the command, and changes FILE while it waits for what comes through the pipe `fifo`, with $change.
hold() {
    local file=$1
    shift
    rm -f fifo && mkfifo fifo
    (
        exec 3>fifo # until it is opened for reading
        $change "$file"
        cat scores.txt >&3
    ) &
    run "$@"
    wait
}

append() {
    echo >>"$1"
}

replace() {
    cp "$1" other
    mv other "$1"
}

@test "an input that changes while it is read is an error that names it" {
    cp list.csv scores.txt # what comes through the pipe
    for change in append replace; do
        cp "$BATS_FILE_TMPDIR/y.h5" set.h5
        hold set.h5 eface-eval -q --pairs fifo set.h5
        fails_with 3 'set.h5: was '
        says 'while it was read'
    done
    # With a hash, a list counts until the end, however long ago it was read: here both are scores, the first done with.
    cp "$BATS_FILE_TMPDIR/scores.txt" .
    change=replace
    cp scores.txt first.txt
    hold first.txt eface-eval -q --scores A=first.txt --scores B=fifo -o r.json
    fails_with 3 'first.txt: was replaced by another file while it was read'
    [ ! -e r.json ]
    hold first.txt eface-eval -q --scores A=first.txt --scores B=fifo
    [ "$status" -eq 0 ]
}

@test "a virtual dataset without its source, and values in other files" {
    need_python
    /usr/bin/python3 - <<'END'
import h5py, numpy
r = numpy.random.default_rng(1)
x = r.normal(size=(40, 8)).astype('f4')
labels = numpy.repeat(numpy.arange(10), 4)
with h5py.File('source.h5', 'w') as f:
    f['x'] = x
layout = h5py.VirtualLayout((40, 8), 'f4')
layout[:] = h5py.VirtualSource('source.h5', 'x', (40, 8))
with h5py.File('set.h5', 'w') as f:
    f['labels'] = labels
    f.create_virtual_dataset('embeddings', layout)
with h5py.File('plain.h5', 'w') as f:
    f['labels'] = labels
    f['embeddings'] = x
with h5py.File('linked.h5', 'w') as f:
    f['lfw'] = h5py.ExternalLink('plain.h5', '/')
END
    eface-eval -q -f tsv -p all-pairs X=plain.h5 X2=set.h5 | awk -F '\t' '{ $2 = ""; print }' | sort | uniq -c | awk '$1 != 2' >odd
    [ "$(wc -l <odd)" -eq 1 ] # the heading
    eface-eval -q -p all-pairs set.h5 -o r.json
    grep -q "\"sha256\": \"$(sha256sum <source.h5 | cut -d' ' -f1)\"" r.json
    run -0 eface-eval -q -v -p all-pairs linked.h5:/lfw
    says "source     $(sha256sum <plain.h5 | cut -d' ' -f1)  $(stat -c %s plain.h5) bytes  "
    eface-train -q plain.h5 -o head.h5 --epochs 1 --batch 8
    run eface-train apply head.h5 set.h5 -o out.h5
    fails_with 3 'set.h5:/embeddings: its values lie in another file, source.h5, of which nothing is copied'
    [ ! -e out.h5 ]
    run eface-eval -q -p all-pairs set.h5 -o source.h5 --format json
    fails_with 2 'source.h5 is an input'
    mv source.h5 gone.h5
    run eface-train set.h5 -o h.h5
    fails_with 3 'set.h5:/embeddings: takes its values from source.h5:x (virtual dataset), which is missing'
}

# quiet COMMAND...: ends quietly, with status 0, though nobody reads what it prints.
quiet() {
    "$@" 2>err | true
    [ "${PIPESTATUS[0]}" -eq 0 ]
    if [ -s err ]; then
        cat err
        return 1
    fi
}

@test "a pipe that nobody reads any more ends every program quietly" {
    awk 'BEGIN { for (i = 0; i < 4000; i++) print i % 2, i }' >many.txt
    quiet eface-eval --explain tar_at_far
    quiet eface-eval -q -f json --scores many.txt -o /dev/stdout
    quiet eface-table --list-published
    quiet eface-table s.json -c scores:eer
    quiet eface-synth --help
    # What it was asked for is done all the same.
    eface-train people.h5 -o head.h5 --epochs 2 --batch 16 2>/dev/null | true
    [ -s head.h5 ]
    # And a claim that fails still does.
    eface-eval --scores many.txt --assert 'eer < 0.1' 2>/dev/null | true
    [ "${PIPESTATUS[0]}" -eq 1 ]
    command -v gnuplot >/dev/null || return 0
    quiet eface-plot roc s.json
}

@test "a write that fails tells its own reason" {
    [ -w /dev/full ] || skip 'no /dev/full'
    for command in 'eface-train people.h5 -o head.h5 --epochs 2 --batch 16' 'eface-eval --help' \
        'eface-eval -f json --scores scores.txt' 'eface-table s.json -c scores:eer'; do
        run bash -c "$EFACE_BIN/$command 2>&1 >/dev/full"
        fails_with 3 'standard output could not be written: No space left on device'
    done
}

@test "names that begin with a dash" {
    eface-eval -q --scores scores.txt -o ./-dash.json
    eface-eval -q --scores scores.txt -o -dash.md
    eface-table ./-dash.json -c scores:eer -o ./-dash.tex
    [ -s ./-dash.json ] && [ -s ./-dash.md ] && [ -s ./-dash.tex ]
    eface-train -q -o ./-head.h5 people.h5 --epochs 1 --batch 16
    eface-train apply -q -o ./-out.h5 ./-head.h5 people.h5
    need_gnuplot
    eface-plot roc ./-dash.json -f cairolatex --standalone -o ./-dash.tex
    grep -q includegraphics ./-dash.tex && [ -s ./-dash-inc.pdf ]
}
