/* setting.h - how figures were made, as rows: what was chosen, under which key, and what that is called in a sentence.
 *
 * An evaluation adds the rows of its task to its result.  Reports, result files and the check that figures were made alike walk them, so what has a row
 * stands in all of these.
 * Thread rule: constant once made. */
#ifndef EFACE_SETTING_H
#define EFACE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ef_setting_kind { EF_SETTING_WORD, EF_SETTING_COUNT, EF_SETTING_FLAG } ef_setting_kind;

#define EF_SETTING_WORDS 64

typedef struct ef_setting {
    const char *key; /* "flip": borrowed, static or of the result file that it was read from */
    ef_setting_kind kind;
    const char *word;             /* of EF_SETTING_WORD: "sum"; borrowed likewise */
    uint64_t count;               /* of EF_SETTING_COUNT, 0 where nothing is limited; of EF_SETTING_FLAG, 0 or 1 */
    char words[EF_SETTING_WORDS]; /* "flip sum": figures are alike only where these are the same; "": the row decides no figure */
} ef_setting;

/* Zeroed, it is empty. */
typedef struct ef_settings {
    ef_setting *row;
    size_t count, capacity;
} ef_settings;

EF_API void ef_settings_free(ef_settings *settings);

/* Adds a row at the end.  `words` NULL: "KEY WORD", or "KEY COUNT". */
EF_API EF_MUST_USE ef_status ef_settings_add_word(ef_settings *settings, const char *key, const char *word, const char *words,
                                                  ef_error *err);
EF_API EF_MUST_USE ef_status ef_settings_add_count(ef_settings *settings, const char *key, uint64_t count, const char *words,
                                                   ef_error *err);
EF_API EF_MUST_USE ef_status ef_settings_add_flag(ef_settings *settings, const char *key, bool flag, ef_error *err);

/* The row of a key, the word of it, its number; NULL, NULL and 0 where there is none. */
EF_API const ef_setting *ef_settings_find(const ef_settings *settings, const char *key);
EF_API const char *ef_settings_word(const ef_settings *settings, const char *key);
EF_API uint64_t ef_settings_count(const ef_settings *settings, const char *key);

/* Whether the word of a key is `word`; not where the key has none. */
EF_API bool ef_settings_is(const ef_settings *settings, const char *key, const char *word);

#ifdef __cplusplus
}
#endif
#endif
