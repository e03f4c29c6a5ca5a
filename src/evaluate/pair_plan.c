#include "evaluate/pair_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <eface/id_index.h>

#include "base/and_more.h"
#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/number.h"
#include "evaluate/contradictions.h"
#include "evaluate/example_id.h"
#include "evaluate/issame.h"
#include "evaluate/notes.h"
#include "evaluate/people.h"
#include "evaluate/plan_identity.h"

/* Where a pair of a list stands: "pairs.txt:17". */
static char *place_of(const ef_pair_list *list, size_t pair)
{
    const char *file = ef_input_name(ef_strings_at(list->files, list->pairs[pair].file));
    return ef_copy_format("%s:%zu", file, list->pairs[pair].line);
}

static ef_status allocate(ef_plan *plan, size_t count, bool folds, ef_error *err)
{
    plan->count = count;
    plan->rows = ef_alloc(count, sizeof *plan->rows);
    plan->genuine = ef_alloc(count, sizeof *plan->genuine);
    plan->fold = folds ? ef_alloc(count, sizeof *plan->fold) : NULL;
    if (plan->rows == NULL || plan->genuine == NULL || (folds && plan->fold == NULL)) {
        return ef_fail_memory(err, "the pairs");
    }
    return EF_OK;
}

/* The error for a row that a set does not have, the first of `wrong` pairs, at `place`. */
static ef_status fail_beyond(const char *place, const char *beyond, size_t wrong, bool one_based, const ef_set *set,
                             ef_error *err)
{
    char more[EF_AND_MORE];
    return ef_fail(err, EF_FORMAT, "%s: row %s is beyond the %zu rows of %s%s (rows are counted from 0%s)", place, beyond,
                   ef_set_rows(set), ef_set_name(set), ef_and_more(more, wrong, "pair"),
                   one_based ? "; row 0 is never named: are they counted from 1 here?" : "");
}

/* The rows of the set that the ids of a list stand for, ids being row numbers. */
static ef_status rows_by_number(size_t *row, const ef_pair_list *list, const ef_set *set, ef_error *err)
{
    size_t ids = ef_strings_count(list->ids), rows = ef_set_rows(set), wrong = 0, first = 0;
    uint64_t *number = ef_alloc(ids, sizeof *number);
    ef_status status = number != NULL ? EF_OK : ef_fail_memory(err, "the images of a list");
    for (size_t i = 0; status == EF_OK && i < list->count; i++) {
        const size_t id[2] = {list->pairs[i].a, list->pairs[i].b};
        bool beyond = false;
        for (int k = 0; status == EF_OK && k < 2; k++) {
            const char *text = ef_strings_at(list->ids, id[k]);
            if (!ef_parse_unsigned(&number[id[k]], text, strlen(text))) {
                char *place = place_of(list, i);
                status = ef_fail(err, EF_FORMAT, "%s: '%s' is not a row number, and %s has no image names to look it up in",
                                 place, text, ef_set_name(set));
                free(place);
            } else {
                row[id[k]] = (size_t)number[id[k]];
                beyond = beyond || number[id[k]] >= rows;
            }
        }
        first = beyond && wrong == 0 ? i : first;
        wrong += beyond;
    }
    if (status == EF_OK && wrong > 0) {
        const ef_listed_pair *pair = &list->pairs[first];
        char *place = place_of(list, first);
        const char *beyond = ef_strings_at(list->ids, number[pair->a] >= rows ? pair->a : pair->b);
        status = fail_beyond(place, beyond, wrong, ef_rows_look_one_based(number, ids, rows), set, err);
        free(place);
    }
    free(number);
    return status;
}

/* The rows of the set that the ids of a list stand for, by name. */
static ef_status rows_by_name(size_t *row, const ef_pair_list *list, const ef_set *set, ef_error *err)
{
    ef_strings *ids = NULL;
    ef_id_index *index = NULL;
    ef_status status = ef_set_read_strings(set, EF_IDS, &ids, err);
    if (status == EF_OK) {
        status = ef_id_index_create(&index, ids, ef_set_field_name(set, EF_IDS), err);
    }
    if (status == EF_OK) {
        status = ef_id_index_match(row, index, list->ids, err);
    }
    ef_id_index_free(index);
    ef_strings_free(ids);
    return status;
}

