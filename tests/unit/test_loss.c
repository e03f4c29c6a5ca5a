/* Margin losses: definitions and worked numbers, margins and their ranking, gradients against central differences of a float64 twin, the same bits for every
 * number of threads and bound of memory, and what is refused. */
#include "unit.h"

#include <gsl/gsl_cdf.h>

#include <eface/loss.h>

enum { MOST_COUNT = 12, MOST_DIM = 24, MOST_CLASSES = 1600 };

typedef struct problem {
    double x[MOST_COUNT * MOST_DIM], w[MOST_CLASSES * MOST_DIM];
    float embeddings[MOST_COUNT * MOST_DIM], weights[MOST_CLASSES * MOST_DIM];
    int64_t labels[MOST_COUNT];
    double margins[MOST_COUNT], arranged[MOST_COUNT];
    size_t count, dim, classes;
    const ef_loss *loss;
    double scale;
} problem;

static problem given;

static ef_loss_batch batch_of(const problem *p)
{
    return (ef_loss_batch){.loss = p->loss,
                           .scale = p->scale,
                           .embeddings = p->embeddings,
                           .labels = p->labels,
                           .margins = p->margins,
                           .weights = p->weights,
                           .count = p->count,
                           .dim = p->dim,
                           .classes = p->classes};
}

/* Class weights at random, samples about them; the numbers are those of float32. */
static void make(problem *p, const ef_loss *loss, size_t count, size_t dim, size_t classes, uint64_t seed)
{
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, 0, err));
    *p = (problem){.count = count, .dim = dim, .classes = classes, .loss = loss, .scale = loss->defaults.scale};
    for (size_t k = 0; k < classes * dim; k++) {
        p->w[k] = (double)(p->weights[k] = (float)(0.01 * ef_rng_normal(rng)));
    }
    for (size_t i = 0; i < count; i++) {
        p->labels[i] = i % 4 == 3 ? p->labels[i - 1] : (int64_t)ef_rng_below(rng, classes);
        for (size_t k = 0; k < dim; k++) {
            double near = p->w[(size_t)p->labels[i] * dim + k];
            p->embeddings[i * dim + k] = (float)(300 * near + 2 * ef_rng_normal(rng));
            p->x[i * dim + k] = (double)p->embeddings[i * dim + k];
        }
    }
    OK(ef_margins_draw(p->margins, count, loss, &loss->defaults, rng, err));
    ef_rng_free(rng);
}

static double cosine_of(const double *x, const double *w, size_t dim)
{
    double xx = 0, ww = 0, xw = 0;
    for (size_t k = 0; k < dim; k++) {
        xx += x[k] * x[k];
        ww += w[k] * w[k];
        xw += x[k] * w[k];
    }
    return fmin(fmax(xw / sqrt(xx * ww), -1), 1);
}

/* By counting, with neither sort nor permutation: rank of a sample's cosine from the largest, of a margin from the smallest. */
static void twin_arrange(problem *p)
{
    double cosine[MOST_COUNT], sorted[MOST_COUNT];
    size_t place[MOST_COUNT];
    for (size_t i = 0; i < p->count; i++) {
        cosine[i] = cosine_of(p->x + i * p->dim, p->w + (size_t)p->labels[i] * p->dim, p->dim);
    }
    for (size_t i = 0; i < p->count; i++) {
        size_t below = 0;
        place[i] = 0;
        for (size_t j = 0; j < p->count; j++) {
            below += p->margins[j] < p->margins[i] || (p->margins[j] == p->margins[i] && j < i);
            place[i] += cosine[j] > cosine[i] || (cosine[j] == cosine[i] && j < i);
        }
        sorted[below] = p->margins[i];
    }
    for (size_t i = 0; i < p->count; i++) {
        if (strstr(p->loss->name, "plus") == NULL) {
            p->arranged[i] = p->margins[i];
        } else if (strstr(p->loss->name, "published") != NULL) {
            p->arranged[i] = sorted[place[i]];
        } else {
            p->arranged[place[i]] = sorted[i]; /* the sample whose number is the place of sample i gets margin number i */
        }
    }
}

static double twin_logit(const problem *p, size_t i, size_t j)
{
    double cosine = cosine_of(p->x + i * p->dim, p->w + j * p->dim, p->dim);
    if ((size_t)p->labels[i] != j) {
        return p->scale * cosine;
    }
    return p->scale * (strstr(p->loss->name, "arc") != NULL ? cos(acos(cosine) + p->arranged[i]) : cosine - p->arranged[i]);
}

