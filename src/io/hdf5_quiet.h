/* hdf5_quiet.h - HDF5 made fit for a program that speaks for itself. */
#ifndef EF_IO_HDF5_QUIET_H
#define EF_IO_HDF5_QUIET_H

/* Stops HDF5 from printing its own error stack, and from running an exit handler that crashes after a failed close (full disk).
 * The first HDF5 call of every program. */
void ef_hdf5_quiet(void);

#endif
