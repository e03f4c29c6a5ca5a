/* loss.h - margin losses over a softmax of cosines, as face models are trained with: normalised softmax, CosFace, ArcFace, and ElasticFace
 * in all its variants; one row of src/loss/losses.def each.
 *
 * Let x_i be the embedding of sample i, y_i its class, w_j the weights of class j; cos_ij = <x_i, w_j> / (|x_i| |w_j|), held to [-1, 1].  The logits are
 * z_ij = s cos_ij, but for the own class z_iy = s f(cos_iy, m_i), where f is the loss's own and m_i the margin of the sample.  The loss is the mean over the
 * samples of the cross entropy, log(sum over j of exp(z_ij)) - z_iy, in nats.
 *
 * Shapes: embeddings are count x dim and class weights classes x dim, float32, row by row without gaps (a layer stored dim x classes, as some public code
 * has it, is the transpose).  Lengths do not matter to the value; both must have one: between 2^-60 and 2^60.
 *
 * Arithmetic.  Products of all samples with all classes, and the gradients' sums of them, are float32 products by CBLAS; sums over classes are float64.
 * What concerns a sample's own class is float64 throughout, by its angle: the tangent at x_i towards w_y gives sine and direction, so the derivative of ArcFace,
 * which in terms of the cosine is infinite at |cos| = 1, stays finite and accurate as the angle vanishes.  Where the sine is below EF_LOSS_LEAST_SINE the
 * direction is unknown and the gradient through the own class is 0, for every loss; public code gets NaN from ArcFace there.
 *
 * Same results, bit by bit, for every number of threads and every bound of memory: classes are worked on in tiles of EF_LOSS_TILE, whose
 * sums are added up in the order of the classes.  Across machines results agree as float32 products do.
 * Thread rule: a workspace serves one call at a time; calls use threads of their own inside, and hold OpenBLAS to one. */
#ifndef EFACE_LOSS_H
#define EFACE_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/rng.h>
#include <eface/status.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EF_LOSS_TILE       512
#define EF_LOSS_LEAST_SINE 0x1p-46 /* far above the rounding of a float64 sine */
#define EF_LOSS_MOST_SCALE 1e6

/* Which sample of a batch gets which of the margins drawn. */
typedef enum ef_margin_order {
    EF_MARGIN_AS_DRAWN,
    EF_MARGIN_AS_CODED,    /* the + variants, as the authors' code ranks */
    EF_MARGIN_AS_PUBLISHED /* the + variants, as the paper says: the sample farthest from its class gets the largest */
} ef_margin_order;

typedef struct ef_loss_settings {
    double scale;  /* s: greater than 0, at most EF_LOSS_MOST_SCALE */
    double margin; /* m: of the cosine, or of the angle in radians; any finite number */
    double sigma;  /* standard deviation of the margins; at least 0 */
} ef_loss_settings;

/* A logit of a sample's own class, and how fast it falls: minus its derivative by the angle, per radian. */
typedef struct ef_target_logit {
    double value, fall;
} ef_target_logit;

typedef struct ef_loss {
    const char *name;          /* "arcface" */
    const char *alias;         /* the short name, "elastic-arc+"; NULL for none */
    const char *title;         /* "ArcFace" */
    ef_loss_settings defaults; /* sigma 0: margins are not drawn */
    bool has_margin;           /* false: margin and sigma are not looked at */
    bool has_sigma;            /* false: every sample has the same margin */
    ef_margin_order order;
    const char *definition; /* what is computed */
    const char *source;     /* where the definition and the defaults come from */
    ef_target_logit (*target)(double cosine, double sine, double scale, double margin);
} ef_loss;

EF_API size_t ef_loss_count(void);
EF_API const ef_loss *ef_loss_at(size_t index);       /* in the order of the table; NULL beyond its end */
EF_API const ef_loss *ef_loss_find(const char *name); /* or alias, in any case; NULL when there is none */

/* s f(cos, m): the logit of a sample's own class.  The cosine is held to [-1, 1]. */
EF_API double ef_loss_target(const ef_loss *loss, double cosine, const ef_loss_settings *settings);

