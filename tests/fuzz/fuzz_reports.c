/* Reports with any names in every format.  The first byte chooses how many systems and what else there is; the rest is texts between bytes 0xFF.
 * CSV, TSV and JSON are read back. */
#include "fuzz.h"
#include "fuzz_marks.h"

#include <math.h>

#include <eface/report.h>
#include <eface/result_file.h>

enum { systems = 2, texts = 12, fields = 28 };

typedef struct made {
    ef_result results[systems];
    const ef_result *list[systems];
    ef_result_row row[2];
    ef_result_input input;
    ef_result_suspect suspect;
    ef_setting setting[1];
    ef_strings *notes;
    size_t count;
} made;

static char role[] = "pairs";

static void make(made *out, char *const *text, uint8_t bits)
{
    *out = (made){.count = 1 + bits % 2};
    ef_measure measure = {.value = 0.5,
                          .ci_low = 0.25,
                          .ci_high = 0.75,
                          .interval = "wilson",
                          .threshold = 0.125,
                          .errors = 5,
                          .trials = 10,
                          .std_dev = NAN,
                          .std_error = NAN,
                          .least = NAN,
                          .most = NAN};
    out->row[0] = (ef_result_row){ef_metric_find("tar_at_far"), 0.001, {measure, measure}};
    measure.undefined = "there is none";
    measure.value = NAN;
    out->row[1] = (ef_result_row){ef_metric_find("eer"), NAN, {measure, measure}};
    out->input = (ef_result_input){.role = role, .path = text[2], .bytes = 17, .sha256 = "00ff"};
    out->suspect = (ef_result_suspect){{text[4], text[5]}, {text[6], text[7]}, 0.5, 0.25};
    out->setting[0] = (ef_setting){.key = "flip", .kind = EF_SETTING_WORD, .word = "sum", .words = "flip sum"};
    ef_status status = ef_strings_create(&out->notes, NULL);
    assert(status == EF_OK);
    status = ef_strings_add(out->notes, text[8], strlen(text[8]), NULL);
    assert(status == EF_OK);
    for (size_t i = 0; i < out->count; i++) {
        out->results[i] = (ef_result){.protocol = text[9],
                                      .title = text[10],
                                      .heading = text[10],
                                      .cite = (bits & 2) != 0 ? text[11] : NULL,
                                      .protocol_file = text[11],
                                      .protocol_sha256 = "00ff",
                                      .task = EF_VERIFY_PAIRS,
                                      .model = text[i],
                                      .source = text[3],
                                      .convention = (bits & 4) != 0 ? EF_ISO : EF_INSIGHTFACE,
                                      .settings = {out->setting, (bits & 8) != 0 ? 0 : 1, 1},
                                      .confidence = 0.95,
                                      .images = 20,
                                      .images_used = 20,
                                      .dim = 4,
                                      .pairs = 30,
                                      .genuine = 10,
                                      .impostors = 20,
                                      .inputs = &out->input,
                                      .input_count = 1,
                                      .rows = out->row,
                                      .row_count = 2,
                                      .suspects = &out->suspect,
                                      .suspect_count = (bits & 16) != 0 ? 1 : 0,
                                      .notes = out->notes};
        out->list[i] = &out->results[i];
    }
}

static char *print(const made *self, const ef_report_format *format, bool detail)
{
    fuzz_print written;
    ef_error err = {EF_OK, ""};
    const ef_report_options options = {.color = false, .detail = detail};
    fuzz_print_begin(&written);
    ef_status status = ef_report_write(written.stream, format, self->list, self->count, &options, &err);
    fuzz_print_end(&written);
    assert(status == EF_OK && strlen(written.text) == written.length);
    return written.text;
}

/* A heading and a line for each figure under each convention, all of as many fields. */
static void check_csv(const made *self, const char *at)
{
    size_t lines = 0;
    for (; *at != '\0'; lines++) {
        size_t count = 0, system = lines > 0 ? (lines - 1) / 4 : 0;
        bool more = true;
        for (; more; count++) {
            char *field = fuzz_csv_field(&at, &more);
            assert(lines == 0 || count != 0 || fuzz_is_shown(field, self->results[system].protocol, "\t\r\n"));
            assert(lines == 0 || count != 1 || fuzz_is_shown(field, self->results[system].model, "\t\r\n"));
            free(field);
        }
        assert(count == fields);
    }
    assert(lines == 1 + 4 * self->count);
}

static void check_tsv(const made *self, const char *at)
{
    size_t lines = 0;
    for (; *at != '\0'; lines++) {
        size_t tabs = 0;
        for (; *at != '\n'; at++) {
            assert(*at != '\0' && *at != '\r');
            tabs += *at == '\t';
        }
        assert(tabs == fields - 1);
        at++;
    }
    assert(lines == 1 + 4 * self->count);
}

/* Every table has as many cells in each of its lines. */
static void check_markdown(const char *at)
{
    size_t cells = 0, tables = 0;
    while (*at != '\0') {
        size_t count = 0;
        while (at[0] == '|' && at[1] != '\n') {
            free(fuzz_markdown_cell(&at));
            count++;
        }
        assert(count == 0 || cells == 0 || count == cells);
        tables += count > 0 && cells == 0;
        cells = count;
        at = strchr(at, '\n') + 1;
    }
    assert(tables > 0);
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return false;
        }
    }
    return true;
}

static void check_json(const made *self, const char *written)
{
    ef_error err = {EF_OK, ""};
    ef_result_file file;
    fuzz_write(fuzz_path(0), (const uint8_t *)written, strlen(written));
    ef_status status = ef_result_file_read(&file, fuzz_path(0), &err);
    assert(status == EF_OK && file.count == self->count);
    for (size_t i = 0; i < file.count; i++) {
        const ef_stored_result *read = &file.results[i];
        const ef_result *result = &self->results[i];
        assert(!is_ascii(result->model) || strcmp(read->model, result->model) == 0);
        assert(!is_ascii(result->protocol) || strcmp(read->protocol, result->protocol) == 0);
        assert(!is_ascii(result->title) || strcmp(read->title, result->title) == 0);
        assert(read->note_count == 1 && read->metric_count == 2 && read->pairs == result->pairs);
    }
    ef_result_file_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text[texts];
    made self;
    if (size < 1) {
        return 0;
    }
    uint8_t bits = data[0];
    fuzz_pieces(text, texts, data + 1, size - 1);
    make(&self, text, bits);
    const ef_report_format *format;
    for (size_t i = 0; (format = ef_report_format_at(i)) != NULL; i++) {
        const char *name = format->format.name;
        char *written = print(&self, format, (bits & 32) != 0);
        if (strcmp(name, "json") == 0) {
            check_json(&self, written);
        } else if (strcmp(name, "tsv") == 0) {
            check_tsv(&self, written);
        } else if (strcmp(name, "csv") == 0) {
            check_csv(&self, written);
        } else {
            fuzz_is_clean(written);
        }
        if (strcmp(name, "md") == 0) {
            check_markdown(written);
        }
        free(written);
    }
    ef_strings_free(self.notes);
    fuzz_free(text, texts);
    return 0;
}
