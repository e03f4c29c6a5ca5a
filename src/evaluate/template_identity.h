/* template_identity.h - who the templates of an evaluation are by every source that says so, and whether the sources agree.
 *
 * Sources: the subjects in the lists of galleries and probes, or in the set's datasets gallery_1, gallery_2 and probe; the set's labels, one an
 * image.  A template is itself a claim that its images are of one person, and a list of pairs calls its pairs genuine or impostor.
 * Contradictions are EF_FORMAT, or notes with options->allow_contradictions (contradictions.h).  Thread rule: as evaluate.h. */
#ifndef EF_EVALUATE_TEMPLATE_IDENTITY_H
#define EF_EVALUATE_TEMPLATE_IDENTITY_H

#include "evaluate/contradictions.h"
#include "evaluate/template_tasks.h"

enum { EF_BY_SUBJECT, EF_BY_LABEL, EF_TEMPLATE_SOURCES };

/* Who each template is; a number below 0: nobody known. */
struct ef_template_identity {
    int64_t *person[EF_TEMPLATE_SOURCES]; /* NULL where the source says nothing */
    char *source[EF_TEMPLATE_SOURCES];    /* in words */
};

/* Reads the sources, and compares them with each other.  Lists of galleries and probes are read when `lists`, that is when they are
 * searched as well; datasets always.  Notes go to the plan's.  The caller frees *out. */
EF_MUST_USE ef_status ef_template_identity_create(ef_template_identity **out, const ef_template_experiment *self, bool lists,
                                                  ef_error *err);
void ef_template_identity_free(ef_template_identity *identity); /* NULL is fine */

/* The calls of a list of pairs, compared as they are read. */
typedef struct ef_template_calls {
    ef_contradictions found[EF_TEMPLATE_SOURCES];
    size_t place[EF_TEMPLATE_SOURCES];     /* of the first that contradicts each source: its line or row, */
    int64_t first[EF_TEMPLATE_SOURCES][2]; /* and its two templates */
} ef_template_calls;

/* Compares `count` pairs of templates, places in self->templates, of which the first stands at `place` (a line, or a row). */
void ef_template_calls_meet(ef_template_calls *calls, const ef_template_experiment *self, const uint32_t *a, const uint32_t *b,
                            const unsigned char *genuine, size_t count, size_t place);
EF_MUST_USE ef_status ef_template_calls_settle(const ef_template_calls *calls, const ef_template_experiment *self,
                                               ef_strings *notes, ef_error *err);

#endif
