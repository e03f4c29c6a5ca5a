#include <eface/task.h>

#include <string.h>

#define ISO        (1U << EF_ISO)
#define SCRIPTS    (ISO | 1U << EF_INSIGHTFACE)
#define BOTH_UNION (SCRIPTS | 1U << EF_INSIGHTFACE_UNION)
#define DEVKIT     (ISO | 1U << EF_MEGAFACE_DEVKIT)

static const ef_task_about tasks[] = {
    {.task = EF_VERIFY_PAIRS,
     .name = "verify-pairs",
     .kind = "",
     .trials = "pairs",
     .has_folds = true,
     .conventions = SCRIPTS,
     .against = EF_INSIGHTFACE},
    {.task = EF_SCORES_TASK,
     .name = "scores",
     .kind = "",
     .trials = "scores",
     .as_given = true,
     .has_folds = true,
     .conventions = SCRIPTS,
     .against = EF_INSIGHTFACE},
    {.task = EF_VERIFY_TEMPLATES,
     .name = "verify-templates",
     .kind = "1:1",
     .trials = "template pairs",
     .conventions = SCRIPTS,
     .against = EF_INSIGHTFACE,
     .together = EF_IDENTIFY},
    {.task = EF_IDENTIFY,
     .name = "identify",
     .kind = "1:N",
     .trials = "probes",
     .is_search = true,
     .conventions = BOTH_UNION,
     .against = EF_INSIGHTFACE,
     .together = EF_VERIFY_TEMPLATES},
    {.task = EF_VERIFY_ALL_PAIRS,
     .name = "verify-all-pairs",
     .kind = "1:1",
     .trials = "pairs",
     .is_exhaustive = true,
     .conventions = ISO,
     .together = EF_IDENTIFY_ALL_PAIRS},
    {.task = EF_IDENTIFY_ALL_PAIRS,
     .name = "identify-all-pairs",
     .kind = "1:N",
     .trials = "images",
     .is_search = true,
     .is_exhaustive = true,
     .conventions = ISO,
     .together = EF_VERIFY_ALL_PAIRS},
    {.task = EF_VERIFY_DISTRACTORS,
     .name = "verify-distractors",
     .kind = "1:1",
     .trials = "pairs",
     .conventions = DEVKIT,
     .against = EF_MEGAFACE_DEVKIT,
     .together = EF_IDENTIFY_DISTRACTORS},
    {.task = EF_IDENTIFY_DISTRACTORS,
     .name = "identify-distractors",
     .kind = "1:N",
     .trials = "searches",
     .is_search = true,
     .conventions = DEVKIT,
     .against = EF_MEGAFACE_DEVKIT,
     .together = EF_VERIFY_DISTRACTORS},
};

const ef_task_about *ef_task_at(size_t index)
{
    return index < sizeof tasks / sizeof *tasks ? &tasks[index] : NULL;
}

const ef_task_about *ef_task_of(unsigned some)
{
    size_t i = 0;
    while (ef_task_at(i) != NULL && ((unsigned)ef_task_at(i)->task & some) == 0) {
        i++;
    }
    return ef_task_at(i);
}

const ef_task_about *ef_task_find(const char *name)
{
    size_t i = 0;
    while (ef_task_at(i) != NULL && strcmp(ef_task_at(i)->name, name) != 0) {
        i++;
    }
    return ef_task_at(i);
}

const char *ef_task_name(ef_task task)
{
    const ef_task_about *about = ef_task_of((unsigned)task);
    return about != NULL ? about->name : "unknown task";
}

const char *ef_task_kind(ef_task task)
{
    const ef_task_about *about = ef_task_of((unsigned)task);
    return about != NULL ? about->kind : "";
}