/* Another name of the list that stands for the image which `id` would be alone, or NULL. */
static ef_status find_twin(const char **twin, const char *id, const size_t *row, const ef_pair_list *list, const ef_set *set,
                           ef_error *err)
{
    ef_strings *ids = NULL, *alone = NULL;
    ef_id_index *index = NULL;
    size_t image = EF_ID_MISSING;
    *twin = NULL;
    ef_status status = ef_set_read_strings(set, EF_IDS, &ids, err);
    if (status == EF_OK && (status = ef_strings_create(&alone, err)) == EF_OK &&
        (status = ef_strings_add(alone, id, strlen(id), err)) == EF_OK &&
        (status = ef_id_index_create(&index, ids, ef_set_field_name(set, EF_IDS), err)) == EF_OK) {
        status = ef_id_index_match(&image, index, alone, err);
    }
    for (size_t i = 0; status == EF_OK && *twin == NULL && image < ef_strings_count(ids) && i < ef_strings_count(list->ids);
         i++) {
        *twin = row[i] == image ? ef_strings_at(list->ids, i) : NULL;
    }
    ef_id_index_free(index);
    ef_strings_free(alone);
    ef_strings_free(ids);
    return status;
}

/* Refuses ambiguous names always and missing ones unless they may be skipped; counts the pairs that miss one. */
static ef_status check_found(uint64_t *left_out, const size_t *row, const ef_pair_list *list, const ef_set *set, bool skip,
                             ef_error *err)
{
    size_t missing_ids = 0, ambiguous_ids = 0, first = list->count;
    uint64_t missing_pairs = 0;
    for (size_t i = 0; i < ef_strings_count(list->ids); i++) {
        missing_ids += row[i] == EF_ID_MISSING;
        ambiguous_ids += row[i] == EF_ID_AMBIGUOUS;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ef_listed_pair *pair = &list->pairs[i];
        bool ambiguous = row[pair->a] == EF_ID_AMBIGUOUS || row[pair->b] == EF_ID_AMBIGUOUS;
        if (ambiguous) {
            char *place = place_of(list, i);
            size_t id = row[pair->a] == EF_ID_AMBIGUOUS ? pair->a : pair->b;
            const char *name = ef_strings_at(list->ids, id), *dataset = ef_set_field_name(set, EF_IDS), *twin = NULL;
            ef_status status = find_twin(&twin, name, row, list, set, err);
            if (status == EF_OK && twin != NULL) {
                status = ef_fail(err, EF_FORMAT,
                                 "%s: two names of the list, '%.200s' and '%.200s', are one image in %s; of the %zu names of the "
                                 "list %zu cannot be told from others: call each image by one name",
                                 place, twin, name, dataset, ef_strings_count(list->ids), ambiguous_ids);
            } else if (status == EF_OK) {
                status = ef_fail(err, EF_FORMAT,
                                 "%s: '%s' could be any of several images in %s; so could %zu of the %zu images of the list",
                                 place, name, dataset, ambiguous_ids, ef_strings_count(list->ids));
            }
            free(place);
            return status;
        }
        if (row[pair->a] == EF_ID_MISSING || row[pair->b] == EF_ID_MISSING) {
            first = missing_pairs == 0 ? i : first;
            missing_pairs++;
        }
    }
    if (missing_pairs > 0 && !skip) {
        const ef_listed_pair *pair = &list->pairs[first];
        char *place = place_of(list, first), known[EF_EXAMPLE_ID];
        ef_fail(err, EF_FORMAT,
                "%s: no image '%s' in %s (%s); %zu of the %zu images of the list are missing, in %llu of its %zu pairs "
                "(--skip-missing leaves those pairs out)",
                place, ef_strings_at(list->ids, row[pair->a] == EF_ID_MISSING ? pair->a : pair->b),
                ef_set_field_name(set, EF_IDS), ef_example_id(known, set), missing_ids, ef_strings_count(list->ids),
                (unsigned long long)missing_pairs, list->count);
        free(place);
        return EF_FORMAT;
    }
    *left_out = missing_pairs;
    return EF_OK;
}

