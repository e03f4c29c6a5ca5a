/* set.h - a set of embeddings in an HDF5 file, read in blocks.
 *
 * A set is one group of the file: the root, or a group named after a protocol ("/lfw"), or the one the caller names with
 * FILE.h5:/group.  It holds datasets under fixed names, each with aliases that public code uses (protocols/README.md
 * lists them).  Numbers may be float16, float32 or float64 of either byte order, contiguous, chunked or compressed.
 *
 * Thread rule: HDF5's serial library: use every set of a process from one thread at a time. */
#ifndef EFACE_SET_H
#define EFACE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/file_mark.h>
#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_set ef_set;

typedef enum ef_field {
    EF_EMBEDDINGS,      /* N x D reals, a row per image                      features, feats, embs, array */
    EF_EMBEDDINGS_FLIP, /* N x D reals, the mirrored images                  embs_f, features_flip */
    EF_IDS,             /* N strings, image names                            names, paths, filenames, image_name */
    EF_LABELS,          /* N integers or strings, subjects                   subjects, identity */
    EF_TEMPLATES,       /* N integers                                        template_id */
    EF_MEDIA,           /* N integers                                        media_id */
    EF_QUALITY,         /* N reals, detector score                           faceness, face_scores */
    EF_ISSAME,          /* P of 0 or 1 (integers or booleans) */
    EF_PAIRS,           /* P x 2 integers, rows counted from 0 */
    EF_FOLDS,           /* P integers, folds counted from 0 or from 1 */
    EF_SCORES,          /* P reals, precomputed scores */
    EF_TEMPLATE_PAIRS,  /* P x 3 integers: template, template, 1 genuine or 0 impostor */
    EF_GALLERY_1,       /* T x 2 integers: template, subject */
    EF_GALLERY_2,       /* T x 2 integers: template, subject */
    EF_PROBE,           /* T x 2 integers: template, subject */
    EF_NOISY,           /* N of 0 or 1, whether an image does not show who it should */
    EF_GROUPS,          /* N integers or strings: images of one group are not compared     cameras, camera */
    EF_IS_PROBE,        /* N of 0 or 1: probes are compared with the others, the gallery */
    EF_FIELD_COUNT
} ef_field;

/* Opens one set.  `location` is "FILE.h5", or "FILE.h5:/group" to pick a group by hand.  With no group in the location,
 * the group `preferred` is used when the file has one by that name, otherwise the root; preferred may be NULL.
 * The datasets' types and shapes are checked here: wrong rank, integer embeddings, lengths that disagree (flip, ids,
 * labels, templates, media, quality, noisy, groups and is_probe have a row per image; issame, pairs, folds, and scores without embeddings, a row per
 * comparison; template pairs, galleries and probes are as long as they like), two aliases of one dataset, datasets without rows or declared and not (wholly) written, and those put together
 * from others (virtual datasets, external storage) of which something is missing.
 * The caller owns *out and frees it with ef_set_close(). */
EF_API EF_MUST_USE ef_status ef_set_open(ef_set **out, const char *location, const char *preferred, ef_error *err);
EF_API void ef_set_close(ef_set *set); /* NULL is fine */

/* What the set is called in messages: "emb.h5" or "emb.h5:/lfw"; its file; its group ("/" or "/lfw"); its system's name from the
 * attribute `model` of the group, or else of the nearest group around it, or NULL.  Owned by the set. */
EF_API const char *ef_set_name(const ef_set *set);
EF_API const char *ef_set_file(const ef_set *set);
EF_API const char *ef_set_group(const ef_set *set);
EF_API const char *ef_set_model(const ef_set *set);

/* From now on EF_LABELS are texts: the person in each image's name, that is the first component of the names that not all share, which must be a
 * folder ("Ann" of "lfw/Ann/1.jpg", "001" of "001/frontal/01.jpg").  A dataset of labels is passed over.  Errors: no ids, a name that lies in
 * no such folder. */
EF_API EF_MUST_USE ef_status ef_set_labels_from_ids(ef_set *set, ef_error *err);

/* The files that the set is read from, each as it was when it was opened: the first is its own, then those that external links, external storage
 * and virtual datasets lead to.  And whether all of them are still what they were: an error, EF_IO, that names the first that is not. */
EF_API size_t ef_set_file_count(const ef_set *set);
EF_API const char *ef_set_file_at(const ef_set *set, size_t index);
EF_API const ef_file_mark *ef_set_mark_at(const ef_set *set, size_t index);
EF_API EF_MUST_USE ef_status ef_set_check_files(const ef_set *set, ef_error *err);

EF_API size_t ef_set_rows(const ef_set *set); /* N, 0 without embeddings */
EF_API size_t ef_set_dim(const ef_set *set);  /* D, 0 without embeddings */

EF_API bool ef_set_has(const ef_set *set, ef_field field);
EF_API bool ef_set_is_text(const ef_set *set, ef_field field);           /* ids or labels held as strings */
EF_API size_t ef_set_field_rows(const ef_set *set, ef_field field);      /* first dimension, 0 when absent */
EF_API const char *ef_set_field_name(const ef_set *set, ef_field field); /* "emb.h5:/lfw/embs"; with the main name when absent */

/* Reads `count` rows of a real matrix (EF_EMBEDDINGS, EF_EMBEDDINGS_FLIP) or vector (EF_QUALITY, EF_SCORES) from row
 * `first` on into out[count * columns], every value exactly as stored.  Values that are not finite are an error that
 * names the dataset and the first such row, counted from 0.  Rows of a compressed dataset are best read in ascending order. */
EF_API EF_MUST_USE ef_status ef_set_read_reals(const ef_set *set, ef_field field, size_t first, size_t count, double *out,
                                               ef_error *err);

/* The same in float32: float16 and float32 exactly, float64 rounded to nearest; one too large for that is an error too.
 * Fastest in blocks of 1 to 8 MB. */
EF_API EF_MUST_USE ef_status ef_set_read_floats(const ef_set *set, ef_field field, size_t first, size_t count, float *out,
                                                ef_error *err);

/* Reads a whole integer dataset.  A number beyond int64, and a label (issame, noisy, is_probe, the last column of template pairs)
 * other than 0 and 1, is an error.
 * *out has rows x columns values; the caller frees it with free(). */
EF_API EF_MUST_USE ef_status ef_set_read_integers(const ef_set *set, ef_field field, int64_t **out, ef_error *err);

/* Reads `count` rows of an integer dataset from row `first` on into out[count * columns], with the same errors. */
EF_API EF_MUST_USE ef_status ef_set_read_integer_rows(const ef_set *set, ef_field field, size_t first, size_t count, int64_t *out,
                                                      ef_error *err);

/* Reads a whole string dataset of fixed or variable length.  The caller frees *out with ef_strings_free(). */
EF_API EF_MUST_USE ef_status ef_set_read_strings(const ef_set *set, ef_field field, ef_strings **out, ef_error *err);

/* The sets of a file: "/" when the root holds embeddings or scores, and "/name" for each group of the root that does, or that holds
 * probes and distractors (distractor_set.h), in alphabetical order.  The caller frees *out with ef_strings_free(). */
EF_API EF_MUST_USE ef_status ef_set_list(ef_strings **out, const char *file, ef_error *err);

/* Splits "FILE.h5:/group" at its last ":/": the length of the file part, and *group where the group begins (at the slash)
 * or NULL.  A location that names an existing file as a whole has no group. */
EF_API size_t ef_set_split(const char *location, const char **group);

#ifdef __cplusplus
}
#endif
#endif
