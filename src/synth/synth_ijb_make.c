/* The sets of the template benchmarks: embeddings in the order of the list of images, and the lists beside them or in the set too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_ijb_face.h"
#include "synth/synth_ijb_list.h"
#include "synth/synth_ijb_plan.h"
#include "synth/synth_recipe.h"
#include "synth/synth_rows.h"
#include "synth/synth_space.h"

enum { pair_columns = 3 };

/* Thread `worker`'s face draws. */
static void draw_row(void *data, int worker, size_t row, float *original, float *mirrored)
{
    synth_ijb_face **faces = data;
    synth_ijb_face_draw(original, mirrored, faces[worker], row);
}

static ef_status write_embeddings(ef_set_writer *writer, const synth_ijb_plan *plan, const synth_request *request, ef_error *err)
{
    int threads = synth_workers();
    synth_space space = {0};
    ef_status status = synth_space_create(&space, request->dim, err);
    if (status != EF_OK) {
        return status;
    }
    synth_ijb_face **faces = ef_alloc_zero((size_t)threads, sizeof(synth_ijb_face *));
    if (faces == NULL) {
        status = ef_fail_memory(err, "embeddings");
    }
    for (int i = 0; i < threads && status == EF_OK; i++) {
        status = synth_ijb_face_create(&faces[i], plan, &space, request->difficulty, err);
    }
    if (status == EF_OK) {
        status = synth_rows_write(writer, plan->image_count, "drawing images", request->flip, request, draw_row, faces, err);
    }
    for (int i = 0; i < threads && faces != NULL; i++) {
        synth_ijb_face_free(faces[i]);
    }
    free(faces);
    synth_space_free(&space);
    return status;
}

static ef_status write_quality(ef_set_writer *writer, const synth_ijb_plan *plan, ef_error *err)
{
    size_t rows = plan->image_count;
    float *quality = ef_alloc(rows, sizeof *quality);
    if (quality == NULL) {
        return ef_fail_memory(err, "images");
    }
    for (size_t i = 0; i < rows; i++) {
        quality[i] = (float)(plan->images[i].quality / 1000.0);
    }
    ef_status status = ef_set_writer_matrix(writer, EF_QUALITY, rows, 1, err);
    if (status == EF_OK) {
        status = ef_set_writer_rows(writer, EF_QUALITY, 0, rows, quality, err);
    }
    free(quality);
    return status;
}

/* templates, media and quality: one number an image. */
static ef_status write_images(ef_set_writer *writer, const synth_ijb_plan *plan, ef_error *err)
{
    size_t rows = plan->image_count;
    int64_t *numbers = ef_alloc(rows, sizeof *numbers);
    if (numbers == NULL) {
        return ef_fail_memory(err, "images");
    }
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = plan->images[i].owner + 1;
    }
    ef_status status = ef_set_writer_integers(writer, EF_TEMPLATES, numbers, rows, 1, err);
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = plan->images[i].medium;
    }
    if (status == EF_OK) {
        status = ef_set_writer_integers(writer, EF_MEDIA, numbers, rows, 1, err);
    }
    free(numbers);
    return status == EF_OK ? write_quality(writer, plan, err) : status;
}

/* What NIST's lists need: their names of the files. */
static ef_status write_names(ef_set_writer *writer, const synth_ijb_plan *plan, ef_error *err)
{
    ef_strings *names = NULL;
    ef_status status = ef_strings_create(&names, err);
    for (size_t i = 0; i < plan->image_count && status == EF_OK; i++) {
        char name[SYNTH_IJB_NAME_SIZE];
        synth_ijb_image_name(name, &plan->images[i]);
        status = ef_strings_add(names, name, strlen(name), err);
    }
    if (status == EF_OK) {
        status = ef_set_writer_strings(writer, EF_IDS, names, err);
    }
    ef_strings_free(names);
    return status == EF_OK ? write_quality(writer, plan, err) : status;
}

