#include <string.h>

#include "evaluate/build_result.h"
#include "evaluate/notes.h"
#include "evaluate/template_tasks.h"

bool ef_template_list_is_read(const ef_template_experiment *self, int file, ef_task task)
{
    bool images = file <= EF_FILE_QUALITY || (self->plan->nist && file != EF_FILE_PAIRS); /* both tasks need the images */
    bool used = images || (file == EF_FILE_PAIRS) == (task == EF_VERIFY_TEMPLATES);
    return self->plan->file[file] != NULL && used && (file != EF_FILE_QUALITY || self->pool.weight_quality);
}

void ef_template_result_stage(ef_result *result, const char *name, double seconds)
{
    result->stages[result->stage_count++] = (ef_result_stage){name, seconds};
}

/* How images were pooled, in the words of a protocol file. */
static ef_status add_settings(ef_result *result, const ef_template_experiment *self, ef_error *err)
{
    const ef_pool_options *pool = &self->pool;
    ef_settings *settings = &result->settings;
    ef_status status = ef_result_flip(result, &self->flip, ef_set_dim(self->set), err);
    status = status == EF_OK ? ef_settings_add_word(settings, "norm", pool->norm == EF_NORM_UNIT ? "unit" : "keep", NULL, err)
                             : status;
    status =
        status == EF_OK ? ef_settings_add_word(settings, "weight", pool->weight_quality ? "quality" : "none", NULL, err) : status;
    return status == EF_OK ? ef_settings_add_word(settings, "media", pool->unit_media ? "unit" : "mean", NULL, err) : status;
}

ef_status ef_template_result_begin(ef_result **out, const ef_template_experiment *self, ef_task task, ef_error *err)
{
    ef_result *result = NULL;
    const char *model = self->model != NULL ? self->model : ef_set_model(self->set);
    ef_status status = ef_result_begin(&result, self->protocol, task, self->options, err);
    if (status != EF_OK) {
        return status;
    }
    status = ef_result_name(result, model, ef_set_file(self->set), ef_set_name(self->set), err);
    if (status == EF_OK) {
        status = ef_strings_create(&result->notes, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(self->plan->notes); i++) {
        status = ef_note(result->notes, err, "%s", ef_strings_at(self->plan->notes, i));
    }
    if (status == EF_OK) {
        status = ef_result_add_set(result, "embeddings", self->set, err);
    }
    static const char *const roles[] = {"templates", "quality", "pairs", "gallery", "gallery", "probes", "pairs"};
    for (int file = 0; status == EF_OK && file < EF_FILE_COUNT; file++) {
        if (ef_template_list_is_read(self, file, task)) {
            status = ef_result_add_input(result, roles[file], self->plan->file[file], &self->plan->mark[file], err);
        }
    }
    status = status == EF_OK ? add_settings(result, self, err) : status;
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    result->images = ef_set_rows(self->set);
    result->images_used = self->plan->images.count;
    result->templates = self->templates->count;
    result->media_count = self->templates->media_count;
    result->partial = self->plan->partial;
    *out = result;
    return EF_OK;
}
