#!/usr/bin/env bats
# Rows moved against their ids, and embeddings that have all one direction: notes, and exit status 0.
load helper

question='are rows and ids in step, and are the labels right?'

# moved FILE OUT: the embeddings of every set moved down by one row, and nothing else.
moved() {
    cp "$1" "$2"
    chmod u+w "$2"
    /usr/bin/python3 - "$2" <<'END'
import sys
import h5py, numpy
with h5py.File(sys.argv[1], "r+") as file:
    def move(name, item):
        if name.split("/")[-1] in ("embeddings", "embeddings_flip"):
            item[...] = numpy.roll(item[...], 1, axis=0)
    file.visititems(move)
END
}

# in_step ARGUMENT ...: an evaluation that has nothing to ask.
in_step() {
    run -0 eface-eval "$@"
    refute_asks
}

refute_asks() {
    [[ $output != *'in step'* && $output != *'same direction'* ]] || {
        echo "$output"
        return 1
    }
}

# asks SHARE-OF-WHAT ARGUMENT ...: an evaluation that says so and asks, once.
asks() {
    local said=$1
    shift
    run -0 eface-eval "$@"
    says "$said"
    says "$question"
    [ "$(grep -c 'in step' <<<"$output")" -eq 1 ]
}

@test "pairs of images: some people still meet themselves" {
    need_python
    eface-synth -q -p cfp_ff --scale 0.1 --dim 64 --no-flip -o right.h5
    moved right.h5 moved.h5
    in_step -d lists --allow-partial right.h5
    asks '% of the genuine pairs score like impostor pairs while others score far above them' -d lists --allow-partial moved.h5
}

@test "pairs of images: nobody meets himself, which is no better than chance" {
    need_python
    eface-synth -q -p lfw --scale 0.05 --dim 64 --no-flip -o right.h5
    moved right.h5 moved.h5
    in_step -d lists --allow-partial right.h5
    asks 'AUC below 0.' -d lists --allow-partial moved.h5
    asks 'AUC below 0.' -m accuracy -d lists --allow-partial moved.h5
}

@test "scores the wrong way round are noted whatever is asked for" {
    need_python
    /usr/bin/python3 - <<'END'
import h5py, numpy
half = numpy.random.default_rng(1).standard_normal((20, 16))
with h5py.File("opposite.h5", "w") as file:
    file["embeddings"] = numpy.stack([half, -half], 1).reshape(40, 16)
    file["labels"] = numpy.arange(40) // 2
END
    printf '1 0.1\n0 0.9\n1 0.2\n' >s.txt
    run -0 eface-eval -m eer --scores s.txt
    says 'genuine comparisons score lower than impostor ones (AUC below 0.5): greater must mean more alike; are these distances?'
    asks 'genuine comparisons score lower than impostor ones (AUC below 0.5)' -p all-pairs -m eer opposite.h5
}

@test "all pairs, 1:1 and 1:N" {
    need_python
    eface-synth -q -p all_pairs --images 400 --dim 128 --difficulty 0.5 --no-flip -o right.h5
    moved right.h5 moved.h5
    in_step -p all-pairs right.h5
    in_step -p all-pairs -m cmc@1 right.h5
    asks '% of the genuine pairs score like impostor pairs' -p all-pairs moved.h5
    asks '% of the best mates score like other people' -p all-pairs -m cmc@1 moved.h5
}

@test "templates" {
    need_python
    eface-synth -q -p ijbc --scale 0.02 --dim 128 --difficulty 0.3 --no-flip --inside -o right.h5
    moved right.h5 moved.h5
    in_step --allow-partial right.h5
    asks '% of the genuine pairs score like impostor pairs' --allow-partial moved.h5
}

@test "a weak system is no reason to ask" {
    for difficulty in 2 4; do
        eface-synth -q -p all_pairs --images 300 --dim 64 --difficulty $difficulty --no-flip -o weak.h5 --force
        in_step -p all-pairs weak.h5
    done
}

