#include "score/template_scores.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "linalg/dot32.h"

enum {
    block_rows = 256, /* of 512 float32 each: half of a level-2 cache; a row of a block is one byte */
    most_parts = 8,   /* of what is filed at once: what the threads put in order */
    most_run = 256,   /* pairs of one a that are scored together */
    line = 64 / sizeof(float),
    genuine_piece = 256,
};

struct ef_template_scores {
    const double *unit;
    float *narrow; /* unit in float32 */
    size_t templates, dim, blocks;
    uint32_t *a;
    unsigned char *b; /* row within its block */
    float *score;
    size_t count, a_capacity, b_capacity;
    /* Impostors that were filed together make a part, ordered by the blocks of b: where each block begins, and the end. */
    size_t *start; /* parts x (blocks + 1) */
    size_t parts, start_capacity;
    uint32_t (*genuine)[2];
    double *genuine_score;
    size_t genuine_count, genuine_capacity;
};

ef_status ef_template_scores_create(ef_template_scores **out, const double *unit, size_t templates, size_t dim, size_t expected,
                                    ef_error *err)
{
    ef_template_scores *scores = calloc(1, sizeof *scores);
    if (scores == NULL) {
        return ef_fail_memory(err, "the scores");
    }
    scores->unit = unit;
    scores->templates = templates;
    scores->dim = dim;
    scores->blocks = templates / block_rows + 1;
    /* It may be wrong: if there is no room for so many, it is found out as they come. */
    scores->a = ef_alloc(expected, sizeof *scores->a);
    scores->b = ef_alloc(expected, 1);
    scores->a_capacity = scores->a != NULL ? expected : 0;
    scores->b_capacity = scores->b != NULL ? expected : 0;
    *out = scores;
    return EF_OK;
}

void ef_template_scores_free(ef_template_scores *scores)
{
    if (scores != NULL) {
        free(scores->narrow);
        free(scores->a);
        free(scores->b);
        free(scores->score);
        free(scores->start);
        free(scores->genuine);
        free(scores->genuine_score);
        free(scores);
    }
}

/* What the threads share while they file pairs. */
typedef struct filing {
    ef_template_scores *scores;
    const uint32_t *a, *b;
    const unsigned char *label;
    size_t count, parts;
    size_t *start;              /* of the new parts */
    size_t genuine[most_parts]; /* how many each has; then where its first goes */
} filing;

static size_t *starts_of(const ef_template_scores *scores, size_t p)
{
    return scores->start + p * (scores->blocks + 1);
}

static size_t part_begin(const filing *work, size_t p)
{
    return work->count / work->parts * p + (p < work->count % work->parts ? p : work->count % work->parts);
}

/* Counts a part's impostors by block, one place up, and its genuine pairs. */
static void count_part(void *data, size_t p, int worker)
{
    filing *work = data;
    size_t *start = work->start + p * (work->scores->blocks + 1), end = part_begin(work, p + 1), genuine = 0;
    (void)worker;
    memset(start, 0, (work->scores->blocks + 1) * sizeof *start);
    for (size_t i = part_begin(work, p); i < end; i++) {
        start[work->b[i] / block_rows + 1] += !work->label[i];
        genuine += work->label[i];
    }
    work->genuine[p] = genuine;
}

/* A counting sort: pairs of one block stay in the order of the list, in which one template's pairs often follow each other. */
static void file_part(void *data, size_t p, int worker)
{
    filing *work = data;
    ef_template_scores *scores = work->scores;
    size_t *start = work->start + p * (scores->blocks + 1), first = start[0];
    size_t blocks = scores->blocks, end = part_begin(work, p + 1), genuine = work->genuine[p];
    (void)worker;
    for (size_t block = 0; block < blocks; block++) {
        start[block + 1] += start[block];
    }
    for (size_t i = part_begin(work, p); i < end; i++) {
        if (work->label[i] != 0) {
            scores->genuine[genuine][0] = work->a[i];
            scores->genuine[genuine++][1] = work->b[i];
        } else {
            size_t at = start[work->b[i] / block_rows]++;
            scores->a[at] = work->a[i];
            scores->b[at] = (unsigned char)(work->b[i] % block_rows);
        }
    }
    memmove(start + 1, start, blocks * sizeof *start); /* filling moved every start to the next one */
    start[0] = first;
}

