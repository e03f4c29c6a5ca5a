/* What people ask for in words: lists of metrics, assertions, options, lists of names, words out of a few.  The first byte chooses; what is accepted
 * is written out and read again. */
#include "fuzz.h"

#include <math.h>

#include <eface/report.h>

#include "base/nearest.h"
#include "cli/metric_choice.h"
#include "cli/table_input.h"
#include "cli/train_request.h"
#include "plot/plot_script.h"
#include "table/table_format.h"

/* "tar_at_far@1e-3" */
static void print_request(char *text, size_t size, const ef_metric_request *request)
{
    if (isnan(request->point)) {
        (void)snprintf(text, size, "%s", request->metric->name);
    } else {
        (void)snprintf(text, size, "%s@%.17g", request->metric->name, request->point);
    }
}

static bool same_request(const ef_metric_request *a, const ef_metric_request *b)
{
    return a->metric == b->metric && a->task == b->task && (a->point == b->point || (isnan(a->point) && isnan(b->point)));
}

static void read_request(const char *text)
{
    ef_error err = {EF_OK, ""};
    char written[128];
    ef_metric_request request, again;
    ef_status status = ef_metric_request_parse(&request, text, EF_ALL_TASKS, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        return;
    }
    assert((request.metric->tasks & (unsigned)request.task) != 0);
    assert(isnan(request.point) ? request.metric->parameter == NULL : ef_metric_has_point(request.metric, request.point));
    print_request(written, sizeof written, &request);
    status = ef_metric_request_parse(&again, written, EF_ALL_TASKS, &err);
    assert(status == EF_OK && same_request(&request, &again));
}

/* A list that is fine for some protocol gives each of them its share; what is collected, written as a list, is collected again. */
static void choose_metrics(const char *text)
{
    ef_error err = {EF_OK, ""};
    ef_protocol pairs = {.name = (char[]){"lfw"}, .tasks = EF_VERIFY_PAIRS};
    ef_protocol templates = {.name = (char[]){"ijbc"}, .tasks = EF_VERIFY_TEMPLATES | EF_IDENTIFY};
    ef_protocol *const protocols[] = {&pairs, &templates};
    const char *items[] = {text};
    const option_texts lists = {items, 1, 1};
    ef_status status = metric_choice_check(&lists, protocols, 2, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        metric_requests found = {0}, again = {0};
        char written[8192] = "";
        size_t length = 0;
        status = metric_choice_collect(&found, &lists, NULL, 0, protocols[i], &err);
        assert(status == EF_OK);
        for (size_t j = 0; j < found.count && length + 128 < sizeof written; j++) {
            assert((found.items[j].metric->tasks & protocols[i]->tasks) != 0);
            for (size_t k = 0; k < j; k++) {
                assert(!same_request(&found.items[j], &found.items[k]));
            }
            written[length] = ',';
            print_request(written + length + (j > 0), 128, &found.items[j]);
            length = strlen(written);
        }
        if (found.count > 0 && length + 128 < sizeof written) {
            const char *const other[] = {written};
            const option_texts others = {(const char **)other, 1, 1};
            status = metric_choice_collect(&again, &others, NULL, 0, protocols[i], &err);
            assert(status == EF_OK && again.count == found.count);
        }
        metric_requests_free(&found);
        metric_requests_free(&again);
    }
}

static void assert_something(const char *text)
{
    static const char *const relations[] = {[AT_LEAST] = ">=", [ABOVE] = ">", [AT_MOST] = "<=", [BELOW] = "<"};
    ef_error err = {EF_OK, ""};
    char written[512];
    assertion self, again;
    ef_status status = assertion_parse(&self, text, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        return;
    }
    assert(isfinite(self.bound) && self.text == text);
    /* It is about a protocol when it names one. */
    assert((self.protocol[0] != '\0') == (memchr(text, ':', strcspn(text, "<>")) != NULL));
    (void)snprintf(written, sizeof written, "%s%s%s%s%.17g", self.protocol, self.protocol[0] != '\0' ? ":" : "", self.figure,
                   relations[self.relation], self.bound);
    status = assertion_parse(&again, written, &err);
    assert(status == EF_OK && same_request(&self.request, &again.request) && strcmp(self.protocol, again.protocol) == 0);
    assert(again.relation == self.relation && again.bound == self.bound);
    read_request(self.figure);
}

