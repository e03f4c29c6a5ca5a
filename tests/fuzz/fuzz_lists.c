/* Every list reader.  The first byte chooses the format, the rest is the list; a format whose argument is a folder of
 * several files (CFP's) gets the same bytes in each of them. */
#include <assert.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <eface/pair_list.h>

#include "fuzz.h"

static char folder[] = "/tmp/eface-fuzz-XXXXXX";

static void remove_folder(void)
{
    static const char *const files[] = {"list", "Pair_list_F.txt", "Pair_list_P.txt", "Split/FF/01/same.txt",
                                        "Split/FF/01/diff.txt"};
    static const char *const folders[] = {"Split/FF/01", "Split/FF", "Split", "."};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)unlink(files[i]);
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        (void)rmdir(folders[i]);
    }
    (void)rmdir(folder);
}

static void make_folder(void)
{
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        perror(folder);
        abort();
    }
    (void)mkdir("Split", 0700);
    (void)mkdir("Split/FF", 0700);
    (void)mkdir("Split/FF/01", 0700);
    (void)atexit(remove_folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int made;
    if (!made) {
        make_folder();
        made = 1;
    }
    if (size < 1) {
        return 0;
    }
    const ef_list_format *format = ef_list_format_at(data[0] % ef_list_format_count());
    data++;
    size--;
    const char *argument = "list";
    if (strstr(format->name, "cfp") != NULL) {
        /* Split at a line of dashes: the images, then the pairs. */
        const uint8_t *cut = size > 0 ? memchr(data, '-', size) : NULL;
        size_t images = cut != NULL ? (size_t)(cut - data) : size;
        argument = "FF";
        fuzz_write("Pair_list_F.txt", data, images);
        fuzz_write("Pair_list_P.txt", data, images);
        fuzz_write("Split/FF/01/same.txt", data + images + (cut != NULL), size - images - (cut != NULL));
        fuzz_write("Split/FF/01/diff.txt", data + images + (cut != NULL), size - images - (cut != NULL));
    } else {
        fuzz_write("list", data, size);
    }
    ef_error err = {EF_OK, ""};
    ef_pair_list list = {0};
    if (format->read(&list, ".", argument, &err) == EF_OK) {
        assert(list.count > 0);
        for (size_t i = 0; i < list.count; i++) {
            const ef_listed_pair *pair = &list.pairs[i];
            assert(pair->a < ef_strings_count(list.ids) && pair->b < ef_strings_count(list.ids));
            assert(pair->genuine <= 1 && pair->fold < (list.folds > 0 ? list.folds : 1));
            assert(pair->file < ef_strings_count(list.files) && pair->line > 0);
        }
    } else {
        /* A refusal says why. */
        fuzz_refused(err.status, &err);
    }
    ef_pair_list_free(&list);
    return 0;
}
