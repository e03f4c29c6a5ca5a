/* pool_plan.h - which images make which medium, which media make which template, and which of them are open at a time.
 *
 * Groups are the media within templates, numbered by ascending template id, then media id.  Entries (images) are visited in
 * blocks, in order.  A group's mean, and a template's sum, occupy a slot (room for one vector) from the block in which their first image stands
 * to the block in which they are complete; a slot is given to another one only in a later block, so that the templates of
 * a block can be worked on at the same time. */
#ifndef EF_SCORE_POOL_PLAN_H
#define EF_SCORE_POOL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#define EF_NO_SLOT SIZE_MAX

typedef struct ef_pool_group {
    size_t template_index;
    size_t count;   /* images */
    size_t planned; /* of them, those in blocks that were planned */
    size_t done;    /* of them, those added up */
    size_t slot;    /* EF_NO_SLOT for an image that is added to its template at once */
} ef_pool_group;

typedef struct ef_pool_template {
    size_t first, end;    /* its groups */
    size_t planned, next; /* the first group that is not added to the sum yet: in the plan, and in fact */
    size_t slot;          /* EF_NO_SLOT while no image was met */
    size_t head, tail;    /* its first and last entry in the block */
} ef_pool_template;

typedef struct ef_pool_plan {
    size_t entries, templates, groups;
    size_t *group_of; /* entries */
    ef_pool_group *group;
    ef_pool_template *template_;
    int64_t *id; /* templates, ascending */
    /* The pass: templates begin .. end-1 in blocks of block_entries. */
    size_t begin, end, block_entries;
    size_t slots; /* the most that were occupied at once */
    size_t *idle, idle_count, idle_capacity;
    size_t *leaving, leaving_count, leaving_capacity; /* become idle with the next block */
    size_t *follower;                                 /* block_entries: the next entry of the same template in the block */
    size_t *present; /* block_entries: the templates with entries in the block, in order of appearance */
    size_t present_count;
    size_t present_entries; /* their entries in the block */
} ef_pool_plan;

EF_MUST_USE ef_status ef_pool_plan_create(ef_pool_plan *plan, const int64_t *template_id, const int64_t *media_id, size_t entries,
                                          size_t block_entries, ef_error *err);
void ef_pool_plan_free(ef_pool_plan *plan);

/* Begins a pass over templates begin .. end-1. */
void ef_pool_plan_begin(ef_pool_plan *plan, size_t begin, size_t end);

/* Whether the pass has to do with any of the entries first .. first+count-1. */
bool ef_pool_plan_has(const ef_pool_plan *plan, size_t first, size_t count);

/* Plans the block of entries first .. first+count-1; blocks come in order, but for those the pass has nothing to do with.  Afterwards present, head, follower and slot tell
 * what is to be done. */
EF_MUST_USE ef_status ef_pool_plan_block(ef_pool_plan *plan, size_t first, size_t count, ef_error *err);

/* The slots that a whole pass over templates begin .. end-1 needs; stops counting beyond `limit`. */
EF_MUST_USE ef_status ef_pool_plan_slots(size_t *slots, ef_pool_plan *plan, size_t begin, size_t end, size_t limit,
                                         ef_error *err);

#endif
