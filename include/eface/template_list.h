/* template_list.h - the lists of the IJB benchmarks: which images make a template, which templates are compared, who is who.
 *
 * Lists are those of the public insightface repackaging (ijbc_face_tid_mid.txt, ijbc_name_5pts_score.txt,
 * ijbc_template_pair_label.txt, ijbc_1N_*.csv) and of the original NIST distribution (ijbc_1N_*.csv, ijbc_11_*_matches.csv).
 * They are long (IJB-C: 15.7 million pairs): read in blocks and parsed by all threads.  Lines may end in LF or CRLF, the last one in nothing.  A
 * malformed line is an error with file and line, the first one of the file; so are NUL bytes, a line of more than a megabyte, a blank line that
 * is not at the end, and (with the file alone) a list without entries.
 * Thread rule: reading is independent per list; a list once read is constant. */
#ifndef EFACE_TEMPLATE_LIST_H
#define EFACE_TEMPLATE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One entry per image (a face crop; a file name may occur in several templates), in the order of the list. */
typedef struct ef_template_images {
    size_t count;
    int64_t *template_id, *media_id;
    ef_strings *names; /* NULL unless asked for */
} ef_template_images;

/* Reads "image_name template_id media_id" lines (face_tid_mid.txt).  Names are kept when `names` is set.  An empty list is an error.
 * The caller frees what *out owns with ef_template_images_free(). */
EF_API EF_MUST_USE ef_status ef_template_images_read(ef_template_images *out, const char *path, bool names, int threads,
                                                     ef_error *err);
EF_API void ef_template_images_free(ef_template_images *images); /* an empty one is fine */

/* Reads the detector scores, the last of the twelve fields of name_5pts_score.txt, as float32.  With `names`, each line's image name must be
 * names[line - 1].  The caller frees *out with free(). */
EF_API EF_MUST_USE ef_status ef_template_quality_read(float **out, size_t *count, const char *path, const ef_strings *names,
                                                      int threads, ef_error *err);

/* A list of template pairs, read in chunks. */
typedef struct ef_template_pairs ef_template_pairs;

/* A piece of the list, owned by the reader until the next piece is asked for. */
typedef struct ef_template_pair_chunk {
    size_t count;                 /* 0 at the end */
    const uint32_t *a, *b;        /* positions in `ids` */
    const unsigned char *genuine; /* 1 or 0 */
    size_t first_line;            /* of the list, from 1 */
} ef_template_pair_chunk;

/* Opens "template template label" lines, label 1 genuine, 0 impostor, the fields between blanks or between commas.  `ids` are the known template ids, ascending and distinct,
 * at most 2^32-1 of them; they are borrowed for the life of the reader.  An id that is not among them is an error when its line is reached.
 * The caller frees *out with ef_template_pairs_close(). */
EF_API EF_MUST_USE ef_status ef_template_pairs_open(ef_template_pairs **out, const char *path, const int64_t *ids,
                                                    size_t id_count, int threads, ef_error *err);
/* The same for "template,template" lines (ijbc_11_*_matches.csv), with commas or blanks: a pair is genuine when its templates are of one subject,
 * subjects[i] being that of ids[i]; they are borrowed too. */
EF_API EF_MUST_USE ef_status ef_template_matches_open(ef_template_pairs **out, const char *path, const int64_t *ids,
                                                      const int64_t *subjects, size_t id_count, int threads, ef_error *err);
/* Reads the next piece, of two to three million pairs; every piece but the last has at least one pair, and the pieces are the list in order
 * whatever the number of threads. */
EF_API EF_MUST_USE ef_status ef_template_pairs_next(ef_template_pairs *pairs, ef_template_pair_chunk *chunk, ef_error *err);
EF_API void ef_template_pairs_close(ef_template_pairs *pairs); /* NULL is fine */

/* The templates of a gallery or of the probes and the subject of each, by ascending template id. */
typedef struct ef_subjects {
    size_t count;
    int64_t *template_id, *subject_id;
    size_t *place; /* the line of the list, or the row of the dataset, where each template first stands; NULL: not known */
} ef_subjects;

/* Reads a CSV with a heading whose first two columns are TEMPLATE_ID and SUBJECT_ID, a row per image: ids repeat, and a template's
 * subject is that of its first row.  A later row that gives it another subject is an error.
 * The caller frees what *out owns with ef_subjects_free(). */
EF_API EF_MUST_USE ef_status ef_subjects_read(ef_subjects *out, const char *path, ef_error *err);
EF_API void ef_subjects_free(ef_subjects *subjects); /* an empty one is fine */

#ifdef __cplusplus
}
#endif
#endif
