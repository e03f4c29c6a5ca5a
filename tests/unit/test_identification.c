/* CMC and TPIR at FPIR against slow twins, and the cases that the conventions disagree about. */
#include "random_trials.h"

#include <eface/identify.h>

#include "linalg/dot.h"

enum { dim = 3, most = 64, most_probes = 128 };

/* Galleries and probes with a table of scores, from which the outcomes are counted one comparison at a time. */
typedef struct experiment {
    size_t galleries, probes, entries[2];
    int64_t probe_subject[most_probes], subject[2][most];
    double score[2][most_probes][most];
    ef_search_outcome outcome[3][most_probes];
    ef_gallery_search search[2], all;
    double top[2 * most_probes * most];
    ef_identification found;
} experiment;

static int descending(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left < *right) - (*left > *right);
}

/* Fills what metrics read. */
static void finish(experiment *self)
{
    size_t pooled = 0, entries = 0;
    for (size_t p = 0; p < self->probes; p++) {
        for (size_t u = 0; u < 3; u++) {
            ef_search_outcome *out = &self->outcome[u][p];
            *out = (ef_search_outcome){.mate = -INFINITY, .other = -INFINITY};
            for (int pass = 0; pass < 2; pass++) {
                for (size_t g = 0; g < self->galleries; g++) {
                    for (size_t i = 0; (u == 2 || u == g) && i < self->entries[g]; i++) {
                        double score = self->score[g][p][i];
                        bool mate = self->subject[g][i] == self->probe_subject[p];
                        if (pass == 0) {
                            out->mates += mate;
                            *(mate ? &out->mate : &out->other) = fmax(mate ? out->mate : out->other, score);
                            if (u == 2 && !mate) {
                                self->top[pooled++] = score;
                            }
                        } else if (!mate && out->mates > 0) {
                            out->above += score > out->mate;
                            out->level += score == out->mate;
                        }
                    }
                }
            }
        }
    }
    qsort(self->top, pooled, sizeof *self->top, descending);
    for (size_t g = 0; g < self->galleries; g++) {
        self->search[g] = (ef_gallery_search){.outcome = self->outcome[g], .probes = self->probes, .entries = self->entries[g]};
        entries += self->entries[g];
    }
    self->all = (ef_gallery_search){.outcome = self->outcome[2], .probes = self->probes, .entries = entries};
    self->found = (ef_identification){self->search, self->galleries, &self->all, self->top, pooled};
}

static ef_measure measure(const ef_identification *found, const char *name, double point, ef_convention convention)
{
    ef_measure out;
    ef_metric_input input = {
        .point = point, .convention = convention, .interval = EF_WILSON, .confidence = 0.95, .identification = found};
    OK(ef_metric_compute(&out, ef_metric_find(name), &input, err));
    return out;
}

/* Random: scores in sixteenths, so that many tie.  `split`: galleries of different subjects, every probe mated in one of them, once. */
static experiment *make(uint64_t seed, size_t galleries, bool split)
{
    experiment *self = calloc(1, sizeof *self);
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, 0, err));
    self->galleries = galleries;
    self->probes = 1 + (size_t)ef_rng_below(rng, most_probes);
    for (size_t g = 0; g < galleries; g++) {
        self->entries[g] = 2 + (size_t)ef_rng_below(rng, most - 2);
        for (size_t i = 0; i < self->entries[g]; i++) {
            self->subject[g][i] = split ? (int64_t)(1000 * g + i) : (int64_t)ef_rng_below(rng, most);
        }
    }
    for (size_t p = 0; p < self->probes; p++) {
        size_t g = (size_t)ef_rng_below(rng, galleries);
        self->probe_subject[p] =
            split ? self->subject[g][ef_rng_below(rng, self->entries[g])] : (int64_t)ef_rng_below(rng, 2 * most);
        for (g = 0; g < galleries; g++) {
            for (size_t i = 0; i < self->entries[g]; i++) {
                self->score[g][p][i] =
                    ((double)ef_rng_below(rng, 24) + (self->subject[g][i] == self->probe_subject[p] ? 12 : 0)) / 16;
            }
        }
    }
    ef_rng_free(rng);
    finish(self);
    return self;
}

