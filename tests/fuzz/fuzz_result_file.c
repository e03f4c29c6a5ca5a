/* Result files: any text is either results, of which a table and plots can be made and written or refused, or an error that says why. */
#include "fuzz.h"

#include <math.h>

#include <eface/result_file.h>

#include "table/paper_table.h"
#include "table/table_format.h"
#include "plot/plot_frame.h"

/* Makes a table of the results, each a system of its own, and writes it in every format. */
static void make_table(const ef_result_file *file, FILE *nowhere)
{
    enum { most = 8 };
    static const char *const names[most] = {"one", "two", "three", "four", "five", "six", "seven", "eight"};
    ef_paper_entry entries[most];
    const ef_published published = {0};
    ef_paper_input input = {entries, 0, &published};
    for (; input.count < file->count && input.count < most; input.count++) {
        entries[input.count] = (ef_paper_entry){&file->results[input.count], file->path, names[input.count]};
    }
    for (int i = 0; i < 4; i++) {
        const ef_paper_options options = {.digits = 2, .mixed = true, .intervals = i % 2 == 1, .transpose = i / 2 == 1};
        const ef_table_options options_of = {.color = i % 2 == 1, .standalone = i / 2 == 1};
        ef_error err = {EF_OK, ""};
        ef_grid grid;
        if (ef_paper_table(&grid, &input, &options, &err) != EF_OK) {
            fuzz_refused(err.status, &err);
            continue;
        }
        for (size_t f = 0; ef_table_format_at(f) != NULL; f++) {
            ef_table_format_at(f)->write(&grid, nowhere, &options_of);
        }
        ef_grid_free(&grid);
    }
}

/* Draws them, every kind of plot; numbers are whatever the file says. */
static void make_plots(const ef_result_file *file, FILE *nowhere)
{
    enum { most = 8 };
    ef_paper_entry entries[most];
    size_t count = 0;
    for (; count < file->count && count < most; count++) {
        entries[count] = (ef_paper_entry){&file->results[count], file->path, file->results[count].model};
    }
    for (int kind = 0; kind < EF_PLOT_KINDS; kind++) {
        const ef_plot_options options = {.kind = (ef_plot_kind)kind, .at = NAN, .from = NAN, .lowest = NAN, .mixed = true};
        const ef_plot_look look = {
            .format = kind % 2 == 0 ? EF_PLOT_PDF : EF_PLOT_TEXT, .columns = 80, .rows = 24, .data = "x.dat", .output = "x.pdf"};
        ef_error err = {EF_OK, ""};
        ef_plot plot;
        ef_status status = ef_plot_make(&plot, entries, count, &options, &err);
        if (status != EF_OK) {
            fuzz_refused(status, &err);
            continue;
        }
        ef_plot_lay_out(&plot, &look);
        ef_plot_write_script(&plot, &look, nowhere);
        ef_plot_write_data(&plot, nowhere);
        ef_plot_free(&plot);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    const char *path = fuzz_path(0);
    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
        assert(nowhere != NULL);
    }
    fuzz_write(path, data, size);
    ef_error err = {EF_OK, ""};
    ef_result_file file;
    if (ef_result_file_read(&file, path, &err) == EF_OK) {
        assert(file.count > 0);
        make_table(&file, nowhere);
        make_plots(&file, nowhere);
    } else {
        fuzz_refused(err.status, &err);
        assert(file.count == 0);
    }
    ef_result_file_free(&file);
    return 0;
}
