#!/usr/bin/env bats
# shellcheck disable=SC2016 # the variables between single quotes are Perl's
# eface-plot: from result files to figures.  What scripts and data look like is kept in tests/golden/plot/ (golden.bats).
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    need_gnuplot
    for i in 1 2; do
        eface-synth -q --force --protocol lfw,cfp_fp --scale 0.05 --dim 16 --difficulty "1.$i" -o set.h5 --lists lists
        eface-eval -q --allow-partial --data lists "S$i=set.h5" -o "s$i.json"
        eface-eval -q --allow-partial --data lists "S$i=set.h5" -o "s$i.tsv"
        eface-synth -q --force --protocol ijbc --scale 0.003 --dim 16 --difficulty "1.$i" -o set.h5 --lists lists
        eface-eval -q --allow-partial --data lists "S$i=set.h5" -o "t$i.json"
        eface-synth -q --force --protocol megaface --scale 0.002 --dim 16 --difficulty "1.$i" -o set.h5 --lists lists
        eface-eval -q --allow-partial --data lists -p megaface "S$i=set.h5" -o "m$i.json"
    done
    # Six more that are as good as the second.
    for i in 3 4 5 6 7 8; do
        named s2.json "S$i" >"s$i.json"
    done
    rm -r set.h5 lists
    # In gnuplot's place, for sketch.
    mkdir bin
    ln -s "$(type -P true)" bin/gnuplot
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ln -s "$BATS_FILE_TMPDIR"/*.json .
}

# sketch ARGUMENT...: leaves script and data in this folder and draws nothing, for what stands in them.  Whether gnuplot can draw such a
# script is seen where one of its kind is drawn.
sketch() {
    PATH=$BATS_FILE_TMPDIR/bin:$PATH eface-plot "$@" --keep .
}

kinds='roc det cmc hist distractors tar'

# results KIND [COUNT]: files that hold what a kind draws.
results() {
    case $1 in
    cmc) echo t1.json t2.json ;;
    distractors) echo m1.json m2.json ;;
    *) for i in $(seq "${2:-2}"); do echo "s$i.json"; done ;;
    esac
}

# edited FILE PERL [ARGUMENT...]: prints a result file after statements on $d, the document, and $r, its first result.
edited() {
    local file=$1 statements=$2
    shift 2
    perl -MJSON::PP -e '
        my $file = shift; my $statements = shift;
        open my $in, "<", $file or die; local $/; our $d = decode_json(<$in>); our $r = $d->{results}[0];
        eval "$statements; 1" or die $@; print encode_json($d)' "$file" "$statements" "$@"
}

# named FILE NAME: the same result of a system called otherwise.
named() {
    sed "s/\"model\" *: *\"[^\"]*\"/\"model\": \"$2\"/g" "$1"
}

# legend FILE: the texts of a script's legend, without the blanks (figure spaces) before figures that are shorter than others.
legend() {
    sed -n "s/.*keyentry with .* title '\(.*\)' noenhanced.*/\1/p" "$1" | LC_ALL=C sed 's/\xE2\x80[\x87\x88]//g'
}

# block NAME FILE: the lines of numbers of the blocks of data whose heading ends so.
block() {
    awk -v name="$1" '
        /^# block/ { inside = length($0) >= length(name) && substr($0, length($0) - length(name) + 1) == name }
        inside && !/^#/ && NF { print }' "$2"
}

# on_path DIR COMMAND...: runs with programs of DIR only.
on_path() {
    local path=$1
    shift
    run env PATH="$path" "$EFACE_BIN/eface-plot" "$@"
}

# Formats differ in the terminal that they name; only in text and LaTeX, and in the legend of svg, is the script another.  Each kind as
# svg is drawn below.
@test "every kind as text, every format, and every kind in one that is printed" {
    for kind in $kinds; do
        # shellcheck disable=SC2046 # a list of files
        eface-plot "$kind" $(results "$kind") -o "$kind.txt"
        [ "$(wc -l <"$kind.txt")" -gt 15 ]
    done
    for pair in roc:pdf det:png cmc:eps hist:pdf distractors:png tar:eps; do
        # shellcheck disable=SC2046 # a list of files
        eface-plot "${pair%:*}" $(results "${pair%:*}") -o "${pair%:*}.${pair#*:}"
    done
    for file in *.pdf; do
        head -c 5 "$file" | grep -q '%PDF-'
    done
    for file in *.png; do
        head -c 4 "$file" | grep -qa 'PNG'
    done
    for file in *.eps; do
        head -n 1 "$file" | grep -q '%!PS-Adobe.*EPSF'
    done
    [ "$(find . -name '*.pdf' -o -name '*.png' -o -name '*.eps' | wc -l)" -eq 6 ]
}

@test "without -o, or with -o -, the plot is drawn in letters" {
    run -0 eface-plot roc -p lfw s1.json s2.json
    says 'LFW'
    says 'False acceptance rate'
    says '!  S1'
    [ "${#lines[@]}" -le 24 ]
    eface-plot roc -p lfw s1.json s2.json >none
    eface-plot roc -p lfw s1.json s2.json -o - | cmp - none
    eface-plot roc -p lfw s1.json s2.json -o roc.txt
    cmp roc.txt none
    run -0 eface-plot roc -f svg s1.json
    says '</svg>'
    eface-plot roc s1.json | { ! grep -q $'\033'; }
}

