/* The lists of CALFW (Zheng et al., arXiv 1708.08197) and CPLFW (Zheng and Deng, BUPT 2018): two consecutive lines a pair, each
 * "image token".  Token 0 means two people; a token above 0 means one person.
 *
 * CALFW's tokens 1..10 are the folds of its genuine pairs; its impostor pairs, all 0, have none and are dealt out in order.
 * CPLFW's genuine tokens are all 1: no fold information at all, so both kinds are dealt out over ten folds.  Folds cut from the file
 * order instead would hold one class each, as all genuine pairs come first. */
#include <eface/pair_list.h>

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "list/list_reader.h"

enum { FOLDS_WHEN_UNSAID = 10 };

/* Splits a line at its last blanks: an image's name may hold blanks, the token does not. */
static bool split(ef_span line, ef_span *image, ef_span *token)
{
    line = ef_span_trim(line);
    size_t start = line.length;
    while (start > 0 && line.text[start - 1] != ' ' && line.text[start - 1] != '\t') {
        start--;
    }
    *token = (ef_span){line.text + start, line.length - start};
    *image = ef_span_trim((ef_span){line.text, start});
    return image->length > 0;
}

static ef_status read_line(size_t *id, uint64_t *token, ef_list_reader *reader, ef_span line, ef_error *err)
{
    ef_span image, word;
    if (!split(line, &image, &word) || !ef_parse_unsigned(token, word.text, word.length) || *token > INT_MAX) {
        return ef_list_reader_fail(reader, err,
                                   "\"%.*s\" is not an image and a token, expected \"image.jpg 0\" (two people) or "
                                   "\"image.jpg 1\" (one person)",
                                   EF_SHOWN(line));
    }
    return ef_intern_add(id, reader->names, image.text, image.length, err);
}

/* Only the first line may be without a number: the names of the columns. */
static bool is_header(ef_span line)
{
    ef_span image, word;
    uint64_t token;
    return split(line, &image, &word) && !ef_parse_unsigned(&token, word.text, word.length);
}

/* Reads the pairs; the fold of each is its token until deal_folds(). */
static ef_status read_pairs(ef_list_reader *reader, ef_error *err)
{
    ef_span line;
    bool first = true;
    while (ef_list_reader_line(reader, &line)) {
        if (first && is_header(line)) {
            first = false;
            continue;
        }
        first = false;
        size_t a, b, number = reader->file.line;
        uint64_t token_a, token_b;
        ef_status status = read_line(&a, &token_a, reader, line, err);
        if (status != EF_OK) {
            return status;
        }
        if (!ef_list_reader_line(reader, &line)) {
            return ef_list_reader_fail(reader, err, "the list ends after the first of the two lines of a pair");
        }
        status = read_line(&b, &token_b, reader, line, err);
        if (status == EF_OK && token_a != token_b) {
            status = ef_list_reader_fail(reader, err,
                                         "token %" PRIu64 " differs from the token %" PRIu64
                                         " of line %zu, expected the same in both lines of a pair",
                                         token_b, token_a, number);
        }
        if (status == EF_OK) {
            status = ef_list_reader_pair(reader, a, b, token_a > 0, (int)token_a, number, err);
        }
        if (status != EF_OK) {
            return status;
        }
    }
    return EF_OK;
}

/* The number of folds that the genuine tokens tell of: 0 when they are all alike.  All of 1..K must be there. */
static ef_status count_folds(int *folds, const ef_list_reader *reader, ef_error *err)
{
    const ef_pair_list *list = &reader->list;
    int lowest = INT_MAX, highest = 0;
    for (size_t i = 0; i < list->count; i++) {
        int token = list->pairs[i].fold;
        if (token > 0) {
            lowest = token < lowest ? token : lowest;
            highest = token > highest ? token : highest;
        }
    }
    *folds = 0;
    if (highest == 0 || lowest == highest) {
        return EF_OK;
    }
    /* With more folds than pairs one is surely missing, and it is among the first count + 1. */
    size_t checked = (size_t)highest < list->count + 1 ? (size_t)highest : list->count + 1;
    bool *seen = ef_alloc_zero(checked, sizeof *seen);
    if (seen == NULL) {
        return ef_fail_memory(err, "a list of pairs");
    }
    for (size_t i = 0; i < list->count; i++) {
        int token = list->pairs[i].fold;
        if (token > 0 && (size_t)token <= checked) {
            seen[token - 1] = true;
        }
    }
    ef_status status = EF_OK;
    for (size_t fold = 0; fold < checked && status == EF_OK; fold++) {
        if (!seen[fold]) {
            status =
                ef_list_reader_fail_file(reader, err,
                                         "no pair has the token %zu, but one has %d: expected the folds 1 to %d, or one token "
                                         "for all pairs of one person",
                                         fold + 1, highest, highest);
        }
    }
    free(seen);
    *folds = highest;
    return status;
}

static ef_status deal_folds(ef_list_reader *reader, ef_error *err)
{
    ef_pair_list *list = &reader->list;
    int told = 0;
    ef_status status = count_folds(&told, reader, err);
    if (status != EF_OK) {
        return status;
    }
    list->folds = told > 0 ? told : FOLDS_WHEN_UNSAID;
    size_t total[2] = {0, 0}, dealt[2] = {0, 0};
    for (size_t i = 0; i < list->count; i++) {
        total[list->pairs[i].genuine]++;
    }
    for (size_t i = 0; i < list->count; i++) {
        ef_listed_pair *pair = &list->pairs[i];
        size_t number = dealt[pair->genuine]++;
        if (told > 0 && pair->genuine) {
            pair->fold--;
        } else {
            pair->fold = (int)((uint64_t)number * (uint64_t)list->folds / total[pair->genuine]);
        }
    }
    return EF_OK;
}

static ef_status read_all(ef_list_reader *reader, ef_error *err)
{
    ef_status status = read_pairs(reader, err);
    return status == EF_OK ? deal_folds(reader, err) : status;
}

static ef_status read_list(ef_pair_list *out, const char *folder, const char *argument, ef_error *err)
{
    return ef_list_read_file(out, folder, argument, read_all, NULL, err);
}

const ef_list_format ef_list_format_two_line = {
    .name = "two-line",
    .argument = "FILE",
    .summary = "CALFW and CPLFW: two lines a pair, \"image token\"; token 0: two people, 1..K: one person and the fold "
               "(if all are 1: ten folds, dealt out in order)",
    .read = read_list,
};
