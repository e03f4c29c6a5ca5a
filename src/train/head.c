#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include <eface/train.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/gemm.h"
#include "train/linear.h"
#include "train/norm_prelu.h"

/* The arrays of a head.  A linear one has only the first two. */
typedef enum array { WEIGHT, BIAS, HIDDEN_WEIGHT, SCALE, SHIFT, SLOPE, RUNNING_MEAN, RUNNING_VARIANCE, ARRAYS } array;

static const struct {
    const char *name;
    bool trained;
} arrays[ARRAYS] = {
    [WEIGHT] = {"weight", true},
    [BIAS] = {"bias", true},
    [HIDDEN_WEIGHT] = {"hidden_weight", true},
    [SCALE] = {"norm_scale", true},
    [SHIFT] = {"norm_shift", true},
    [SLOPE] = {"slope", true},
    [RUNNING_MEAN] = {"running_mean", false},
    [RUNNING_VARIANCE] = {"running_variance", false},
};

struct ef_head {
    ef_head_shape shape;
    size_t most;
    int threads;
    float *value[ARRAYS], *gradient[ARRAYS];
    double *inverse;                      /* hidden: see ef_norm_prelu */
    float *normal, *active, *sensitivity; /* most x hidden: normalised, after PReLU, and the gradient of that */
    const float *in;                      /* of the last forward that trained; NULL: none to go back from */
    size_t count;
};

static size_t size_of(const ef_head_shape *shape, array which)
{
    switch (which) {
    case WEIGHT: return shape->out * (shape->hidden > 0 ? shape->hidden : shape->in);
    case BIAS: return shape->out;
    case HIDDEN_WEIGHT: return shape->hidden * shape->in;
    default: return shape->hidden;
    }
}

void ef_head_free(ef_head *head)
{
    if (head != NULL) {
        for (size_t k = 0; k < ARRAYS; k++) {
            free(head->value[k]);
            free(head->gradient[k]);
        }
        free(head->inverse);
        free(head->normal);
        free(head->active);
        free(head->sensitivity);
        free(head);
    }
}

static bool allocate(ef_head *head)
{
    size_t hidden = head->shape.hidden, features;
    bool good = ef_size_mul(&features, head->most, hidden);
    for (size_t k = 0; good && k < ARRAYS; k++) {
        size_t count = size_of(&head->shape, (array)k);
        if (count > 0) {
            good = (head->value[k] = ef_alloc_zero(count, sizeof(float))) != NULL &&
                   (!arrays[k].trained || (head->gradient[k] = ef_alloc_zero(count, sizeof(float))) != NULL);
        }
    }
    if (good && hidden > 0) {
        head->inverse = ef_alloc(hidden, sizeof *head->inverse);
        head->normal = ef_alloc_aligned(features, sizeof(float));
        head->active = ef_alloc_aligned(features, sizeof(float));
        head->sensitivity = ef_alloc_aligned(features, sizeof(float));
        good = head->inverse != NULL && head->normal != NULL && head->active != NULL && head->sensitivity != NULL;
    }
    return good;
}

static void fill_normal(float *values, size_t count, double variance, ef_rng *rng)
{
    double deviation = sqrt(variance);
    for (size_t k = 0; k < count; k++) {
        values[k] = (float)(deviation * ef_rng_normal(rng));
    }
}

static void begin(ef_head *head, ef_rng *rng)
{
    const ef_head_shape *shape = &head->shape;
    size_t last = shape->hidden > 0 ? shape->hidden : shape->in;
    fill_normal(head->value[HIDDEN_WEIGHT], size_of(shape, HIDDEN_WEIGHT), 2.0 / (double)shape->in, rng);
    fill_normal(head->value[WEIGHT], size_of(shape, WEIGHT), 1.0 / (double)last, rng);
    for (size_t f = 0; f < shape->hidden; f++) {
        head->value[SCALE][f] = head->value[RUNNING_VARIANCE][f] = 1.0f;
        head->value[SLOPE][f] = (float)EF_PRELU_SLOPE;
    }
}

