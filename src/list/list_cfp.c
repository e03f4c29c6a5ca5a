/* The lists of Celebrities in Frontal-Profile (Sengupta et al., WACV 2016): Pair_list_F.txt and Pair_list_P.txt number the frontal
 * and the profile images from 1 on, and Split/{FF,FP}/NN/{same,diff}.txt name pairs by "i,j".  FF: both frontal; FP: i is frontal, j
 * profile.  Each split is a fold. */
#include <eface/pair_list.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "list/list_reader.h"
#include "base/path.h"

enum { MOST_SPLITS = 99 }; /* two digits name a split's folder */

static bool exists(const char *folder, const char *name)
{
    char *path = ef_path_below(folder, name);
    bool there = path != NULL && access(path, F_OK) == 0;
    free(path);
    return there;
}

static ef_status open_below(ef_list_reader *reader, const char *folder, const char *name, ef_error *err)
{
    char *path = ef_path_below(folder, name);
    ef_status status = path != NULL ? ef_list_reader_open(reader, path, err) : ef_fail_memory(err, "a path");
    free(path);
    return status;
}

/* Reads "index path" lines, the indices counting from 1. */
static ef_status read_images(ef_strings *paths, ef_list_reader *reader, const char *folder, const char *name, ef_error *err)
{
    ef_span line, number;
    ef_status status = open_below(reader, folder, name, err);
    while (status == EF_OK && ef_list_reader_line(reader, &line)) {
        ef_span rest = line;
        uint64_t index;
        size_t expected = ef_strings_count(paths) + 1;
        ef_span_word(&rest, &number);
        rest = ef_span_trim(rest);
        if (!ef_parse_unsigned(&index, number.text, number.length) || index != expected || rest.length == 0) {
            status =
                ef_list_reader_fail(reader, err, "\"%.*s\" is not an image, expected \"%zu path\"", EF_SHOWN(line), expected);
        } else {
            status = ef_strings_add(paths, rest.text, rest.length, err);
        }
    }
    return status;
}

static ef_status find_image(size_t *id, ef_list_reader *reader, const ef_strings *paths, ef_span number, ef_error *err)
{
    uint64_t index;
    if (!ef_parse_unsigned(&index, number.text, number.length)) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" is not a number, expected \"i,j\"", EF_SHOWN(number));
    }
    if (index == 0 || index > ef_strings_count(paths)) {
        return ef_list_reader_fail(reader, err, "there is no image %" PRIu64 ", expected 1 to %zu", index,
                                   ef_strings_count(paths));
    }
    const char *path = ef_strings_at(paths, (size_t)index - 1);
    return ef_intern_add(id, reader->names, path, strlen(path), err);
}

static ef_status read_pairs(ef_list_reader *reader, const ef_strings *left, const ef_strings *right, bool genuine, int fold,
                            ef_error *err)
{
    ef_span line, first, second;
    ef_status status = EF_OK;
    while (status == EF_OK && ef_list_reader_line(reader, &line)) {
        ef_span rest = line;
        size_t a, b;
        ef_span_field(&rest, ',', &first);
        if (!ef_span_field(&rest, ',', &second) || rest.text != NULL) {
            return ef_list_reader_fail(reader, err, "\"%.*s\" is not a pair, expected \"i,j\"", EF_SHOWN(line));
        }
        status = find_image(&a, reader, left, first, err);
        if (status == EF_OK) {
            status = find_image(&b, reader, right, second, err);
        }
        if (status == EF_OK) {
            status = ef_list_reader_pair(reader, a, b, genuine, fold, reader->file.line, err);
        }
    }
    return status;
}