static double twin_sample(const problem *p, size_t i)
{
    double own = twin_logit(p, i, (size_t)p->labels[i]), sum = 0;
    for (size_t j = 0; j < p->classes; j++) {
        sum += exp(twin_logit(p, i, j) - own);
    }
    return log(sum);
}

static double twin_mean(const problem *p)
{
    double total = 0;
    for (size_t i = 0; i < p->count; i++) {
        total += twin_sample(p, i);
    }
    return total / (double)p->count;
}

/* The loss's change with one number of the problem, in float64. */
static double difference(problem *p, double *number, double step)
{
    double kept = *number;
    *number = kept + step;
    double above = twin_mean(p);
    *number = kept - step;
    double below = twin_mean(p);
    *number = kept;
    return (above - below) / (2 * step);
}

typedef struct found {
    double mean;
    float x[MOST_COUNT * MOST_DIM], w[MOST_CLASSES * MOST_DIM];
    ef_loss_sample sample[MOST_COUNT];
} found;

static void compute(found *out, const problem *p, size_t memory, int threads)
{
    const ef_work work = {.memory = memory, .threads = threads};
    ef_loss_workspace *room = NULL;
    ef_loss_batch batch = batch_of(p);
    memset(out, 0, sizeof *out);
    OK(ef_loss_workspace_create(&room, p->count, p->dim, p->classes, &work, err));
    OK(ef_loss_compute(&out->mean, room, &batch, &(ef_loss_gradients){out->x, out->w}, out->sample, err));
    ef_loss_workspace_free(room);
}

START_TEST(every_row_of_the_table_is_complete)
{
    for (size_t i = 0; i < ef_loss_count(); i++) {
        const ef_loss *loss = ef_loss_at(i);
        ck_assert(loss->name != NULL && loss->title != NULL && loss->definition != NULL && loss->source != NULL);
        ck_assert(loss->target != NULL && loss->defaults.scale == 64);
        ck_assert(loss->has_margin == (loss->defaults.margin > 0) && loss->has_sigma == (loss->defaults.sigma > 0));
        ck_assert(loss->has_margin || !loss->has_sigma);
        ck_assert_ptr_eq(ef_loss_find(loss->name), loss);
        ck_assert(loss->alias == NULL || ef_loss_find(loss->alias) == loss);
        ck_assert(loss->has_sigma == (loss->alias != NULL));
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(loss->title, ef_loss_at(j)->title);
        }
    }
    ck_assert_ptr_null(ef_loss_at(ef_loss_count()));
    ck_assert_ptr_null(ef_loss_find("triplet"));
    ck_assert_str_eq(ef_loss_find("ElasticFace-Arc")->name, "elasticface_arc");
    ck_assert_str_eq(ef_loss_find("Elastic-Arc+")->name, "elasticface_arc_plus");
    ck_assert_str_eq(ef_loss_find("elastic_cos")->name, "elasticface_cos");
    ck_assert(ef_loss_find("elasticface_arc_plus")->order == EF_MARGIN_AS_CODED);
    ck_assert(ef_loss_find("elasticface_arc_plus_published")->order == EF_MARGIN_AS_PUBLISHED);
}
END_TEST

START_TEST(logits_are_those_worked_out_by_hand)
{
    const ef_loss *arc = ef_loss_find("arcface"), *cosine = ef_loss_find("cosface"), *plain = ef_loss_find("softmax");
    ck_assert_double_eq_tol(ef_loss_target(arc, 0.5, &arc->defaults), 1.5101814586181996, 1e-13);
    ck_assert_double_eq_tol(ef_loss_target(arc, -1, &arc->defaults), -56.16528396098386, 1e-13);
    ck_assert_double_eq_tol(ef_loss_target(arc, -1.5, &arc->defaults), -56.16528396098386, 1e-13);
    ck_assert_double_eq_tol(ef_loss_target(cosine, 0.5, &cosine->defaults), 9.6, 1e-13);
    ck_assert_double_eq_tol(ef_loss_target(plain, 0.5, &plain->defaults), 32, 1e-13);
    ck_assert_double_eq_tol(ef_loss_target(plain, -1, &plain->defaults), -64, 1e-13);
}
END_TEST

