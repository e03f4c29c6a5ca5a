/* Put before a program by LD_PRELOAD: each look at the monotonic clock finds it 0.2 s later, so that what a program does only after a while is seen at
   once and on any machine. */
#define _GNU_SOURCE /* syscall() */
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now)
{
    static atomic_long looks = 5; /* 0 would be a clock that was never looked at */
    if (clock != CLOCK_MONOTONIC) {
        return (int)syscall(SYS_clock_gettime, clock, now);
    }
    long fifths = atomic_fetch_add(&looks, 1);
    now->tv_sec = fifths / 5;
    now->tv_nsec = fifths % 5 * 200000000L;
    return 0;
}
