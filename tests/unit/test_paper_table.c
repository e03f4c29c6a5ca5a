/* The table of a paper: ranks, ties, footnotes, and what may stand in one column. */
#include "unit.h"

#include "list_files.h"
#include "table/paper_table.h"

enum { most = 4 };

/* Results of systems "a", "b", ... on LFW, with the values given. */
typedef struct systems {
    ef_setting settings[most][2];
    ef_stored_metric metrics[most];
    ef_stored_result results[most];
    ef_paper_entry entries[most];
    size_t count;
} systems;

static void make_systems(systems *out, const double *values, size_t count)
{
    static const char *const names[most] = {"a", "b", "c", "d"};
    *out = (systems){.count = count};
    for (size_t i = 0; i < count; i++) {
        out->metrics[i] = (ef_stored_metric){.name = "accuracy",
                                             .title = "Accuracy",
                                             .point = NAN,
                                             .has = {true, true},
                                             .measure = {{.value = 0.5}, {.value = values[i]}}};
        out->results[i] = (ef_stored_result){.protocol = "lfw",
                                             .heading = "LFW",
                                             .task = "verify-pairs",
                                             .model = names[i],
                                             .convention = EF_INSIGHTFACE,
                                             .confidence = 0.95,
                                             .pairs = 6000,
                                             .metrics = &out->metrics[i],
                                             .metric_count = 1};
        out->entries[i] = (ef_paper_entry){&out->results[i], "r.json", names[i]};
        ef_setting *row = out->settings[i];
        row[0] = (ef_setting){.key = "flip", .kind = EF_SETTING_WORD, .word = "sum", .words = "flip sum"};
        row[1] = (ef_setting){.key = "fresh", .kind = EF_SETTING_COUNT, .words = "nothing fresh"}; /* that nobody knows of */
        out->results[i].settings = (ef_settings){row, 2, 2};
    }
}

static ef_status make_table(ef_grid *grid, const systems *self, const ef_published *published, const ef_paper_options *options,
                            ef_error *err)
{
    static const ef_published none = {0};
    const ef_paper_input input = {self->entries, self->count, published != NULL ? published : &none};
    return ef_paper_table(grid, &input, options, err);
}

static const ef_paper_options plain = {.digits = 2};

START_TEST(ranks_are_by_the_unrounded_value_and_ties_share)
{
    systems self;
    ef_grid grid;
    const double values[] = {0.998331, 0.998334, 0.998334, 0.9};
    make_systems(&self, values, LENGTH(values));
    OK(make_table(&grid, &self, NULL, &plain, err));
    ck_assert_uint_eq(grid.rows, 6);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(ef_grid_at(&grid, 2 + i, 1)->text, "99.83");
    }
    ck_assert_int_eq(ef_grid_at(&grid, 2, 1)->emphasis, EF_SECOND);
    ck_assert_int_eq(ef_grid_at(&grid, 3, 1)->emphasis, EF_BEST);
    ck_assert_int_eq(ef_grid_at(&grid, 4, 1)->emphasis, EF_BEST);
    ck_assert_int_eq(ef_grid_at(&grid, 5, 1)->emphasis, EF_PLAIN);
    ef_grid_free(&grid);
}
END_TEST

START_TEST(one_system_alone_is_not_the_best)
{
    systems self;
    ef_grid grid;
    make_systems(&self, (double[]){0.9}, 1);
    OK(make_table(&grid, &self, NULL, &plain, err));
    ck_assert(!ef_grid_has_emphasis(&grid));
    ef_grid_free(&grid);
}
END_TEST