/* Where each part's pairs go, now that they are counted; the totals grow by them. */
static ef_status place_parts(filing *work, ef_error *err)
{
    ef_template_scores *scores = work->scores;
    for (size_t p = 0; p < work->parts; p++) {
        size_t genuine = work->genuine[p];
        work->start[p * (scores->blocks + 1)] = scores->count;
        work->genuine[p] = scores->genuine_count;
        scores->count += part_begin(work, p + 1) - part_begin(work, p) - genuine;
        scores->genuine_count += genuine;
    }
    return ef_grow(&scores->a, &scores->a_capacity, scores->count, sizeof *scores->a) &&
                   ef_grow(&scores->b, &scores->b_capacity, scores->count, 1) &&
                   ef_grow(&scores->genuine, &scores->genuine_capacity, scores->genuine_count, sizeof *scores->genuine)
               ? EF_OK
               : ef_fail_memory(err, "the scores");
}

ef_status ef_template_scores_add(ef_template_scores *scores, const uint32_t *a, const uint32_t *b, const unsigned char *label,
                                 size_t count, int threads, ef_error *err)
{
    size_t parts = count < most_parts ? count : most_parts, stride = scores->blocks + 1;
    size_t starts;
    if (!ef_size_mul(&starts, scores->parts + parts, stride) ||
        !ef_grow(&scores->start, &scores->start_capacity, starts, sizeof *scores->start)) {
        return ef_fail_memory(err, "the scores");
    }
    filing work = {scores, a, b, label, count, parts, starts_of(scores, scores->parts), {0}};
    ef_parallel_for(threads, parts, count_part, &work);
    ef_status status = place_parts(&work, err);
    if (status == EF_OK) {
        ef_parallel_for(threads, parts, file_part, &work);
        scores->parts += parts;
    }
    return status;
}

enum { impostor_key, genuine_key, also_impostor_key, key_kinds = 4, block_words = block_rows / 64, first = 1, second = 2 };

/* Pairs as numbers (ef_pair_key()), with what they say of it in the lowest bits. */
typedef struct key_list {
    uint64_t *key;
    size_t count, capacity;
    bool short_of_memory;
} key_list;

static void add_key(key_list *list, size_t a, size_t b, uint64_t kind)
{
    if (list->short_of_memory || !ef_grow(&list->key, &list->capacity, list->count + 1, sizeof *list->key)) {
        list->short_of_memory = true;
    } else {
        list->key[list->count++] = ef_pair_key(a, b) * key_kinds + kind;
    }
}

/* What the threads share while they look for pairs that stand there again. */
typedef struct repeating {
    const ef_template_scores *scores;
    unsigned char *role;           /* of each template: whether it is ever the first of a pair, and the second */
    size_t *genuine;               /* numbers of genuine pairs by the block of their second; */
    size_t *start;                 /* of each block among these */
    uint64_t (*bits)[block_words]; /* of each thread: for each first template, which seconds of the block at hand it has met */
    key_list *list;                /* likewise: what needs a closer look */
} repeating;

/* Whether the pair may stand there in the other order as well: a gallery's template is hardly ever a probe. */
static inline bool may_be_turned(const repeating *work, size_t a, size_t b)
{
    return (work->role[a] & second) != 0 && (work->role[b] & first) != 0;
}

static void repeat_block(void *data, size_t block, int worker)
{
    const repeating *work = data;
    const ef_template_scores *scores = work->scores;
    uint64_t(*bits)[block_words] = work->bits + (size_t)worker * scores->templates;
    key_list *list = &work->list[worker];
    memset(bits, 0, scores->templates * sizeof *bits);
    for (size_t p = 0; p < scores->parts; p++) {
        const size_t *start = starts_of(scores, p);
        for (size_t i = start[block]; i < start[block + 1]; i++) {
            size_t a = scores->a[i], b = scores->b[i];
            uint64_t *word = &bits[a][b / 64], bit = (uint64_t)1 << b % 64;
            if (may_be_turned(work, a, block * block_rows + b) || (*word & bit) != 0) {
                add_key(list, a, block * block_rows + b, impostor_key);
            }
            *word |= bit;
        }
    }
    for (size_t i = work->start[block]; i < work->start[block + 1]; i++) {
        const uint32_t *pair = scores->genuine[work->genuine[i]];
        size_t b = pair[1] % block_rows;
        add_key(list, pair[0], pair[1], genuine_key);
        if (!may_be_turned(work, pair[0], pair[1]) && (bits[pair[0]][b / 64] >> b % 64 & 1) != 0) {
            add_key(list, pair[0], pair[1], also_impostor_key);
        }
    }
}

