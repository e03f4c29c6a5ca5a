/* h5_holes.h - what of a virtual dataset no source fills: it reads as the fill value.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_HOLES_H
#define EF_IO_H5_HOLES_H

#include <hdf5.h>

#include <eface/status.h>

/* An error, which calls the virtual dataset `name`, when some of its values come from no source; sources may overlap.  `creation` says how it is stored, and no source of it
 * is without an end. */
EF_MUST_USE ef_status ef_h5_holes_check(hid_t dataset, hid_t creation, const char *name, ef_error *err);

#endif
