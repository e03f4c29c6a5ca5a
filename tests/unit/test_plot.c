/* Plots before gnuplot draws them: axes, what may stand together, where legends fit, and how texts are quoted. */
#include "unit.h"

#include <stdio.h>

#include "plot/plot_axis.h"
#include "plot/plot_frame.h"
#include "plot/plot_label.h"
#include "plot/plot_parts.h"
#include "plot/plot_clear.h"
#include "stats/deviate.h"

enum { most = 40, points = 4, bins = 20 };

/* Systems with a curve, a histogram and TARs on one benchmark. */
typedef struct systems {
    double far[points], tar[most][points], fnmr[most][points], threshold[points];
    uint64_t genuine[bins], impostor[bins];
    ef_stored_metric metrics[most][2];
    ef_stored_result results[most];
    ef_paper_entry entries[most];
    char names[most][32];
    size_t count;
} systems;

static void make_systems(systems *out, size_t count)
{
    static const double far[points] = {0, 0.001, 0.05, 1}, tar[points] = {0.4, 0.7, 0.93, 1};
    *out = (systems){.count = count};
    memcpy(out->far, far, sizeof far);
    out->genuine[15] = 30;
    out->genuine[16] = 70;
    out->impostor[3] = 60;
    out->impostor[8] = 40;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < points; j++) {
            out->tar[i][j] = tar[j] * (1 - 0.01 * (double)i);
            out->fnmr[i][j] = 1 - out->tar[i][j];
        }
        snprintf(out->names[i], sizeof out->names[i], "system %zu", i);
        for (size_t j = 0; j < 2; j++) {
            ef_measure measure = {.value = out->tar[i][j + 1],
                                  .ci_low = NAN,
                                  .ci_high = NAN,
                                  .threshold = 0.2 - 0.3 * (double)j,
                                  .impostors = 1000,
                                  .false_matches = j == 0 ? 1 : 60};
            out->metrics[i][j] = (ef_stored_metric){.name = "tar_at_far",
                                                    .title = "TAR @ FAR",
                                                    .point = far[j + 1],
                                                    .has = {true, true},
                                                    .measure = {measure, measure}};
        }
        out->results[i] = (ef_stored_result){
            .protocol = "lfw",
            .heading = "LFW",
            .task = "verify-pairs",
            .model = out->names[i],
            .convention = EF_INSIGHTFACE,
            .interval = "wilson",
            .confidence = 0.95,
            .pairs = 1100,
            .metrics = out->metrics[i],
            .metric_count = 2,
            .curve = {out->threshold, out->far, out->tar[i], out->fnmr[i], points, .genuine = 100, .impostors = 1000},
            .histogram = {.low = -1, .high = 1, .bins = bins, .genuine = out->genuine, .impostor = out->impostor}};
        out->entries[i] = (ef_paper_entry){&out->results[i], "r.json", out->names[i]};
    }
}

static ef_plot_options options_of(ef_plot_kind kind)
{
    return (ef_plot_options){.kind = kind, .at = NAN, .from = NAN, .lowest = NAN};
}

static void make(ef_plot *plot, const systems *self, const ef_plot_options *options)
{
    OK(ef_plot_make(plot, self->entries, self->count, options, err));
}

START_TEST(high_shares_begin_below_the_lowest_point_and_end_above_1)
{
    const struct {
        double least, low;
    } cases[] = {{0.9713, 0.95}, {0.9951, 0.99}, {0.99999, 0.999}, {0.5, 0.4}, {0.99, 0.98}, {0.05, 0}, {0, 0}, {1, 0.999}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        ef_plot plot = {0};
        ef_plot_axis axis;
        ef_axis_high_shares(&plot, &axis, "long", "brief", cases[i].least, NAN);
        ck_assert_double_eq(axis.low, cases[i].low);
        ck_assert_double_gt(axis.high, 1);
        free(axis.title);
        free(axis.brief);
        ef_axis_high_shares(&plot, &axis, "long", "brief", cases[i].least, 0.25);
        ck_assert_double_eq(axis.low, 0.25);
        free(axis.title);
        free(axis.brief);
    }
}
END_TEST