ef_status ef_head_create(ef_head **out, const ef_head_shape *shape, size_t most, int threads, ef_rng *rng, ef_error *err)
{
    size_t sizes[] = {shape->in, shape->out, most};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        if (sizes[k] == 0 || sizes[k] > INT_MAX || shape->hidden > INT_MAX) {
            return ef_fail(err, EF_INVALID, "a head from %zu by %zu to %zu elements for %zu samples cannot be", shape->in,
                           shape->hidden, shape->out, most);
        }
    }
    ef_head *head = ef_alloc_zero(1, sizeof *head);
    if (head == NULL) {
        return ef_fail_memory(err, "a head");
    }
    head->shape = *shape;
    head->most = most;
    head->threads = threads;
    if (!allocate(head)) {
        ef_head_free(head);
        return ef_fail_memory(err, "a head");
    }
    begin(head, rng);
    *out = head;
    return EF_OK;
}

ef_head_shape ef_head_shape_of(const ef_head *head)
{
    return head->shape;
}

size_t ef_head_parameters(ef_parameter *parameters, ef_head *head)
{
    static const array order[] = {HIDDEN_WEIGHT, SCALE, SHIFT, SLOPE, WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VARIANCE};
    size_t count = 0;
    for (size_t k = 0; k < ARRAYS; k++) {
        array which = order[k];
        if (head->value[which] != NULL) {
            parameters[count++] = (ef_parameter){arrays[which].name, head->value[which], head->gradient[which],
                                                 size_of(&head->shape, which), arrays[which].trained};
        }
    }
    return count;
}

static ef_linear first_map(const ef_head *head)
{
    return (ef_linear){head->value[HIDDEN_WEIGHT], NULL, head->shape.in, head->shape.hidden, head->threads};
}

static ef_linear last_map(const ef_head *head)
{
    size_t in = head->shape.hidden > 0 ? head->shape.hidden : head->shape.in;
    return (ef_linear){head->value[WEIGHT], head->value[BIAS], in, head->shape.out, head->threads};
}

static ef_norm_prelu norm_of(const ef_head *head)
{
    return (ef_norm_prelu){.scale = head->value[SCALE],
                           .shift = head->value[SHIFT],
                           .slope = head->value[SLOPE],
                           .scale_gradient = head->gradient[SCALE],
                           .shift_gradient = head->gradient[SHIFT],
                           .slope_gradient = head->gradient[SLOPE],
                           .running_mean = head->value[RUNNING_MEAN],
                           .running_variance = head->value[RUNNING_VARIANCE],
                           .inverse = head->inverse,
                           .features = head->shape.hidden,
                           .threads = head->threads};
}

ef_status ef_head_forward(float *out, ef_head *head, const float *in, size_t count, bool trains, ef_error *err)
{
    const ef_linear last = last_map(head);
    if (count == 0 || count > head->most) {
        return ef_fail(err, EF_INVALID, "a batch of %zu samples, but the head is for 1 to %zu", count, head->most);
    }
    if (trains && head->shape.hidden > 0 && count < 2) {
        return ef_fail(err, EF_INVALID, "a batch of one sample cannot be normalised: it has no variance");
    }
    ef_gemm_begin();
    if (head->shape.hidden > 0) {
        const ef_linear first = first_map(head);
        const ef_norm_prelu norm = norm_of(head);
        ef_linear_forward(&first, head->normal, in, count);
        ef_norm_prelu_forward(&norm, head->active, head->normal, count, trains);
    }
    ef_linear_forward(&last, out, head->shape.hidden > 0 ? head->active : in, count);
    head->in = trains ? in : NULL;
    head->count = count;
    return EF_OK;
}

ef_status ef_head_backward(float *in_gradient, ef_head *head, const float *out_gradient, ef_error *err)
{
    const ef_linear last = last_map(head);
    if (head->in == NULL) {
        return ef_fail(err, EF_INVALID, "there is no batch to go back from: the last forward did not train");
    }
    ef_gemm_begin();
    ef_linear_backward_weight(&last, head->gradient[WEIGHT], head->gradient[BIAS],
                              head->shape.hidden > 0 ? head->active : head->in, out_gradient, head->count);
    if (head->shape.hidden > 0) {
        const ef_linear first = first_map(head);
        const ef_norm_prelu norm = norm_of(head);
        ef_linear_backward_input(&last, head->sensitivity, out_gradient, head->count);
        ef_norm_prelu_backward(&norm, head->sensitivity, head->normal, head->count);
        ef_linear_backward_weight(&first, head->gradient[HIDDEN_WEIGHT], NULL, head->in, head->sensitivity, head->count);
        if (in_gradient != NULL) {
            ef_linear_backward_input(&first, in_gradient, head->sensitivity, head->count);
        }
    } else if (in_gradient != NULL) {
        ef_linear_backward_input(&last, in_gradient, out_gradient, head->count);
    }
    return EF_OK;
}
