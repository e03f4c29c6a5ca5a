/* Lists of template pairs: ijbb_template_pair_label.txt, ijbc_11_G1_G2_matches.csv. */
#include <eface/template_list.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/line_blocks.h"
#include "list/list_reader.h"
#include "list/template_blocks.h"

#define LARGEST_TABLE ((size_t)1 << 24)
#define CHUNK         ((size_t)1 << 20) /* pairs that are handed out together: the more, the longer the runs of one block of templates */

struct ef_template_pairs {
    ef_line_blocks *blocks;
    const int64_t *ids, *subjects; /* borrowed; subjects may be NULL */
    size_t id_count;
    uint32_t *table; /* position + 1 of an id below table_size, or 0; NULL when ids are too large or negative */
    size_t table_size;
    uint32_t *a, *b; /* the chunk's pairs */
    unsigned char *genuine;
    size_t capacity[3]; /* of these */
    size_t most;        /* pairs: a chunk that has so many is complete */
    size_t count;       /* pairs in the chunk */
    size_t total;       /* pairs in the chunks before it */
};

/* The position of an id; false when it is unknown. */
static bool find_id(uint32_t *position, const ef_template_pairs *pairs, int64_t id)
{
    size_t low = 0, high = pairs->id_count;
    if (pairs->table != NULL) {
        if (id < 0 || (uint64_t)id >= pairs->table_size || pairs->table[id] == 0) {
            return false;
        }
        *position = pairs->table[id] - 1;
        return true;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs->ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *position = (uint32_t)low;
    return low < pairs->id_count && pairs->ids[low] == id;
}

/* Cuts a line into at most four fields, between commas if it has one, else between blanks; returns how many there were. */
static size_t split(ef_span field[4], ef_span line)
{
    size_t count = 0;
    if (memchr(line.text, ',', line.length) != NULL) {
        while (count < 4 && ef_span_field(&line, ',', &field[count])) {
            count++;
        }
    } else {
        while (count < 4 && ef_span_word(&line, &field[count])) {
            count++;
        }
    }
    return count;
}

static ef_status parse_id(uint32_t *position, const ef_template_pairs *pairs, ef_span field, ef_error *err)
{
    int64_t id;
    if (!ef_parse_integer(&id, field.text, field.length)) {
        return ef_fail(err, EF_FORMAT, "'%.*s' is not a template id (an integer below 2^63)", EF_SHOWN(field));
    }
    if (!find_id(position, pairs, id)) {
        return ef_fail(err, EF_FORMAT, "template %lld is in no image's entry", (long long)id);
    }
    return EF_OK;
}

/* Any line, and the words for it when it is bad. */
static ef_status parse_line(void *data, size_t index, ef_span line, ef_error *err)
{
    ef_template_pairs *pairs = data;
    ef_span field[4];
    size_t count = split(field, line), wanted = pairs->subjects != NULL ? 2 : 3;
    uint32_t a = 0, b = 0;
    ef_status status;
    if (count != wanted) {
        return ef_fail(err, EF_FORMAT, "a pair is %s; this line has %s%zu field%s",
                       wanted == 2 ? "two template ids" : "two template ids and a label", count > 3 ? "more than " : "",
                       count > 3 ? 3 : count, count == 1 ? "" : "s");
    }
    if ((status = parse_id(&a, pairs, field[0], err)) != EF_OK || (status = parse_id(&b, pairs, field[1], err)) != EF_OK) {
        return status;
    }
    bool genuine = false;
    if (pairs->subjects != NULL) {
        genuine = pairs->subjects[a] == pairs->subjects[b];
    } else if (ef_span_equal(field[2], "1")) {
        genuine = true;
    } else if (!ef_span_equal(field[2], "0")) {
        return ef_fail(err, EF_FORMAT, "the label is '%.*s'; it must be 1 (genuine) or 0 (impostor)", EF_SHOWN(field[2]));
    }
    pairs->a[pairs->count + index] = a;
    pairs->b[pairs->count + index] = b;
    pairs->genuine[pairs->count + index] = genuine;
    return EF_OK;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Reads a number of one to seven digits, all of them at once, and the byte after it: the length of a number is a branch that
 * no processor predicts.  Returns the number of digits, 0 when this is something else. */
static inline size_t take_number(uint64_t *value, char *after, const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    word ^= 0x3030303030303030u;
    /* The top bit of each byte that is no digit; a carry spoils only bytes behind the first of them. */
    uint64_t others = (word | (word + 0x7676767676767676u)) & 0x8080808080808080u;
    if (others == 0) {
        return 0;
    }
    size_t digits = (size_t)__builtin_ctzll(others) / 8;
    *after = at[digits];
    if (digits == 0) {
        return 0;
    }
    word <<= 64 - 8 * digits; /* the first digit is the lowest byte: zeros in front */
    word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffu;
    word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffu;
    *value = (word * 10000 + (word >> 32)) & 0xffffffffu;
    return digits;
}
#else
static inline size_t take_number(uint64_t *value, char *after, const char *at)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < 8 && at[digits] >= '0' && at[digits] <= '9'; digits++) {
        *value = *value * 10 + (uint64_t)(at[digits] - '0');
    }
    *after = at[digits];
    return digits < 8 ? digits : 0;
}
#endif