START_TEST(powers_of_ten_are_found_in_spite_of_rounding)
{
    for (int power = -9; power <= 6; power++) {
        double exact = pow(10, power);
        ck_assert_double_eq_tol(ef_power_below(exact) / exact, 1, 1e-12);
        ck_assert_double_eq_tol(ef_power_below(exact * (1 - 1e-15)) / exact, 1, 1e-12);
        ck_assert_double_eq_tol(ef_power_below(exact * 9.7) / exact, 1, 1e-12);
        ck_assert_double_eq_tol(ef_power_above(exact * (1 + 1e-15)) / exact, 1, 1e-12);
        ck_assert_double_eq_tol(ef_power_above(exact * 1.1) / exact, 10, 1e-11);
    }
}
END_TEST

static void free_axis(ef_plot_axis *axis)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        free(axis->ticks[i].label);
    }
    free(axis->ticks);
    free(axis->title);
    free(axis->brief);
}

START_TEST(deviate_axes_hold_what_they_must_and_their_numbers_stand_apart)
{
    const double lows[] = {1e-8, 1e-6, 1.0 / 3000, 1e-3, 0.01}, highs[] = {0.05, 0.4, 0.93};
    for (size_t i = 0; i < LENGTH(lows); i++) {
        for (size_t j = 0; j < LENGTH(highs); j++) {
            ef_plot plot = {0};
            ef_plot_axis axis;
            ef_axis_deviates(&plot, &axis, "long", "brief", true, lows[i], highs[j]);
            ck_assert_double_le(axis.low, lows[i] * (1 + 1e-9));
            ck_assert_double_ge(axis.high, highs[j]);
            double length = ef_deviate(axis.high) - ef_deviate(axis.low);
            ck_assert_uint_ge(axis.tick_count, 3);
            for (size_t k = 0; k + 1 < axis.tick_count; k++) {
                double gap = (ef_deviate(axis.ticks[k].at) - ef_deviate(axis.ticks[k + 1].at)) / length;
                double letters = (double)(strlen(axis.ticks[k].label) + strlen(axis.ticks[k + 1].label));
                ck_assert_double_gt(gap, 0.011 * letters);
            }
            free_axis(&axis);
        }
    }
}
END_TEST

START_TEST(even_ticks_are_few_and_at_round_numbers)
{
    const double ranges[][2] = {{-0.7, 1}, {0.49, 0.52}, {-1, 1}, {0, 3.7}, {-250, 900}};
    for (size_t i = 0; i < LENGTH(ranges); i++) {
        ef_plot plot = {0};
        ef_plot_axis axis = {.low = ranges[i][0], .high = ranges[i][1]};
        ef_axis_even_ticks(&plot, &axis);
        ck_assert_uint_ge(axis.tick_count, 2);
        ck_assert_uint_le(axis.tick_count, 8);
        for (size_t j = 0; j < axis.tick_count; j++) {
            ck_assert_double_ge(axis.ticks[j].at, axis.low - 1e-9);
            ck_assert_double_le(axis.ticks[j].at, axis.high + 1e-9);
            ck_assert_double_eq_tol(atof(axis.ticks[j].label), axis.ticks[j].at, 1e-9);
            ck_assert_uint_le(strlen(axis.ticks[j].label), 5);
        }
        free_axis(&axis);
    }
}
END_TEST

/* Quantiles of the standard normal distribution from a table. */
START_TEST(deviates_are_those_of_the_normal_distribution)
{
    ck_assert_double_eq_tol(ef_deviate(0.5), 0, 1e-15);
    ck_assert_double_eq_tol(ef_deviate(0.975), 1.959963984540054, 1e-12);
    ck_assert_double_eq_tol(ef_deviate(0.001), -3.090232306167813, 1e-12);
    ck_assert(isfinite(ef_deviate(0)) && isfinite(ef_deviate(1)));
    ck_assert_double_eq_tol(ef_deviate(0), -ef_deviate(1), 1e-3);
}
END_TEST

/* A panel from (0, 0) to (1, 1) with one series of two points. */
static bool is_clear(ef_drawing drawing, const double x[2], const double y[2], const double low[2], const double high[2],
                     ef_plot_box box)
{
    ef_plot_series series = {
        .drawing = drawing, .x = (double *)x, .y = (double *)y, .low = (double *)low, .high = (double *)high, .count = 2};
    ef_plot_panel panel = {.x = {.high = 1}, .y = {.high = 1}, .bar_width = 0.2, .series = &series, .series_count = 1};
    return ef_plot_clear(&panel, &box);
}

