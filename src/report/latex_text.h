/* latex_text.h - any text as LaTeX prints it. */
#ifndef EF_REPORT_LATEX_TEXT_H
#define EF_REPORT_LATEX_TEXT_H

#include <stddef.h>

/* What stands for text[i] of text[0 .. length-1] in LaTeX; NULL: itself. */
const char *ef_latex_of(const char *text, size_t i, size_t length);

#endif
