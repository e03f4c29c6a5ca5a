/* classes.h - the labels of a set as classes 0, 1, ...: what a softmax is over.
 * Thread rule: read-only once made. */
#ifndef EF_TRAIN_CLASSES_H
#define EF_TRAIN_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/status.h>

#define EF_NO_CLASS (-1)

typedef struct ef_classes {
    size_t rows;     /* of the set */
    int32_t *of_row; /* the class of each image; EF_NO_CLASS: it is left out */
    size_t count;    /* of classes */
    size_t images;   /* in them */
    size_t *start;   /* count + 1: the images of class c are row[start[c]] .. row[start[c + 1] - 1] */
    uint32_t *row;   /* images, of each class in ascending order */
    size_t left_out; /* images of subjects with fewer than `least` images */
    size_t unknown;  /* images of nobody known: their label is negative or empty */
} ef_classes;

/* Numbers the subjects of a set: by ascending label, or for labels that are texts in order of first appearance.  Subjects with fewer than `least` images are left
 * out, and so are images whose label names nobody.  Errors: no labels, fewer than two classes, too many images.  The caller frees what is in *out with
 * ef_classes_free(). */
EF_MUST_USE ef_status ef_classes_read(ef_classes *out, const ef_set *set, size_t least, ef_error *err);
void ef_classes_free(ef_classes *classes); /* an empty (zeroed) one is fine */

#endif
