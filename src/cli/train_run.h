/* train_run.h - trains as asked, tells how it goes, and saves what comes of it. */
#ifndef EF_CLI_TRAIN_RUN_H
#define EF_CLI_TRAIN_RUN_H

#include "cli/train_request.h"

/* A line on standard output for each epoch; words on standard error. */
EF_MUST_USE ef_status train_run(const train_request *request, ef_error *err);

#endif
