/* distractor_experiment.h - what an evaluation of probes among distractors is made of, and its steps.
 * Thread rule: as evaluate.h. */
#ifndef EF_EVALUATE_DISTRACTOR_EXPERIMENT_H
#define EF_EVALUATE_DISTRACTOR_EXPERIMENT_H

#include <eface/distractor_set.h>
#include <eface/evaluate.h>

#include "evaluate/distractor_vectors.h"
#include "evaluate/flip_choice.h"
#include "evaluate/wanted.h"
#include "score/pair_distractors.h"

#define EF_FIRST_PROBES  100   /* whose comparisons with distractors the devkit takes for impostors */
#define EF_LISTED_RANKS  1000  /* ranks are told apart up to this one, or the highest asked for */
#define EF_LISTED_SCORES 65536 /* impostor scores kept for curves, even where no FAR needs so many */

typedef struct ef_distractor_experiment {
    const ef_protocol *protocol;
    const char *model;
    const ef_evaluate_options *options;
    ef_wanted wanted;
    ef_distractor_set *set;
    ef_noise noise;
    ef_flip_choice flip;
    ef_distractor_vectors probe_vectors, distractor_vectors;
    ef_strings *notes;

    double *unit;   /* of the probes that are left */
    int64_t *label; /* of each */
    size_t probes, dim, identities;

    uint32_t *lists;               /* which numbers of distractors each distractor belongs to, as bits */
    unsigned char *on_no_list;     /* 1 for distractors that no list has, or that the policy takes off them */
    size_t distractors, sizes;     /* up to the last one that a list has */
    size_t entries[EF_MOST_SIZES]; /* of each list, after dropping */
    size_t met[EF_MOST_SIZES];     /* of them, those that can match */

    size_t *begin;   /* of each probe among marks, and their number */
    double *mark;    /* the scores of each probe's mates, ascending */
    double *genuine; /* of unordered pairs, descending */
    size_t genuine_count;

    size_t first; /* probes whose impostors the devkit counts */
    uint32_t ranks;
    ef_pair_distractors *found;
} ef_distractor_experiment;

/* Reads the probes and applies the policy for noisy images: fills in what is above `begin`.  Errors: what reading finds, nobody with two images left, no
 * distractor left, a person without a clean image. */
EF_MUST_USE ef_status ef_distractor_prepare(ef_distractor_experiment *self, ef_error *err);

/* Scores mates: fills in begin, mark and genuine. */
EF_MUST_USE ef_status ef_distractor_mates(ef_distractor_experiment *self, ef_error *err);

/* A result of one task from what was found.  The caller frees *out with ef_result_free(). */
EF_MUST_USE ef_status ef_distractor_verify(ef_result **out, ef_distractor_experiment *self, ef_error *err);
EF_MUST_USE ef_status ef_distractor_identify(ef_result **out, ef_distractor_experiment *self, ef_error *err);

#endif
