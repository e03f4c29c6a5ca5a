/* The lists of templates in the form of insightface, and galleries.  The first byte chooses: images, quality, pairs, pairs without labels,
 * galleries.  Blocks of any size and threads of any number read the same, and so does what is written back. */
#include "fuzz.h"

#include <math.h>

#include "list/line_blocks.h"
#include "list/template_blocks.h"

static const int64_t ids[] = {-5, 0, 1, 2, 3, 5, 8, 13, 100, 65536};
static const int64_t subjects[] = {7, 1, 1, 2, 2, 1, -4, -4, 3, 3};
enum { id_count = sizeof ids / sizeof *ids };

static void same_error(ef_status status, ef_status other, const ef_error *err, const ef_error *other_err)
{
    assert(status == other);
    if (status != EF_OK) {
        fuzz_refused(status, err);
        assert(strcmp(err->message, other_err->message) == 0);
    }
}

static void same_images(const ef_template_images *a, const ef_template_images *b)
{
    assert(a->count == b->count && a->count > 0 && ef_strings_count(a->names) == a->count);
    for (size_t i = 0; i < a->count; i++) {
        const char *name = ef_strings_at(a->names, i);
        assert(a->template_id[i] == b->template_id[i] && a->media_id[i] == b->media_id[i]);
        assert(strcmp(name, ef_strings_at(b->names, i)) == 0 && *name != '\0' && strpbrk(name, " \t\r\n") == NULL);
    }
}

static void read_images(const char *path, size_t block)
{
    ef_error err = {EF_OK, ""}, small_err = {EF_OK, ""};
    ef_template_images images, small;
    ef_status status = ef_template_images_read_blocks(&images, path, true, EF_LINE_BLOCK, 1, &err);
    ef_status small_status = ef_template_images_read_blocks(&small, path, true, block, 2, &small_err);
    same_error(status, small_status, &err, &small_err);
    if (status != EF_OK) {
        return;
    }
    same_images(&images, &small);
    ef_template_images_free(&small);
    FILE *file = fopen(fuzz_path(1), "w");
    assert(file != NULL);
    fputs("\xEF\xBB\xBF", file); /* or one that the first name begins with would be passed over */
    for (size_t i = 0; i < images.count; i++) {
        fprintf(file, "%s\t%lld %lld\r\n", ef_strings_at(images.names, i), (long long)images.template_id[i],
                (long long)images.media_id[i]);
    }
    (void)fclose(file);
    status = ef_template_images_read(&small, fuzz_path(1), true, 1, &err);
    assert(status == EF_OK);
    same_images(&images, &small);
    ef_template_images_free(&small);
    ef_template_images_free(&images);
}

/* The first word of each line. */
static ef_strings *first_words(const uint8_t *data, size_t size)
{
    ef_strings *names = NULL;
    size_t at = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    ef_status status = ef_strings_create(&names, NULL);
    while (status == EF_OK && at < size) {
        size_t begin = at, end;
        while (begin < size && (data[begin] == ' ' || data[begin] == '\t' || data[begin] == '\r')) {
            begin++;
        }
        for (end = begin; end < size && strchr(" \t\r\n", data[end]) == NULL; end++) {
        }
        if (end > begin) {
            status = ef_strings_add(names, (const char *)data + begin, end - begin, NULL);
        }
        while (at < size && data[at++] != '\n') {
        }
    }
    assert(status == EF_OK);
    return names;
}

static void read_quality(const char *path, const uint8_t *data, size_t size, size_t block)
{
    ef_error err = {EF_OK, ""}, small_err = {EF_OK, ""};
    float *scores, *again;
    size_t count, again_count;
    ef_status status = ef_template_quality_read(&scores, &count, path, NULL, 1, &err);
    ef_status small_status = ef_template_quality_read_blocks(&again, &again_count, path, NULL, block, 2, &small_err);
    same_error(status, small_status, &err, &small_err);
    if (status != EF_OK) {
        assert(scores == NULL && again == NULL);
        return;
    }
    assert(count > 0 && count == again_count && memcmp(scores, again, count * sizeof *scores) == 0);
    free(again);
    for (size_t i = 0; i < count; i++) {
        assert(isfinite(scores[i]));
    }
    /* With its own names it is the same list, and with one more it is another one. */
    ef_strings *names = first_words(data, size);
    assert(ef_strings_count(names) == count);
    status = ef_template_quality_read(&again, &again_count, path, names, 1, &err);
    assert(status == EF_OK && again_count == count);
    free(again);
    status = ef_strings_add(names, "x", 1, NULL);
    assert(status == EF_OK);
    status = ef_template_quality_read(&again, &again_count, path, names, 1, &err);
    fuzz_refused(status, &err);
    ef_strings_free(names);
    free(scores);
}