START_TEST(a_box_is_clear_when_nothing_drawn_touches_it)
{
    const double x[] = {0.1, 0.9}, y[] = {0.1, 0.9}, none[] = {NAN, NAN}, low[] = {0.0, 0.7}, high[] = {0.2, 1.0};
    const ef_plot_box below = {0.6, 0.95, 0.05, 0.4}, across = {0.4, 0.6, 0.3, 0.7}, near = {0.5, 0.8, 0.62, 0.7};
    ck_assert(is_clear(EF_DRAW_LINE, x, y, none, none, below));
    ck_assert(!is_clear(EF_DRAW_LINE, x, y, none, none, across)); /* no end of the line lies in it */
    ck_assert(!is_clear(EF_DRAW_REFERENCE, x, y, none, none, near));
    ck_assert(is_clear(EF_DRAW_MARKS, x, y, none, none, across));
    ck_assert(!is_clear(EF_DRAW_MARKS, x, y, none, none, (ef_plot_box){0.8, 1, 0.8, 1}));
    ck_assert(!is_clear(EF_DRAW_AREA, x, y, none, none, below)); /* filled down to 0 */
    ck_assert(is_clear(EF_DRAW_AREA, x, y, none, none, (ef_plot_box){0, 0.5, 0.92, 1}));
    ck_assert(!is_clear(EF_DRAW_BAND, x, y, low, high, below)); /* where it is filled between its points */
    ck_assert(is_clear(EF_DRAW_BARS, x, y, none, none, (ef_plot_box){0.25, 0.75, 0, 1}));
    ck_assert(!is_clear(EF_DRAW_BARS, x, y, none, none, (ef_plot_box){0.7, 0.85, 0, 0.5}));
    ck_assert(!is_clear(EF_DRAW_BARS, x, y, none, high, (ef_plot_box){0.85, 1, 0.95, 1})); /* its interval */
    ck_assert(is_clear(EF_DRAW_DOTS, x, y, none, none, (ef_plot_box){0.7, 1, 0, 0.6}));
    ck_assert(!is_clear(EF_DRAW_DOTS, x, y, none, none, (ef_plot_box){0.75, 0.85, 0.85, 1}));
    ck_assert(!is_clear(EF_DRAW_DOTS, x, y, low, high, (ef_plot_box){0.7, 1, 0.6, 0.75})); /* its interval */
    ck_assert(is_clear(EF_DRAW_LINE, none, none, none, none, across));
    /* Outside the panel nothing is drawn. */
    ck_assert(is_clear(EF_DRAW_LINE, x, (double[]){1.1, 1.5}, none, none, (ef_plot_box){0, 1, 0.5, 1}));
}
END_TEST

START_TEST(a_rule_and_scales_count_when_room_is_looked_for)
{
    ef_plot_rule rule = {0.5, NULL};
    ef_plot_panel ruled = {.x = {.high = 1}, .y = {.high = 1}, .rules = &rule, .rule_count = 1};
    ck_assert(!ef_plot_clear(&ruled, &(ef_plot_box){0.4, 0.6, 0, 0.1}));
    ck_assert(ef_plot_clear(&ruled, &(ef_plot_box){0.6, 0.9, 0, 1}));
    /* 0.01 is half way from 1e-4 to 1. */
    double x[] = {0.01, 0.01}, y[] = {0.2, 0.8};
    ef_plot_series line = {.drawing = EF_DRAW_LINE, .x = x, .y = y, .count = 2};
    ef_plot_panel log = {
        .x = {.scale = EF_SCALE_LOG, .low = 1e-4, .high = 1}, .y = {.high = 1}, .series = &line, .series_count = 1};
    ck_assert(!ef_plot_clear(&log, &(ef_plot_box){0.49, 0.51, 0.4, 0.6}));
    ck_assert(ef_plot_clear(&log, &(ef_plot_box){0, 0.49, 0, 1}));
    /* And 0.5 half way from 0.1 to 0.9. */
    double half[] = {0.5, 0.5};
    ef_plot_series upright = {.drawing = EF_DRAW_LINE, .x = half, .y = y, .count = 2};
    ef_plot_panel normal = {
        .x = {.scale = EF_SCALE_NORMAL, .low = 0.1, .high = 0.9}, .y = {.high = 1}, .series = &upright, .series_count = 1};
    ck_assert(!ef_plot_clear(&normal, &(ef_plot_box){0.49, 0.51, 0.4, 0.6}));
}
END_TEST

