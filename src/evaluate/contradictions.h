/* contradictions.h - what is known twice is compared: calls (this pair is genuine, that one an impostor) with a source of identity.
 *
 * A call contradicts a source when it is genuine and its two images are of two people there, or impostor and they are of one.  An image of
 * nobody known contradicts nothing, nor do names that differ alike: only who is the same as whom counts.
 * Thread rule: one ef_contradictions per thread, then ef_contradictions_merge() in the order of the calls. */
#ifndef EF_EVALUATE_CONTRADICTIONS_H
#define EF_EVALUATE_CONTRADICTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/strings.h>

#include "base/error.h"
#include "score/pair_repeats.h"

enum { EF_CALLED_IMPOSTOR, EF_CALLED_GENUINE };

typedef struct ef_contradictions {
    uint64_t calls[2]; /* impostor and genuine ones between people who are known; */
    uint64_t wrong[2]; /* and those of them that contradict */
    size_t first;      /* the first of these, as its caller numbers them */
    bool first_genuine;
} ef_contradictions;

/* Compares one call with the people of its two images, numbers below 0 being nobody known. */
static inline void ef_contradictions_meet(ef_contradictions *self, size_t number, bool genuine, int64_t a, int64_t b)
{
    if (a < 0 || b < 0) {
        return;
    }
    bool wrong = (a == b) != genuine;
    if (wrong && self->wrong[0] + self->wrong[1] == 0) {
        self->first = number;
        self->first_genuine = genuine;
    }
    self->calls[genuine]++;
    self->wrong[genuine] += wrong;
}

/* Adds what was met after it. */
void ef_contradictions_merge(ef_contradictions *self, const ef_contradictions *after);

/* Compares two sources that each say who every image is: each image with the one before it that is of the same person by either of them.
 * The calls are those of `called`, one an image; *before = the image that the first which contradicts was compared with. */
EF_MUST_USE ef_status ef_contradictions_between(ef_contradictions *self, size_t *before, const int64_t *called,
                                                const int64_t *person, size_t count, ef_error *err);

uint64_t ef_contradictions_count(const ef_contradictions *self);

/* How they are put in words: "PLACE: A and B are of one person by CALLER, but of two people by SOURCE; 3 of 60 WHAT contradict ..." */
typedef struct ef_contradiction_words {
    const char *place, *a, *b;   /* of the first one: where its call stands, and its two images */
    const char *what;            /* "pairs" */
    const char *caller, *source; /* what counts with `allow`, and what it is compared with */
    const char *hint;            /* what else may be wrong, or NULL */
    bool allow;                  /* go on with a note */
} ef_contradiction_words;

/* Makes an error of contradictions (EF_FORMAT), or with `allow` a note; nothing when there are none. */
EF_MUST_USE ef_status ef_contradictions_settle(const ef_contradictions *self, const ef_contradiction_words *words,
                                               ef_strings *notes, ef_error *err);

/* The same for pairs that a list `where` calls genuine in one place and impostor in another, and impostor pairs of one image: the first of them is of
 * the `noun` ("rows") a and b. */
EF_MUST_USE ef_status ef_settle_both_calls(ef_strings *notes, const ef_pair_repeats *repeats, const char *where, const char *noun,
                                           int64_t a, int64_t b, bool allow, ef_error *err);

#endif
