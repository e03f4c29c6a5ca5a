/* noise_list.h - lists of images that do not show who or what they should: facescrub_noises.txt, megaface_noises.txt.
 *
 * An entry a line: a path, or something, a tab and the path.  Lines that begin with '#' are comments.  An image is noisy when the last so many components of its
 * path, or all where it has fewer, are those of an entry. */
#ifndef EF_LIST_NOISE_LIST_H
#define EF_LIST_NOISE_LIST_H

#include <stddef.h>

#include <eface/status.h>
#include <eface/strings.h>

typedef struct ef_noise_count {
    size_t entries;   /* distinct ones in the list */
    size_t unmatched; /* of them: are no member */
    size_t images;    /* members that the list makes noisy */
} ef_noise_count;

/* noisy[i] = 1 for each of names[i] that the list `path` holds, else 0; `components` is 1 for bare file names, 3 for "a/b/file".  Counts are of
 * the names that have a 1 in `member`, or of all when it is NULL.  A list without entries is an error. */
EF_MUST_USE ef_status ef_noise_list_mark(unsigned char *noisy, ef_noise_count *count, const char *path, const ef_strings *names,
                                         const unsigned char *member, size_t components, ef_error *err);

#endif
