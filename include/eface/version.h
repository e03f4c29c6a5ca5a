/* version.h - which eface this is.  Thread rule: safe from any thread. */
#ifndef EFACE_VERSION_H
#define EFACE_VERSION_H

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EF_VERSION "0.1.0"

/* The version of the library in use, which may differ from the EF_VERSION a program was compiled with. */
EF_API const char *ef_version(void);

/* The same as a number that grows: 10000 for 1.0.0, 102 for 0.1.2. */
#define EF_VERSION_NUMBER 100
EF_API int ef_version_number(void);

#ifdef __cplusplus
}
#endif
#endif
