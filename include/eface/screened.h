/* screened.h - very many scores, of which only float32 approximations are held, with a bound on what they may be off.
 *
 * Whoever counts them decides by the approximation where the bound leaves no doubt, and asks for the exact score where it does: so
 * every count is that of the exact scores, whatever the approximations are. */
#ifndef EFACE_SCREENED_H
#define EFACE_SCREENED_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_screened {
    const float *approximate; /* finite, each at most `slack` from its exact score */
    size_t count;
    double slack;                                   /* 0: the approximations are the scores; infinite: they say nothing */
    double (*exact)(const void *context, size_t i); /* score i; called from several threads at once */
    const void *context;
} ef_screened;

#ifdef __cplusplus
}
#endif
#endif