START_TEST(columns_are_what_the_results_quote_in_the_order_of_their_places)
{
    static const char *quote[] = {"figure_of_tomorrow@3", "cmc@1", "accuracy"};
    systems self;
    ef_grid grid;
    make_systems(&self, (double[]){0.9, 0.9, 0.9, 0.9}, most);
    ef_stored_metric both[2] = {self.metrics[0], {.name = "cmc", .title = "CMC rank", .point = 1, .has = {true, true}}};
    for (size_t i = 0; i < most; i++) {
        self.results[i].model = self.entries[i].name = "a";
    }
    self.results[0].protocol = self.results[0].heading = "mine"; /* no place: the last */
    self.results[1].protocol = self.results[1].heading = "yours";
    self.results[1].place = 90;
    self.results[2].protocol = self.results[2].heading = "ours";
    self.results[2].place = 55;
    self.results[2].quote = quote;
    self.results[2].quote_count = LENGTH(quote);
    self.results[2].metrics = both;
    self.results[2].metric_count = LENGTH(both); /* "lfw" has neither, and is known by its file */
    OK(make_table(&grid, &self, NULL, &plain, err));
    static const char *const top[] = {"LFW", "ours", "ours", "yours", "mine"};
    ck_assert_uint_eq(grid.columns, 1 + LENGTH(top));
    for (size_t i = 0; i < LENGTH(top); i++) {
        const ef_cell *cell = ef_grid_at(&grid, 0, 1 + i);
        ck_assert_str_eq(cell->text != NULL ? cell->text : ef_grid_at(&grid, 0, i)->text, top[i]);
        ck_assert_str_eq(ef_grid_at(&grid, 1, 1 + i)->text, i == 1 ? "Rank 1" : "Accuracy");
    }
    ef_grid_free(&grid);
}
END_TEST

START_TEST(published_figures_are_shown_and_never_ranked)
{
    systems self;
    ef_grid grid;
    ef_published published = {0};
    make_folder();
    put("p.ini", "[x]\nname = X\nsource = somewhere\nlfw accuracy = 99.99\n");
    char path[128];
    snprintf(path, sizeof path, "%s/p.ini", folder);
    OK(ef_published_add(&published, path, err));
    make_systems(&self, (double[]){0.9, 0.8}, 2);
    OK(make_table(&grid, &self, &published, &plain, err));
    ck_assert_str_eq(ef_grid_at(&grid, 4, 0)->text, "X");
    ck_assert_str_eq(ef_grid_at(&grid, 4, 1)->text, "99.99");
    ck_assert_int_eq(ef_grid_at(&grid, 4, 1)->emphasis, EF_PLAIN);
    ck_assert_int_eq(ef_grid_at(&grid, 2, 1)->emphasis, EF_BEST);
    ck_assert_ptr_nonnull(grid.rules[4]);
    ck_assert_str_eq(ef_strings_at(grid.notes, ef_grid_at(&grid, 4, 0)->note - 1), "published: somewhere");
    ef_grid_free(&grid);
    ef_published_free(&published);
    remove_folder();
}
END_TEST

START_TEST(a_value_may_begin_in_the_line_after_its_key)
{
    char path[128];
    ef_published published = {0};
    make_folder();
    snprintf(path, sizeof path, "%s/p.ini", folder);
    put("p.ini", "[x] ; system\nname =\n  A\n  B\nsource = s\nlfw accuracy =\n  99.5 ; per cent\n");
    OK(ef_published_add(&published, path, err));
    ck_assert_str_eq(published.systems[0].name, "A B");
    ck_assert_str_eq(published.systems[0].figures[0].text, "99.5");
    ef_published_free(&published);
    remove_folder();
}
END_TEST

START_TEST(a_row_of_dashes_is_named_instead)
{
    systems self;
    ef_grid grid;
    ef_published published = {0};
    make_folder();
    put("p.ini",
        "[x]\nname = X\nsource = somewhere\nijbc tar_at_far@1e-4 = 96.1\n[y]\nname = Y\nsource = there\nlfw accuracy = 99\n");
    char path[128];
    snprintf(path, sizeof path, "%s/p.ini", folder);
    OK(ef_published_add(&published, path, err));
    make_systems(&self, (double[]){0.9, 0.8}, 2);
    OK(make_table(&grid, &self, &published, &plain, err));
    ck_assert_uint_eq(grid.rows, 5); /* two of headings, two measured, Y */
    ck_assert_str_eq(ef_grid_at(&grid, 4, 0)->text, "Y");
    ck_assert_ptr_nonnull(strstr(grid.caption, "; 1 published system has no figure in these columns"));
    ef_grid_free(&grid);
    ef_published_free(&published);
    remove_folder();
}
END_TEST

