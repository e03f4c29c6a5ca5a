/* The set of all pairs: embeddings, names, labels and media. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_all_pairs.h"
#include "synth/synth_all_pairs_face.h"
#include "synth/synth_recipe.h"
#include "synth/synth_rows.h"
#include "synth/synth_space.h"

/* What threads draw from: a face each. */
typedef struct drawing {
    synth_all_pairs_face **faces;
    const synth_all_pairs *plan;
} drawing;

static void draw_row(void *data, int worker, size_t row, float *original, float *mirrored)
{
    const drawing *all = data;
    synth_all_pairs_face_draw(original, mirrored, all->faces[worker], &all->plan->images[row]);
}

static ef_status write_embeddings(ef_set_writer *writer, const synth_all_pairs *plan, const synth_request *request, ef_error *err)
{
    int threads = synth_workers();
    synth_space space = {0};
    drawing all = {.plan = plan};
    ef_status status = synth_space_create(&space, request->dim, err);
    if (status != EF_OK) {
        return status;
    }
    all.faces = ef_alloc_zero((size_t)threads, sizeof(synth_all_pairs_face *));
    if (all.faces == NULL) {
        status = ef_fail_memory(err, "embeddings");
    }
    for (int i = 0; i < threads && status == EF_OK; i++) {
        status = synth_all_pairs_face_create(&all.faces[i], &space, request->difficulty, request->seed, err);
    }
    if (status == EF_OK) {
        status = synth_rows_write(writer, plan->image_count, "drawing images", request->flip, request, draw_row, &all, err);
    }
    for (int i = 0; i < threads && all.faces != NULL; i++) {
        synth_all_pairs_face_free(all.faces[i]);
    }
    free(all.faces);
    synth_space_free(&space);
    return status;
}

static ef_status write_names(ef_set_writer *writer, const synth_all_pairs *plan, ef_error *err)
{
    ef_strings *names = NULL;
    ef_status status = ef_strings_create(&names, err);
    for (uint32_t i = 0; i < plan->image_count && status == EF_OK; i++) {
        char name[SYNTH_ALL_PAIRS_NAME];
        synth_all_pairs_name(name, &plan->images[i]);
        status = ef_strings_add(names, name, strlen(name), err);
    }
    if (status == EF_OK) {
        status = ef_set_writer_strings(writer, EF_IDS, names, err);
    }
    ef_strings_free(names);
    return status;
}

/* Labels, or media. */
static ef_status write_numbers(ef_set_writer *writer, const synth_all_pairs *plan, ef_field field, ef_error *err)
{
    int64_t *numbers = ef_alloc(plan->image_count, sizeof *numbers);
    if (numbers == NULL) {
        return ef_fail_memory(err, "images");
    }
    for (uint32_t i = 0; i < plan->image_count; i++) {
        numbers[i] = field == EF_LABELS ? plan->images[i].label : plan->images[i].medium;
    }
    ef_status status = ef_set_writer_integers(writer, field, numbers, plan->image_count, 1, err);
    free(numbers);
    return status;
}

static void summarise(char summary[SYNTH_SUMMARY_SIZE], const synth_all_pairs *plan, uint32_t wrong)
{
    int length = snprintf(summary, SYNTH_SUMMARY_SIZE, "%" PRIu32 " images in %" PRIu32 " media of %" PRIu32 " people",
                          plan->image_count, plan->media, plan->people);
    if (wrong > 0) {
        snprintf(summary + length, SYNTH_SUMMARY_SIZE - (size_t)length, "; %" PRIu32 " labels are wrong", wrong);
    }
}

ef_status synth_all_pairs_make(char summary[SYNTH_SUMMARY_SIZE], ef_set_writer *writer, const synth_recipe *recipe,
                               const synth_request *request, ef_error *err)
{
    synth_all_pairs plan = {0};
    uint32_t images = (uint32_t)(request->images * request->scale + 0.5);
    (void)recipe;
    images = images > SYNTH_ALL_PAIRS_LEAST ? images : SYNTH_ALL_PAIRS_LEAST;
    ef_status status = synth_all_pairs_create(&plan, images, request->wrong_labels, request->seed, err);
    if (status == EF_OK) {
        status = write_embeddings(writer, &plan, request, err);
    }
    if (status == EF_OK) {
        status = write_names(writer, &plan, err);
    }
    if (status == EF_OK) {
        status = write_numbers(writer, &plan, EF_LABELS, err);
    }
    if (status == EF_OK) {
        status = write_numbers(writer, &plan, EF_MEDIA, err);
    }
    if (status == EF_OK) {
        summarise(summary, &plan, request->wrong_labels);
    }
    synth_all_pairs_free(&plan);
    return status;
}

ef_status synth_all_pairs_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err)
{
    (void)paths;
    (void)recipe;
    (void)request;
    (void)err;
    return EF_OK; /* the labels are in the set */
}
