#!/usr/bin/env bats
# eface-table: from result files to a paper's table.  What tables look like is kept in tests/golden/table/ (golden.bats).
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    eface-synth -q --protocol lfw,cfp_fp --scale 0.02 --dim 16 -o x.h5 --lists lists
    eface-synth -q --force --protocol lfw,cfp_fp --scale 0.02 --dim 16 --difficulty 1.3 -o y.h5 --lists lists
    eface-synth -q --protocol ijbc --scale 0.003 --dim 16 -o t.h5 --lists lists
    eface-eval -q --allow-partial --data lists X=x.h5 -o x.json
    eface-eval -q --allow-partial --data lists Y=y.h5 -o y.json
    eface-eval -q --allow-partial --data lists X=x.h5 -o x.tsv
    eface-eval -q --allow-partial --data lists Y=y.h5 -o y.tsv
    eface-eval -q --allow-partial --data lists -p lfw X=x.h5 -o lfw.json
    eface-eval -q --allow-partial --data lists --convention iso -p lfw Z=x.h5 -o iso.json
    eface-eval -q --allow-partial --data lists X=t.h5 -o t.json
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$BATS_FILE_TMPDIR"/*.json .
}

# value SYSTEM PROTOCOL METRIC: the insightface figure in per cent with two decimals, from eface-eval's own table.
value() {
    awk -F '\t' -v protocol="$2" -v metric="$3" '
        $1 == protocol && $3 == metric && $5 == "insightface" { printf "%.2f\n", 100 * $6 }' "$BATS_FILE_TMPDIR/$1.tsv"
}

@test "a row for each system, a column for each benchmark, over as many files as there are" {
    run -0 eface-table -f csv x.json y.json t.json
    says 'System,LFW Accuracy,CFP-FP Accuracy,IJB-C TAR @ FAR 1e-4'
    says "X,$(value x lfw accuracy),$(value x cfp_fp accuracy),"
    says "Y,$(value y lfw accuracy),$(value y cfp_fp accuracy),NA"
}

@test "the best figure is bold and the second underlined" {
    run -0 eface-table -f md x.json y.json
    says "| X | **$(value x lfw accuracy)** |"
    says "| Y | <u>$(value y lfw accuracy)</u> |"
    run -0 eface-table -f latex x.json y.json
    says "X & \\textbf{$(value x lfw accuracy)}"
    says "Y & \\underline{$(value y lfw accuracy)}"
    run -0 eface-table x.json
    [[ "$output" != *'**'* ]]
    # Of an error rate the lowest is best.
    run -0 eface-table -f md -c lfw:eer x.json y.json
    says "| X | **$(value x lfw eer)** |"
}

@test "columns are chosen, in any spelling of the benchmark" {
    run -0 eface-table -f csv -c 'CFP-FP:eer,lfw' -c ijbc:cmc@5 x.json t.json
    says 'System,CFP-FP EER,LFW Accuracy,IJB-C Rank 5'
    run eface-table -c lfw:tra_at_far@1e-3 x.json
    fails_with 2 "did you mean 'tar_at_far'"
    run eface-table -c lfw:tar_at_far@1e-5 x.json
    fails_with 2 'no result of lfw has the figure tar_at_far@1e-5'
    run eface-table -c ijbc x.json
    fails_with 2 "no result of 'ijbc'; there are lfw and cfp_fp"
    run eface-table -c lfw,, x.json
    fails_with 2 'an empty name'
}

@test "one benchmark in depth has TAR at every FAR, ranks and TPIR" {
    run -0 eface-table -f csv --depth ijbc t.json
    says 'TAR @ FAR 1e-6,TAR @ FAR 1e-5,TAR @ FAR 1e-4,TAR @ FAR 1e-3,TAR @ FAR 1e-2,TAR @ FAR 1e-1,Rank 1,Rank 5,Rank 10,TPIR @ FPIR 1e-2,TPIR @ FPIR 1e-1'
    run -0 eface-table -f csv --depth ijbc -c cmc,tar_at_far@1e-3 t.json
    says 'System,Rank 1,Rank 5,Rank 10,TAR @ FAR 1e-3'
    run eface-table --depth ijbb t.json
    fails_with 2 "no result of 'ijbb'"
}

@test "rows are ordered, sorted and grouped" {
    run -0 eface-table -f csv y.json x.json -c lfw
    [[ "${lines[1]}" == Y,* ]]
    run -0 eface-table -f csv --sort lfw y.json x.json -c lfw
    [[ "${lines[1]}" == X,* ]]
    run -0 eface-table -f csv --sort name y.json x.json -c lfw
    [[ "${lines[1]}" == X,* ]]
    run -0 eface-table -f csv --order X y.json x.json -c lfw
    [[ "${lines[1]}" == X,* ]]
    run -0 eface-table -f latex --group 'Ours & theirs=Y' y.json x.json -c lfw
    says '\multicolumn{2}{l}{\textit{Ours \& theirs}}'
    run eface-table --order Q x.json
    fails_with 2 "--order: no system 'Q'; there is X"
    run eface-table --sort cfp_ff x.json
    fails_with 2 "the rows cannot be sorted by 'cfp_ff'"
    run eface-table --group Ours x.json
    fails_with 2 'is not TITLE=NAME'
}

