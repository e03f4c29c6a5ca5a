#include "io/h5.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/path.h"

#define REASON 256 /* room for one entry of HDF5's error stack */

static herr_t take_first(unsigned n, const H5E_error2_t *entry, void *data)
{
    char *reason = data;
    if (n == 0 && entry->desc != NULL) {
        snprintf(reason, REASON, "%s", entry->desc);
        reason[strcspn(reason, "\n")] = '\0'; /* of a failed write it tells the time, ends the line, and goes on */
    }
    return 0;
}

/* The innermost entry of the error stack, which says most; empty when there is none. */
static void last_reason(char reason[REASON])
{
    reason[0] = '\0';
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, reason);
}

ef_status ef_h5_fail(ef_error *err, ef_status status, const char *format, ...)
{
    char reason[REASON], sentence[sizeof err->message];
    va_list arguments;
    last_reason(reason);
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (reason[0] == '\0') {
        return ef_fail(err, status, "%s", sentence);
    }
    return ef_fail(err, status, "%s (HDF5: %s)", sentence, reason);
}

enum { BEGIN = 256 }; /* bytes that tell what a file is instead */

/* What to do with a file that begins so. */
static const char *words_for(const char *begin, size_t length)
{
    size_t first = 0;
    while (first < length && (begin[first] == ' ' || begin[first] == '\n' || begin[first] == '\r' || begin[first] == '\t')) {
        first++;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)begin[i];
        if (byte == 0x7F || (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t')) {
            return "";
        }
    }
    return first == length       ? ""
           : begin[first] == '{' ? ", but JSON: eface-table and eface-plot read results"
                                 : ", but text: --scores reads scores, and --pairs names the pairs of a set";
}

/* What can be said about a file without HDF5, whose own words for it are obscure. */
static ef_status check_file(const char *path, ef_error *err)
{
    static const char seek[] = "HDF5 cannot be read from a pipe: save it to a file, and name that";
    struct stat about;
    if (ef_is_standard_input(path) && fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: HDF5 cannot be read from standard input: give the name of the file in place of -",
                       ef_input_name(path));
    }
    if (ef_is_standard_input(path)) {
        return ef_fail(err, EF_IO, "%s: %s", ef_input_name(path), seek);
    }
    if (stat(path, &about) != 0) {
        return ef_fail(err, EF_IO, "%s: %s", path, strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: is a folder, not an HDF5 file", path);
    }
    if (!S_ISREG(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: is not a regular file; %s", path, seek);
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return ef_fail(err, EF_IO, "%s: %s", path, strerror(errno));
    }
    char begin[BEGIN];
    ssize_t got = read(file, begin, sizeof begin);
    close(file);
    if (about.st_size == 0) {
        return ef_fail(err, EF_FORMAT, "%s: is empty, not an HDF5 file", path);
    }
    if (H5Fis_hdf5(path) <= 0) {
        return ef_fail(err, EF_FORMAT, "%s: is not an HDF5 file%s", path, words_for(begin, got > 0 ? (size_t)got : 0));
    }
    return EF_OK;
}

/* Opens a file; the reason of a failure is taken down at once, for the next call forgets it. */
static hid_t try_open(const char *path, char reason[REASON])
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERS_MAJOR == 1 && H5_VERS_MINOR == 12 && H5_VERS_RELEASE == 0)
    /* Where the file system has no locks, read without. */
    H5Pset_file_locking(access, true, true);
#endif
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    last_reason(reason);
    H5Pclose(access);
    return file;
}

hid_t ef_h5_try_open(const char *path)
{
    char reason[REASON];
    return try_open(path, reason);
}

ef_status ef_h5_open(hid_t *out, const char *path, ef_error *err)
{
    char reason[REASON];
    ef_status status = check_file(path, err);
    if (status != EF_OK) {
        return status;
    }
    *out = try_open(path, reason);
    if (*out >= 0) {
        return EF_OK;
    }
    if (strstr(reason, "truncated") != NULL) {
        return ef_fail(err, EF_FORMAT, "%s: is cut off: copy it again, or let the program that writes it finish (HDF5: %s)", path,
                       reason);
    }
    if (strstr(reason, "lock") != NULL) {
        return ef_fail(err, EF_IO,
                       "%s: cannot be locked for reading: another program has it open for writing, or the file system has no "
                       "locks (then set HDF5_USE_FILE_LOCKING=FALSE) (HDF5: %s)",
                       path, reason);
    }
    return ef_fail(err, EF_FORMAT, "%s: cannot be opened: the file is damaged or of a newer HDF5 (HDF5: %s)", path, reason);
}

char *ef_h5_file_name(hid_t object)
{
    ssize_t length = H5Fget_name(object, NULL, 0);
    char *name = length >= 0 ? ef_alloc((size_t)length + 1, 1) : NULL;
    if (name != NULL && H5Fget_name(object, name, (size_t)length + 1) < 0) {
        free(name);
        return NULL;
    }
    return name;
}

H5I_type_t ef_h5_kind(hid_t place, const char *name)
{
    H5I_type_t kind = H5I_BADID;
    if (H5Lexists(place, name, H5P_DEFAULT) > 0) {
        hid_t object = H5Oopen(place, name, H5P_DEFAULT);
        if (object >= 0) {
            kind = H5Iget_type(object);
            H5Oclose(object);
        }
    }
    return kind;
}

typedef struct listing {
    ef_strings *names;
    H5I_type_t kind;
    ef_status status;
    ef_error *err;
} listing;

static herr_t list_link(hid_t place, const char *name, const H5L_info_t *info, void *data)
{
    listing *list = data;
    (void)info;
    if (ef_h5_kind(place, name) == list->kind) {
        list->status = ef_strings_add(list->names, name, strlen(name), list->err);
    }
    return list->status == EF_OK ? 0 : -1;
}

ef_status ef_h5_list(ef_strings **out, hid_t place, H5I_type_t kind, ef_error *err)
{
    listing list = {.kind = kind, .err = err};
    list.status = ef_strings_create(&list.names, err);
    if (list.status == EF_OK && H5Literate(place, H5_INDEX_NAME, H5_ITER_INC, NULL, list_link, &list) < 0 &&
        list.status == EF_OK) {
        list.status = ef_h5_fail(err, EF_FORMAT, "the names in a group cannot be listed");
    }
    if (list.status != EF_OK) {
        ef_strings_free(list.names);
        return list.status;
    }
    *out = list.names;
    return EF_OK;
}

const char *ef_h5_join(char *text, size_t size, const ef_strings *names)
{
    size_t used = 0, count = ef_strings_count(names);
    snprintf(text, size, "none");
    for (size_t i = 0; i < count; i++) {
        const char *name = ef_strings_at(names, i);
        if (used + strlen(name) + sizeof ", and 18446744073709551615 more" > size) {
            snprintf(text + used, size - used, "%s%zu more", used > 0 ? ", and " : "", count - i);
            break;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", name);
    }
    return text;
}