/* A line in the usual form, "1 11065 1" with one separator between the fields, for place `index` of the chunk; returns where the next begins, NULL for a line in any
 * other form or with an error. */
static inline const char *parse_plain(ef_template_pairs *pairs, size_t index, const char *at, bool labelled)
{
    uint64_t a, b;
    char separator, after;
    size_t digits = take_number(&a, &separator, at);
    if (digits == 0 || (separator != ' ' && separator != ',' && separator != '\t')) {
        return NULL;
    }
    at += digits + 1;
    if ((digits = take_number(&b, &after, at)) == 0) {
        return NULL;
    }
    at += digits;
    if (a >= pairs->table_size || b >= pairs->table_size) {
        return NULL;
    }
    uint32_t first = pairs->table[a], second = pairs->table[b];
    if (first == 0 || second == 0) {
        return NULL;
    }
    unsigned label;
    if (labelled) {
        label = (unsigned)(unsigned char)at[1] - '0';
        if (after != separator || label > 1) {
            return NULL;
        }
        at += 2;
    } else {
        label = pairs->subjects[first - 1] == pairs->subjects[second - 1];
    }
    if (*at == '\r') {
        at++;
    }
    if (*at != '\n') {
        return NULL;
    }
    pairs->a[index] = first - 1;
    pairs->b[index] = second - 1;
    pairs->genuine[index] = (unsigned char)label;
    return at + 1;
}

static void parse_piece(void *data, ef_line_piece *piece)
{
    ef_template_pairs *pairs = data;
    const ef_line_parser parser = {.line = parse_line, .data = pairs};
    bool labelled = pairs->subjects == NULL;
    const char *at = piece->text;
    size_t index = piece->first;
    while (at < piece->end) {
        size_t place = pairs->count + index;
        const char *next = labelled ? parse_plain(pairs, place, at, true) : parse_plain(pairs, place, at, false);
        if (next == NULL && (next = ef_line_parse(&parser, index, at, piece->end)) == NULL) {
            break;
        }
        at = next;
        index++;
    }
    piece->parsed = index - piece->first;
    piece->stop = at;
}

/* Positions by id, when that is not too large a table. */
static ef_status make_table(ef_template_pairs *pairs, const char *path, ef_error *err)
{
    const int64_t *ids = pairs->ids;
    size_t count = pairs->id_count;
    if (count == 0 || ids[0] < 0 || (uint64_t)ids[count - 1] >= LARGEST_TABLE) {
        return EF_OK;
    }
    pairs->table_size = (size_t)ids[count - 1] + 1;
    if ((pairs->table = ef_alloc_zero(pairs->table_size, sizeof *pairs->table)) == NULL) {
        return ef_fail_memory(err, path);
    }
    for (size_t i = 0; i < count; i++) {
        pairs->table[ids[i]] = (uint32_t)(i + 1);
    }
    return EF_OK;
}