/* Fills margins[0 .. count-1], one for each sample of an iteration: for a loss with sigma one normal deviate each of mean m and standard deviation sigma, by the
 * ziggurat method, from where `rng` stands; they are not cut off and may be negative, as in the authors' code.  For other losses m, or 0 without a
 * margin, and `rng` is not touched and may be NULL.  The same seed gives the same margins, iteration after iteration.
 * Errors: settings out of range. */
EF_API EF_MUST_USE ef_status ef_margins_draw(double *margins, size_t count, const ef_loss *loss, const ef_loss_settings *settings,
                                             ef_rng *rng, ef_error *err);

/* Hands margins[0 .. count-1] to the samples anew, in place, by the cosine of each with its own class.  Let M be the margins in ascending order and `order` the
 * samples by descending cosine.  As published: sample order[r] gets M[r].  As coded: sample r gets M[order[r]], which is the inverse permutation.  Samples with
 * equal cosines keep their order (in public code it is undefined).  Not a number is a bug.
 * Errors: out of memory. */
EF_API EF_MUST_USE ef_status ef_margins_arrange(double *margins, const double *cosines, size_t count, ef_margin_order order,
                                                ef_error *err);

/* One batch.  All arrays are borrowed. */
typedef struct ef_loss_batch {
    const ef_loss *loss;
    double scale;
    const float *embeddings; /* count x dim */
    const int64_t *labels;   /* count: 0 .. classes-1 */
    const double *margins;   /* count, as drawn: ef_loss_compute() arranges its own copy.  NULL for a loss without a margin */
    const float *weights;    /* classes x dim */
    size_t count, dim, classes;
} ef_loss_batch;

/* Where the gradients of the mean loss go: the caller's, written whole.  Either may be NULL: not wanted. */
typedef struct ef_loss_gradients {
    float *embeddings; /* count x dim; each row is orthogonal to its embedding */
    float *weights;    /* classes x dim; each row is orthogonal to its class */
} ef_loss_gradients;

/* What became of a sample. */
typedef struct ef_loss_sample {
    double cosine; /* with its own class */
    double margin; /* the one it got */
    double logit;  /* of its own class */
    double loss;
    double probability; /* that the softmax gives its own class */
} ef_loss_sample;

typedef struct ef_loss_workspace ef_loss_workspace;

/* Room for batches of up to `most` samples.  The caller frees *out with ef_loss_workspace_free().
 * work->memory bounds what grows with the classes: exponentials, and sums of tiles; when batch x classes does not fit, products are computed once more for
 * the gradients.  A tile needs 4 x most x (EF_LOSS_TILE + dim) + 16 x most bytes, and one is always there; with fewer tiles than threads, threads idle.
 * Besides: 12 bytes for each embedding element of the batch, 4 for each class.  work may be NULL; work->progress is not called.
 * Errors: no samples, no dimensions, fewer than two classes, out of memory. */
EF_API EF_MUST_USE ef_status ef_loss_workspace_create(ef_loss_workspace **out, size_t most, size_t dim, size_t classes,
                                                      const ef_work *work, ef_error *err);
EF_API void ef_loss_workspace_free(ef_loss_workspace *workspace); /* NULL is fine */

/* The mean loss of a batch, and what else is asked for: gradients (NULL for none) and samples[0 .. count-1] (NULL for none).  Allocates nothing but for losses
 * that arrange margins.
 * Errors: sizes that are not the workspace's, a scale or margin out of range, a label that is no class, an embedding or class that is zero, not finite, or whose
 * length is not between 2^-60 and 2^60: the first of each is named. */
EF_API EF_MUST_USE ef_status ef_loss_compute(double *mean, ef_loss_workspace *workspace, const ef_loss_batch *batch,
                                             const ef_loss_gradients *gradients, ef_loss_sample *samples, ef_error *err);

/* All logits: logits[i * classes + j] = z_ij, count x classes of them, which the caller owns.  For looking at small problems; errors as above. */
EF_API EF_MUST_USE ef_status ef_loss_logits(float *logits, ef_loss_workspace *workspace, const ef_loss_batch *batch,
                                            ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
