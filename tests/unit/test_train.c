/* What training is made of: a head's gradients against central differences of a float64 twin, the same bits for every number of threads, the optimiser and
 * the schedule against their recurrences, and all of it together with a margin loss. */
#include "unit.h"

#include <eface/loss.h>
#include <eface/train.h>

enum { MOST_COUNT = 70, MOST_IN = 18, MOST_HIDDEN = 20, MOST_OUT = 66 };

/* A head of doubles, written down once more. */
typedef struct twin {
    double hidden_weight[MOST_HIDDEN * MOST_IN], scale[MOST_HIDDEN], shift[MOST_HIDDEN], slope[MOST_HIDDEN];
    double weight[MOST_OUT * MOST_HIDDEN], bias[MOST_OUT], in[MOST_COUNT * MOST_IN], direction[MOST_COUNT * MOST_OUT];
    size_t count, from, hidden, to;
} twin;

static void twin_hidden(const twin *t, double active[MOST_COUNT][MOST_HIDDEN])
{
    for (size_t f = 0; f < t->hidden; f++) {
        double z[MOST_COUNT], mean = 0, variance = 0, n = (double)t->count;
        for (size_t i = 0; i < t->count; i++) {
            z[i] = 0;
            for (size_t k = 0; k < t->from; k++) {
                z[i] += t->hidden_weight[f * t->from + k] * t->in[i * t->from + k];
            }
            mean += z[i] / n;
        }
        for (size_t i = 0; i < t->count; i++) {
            variance += (z[i] - mean) * (z[i] - mean) / n;
        }
        for (size_t i = 0; i < t->count; i++) {
            double value = t->scale[f] * (z[i] - mean) / sqrt(variance + 1e-5) + t->shift[f];
            active[i][f] = value > 0 ? value : t->slope[f] * value;
        }
    }
}

/* The output along a fixed direction. */
static double twin_value(const twin *t)
{
    static double active[MOST_COUNT][MOST_HIDDEN];
    double sum = 0;
    size_t inputs = t->hidden > 0 ? t->hidden : t->from;
    twin_hidden(t, active);
    for (size_t i = 0; i < t->count; i++) {
        for (size_t o = 0; o < t->to; o++) {
            double y = t->bias[o];
            for (size_t k = 0; k < inputs; k++) {
                y += t->weight[o * inputs + k] * (t->hidden > 0 ? active[i][k] : t->in[i * t->from + k]);
            }
            sum += y * t->direction[i * t->to + o];
        }
    }
    return sum;
}

/* All of a small array, and of a large one some with its last. */
static void check_array(twin *t, double *number, const float *gradient, size_t count, const char *name)
{
    size_t stride = count > 40 ? count / 9 : 1;
    for (size_t k = (count - 1) % stride; k < count; k += stride) {
        double kept = number[k], step = 1e-6;
        number[k] = kept + step;
        double above = twin_value(t);
        number[k] = kept - step;
        double slope = (above - twin_value(t)) / (2 * step);
        number[k] = kept;
        ck_assert_msg(fabs(slope - (double)gradient[k]) < 2e-5 * (1 + fabs(slope)), "%s[%zu]: %.9g, not %.9g", name, k,
                      (double)gradient[k], slope);
    }
}

static double *twin_array(twin *t, const char *name)
{
    struct {
        const char *name;
        double *array;
    } all[] = {{"hidden_weight", t->hidden_weight},
               {"norm_scale", t->scale},
               {"norm_shift", t->shift},
               {"slope", t->slope},
               {"weight", t->weight},
               {"bias", t->bias}};
    for (size_t k = 0; k < LENGTH(all); k++) {
        if (strcmp(all[k].name, name) == 0) {
            return all[k].array;
        }
    }
    return NULL;
}

static void fill(float *values, double *copy, size_t count, ef_rng *rng)
{
    for (size_t k = 0; k < count; k++) {
        values[k] = (float)ef_rng_normal(rng);
        copy[k] = (double)values[k];
    }
}

