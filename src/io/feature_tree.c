#include "io/feature_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "io/cv_matrix.h"
#include "base/path.h"

enum { piece_files = 128, fewest_threads = 8 }; /* threads mostly wait for the disk: more than there are processors */

#define LONGEST_FEATURE ((size_t)1 << 26) /* bytes: eight million values of float64 */

struct ef_feature_tree {
    char *folder, *ending;
    ef_feature_entry entry;
    const void *context;
    const ef_strings *paths;
    int folder_handle, threads;
    size_t dim;
    uint64_t *stamp; /* of each file when it was first read; 0: not yet */
    size_t room;     /* bytes of the longest file with that many values that is by custom written: of float64, without gaps */
};

/* One thread's. */
typedef struct workspace {
    char *name; /* a path below the folder */
    size_t name_room;
    unsigned char *file;
    size_t file_room;
} workspace;

/* What is read into: one of the two. */
typedef struct target {
    float *floats;
    double *reals;
} target;

static void free_workspace(workspace *work)
{
    free(work->name);
    free(work->file);
}

/* "FOLDER/a/b.jpg_x.bin: SENTENCE". */
static ef_status fail_file(const ef_feature_tree *tree, const char *name, ef_error *err, ef_status status, const char *sentence)
{
    return ef_fail(err, status, "%s/%s: %s", tree->folder, name, sentence);
}

static ef_status fail_open(const ef_feature_tree *tree, const char *name, size_t row, ef_error *err)
{
    if (errno == ENOENT) {
        char *entry = tree->entry(tree->context, row);
        ef_status status = entry != NULL
                               ? ef_fail(err, EF_IO, "%s/%s: no such file, but its image is %s", tree->folder, name, entry)
                               : ef_fail_memory(err, name);
        free(entry);
        return status;
    }
    return fail_file(tree, name, err, EF_IO, strerror(errno));
}

/* work->name = the file of an image. */
static ef_status name_file(workspace *work, const ef_feature_tree *tree, size_t row, ef_error *err)
{
    const char *path = ef_strings_at(tree->paths, row);
    size_t size;
    if (!ef_size_add(&size, strlen(path), strlen(tree->ending) + 1) || !ef_grow(&work->name, &work->name_room, size, 1)) {
        return ef_fail_memory(err, path);
    }
    snprintf(work->name, size, "%s%s", path, tree->ending);
    return EF_OK;
}

/* Reads an open file of `length` bytes whole into the workspace. */
static ef_status slurp(workspace *work, const ef_feature_tree *tree, int file, size_t length, ef_error *err)
{
    size_t done = 0;
    if (length > LONGEST_FEATURE) {
        return fail_file(tree, work->name, err, EF_FORMAT, "is too long for a feature");
    }
    if (!ef_grow(&work->file, &work->file_room, length > tree->room ? length : tree->room, 1)) {
        return ef_fail_memory(err, work->name);
    }
    while (done < length) {
        ssize_t got = read(file, work->file + done, length - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return fail_file(tree, work->name, err, EF_IO, got < 0 ? strerror(errno) : "became shorter while it was read");
        }
        done += (size_t)got;
    }
    return EF_OK;
}

/* Features are read more than once: all readings are to be of one file.  A row is read by one thread at a time. */
static ef_status check_same(const ef_feature_tree *tree, const workspace *work, size_t row, const struct stat *about,
                            ef_error *err)
{
    const uint64_t parts[] = {(uint64_t)about->st_ino, (uint64_t)about->st_size, (uint64_t)about->st_mtim.tv_sec,
                              (uint64_t)about->st_mtim.tv_nsec};
    uint64_t stamp = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        stamp = (stamp ^ parts[i]) * 0x9E3779B97F4A7C15u;
        stamp ^= stamp >> 29;
    }
    stamp |= 1;
    if (tree->stamp[row] != 0 && tree->stamp[row] != stamp) {
        return fail_file(tree, work->name, err, EF_IO, "was changed while features were read: run again");
    }
    tree->stamp[row] = stamp;
    return EF_OK;
}

