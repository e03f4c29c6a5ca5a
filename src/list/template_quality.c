/* The detector's scores: ijbc_name_5pts_score.txt. */
#include <eface/template_list.h>

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/line_blocks.h"
#include "list/list_reader.h"
#include "list/template_blocks.h"

#define FIELDS 12 /* name, x and y of five points, score */

typedef struct reading {
    float *score;
    size_t count, capacity;
    const ef_strings *names;
} reading;

static ef_status parse_line(void *data, size_t index, ef_span line, ef_error *err)
{
    reading *scores = data;
    ef_span name, field = ef_span_last_word(line);
    size_t at = scores->count + index, fields = ef_span_words(line);
    if (fields != FIELDS || !ef_span_word(&line, &name)) {
        return ef_fail(err, EF_FORMAT, "an entry has %d fields: image name, five points and score; this line has %s", FIELDS,
                       fields < FIELDS ? "fewer" : "more");
    }
    if (scores->names != NULL) {
        if (at >= ef_strings_count(scores->names)) {
            return ef_fail(err, EF_FORMAT, "the list of images has only %zu entries", ef_strings_count(scores->names));
        }
        const char *expected = ef_strings_at(scores->names, at);
        if (!ef_span_equal(name, expected)) {
            return ef_fail(err, EF_FORMAT, "image '%.*s', but the list of images has '%.80s' in this line", EF_SHOWN(name),
                           expected);
        }
    }
    double score;
    if (!ef_parse_real(&score, field.text, field.length) || !isfinite((float)score)) {
        return ef_fail(err, EF_FORMAT, "the score '%.*s' is not a number (or too large for a float32)", EF_SHOWN(field));
    }
    scores->score[at] = (float)score;
    return EF_OK;
}

ef_status ef_template_quality_read_blocks(float **out, size_t *count, const char *path, const ef_strings *names,
                                          size_t block_bytes, int threads, ef_error *err)
{
    reading scores = {.names = names};
    ef_line_blocks *blocks = NULL;
    const ef_line_parser parser = {.line = parse_line, .data = &scores};
    *out = NULL;
    *count = 0;
    ef_status status = ef_line_blocks_open(&blocks, path, block_bytes, threads, err);
    if (status != EF_OK) {
        return status;
    }
    for (;;) {
        size_t lines, parsed, wanted;
        if ((status = ef_line_blocks_next(blocks, &lines, err)) != EF_OK) {
            goto done;
        }
        if (lines == 0) {
            break;
        }
        if (!ef_size_add(&wanted, scores.count, lines) ||
            !ef_grow(&scores.score, &scores.capacity, wanted, sizeof *scores.score)) {
            status = ef_fail_memory(err, "a list of detector scores");
            goto done;
        }
        if ((status = ef_line_blocks_parse(blocks, &parser, &parsed, err)) != EF_OK) {
            goto done;
        }
        scores.count += parsed;
    }
    if (scores.count == 0) {
        status = ef_line_blocks_fail(blocks, 0, err, "the list holds no scores");
    } else if (names != NULL && scores.count < ef_strings_count(names)) {
        status = ef_line_blocks_fail(blocks, 0, err, "has %zu entries, but the list of images has %zu", scores.count,
                                     ef_strings_count(names));
    } else {
        *out = scores.score;
        *count = scores.count;
        scores.score = NULL;
    }
done:
    free(scores.score);
    ef_line_blocks_close(blocks);
    return status;
}

ef_status ef_template_quality_read(float **out, size_t *count, const char *path, const ef_strings *names, int threads,
                                   ef_error *err)
{
    return ef_template_quality_read_blocks(out, count, path, names, EF_LINE_BLOCK, threads, err);
}
