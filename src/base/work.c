#include <eface/work.h>

#define USUAL_MEMORY ((size_t)2 << 30)

size_t ef_work_memory(const ef_work *work)
{
    return work != NULL && work->memory != 0 ? work->memory : USUAL_MEMORY;
}
