#!/usr/bin/env bats
# A signal ends a program as it would have, but leaves nothing half-made behind.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make people people.h5
    eface-train people.h5 -q -o wide.h5 --batch 16 --epochs 1 --hidden 512 --dim 2048
    eface-synth -q -p all-pairs --dim 16 -o many.h5
    h5make good good.h5
    eface-eval -q good.h5 -o good.json
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/* .
}

# start PROGRAM ...: in the background, as $process.  Bash would start it with SIGINT ignored, and a test under nohup is itself.
start() {
    env --default-signal=HUP,INT,TERM "$EFACE_BIN/$1" "${@:2}" 3>&- &
    process=$!
}

# Waits until there is a file that matches $1, while $process runs.
appears() {
    until compgen -G "$1" >/dev/null; do
        kill -0 "$process" || return 1
    done
}

# dies_of SIGNAL: $process does, when sent it.
dies_of() {
    local status=0
    kill "-$1" "$process"
    wait "$process" || status=$?
    if [ "$status" -ne $((128 + $(kill -l "$1"))) ]; then
        echo "exit status $status after SIG$1"
        return 1
    fi
}

nothing_temporary() {
    [ -z "$(find . -name '*.tmp*')" ]
}

@test "a set that is being generated is taken away, and the old one left" {
    for signal in HUP INT TERM; do
        echo old >x.h5
        start eface-synth -q --force -p ijbc -o x.h5
        appears 'x.h5.*.tmp'
        dies_of $signal
        nothing_temporary
        [ "$(cat x.h5)" = old ]
    done
}

@test "a feature file is whole or absent" {
    start eface-synth -q -p megaface --scale 0.1 --dim 8 -o x.h5 --lists lists --bins bins
    appears 'bins/facescrub/*/*.bin'
    dies_of TERM
    nothing_temporary
    [ ! -e x.h5 ]
    [ -z "$(find bins -type f ! -size 48c)" ]
}

@test "a set that is being projected, and a checkpoint that is being saved, are taken away" {
    for signal in INT TERM; do
        echo old >out.h5
        start eface-train apply wide.h5 many.h5 -q --force -o out.h5
        appears 'out.h5.*.tmp'
        dies_of $signal
        nothing_temporary
        [ "$(cat out.h5)" = old ]
        start eface-train people.h5 -q --force -o out.h5 --batch 16 --epochs 100000 --hidden 512 --dim 2048 --checkpoint ck.h5 --every-steps 1
        appears 'ck.h5.*.tmp'
        dies_of $signal
        nothing_temporary
        [ "$(cat out.h5)" = old ]
    done
}

# gnuplot that draws half a picture, and then takes its time.
slow_gnuplot() {
    mkdir -p bin tmp
    printf '#!/bin/sh\necho $$ >"%s/pid"\necho half >roc.pdf\nexec sleep 60\n' "$PWD" >bin/gnuplot
    chmod +x bin/gnuplot
    export PATH=$PWD/bin:$PATH TMPDIR=$PWD/tmp
}

@test "a plot that is being drawn is taken away, and gnuplot ended" {
    slow_gnuplot
    for signal in INT TERM; do
        echo old >roc.pdf
        start eface-plot roc good.json -o roc.pdf
        appears 'tmp/eface-plot-*/roc.pdf'
        dies_of $signal
        [ -z "$(ls tmp)" ]
        [ "$(cat roc.pdf)" = old ]
        run ! kill -0 "$(cat pid)"
    done
}

@test "of a plot whose folder is kept only half a picture is taken away" {
    slow_gnuplot
    start eface-plot roc good.json --keep kept
    appears kept/roc.pdf
    dies_of TERM
    [ "$(ls kept)" = $'roc.dat\nroc.gp' ]
}

@test "a signal that is ignored stays so" {
    slow_gnuplot
    (trap '' HUP && exec "$EFACE_BIN/eface-plot" roc good.json --keep kept 3>&-) &
    process=$!
    appears kept/roc.pdf
    kill -HUP "$process"
    sleep 0.1
    kill -0 "$process"
    [ -e kept/roc.pdf ]
    dies_of TERM
}