static bool apart(const ef_plot_frame *a, const ef_plot_frame *b)
{
    return a->right < b->left || b->right < a->left || a->top < b->bottom || b->top < a->bottom;
}

START_TEST(panels_and_legends_stand_within_the_picture_and_apart)
{
    const size_t counts[] = {1, 2, 5, 8, 32};
    const ef_plot_kind kinds[] = {EF_PLOT_ROC, EF_PLOT_DET, EF_PLOT_HIST, EF_PLOT_TAR};
    static systems self;
    for (size_t i = 0; i < LENGTH(counts); i++) {
        make_systems(&self, counts[i]);
        for (size_t k = 0; k < LENGTH(kinds) * 3; k++) {
            ef_plot plot;
            ef_plot_options options = options_of(kinds[k / 3]);
            ef_plot_look look = {.format = EF_PLOT_PDF, .size = (ef_plot_size)(k % 3)};
            make(&plot, &self, &options);
            ef_plot_lay_out(&plot, &look);
            double line = ef_plot_line(&look, &plot.sheet) / plot.sheet.height;
            for (size_t j = 0; j < plot.panel_count; j++) {
                const ef_plot_panel *panel = &plot.panels[j];
                const ef_plot_frame *frame = &panel->frame;
                double floor =
                    frame->legend_below ? frame->legend_y - (double)frame->legend_rows * line : frame->x_title - line / 2;
                ck_assert_double_gt(frame->y_title, 0);
                ck_assert_double_lt(frame->y_title, frame->left);
                ck_assert_double_lt(frame->left, frame->right);
                ck_assert_double_lt(frame->right, 1);
                ck_assert_double_gt(frame->top - frame->bottom, 3 * line);
                ck_assert_double_le(frame->top, 1);
                ck_assert_double_lt(frame->x_title, frame->bottom);
                ck_assert_double_ge(floor, -1e-9);
                ck_assert(!frame->legend_below || frame->legend_rows * frame->legend_columns >= panel->entry_count);
                for (size_t m = 0; m < j; m++) {
                    ck_assert(apart(frame, &plot.panels[m].frame));
                    bool above = plot.panels[m].frame.bottom > frame->top + line;
                    const ef_plot_frame *upper = &plot.panels[m].frame;
                    ck_assert(!above || !upper->legend_below ||
                              upper->legend_y - (double)upper->legend_rows * line > frame->top - 1e-9);
                }
            }
            ef_plot_free(&plot);
        }
    }
}
END_TEST

START_TEST(a_legend_goes_into_a_corner_where_nothing_is_drawn_and_else_below)
{
    static systems self;
    ef_plot plot;
    ef_plot_options options = options_of(EF_PLOT_ROC);
    const ef_plot_look look = {.format = EF_PLOT_PDF};
    make_systems(&self, 2);
    options.bands = EF_NO;
    make(&plot, &self, &options);
    ef_plot_lay_out(&plot, &look);
    ck_assert(!plot.panels[0].frame.legend_below);
    ck_assert_int_eq(plot.panels[0].frame.corner, EF_BOTTOM_RIGHT);
    ef_plot_free(&plot);
    /* Intervals are wide enough to reach it. */
    options.bands = EF_YES;
    make(&plot, &self, &options);
    ef_plot_lay_out(&plot, &look);
    ck_assert(plot.panels[0].frame.legend_below);
    ef_plot_free(&plot);
    make_systems(&self, 20);
    make(&plot, &self, &options);
    ef_plot_lay_out(&plot, &look);
    ck_assert(plot.panels[0].frame.legend_below);
    ck_assert_uint_eq(plot.panels[0].frame.legend_rows, 10);
    ef_plot_free(&plot);
}
END_TEST

