/* synth_recipe.h - all that eface-synth can make: one row a benchmark. */
#ifndef EF_SYNTH_SYNTH_RECIPE_H
#define EF_SYNTH_SYNTH_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/progress.h>
#include <eface/set_writer.h>
#include <eface/status.h>
#include <eface/strings.h>

#include "synth/synth_benchmark.h"
#include "synth/synth_ijb.h"

enum { SYNTH_RECIPES = SYNTH_BENCHMARKS + SYNTH_IJBS + 2, SYNTH_SUMMARY_SIZE = 128 };

typedef struct synth_request {
    const char *lists; /* folder of the official lists */
    const char *bins;  /* folder of the feature files of a made-up MegaFace; NULL: none */
    uint64_t seed;
    size_t dim;
    double scale, difficulty;
    uint32_t images, wrong_labels; /* of all_pairs: how many at scale 1, and how many of these have a label that is not theirs */
    bool half;                     /* embeddings as float16 */
    bool flip;                     /* embeddings of the mirrored images too */
    bool inside;                   /* the lists of templates, or of noisy images, in the set too */
    const ef_progress *progress;   /* or NULL */
    bool nist; /* the lists of templates as NIST distributes them, and what they need of the set: names and detector scores */
} synth_request;

typedef struct synth_recipe synth_recipe;

/* Writes the lists, and the set into the writer's current group.  The summary says what was made: "600 pairs of 800 images". */
typedef ef_status synth_make(char summary[SYNTH_SUMMARY_SIZE], ef_set_writer *writer, const synth_recipe *recipe,
                             const synth_request *request, ef_error *err);

/* Appends the path of every list that making would write. */
typedef ef_status synth_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err);

struct synth_recipe {
    const char *name; /* of the protocol, and of the group in the file */
    bool usual;       /* made when nobody says what to make */
    synth_make *make;
    synth_paths *paths;
    const synth_benchmark *pairs; /* what to make: one of the two, or neither */
    const synth_ijb *templates;
};

/* In the order in which they are made. */
extern const synth_recipe synth_recipes[SYNTH_RECIPES];

synth_make synth_pairs_make, synth_ijb_make, synth_megaface_make, synth_all_pairs_make;
synth_paths synth_pairs_paths, synth_ijb_paths, synth_megaface_paths, synth_all_pairs_paths;

#endif
