#include "synth/synth_ijb.h"

/* Counts of Whitelam et al., CVPR workshops 2017, and Maze et al., ICB 2018, and of the lists of face crops that are made from them.
 * The spreads give a TAR of about 95 % at a FAR of 1e-4 in IJB-C at difficulty 1. */
const synth_ijb synth_ijbs[SYNTH_IJBS] = {
    {.name = "ijbb",
     .folder = "IJBB/meta",
     .nist_folder = "IJBB/protocol",
     .gallery = {"S1", "S2"},
     .subjects = {931, 914},
     .probes = 10270,
     .mateless = 0,
     .images = 227630,
     .media = 70000,
     .impostors = 8000000,
     .draws = 16,
     .spread = 1.45},
    {.name = "ijbc",
     .folder = "IJBC/meta",
     .nist_folder = "IJBC/protocols",
     .gallery = {"G1", "G2"},
     .subjects = {1772, 1759},
     .probes = 19593,
     .mateless = 36,
     .images = 469375,
     .media = 134000,
     .impostors = 15638932,
     .draws = 32,
     .spread = 1.4},
};
