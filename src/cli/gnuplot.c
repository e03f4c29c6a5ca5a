#include "cli/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/temporary.h"
#include "io/output.h"

/* Exit statuses of the child beside gnuplot's own, as shells have them. */
enum { not_found = 127, not_run = 126 };

static char *in_folder(const gnuplot *self, const char *name)
{
    return ef_copy_format("%s/%s", self->folder, name);
}

static ef_status make_folder(gnuplot *self, const char *keep, ef_error *err)
{
    if (keep != NULL) {
        char *with_slash = ef_copy_format("%s/", keep);
        self->folder = ef_copy(keep);
        ef_status status =
            with_slash != NULL && self->folder != NULL ? ef_make_folders(with_slash, err) : ef_fail_memory(err, "a plot");
        free(with_slash);
        return status;
    }
    const char *temporary = getenv("TMPDIR");
    self->folder = ef_copy_format("%s/eface-plot-XXXXXX", temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
    if (self->folder == NULL) {
        return ef_fail_memory(err, "a plot");
    }
    if (mkdtemp(self->folder) == NULL) {
        return ef_fail(err, EF_IO, "%s: no folder for temporary files can be made: %s; set TMPDIR to another place", self->folder,
                       strerror(errno));
    }
    self->ours = true;
    return EF_OK;
}

ef_status gnuplot_begin(gnuplot *out, ef_plot_look *look, const char *keep, const char *stem, ef_error *err)
{
    bool two_files = look->format == EF_PLOT_CAIROLATEX;
    ef_status status = make_folder(out, keep, err);
    if (status == EF_OK) {
        out->format = look->format;
        out->script = ef_copy_format("%s.gp", stem);
        out->data = ef_copy_format("%s.dat", stem);
        out->output = ef_copy_format("%s%s", stem, ef_plot_extension(look->format));
        out->lines = two_files ? ef_copy_format("%s.pdf", stem) : NULL;
        if (out->script == NULL || out->data == NULL || out->output == NULL || (two_files && out->lines == NULL)) {
            status = ef_fail_memory(err, "a plot");
        }
    }
    look->data = out->data;
    look->output = out->output;
    return status;
}

static ef_status write_file(const gnuplot *self, const char *name, const ef_plot *plot, const ef_plot_look *look, ef_error *err)
{
    ef_output output = {0};
    char *path = in_folder(self, name);
    ef_status status = path != NULL ? ef_output_open(&output, path, err) : ef_fail_memory(err, "a plot");
    if (status == EF_OK) {
        if (look != NULL) {
            ef_plot_write_script(plot, look, output.stream);
        } else {
            ef_plot_write_data(plot, output.stream);
        }
        status = ef_output_commit(&output, err);
    }
    free(path);
    return status;
}

/* In the child: becomes gnuplot, whose standard error is `said`.  Settings of the user's own (~/.gnuplot) would change the picture: -d leaves
 * them out. */
static void become_gnuplot(const gnuplot *self, int said)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool ready = nothing >= 0 && dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1 && dup2(said, 2) == 2;
    if (ready && chdir(self->folder) == 0) {
        execlp("gnuplot", "gnuplot", "-d", self->script, (char *)NULL);
        _exit(errno == ENOENT ? not_found : not_run);
    }
    _exit(not_run);
}

/* Reads a pipe to its end; what does not fit is let go. */
static void read_all(int pipe_end, char *text, size_t size)
{
    char rest[512];
    size_t used = 0;
    for (;;) {
        bool full = used + 1 == size;
        ssize_t got = full ? read(pipe_end, rest, sizeof rest) : read(pipe_end, text + used, size - 1 - used);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        used += got > 0 && !full ? (size_t)got : 0;
    }
    text[used] = '\0';
}

/* Makes one line of what gnuplot said, without the arrow by which it points at a mistake. */
static void tidy(char *text)
{
    size_t kept = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        char at = (unsigned char)text[i] < ' ' || text[i] == '^' ? ' ' : text[i];
        if (at != ' ' || (kept > 0 && text[kept - 1] != ' ')) {
            text[kept++] = at;
        }
    }
    while (kept > 0 && text[kept - 1] == ' ') {
        kept--;
    }
    text[kept] = '\0';
}

/* Starts gnuplot and waits for its end; *ended receives what waitpid() tells of it, `said` what it wrote to standard error.  False with errno when it
 * could not be started. */
static bool run(int *ended, char *said, size_t size, const gnuplot *self)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    fflush(NULL);
    pid_t child = fork();
    int why = errno;
    if (child == 0) {
        become_gnuplot(self, ends[1]);
    }
    close(ends[1]);
    if (child > 0) {
        read_all(ends[0], said, size);
        tidy(said);
    }
    close(ends[0]);
    while (child > 0 && waitpid(child, ended, 0) < 0 && errno == EINTR) {
    }
    errno = why;
    return child > 0;
}

