/* Replays the corpora of all fuzz targets, without libFuzzer: a line of TAP for each.  Usage: replay [CORPUS] */
#define _XOPEN_SOURCE 700 /* realpath */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROW(name) int fuzz_##name(const uint8_t *data, size_t size);
#include "targets.def"
#undef ROW

typedef struct target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} target;

#define ROW(name) {#name, fuzz_##name},
static const target targets[] = {
#include "targets.def"
};
#undef ROW
enum { target_count = sizeof targets / sizeof *targets };

/* The input that is being replayed. */
static char current[PATH_MAX + 512];

/* An assertion says where it stands, but not of what. */
static void say_input(int number)
{
    static const char before[] = "# the input is ";
    ssize_t written = write(STDERR_FILENO, before, sizeof before - 1);
    written = written < 0 ? written : write(STDERR_FILENO, current, strlen(current));
    written = written < 0 ? written : write(STDERR_FILENO, "\n", 1);
    (void)written;
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* Runs one input, in memory of exactly its size; false when it cannot be read. */
static bool replay_file(const target *self, const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &about) != 0) {
        return false;
    }
    size_t size = (size_t)about.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    bool read = data != NULL && fread(data, 1, size, file) == size;
    if (read) {
        (void)self->run(data, size);
    }
    (void)fclose(file);
    free(data);
    return read;
}

/* Replays a target's corpus: the number of its inputs, 0 when one cannot be read or there is none. */
static size_t replay(const target *self, const char *corpus)
{
    struct dirent **entries = NULL;
    char folder[PATH_MAX + 64];
    (void)snprintf(folder, sizeof folder, "%s/%s", corpus, self->name);
    int found = scandir(folder, &entries, NULL, alphasort);
    size_t count = 0;
    bool good = true;
    for (int i = 0; i < found; i++) {
        if (good && entries[i]->d_name[0] != '.') {
            (void)snprintf(current, sizeof current, "%s/%s", folder, entries[i]->d_name);
            good = replay_file(self, current);
            count++;
        }
        free(entries[i]);
    }
    free(entries);
    return good ? count : 0;
}

/* The folders of the corpus that no target has. */
static size_t count_strangers(const char *corpus)
{
    size_t strangers = 0;
    DIR *folder = opendir(corpus);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        bool known = entry->d_name[0] == '.';
        for (size_t i = 0; i < target_count; i++) {
            known = known || strcmp(entry->d_name, targets[i].name) == 0;
        }
        if (!known) {
            printf("# %s has no row in targets.def\n", entry->d_name);
        }
        strangers += !known;
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return strangers;
}

int main(int argc, char **argv)
{
    char corpus[PATH_MAX];
    size_t failed = 0;
    if (realpath(argc > 1 ? argv[1] : "tests/fuzz/corpus", corpus) == NULL) { /* targets may go elsewhere */
        perror("corpus");
        return EXIT_FAILURE;
    }
    (void)signal(SIGABRT, say_input);
    (void)signal(SIGSEGV, say_input);
    printf("1..%d\n", target_count + 1);
    for (size_t i = 0; i < target_count; i++) {
        size_t count = replay(&targets[i], corpus);
        failed += count == 0;
        printf("%s %zu - fuzz_%s: %zu inputs\n", count > 0 ? "ok" : "not ok", i + 1, targets[i].name, count);
        (void)fflush(stdout);
    }
    bool strangers = count_strangers(corpus) > 0;
    printf("%s %d - every folder of the corpus is a target's\n", strangers ? "not ok" : "ok", target_count + 1);
    return failed > 0 || strangers ? EXIT_FAILURE : EXIT_SUCCESS;
}
