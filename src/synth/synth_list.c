#include "synth/synth_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/temporary.h"
#include "io/output.h"
#include "base/path.h"

void synth_image_name(char name[SYNTH_NAME_SIZE], const synth_benchmark *benchmark, synth_image image)
{
    uint32_t person = image.person, number = image.number;
    switch (benchmark->lists) {
    case SYNTH_NO_LIST:
    case SYNTH_PAIRS:
        snprintf(name, SYNTH_NAME_SIZE, "Person_%04" PRIu32 "/Person_%04" PRIu32 "_%04" PRIu32 ".jpg", person, person, number);
        break;
    case SYNTH_TOKENS_OF_FOLDS:
    case SYNTH_TOKENS: snprintf(name, SYNTH_NAME_SIZE, "Person_%04" PRIu32 "_%04" PRIu32 ".jpg", person, number); break;
    case SYNTH_SPLITS: {
        bool profile = synth_is_profile(benchmark, image);
        snprintf(name, SYNTH_NAME_SIZE, "%03" PRIu32 "/%s/%02" PRIu32 ".jpg", person, profile ? "profile" : "frontal",
                 profile ? number - SYNTH_FRONTALS : number);
        break;
    }
    }
}

/* "10 300", then per set "name n1 n2" and "name1 n1 name2 n2". */
static void write_pairs(FILE *stream, const synth_plan *plan)
{
    fprintf(stream, "%d\t%zu\n", SYNTH_FOLDS, plan->per_fold);
    for (size_t i = 0; i < plan->pair_count; i++) {
        synth_image a = plan->images[plan->pairs[i].a], b = plan->images[plan->pairs[i].b];
        fprintf(stream, "Person_%04" PRIu32 "\t%" PRIu32, a.person, a.number);
        if (!plan->pairs[i].genuine) {
            fprintf(stream, "\tPerson_%04" PRIu32, b.person);
        }
        fprintf(stream, "\t%" PRIu32 "\n", b.number);
    }
}

/* Two lines a pair, all genuine pairs first, with the fold or 1 for a token. */
static void write_tokens(FILE *stream, const synth_plan *plan)
{
    for (int genuine = 1; genuine >= 0; genuine--) {
        for (size_t i = 0; i < plan->pair_count; i++) {
            const synth_pair *pair = &plan->pairs[i];
            if (pair->genuine != genuine) {
                continue;
            }
            char a[SYNTH_NAME_SIZE], b[SYNTH_NAME_SIZE];
            synth_image_name(a, plan->benchmark, plan->images[pair->a]);
            synth_image_name(b, plan->benchmark, plan->images[pair->b]);
            size_t fold = plan->benchmark->lists == SYNTH_TOKENS ? 0 : i / (2 * plan->per_fold);
            size_t token = genuine ? fold + 1 : 0;
            fprintf(stream, "%s %zu\n%s %zu\n", a, token, b, token);
        }
    }
}

/* Begins a list, making the folders that it lies in. */
static ef_status begin_list(ef_output *out, const char *path, ef_error *err)
{
    ef_status status = ef_make_folders(path, err);
    return status == EF_OK ? ef_output_open(out, path, err) : status;
}

static ef_status write_list(const synth_plan *plan, const char *path, void (*write)(FILE *, const synth_plan *), ef_error *err)
{
    ef_output file;
    ef_status status = begin_list(&file, path, err);
    if (status == EF_OK) {
        write(file.stream, plan);
        status = ef_output_commit(&file, err);
    }
    return status;
}

static size_t frontal_images(const synth_plan *plan)
{
    return (size_t)SYNTH_FOLDS * plan->benchmark->people * SYNTH_FRONTALS;
}

static void write_images(FILE *stream, const synth_plan *plan, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[SYNTH_NAME_SIZE];
        synth_image_name(name, plan->benchmark, plan->images[first + i]);
        fprintf(stream, "%zu ../Data/Images/%s\n", i + 1, name);
    }
}

static void write_frontal(FILE *stream, const synth_plan *plan)
{
    write_images(stream, plan, 0, frontal_images(plan));
}

static void write_profile(FILE *stream, const synth_plan *plan)
{
    write_images(stream, plan, frontal_images(plan), plan->image_count - frontal_images(plan));
}

