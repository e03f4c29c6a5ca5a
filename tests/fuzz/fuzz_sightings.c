/* NIST's lists of templates, and the columns of comma-separated lists.  The first byte chooses: one to three lists, cut at bytes 0xFF, read as one
 * table and written back; or a heading and a line, cut into fields here as well, by other means. */
#include "fuzz.h"

#include "list/csv_columns.h"
#include "list/sightings.h"

enum { most_fields = 64 };

static const char *const columns_wanted[] = {"a", "b", "c"};

static size_t pass_blanks(ef_span line, size_t at)
{
    while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t' || line.text[at] == '\r')) {
        at++;
    }
    return at;
}

/* Letter by letter; the number of fields, 0 when quotes do not pair, more than most_fields when there are. */
static size_t cut(ef_span out[most_fields], ef_span line)
{
    size_t count = 0, at = 0;
    for (;;) {
        size_t begin = at, end;
        while (begin < line.length && (line.text[begin] == ' ' || line.text[begin] == '\t')) {
            begin++;
        }
        if (begin < line.length && line.text[begin] == '"') {
            end = ++begin;
            while (end < line.length && line.text[end] == '"' ? end + 1 < line.length && line.text[end + 1] == '"'
                                                              : end < line.length) {
                end += line.text[end] == '"' ? 2 : 1;
            }
            at = pass_blanks(line, end + 1);
            if (end >= line.length || (at < line.length && line.text[at] != ',')) {
                return 0;
            }
        } else {
            begin = pass_blanks(line, at);
            while (at < line.length && line.text[at] != ',') {
                at++;
            }
            begin = begin < at ? begin : at;
            end = at;
            while (end > begin && strchr(" \t\r", line.text[end - 1]) != NULL) {
                end--;
            }
        }
        if (count == most_fields) {
            return count + 1;
        }
        out[count++] = (ef_span){line.text + begin, end - begin};
        if (at >= line.length) {
            return count;
        }
        at++; /* the comma */
    }
}

static bool same_span(ef_span a, ef_span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

static void cut_line(const ef_csv_columns *columns, ef_span line, size_t fields, const size_t place[3])
{
    ef_error err = {EF_OK, ""};
    ef_span expected[most_fields], found[3];
    size_t count = cut(expected, line);
    ef_status status = ef_csv_columns_cut(found, columns, line, &err);
    if (count > most_fields) {
        return;
    }
    assert((status == EF_OK) == (count == fields));
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        assert(same_span(found[i], expected[place[i]]));
    }
}

static void find_columns(const uint8_t *data, size_t size)
{
    ef_error err = {EF_OK, ""};
    ef_csv_columns columns;
    ef_span expected[most_fields];
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t length = end != NULL ? (size_t)(end - data) : size, place[3] = {0};
    char *heading = fuzz_text(data, length), *line = fuzz_text(data + length + (end != NULL), size - length - (end != NULL));
    length = strlen(heading); /* no text has NUL in it: files that do are refused */
    size_t count = cut(expected, (ef_span){heading, length});
    ef_status status = ef_csv_columns_find(&columns, (ef_span){heading, length}, columns_wanted, 3, &err);
    bool there = count > 0 && count <= most_fields;
    for (size_t i = 0; i < 3 && there; i++) {
        size_t found = 0;
        for (size_t j = 0; j < count; j++) {
            if (expected[j].length == 1 && (expected[j].text[0] | 0x20) == columns_wanted[i][0]) {
                place[i] = j;
                found++;
            }
        }
        there = found == 1;
    }
    if (count <= most_fields) {
        assert((status == EF_OK) == there);
    }
    if (status != EF_OK) {
        fuzz_refused(status, &err);
    } else if (count <= most_fields) {
        assert(columns.fields == count);
        cut_line(&columns, (ef_span){line, strcspn(line, "\n")}, count, place);
    }
    free(heading);
    free(line);
}

static void print_quoted(FILE *file, const char *text)
{
    putc('"', file);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"" : "", file);
        putc(*text, file);
    }
    putc('"', file);
}

