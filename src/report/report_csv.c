#include <eface/report.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"

/* A text cell: quoted where CSV needs it (RFC 4180); in TSV, which has no quotes, tabs and line ends become blanks.  What else is not
 * to be shown is '?'. */
static void print_text(FILE *stream, char separator, const char *text)
{
    bool quote = separator == ',' && strpbrk(text, ",\"\r\n") != NULL;
    if (quote) {
        fputc('"', stream);
    }
    while (*text != '\0') {
        bool good, space = strchr("\t\r\n", *text) != NULL;
        size_t length = ef_character(text, &good);
        if (quote && *text == '"') {
            fputc('"', stream);
        }
        if (space) {
            fputc(separator == '\t' ? ' ' : *text, stream);
        } else {
            fwrite(good ? text : "????", 1, length, stream);
        }
        text += length;
    }
    if (quote) {
        fputc('"', stream);
    }
}

/* A number in the fewest digits, from 15 on, that read back as the same double; NA where there is none. */
static void print_number(FILE *stream, char separator, double value)
{
    fputc(separator, stream);
    char text[32] = "NA";
    for (int digits = 15; !isnan(value) && digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    fputs(text, stream);
}

static void print_count(FILE *stream, char separator, uint64_t count, bool known)
{
    if (known) {
        fprintf(stream, "%c%llu", separator, (unsigned long long)count);
    } else {
        fprintf(stream, "%cNA", separator);
    }
}

static void print_word(FILE *stream, char separator, const char *text)
{
    fputc(separator, stream);
    print_text(stream, separator, text != NULL ? text : "NA");
}

enum { MOST_OTHERS = 32 };

/* Keys of settings whose columns stand at the end, because they came later than the others. */
typedef struct others {
    const char *key[MOST_OTHERS];
    size_t count;
} others;

static const char *const columns[] = {
    "protocol", "model",  "metric",      "point",     "convention",    "value",        "ci_low",
    "ci_high",  "errors", "trials",      "threshold", "false_matches", "impostors",    "few_false_matches",
    "flip",     "norm",   "weight",      "media",     "partial",       "undefined",    "least",
    "most",     "noise",  "distractors", "excluded",  "per_subject",   "exclude_same", "probes"};
enum { column_count = sizeof columns / sizeof *columns };

static bool is_column(const others *more, const char *key)
{
    bool is = false;
    for (size_t i = 0; i < column_count; i++) {
        is = is || strcmp(columns[i], key) == 0;
    }
    for (size_t i = 0; i < more->count; i++) {
        is = is || strcmp(more->key[i], key) == 0;
    }
    return is;
}

/* The settings that decide figures and have no column yet; how scores are made is the same for all but scores as given. */
static others find_others(const ef_result *const *results, size_t count)
{
    others more = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < results[i]->settings.count; j++) {
            const ef_setting *setting = &results[i]->settings.row[j];
            bool decides = setting->words[0] != '\0' && strcmp(setting->key, "similarity") != 0;
            if (decides && more.count < MOST_OTHERS && !is_column(&more, setting->key)) {
                more.key[more.count++] = setting->key;
            }
        }
    }
    return more;
}

static void print_setting(FILE *stream, char separator, const ef_result *result, const char *key)
{
    const ef_setting *setting = ef_settings_find(&result->settings, key);
    if (setting != NULL && setting->kind != EF_SETTING_WORD) {
        print_count(stream, separator, setting->count, setting->kind == EF_SETTING_FLAG || setting->count > 0);
    } else {
        print_word(stream, separator, setting != NULL ? setting->word : NULL);
    }
}

