/* seconds.h - a clock for telling how long something took. */
#ifndef EF_BASE_SECONDS_H
#define EF_BASE_SECONDS_H

/* Seconds since some moment in the past; never goes back.  Thread rule: safe from any thread. */
double ef_seconds(void);

#endif
