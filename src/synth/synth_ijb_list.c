#include "synth/synth_ijb_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "io/output.h"
#include "base/path.h"

enum { TEXT_SIZE = 65536, LINE_SIZE = 256, LANDMARKS = 10 };

/* Lines on their way to a file.  printf() would take longer over sixteen million pairs than all the rest. */
typedef struct text {
    FILE *stream;
    const ef_progress *progress; /* or NULL */
    size_t used;
    char bytes[TEXT_SIZE];
} text;

static void flush(text *out)
{
    fwrite(out->bytes, 1, out->used, out->stream); /* ef_output_commit() sees what fails */
    out->used = 0;
}

static void put(text *out, const char *words)
{
    size_t length = strlen(words);
    memcpy(out->bytes + out->used, words, length);
    out->used += length;
}

static void put_number(text *out, uint32_t number)
{
    char digits[10];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) {
        out->bytes[out->used++] = digits[--count];
    }
}

/* 1234 as "1.234". */
static void put_thousandths(text *out, uint32_t number)
{
    put_number(out, number / 1000);
    put(out, ".");
    for (uint32_t unit = 100; unit > 0; unit /= 10) {
        out->bytes[out->used++] = (char)('0' + number / unit % 10);
    }
}

/* Ends a line, so that the next one has room. */
static void end_line(text *out)
{
    put(out, "\n");
    if (out->used > TEXT_SIZE - LINE_SIZE) {
        flush(out);
    }
}

/* "1.jpg 17 69544" */
static ef_status write_images(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    (void)gallery, (void)err;
    for (uint32_t i = 0; i < plan->image_count; i++) {
        put_number(out, i + 1);
        put(out, ".jpg ");
        put_number(out, plan->images[i].owner + 1);
        put(out, " ");
        put_number(out, plan->images[i].medium);
        end_line(out);
    }
    return EF_OK;
}

/* "1.jpg 46.060 62.026 87.785 60.323 68.851 77.656 52.162 99.875 86.450 98.648 0.999": eyes, nose and corners of the mouth. */
static ef_status write_scores(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    static const uint32_t usual[LANDMARKS] = {45000, 60000, 86000, 60000, 66000, 79000, 49000, 98000, 83000, 98000};
    ef_rng *rng = NULL;
    ef_status status = ef_rng_create(&rng, plan->seed, synth_ijb_stream(plan->benchmark, SYNTH_IJB_LANDMARKS, 0), err);
    (void)gallery;
    for (uint32_t i = 0; i < plan->image_count && status == EF_OK; i++) {
        uint32_t shift[2] = {(uint32_t)ef_rng_below(rng, 9000), (uint32_t)ef_rng_below(rng, 9000)};
        put_number(out, i + 1);
        put(out, ".jpg ");
        for (int j = 0; j < LANDMARKS; j++) {
            put_thousandths(out, usual[j] - 6500 + shift[j % 2] + (uint32_t)ef_rng_below(rng, 4000));
            put(out, " ");
        }
        put_thousandths(out, plan->images[i].quality);
        end_line(out);
    }
    ef_rng_free(rng);
    return status;
}

/* "1 11065 1", or as NIST has it, "1,11065". */
static ef_status write_all_pairs(text *out, const synth_ijb_plan *plan, bool labelled, ef_error *err)
{
    uint32_t *others = ef_alloc(plan->template_count, sizeof *others), count, genuine;
    ef_rng *rng = NULL;
    ef_status status = others != NULL ? ef_rng_create(&rng, plan->seed, 0, err) : ef_fail_memory(err, "pairs");
    for (uint32_t i = 0; i < plan->subject_count && status == EF_OK; i++) {
        synth_ijb_pairs(others, &count, &genuine, plan, i, rng);
        for (uint32_t j = 0; j < count; j++) {
            put_number(out, i + 1);
            put(out, labelled ? " " : ",");
            put_number(out, others[j] + 1);
            put(out, !labelled ? "" : j < genuine ? " 1" : " 0");
            end_line(out);
        }
        if (out->progress != NULL) {
            out->progress->report(out->progress->context, "writing pairs", i + 1, plan->subject_count);
        }
    }
    ef_rng_free(rng);
    free(others);
    return status;
}

static ef_status write_pairs(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    (void)gallery;
    return write_all_pairs(out, plan, true, err);
}

static ef_status write_matches(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    (void)gallery;
    return write_all_pairs(out, plan, false, err);
}

void synth_ijb_image_name(char name[SYNTH_IJB_NAME_SIZE], const synth_ijb_image *image)
{
    if (image->frame > 0) {
        snprintf(name, SYNTH_IJB_NAME_SIZE, "frames/%" PRIu32 "_%" PRIu32 ".jpg", image->medium, image->frame);
    } else {
        snprintf(name, SYNTH_IJB_NAME_SIZE, "img/%" PRIu32 ".jpg", image->medium);
    }
}

