/* synth_benchmark.h - the benchmarks that eface-synth imitates. */
#ifndef EF_SYNTH_SYNTH_BENCHMARK_H
#define EF_SYNTH_SYNTH_BENCHMARK_H

#include <stddef.h>
#include <stdint.h>

enum { SYNTH_FOLDS = 10, SYNTH_BENCHMARKS = 6 };

/* Which images there are, and how pairs are drawn from them. */
typedef enum synth_layout {
    SYNTH_ALBUMS,  /* a few images per person, drawn again and again; folds share no person */
    SYNTH_FRESH,   /* every pair has two images of its own; folds share no person */
    SYNTH_PROFILE, /* ten frontal and four profile images per person; a pair is a frontal and a profile image */
    SYNTH_FRONTAL, /* the same images; a pair is two frontal images */
} synth_layout;

typedef enum synth_lists { SYNTH_NO_LIST, SYNTH_PAIRS, SYNTH_TOKENS_OF_FOLDS, SYNTH_TOKENS, SYNTH_SPLITS } synth_lists;

typedef struct synth_benchmark {
    const char *name; /* of the protocol, and of the group in the file */
    const char *list; /* the official list below the folder of lists, NULL for none */
    synth_layout layout;
    synth_lists lists;
    uint32_t pairs;         /* genuine pairs in a fold, and impostor pairs */
    uint32_t people;        /* in a fold */
    uint32_t draws, images; /* numbers of the random streams of the pairs, and of the images: benchmarks may share images */
    double spread;          /* how far images lie from their person, as a multiple of the person's own length; the median */
    double profile;         /* how much further profile images do, as a factor */
} synth_benchmark;

/* In the order in which they are made. */
extern const synth_benchmark synth_benchmarks[SYNTH_BENCHMARKS];

#endif
