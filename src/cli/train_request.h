/* train_request.h - what eface-train is asked for on the command line, as settings of a training. */
#ifndef EF_CLI_TRAIN_REQUEST_H
#define EF_CLI_TRAIN_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/trainer.h>

/* As the options are parsed.  What is not given stays as train_request_begin() made it: NULL, not a number, -1, UINT64_MAX. */
typedef struct train_request {
    const char *set;         /* FILE[:/group] */
    const char *labels_from; /* "ids" */
    const char *output, *loss, *schedule, *drop_at, *checkpoint, *resume;
    double scale, margin, sigma, rate, last_rate, factor, momentum, decay, clip, held_out;
    int dim, hidden, batch, epochs, warm_up, least, every, every_steps, threads;
    uint64_t seed, stop_at;
    size_t memory;
    bool force, quiet;
} train_request;

train_request train_request_begin(void);

/* The settings, and the memory, of what was given, over those of the checkpoint to go on from, or else over the usual ones.
 * Errors: an unknown loss or schedule, an option that the loss or the schedule has no use for, a checkpoint that cannot be read. */
EF_MUST_USE ef_status train_request_settings(ef_train_settings *out, size_t *memory, const train_request *request, ef_error *err);

/* A loss by its name, or an error that suggests others. */
EF_MUST_USE ef_status train_loss_find(const ef_loss **out, const char *name, ef_error *err);

#endif