/* A command line of the lines of the text. */
static void read_options(char *text)
{
    enum { most = 16 };
    char *argv[most + 2] = {(char[]){"eface"}};
    int argc = 1, first = 0, count = 0, number = 1;
    bool flag = false;
    const char *one = NULL;
    option_texts many = {0};
    uint64_t seed = 0;
    double real = 0;
    size_t bytes = 0;
    const option_row rows[] = {
        {'\0', NULL, OPTION_GROUP, NULL, NULL, "Options:"},     {'f', "flag", OPTION_FLAG, &flag, NULL, "a flag"},
        {'t', "text", OPTION_TEXT, &one, "TEXT", "a text"},     {'m', "texts", OPTION_TEXTS, &many, "TEXT", "texts"},
        {'c', "count", OPTION_COUNT, &count, "N", "a count"},   {'\0', "number", OPTION_NUMBER, &number, "N", "a number"},
        {'\0', "seed", OPTION_SEED, &seed, "N", "a seed"},      {'r', "real", OPTION_REAL, &real, "X", "a real"},
        {'\0', "bytes", OPTION_BYTES, &bytes, "SIZE", "a size"}};
    ef_error err = {EF_OK, ""};
    for (char *line = text; line != NULL && argc <= most; argc++) {
        char *end = strchr(line, '\n');
        argv[argc] = line;
        line = end != NULL ? end + 1 : NULL;
        if (end != NULL) {
            *end = '\0';
        }
    }
    optind = 0; /* from the beginning */
    ef_status status = options_parse(&first, argc, argv, rows, sizeof rows / sizeof *rows, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
    } else {
        assert(first >= 1 && first <= argc && count >= 0 && number >= 1 && isfinite(real));
    }
    free(many.items);
}

static void cut_list(const char *text)
{
    ef_error err = {EF_OK, ""};
    ef_strings *pieces = NULL, *again = NULL;
    fuzz_print print;
    ef_status status = table_pieces(&pieces, text, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        ef_strings_free(pieces);
        return;
    }
    fuzz_print_begin(&print);
    for (size_t i = 0; i < ef_strings_count(pieces); i++) {
        assert(ef_strings_at(pieces, i)[0] != '\0');
        fprintf(print.stream, "%s%s", i > 0 ? " , " : "", ef_strings_at(pieces, i));
    }
    fuzz_print_end(&print);
    status = table_pieces(&again, print.text, &err);
    assert(status == EF_OK && ef_strings_count(pieces) > 0 && ef_strings_count(again) == ef_strings_count(pieces));
    for (size_t i = 0; i < ef_strings_count(pieces); i++) {
        assert(strcmp(ef_strings_at(pieces, i), ef_strings_at(again, i)) == 0);
    }
    free(print.text);
    ef_strings_free(pieces);
    ef_strings_free(again);
}

/* Epochs at which a rate drops. */
static void read_epochs(const char *text)
{
    ef_error err = {EF_OK, ""};
    ef_train_settings settings;
    size_t memory;
    train_request request = train_request_begin();
    request.schedule = "steps";
    request.drop_at = text;
    ef_status status = train_request_settings(&settings, &memory, &request, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        return;
    }
    assert(settings.drops > 0 && settings.drops <= EF_TRAIN_MOST_DROPS);
    for (size_t i = 0; i < settings.drops; i++) {
        assert(settings.drop_at[i] > 0);
    }
}

/* A word that is accepted is the name of what it means. */
#define WORD(type, parse, call)                                                                                                  \
    do {                                                                                                                         \
        type value;                                                                                                              \
        err.status = parse(&value, text, &err);                                                                                  \
        if (err.status == EF_OK) {                                                                                               \
            assert(ef_same_name(call(value), text));                                                                             \
        } else {                                                                                                                 \
            fuzz_refused(err.status, &err);                                                                                      \
        }                                                                                                                        \
    } while (0)

/* What a word or the ending of a file means; two readers of the same formats agree. */
static void read_word(const char *text)
{
    ef_error err = {EF_OK, ""};
    const ef_table_format *format = NULL, *format_of;
    char name[64];
    WORD(ef_plot_kind, ef_plot_kind_parse, ef_plot_kind_name);
    WORD(ef_convention, ef_convention_parse, ef_convention_name);
    WORD(ef_interval_method, ef_interval_parse, ef_interval_name);
    WORD(ef_noise, ef_noise_parse, ef_noise_name);
    WORD(ef_flip, ef_flip_parse, ef_flip_name);
    ef_status status = ef_table_format_find(&format, text, &err);
    (void)snprintf(name, sizeof name, "a.b/x.%s", text);
    ef_status of_status = ef_table_format_of_file(&format_of, name, &err);
    if (of_status == EF_OK && strlen(text) < 8) {
        assert(strrchr(text, '.') != NULL || (status == EF_OK && format == format_of));
    }
    assert(status != EF_OK || ef_same_name(format->format.name, text) || strcmp(format->format.extension + 1, text) == 0);
    assert(ef_same_name(text, text));
    const ef_metric *metric = ef_metric_find(text);
    assert(metric == NULL || ef_same_name(metric->name, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    char *text = fuzz_text(data + 1, size - 1);
    switch (data[0] % 7) {
    case 0: read_request(text); break;
    case 1: choose_metrics(text); break;
    case 2: assert_something(text); break;
    case 3: read_options(text); break;
    case 4: cut_list(text); break;
    case 5: read_epochs(text); break;
    default: read_word(text); break;
    }
    free(text);
    return 0;
}
