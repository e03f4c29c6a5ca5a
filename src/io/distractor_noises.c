/* Which images are noisy. */
#include <stdlib.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/distractor_parts.h"
#include "list/noise_list.h"

/* How the devkit's lists name images: a probe by its file, a distractor by the end of its path. */
static const size_t components[2] = {1, 3};
static const char *const roles[2] = {"noisy probes", "noisy distractors"};

/* Which images are compared: the distractors that some number of them means; all probes: NULL. */
static ef_status find_members(unsigned char **out, ef_distractor_set *set, ef_side which, ef_error *err)
{
    ef_distractor_side *side = &set->side[which];
    side->noise.among = side->count;
    if (which == EF_SIDE_PROBES) {
        return EF_OK;
    }
    unsigned char *member = ef_alloc_zero(side->count, 1);
    if (member == NULL) {
        return ef_fail_memory(err, side->name);
    }
    for (size_t s = 0; s < set->size_count; s++) {
        const ef_distractor_size *size = &set->sizes[s];
        for (size_t i = 0; i < size->count; i++) {
            member[size->rows != NULL ? size->rows[i] : i] = 1;
        }
    }
    side->noise.among = 0;
    for (size_t i = 0; i < side->count; i++) {
        side->noise.among += member[i];
    }
    *out = member;
    return EF_OK;
}

/* From the dataset. */
static ef_status read_noisy(ef_distractor_side *side, const unsigned char *member, ef_error *err)
{
    int64_t *noisy = NULL;
    ef_status status = ef_set_read_integers(side->set, EF_NOISY, &noisy, err);
    if (status != EF_OK) {
        return status;
    }
    side->noisy = ef_alloc(side->count, 1);
    side->noise_source = ef_copy(ef_set_field_name(side->set, EF_NOISY));
    if (side->noisy == NULL || side->noise_source == NULL) {
        free(noisy);
        return ef_fail_memory(err, side->name);
    }
    for (size_t i = 0; i < side->count; i++) {
        side->noisy[i] = noisy[side->row != NULL ? side->row[i] : i] != 0;
        side->noise.images += side->noisy[i] != 0 && (member == NULL || member[i] != 0);
    }
    free(noisy);
    return EF_OK;
}

/* From the list `path`, which the side takes over. */
static ef_status read_list(ef_distractor_side *side, char *path, const unsigned char *member, size_t parts, ef_error *err)
{
    ef_noise_count count;
    side->noise_source = path;
    if (side->names == NULL) {
        return ef_fail(err, EF_FORMAT, "%s: its images have no names that %s could be about; write ids, or the dataset noisy",
                       side->name, path);
    }
    if ((side->noisy = ef_alloc(side->count, 1)) == NULL) {
        return ef_fail_memory(err, path);
    }
    ef_status status = ef_noise_list_mark(side->noisy, &count, path, side->names, member, parts, err);
    if (status == EF_OK) {
        side->noise.images = count.images;
        side->noise.entries = count.entries;
        side->noise.unmatched = count.unmatched;
    }
    return status;
}

ef_status ef_distractor_noises(ef_distractor_set *set, ef_side which, const ef_distractor_way *way, ef_error *err)
{
    ef_distractor_side *side = &set->side[which];
    char *path = NULL;
    ef_file_mark mark;
    unsigned char *member = NULL;
    ef_status status = find_members(&member, set, which, err);
    if (status == EF_OK && side->set != NULL && ef_set_has(side->set, EF_NOISY)) {
        status = read_noisy(side, member, err);
    } else if (status == EF_OK) {
        status = ef_distractor_list_path(&path, way, way->options.noise_list[which], way->noise_list_named[which], err);
        if (status == EF_OK && path != NULL && (status = ef_distractor_check_list(path, err)) != EF_OK) {
            free(path);
            path = NULL;
        }
        if (status == EF_OK && path != NULL) {
            ef_file_mark_take(&mark, path);
            status = read_list(side, path, member, components[which], err);
            if (status == EF_OK) {
                status = ef_distractor_set_note(set, roles[which], path, &mark, err);
            }
        }
    }
    free(member);
    if (status == EF_OK) {
        side->noise.noisy = side->noisy;
        side->noise.source = side->noise_source;
    }
    return status;
}
