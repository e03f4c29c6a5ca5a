/* program.h - how every program begins, speaks and ends. */
#ifndef EF_CLI_PROGRAM_H
#define EF_CLI_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/progress.h>
#include <eface/status.h>

#include "base/error.h"
#include "base/format_choice.h"

/* Exit statuses. */
enum { EXIT_DONE = 0, EXIT_ASSERTION = 1, EXIT_USAGE = 2, EXIT_DATA = 3 };

/* Quietens GSL, which would end the program (programs that open sets quieten HDF5 too: io/hdf5_quiet.h), lets a closed pipe be a failed write instead of a silent end, and lets a signal end the program
 * without anything half-made left behind. */
void program_begin(const char *name);

/* "eface-eval: SENTENCE" on standard error; standard output is flushed first. */
void program_say(const char *format, ...) EF_PRINTF(1, 2);

/* Says what is in *err; returns the exit status for it: EXIT_USAGE for EF_INVALID, EXIT_DATA else. */
int program_fail(const ef_error *err);

/* Adds to the sentence in *err what the user of a program can do, which the library does not know: its options.  `text` begins with "; ".  Returns `status`; does
 * nothing to EF_OK. */
ef_status program_hint(ef_status status, ef_error *err, const char *text);

/* The same, of the format of a file that its name does not tell. */
ef_status program_format_hint(ef_status status, ef_error *err);

enum { FORMAT_HELP = 320 };

/* The help of --format: what there is in the table, the first being what is meant without it. */
const char *program_format_help(char text[FORMAT_HELP], ef_format_at *at);

/* Sends on what was printed to standard output.  When that fails, program_end() tells why. */
void program_flush(void);

/* Closes standard output; returns `status`, or EXIT_DATA with a sentence when something written there was lost, but for a pipe that its reader closed: that
 * ends quietly. */
int program_end(int status);

/* Whether a stream is a terminal that wants colour (NO_COLOR and TERM=dumb do not). */
bool program_color(void);

/* Shows stages on the terminal's last line once work takes over a second; silent when standard error is no terminal. */
const ef_progress *program_progress(void);
/* Begins part `part` of `parts` of the work, from 1 on: its stages are shown anew.  `name` must outlive it. */
void program_progress_part(const char *name, size_t part, size_t parts);
/* Takes the line away before anything else is printed. */
void program_progress_end(void);

#endif