@test "the legend tells the values and has the best first" {
    sketch roc -p lfw --at 1e-1 s2.json s1.json
    for system in 1 2; do
        awk -F '\t' -v which="$system" '
            $1 == "lfw" && $3 == "tar_at_far" && $4 == 0.1 && $5 == "insightface" { printf "%.2f!  S%d\n", 100 * $6, which }' \
            "$BATS_FILE_TMPDIR/s$system.tsv"
    done >values
    { echo 'TAR [%] at FAR 1e-1' && sort -k 1,1gr values && echo '! fewer than 30 false matches'; } | diff - <(legend roc.gp)
    # Of an error rate the lowest is best.
    sketch det -p lfw s2.json s1.json s3.json
    legend det.gp | tail -n +2 | sort -c -k 1,1g
    [ "$(legend det.gp | wc -l)" -eq 4 ]
}

@test "figures of a legend stand in a column, and long names go as far as there is room" {
    edited s1.json '($r) = grep { $_->{protocol}{name} eq "lfw" } @{$d->{results}}; $r->{model} = "A"; $d->{results} = [$r]; $_->{value} = 1 for map { grep { ref } values %$_ } @{$r->{metrics}}' >all.json
    sketch roc -p lfw --at 1e-1 all.json s1.json --mixed
    digit=$'\xE2\x80\x87'
    grep -q "title '100.00!  A'" roc.gp
    grep -q "title '${digit}[0-9][0-9]\.[0-9]*!  S1'" roc.gp
    sketch roc -p lfw --at 1e-1 all.json s1.json --mixed -f tikz
    grep -q "title '.phantom{1}[0-9.]*!  S1'" roc.gp
    run -0 eface-plot roc -p lfw --at 1e-1 all.json s1.json --mixed
    says '100.00!  A'
    grep -q ' [0-9][0-9]\.[0-9]*!  S1' <<<"$output"
    printf '0.1 0.5\n1 1\n' >ref.txt
    run -0 eface-plot roc -p lfw --at 1e-1 s1.json --reference ref.txt
    says '        ref.txt'
    name='iiiii lllll iiiii lllll iiiii lllll iiiii lllll iiiii lllll'
    sketch cmc "$name=t1.json" 'wwwww mmmmm wwwww mmmmm wwwww mmmmm wwwww mmmmm=t2.json'
    grep -q "$name' noenhanced" cmc.gp
    grep -q "  wwwww mmmmm [wm ]*\.\.\.' noenhanced" cmc.gp
    # Its title and its lines keep off the edges.
    [ "$(sed -n 's/^set key at screen \([0-9.]*\),.*/\1/p' cmc.gp | awk '$1 < 0.015' | wc -l)" -eq 0 ]
}

@test "the diagonal of a DET does not run through the legend" {
    sketch det -p lfw s1.json --no-bands
    grep -q '^set arrow .* nohead back' det.gp
    grep -q '^set key inside .* opaque ' det.gp
    eface-plot roc -p lfw s1.json --no-bands --keep .
    grep -q '^set key .* noopaque ' roc.gp
}

@test "a panel for each benchmark, chosen and in order" {
    eface-plot roc s1.json s2.json t1.json --keep .
    [ "$(grep -c '^plot ' roc.gp)" -eq 3 ]
    sketch roc -p IJB-C,lfw s1.json s2.json t1.json
    [ "$(grep -o "^set label '[^']*' at graph 0.5, screen" roc.gp | cut -d "'" -f 2 | grep -v rate | paste -sd ' ')" = 'IJB-C LFW' ]
    sketch hist s1.json s2.json
    [ "$(grep -c '^plot ' hist.gp)" -eq 4 ]
    run eface-plot roc -p lfv s1.json
    fails_with 2 "did you mean 'lfw'"
}

@test "the points that were asked for are marked where they were found" {
    sketch roc -p lfw s1.json
    awk -F '\t' '$1 == "lfw" && $3 == "tar_at_far" && $5 == "insightface" && $4 * $13 >= 1 { print $6 }' "$BATS_FILE_TMPDIR/s1.tsv" | sort >expected
    block 'points, S1' roc.dat | cut -d ' ' -f 2 | sort | awk 'NR == FNR { want[NR] = $1; n = NR; next }
        { if ($1 - want[FNR] > 1e-9 || want[FNR] - $1 > 1e-9) exit 1; seen++ } END { exit seen != n || n == 0 }' expected -
    # They lie on the curve.
    block 'points, S1' roc.dat | while read -r x y; do
        block 'curve, S1' roc.dat | awk -v x="$x" -v y="$y" '{ if ($1 >= x * (1 - 1e-9) && last <= x * (1 + 1e-9)) {
            low = was < $2 ? was : $2; high = was < $2 ? $2 : was; if (y >= low - 1e-9 && y <= high + 1e-9) found = 1 }
            last = $1; was = $2 } END { exit !found }'
    done
    sketch det -p lfw s1.json
    eer=$(awk -F '\t' '$1 == "lfw" && $3 == "eer" && $5 == "insightface" { print $6 }' "$BATS_FILE_TMPDIR/s1.tsv")
    block 'points, S1' det.dat | awk -v eer="$eer" '{ if ($1 != $2 || $1 - eer > 1e-9 || eer - $1 > 1e-9) exit 1; n++ } END { exit n != 1 }'
}

