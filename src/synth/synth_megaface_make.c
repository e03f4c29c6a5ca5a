/* The set of a made-up MegaFace: the groups probes and distractors, with its lists, and as feature files if wanted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "synth/synth_megaface.h"
#include "synth/synth_rows.h"
#include "io/output.h"
#include "base/path.h"

enum { most_bins = 100000 }; /* a file an image: more are a burden to any disk */

/* What threads draw from: a face each. */
typedef struct drawing {
    synth_face **faces;
    const synth_megaface *plan;
} drawing;

static void draw_probe(void *data, int worker, size_t row, float *original, float *mirrored)
{
    const drawing *all = data;
    (void)mirrored;
    synth_megaface_draw_probe(original, all->faces[worker], all->plan, (uint32_t)row);
}

static void draw_distractor(void *data, int worker, size_t row, float *original, float *mirrored)
{
    const drawing *all = data;
    (void)mirrored;
    synth_megaface_draw_distractor(original, all->faces[worker], all->plan, (uint32_t)row);
}

static void name_image(char name[SYNTH_MEGAFACE_NAME], const synth_megaface *plan, bool probe, uint32_t image)
{
    if (probe) {
        synth_megaface_probe_name(name, plan, image);
    } else {
        synth_megaface_distractor_name(name, image);
    }
}

static ef_status write_names(ef_set_writer *writer, const synth_megaface *plan, bool probes, ef_error *err)
{
    ef_strings *names = NULL;
    ef_status status = ef_strings_create(&names, err);
    for (uint32_t i = 0; i < (probes ? plan->probes : plan->distractors) && status == EF_OK; i++) {
        char name[SYNTH_MEGAFACE_NAME];
        name_image(name, plan, probes, i);
        status = ef_strings_add(names, name, strlen(name), err);
    }
    if (status == EF_OK) {
        status = ef_set_writer_strings(writer, EF_IDS, names, err);
    }
    ef_strings_free(names);
    return status;
}

/* The labels of the probes, or with --inside which images are noisy. */
static ef_status write_numbers(ef_set_writer *writer, const synth_megaface *plan, ef_field field, bool probes, ef_error *err)
{
    uint32_t count = probes ? plan->probes : plan->distractors;
    int64_t *numbers = ef_alloc(count, sizeof *numbers);
    if (numbers == NULL) {
        return ef_fail_memory(err, "images");
    }
    for (uint32_t i = 0; i < count; i++) {
        numbers[i] = field == EF_LABELS ? (int64_t)synth_megaface_person(plan, i) + 1
                     : probes           ? synth_megaface_probe_noisy(i)
                                        : synth_megaface_distractor_noisy(i);
    }
    ef_status status = ef_set_writer_integers(writer, field, numbers, count, 1, err);
    free(numbers);
    return status;
}

static ef_status write_side(ef_set_writer *writer, drawing *all, const char *name, bool probes, const synth_request *request,
                            ef_error *err)
{
    char group[64];
    const synth_megaface *plan = all->plan;
    snprintf(group, sizeof group, "/%s/%s", name, probes ? "probes" : "distractors");
    ef_status status = ef_set_writer_group(writer, group, err);
    if (status == EF_OK) {
        status =
            synth_rows_write(writer, probes ? plan->probes : plan->distractors, probes ? "drawing probes" : "drawing distractors",
                             false, request, probes ? draw_probe : draw_distractor, all, err);
    }
    if (status == EF_OK) {
        status = write_names(writer, plan, probes, err);
    }
    if (status == EF_OK && probes) {
        status = write_numbers(writer, plan, EF_LABELS, probes, err);
    }
    if (status == EF_OK && request->inside) {
        status = write_numbers(writer, plan, EF_NOISY, probes, err);
    }
    return status;
}

/* A feature of length one as the devkit keeps it: a matrix of one column, its header rows, columns, bytes to the next row and type. */
static ef_status write_bin(const char *path, float *feature, size_t dim, ef_error *err)
{
    unsigned char header[16] = {
        (unsigned char)dim, (unsigned char)(dim >> 8), (unsigned char)(dim >> 16), 0, 1, 0, 0, 0, 4, 0, 0, 0, 5};
    double squares = 0.0;
    for (size_t i = 0; i < dim; i++) {
        squares += (double)feature[i] * (double)feature[i];
    }
    for (size_t i = 0; i < dim; i++) {
        feature[i] = (float)((double)feature[i] / sqrt(squares));
    }
    ef_output file = {0};
    ef_status status = ef_make_folders(path, err);
    if (status == EF_OK) {
        status = ef_output_open(&file, path, err);
    }
    if (status == EF_OK) {
        fwrite(header, sizeof header, 1, file.stream);
        fwrite(feature, sizeof *feature, dim, file.stream);
        status = ef_output_commit(&file, err); /* sees what failed */
    }
    return status;
}

static ef_status write_bins(const synth_megaface *plan, synth_face *face, const char *folder, bool probes, size_t dim,
                            ef_error *err)
{
    float *feature = ef_alloc(dim, sizeof *feature);
    ef_status status = feature != NULL ? EF_OK : ef_fail_memory(err, "features");
    for (uint32_t i = 0; i < (probes ? plan->probes : plan->distractors) && status == EF_OK; i++) {
        char name[SYNTH_MEGAFACE_NAME];
        name_image(name, plan, probes, i);
        char *path = ef_copy_format("%s/%s/%s_generated.bin", folder, probes ? "facescrub" : "megaface", name);
        if (path == NULL) {
            status = ef_fail_memory(err, "a path");
            break;
        }
        if (probes) {
            synth_megaface_draw_probe(feature, face, plan, i);
        } else {
            synth_megaface_draw_distractor(feature, face, plan, i);
        }
        status = write_bin(path, feature, dim, err);
        free(path);
    }
    free(feature);
    return status;
}

ef_status synth_megaface_make(char summary[SYNTH_SUMMARY_SIZE], ef_set_writer *writer, const synth_recipe *recipe,
                              const synth_request *request, ef_error *err)
{
    synth_megaface plan;
    drawing all = {.plan = &plan};
    synth_megaface_plan(&plan, request->scale, request->seed);
    if (request->bins != NULL && plan.distractors > most_bins) {
        return ef_fail(err, EF_INVALID, "--bins writes a file for each image, and is for --scale 0.1 at the most");
    }
    ef_status status = synth_faces_create(&all.faces, synth_workers(), request->dim, request->difficulty, request->seed, err);
    if (status == EF_OK) {
        status = write_side(writer, &all, recipe->name, true, request, err);
    }
    if (status == EF_OK) {
        status = write_side(writer, &all, recipe->name, false, request, err);
    }
    if (status == EF_OK) {
        status = synth_megaface_list_write(&plan, request->lists, err);
    }
    for (int probes = 1; probes >= 0 && status == EF_OK && request->bins != NULL; probes--) {
        status = write_bins(&plan, all.faces[0], request->bins, probes, request->dim, err);
    }
    if (status == EF_OK) {
        snprintf(summary, SYNTH_SUMMARY_SIZE, "%u probes of %u people, %u distractors", plan.probes, plan.people,
                 plan.distractors);
    }
    synth_faces_free(all.faces, synth_workers());
    return status;
}

ef_status synth_megaface_paths(ef_strings *paths, const synth_recipe *recipe, const synth_request *request, ef_error *err)
{
    synth_megaface plan;
    (void)recipe;
    synth_megaface_plan(&plan, request->scale, request->seed);
    return synth_megaface_list_paths(paths, &plan, request->lists, err);
}
