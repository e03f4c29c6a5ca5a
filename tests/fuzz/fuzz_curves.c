/* Files of two columns.  The first byte chooses: a list of scores, or a curve from elsewhere and what stands before its path. */
#include "fuzz.h"

#include <math.h>

#include "cli/reference_curve.h"
#include "list/score_list.h"

/* Lines that hold something. */
static size_t lines_of(const uint8_t *data, size_t size)
{
    size_t count = 0, at = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size) {
        bool some = false;
        size_t begin = at;
        for (; begin < size && data[begin] != '\n' && !some; begin++) {
            some = strchr(" \t\r", data[begin]) == NULL;
        }
        count += some && data[begin - 1] != '#';
        while (at < size && data[at++] != '\n') {
        }
    }
    return count;
}

static void read_scores(const uint8_t *data, size_t size)
{
    ef_error err = {EF_OK, ""};
    ef_score_list list = {0}, again;
    fuzz_write(fuzz_path(0), data, size);
    ef_status status = ef_score_list_read(&list, fuzz_path(0), &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        assert(list.score == NULL);
        return;
    }
    size_t lines = lines_of(data, size);
    assert(list.count > 0 && (list.count == lines || list.count + 1 == lines));
    FILE *file = fopen(fuzz_path(1), "w");
    assert(file != NULL);
    fputs("Score;other;LABEL\n", file);
    for (size_t i = 0; i < list.count; i++) {
        assert(isfinite(list.score[i]) && list.genuine[i] <= 1);
        fprintf(file, "%.17g;;%d\n#\n", list.score[i], list.genuine[i]);
    }
    (void)fclose(file);
    status = ef_score_list_read(&again, fuzz_path(1), &err);
    assert(status == EF_OK && again.count == list.count);
    assert(memcmp(again.genuine, list.genuine, list.count) == 0);
    assert(memcmp(again.score, list.score, list.count * sizeof *list.score) == 0);
    ef_score_list_free(&again);
    ef_score_list_free(&list);
}

static void check_curve(const ef_plot_reference *curve, ef_plot_kind kind)
{
    assert(curve->count > 0 && curve->name != NULL && curve->file != NULL);
    for (size_t i = 0; i < curve->count; i++) {
        assert(isfinite(curve->x[i]) && curve->y[i] >= 0 && curve->y[i] <= 1);
        assert(kind != EF_PLOT_ROC || (curve->x[i] >= 0 && curve->x[i] <= 1));
        assert(kind != EF_PLOT_CMC || curve->x[i] > 0);
    }
}

/* What stands before the path ends at the first byte 0xFF. */
static void read_curve(const uint8_t *data, size_t size)
{
    static const ef_stored_result result = {.protocol = "lfw"};
    static ef_paper_entry entry = {&result, "r.json", "x"};
    table_input input = {.entries = &entry, .entry_count = 1};
    const reference_columns columns = {{REFERENCE_FPR, REFERENCE_TPR}};
    const char *remark;
    char *pieces[2], argument[8192];
    ef_error err = {EF_OK, ""};
    ef_plot_reference curve = {0}, again = {0};
    ef_plot_kind kind = size % 2 == 0 ? EF_PLOT_ROC : EF_PLOT_CMC;
    fuzz_pieces(pieces, 2, data, size);
    size_t length = strlen(pieces[0]);
    for (size_t i = 0; i < length; i++) {
        pieces[0][i] = pieces[0][i] == '/' ? '_' : pieces[0][i]; /* no file of anyone's */
    }
    fuzz_write(fuzz_path(0), (const uint8_t *)pieces[1], strlen(pieces[1]));
    (void)snprintf(argument, sizeof argument, "%s%s%s", pieces[0], length > 0 ? "=" : "", fuzz_path(0));
    ef_status status = reference_curve_read(&curve, &remark, argument, kind, &columns, &input, &err);
    if (status == EF_OK) {
        const char *equals = strchr(argument, '=');
        check_curve(&curve, kind);
        assert(strcmp(curve.file, equals != NULL ? equals + 1 : argument) == 0);
        assert(curve.protocol == NULL || strcmp(curve.protocol, "lfw") == 0);
        assert(length == 0 || strstr(pieces[0], curve.name) != NULL);
        FILE *file = fopen(fuzz_path(1), "w");
        assert(file != NULL);
        for (size_t i = 0; i < curve.count; i++) {
            fprintf(file, "%.17g , %.17g\n", curve.x[i], curve.y[i]);
        }
        (void)fclose(file);
        status = reference_curve_read(&again, &remark, fuzz_path(1), kind, &columns, &input, &err);
        assert(status == EF_OK && again.count == curve.count);
        assert(memcmp(again.x, curve.x, curve.count * sizeof *curve.x) == 0);
        assert(memcmp(again.y, curve.y, curve.count * sizeof *curve.y) == 0);
    } else {
        fuzz_refused(status, &err);
    }
    reference_curve_free(&again);
    reference_curve_free(&curve);
    fuzz_free(pieces, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    if (data[0] % 2 == 0) {
        read_scores(data + 1, size - 1);
    } else {
        read_curve(data + 1, size - 1);
    }
    return 0;
}
