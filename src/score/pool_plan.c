#include "score/pool_plan.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

typedef struct key {
    int64_t template_id, media_id;
    size_t entry;
} key;

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_keys(const void *left, const void *right)
{
    const key *a = left, *b = right;
    int order = compare_numbers(a->template_id, b->template_id);
    if (order == 0) {
        order = compare_numbers(a->media_id, b->media_id);
    }
    return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

/* Lists of IJB name a template's images one after another, so that there are only short pieces to sort, if any. */
static void sort_keys(key *keys, size_t entries, bool grouped)
{
    for (size_t begin = 0, end; begin < entries; begin = end) {
        bool sorted = true;
        for (end = begin + 1; end < entries && (!grouped || keys[end].template_id == keys[begin].template_id); end++) {
            sorted = sorted && compare_keys(&keys[end - 1], &keys[end]) < 0;
        }
        if (!sorted) {
            qsort(keys + begin, end - begin, sizeof *keys, compare_keys);
        }
    }
}

static key *sorted_keys(const int64_t *template_id, const int64_t *media_id, size_t entries)
{
    key *keys = ef_alloc(entries, sizeof *keys);
    bool grouped = true;
    for (size_t i = 0; keys != NULL && i < entries; i++) {
        keys[i] = (key){template_id[i], media_id[i], i};
        grouped = grouped && (i == 0 || template_id[i - 1] <= template_id[i]);
    }
    if (keys != NULL) {
        sort_keys(keys, entries, grouped);
    }
    return keys;
}

static void count_groups(ef_pool_plan *plan, const key *keys)
{
    for (size_t i = 0; i < plan->entries; i++) {
        bool new_template = i == 0 || keys[i].template_id != keys[i - 1].template_id;
        plan->templates += new_template;
        plan->groups += new_template || keys[i].media_id != keys[i - 1].media_id;
    }
}

static void number_groups(ef_pool_plan *plan, const key *keys)
{
    size_t groups = 0, templates = 0;
    for (size_t i = 0; i < plan->entries; i++) {
        bool new_template = i == 0 || keys[i].template_id != keys[i - 1].template_id;
        if (new_template) {
            plan->id[templates] = keys[i].template_id;
            plan->template_[templates++] = (ef_pool_template){.first = groups};
        }
        if (new_template || keys[i].media_id != keys[i - 1].media_id) {
            plan->group[groups++] = (ef_pool_group){.template_index = templates - 1};
        }
        plan->template_[templates - 1].end = groups;
        plan->group[groups - 1].count++;
        plan->group_of[keys[i].entry] = groups - 1;
    }
}

ef_status ef_pool_plan_create(ef_pool_plan *plan, const int64_t *template_id, const int64_t *media_id, size_t entries,
                              size_t block_entries, ef_error *err)
{
    *plan = (ef_pool_plan){.entries = entries, .block_entries = block_entries};
    key *keys = sorted_keys(template_id, media_id, entries);
    if (keys == NULL) {
        return ef_fail_memory(err, "the templates' images");
    }
    count_groups(plan, keys);
    plan->group_of = ef_alloc(entries, sizeof *plan->group_of);
    plan->group = ef_alloc(plan->groups, sizeof *plan->group);
    plan->template_ = ef_alloc(plan->templates, sizeof *plan->template_);
    plan->id = ef_alloc(plan->templates, sizeof *plan->id);
    plan->follower = ef_alloc(block_entries, sizeof *plan->follower);
    plan->present = ef_alloc(block_entries, sizeof *plan->present);
    bool enough = plan->group_of != NULL && plan->group != NULL && plan->template_ != NULL && plan->id != NULL &&
                  plan->follower != NULL && plan->present != NULL;
    if (enough) {
        number_groups(plan, keys);
    }
    free(keys);
    if (!enough) {
        ef_pool_plan_free(plan);
        return ef_fail_memory(err, "the templates' images");
    }
    return EF_OK;
}

void ef_pool_plan_free(ef_pool_plan *plan)
{
    free(plan->group_of);
    free(plan->group);
    free(plan->template_);
    free(plan->id);
    free(plan->idle);
    free(plan->leaving);
    free(plan->follower);
    free(plan->present);
    *plan = (ef_pool_plan){0};
}

void ef_pool_plan_begin(ef_pool_plan *plan, size_t begin, size_t end)
{
    plan->begin = begin;
    plan->end = end;
    plan->slots = plan->idle_count = plan->leaving_count = 0;
    for (size_t t = begin; t < end; t++) {
        ef_pool_template *template_ = &plan->template_[t];
        template_->planned = template_->next = template_->first;
        template_->slot = EF_NO_SLOT;
        template_->head = SIZE_MAX;
        for (size_t g = template_->first; g < template_->end; g++) {
            plan->group[g].planned = plan->group[g].done = 0;
            plan->group[g].slot = EF_NO_SLOT;
        }
    }
}

static size_t take_slot(ef_pool_plan *plan)
{
    return plan->idle_count > 0 ? plan->idle[--plan->idle_count] : plan->slots++;
}

/* There is room: see ef_pool_plan_block(). */
static void leave_slot(ef_pool_plan *plan, size_t slot)
{
    if (slot != EF_NO_SLOT) {
        plan->leaving[plan->leaving_count++] = slot;
    }
}

/* Adds an entry to its template's list for this block. */
static void list_entry(ef_pool_plan *plan, size_t first, size_t entry, size_t t)
{
    ef_pool_template *template_ = &plan->template_[t];
    plan->follower[entry - first] = SIZE_MAX;
    if (template_->head == SIZE_MAX) {
        template_->head = entry;
        plan->present[plan->present_count++] = t;
    } else {
        plan->follower[template_->tail - first] = entry;
    }
    template_->tail = entry;
    plan->present_entries++;
}

/* What pooling this entry opens and closes; ef_pool() does the same with vectors. */
static void plan_entry(ef_pool_plan *plan, size_t g, ef_pool_template *template_)
{
    ef_pool_group *group = &plan->group[g];
    if (template_->slot == EF_NO_SLOT) {
        template_->slot = take_slot(plan);
    }
    if (group->planned == 0 && (group->count > 1 || g != template_->planned)) {
        group->slot = take_slot(plan);
    }
    group->planned++;
    while (template_->planned < template_->end &&
           plan->group[template_->planned].planned == plan->group[template_->planned].count) {
        leave_slot(plan, plan->group[template_->planned++].slot);
    }
    if (template_->planned == template_->end) {
        leave_slot(plan, template_->slot);
    }
}

bool ef_pool_plan_has(const ef_pool_plan *plan, size_t first, size_t count)
{
    for (size_t entry = first; entry < first + count; entry++) {
        size_t t = plan->group[plan->group_of[entry]].template_index;
        if (t >= plan->begin && t < plan->end) {
            return true;
        }
    }
    return false;
}

ef_status ef_pool_plan_block(ef_pool_plan *plan, size_t first, size_t count, ef_error *err)
{
    for (size_t i = 0; i < plan->present_count; i++) {
        plan->template_[plan->present[i]].head = SIZE_MAX;
    }
    plan->present_count = plan->present_entries = 0;
    /* Each entry takes two slots at the most, so no more than these can ever leave. */
    size_t most = plan->slots + 2 * count;
    if (!ef_grow(&plan->idle, &plan->idle_capacity, most, sizeof *plan->idle) ||
        !ef_grow(&plan->leaving, &plan->leaving_capacity, most, sizeof *plan->leaving)) {
        return ef_fail_memory(err, "the templates' images");
    }
    while (plan->leaving_count > 0) {
        plan->idle[plan->idle_count++] = plan->leaving[--plan->leaving_count];
    }
    for (size_t entry = first; entry < first + count; entry++) {
        size_t g = plan->group_of[entry], t = plan->group[g].template_index;
        if (t >= plan->begin && t < plan->end) {
            list_entry(plan, first, entry, t);
            plan_entry(plan, g, &plan->template_[t]);
        }
    }
    return EF_OK;
}

ef_status ef_pool_plan_slots(size_t *slots, ef_pool_plan *plan, size_t begin, size_t end, size_t limit, ef_error *err)
{
    ef_pool_plan_begin(plan, begin, end);
    for (size_t first = 0; first < plan->entries && plan->slots <= limit; first += plan->block_entries) {
        size_t left = plan->entries - first;
        ef_status status = ef_pool_plan_block(plan, first, left < plan->block_entries ? left : plan->block_entries, err);
        if (status != EF_OK) {
            return status;
        }
    }
    *slots = plan->slots;
    return EF_OK;
}
