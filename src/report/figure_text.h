/* figure_text.h - how figures are written, the same in every report for eyes. */
#ifndef EF_REPORT_FIGURE_TEXT_H
#define EF_REPORT_FIGURE_TEXT_H

#include <stddef.h>

#include <eface/result.h>

/* Each writes into text[size] and returns it. */

/* "1e-3", "0.05", "10": powers of ten as people write them. */
char *ef_word_point(char *text, size_t size, double point);
/* "TAR @ FAR 1e-3". */
char *ef_word_label(char *text, size_t size, const ef_result_row *row);
/* "0.98933", "0.98933 +- 0.00351" with a spread over folds; "0.99711..0.99713" when it is not known better than
 * that; "n/a" when undefined. */
char *ef_word_value(char *text, size_t size, const ef_metric *metric, const ef_measure *measure);
/* "[0.98658, 0.99208]"; empty without an interval. */
char *ef_word_interval(char *text, size_t size, const ef_measure *measure);
/* "0.31234", "d2 1.23" for a squared distance; empty when there is none. */
char *ef_word_threshold(char *text, size_t size, const ef_measure *measure);
/* "!" when a figure rests on few false matches, "!!" when on 0 or 1 of them; else empty. */
const char *ef_word_few(const ef_measure *measure);
/* "3 / 3000"; empty when `of` is 0. */
char *ef_word_count(char *text, size_t size, uint64_t count, uint64_t of);

#endif