static void find_roles(repeating *work)
{
    const ef_template_scores *scores = work->scores;
    for (size_t p = 0; p < scores->parts; p++) {
        const size_t *start = starts_of(scores, p);
        for (size_t block = 0; block < scores->blocks; block++) {
            for (size_t i = start[block]; i < start[block + 1]; i++) {
                work->role[scores->a[i]] |= first;
                work->role[block * block_rows + scores->b[i]] |= second;
            }
        }
    }
    for (size_t i = 0; i < scores->genuine_count; i++) {
        work->role[scores->genuine[i][0]] |= first;
        work->role[scores->genuine[i][1]] |= second;
        work->start[scores->genuine[i][1] / block_rows + 1]++;
    }
    for (size_t block = 0; block < scores->blocks; block++) {
        work->start[block + 1] += work->start[block];
    }
    for (size_t i = scores->genuine_count; i-- > 0;) { /* start[block + 1] is the block's end, and moves down to be its begin */
        work->genuine[--work->start[scores->genuine[i][1] / block_rows + 1]] = i;
    }
    memmove(work->start, work->start + 1, scores->blocks * sizeof *work->start);
    work->start[scores->blocks] = scores->genuine_count;
}

/* The keys of all threads in one list. */
static void join_lists(key_list *out, const repeating *work, size_t threads)
{
    for (size_t t = 0; t < threads; t++) {
        const key_list *list = &work->list[t];
        out->short_of_memory = out->short_of_memory || list->short_of_memory ||
                               !ef_grow(&out->key, &out->capacity, out->count + list->count, sizeof *out->key);
        if (!out->short_of_memory && list->count > 0) {
            memcpy(out->key + out->count, list->key, list->count * sizeof *list->key);
            out->count += list->count;
        }
    }
}

static void count_repeats(ef_pair_repeats *out, const repeating *work, const key_list *list)
{
    for (size_t begin = 0, end; begin < list->count; begin = end) {
        uint64_t kind[key_kinds] = {0}, pair = list->key[begin] / key_kinds;
        for (end = begin; end < list->count && list->key[end] / key_kinds == pair; end++) {
            kind[list->key[end] % key_kinds]++;
        }
        uint64_t impostors = kind[impostor_key];
        size_t low = (size_t)(pair % ((uint64_t)1 << 31)), high = (size_t)(pair >> 31);
        bool all_listed = (work->role[low] & work->role[high]) == (first | second);
        if (!all_listed && impostors + kind[also_impostor_key] > 0) {
            impostors++; /* the first, which is only a bit */
        }
        ef_pair_repeats_take(out, pair, impostors, kind[genuine_key]);
    }
}

ef_status ef_template_scores_repeats(ef_pair_repeats *out, const ef_template_scores *scores, int threads, ef_error *err)
{
    size_t workers = (size_t)ef_thread_count(threads), rows = scores->blocks * block_rows;
    repeating work = {.scores = scores,
                      .role = ef_alloc_zero(rows, 1),
                      .genuine = ef_alloc(scores->genuine_count, sizeof *work.genuine),
                      .start = ef_alloc_zero(scores->blocks + 2, sizeof *work.start),
                      .bits = ef_alloc(workers, scores->templates * sizeof *work.bits),
                      .list = ef_alloc_zero(workers, sizeof *work.list)};
    key_list all = {0};
    uint64_t *room = NULL;
    bool enough = work.role != NULL && work.genuine != NULL && work.start != NULL && work.bits != NULL && work.list != NULL;
    *out = (ef_pair_repeats){0};
    if (enough) {
        find_roles(&work);
        ef_parallel_for(threads, scores->blocks, repeat_block, &work);
        join_lists(&all, &work, workers);
        room = ef_alloc(all.count, sizeof *room);
        enough = !all.short_of_memory && room != NULL;
    }
    if (enough) {
        ef_sort_keys(all.key, room, all.count);
        count_repeats(out, &work, &all);
    }
    for (size_t t = 0; work.list != NULL && t < workers; t++) {
        free(work.list[t].key);
    }
    free(work.role);
    free(work.genuine);
    free(work.start);
    free(work.bits);
    free(work.list);
    free(all.key);
    free(room);
    return enough ? EF_OK : ef_fail_memory(err, "the pairs");
}