@test "intervals around up to three curves, or as asked" {
    for kind in roc det cmc distractors; do
        # shellcheck disable=SC2046 # a list of files
        sketch "$kind" $(results "$kind")
        [ "$(grep -c '^# block .*, interval, S1$' "$kind.dat")" -ge 1 ]
        block 'interval, S1' "$kind.dat" | awk '{ if (!($3 <= $2 && $2 <= $4)) exit 1; n++ } END { exit n == 0 }'
        # shellcheck disable=SC2046 # a list of files
        sketch "$kind" $(results "$kind") --no-bands
        run ! grep -q ', interval, ' "$kind.dat"
    done
    sketch roc -p lfw s[1-4].json
    run ! grep -q ', interval, ' roc.dat
    eface-plot roc -p lfw s[1-4].json --bands --keep .
    [ "$(grep -c ', interval, ' roc.dat)" -eq 4 ]
    run eface-plot roc s1.json --bands --no-bands
    fails_with 2 'cannot both be meant'
}

@test "what --keep leaves runs by itself, and draws the same picture" {
    for kind in roc hist distractors; do
        # shellcheck disable=SC2046 # a list of files
        eface-plot "$kind" $(results "$kind") -o "$kind.svg" --keep "kept $kind/deep"
        cd "kept $kind/deep"
        [ "$(find . -type f | sort | paste -sd ' ')" = "./$kind.dat ./$kind.gp ./$kind.svg" ]
        rm "$kind.svg"
        gnuplot "$kind.gp"
        cmp "$kind.svg" "$BATS_TEST_TMPDIR/$kind.svg"
        cd "$BATS_TEST_TMPDIR"
        grep -q '</svg>' "$kind.svg"
    done
    # The system's name and its value stand in a picture whose text can be read.
    grep -q '>[0-9.]*!  S1</' roc.svg
    # The same again gives the same bytes; other formats the same data.
    sketch roc s1.json s2.json -f svg
    cmp roc.gp 'kept roc/deep/roc.gp'
    sketch roc s1.json s2.json -f pdf
    cmp roc.dat 'kept roc/deep/roc.dat'
}

@test "sizes of a paper's column, its page and a slide" {
    for pair in column:252 page:51 slide:720; do
        eface-plot roc s1.json --size "${pair%:*}" -o "${pair%:*}.pdf"
        grep -aq "MediaBox \[ 0 0 ${pair#*:}" "${pair%:*}.pdf"
    done
    grep -aq 'MediaBox \[ 0 0 720 405 \]' slide.pdf
    # Higher than a page, which is said.
    edited s1.json 'my $text = encode_json($r); $d->{results} = [map { my $copy = decode_json($text); $copy->{protocol}{name} .= $_;
        $copy->{protocol}{heading} .= $_; $copy } 1 .. 16]' >many.json
    run -0 eface-plot roc many.json -o many.pdf
    [ -s many.pdf ]
    says 'eface-plot: the plot is '
    says ' in high, more than a page has room for; choose benchmarks with -p, or put panels side by side with --size page'
    [ "${#lines[@]}" -eq 1 ]
    run -0 sketch roc many.json --size page -f pdf
    says ' in high, more than a page has room for; choose benchmarks with -p'
    [[ "$output" != *'--size page'* ]]
    run -0 eface-plot roc many.json
    [[ "$output" != *'in high'* ]]
    run -0 sketch roc s1.json --size page -f pdf
    [ -z "$output" ]
    run eface-plot roc s1.json --size pages
    fails_with 2 "did you mean 'page'"
}

@test "LaTeX sets the texts: cairolatex in two files, tikz, and documents of both" {
    eface-plot roc -p lfw s1.json -o fig.tex
    grep -qF '\includegraphics[width={' fig.tex
    grep -qF ']{fig}' fig.tex
    head -c 5 fig.pdf | grep -q '%PDF-'
    run ! grep -q documentclass fig.tex
    eface-plot roc -p lfw s1.json -o whole.tex --standalone
    grep -qF '\end{document}' whole.tex
    grep -qF ']{whole-inc}' whole.tex
    head -c 5 whole-inc.pdf | grep -q '%PDF-'
    [ ! -e whole.pdf ]
    eface-plot det -p lfw '50% a_b & {c}=s1.json' -f tikz --standalone -o tikz.tex
    grep -qF '\usepackage{gnuplot-lua-tikz}' tikz.tex
    grep -qF '50\% a\_b \& \{c\}' tikz.tex
    run eface-plot roc s1.json -o 'my fig.tex'
    fails_with 2 'letters, digits'
    run eface-plot roc s1.json -f cairolatex
    fails_with 2 'cairolatex makes two files'
    run eface-plot roc s1.json -o fig.pdf --standalone
    fails_with 2 '--standalone is for cairolatex and tikz'
    run eface-plot roc s1.json -f tikz --keep . --standalone
    fails_with 2 '--standalone is of the file that -o names'
}