@test "NAME=FILE calls a system otherwise" {
    run -0 eface-table -f csv 'my model=x.json' x.json -c lfw
    says 'my model,'
    says 'X,'
    eface-eval -q --allow-partial --data "$BATS_FILE_TMPDIR/lists" -p lfw A="$BATS_FILE_TMPDIR/x.h5" B="$BATS_FILE_TMPDIR/y.h5" \
        -o two.json
    run eface-table N=two.json
    fails_with 2 "has the systems 'A' and 'B', which cannot both be called 'N'"
}

@test "the same system twice for a benchmark is refused, naming both files" {
    run eface-table x.json lfw.json
    fails_with 2 "x.json and lfw.json both have the system 'X' for lfw"
    run eface-table x.json x.json
    fails_with 2 'x.json is given twice'
}

@test "figures that were not made alike are refused, and footnoted with --mixed" {
    run eface-table x.json iso.json
    fails_with 2 "x.json ('X') has convention insightface, but iso.json ('Z') has convention iso"
    says --mixed
    run -0 eface-table --mixed x.json iso.json
    says 'convention iso'
    # One convention for all makes them alike.
    run -0 eface-table --convention iso x.json iso.json
    says 'convention iso'
    sed 's/"sha256": "[0-9a-f]\{12\}/"sha256": "000000000000/' y.json >forged.json
    run eface-table x.json forged.json
    fails_with 2 "forged.json ('Y') has protocol file 000000000000..."
    sed 's/"partial": true/"partial": false/' y.json >full.json
    run eface-table x.json full.json
    fails_with 2 "x.json ('X') has partial counts, but full.json ('Y') has full counts"
}

