#include "io/hdf5_quiet.h"

#include <hdf5.h>

void ef_hdf5_quiet(void)
{
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
