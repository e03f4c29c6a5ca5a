#include <eface/result.h>

#include <stdlib.h>
#include <string.h>

void ef_result_free(ef_result *result)
{
    if (result == NULL) {
        return;
    }
    char *const texts[] = {result->protocol,      result->title, result->heading, result->cite,
                           result->protocol_file, result->model, result->source};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    for (size_t i = 0; i < result->input_count; i++) {
        free(result->inputs[i].role);
        free(result->inputs[i].path);
    }
    ef_strings_free(result->quote);
    free(result->inputs);
    ef_settings_free(&result->settings);
    free(result->rows);
    for (size_t i = 0; i < result->gallery_count; i++) {
        free(result->galleries[i].name);
        free(result->galleries[i].rows);
        free(result->galleries[i].cmc);
        free(result->galleries[i].listing.place);
        free(result->galleries[i].listing.share);
        ef_curve_free(result->galleries[i].det);
    }
    free(result->galleries);
    free(result->cmc);
    for (size_t i = 0; i < result->suspect_count; i++) {
        for (int j = 0; j < 2; j++) {
            free(result->suspects[i].image[j]);
            free(result->suspects[i].subject[j]);
        }
    }
    free(result->suspects);
    ef_curve_free(result->curve);
    ef_histogram_free(result->histogram);
    ef_strings_free(result->notes);
    free(result);
}

ef_status ef_result_check_inputs(const ef_result *result, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < result->input_count; i++) {
        status = ef_file_mark_check(&result->inputs[i].mark, result->inputs[i].path, err);
    }
    return status;
}

ef_status ef_result_fingerprint(ef_result *result, ef_fingerprints *fingerprints, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < result->input_count; i++) {
        ef_result_input *input = &result->inputs[i];
        if (input->mark.once) {
            memcpy(input->sha256, input->mark.sha256, sizeof input->sha256);
            input->bytes = input->sha256[0] != '\0' ? input->mark.bytes : 0;
        } else {
            status = ef_fingerprints_get(input->sha256, &input->bytes, fingerprints, input->path, err);
        }
    }
    return status == EF_OK ? ef_result_check_inputs(result, err) : status;
}
