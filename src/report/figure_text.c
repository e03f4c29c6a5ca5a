#include "report/figure_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

char *ef_word_point(char *text, size_t size, double point)
{
    int exponent = (int)lround(log10(point));
    if (exponent < 0 && point == pow(10, exponent)) {
        snprintf(text, size, "1e%d", exponent);
    } else {
        snprintf(text, size, "%.7g", point);
    }
    return text;
}

char *ef_word_label(char *text, size_t size, const ef_result_row *row)
{
    char point[32];
    if (isnan(row->point)) {
        snprintf(text, size, "%s", row->metric->title);
    } else {
        snprintf(text, size, "%s %s", row->metric->title, ef_word_point(point, sizeof point, row->point));
    }
    return text;
}

static void write_number(char *text, size_t size, ef_metric_kind kind, double value)
{
    /* Thresholds of the user's own scores may have any scale; everything else is of order one. */
    bool unusual = kind != EF_KIND_RATE && value != 0 && (fabs(value) >= 1000 || fabs(value) < 1e-3);
    snprintf(text, size, unusual ? "%.8g" : "%.5f", value);
}

char *ef_word_value(char *text, size_t size, const ef_metric *metric, const ef_measure *measure)
{
    if (measure->undefined != NULL) {
        snprintf(text, size, "n/a");
        return text;
    }
    char number[32];
    write_number(number, sizeof number, metric->kind, measure->value);
    char least[32] = "", most[32] = "";
    if (!isnan(measure->least)) {
        write_number(least, sizeof least, metric->kind, measure->least);
        write_number(most, sizeof most, metric->kind, measure->most);
    }
    if (strcmp(least, most) != 0) { /* outwards */
        write_number(least, sizeof least, metric->kind, floor(measure->least * 1e5) / 1e5);
        write_number(most, sizeof most, metric->kind, ceil(measure->most * 1e5) / 1e5);
        snprintf(text, size, "%s..%s", least, most);
    } else if (isnan(measure->std_dev)) {
        snprintf(text, size, "%s", number);
    } else {
        snprintf(text, size, "%s +- %.5f", number, measure->std_dev);
    }
    return text;
}

char *ef_word_interval(char *text, size_t size, const ef_measure *measure)
{
    text[0] = '\0';
    if (measure->undefined == NULL && measure->interval != NULL) {
        snprintf(text, size, "[%.5f, %.5f]", measure->ci_low, measure->ci_high);
    }
    return text;
}

char *ef_word_threshold(char *text, size_t size, const ef_measure *measure)
{
    text[0] = '\0';
    if (measure->undefined == NULL && isinf(measure->threshold)) {
        snprintf(text, size, "above all");
    } else if (measure->undefined == NULL && measure->threshold_is_distance && isfinite(measure->threshold)) {
        snprintf(text, size, "d2 %.2f", measure->threshold);
    } else if (measure->undefined == NULL && isfinite(measure->threshold)) {
        write_number(text, size, EF_KIND_THRESHOLD, measure->threshold);
    }
    return text;
}

char *ef_word_count(char *text, size_t size, uint64_t count, uint64_t of)
{
    text[0] = '\0';
    if (of > 0) {
        snprintf(text, size, "%llu / %llu", (unsigned long long)count, (unsigned long long)of);
    }
    return text;
}

const char *ef_word_few(const ef_measure *measure)
{
    return !measure->few_false_matches ? "" : measure->false_matches <= 1 ? "!!" : "!";
}