START_TEST(mistakes_in_published_figures_are_said_with_their_line)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"[x]\nname = X\nlfw accuracy = 99\n", "p.ini: [x] has no 'source'"},
        {"[x]\nname = X\nsource = s\n", "p.ini: [x] has no figures"},
        {"[x]\nname = X\nsource = s\nlfw accuracy = 101\n", "p.ini:4: '101' is not a figure in per cent"},
        {"[x]\nname = X\nsource = s\nlfw acuracy = 99\n", "p.ini:4: 'lfw acuracy': no metric 'acuracy'; did you mean 'accuracy'"},
        {"[x]\nname = X\nsource = s\nlfw dprime = 9\n", "p.ini:4: dprime is no rate"},
        {"[x]\nname = X\nsource = s\nlfw = 99\n", "p.ini:4: 'lfw' is neither name, source nor a figure"},
        {"[x]\nname =\nsource = s\nlfw accuracy = 99\n", "p.ini:2: 'name' has no value"},
        {"; nothing\n", "holds no published figures"},
        {"[x]\nname = X\nsource = s\nlfw tar_at_far@1e-3 = 9\nLFW tar_at_far@0.001 = 8\n",
         "p.ini:5: 'LFW tar_at_far@0.001' is a figure that this system has already"},
        {"[x] name = X\n", "p.ini:1: nothing but a ; comment may stand behind a heading"},
        {"[123456789 123456789 123456789 123456789 123456789 ]\n", "p.ini:1: the name of a section has at most 49 letters"},
        {"[x]\n123456789 123456789 123456789 123456789 123456789 = 1\n", "p.ini:2: '123456789 "},
        {"[x]\n123456789 123456789 123456789 123456789 1234567890 = 1\n", "p.ini:2: the name of a key has at most 49 letters"},
    };
    char path[128];
    make_folder();
    snprintf(path, sizeof path, "%s/p.ini", folder);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        ef_published published = {0};
        put("p.ini", cases[i].text);
        FAILS(EF_FORMAT, cases[i].says, ef_published_add(&published, path, err));
        ef_published_free(&published);
    }
    remove_folder();
}
END_TEST

START_TEST(figures_made_otherwise_are_refused_and_when_mixed_told_apart)
{
    ef_paper_options mixed = plain;
    mixed.mixed = true;
    for (int kind = 0; kind < 6; kind++) {
        static const char *const says[] = {"flip none",  "convention iso",    "partial counts",
                                           "5999 pairs", "protocol file bbb", "a fresh setting"};
        systems self;
        ef_grid grid;
        make_systems(&self, (double[]){0.9, 0.8}, 2);
        ef_stored_result *second = &self.results[1];
        self.results[0].protocol_sha256 = "aaa";
        if (kind == 0 || kind == 5) {
            strcpy(second->settings.row[kind / 5].words, says[kind]);
        }
        second->convention = kind == 1 ? EF_ISO : second->convention;
        second->partial = kind == 2;
        second->pairs = kind == 3 ? 5999 : second->pairs;
        second->protocol_sha256 = kind == 4 ? "bbb" : "aaa";
        FAILS(EF_INVALID, says[kind], make_table(&grid, &self, NULL, &plain, err));
        OK(make_table(&grid, &self, NULL, &mixed, err));
        const ef_cell *cell = ef_grid_at(&grid, 3, 1);
        ck_assert_uint_gt(cell->note, 0);
        ck_assert_ptr_nonnull(strstr(ef_strings_at(grid.notes, cell->note - 1), says[kind]));
        ck_assert_uint_ne(cell->note, ef_grid_at(&grid, 2, 1)->note);
        ef_grid_free(&grid);
    }
}
END_TEST

