#include "base/text_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/input.h"

/* Where the first line begins: behind a byte order mark. */
static size_t begin_of(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static ef_status judge(void *context, const char *text, size_t length, ef_judgement *out, ef_error *err)
{
    const ef_text_rules *rules = context;
    bool known = false;
    ef_text_file begin = {.text = (char *)text, .length = length, .next = begin_of(text, length)};
    ef_status status = rules->judge(rules->context, &begin, &known, err);
    *out = known ? EF_READ_ON : EF_READ_MORE;
    return status;
}

ef_status ef_text_file_open(ef_text_file *out, const char *path, ef_error *err)
{
    return ef_text_file_open_by(out, path, &(ef_text_rules){0}, err);
}

ef_status ef_text_file_open_by(ef_text_file *out, const char *path, const ef_text_rules *rules, ef_error *err)
{
    ef_input input;
    ef_text_rules copy = *rules;
    const ef_input_rules how = {.longest_line = EF_LONGEST,
                                .most = rules->most,
                                .kind = rules->kind,
                                .judge = rules->judge != NULL ? judge : NULL,
                                .context = &copy};
    ef_status status = ef_input_read_by(&input, path, &how, err);
    if (status == EF_OK) {
        *out = (ef_text_file){
            .text = input.text, .length = input.length, .next = begin_of(input.text, input.length), .mark = input.mark};
    }
    return status;
}

void ef_text_file_close(ef_text_file *file)
{
    free(file->text);
    *file = (ef_text_file){0};
}

bool ef_text_file_line(ef_text_file *file, ef_span *line)
{
    if (file->next >= file->length) {
        return false;
    }
    const char *start = file->text + file->next;
    size_t left = file->length - file->next;
    const char *end = memchr(start, '\n', left);
    size_t length = end != NULL ? (size_t)(end - start) : left;
    file->next += end != NULL ? length + 1 : length;
    file->line++;
    if (length > 0 && start[length - 1] == '\r') {
        length--;
    }
    *line = (ef_span){start, length};
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

ef_span ef_span_trim(ef_span span)
{
    while (span.length > 0 && is_blank(span.text[0])) {
        span.text++;
        span.length--;
    }
    while (span.length > 0 && is_blank(span.text[span.length - 1])) {
        span.length--;
    }
    return span;
}

bool ef_span_word(ef_span *rest, ef_span *word)
{
    ef_span span = ef_span_trim(*rest);
    size_t length = 0;
    while (length < span.length && !is_blank(span.text[length])) {
        length++;
    }
    *word = (ef_span){span.text, length};
    *rest = (ef_span){span.text + length, span.length - length};
    return length > 0;
}

/* Of sixteen neighbours, 1 for each that begins a word: no blank, but with a blank before it. */
typedef unsigned char sixteen __attribute__((vector_size(16), aligned(1), may_alias));

static inline sixteen are_blank(const char *at)
{
    sixteen c = *(const sixteen *)(const void *)at;
    return (sixteen)((c == ' ') | (c == '\t') | (c == '\r'));
}

static size_t add_up(sixteen counts)
{
    size_t sum = 0;
    for (int l = 0; l < 16; l++) {
        sum += counts[l];
    }
    return sum;
}

size_t ef_span_words(ef_span span)
{
    const char *at = span.text, *end = at + span.length;
    if (at == end) {
        return 0;
    }
    size_t count = !is_blank(*at++);
    while (end - at >= 16) {
        sixteen begins = {0};
        for (int round = 0; round < 255 && end - at >= 16; round++, at += 16) {
            begins += are_blank(at - 1) & ~are_blank(at) & 1;
        }
        count += add_up(begins);
    }
    for (; at < end; at++) {
        count += is_blank(at[-1]) && !is_blank(*at);
    }
    return count;
}

ef_span ef_span_last_word(ef_span span)
{
    ef_span word = ef_span_trim(span);
    size_t begin = word.length;
    while (begin > 0 && !is_blank(word.text[begin - 1])) {
        begin--;
    }
    return (ef_span){word.text + begin, word.length - begin};
}

bool ef_span_field(ef_span *rest, char separator, ef_span *field)
{
    if (rest->text == NULL) {
        return false;
    }
    const char *end = rest->length > 0 ? memchr(rest->text, separator, rest->length) : NULL;
    if (end == NULL) {
        *field = ef_span_trim(*rest);
        *rest = (ef_span){NULL, 0};
    } else {
        size_t length = (size_t)(end - rest->text);
        *field = ef_span_trim((ef_span){rest->text, length});
        *rest = (ef_span){end + 1, rest->length - length - 1};
    }
    return true;
}

bool ef_span_equal(ef_span span, const char *text)
{
    return strlen(text) == span.length && memcmp(span.text, text, span.length) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ef_span_equal_nocase(ef_span span, const char *text)
{
    if (strlen(text) != span.length) {
        return false;
    }
    for (size_t i = 0; i < span.length; i++) {
        if (lower(span.text[i]) != lower(text[i])) {
            return false;
        }
    }
    return true;
}
