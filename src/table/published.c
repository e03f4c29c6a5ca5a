#include "table/published.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eface/protocol.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/input.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"
#include "list/ini_file.h"
#include "base/path.h"

static const char extension[] = ".ini";

/* The length of "arcface.ini" without ".ini"; 0 when it does not end so. */
static size_t stem_length(const char *name)
{
    size_t length = strlen(name), tail = sizeof extension - 1;
    return length > tail && strcmp(name + length - tail, extension) == 0 ? length - tail : 0;
}

/* Adds the names of the files in one folder, those that are new; a folder that is not there is passed over. */
static ef_status list_folder(ef_strings *names, const char *folder, ef_error *err)
{
    ef_status status = EF_OK;
    char *path = ef_copy_format("%s/published", folder);
    DIR *directory = path != NULL ? opendir(path) : NULL;
    struct dirent *entry;
    while (status == EF_OK && directory != NULL && (entry = readdir(directory)) != NULL) {
        size_t length = stem_length(entry->d_name);
        bool known = length == 0;
        for (size_t i = 0; !known && i < ef_strings_count(names); i++) {
            const char *name = ef_strings_at(names, i);
            known = strlen(name) == length && strncmp(name, entry->d_name, length) == 0;
        }
        status = known ? EF_OK : ef_strings_add(names, entry->d_name, length, err);
    }
    if (directory != NULL) {
        closedir(directory);
    }
    status = path != NULL ? status : ef_fail_memory(err, "published figures");
    free(path);
    return status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* *out = a copy in alphabetical order. */
static ef_status sort_names(ef_strings **out, const ef_strings *names, ef_error *err)
{
    size_t count = ef_strings_count(names);
    const char **order = ef_alloc(count, sizeof *order);
    ef_status status = order != NULL ? ef_strings_create(out, err) : ef_fail_memory(err, "published figures");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        order[i] = ef_strings_at(names, i);
    }
    if (status == EF_OK && count > 0) {
        qsort(order, count, sizeof *order, by_text);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = ef_strings_add(*out, order[i], strlen(order[i]), err);
    }
    free(order);
    return status;
}