/* "17,4,img/69544.jpg,69544," for each image of some templates. */
static void write_template(text *out, const synth_ijb_plan *plan, uint32_t at)
{
    const synth_ijb_template *each = &plan->templates[at];
    for (uint32_t i = each->first; i < each->first + each->count; i++) {
        const synth_ijb_image *image = &plan->images[i];
        char name[SYNTH_IJB_NAME_SIZE];
        synth_ijb_image_name(name, image);
        put_number(out, at + 1);
        put(out, ",");
        put_number(out, each->subject);
        put(out, ",");
        put(out, name);
        put(out, ",");
        put_number(out, image->medium);
        put(out, ",");
        if (image->frame > 0) {
            put_number(out, image->frame);
        }
        end_line(out);
    }
}

static void write_heading(text *out)
{
    put(out, "TEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID,FRAME_NUM");
    end_line(out);
}

static ef_status write_gallery(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    (void)err;
    write_heading(out);
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        if (plan->templates[i].gallery == gallery) {
            write_template(out, plan, i);
        }
    }
    return EF_OK;
}

static ef_status write_probes(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err)
{
    (void)gallery, (void)err;
    write_heading(out);
    for (uint32_t i = plan->subject_count; i < plan->template_count; i++) {
        write_template(out, plan, i);
    }
    return EF_OK;
}

enum { REPACKAGED = 1, NIST = 2 };

/* The lists: what follows the benchmark's name in theirs up to those of the galleries. */
static const struct list {
    unsigned kinds; /* who has it */
    const char *name;
    int gallery; /* whose list it is; -1: of none */
    ef_status (*write)(text *out, const synth_ijb_plan *plan, int gallery, ef_error *err);
} lists[] = {
    {REPACKAGED, "_face_tid_mid.txt", -1, write_images},          {REPACKAGED, "_name_5pts_score.txt", -1, write_scores},
    {REPACKAGED, "_template_pair_label.txt", -1, write_pairs},    {NIST, "_11_", -1, write_matches},
    {REPACKAGED | NIST, "_1N_gallery_", 0, write_gallery},        {REPACKAGED | NIST, "_1N_gallery_", 1, write_gallery},
    {REPACKAGED | NIST, "_1N_probe_mixed.csv", -1, write_probes},
};

enum { list_count = sizeof lists / sizeof *lists };

/* "ijbc_1N_gallery_G1.csv" */
static void write_name(char *name, size_t size, const synth_ijb *benchmark, const struct list *list)
{
    if (list->gallery >= 0) {
        snprintf(name, size, "%s%s%s.csv", benchmark->name, list->name, benchmark->gallery[list->gallery]);
    } else if (list->write == write_matches) {
        snprintf(name, size, "%s%s%s_%s_matches.csv", benchmark->name, list->name, benchmark->gallery[0], benchmark->gallery[1]);
    } else {
        snprintf(name, size, "%s%s", benchmark->name, list->name);
    }
}

static ef_status write_list(text *out, const synth_ijb_plan *plan, const char *path, const struct list *list, ef_error *err)
{
    ef_output file = {0};
    ef_status status = ef_output_open(&file, path, err);
    if (status == EF_OK) {
        out->stream = file.stream;
        out->used = 0;
        status = list->write(out, plan, list->gallery, err);
    }
    if (status == EF_OK) {
        flush(out);
        status = ef_output_commit(&file, err);
    }
    ef_output_abandon(&file);
    return status;
}

/* The path of a list, freed with free(); NULL when memory is out. */
static char *path_of(const synth_ijb *benchmark, const struct list *list, const char *folder, bool nist)
{
    char name[64], *below = ef_path_below(folder, nist ? benchmark->nist_folder : benchmark->folder);
    write_name(name, sizeof name, benchmark, list);
    char *path = below != NULL ? ef_path_below(below, name) : NULL;
    free(below);
    return path;
}

ef_status synth_ijb_list_write(const synth_ijb_plan *plan, const char *folder, bool nist, const ef_progress *progress,
                               ef_error *err)
{
    text *out = malloc(sizeof *out);
    ef_status status = out != NULL ? EF_OK : ef_fail_memory(err, "lists");
    if (status == EF_OK) {
        out->progress = progress;
    }
    for (size_t i = 0; i < list_count && status == EF_OK; i++) {
        if ((lists[i].kinds & (nist ? NIST : REPACKAGED)) == 0) {
            continue;
        }
        char *path = path_of(plan->benchmark, &lists[i], folder, nist);
        status = path != NULL ? ef_make_folders(path, err) : ef_fail_memory(err, "a path");
        if (status == EF_OK) {
            status = write_list(out, plan, path, &lists[i], err);
        }
        free(path);
    }
    free(out);
    return status;
}

ef_status synth_ijb_list_paths(ef_strings *paths, const synth_ijb *benchmark, const char *folder, bool nist, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; i < list_count && status == EF_OK; i++) {
        if ((lists[i].kinds & (nist ? NIST : REPACKAGED)) == 0) {
            continue;
        }
        char *path = path_of(benchmark, &lists[i], folder, nist);
        status = path != NULL ? ef_strings_add(paths, path, strlen(path), err) : ef_fail_memory(err, "a path");
        free(path);
    }
    return status;
}
