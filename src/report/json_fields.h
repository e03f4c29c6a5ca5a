/* json_fields.h - fields of a JSON document, with their types checked.
 *
 * Many fields are read one after the other, so the first error sticks: from then on every getter does nothing and returns zeros, and the
 * caller looks at `status` when all is read.  Errors name file and field: "x.json: results[0].model is an integer, not a string". */
#ifndef EF_REPORT_JSON_FIELDS_H
#define EF_REPORT_JSON_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <eface/status.h>

#include "base/error.h"

typedef struct ef_fields {
    const char *path;  /* of the file */
    char place[256];   /* of the object being read: "results[0].counts" */
    size_t place_used; /* its length */
    ef_status status;
    ef_error *err;
} ef_fields;

typedef enum ef_presence { EF_REQUIRED, EF_OPTIONAL } ef_presence; /* optional fields may be null as well */

/* Loads a whole document.  The caller frees it with json_decref(). */
EF_MUST_USE ef_status ef_json_load(json_t **out, const char *path, ef_error *err);

/* Goes into a place ("counts", "metrics[3]") and back: place = ef_fields_enter(...) before, ef_fields_leave(fields, place) after. */
size_t ef_fields_enter(ef_fields *fields, const char *format, ...) EF_PRINTF(2, 3);
void ef_fields_leave(ef_fields *fields, size_t place);

/* Fails, naming `key` in the current place, or the place itself when key is NULL; unless something failed before. */
void ef_fields_fail(ef_fields *fields, const char *key, const char *format, ...) EF_PRINTF(3, 4);

/* NULL, false, 0 or NAN where an optional field is absent.  Texts live as long as the document. */
const char *ef_field_text(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);
bool ef_field_flag(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);
uint64_t ef_field_count(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);
double ef_field_real(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);

/* The object or array `key`; NULL when it is absent or something failed. */
const json_t *ef_field_object(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);
const json_t *ef_field_array(ef_fields *fields, const json_t *object, const char *key, ef_presence presence);

/* Array `key` of numbers in memory of its own (freed with free()); *count receives how many.  With `expected` not SIZE_MAX, that many must
 * be there.  Numbers lie in [low, high]; null stands for +infinity where high is infinite.  NULL when something failed. */
double *ef_field_reals(ef_fields *fields, const json_t *object, const char *key, double low, double high, size_t expected,
                       size_t *count);
uint64_t *ef_field_counts(ef_fields *fields, const json_t *object, const char *key, size_t expected);

/* Zeroed memory for `count` elements, NULL when something failed. */
void *ef_fields_alloc(ef_fields *fields, size_t count, size_t size);

#endif