START_TEST(margins_are_ranked_as_published_and_as_coded)
{
    static const double cosines[] = {0.1, 0.9, 0.5, 0.3}, drawn[] = {0.51, 0.48, 0.52, 0.50};
    static const double coded[] = {0.50, 0.51, 0.52, 0.48}, published[] = {0.52, 0.48, 0.50, 0.51};
    double margins[4];
    memcpy(margins, drawn, sizeof drawn);
    OK(ef_margins_arrange(margins, cosines, 4, EF_MARGIN_AS_DRAWN, err));
    ck_assert_mem_eq(margins, drawn, sizeof drawn);
    OK(ef_margins_arrange(margins, cosines, 4, EF_MARGIN_AS_CODED, err));
    ck_assert_mem_eq(margins, coded, sizeof coded);
    memcpy(margins, drawn, sizeof drawn);
    OK(ef_margins_arrange(margins, cosines, 4, EF_MARGIN_AS_PUBLISHED, err));
    ck_assert_mem_eq(margins, published, sizeof published);
}
END_TEST

/* Five standard errors for the moments; for Kolmogorov and Smirnov's distance 1.95 / sqrt(n), which is passed by chance once in a thousand. */
START_TEST(margins_have_their_distribution)
{
    enum { DRAWS = 20000 };
    static double margins[DRAWS], again[DRAWS], cosines[DRAWS];
    const ef_loss *loss = ef_loss_find("elasticface_arc");
    ef_rng *rng = NULL;
    double sum = 0, square = 0, farthest = 0;
    OK(ef_rng_create(&rng, 11, 0, err));
    OK(ef_margins_draw(margins, DRAWS / 2, loss, &loss->defaults, rng, err));
    OK(ef_margins_draw(margins + DRAWS / 2, DRAWS / 2, loss, &loss->defaults, rng, err));
    ef_rng_restart(rng, 11, 0);
    OK(ef_margins_draw(again, DRAWS, loss, &loss->defaults, rng, err));
    ck_assert_mem_eq(margins, again, sizeof margins);
    for (size_t i = 0; i < DRAWS; i++) {
        double z = (margins[i] - loss->defaults.margin) / loss->defaults.sigma;
        sum += z;
        square += z * z;
        cosines[i] = -(double)i; /* ranked as drawn: what remains is to sort */
    }
    ck_assert_double_eq_tol(sum / DRAWS, 0, 5 / sqrt(DRAWS));
    ck_assert_double_eq_tol(square / DRAWS, 1, 5 * sqrt(2.0 / DRAWS));
    OK(ef_margins_arrange(again, cosines, DRAWS, EF_MARGIN_AS_PUBLISHED, err));
    for (size_t i = 0; i < DRAWS; i++) {
        double below = gsl_cdf_gaussian_P(again[i] - 0.5, 0.05);
        farthest = fmax(farthest, fmax(fabs(below - (double)i / DRAWS), fabs(below - (double)(i + 1) / DRAWS)));
    }
    ck_assert_double_lt(farthest, 1.95 / sqrt(DRAWS));
    OK(ef_margins_draw(margins, 3, ef_loss_find("cosface"), &(ef_loss_settings){64, -0.2, 9}, NULL, err));
    ck_assert(margins[0] == -0.2 && margins[2] == -0.2);
    OK(ef_margins_draw(margins, 3, ef_loss_find("softmax"), &(ef_loss_settings){64, 0.2, 9}, NULL, err));
    ck_assert(margins[0] == 0 && margins[2] == 0);
    ef_rng_free(rng);
}
END_TEST