static ef_status report(const gnuplot *self, int ended, const char *said, ef_error *err)
{
    if (WIFSIGNALED(ended)) {
        return ef_fail(err, EF_IO, "gnuplot was ended by signal %d; the script is %s/%s", WTERMSIG(ended), self->folder,
                       self->script);
    }
    if (WEXITSTATUS(ended) == not_found) {
        return ef_fail(err, EF_IO,
                       "gnuplot is not there; install it (Debian: apt-get install gnuplot-nox), or draw the plot elsewhere: "
                       "the script is %s/%s",
                       self->folder, self->script);
    }
    return ef_fail(err, EF_IO, "gnuplot failed with status %d, saying: %s; the script is %s/%s", WEXITSTATUS(ended),
                   said[0] != '\0' ? said : "nothing", self->folder, self->script);
}

static void remove_file(const gnuplot *self, const char *name)
{
    char *path = name != NULL ? in_folder(self, name) : NULL;
    if (path != NULL) {
        unlink(path);
    }
    free(path);
}

ef_status gnuplot_draw(gnuplot *self, const ef_plot *plot, const ef_plot_look *look, ef_error *err)
{
    char said[300] = "";
    int ended = 0;
    ef_status status = write_file(self, self->script, plot, look, err);
    if (status == EF_OK) {
        status = write_file(self, self->data, plot, NULL, err);
    }
    if (status != EF_OK) {
        return status;
    }
    if (!run(&ended, said, sizeof said, self)) {
        status = ef_fail(err, EF_IO, "gnuplot cannot be started: %s; the script is %s/%s", strerror(errno), self->folder,
                         self->script);
    } else if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
        status = report(self, ended, said, err);
    }
    if (status != EF_OK) {
        self->ours = false; /* what was written may help to find out why, but half a picture does not */
        remove_file(self, self->output);
    }
    return status;
}

/* Copies from `path`, which `from` is, to `name`; NULL is standard output, whose loss shows when it is closed. */
static ef_status copy_stream(FILE *to, FILE *from, const char *path, const char *name, ef_error *err)
{
    char block[1 << 16];
    size_t size;
    while ((size = fread(block, 1, sizeof block, from)) > 0) {
        if (fwrite(block, 1, size, to) < size) {
            return name != NULL ? ef_fail(err, EF_IO, "%s: could not be written: %s", name, strerror(errno)) : EF_OK;
        }
    }
    return ferror(from) ? ef_fail(err, EF_IO, "%s: cannot be read: %s", path, strerror(errno)) : EF_OK;
}

/* Copies what gnuplot drew, in a document of LaTeX if one is given. */
static ef_status copy_picture(FILE *to, const char *to_name, const gnuplot *self, const char *name, const ef_plot *document,
                              ef_error *err)
{
    char *path = in_folder(self, name);
    FILE *from = path != NULL ? fopen(path, "rb") : NULL;
    ef_status status = EF_OK;
    if (from == NULL) {
        status = ef_fail(err, EF_IO, "gnuplot drew nothing into %s/%s: %s", self->folder, name, strerror(errno));
    } else {
        if (document != NULL) {
            ef_plot_write_preamble(document, self->format, to);
        }
        status = copy_stream(to, from, path, to_name, err);
        if (document != NULL) {
            ef_plot_write_end(to);
        }
        fclose(from);
    }
    free(path);
    return status;
}

static ef_status copy_out(const gnuplot *self, const char *name, const char *to, const ef_plot *document, ef_error *err)
{
    ef_output output = {0};
    ef_status status = ef_output_open(&output, to, err);
    if (status == EF_OK) {
        status = copy_picture(output.stream, to, self, name, document, err);
    }
    if (status == EF_OK) {
        status = ef_output_commit(&output, err);
    }
    ef_output_abandon(&output);
    return status;
}

char *gnuplot_beside(const gnuplot *self, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = ef_copy_bytes(path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
    char *beside = folder != NULL ? ef_copy_format("%s%s", folder, self->lines) : NULL;
    free(folder);
    return beside;
}

ef_status gnuplot_deliver(gnuplot *self, const ef_plot *document, const char *path, ef_error *err)
{
    ef_status status = EF_OK;
    if (path == NULL) {
        return copy_picture(stdout, NULL, self, self->output, document, err);
    }
    if (self->lines != NULL) {
        char *beside = gnuplot_beside(self, path);
        status = beside != NULL ? copy_out(self, self->lines, beside, NULL, err) : ef_fail_memory(err, "a plot");
        free(beside);
    }
    return status == EF_OK ? copy_out(self, self->output, path, document, err) : status;
}

void gnuplot_end(gnuplot *self)
{
    if (self->ours) {
        remove_file(self, self->script);
        remove_file(self, self->data);
        remove_file(self, self->output);
        remove_file(self, self->lines);
        rmdir(self->folder);
    }
    free(self->folder);
    free(self->script);
    free(self->data);
    free(self->output);
    free(self->lines);
    *self = (gnuplot){0};
}
