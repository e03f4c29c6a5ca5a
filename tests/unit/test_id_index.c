/* Matching the names of a list to those of a set, against a twin that compares each with each. */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>

#include <eface/id_index.h>

static ef_strings *table(const char *const *names, size_t count)
{
    ef_strings *strings = NULL;
    OK(ef_strings_create(&strings, err));
    for (size_t i = 0; i < count; i++) {
        OK(ef_strings_add(strings, names[i], strlen(names[i]), err));
    }
    return strings;
}

enum { MOST = 8 };

typedef struct matching {
    const char *set[MOST], *wanted[MOST]; /* up to the first NULL */
    size_t row[MOST];
} matching;

static size_t length_of(const char *const *names)
{
    size_t count = 0;
    while (count < MOST && names[count] != NULL) {
        count++;
    }
    return count;
}

static void check_matching(const matching *c)
{
    size_t row[MOST];
    ef_strings *set = table(c->set, length_of(c->set)), *wanted = table(c->wanted, length_of(c->wanted));
    ef_id_index *index = NULL;
    OK(ef_id_index_create(&index, set, "a set", err));
    OK(ef_id_index_match(row, index, wanted, err));
    for (size_t i = 0; i < length_of(c->wanted); i++) {
        ck_assert_msg(row[i] == c->row[i], "\"%s\" matches %zd, not %zd", c->wanted[i], (ssize_t)row[i], (ssize_t)c->row[i]);
    }
    ef_id_index_free(index);
    ef_strings_free(set);
    ef_strings_free(wanted);
}

#define MISSING   EF_ID_MISSING
#define AMBIGUOUS EF_ID_AMBIGUOUS

