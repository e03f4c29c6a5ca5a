#include <eface/file_mark.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/input.h"
#include "base/path.h"

ef_file_mark ef_file_mark_of(const struct stat *about, bool once)
{
    return (ef_file_mark){.there = true,
                          .once = once || (!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode)),
                          .device = (uint64_t)about->st_dev,
                          .inode = (uint64_t)about->st_ino,
                          .bytes = (uint64_t)about->st_size,
                          .seconds = (int64_t)about->st_mtim.tv_sec,
                          .nanoseconds = (int64_t)about->st_mtim.tv_nsec,
                          .status_seconds = (int64_t)about->st_ctim.tv_sec,
                          .status_nanoseconds = (int64_t)about->st_ctim.tv_nsec};
}

void ef_file_mark_take(ef_file_mark *mark, const char *path)
{
    struct stat about;
    bool standard = ef_is_standard_input(path);
    *mark = (ef_file_mark){.once = standard};
    if ((standard ? fstat(STDIN_FILENO, &about) : stat(path, &about)) == 0) {
        *mark = ef_file_mark_of(&about, standard);
    }
}

ef_status ef_file_mark_compare(const ef_file_mark *mark, const ef_file_mark *now, const char *path, ef_error *err)
{
    const char *what = NULL;
    if (mark->once) {
        return EF_OK;
    }
    if (mark->there != now->there) {
        what = mark->there ? "was removed" : "was made";
    } else if (mark->device != now->device || mark->inode != now->inode) {
        what = "was replaced by another file";
    } else if (mark->bytes != now->bytes || mark->seconds != now->seconds || mark->nanoseconds != now->nanoseconds) {
        what = "was changed";
    } else if (mark->status_seconds != now->status_seconds || mark->status_nanoseconds != now->status_nanoseconds) {
        what = "was changed, or its owner, mode or links were,";
    }
    return what == NULL ? EF_OK
                        : ef_fail(err, EF_IO, "%s: %s while it was read, so what was made of it belongs to no file: run again",
                                  path, what);
}

ef_status ef_file_mark_check(const ef_file_mark *mark, const char *path, ef_error *err)
{
    ef_file_mark now;
    ef_file_mark_take(&now, path);
    return ef_file_mark_compare(mark, &now, path, err);
}
