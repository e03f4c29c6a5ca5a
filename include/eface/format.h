/* format.h - a format that something is written in: the name that people call it by, and the extension of its files.
 *
 * What is written in several formats has a struct for each that begins with this, and a table of them: report.h, table.h.
 * Thread rule: constant. */
#ifndef EFACE_FORMAT_H
#define EFACE_FORMAT_H

typedef struct ef_format {
    const char *name;      /* "json" */
    const char *extension; /* ".json" */
} ef_format;

#endif
