/* The lists of Labeled Faces in the Wild (Huang et al., UMass 07-49, 2007).
 *
 * View 2 begins with "SETS COUNT": per set COUNT lines "name n1 n2" (the same person), then COUNT lines "name1 n1 name2 n2".
 * View 1 begins with "COUNT" alone and holds one such block; it serves to choose a model, so it has no folds. */
#include <eface/pair_list.h>

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "list/list_reader.h"

typedef struct lfw_blocks {
    uint64_t sets, count;
    bool folds;
} lfw_blocks;

static ef_status read_blocks(lfw_blocks *out, ef_list_reader *reader, ef_error *err)
{
    ef_span line, first, second = {NULL, 0}, more;
    if (!ef_list_reader_line(reader, &line)) {
        return ef_list_reader_fail_file(reader, err, "the list is empty");
    }
    ef_span rest = line;
    ef_span_word(&rest, &first);
    bool two = ef_span_word(&rest, &second);
    lfw_blocks found = {1, 0, two};
    bool good = two ? ef_parse_unsigned(&found.sets, first.text, first.length) &&
                          ef_parse_unsigned(&found.count, second.text, second.length)
                    : ef_parse_unsigned(&found.count, first.text, first.length);
    if (!good || ef_span_word(&rest, &more)) {
        return ef_list_reader_fail(reader, err,
                                   "the first line is \"%.*s\", expected the number of sets and of pairs per set and kind "
                                   "(\"10 300\"), or one number of pairs per kind",
                                   EF_SHOWN(line));
    }
    /* The bound keeps sets * 2 * count, and the fold numbers, inside their types. */
    if (found.sets == 0 || found.count == 0 || found.sets > INT_MAX || found.count > INT_MAX) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" announces no pairs, or more than a list can hold", EF_SHOWN(line));
    }
    *out = found;
    return EF_OK;
}

/* Makes "name/name_0001" of a name and an image number, in *text of *capacity bytes. */
static ef_status add_image(size_t *id, ef_list_reader *reader, char **text, size_t *capacity, ef_span name, ef_span number,
                           ef_error *err)
{
    uint64_t image;
    if (!ef_parse_unsigned(&image, number.text, number.length) || image == 0) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" is not the number of an image, expected 1 or more", EF_SHOWN(number));
    }
    size_t size;
    if (!ef_size_mul(&size, name.length, 2) || !ef_size_add(&size, size, 32) || !ef_grow(text, capacity, size, 1)) {
        return ef_fail_memory(err, "a list of pairs");
    }
    memcpy(*text, name.text, name.length);
    (*text)[name.length] = '/';
    memcpy(*text + name.length + 1, name.text, name.length);
    size_t used = 2 * name.length + 1;
    used += (size_t)snprintf(*text + used, size - used, "_%04" PRIu64, image);
    return ef_intern_add(id, reader->names, *text, used, err);
}

static ef_status read_pairs(ef_list_reader *reader, lfw_blocks blocks, ef_error *err)
{
    ef_status status = EF_OK;
    char *text = NULL;
    size_t capacity = 0;
    ef_span line, field[5];
    for (uint64_t pair = 0; pair < 2 * blocks.sets * blocks.count; pair++) {
        bool genuine = pair / blocks.count % 2 == 0;
        int set = (int)(pair / blocks.count / 2);
        size_t a, b, wanted = genuine ? 3 : 4, fields = 0;
        if (!ef_list_reader_line(reader, &line)) {
            status =
                ef_list_reader_fail(reader, err, "the list ends after %" PRIu64 " pair%s, but its first line announces %" PRIu64,
                                    pair, pair == 1 ? "" : "s", 2 * blocks.sets * blocks.count);
            goto done;
        }
        for (ef_span rest = line; fields < 5 && ef_span_word(&rest, &field[fields]);) {
            fields++;
        }
        if (fields != wanted) {
            status = ef_list_reader_fail(reader, err, "\"%.*s\" is not a pair %s of set %d, expected %s", EF_SHOWN(line),
                                         genuine ? "of one person" : "of two people", set + 1,
                                         genuine ? "\"name n1 n2\"" : "\"name1 n1 name2 n2\"");
            goto done;
        }
        status = add_image(&a, reader, &text, &capacity, field[0], field[1], err);
        if (status == EF_OK) {
            status = add_image(&b, reader, &text, &capacity, field[genuine ? 0 : 2], field[wanted - 1], err);
        }
        if (status == EF_OK) {
            status = ef_list_reader_pair(reader, a, b, genuine, blocks.folds ? set : -1, reader->file.line, err);
        }
        if (status != EF_OK) {
            goto done;
        }
    }
    if (ef_list_reader_line(reader, &line)) {
        status = ef_list_reader_fail(reader, err, "\"%.*s\" comes after the %" PRIu64 " pairs that the first line announces",
                                     EF_SHOWN(line), 2 * blocks.sets * blocks.count);
    }
done:
    free(text);
    return status;
}

static ef_status read_all(ef_list_reader *reader, ef_error *err)
{
    lfw_blocks blocks = {0};
    ef_status status = read_blocks(&blocks, reader, err);
    if (status != EF_OK) {
        return status;
    }
    reader->list.names_people = true;
    reader->list.folds = blocks.folds ? (int)blocks.sets : 0;
    return read_pairs(reader, blocks, err);
}

static ef_status read_list(ef_pair_list *out, const char *folder, const char *argument, ef_error *err)
{
    return ef_list_read_file(out, folder, argument, read_all, NULL, err);
}

const ef_list_format ef_list_format_lfw = {
    .name = "lfw-pairs",
    .argument = "FILE",
    .summary = "LFW pairs.txt: \"10 300\" (sets are folds) or \"1100\" (no folds), then blocks of \"name n1 n2\" and "
               "\"name1 n1 name2 n2\"",
    .read = read_list,
};