@test "curves from two-column files" {
    printf '# FAR, TAR\n\n0.001, 0.5\n1e-2\t0.75\n  1 1\r\n' >ref.txt
    eface-plot roc s1.json --reference 'CFP-FP:Their method=ref.txt' --reference ref.txt --keep .
    [ "$(grep -c ', reference, Their method$' roc.dat)" -eq 1 ]
    [ "$(grep -c ', reference, ref.txt$' roc.dat)" -eq 2 ]
    [ "$(block 'reference, Their method' roc.dat | paste -sd ';')" = '0.001 0.5;0.01 0.75;1 1' ]
    [ "$(legend roc.gp | grep -c '^ *Their method$')" -eq 1 ]
    # Names of files that look like something else are taken as they are.
    cp ref.txt 'a=b:c.txt'
    eface-plot roc -p lfw s1.json --reference 'a=b:c.txt' --keep .
    grep -q ', reference, a=b:c.txt$' roc.dat
    printf '0.1 0.5 3\n' >three.txt
    printf '0.1 0.5\n0.2 75\n' >percent.txt
    printf '0.1 0.5\n0.2 x\n' >words.txt
    : >empty.txt
    run eface-plot roc s1.json --reference three.txt
    fails_with 3 "three.txt:1: '0.1 0.5 3' is not two numbers"
    run eface-plot roc s1.json --reference percent.txt
    fails_with 3 'percent.txt:2: 0.2 75 is no point of roc'
    says 'per cent must be divided by 100'
    run eface-plot roc s1.json --reference words.txt
    fails_with 3 'words.txt:2:'
    run eface-plot roc s1.json --reference empty.txt
    fails_with 3 'empty.txt: holds no points'
    run eface-plot roc s1.json --reference ijbc:ref.txt
    fails_with 2 "no result of 'ijbc'"
    run eface-plot hist s1.json --reference ref.txt
    fails_with 2 "--reference is for curves; 'hist' would pass over it"
}

@test "a curve from elsewhere that nobody would see is refused" {
    printf '1e-6 0.5\n1e-5 0.6\n' >left.txt
    printf '0.1 0.01\n1 0.02\n' >under.txt
    printf '1e-6 0.5\n1 1\n' >across.txt
    run eface-plot roc -p lfw s1.json --reference 'cfp_fp:T=across.txt'
    fails_with 2 "across.txt: the reference 'T' is for cfp_fp, which has no panel in this plot; see --protocol"
    run -0 eface-plot roc -p lfw,cfp_fp s1.json --reference 'cfp_fp:T=across.txt'
    run eface-plot roc s1.json --reference left.txt
    fails_with 2 "left.txt: nothing of the reference 'left.txt' lies between the axes, of which x goes from 0.01 to 1"
    says 'see --from and --lowest'
    run -0 eface-plot roc s1.json --from 1e-5 --reference left.txt
    run eface-plot roc s1.json --lowest 0.1 --reference under.txt --reference-columns fpr,tpr
    fails_with 2 'under.txt: nothing of the reference'
    says 'and y from 0.1 to 1'
    run eface-plot det s1.json --reference left.txt
    fails_with 2 'left.txt: nothing of the reference'
    printf '200 0.5\n300 0.6\n' >beyond.txt
    run eface-plot cmc t1.json --ranks 4 --reference beyond.txt
    fails_with 2 "beyond.txt: nothing of the reference"
    says 'x goes from 1 to 4'
    # A line from a point outside is seen.
    run -0 eface-plot roc s1.json t1.json --reference across.txt
}

@test "any file name will do, and no shell sees it" {
    awkward="it's 100% \"odd\" \$(touch pwned) \`touch pwned\`; touch pwned & \\n
second line"
    mkdir "$awkward"
    cp s1.json "$awkward/$awkward.json"
    printf '0.1 0.5\n1 1\n' >"$awkward/ref.txt"
    cd "$awkward"
    for extension in pdf svg eps; do
        TMPDIR=$PWD eface-plot roc "$awkward.json" --reference "./ref.txt" -o "$awkward.$extension" --keep "kept $awkward"
        [ -s "kept $awkward/roc.gp" ]
    done
    for extension in png txt; do
        TMPDIR=$PWD eface-plot roc "$awkward.json" -o "$awkward.$extension"
    done
    for extension in pdf svg eps png txt; do
        [ -s "$awkward.$extension" ]
    done
    cd "$BATS_TEST_TMPDIR"
    [ -z "$(find . -name pwned)" ]
    [ -z "$(find "$awkward" -name 'eface-plot-*')" ]
}

@test "any name of a system and a benchmark is drawn letter by letter" {
    name="it's 50% \"of\" \\\\n {/Bold x}_a^2 @b &{c} \$HOME \`id\` <b>"
    edited s1.json '$r->{protocol}{heading} = "50% \x27q\x27 _{x} %g %d"; $r->{model} = $ARGV[0]; $d->{results} = [$r]' "$name" >odd.json
    for kind in roc det hist tar; do
        eface-plot "$kind" odd.json --size page -o odd.svg
        # What stands between the tags of the picture, as text.
        sed -n 's/.*<text[^>]*>\(.*\)<\/text>.*/\1/p' odd.svg | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >texts
        grep -qF "50% 'q' _{x} %g %d" texts
        grep -qF '50% "of" ' texts
        grep -qF '{/Bold x}_a^2 @b &{c}' texts
    done
    edited s1.json '$r->{model} = "a\nb\x1b[2Jc\x{9b}d"; $d->{results} = [$r]' >control.json
    run -0 eface-plot roc control.json
    [[ "$output" != *$'\033'* ]]
    says 'a b [2Jc  d  '
    run -0 eface-plot roc "$(printf 'long %0100d=s1.json' 0)" -p lfw
    says '!  long 00'
    says '000...'
}