static void check_head(size_t count, size_t from, size_t hidden, size_t to)
{
    static twin t;
    static float in[MOST_COUNT * MOST_IN], direction[MOST_COUNT * MOST_OUT], out[MOST_COUNT * MOST_OUT];
    static float in_gradient[MOST_COUNT * MOST_IN];
    ef_head *head = NULL;
    ef_rng *rng = NULL;
    ef_parameter parameter[EF_HEAD_MOST_PARAMETERS];
    double value = 0;
    OK(ef_rng_create(&rng, 4, hidden, err));
    OK(ef_head_create(&head, &(ef_head_shape){.in = from, .out = to, .hidden = hidden}, count, 0, rng, err));
    size_t arrays = ef_head_parameters(parameter, head);
    ck_assert_uint_eq(arrays, hidden > 0 ? 8 : 2);
    t = (twin){.count = count, .from = from, .hidden = hidden, .to = to};
    fill(in, t.in, count * from, rng);
    fill(direction, t.direction, count * to, rng);
    for (size_t p = 0; p < arrays; p++) {
        if (parameter[p].gradient != NULL) {
            fill(parameter[p].value, twin_array(&t, parameter[p].name), parameter[p].count, rng);
        }
    }
    OK(ef_head_forward(out, head, in, count, true, err));
    OK(ef_head_backward(in_gradient, head, direction, err));
    for (size_t k = 0; k < count * to; k++) {
        value += (double)out[k] * (double)direction[k];
    }
    ck_assert_double_eq_tol(value, twin_value(&t), 1e-6 * (double)(count * to));
    for (size_t p = 0; p < arrays; p++) {
        if (parameter[p].gradient != NULL) {
            check_array(&t, twin_array(&t, parameter[p].name), parameter[p].gradient, parameter[p].count, parameter[p].name);
        }
    }
    check_array(&t, t.in, in_gradient, count * from, "in");
    ef_head_free(head);
    ef_rng_free(rng);
}

START_TEST(gradients_of_a_linear_head_are_those_of_central_differences)
{
    check_head(7, 5, 0, 3);
    check_head(MOST_COUNT, MOST_IN, 0, MOST_OUT);
}
END_TEST

START_TEST(gradients_of_a_hidden_layer_are_those_of_central_differences)
{
    check_head(7, 5, 4, 3);
    check_head(MOST_COUNT, MOST_IN, MOST_HIDDEN, MOST_OUT);
}
END_TEST

START_TEST(running_statistics_stand_in_for_a_batch)
{
    static const float in[] = {1, 3, 8}; /* mean 4, variance 26/3, unbiased 13 */
    ef_head *head = NULL;
    ef_rng *rng = NULL;
    ef_parameter parameter[EF_HEAD_MOST_PARAMETERS];
    float out[3];
    OK(ef_rng_create(&rng, 1, 0, err));
    OK(ef_head_create(&head, &(ef_head_shape){.in = 1, .out = 1, .hidden = 1}, 3, 1, rng, err));
    ck_assert_uint_eq(ef_head_parameters(parameter, head), 8);
    ck_assert_str_eq(parameter[0].name, "hidden_weight");
    ck_assert_str_eq(parameter[4].name, "weight");
    ck_assert_str_eq(parameter[7].name, "running_variance");
    ck_assert(parameter[6].gradient == NULL && parameter[7].gradient == NULL && !parameter[6].decays && parameter[5].decays);
    parameter[0].value[0] = parameter[4].value[0] = 1;
    OK(ef_head_forward(out, head, in, 3, true, err));
    ck_assert_double_eq_tol((double)out[2], 4 / sqrt(26.0 / 3 + 1e-5), 1e-6);
    ck_assert_double_eq_tol((double)out[0], 0.25 * -3 / sqrt(26.0 / 3 + 1e-5), 1e-6);
    ck_assert_double_eq_tol((double)parameter[6].value[0], 0.4, 1e-6);
    ck_assert_double_eq_tol((double)parameter[7].value[0], 0.9 + 1.3, 1e-6);
    OK(ef_head_forward(out, head, in, 1, false, err));
    ck_assert_double_eq_tol((double)out[0], 0.6 / sqrt(2.2 + 1e-5), 1e-6);
    ck_assert_double_eq_tol((double)parameter[6].value[0], 0.4, 1e-6);
    FAILS(EF_INVALID, "no batch to go back from", ef_head_backward(NULL, head, out, err));
    FAILS(EF_INVALID, "one sample cannot be normalised", ef_head_forward(out, head, in, 1, true, err));
    FAILS(EF_INVALID, "a batch of 4 samples, but the head is for 1 to 3", ef_head_forward(out, head, in, 4, true, err));
    FAILS(EF_INVALID, "cannot be", ef_head_create(&head, &(ef_head_shape){.in = 0, .out = 1}, 3, 1, rng, err));
    ef_head_free(head);
    ef_head_free(NULL);
    ef_rng_free(rng);
}
END_TEST

