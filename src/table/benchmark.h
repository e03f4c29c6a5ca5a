/* benchmark.h - what tables know of a benchmark: its heading, what papers quote of it, and its place among others.
 *
 * Results carry all three, so that a table needs no protocol file.  What a result has not - it was written before there was a key for it, or there are only
 * published figures - is asked of the protocol file of that name, if there is one. */
#ifndef EF_TABLE_BENCHMARK_H
#define EF_TABLE_BENCHMARK_H

#include <stdint.h>

#include <eface/result_file.h>
#include <eface/strings.h>

#include "table/paper_table.h"

#define EF_NO_PLACE UINT64_MAX /* behind all others */

/* What it is called above a column: as its results say, else as its protocol file does, else its name.  Freed with free(); NULL without memory. */
char *ef_benchmark_heading(const ef_paper_input *input, const char *protocol);

/* *out = what papers quote of it, "cmc@1", in their order; empty when nothing says.  The caller frees it. */
EF_MUST_USE ef_status ef_benchmark_quote(ef_strings **out, const ef_paper_input *input, const char *protocol, ef_error *err);

/* Its place: lower ones come first, equal ones as they come; EF_NO_PLACE when nothing says. */
uint64_t ef_benchmark_place(const ef_paper_input *input, const char *protocol);

/* The same by one of its results. */
uint64_t ef_benchmark_place_of(const ef_stored_result *result);

#endif