/* The contiguous folds of scikit-learn's KFold without shuffling: the first (count mod folds) have one pair more. */
static void contiguous_folds(int *fold, size_t count, int folds)
{
    size_t size = count / (size_t)folds, longer = count % (size_t)folds, next = 0;
    for (int k = 0; k < folds; k++) {
        size_t end = next + size + ((size_t)k < longer);
        while (next < end) {
            fold[next++] = k;
        }
    }
}

/* Whether every fold has pairs of both classes. */
static bool folds_are_mixed(const ef_plan *plan, uint64_t *count)
{
    memset(count, 0, 2 * (size_t)plan->folds * sizeof *count);
    for (size_t i = 0; i < plan->count; i++) {
        count[2 * (size_t)plan->fold[i] + plan->genuine[i]]++;
    }
    for (size_t i = 0; i < 2 * (size_t)plan->folds; i++) {
        if (count[i] == 0) {
            return false;
        }
    }
    return true;
}

/* Contiguous folds within each class, for a list that is sorted by label. */
static void folds_by_class(ef_plan *plan)
{
    uint64_t seen[2] = {0, 0}, total[2] = {plan->impostor_count, plan->genuine_count};
    for (size_t i = 0; i < plan->count; i++) {
        unsigned char class = plan->genuine[i];
        plan->fold[i] = (int)(seen[class]++ * (uint64_t)plan->folds / total[class]);
    }
}

/* Folds for pairs that have none of their own; with fewer pairs than folds there are none. */
static ef_status cut_folds(ef_plan *plan, int folds, ef_error *err)
{
    if (folds < 2 || plan->count < (size_t)folds) {
        return EF_OK;
    }
    uint64_t *count = ef_alloc(2 * (size_t)folds, sizeof *count);
    plan->fold = ef_alloc(plan->count, sizeof *plan->fold);
    if (plan->fold == NULL || count == NULL) {
        free(count);
        return ef_fail_memory(err, "the folds");
    }
    plan->folds = folds;
    contiguous_folds(plan->fold, plan->count, folds);
    bool sorted =
        !folds_are_mixed(plan, count) && plan->genuine_count >= (uint64_t)folds && plan->impostor_count >= (uint64_t)folds;
    free(count);
    if (!sorted) {
        return EF_OK;
    }
    folds_by_class(plan);
    return ef_note(plan->notes, err, "the pairs seem sorted by label: the %d folds are cut within each class", folds);
}

/* Takes the pairs of a list over into the plan, all of them: those without an image are dropped later, when folds and counts
 * have been settled on the whole list. */
static ef_status take_list(ef_plan *plan, const ef_pair_list *list, const size_t *row, ef_error *err)
{
    ef_status status = allocate(plan, list->count, list->folds > 0, err);
    if (status != EF_OK) {
        return status;
    }
    for (size_t i = 0; i < list->count; i++) {
        plan->rows[i] = (ef_row_pair){row[list->pairs[i].a], row[list->pairs[i].b]};
        plan->genuine[i] = list->pairs[i].genuine;
        if (plan->fold != NULL) {
            plan->fold[i] = list->pairs[i].fold;
        }
    }
    plan->folds = list->folds;
    plan->marks = ef_alloc(ef_strings_count(list->files), sizeof *plan->marks);
    status = plan->marks != NULL ? EF_OK : ef_fail_memory(err, "a plan");
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(list->files); i++) {
        const char *file = ef_strings_at(list->files, i);
        plan->marks[i] = list->marks[i];
        status = ef_strings_add(plan->files, file, strlen(file), err);
    }
    return status;
}

static void drop_missing(ef_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->rows[i].a == EF_ID_MISSING || plan->rows[i].b == EF_ID_MISSING) {
            continue;
        }
        plan->rows[kept] = plan->rows[i];
        plan->genuine[kept] = plan->genuine[i];
        if (plan->fold != NULL) {
            plan->fold[kept] = plan->fold[i];
        }
        kept++;
    }
    plan->count = kept;
}