ef_status ef_published_list(ef_strings **out, ef_error *err)
{
    ef_strings *folders = NULL, *names = NULL, *sorted = NULL;
    ef_status status = ef_protocol_folders(&folders, err);
    if (status == EF_OK) {
        status = ef_strings_create(&names, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(folders); i++) {
        status = list_folder(names, ef_strings_at(folders, i), err);
    }
    if (status == EF_OK) {
        status = sort_names(&sorted, names, err);
    }
    ef_strings_free(folders);
    ef_strings_free(names);
    if (status != EF_OK) {
        ef_strings_free(sorted);
        return status;
    }
    *out = sorted;
    return EF_OK;
}

static ef_status fail_no_file(const char *name, ef_error *err)
{
    ef_strings *names = NULL;
    ef_nearest nearest = ef_nearest_begin(name);
    ef_status status = ef_published_list(&names, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        ef_nearest_offer(&nearest, ef_strings_at(names, i));
    }
    if (status == EF_OK && nearest.best == NULL) {
        status = ef_fail(err, EF_INVALID, "no published figures '%s'; --list-published names those there are", name);
    } else if (status == EF_OK) {
        status = ef_fail_unknown(err, "published figures", name, &nearest);
    }
    ef_strings_free(names);
    return status;
}

/* *path = the file called `name`; freed with free(). */
static ef_status find_file(char **path, const char *name, ef_error *err)
{
    ef_strings *folders = NULL;
    *path = NULL;
    if (strchr(name, '/') != NULL || stem_length(name) > 0 || ef_is_standard_input(name)) {
        *path = ef_copy(name);
        return *path != NULL ? EF_OK : ef_fail_memory(err, "published figures");
    }
    ef_status status = ef_protocol_folders(&folders, err);
    for (size_t i = 0; status == EF_OK && *path == NULL && i < ef_strings_count(folders); i++) {
        char *candidate = ef_copy_format("%s/published/%s.ini", ef_strings_at(folders, i), name);
        if (candidate == NULL) {
            status = ef_fail_memory(err, "published figures");
        } else if (access(candidate, F_OK) == 0) {
            *path = candidate;
        } else {
            free(candidate);
        }
    }
    ef_strings_free(folders);
    return status == EF_OK && *path == NULL ? fail_no_file(name, err) : status;
}

static void free_system(ef_published_system *system)
{
    for (size_t i = 0; i < system->count; i++) {
        free(system->figures[i].protocol);
        free(system->figures[i].text);
    }
    free(system->figures);
    free(system->path);
    free(system->id);
    free(system->name);
    free(system->source);
}

void ef_published_free(ef_published *published)
{
    for (size_t i = 0; i < published->count; i++) {
        free_system(&published->systems[i]);
    }
    free(published->systems);
    *published = (ef_published){0};
}

/* Reads "ijbc tar_at_far@1e-4 = 96.03". */
static ef_status read_figure(ef_published_system *system, const ef_ini_entry *entry, ef_error *err)
{
    ef_metric_request request;
    double value;
    ef_span rest = {entry->key, strlen(entry->key)}, protocol, name;
    if (!ef_span_word(&rest, &protocol) || !ef_span_word(&rest, &name) || ef_span_words(rest) > 0) {
        return ef_fail(err, EF_FORMAT, "'%s' is neither name, source nor a figure, like 'lfw accuracy' or 'ijbc tar_at_far@1e-4'",
                       entry->key);
    }
    if (!ef_parse_real(&value, entry->value, strlen(entry->value)) || value < 0 || value > 100) {
        return ef_fail(err, EF_FORMAT, "'%s' is not a figure in per cent, 0 to 100", entry->value);
    }
    ef_status status = ef_metric_request_parse(&request, name.text, ~0U, err); /* it is the key's last word */
    if (status != EF_OK) {
        return ef_context(err, EF_FORMAT, "'%s'", entry->key);
    }
    if (request.metric->kind != EF_KIND_RATE) {
        return ef_fail(err, EF_FORMAT, "%s is no rate, and figures are read in per cent", request.metric->name);
    }
    ef_published_figure figure = {ef_copy_bytes(protocol.text, protocol.length), request.metric, request.point, value / 100,
                                  ef_copy(entry->value)};
    if (figure.protocol == NULL || figure.text == NULL ||
        !ef_grow(&system->figures, &system->capacity, system->count + 1, sizeof *system->figures)) {
        status = ef_fail_memory(err, "published figures");
    } else if (ef_published_find(system, figure.protocol, figure.metric->name, figure.point) != NULL) {
        status = ef_fail(err, EF_FORMAT, "'%s' is a figure that this system has already", entry->key);
    } else {
        system->figures[system->count++] = figure;
        return EF_OK;
    }
    free(figure.protocol);
    free(figure.text);
    return status;
}

static ef_status read_entry(ef_published_system *system, const ef_ini_entry *entry, ef_error *err)
{
    char **text = strcmp(entry->key, "name") == 0 ? &system->name : strcmp(entry->key, "source") == 0 ? &system->source : NULL;
    if (text == NULL) {
        return read_figure(system, entry, err);
    }
    if (entry->value[0] == '\0') {
        return ef_fail(err, EF_FORMAT, "'%s' has no value", entry->key);
    }
    *text = ef_copy(entry->value);
    return *text != NULL ? EF_OK : ef_fail_memory(err, "published figures");
}

static ef_status check_system(const ef_published_system *system, const char *path, ef_error *err)
{
    const char *missing = system->name == NULL ? "name" : system->source == NULL ? "source" : NULL;
    if (missing != NULL) {
        return ef_fail(err, EF_FORMAT, "%s: [%s] has no '%s'; a published figure says whose it is and where it stands", path,
                       system->id, missing);
    }
    return system->count > 0 ? EF_OK : ef_fail(err, EF_FORMAT, "%s: [%s] has no figures", path, system->id);
}

/* Reads the entries of one section from *next on into a system of its own. */
static ef_status read_system(ef_published *published, size_t *next, const ef_ini_file *file, const char *path, ef_error *err)
{
    const char *section = file->entries[*next].section;
    if (!ef_grow(&published->systems, &published->capacity, published->count + 1, sizeof *published->systems)) {
        return ef_fail_memory(err, "published figures");
    }
    ef_published_system *system = &published->systems[published->count++];
    *system = (ef_published_system){.path = ef_copy(path), .id = ef_copy(section)};
    ef_status status = system->path != NULL && system->id != NULL ? EF_OK : ef_fail_memory(err, "published figures");
    for (; status == EF_OK && *next < file->count && strcmp(file->entries[*next].section, section) == 0; ++*next) {
        const ef_ini_entry *entry = &file->entries[*next];
        if (entry->key != NULL) {
            status = read_entry(system, entry, err);
            if (status != EF_OK) {
                ef_context(err, status, "%s:%zu", path, entry->line);
            }
        }
    }
    return status == EF_OK ? check_system(system, path, err) : status;
}

static ef_status read_file(ef_published *published, const char *path, ef_error *err)
{
    ef_ini_file file = {0};
    ef_status status = ef_ini_file_read(&file, path, err);
    path = ef_input_name(path);
    for (size_t next = 0; status == EF_OK && next < file.count;) {
        status = read_system(published, &next, &file, path, err);
    }
    if (status == EF_OK && file.count == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: holds no published figures", path);
    }
    ef_ini_file_free(&file);
    return status;
}

/* *is_new = whether a system of a file is not among the known ones; now it is. */
static ef_status know(bool *is_new, ef_intern *known, size_t *count, const ef_published_system *system, ef_error *err)
{
    size_t number = 0;
    char *name = ef_copy_format("%s\n%s", system->path, system->id);
    ef_status status =
        name != NULL ? ef_intern_add(&number, known, name, strlen(name), err) : ef_fail_memory(err, "published figures");
    *is_new = status == EF_OK && number == *count;
    *count += *is_new;
    free(name);
    return status;
}

/* Moves the system `id`, or all when it is NULL, from one to the other, each once.  `known` has none yet. */
static ef_status move_new(ef_published *to, ef_published *from, ef_intern *known, const char *path, const char *id, ef_error *err)
{
    bool some = false, is_new;
    size_t count = 0;
    for (size_t i = 0; i < to->count; i++) {
        ef_status status = know(&is_new, known, &count, &to->systems[i], err);
        if (status != EF_OK) {
            return status;
        }
    }
    ef_nearest nearest = ef_nearest_begin(id != NULL ? id : "");
    for (size_t i = 0; i < from->count; i++) {
        ef_published_system *system = &from->systems[i];
        ef_nearest_offer(&nearest, system->id);
        if (id != NULL && !ef_same_name(id, system->id)) {
            continue;
        }
        some = true;
        ef_status status = know(&is_new, known, &count, system, err);
        if (status != EF_OK) {
            return status;
        }
        if (!is_new) {
            continue;
        }
        if (!ef_grow(&to->systems, &to->capacity, to->count + 1, sizeof *to->systems)) {
            return ef_fail_memory(err, "published figures");
        }
        to->systems[to->count++] = *system;
        *system = (ef_published_system){0};
    }
    ef_status status = some ? EF_OK : ef_fail_unknown(err, "system", id, &nearest);
    return some ? EF_OK : ef_context(err, status, "%s", path);
}

static ef_status move_systems(ef_published *to, ef_published *from, const char *path, const char *id, ef_error *err)
{
    ef_strings *names = NULL;
    ef_intern *known = NULL;
    ef_status status = ef_strings_create(&names, err);
    if (status == EF_OK && (status = ef_intern_create(&known, names, err)) == EF_OK) {
        status = move_new(to, from, known, path, id, err);
    }
    ef_intern_free(known);
    ef_strings_free(names);
    return status;
}

/* Where the id of a name begins, at its colon; NULL without one. */
static const char *find_id(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL && strchr(colon, '/') != NULL ? NULL : colon; /* one in the name of a folder is none */
}

char *ef_published_file(const char *name)
{
    const char *colon = find_id(name);
    return ef_copy_bytes(name, colon != NULL ? (size_t)(colon - name) : strlen(name));
}

ef_status ef_published_add(ef_published *published, const char *name, ef_error *err)
{
    const char *colon = find_id(name);
    ef_published read = {0};
    char *path = NULL, *file = ef_published_file(name);
    ef_status status = file != NULL ? find_file(&path, file, err) : ef_fail_memory(err, "published figures");
    if (status == EF_OK) {
        status = read_file(&read, path, err);
    }
    if (status == EF_OK) {
        status = move_systems(published, &read, path, colon != NULL ? colon + 1 : NULL, err);
    }
    ef_published_free(&read);
    free(path);
    free(file);
    return status;
}

const ef_published_figure *ef_published_find(const ef_published_system *system, const char *protocol, const char *metric,
                                             double point)
{
    for (size_t i = 0; i < system->count; i++) {
        const ef_published_figure *figure = &system->figures[i];
        bool here = figure->point == point || (isnan(figure->point) && isnan(point));
        if (here && ef_same_name(figure->protocol, protocol) && strcmp(figure->metric->name, metric) == 0) {
            return figure;
        }
    }
    return NULL;
}