static ef_status read_splits(ef_list_reader *reader, const char *folder, const char *kind, const ef_strings *left,
                             const ef_strings *right, ef_error *err)
{
    static const char *const names[2] = {"same.txt", "diff.txt"};
    for (int split = 1; split <= MOST_SPLITS; split++) {
        char name[32];
        snprintf(name, sizeof name, "Split/%s/%02d", kind, split);
        if (!exists(folder, name)) {
            continue;
        }
        if (reader->list.folds != split - 1) {
            return ef_fail(err, EF_FORMAT, "%s/%s: the split before it is missing", folder, name);
        }
        reader->list.folds = split;
        for (int side = 0; side < 2; side++) {
            snprintf(name, sizeof name, "Split/%s/%02d/%s", kind, split, names[side]);
            ef_status status = open_below(reader, folder, name, err);
            if (status == EF_OK) {
                status = read_pairs(reader, left, right, side == 0, split - 1, err);
            }
            if (status != EF_OK) {
                return status;
            }
        }
    }
    if (reader->list.folds == 0) {
        return ef_fail(err, EF_IO, "%s/Split/%s/01: no such folder", folder, kind);
    }
    return EF_OK;
}

/* *folder = where the protocol is, in memory of its own: below `folder` and what stands before the last slash of `argument`. */
static ef_status find_folder(char **out, const char *folder, const char *argument, size_t before, ef_error *err)
{
    ef_status status = EF_OK;
    char *below = strdup(argument), *base = NULL;
    if (below != NULL) {
        /* Before "FP" there is nothing, before "/FP" the root, and before "cfp/FP" a folder. */
        below[before > 1 ? before - 1 : before] = '\0';
        base = ef_path_below(folder, before > 0 ? below : folder != NULL ? "" : ".");
    }
    if (base == NULL) {
        status = ef_fail_memory(err, "a path");
        goto done;
    }
    if (exists(base, "Protocol/Pair_list_F.txt")) {
        *out = ef_path_below(base, "Protocol");
    } else if (exists(base, "Pair_list_F.txt")) {
        *out = ef_path_below(base, "");
    } else {
        status = ef_fail(err, EF_IO, "%s: no Pair_list_F.txt here nor in the folder Protocol", base);
        goto done;
    }
    if (*out == NULL) {
        status = ef_fail_memory(err, "a path");
    }
done:
    free(below);
    free(base);
    return status;
}

static ef_status read_list(ef_pair_list *out, const char *folder, const char *argument, ef_error *err)
{
    const char *slash = strrchr(argument, '/');
    const char *kind = slash != NULL ? slash + 1 : argument;
    char *home = NULL;
    ef_strings *frontal = NULL, *profile = NULL;
    ef_list_reader reader;
    ef_status status = ef_list_reader_begin(&reader, err);
    if (status != EF_OK) {
        goto done;
    }
    reader.list.names_people = true;
    bool profiles = strcmp(kind, "FP") == 0;
    if (!profiles && strcmp(kind, "FF") != 0) {
        status = ef_fail(err, EF_INVALID, "cfp-split has no \"%s\", expected FP or FF", kind);
        goto done;
    }
    status = find_folder(&home, folder, argument, (size_t)(kind - argument), err);
    if (status == EF_OK) {
        status = ef_strings_create(&frontal, err);
    }
    if (status == EF_OK) {
        status = read_images(frontal, &reader, home, "Pair_list_F.txt", err);
    }
    if (status == EF_OK && profiles) {
        status = ef_strings_create(&profile, err);
    }
    if (status == EF_OK && profiles) {
        status = read_images(profile, &reader, home, "Pair_list_P.txt", err);
    }
    if (status == EF_OK) {
        status = read_splits(&reader, home, kind, frontal, profiles ? profile : frontal, err);
    }
done:
    free(home);
    ef_strings_free(frontal);
    ef_strings_free(profile);
    return ef_list_reader_finish(out, &reader, status, err);
}

const ef_list_format ef_list_format_cfp = {
    .name = "cfp-split",
    .argument = "[FOLDER/]FP or [FOLDER/]FF",
    .summary =
        "CFP: the folder, or its folder Protocol, holds Pair_list_F.txt, Pair_list_P.txt and Split/{FF,FP}/NN/{same,diff}.txt; "
        "splits are folds",
    .read = read_list,
};