/* Gradients of all samples, of the classes that own one and of one class in each tile. */
static void check_gradients(problem *p, double tolerance)
{
    static found got;
    double largest_x = 0, largest_w = 0, worst = 0;
    compute(&got, p, 0, 0);
    twin_arrange(p);
    ck_assert_double_eq_tol(got.mean, twin_mean(p), 1e-5 * fmax(1, got.mean));
    for (size_t i = 0; i < p->count; i++) {
        ck_assert(got.sample[i].margin == p->arranged[i]);
        ck_assert_double_eq_tol(got.sample[i].logit, twin_logit(p, i, (size_t)p->labels[i]), 1e-11);
        ck_assert_double_eq_tol(got.sample[i].loss, twin_sample(p, i), 1e-5 * fmax(1, got.sample[i].loss));
        ck_assert_double_eq_tol(got.sample[i].probability, exp(-got.sample[i].loss), 1e-12);
    }
    for (size_t k = 0; k < p->count * p->dim; k++) {
        largest_x = fmax(largest_x, fabs((double)got.x[k]));
    }
    for (size_t k = 0; k < p->classes * p->dim; k++) {
        largest_w = fmax(largest_w, fabs((double)got.w[k]));
    }
    for (size_t k = 0; k < p->count * p->dim; k++) {
        worst = fmax(worst, fabs((double)got.x[k] - difference(p, &p->x[k], 1e-5)) / largest_x);
    }
    for (size_t n = 0; n < p->count + p->classes; n++) {
        size_t j = n < p->count ? (size_t)p->labels[n] : n - p->count;
        if (n >= p->count && p->classes > 20 && j % EF_LOSS_TILE != EF_LOSS_TILE - 1) {
            continue;
        }
        for (size_t k = j * p->dim; k < (j + 1) * p->dim; k++) {
            worst = fmax(worst, fabs((double)got.w[k] - difference(p, &p->w[k], 1e-7)) / largest_w);
        }
    }
    ck_assert_msg(worst < tolerance, "%s, scale %g: gradients are off by %g", p->loss->name, p->scale, worst);
}

START_TEST(gradients_are_those_of_central_differences)
{
    static const double scales[] = {1, 16, 64};
    for (size_t l = 0; l < ef_loss_count(); l++) {
        for (size_t s = 0; s < LENGTH(scales); s++) {
            make(&given, ef_loss_at(l), 7, 5, 9, 100 + l);
            given.scale = scales[s];
            check_gradients(&given, 2e-5);
        }
    }
}
END_TEST

START_TEST(gradients_hold_across_tiles)
{
    make(&given, ef_loss_find("elasticface_arc_plus"), 4, 3, 1100, 5);
    given.scale = 16;
    check_gradients(&given, 2e-5);
    make(&given, ef_loss_find("cosface"), 3, 3, EF_LOSS_TILE + 1, 6);
    given.labels[0] = EF_LOSS_TILE; /* alone in its tile */
    given.scale = 16;
    check_gradients(&given, 2e-5);
}
END_TEST

START_TEST(a_gradient_that_is_not_wanted_changes_nothing)
{
    static found all, x, w;
    double mean;
    ef_loss_workspace *room = NULL;
    make(&given, ef_loss_find("arcface"), 5, 8, 600, 9);
    compute(&all, &given, 0, 0);
    ef_loss_batch batch = batch_of(&given);
    OK(ef_loss_workspace_create(&room, 9, 8, 600, NULL, err));
    OK(ef_loss_compute(&mean, room, &batch, NULL, NULL, err));
    ck_assert(mean == all.mean);
    OK(ef_loss_compute(&mean, room, &batch, &(ef_loss_gradients){x.x, NULL}, NULL, err));
    OK(ef_loss_compute(&mean, room, &batch, &(ef_loss_gradients){NULL, w.w}, NULL, err));
    ck_assert_mem_eq(x.x, all.x, sizeof x.x);
    ck_assert_mem_eq(w.w, all.w, sizeof w.w);
    ef_loss_workspace_free(room);
}
END_TEST

/* In the plane of x and its class, and along the other class, the gradient is known in closed form. */
static void check_angle(double angle, double expected_own)
{
    static found got;
    const ef_loss *loss = ef_loss_find("arcface");
    memset(&given, 0, sizeof given);
    given.loss = loss;
    given.scale = 4;
    given.count = 1;
    given.dim = 3;
    given.classes = 2;
    given.margins[0] = 0.5;
    given.embeddings[0] = 2;
    given.weights[0] = (float)cos(angle);
    given.weights[1] = (float)sin(angle);
    given.weights[5] = 3;
    compute(&got, &given, 0, 1);
    double miss = 1 - got.sample[0].probability;
    ck_assert_double_eq_tol(got.sample[0].logit, 4 * cos(angle + 0.5), 1e-6);
    ck_assert_double_eq_tol((double)got.x[0], 0, 1e-7);
    ck_assert_double_eq_tol((double)got.x[1], expected_own * miss / 2, 1e-6);
    ck_assert_double_eq_tol((double)got.x[2], 4 * miss / 2, 1e-6);
    for (size_t k = 0; k < 6; k++) {
        ck_assert(isfinite(got.w[k]));
    }
}