@test "no gnuplot is said, and the script kept" {
    mkdir empty tmp
    echo old >roc.pdf
    TMPDIR=$PWD/tmp on_path "$PWD/empty" roc s1.json -o roc.pdf
    fails_with 3 'gnuplot is not there; install it'
    says 'gnuplot-nox'
    script=$(sed -n 's/.*the script is //p' <<<"$output")
    [ -s "$script" ]
    [ -s "${script%.gp}.dat" ]
    [ "$(cat roc.pdf)" = old ]
    cd "$(dirname "$script")"
    gnuplot roc.gp
    [ -s roc.pdf ]
    cd "$BATS_TEST_TMPDIR"
    on_path "$PWD/empty" roc s1.json --keep kept
    fails_with 3 'the script is kept/roc.gp'
    [ -s kept/roc.gp ]
}

@test "what gnuplot says when it fails is told, the script kept, and nothing half-written" {
    mkdir bin tmp
    export TMPDIR=$PWD/tmp
    printf '#!/bin/sh\necho half >roc.pdf\nprintf '\''\\n         ^\\n"roc.gp" line 3: no such\\tterminal\\n'\'' >&2\nexit 1\n' >bin/gnuplot
    chmod +x bin/gnuplot
    echo old >roc.pdf
    on_path "$PWD/bin:$PATH" roc s1.json -o roc.pdf
    fails_with 3 'gnuplot failed with status 1, saying: "roc.gp" line 3: no such terminal; the script is '
    [ "${#lines[@]}" -eq 1 ]
    [ "$(cat roc.pdf)" = old ]
    [ "$(find tmp -name 'roc.*' | wc -l)" -eq 2 ]
    on_path "$PWD/bin:$PATH" roc s1.json --keep kept
    [ "$status" -eq 3 ]
    [ ! -e kept/roc.pdf ]
    printf '#!/bin/sh\nkill -9 $$\n' >bin/gnuplot
    on_path "$PWD/bin:$PATH" roc s1.json -o roc.pdf
    fails_with 3 'gnuplot was ended by signal 9'
    printf '#!/bin/sh\nexit 0\n' >bin/gnuplot
    on_path "$PWD/bin:$PATH" roc s1.json -o roc.pdf
    fails_with 3 'gnuplot drew nothing'
    # So much of it that a pipe is full.
    printf '#!/bin/sh\nhead -c 300000 /dev/zero | tr "\\0" x >&2\nexit 4\n' >bin/gnuplot
    on_path "$PWD/bin:$PATH" roc s1.json -o roc.pdf
    fails_with 3 'gnuplot failed with status 4, saying: xxx'
    [ "${#output}" -lt 1000 ]
    [ "$(cat roc.pdf)" = old ]
    [ -z "$(find . -name 'roc.pdf?*')" ]
}

@test "nothing is left where plots are made" {
    mkdir tmp
    TMPDIR=$PWD/tmp eface-plot roc s1.json -o roc.pdf
    TMPDIR=$PWD/tmp eface-plot roc s1.json -o roc.tex
    TMPDIR=$PWD/tmp eface-plot roc s1.json >/dev/null
    [ -z "$(ls tmp)" ]
    run env TMPDIR="$PWD/none" "$EFACE_BIN/eface-plot" roc s1.json -o roc.pdf # valgrind would want that folder too
    fails_with 3 'set TMPDIR to another place'
}

@test "results that lack what a kind draws are named" {
    edited s1.json 'delete $_->{curve} for @{$d->{results}}' >bare.json
    run eface-plot roc bare.json
    fails_with 2 "bare.json: no result has a curve, which 'roc' draws; there could be hist and tar"
    named bare.json X >other.json
    run eface-plot roc s2.json other.json
    fails_with 2 "other.json: the result of 'X' on"
    says "has no curve, which 'roc' draws"
    run eface-plot cmc s1.json
    fails_with 2 "no result has a curve of ranks, which 'cmc' draws"
    run eface-plot distractors t1.json
    fails_with 2 "no result has an identification rate at a number of distractors, which 'distractors' draws; there could be roc, det, cmc"
    # All that the tasks of a benchmark give.
    run eface-plot hist m1.json
    fails_with 2 "no result has a histogram, which 'hist' draws; there could be roc, det, cmc, distractors and tar"
    run eface-plot hist -p megaface m1.json
    fails_with 2 "no result of MegaFace has a histogram, which 'hist' draws; there could be roc, det, cmc, distractors and tar"
    named t1.json X | edited /dev/stdin 'delete $_->{cmc_curve} for @{$d->{results}}' >other.json
    run eface-plot cmc t1.json other.json
    fails_with 2 "has no curve of ranks, which 'cmc' draws"
    run eface-plot roc s1.json -p lfw --at 1e-9
    fails_with 2 'no result has the TAR at FAR 1e-9; eface-eval --metrics tar_at_far@1e-9 finds it'
    run eface-plot tar s1.json t1.json --at 1e-9
    fails_with 2 'no result has the TAR at FAR 1e-9'
}

@test "the same system twice, and what was not made alike, are refused" {
    cp s1.json again.json
    run eface-plot roc s1.json again.json
    fails_with 2 "s1.json and again.json both have a result of 'S1' on"
    says 'NAME=again.json'
    run -0 eface-plot roc s1.json B=again.json
    sed 's/"sha256": "[0-9a-f]\{12\}/"sha256": "000000000000/' s2.json >forged.json
    run eface-plot roc s1.json forged.json
    fails_with 2 'protocol file 000000000000...) were not made alike, and would stand in one panel; evaluate them alike, or say --mixed'
    run -0 eface-plot roc --mixed s1.json forged.json
    sed 's/"convention": "insightface"/"convention": "iso"/' s2.json >iso.json
    run eface-plot tar s1.json iso.json
    fails_with 2 'convention iso) were not made alike'
    run -0 eface-plot tar --convention iso s1.json iso.json
}

