#include "synth/synth_recipe.h"

const synth_recipe synth_recipes[SYNTH_RECIPES] = {
    {"lfw", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[0], NULL},
    {"agedb_30", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[1], NULL},
    {"calfw", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[2], NULL},
    {"cplfw", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[3], NULL},
    {"cfp_fp", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[4], NULL},
    {"cfp_ff", true, synth_pairs_make, synth_pairs_paths, &synth_benchmarks[5], NULL},
    {"ijbb", false, synth_ijb_make, synth_ijb_paths, NULL, &synth_ijbs[0]},
    {"ijbc", false, synth_ijb_make, synth_ijb_paths, NULL, &synth_ijbs[1]},
    {"megaface", false, synth_megaface_make, synth_megaface_paths, NULL, NULL},
    {"all_pairs", false, synth_all_pairs_make, synth_all_pairs_paths, NULL, NULL},
};
