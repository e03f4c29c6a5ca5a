#include "protocol/find.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eface/protocol.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/path.h"

static const char extension[] = ".ini";

static bool has_extension(const char *name)
{
    size_t length = strlen(name), tail = sizeof extension - 1;
    return length > tail && strcmp(name + length - tail, extension) == 0;
}

/* The length of the folder part of the running program's path, slash included; 0 when it cannot be told. */
static size_t program_folder(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0) {
        return 0;
    }
    path[length] = '\0';
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static ef_status add_folder(ef_strings *folders, char *folder, ef_error *err)
{
    if (folder == NULL) {
        return ef_fail_memory(err, "the list of protocol folders");
    }
    ef_status status = ef_strings_add(folders, folder, strlen(folder), err);
    free(folder);
    return status;
}

ef_status ef_protocol_folders(ef_strings **out, ef_error *err)
{
    ef_strings *folders = NULL;
    ef_status status = ef_strings_create(&folders, err);
    const char *given = getenv("EFACE_PROTOCOLS");
    while (status == EF_OK && given != NULL && *given != '\0') {
        size_t length = strcspn(given, ":");
        if (length > 0) {
            status = ef_strings_add(folders, given, length, err);
        }
        given += length + (given[length] == ':');
    }
    if (status == EF_OK) {
        status = ef_strings_add(folders, "protocols", strlen("protocols"), err);
    }
    char program[4096];
    int length = (int)program_folder(program, sizeof program);
    if (status == EF_OK && length > 0) {
        status = add_folder(folders, ef_copy_format("%.*sprotocols", length, program), err);
    }
    if (status == EF_OK && length > 0) { /* an installed tree that was moved as a whole */
        status = add_folder(folders, ef_copy_format("%.*s../share/eface/protocols", length, program), err);
    }
    if (status == EF_OK) {
        status = ef_strings_add(folders, EF_PROTOCOLS_INSTALLED, strlen(EF_PROTOCOLS_INSTALLED), err);
    }
    if (status != EF_OK) {
        ef_strings_free(folders);
        return status;
    }
    *out = folders;
    return EF_OK;
}

/* A protocol file seen in a folder. */
typedef struct found {
    char *name; /* without .ini */
    char *path;
} found;

typedef struct finding {
    found *items;
    size_t count, capacity;
} finding;

static void finding_free(finding *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->items[i].name);
        free(self->items[i].path);
    }
    free(self->items);
}

static const found *finding_by_name(const finding *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->items[i].name, name) == 0) {
            return &self->items[i];
        }
    }
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    const found *left = a, *right = b;
    return strcmp(left->name, right->name);
}

/* Collects the .ini files of all folders, the first of each name; a folder that is not there is passed over. */
static ef_status find_all(finding *self, ef_error *err)
{
    ef_strings *folders = NULL;
    ef_status status = ef_protocol_folders(&folders, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(folders); i++) {
        const char *folder = ef_strings_at(folders, i);
        DIR *directory = opendir(folder);
        struct dirent *entry;
        while (status == EF_OK && directory != NULL && (entry = readdir(directory)) != NULL) {
            if (!has_extension(entry->d_name)) {
                continue;
            }
            char *name = ef_copy_bytes(entry->d_name, strlen(entry->d_name) - strlen(extension));
            if (name != NULL && finding_by_name(self, name) != NULL) {
                free(name);
                continue;
            }
            char *path = ef_copy_format("%s/%s", folder, entry->d_name);
            if (name == NULL || path == NULL || !ef_grow(&self->items, &self->capacity, self->count + 1, sizeof *self->items)) {
                free(name);
                free(path);
                status = ef_fail_memory(err, "the list of protocols");
                break;
            }
            self->items[self->count++] = (found){name, path};
        }
        if (directory != NULL) {
            closedir(directory);
        }
    }
    ef_strings_free(folders);
    if (status == EF_OK && self->count > 0) {
        qsort(self->items, self->count, sizeof *self->items, by_name);
    }
    return status;
}

ef_status ef_protocol_list(ef_strings **out, ef_error *err)
{
    finding all = {0};
    ef_strings *names = NULL;
    ef_status status = find_all(&all, err);
    if (status == EF_OK) {
        status = ef_strings_create(&names, err);
    }
    for (size_t i = 0; status == EF_OK && i < all.count; i++) {
        status = ef_strings_add(names, all.items[i].name, strlen(all.items[i].name), err);
    }
    finding_free(&all);
    if (status != EF_OK) {
        ef_strings_free(names);
        return status;
    }
    *out = names;
    return EF_OK;
}

static ef_status fail_unknown(const finding *all, const char *name, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; i < all->count; i++) {
        ef_nearest_offer(&nearest, all->items[i].name);
    }
    if (all->count == 0) {
        return ef_fail(err, EF_INVALID,
                       "no protocol '%s': no protocol files were found at all; set EFACE_PROTOCOLS to the folder that holds them",
                       name);
    }
    if (nearest.best == NULL && all->count > EF_NEAREST_SHOWN) {
        return ef_fail(err, EF_INVALID, "no protocol '%s'; --list-protocols names those there are", name);
    }
    return ef_fail_unknown(err, "protocol", name, &nearest);
}

ef_status ef_protocol_find(char **path, const char *name, ef_error *err)
{
    *path = NULL;
    finding all = {0};
    ef_status status = EF_OK;
    if (strchr(name, '/') != NULL || has_extension(name) || ef_is_standard_input(name)) {
        *path = ef_copy(name);
        return *path != NULL ? EF_OK : ef_fail_memory(err, "a protocol's path");
    }
    status = find_all(&all, err);
    const found *match = status == EF_OK ? finding_by_name(&all, name) : NULL;
    for (size_t i = 0; status == EF_OK && match == NULL && i < all.count; i++) {
        if (ef_same_name(all.items[i].name, name)) {
            match = &all.items[i];
        }
    }
    if (status == EF_OK && match == NULL) {
        status = fail_unknown(&all, name, err);
    }
    if (status == EF_OK) {
        *path = ef_copy(match->path);
        status = *path != NULL ? EF_OK : ef_fail_memory(err, "a protocol's path");
    }
    finding_free(&all);
    return status;
}