@test "a file that is no result file is refused with its name, and nothing is written" {
    head -c 3000 s1.json >cut.json
    : >empty.json
    echo '{"a": 1}' >other.json
    sed 's/"schema": 1/"schema": 2/' s1.json >later.json
    echo old >roc.pdf
    for file in cut empty other later; do
        run eface-plot roc s2.json "$file.json" -o roc.pdf --keep kept
        fails_with 3 "eface-plot: $file.json:"
        [ "${#lines[@]}" -eq 1 ]
        [ "$(cat roc.pdf)" = old ]
        [ ! -e kept ]
    done
    says 'has schema 2 of result files, and this program reads schema 1'
    run eface-plot roc no-such.json
    fails_with 3 'no-such.json: cannot be opened'
}

@test "curves of one point, points at FAR 0, and empty histograms are drawn" {
    # Each is a benchmark of its own; bare ones have no metrics.
    shapes=('0 .8' '.05 .9' '1 1' '0 0 0 .5 0 .97' '0 0 0 1 1 1' '0 0 1 1' '0 0 1 0 1 1')
    for file in odd bare; do
        # shellcheck disable=SC2016 # Perl's variables
        edited s1.json 'my ($file, @shapes) = @ARGV; my $text = encode_json($r); $d->{results} = [map {
            my ($copy, @all, @x, @y) = (decode_json($text), split " ", $shapes[$_]);
            while (@all) { push @x, 0 + shift @all; push @y, 0 + shift @all }
            $copy->{protocol}{name} = $copy->{protocol}{heading} = "shape$_";
            $copy->{curve} = {thinned => JSON::PP::false, impostors => 100, genuine => 100, threshold => [map { .5 } @x],
                far => [@x], tar => [@y], fnmr => [map { 1 - $_ } @y]};
            $copy->{metrics} = [] if $file eq "bare"; $copy } 0 .. $#shapes]' $file "${shapes[@]}" >$file.json
    done
    eface-plot roc odd.json -o roc.svg
    eface-plot det odd.json -o det.txt
    [ -s roc.svg ] && [ -s det.txt ]
    eface-plot roc bare.json -o roc.txt --keep .
    # Something is seen of each.
    for shape in "${!shapes[@]}"; do
        block "shape$shape, points, S1" roc.dat | grep -q '^[0-9]' || [ "$(block "shape$shape, curve, S1" roc.dat | wc -l)" -ge 2 ]
    done
    edited s1.json '$r->{histogram}{$_} = [map { 0 } 1 .. 200] for qw(genuine impostor); $d->{results} = [$r]' >empty.json
    eface-plot hist empty.json -o empty.png --keep .
    [ "$(legend hist.gp | paste -sd ';')" = 'impostor (none);genuine (none)' ]
    edited t1.json '($r) = grep { $_->{cmc_curve} } @{$d->{results}}; $r->{cmc_curve} = [.9]; $r->{metrics} = []; $d->{results} = [$r]' >one.json
    eface-plot cmc one.json -o one.png --keep .
    [ "$(block 'points, S1' cmc.dat)" = '1 0.9' ]
}

@test "the legend of distractors is about a number that all have, or tells each one's own" {
    keep='for (@{$d->{results}}) { my %keep = map { $_ => 1 } @ARGV; $_->{galleries} = [grep { $keep{$_->{entries}} } @{$_->{galleries}}] }'
    edited m1.json "$keep" 10 100 1000 >fewer.json
    sketch distractors --mixed fewer.json m2.json
    [ "$(legend distractors.gp | head -n 1)" = 'Rank 1 [%] at 1000' ]
    for system in 1 2; do
        figure=$(block "points, S$system" distractors.dat | awk '$1 == 1000 { printf "%.2f", 100 * $2 }')
        legend distractors.gp | grep -qx "$figure  S$system"
    done
    edited m2.json "$keep" 2000 >more.json
    eface-plot distractors --mixed fewer.json more.json --keep .
    [ "$(legend distractors.gp | head -n 1)" = 'Rank 1 [%]' ]
    legend distractors.gp | grep -qx '[0-9.]* at 1000  S1'
    legend distractors.gp | grep -qx '[0-9.]* at 2000  S2'
}

