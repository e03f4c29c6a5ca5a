# helper.bash - what the tests of programs share.  Every test file begins with `load helper`.
#
# A test runs in a folder of its own that is empty, $BATS_TEST_TMPDIR.  The programs are functions of their names, so that
# they can run under valgrind; $top is the source tree, $real_data the folder of research data (use need_data).
bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
EFACE_BIN=${EFACE_BIN:-$top/build/release}
# Programs look for lists and protocols there: a test says so itself when it wants that.  A test file is read more than once,
# by processes that inherit from each other, so the folder of the data moves to a name of its own.
export EFACE_TEST_DATA=${EFACE_TEST_DATA:-${EFACE_DATA:-$top/../shared/data}}
real_data=$EFACE_TEST_DATA
unset EFACE_DATA EFACE_PROTOCOLS

eface-eval() {
    # shellcheck disable=SC2086 # a command and its options
    ${EFACE_WRAP:-} "$EFACE_BIN/eface-eval" "$@"
}

eface-synth() {
    # shellcheck disable=SC2086 # a command and its options
    ${EFACE_WRAP:-} "$EFACE_BIN/eface-synth" "$@"
}

eface-table() {
    # shellcheck disable=SC2086 # a command and its options
    ${EFACE_WRAP:-} "$EFACE_BIN/eface-table" "$@"
}

eface-plot() {
    # shellcheck disable=SC2086 # a command and its options
    ${EFACE_WRAP:-} "$EFACE_BIN/eface-plot" "$@"
}

eface-train() {
    # shellcheck disable=SC2086 # a command and its options
    ${EFACE_WRAP:-} "$EFACE_BIN/eface-train" "$@"
}

# h5make CASE FILE: writes a small set (tests/cli/h5make.c).
h5make() {
    "$EFACE_BIN/h5make" "$@"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# need_data FILE ...: skips the test when a file of the research data is absent.
need_data() {
    local file
    for file; do
        [ -r "$real_data/$file" ] || skip "no $file: set EFACE_DATA to the folder of the research data"
    done
}

# have_python: Python can write HDF5 files.  To import what it does that with would take longer than most tests.
have_python() {
    /usr/bin/python3 -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("h5py") is None)' 2>/dev/null
}

# need_python: skips the test when Python cannot write HDF5 files.
need_python() {
    have_python || skip 'no h5py: scripts/deps oracle installs it'
}

# need_gnuplot: skips the test when there is no gnuplot to draw with.
need_gnuplot() {
    command -v gnuplot >/dev/null || skip 'no gnuplot: scripts/deps check installs it'
}

# heard COMMAND ...: $status, $output, $stderr and the lines of it are set as by `run --separate-stderr`, which takes as long again as
# a small evaluation.
heard() {
    local said=$BATS_FILE_TMPDIR/.said
    status=0
    output=$("$@" 2>"$said") || status=$?
    # shellcheck disable=SC2034 # tests read it
    mapfile -t stderr_lines <"$said"
    IFS= read -r -d '' stderr <"$said" || true
    stderr=${stderr%$'\n'}
}

# fails_with STATUS TEXT: the last `run` ended with STATUS and said TEXT in one line on standard error or output.
fails_with() {
    if [ "$status" -ne "$1" ]; then
        echo "exit status $status, not $1; it said: $output"
        return 1
    fi
    says "$2"
}

# says TEXT: the output of the last `run` holds TEXT, literally.
says() {
    if [[ "$output" != *"$1"* ]]; then
        echo "did not say: $1"
        echo "but: $output"
        return 1
    fi
}

# golden NAME: standard input must equal tests/golden/NAME; `make golden` writes the file instead.
golden() {
    local expected=$top/tests/golden/$1
    if [ "${EFACE_GOLDEN:-}" = write ]; then
        mkdir -p "${expected%/*}"
        cat >"$expected"
    else
        diff -u "$expected" -
    fi
}

# A test that starts programs by the dozen, or compares pairs by the million; what they do with memory the sanitizers see.
not_under_valgrind() {
    [ -z "${EFACE_WRAP:-}" ] || skip 'takes too long under valgrind'
}