START_TEST(legends_are_ordered_by_value_the_best_first_and_what_is_unknown_last)
{
    static systems self;
    ef_plot plot;
    ef_plot_options options = options_of(EF_PLOT_ROC);
    make_systems(&self, 4);
    self.metrics[1][0].measure[EF_INSIGHTFACE].value = NAN;
    self.metrics[1][0].measure[EF_INSIGHTFACE].undefined = "too few";
    self.metrics[3][0].measure[EF_INSIGHTFACE].value = 0.99;
    options.at = 0.001;
    make(&plot, &self, &options);
    static const char *const names[] = {"system 3", "system 0", "system 2", "system 1"}, *const figures[] = {"99.00", "70.00",
                                                                                                             "68.60", "n/a"};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(plot.panels[0].entries[i].text, names[i]);
        ck_assert_str_eq(plot.panels[0].entries[i].figure, figures[i]);
    }
    ck_assert_str_eq(plot.panels[0].legend_title, "TAR [%] at FAR 1e-3");
    ef_plot_free(&plot);
    /* Without a choice it is about the lowest FAR at which all have one. */
    options.at = NAN;
    make(&plot, &self, &options);
    ck_assert_str_eq(plot.panels[0].legend_title, "TAR [%] at FAR 0.05");
    ef_plot_free(&plot);
}
END_TEST

/* As eface-eval leaves curves when only TARs at low FARs are wanted: up to the highest of them. */
static void end_early(systems *self, double end)
{
    const double far[points] = {0, end / 1000, end / 10, end};
    memcpy(self->far, far, sizeof far);
    for (size_t i = 0; i < self->count; i++) {
        self->results[i].curve.impostors = 100000000;
        self->results[i].metric_count = 1;
        self->metrics[i][0].point = end;
        self->metrics[i][0].measure[EF_INSIGHTFACE].impostors = 100000000;
        self->metrics[i][0].measure[EF_INSIGHTFACE].false_matches = 0;
    }
}

START_TEST(axes_reach_as_far_as_curves_do)
{
    static const double ends[] = {1e-6, 1e-4, 0.013, 0.2}, high[] = {1e-6, 1e-4, 0.1, 1}, low[] = {1e-8, 1e-7, 1e-4, 0.1};
    static systems self;
    ef_plot plot;
    ef_plot_options options = options_of(EF_PLOT_ROC);
    for (size_t i = 0; i < LENGTH(ends); i++) {
        make_systems(&self, 2);
        end_early(&self, ends[i]);
        make(&plot, &self, &options);
        ck_assert_double_eq_tol(plot.panels[0].x.high / high[i], 1, 1e-9);
        ck_assert_double_eq_tol(plot.panels[0].x.low / low[i], 1, 1e-9);
        ef_plot_free(&plot);
    }
    /* One that ends early beside one that does not. */
    make_systems(&self, 2);
    static const double early[points] = {0, 1e-5, 1e-4, 1e-3};
    self.results[1].curve.far = (double *)early;
    make(&plot, &self, &options);
    ck_assert_double_eq(plot.panels[0].x.low, 0.001);
    ck_assert_double_eq_tol(plot.panels[0].x.high, 1, 1e-12);
    ef_plot_free(&plot);
    /* Low ones are not drawn upon the axis of x. */
    make_systems(&self, 1);
    end_early(&self, 1e-4);
    for (size_t i = 0; i < points; i++) {
        self.tar[0][i] *= 0.1;
    }
    make(&plot, &self, &options);
    ck_assert_double_eq(plot.panels[0].y.low, 0);
    ck_assert_double_eq(plot.panels[0].y.high, 0.2);
    ef_plot_free(&plot);
    /* The left end that is asked for is taken, but for one behind which there is nothing. */
    for (size_t i = 0; i < 2; i++) {
        make_systems(&self, 1);
        end_early(&self, 1e-4);
        options.from = i == 0 ? 2e-6 : 1e-2;
        make(&plot, &self, &options);
        ck_assert_double_eq_tol(plot.panels[0].x.low / (i == 0 ? 2e-6 : 1e-5), 1, 1e-9);
        ef_plot_free(&plot);
    }
}
END_TEST