START_TEST(names_match_whatever_folder_extension_or_slash_they_have)
{
    static const matching cases[] = {
        {{"Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg"}, {"Ann/Ann_0002", "Ann/Ann_0001"}, {1, 0}},
        {{"Ann_0001.png", "Bo_0001.png"}, {"Ann/Ann_0001", "Bo/Bo_0001"}, {0, 1}},
        {{"/data/lfw\\Ann\\Ann_0001.JPEG"}, {"Ann/Ann_0001.Tiff"}, {0}},
        {{"001/frontal/01", "002/frontal/01"}, {"../Data/Images/002/frontal/01.jpg", "./001//frontal/01.jpg"}, {1, 0}},
        {{"John_F._Kennedy", "John_F._Kennedy/x.jpg.png"},
         {"John_F.", "John_F._Kennedy.jpg", "x.jpg.bmp", "x.jpg"},
         {MISSING, 0, 1, MISSING}},
        {{"a/.jpg", "b/c.jpgx"}, {".jpg", "c", "c.jpgx"}, {0, MISSING, 1}},
        {{"a", "b"}, {"", "/", "."}, {MISSING, MISSING, MISSING}},
        {{""}, {"a", ""}, {MISSING, MISSING}},
        {{NULL}, {"a"}, {MISSING}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(the_one_folder_of_a_flat_set_does_not_matter)
{
    static const matching cases[] = {
        {{"aligned/Ann_0001.jpg", "aligned/Bo_0001.jpg"}, {"Ann/Ann_0001", "Bo/Bo_0001", "Cy/Cy_0001"}, {0, 1, MISSING}},
        {{"aligned/Ann_0001.jpg", "other/Bo_0001.jpg"}, {"Ann/Ann_0001", "Bo/Bo_0001"}, {MISSING, MISSING}},
        {{"y/001/frontal/01", "y/001/frontal/02"}, {"x/002/frontal/01", "x/001/frontal/02"}, {MISSING, MISSING}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(a_suffix_that_many_names_share_is_no_match)
{
    static const matching cases[] = {
        {{"y/001/frontal/01", "y/003/frontal/01"}, {"x/002/frontal/01"}, {MISSING}},
        {{"y/001/frontal/01"}, {"x/002/frontal/01", "x/003/frontal/01"}, {MISSING, MISSING}},
        {{"y/001/frontal/01"}, {"x/001/frontal/01", "x/003/frontal/01"}, {0, MISSING}},
        {{"frontal/01", "q/001/frontal/01", "r/001/frontal/01"}, {"x/001/frontal/01"}, {MISSING}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(names_that_merely_end_alike_are_no_match)
{
    static const matching cases[] = {
        {{"Carl/0001.jpg", "Dave/0002.jpg", "Eve/0003.jpg", "Fay/0004.jpg"},
         {"Bob/0001.jpg", "Dave/0002.jpg", "Zoe/0003.jpg", "Fay/0004.jpg"},
         {MISSING, 1, MISSING, 3}},
        {{"Carl/0001.jpg", "Dave/0002.jpg"}, {"Bob/0001.jpg", "Dave/0002.jpg"}, {MISSING, 1}},
        {{"Carl/1", "Eve/3"}, {"Bob/1", "Zoe/3"}, {MISSING, MISSING}},
        {{"cfp/001/1", "cfp/002/1", "old/003/1"}, {"../D/001/1", "../D/002/1", "../D/003/1"}, {0, 1, MISSING}},
        {{"cfp/001/1", "cfp/002/1", "cfp/003/1"}, {"x/001/1", "x/002/1", "y/003/1"}, {0, 1, MISSING}},
        {{"a/1", "a/2", "b/3", "b/4"}, {"x/1", "x/2", "y/3", "y/4"}, {MISSING, MISSING, MISSING, MISSING}},
        {{"cfp/001/1", "002/1"}, {"x/001/1", "x/002/1"}, {MISSING, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(several_equally_good_rows_are_ambiguous)
{
    static const matching cases[] = {
        {{"a/01", "b/01"}, {"01"}, {AMBIGUOUS}},          {{"a/01.jpg", "a/01.png"}, {"a/01"}, {AMBIGUOUS}},
        {{"01", "a/01"}, {"01", "b/01"}, {0, AMBIGUOUS}}, {{"a/01"}, {"a/01", "01"}, {0, AMBIGUOUS}},
        {{"01"}, {"a/01", "b/01"}, {0, AMBIGUOUS}},       {{"01", "a/01"}, {"b/01"}, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(a_name_that_is_there_letter_for_letter_is_never_ambiguous)
{
    static const matching cases[] = {
        {{"P1/0.jpg", "P1/0.png"}, {"P1/0.png", "P1/0.jpg"}, {1, 0}},
        {{"P1/0.jpg", "P1/0.png"}, {"P1/0", "P1/0.png"}, {AMBIGUOUS, 1}},
        {{"a/01", "b/01", "01"}, {"x/01", "01", "b/01"}, {AMBIGUOUS, 2, 1}}, /* 01 is taken, whoever comes first */
        {{"P1/0.png", "P1\\0.png"}, {"P1\\0.png"}, {1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_matching(&cases[i]);
    }
}
END_TEST

START_TEST(the_first_repeated_name_is_an_error)
{
    static const char *const names[] = {"z", "b", "a", "b", "a", "b", "z"};
    ef_strings *set = table(names, 7);
    ef_id_index *index = NULL;
    FAILS(EF_FORMAT, "emb.h5:/lfw/ids: rows 1 and 3, counted from 0, have the same name \"b\"",
          ef_id_index_create(&index, set, "emb.h5:/lfw/ids", err));
    ck_assert_ptr_null(index);
    ef_strings_free(set);
}
END_TEST

/* The twin: a name as its components, the last first. */
typedef struct parts {
    char name[64], text[64];
    char *part[32];
    size_t count;
} parts;

static void cut(parts *out, const char *name)
{
    size_t length = strlen(name);
    memcpy(out->text, name, length + 1);
    memcpy(out->name, name, length + 1);
    out->count = 0;
    for (size_t end = length; end-- > 0;) {
        if (out->text[end] == '/' || out->text[end] == '\\') {
            out->text[end] = '\0';
            if (out->text[end + 1] != '\0') {
                out->part[out->count++] = out->text + end + 1;
            }
        } else if (end == 0) {
            out->part[out->count++] = out->text;
        }
    }
    char *dot = strrchr(out->part[0], '.');
    if (dot != NULL && dot != out->part[0]) {
        *dot = '\0'; /* the random names have no other dots than those of extensions */
    }
}

static size_t in_common(const parts *a, const parts *b)
{
    size_t n = 0;
    while (n < a->count && n < b->count && strcmp(a->part[n], b->part[n]) == 0) {
        n++;
    }
    return n;
}

/* The match as long as other names' replacements are left aside. */
static size_t match_alone(size_t *common, const parts *set, size_t rows, const parts *wanted, size_t names, const parts *name)
{
    size_t longest = 0, sharing = 0, whole = 0, others = 0, row = 0, whole_row = 0;
    for (size_t i = 0; i < rows; i++) {
        if (strcmp(set[i].name, name->name) == 0) {
            *common = name->count;
            return i;
        }
    }
    for (size_t i = 0; i < rows; i++) {
        size_t n = in_common(&set[i], name);
        if (n > longest) {
            longest = n;
            sharing = whole = 0;
        }
        if (n == longest) {
            sharing++;
            row = i;
            if (set[i].count == n) {
                whole++;
                whole_row = i;
            }
        }
    }
    *common = longest;
    if (longest == 0) {
        return EF_ID_MISSING;
    }
    if (whole > 0) {
        return whole == 1 ? whole_row : EF_ID_AMBIGUOUS;
    }
    if (name->count == longest) {
        return sharing == 1 ? row : EF_ID_AMBIGUOUS;
    }
    for (size_t i = 0; i < names; i++) {
        others += in_common(&wanted[i], name) >= longest;
    }
    return sharing == 1 && others == 1 ? row : EF_ID_MISSING;
}

static bool same_head(const parts *a, size_t a_from, const parts *b, size_t b_from)
{
    bool same = a->count - a_from == b->count - b_from;
    for (size_t i = a_from; same && i < a->count; i++) {
        same = strcmp(a->part[i], b->part[i - a_from + b_from]) == 0;
    }
    return same;
}

static void match_slowly(size_t *row, const parts *set, size_t rows, const parts *wanted, size_t names)
{
    size_t common[64], alone[64], votes[64], most = 0;
    for (size_t i = 0; i < names; i++) {
        alone[i] = match_alone(&common[i], set, rows, wanted, names, &wanted[i]);
    }
    for (size_t i = 0; i < names; i++) {
        votes[i] = 0;
        for (size_t j = 0; alone[i] < rows && j < names; j++) {
            votes[i] += alone[j] < rows && same_head(&wanted[i], common[i], &wanted[j], common[j]) &&
                        same_head(&set[alone[i]], common[i], &set[alone[j]], common[j]);
        }
        most = votes[i] > most ? votes[i] : most;
    }
    for (size_t i = 0; i < names; i++) {
        size_t with_most = 0;
        for (size_t j = 0; j < names; j++) {
            with_most += votes[j] == most; /* more than `most` of them: another replacement has as many */
        }
        bool both_go_on = alone[i] < rows && wanted[i].count > common[i] && set[alone[i]].count > common[i];
        row[i] = both_go_on && (votes[i] < most || with_most > most) ? EF_ID_MISSING : alone[i];
    }
}

static unsigned random_state;

static unsigned draw(unsigned n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 12) % n;
}

static void random_name(char *name)
{
    static const char *const extensions[] = {"", "", ".jpg", ".PNG"};
    unsigned depth = 1 + draw(4);
    for (unsigned i = 0; i < depth; i++) {
        name += sprintf(name, "%s%c%s", i > 0 ? (draw(5) == 0 ? "\\" : "/") : "", "abcd-"[draw(5)], draw(4) == 0 ? "b" : "");
    }
    strcpy(name, extensions[draw(4)]);
}

START_TEST(random_paths_match_as_comparing_each_with_each_does)
{
    enum { NAMES = 30, TRIALS = 3000 };
    static parts set_parts[NAMES], wanted_parts[NAMES];
    size_t seen[3] = {0, 0, 0};
    random_state = 1;
    for (int trial = 0; trial < TRIALS; trial++) {
        ef_strings *tables[2];
        for (int t = 0; t < 2; t++) {
            OK(ef_strings_create(&tables[t], err));
            size_t wanted = 1 + draw(NAMES);
            for (size_t tries = 0; tries < wanted; tries++) {
                char name[64];
                bool known = false;
                random_name(name);
                for (size_t i = 0; i < ef_strings_count(tables[t]); i++) {
                    known = known || strcmp(ef_strings_at(tables[t], i), name) == 0;
                }
                if (!known) {
                    cut(&(t == 0 ? set_parts : wanted_parts)[ef_strings_count(tables[t])], name);
                    OK(ef_strings_add(tables[t], name, strlen(name), err));
                }
            }
        }
        size_t rows = ef_strings_count(tables[0]), names = ef_strings_count(tables[1]), row[NAMES], slowly[NAMES];
        bool taken[NAMES] = {false}, exact[NAMES] = {false};
        ef_id_index *index = NULL;
        OK(ef_id_index_create(&index, tables[0], "a set", err));
        OK(ef_id_index_match(row, index, tables[1], err));
        match_slowly(slowly, set_parts, rows, wanted_parts, names);
        for (size_t i = 0; i < names; i++) {
            exact[i] = slowly[i] < rows && strcmp(set_parts[slowly[i]].name, wanted_parts[i].name) == 0;
            taken[exact[i] ? slowly[i] : 0] |= exact[i];
        }
        for (size_t i = 0; i < names; i++) {
            size_t expected = slowly[i];
            if (expected < rows && !exact[i]) {
                bool again = taken[expected];
                taken[expected] = true;
                expected = again ? EF_ID_AMBIGUOUS : expected;
            }
            ck_assert_msg(row[i] == expected, "trial %d: \"%s\" matches %zd, not %zd", trial, ef_strings_at(tables[1], i),
                          (ssize_t)row[i], (ssize_t)expected);
            seen[expected == EF_ID_MISSING ? 0 : expected == EF_ID_AMBIGUOUS ? 1 : 2]++;
        }
        ef_id_index_free(index);
        ef_strings_free(tables[0]);
        ef_strings_free(tables[1]);
    }
    ck_assert(seen[0] > 1000 && seen[1] > 1000 && seen[2] > 1000);
}
END_TEST

START_TEST(a_hundred_thousand_names_that_all_end_alike_are_matched_quickly)
{
    enum { NAMES = 100000 };
    ef_strings *set = NULL, *wanted = NULL;
    OK(ef_strings_create(&set, err));
    OK(ef_strings_create(&wanted, err));
    for (size_t i = 0; i < NAMES; i++) {
        char name[64];
        int length = sprintf(name, "images/%06zu/frontal/01.jpg", i);
        OK(ef_strings_add(set, name, (size_t)length, err));
        length = sprintf(name, "%s/%06zu/frontal/01", i % 3 != 0 ? "x" : "y", NAMES - 1 - i + (i % 5 == 0 ? NAMES : 0));
        OK(ef_strings_add(wanted, name, (size_t)length, err));
    }
    size_t *row = malloc(NAMES * sizeof *row);
    ef_id_index *index = NULL;
    OK(ef_id_index_create(&index, set, "a set", err));
    OK(ef_id_index_match(row, index, wanted, err));
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_uint_eq(row[i], i % 5 == 0 || i % 3 == 0 ? EF_ID_MISSING : NAMES - 1 - i);
    }
    ef_id_index_free(index);
    ef_id_index_free(NULL);
    ef_strings_free(set);
    ef_strings_free(wanted);
    free(row);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("id_index");
    TCase *tests = tcase_create("id_index");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, names_match_whatever_folder_extension_or_slash_they_have);
    tcase_add_test(tests, the_one_folder_of_a_flat_set_does_not_matter);
    tcase_add_test(tests, a_suffix_that_many_names_share_is_no_match);
    tcase_add_test(tests, names_that_merely_end_alike_are_no_match);
    tcase_add_test(tests, several_equally_good_rows_are_ambiguous);
    tcase_add_test(tests, a_name_that_is_there_letter_for_letter_is_never_ambiguous);
    tcase_add_test(tests, the_first_repeated_name_is_an_error);
    tcase_add_test(tests, random_paths_match_as_comparing_each_with_each_does);
    tcase_add_test(tests, a_hundred_thousand_names_that_all_end_alike_are_matched_quickly);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
