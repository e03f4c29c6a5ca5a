/* The sets of the pair benchmarks: embeddings, names, and the official list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "cli/synth_face.h"
#include "cli/synth_list.h"
#include "cli/synth_plan.h"
#include "cli/synth_recipe.h"

enum { block_rows = 256 };

static ef_status write_embeddings(ef_set_writer *writer, synth_face *face, const synth_plan *plan, const synth_request *request,
                                  ef_error *err)
{
    size_t rows = plan->image_count, dim = request->dim;
    float *original = ef_alloc(block_rows * dim, sizeof *original), *mirrored = ef_alloc(block_rows * dim, sizeof *mirrored);
    ef_status status = EF_OK;
    if (original == NULL || mirrored == NULL) {
        status = ef_fail_memory(err, "embeddings");
        goto done;
    }
    status = ef_set_writer_matrix(writer, EF_EMBEDDINGS, rows, dim, err);
    if (status == EF_OK && request->flip) {
        status = ef_set_writer_matrix(writer, EF_EMBEDDINGS_FLIP, rows, dim, err);
    }
    for (size_t first = 0; first < rows && status == EF_OK; first += block_rows) {
        size_t count = rows - first < block_rows ? rows - first : block_rows;
        for (size_t i = 0; i < count; i++) {
            synth_face_draw(face, plan->benchmark, plan->images[first + i], original + i * dim, mirrored + i * dim);
        }
        status = ef_set_writer_rows(writer, EF_EMBEDDINGS, first, count, original, err);
        if (status == EF_OK && request->flip) {
            status = ef_set_writer_rows(writer, EF_EMBEDDINGS_FLIP, first, count, mirrored, err);
        }
        if (request->progress != NULL) {
            request->progress->report(request->progress->context, "drawing images", first + count, rows);
        }
    }
done:
    free(original);
    free(mirrored);
    return status;
}

static ef_status write_names(ef_set_writer *writer, const synth_plan *plan, ef_error *err)
{
    ef_strings *names = NULL;
    ef_status status = ef_strings_create(&names, err);
    for (size_t i = 0; i < plan->image_count && status == EF_OK; i++) {
        char name[SYNTH_NAME_SIZE];
        synth_image_name(name, plan->benchmark, plan->images[i]);
        status = ef_strings_add(names, name, strlen(name), err);
    }
    if (status == EF_OK) {
        status = ef_set_writer_strings(writer, EF_IDS, names, err);
    }
    ef_strings_free(names);
    return status;
}

/* Which pairs are genuine, where no list says so: rows 2p and 2p+1 are pair p. */
static ef_status write_issame(ef_set_writer *writer, const synth_plan *plan, ef_error *err)
{
    int64_t *issame = ef_alloc(plan->pair_count, sizeof *issame);
    if (issame == NULL) {
        return ef_fail_memory(err, "pairs");
    }
    for (size_t i = 0; i < plan->pair_count; i++) {
        issame[i] = plan->pairs[i].genuine;
    }
    ef_status status = ef_set_writer_integers(writer, EF_ISSAME, issame, plan->pair_count, 1, err);
    free(issame);
    return status;
}

ef_status synth_pairs_make(char summary[SYNTH_SUMMARY_SIZE], ef_set_writer *writer, const synth_recipe *recipe,
                           const synth_request *request, ef_error *err)
{
    const synth_benchmark *benchmark = recipe->pairs;
    synth_face *face = NULL;
    synth_plan plan = {0};
    ef_status status = synth_face_create(&face, request->dim, request->difficulty, request->seed, err);
    if (status == EF_OK) {
        status = synth_plan_create(&plan, benchmark, request->scale, request->seed, err);
    }
    if (status == EF_OK) {
        status = write_embeddings(writer, face, &plan, request, err);
    }
    if (status == EF_OK) {
        status = write_names(writer, &plan, err);
    }
    if (status == EF_OK && benchmark->lists == SYNTH_NO_LIST) {
        status = write_issame(writer, &plan, err);
    }
    if (status == EF_OK) {
        status = synth_list_write(&plan, request->lists, err);
    }
    if (status == EF_OK) {
        snprintf(summary, SYNTH_SUMMARY_SIZE, "%zu pairs of %zu images", plan.pair_count, plan.image_count);
    }
    synth_face_free(face);
    synth_plan_free(&plan);
    return status;
}

ef_status synth_pairs_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err)
{
    return synth_list_paths(paths, recipe->pairs, request->lists, err);
}
