/* synth_stream.h - which random stream belongs to what, so that nothing drawn depends on what else was drawn. */
#ifndef EF_SYNTH_SYNTH_STREAM_H
#define EF_SYNTH_SYNTH_STREAM_H

#include <stdint.h>

/* The stream of an image: `set` numbers the benchmarks, person and number count from 1.  Number 0 is the person as such; person 0
 * is free for what belongs to no person. */
static inline uint64_t synth_stream(uint32_t set, uint32_t person, uint32_t number)
{
    return (uint64_t)set << 48 | (uint64_t)person << 24 | number;
}

#endif
