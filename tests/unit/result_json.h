/* result_json.h - a result file small enough to be read, for tests that change a part of it. */
#ifndef RESULT_JSON_H
#define RESULT_JSON_H

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "list_files.h"

/* One identification result with everything that a result can have. */
static const char whole_result[] =
    "{\"eface\": {\"version\": \"9.9\", \"schema\": 1, \"later\": 7},\n"
    " \"results\": [{\n"
    "  \"protocol\": {\"name\": \"ijbc\", \"title\": \"IJB-C\", \"heading\": \"IJB C\", \"task\": \"identify\", \"cite\": null,\n"
    "   \"file\": \"p/ijbc.ini\", \"sha256\": \"abc\"},\n"
    "  \"model\": \"one\", \"source\": \"a.h5:/ijbc\", \"convention\": \"insightface\",\n"
    "  \"settings\": {\"flip\": \"sum\", \"flip_absent\": false, \"similarity\": \"cosine\", \"norm\": \"keep\", \"weight\": "
    "\"none\",\n"
    "   \"media\": \"mean\", \"interval\": \"wilson\", \"confidence\": 0.95},\n"
    "  \"inputs\": [{\"role\": \"embeddings\", \"path\": \"a.h5\", \"bytes\": 5, \"sha256\": null}],\n"
    "  \"counts\": {\"images\": 9, \"dim\": 4, \"templates\": 3, \"media\": 4, \"probes\": 2, \"left_out\": 0, \"partial\": "
    "true},\n"
    "  \"metrics\": [{\"metric\": \"cmc\", \"title\": \"CMC rank\", \"point\": 1,\n"
    "    \"iso\": {\"value\": 0.5, \"ci_low\": 0.25, \"ci_high\": 0.75, \"interval\": \"wilson\", \"errors\": 1, \"trials\": "
    "2},\n"
    "    \"insightface\": {\"value\": 0.25}},\n"
    "   {\"metric\": \"tpir_at_fpir\", \"title\": \"TPIR @ FPIR\", \"point\": 0.01,\n"
    "    \"iso\": {\"value\": null, \"undefined\": \"too few\", \"threshold\": null, \"threshold_on\": \"score\"}}],\n"
    "  \"curve\": {\"thinned\": true, \"impostors\": 4, \"genuine\": 2, \"threshold\": [null, 0.5], \"far\": [0, 0.25], \"tar\": "
    "[0, 1],\n"
    "   \"fnmr\": [1, 0]},\n"
    "  \"histogram\": {\"low\": -1, \"high\": 1, \"bins\": 2, \"genuine\": [0, 2], \"impostor\": [3, 1]},\n"
    "  \"cmc_curve\": [0.5, 1],\n"
    "  \"galleries\": [{\"name\": \"gallery_1\", \"entries\": 2, \"mated\": 1, \"unmated\": 1, \"metrics\": [], \"cmc_curve\": "
    "[0.5, 1],\n"
    "   \"det\": {\"threshold\": [null, 0.5], \"fpir\": [0, 1], \"fnir\": [1, 0]}}],\n"
    "  \"notes\": [\"a note\"]}]}\n";

/* Writes it into the folder as `name`, the first `old` in it replaced by `new`; returns the path. */
static inline const char *put_changed(const char *name, const char *old, const char *new)
{
    static char path[512], text[2 * sizeof whole_result];
    const char *at = strstr(whole_result, old);
    ck_assert_msg(at != NULL, "the result has no %s", old);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole_result), whole_result, new, at + strlen(old));
    put(name, text);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

#endif
