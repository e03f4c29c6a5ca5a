/* The devkit's lists of a made-up MegaFace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/rng.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "synth/synth_megaface.h"
#include "synth/synth_stream.h"
#include "io/output.h"
#include "base/path.h"

enum { draws = 7, smallest_list = 10, MOST_LISTS = 16 };

/* A list that is being written: those of the distractors have a size, and draw which ones. */
typedef struct writing {
    FILE *stream;
    const synth_megaface *plan;
    uint32_t size;
    uint32_t *row; /* a permutation of all distractors */
} writing;

static void write_probes(const writing *out)
{
    char name[SYNTH_MEGAFACE_NAME];
    fputs("{\"path\": [", out->stream);
    for (uint32_t i = 0; i < out->plan->probes; i++) {
        synth_megaface_probe_name(name, out->plan, i);
        fprintf(out->stream, "%s\"%s\"", i > 0 ? ", " : "", name);
    }
    fputs("], \"id\": [", out->stream);
    for (uint32_t i = 0; i < out->plan->probes; i++) {
        synth_megaface_probe_name(name, out->plan, i);
        fprintf(out->stream, "%s\"%.*s\"", i > 0 ? ", " : "", (int)(strchr(name, '/') - name), name);
    }
    fputs("]}", out->stream);
}

static void write_distractors(const writing *out)
{
    char name[SYNTH_MEGAFACE_NAME];
    fputs("{\"path\": [", out->stream);
    for (uint32_t i = 0; i < out->size; i++) {
        synth_megaface_distractor_name(name, out->size < out->plan->distractors ? out->row[i] : i);
        fprintf(out->stream, "%s\"%s\"", i > 0 ? ", " : "", name);
    }
    fputs("]}", out->stream);
}

static void write_noisy_probes(const writing *out)
{
    char name[SYNTH_MEGAFACE_NAME];
    fputs("# probes that show somebody else\n", out->stream);
    for (uint32_t i = 0; i < out->plan->probes; i++) {
        if (synth_megaface_probe_noisy(i)) {
            synth_megaface_probe_name(name, out->plan, i);
            fprintf(out->stream, "%s\n", strchr(name, '/') + 1);
        }
    }
}

/* Both forms of a line that there are. */
static void write_noisy_distractors(const writing *out)
{
    char name[SYNTH_MEGAFACE_NAME];
    uint32_t count = 0;
    fputs("# distractors that show no one, or one of the probes' people\n", out->stream);
    for (uint32_t i = 0; i < out->plan->distractors; i++) {
        if (synth_megaface_distractor_noisy(i)) {
            synth_megaface_distractor_name(name, i);
            if (++count % 2 == 0) {
                fprintf(out->stream, "%u\t", count);
            }
            fprintf(out->stream, "%s\n", name);
        }
    }
}

/* A list that there is to be. */
typedef struct listed {
    char path[64]; /* below the folder of lists */
    uint32_t size; /* of one of distractors; else 0 */
    void (*write)(const writing *out);
} listed;

static void add_list(listed *lists, size_t *count, const char *name, uint32_t size, void (*write)(const writing *out))
{
    listed *list = &lists[(*count)++];
    *list = (listed){.size = size, .write = write};
    snprintf(list->path, sizeof list->path, "megaface/%s", name);
}

/* All lists of a plan; how many. */
static size_t name_lists(listed lists[MOST_LISTS], const synth_megaface *plan)
{
    size_t count = 0;
    add_list(lists, &count, "facescrub_features_list.json", 0, write_probes);
    for (uint32_t size = smallest_list, next; size <= plan->distractors; size = next) {
        char name[48];
        next = size < plan->distractors && size * 10 > plan->distractors ? plan->distractors : size * 10;
        snprintf(name, sizeof name, "megaface_features_list.json_%u_1", size);
        add_list(lists, &count, name, size, write_distractors);
    }
    add_list(lists, &count, "facescrub_noises.txt", 0, write_noisy_probes);
    add_list(lists, &count, "megaface_noises.txt", 0, write_noisy_distractors);
    return count;
}

static ef_status write_list(writing *out, const char *folder, const listed *list, ef_error *err)
{
    ef_output file = {0};
    char *path = ef_path_below(folder, list->path);
    ef_status status = path != NULL ? ef_make_folders(path, err) : ef_fail_memory(err, "a path");
    if (status == EF_OK) {
        status = ef_output_open(&file, path, err);
    }
    if (status == EF_OK) {
        out->stream = file.stream;
        out->size = list->size;
        list->write(out);
        status = ef_output_commit(&file, err); /* sees what failed */
    }
    ef_output_abandon(&file);
    free(path);
    return status;
}

/* Draws the distractors of a list to the front, each once. */
static ef_status draw_rows(writing *out, uint32_t size, ef_error *err)
{
    ef_rng *rng = NULL;
    ef_status status = ef_rng_create(&rng, out->plan->seed, synth_stream(draws, 0, size), err);
    for (uint32_t i = 0; i < size && status == EF_OK; i++) {
        uint32_t other = i + (uint32_t)ef_rng_below(rng, out->plan->distractors - i), row = out->row[i];
        out->row[i] = out->row[other];
        out->row[other] = row;
    }
    ef_rng_free(rng);
    return status;
}

ef_status synth_megaface_list_write(const synth_megaface *plan, const char *folder, ef_error *err)
{
    listed lists[MOST_LISTS];
    size_t count = name_lists(lists, plan);
    writing out = {.plan = plan, .row = ef_alloc(plan->distractors, sizeof *out.row)};
    ef_status status = out.row != NULL ? EF_OK : ef_fail_memory(err, "lists");
    for (uint32_t i = 0; i < plan->distractors && out.row != NULL; i++) {
        out.row[i] = i;
    }
    for (size_t i = 0; i < count && status == EF_OK; i++) {
        status = draw_rows(&out, lists[i].size < plan->distractors ? lists[i].size : 0, err);
        if (status == EF_OK) {
            status = write_list(&out, folder, &lists[i], err);
        }
    }
    free(out.row);
    return status;
}

ef_status synth_megaface_list_paths(ef_strings *paths, const synth_megaface *plan, const char *folder, ef_error *err)
{
    listed lists[MOST_LISTS];
    size_t count = name_lists(lists, plan);
    ef_status status = EF_OK;
    for (size_t i = 0; i < count && status == EF_OK; i++) {
        char *path = ef_path_below(folder, lists[i].path);
        status = path != NULL ? ef_strings_add(paths, path, strlen(path), err) : ef_fail_memory(err, "a path");
        free(path);
    }
    return status;
}