START_TEST(a_det_without_equal_error_rates_is_about_rates_at_a_far)
{
    static systems self;
    ef_plot plot;
    const ef_plot_options options = options_of(EF_PLOT_DET);
    make_systems(&self, 2);
    end_early(&self, 1e-4);
    for (size_t i = 0; i < 2; i++) {
        self.tar[i][points - 1] = self.metrics[i][0].measure[EF_INSIGHTFACE].value = i == 0 ? 0.71 : 0.74;
        self.fnmr[i][points - 1] = 1 - self.tar[i][points - 1];
    }
    make(&plot, &self, &options);
    const ef_plot_panel *panel = &plot.panels[0];
    ck_assert_str_eq(panel->legend_title, "FNMR [%] at FMR 1e-4");
    ck_assert_str_eq(panel->entries[0].text, "system 1");
    ck_assert_str_eq(panel->entries[0].figure, "26.00");
    ck_assert_str_eq(panel->entries[1].figure, "29.00");
    ck_assert_double_eq_tol(panel->x.high, 1e-4, 1e-12);
    ck_assert_double_eq(panel->y.low, 0.2);
    /* Nowhere between the axes are both rates alike. */
    ck_assert(!panel->diagonal);
    size_t marked = 0;
    for (size_t i = 0; i < panel->series_count; i++) {
        const ef_plot_series *series = &panel->series[i];
        if (series->drawing == EF_DRAW_MARKS) {
            ck_assert_uint_eq(series->count, 1);
            ck_assert_double_eq_tol(series->x[0], 1e-4, 1e-12);
            ck_assert_double_eq_tol(series->y[0], series->style == 0 ? 0.29 : 0.26, 1e-12);
            marked++;
        }
    }
    ck_assert_uint_eq(marked, 2);
    ef_plot_free(&plot);
}
END_TEST

START_TEST(bars_begin_at_0_and_points_stand_where_an_axis_does_not)
{
    const struct {
        double tar, low, lowest;
        ef_drawing drawing;
    } cases[] = {{0.4, 0, NAN, EF_DRAW_BARS},       {0.54, 0, NAN, EF_DRAW_BARS}, {0.58, 0.5, NAN, EF_DRAW_DOTS},
                 {0.998, 0.995, NAN, EF_DRAW_DOTS}, {0.998, 0, 0, EF_DRAW_BARS},  {0.4, 0.2, 0.2, EF_DRAW_DOTS}};
    static systems self;
    ef_plot plot;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        ef_plot_options options = options_of(EF_PLOT_TAR);
        options.at = 0.001;
        options.lowest = cases[i].lowest;
        make_systems(&self, 2);
        self.metrics[0][0].measure[EF_INSIGHTFACE].value = cases[i].tar;
        self.metrics[1][0].measure[EF_INSIGHTFACE].value = 1;
        self.metrics[1][0].measure[EF_INSIGHTFACE].few_false_matches = true;
        make(&plot, &self, &options);
        const ef_plot_panel *panel = &plot.panels[0];
        ck_assert_double_eq(panel->y.low, cases[i].low);
        /* A mark above a bar up to 1 has room below the frame. */
        ck_assert_double_ge((panel->y.high - 1) / (panel->y.high - panel->y.low), 0.07);
        for (size_t j = 0; j < panel->series_count; j++) {
            ck_assert(panel->series[j].drawing == cases[i].drawing || panel->series[j].drawing == EF_DRAW_FLAGS);
        }
        ck_assert_int_eq(panel->entries[0].drawing, cases[i].drawing);
        ef_plot_free(&plot);
    }
}
END_TEST

START_TEST(a_histogram_shows_every_score_once)
{
    static systems self;
    ef_plot plot;
    const ef_plot_options options = options_of(EF_PLOT_HIST);
    make_systems(&self, 1);
    make(&plot, &self, &options);
    for (size_t i = 0; i < plot.panels[0].series_count; i++) {
        const ef_plot_series *series = &plot.panels[0].series[i];
        double sum = 0;
        for (size_t j = 0; j < series->count; j += 2) {
            sum += series->y[j];
            ck_assert_double_eq(series->y[j], series->y[j + 1]);
        }
        ck_assert_double_eq_tol(sum, 1, 1e-12);
    }
    ef_plot_free(&plot);
}
END_TEST

static bool is_same_axis(const ef_plot_axis *a, const ef_plot_axis *b)
{
    return a->low == b->low && a->high == b->high;
}

