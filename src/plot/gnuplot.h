/* gnuplot.h - draws by running gnuplot, without a shell, in a folder of its own where all names are plain. */
#ifndef EF_PLOT_GNUPLOT_H
#define EF_PLOT_GNUPLOT_H

#include <stdbool.h>

#include "base/temporary.h"
#include "plot/plot_script.h"

/* What may have to be taken away, in the order in which it is made. */
enum { EF_GNUPLOT_FOLDER, EF_GNUPLOT_SCRIPT, EF_GNUPLOT_DATA, EF_GNUPLOT_OUTPUT, EF_GNUPLOT_LINES, EF_GNUPLOT_ALL };

/* A folder with a script, its data, and what gnuplot makes of them. */
typedef struct ef_gnuplot {
    char *folder;
    ef_plot_format format;
    char *script, *data, *output;            /* names in the folder: "roc.gp", "roc.dat", "roc.pdf" */
    char *lines;                             /* of a picture whose texts LaTeX sets and are `output`: "roc.pdf"; else NULL */
    ef_temporary *temporary[EF_GNUPLOT_ALL]; /* to be taken away at the end; NULL what is the user's */
} ef_gnuplot;

/* Makes ready to draw in `keep`, made if missing, or, when that is NULL, in a new folder for temporary files; `stem` is what the names of all files begin
 * with.  *look receives the names of data and output. */
EF_MUST_USE ef_status ef_gnuplot_begin(ef_gnuplot *out, ef_plot_look *look, const char *keep, const char *stem, ef_error *err);

/* Writes script and data, and runs gnuplot in the folder.  When there is no gnuplot, or it fails, both stay, and the error says where and what it
 * said. */
EF_MUST_USE ef_status ef_gnuplot_draw(ef_gnuplot *self, const ef_plot *plot, const ef_plot_look *look, ef_error *err);

/* Copies what was drawn to `path` (NULL: standard output), which appears whole or not at all; `lines` beside it.  With `document`, the plot, it becomes a
 * document of LaTeX. */
EF_MUST_USE ef_status ef_gnuplot_deliver(ef_gnuplot *self, const ef_plot *document, const char *path, ef_error *err);

/* Where `lines` goes beside `path`; freed with free(), NULL when memory is out. */
char *ef_gnuplot_beside(const ef_gnuplot *self, const char *path);

/* Takes away the folder, unless it is the user's or ef_gnuplot_draw() left it. */
void ef_gnuplot_end(ef_gnuplot *self);

#endif
