#define _GNU_SOURCE /* getopt_long */
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

enum { LEAST_PLAIN = 1 << 20 }; /* bytes that a size without a unit may mean */
enum { long_only = 256 };       /* getopt's value for row i is its letter or long_only + i */

static const option_row *row_of(int value, const option_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != OPTION_GROUP &&
            (value >= long_only ? (size_t)(value - long_only) == i : rows[i].letter != '\0' && rows[i].letter == value)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Whether a text is written as a size is, which it then is too large for. */
static bool is_number_of_bytes(const char *text, size_t length)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits + 1 >= length && (text[digits] == '\0' || strchr("BKMGTbkmgt", text[digits]) != NULL);
}

/* What may stand for a value, in words. */
static const char *wanted_value(option_kind kind)
{
    return kind == OPTION_BYTES    ? "a size is a whole number with K, M, G or T behind it, 500M or 4G (B: bytes)"
           : kind == OPTION_REAL   ? "it must be a number"
           : kind == OPTION_NUMBER ? "it must be a whole number, 1 or above"
                                   : "it must be a whole number, 0 or above";
}

static ef_status take(const option_row *row, const char *text, bool given, ef_error *err)
{
    bool good = true;
    uint64_t number = 0;
    size_t length = text != NULL ? strlen(text) : 0;
    if (given && row->kind != OPTION_FLAG && row->kind != OPTION_TEXTS) {
        return ef_fail(err, EF_INVALID, "--%s is given twice", row->name);
    }
    switch (row->kind) {
    case OPTION_GROUP: break;
    case OPTION_FLAG: *(bool *)row->target = true; break;
    case OPTION_TEXT: *(const char **)row->target = text; break;
    case OPTION_TEXTS: {
        option_texts *texts = row->target;
        if (!ef_grow(&texts->items, &texts->capacity, texts->count + 1, sizeof *texts->items)) {
            return ef_fail_memory(err, "the command line");
        }
        texts->items[texts->count++] = text;
        break;
    }
    case OPTION_COUNT:
    case OPTION_NUMBER:
        good = ef_parse_unsigned(&number, text, length) && number <= INT_MAX && (number > 0 || row->kind == OPTION_COUNT);
        if (good) {
            *(int *)row->target = (int)number;
        }
        break;
    case OPTION_SEED: good = ef_parse_unsigned(row->target, text, length); break;
    case OPTION_REAL: good = ef_parse_real(row->target, text, length); break;
    case OPTION_BYTES:
        good = ef_parse_bytes(row->target, text, length);
        if (good && *(size_t *)row->target > 0 && *(size_t *)row->target < LEAST_PLAIN && text[length - 1] >= '0' &&
            text[length - 1] <= '9') {
            return ef_fail(err, EF_INVALID, "--%s %s: %s bytes? For gigabytes write %sG, for bytes %sB", row->name, text, text,
                           text, text);
        }
        if (!good && is_number_of_bytes(text, length)) {
            return ef_fail(err, EF_INVALID, "--%s %s is too large", row->name, text);
        }
        break;
    }
    return good ? EF_OK
                : ef_fail(err, EF_INVALID, "'%s' is not a value for --%s %s: %s", text, row->name, row->value,
                          wanted_value(row->kind));
}

static ef_status fail_unknown(const char *argument, const option_row *rows, size_t count, ef_error *err)
{
    char name[64], names[EF_NEAREST_TEXT];
    const char *start = argument + strspn(argument, "-");
    size_t length = strcspn(start, "=");
    if (strncmp(argument, "--", 2) != 0 || length >= sizeof name) {
        return ef_fail(err, EF_INVALID, "unknown option '%s'; --help lists them", argument);
    }
    memcpy(name, start, length);
    name[length] = '\0';
    ef_nearest nearest = ef_nearest_begin(name);
    const char *begun = NULL;
    size_t begins = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != OPTION_GROUP) {
            ef_nearest_offer(&nearest, rows[i].name);
            if (strncmp(rows[i].name, name, length) == 0) {
                begun = rows[i].name;
                begins++;
            }
        }
    }
    if (begins == 1) {
        return ef_fail(err, EF_INVALID, "unknown option '--%s'; did you mean --%s? Names are written out", name, begun);
    }
    if (nearest.best != NULL) {
        return ef_fail(err, EF_INVALID, "unknown option '--%s'; did you mean %s?", name, ef_nearest_names(names, "--", &nearest));
    }
    return ef_fail(err, EF_INVALID, "unknown option '--%s'; --help lists them", name);
}