/* Of one probe in gallery g, from the table: the best mate (-infinity: none), the best other, and how many others are no worse. */
static void look(const experiment *self, size_t g, size_t p, double *mate, double *other, size_t *no_worse)
{
    *mate = *other = -INFINITY;
    *no_worse = 0;
    for (size_t i = 0; i < self->entries[g]; i++) {
        bool own = self->subject[g][i] == self->probe_subject[p];
        double *best = own ? mate : other;
        *best = self->score[g][p][i] > *best ? self->score[g][p][i] : *best;
    }
    for (size_t i = 0; i < self->entries[g]; i++) {
        *no_worse += self->subject[g][i] != self->probe_subject[p] && self->score[g][p][i] >= *mate;
    }
}

START_TEST(cmc_counts_the_mates_within_the_rank)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        experiment *self = make(seed, 1 + seed % 2, seed % 3 == 0);
        for (size_t rank = 1; rank <= most; rank += rank < 6 ? 1 : 13) {
            uint64_t found = 0, mated = 0;
            for (size_t g = 0; g < self->galleries; g++) {
                for (size_t p = 0; p < self->probes; p++) {
                    double mate, other;
                    size_t no_worse;
                    look(self, g, p, &mate, &other, &no_worse);
                    mated += mate > -INFINITY;
                    found += mate > -INFINITY && no_worse < rank;
                }
            }
            ef_measure iso = measure(&self->found, "cmc", (double)rank, EF_ISO),
                       script = measure(&self->found, "cmc", (double)rank, EF_INSIGHTFACE);
            uint64_t shared = self->galleries > 1 ? self->probes : mated;
            if (mated == 0) {
                ck_assert_str_eq(iso.undefined, "no probe has a mate in the gallery");
            } else {
                ck_assert(iso.value == (double)found / (double)mated && iso.errors == mated - found && iso.trials == mated);
                ef_interval interval = ef_interval_proportion(EF_WILSON, found, mated, 0.95);
                ck_assert(iso.ci_low == interval.low && iso.ci_high == interval.high);
            }
            if (shared > 0 && found <= shared) {
                ck_assert(script.value == (double)found / (double)shared && script.trials == shared);
            } else {
                ck_assert(script.undefined != NULL);
            }
        }
        free(self);
    }
}
END_TEST

/* The lowest threshold, of all that make a difference, at which no more than the share FPIR of probes without a mate are alarms. */
static bool slow_iso(const experiment *self, size_t g, double fpir, uint64_t *found, uint64_t *mated)
{
    double limit = INFINITY, lowest = INFINITY;
    size_t unmated = 0;
    for (size_t t = 0; t < self->probes; t++) {
        for (int side = 0; side < 2; side++) {
            double own[2], threshold;
            size_t no_worse, alarms = 0;
            unmated = 0;
            look(self, g, t, &own[0], &own[1], &no_worse);
            threshold = own[side];
            for (size_t p = 0; p < self->probes; p++) {
                double mate, other;
                look(self, g, p, &mate, &other, &no_worse);
                unmated += isinf(mate) != 0;
                alarms += isinf(mate) != 0 && other >= threshold;
            }
            lowest = fmin(lowest, isinf(threshold) ? INFINITY : threshold);
            if (!isinf(threshold) && unmated > 0 && (double)alarms / (double)unmated <= fpir) {
                limit = fmin(limit, threshold);
            }
        }
    }
    for (size_t p = 0; p < self->probes; p++) {
        double mate, other;
        size_t no_worse;
        look(self, g, p, &mate, &other, &no_worse);
        *mated += isinf(mate) == 0;
        *found += isinf(mate) == 0 && mate > other && mate >= limit;
    }
    return unmated > 0 && 1 / (double)unmated <= fpir;
}

