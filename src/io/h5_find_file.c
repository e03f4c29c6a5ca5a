#define _XOPEN_SOURCE 700 /* realpath */
#include "io/h5_find_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "io/h5.h"

/* A search for a file. */
typedef struct search {
    const char *name;
    hid_t found;
    bool enough; /* memory */
} search;

/* Tries the name below a folder of `length` bytes; a folder of none is the one at work. */
static void try_below(search *self, const char *folder, size_t length)
{
    struct stat about;
    if (self->found >= 0 || !self->enough) {
        return;
    }
    bool slash = length > 0 && folder[length - 1] != '/';
    char *path = ef_copy_format("%.*s%s%s", (int)length, folder, slash ? "/" : "", self->name);
    self->enough = path != NULL;
    if (path != NULL && stat(path, &about) == 0 && S_ISREG(about.st_mode)) { /* a pipe would be waited for */
        self->found = ef_h5_try_open(path);
    }
    free(path);
}

/* Tries the name beside a file. */
static void try_beside(search *self, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (slash != NULL) {
        try_below(self, file, (size_t)(slash - file) + 1);
    }
}

static void try_prefixes(search *self, const char *prefixes)
{
    while (prefixes != NULL && *prefixes != '\0') {
        size_t length = strcspn(prefixes, ":");
        if (length > 0) {
            try_below(self, prefixes, length);
        }
        prefixes += length + (prefixes[length] == ':');
    }
}

/* "${ORIGIN}/folder" is meant from the folder of the file. */
static void try_origin(search *self, const char *near, const char *prefix)
{
    static const char origin[] = "${ORIGIN}";
    if (prefix == NULL || strncmp(prefix, origin, sizeof origin - 1) != 0) {
        return;
    }
    const char *slash = strrchr(near, '/');
    char *folder =
        ef_copy_format("%.*s%s", slash != NULL ? (int)(slash - near) : 1, slash != NULL ? near : ".", prefix + sizeof origin - 1);
    self->enough = self->enough && folder != NULL;
    if (folder != NULL) {
        try_below(self, folder, strlen(folder));
    }
    free(folder);
}

ef_status ef_h5_find_file(hid_t *out, const char *near, const char *name, ef_error *err)
{
    const char *prefix = getenv("HDF5_VDS_PREFIX"), *slash = strrchr(name, '/');
    search self = {.name = name, .found = H5I_INVALID_HID, .enough = true};
    if (name[0] == '/') {
        try_below(&self, "", 0);
        self.name = slash + 1; /* else beside the file, wherever both were moved */
    }
    try_prefixes(&self, prefix);
    try_origin(&self, near, prefix);
    if (strchr(near, '/') != NULL) {
        try_beside(&self, near);
    }
    try_below(&self, "", 0);
    char *real = realpath(near, NULL);
    if (real != NULL) {
        try_beside(&self, real);
    }
    free(real);
    *out = self.found;
    return self.enough ? EF_OK : ef_fail_memory(err, name);
}
