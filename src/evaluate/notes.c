#include "evaluate/notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/labels_advice.h"

ef_status ef_note(ef_strings *notes, ef_error *err, const char *format, ...)
{
    char note[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note, sizeof note, format, arguments);
    va_end(arguments);
    return ef_strings_add(notes, note, strlen(note), err);
}

/* Adds a text, which may be NULL, and frees it. */
static ef_status take_note(ef_strings *notes, char *text, ef_error *err)
{
    ef_status status = text != NULL ? ef_note(notes, err, "%s", text) : EF_OK;
    free(text);
    return status;
}

ef_status ef_note_folders(ef_strings *notes, const ef_set *set, ef_error *err)
{
    char *text = NULL;
    ef_status status = ef_labels_told(&text, set, err);
    return status == EF_OK ? take_note(notes, text, err) : status;
}

ef_status ef_note_folders_of_probes(ef_strings *notes, const ef_distractor_set *set, ef_error *err)
{
    char *text = NULL;
    ef_status status = ef_labels_told_of_probes(&text, set, err);
    return status == EF_OK ? take_note(notes, text, err) : status;
}

ef_status ef_note_repeats(ef_strings *notes, const ef_pair_repeats *repeats, const char *noun, ef_error *err)
{
    char self[96] = "", again[96] = "";
    bool one = repeats->self == 1, single = repeats->repeated == 1;
    if (repeats->self > 0) {
        snprintf(self, sizeof self, "%" PRIu64 " pair%s compare%s %s with itself", repeats->self, one ? "" : "s", one ? "s" : "",
                 noun);
    }
    if (repeats->repeated > 0) {
        snprintf(again, sizeof again, "%s%" PRIu64 " %sstand%s in the list %s", repeats->self > 0 ? ", " : "", repeats->repeated,
                 repeats->self > 0 ? ""
                 : single          ? "pair "
                                   : "pairs ",
                 single ? "s" : "", repeats->most == 2 ? "twice" : "more than once");
    }
    if (repeats->self + repeats->repeated == 0) {
        return EF_OK;
    }
    bool counted = repeats->again[0] + repeats->again[1] > 0;
    return ef_note(notes, err, "%s%s%s", self, again,
                   counted ? ": figures count them as they stand, intervals each pair once" : "");
}