START_TEST(histograms_of_a_benchmark_can_be_compared)
{
    static systems self;
    static uint64_t genuine[bins], impostor[bins];
    ef_plot plot;
    const ef_plot_options options = options_of(EF_PLOT_HIST);
    make_systems(&self, 3);
    /* The second reaches further, and higher; its thresholds of the lower FAR lie too near to each other. */
    genuine[18] = 100;
    impostor[1] = 10;
    impostor[2] = 90;
    self.results[1].histogram.genuine = genuine;
    self.results[1].histogram.impostor = impostor;
    self.metrics[0][0].measure[EF_INSIGHTFACE].threshold = 0.1;
    self.metrics[1][0].measure[EF_INSIGHTFACE].threshold = 0.2;
    self.metrics[1][1].measure[EF_INSIGHTFACE].threshold = 0.15;
    /* The third has scores on another scale. */
    self.results[2].histogram.low = 0;
    self.results[2].histogram.high = 100;
    make(&plot, &self, &options);
    const ef_plot_panel *panels = plot.panels;
    ck_assert_uint_eq(plot.panel_count, 3);
    ck_assert(is_same_axis(&panels[0].x, &panels[1].x) && is_same_axis(&panels[0].y, &panels[1].y));
    ck_assert(!is_same_axis(&panels[0].x, &panels[2].x));
    ck_assert_double_eq_tol(panels[0].x.low, -1, 1e-12);
    ck_assert_double_eq_tol(panels[0].x.high, 1, 1e-12);
    ck_assert_double_gt(panels[0].y.high, 1);
    ck_assert_str_eq(panels[0].y.title, panels[1].y.title);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(panels[0].series[i].count, panels[1].series[i].count);
        ck_assert_uint_eq(panels[i].rule_count, 1);
        ck_assert_str_eq(panels[i].rules[0].label, "FAR 1e-3");
        ck_assert_double_eq(panels[i].rules[0].x, i == 0 ? 0.1 : 0.2);
    }
    ef_plot_free(&plot);
}
END_TEST

/* 200 bins of 0.01, as eface-eval makes them. */
START_TEST(a_class_that_lies_close_together_keeps_its_bars)
{
    enum { fine = 200 };
    static systems self;
    static uint64_t genuine[fine], impostor[fine];
    ef_plot plot;
    const ef_plot_options options = options_of(EF_PLOT_HIST);
    for (unsigned wide = 0; wide < 2; wide++) {
        make_systems(&self, 1);
        memset(genuine, 0, sizeof genuine);
        for (size_t i = 0; i < fine; i++) {
            impostor[i] = i >= 20 && i < 150 ? 20 : 0;
            genuine[i] = i >= 180 && i < (wide ? 200 : 188) ? 50 : 0;
        }
        genuine[100] = wide;
        self.results[0].histogram = (ef_histogram){.low = -1, .high = 1, .bins = fine, .genuine = genuine, .impostor = impostor};
        make(&plot, &self, &options);
        const ef_plot_series *drawn = &plot.panels[0].series[0];
        ck_assert_double_eq_tol(drawn->x[1] - drawn->x[0], wide ? 0.05 : 0.01, 1e-12);
        ef_plot_free(&plot);
    }
}
END_TEST

START_TEST(what_cannot_stand_together_is_refused)
{
    static systems self;
    ef_plot plot;
    ef_plot_options options = options_of(EF_PLOT_ROC);
    make_systems(&self, 2);
    self.entries[1].name = "system 0";
    FAILS(EF_INVALID, "both have a result of 'system 0' on LFW", ef_plot_make(&plot, self.entries, 2, &options, err));
    make_systems(&self, 2);
    self.results[1].pairs = 1098;
    FAILS(EF_INVALID, "1098 pairs) were not made alike", ef_plot_make(&plot, self.entries, 2, &options, err));
    options.mixed = true;
    OK(ef_plot_make(&plot, self.entries, 2, &options, err));
    ef_plot_free(&plot);
    /* The confidence matters to intervals only. */
    options = options_of(EF_PLOT_ROC);
    make_systems(&self, 2);
    self.results[1].confidence = 0.9;
    FAILS(EF_INVALID, "confidence 0.9) were not made alike", ef_plot_make(&plot, self.entries, 2, &options, err));
    options.bands = EF_NO;
    OK(ef_plot_make(&plot, self.entries, 2, &options, err));
    ef_plot_free(&plot);
    make_systems(&self, 33);
    FAILS(EF_INVALID, "more than 32 systems", ef_plot_make(&plot, self.entries, 33, &options, err));
    make_systems(&self, 1);
    options.kind = EF_PLOT_CMC;
    FAILS(EF_INVALID, "no result has a curve of ranks, which 'cmc' draws; there could be roc, det, hist and tar",
          ef_plot_make(&plot, self.entries, 1, &options, err));
}
END_TEST