/* Whether getopt took a name that is only the beginning of the row's; `argument` is what it read. */
static bool is_shortened(const char *argument, const option_row *row)
{
    return strncmp(argument, "--", 2) == 0 && strcspn(argument + 2, "=") != strlen(row->name);
}

ef_status options_parse(int *first, int argc, char **argv, const option_row *rows, size_t count, ef_error *err)
{
    struct option *longs = ef_alloc_zero(count + 1, sizeof *longs);
    char *letters = ef_alloc(2 * count + 2, 1);
    bool *given = ef_alloc_zero(count, sizeof *given);
    ef_status status = longs != NULL && letters != NULL && given != NULL ? EF_OK : ef_fail_memory(err, "the command line");
    size_t long_count = 0, used = 0;
    if (status != EF_OK) {
        goto done;
    }
    letters[used++] = ':'; /* a missing value is told apart from an unknown option */
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == OPTION_GROUP) {
            continue;
        }
        int has_value = rows[i].kind == OPTION_FLAG ? no_argument : required_argument;
        longs[long_count++] = (struct option){rows[i].name, has_value, NULL, long_only + (int)i};
        if (rows[i].letter != '\0') {
            letters[used++] = rows[i].letter;
            if (has_value == required_argument) {
                letters[used++] = ':';
            }
        }
    }
    letters[used] = '\0';
    opterr = 0;
    int value;
    while (status == EF_OK && (value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const option_row *row = row_of(value == ':' || value == '?' ? optopt : value, rows, count);
        bool is_long = (value == ':' || value == '?' ? optopt : value) >= long_only;
        /* A value that is an argument of its own stands behind its option. */
        const char *argument = argv[optind - 1 - (is_long && optarg != NULL && optarg == argv[optind - 1])];
        if (is_long && is_shortened(argument, row)) {
            status = fail_unknown(argument, rows, count, err);
        } else if (value == '?' && optopt >= long_only) {
            status = ef_fail(err, EF_INVALID, "--%s takes no value", row->name);
        } else if (value == '?' && optopt != 0) {
            status = ef_fail(err, EF_INVALID, "unknown option '-%c'; --help lists them", optopt);
        } else if (value == '?') {
            status = fail_unknown(argv[optind - 1], rows, count, err);
        } else if (value == ':') {
            status = ef_fail(err, EF_INVALID, "--%s needs a value: --%s %s", row->name, row->name, row->value);
        } else {
            status = take(row, optarg, given[row - rows], err);
            given[row - rows] = true;
        }
    }
    *first = optind;
done:
    free(longs);
    free(letters);
    free(given);
    return status;
}

void options_help(const option_row *rows, size_t count)
{
    enum { column = 28 };
    for (size_t i = 0; i < count; i++) {
        const option_row *row = &rows[i];
        if (row->kind == OPTION_GROUP) {
            printf("\n%s\n", row->help);
            continue;
        }
        char left[64];
        int width = snprintf(left, sizeof left, "  %c%c%s--%s%s%s", row->letter != '\0' ? '-' : ' ',
                             row->letter != '\0' ? row->letter : ' ', row->letter != '\0' ? ", " : "  ", row->name,
                             row->value != NULL ? " " : "", row->value != NULL ? row->value : "");
        printf("%s%*s", left, width < column ? column - width : 1, "");
        for (const char *line = row->help; *line != '\0';) {
            size_t length = strcspn(line, "\n");
            printf("%.*s\n", (int)length, line);
            line += length + (line[length] == '\n');
            if (*line != '\0') {
                printf("%*s", column, "");
            }
        }
    }
}
