#include "cli/program.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/leftover.h"
#include "cli/progress_line.h"
#include "stats/gsl_quiet.h"

static const char *program_name = "eface";

void program_begin(const char *name)
{
    program_name = name;
    ef_gsl_quiet();
    signal(SIGPIPE, SIG_IGN);
    ef_leftover_watch();
}

void program_say(const char *format, ...)
{
    va_list arguments;
    program_progress_end();
    fflush(stdout);
    fprintf(stderr, "%s: ", program_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

int program_fail(const ef_error *err)
{
    program_say("%s", err->message);
    return err->status == EF_INVALID ? EXIT_USAGE : EXIT_DATA;
}

int program_end(int status)
{
    program_progress_end();
    errno = 0;
    int failed = ferror(stdout);
    if (fclose(stdout) != 0 || failed) {
        fprintf(stderr, "%s: standard output could not be written: %s\n", program_name, strerror(errno != 0 ? errno : EPIPE));
        return EXIT_DATA;
    }
    return status;
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
