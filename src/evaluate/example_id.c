#include "evaluate/example_id.h"

#include <stdio.h>

const char *ef_example_id(char text[EF_EXAMPLE_ID], const ef_set *set)
{
    ef_strings *ids = NULL;
    if (ef_set_read_strings(set, EF_IDS, &ids, NULL) == EF_OK && ef_strings_count(ids) > 0) {
        snprintf(text, EF_EXAMPLE_ID, "the first there is '%.80s'", ef_strings_at(ids, 0));
    } else {
        snprintf(text, EF_EXAMPLE_ID, "there is none");
    }
    ef_strings_free(ids);
    return text;
}
