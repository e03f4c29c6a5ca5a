/* plot.h - a figure of a paper as data: panels, what is drawn in each, the legend and the axes, before it is put in gnuplot's words.
 *
 * Shares are fractions here and in the data files; axes show them in per cent.
 * Memory: a plot that could not grow remembers it in `failed`; whoever made it looks there once, at the end. */
#ifndef EF_PLOT_PLOT_H
#define EF_PLOT_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/result_file.h>
#include <eface/strings.h>

#include "base/error.h"
#include "table/paper_table.h"

typedef enum ef_plot_kind {
    EF_PLOT_ROC,         /* TAR at each FAR, which is logarithmic */
    EF_PLOT_DET,         /* FNMR at each FMR, both on normal-deviate axes */
    EF_PLOT_CMC,         /* identification rate within each rank */
    EF_PLOT_HIST,        /* how genuine and impostor scores are distributed */
    EF_PLOT_DISTRACTORS, /* identification rate at each number of distractors, which is logarithmic */
    EF_PLOT_TAR,         /* TAR on all benchmarks: bars from 0, or points on an axis that begins higher */
    EF_PLOT_KINDS
} ef_plot_kind;

/* "roc", "det", "cmc", "hist", "distractors", "tar"; and back. */
const char *ef_plot_kind_name(ef_plot_kind kind);
EF_MUST_USE ef_status ef_plot_kind_parse(ef_plot_kind *out, const char *text, ef_error *err);

/* In the order in which they are drawn, one over the other. */
typedef enum ef_drawing {
    EF_DRAW_BAND,      /* from low to high */
    EF_DRAW_AREA,      /* from 0 to y */
    EF_DRAW_BARS,      /* boxes from 0 to y, with low and high where those are numbers */
    EF_DRAW_DOTS,      /* points, with the same */
    EF_DRAW_REFERENCE, /* a thin grey line */
    EF_DRAW_LINE,
    EF_DRAW_MARKS, /* points */
    EF_DRAW_FLAGS, /* a "!" above each point */
    EF_DRAWINGS
} ef_drawing;

typedef struct ef_plot_series {
    ef_drawing drawing;
    size_t style; /* of its system, from 0 on; of a reference: which */
    char *name;   /* for the data file */
    double *x, *y, *low, *high;
    size_t count, capacity;
} ef_plot_series;

/* A line of the legend. */
typedef struct ef_plot_entry {
    ef_drawing drawing; /* what stands beside it: BARS and AREA a box, DOTS a point, REFERENCE and LINE a line; FLAGS nothing */
    bool marked;        /* with this a point on the line */
    size_t style;
    double value; /* by which the legend is ordered, the best first; NAN: after all others, in the order of coming */
    char *text;   /* the name, which is cut where there is no room for it */
    char *figure; /* what stands before it; NULL: nothing */
} ef_plot_entry;

/* A vertical line with a label. */
typedef struct ef_plot_rule {
    double x;
    char *label;
} ef_plot_rule;

typedef enum ef_scale { EF_SCALE_LINEAR, EF_SCALE_LOG, EF_SCALE_NORMAL } ef_scale;

typedef struct ef_plot_tick {
    double at;
    char *label;
} ef_plot_tick;

typedef struct ef_plot_axis {
    char *title;
    char *brief; /* the same in few letters, for small panels */
    ef_scale scale;
    bool percent;
    double low, high;
    ef_plot_tick *ticks; /* none: as gnuplot chooses; a logarithmic axis has powers of ten, as exponents */
    size_t tick_count, tick_capacity;
} ef_plot_axis;

typedef enum ef_corner { EF_BOTTOM_RIGHT, EF_TOP_RIGHT, EF_BOTTOM_LEFT, EF_TOP_LEFT, EF_CORNERS } ef_corner;

/* Where a panel stands, in shares of the picture from its lower left corner; plot_frame.h fills it in. */
typedef struct ef_plot_frame {
    double left, right, bottom, top; /* of the area between the axes */
    double title, x_title, y_title;  /* heights of the middles of those two, and how far from the left that of the third is */
    bool legend_below;               /* for there is no room in the area */
    ef_corner corner;                /* of the area, where the legend stands otherwise */
    double legend_x, legend_y;       /* below: the upper left corner of the legend's lines */
    double legend_title;             /* and the height of the middle of its title */
    size_t legend_columns, legend_rows;
    double legend_letters; /* that a line of it has room for, of usual width */
} ef_plot_frame;

