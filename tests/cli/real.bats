#!/usr/bin/env bats
# Real embeddings: the figures that are known for them.  Skipped where the research data is absent.
load helper

@test "LFW: the known figures of a real system" {
    need_data lfw/lfw_mfn512.h5 lfw/pairs.txt
    run -0 eface-eval -p lfw --data "$real_data/lfw" "$real_data/lfw/lfw_mfn512.h5"
    says '6000 pairs (3000 genuine, 3000 impostor), 10 folds, convention insightface'
    says '0.98933 +- 0.00351'
    says '0.99720'
    run -0 eface-eval -p lfw --data "$real_data" --convention iso -m tar_at_far@1e-3 "$real_data/lfw/lfw_mfn512.h5"
    says '0.96667'
    says '3 / 3000'
}

@test "LFW: the same figures from \$EFACE_DATA, one thread and little memory" {
    need_data lfw/lfw_mfn512.h5 lfw/pairs.txt
    set=$real_data/lfw/lfw_mfn512.h5
    eface-eval -p lfw -f tsv --data "$real_data/lfw" "$set" >expected
    EFACE_DATA=$real_data eface-eval -p lfw -f tsv -t 1 "$set" | diff expected -
    EFACE_DATA=$real_data eface-eval -p lfw -f tsv --memory 4M "$set" | diff expected -
}

@test "LFW View 1 and both CFP protocols find every pair" {
    need_data lfw/lfw_dlib128.h5 lfw/pairsDevTrain.txt lfw/pairsDevTest.txt cfp/cfp_dlib128.h5 cfp/Protocol/Pair_list_F.txt
    export EFACE_DATA=$real_data
    run -0 eface-eval -p lfw_view1_train,lfw_view1_test "$real_data/lfw/lfw_dlib128.h5"
    says '2200 pairs (1100 genuine, 1100 impostor)'
    says '1000 pairs (500 genuine, 500 impostor)'
    run -0 eface-eval -p cfp_fp,cfp_ff "$real_data/cfp/cfp_dlib128.h5"
    [ "$(grep -c '7000 pairs (3500 genuine, 3500 impostor), 10 folds' <<<"$output")" -eq 2 ]
}

@test "CPLFW's list against LFW's images: what is missing is counted" {
    need_data lfw/lfw_dlib128.h5 cplfw/pairs_CPLFW.txt
    run eface-eval -p cplfw --data "$real_data/cplfw" "$real_data/lfw/lfw_dlib128.h5"
    [ "$status" -eq 3 ]
    says 'pairs_CPLFW.txt:'
    says 'of its 6000 pairs (--skip-missing leaves those pairs out)'
}