static ef_status plan_from_list(ef_plan *plan, const ef_pair_list *list, const ef_set *set, const ef_evaluate_options *options,
                                ef_error *err)
{
    bool by_row = list->by_row || !ef_set_has(set, EF_IDS);
    size_t *row = ef_alloc(ef_strings_count(list->ids), sizeof *row);
    if (row == NULL) {
        return ef_fail_memory(err, "the images of a list");
    }
    ef_status status = by_row ? rows_by_number(row, list, set, err) : rows_by_name(row, list, set, err);
    if (status == EF_OK) {
        status = check_found(&plan->left_out, row, list, set, options->skip_missing, err);
    }
    if (status == EF_OK && (status = take_list(plan, list, row, err)) == EF_OK) {
        status = ef_plan_identity_check(plan, list, by_row, false, set, options, err);
    }
    free(row);
    return status;
}

/* Labels pairs by the subjects of their images; nobody known is of one person with anybody. */
static ef_status label_by_subject(ef_plan *plan, const ef_set *set, ef_error *err)
{
    ef_people people = {0};
    size_t strangers = 0;
    ef_status status = ef_people_read(&people, NULL, set, EF_LABELS, err);
    for (size_t i = 0; status == EF_OK && i < plan->count; i++) {
        int64_t a = people.person[plan->rows[i].a], b = people.person[plan->rows[i].b];
        plan->genuine[i] = a == b && a >= 0;
        strangers += a < 0 || b < 0;
    }
    ef_people_free(&people);
    return status != EF_OK || strangers == 0
               ? status
               : ef_note(plan->notes, err, "%zu pairs are impostor pairs because an image is of nobody known (%s)", strangers,
                         ef_set_field_name(set, EF_LABELS));
}

static int by_value(const void *a, const void *b)
{
    int64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* Folds from the set, whatever integers stand for them: they are numbered in ascending order. */
static ef_status read_folds(ef_plan *plan, const ef_set *set, ef_error *err)
{
    const char *name = ef_set_field_name(set, EF_FOLDS);
    if (ef_set_field_rows(set, EF_FOLDS) != plan->count) {
        return ef_fail(err, EF_FORMAT, "%s has %zu values for %zu pairs", name, ef_set_field_rows(set, EF_FOLDS), plan->count);
    }
    int64_t *value = NULL;
    ef_status status = ef_set_read_integers(set, EF_FOLDS, &value, err);
    if (status != EF_OK) {
        return status;
    }
    int64_t *sorted = ef_alloc(plan->count, sizeof *sorted);
    plan->fold = ef_alloc(plan->count, sizeof *plan->fold);
    if (sorted == NULL || plan->fold == NULL) {
        status = ef_fail_memory(err, "the folds");
        goto done;
    }
    memcpy(sorted, value, plan->count * sizeof *sorted);
    qsort(sorted, plan->count, sizeof *sorted, by_value);
    size_t distinct = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            sorted[distinct++] = sorted[i];
        }
    }
    if (distinct < 2 || distinct > 1000) {
        status = ef_fail(err, EF_FORMAT, "%s names %zu fold%s; 2 to 1000 can be used", name, distinct, distinct == 1 ? "" : "s");
        goto done;
    }
    for (size_t i = 0; i < plan->count; i++) {
        const int64_t *at = bsearch(&value[i], sorted, distinct, sizeof *sorted, by_value);
        plan->fold[i] = (int)(at - sorted);
    }
    plan->folds = (int)distinct;
done:
    free(sorted);
    free(value);
    return status;
}

