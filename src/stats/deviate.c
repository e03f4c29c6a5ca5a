#include "stats/deviate.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

double ef_deviate(double share)
{
    return gsl_cdf_ugaussian_Pinv(fmin(fmax(share, EF_LEAST_DEVIATE), 1 - EF_LEAST_DEVIATE));
}