@test "what rests on few false matches is marked, and not chosen where there is something better" {
    # Only the TARs at the FARs that follow are said to rest on few.
    few='my %few = map { 0 + $_ => 1 } @ARGV; for my $m (map { @{$_->{metrics}} } @{$d->{results}}) { next if $m->{metric} ne "tar_at_far";
        $_->{few_false_matches} = $few{$m->{point}} ? JSON::PP::true : JSON::PP::false for grep { ref } values %$m }'
    edited s1.json "$few" 0.01 >some.json
    edited s2.json "$few" >none.json
    for kind in roc tar; do
        sketch "$kind" -p lfw some.json none.json --at 1e-2
        [ "$(legend $kind.gp | grep -c '^[0-9.]*!  S1$')" -eq 1 ]
        [ "$(legend $kind.gp | grep -c '^[0-9.]*   S2$')" -eq 1 ]
        [ "$(legend $kind.gp | tail -n 1)" = '! fewer than 30 false matches' ]
        sketch "$kind" -p lfw some.json none.json
        grep -q 'TAR \[%\] at FAR 1e-1' $kind.gp
        run ! grep -q '!' $kind.gp
        # The lowest where all are sure, and where none is too.
        sketch "$kind" -p lfw none.json
        grep -q 'TAR \[%\] at FAR 1e-2' $kind.gp
        sketch "$kind" -p lfw s1.json
        grep -q 'TAR \[%\] at FAR 1e-2' $kind.gp
    done
    # A mark above each such bar, and none above others.
    eface-plot tar -p lfw,cfp_fp some.json none.json --at 1e-2 --keep . -o tar.svg
    [ "$(block 'flags, few false matches' tar.dat | wc -l)" -eq 2 ]
    [ "$(grep -c '>!<' tar.svg)" -eq 2 ]
}