START_TEST(tpir_under_iso_has_the_lowest_threshold_that_keeps_the_promise)
{
    static const double points[] = {0.01, 0.05, 0.1, 0.29, 0.5, 0.99};
    for (uint64_t seed = 200; seed < 230; seed++) {
        experiment *self = make(seed, 1 + seed % 2, seed % 3 == 0);
        for (size_t k = 0; k < LENGTH(points); k++) {
            uint64_t found = 0, mated = 0;
            bool enough = true;
            for (size_t g = 0; g < self->galleries; g++) {
                uint64_t here = 0;
                enough = slow_iso(self, g, points[k], &found, &here) && here > 0 && enough;
                mated += here;
            }
            ef_measure out = measure(&self->found, "tpir_at_fpir", points[k], EF_ISO);
            if (enough) {
                ck_assert_msg(out.undefined == NULL, "seed %d: %s", (int)seed, out.undefined);
                ck_assert(out.value == (double)found / (double)mated && out.trials == mated && out.errors == mated - found);
                ck_assert((double)out.false_matches / (double)out.impostors <= points[k]);
                bool few = false; /* as soon as the threshold of one gallery is */
                for (size_t g = 0; g < self->galleries; g++) {
                    const ef_identification one = {.gallery = self->found.gallery + g, .galleries = 1};
                    few = few || measure(&one, "tpir_at_fpir", points[k], EF_ISO).false_matches < 30;
                }
                ck_assert(out.few_false_matches == few);
            } else {
                ck_assert(out.undefined != NULL);
            }
        }
        free(self);
    }
}
END_TEST

/* As the newer script does it: sort, T[max(int(n * x) - 1, 0)], both comparisons strict, plain mean over galleries. */
START_TEST(tpir_under_insightface_is_the_script_s)
{
    static const double points[] = {0.0001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.99};
    for (uint64_t seed = 300; seed < 360; seed++) {
        experiment *self = make(seed, 1 + seed % 2, true);
        for (size_t k = 0; k < LENGTH(points); k++) {
            double sum = 0;
            bool enough = true;
            for (size_t g = 0; g < self->galleries; g++) {
                double alarm[most_probes], mate, other;
                size_t n = 0, mated = 0, right = 0, no_worse;
                for (size_t p = 0; p < self->probes; p++) {
                    look(self, g, p, &mate, &other, &no_worse);
                    if (isinf(mate)) {
                        alarm[n++] = other;
                    }
                }
                qsort(alarm, n, sizeof *alarm, descending);
                int index = (int)((double)n * points[k]) - 1;
                for (size_t p = 0; n > 0 && p < self->probes; p++) {
                    look(self, g, p, &mate, &other, &no_worse);
                    mated += !isinf(mate);
                    right += !isinf(mate) && mate > other && mate > alarm[index > 0 ? index : 0];
                }
                enough = enough && n > 0 && mated > 0;
                sum += enough ? (double)right / (double)mated : 0;
            }
            /* Products that its grid of points would change are left to the cases below. */
            ef_measure out = measure(&self->found, "tpir_at_fpir", points[k], EF_INSIGHTFACE);
            ck_assert((out.undefined == NULL) == enough);
            ck_assert(!enough || out.value == sum / (double)self->galleries);
        }
        free(self);
    }
}
END_TEST

