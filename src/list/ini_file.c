#include "list/ini_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/input.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "base/hash.h"

#define MOST_BYTES ((size_t)16 << 20) /* of a file; the longest is some thousand lines */

/* inih as packaged tells its handler no line numbers and cuts lines at ini_max_line.  It reads through feed(), which
 * counts, and refuses what inih would misread. */
typedef struct reader {
    ef_ini_file *file;
    ef_strings *known; /* "section" and "section LF key" of each entry: their numbers are those of the entries */
    ef_intern *index;
    ef_text_file text;
    const char *path;
    bool continued;      /* the line being parsed is indented: it belongs to the entry before it */
    size_t joined, room; /* length of the last entry's value, and bytes it has; 0 until a second line is joined to it */
    ef_status status;
    ef_error *err;
} reader;

static ef_status fail(reader *self, const char *what)
{
    self->status = ef_fail(self->err, EF_FORMAT, "%s:%zu: %s", self->path, self->text.line, what);
    return self->status;
}

/* *at = the entry of a section (key NULL) or key, which is numbered if it is new: then it is file->count. */
static ef_status number(size_t *at, reader *self, const char *section, const char *key)
{
    size_t front = strlen(section), back = key != NULL ? strlen(key) + 1 : 0;
    char *name = ef_alloc(front + back + 1, 1);
    if (name != NULL) {
        memcpy(name, section, front);
        name[front] = '\n';
        memcpy(name + front + (back > 0), key != NULL ? key : "", back);
    }
    self->status =
        name != NULL ? ef_intern_add(at, self->index, name, front + back, self->err) : ef_fail_memory(self->err, self->path);
    free(name);
    return self->status;
}

/* Adds an entry that has just been numbered. */
static ef_status append(reader *self, const char *section, const char *key, const char *value)
{
    ef_ini_file *file = self->file;
    if (!ef_grow(&file->entries, &file->capacity, file->count + 1, sizeof *file->entries)) {
        return self->status = ef_fail_memory(self->err, self->path);
    }
    ef_ini_entry *entry = &file->entries[file->count++];
    self->joined = 0;
    *entry = (ef_ini_entry){ef_copy(section), ef_copy(key), ef_copy(value), self->text.line};
    if (entry->section == NULL || (key != NULL && entry->key == NULL) || (value != NULL && entry->value == NULL)) {
        return self->status = ef_fail_memory(self->err, self->path);
    }
    return EF_OK;
}

enum { inih_name = 50 /* what inih keeps of the name of a section, and of a key with several lines, with its NUL */ };

static void begin_section(reader *self, ef_span line)
{
    char name[inih_name];
    const char *end = memchr(line.text, ']', line.length);
    size_t length = end != NULL ? (size_t)(end - line.text) - 1 : 0;
    if (length == 0) {
        fail(self, "a heading looks like [name]");
        return;
    }
    if (length >= sizeof name) {
        fail(self, "the name of a section has at most 49 letters");
        return;
    }
    ef_span behind = ef_span_trim((ef_span){end + 1, line.length - length - 2});
    if (behind.length > 0 && behind.text[0] != ';' && behind.text[0] != '#') { /* inih would pass it over */
        fail(self, "nothing but a ; comment may stand behind a heading");
        return;
    }
    memcpy(name, line.text + 1, length);
    name[length] = '\0';
    size_t at;
    if (number(&at, self, name, NULL) != EF_OK) {
        return;
    }
    if (at < self->file->count) {
        fail(self, "this section stands in the file twice");
        return;
    }
    append(self, name, NULL, NULL);
}

/* Ends a line where a comment begins behind a blank. */
static void cut_comment(char *line)
{
    char *comment = strchr(line, ';');
    while (comment != NULL && (comment == line || (comment[-1] != ' ' && comment[-1] != '\t'))) {
        comment = strchr(comment + 1, ';');
    }
    if (comment != NULL) {
        memcpy(comment, "\n", 2);
    }
}