START_TEST(the_gradient_of_an_angle_stays_finite_at_its_ends)
{
    check_angle(1.0, -4 * sin(1.5));
    check_angle(1e-3, -4 * sin(1e-3 + 0.5));
    check_angle(1e-7, -4 * sin(1e-7 + 0.5));
    check_angle(1e-12, -4 * sin(0.5));
    check_angle(0, 0);
    memset(&given, 0, sizeof given);
    given = (problem){.loss = ef_loss_find("arcface"), .scale = 64, .count = 2, .dim = 3, .classes = 2};
    const float vector[] = {0.3f, -0.7f, 1.1f};
    for (size_t k = 0; k < 3; k++) { /* cos = 1 and cos = -1, by way of rounding */
        given.embeddings[k] = 3 * vector[k];
        given.embeddings[3 + k] = -7 * vector[k];
        given.weights[k] = vector[k];
        given.weights[3 + k] = k == 0;
    }
    given.margins[0] = given.margins[1] = 0.5;
    static found got;
    compute(&got, &given, 0, 1);
    ck_assert_double_eq_tol(got.sample[1].logit, -56.16528396098386, 1e-5);
    for (size_t k = 0; k < 6; k++) {
        ck_assert(isfinite(got.x[k]) && isfinite(got.w[k]));
    }
}
END_TEST

START_TEST(without_scale_all_classes_are_as_likely)
{
    static const size_t classes[] = {2, 10, 513, 1600};
    static found got;
    for (size_t c = 0; c < LENGTH(classes); c++) {
        for (size_t l = 0; l < ef_loss_count(); l += 2) {
            make(&given, ef_loss_at(l), 4, 6, classes[c], c);
            given.scale = 1e-9;
            compute(&got, &given, 0, 0);
            ck_assert_double_eq_tol(got.mean, log((double)classes[c]), 1e-7);
        }
    }
}
END_TEST

START_TEST(logits_are_those_of_the_twin)
{
    static float logits[MOST_COUNT * MOST_CLASSES];
    ef_loss_workspace *room = NULL;
    make(&given, ef_loss_find("elasticface_cos_plus"), 4, 6, 600, 2);
    ef_loss_batch batch = batch_of(&given);
    OK(ef_loss_workspace_create(&room, 4, 6, 600, NULL, err));
    OK(ef_loss_logits(logits, room, &batch, err));
    twin_arrange(&given);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 600; j++) {
            ck_assert_double_eq_tol((double)logits[i * 600 + j], twin_logit(&given, i, j), 64 * 5e-7);
        }
    }
    ef_loss_workspace_free(room);
}
END_TEST

START_TEST(threads_and_memory_change_no_bit)
{
    static const int threads[] = {1, 2, 3, 8};
    /* All in one wave; a tile at a time; two tiles; all exponentials kept, and sums of 1 and of 3 of the 4 tiles at a time. */
    enum { KEPT = 11 * 4 * (4 * EF_LOSS_TILE + 16), SUMS = 11 * 4 * 20 };
    static const size_t memory[] = {0, 1, 60000, KEPT + SUMS, KEPT + 3 * SUMS};
    static found first, other;
    make(&given, ef_loss_find("elasticface_arc_plus"), 11, 20, MOST_CLASSES, 77);
    compute(&first, &given, 0, 1);
    for (size_t t = 0; t < LENGTH(threads); t++) {
        for (size_t m = 0; m < LENGTH(memory); m++) {
            compute(&other, &given, memory[m], threads[t]);
            ck_assert_msg(memcmp(&first, &other, sizeof first) == 0, "%d threads, %zu bytes", threads[t], memory[m]);
        }
    }
}
END_TEST

