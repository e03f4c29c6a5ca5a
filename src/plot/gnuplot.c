#include "plot/gnuplot.h"

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
#include "base/cleanup.h"
#include "io/output.h"

/* Exit statuses of the child beside gnuplot's own, as shells have them. */
enum { not_found = 127, not_run = 126 };

static char *in_folder(const ef_gnuplot *self, const char *name)
{
    return ef_copy_format("%s/%s", self->folder, name);
}

static ef_status make_own_folder(ef_gnuplot *self, ef_error *err)
{
    const char *place = getenv("TMPDIR");
    char *template = ef_copy_format("%s/eface-plot-XXXXXX", place != NULL && place[0] != '\0' ? place : "/tmp");
    if (template == NULL) {
        return ef_fail_memory(err, "a plot");
    }
    ef_temporary *made = ef_temporary_folder(template);
    ef_status status = EF_OK;
    if (made == NULL) {
        status = ef_fail(err, EF_IO, "%s: no folder for temporary files can be made: %s; set TMPDIR to another place", template,
                         strerror(errno));
    } else if ((self->folder = ef_copy(ef_temporary_path(made))) == NULL) {
        status = ef_fail_memory(err, "a plot");
    }
    self->temporary[EF_GNUPLOT_FOLDER] = made;
    free(template);
    return status;
}

static ef_status make_folder(ef_gnuplot *self, const char *keep, ef_error *err)
{
    if (keep == NULL) {
        return make_own_folder(self, err);
    }
    char *with_slash = ef_copy_format("%s/", keep);
    self->folder = ef_copy(keep);
    ef_status status =
        with_slash != NULL && self->folder != NULL ? ef_make_folders(with_slash, err) : ef_fail_memory(err, "a plot");
    free(with_slash);
    return status;
}

/* Has the file that will be called `name` taken away at the end; NULL is none. */
static ef_status expect(ef_gnuplot *self, int which, const char *name, ef_error *err)
{
    char *path = name != NULL ? in_folder(self, name) : NULL;
    self->temporary[which] = path != NULL ? ef_temporary_expect(path) : NULL;
    free(path);
    return name == NULL || self->temporary[which] != NULL ? EF_OK : ef_fail_memory(err, "a plot");
}

static void let_stay(ef_gnuplot *self, int from, int to)
{
    for (int i = from; i < to; i++) {
        ef_temporary_keep(self->temporary[i]);
        self->temporary[i] = NULL;
    }
}

static void take_away(ef_gnuplot *self, int from)
{
    for (int i = EF_GNUPLOT_ALL - 1; i >= from; i--) {
        ef_temporary_remove(self->temporary[i]);
        self->temporary[i] = NULL;
    }
}

ef_status ef_gnuplot_begin(ef_gnuplot *out, ef_plot_look *look, const char *keep, const char *stem, ef_error *err)
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
    if (status == EF_OK && keep == NULL) {
        status = expect(out, EF_GNUPLOT_SCRIPT, out->script, err);
    }
    if (status == EF_OK && keep == NULL) {
        status = expect(out, EF_GNUPLOT_DATA, out->data, err);
    }
    look->data = out->data;
    look->output = out->output;
    return status;
}

static ef_status write_file(const ef_gnuplot *self, const char *name, const ef_plot *plot, const ef_plot_look *look,
                            ef_error *err)
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
static void become_gnuplot(const ef_gnuplot *self, const char *script, int said)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool ready = nothing >= 0 && dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1 && dup2(said, 2) == 2;
    if (ready && chdir(self->folder) == 0) {
        execlp("gnuplot", "gnuplot", "-d", script, (char *)NULL);
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
static bool run(int *ended, char *said, size_t size, const ef_gnuplot *self)
{
    int ends[2];
    char *script = ef_copy_format("./%s", self->script); /* not to be taken for an option, whatever it begins with */
    if (script == NULL || pipe(ends) != 0) {
        free(script);
        return false;
    }
    fflush(NULL);
    ef_cleanup child;
    pid_t process = ef_cleanup_fork(&child);
    int why = errno;
    if (process == 0) {
        become_gnuplot(self, script, ends[1]);
    }
    close(ends[1]);
    if (process > 0) {
        read_all(ends[0], said, size);
        tidy(said);
        ef_cleanup_wait(ended, &child);
    }
    close(ends[0]);
    free(script);
    errno = why;
    return process > 0;
}

static ef_status report(const ef_gnuplot *self, int ended, const char *said, ef_error *err)
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

/* Writes what gnuplot reads; what it draws is to be taken away until it is whole. */
static ef_status prepare(ef_gnuplot *self, const ef_plot *plot, const ef_plot_look *look, ef_error *err)
{
    ef_status status = write_file(self, self->script, plot, look, err);
    if (status == EF_OK) {
        status = write_file(self, self->data, plot, NULL, err);
    }
    if (status == EF_OK) {
        status = expect(self, EF_GNUPLOT_OUTPUT, self->output, err);
    }
    if (status == EF_OK) {
        status = expect(self, EF_GNUPLOT_LINES, self->lines, err);
    }
    return status;
}

ef_status ef_gnuplot_draw(ef_gnuplot *self, const ef_plot *plot, const ef_plot_look *look, ef_error *err)
{
    char said[300] = "";
    int ended = 0;
    ef_status status = prepare(self, plot, look, err);
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
        take_away(self, EF_GNUPLOT_OUTPUT); /* half a picture; what it was made of may help to find out why */
        let_stay(self, EF_GNUPLOT_FOLDER, EF_GNUPLOT_OUTPUT);
    } else if (self->temporary[EF_GNUPLOT_FOLDER] == NULL) {
        let_stay(self, EF_GNUPLOT_OUTPUT, EF_GNUPLOT_ALL);
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
            bool lost = name != NULL && errno != EPIPE; /* who reads a pipe no longer has seen enough */
            return lost ? ef_fail(err, EF_IO, "%s: could not be written: %s", name, strerror(errno)) : EF_OK;
        }
    }
    return ferror(from) ? ef_fail(err, EF_IO, "%s: cannot be read: %s", path, strerror(errno)) : EF_OK;
}

/* Copies what gnuplot drew, in a document of LaTeX if one is given. */
static ef_status copy_picture(FILE *to, const char *to_name, const ef_gnuplot *self, const char *name, const ef_plot *document,
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

static ef_status copy_out(const ef_gnuplot *self, const char *name, const char *to, const ef_plot *document, ef_error *err)
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

char *ef_gnuplot_beside(const ef_gnuplot *self, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = ef_copy_bytes(path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
    char *beside = folder != NULL ? ef_copy_format("%s%s", folder, self->lines) : NULL;
    free(folder);
    return beside;
}

ef_status ef_gnuplot_deliver(ef_gnuplot *self, const ef_plot *document, const char *path, ef_error *err)
{
    ef_status status = EF_OK;
    if (path == NULL) {
        return copy_picture(stdout, NULL, self, self->output, document, err);
    }
    if (self->lines != NULL) {
        char *beside = ef_gnuplot_beside(self, path);
        status = beside != NULL ? copy_out(self, self->lines, beside, NULL, err) : ef_fail_memory(err, "a plot");
        free(beside);
    }
    return status == EF_OK ? copy_out(self, self->output, path, document, err) : status;
}

void ef_gnuplot_end(ef_gnuplot *self)
{
    take_away(self, EF_GNUPLOT_FOLDER);
    free(self->folder);
    free(self->script);
    free(self->data);
    free(self->output);
    free(self->lines);
    *self = (ef_gnuplot){0};
}
