#include "score/pair_repeats.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum { digit_bits = 11, digits = 1 << digit_bits };

void ef_sort_keys(uint64_t *key, uint64_t *room, size_t count)
{
    size_t start[digits];
    uint64_t differs = 0, *from = key, *to = room;
    for (size_t i = 1; i < count; i++) {
        differs |= key[i] ^ key[0];
    }
    for (int shift = 0; shift < 64 && differs >> shift != 0; shift += digit_bits) {
        if ((differs >> shift & (digits - 1)) == 0) {
            continue;
        }
        memset(start, 0, sizeof start);
        for (size_t i = 0; i < count; i++) {
            start[from[i] >> shift & (digits - 1)]++;
        }
        for (size_t d = 0, next = 0; d < digits; d++) {
            size_t size = start[d];
            start[d] = next;
            next += size;
        }
        for (size_t i = 0; i < count; i++) {
            to[start[from[i] >> shift & (digits - 1)]++] = from[i];
        }
        uint64_t *other = from;
        from = to;
        to = other;
    }
    if (from != key && count > 0) {
        memcpy(key, from, count * sizeof *key);
    }
}

void ef_pair_repeats_take(ef_pair_repeats *out, uint64_t pair, uint64_t impostors, uint64_t genuine)
{
    const uint64_t low = ((uint64_t)1 << 31) - 1;
    const ef_row_pair rows = {(size_t)(pair & low), (size_t)(pair >> 31)};
    bool self = rows.a == rows.b, both = impostors > 0 && (genuine > 0 || self);
    uint64_t times = impostors + genuine;
    out->again[0] += impostors > 0 ? impostors - 1 : 0;
    out->again[1] += genuine > 0 ? genuine - 1 : 0;
    out->self += self ? times : 0;
    if (!self && times > 1) {
        out->repeated++;
        out->most = times > out->most ? times : out->most;
    }
    if (both && out->both++ == 0) {
        out->first_both = rows;
    }
}

ef_status ef_pair_repeats_find(ef_pair_repeats *out, const ef_row_pair *rows, const unsigned char *genuine, size_t count,
                               ef_error *err)
{
    uint64_t *key = ef_alloc(count, sizeof *key), *room = ef_alloc(count, sizeof *room);
    *out = (ef_pair_repeats){0};
    if (key == NULL || room == NULL) {
        free(key);
        free(room);
        return ef_fail_memory(err, "the pairs");
    }
    for (size_t i = 0; i < count; i++) {
        key[i] = ef_pair_key(rows[i].a, rows[i].b) << 1 | (genuine[i] != 0);
    }
    ef_sort_keys(key, room, count);
    for (size_t first = 0, end; first < count; first = end) {
        uint64_t called[2] = {0, 0};
        for (end = first; end < count && key[end] >> 1 == key[first] >> 1; end++) {
            called[key[end] & 1]++;
        }
        ef_pair_repeats_take(out, key[first] >> 1, called[0], called[1]);
    }
    free(key);
    free(room);
    return EF_OK;
}