/* `distractors`: how many of them the figure is for; 0 where there are none. */
static void print_row(FILE *stream, char separator, const ef_result *result, const ef_result_row *row, uint64_t distractors,
                      ef_convention convention, const others *more)
{
    const ef_measure *measure = &row->measure[convention];
    print_text(stream, separator, result->protocol);
    fputc(separator, stream);
    print_text(stream, separator, result->model);
    fprintf(stream, "%c%s%c", separator, row->metric->name, separator);
    if (isnan(row->point)) {
        fputs("NA", stream);
    } else {
        fprintf(stream, "%.10g", row->point);
    }
    fprintf(stream, "%c%s", separator, ef_convention_name(convention));
    print_number(stream, separator, measure->value);
    print_number(stream, separator, measure->interval != NULL ? measure->ci_low : NAN);
    print_number(stream, separator, measure->interval != NULL ? measure->ci_high : NAN);
    print_count(stream, separator, measure->errors, measure->trials > 0);
    print_count(stream, separator, measure->trials, measure->trials > 0);
    print_number(stream, separator, measure->undefined == NULL ? measure->threshold : NAN);
    print_count(stream, separator, measure->false_matches, measure->undefined == NULL && measure->impostors > 0);
    print_count(stream, separator, measure->impostors, measure->undefined == NULL && measure->impostors > 0);
    print_word(stream, separator, measure->few_false_matches ? "1" : "0");
    print_setting(stream, separator, result, "flip");
    print_setting(stream, separator, result, "norm");
    print_setting(stream, separator, result, "weight");
    print_setting(stream, separator, result, "media");
    print_word(stream, separator, result->partial ? "1" : "0");
    print_word(stream, separator, measure->undefined);
    print_number(stream, separator, measure->least);
    print_number(stream, separator, measure->most);
    print_setting(stream, separator, result, "noise");
    print_count(stream, separator, distractors, distractors > 0);
    bool labelled = ef_task_of((unsigned)result->task)->is_exhaustive;
    print_count(stream, separator, result->excluded, labelled);
    print_setting(stream, separator, result, "per_subject");
    print_setting(stream, separator, result, "exclude_same");
    print_setting(stream, separator, result, "probes");
    for (size_t i = 0; i < more->count; i++) {
        print_setting(stream, separator, result, more->key[i]);
    }
    fputc('\n', stream);
}

static void print_rows(FILE *stream, char separator, const ef_result *result, const ef_result_row *rows, size_t count,
                       uint64_t distractors, const others *more)
{
    for (size_t i = 0; i < count; i++) {
        for (int convention = 0; convention < EF_CONVENTION_COUNT; convention++) {
            if (ef_task_has(result->task, (ef_convention)convention)) {
                print_row(stream, separator, result, &rows[i], distractors, (ef_convention)convention, more);
            }
        }
    }
}

static void write_separated(FILE *stream, char separator, const ef_result *const *results, size_t count)
{
    const others more = find_others(results, count);
    for (size_t i = 0; i < column_count + more.count; i++) {
        if (i > 0) {
            fputc(separator, stream);
        }
        fputs(i < column_count ? columns[i] : more.key[i - column_count], stream);
    }
    fputc('\n', stream);
    for (size_t i = 0; i < count; i++) {
        const ef_result *result = results[i];
        for (size_t g = 0; result->distractors > 0 && g < result->gallery_count; g++) { /* the last one is what `rows` are of */
            const ef_result_gallery *gallery = &result->galleries[g];
            print_rows(stream, separator, result, gallery->rows, gallery->row_count, gallery->entries, &more);
        }
        if (result->distractors == 0) {
            print_rows(stream, separator, result, result->rows, result->row_count, 0, &more);
        }
    }
}

static ef_status write_tsv(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                           ef_error *err)
{
    (void)options;
    (void)err;
    write_separated(stream, '\t', results, count);
    return EF_OK;
}

static ef_status write_csv(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                           ef_error *err)
{
    (void)options;
    (void)err;
    write_separated(stream, ',', results, count);
    return EF_OK;
}

const ef_report_format ef_report_format_tsv = {.format = {"tsv", ".tsv"}, .hashes = EF_HASHES_NEVER, .write = write_tsv};

const ef_report_format ef_report_format_csv = {.format = {"csv", ".csv"}, .hashes = EF_HASHES_NEVER, .write = write_csv};
