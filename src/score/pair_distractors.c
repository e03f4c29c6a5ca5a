#include "score/pair_distractors.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/pair_tail.h"

enum {
    BUFFER = 256, /* scores that a worker gathers before it takes a tail's lock */
    SELDOM = 8    /* of the scores that pass a mark, one in so many has the live marks looked through */
};

typedef struct buffer {
    double score[BUFFER];
    size_t count;
} buffer;

/* One number of distractors. */
typedef struct list {
    _Atomic uint32_t *passed; /* of each mark: scores above it, but not above the next one of its row */
    _Atomic uint32_t *level;  /* scores equal to it, at the first of equal marks */
    _Atomic double *live;     /* of each row: the lowest mark that still counts; infinity for none */
    ef_pair_tail *tail[EF_WHOSE_COUNT];
    buffer *buffers[EF_WHOSE_COUNT]; /* per worker */
} list;

struct ef_pair_distractors {
    ef_distractor_question ask;
    list lists[EF_MOST_SIZES];
    int workers;
};

static bool make_list(ef_pair_distractors *self, size_t s, ef_error *err)
{
    list *of = &self->lists[s];
    const ef_distractor_question *ask = &self->ask;
    size_t marks = ask->begin[ask->probes];
    of->passed = ef_alloc_zero(marks, sizeof *of->passed);
    of->level = ef_alloc_zero(marks, sizeof *of->level);
    of->live = ef_alloc(ask->probes, sizeof *of->live);
    bool enough = of->passed != NULL && of->level != NULL && of->live != NULL;
    for (size_t p = 0; enough && p < ask->probes; p++) {
        atomic_init(&of->live[p], ask->begin[p] < ask->begin[p + 1] ? ask->mark[ask->begin[p]] : INFINITY);
    }
    for (int whose = 0; enough && whose < EF_WHOSE_COUNT; whose++) {
        if (ask->keep[s][whose] > 0) {
            of->buffers[whose] = ef_alloc_zero((size_t)self->workers, sizeof(buffer));
            enough = of->buffers[whose] != NULL &&
                     ef_pair_tail_create(&of->tail[whose], ask->keep[s][whose], -INFINITY, self->workers, err) == EF_OK;
        }
    }
    return enough;
}

ef_status ef_pair_distractors_create(ef_pair_distractors **out, const ef_distractor_question *question, int workers,
                                     ef_error *err)
{
    *out = NULL;
    if (question->sizes > EF_MOST_SIZES) {
        return ef_fail(err, EF_INVALID, "%zu numbers of distractors are asked for; there can be at most %d", question->sizes,
                       EF_MOST_SIZES);
    }
    ef_pair_distractors *self = ef_alloc_zero(1, sizeof *self);
    bool enough = self != NULL;
    if (enough) {
        self->ask = *question;
        self->workers = workers;
    }
    for (size_t s = 0; enough && s < question->sizes; s++) {
        enough = make_list(self, s, err);
    }
    if (!enough) {
        ef_pair_distractors_free(self);
        return ef_fail_memory(err, "distractors");
    }
    *out = self;
    return EF_OK;
}

void ef_pair_distractors_free(ef_pair_distractors *self)
{
    for (size_t s = 0; self != NULL && s < self->ask.sizes; s++) {
        list *of = &self->lists[s];
        free(of->passed);
        free(of->level);
        free(of->live);
        for (int whose = 0; whose < EF_WHOSE_COUNT; whose++) {
            ef_pair_tail_free(of->tail[whose]);
            free(of->buffers[whose]);
        }
    }
    free(self);
}

/* Below this no score matters to a tail; nor to one that is not there. */
static double tail_limit(const list *of, int whose)
{
    double limit = INFINITY;
    if (of->tail[whose] != NULL) {
        ef_pair_visitor visitor = ef_pair_tail_visitor(of->tail[whose]);
        visitor.row_limits(visitor.self, &limit, 0, 1);
    }
    return limit;
}

static double live_mark(const list *of, size_t row)
{
    return atomic_load_explicit(&of->live[row], memory_order_relaxed);
}

static uint32_t column_kind(void *context, size_t column)
{
    const ef_pair_distractors *self = context;
    return self->ask.lists[column];
}

/* Of the distractors that are on the lists of `kind`. */
static void kind_limits(void *context, double *limit, size_t first, size_t count, uint32_t kind)
{
    const ef_pair_distractors *self = context;
    for (size_t i = 0; i < count; i++) {
        limit[i] = INFINITY;
    }
    for (uint32_t bits = kind; bits != 0; bits &= bits - 1) {
        const list *of = &self->lists[__builtin_ctz(bits)];
        double all = tail_limit(of, EF_WHOSE_ALL), firsts = tail_limit(of, EF_WHOSE_FIRST);
        for (size_t i = 0; i < count; i++) {
            double tail = first + i < self->ask.first ? fmin(all, firsts) : all;
            limit[i] = fmin(limit[i], fmin(tail, live_mark(of, first + i)));
        }
    }
}