/* What a function prints for a text. */
static const char *printed(ef_plot_format format, bool tick, const char *text, size_t letters)
{
    static char written[256];
    const ef_plot_look look = {.format = format};
    FILE *stream = fmemopen(written, sizeof written, "w");
    ck_assert_ptr_nonnull(stream);
    if (letters > 0) {
        ef_plot_print_cut(&look, stream, text, (double)letters);
    } else if (tick) {
        ef_plot_print_tick(&look, stream, text);
    } else {
        ef_plot_print_label(&look, stream, text);
    }
    fclose(stream);
    return written;
}

START_TEST(texts_are_quoted_so_that_gnuplot_and_latex_read_them_as_they_are)
{
    ck_assert_str_eq(printed(EF_PLOT_PDF, false, "it's 50% \\n \"x\"", 0), "'it''s 50% \\n \"x\"'");
    ck_assert_str_eq(printed(EF_PLOT_PDF, true, "50% 'q'", 0), "'50%% ''q'''");
    ck_assert_str_eq(printed(EF_PLOT_TIKZ, false, "50%_a's", 0), "'50\\%\\_a''s'");
    ck_assert_str_eq(printed(EF_PLOT_CAIROLATEX, true, "50%", 0), "'50\\%%'");
    ck_assert_str_eq(printed(EF_PLOT_TIKZ, false, "why?`!`?!", 0), "'why?{}`!{}`?!'");
}
END_TEST

START_TEST(long_names_are_cut_between_letters)
{
    ck_assert_str_eq(printed(EF_PLOT_TEXT, false, "short", 8), "short");
    ck_assert_str_eq(printed(EF_PLOT_TEXT, false, "exactly8", 8), "exactly8");
    ck_assert_str_eq(printed(EF_PLOT_TEXT, false, "longer than", 8), "longe...");
    ck_assert_str_eq(printed(EF_PLOT_TEXT, false, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 5), "\xC3\xA9\xC3\xA9...");
    /* Elsewhere by their widths: narrow letters go further than wide ones. */
    ck_assert_str_eq(printed(EF_PLOT_PDF, false, "illiilliilli", 8), "illiilliilli");
    ck_assert_str_eq(printed(EF_PLOT_PDF, false, "mmmmmmmm", 8), "mmm...");
    ck_assert_str_eq(printed(EF_PLOT_PDF, false, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 5),
                     "\xC3\xA9\xC3\xA9\xC3\xA9...");
}
END_TEST

START_TEST(control_characters_become_blanks)
{
    ef_plot plot = {0};
    char *text = ef_plot_text(&plot, "%s",
                              "a\nb\033c\x7F"
                              "d\xC2\x9B"
                              "e\xC3\xA9");
    ck_assert_str_eq(text, "a b c d  e\xC3\xA9");
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plot");
    TCase *cases = tcase_create("plot");
    tcase_add_test(cases, high_shares_begin_below_the_lowest_point_and_end_above_1);
    tcase_add_test(cases, powers_of_ten_are_found_in_spite_of_rounding);
    tcase_add_test(cases, deviate_axes_hold_what_they_must_and_their_numbers_stand_apart);
    tcase_add_test(cases, even_ticks_are_few_and_at_round_numbers);
    tcase_add_test(cases, deviates_are_those_of_the_normal_distribution);
    tcase_add_test(cases, a_box_is_clear_when_nothing_drawn_touches_it);
    tcase_add_test(cases, a_rule_and_scales_count_when_room_is_looked_for);
    tcase_add_test(cases, panels_and_legends_stand_within_the_picture_and_apart);
    tcase_add_test(cases, a_legend_goes_into_a_corner_where_nothing_is_drawn_and_else_below);
    tcase_add_test(cases, legends_are_ordered_by_value_the_best_first_and_what_is_unknown_last);
    tcase_add_test(cases, axes_reach_as_far_as_curves_do);
    tcase_add_test(cases, a_det_without_equal_error_rates_is_about_rates_at_a_far);
    tcase_add_test(cases, bars_begin_at_0_and_points_stand_where_an_axis_does_not);
    tcase_add_test(cases, a_histogram_shows_every_score_once);
    tcase_add_test(cases, histograms_of_a_benchmark_can_be_compared);
    tcase_add_test(cases, a_class_that_lies_close_together_keeps_its_bars);
    tcase_add_test(cases, what_cannot_stand_together_is_refused);
    tcase_add_test(cases, texts_are_quoted_so_that_gnuplot_and_latex_read_them_as_they_are);
    tcase_add_test(cases, long_names_are_cut_between_letters);
    tcase_add_test(cases, control_characters_become_blanks);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
