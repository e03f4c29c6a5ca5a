/* Result files: any text is either results, of which a table can be made and written or refused, or an error that says why. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include <eface/result_file.h>

#include "fuzz.h"
#include "report/paper_table.h"

static char path[] = "/tmp/eface-fuzz-XXXXXX.json";

static void remove_file(void)
{
    (void)unlink(path);
}

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
        const ef_look_options look = {.color = i % 2 == 1, .standalone = i / 2 == 1};
        ef_error err = {EF_OK, ""};
        ef_grid grid;
        if (ef_paper_table(&grid, &input, &options, &err) != EF_OK) {
            assert(err.message[0] != '\0');
            continue;
        }
        for (int format = EF_LOOK_TEXT; format <= EF_LOOK_HTML; format++) {
            ef_grid_write(&grid, nowhere, (ef_look)format, &look);
        }
        ef_grid_free(&grid);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (nowhere == NULL) {
        /* One file for each process. */
        (void)snprintf(path, sizeof path, "/tmp/eface-fuzz-%06d.json", (int)getpid() % 1000000);
        (void)atexit(remove_file);
        nowhere = fopen("/dev/null", "w");
        assert(nowhere != NULL);
    }
    fuzz_write(path, data, size);
    ef_error err = {EF_OK, ""};
    ef_result_file file;
    if (ef_result_file_read(&file, path, &err) == EF_OK) {
        assert(file.count > 0);
        make_table(&file, nowhere);
    } else {
        assert(err.message[0] != '\0' && file.count == 0);
    }
    ef_result_file_free(&file);
    return 0;
}