/* How many marks of a row are below `score`, or at most `score`. */
static size_t marks_to(const ef_distractor_question *ask, size_t row, double score, bool with_equal)
{
    size_t begin = ask->begin[row], low = begin, high = ask->begin[row + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ask->mark[middle] < score || (with_equal && ask->mark[middle] == score)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - begin;
}

/* Marks that more than `ranks` have passed no longer count.  Another thread may know more, and be overwritten: that costs time only. */
static void raise_live(ef_pair_distractors *self, list *of, size_t row)
{
    const ef_distractor_question *ask = &self->ask;
    uint64_t above = 0;
    size_t i = ask->begin[row + 1];
    while (i > ask->begin[row] && above <= ask->ranks) {
        above += atomic_load_explicit(&of->passed[--i], memory_order_relaxed);
    }
    if (above > ask->ranks) {
        double limit = i + 1 < ask->begin[row + 1] ? ask->mark[i + 1] : INFINITY;
        atomic_store_explicit(&of->live[row], limit, memory_order_relaxed);
    }
}

/* Counts a pair for the marks of its row, on the lists of `bits`. */
static void count_ranks(ef_pair_distractors *self, ef_pair_batch *batch, ef_pair_candidate *pair, size_t row, uint32_t bits)
{
    const ef_distractor_question *ask = &self->ask;
    uint32_t wanted = 0;
    for (uint32_t left = bits; left != 0; left &= left - 1) {
        size_t s = (size_t)__builtin_ctz(left);
        wanted |= pair->high >= live_mark(&self->lists[s], row) ? UINT32_C(1) << s : 0;
    }
    if (wanted == 0) {
        return;
    }
    size_t below = marks_to(ask, row, pair->known ? pair->score : pair->low, false),
           reached = marks_to(ask, row, pair->known ? pair->score : pair->high, true);
    if (below != reached && !pair->known) {
        double score = ef_pair_score(batch, pair);
        below = marks_to(ask, row, score, false);
        reached = marks_to(ask, row, score, true);
    }
    for (; wanted != 0; wanted &= wanted - 1) {
        list *of = &self->lists[__builtin_ctz(wanted)];
        if (reached > below) {
            atomic_fetch_add_explicit(&of->level[ask->begin[row] + below], 1, memory_order_relaxed);
        }
        if (below > 0) {
            uint32_t passed = atomic_fetch_add_explicit(&of->passed[ask->begin[row] + below - 1], 1, memory_order_relaxed);
            if (passed % SELDOM == 0) { /* to look through the marks takes longer than a few candidates too many */
                raise_live(self, of, row);
            }
        }
    }
}

static void flush(list *of, int whose, buffer *mine)
{
    ef_pair_tail_add(of->tail[whose], mine->score, mine->count);
    mine->count = 0;
}

static void meet(void *context, ef_pair_batch *batch, int worker)
{
    ef_pair_distractors *self = context;
    double least[EF_MOST_SIZES][EF_WHOSE_COUNT];
    for (size_t s = 0; s < self->ask.sizes; s++) {
        for (int whose = 0; whose < EF_WHOSE_COUNT; whose++) {
            least[s][whose] = tail_limit(&self->lists[s], whose);
        }
    }
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        size_t row = batch->rows->first + pair->row;
        uint32_t bits = self->ask.lists[batch->columns->first + pair->column];
        count_ranks(self, batch, pair, row, bits);
        int end = row < self->ask.first ? EF_WHOSE_COUNT : EF_WHOSE_FIRST;
        for (; bits != 0; bits &= bits - 1) {
            size_t s = (size_t)__builtin_ctz(bits);
            for (int whose = 0; whose < end; whose++) {
                if (self->lists[s].tail[whose] == NULL || pair->high < least[s][whose] ||
                    ef_pair_score(batch, pair) < least[s][whose]) {
                    continue;
                }
                buffer *mine = &self->lists[s].buffers[whose][worker];
                mine->score[mine->count++] = pair->score;
                if (mine->count == BUFFER) {
                    flush(&self->lists[s], whose, mine);
                    least[s][whose] = tail_limit(&self->lists[s], whose);
                }
            }
        }
    }
}

ef_pair_visitor ef_pair_distractors_visitor(ef_pair_distractors *self)
{
    return (ef_pair_visitor){.self = self, .meet = meet, .column_kind = column_kind, .kind_limits = kind_limits};
}

void ef_pair_distractors_counts(const ef_pair_distractors *self, size_t size, uint32_t *above, uint32_t *level)
{
    const ef_distractor_question *ask = &self->ask;
    const list *of = &self->lists[size];
    for (size_t p = 0; p < ask->probes; p++) {
        uint64_t sum = 0;
        size_t begin = ask->begin[p], end = ask->begin[p + 1];
        for (size_t i = end; i-- > begin;) {
            sum += atomic_load_explicit(&of->passed[i], memory_order_relaxed);
            above[i] = sum <= ask->ranks ? (uint32_t)sum : ask->ranks + 1;
        }
        for (size_t i = begin; i < end; i++) {
            bool same = i > begin && ask->mark[i] == ask->mark[i - 1];
            level[i] = above[i] > ask->ranks ? 0
                       : same                ? level[i - 1]
                                             : atomic_load_explicit(&of->level[i], memory_order_relaxed);
        }
    }
}

const double *ef_pair_distractors_highest(ef_pair_distractors *self, size_t size, ef_pair_whose whose, size_t *count)
{
    list *of = &self->lists[size];
    *count = 0;
    if (of->tail[whose] == NULL) {
        return NULL;
    }
    for (int worker = 0; worker < self->workers; worker++) {
        flush(of, (int)whose, &of->buffers[whose][worker]);
    }
    *count = ef_pair_tail_count(of->tail[whose]);
    return ef_pair_tail_scores(of->tail[whose]);
}