START_TEST(settings_that_make_no_sense_are_refused)
{
    const ef_loss *loss = ef_loss_find("elasticface_arc");
    double margins[2];
    ef_rng *rng = NULL;
    ef_loss_workspace *room = NULL;
    OK(ef_rng_create(&rng, 1, 1, err));
    FAILS(EF_INVALID, "a scale of 0 is not above 0",
          ef_margins_draw(margins, 2, loss, &(ef_loss_settings){0, 0.5, 0.1}, rng, err));
    FAILS(EF_INVALID, "a scale of nan", ef_margins_draw(margins, 2, loss, &(ef_loss_settings){NAN, 0.5, 0.1}, rng, err));
    FAILS(EF_INVALID, "margin is not finite",
          ef_margins_draw(margins, 2, loss, &(ef_loss_settings){64, INFINITY, 0.1}, rng, err));
    FAILS(EF_INVALID, "a sigma of -0.1 is no standard deviation",
          ef_margins_draw(margins, 2, loss, &(ef_loss_settings){64, 0.5, -0.1}, rng, err));
    FAILS(EF_INVALID, "no generator", ef_margins_draw(margins, 2, loss, &loss->defaults, NULL, err));
    FAILS(EF_INVALID, "needs samples", ef_loss_workspace_create(&room, 0, 4, 4, NULL, err));
    FAILS(EF_INVALID, "at least one element", ef_loss_workspace_create(&room, 4, 0, 4, NULL, err));
    FAILS(EF_INVALID, "at least two classes, not 1", ef_loss_workspace_create(&room, 4, 4, 1, NULL, err));
    FAILS(EF_INVALID, "are too many", ef_loss_workspace_create(&room, 4, 4, SIZE_MAX, NULL, err));
    ef_loss_workspace_free(NULL);
    ef_rng_free(rng);
}
END_TEST

/* A batch of 4 x 3 in 600 classes; each case spoils one thing of it. */
START_TEST(bad_batches_are_refused_in_a_sentence)
{
    static float logits[4 * 600];
    double mean;
    ef_loss_workspace *room = NULL;
    OK(ef_loss_workspace_create(&room, 4, 3, 600, NULL, err));
#define SPOILT(text, spoil)                                                                                                      \
    do {                                                                                                                         \
        make(&given, ef_loss_find("arcface"), 4, 3, 600, 4);                                                                     \
        ef_loss_batch batch = batch_of(&given);                                                                                  \
        spoil;                                                                                                                   \
        FAILS(EF_INVALID, text, ef_loss_compute(&mean, room, &batch, NULL, NULL, err));                                          \
        FAILS(EF_INVALID, text, ef_loss_logits(logits, room, &batch, err));                                                      \
    } while (0)
    SPOILT("the label of sample 2 is 600, but classes are 0 to 599", given.labels[2] = 600);
    SPOILT("the label of sample 1 is -1, but classes are 0 to 599", given.labels[1] = -1);
    SPOILT("embedding 3 is zero", memset(given.embeddings + 9, 0, 3 * sizeof(float)));
    SPOILT("embedding 0 is not finite", given.embeddings[1] = NAN);
    SPOILT("class 599 is zero", memset(given.weights + 599 * 3, 0, 3 * sizeof(float)));
    SPOILT("class 7 is not finite", given.weights[7 * 3 + 2] = -INFINITY);
    SPOILT("class 8 has a length of 1e+30", given.weights[8 * 3] = 1e30f);
    SPOILT("the margin of sample 3 is not finite", given.margins[3] = NAN);
    SPOILT("arcface needs margins", batch.margins = NULL);
    SPOILT("a scale of -1 is not above 0", batch.scale = -1);
    SPOILT("a batch of 0 samples", batch.count = 0);
    SPOILT("a batch of 5 samples, but the workspace is for 1 to 4", batch.count = 5);
    SPOILT("a batch of 3 elements and 599 classes", batch.classes = 599);
    ef_loss_workspace_free(room);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loss");
    TCase *tests = tcase_create("loss");
    tcase_add_test(tests, every_row_of_the_table_is_complete);
    tcase_add_test(tests, logits_are_those_worked_out_by_hand);
    tcase_add_test(tests, margins_are_ranked_as_published_and_as_coded);
    tcase_add_test(tests, margins_have_their_distribution);
    tcase_add_test(tests, gradients_are_those_of_central_differences);
    tcase_add_test(tests, gradients_hold_across_tiles);
    tcase_add_test(tests, a_gradient_that_is_not_wanted_changes_nothing);
    tcase_add_test(tests, the_gradient_of_an_angle_stays_finite_at_its_ends);
    tcase_add_test(tests, without_scale_all_classes_are_as_likely);
    tcase_add_test(tests, logits_are_those_of_the_twin);
    tcase_add_test(tests, threads_and_memory_change_no_bit);
    tcase_add_test(tests, settings_that_make_no_sense_are_refused);
    tcase_add_test(tests, bad_batches_are_refused_in_a_sentence);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
