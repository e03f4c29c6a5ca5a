/* Which images make a template: ijbc_face_tid_mid.txt. */
#include <eface/template_list.h>

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/line_blocks.h"
#include "list/list_reader.h"
#include "list/template_blocks.h"

typedef struct reading {
    ef_template_images list;
    size_t capacity;
    ef_span *name; /* of the lines of a block; NULL unless names are kept */
    size_t name_capacity;
} reading;

static ef_status parse_line(void *data, size_t index, ef_span line, ef_error *err)
{
    reading *images = data;
    ef_span field[4];
    size_t at = images->list.count + index, fields = 0;
    while (fields < 4 && ef_span_word(&line, &field[fields])) {
        fields++;
    }
    if (fields != 3) {
        return ef_fail(err, EF_FORMAT, "an entry is an image name, a template id and a media id; this line has %s fields",
                       fields > 3 ? "more" : "fewer");
    }
    if (!ef_parse_integer(&images->list.template_id[at], field[1].text, field[1].length)) {
        return ef_fail(err, EF_FORMAT, "'%.*s' is not a template id (an integer below 2^63)", EF_SHOWN(field[1]));
    }
    if (!ef_parse_integer(&images->list.media_id[at], field[2].text, field[2].length)) {
        return ef_fail(err, EF_FORMAT, "'%.*s' is not a media id (an integer below 2^63)", EF_SHOWN(field[2]));
    }
    if (images->name != NULL) {
        images->name[index] = field[0];
    }
    return EF_OK;
}

/* Both arrays grow together. */
static ef_status make_room(reading *images, size_t lines, bool names, ef_error *err)
{
    size_t wanted, other = images->capacity;
    if (!ef_size_add(&wanted, images->list.count, lines) ||
        !ef_grow(&images->list.template_id, &other, wanted, sizeof *images->list.template_id) ||
        !ef_grow(&images->list.media_id, &images->capacity, wanted, sizeof *images->list.media_id) ||
        (names && !ef_grow(&images->name, &images->name_capacity, lines, sizeof *images->name))) {
        return ef_fail_memory(err, "a list of images");
    }
    return EF_OK;
}

ef_status ef_template_images_read_blocks(ef_template_images *out, const char *path, bool names, size_t block_bytes, int threads,
                                         ef_error *err)
{
    reading images = {0};
    ef_line_blocks *blocks = NULL;
    const ef_line_parser parser = {.line = parse_line, .data = &images};
    *out = (ef_template_images){0};
    ef_status status = ef_line_blocks_open(&blocks, path, block_bytes, threads, err);
    if (status != EF_OK || (names && (status = ef_strings_create(&images.list.names, err)) != EF_OK)) {
        goto done;
    }
    for (;;) {
        size_t lines, parsed;
        if ((status = ef_line_blocks_next(blocks, &lines, err)) != EF_OK) {
            goto done;
        }
        if (lines == 0) {
            break;
        }
        if ((status = make_room(&images, lines, names, err)) != EF_OK ||
            (status = ef_line_blocks_parse(blocks, &parser, &parsed, err)) != EF_OK) {
            goto done;
        }
        for (size_t i = 0; i < parsed && names; i++) {
            if ((status = ef_strings_add(images.list.names, images.name[i].text, images.name[i].length, err)) != EF_OK) {
                goto done;
            }
        }
        images.list.count += parsed;
    }
    if (images.list.count == 0) {
        status = ef_line_blocks_fail(blocks, 0, err, "the list holds no images");
        goto done;
    }
    *out = images.list;
    images.list = (ef_template_images){0};
done:
    free(images.name);
    ef_template_images_free(&images.list);
    ef_line_blocks_close(blocks);
    return status;
}

ef_status ef_template_images_read(ef_template_images *out, const char *path, bool names, int threads, ef_error *err)
{
    return ef_template_images_read_blocks(out, path, names, EF_LINE_BLOCK, threads, err);
}

void ef_template_images_free(ef_template_images *images)
{
    free(images->template_id);
    free(images->media_id);
    ef_strings_free(images->names);
    *images = (ef_template_images){0};
}
