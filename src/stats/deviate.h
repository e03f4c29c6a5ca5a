/* deviate.h - the normal deviate of a share: where it stands on the axes of a DET plot. */
#ifndef EF_STATS_DEVIATE_H
#define EF_STATS_DEVIATE_H

/* The z below which a share of the standard normal distribution lies; of 0 and 1, which lie nowhere, that of EF_LEAST_DEVIATE and 1 - EF_LEAST_DEVIATE. */
double ef_deviate(double share);

#define EF_LEAST_DEVIATE 1e-12

#endif