static bool has_template(const ef_subjects *subjects, int64_t template_id, int64_t subject_id)
{
    for (size_t i = 0; i < subjects->count; i++) {
        if (subjects->template_id[i] == template_id) {
            return subjects->subject_id[i] == subject_id;
        }
    }
    return false;
}

static void check_table(const ef_sightings *table, size_t lists)
{
    assert(table->count > 0 && table->of_all.count > 0 && table->repeated < table->count);
    for (size_t i = 0; i < table->count; i++) {
        const ef_sighting *row = &table->rows[i];
        assert(row->list < lists && row->line >= 2 && row->file < ef_strings_count(table->files));
        assert(has_template(&table->of_all, row->template_id, row->subject_id));
        assert(has_template(&table->of_list[row->list], row->template_id, row->subject_id));
    }
    for (size_t i = 1; i < table->of_all.count; i++) {
        assert(table->of_all.template_id[i - 1] < table->of_all.template_id[i]);
    }
    for (size_t list = 0; list < lists; list++) {
        const ef_subjects *some = &table->of_list[list];
        assert(some->count > 0);
        for (size_t i = 0; i < some->count; i++) {
            assert(has_template(&table->of_all, some->template_id[i], some->subject_id[i]));
        }
    }
}

/* Row by row, as one list, read again: the same rows, each file by the same name. */
static void write_back(const ef_sightings *table, const ef_sighting_columns *columns)
{
    ef_error err = {EF_OK, ""};
    ef_sightings again;
    const char *path = fuzz_path(3);
    FILE *file = fopen(path, "w");
    assert(file != NULL);
    fprintf(file, "\"%s\",%s,subject_id,TEMPLATE_ID\n", columns->media, columns->file);
    for (size_t i = 0; i < table->count; i++) {
        const ef_sighting *row = &table->rows[i];
        fprintf(file, "%lld,", (long long)row->media_id);
        print_quoted(file, ef_strings_at(table->files, row->file));
        fprintf(file, ",%lld,%lld\n", (long long)row->subject_id, (long long)row->template_id);
    }
    (void)fclose(file);
    ef_status status = ef_sightings_read(&again, &path, 1, columns, 1, &err);
    assert(status == EF_OK && again.count == table->count && again.of_all.count == table->of_all.count);
    for (size_t i = 0; i < again.count; i++) {
        const ef_sighting *a = &again.rows[i], *b = &table->rows[i];
        assert(a->template_id == b->template_id && a->subject_id == b->subject_id && a->media_id == b->media_id);
        assert(strcmp(ef_strings_at(again.files, a->file), ef_strings_at(table->files, b->file)) == 0);
    }
    ef_sightings_free(&again);
}

static void read_lists(const uint8_t *data, size_t size, size_t block)
{
    ef_error err = {EF_OK, ""}, small_err = {EF_OK, ""};
    ef_sightings table, small;
    const ef_sighting_columns columns = {"FILENAME", "SIGHTING_ID"};
    const char *paths[EF_SIGHTING_LISTS];
    size_t count = 0;
    for (;;) {
        const uint8_t *end = size > 0 && count + 1 < EF_SIGHTING_LISTS ? memchr(data, 0xFF, size) : NULL;
        size_t length = end != NULL ? (size_t)(end - data) : size;
        paths[count] = fuzz_path(count);
        fuzz_write(paths[count++], data, length);
        if (end == NULL) {
            break;
        }
        data += length + 1;
        size -= length + 1;
    }
    ef_status status = ef_sightings_read(&table, paths, count, &columns, 1, &err);
    ef_status small_status = ef_sightings_read_blocks(&small, paths, count, &columns, block, 2, &small_err);
    assert(status == small_status);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        assert(strcmp(err.message, small_err.message) == 0);
        return;
    }
    check_table(&table, count);
    assert(table.count == small.count && memcmp(table.rows, small.rows, table.count * sizeof *table.rows) == 0);
    ef_sightings_free(&small);
    write_back(&table, &columns);
    ef_sightings_free(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    if (data[0] % 2 == 0) {
        read_lists(data + 1, size - 1, 1 + data[0] / 2);
    } else {
        find_columns(data + 1, size - 1);
    }
    return 0;
}