/* Whether the dataset of pairs names rows of the set only. */
static ef_status check_rows(const int64_t *rows, size_t count, const ef_set *set, ef_error *err)
{
    size_t wrong = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        bool beyond = false;
        for (size_t k = 0; k < 2; k++) {
            beyond = beyond || rows[2 * i + k] < 0 || (uint64_t)rows[2 * i + k] >= ef_set_rows(set);
        }
        first = beyond && wrong == 0 ? i : first;
        wrong += beyond;
    }
    if (wrong == 0) {
        return EF_OK;
    }
    const int64_t *pair = rows + 2 * first;
    char beyond[32];
    const int64_t least = pair[0] < pair[1] ? pair[0] : pair[1], most = pair[0] > pair[1] ? pair[0] : pair[1];
    char *place = ef_copy_format("%s row %zu", ef_set_field_name(set, EF_PAIRS), first);
    ef_status status = place != NULL ? EF_FORMAT : ef_fail_memory(err, "the pairs");
    if (place != NULL) {
        snprintf(beyond, sizeof beyond, "%" PRId64, least < 0 ? least : most);
        fail_beyond(place, beyond, wrong, ef_rows_look_one_based((const uint64_t *)rows, 2 * count, ef_set_rows(set)), set, err);
    }
    free(place);
    return status;
}

/* The set's own pairs: explicit ones, or rows 2p and 2p+1. */
static ef_status plan_from_set(ef_plan *plan, const ef_set *set, const ef_evaluate_options *options, ef_error *err)
{
    bool explicit_pairs = ef_set_has(set, EF_PAIRS), labelled = ef_set_has(set, EF_ISSAME);
    size_t count = explicit_pairs ? ef_set_field_rows(set, EF_PAIRS) : ef_set_field_rows(set, EF_ISSAME);
    if (explicit_pairs && !labelled && !ef_set_has(set, EF_LABELS)) {
        return ef_fail(err, EF_FORMAT, "%s says which rows are pairs, but neither %s nor %s says which are genuine",
                       ef_set_field_name(set, EF_PAIRS), ef_set_field_name(set, EF_ISSAME), ef_set_field_name(set, EF_LABELS));
    }
    if (labelled && ef_set_field_rows(set, EF_ISSAME) != count) {
        return ef_fail(err, EF_FORMAT, "%s has %zu values for %zu pairs", ef_set_field_name(set, EF_ISSAME),
                       ef_set_field_rows(set, EF_ISSAME), count);
    }
    if (!explicit_pairs && (ef_set_rows(set) % 2 != 0 || ef_set_rows(set) / 2 != count)) {
        return ef_fail(
            err, EF_FORMAT, "%s has %zu rows, but %s labels %zu pairs: rows 2p and 2p+1 are pair p, so there must be %zu rows",
            ef_set_field_name(set, EF_EMBEDDINGS), ef_set_rows(set), ef_set_field_name(set, EF_ISSAME), count, 2 * count);
    }
    ef_status status = allocate(plan, count, false, err);
    int64_t *rows = NULL;
    if (status == EF_OK && explicit_pairs) {
        status = ef_set_read_integers(set, EF_PAIRS, &rows, err);
    }
    if (status == EF_OK && explicit_pairs) {
        status = check_rows(rows, count, set, err);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (rows == NULL) {
            plan->rows[i] = (ef_row_pair){2 * i, 2 * i + 1};
            continue;
        }
        plan->rows[i] = (ef_row_pair){(size_t)rows[2 * i], (size_t)rows[2 * i + 1]};
    }
    free(rows);
    if (status == EF_OK) {
        status = labelled ? ef_read_issame(plan->genuine, set, err) : label_by_subject(plan, set, err);
    }
    if (status == EF_OK) {
        status = ef_plan_identity_check(plan, NULL, explicit_pairs, !labelled, set, options, err);
    }
    if (status == EF_OK && ef_set_has(set, EF_FOLDS)) {
        status = read_folds(plan, set, err);
    }
    return status;
}

/* Reads the protocol's list from `folder`, or else from the protocol's own folder in it: a user may name either.  `origin` says in a message
 * where the folder's name comes from. */
