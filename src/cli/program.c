#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "cli/progress_line.h"
#include "stats/gsl_quiet.h"

static const char *program_name = "eface";
static int lost; /* why something written to standard output was lost, the first time; 0: nothing known */

/* A standard stream that the caller closed stays one that fails: else the next file that is opened would take its place, and be read or written as that
 * stream. */
static void hold_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (fcntl(stream, F_GETFD) < 0) {
            (void)!open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

void program_begin(const char *name)
{
    program_name = name;
    hold_standard_streams();
    ef_gsl_quiet();
    signal(SIGPIPE, SIG_IGN);
    ef_cleanup_watch();
}

void program_flush(void)
{
    errno = 0;
    if (fflush(stdout) != 0 && lost == 0) {
        lost = errno;
    }
}

void program_say(const char *format, ...)
{
    va_list arguments;
    program_progress_end();
    program_flush();
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (text != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
        ef_clean(text, '?');
    }
    fprintf(stderr, "%s: %s\n", program_name, text != NULL ? text : "not enough memory for a message");
    free(text);
}

ef_status program_hint(ef_status status, ef_error *err, const char *text)
{
    if (status != EF_OK && err != NULL) {
        size_t length = strlen(err->message);
        snprintf(err->message + length, sizeof err->message - length, "%s", text);
    }
    return status;
}

const char *program_format_help(char text[FORMAT_HELP], ef_format_at *at)
{
    char names[EF_FORMAT_NAMES];
    snprintf(text, FORMAT_HELP, "%s (default: %s, or by the extension of -o)", ef_format_names(names, at), at(0)->name);
    return text;
}

ef_status program_format_hint(ef_status status, ef_error *err)
{
    return program_hint(status, err, "; --format says which is meant");
}

int program_fail(const ef_error *err)
{
    program_say("%s", err->message);
    return err->status == EF_INVALID ? EXIT_USAGE : EXIT_DATA;
}

/* Why writing fails, when it failed within a call that did not say: a write of nothing, or the state of the pipe, tells. */
static int reason_of_loss(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0) {
        return EPIPE;
    }
    errno = 0;
    return write(STDOUT_FILENO, "", 0) < 0 && errno != 0 ? errno : EIO;
}

int program_end(int status)
{
    program_progress_end();
    program_flush();
    bool failed = ferror(stdout) != 0;
    if (lost == 0 && failed) {
        lost = reason_of_loss();
    }
    errno = 0;
    if (fclose(stdout) != 0 && !failed) { /* a file system may tell only now */
        failed = true;
        lost = errno;
    }
    if (!failed || lost == EPIPE) {
        return status; /* who reads a pipe no longer has seen enough */
    }
    fprintf(stderr, "%s: standard output could not be written: %s\n", program_name, strerror(lost));
    return EXIT_DATA;
}

bool program_color(void)
{
    const char *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* State of the one line of progress of this process. */
static struct timespec started, shown;
static bool line_shown;
static progress_line line;

static double seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

static void report(void *context, const char *stage, uint64_t done, uint64_t total)
{
    char text[PROGRESS_TEXT];
    (void)context;
    if (started.tv_sec == 0) {
        clock_gettime(CLOCK_MONOTONIC, &started);
    }
    if (!progress_line_report(&line, text, stage, done, total) || seconds_since(&started) < 1 || seconds_since(&shown) < 0.1) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &shown);
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    line_shown = true;
}

const ef_progress *program_progress(void)
{
    static const ef_progress progress = {report, NULL};
    return isatty(STDERR_FILENO) ? &progress : NULL;
}

void program_progress_part(const char *name, size_t part, size_t parts)
{
    progress_line_part(&line, name, part, parts);
}

void program_progress_end(void)
{
    if (line_shown) {
        fputs("\r\033[K", stderr);
        line_shown = false;
    }
}