static ef_status write_list_below(const synth_plan *plan, const char *folder, const char *name,
                                  void (*write)(FILE *, const synth_plan *), ef_error *err)
{
    char *path = ef_path_below(folder, name);
    ef_status status = path != NULL ? write_list(plan, path, write, err) : ef_fail_memory(err, "a path");
    free(path);
    return status;
}

enum { SPLIT_NAME_SIZE = 64, SPLIT_BLOCKS = 2 * SYNTH_FOLDS };
static const char frontal_list[] = "Pair_list_F.txt", profile_list[] = "Pair_list_P.txt";

/* "Split/FP/01/same.txt" */
static void split_name(char name[SPLIT_NAME_SIZE], const synth_benchmark *benchmark, size_t block)
{
    bool profile = benchmark->layout == SYNTH_PROFILE;
    snprintf(name, SPLIT_NAME_SIZE, "Split/%s/%02zu/%s.txt", profile ? "FP" : "FF", block / 2 + 1,
             block % 2 == 0 ? "same" : "diff");
}

/* "i,j" of one split and kind; a profile image counts from 1 as a frontal one does. */
static ef_status write_split(const synth_plan *plan, const char *folder, size_t block, ef_error *err)
{
    bool profile = plan->benchmark->layout == SYNTH_PROFILE;
    char name[SPLIT_NAME_SIZE];
    split_name(name, plan->benchmark, block);
    ef_output file;
    char *path = ef_path_below(folder, name);
    ef_status status = path != NULL ? begin_list(&file, path, err) : ef_fail_memory(err, "a path");
    if (status == EF_OK) {
        for (size_t i = block * plan->per_fold; i < (block + 1) * plan->per_fold; i++) {
            size_t before = profile ? frontal_images(plan) : 0;
            fprintf(file.stream, "%zu,%zu\n", plan->pairs[i].a + 1, plan->pairs[i].b + 1 - before);
        }
        status = ef_output_commit(&file, err);
    }
    free(path);
    return status;
}

static ef_status write_splits(const synth_plan *plan, const char *folder, ef_error *err)
{
    ef_status status = write_list_below(plan, folder, frontal_list, write_frontal, err);
    if (status == EF_OK) {
        status = write_list_below(plan, folder, profile_list, write_profile, err);
    }
    for (size_t block = 0; block < SPLIT_BLOCKS && status == EF_OK; block++) {
        status = write_split(plan, folder, block, err);
    }
    return status;
}

ef_status synth_list_write(const synth_plan *plan, const char *folder, ef_error *err)
{
    const synth_benchmark *benchmark = plan->benchmark;
    if (benchmark->lists == SYNTH_NO_LIST) {
        return EF_OK;
    }
    char *path = ef_path_below(folder, benchmark->list);
    ef_status status = EF_OK;
    if (path == NULL) {
        status = ef_fail_memory(err, "a path");
    } else if (benchmark->lists == SYNTH_SPLITS) {
        status = write_splits(plan, path, err);
    } else {
        status = write_list(plan, path, benchmark->lists == SYNTH_PAIRS ? write_pairs : write_tokens, err);
    }
    free(path);
    return status;
}

static ef_status add_path(ef_strings *paths, const char *folder, const char *name, ef_error *err)
{
    char *path = ef_path_below(folder, name);
    ef_status status = path != NULL ? ef_strings_add(paths, path, strlen(path), err) : ef_fail_memory(err, "a path");
    free(path);
    return status;
}

static ef_status add_split_paths(ef_strings *paths, const synth_benchmark *benchmark, const char *folder, ef_error *err)
{
    ef_status status = add_path(paths, folder, frontal_list, err);
    if (status == EF_OK) {
        status = add_path(paths, folder, profile_list, err);
    }
    for (size_t block = 0; block < SPLIT_BLOCKS && status == EF_OK; block++) {
        char name[SPLIT_NAME_SIZE];
        split_name(name, benchmark, block);
        status = add_path(paths, folder, name, err);
    }
    return status;
}

ef_status synth_list_paths(ef_strings *paths, const synth_benchmark *benchmark, const char *folder, ef_error *err)
{
    if (benchmark->lists == SYNTH_NO_LIST) {
        return EF_OK;
    }
    if (benchmark->lists != SYNTH_SPLITS) {
        return add_path(paths, folder, benchmark->list, err);
    }
    char *below = ef_path_below(folder, benchmark->list);
    ef_status status = below != NULL ? add_split_paths(paths, benchmark, below, err) : ef_fail_memory(err, "a path");
    free(below);
    return status;
}