typedef struct pair {
    int64_t a, b;
    unsigned char genuine;
} pair;

typedef struct pairs {
    pair *items;
    size_t count;
} pairs;

/* Reads a list with the known ids from `first` on. */
static ef_status read_all(pairs *out, const char *path, size_t first, bool labelled, size_t block, int threads, ef_error *err)
{
    ef_template_pairs *reader = NULL;
    ef_template_pair_chunk chunk;
    *out = (pairs){NULL, 0};
    ef_status status = ef_template_pairs_open_blocks(&reader, path, ids + first, labelled ? NULL : subjects + first,
                                                     id_count - first, block, threads, err);
    assert(status == EF_OK);
    while ((status = ef_template_pairs_next(reader, &chunk, err)) == EF_OK && chunk.count > 0) {
        assert(chunk.first_line == out->count + 1);
        out->items = realloc(out->items, (out->count + chunk.count) * sizeof *out->items);
        assert(out->items != NULL);
        for (size_t i = 0; i < chunk.count; i++) {
            assert(chunk.a[i] < id_count - first && chunk.b[i] < id_count - first && chunk.genuine[i] <= 1);
            out->items[out->count++] = (pair){ids[first + chunk.a[i]], ids[first + chunk.b[i]], chunk.genuine[i]};
        }
    }
    ef_template_pairs_close(reader);
    return status;
}

static void same_pairs(const pairs *a, const pairs *b)
{
    assert(a->count == b->count && a->count > 0);
    for (size_t i = 0; i < a->count; i++) {
        assert(a->items[i].a == b->items[i].a && a->items[i].b == b->items[i].b && a->items[i].genuine == b->items[i].genuine);
    }
}

static void read_pairs(const char *path, bool labelled, size_t block)
{
    ef_error err = {EF_OK, ""}, other_err = {EF_OK, ""};
    pairs read, other;
    /* Without negative ids there is a table of them, and a short way for plain lines. */
    ef_status status = read_all(&read, path, 1, labelled, EF_LINE_BLOCK, 1, &err);
    ef_status other_status = read_all(&other, path, 1, labelled, block, 2, &other_err);
    same_error(status, other_status, &err, &other_err);
    if (status == EF_OK) {
        same_pairs(&read, &other);
    }
    free(other.items);
    other_status = read_all(&other, path, 0, labelled, block, 1, &other_err);
    assert(status != EF_OK || other_status == EF_OK); /* it may name the id that only this one knows */
    if (status == EF_OK) {
        same_pairs(&read, &other);
    } else if (strstr(err.message, "template -5 ") == NULL) {
        same_error(status, other_status, &err, &other_err);
    }
    free(other.items);
    free(read.items);
}

static void same_subjects(const ef_subjects *a, const ef_subjects *b)
{
    assert(a->count == b->count && a->count > 0);
    for (size_t i = 0; i < a->count; i++) {
        assert(a->template_id[i] == b->template_id[i] && a->subject_id[i] == b->subject_id[i]);
        assert(i == 0 || a->template_id[i - 1] < a->template_id[i]);
        assert(a->place[i] >= 2);
    }
}

static void read_subjects(const char *path, size_t block)
{
    ef_error err = {EF_OK, ""}, small_err = {EF_OK, ""};
    ef_subjects list, small;
    ef_status status = ef_subjects_read(&list, path, &err);
    ef_status small_status = ef_subjects_read_blocks(&small, path, block, &small_err);
    same_error(status, small_status, &err, &small_err);
    if (status != EF_OK) {
        return;
    }
    same_subjects(&list, &small);
    assert(memcmp(list.place, small.place, list.count * sizeof *list.place) == 0);
    ef_subjects_free(&small);
    FILE *file = fopen(fuzz_path(1), "w");
    assert(file != NULL);
    fputs("template_id, Subject_Id ,x", file);
    for (size_t i = 0; i < list.count; i++) {
        fprintf(file, "\n%lld,%lld", (long long)list.template_id[i], (long long)list.subject_id[i]);
    }
    (void)fclose(file);
    status = ef_subjects_read(&small, fuzz_path(1), &err);
    assert(status == EF_OK);
    same_subjects(&list, &small);
    ef_subjects_free(&small);
    ef_subjects_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    const char *path = fuzz_path(0);
    uint8_t what = data[0] % 5;
    size_t block = 1 + data[0] / 5; /* bytes: lines are cut by it, and put together again */
    data++;
    size--;
    fuzz_write(path, data, size);
    switch (what) {
    case 0: read_images(path, block); break;
    case 1: read_quality(path, data, size, block); break;
    case 4: read_subjects(path, block); break;
    default: read_pairs(path, what == 2, block); break;
    }
    return 0;
}
