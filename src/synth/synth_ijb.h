/* synth_ijb.h - the template benchmarks that eface-synth imitates. */
#ifndef EF_SYNTH_SYNTH_IJB_H
#define EF_SYNTH_SYNTH_IJB_H

#include <stdint.h>

enum { SYNTH_IJBS = 2 };

typedef struct synth_ijb {
    const char *name;          /* in the names of the lists: "ijbc" */
    const char *folder;        /* of the lists: "IJBC/meta"; */
    const char *nist_folder;   /* of NIST's: "IJBC/protocols" */
    const char *gallery[2];    /* what the lists call the galleries: "G1" and "G2" */
    uint32_t subjects[2];      /* in each gallery, with a template each */
    uint32_t probes, mateless; /* probe templates; so many of them are in no genuine pair */
    uint32_t images, media;
    uint64_t impostors; /* pairs */
    uint32_t draws;     /* the first of the SYNTH_IJB_STREAMS sets of random streams */
    double spread;      /* how far media lie from their person, as a multiple of the person's own length; the median */
} synth_ijb;

/* What the sets of random streams are for, from `draws` on. */
enum {
    SYNTH_IJB_PLAN,
    SYNTH_IJB_IMPOSTORS, /* by gallery template */
    SYNTH_IJB_PERSON,    /* by subject */
    SYNTH_IJB_TEMPLATE,  /* by template */
    SYNTH_IJB_MEDIUM,    /* by medium */
    SYNTH_IJB_IMAGE,     /* by row */
    SYNTH_IJB_LANDMARKS, /* one */
    SYNTH_IJB_STREAMS
};

extern const synth_ijb synth_ijbs[SYNTH_IJBS];

#endif
