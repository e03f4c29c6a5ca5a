#include <eface/setting.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

void ef_settings_free(ef_settings *settings)
{
    free(settings->row);
    *settings = (ef_settings){0};
}

static ef_status add(ef_settings *settings, const ef_setting *setting, const char *words, ef_error *err)
{
    if (!ef_grow(&settings->row, &settings->capacity, settings->count + 1, sizeof *settings->row)) {
        return ef_fail_memory(err, "the settings");
    }
    ef_setting *added = &settings->row[settings->count++];
    *added = *setting;
    snprintf(added->words, sizeof added->words, "%s", words);
    return EF_OK;
}

ef_status ef_settings_add_word(ef_settings *settings, const char *key, const char *word, const char *words, ef_error *err)
{
    char made[EF_SETTING_WORDS];
    const ef_setting setting = {.key = key, .kind = EF_SETTING_WORD, .word = word};
    snprintf(made, sizeof made, "%s %.40s", key, word);
    return add(settings, &setting, words != NULL ? words : made, err);
}

ef_status ef_settings_add_count(ef_settings *settings, const char *key, uint64_t count, const char *words, ef_error *err)
{
    char made[EF_SETTING_WORDS];
    const ef_setting setting = {.key = key, .kind = EF_SETTING_COUNT, .count = count};
    snprintf(made, sizeof made, "%s %" PRIu64, key, count);
    return add(settings, &setting, words != NULL ? words : made, err);
}

ef_status ef_settings_add_flag(ef_settings *settings, const char *key, bool flag, ef_error *err)
{
    const ef_setting setting = {.key = key, .kind = EF_SETTING_FLAG, .count = flag};
    return add(settings, &setting, "", err);
}

const ef_setting *ef_settings_find(const ef_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->row[i].key, key) == 0) {
            return &settings->row[i];
        }
    }
    return NULL;
}

const char *ef_settings_word(const ef_settings *settings, const char *key)
{
    const ef_setting *setting = ef_settings_find(settings, key);
    return setting != NULL ? setting->word : NULL;
}

uint64_t ef_settings_count(const ef_settings *settings, const char *key)
{
    const ef_setting *setting = ef_settings_find(settings, key);
    return setting != NULL ? setting->count : 0;
}

bool ef_settings_is(const ef_settings *settings, const char *key, const char *word)
{
    const char *own = ef_settings_word(settings, key);
    return own != NULL && strcmp(own, word) == 0;
}