@test "embeddings of one direction are noted, by whatever is evaluated" {
    need_python
    /usr/bin/python3 - <<'END'
import h5py, numpy
random = numpy.random.default_rng(1)
rows = 80
near = numpy.ones((rows, 16)) + 0.005 * random.standard_normal((rows, 16))
with h5py.File("pairs.h5", "w") as file:
    file["embeddings"] = near
    file["issame"] = numpy.arange(rows // 2) % 2
with h5py.File("people.h5", "w") as file:
    file["embeddings"] = near
    file["labels"] = numpy.arange(rows) // 4
with h5py.File("templates.h5", "w") as file:
    group = file.create_group("ijbb")
    group["embeddings"] = near
    group["templates"] = group["media"] = numpy.arange(rows)
    group["quality"] = numpy.ones(rows)
    group["template_pairs"] = [(2 * k, 2 * k + 1, k % 2) for k in range(rows // 2)]
with h5py.File("distractors.h5", "w") as file:
    file["probes/embeddings"] = near[:40]
    file["probes/labels"] = numpy.arange(40) // 4
    file["distractors/embeddings"] = near[40:]
END
    note='all scores are about 1.000: the embeddings have nearly all the same direction'
    run -0 eface-eval -p pairs pairs.h5
    says "$note"
    run -0 eface-eval -p all-pairs people.h5
    says "$note"
    run -0 eface-eval --allow-partial templates.h5
    says "$note"
    run -0 eface-eval -p megaface --allow-partial distractors.h5
    says "$note"
}

@test "mates that are copies, and the highest impostors alone, do not tell the direction of all embeddings" {
    need_python
    /usr/bin/python3 - <<'END'
import h5py, numpy
random = numpy.random.default_rng(3)
face = random.standard_normal((50, 16))
face[1] = face[0] # the highest impostors are copies too
with h5py.File("copies.h5", "w") as file:
    file["embeddings"] = face.repeat(2, 0)
    file["labels"] = numpy.arange(100) // 2
with h5py.File("distractors.h5", "w") as file:
    file["probes/embeddings"] = face[:1].repeat(60, 0)
    file["probes/labels"] = numpy.zeros(60, int)
    file["probes/labels"][:2] = 1
    # 66000 impostors that score 1, of which 65536 are kept.
    file["distractors/embeddings"] = numpy.vstack([face[:1].repeat(1100, 0), random.standard_normal((100, 16))])
END
    in_step -p all-pairs -m tar_at_far@1e-4 copies.h5
    in_step -p all-pairs copies.h5
    in_step -p megaface -m tar_at_far@1e-3 --allow-partial distractors.h5
}

@test "mates among distractors, scores alone, pairs that are left out, and figures other than AUC" {
    need_python
    /usr/bin/python3 - <<'END'
import h5py, numpy
random = numpy.random.default_rng(0)
people, dim = 400, 64
label = numpy.arange(2 * people) // 2
face = random.standard_normal((people, dim))[label] + 0.3 * random.standard_normal((2 * people, dim))
bad = random.random(2 * people) < 0.2
good = face.copy()
face[bad] = random.standard_normal((bad.sum(), dim))
for name, rows in ("right", good), ("wrong", face):
    with h5py.File(name + ".h5", "w") as file:
        file["embeddings"], file["labels"], file["groups"] = rows, label, numpy.arange(2 * people) % 2
        file["probes/embeddings"], file["probes/labels"] = rows[:200], label[:200]
        file["probes/noisy"] = numpy.zeros(200, int)
        file["distractors/embeddings"], file["distractors/noisy"] = random.standard_normal((400, dim)), numpy.zeros(400, int)
# Scores of a mixture: 400 that are genuine, of which every third is drawn as impostors are.
genuine = numpy.where(numpy.arange(400) % 3 == 0, random.standard_normal(400), 20)
with open("scores.txt", "w") as file:
    for score in genuine:
        print(1, score, file=file)
    for score in random.standard_normal(4000):
        print(0, score, file=file)
END
    asks '% of the mates score like distractors while others score far above them' -p megaface --noise drop -m cmc@1 wrong.h5
    in_step -p megaface --noise drop -m cmc@1 right.h5
    in_step -p all-pairs -m cmc@1 --exclude-same groups right.h5
    asks '38 % of the best mates score like other people' -p all-pairs -m cmc@1 --exclude-same groups wrong.h5
    asks '% of the genuine pairs score like impostor pairs' -p all-pairs -m eer --exclude-same groups wrong.h5
    in_step --scores scores.txt # scores have neither rows nor ids
    says '% of the genuine scores score like impostor scores while others score far above them: are the labels right?'
}

@test "LFW: real rows in step, and out of step" {
    need_data lfw/lfw_mfn512.h5 lfw/pairs.txt
    need_python
    moved "$real_data/lfw/lfw_mfn512.h5" moved.h5
    in_step -p lfw --data "$real_data/lfw" "$real_data/lfw/lfw_mfn512.h5"
    asks '50 % of the genuine pairs score like impostor pairs' -p lfw --data "$real_data/lfw" moved.h5
    says '0.73'
}
