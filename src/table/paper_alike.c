#include "table/paper_alike.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What decides a figure besides the embeddings themselves.  Those of intervals, at the end, matter only where intervals are shown. */
typedef enum thing {
    CONVENTION,
    PROTOCOL,
    SIMILARITY,
    FLIP,
    NORM,
    WEIGHT,
    MEDIA,
    NOISE,
    EXCLUDE_SAME,
    PER_SUBJECT,
    PROBES_BY,
    PROBE_LIST,
    PARTIAL,
    PAIRS,
    GENUINE,
    FOLDS,
    PROBES,
    DISTRACTORS,
    ENTRIES,
    LIST,
    INTERVAL,
    CONFIDENCE,
    THINGS
} thing;

size_t ef_alike_count(bool intervals)
{
    return intervals ? THINGS : INTERVAL;
}

static void write_text(char *words, const char *what, const char *text)
{
    if (text != NULL) {
        snprintf(words, EF_ALIKE_WORDS, "%s %.40s", what, text);
    }
}

/* A hash is told by its first digits. */
static void write_hash(char *words, const char *what, const char *sha256)
{
    if (sha256 != NULL) {
        snprintf(words, EF_ALIKE_WORDS, "%s %.12s...", what, sha256);
    }
}

static void write_count(char *words, uint64_t count, const char *what)
{
    if (count > 0) {
        snprintf(words, EF_ALIKE_WORDS, "%" PRIu64 " %s", count, what);
    }
}

static bool is_none(const char *setting)
{
    return strcmp(setting, "none") == 0;
}

static void write_exclusion(char *words, const char *exclude_same)
{
    if (exclude_same != NULL && is_none(exclude_same)) {
        snprintf(words, EF_ALIKE_WORDS, "no pairs left out");
    } else if (exclude_same != NULL) {
        snprintf(words, EF_ALIKE_WORDS, "pairs of the same %.20s left out", exclude_same);
    }
}

/* Only all pairs can be of fewer images. */
static void write_per_subject(char *words, const ef_stored_result *result)
{
    if (result->per_subject > 0) {
        write_count(words, result->per_subject, "images a subject at the most");
    } else if (result->exclude_same != NULL) {
        snprintf(words, EF_ALIKE_WORDS, "all images of a subject");
    }
}

static void write_probes(char *words, const char *by)
{
    if (by != NULL && is_none(by)) {
        snprintf(words, EF_ALIKE_WORDS, "no probes set apart");
    } else {
        write_text(words, "probes by", by);
    }
}

/* The list of pairs or of probes; templates have several lists, which come in two distributions: their counts are compared. */
static const char *list_hash(const ef_stored_result *result, const char *role)
{
    for (size_t i = 0; i < result->input_count; i++) {
        if (result->norm == NULL && strcmp(result->inputs[i].role, role) == 0) {
            return result->inputs[i].sha256;
        }
    }
    return NULL;
}

/* Numbers of distractors are no galleries of their own. */
static uint64_t entries_of(const ef_stored_result *result)
{
    uint64_t entries = 0;
    for (size_t i = 0; i < result->gallery_count && result->noise == NULL; i++) {
        entries += result->galleries[i].entries;
    }
    return entries;
}

const char *ef_alike_flip(const char *flip)
{
    return flip == NULL ? NULL : strcmp(flip, "halves") == 0 ? "sum" : strcmp(flip, "first-half") == 0 ? "none" : flip;
}

const char *ef_alike_words(char words[EF_ALIKE_WORDS], size_t index, const ef_stored_result *result, ef_convention convention)
{
    words[0] = '\0';
    switch ((thing)index) {
    case CONVENTION: write_text(words, "convention", ef_convention_name(convention)); break;
    case PROTOCOL: write_hash(words, "protocol file", result->protocol_sha256); break;
    case SIMILARITY: write_text(words, "similarity", result->similarity); break;
    case FLIP: write_text(words, "flip", ef_alike_flip(result->flip)); break;
    case NORM: write_text(words, "norm", result->norm); break;
    case WEIGHT: write_text(words, "weight", result->weight); break;
    case MEDIA: write_text(words, "media", result->media); break;
    case NOISE: write_text(words, "noise", result->noise); break;
    case EXCLUDE_SAME: write_exclusion(words, result->exclude_same); break;
    case PER_SUBJECT: write_per_subject(words, result); break;
    case PROBES_BY: write_probes(words, result->probes_by); break;
    case PROBE_LIST: write_hash(words, "probe list", list_hash(result, "probes")); break;
    case PARTIAL: snprintf(words, EF_ALIKE_WORDS, "%s", result->partial ? "partial counts" : "full counts"); break;
    case PAIRS: write_count(words, result->pairs, "pairs"); break;
    case GENUINE: write_count(words, result->genuine, "genuine pairs"); break;
    case FOLDS: write_count(words, result->folds, "folds"); break;
    case PROBES: write_count(words, result->probes, "probes"); break;
    case DISTRACTORS: write_count(words, result->distractors, "distractors"); break;
    case ENTRIES: write_count(words, entries_of(result), "gallery entries"); break;
    case LIST: write_hash(words, "pair list", list_hash(result, "pairs")); break;
    case INTERVAL: write_text(words, "interval", result->interval); break;
    case CONFIDENCE:
        if (!isnan(result->confidence)) {
            snprintf(words, EF_ALIKE_WORDS, "confidence %g", result->confidence);
        }
        break;
    case THINGS: break;
    }
    return words;
}