/* Sizes that leave pieces of every kind unfilled. */
START_TEST(threads_change_no_bit_of_a_step)
{
    enum { SAMPLES = 130, FROM = 33, TO = 20, BETWEEN = 70 };
    static const int threads[] = {1, 2, 3, 8};
    static float in[SAMPLES * FROM], out[SAMPLES * TO], in_gradient[SAMPLES * FROM];
    static float expected[SAMPLES * FROM], kept[EF_HEAD_MOST_PARAMETERS][BETWEEN * FROM];
    for (size_t t = 0; t < LENGTH(threads); t++) {
        ef_head *head = NULL;
        ef_rng *rng = NULL;
        ef_sgd *sgd = NULL;
        ef_parameter parameter[EF_HEAD_MOST_PARAMETERS];
        OK(ef_rng_create(&rng, 8, 0, err));
        OK(ef_head_create(&head, &(ef_head_shape){FROM, TO, BETWEEN}, SAMPLES, threads[t], rng, err));
        size_t count = ef_head_parameters(parameter, head);
        OK(ef_sgd_create(&sgd, parameter, count, &(ef_sgd_settings){0.9, 5e-4}, threads[t], err));
        for (size_t k = 0; k < LENGTH(in); k++) {
            in[k] = (float)ef_rng_normal(rng);
        }
        OK(ef_head_forward(out, head, in, SAMPLES, true, err));
        OK(ef_head_backward(in_gradient, head, out, err));
        ef_sgd_step(sgd, 0.1);
        for (size_t p = 0; p < count; p++) {
            if (t == 0) {
                memcpy(kept[p], parameter[p].value, parameter[p].count * sizeof(float));
            }
            ck_assert_mem_eq(kept[p], parameter[p].value, parameter[p].count * sizeof(float));
        }
        if (t == 0) {
            memcpy(expected, in_gradient, sizeof expected);
        }
        ck_assert_mem_eq(expected, in_gradient, sizeof expected);
        ef_sgd_free(sgd);
        ef_head_free(head);
        ef_rng_free(rng);
    }
}
END_TEST

START_TEST(steps_follow_the_recurrence)
{
    float value[] = {1, 1}, gradient[] = {0.5f, -2}, still = 3, free_value = 1, free_gradient = 0.5f;
    const ef_parameter parameters[] = {
        {"a", value, gradient, 2, true}, {"state", &still, NULL, 1, false}, {"b", &free_value, &free_gradient, 1, false}};
    ef_sgd *sgd = NULL;
    OK(ef_sgd_create(&sgd, parameters, 3, &(ef_sgd_settings){0.9, 0.1}, 1, err));
    ef_sgd_step(sgd, 0.1); /* v = 0.5 + 0.1 */
    ck_assert_double_eq_tol((double)value[0], 0.94, 1e-6);
    ck_assert_double_eq_tol((double)value[1], 1.19, 1e-6);
    ck_assert_double_eq_tol((double)free_value, 0.95, 1e-6);
    gradient[0] = 0;
    ef_sgd_step(sgd, 0.01); /* v = 0.9 * 0.6 + 0.094 */
    ck_assert_double_eq_tol((double)value[0], 0.94 - 0.00634, 1e-6);
    ck_assert(still == 3);
    ef_sgd_free(sgd);
    FAILS(EF_INVALID, "momentum of 1", ef_sgd_create(&sgd, parameters, 3, &(ef_sgd_settings){1, 0.1}, 1, err));
    FAILS(EF_INVALID, "decay of -1", ef_sgd_create(&sgd, parameters, 3, &(ef_sgd_settings){0, -1}, 1, err));
    ef_sgd_free(NULL);
}
END_TEST

START_TEST(every_number_of_a_large_array_moves_once)
{
    enum { LARGE = 140001 };
    static float value[LARGE], gradient[LARGE];
    ef_sgd *sgd = NULL;
    for (size_t k = 0; k < LARGE; k++) {
        gradient[k] = (float)(k % 1000);
    }
    OK(ef_sgd_create(&sgd, &(ef_parameter){"large", value, gradient, LARGE, true}, 1, &(ef_sgd_settings){0.9, 0}, 3, err));
    ef_sgd_step(sgd, 0.5);
    for (size_t k = 0; k < LARGE; k++) {
        ck_assert(value[k] == -0.5f * (float)(k % 1000));
    }
    ef_sgd_free(sgd);
}
END_TEST