/* Reads the file of an image into the workspace, and what its header says. */
static ef_status load(ef_cv_matrix *matrix, workspace *work, const ef_feature_tree *tree, size_t row, ef_error *err)
{
    struct stat about;
    ef_status status = name_file(work, tree, row, err);
    if (status != EF_OK) {
        return status;
    }
    int file = openat(tree->folder_handle, work->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for a writer */
    if (file < 0) {
        return fail_open(tree, work->name, row, err);
    }
    if (fstat(file, &about) != 0) {
        status = fail_file(tree, work->name, err, EF_IO, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        status = fail_file(tree, work->name, err, EF_IO, "is not a regular file");
    } else if ((status = check_same(tree, work, row, &about, err)) == EF_OK) {
        status = slurp(work, tree, file, (size_t)about.st_size, err);
    }
    close(file);
    if (status == EF_OK && (status = ef_cv_matrix_open(matrix, work->file, (size_t)about.st_size, err)) != EF_OK) {
        status = ef_context(err, status, "%s/%s", tree->folder, work->name);
    }
    return status;
}

static bool all_finite(const target *out, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        if (!(out->floats != NULL ? isfinite(out->floats[i]) : isfinite(out->reals[i]))) {
            return false;
        }
    }
    return true;
}

static ef_status read_feature(target out, workspace *work, const ef_feature_tree *tree, size_t row, ef_error *err)
{
    ef_cv_matrix matrix;
    ef_status status = load(&matrix, work, tree, row, err);
    if (status != EF_OK) {
        return status;
    }
    if (matrix.dim != tree->dim) {
        return ef_fail(err, EF_FORMAT,
                       "%s/%s: has %zu values, but that of the first image has %zu; features must come from one network",
                       tree->folder, work->name, matrix.dim, tree->dim);
    }
    if (out.floats != NULL) {
        ef_cv_matrix_floats(out.floats, &matrix, work->file);
    } else {
        ef_cv_matrix_reals(out.reals, &matrix, work->file);
    }
    if (!all_finite(&out, tree->dim)) {
        return fail_file(tree, work->name, err, EF_FORMAT,
                         matrix.value_bytes > 4 && out.floats != NULL ? "not finite, or too large for a float32" : "not finite");
    }
    return EF_OK;
}

/* Features read by all threads. */
typedef struct job {
    const ef_feature_tree *tree;
    target out;
    size_t first, count;
    pthread_mutex_t lock; /* of what follows */
    size_t bad;           /* the first bad row; first + count: none */
} job;

static target target_at(target out, size_t offset)
{
    return (target){out.floats != NULL ? out.floats + offset : NULL, out.reals != NULL ? out.reals + offset : NULL};
}

static void note_bad(job *all, size_t row)
{
    pthread_mutex_lock(&all->lock);
    all->bad = row < all->bad ? row : all->bad;
    pthread_mutex_unlock(&all->lock);
}

static void read_piece(void *data, size_t index, int worker)
{
    job *all = data;
    workspace work = {0};
    size_t begin = index * piece_files, end = begin + piece_files < all->count ? begin + piece_files : all->count;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        if (read_feature(target_at(all->out, i * all->tree->dim), &work, all->tree, all->first + i, NULL) != EF_OK) {
            note_bad(all, all->first + i);
            break;
        }
    }
    free_workspace(&work);
}

static ef_status read_features(const ef_feature_tree *tree, size_t first, size_t count, target out, ef_error *err)
{
    size_t rows = ef_strings_count(tree->paths);
    if (first > rows || count > rows - first) {
        return ef_fail(err, EF_INVALID, "%s: %zu features from number %zu on are asked for; it has %zu", tree->folder, count,
                       first, rows);
    }
    job all = {.tree = tree, .out = out, .first = first, .count = count, .bad = first + count};
    if (pthread_mutex_init(&all.lock, NULL) != 0) {
        return ef_fail_memory(err, tree->folder);
    }
    ef_parallel_for(tree->threads, (count + piece_files - 1) / piece_files, read_piece, &all);
    pthread_mutex_destroy(&all.lock);
    if (all.bad == first + count) {
        return EF_OK;
    }
    /* Once more for the sentence. */
    workspace work = {0};
    ef_status status = read_feature(target_at(out, (all.bad - first) * tree->dim), &work, tree, all.bad, err);
    if (status == EF_OK) {
        status = fail_file(tree, work.name, err, EF_IO, "could not be read at first; something changes it");
    }
    free_workspace(&work);
    return status;
}

ef_status ef_feature_tree_floats(const ef_feature_tree *tree, size_t first, size_t count, float *out, ef_error *err)
{
    return read_features(tree, first, count, (target){out, NULL}, err);
}

ef_status ef_feature_tree_reals(const ef_feature_tree *tree, size_t first, size_t count, double *out, ef_error *err)
{
    return read_features(tree, first, count, (target){NULL, out}, err);
}

size_t ef_feature_tree_dim(const ef_feature_tree *tree)
{
    return tree->dim;
}

