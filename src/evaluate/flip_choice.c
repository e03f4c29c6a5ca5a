#include "evaluate/flip_choice.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/notes.h"
#include "score/flip.h"

#define MOST_SAMPLED ((size_t)64 << 20) /* bytes of vectors that are looked at */

/* What the choice depends on, of a set or of probes and distractors. */
typedef struct stored {
    const ef_set *set; /* one of the two */
    const ef_distractor_set *sides;
    const char *name, *mirrored_name; /* of the embeddings; of the mirrored ones, NULL where they have no name of their own */
    bool has_mirrored;
    size_t rows, columns;
} stored;

static ef_status read_row(double *out, const stored *from, size_t row)
{
    return from->set != NULL ? ef_set_read_reals(from->set, EF_EMBEDDINGS, row, 1, out, NULL)
                             : ef_distractor_set_read_reals(from->sides, EF_SIDE_PROBES, EF_EMBEDDINGS, row, 1, out, NULL);
}

/* Looks at rows spread over the set.  Rows that cannot be read are passed over here: whoever uses them says so. */
static ef_status look(ef_halves *halves, const stored *from, ef_error *err)
{
    size_t row_bytes = from->columns * sizeof(double), count = from->rows < EF_HALVES_SAMPLE ? from->rows : EF_HALVES_SAMPLE;
    size_t kept = 0;
    *halves = (ef_halves){0, 0, false};
    if (from->has_mirrored || from->columns % 2 != 0 || count == 0 || row_bytes > MOST_SAMPLED / count) {
        return EF_OK;
    }
    double *rows = ef_alloc(count, row_bytes);
    if (rows == NULL) {
        return ef_fail_memory(err, from->name);
    }
    for (size_t i = 0; i < count; i++) {
        size_t row = from->rows / count * i + from->rows % count * i / count;
        kept += read_row(rows + kept * from->columns, from, row) == EF_OK;
    }
    *halves = ef_halves_compare(rows, kept, from->columns);
    free(rows);
    return EF_OK;
}

/* Why columns cannot be split. */
static ef_status check_split(ef_flip flip, const stored *from, bool chosen, ef_error *err)
{
    ef_status kind = chosen ? EF_INVALID : EF_FORMAT;
    const char *option = chosen ? "--flip" : "the protocol's flip", *word = ef_flip_name(flip);
    if (from->has_mirrored) {
        return ef_fail(err, kind, "%s %s splits the columns of %s, but its mirrored embeddings are in %s: --flip sum adds them",
                       option, word, from->name, from->mirrored_name);
    }
    if (from->columns % 2 != 0) {
        return ef_fail(err, kind, "%s %s splits the columns of %s in two, but it has %zu: an odd number", option, word,
                       from->name, from->columns);
    }
    return EF_OK;
}

static ef_status fail_absent(ef_flip flip, const stored *from, const ef_halves *halves, ef_error *err)
{
    const char *word = ef_flip_name(flip);
    const char *cure =
        !halves->alike ? ""
        : flip == EF_FLIP_CONCAT
            ? "; the halves of its rows look like an image and its mirror image: --flip none takes both as they are"
            : "; the halves of its rows look like an image and its mirror image: --flip halves sums them";
    return from->set != NULL
               ? ef_fail(err, EF_INVALID, "--flip %s needs the dataset %s, which is not there%s", word, from->mirrored_name, cure)
               : ef_fail(err, EF_INVALID, "--flip %s needs mirrored embeddings, which %s does not have%s", word, from->name,
                         cure);
}

static ef_status choose(ef_flip_choice *out, const ef_protocol *protocol, const stored *from, const ef_evaluate_options *options,
                        ef_error *err)
{
    bool chosen = options->choose_flip;
    *out = (ef_flip_choice){.flip = chosen ? options->flip : protocol->flip, .chosen = chosen};
    if (ef_flip_splits(out->flip)) {
        return check_split(out->flip, from, chosen, err);
    }
    ef_status status = look(&out->halves, from, err);
    bool absent = ef_flip_reads_mirrored(out->flip) && !from->has_mirrored;
    if (status == EF_OK && absent && chosen) {
        return fail_absent(out->flip, from, &out->halves, err);
    }
    out->absent = absent && !out->halves.alike;
    out->flip = absent ? EF_FLIP_NONE : out->flip;
    return status;
}

static stored stored_in(const ef_set *set)
{
    return (stored){.set = set,
                    .name = ef_set_field_name(set, EF_EMBEDDINGS),
                    .mirrored_name = ef_set_field_name(set, EF_EMBEDDINGS_FLIP),
                    .has_mirrored = ef_set_has(set, EF_EMBEDDINGS_FLIP),
                    .rows = ef_set_rows(set),
                    .columns = ef_set_dim(set)};
}

ef_status ef_halves_of_set(ef_halves *out, const ef_set *set, ef_error *err)
{
    const stored from = stored_in(set);
    return look(out, &from, err);
}

ef_status ef_choose_flip(ef_flip_choice *out, const ef_protocol *protocol, const ef_set *set, const ef_evaluate_options *options,
                         ef_error *err)
{
    const stored from = stored_in(set);
    return choose(out, protocol, &from, options, err);
}

ef_status ef_choose_flip_of_sides(ef_flip_choice *out, const ef_protocol *protocol, const ef_distractor_set *set,
                                  const ef_evaluate_options *options, ef_error *err)
{
    const stored from = {.sides = set,
                         .name = ef_distractor_set_name(set),
                         .mirrored_name = "datasets of their own",
                         .has_mirrored = ef_distractor_set_has_flip(set),
                         .rows = ef_distractor_set_rows(set, EF_SIDE_PROBES),
                         .columns = ef_distractor_set_dim(set)};
    return choose(out, protocol, &from, options, err);
}

ef_status ef_note_halves(ef_strings *notes, const ef_flip_choice *choice, ef_error *err)
{
    const ef_halves *halves = &choice->halves;
    return halves->alike && !choice->chosen
               ? ef_note(notes, err,
                         "the halves of each row look like an image and its mirror image (mean cosine %.2f against "
                         "%.2f of strangers): --flip halves sums them, --flip first-half takes the first",
                         halves->same, halves->strangers)
               : EF_OK;
}

/* Halves that are summed are images and their mirror images as well as two arrays of them are; figures of both are alike. */
static const char *words_of(const ef_flip_choice *choice)
{
    switch (choice->flip) {
    case EF_FLIP_HALVES: return "flip sum";
    case EF_FLIP_FIRST_HALF: return "flip none";
    case EF_FLIP_NONE: return choice->halves.alike ? "both halves" : NULL;
    default: return NULL;
    }
}

ef_status ef_result_flip(ef_result *result, const ef_flip_choice *choice, size_t columns, ef_error *err)
{
    ef_settings *settings = &result->settings;
    result->stored_dim = columns;
    result->dim = ef_flip_splits(choice->flip) ? columns / 2 : columns;
    ef_status status = ef_settings_add_word(settings, "flip", ef_flip_name(choice->flip), words_of(choice), err);
    status = status == EF_OK ? ef_settings_add_flag(settings, "flip_absent", choice->absent, err) : status;
    status = status == EF_OK ? ef_settings_add_flag(settings, "halves_unsplit", choice->halves.alike, err) : status;
    status = status == EF_OK ? ef_settings_add_word(settings, "normalise", "L2", "", err) : status;
    return status == EF_OK ? ef_settings_add_word(settings, "similarity", "cosine", NULL, err) : status;
}
