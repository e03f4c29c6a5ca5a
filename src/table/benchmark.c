#include "table/benchmark.h"

#include <string.h>

#include <eface/protocol.h>

#include "base/copy.h"
#include "base/path.h"

/* The protocol file of a benchmark; NULL when there is none, or none that can be read.  A result's word is no path. */
static ef_protocol *file_of(const char *protocol)
{
    ef_protocol *file = NULL;
    size_t length = strlen(protocol);
    bool is_path = strchr(protocol, '/') != NULL || ef_is_standard_input(protocol) ||
                   (length > 4 && strcmp(protocol + length - 4, ".ini") == 0);
    return !is_path && ef_protocol_load(&file, protocol, NULL) == EF_OK ? file : NULL;
}

char *ef_benchmark_heading(const ef_paper_input *input, const char *protocol)
{
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        if (strcmp(result->protocol, protocol) == 0) {
            return ef_copy(result->heading);
        }
    }
    ef_protocol *file = file_of(protocol);
    char *heading = ef_copy(file != NULL ? file->heading : protocol);
    ef_protocol_free(file);
    return heading;
}

ef_status ef_benchmark_quote(ef_strings **out, const ef_paper_input *input, const char *protocol, ef_error *err)
{
    const ef_stored_result *known = NULL;
    ef_strings *quote = NULL;
    ef_status status = ef_strings_create(&quote, err);
    for (size_t i = 0; i < input->count && known == NULL; i++) {
        const ef_stored_result *result = input->entries[i].result;
        known = strcmp(result->protocol, protocol) == 0 && result->quote_count > 0 ? result : NULL;
    }
    ef_protocol *file = known == NULL ? file_of(protocol) : NULL;
    size_t count = known != NULL ? known->quote_count : file != NULL ? ef_strings_count(file->quote) : 0;
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        const char *figure = known != NULL ? known->quote[i] : ef_strings_at(file->quote, i);
        status = ef_strings_add(quote, figure, strlen(figure), err);
    }
    ef_protocol_free(file);
    if (status != EF_OK) {
        ef_strings_free(quote);
        return status;
    }
    *out = quote;
    return EF_OK;
}

static uint64_t place_in_file(const char *protocol)
{
    ef_protocol *file = file_of(protocol);
    uint64_t place = file != NULL && file->place > 0 ? file->place : EF_NO_PLACE;
    ef_protocol_free(file);
    return place;
}

uint64_t ef_benchmark_place_of(const ef_stored_result *result)
{
    return result->place > 0 ? result->place : place_in_file(result->protocol);
}

uint64_t ef_benchmark_place(const ef_paper_input *input, const char *protocol)
{
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        if (strcmp(result->protocol, protocol) == 0 && result->place > 0) {
            return result->place;
        }
    }
    return place_in_file(protocol);
}