/* inih's fgets: hands over one line, or NULL at the end and after an error. */
static char *feed(char *out, int size, void *data)
{
    reader *self = data;
    ef_span line;
    if (self->status != EF_OK || !ef_text_file_line(&self->text, &line)) {
        return NULL;
    }
    if (line.length + 2 > (size_t)size) {
        fail(self, "this line is too long; go on in the next one, indented");
        return NULL;
    }
    memcpy(out, line.text, line.length);
    memcpy(out + line.length, "\n", 2);
    ef_span trimmed = ef_span_trim(line);
    self->continued = trimmed.length > 0 && trimmed.text != line.text;
    if (self->continued && trimmed.text[0] == '[') {
        fail(self, "a heading must not be indented");
        return NULL;
    }
    if (self->continued) {
        cut_comment(out); /* inih strips comments behind a value only from the value's first line */
    }
    if (trimmed.length > 0 && trimmed.text[0] == '[' && !self->continued) {
        begin_section(self, trimmed);
    }
    return self->status == EF_OK ? out : NULL;
}

/* Adds a line to the value of the last entry, which grows by halves: a value of many lines takes no longer for each. */
static bool join(reader *self, ef_ini_entry *entry, const char *line)
{
    size_t length = strlen(line);
    if (self->joined == 0) {
        self->joined = strlen(entry->value);
        self->room = self->joined + 1;
    }
    if (!ef_grow(&entry->value, &self->room, self->joined + length + 2, 1)) {
        return false;
    }
    if (self->joined > 0) {
        entry->value[self->joined++] = ' ';
    }
    memcpy(entry->value + self->joined, line, length + 1);
    self->joined += length;
    return true;
}

static int take(void *data, const char *section, const char *key, const char *value)
{
    reader *self = data;
    ef_ini_file *file = self->file;
    if (self->status != EF_OK) {
        return 0;
    }
    if (strlen(key) >= inih_name) {
        fail(self, "the name of a key has at most 49 letters");
        return 0;
    }
    if (section[0] == '\0') {
        fail(self, "an entry stands before the first [section]");
        return 0;
    }
    size_t at;
    if (number(&at, self, section, key) != EF_OK) {
        return 0;
    }
    if (at == file->count) {
        return append(self, section, key, value) == EF_OK;
    }
    ef_ini_entry *entry = &file->entries[at];
    if (!self->continued || at + 1 != file->count) {
        self->status = ef_fail(self->err, EF_FORMAT, "%s:%zu: '%s' is given a second time (first in line %zu)", self->path,
                               self->text.line, key, entry->line);
        return 0;
    }
    if (!join(self, entry, value)) {
        self->status = ef_fail_memory(self->err, self->path);
        return 0;
    }
    return 1;
}

/* Reads the entries of a text that is open. */
static void read_entries(reader *self)
{
    if ((self->status = ef_strings_create(&self->known, self->err)) == EF_OK) {
        self->status = ef_intern_create(&self->index, self->known, self->err);
    }
    if (self->status == EF_OK) {
        int bad_line = ini_parse_stream(feed, self, take, self);
        if (self->status == EF_OK && bad_line != 0) {
            self->status =
                ef_fail(self->err, EF_FORMAT, "%s:%d: neither a [section], 'key = value' nor a ; comment", self->path, bad_line);
        }
    }
    ef_intern_free(self->index);
    ef_strings_free(self->known);
}

/* What is wrong with the first lines of a pipe is wrong with all of it. */
static ef_status judge(void *context, ef_text_file *begin, bool *known, ef_error *err)
{
    ef_ini_file file = {0};
    reader self = {.file = &file, .path = context, .err = err, .text = *begin};
    read_entries(&self);
    *known = file.count > 0;
    ef_ini_file_free(&file);
    return self.status;
}

ef_status ef_ini_file_read(ef_ini_file *out, const char *path, ef_error *err)
{
    ef_ini_file file = {0};
    reader self = {.file = &file, .path = ef_input_name(path), .err = err};
    const ef_text_rules rules = {
        .most = MOST_BYTES, .kind = "protocol file or file of published figures", .judge = judge, .context = (char *)self.path};
    self.status = ef_text_file_open_by(&self.text, path, &rules, err);
    if (self.status == EF_OK) {
        ef_hash_memory(file.sha256, self.text.text, self.text.length);
        read_entries(&self);
    }
    ef_text_file_close(&self.text);
    if (self.status != EF_OK) {
        ef_ini_file_free(&file);
        return self.status;
    }
    *out = file;
    return EF_OK;
}

void ef_ini_file_free(ef_ini_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->entries[i].section);
        free(file->entries[i].key);
        free(file->entries[i].value);
    }
    free(file->entries);
    *file = (ef_ini_file){0};
}
