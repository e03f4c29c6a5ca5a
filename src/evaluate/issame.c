#include "evaluate/issame.h"

#include <stdlib.h>

ef_status ef_read_issame(unsigned char *genuine, const ef_set *set, ef_error *err)
{
    int64_t *labels = NULL;
    size_t count = ef_set_field_rows(set, EF_ISSAME);
    ef_status status = ef_set_read_integers(set, EF_ISSAME, &labels, err);
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        genuine[i] = labels[i] == 1;
    }
    free(labels);
    return status;
}
