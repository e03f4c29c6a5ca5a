#include "table/grid.h"

#include <string.h>

#include "base/error.h"
#include "base/nearest.h"

static const struct {
    const char *name, *extension;
} looks[] = {[EF_LOOK_TEXT] = {"text", ".txt"},
             [EF_LOOK_LATEX] = {"latex", ".tex"},
             [EF_LOOK_MARKDOWN] = {"md", ".md"},
             [EF_LOOK_CSV] = {"csv", ".csv"},
             [EF_LOOK_HTML] = {"html", ".html"}};
enum { look_count = sizeof looks / sizeof *looks };

ef_status ef_look_parse(ef_look *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (int i = 0; i < look_count; i++) {
        if (strcmp(text, looks[i].name) == 0 || strcmp(text, looks[i].extension + 1) == 0) {
            *out = (ef_look)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, looks[i].name);
    }
    return ef_fail_unknown(err, "format", text, &nearest);
}

ef_status ef_look_of_file(ef_look *out, const char *path, ef_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');
    for (int i = 0; dot != NULL && i < look_count; i++) {
        if (strcmp(dot, looks[i].extension) == 0) {
            *out = (ef_look)i;
            return EF_OK;
        }
    }
    return ef_fail(err, EF_INVALID,
                   "the extension of '%s' is none of .txt, .tex, .md, .csv and .html; --format says which is meant", path);
}

void ef_grid_write(const ef_grid *grid, FILE *stream, ef_look look, const ef_look_options *options)
{
    switch (look) {
    case EF_LOOK_TEXT: ef_grid_text(grid, stream, options->color); break;
    case EF_LOOK_LATEX: ef_grid_latex(grid, stream, options->standalone); break;
    case EF_LOOK_MARKDOWN: ef_grid_markdown(grid, stream); break;
    case EF_LOOK_CSV: ef_grid_csv(grid, stream); break;
    case EF_LOOK_HTML: ef_grid_html(grid, stream, options->standalone); break;
    }
}