static ef_status read_list_below(ef_pair_list *list, const ef_protocol *protocol, const char *folder, const char *origin,
                                 ef_error *err)
{
    ef_error first, second;
    char *inner = ef_copy_format("%s/%s", folder, protocol->folder);
    if (inner == NULL) {
        return ef_fail_memory(err, "a list");
    }
    ef_status status = protocol->list_format->read(list, folder, protocol->list_argument, &first);
    if (status == EF_IO) {
        status = protocol->list_format->read(list, inner, protocol->list_argument, &second);
        if (status != EF_OK && status != EF_IO) {
            first = second;
        }
    }
    free(inner);
    struct stat about;
    if (status == EF_IO && (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))) {
        return ef_fail(err, EF_IO, "%s: is no folder (%s)", folder, origin);
    }
    if (status == EF_IO) {
        return ef_fail(err, EF_IO, "%s: the list of %s (%s %s) is neither in this folder nor in its '%s' (%s)", folder,
                       protocol->title, protocol->list_format->name, protocol->list_argument, protocol->folder, origin);
    }
    return status == EF_OK ? EF_OK : ef_fail(err, status, "%s", first.message);
}

static ef_status fail_no_pairs(const ef_protocol *protocol, const ef_set *set, ef_error *err)
{
    if (protocol->list_format == NULL) {
        return ef_fail(err, EF_INVALID,
                       "%s says nothing of pairs, and %s has no list of them: give one with --pairs, or add the dataset issame "
                       "(rows 2p and 2p+1 are pair p)",
                       ef_set_name(set), protocol->name);
    }
    return ef_fail(err, EF_INVALID,
                   "%s needs its pair list (%s %s): give the folder that holds it with --data DIR, or set EFACE_DATA to the "
                   "folder above '%s'",
                   protocol->name, protocol->list_format->name, protocol->list_argument, protocol->folder);
}

static ef_status read_pairs(ef_plan *plan, const ef_protocol *protocol, const ef_set *set, const ef_evaluate_options *options,
                            ef_error *err)
{
    ef_pair_list list = {0};
    ef_status status;
    const char *below = getenv("EFACE_DATA");
    if (options->pairs != NULL) {
        status = ef_list_format_find("csv")->read(&list, NULL, options->pairs, err);
    } else if (options->data != NULL && protocol->list_format != NULL) {
        status = read_list_below(&list, protocol, options->data, "--data", err);
    } else if (ef_set_has(set, EF_PAIRS) || ef_set_has(set, EF_ISSAME)) {
        return plan_from_set(plan, set, options, err);
    } else if (protocol->list_format != NULL && below != NULL && *below != '\0') {
        status = read_list_below(&list, protocol, below, "EFACE_DATA", err);
    } else {
        return fail_no_pairs(protocol, set, err);
    }
    if (status == EF_OK) {
        status = plan_from_list(plan, &list, set, options, err);
    }
    ef_pair_list_free(&list);
    return status;
}

static void count_classes(ef_plan *plan)
{
    plan->genuine_count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        plan->genuine_count += plan->genuine[i];
    }
    plan->impostor_count = plan->count - plan->genuine_count;
}

ef_status ef_plan_expect(bool *partial, ef_strings *notes, const ef_protocol *protocol, const ef_expected *expected,
                         const char *what, uint64_t found, const char *where, bool allow_partial, ef_error *err)
{
    if (!expected->known || expected->count == found) {
        return EF_OK;
    }
    if (!allow_partial) {
        return ef_fail(err, EF_FORMAT, "%s:%zu: %s has %llu %s, but there are %llu in %s (--allow-partial goes on with them)",
                       ef_input_name(protocol->path), expected->line, protocol->title, (unsigned long long)expected->count, what,
                       (unsigned long long)found, where);
    }
    *partial = true;
    return ef_note(notes, err, "partial: %llu %s instead of the %llu of %s", (unsigned long long)found, what,
                   (unsigned long long)expected->count, protocol->title);
}

static ef_status check_counts(ef_plan *plan, const ef_protocol *protocol, const char *where, bool allow_partial, ef_error *err)
{
    const struct {
        const ef_expected *expected;
        const char *what;
        uint64_t found;
    } counts[] = {
        {&protocol->expect_pairs, "pairs", plan->count},
        {&protocol->expect_genuine, "genuine pairs", plan->genuine_count},
        {&protocol->expect_impostors, "impostor pairs", plan->impostor_count},
        {&protocol->expect_folds, "folds", (uint64_t)plan->folds},
    };
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < sizeof counts / sizeof *counts; i++) {
        status = ef_plan_expect(&plan->partial, plan->notes, protocol, counts[i].expected, counts[i].what, counts[i].found, where,
                                allow_partial, err);
    }
    return status;
}