ef_status ef_template_pairs_open_blocks(ef_template_pairs **out, const char *path, const int64_t *ids, const int64_t *subjects,
                                        size_t id_count, size_t block_bytes, int threads, ef_error *err)
{
    if (id_count > UINT32_MAX) {
        return ef_fail(err, EF_INVALID, "%s: %zu templates are known; at most 2^32 - 1 can be", path, id_count);
    }
    for (size_t i = 1; i < id_count; i++) {
        if (ids[i - 1] >= ids[i]) {
            return ef_fail(err, EF_INVALID, "%s: the known template ids are not ascending at position %zu", path, i);
        }
    }
    ef_template_pairs *pairs = calloc(1, sizeof *pairs);
    if (pairs == NULL) {
        return ef_fail_memory(err, path);
    }
    pairs->ids = ids;
    pairs->subjects = subjects;
    pairs->id_count = id_count;
    pairs->most = ef_size_mul(&pairs->most, block_bytes, CHUNK) ? pairs->most / EF_LINE_BLOCK : CHUNK;
    ef_status status = make_table(pairs, path, err);
    if (status == EF_OK) {
        status = ef_line_blocks_open(&pairs->blocks, path, block_bytes, threads, err);
    }
    if (status != EF_OK) {
        ef_template_pairs_close(pairs);
        return status;
    }
    *out = pairs;
    return EF_OK;
}

ef_status ef_template_pairs_open(ef_template_pairs **out, const char *path, const int64_t *ids, size_t id_count, int threads,
                                 ef_error *err)
{
    return ef_template_pairs_open_blocks(out, path, ids, NULL, id_count, EF_LINE_BLOCK, threads, err);
}

ef_status ef_template_matches_open(ef_template_pairs **out, const char *path, const int64_t *ids, const int64_t *subjects,
                                   size_t id_count, int threads, ef_error *err)
{
    return ef_template_pairs_open_blocks(out, path, ids, subjects, id_count, EF_LINE_BLOCK, threads, err);
}

void ef_template_pairs_close(ef_template_pairs *pairs)
{
    if (pairs != NULL) {
        ef_line_blocks_close(pairs->blocks);
        free(pairs->table);
        free(pairs->a);
        free(pairs->b);
        free(pairs->genuine);
        free(pairs);
    }
}

/* Room for as many pairs in the chunk. */
static ef_status make_room(ef_template_pairs *pairs, size_t wanted, ef_error *err)
{
    return ef_grow(&pairs->a, &pairs->capacity[0], wanted, sizeof *pairs->a) &&
                   ef_grow(&pairs->b, &pairs->capacity[1], wanted, sizeof *pairs->b) &&
                   ef_grow(&pairs->genuine, &pairs->capacity[2], wanted, sizeof *pairs->genuine)
               ? EF_OK
               : ef_fail_memory(err, "a piece of a list of template pairs");
}

ef_status ef_template_pairs_next(ef_template_pairs *pairs, ef_template_pair_chunk *chunk, ef_error *err)
{
    const ef_line_parser parser = {.line = parse_line, .piece = parse_piece, .data = pairs};
    size_t first_line = 0;
    *chunk = (ef_template_pair_chunk){0};
    pairs->total += pairs->count;
    pairs->count = 0;
    do {
        size_t lines, parsed;
        ef_status status = ef_line_blocks_next(pairs->blocks, &lines, err);
        if (status != EF_OK || (status = make_room(pairs, pairs->count + lines, err)) != EF_OK) {
            return status;
        }
        if (lines == 0) {
            break;
        }
        if ((status = ef_line_blocks_parse(pairs->blocks, &parser, &parsed, err)) != EF_OK) {
            return status;
        }
        first_line = first_line == 0 ? ef_line_blocks_first(pairs->blocks) : first_line;
        pairs->count += parsed;
    } while (pairs->count == 0 || pairs->count < pairs->most);
    if (pairs->count == 0) {
        return pairs->total > 0 ? EF_OK : ef_line_blocks_fail(pairs->blocks, 0, err, "the list holds no pairs");
    }
    *chunk = (ef_template_pair_chunk){pairs->count, pairs->a, pairs->b, pairs->genuine, first_line};
    return EF_OK;
}
