#include "cli/reference_columns.h"

#include <string.h>

reference_rate reference_rate_of(ef_span name)
{
    static const struct {
        const char *name;
        reference_rate rate;
    } names[] = {{"fpr", REFERENCE_FPR}, {"far", REFERENCE_FPR},  {"fmr", REFERENCE_FPR},
                 {"tpr", REFERENCE_TPR}, {"tar", REFERENCE_TPR},  {"tmr", REFERENCE_TPR},
                 {"fnr", REFERENCE_FNR}, {"fnmr", REFERENCE_FNR}, {"frr", REFERENCE_FNR}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ef_span_equal_nocase(name, names[i].name)) {
            return names[i].rate;
        }
    }
    return REFERENCE_NONE;
}

bool reference_columns_parse(reference_columns *out, ef_span text)
{
    ef_span rest = text, word;
    bool comma = memchr(text.text, ',', text.length) != NULL;
    reference_columns found = {{REFERENCE_NONE, REFERENCE_NONE}};
    size_t count = 0;
    while (comma ? ef_span_field(&rest, ',', &word) : ef_span_word(&rest, &word)) {
        if (count < 2) {
            found.rate[count] = reference_rate_of(word);
        }
        count++;
    }
    bool good = count == 2 && found.rate[0] != REFERENCE_NONE && found.rate[1] != REFERENCE_NONE &&
                (found.rate[0] == REFERENCE_FPR) != (found.rate[1] == REFERENCE_FPR);
    *out = good ? found : (reference_columns){{REFERENCE_NONE, REFERENCE_NONE}};
    return good;
}

static void swap(ef_plot_reference *curve)
{
    double *x = curve->x;
    curve->x = curve->y;
    curve->y = x;
}

static void complement(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = 1 - values[i];
    }
}

/* Which of the columns of a ROC is the FAR: 0 or 1, or -1 when both are above the other somewhere. */
static int far_column(const ef_plot_reference *curve)
{
    bool above[2] = {false, false};
    for (size_t i = 0; i < curve->count; i++) {
        above[0] = above[0] || curve->x[i] > curve->y[i];
        above[1] = above[1] || curve->y[i] > curve->x[i];
    }
    return above[0] && above[1] ? -1 : above[0] ? 1 : 0;
}

/* Whether a curve of FAR and TAR is worse than chance at nine points of ten that tell. */
static bool is_below_chance(const ef_plot_reference *curve, bool y_is_tar)
{
    size_t above = 0, below = 0;
    for (size_t i = 0; i < curve->count; i++) {
        double tar = y_is_tar ? curve->y[i] : 1 - curve->y[i];
        above += tar > curve->x[i];
        below += tar < curve->x[i];
    }
    return below > 9 * above;
}

const char *reference_columns_apply(ef_plot_reference *curve, const reference_columns *columns, bool headed, ef_plot_kind kind)
{
    if (kind != EF_PLOT_ROC && kind != EF_PLOT_DET) {
        return NULL;
    }
    if (columns->rate[0] != REFERENCE_NONE) {
        bool swapped = columns->rate[1] == REFERENCE_FPR;
        reference_rate y = columns->rate[swapped ? 0 : 1];
        if (swapped) {
            swap(curve);
        }
        if (y != (kind == EF_PLOT_ROC ? REFERENCE_TPR : REFERENCE_FNR)) {
            complement(curve->y, curve->count);
        }
        return headed && is_below_chance(curve, kind == EF_PLOT_ROC)
                   ? "by its heading the FAR is above the TAR nearly everywhere: are the columns the other way round? "
                     "--reference-columns says which is which"
                   : NULL;
    }
    int far = kind == EF_PLOT_ROC ? far_column(curve) : 0;
    if (far == 1) {
        swap(curve);
        return "the first column is never below the second: taken as TPR FPR; --reference-columns fpr,tpr would take it the "
               "other way";
    }
    return far == 0 ? NULL
                    : "no column is below the other all along, so the order of the columns cannot be told: taken as FPR TPR; "
                      "--reference-columns says which it is";
}
