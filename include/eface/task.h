/* task.h - what the tasks of protocols are: a row each.
 * Thread rule: constant. */
#ifndef EFACE_TASK_H
#define EFACE_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/metric.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_task_about {
    ef_task task;
    const char *name; /* "verify-templates": the section of a protocol file that holds its metrics */
    const char
        *kind; /* "1:1" or "1:N", by which the tasks of a protocol with several are told apart; "" for those that stand alone */
    const char *trials;    /* "template pairs": what there are counts of, in 1:1 */
    bool is_search;        /* 1:N: probes have ranks, and no list of pairs */
    bool as_given;         /* scores are those of a file, and no cosines */
    bool has_folds;        /* pairs may be dealt over folds */
    bool is_exhaustive;    /* every image meets every other, so that pairs share images */
    unsigned conventions;  /* those that its figures have: bit number ef_convention */
    ef_convention against; /* the public programs' convention, which EF_ISO is held against; EF_ISO where there is none */
    unsigned together;     /* ef_task bits of the tasks that a protocol may have besides */
} ef_task_about;

/* Number `index`, in the order of lists; NULL behind the last. */
EF_API const ef_task_about *ef_task_at(size_t index);

/* Of a task; of several, the first.  That of a name; NULL where there is none. */
EF_API const ef_task_about *ef_task_of(unsigned tasks);
EF_API const ef_task_about *ef_task_find(const char *name);

/* Its name and kind. */
EF_API const char *ef_task_name(ef_task task);
EF_API const char *ef_task_kind(ef_task task);

#ifdef __cplusplus
}
#endif
#endif