/* As the older script does it: the mate's column aside, all scores pooled, the ceil(n * x)-th of them, the mate need not be first. */
START_TEST(the_union_is_the_older_script_s)
{
    static const double points[] = {0.01, 0.1, 0.5, 0.9};
    for (uint64_t seed = 400; seed < 440; seed++) {
        experiment *self = make(seed, 2, true);
        for (size_t k = 0; k < LENGTH(points); k++) {
            size_t wanted = (size_t)ceil((double)self->probes * points[k]), found = 0, first = 0;
            for (size_t p = 0; p < self->probes; p++) {
                double mate[2], other[2];
                size_t no_worse[2] = {0}, here;
                look(self, 0, p, &mate[0], &other[0], &no_worse[0]);
                look(self, 1, p, &mate[1], &other[1], &no_worse[1]);
                here = isinf(mate[0]) ? 1u : 0u;
                found += mate[here] > self->top[wanted - 1];
                first += mate[here] > other[0] && mate[here] > other[1];
            }
            ef_measure out = measure(&self->found, "tpir_at_fpir", points[k], EF_INSIGHTFACE_UNION);
            ck_assert(out.value == (double)found / (double)self->probes && out.threshold == self->top[wanted - 1]);
            ck_assert(out.errors == self->probes - found && out.trials == self->probes);
            out = measure(&self->found, "cmc", 1, EF_INSIGHTFACE_UNION);
            ck_assert(out.value == (double)first / (double)self->probes);
        }
        free(self);
    }
}
END_TEST

/* A gallery of two and `alarms` probes without a mate whose best scores are 0, 1/alarms, 2/alarms ..., and mates at the scores given. */
static experiment *staircase(size_t alarms, const double *mate, size_t mates)
{
    experiment *self = calloc(1, sizeof *self);
    self->galleries = 1;
    self->entries[0] = 2;
    self->subject[0][0] = 1;
    self->subject[0][1] = 2;
    self->probes = alarms + mates;
    for (size_t p = 0; p < self->probes; p++) {
        self->probe_subject[p] = p < mates ? 1 : 7;
        self->score[0][p][0] = p < mates ? mate[p] : -1;
        self->score[0][p][1] = p < mates ? -1 : (double)(p - mates) / (double)alarms;
    }
    finish(self);
    return self;
}

/* The script takes alarm number int(n * x), at least the first, and wants more than it; at 1 that is the lowest one. */
START_TEST(the_script_s_index_is_cut_and_at_least_the_first)
{
    static const double mates[] = {0.995, 0.985, 0.905, 0.5};
    static const struct {
        double point;
        int index;
        double value;
    } cases[] = {{0.0001, 0, 0.25}, {0.01, 0, 0.25},  {0.019, 0, 0.25}, {0.02, 1, 0.5},
                 {0.1, 9, 0.75},    {0.29, 27, 0.75}, {0.51, 50, 1},    {1, 99, 1}};
    experiment *self = staircase(100, mates, 4);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        ef_measure out = measure(&self->found, "tpir_at_fpir", cases[i].point, EF_INSIGHTFACE);
        ck_assert_msg(out.threshold == (99 - cases[i].index) / 100.0, "at %g the threshold is %.17g", cases[i].point,
                      out.threshold);
        ck_assert(out.value == cases[i].value && out.false_matches == (uint64_t)cases[i].index && out.impostors == 100);
    }
    /* iso: one of a hundred may be an alarm, so the threshold is just above the second. */
    ef_measure out = measure(&self->found, "tpir_at_fpir", 0.01, EF_ISO);
    ck_assert(out.threshold > 0.98 && out.threshold < 0.9801 && out.false_matches == 1 && out.value == 0.5);
    out = measure(&self->found, "tpir_at_fpir", 0.0099, EF_ISO);
    ck_assert(strstr(out.undefined, "too few") != NULL);
    out = measure(&self->found, "tpir_at_fpir", 1, EF_ISO);
    ck_assert(out.value == 1 && out.false_matches == 100);
    ef_metric_input input = {.point = 1.01, .interval = EF_WILSON, .confidence = 0.95, .identification = &self->found};
    FAILS(EF_INVALID, "FPIR", ef_metric_compute(&out, ef_metric_find("tpir_at_fpir"), &input, err));
    free(self);
}
END_TEST

/* The grid of the script holds 0.10000000000000062 for 0.1; products that are whole numbers stay so. */
START_TEST(the_script_s_own_doubles_are_used)
{
    experiment *self = staircase(30, (const double[]){0.95}, 1);
    ef_measure out = measure(&self->found, "tpir_at_fpir", 0.1, EF_INSIGHTFACE);
    ck_assert(out.threshold == 27 / 30.0 && out.value == 1);
    free(self);
    self = staircase(10, (const double[]){0.75}, 1);
    out = measure(&self->found, "tpir_at_fpir", 0.3, EF_INSIGHTFACE);
    ck_assert(out.threshold == 0.7 && out.value == 1);
    free(self);
}
END_TEST

