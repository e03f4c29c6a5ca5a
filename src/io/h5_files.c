#include "io/h5_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/memory.h"
#include "io/h5.h"

/* Marks the file that HDF5 itself has open, whatever stands under its name by now. */
static void mark_open(ef_file_mark *mark, hid_t object, const char *path)
{
    struct stat about;
    void *handle = NULL;
    hid_t file = H5Iget_file_id(object);
    hid_t access = file >= 0 ? H5Fget_access_plist(file) : H5I_INVALID_HID;
    bool open = access >= 0 && H5Pget_driver(access) == H5FD_SEC2 && H5Fget_vfd_handle(file, access, &handle) >= 0 &&
                handle != NULL && fstat(*(int *)handle, &about) == 0;
    if (open) {
        *mark = ef_file_mark_of(&about, false);
    } else {
        ef_file_mark_take(mark, path);
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    if (file >= 0) {
        H5Fclose(file);
    }
}

/* Files are the same under any name, but for one that was replaced: that is what is to be found out. */
static bool is_there(const ef_h5_files *files, const ef_file_mark *mark)
{
    for (size_t i = 0; i < files->count; i++) {
        const ef_file_mark *other = &files->items[i].mark;
        if (mark->there && other->there && other->device == mark->device && other->inode == mark->inode) {
            return true;
        }
    }
    return false;
}

ef_status ef_h5_files_add(ef_h5_files *files, const char *path, const ef_file_mark *mark, ef_error *err)
{
    if (is_there(files, mark)) {
        return EF_OK;
    }
    char *copy = ef_copy(path);
    if (copy == NULL || !ef_grow(&files->items, &files->capacity, files->count + 1, sizeof *files->items)) {
        free(copy);
        return ef_fail_memory(err, path);
    }
    files->items[files->count++] = (ef_h5_file){copy, *mark};
    return EF_OK;
}

ef_status ef_h5_files_add_of(ef_h5_files *files, hid_t object, const char *path, ef_error *err)
{
    ef_file_mark mark;
    char *own = path == NULL ? ef_h5_file_name(object) : NULL;
    const char *name = path != NULL ? path : own;
    if (name == NULL) {
        return ef_h5_fail(err, EF_IO, "the file of a dataset has no name");
    }
    mark_open(&mark, object, name);
    ef_status status = ef_h5_files_add(files, name, &mark, err);
    free(own);
    return status;
}

ef_status ef_h5_files_check(const ef_h5_files *files, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < files->count; i++) {
        status = ef_file_mark_check(&files->items[i].mark, files->items[i].path, err);
    }
    return status;
}

void ef_h5_files_free(ef_h5_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
    }
    free(files->items);
    *files = (ef_h5_files){0};
}