START_TEST(gradients_are_clipped_together)
{
    float value[3] = {0}, first[] = {3, 0}, second[] = {4};
    const ef_parameter parameters[] = {{"a", value, first, 2, true}, {"s", value, NULL, 3, true}, {"b", value, second, 1, true}};
    double norm;
    OK(ef_gradients_clip(&norm, parameters, 3, 5.1, err));
    ck_assert_double_eq_tol(norm, 5, 1e-12);
    ck_assert(first[0] == 3 && second[0] == 4);
    OK(ef_gradients_clip(NULL, parameters, 3, 1, err));
    ck_assert_double_eq_tol((double)first[0], 0.6, 1e-6);
    ck_assert_double_eq_tol((double)second[0], 0.8, 1e-6);
    FAILS(EF_INVALID, "cannot be clipped at 0", ef_gradients_clip(NULL, parameters, 3, 0, err));
    second[0] = NAN;
    FAILS(EF_INVALID, "the gradient of b is not finite", ef_gradients_clip(NULL, parameters, 3, 1e-3, err));
    ck_assert(first[0] > 0.59f);
}
END_TEST

START_TEST(rates_follow_their_schedule)
{
    static const uint64_t drops[] = {100, 200, 300}, wrong[] = {100, 100};
    ef_schedule steps = {.kind = EF_RATE_STEPS, .rate = 0.1, .warm_up = 10, .drop_at = drops, .drops = 3, .factor = 0.1};
    ef_schedule half = {.kind = EF_RATE_COSINE, .rate = 0.1, .warm_up = 10, .steps = 110, .last = 0.02};
    OK(ef_schedule_check(&steps, err));
    OK(ef_schedule_check(&half, err));
    static const struct {
        uint64_t step;
        double steps, half;
    } expected[] = {{0, 0.01, 0.01},
                    {8, 0.09, 0.09},
                    {9, 0.1, 0.1},
                    {10, 0.1, 0.1},
                    {35, 0.1, 0.02 + 0.04 * (1 + 0.70710678118)},
                    {60, 0.1, 0.06},
                    {99, 0.1, 0.02236477},
                    {100, 0.01, 0.02195774},
                    {110, 0.01, 0.02},
                    {200, 1e-3, 0.02},
                    {1000, 1e-4, 0.02}};
    for (size_t k = 0; k < LENGTH(expected); k++) {
        ck_assert_double_eq_tol(ef_schedule_rate(&steps, expected[k].step), expected[k].steps, 1e-12);
        ck_assert_double_eq_tol(ef_schedule_rate(&half, expected[k].step), expected[k].half, 1e-8);
    }
    steps.drop_at = wrong;
    steps.drops = 2;
    FAILS(EF_INVALID, "drops at step 100 after step 100", ef_schedule_check(&steps, err));
    steps.drops = 0;
    steps.factor = 0;
    FAILS(EF_INVALID, "multiplied by 0", ef_schedule_check(&steps, err));
    steps.rate = 0;
    FAILS(EF_INVALID, "a rate of 0 is not positive", ef_schedule_check(&steps, err));
    half.last = 1;
    FAILS(EF_INVALID, "a last rate of 1", ef_schedule_check(&half, err));
    half.steps = 10;
    FAILS(EF_INVALID, "never ends", ef_schedule_check(&half, err));
}
END_TEST

typedef struct course {
    double first, last;
    size_t right; /* samples nearest to their own class, in the end */
} course;

enum { SAMPLES = 48, CLASSES = 6, FROM = 10, TO = 8, STEPS = 150 };

static void make_samples(float *in, int64_t *labels, ef_rng *rng)
{
    float centre[CLASSES * FROM];
    for (size_t k = 0; k < LENGTH(centre); k++) {
        centre[k] = (float)ef_rng_normal(rng);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        labels[i] = (int64_t)(i % CLASSES);
        for (size_t k = 0; k < FROM; k++) {
            in[i * FROM + k] = centre[(size_t)labels[i] * FROM + k] + 0.7f * (float)ef_rng_normal(rng);
        }
    }
}