/* The pairs, one gallery template's at a time: all of them at once would be the most memory of the program. */
static ef_status write_pairs(ef_set_writer *writer, const synth_ijb_plan *plan, const ef_progress *progress, ef_error *err)
{
    uint32_t *others = ef_alloc(plan->template_count, sizeof *others), count, genuine;
    int64_t *pairs = ef_alloc(plan->template_count, pair_columns * sizeof *pairs);
    ef_rng *rng = NULL;
    size_t at = 0;
    ef_status status = EF_OK;
    if (others == NULL || pairs == NULL) {
        status = ef_fail_memory(err, "pairs");
        goto done;
    }
    status = ef_rng_create(&rng, plan->seed, 0, err);
    if (status == EF_OK) {
        status = ef_set_writer_integer_matrix(writer, EF_TEMPLATE_PAIRS, plan->pair_count, pair_columns, err);
    }
    for (uint32_t i = 0; i < plan->subject_count && status == EF_OK; i++) {
        synth_ijb_pairs(others, &count, &genuine, plan, i, rng);
        for (uint32_t j = 0; j < count; j++) {
            pairs[(size_t)j * pair_columns] = i + 1;
            pairs[(size_t)j * pair_columns + 1] = others[j] + 1;
            pairs[(size_t)j * pair_columns + 2] = j < genuine;
        }
        status = ef_set_writer_integer_rows(writer, EF_TEMPLATE_PAIRS, at, count, pairs, err);
        at += count;
        if (progress != NULL) {
            progress->report(progress->context, "storing pairs", at, plan->pair_count);
        }
    }
done:
    ef_rng_free(rng);
    free(pairs);
    free(others);
    return status;
}

/* Template and subject of the templates that belong to a gallery, or of the probes. */
static ef_status write_subjects(ef_set_writer *writer, const synth_ijb_plan *plan, ef_field field, ef_error *err)
{
    int64_t *rows = ef_alloc(plan->template_count, 2 * sizeof *rows);
    size_t count = 0;
    if (rows == NULL) {
        return ef_fail_memory(err, "templates");
    }
    for (uint32_t i = 0; i < plan->template_count; i++) {
        ef_field of = i >= plan->subject_count ? EF_PROBE : plan->templates[i].gallery == 0 ? EF_GALLERY_1 : EF_GALLERY_2;
        if (of == field) {
            rows[2 * count] = i + 1;
            rows[2 * count + 1] = plan->templates[i].subject;
            count++;
        }
    }
    ef_status status = ef_set_writer_integers(writer, field, rows, count, 2, err);
    free(rows);
    return status;
}

static ef_status write_inside(ef_set_writer *writer, const synth_ijb_plan *plan, const ef_progress *progress, ef_error *err)
{
    static const ef_field fields[] = {EF_GALLERY_1, EF_GALLERY_2, EF_PROBE};
    ef_status status = write_images(writer, plan, err);
    if (status == EF_OK) {
        status = write_pairs(writer, plan, progress, err);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields && status == EF_OK; i++) {
        status = write_subjects(writer, plan, fields[i], err);
    }
    return status;
}

ef_status synth_ijb_make(char summary[SYNTH_SUMMARY_SIZE], ef_set_writer *writer, const synth_recipe *recipe,
                         const synth_request *request, ef_error *err)
{
    synth_ijb_plan plan = {0};
    ef_status status = synth_ijb_plan_create(&plan, recipe->templates, request->scale, request->seed, err);
    if (status == EF_OK) {
        status = write_embeddings(writer, &plan, request, err);
    }
    if (status == EF_OK && request->inside) {
        status = write_inside(writer, &plan, request->progress, err);
    }
    if (status == EF_OK && request->nist) {
        status = write_names(writer, &plan, err);
    }
    if (status == EF_OK) {
        status = synth_ijb_list_write(&plan, request->lists, request->nist, request->progress, err);
    }
    if (status == EF_OK) {
        snprintf(summary, SYNTH_SUMMARY_SIZE, "%" PRIu64 " pairs of %" PRIu32 " templates of %" PRIu32 " images", plan.pair_count,
                 plan.template_count, plan.image_count);
    }
    synth_ijb_plan_free(&plan);
    return status;
}

ef_status synth_ijb_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err)
{
    return synth_ijb_list_paths(paths, recipe->templates, request->lists, request->nist, err);
}
