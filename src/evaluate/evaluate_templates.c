#include "evaluate/experiment.h"

#include <string.h>

#include <eface/pool.h>

#include "base/error.h"
#include "base/seconds.h"
#include "evaluate/build_result.h"
#include "evaluate/notes.h"
#include "evaluate/pair_plan.h"
#include "evaluate/template_identity.h"
#include "evaluate/template_plan.h"
#include "evaluate/template_remarks.h"
#include "evaluate/template_tasks.h"
#include "evaluate/wanted.h"

static ef_status choose_pooling(ef_template_experiment *self, ef_error *err)
{
    const ef_evaluate_options *options = self->options;
    const ef_protocol *protocol = self->protocol;
    ef_status status = ef_choose_flip(&self->flip, protocol, self->set, options, err);
    self->pool = (ef_pool_options){.flip = self->flip.flip,
                                   .norm = options->choose_norm ? options->norm : protocol->norm,
                                   .weight_quality = options->choose_weight ? options->weight_quality : protocol->weight_quality,
                                   .unit_media = options->choose_media ? options->unit_media : protocol->unit_media,
                                   .work = options->work};
    return status;
}

static bool is_wanted(const ef_template_experiment *self, ef_task task)
{
    return ef_wants_task(ef_wanted_of(self->protocol, self->options), task);
}

/* Hashing takes as long as pooling and scoring: it begins before them. */
static ef_status begin_fingerprints(const ef_template_experiment *self, ef_error *err)
{
    ef_status status = EF_OK;
    for (int file = 0; status == EF_OK && self->options->fingerprints != NULL && file < EF_FILE_COUNT; file++) {
        if ((is_wanted(self, EF_VERIFY_TEMPLATES) && ef_template_list_is_read(self, file, EF_VERIFY_TEMPLATES)) ||
            (is_wanted(self, EF_IDENTIFY) && ef_template_list_is_read(self, file, EF_IDENTIFY))) {
            status = ef_fingerprints_begin(self->options->fingerprints, self->plan->file[file], err);
        }
    }
    return status;
}

static ef_status remark(const ef_template_experiment *self, bool pairs, bool galleries, ef_error *err)
{
    ef_status status = ef_note_halves(self->plan->notes, &self->flip, err);
    status = status == EF_OK ? ef_note_folders(self->plan->notes, self->set, err) : status;
    status = status == EF_OK ? ef_remark_images(self->plan, self->set, &self->pool, err) : status;
    if (status == EF_OK && !pairs && is_wanted(self, EF_VERIFY_TEMPLATES)) {
        status = ef_remark_left_out(self->plan, self->protocol, EF_VERIFY_TEMPLATES, err);
    }
    if (status == EF_OK && !galleries && is_wanted(self, EF_IDENTIFY)) {
        status = ef_remark_left_out(self->plan, self->protocol, EF_IDENTIFY, err);
    }
    return status;
}

static ef_status fail_no_task(const ef_template_experiment *self, ef_error *err)
{
    bool pairs = is_wanted(self, EF_VERIFY_TEMPLATES), galleries = is_wanted(self, EF_IDENTIFY);
    return ef_fail(err, EF_FORMAT, "%s: %s found beside the templates", self->plan->where,
                   pairs && galleries ? "neither a pair list nor galleries and probes were"
                   : pairs            ? "no pair list was"
                                      : "no galleries and probes were");
}

static ef_status run(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const ef_set *set,
                     const char *model, const ef_evaluate_options *options, ef_error *err)
{
    ef_template_experiment self = {.protocol = protocol, .set = set, .model = model, .options = options};
    double start = ef_seconds();
    *count = 0;
    if (ef_set_rows(set) == 0) {
        return ef_fail(err, EF_FORMAT, "%s has no embeddings", ef_set_name(set));
    }
    ef_status status = choose_pooling(&self, err);
    if (status != EF_OK ||
        (status = ef_template_plan_create(&self.plan, protocol, set, self.pool.weight_quality, options, err)) != EF_OK) {
        return status;
    }
    const ef_template_images *images = &self.plan->images;
    if ((status = begin_fingerprints(&self, err)) == EF_OK) {
        status = ef_pool(&self.templates, set, self.plan->row, images->template_id, images->media_id, self.plan->quality,
                         images->count, &self.pool, err);
    }
    double pool_seconds = ef_seconds() - start;
    if (status == EF_OK) {
        status = ef_plan_expect(&self.plan->partial, self.plan->notes, protocol, &protocol->expect_templates, "templates",
                                self.templates->count, self.plan->where, options->allow_partial, err);
    }
    bool pairs = ef_template_plan_has_pairs(self.plan, set), galleries = ef_template_plan_has_galleries(self.plan, set);
    status = status == EF_OK ? remark(&self, pairs, galleries, err) : status;
    pairs = pairs && is_wanted(&self, EF_VERIFY_TEMPLATES);
    galleries = galleries && is_wanted(&self, EF_IDENTIFY);
    if (status == EF_OK && !pairs && !galleries) {
        status = fail_no_task(&self, err);
    }
    status = status == EF_OK ? ef_template_identity_create(&self.identity, &self, galleries, err) : status;
    if (status == EF_OK && pairs && (status = ef_verify_templates(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    self.no_pairs = !pairs;
    if (status == EF_OK && galleries && (status = ef_identify_templates(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    status = ef_results_end(results, count, status, err);
    if (*count > 0) {
        ef_result *result = results[0];
        memmove(result->stages + 1, result->stages, result->stage_count++ * sizeof *result->stages);
        result->stages[0] = (ef_result_stage){"pool", pool_seconds};
    }
    ef_template_identity_free(self.identity);
    ef_templates_free(self.templates);
    ef_template_plan_free(self.plan);
    return status;
}

const ef_experiment ef_experiment_templates = {
    .name = "templates",
    .what = "templates",
    .tasks = EF_VERIFY_TEMPLATES | EF_IDENTIFY,
    .reads = EF_READS_LABELS | EF_READS_FLIP | EF_READS_POOLING | EF_READS_DATA | EF_READS_PARTIAL | EF_READS_CONTRADICTIONS,
    .run = run,
};