/* Opens the first feature, which says what the others must be like. */
static ef_status look_at_first(ef_feature_tree *tree, ef_error *err)
{
    workspace work = {0};
    ef_cv_matrix matrix;
    ef_status status = load(&matrix, &work, tree, 0, err);
    if (status == EF_OK) {
        tree->dim = matrix.dim;
        tree->room = EF_CV_HEADER + matrix.dim * sizeof(double);
    }
    free_workspace(&work);
    return status;
}

ef_status ef_feature_tree_open(ef_feature_tree **out, const char *folder, const ef_strings *paths, const char *ending,
                               ef_feature_entry entry, const void *context, int threads, ef_error *err)
{
    ef_feature_tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL) {
        return ef_fail_memory(err, folder);
    }
    int fewest = ef_processors() > fewest_threads ? ef_processors() : fewest_threads;
    *tree = (ef_feature_tree){.folder = ef_copy(folder),
                              .ending = ef_copy(ending),
                              .entry = entry,
                              .context = context,
                              .paths = paths,
                              .folder_handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                              .stamp = ef_alloc_zero(ef_strings_count(paths), sizeof *tree->stamp),
                              .threads = threads > 0 ? threads : fewest};
    ef_status status = EF_OK;
    if (tree->folder_handle < 0) {
        status = ef_fail(err, EF_IO, "%s: %s", folder, strerror(errno));
    } else if (tree->folder == NULL || tree->ending == NULL || tree->stamp == NULL) {
        status = ef_fail_memory(err, folder);
    } else {
        status = look_at_first(tree, err);
    }
    if (status != EF_OK) {
        ef_feature_tree_close(tree);
        return status;
    }
    *out = tree;
    return EF_OK;
}

void ef_feature_tree_close(ef_feature_tree *tree)
{
    if (tree != NULL) {
        if (tree->folder_handle >= 0) {
            close(tree->folder_handle);
        }
        free(tree->folder);
        free(tree->ending);
        free(tree->stamp);
        free(tree);
    }
}

/* The endings of the files in `open` that begin with `image`, the first two by bytes; which ones does not depend on the order of the folder. */
static ef_status find_endings(char *found[2], DIR *open, const char *image, ef_error *err)
{
    size_t length = strlen(image);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        const char *ending = entry->d_name + length;
        size_t size = strlen(entry->d_name);
        if (strncmp(entry->d_name, image, length) != 0 || size < length + 4 || strcmp(entry->d_name + size - 4, ".bin") != 0) {
            continue;
        }
        char *copy = ef_copy(ending);
        if (copy == NULL) {
            return ef_fail_memory(err, image);
        }
        for (int i = 0; i < 2; i++) {
            if (found[i] == NULL || strcmp(copy, found[i]) < 0) {
                char *other = found[i];
                found[i] = copy;
                copy = other;
            }
        }
        free(copy);
    }
    return EF_OK;
}

ef_status ef_feature_tree_ending(char **ending, const char *folder, const ef_strings *paths, ef_error *err)
{
    const char *first = ef_strings_at(paths, 0), *slash = strrchr(first, '/'), *image = slash != NULL ? slash + 1 : first;
    char *found[2] = {NULL, NULL};
    char *below = ef_copy_bytes(first, (size_t)(image - first)), *path = below != NULL ? ef_path_below(folder, below) : NULL;
    ef_status status = EF_OK;
    DIR *open = path != NULL ? opendir(path) : NULL;
    if (path == NULL) {
        status = ef_fail_memory(err, folder);
    } else if (open == NULL) {
        status = ef_fail(err, EF_IO, "%s: %s; the features of the first image of the list, %s, are looked for there", path,
                         strerror(errno), first);
    } else {
        status = find_endings(found, open, image, err);
    }
    if (status == EF_OK && found[0] == NULL) {
        status = ef_fail(err, EF_IO, "%s%s: no feature file %s<ending>.bin there for the first image of the list", path,
                         path[strlen(path) - 1] == '/' ? "" : "/", image);
    } else if (status == EF_OK && found[1] != NULL) {
        status =
            ef_fail(err, EF_INVALID, "%s: has features of several systems, with the endings '%s' and '%s'; --features says which",
                    folder, found[0], found[1]);
    }
    if (open != NULL) {
        closedir(open);
    }
    if (status == EF_OK) {
        *ending = found[0];
        found[0] = NULL;
    }
    free(found[0]);
    free(found[1]);
    free(below);
    free(path);
    return status;
}
