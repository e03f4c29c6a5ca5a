/* notes.h - sentences that a reader of a result should know. */
#ifndef EF_PROTOCOL_NOTES_H
#define EF_PROTOCOL_NOTES_H

#include <eface/strings.h>

#include "base/error.h"

/* Adds a formatted sentence. */
EF_MUST_USE ef_status ef_note(ef_strings *notes, ef_error *err, const char *format, ...) EF_PRINTF(3, 4);

#endif
