/* synth_all_pairs.h - a made-up set of labelled images, every pair of which is compared.
 *
 * People have few images or many, four on average; some of a person's images follow each other as the frames of a video, one medium.  If wanted, a few
 * images bear the label of somebody else: their names still say whom they show.
 * Thread rule: read-only once made. */
#ifndef EF_SYNTH_SYNTH_ALL_PAIRS_H
#define EF_SYNTH_SYNTH_ALL_PAIRS_H

#include <stdint.h>

#include <eface/status.h>

enum {
    SYNTH_ALL_PAIRS_USUAL = 12500, /* images */
    SYNTH_ALL_PAIRS_LEAST = 20,
    SYNTH_ALL_PAIRS_MOST = 10000000,
    SYNTH_ALL_PAIRS_NAME = 48
};

typedef struct synth_photo {
    uint32_t person, number; /* whom it shows, and which of that person's images it is: both from 1 on */
    uint32_t medium;         /* from 1 on in the whole set */
    uint32_t first;          /* the number of the first image of this medium */
    uint32_t label;          /* the person, or where it is wrong another one */
} synth_photo;

typedef struct synth_all_pairs {
    uint64_t seed;
    synth_photo *images; /* person after person */
    uint32_t image_count, people, media;
} synth_all_pairs;

/* Draws a set of `images` images, `wrong` of which, a tenth at the most, have wrong labels.  But for these a smaller one has the first images of a larger one.
 * The caller frees what is in *out with synth_all_pairs_free(). */
EF_MUST_USE ef_status synth_all_pairs_create(synth_all_pairs *out, uint32_t images, uint32_t wrong, uint64_t seed, ef_error *err);
void synth_all_pairs_free(synth_all_pairs *plan); /* an empty (zeroed) one is fine */

/* "Person_0012/Person_0012_0003.jpg" */
void synth_all_pairs_name(char name[SYNTH_ALL_PAIRS_NAME], const synth_photo *photo);

/* Which random streams belong to what; see synth_stream.h. */
enum { SYNTH_ALL_PAIRS_IMAGE = 8, SYNTH_ALL_PAIRS_ALBUM, SYNTH_ALL_PAIRS_MEDIUM, SYNTH_ALL_PAIRS_LABELS };

#endif