/* A probe of nobody: the older script stops; the newer one takes it as not mated; over several galleries it counts as not found. */
START_TEST(a_probe_without_a_mate)
{
    experiment *self = make(500, 2, true);
    self->probe_subject[0] = 99999;
    finish(self);
    for (int i = 0; i < 2; i++) {
        ef_measure out = measure(&self->found, i == 0 ? "cmc" : "tpir_at_fpir", i == 0 ? 1 : 0.1, EF_INSIGHTFACE_UNION);
        ck_assert_str_eq(out.undefined, "the older script wants exactly one mate for every probe");
    }
    ef_measure iso = measure(&self->found, "cmc", most * 2, EF_ISO),
               script = measure(&self->found, "cmc", most * 2, EF_INSIGHTFACE);
    ck_assert(iso.value == 1 && iso.trials == self->probes - 1);
    ck_assert(script.errors == 1 && script.trials == self->probes);
    free(self);
}
END_TEST

START_TEST(a_tie_at_rank_one_is_a_miss)
{
    experiment *self = staircase(40, (const double[]){0.99, 0.99}, 2);
    self->score[0][1][1] = 0.99;
    finish(self);
    for (int c = 0; c <= EF_INSIGHTFACE; c++) {
        ef_measure out = measure(&self->found, "cmc", 1, (ef_convention)c);
        ck_assert(out.value == 0.5 && out.errors == 1 && out.trials == 2);
        ck_assert(measure(&self->found, "cmc", 2, (ef_convention)c).value == 1);
        ck_assert(measure(&self->found, "tpir_at_fpir", 0.1, (ef_convention)c).value == 0.5);
    }
    free(self);
}
END_TEST

/* Of several mates the best counts, and the others stand in nobody's way. */
START_TEST(several_mates)
{
    experiment *self = calloc(1, sizeof *self);
    self->galleries = 1;
    self->entries[0] = 4;
    self->probes = 3;
    for (size_t i = 0; i < 4; i++) {
        self->subject[0][i] = i < 3 ? 1 : 2;
        for (size_t p = 0; p < 3; p++) {
            self->score[0][p][i] = (double)(i + 1) / 10; /* the other is best, then the mates */
        }
    }
    self->probe_subject[0] = self->probe_subject[1] = 1;
    self->probe_subject[2] = 3;
    self->score[0][1][3] = 0.25; /* between two mates */
    finish(self);
    ck_assert(measure(&self->found, "cmc", 1, EF_ISO).value == 0.5);
    ck_assert(measure(&self->found, "cmc", 2, EF_ISO).value == 1);
    ck_assert(measure(&self->found, "cmc", 1, EF_INSIGHTFACE_UNION).undefined != NULL);
    free(self);
}
END_TEST

/* An empty gallery finds nobody; probes that are all mated leave nothing to raise an alarm. */
START_TEST(nothing_to_find)
{
    experiment *self = calloc(1, sizeof *self);
    self->galleries = 1;
    self->probes = 5;
    finish(self);
    for (int c = 0; c <= EF_INSIGHTFACE_UNION; c++) {
        ck_assert(measure(&self->found, "cmc", 1, (ef_convention)c).undefined != NULL);
        ck_assert(measure(&self->found, "tpir_at_fpir", 0.5, (ef_convention)c).undefined != NULL);
    }
    free(self);
    self = staircase(0, (const double[]){0.5, 0.6}, 2);
    for (int c = 0; c <= EF_INSIGHTFACE; c++) {
        ck_assert(measure(&self->found, "cmc", 1, (ef_convention)c).value == 1);
        ck_assert(strstr(measure(&self->found, "tpir_at_fpir", 0.5, (ef_convention)c).undefined, "every probe has a mate") !=
                  NULL);
    }
    const ef_metric_input between = {
        .point = 1.5, .convention = EF_ISO, .interval = EF_WILSON, .confidence = 0.95, .identification = &self->found};
    ef_measure out;
    FAILS(EF_INVALID, "1.5 is no rank, a whole number", ef_metric_compute(&out, ef_metric_find("cmc"), &between, err));
    free(self);
}
END_TEST

