/* template_blocks.h - the readers of template_list.h with blocks of any size, so that tests can have many of them. */
#ifndef EF_LIST_TEMPLATE_BLOCKS_H
#define EF_LIST_TEMPLATE_BLOCKS_H

#include <eface/template_list.h>

EF_MUST_USE ef_status ef_template_images_read_blocks(ef_template_images *out, const char *path, bool names, size_t block_bytes,
                                                     int threads, ef_error *err);

EF_MUST_USE ef_status ef_template_quality_read_blocks(float **out, size_t *count, const char *path, const ef_strings *names,
                                                      size_t block_bytes, int threads, ef_error *err);

/* With `subjects`, lines of two fields, as ef_template_matches_open(); without, as ef_template_pairs_open(). */
EF_MUST_USE ef_status ef_template_pairs_open_blocks(ef_template_pairs **out, const char *path, const int64_t *ids,
                                                    const int64_t *subjects, size_t id_count, size_t block_bytes, int threads,
                                                    ef_error *err);

EF_MUST_USE ef_status ef_subjects_read_blocks(ef_subjects *out, const char *path, size_t block_bytes, ef_error *err);

#endif
