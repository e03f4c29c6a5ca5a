#include "evaluate/list_places.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/path.h"

static const struct place {
    bool inner; /* in the protocol's own folder in it */
    const char *tail;
} places[EF_LIST_PLACES] = {{false, ""}, {false, "/meta"}, {false, "/protocols"}, {false, "/protocol"},
                            {true, ""},  {true, "/meta"},  {true, "/protocols"},  {true, "/protocol"}};

char *ef_list_place(const ef_protocol *protocol, const char *folder, size_t index)
{
    const struct place *place = &places[index];
    return place->inner ? ef_copy_format("%s/%s%s", folder, protocol->folder, place->tail)
                        : ef_copy_format("%s%s", folder, place->tail);
}

/* Whether a file is the list `name`, which may be absolute, of a folder; a name of NULL is no list. */
static ef_status compare(bool *same, const char *base, const char *name, const struct stat *file, ef_error *err)
{
    struct stat about;
    if (name == NULL) {
        return EF_OK;
    }
    char *path = ef_path_below(base, name);
    if (path == NULL) {
        return ef_fail_memory(err, "a list");
    }
    *same = *same || (stat(path, &about) == 0 && about.st_dev == file->st_dev && about.st_ino == file->st_ino);
    free(path);
    return EF_OK;
}

ef_status ef_list_is_named(bool *named, const ef_protocol *protocol, const char *folder, const char *path, ef_error *err)
{
    struct stat file;
    ef_status status = EF_OK;
    *named = false;
    if (stat(path, &file) != 0) {
        return EF_OK;
    }
    for (size_t i = 0; status == EF_OK && i < EF_LIST_PLACES; i++) {
        char *base = ef_list_place(protocol, folder, i);
        status = base != NULL ? compare(named, base, protocol->list_argument, &file, err) : ef_fail_memory(err, "a list");
        for (int list = 0; status == EF_OK && list < EF_FILE_COUNT; list++) {
            status = compare(named, base, protocol->template_files[list], &file, err);
        }
        free(base);
    }
    return status;
}
