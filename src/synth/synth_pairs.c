/* The sets of the pair benchmarks: embeddings, names, and the official list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_face.h"
#include "synth/synth_list.h"
#include "synth/synth_plan.h"
#include "synth/synth_recipe.h"
#include "synth/synth_rows.h"

/* What threads draw from: a face each. */
typedef struct drawing {
    synth_face **faces;
    const synth_plan *plan;
} drawing;

static void draw_row(void *data, int worker, size_t row, float *original, float *mirrored)
{
    const drawing *all = data;
    synth_face_draw(all->faces[worker], all->plan->benchmark, all->plan->images[row], original, mirrored);
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
    synth_plan plan = {0};
    drawing all = {.plan = &plan};
    ef_status status = synth_faces_create(&all.faces, synth_workers(), request->dim, request->difficulty, request->seed, err);
    if (status == EF_OK) {
        status = synth_plan_create(&plan, benchmark, request->scale, request->seed, err);
    }
    if (status == EF_OK) {
        status = synth_rows_write(writer, plan.image_count, "drawing images", request->flip, request, draw_row, &all, err);
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
    synth_faces_free(all.faces, synth_workers());
    synth_plan_free(&plan);
    return status;
}

ef_status synth_pairs_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err)
{
    return synth_list_paths(paths, recipe->pairs, request->lists, err);
}
