/* h5_holes.h - what of a virtual dataset no source fills: it reads as the fill value.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_HOLES_H
#define EF_IO_H5_HOLES_H

#include <hdf5.h>

#include <eface/status.h>

/* An error, which calls the dataset `name`, when it is virtual and some of its values come from no source, of those alone that the selection of `taken` takes
 * (H5I_INVALID_HID: all); sources may overlap.  What a source without an end fills is not known: then nothing is. */
EF_MUST_USE ef_status ef_h5_holes_check(hid_t dataset, hid_t taken, const char *name, ef_error *err);

#endif
