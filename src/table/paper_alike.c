#include "table/paper_alike.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What decides a figure besides the embeddings themselves.  Those of intervals, at the end, matter only where intervals are shown. */
typedef enum thing {
    CONVENTION,
    PROTOCOL,
    SETTINGS, /* each of them is one */
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

void ef_alike_add(ef_alike *alike, const ef_stored_result *result)
{
    for (size_t i = 0; i < result->settings.count; i++) {
        const ef_setting *setting = &result->settings.row[i];
        size_t known = 0;
        while (known < alike->settings && strcmp(alike->setting[known], setting->key) != 0) {
            known++;
        }
        if (known == alike->settings && known < EF_ALIKE_SETTINGS && setting->words[0] != '\0') {
            alike->setting[alike->settings++] = setting->key;
        }
    }
}

size_t ef_alike_count(const ef_alike *alike)
{
    const size_t fixed = alike->intervals ? THINGS - 1 : INTERVAL - 1;
    return fixed + alike->settings;
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

/* The list of pairs or of probes; templates have several lists, which come in two distributions: their counts are compared. */
static const char *list_hash(const ef_stored_result *result, const char *role)
{
    for (size_t i = 0; i < result->input_count; i++) {
        if (result->templates == 0 && strcmp(result->inputs[i].role, role) == 0) {
            return result->inputs[i].sha256;
        }
    }
    return NULL;
}

/* Numbers of distractors are no galleries of their own. */
static uint64_t entries_of(const ef_stored_result *result)
{
    uint64_t entries = 0;
    for (size_t i = 0; i < result->gallery_count && result->distractors == 0; i++) {
        entries += result->galleries[i].entries;
    }
    return entries;
}

static void write_setting(char *words, const ef_stored_result *result, const char *key)
{
    const ef_setting *setting = ef_settings_find(&result->settings, key);
    snprintf(words, EF_ALIKE_WORDS, "%s", setting != NULL ? setting->words : "");
}

const char *ef_alike_words(char words[EF_ALIKE_WORDS], const ef_alike *alike, size_t index, const ef_stored_result *result,
                           ef_convention convention)
{
    bool is_setting = index >= SETTINGS && index < SETTINGS + alike->settings;
    thing what = (thing)(is_setting ? SETTINGS : index < SETTINGS ? index : index + 1 - alike->settings);
    words[0] = '\0';
    switch (what) {
    case CONVENTION: write_text(words, "convention", ef_convention_name(convention)); break;
    case PROTOCOL: write_hash(words, "protocol file", result->protocol_sha256); break;
    case SETTINGS: write_setting(words, result, alike->setting[index - SETTINGS]); break;
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
