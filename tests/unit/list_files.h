/* list_files.h - lists written into a folder of their own for a test, and where the official ones are. */
#ifndef LIST_FILES_H
#define LIST_FILES_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include <eface/pair_list.h>

static char folder[64];

static inline void make_folder(void)
{
    strcpy(folder, "/tmp/eface-list-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void remove_tree(const char *path)
{
    DIR *open = opendir(path);
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            char inner[1024];
            ck_assert_int_lt(snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name), (int)sizeof inner);
            remove_tree(inner);
        }
    }
    if (open != NULL) {
        closedir(open);
    }
    ck_assert_int_eq(remove(path), 0);
}

static inline void remove_folder(void)
{
    remove_tree(folder);
}

/* Writes a file below the folder, making the folders that its name holds. */
static inline void put(const char *name, const char *text)
{
    char path[512];
    size_t length = (size_t)snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_uint_lt(length, sizeof path);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

/* The list `text` in a format, from a file called "list"; FAILS and OK see `err`. */
static inline ef_status read_text(ef_pair_list *out, const char *format, const char *text, ef_error *err)
{
    put("list", text);
    return ef_list_format_find(format)->read(out, folder, "list", err);
}

/* "id id genuine fold line" of a pair, in static memory. */
static inline const char *shown(const ef_pair_list *list, size_t pair)
{
    static char text[512];
    const ef_listed_pair *p = &list->pairs[pair];
    snprintf(text, sizeof text, "%s %s %d %d %zu", ef_strings_at(list->ids, p->a), ef_strings_at(list->ids, p->b), p->genuine,
             p->fold, p->line);
    return text;
}

/* An official file or folder below $EFACE_DATA, in static memory, or NULL with a notice when it is not there. */
static inline const char *official(const char *name)
{
    static char path[4096];
    const char *data = getenv("EFACE_DATA");
    snprintf(path, sizeof path, "%s/%s", data != NULL ? data : "../shared/data", name);
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "skipped: %s is not there (EFACE_DATA says where the official lists are)\n", path);
        return NULL;
    }
    return path;
}

/* Counts the pairs of a fold (-1 for none) of one kind. */
static inline size_t pairs_of(const ef_pair_list *list, int fold, int genuine)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        count += list->pairs[i].fold == fold && list->pairs[i].genuine == genuine;
    }
    return count;
}

#endif
