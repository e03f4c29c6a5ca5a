/* template_plan.h - where everything of a template benchmark comes from: lists, or the set itself. */
#ifndef EF_EVALUATE_TEMPLATE_PLAN_H
#define EF_EVALUATE_TEMPLATE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/evaluate.h>
#include <eface/template_list.h>

/* The images, checked against the set, and the files that hold the rest. */
typedef struct ef_template_plan {
    bool from_set; /* pairs and galleries are datasets of the set */
    ef_template_images images;
    size_t *row;               /* row of the set of each image; NULL: image i is row i */
    float *quality;            /* NULL when images are not weighted */
    char *file[EF_FILE_COUNT]; /* lists that are there; NULL for others */
    ef_file_mark mark[EF_FILE_COUNT];
    char *where;            /* for messages: the list of images, the folder of NIST's lists, or the set */
    ef_subjects of_list[3]; /* by lists: the templates of gallery 1, gallery 2 and the probes */
    bool nist;              /* images and subjects are those of NIST's lists, and file[EF_FILE_PAIRS] is pairs without labels: */
    ef_subjects of_all;     /* the templates of all lists */
    int64_t *pair_subjects; /* what the reader of those pairs borrows */
    bool partial;
    ef_strings *notes;
} ef_template_plan;

/* Finds and reads the images' templates, media and detector scores.  `weight`: detector scores are needed. */
EF_MUST_USE ef_status ef_template_plan_create(ef_template_plan **out, const ef_protocol *protocol, const ef_set *set, bool weight,
                                              const ef_evaluate_options *options, ef_error *err);
void ef_template_plan_free(ef_template_plan *plan); /* NULL is fine */

/* Whether there is a pair list; whether there are probes and at least one gallery. */
bool ef_template_plan_has_pairs(const ef_template_plan *plan, const ef_set *set);
bool ef_template_plan_has_galleries(const ef_template_plan *plan, const ef_set *set);

/* Opens the pair list, for templates `ids`, ascending, which must outlive it; so must the plan.  The caller closes *out. */
EF_MUST_USE ef_status ef_template_plan_open_pairs(ef_template_pairs **out, ef_template_plan *plan, const int64_t *ids,
                                                  size_t id_count, int threads, ef_error *err);

/* A gallery (0 or 1) or the probes (2): EF_FORMAT when it is absent.  The caller frees *out with ef_subjects_free(). */
EF_MUST_USE ef_status ef_template_plan_subjects(ef_subjects *out, const ef_template_plan *plan, const ef_set *set, int which,
                                                ef_error *err);

#endif