START_TEST(a_protocol_without_a_hash_agrees_with_all)
{
    systems self;
    ef_grid grid;
    make_systems(&self, (double[]){0.9, 0.8}, 2);
    self.results[0].protocol_sha256 = "aaa";
    OK(make_table(&grid, &self, NULL, &plain, err));
    ef_grid_free(&grid);
}
END_TEST

START_TEST(what_all_figures_share_stands_in_the_caption)
{
    systems self;
    ef_grid grid;
    make_systems(&self, (double[]){0.9, 0.8}, 2);
    self.results[0].partial = self.results[1].partial = true;
    OK(make_table(&grid, &self, NULL, &plain, err));
    ck_assert_str_eq(grid.caption, "Rates in %, convention insightface, counts not the benchmark's");
    ck_assert_uint_eq(ef_strings_count(grid.notes), 0);
    ef_grid_free(&grid);
}
END_TEST

START_TEST(a_figure_that_is_undefined_is_a_dash_with_its_reason)
{
    systems self;
    ef_grid grid;
    make_systems(&self, (double[]){NAN, 0.8}, 2);
    self.metrics[0].measure[EF_INSIGHTFACE].undefined = "too few";
    OK(make_table(&grid, &self, NULL, &plain, err));
    const ef_cell *cell = ef_grid_at(&grid, 2, 1);
    ck_assert_ptr_null(cell->text);
    ck_assert_str_eq(ef_strings_at(grid.notes, cell->note - 1), "too few");
    ef_grid_free(&grid);
}
END_TEST

START_TEST(marks_of_notes_go_on_after_z)
{
    char mark[EF_NOTE_MARK];
    ck_assert_str_eq(ef_note_mark(mark, 1), "a");
    ck_assert_str_eq(ef_note_mark(mark, 26), "z");
    ck_assert_str_eq(ef_note_mark(mark, 27), "aa");
    ck_assert_str_eq(ef_note_mark(mark, 52), "az");
    ck_assert_str_eq(ef_note_mark(mark, 703), "aaa");
}
END_TEST

START_TEST(powers_of_ten_are_found_in_headings_only_as_words)
{
    int exponent = 0;
    const char *end;
    ck_assert_ptr_nonnull(ef_power_in("TAR @ FAR 1e-4", &exponent, &end));
    ck_assert_int_eq(exponent, -4);
    ck_assert_str_eq(end, "");
    ck_assert_ptr_null(ef_power_in("x1e-4", &exponent, &end));
    ck_assert_ptr_null(ef_power_in("1e-4x", &exponent, &end));
    ck_assert_ptr_null(ef_power_in("1e-", &exponent, &end));
    ck_assert_ptr_null(ef_power_in("", &exponent, &end));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paper_table");
    TCase *tests = tcase_create("paper_table");
    tcase_add_test(tests, ranks_are_by_the_unrounded_value_and_ties_share);
    tcase_add_test(tests, one_system_alone_is_not_the_best);
    tcase_add_test(tests, columns_are_what_the_results_quote_in_the_order_of_their_places);
    tcase_add_test(tests, published_figures_are_shown_and_never_ranked);
    tcase_add_test(tests, a_value_may_begin_in_the_line_after_its_key);
    tcase_add_test(tests, a_row_of_dashes_is_named_instead);
    tcase_add_test(tests, mistakes_in_published_figures_are_said_with_their_line);
    tcase_add_test(tests, figures_made_otherwise_are_refused_and_when_mixed_told_apart);
    tcase_add_test(tests, a_protocol_without_a_hash_agrees_with_all);
    tcase_add_test(tests, what_all_figures_share_stands_in_the_caption);
    tcase_add_test(tests, a_figure_that_is_undefined_is_a_dash_with_its_reason);
    tcase_add_test(tests, marks_of_notes_go_on_after_z);
    tcase_add_test(tests, powers_of_ten_are_found_in_headings_only_as_words);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