@test "published figures stand apart, with their sources" {
    run -0 eface-table --with-published elasticface,arcface:zoo x.json
    says 'Published, not measured here'
    says 'ElasticFace-Arc+'
    says 'published: model zoo of insightface'
    printf '[mine]\nname = Mine\nsource = a paper\nlfw accuracy = 99.9\n' >mine.ini
    run -0 eface-table -f md --with-published mine.ini x.json y.json
    says '| Mine<sup><i>a</i></sup> | 99.9 |'
    mkdir with:colon
    cp mine.ini with:colon/
    run -0 eface-table -f csv --with-published mine.ini,mine.ini:mine,with:colon/mine.ini:mine x.json
    [ "$(grep -c '^Mine,' <<<"$output")" -eq 2 ] # the same system twice is shown once
    run -0 eface-table --with-published arcface,adaface
    says 'AdaFace R100 MS1MV2'
    run eface-table --with-published arcfase x.json
    fails_with 2 "did you mean 'arcface'"
    run eface-table --with-published arcface:zo x.json
    fails_with 2 "did you mean 'zoo'"
    run -0 eface-table --list-published
    says 'elasticface:cos-plus  ElasticFace-Cos+'
    # Every file that is shipped can be read.
    files=("$top"/protocols/published/*.ini)
    IFS=,
    eface-table --with-published "${files[*]}" >/dev/null
}

@test "the extension of -o chooses the format" {
    for pair in txt:text tex:latex md:md csv:csv html:html; do
        eface-table x.json -o "table.${pair%:*}"
        cmp "table.${pair%:*}" <(eface-table -f "${pair#*:}" x.json)
    done
    run eface-table x.json -o table.pdf
    fails_with 2 "the extension of 'table.pdf' is none of .txt, .tex, .md, .csv and .html"
    run eface-table x.json -f pdf
    fails_with 2 "no format 'pdf'"
    run eface-table x.json --standalone -f csv
    fails_with 2 '--standalone is for latex and html'
}

@test "names are escaped in every format" {
    name='50% a_b & {c} #1 ~^\ <i> $'
    run -0 eface-table -f latex "$name=x.json" '[y]*=y.json' -c lfw
    says '50\% a\_b \& \{c\} \#1 \textasciitilde{}\textasciicircum{}\textbackslash{} \textless{}i\textgreater{} \$ &'
    says '{[}y{]}{*} &'
    run -0 eface-table -f html "$name=x.json" -c lfw
    says '&amp; {c} #1 ~^\ &lt;i&gt; $</th>'
    run -0 eface-table -f md 'a|b*c_d=x.json' -c lfw
    says '| a\|b\*c\_d |'
    run -0 eface-table -f csv 'a,"b"=x.json' -c lfw
    says '"a,""b""",'
    eface-table "$(printf 'a\033[2Jb=x.json')" | { ! grep -q $'\033'; }
    sed 's/"heading": "LFW"/"heading": "L\\u001b[2J\\u009bW"/' x.json >control.json
    for depth in '' --depth=lfw; do
        eface-table $depth control.json | { ! grep -q $'\033\|\302\233'; }
    done
}

@test "a file that is no result file is refused with its name, and nothing is written" {
    head -c 3000 x.json >cut.json
    : >empty.json
    echo hello >words.json
    echo '{"a": 1}' >other.json
    sed 's/"schema": 1/"schema": 2/' x.json >later.json
    sed 's/"model": "X"/"model": 5/' x.json >types.json
    echo old >table.tex
    for file in cut empty words other later types; do
        run eface-table x.json "$file.json" -o table.tex
        fails_with 3 "eface-table: $file.json:"
        [ "${#lines[@]}" -eq 1 ]
        [ "$(cat table.tex)" = old ]
    done
    run eface-table later.json
    says 'has schema 2 of result files, and this program reads schema 1'
    run eface-table no-such.json
    fails_with 3 'no-such.json: cannot be opened: No such file'
    run eface-table -c lfw,lfw x.json
    fails_with 2 'the columns of lfw are asked for twice'
    run eface-table
    fails_with 2 'no result file is given'
    [ "$(find . -name 'table.tex*' | wc -l)" -eq 1 ]
}

@test "an output that is an input is refused, and the input left as it is" {
    printf '[mine]\nname = Mine\nsource = a paper\nlfw accuracy = 99.9\n' >mine.ini
    sha256sum x.json y.json mine.ini >sums
    ln -s x.json link.csv
    run eface-table x.json y.json -f csv -o y.json
    fails_with 2 'y.json is an input'
    run eface-table x.json -o link.csv
    fails_with 2 'link.csv is an input'
    run eface-table x.json --with-published mine.ini -f csv -o mine.ini
    fails_with 2 'mine.ini is an input'
    sha256sum -c --quiet sums
}

@test "a full disk and a folder that is not there are errors" {
    [ -w /dev/full ] || skip 'no /dev/full'
    for format in text latex md csv html; do
        run eface-table -f $format x.json -o /dev/full
        fails_with 3 '/dev/full: could not be written: No space left on device'
    done
    run bash -c "'$EFACE_BIN/eface-table' x.json 2>&1 >/dev/full"
    fails_with 3 'standard output could not be written'
    run eface-table x.json -o no/such/table.md
    fails_with 3 'no/such/table.md: cannot be written'
}

@test "bold and underlined on a terminal, marks elsewhere and when NO_COLOR is set" {
    eface-table x.json y.json | { ! grep -q $'\033'; }
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminal can be made here'
    command="$EFACE_BIN/eface-table x.json y.json"
    TERM=xterm NO_COLOR='' script -qec "$command" /dev/null </dev/null >shown
    grep -q $'\033\\[1m'"$(value x lfw accuracy)"$'\033\\[0m' shown
    grep -q $'\033\\[4m'"$(value y lfw accuracy)"$'\033\\[0m' shown
    TERM=xterm NO_COLOR=1 script -qec "$command" /dev/null </dev/null | grep -qF "$(value x lfw accuracy)**"
}

@test "what papers quote has columns: as the results say, in older ones as the protocol file of that name" {
    sed 's/"tar_at_far@1e-4"/"cmc@1", "tar_at_far@1e-6"/; s/"name": "ijbc"/"name": "mine"/' t.json >mine.json
    run -0 eface-table -f csv mine.json
    says 'System,IJB-C Rank 1,IJB-C TAR @ FAR 1e-6'
    run -0 eface-table mine.json
    says '----- IJB-C -----'
    # Without the two keys, as results were written before.
    sed '/^    "quote": \[/,/^    "place"/d; s/"name": "ijbc"/"name": "megaface"/; s/"heading": "IJB-C"/"heading": "MegaFace"/' t.json >old.json
    run -0 eface-table -f csv old.json x.json
    says 'System,LFW Accuracy,CFP-FP Accuracy,MegaFace Rank 1,MegaFace TAR @ FAR 1e-6'
    # Nor is a name a path.
    sed 's|"name": "megaface"|"name": "./mega.ini"|' old.json >path.json
    cp "$top/protocols/megaface.ini" mega.ini
    run -0 eface-table -f csv path.json
    says 'System,MegaFace TAR @ FAR 1e-4'
    sed 's/"cmc@1"/7/' mine.json >wrong.json
    run eface-table wrong.json
    fails_with 3 'protocol.quote has an entry 0 that is no string'
}

@test "--help and --version" {
    run -0 eface-table --help
    says '--with-published LIST'
    says 'Exit status'
    run -0 eface-table --version
    says 'eface-table '
}