/* The picture; plot_frame.h fills it in. */
typedef struct ef_plot_sheet {
    double width, height; /* in points; as text in letters and lines */
    double letters;       /* size in points */
    size_t columns, rows; /* of panels */
} ef_plot_sheet;

typedef struct ef_plot_panel {
    char *title;
    ef_plot_axis x, y;
    char *legend_title; /* NULL: none */
    ef_corner legend;   /* where it looks best, if nothing is drawn there */
    bool few;           /* something is marked because it rests on few false matches; the legend says what the mark means */
    bool diagonal;      /* a line where both axes are equal */
    double bar_width;   /* of BARS and DOTS, in units of x */
    ef_plot_series *series;
    size_t series_count, series_capacity;
    ef_plot_entry *entries;
    size_t entry_count, entry_capacity;
    ef_plot_rule *rules;
    size_t rule_count, rule_capacity;
    ef_plot_frame frame;
} ef_plot_panel;

typedef struct ef_plot {
    ef_plot_kind kind;
    ef_plot_panel *panels;
    size_t panel_count;
    ef_plot_sheet sheet;
    size_t style_count;   /* systems, so styles in use */
    bool failed;          /* memory was out */
    ef_plot_series spare; /* what ef_plot_draw() returns then */
} ef_plot;

enum { EF_MOST_PANELS = 64, EF_MOST_SYSTEMS = 32 };

/* Curves from elsewhere: drawn in grey. */
typedef struct ef_plot_reference {
    char *protocol; /* the panel to draw it in; NULL: in each */
    char *name;
    char *file;
    double *x, *y; /* in the units of the data: shares */
    size_t count;
} ef_plot_reference;

typedef enum ef_choice { EF_AS_FITS, EF_YES, EF_NO } ef_choice;

typedef struct ef_plot_options {
    ef_plot_kind kind;
    const ef_strings *protocols; /* the benchmarks, in this order; none: all, as they come */
    bool choose_convention;      /* for figures in legends and marks, instead of each result's own */
    ef_convention convention;
    double at;       /* FAR that legends and bars are about; NAN: the lowest that all have, on enough false matches if any does */
    double from;     /* the lowest FAR on an axis; NAN: as results go */
    double lowest;   /* the lowest share on the y axis of roc, cmc, distractors and tar; NAN: as it fits */
    size_t ranks;    /* to show; 0: as results go, to 100 at the most */
    ef_choice bands; /* as fits: with up to three systems in a panel */
    bool mixed;      /* draw together what was not made alike */
    const ef_plot_reference *references;
    size_t reference_count;
} ef_plot_options;

/* Makes a plot of results.  Errors: no result of the kind that the plot shows (the message says which kinds of plot there could be), a result without the
 * curve or histogram that is needed, the same system twice in a panel, results in one panel that were not made alike (unless options->mixed), a figure that
 * no result has, a reference for a benchmark without a panel, or of which nothing lies between the axes, more than EF_MOST_PANELS panels or EF_MOST_SYSTEMS systems.  The caller frees what *out owns with ef_plot_free(). */
EF_MUST_USE ef_status ef_plot_make(ef_plot *out, const ef_paper_entry *entries, size_t count, const ef_plot_options *options,
                                   ef_error *err);
void ef_plot_free(ef_plot *plot); /* an empty (zeroed) one is fine */

/* --- For the makers of panels ----------------------------------------------------------------------------------------------------- */

/* A copy of a text in which control characters are blanks, since names may hold anything; formatted. */
char *ef_plot_text(ef_plot *plot, const char *format, ...) EF_PRINTF(2, 3);

/* A new, empty series; the pointer holds until the next one is added to the panel.  Never NULL. */
ef_plot_series *ef_plot_draw(ef_plot *plot, ef_plot_panel *panel, ef_drawing drawing, size_t style, const char *name);
void ef_plot_point(ef_plot *plot, ef_plot_series *series, double x, double y, double low, double high);

/* A line of the legend; its texts are taken over.  ef_plot_order() puts all of them in their order. */
void ef_plot_enter(ef_plot *plot, ef_plot_panel *panel, ef_plot_entry entry);
void ef_plot_order(ef_plot_panel *panel);

void ef_plot_rule_at(ef_plot *plot, ef_plot_panel *panel, double x, char *label); /* `label` is taken over */
void ef_plot_tick_at(ef_plot *plot, ef_plot_axis *axis, double at, char *label);

#endif
