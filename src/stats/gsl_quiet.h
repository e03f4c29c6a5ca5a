/* gsl_quiet.h - GSL ends the process at an error unless told otherwise. */
#ifndef EF_STATS_GSL_QUIET_H
#define EF_STATS_GSL_QUIET_H

/* Makes GSL return its errors instead.  The setting belongs to the process, so a program calls this, once, at its start;
 * the library itself calls only functions of GSL that cannot fail for the arguments it gives them. */
void ef_gsl_quiet(void);

#endif
