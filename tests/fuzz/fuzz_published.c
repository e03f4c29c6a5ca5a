/* INI files.  The first byte chooses: entries alone, or published figures; both are written back and read again. */
#include "fuzz.h"

#include <math.h>

#include "base/number.h"
#include "list/ini_file.h"
#include "table/published.h"

enum { longest = 190 /* bytes of a line that inih takes for sure */ };

static FILE *open_again(void)
{
    FILE *file = fopen(fuzz_path(1), "w");
    assert(file != NULL);
    return file;
}

/* Whether an entry can stand in one line. */
static bool is_short(const ef_ini_entry *entry)
{
    return strlen(entry->section) < longest && (entry->key == NULL || strlen(entry->key) + strlen(entry->value) < longest);
}

/* Every entry stands under its section's heading, in the order of the lines, and no key does twice. */
static bool check_entries(const ef_ini_file *file)
{
    const char *section = NULL;
    size_t first = 0;
    bool all_short = true;
    for (size_t i = 0; i < file->count; i++) {
        const ef_ini_entry *entry = &file->entries[i];
        if (entry->key == NULL) {
            section = entry->section;
            first = i + 1;
        }
        assert(section != NULL && strcmp(entry->section, section) == 0 && section[0] != '\0');
        assert(entry->line > 0 && (i == 0 || entry->line > file->entries[i - 1].line));
        assert((entry->key == NULL) == (entry->value == NULL));
        for (size_t j = first; j < i; j++) {
            assert(strcmp(entry->key, file->entries[j].key) != 0);
        }
        all_short = all_short && is_short(entry);
    }
    return all_short;
}

static void read_entries(void)
{
    ef_error err = {EF_OK, ""};
    ef_ini_file file = {0}, again = {0};
    ef_status status = ef_ini_file_read(&file, fuzz_path(0), &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        assert(file.count == 0);
        return;
    }
    if (check_entries(&file)) {
        FILE *out = open_again();
        for (size_t i = 0; i < file.count; i++) {
            const ef_ini_entry *entry = &file.entries[i];
            fprintf(out, entry->key == NULL ? "[%s]\n" : "%s=%s\n", entry->key == NULL ? entry->section : entry->key,
                    entry->value);
        }
        (void)fclose(out);
        status = ef_ini_file_read(&again, fuzz_path(1), &err);
        assert(status == EF_OK && again.count == file.count);
        for (size_t i = 0; i < file.count; i++) {
            const ef_ini_entry *a = &again.entries[i], *b = &file.entries[i];
            assert(strcmp(a->section, b->section) == 0 && (a->key == NULL) == (b->key == NULL));
            assert(a->key == NULL || (strcmp(a->key, b->key) == 0 && strcmp(a->value, b->value) == 0));
        }
        ef_ini_file_free(&again);
    }
    ef_ini_file_free(&file);
}

static void check_system(const ef_published_system *system)
{
    assert(system->id[0] != '\0' && system->name[0] != '\0' && system->source[0] != '\0' && system->count > 0);
    for (size_t i = 0; i < system->count; i++) {
        const ef_published_figure *figure = &system->figures[i];
        double percent;
        assert(ef_parse_real(&percent, figure->text, strlen(figure->text)) && figure->value == percent / 100);
        assert(figure->value >= 0 && figure->value <= 1 && figure->metric->kind == EF_KIND_RATE);
        assert(isnan(figure->point) == (figure->metric->parameter == NULL));
        /* None hides another one. */
        assert(ef_published_find(system, figure->protocol, figure->metric->name, figure->point) == figure);
    }
}

static bool write_system(FILE *out, const ef_published_system *system)
{
    bool all_short = strlen(system->id) < longest && strlen(system->name) < longest && strlen(system->source) < longest;
    fprintf(out, "[%s]\nname=%s\nsource=%s\n", system->id, system->name, system->source);
    for (size_t i = 0; i < system->count; i++) {
        const ef_published_figure *figure = &system->figures[i];
        all_short = all_short && strlen(figure->protocol) + strlen(figure->text) < longest - 100;
        fprintf(out, "%s %s", figure->protocol, figure->metric->name);
        if (!isnan(figure->point)) {
            fprintf(out, "@%.17g", figure->point);
        }
        fprintf(out, " = %s\n", figure->text);
    }
    return all_short;
}

static void same_systems(const ef_published *a, const ef_published *b)
{
    assert(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        const ef_published_system *x = &a->systems[i], *y = &b->systems[i];
        assert(strcmp(x->id, y->id) == 0 && strcmp(x->name, y->name) == 0 && strcmp(x->source, y->source) == 0);
        assert(x->count == y->count);
        for (size_t j = 0; j < x->count; j++) {
            const ef_published_figure *figure = &x->figures[j];
            const ef_published_figure *other = ef_published_find(y, figure->protocol, figure->metric->name, figure->point);
            assert(other != NULL && other->value == figure->value && strcmp(other->text, figure->text) == 0);
        }
    }
}

/* One system alone, by its id. */
static void add_alone(const ef_published_system *system)
{
    char name[256];
    ef_error err = {EF_OK, ""};
    ef_published alone = {0};
    if (strpbrk(system->id, "/:") == NULL) {
        (void)snprintf(name, sizeof name, "%s:%s", fuzz_path(0), system->id);
        ef_status status = ef_published_add(&alone, name, &err);
        assert(status == EF_OK && alone.count >= 1); /* more: ids that differ in case alone */
        ef_published_free(&alone);
    }
}

static void read_published(void)
{
    ef_error err = {EF_OK, ""};
    ef_published published = {0}, again = {0};
    ef_status status = ef_published_add(&published, fuzz_path(0), &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
        assert(published.count == 0);
        return;
    }
    FILE *out = open_again();
    bool all_short = true;
    assert(published.count > 0);
    for (size_t i = 0; i < published.count; i++) {
        check_system(&published.systems[i]);
        add_alone(&published.systems[i]);
        all_short = write_system(out, &published.systems[i]) && all_short;
    }
    (void)fclose(out);
    size_t count = published.count;
    status = ef_published_add(&published, fuzz_path(0), &err);
    assert(status == EF_OK && published.count == count);
    if (all_short) {
        status = ef_published_add(&again, fuzz_path(1), &err);
        assert(status == EF_OK);
        same_systems(&published, &again);
        ef_published_free(&again);
    }
    ef_published_free(&published);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    fuzz_write(fuzz_path(0), data + 1, size - 1);
    if (data[0] % 2 == 0) {
        read_entries();
    } else {
        read_published();
    }
    return 0;
}