/* ef_search() finds what one comparison after the other finds, and so does the pooled list. */
START_TEST(searches_are_those_of_plain_loops)
{
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, 9, 0, err));
    static double unit[200 * dim];
    for (size_t i = 0; i < LENGTH(unit); i++) {
        unit[i] = (double)ef_rng_below(rng, 3) - 1; /* many rows are the same, many scores tie */
    }
    for (int round = 0; round < 20; round++) {
        experiment *self = calloc(1, sizeof *self);
        size_t probe_row[most_probes], gallery_row[most];
        self->galleries = 1;
        self->probes = 1 + (size_t)ef_rng_below(rng, most_probes);
        self->entries[0] = round == 0 ? 0 : 1 + (size_t)ef_rng_below(rng, most);
        for (size_t i = 0; i < self->entries[0]; i++) {
            gallery_row[i] = (size_t)ef_rng_below(rng, 200);
            self->subject[0][i] = (int64_t)ef_rng_below(rng, 30);
        }
        for (size_t p = 0; p < self->probes; p++) {
            probe_row[p] = (size_t)ef_rng_below(rng, 200);
            self->probe_subject[p] = (int64_t)ef_rng_below(rng, 40);
            for (size_t i = 0; i < self->entries[0]; i++) {
                self->score[0][p][i] = ef_dot(unit + probe_row[p] * dim, unit + gallery_row[i] * dim, dim);
            }
        }
        finish(self);
        ef_search_side probes = {unit, probe_row, self->probe_subject, self->probes},
                       gallery = {unit, gallery_row, self->subject[0], self->entries[0]};
        for (int threads = 1; threads <= 3; threads++) {
            ef_search_outcome outcome[most_probes];
            ef_work work = {.threads = threads};
            OK(ef_search(outcome, &probes, &gallery, dim, &work, err));
            for (size_t p = 0; p < self->probes; p++) {
                const ef_search_outcome *got = &outcome[p], *slow = &self->outcome[0][p];
                ck_assert(got->mates == slow->mates && got->mate == slow->mate && got->other == slow->other);
                ck_assert(got->above == slow->above && got->level == slow->level);
            }
            size_t ks[] = {1, 5, self->found.pooled_count};
            for (size_t k = 0; k < 3; k++) {
                static double top[most_probes * most];
                if (ks[k] > 0 && ks[k] <= self->found.pooled_count) {
                    OK(ef_search_pooled_top(top, ks[k], &probes, &gallery, dim, &work, err));
                    ck_assert(memcmp(top, self->top, ks[k] * sizeof *top) == 0);
                }
            }
        }
        free(self);
    }
    ef_rng_free(rng);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identification");
    TCase *tests = tcase_create("identification");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, cmc_counts_the_mates_within_the_rank);
    tcase_add_test(tests, tpir_under_iso_has_the_lowest_threshold_that_keeps_the_promise);
    tcase_add_test(tests, tpir_under_insightface_is_the_script_s);
    tcase_add_test(tests, the_union_is_the_older_script_s);
    tcase_add_test(tests, the_script_s_index_is_cut_and_at_least_the_first);
    tcase_add_test(tests, the_script_s_own_doubles_are_used);
    tcase_add_test(tests, a_probe_without_a_mate);
    tcase_add_test(tests, a_tie_at_rank_one_is_a_miss);
    tcase_add_test(tests, several_mates);
    tcase_add_test(tests, nothing_to_find);
    tcase_add_test(tests, searches_are_those_of_plain_loops);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