/* Tells of folds that a cross-validation cannot use as it should. */
static ef_status check_folds(const ef_plan *plan, ef_error *err)
{
    uint64_t *count = ef_alloc(2 * (size_t)plan->folds, sizeof *count);
    if (count == NULL) {
        return ef_fail_memory(err, "the folds");
    }
    bool mixed = plan->folds == 0 || folds_are_mixed(plan, count);
    free(count);
    return mixed ? EF_OK : ef_note(plan->notes, err, "some of the %d folds hold pairs of one class only", plan->folds);
}

/* Pairs that stand there again, which must be called the same each time. */
static ef_status find_repeats(ef_plan *plan, const char *where, bool allow, ef_error *err)
{
    ef_pair_repeats repeats;
    ef_status status = ef_pair_repeats_find(&repeats, plan->rows, plan->genuine, plan->count, err);
    if (status != EF_OK) {
        return status;
    }
    plan->repeated[0] = repeats.again[0];
    plan->repeated[1] = repeats.again[1];
    status = ef_note_repeats(plan->notes, &repeats, "an image", err);
    return status == EF_OK ? ef_settle_both_calls(plan->notes, &repeats, where, "rows", (int64_t)repeats.first_both.a,
                                                  (int64_t)repeats.first_both.b, allow, err)
                           : status;
}

ef_status ef_plan_create(ef_plan **out, const ef_protocol *protocol, const ef_set *set, const ef_evaluate_options *options,
                         ef_error *err)
{
    ef_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return ef_fail_memory(err, "a plan");
    }
    ef_status status;
    if (ef_set_rows(set) == 0) {
        status = ef_fail(err, EF_FORMAT, "%s has no embeddings", ef_set_name(set));
        goto done;
    }
    if ((status = ef_strings_create(&plan->files, err)) != EF_OK || (status = ef_strings_create(&plan->notes, err)) != EF_OK ||
        (status = read_pairs(plan, protocol, set, options, err)) != EF_OK) {
        goto done;
    }
    const char *where = ef_strings_count(plan->files) > 0 ? ef_input_name(ef_strings_at(plan->files, 0)) : ef_set_name(set);
    count_classes(plan);
    if (plan->folds == 0 && (status = cut_folds(plan, protocol->folds, err)) != EF_OK) {
        goto done;
    }
    if ((status = check_counts(plan, protocol, where, options->allow_partial, err)) != EF_OK) {
        goto done;
    }
    if ((status = check_folds(plan, err)) != EF_OK) {
        goto done;
    }
    drop_missing(plan);
    count_classes(plan);
    if (plan->count == 0 && plan->left_out > 0) {
        status = ef_fail(err, EF_FORMAT, "%s: none of its %llu pairs can be compared: %s has none of the images", where,
                         (unsigned long long)plan->left_out, ef_set_name(set));
        goto done;
    }
    if (plan->genuine_count == 0 || plan->impostor_count == 0) {
        status = ef_fail(err, EF_FORMAT, "%s has %llu genuine and %llu impostor pairs to compare; verification needs both", where,
                         (unsigned long long)plan->genuine_count, (unsigned long long)plan->impostor_count);
        goto done;
    }
    if (plan->left_out > 0) {
        status =
            ef_note(plan->notes, err, "%llu of %llu pairs left out: an image is missing in %s",
                    (unsigned long long)plan->left_out, (unsigned long long)(plan->left_out + plan->count), ef_set_name(set));
        if (status != EF_OK) {
            goto done;
        }
    }
    status = find_repeats(plan, where, options->allow_contradictions, err);
done:
    if (status != EF_OK) {
        ef_plan_free(plan);
        return status;
    }
    *out = plan;
    return EF_OK;
}

void ef_plan_free(ef_plan *plan)
{
    if (plan != NULL) {
        free(plan->rows);
        free(plan->genuine);
        free(plan->fold);
        ef_strings_free(plan->files);
        free(plan->marks);
        ef_strings_free(plan->notes);
        free(plan);
    }
}
