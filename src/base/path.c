#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/memory.h"

bool ef_is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

char *ef_path_below(const char *folder, const char *name)
{
    if (folder == NULL || name[0] == '/') {
        folder = "";
    }
    size_t length = strlen(folder), size;
    if (!ef_size_add(&size, length, strlen(name) + 2)) {
        return NULL;
    }
    char *path = malloc(size);
    if (path != NULL) {
        bool slash = length > 0 && folder[length - 1] != '/' && name[0] != '\0';
        snprintf(path, size, "%s%s%s", folder, slash ? "/" : "", name);
    }
    return path;
}

char *ef_path_stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return ef_copy_bytes(name, dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
}
