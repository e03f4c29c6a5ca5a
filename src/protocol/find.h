/* find.h - finding protocol files by name. */
#ifndef EF_PROTOCOL_FIND_H
#define EF_PROTOCOL_FIND_H

#include <eface/status.h>

/* *path = the file of the protocol called `name`, which may be a path itself; freed with free(). */
EF_MUST_USE ef_status ef_protocol_find(char **path, const char *name, ef_error *err);

#endif
