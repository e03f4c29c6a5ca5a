#include "io/copy_attributes.h"

#include <stdlib.h>

#include "base/memory.h"

static bool copy_value(hid_t from, hid_t to, hid_t type, hid_t space)
{
    hssize_t points = H5Sget_simple_extent_npoints(space);
    size_t size = H5Tget_size(type);
    void *value = points >= 0 && size > 0 ? ef_alloc((size_t)points, size) : NULL;
    bool good = value != NULL && (points == 0 || H5Aread(from, type, value) >= 0);
    if (good && points > 0) {
        good = H5Awrite(to, type, value) >= 0;
        if (H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tis_variable_str(type) > 0) {
            H5Dvlen_reclaim(type, space, H5P_DEFAULT, value);
        }
    }
    free(value);
    return good;
}

static herr_t copy_attribute(hid_t from, const char *name, const H5A_info_t *info, void *data)
{
    const hid_t *to = data;
    hid_t attribute = H5Aopen(from, name, H5P_DEFAULT);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
    hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    bool good = type >= 0 && space >= 0;
    (void)info;
    if (good && H5Tdetect_class(type, H5T_REFERENCE) == 0) {
        hid_t copy = H5Acreate2(*to, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        good = copy >= 0 && (H5Sget_simple_extent_type(space) == H5S_NULL || copy_value(attribute, copy, type, space));
        if (copy >= 0) {
            H5Aclose(copy);
        }
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return good ? 0 : -1;
}

bool ef_copy_attributes(hid_t from, hid_t to)
{
    return H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_INC, NULL, copy_attribute, &to) >= 0;
}
