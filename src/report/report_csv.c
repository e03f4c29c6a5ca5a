#include <eface/report.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A text cell: quoted where CSV needs it (RFC 4180); in TSV, which has no quotes, tabs and line ends become blanks. */
static void print_text(FILE *stream, char separator, const char *text)
{
    bool quote = separator == ',' && strpbrk(text, ",\"\r\n") != NULL;
    if (quote) {
        fputc('"', stream);
    }
    for (; *text != '\0'; text++) {
        if (quote && *text == '"') {
            fputc('"', stream);
        }
        fputc(separator == '\t' && strchr("\t\r\n", *text) != NULL ? ' ' : *text, stream);
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

/* `distractors`: how many of them the figure is for; 0 where there are none. */
static void print_row(FILE *stream, char separator, const ef_result *result, const ef_result_row *row, uint64_t distractors,
                      ef_convention convention)
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
    print_word(stream, separator, result->flip[0] != '\0' ? result->flip : NULL);
    print_word(stream, separator, result->norm);
    print_word(stream, separator, result->weight);
    print_word(stream, separator, result->media);
    print_word(stream, separator, result->partial ? "1" : "0");
    print_word(stream, separator, measure->undefined);
    print_number(stream, separator, measure->least);
    print_number(stream, separator, measure->most);
    print_word(stream, separator, result->noise);
    print_count(stream, separator, distractors, distractors > 0);
    bool labelled = result->task == EF_VERIFY_ALL_PAIRS || result->task == EF_IDENTIFY_ALL_PAIRS;
    print_count(stream, separator, result->excluded, labelled);
    print_count(stream, separator, result->per_subject, labelled && result->per_subject > 0);
    print_word(stream, separator, result->exclude_same);
    print_word(stream, separator, result->probes_by);
    fputc('\n', stream);
}

static void print_rows(FILE *stream, char separator, const ef_result *result, const ef_result_row *rows, size_t count,
                       uint64_t distractors)
{
    for (size_t i = 0; i < count; i++) {
        for (int convention = 0; convention < EF_CONVENTION_COUNT; convention++) {
            if (ef_task_has(result->task, (ef_convention)convention)) {
                print_row(stream, separator, result, &rows[i], distractors, (ef_convention)convention);
            }
        }
    }
}

static void write_separated(FILE *stream, char separator, const ef_result *const *results, size_t count)
{
    static const char *const columns[] = {
        "protocol", "model",  "metric",      "point",     "convention",    "value",        "ci_low",
        "ci_high",  "errors", "trials",      "threshold", "false_matches", "impostors",    "few_false_matches",
        "flip",     "norm",   "weight",      "media",     "partial",       "undefined",    "least",
        "most",     "noise",  "distractors", "excluded",  "per_subject",   "exclude_same", "probes"};
    enum { column_count = sizeof columns / sizeof *columns };
    for (size_t i = 0; i < column_count; i++) {
        fprintf(stream, "%s%c", columns[i], i + 1 < column_count ? separator : '\n');
    }
    for (size_t i = 0; i < count; i++) {
        const ef_result *result = results[i];
        for (size_t g = 0; result->noise != NULL && g < result->gallery_count; g++) { /* the last one is what `rows` are of */
            const ef_result_gallery *gallery = &result->galleries[g];
            print_rows(stream, separator, result, gallery->rows, gallery->row_count, gallery->entries);
        }
        if (result->noise == NULL) {
            print_rows(stream, separator, result, result->rows, result->row_count, 0);
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
