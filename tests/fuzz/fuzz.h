/* fuzz.h - what the fuzz targets share: input bytes as files and texts, what is printed as text, and what holds of any error.
 *
 * Assertions are the point of a target: they are on whatever the build says. */
#ifndef FUZZ_H
#define FUZZ_H

#undef NDEBUG
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eface/status.h>

#include "base/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_write(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        abort();
    }
}

enum { FUZZ_FILES = 4, FUZZ_NAME = 40 };

static inline char (*fuzz_names(void))[FUZZ_NAME]
{
    static char names[FUZZ_FILES][FUZZ_NAME];
    return names;
}

static inline void fuzz_remove_files(void)
{
    for (size_t i = 0; i < FUZZ_FILES; i++) {
        if (fuzz_names()[i][0] != '\0') {
            (void)unlink(fuzz_names()[i]);
        }
    }
}

/* The path of a file of the process's own, below FUZZ_FILES of them; its name ends in .ini, and says nothing. */
static inline const char *fuzz_path(size_t index)
{
    static int count;
    char *name = fuzz_names()[index];
    if (name[0] == '\0') {
        if (count++ == 0) {
            (void)atexit(fuzz_remove_files);
        }
        (void)snprintf(name, FUZZ_NAME, "/tmp/eface-fuzz-XXXXXX");
        int handle = mkstemp(name);
        if (handle < 0 || close(handle) != 0 || unlink(name) != 0) {
            perror(name);
            abort();
        }
        (void)snprintf(name + strlen(name), FUZZ_NAME - strlen(name), ".ini");
    }
    return name;
}

/* A copy that is ended by NUL, in memory of exactly its size, so that reading one byte too many is seen; freed with free(). */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}

/* Cuts the input into at most `most` texts, at bytes 0xFF, which no text has; missing ones are empty.  Each is freed with free(). */
static inline void fuzz_pieces(char **pieces, size_t most, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < most; i++) {
        const uint8_t *end = size > 0 ? memchr(data, 0xFF, size) : NULL;
        size_t length = end != NULL ? (size_t)(end - data) : size;
        pieces[i] = fuzz_text(data, length);
        data += length + (end != NULL);
        size -= length + (end != NULL);
    }
}

static inline void fuzz_free(char **pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(pieces[i]);
    }
}

/* A stream into memory: begin, print, end; what was printed is freed with free(). */
typedef struct fuzz_print {
    FILE *stream;
    char *text;
    size_t length;
} fuzz_print;

static inline void fuzz_print_begin(fuzz_print *print)
{
    *print = (fuzz_print){NULL, NULL, 0};
    print->stream = open_memstream(&print->text, &print->length);
    if (print->stream == NULL) {
        abort();
    }
}

static inline void fuzz_print_end(fuzz_print *print)
{
    if (fclose(print->stream) != 0) {
        abort();
    }
}

/* Whether what is shown is a text in which what is not to be shown is '?', but for the characters of `kept`. */
static inline bool fuzz_is_shown(const char *shown, const char *text, const char *kept)
{
    if (strlen(shown) != strlen(text)) {
        return false;
    }
    while (*text != '\0') {
        bool good;
        size_t length = ef_character(text, &good);
        if (memcmp(shown, good || strchr(kept, *text) != NULL ? text : "????", length) != 0) {
            return false;
        }
        shown += length;
        text += length;
    }
    return true;
}

/* Nothing that is not to be shown, but line ends, in what people read. */
static inline void fuzz_is_clean(const char *text)
{
    while (*text != '\0') {
        bool good, end = *text == '\n';
        text += ef_character(text, &good);
        assert(end || good);
    }
}

/* A refusal says why, in one line. */
static inline void fuzz_refused(ef_status status, const ef_error *err)
{
    assert(status != EF_OK && err->status == status && err->message[0] != '\0');
    assert(strchr(err->message, '\n') == NULL);
    fuzz_is_clean(err->message);
}

#endif
