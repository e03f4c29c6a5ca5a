/* build_result.h - the steps that every evaluation shares, from an empty result to its figures. */
#ifndef EF_EVALUATE_BUILD_RESULT_H
#define EF_EVALUATE_BUILD_RESULT_H

#include <eface/evaluate.h>

/* Makes a result that knows its protocol and settings, and nothing found yet.  The caller frees it with ef_result_free(). */
EF_MUST_USE ef_status ef_result_begin(ef_result **out, const ef_protocol *protocol, ef_task task,
                                      const ef_evaluate_options *options, ef_error *err);

/* Names the system and what of it was evaluated.  A `model` of NULL is the name of `file` without folder and extension. */
EF_MUST_USE ef_status ef_result_name(ef_result *result, const char *model, const char *file, const char *source, ef_error *err);

/* Adds a file that was read, as it was when it was opened. */
EF_MUST_USE ef_status ef_result_add_input(ef_result *result, const char *role, const char *path, const ef_file_mark *mark,
                                          ef_error *err);

/* Adds the files that a set was read from: its own in the role `role`, and as "source" those that it leads to. */
EF_MUST_USE ef_status ef_result_add_set(ef_result *result, const char *role, const ef_set *set, ef_error *err);

/* Ends an evaluation that came to `status` and made `count` results: checks their inputs, and frees all of them after an error. */
EF_MUST_USE ef_status ef_results_end(ef_result **results, size_t *count, ef_status status, ef_error *err);

/* Computes the figures requested for the result's task, under every convention that they are defined under, from `input`, whose settings
 * are filled in.  The caller frees *rows with free(). */
EF_MUST_USE ef_status ef_result_figures(ef_result_row **rows, size_t *row_count, const ef_result *result,
                                        const ef_metric_input *input, const ef_protocol *protocol,
                                        const ef_evaluate_options *options, ef_error *err);

/* Keeps the corners of a curve to draw, and says what makes the scores suspicious, whatever figures are asked for.  `area`: what is known of the area
 * under the curve; NULL: what the curve itself says. */
EF_MUST_USE ef_status ef_result_draw(ef_result *result, const ef_curve *curve, const ef_bounds *area, ef_error *err);

/* Says what makes searches suspicious; for an evaluation without 1:1, which is checked better. */
EF_MUST_USE ef_status ef_result_check_searches(ef_result *result, const ef_identification *found, ef_error *err);

/* Computes every requested figure under every convention, and the curve and histogram to draw. */
EF_MUST_USE ef_status ef_result_measure(ef_result *result, const ef_trials *trials, const ef_protocol *protocol,
                                        const ef_evaluate_options *options, ef_error *err);

#endif
