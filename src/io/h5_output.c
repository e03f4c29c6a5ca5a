#include "io/h5_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "io/h5.h"

hid_t ef_h5_timeless(hid_t class)
{
    hid_t list = H5Pcreate(class);
    H5Pset_obj_track_times(list, false);
    return list;
}

hid_t ef_h5_text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size > 0 ? size : 1);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

ef_status ef_h5_output_create(ef_h5_output *out, const char *path, ef_error *err)
{
    struct stat about;
    *out = (ef_h5_output){.file = H5I_INVALID_HID};
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: is %s; an HDF5 file cannot be written there", path,
                       S_ISDIR(about.st_mode) ? "a folder" : "not a regular file");
    }
    if ((out->path = ef_copy(path)) == NULL) {
        return ef_fail_memory(err, path);
    }
    int file = -1;
    if ((out->temporary = ef_temporary_file(&file, path)) == NULL) {
        return ef_fail(err, EF_IO, "%s: cannot be made: %s", path, strerror(errno));
    }
    close(file); /* HDF5 opens it by name */
    hid_t creation = ef_h5_timeless(H5P_FILE_CREATE);
    out->file = H5Fcreate(ef_temporary_path(out->temporary), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
    ef_status status = out->file >= 0 ? EF_OK : ef_h5_fail(err, EF_IO, "%s: cannot be made", path);
    H5Pclose(creation);
    return status;
}

ef_status ef_h5_output_finish(ef_h5_output *output, ef_error *err)
{
    bool written = H5Fclose(output->file) >= 0;
    output->file = H5I_INVALID_HID;
    if (!written) {
        return ef_h5_fail(err, EF_IO, "%s: cannot be written", output->path);
    }
    if (!ef_temporary_place(output->temporary, output->path)) {
        return ef_fail(err, EF_IO, "%s: cannot be put in place: %s", output->path, strerror(errno));
    }
    output->temporary = NULL;
    return EF_OK;
}

void ef_h5_output_abandon(ef_h5_output *output)
{
    if (output->path != NULL && output->file >= 0) {
        H5Fclose(output->file);
    }
    ef_temporary_remove(output->temporary);
    free(output->path);
    *output = (ef_h5_output){.file = H5I_INVALID_HID};
}
