#!/usr/bin/env bats
# Who is who: what is known twice is compared, who is not known is nobody, and lists may repeat themselves.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    h5make people people.h5
    h5make good names.h5 # no labels
    h5make ijb ijb.h5
    h5make people-unlabelled emb.h5
    eface-synth -q --protocol megaface --scale 0.01 --dim 16 -o mega.h5 --lists lists
    /usr/bin/python3 -c 'import h5py' 2>/dev/null || return 0
    /usr/bin/python3 - "$real_data/lfw" <<'END'
import h5py, numpy as np, os, shutil, sys

def change(name, source, what):
    shutil.copy(source, name)
    with h5py.File(name, 'r+') as f:
        what(f)

# Templates: a pair that galleries and probes contradict; labels that are the same people; one image of another person; people not known.
def pairs(f): f['template_pairs'][3, 2] = 1 - f['template_pairs'][3, 2]
def labels(f): f['labels'] = [700 + i // 4 for i in range(80)]
def mixed(f): f['labels'] = [700 + i // 4 if i != 9 else 699 for i in range(80)]
def strangers(f):
    f['labels'] = [-1] * 80
    f['gallery_1'][2, 1] = f['probe'][4, 1] = f['probe'][5, 1] = -5
def swapped(f):
    gallery = f['probe'][:]
    f['probe_'] = f['gallery_1'][:]
    del f['probe'], f['gallery_1']
    f['gallery_1'], f['probe'] = gallery, f['probe_'][:]
for one in pairs, labels, mixed, strangers, swapped:
    change(one.__name__ + '.h5', 'ijb.h5', one)

# Probes of MegaFace with labels: as their folders say, one of another person, one of nobody.
def label(f, first):
    p = f['megaface/probes'] if 'megaface' in f else f['probes']
    people = [i.split(b'/')[-2] for i in p['ids'][:]]
    if 'labels' in p:
        del p['labels']
    p['labels'] = [people[-1] if first == 'wrong' else b'-1' if first == 'none' else people[0]] + people[1:]
for first in 'right', 'wrong', 'none':
    change('mega-%s.h5' % first, 'mega.h5', lambda f: label(f, first))

# Two of six people are not known, by numbers and by texts: rank 1 among the first images of each.
rng = np.random.default_rng(3)
people = np.repeat(np.arange(6), 4)
emb = rng.normal(size=(6, 8))[people] + 0.5 * rng.normal(size=(24, 8))
number = np.where(people < 4, people, -1)
probe = (np.arange(24) % 4 > 0).astype(int)
u = emb / np.linalg.norm(emb, axis=1, keepdims=True)
for name, values in (('number', number), ('text', np.array(['' if n < 0 else '-p%d' % n for n in number], 'S4')),
                     ('digits', np.array(['%d' % n for n in number], 'S4'))):
    with h5py.File(name + '.h5', 'w') as f:
        f['embeddings'], f['labels'], f['is_probe'] = emb, values, probe
        f['pairs'] = [(a, b) for a in range(24) for b in range(a)]
for name, form in ('split', '%s/P%d/%d.jpg'), ('poses', '%s/%s/%d.jpg'):
    with h5py.File(name + '.h5', 'w') as f:
        f['embeddings'] = emb
        f['ids'] = [form % (('gal', 'prb')[i % 4 > 1], i // 4, i % 4) if name == 'split' else
                    form % ('%03d' % (i // 4 + 1), ('frontal', 'profile')[i % 2], i) for i in range(24)]
G, P = np.where(probe == 0)[0], np.where(probe == 1)[0]
hits = [number[G[(u[G] @ u[q]).argmax()]] == number[q] for q in P if number[q] >= 0]
print('%d / %d' % (len(hits) - sum(hits), len(hits)), file=open('ranks', 'w'))

# Bad rows: values that are not finite, vectors of zeros, calls that are neither.
def put(f, name, rows, value):
    values = f[name][:]
    values[rows] = value
    f[name][...] = values
def nan(f): put(f, 'embeddings', [12, 40, 79], np.nan)
def zero(f): put(f, 'embeddings', [3, 4, 70], 0)
def calls(f): put(f, 'issame', [5, 9], 7)
for one in nan, zero, calls:
    change(one.__name__ + '.h5', 'names.h5', one)

# The unlabelled set in a group, under another name, with folders in front; sets whose names tell nobody; 100 people, 6 wrong calls.
with h5py.File('emb.h5', 'r') as old, h5py.File("it's.h5", 'w') as new:
    for name in old:
        if name != 'ids':
            old.copy(name, new.require_group('a/b'))
    new['a/b/paths'] = [b'data/faces/' + i for i in old['ids'][:]]
for name, ids in (('flat', ['images/%d.jpg' % i for i in range(8)]), ('some', ['a/1', 'a/2', 'b/1', '9', '8', '7', '6', '5']),
                  ('trash', ['%s/%d.jpg' % (('p0', 'p1', '-1')[i // 4], i) for i in range(12)]),
                  ('hundred', ['p%d/%d' % (i // 2, i) for i in range(200)])):
    with h5py.File(name + '.h5', 'w') as f:
        f['embeddings'], f['ids'] = rng.normal(size=(len(ids), 8)), np.array(ids, 'S20')
with open('hundred.csv', 'w') as f:
    for p in range(100):
        print('p%d/%d,p%d/%d,%d' % (p, 2 * p, p, 2 * p + 1, p % 30 != 7), file=f)
        print('p%d/%d,p%d/%d,%d' % (p, 2 * p, (p + 3) % 100, 2 * ((p + 3) % 100), p % 40 == 9), file=f)

# The same 100 folders with calls that are turned round; genuine pairs half in folders; in none, as if these were sessions.
right = [(p, 2 * p, (p + k) % 100, 2 * ((p + k) % 100) + 1, 1 - k) for k in range(2) for p in range(100)]
def write(name, pairs, wrong=()):
    with open(name + '.csv', 'w') as f:
        for i, (p, a, q, b, c) in enumerate(pairs):
            print('p%d/%d,p%d/%d,%d' % (p, a, q, b, 1 - c if i in wrong else c), file=f)
    print(len(wrong), file=open(name + '.wrong', 'w'))
write('right', right)
write('impostors', right, range(103, 200, 12))
write('one', right, [17])
write('both', right, [17, *range(103, 200, 12)])
write('eighth', right, range(5, 200, 8))
across = [(p, 2 * p + 1, (p + 50) % 100, 2 * ((p + 50) % 100), 1) for p in range(100)]
write('doubtful', across[:50] + right[50:])
write('sessions', across + right[100:])

# LFW by row number, and that shifted by one.
if os.path.exists(sys.argv[1] + '/lfw_mfn512.h5'):
    row = {n.decode(): i for i, n in enumerate(h5py.File(sys.argv[1] + '/lfw_mfn512.h5')['names'][:])}
    fields = [line.split('\t') for line in open(sys.argv[1] + '/pairsDevTest.txt').read().splitlines()[1:]]
    def at(p, k): return row['%s/%s_%04d.jpg' % (p, p, int(k))]
    lfw = [(at(f[0], f[1]), at(f[0], f[2]), 1) if len(f) == 3 else (at(f[0], f[1]), at(f[2], f[3]), 0) for f in fields]
    for k in range(2):
        print('row1,row2,label', *('%d,%d,%d' % (a + k, b + k, c) for a, b, c in lfw), sep='\n', file=open('lfw%d.csv' % k, 'w'))
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

# rows [OFFSET]: a list by row number of h5make's sets, four images of each person: 40 genuine and 40 impostor pairs of rows 1 to 78.
rows() {
    awk -v k="${1:-0}" 'BEGIN { print "row1,row2,label"
        for (p = 0; p < 20; p++) {
            print (p < 19 ? 4*p+2 : 1)+k "," (p < 19 ? 4*p+3 : 2)+k ",1"; print (p < 19 ? 4*p+4 : 1)+k "," (p < 19 ? 4*p+6 : 3)+k ",1"
            print 4*p+1+k "," (4*p+9)%76+1+k ",0"; print 4*p+2+k "," (4*p+29)%76+1+k ",0" } }'
}

# names: the same by name, with the labels of lines 3, 10 and 17 turned round.
names() {
    rows | awk -F, -v OFS=, 'function id(r) { p = int(r / 4); return "person_" p "/person_" p "_000" r % 4 + 1 ".jpg" }
        NR > 1 { print id($1), id($2), NR % 7 == 4 && NR < 20 ? 1 - $3 : $3 }'
}

auc() {
    eface-eval -m auc -q "$@"
}

@test "a list that contradicts the labels of the set is refused, or a note where that is allowed" {
    names >list.csv
    run -3 auc --pairs list.csv people.h5
    says "list.csv:3: 'person_0/person_0_0002.jpg' and 'person_2/person_2_0003.jpg' are of one person by list.csv, but of two people"
    says 'by people.h5:/labels; 3 of 80 pairs contradict each other so: mend one of the two, or let list.csv count'
    run -0 auc --allow-contradictions --pairs list.csv people.h5
    says 'note: 3 of 80 pairs contradict people.h5:/labels and count as they are in list.csv; the first: list.csv:3: '
    rows | awk -F, -v OFS=, 'NR > 1 { $3 = 1 - $3 } { print }' >swapped.csv
    run -3 auc --pairs swapped.csv people.h5
    says '80 of 80 pairs contradict each other so; they are all the calls: are 0 (two people) and 1 (one person) swapped?'
    run -0 auc --pairs <(rows) people.h5
    says '(40 genuine, 40 impostor)'
    [[ $output != *contradict* ]]
}

@test "rows that are counted from 1 are suspected by labels, by folders of names, and by the first row beyond" {
    rows 1 >rows.csv
    run -3 auc --pairs rows.csv people.h5
    says '20 of 80 pairs contradict each other so; row 0 is never named: are rows counted from 1? (so counted, 0 pairs contradict)'
    run -3 auc --pairs rows.csv names.h5
    says 'by the folders in names.h5:/ids'
    says 'are rows counted from 1? (so counted, 0 pairs contradict)'
    run -0 auc --pairs <(rows) names.h5
    [[ $output != *contradict* ]]
    run -3 auc --pairs <(rows 1; echo 77,80,1; echo 78,81,0) names.h5
    says ':82: row 80 is beyond the 80 rows of names.h5 (and 1 more pair) (rows are counted from 0)'
    run -3 auc --pairs <(rows 1; echo 77,80,1) names.h5
    says '(rows are counted from 0; row 0 is never named: are they counted from 1 here?)'
}

@test "folders that are no people contradict nothing; among a hundred people a few wrong calls do" {
    run -0 auc -p pairs names.h5 # its issame calls every second pair of one folder an impostor
    [[ $output != *contradict* ]]
    need_python
    run -3 auc --pairs hundred.csv hundred.h5
    says "hundred.csv:15: 'p7/14' and 'p7/15' are of two people by hundred.csv, but of one person by the folders in hundred.h5:/ids"
    says '7 of 200 pairs contradict each other so; if these folders are not people, the list may be right'
    for list in impostors one both eighth; do # as many contradictions as were made, of either kind or both
        run -3 auc --pairs "$list.csv" hundred.h5
        says "$(cat "$list.wrong") of 200 pairs contradict each other so"
        says 'by the folders in hundred.h5:/ids'
        run -0 auc --allow-contradictions --pairs "$list.csv" hundred.h5
        says "note: $(cat "$list.wrong") of 200 pairs contradict the folders in hundred.h5:/ids"
    done
    run -0 auc --pairs doubtful.csv hundred.h5
    says 'note: 50 of 100 genuine pairs of doubtful.csv lie across the folders in hundred.h5:/ids and 0 of 100 impostor pairs share one'
    says 'if the folders are people, the list contradicts them; the first: doubtful.csv:1: '
    for list in right sessions; do
        run -0 auc --pairs "$list.csv" hundred.h5
        [[ $output != *'folders in'* ]]
    done
}

@test "memory that runs out where folders are numbered is an error, and nothing else" {
    [[ "${EFACE_VARIANT:-release}" != *san ]] || skip 'a sanitizer must come before any other library'
    not_under_valgrind
    export EF_FAIL_AT=0 EF_FAIL_BYTES=640 # 8 bytes for each of 80 images
    while LD_PRELOAD=$EFACE_BIN/memory.so run eface-eval -q -p pairs -m auc names.h5 && [ "$status" -ne 0 ]; do
        fails_with 3 'eface-eval: not enough memory for '
        EF_FAIL_AT=$((EF_FAIL_AT + 1))
    done
    [ $EF_FAIL_AT -gt 2 ]
}

@test "LFW's rows shifted by one are refused, unshifted they are as known" {
    need_data lfw/lfw_mfn512.h5 lfw/pairsDevTest.txt
    need_python
    run -0 auc --pairs lfw0.csv "$real_data/lfw/lfw_mfn512.h5"
    says 0.99853
    [[ $output != *contradict* ]]
    run -3 auc --pairs lfw1.csv "$real_data/lfw/lfw_mfn512.h5"
    says '296 of 1000 pairs contradict each other so; row 0 is never named: are rows counted from 1? (so counted, 0 pairs contradict)'
}

@test "template pairs against galleries and probes, labels against templates, subjects of nobody known" {
    need_python
    ijb() { eface-eval -q -p ijbc --weight none --allow-partial --convention iso -m auc,cmc@1 "$@"; }
    run -0 ijb labels.h5 # other numbers, the same people
    [[ $output != *contradict* ]]
    run -3 ijb pairs.h5
    says 'pairs.h5:/template_pairs row 3: template 3 and template 6 are of one person by pairs.h5:/template_pairs, but of two people'
    says 'by the galleries and probes in pairs.h5; 1 of 40 pairs'
    run -0 ijb --allow-contradictions pairs.h5
    says 'note: 1 of 40 pairs contradict the galleries and probes in pairs.h5 and count as they are in pairs.h5:/template_pairs'
    run -3 ijb mixed.h5
    says 'row 8 and row 9 are of one person by their template, but of two people by mixed.h5:/labels; 1 of 40 images'
    run -0 ijb strangers.h5
    says 'note: of nobody known (subjects below 0), so without a mate: 2 of 20 probes, 1 of 20 templates in galleries'
    says '/ 17' # two of 20 are strangers, and one has lost its mate
}

@test "training leaves images of nobody known out, also where their labels are texts" {
    need_python
    for set in number text digits; do
        run -0 eface-train --epochs 1 -o head-$set.h5 $set.h5
        says '8 images of nobody known left out'
    done
}

@test "galleries and probes that may be swapped get a note" {
    need_python
    run -0 eface-eval -q -p ijbc --weight none --allow-partial -m cmc@1 swapped.h5
    says 'note: gallery 1 has 20 templates and the probes 10, where IJB-C has more probes: are the two lists swapped'
    says '(swapped.h5:/gallery_1, swapped.h5:/probe)?'
    run -0 eface-eval -q -p ijbc --weight none --allow-partial -m cmc@1 ijb.h5
    [[ $output != *swapped* ]]
}

@test "the first bad row comes with the number of the others" {
    need_python
    run -3 auc -p pairs nan.h5
    says 'nan.h5:/embeddings row 12: not finite (and 2 more rows)'
    run -3 auc -p pairs zero.h5
    says 'zero.h5:/embeddings row 3: is zero, so it has no direction (and 2 more rows)'
    run -3 auc -p pairs calls.h5
    says 'calls.h5:/issame row 5: 7 is neither 0 nor 1 (and 1 more row)'
}

@test "labels of probes against the list that names them; probes of nobody known" {
    need_python
    mega() { eface-eval -q -p megaface -m cmc@1 --distractors 10 "$@"; }
    run -0 mega --data lists mega-right.h5
    [[ $output != *contradict* ]]
    run -3 mega --data lists mega-wrong.h5
    says 'facescrub_features_list.json, but of'
    says 'probes contradict each other so'
    run -0 mega --allow-contradictions --data lists mega-wrong.h5
    says 'probes contradict mega-wrong.h5:'
    run -0 mega mega-none.h5
    says 'probes are of nobody known (labels below 0 or empty): they have no mate'
    run -0 mega --labels-from ids mega-none.h5
    [[ $output != *'nobody known'* ]]
}

@test "images of nobody known are strangers among pairs, in a gallery and among probes" {
    need_python
    for set in number text digits; do
        run -0 eface-eval -q -p all-pairs -m cmc@1 $set.h5
        says "8 images are of nobody known (labels below 0 or empty in $set.h5:/labels): strangers to all others"
        says "$(cat ranks)"
        run -0 auc -p pairs $set.h5
        says '276 pairs (24 genuine, 252 impostor)'
        says "156 pairs are impostor pairs because an image is of nobody known ($set.h5:/labels)"
    done
}

@test "what a message about missing labels says works as it is printed" {
    run -3 eface-train -q -o head.h5 emb.h5
    says '--labels-from ids takes them from there; or write them into the file, in Python: '
    eface-train -q --epochs 1 --labels-from ids -o head.h5 emb.h5
    run -3 auc -p all-pairs emb.h5
    says '--labels-from ids takes them from there; or write them into the file, in Python: import h5py; '
    python=${output##*in Python: }
    by_option=$(auc -p all-pairs -f tsv --labels-from ids emb.h5)
    run -2 eface-eval -p all-pairs --labels-from names emb.h5
    says "'names' is not a value for --labels-from: there is ids"
    need_python
    run -3 auc -p all-pairs "it's.h5:/a/b"
    /usr/bin/python3 -c "$python
${output##*in Python: }"
    [ "$(auc -p all-pairs -f tsv emb.h5)" = "$by_option" ]
    [ "$(auc -p all-pairs -f tsv "it's.h5:/a/b" | cut -f 6)" = "$(cut -f 6 <<<"$by_option")" ]
    for set in 'flat.h5 0 images/0.jpg' 'some.h5 3 9'; do # no folders of people
        read -r file row name <<<"$set"
        run -3 auc -p all-pairs --labels-from ids "$file"
        says "$file:/ids row $row: '$name' lies in no folder that tells who it is"
        run -3 auc -p all-pairs "$file"
        [[ $output != *labels-from* ]]
    done
}

@test "folders that may be splits come with how many people they would be" {
    need_python
    run -3 auc -p all-pairs split.h5
    [[ $output != *labels-from* ]]
    run -0 auc -p all-pairs --labels-from ids split.h5
    says "note: the folders in split.h5:/ids are 2 people, 'gal' and 'prb', of 24 images"
    run -0 eface-train --epochs 1 --labels-from ids -o split.head split.h5
    says "the folders in split.h5:/ids are 2 people, 'gal' and 'prb', of 24 images"
    run -3 auc -p all-pairs poses.h5 # PERSON/POSE/IMAGE
    says "of the form PERSON/IMAGE (6 people, '001', '002' and 4 more, of 24 images): if those are the people, --labels-from ids takes"
    run -0 auc -p all-pairs --labels-from ids poses.h5
    says "note: the folders in poses.h5:/ids are 6 people, '001', '002' and 4 more, of 24 images"
    run -0 auc -p all-pairs --labels-from ids trash.h5 # a folder that is nobody, as a label would be
    says "note: the folders in trash.h5:/ids are 2 people, 'p0' and 'p1', of 12 images"
    says '4 images are of nobody known'
    run -0 eface-eval -q -p megaface -m cmc@1 --distractors 10 --labels-from ids mega.h5
    says "probes/ids are 4 people, 'Person_0001', 'Person_0002' and 2 more, of 191 images"
}

@test "two names of a list that are one image are named, a name of several images is not found a twin" {
    run -3 auc --pairs <(echo person_0/person_0_0001.jpg,person_1/person_1_0001.jpg,0
        echo person_0/person_0_0001.png,person_0/person_0_0002.jpg,1) people.h5
    says ":2: two names of the list, 'person_0/person_0_0001.jpg' and 'person_0/person_0_0001.png', are one image in people.h5:/ids"
    says '; of the 4 names of the list 1 cannot be told from others: call each image by one name'
    need_python
    run -3 auc --pairs <(echo 1,P0/0.jpg,0) split.h5
    says ":1: '1' could be any of several images in split.h5:/ids; so could 1 of the 2 images of the list"
}

@test "pairs that repeat others are noted; intervals do not count them" {
    rows >once.csv
    awk -F, -v OFS=, '{ print } NR > 1 { print $2, $1, $3 }' once.csv >twice.csv
    { cat once.csv; echo 3,3,1; echo 3,3,1; awk 'NR == 2 || NR == 4 { print; print }' once.csv; } >mixed.csv
    figures() { eface-eval -q -p pairs -f tsv -m auc,eer,eer_hull,tar_at_far@0.1,fnmr_at_fmr@0.1 "$@" people.h5 | cut -f 3-8; }
    for method in wilson clopper-pearson; do
        diff <(figures --interval $method --pairs once.csv) <(figures --interval $method --pairs twice.csv)
    done
    run -0 auc --pairs twice.csv people.h5
    says 'note: 80 pairs stand in the list twice: figures count them as they stand, intervals each pair once'
    run -0 auc --pairs mixed.csv people.h5
    says 'note: 2 pairs compare an image with itself, 2 stand in the list more than once: figures'
    run -0 auc --pairs once.csv people.h5
    [[ $output != *'stand in'* ]]
    run -3 auc --pairs <(cat once.csv; echo 3,2,0) ijb.h5 # who is who is not known
    says 'rows 2 and 3 are called a genuine pair in one place and an impostor pair in another'
    run -0 auc --allow-contradictions --pairs <(cat once.csv; echo 3,2,0) ijb.h5
    says 'note: pairs of the list that contradict themselves and count as they stand: 1; the first: '
}

@test "options and settings that messages name are there and do what they say" {
    known=$(for program in eval table plot synth train; do "eface-$program" --help; done; eface-train apply --help)
    named=$(grep -rhoE '"([^"\\]|\\.)*"' "$top/src" | grep -oE -- '--[a-z][a-z-]+' | sort -u)
    for option in $named; do
        [[ $known == *"$option"* ]] || { echo "no program has $option"; return 1; }
    done
    command -v flock >/dev/null || skip 'no flock'
    run -3 flock names.h5 "$EFACE_BIN/eface-eval" -q -p pairs -m auc names.h5
    says '(then set HDF5_USE_FILE_LOCKING=FALSE)'
    HDF5_USE_FILE_LOCKING=FALSE run -0 flock names.h5 "$EFACE_BIN/eface-eval" -q -p pairs -m auc names.h5
}