/* Training as a program would do it: forward, loss, backward, clip, step. */
static course train(const ef_loss *loss, size_t hidden)
{
    static float in[SAMPLES * FROM], out[SAMPLES * TO], out_gradient[SAMPLES * TO], logits[SAMPLES * CLASSES];
    float weights[CLASSES * TO], weight_gradients[CLASSES * TO];
    int64_t labels[SAMPLES];
    double margins[SAMPLES], mean = 0;
    course result = {0};
    ef_rng *rng = NULL;
    ef_head *head = NULL;
    ef_sgd *sgd = NULL;
    ef_loss_workspace *room = NULL;
    ef_parameter parameter[EF_HEAD_MOST_PARAMETERS + 1];
    OK(ef_rng_create(&rng, 3, 0, err));
    make_samples(in, labels, rng);
    OK(ef_head_create(&head, &(ef_head_shape){FROM, TO, hidden}, SAMPLES, 1, rng, err));
    OK(ef_loss_workspace_create(&room, SAMPLES, TO, CLASSES, &(ef_work){.threads = 1}, err));
    for (size_t k = 0; k < CLASSES * TO; k++) {
        weights[k] = (float)(0.01 * ef_rng_normal(rng));
    }
    size_t count = ef_head_parameters(parameter, head);
    parameter[count] = (ef_parameter){"classes", weights, weight_gradients, CLASSES * TO, true};
    OK(ef_sgd_create(&sgd, parameter, count + 1, &(ef_sgd_settings){0.9, 5e-4}, 1, err));
    const ef_schedule schedule = {.kind = EF_RATE_COSINE, .rate = 0.01, .warm_up = 5, .steps = STEPS, .last = 0};
    ef_loss_batch batch = {loss, 16, out, labels, margins, weights, SAMPLES, TO, CLASSES};
    for (uint64_t step = 0; step < STEPS; step++) {
        OK(ef_head_forward(out, head, in, SAMPLES, true, err));
        OK(ef_margins_draw(margins, SAMPLES, loss, &loss->defaults, rng, err));
        OK(ef_loss_compute(&mean, room, &batch, &(ef_loss_gradients){out_gradient, weight_gradients}, NULL, err));
        OK(ef_head_backward(NULL, head, out_gradient, err));
        OK(ef_gradients_clip(NULL, parameter, count, 5, err));
        ef_sgd_step(sgd, ef_schedule_rate(&schedule, step));
        result.first = step == 0 ? mean : result.first;
    }
    result.last = mean;
    OK(ef_head_forward(out, head, in, SAMPLES, false, err));
    batch.loss = ef_loss_find("softmax");
    OK(ef_loss_logits(logits, room, &batch, err));
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t best = 0;
        for (size_t j = 1; j < CLASSES; j++) {
            best = logits[i * CLASSES + j] > logits[i * CLASSES + best] ? j : best;
        }
        result.right += best == (size_t)labels[i];
    }
    ef_loss_workspace_free(room);
    ef_sgd_free(sgd);
    ef_head_free(head);
    ef_rng_free(rng);
    return result;
}

static void check_course(const char *name, size_t hidden)
{
    course made = train(ef_loss_find(name), hidden);
    ck_assert_msg(made.last < made.first / 3 && made.right >= SAMPLES - 2, "%s, %zu hidden: %g to %g, %zu right", name, hidden,
                  made.first, made.last, made.right);
}

START_TEST(heads_learn_under_margin_losses)
{
    check_course("softmax", 0);
    check_course("cosface", 16);
    check_course("elasticface_arc_plus", 16);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("train");
    TCase *tests = tcase_create("train");
    tcase_add_test(tests, gradients_of_a_linear_head_are_those_of_central_differences);
    tcase_add_test(tests, gradients_of_a_hidden_layer_are_those_of_central_differences);
    tcase_add_test(tests, running_statistics_stand_in_for_a_batch);
    tcase_add_test(tests, threads_change_no_bit_of_a_step);
    tcase_add_test(tests, steps_follow_the_recurrence);
    tcase_add_test(tests, every_number_of_a_large_array_moves_once);
    tcase_add_test(tests, gradients_are_clipped_together);
    tcase_add_test(tests, rates_follow_their_schedule);
    tcase_add_test(tests, heads_learn_under_margin_losses);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