@test "bars begin at 0; points stand for them where the axis begins higher" {
    for pair in bars:0 dots:0.5; do
        drawing=${pair%:*} lowest=${pair#*:}
        eface-plot tar s1.json s2.json --at 1e-1 --lowest "$lowest" --keep . -o tar.png
        eface-plot tar s1.json s2.json --at 1e-1 --lowest "$lowest" >/dev/null
        grep -q "^set yrange \[$(awk "BEGIN { print 100 * $lowest }"):" tar.gp
        [ "$(grep -c "^# block [0-9]*: $drawing, S[12]$" tar.dat)" -eq 2 ]
        for system in 1 2; do
            block "$drawing, S$system" tar.dat | awk '{ if (!($3 <= $2 && $2 <= $4)) exit 1; n++ } END { exit n != 2 }'
        done
    done
    grep -q "keyentry with points .* title '[^']*  S1'" tar.gp
}

@test "curves end at one false match" {
    edited s1.json '$r->{curve} = {thinned => JSON::PP::false, impostors => 200, genuine => 100, threshold => [.9, .8, .7, .6],
        far => [0, 0.005, 0.1, 1], tar => [.5, .6, .8, 1], fnmr => [.5, .4, .2, 0]}; $d->{results} = [$r]' >few.json
    for kind in roc det; do
        eface-plot $kind few.json --from 1e-9 --bands --keep .
        for drawing in curve interval; do
            block "$drawing, S1" $kind.dat | sort -g | head -n 1 | grep -q '^0.005 0.[46]\( \|$\)'
        done
    done
    # Where the axis begins above that, curves run out of it.
    sketch roc few.json --from 0.05
    block 'curve, S1' roc.dat | head -n 1 | grep -qx '0.005 0.6'
}

@test "axes end where curves do that only a few false matches were wanted of" {
    for i in 1 2; do
        eface-synth -q --force -p all-pairs --images 1000 --dim 16 --difficulty "1.$i" -o set.h5
        eface-eval -q -p all-pairs -m tar_at_far@1e-3 "A$i=set.h5" -o "a$i.json"
    done
    eface-plot roc a1.json a2.json --keep .
    grep -qx 'set xrange \[1e-06:0.001\]' roc.gp
    eface-plot det a1.json a2.json --keep .
    grep -qx 'set xrange \[deviate(1e-06):deviate(0.001)\]' det.gp
    [ "$(legend det.gp | head -n 1)" = 'FNMR [%] at FMR 1e-3' ]
    run ! grep -q 'n/a' det.gp
    for kind in roc det; do
        [ "$(block 'points, A2' $kind.dat | wc -l)" -eq 1 ]
        eface-plot $kind a1.json >/dev/null
    done
}

@test "the panels of a histogram have the same axes and FARs" {
    sketch hist -p lfw,cfp_fp s1.json s2.json
    for line in xrange yrange ytics; do
        grep "^set $line" hist.gp >lines
        [ "$(sed -n 1,2p lines | uniq | wc -l)" -eq 1 ]
        [ "$(sed -n 3,4p lines | uniq | wc -l)" -eq 1 ]
    done
    awk '/^set label .FAR / { seen = seen $3 $4 } /^plot / { print seen; seen = "" }' hist.gp >fars
    [ "$(sed -n 1p fars)" = "$(sed -n 2p fars)" ]
    grep -q FAR fars
}

@test "eight systems are told apart, in grey too" {
    eface-plot roc -p lfw s[1-8].json -o eight.pdf --keep .
    [ "$(legend roc.gp | wc -l)" -ge 8 ]
    # Lightness as CIELAB has it, of each colour; all pairs at least 6 apart.
    sed -n "s/^set style line .* lc rgb '#\([0-9a-f]*\)'.*/\1/p" roc.gp | perl -ne '
        my @linear = map { my $c = hex($_) / 255; $c <= 0.04045 ? $c / 12.92 : (($c + 0.055) / 1.055) ** 2.4 } /../g;
        my $y = 0.2126 * $linear[0] + 0.7152 * $linear[1] + 0.0722 * $linear[2];
        push @levels, $y > 0.008856 ? 116 * $y ** (1 / 3) - 16 : 903.3 * $y;
        END {
            @levels = sort { $a <=> $b } @levels;
            die "@levels" if @levels != 8 or grep { $levels[$_] - $levels[$_ - 1] < 6 } 1 .. 7;
        }'
}

@test "options that a kind would pass over, and wrong ones, are refused" {
    run eface-plot cmc --at 1e-3 t1.json
    fails_with 2 "--at is for roc and tar; 'cmc' would pass over it"
    run eface-plot roc --ranks 5 s1.json
    fails_with 2 "--ranks is for cmc; 'roc' would pass over it"
    run eface-plot hist --from 1e-3 s1.json
    fails_with 2 '--from is for roc and det'
    run eface-plot tar --no-bands s1.json
    fails_with 2 '--no-bands is for curves'
    run eface-plot roc --at 2 s1.json
    fails_with 2 '--at must be between 0 and 1, not 2'
    run eface-plot roc --lowest 1 s1.json
    fails_with 2 '--lowest must be a share from 0 to below 1'
    run eface-plot rock s1.json
    fails_with 2 "'rock' is no kind of plot; there are roc, det, cmc, hist, distractors and tar"
    run eface-plot
    fails_with 2 'no kind of plot is given'
    run eface-plot roc
    fails_with 2 'no result file is given'
    run eface-plot roc s1.json -o roc.jpg
    fails_with 2 'roc.jpg: its extension is none of .pdf .svg .png .eps .tex .txt'
    run eface-plot roc s1.json -f jpg
    fails_with 2 "no format 'jpg'"
    for ranks in 0 1; do
        run eface-plot cmc --ranks $ranks t1.json
        fails_with 2 "--ranks must be at least 2, not $ranks, for one rank is no curve"
    done
    run eface-plot roc --ranks 0 s1.json
    fails_with 2 "--ranks is for cmc; 'roc' would pass over it"
    run eface-plot roc -p lfw,cfp_fp,LFW s1.json
    fails_with 2 'LFW is named twice among the benchmarks'
    run eface-plot roc -p lfw -p lfw s1.json
    fails_with 2 'lfw is named twice among the benchmarks'
    sketch cmc --ranks 3 t1.json
    [ "$(block 'curve, S1' cmc.dat | wc -l)" -eq 3 ]
    sketch roc --lowest 0.25 --from 1e-2 s1.json
    grep -q '^set yrange \[25:' roc.gp
    grep -q '^set xrange \[0.01:1\]' roc.gp
}

@test "an output that is an input is refused, and the input left as it is" {
    mkdir kept
    cp s1.json kept/roc.gp
    printf '0.1 0.5\n' >kept/roc.dat
    sha256sum kept/* "$BATS_FILE_TMPDIR"/s1.json >sums
    run eface-plot roc s1.json -f svg -o s1.json
    fails_with 2 's1.json is an input'
    run eface-plot roc kept/roc.gp --keep kept
    fails_with 2 'kept/roc.gp is an input'
    run eface-plot roc s1.json --reference kept/roc.dat --keep kept
    fails_with 2 'kept/roc.dat is an input'
    run eface-plot roc s1.json -f svg -o kept/roc.dat --keep kept
    fails_with 2 'kept/roc.dat is what --keep leaves for gnuplot'
    sha256sum -c --quiet sums
    # The picture itself may be both.
    rm kept/*
    eface-plot roc s1.json -o kept/roc.svg --keep kept
    grep -q '</svg>' kept/roc.svg
}

@test "a full disk and a folder that is not there are errors" {
    run eface-plot roc s1.json -o no/such/roc.pdf
    fails_with 3 'no/such/roc.pdf: cannot be written'
    [ -w /dev/full ] || skip 'no /dev/full'
    run eface-plot roc s1.json -f pdf -o /dev/full
    fails_with 3 '/dev/full: could not be written: No space left on device'
    run bash -c "'$EFACE_BIN/eface-plot' roc s1.json 2>&1 >/dev/full"
    fails_with 3 'standard output could not be written'
    : >file
    run eface-plot roc s1.json --keep file/kept
    [ "$status" -eq 3 ]
}

@test "real systems: LFW, CFP-FP and CFP-FF in one table and one figure" {
    need_data lfw/lfw_mfn512.h5 lfw/lfw_dlib128.h5 cfp/cfp_mfn512.h5 cfp/cfp_dlib128.h5 cfp/Protocol/Pair_list_F.txt
    for system in mfn512 dlib128; do
        eface-eval -q -p lfw --data "$real_data" "$system=$real_data/lfw/lfw_$system.h5" -o "lfw_$system.json"
        eface-eval -q -p cfp_fp,cfp_ff --data "$real_data" "$system=$real_data/cfp/cfp_$system.h5" -o "cfp_$system.json"
    done
    run -0 eface-table -f csv lfw_*.json cfp_*.json
    says 'System,LFW Accuracy,CFP-FP Accuracy,CFP-FF Accuracy'
    says 'mfn512,98.93,'
    eface-plot roc lfw_*.json cfp_*.json --at 1e-3 --size page -o roc.pdf --keep .
    [ "$(grep -c '^plot ' roc.gp)" -eq 3 ]
    legend roc.gp | grep -qx '96.67!  mfn512'
    # Of those 3000 impostor comparisons 30 are one in a hundred.
    eface-plot roc lfw_*.json --keep .
    [ "$(legend roc.gp | sed -n '1p;$p' | paste -sd ';')" = 'TAR [%] at FAR 1e-2;98.63  dlib128' ]
    [ -s roc.pdf ]
}

@test "--help and --version" {
    run -0 eface-plot --help
    says '--reference'
    says 'Exit status'
    run -0 eface-plot --version
    says 'eface-plot '
}
