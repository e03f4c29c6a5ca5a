#include <eface/fingerprint.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"

/* One file; its fields below `running` belong to its thread until that is joined. */
typedef struct print {
    struct print *next;
    char *path;
    const atomic_bool *stop;
    pthread_t thread;
    bool running;
    ef_status status;
    ef_error error;
    uint64_t bytes;
    char sha256[65];
} print;

struct ef_fingerprints {
    print *first;
    atomic_bool stop; /* set when no one wants the hashes any more */
};

static void *compute(void *argument)
{
    print *self = argument;
    self->status = ef_hash_file(self->sha256, &self->bytes, self->path, self->stop, &self->error);
    return NULL;
}

static void finish(print *self)
{
    if (self->running) {
        pthread_join(self->thread, NULL);
        self->running = false;
    }
}

ef_status ef_fingerprints_create(ef_fingerprints **out, ef_error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return ef_fail_memory(err, "fingerprints");
    }
    atomic_init(&(*out)->stop, false);
    return EF_OK;
}

void ef_fingerprints_free(ef_fingerprints *fingerprints)
{
    if (fingerprints != NULL) {
        atomic_store(&fingerprints->stop, true);
    }
    while (fingerprints != NULL && fingerprints->first != NULL) {
        print *self = fingerprints->first;
        fingerprints->first = self->next;
        finish(self);
        free(self->path);
        free(self);
    }
    free(fingerprints);
}

static print *find(const ef_fingerprints *fingerprints, const char *path)
{
    print *self = fingerprints->first;
    while (self != NULL && strcmp(self->path, path) != 0) {
        self = self->next;
    }
    return self;
}

ef_status ef_fingerprints_begin(ef_fingerprints *fingerprints, const char *path, ef_error *err)
{
    if (find(fingerprints, path) != NULL) {
        return EF_OK;
    }
    print *self = calloc(1, sizeof *self);
    if (self == NULL || (self->path = ef_copy(path)) == NULL) {
        free(self);
        return ef_fail_memory(err, "fingerprints");
    }
    self->stop = &fingerprints->stop;
    self->next = fingerprints->first;
    fingerprints->first = self;
    self->running = pthread_create(&self->thread, NULL, compute, self) == 0;
    if (!self->running) {
        compute(self);
    }
    return EF_OK;
}

ef_status ef_fingerprints_get(char sha256[65], uint64_t *bytes, ef_fingerprints *fingerprints, const char *path, ef_error *err)
{
    ef_status status = ef_fingerprints_begin(fingerprints, path, err);
    if (status != EF_OK) {
        return status;
    }
    print *self = find(fingerprints, path);
    finish(self);
    if (self->status != EF_OK) {
        return ef_fail(err, self->status, "%s", self->error.message);
    }
    memcpy(sha256, self->sha256, sizeof self->sha256);
    *bytes = self->bytes;
    return EF_OK;
}