/* The vector's cache lines, which will be wanted soon. */
static inline void fetch(const float *vector, size_t dim)
{
    for (size_t k = 0; k < dim; k += line) {
        __builtin_prefetch(vector + k);
    }
}

/* Lists name one template's pairs one after the other, so a block has runs of the same a. */
static void score_pairs(ef_template_scores *self, size_t block, size_t begin, size_t end)
{
    uint32_t row[most_run];
    const uint32_t base = (uint32_t)(block * block_rows);
    for (size_t i = begin, count; i < end; i += count) {
        uint32_t a = self->a[i];
        for (count = 0; count < most_run && i + count < end && self->a[i + count] == a; count++) {
            row[count] = base + self->b[i + count];
        }
        if (i + count < end) {
            fetch(self->narrow + self->a[i + count] * self->dim, self->dim);
        }
        ef_dots32(self->score + i, self->narrow + a * self->dim, self->narrow, row, count, self->dim);
    }
}

static void score_block(void *data, size_t block, int worker)
{
    ef_template_scores *self = data;
    (void)worker;
    for (size_t p = 0; p < self->parts; p++) {
        const size_t *start = starts_of(self, p);
        score_pairs(self, block, start[block], start[block + 1]);
    }
}

static void narrow_block(void *data, size_t block, int worker)
{
    ef_template_scores *self = data;
    size_t end = (block + 1) * block_rows < self->templates ? (block + 1) * block_rows : self->templates;
    (void)worker;
    for (size_t i = block * block_rows * self->dim; i < end * self->dim; i++) {
        self->narrow[i] = (float)self->unit[i];
    }
}

static void score_genuine(void *data, size_t piece, int worker)
{
    ef_template_scores *self = data;
    size_t end = (piece + 1) * genuine_piece < self->genuine_count ? (piece + 1) * genuine_piece : self->genuine_count;
    (void)worker;
    for (size_t i = piece * genuine_piece; i < end; i++) {
        const uint32_t *pair = self->genuine[i];
        self->genuine_score[i] = ef_dot(self->unit + pair[0] * self->dim, self->unit + pair[1] * self->dim, self->dim);
    }
}

ef_status ef_template_scores_compute(ef_template_scores *scores, int threads, ef_error *err)
{
    size_t row_bytes = scores->dim * sizeof *scores->narrow;
    scores->narrow = ef_alloc_aligned(scores->templates, row_bytes);
    scores->score = ef_alloc(scores->count, sizeof *scores->score);
    scores->genuine_score = ef_alloc(scores->genuine_count, sizeof *scores->genuine_score);
    if (scores->narrow == NULL || scores->score == NULL || scores->genuine_score == NULL) {
        return ef_fail_memory(err, "the scores");
    }
    ef_parallel_for(threads, scores->blocks, narrow_block, scores);
    ef_parallel_for(threads, scores->blocks, score_block, scores);
    ef_parallel_for(threads, (scores->genuine_count + genuine_piece - 1) / genuine_piece, score_genuine, scores);
    return EF_OK;
}

double *ef_template_scores_genuine(ef_template_scores *scores, size_t *count)
{
    *count = scores->genuine_count;
    return scores->genuine_score;
}

/* The last of `count` ascending numbers, `stride` apart, that is not above `key`; the first never is. */
static size_t last_not_above(const size_t *number, size_t stride, size_t count, size_t key)
{
    size_t low = 0, end = count;
    while (end - low > 1) {
        size_t middle = low + (end - low) / 2;
        if (number[middle * stride] <= key) {
            low = middle;
        } else {
            end = middle;
        }
    }
    return low;
}

static double exact_score(const void *context, size_t i)
{
    const ef_template_scores *self = context;
    size_t p = last_not_above(self->start, self->blocks + 1, self->parts, i);
    size_t block = last_not_above(starts_of(self, p), 1, self->blocks, i), b = block * block_rows + self->b[i];
    return ef_dot(self->unit + self->a[i] * self->dim, self->unit + b * self->dim, self->dim);
}

ef_screened ef_template_scores_impostors(const ef_template_scores *scores)
{
    return (ef_screened){scores->score, scores->count, ef_dots32_bound(scores->dim), exact_score, scores};
}
