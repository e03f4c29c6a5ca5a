#include <eface/version.h>

const char *ef_version(void)
{
    return EF_VERSION;
}

int ef_version_number(void)
{
    return EF_VERSION_NUMBER;
}
