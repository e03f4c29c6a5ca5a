/* eface.h - all of the library: face verification evaluated, from embeddings to tables.
 *
 * The flow of data, and the header of each stage:
 *   set.h -> rows.h -> pair_scores.h -> curve.h, metric.h -> result.h -> report.h
 *   distractor_set.h: probes and distractors, for benchmarks like MegaFace
 *   protocol.h, pair_list.h, id_index.h say what is compared; evaluate.h is all of it in one call.
 * Beside it: loss.h, the margin losses that face models are trained with; train.h, a small network and an optimiser to go with them;
 * trainer.h, the whole of a training, and head_file.h, what comes of it. */
#ifndef EFACE_EFACE_H
#define EFACE_EFACE_H

#include <eface/curve.h>
#include <eface/distractor_set.h>
#include <eface/evaluate.h>
#include <eface/file_mark.h>
#include <eface/format.h>
#include <eface/fingerprint.h>
#include <eface/head_file.h>
#include <eface/histogram.h>
#include <eface/identify.h>
#include <eface/id_index.h>
#include <eface/interval.h>
#include <eface/loss.h>
#include <eface/metric.h>
#include <eface/pair_list.h>
#include <eface/pair_scores.h>
#include <eface/pool.h>
#include <eface/progress.h>
#include <eface/protocol.h>
#include <eface/report.h>
#include <eface/result.h>
#include <eface/result_file.h>
#include <eface/rng.h>
#include <eface/rows.h>
#include <eface/screened.h>
#include <eface/set.h>
#include <eface/setting.h>
#include <eface/set_writer.h>
#include <eface/status.h>
#include <eface/strings.h>
#include <eface/task.h>
#include <eface/template_list.h>
#include <eface/train.h>
#include <eface/trainer.h>
#include <eface/version.h>
#include <eface/work.h>

#endif
