/* distractor_parts.h - what a set of probes and distractors is made of, and the steps that make it, a file each. */
#ifndef EF_IO_DISTRACTOR_PARTS_H
#define EF_IO_DISTRACTOR_PARTS_H

#include <eface/distractor_set.h>

#include "io/feature_tree.h"
#include "list/json_list.h"

typedef struct ef_distractor_side {
    char *name;            /* "emb.h5:/megaface/probes", "features/facescrub" */
    ef_set *set;           /* the embeddings: in HDF5, */
    ef_feature_tree *tree; /* or in files of their own */
    ef_strings *names;     /* of the images; NULL when they have none */
    uint32_t *row;         /* HDF5: the row of each image; NULL: image i is row i */
    size_t count;          /* images */
    ef_distractor_noise noise;
    unsigned char *noisy; /* what noise points to */
    char *noise_source;
} ef_distractor_side;

struct ef_distractor_set {
    char *name, *model;
    ef_distractor_side side[2];
    size_t dim;
    bool flip;
    int64_t *labels, *other_labels;    /* by what goes first, and by another source; NULL: there is none */
    char *label_source, *other_source; /* of these, where there are both */
    size_t identities, mateless, strangers;
    ef_distractor_size *sizes; /* with their rows and lists */
    size_t size_count;
    ef_distractor_input *inputs; /* with their paths */
    size_t input_count, input_capacity;
};

/* The options with the benchmark's names filled in. */
typedef struct ef_distractor_way {
    ef_distractor_options options;
    ef_distractor_names names;
    bool probe_list_named, size_list_named, noise_list_named[2]; /* by the caller: then it must be there */
    bool lists_named, list_set_named;                            /* likewise: then lists of distractors must be there */
} ef_distractor_way;

enum { EF_PLACES_TEXT = 200 };

/* ", nor does its templatelists": the folders below that of the lists where they would have been found; empty where there are none. */
const char *ef_distractor_places(char text[EF_PLACES_TEXT], const ef_distractor_way *way);

/* *path = the list `name` in the folder of lists, freed with free(); NULL when it is not there or name is NULL; not to be there is an error when it was `named`. */
EF_MUST_USE ef_status ef_distractor_list_path(char **path, const ef_distractor_way *way, const char *name, bool named,
                                              ef_error *err);

/* Refuses a list that a folder happens to hold and that is no file: a pipe would be waited for. */
EF_MUST_USE ef_status ef_distractor_check_list(const char *path, ef_error *err);

/* Frees what it owns: not itself. */
void ef_distractor_size_free(ef_distractor_size *size);

/* Notes a file that was read, as it was when it was opened. */
EF_MUST_USE ef_status ef_distractor_set_note(ef_distractor_set *set, const char *role, const char *path, const ef_file_mark *mark,
                                             ef_error *err);

/* Which probes there are, what they are called and who they are, from the list of probes or from the set that is open.  A folder needs the list. */
EF_MUST_USE ef_status ef_distractor_probes(ef_distractor_set *set, const ef_distractor_way *way, ef_error *err);

/* The names of the distractors, and which of them each number of distractors means, likewise. */
EF_MUST_USE ef_status ef_distractor_sizes(ef_distractor_set *set, const ef_distractor_way *way, ef_error *err);

/* Which images of a side are noisy, if anything says so. */
EF_MUST_USE ef_status ef_distractor_noises(ef_distractor_set *set, ef_side side, const ef_distractor_way *way, ef_error *err);

#endif
