/* A whole training: which images it sees, that it can be interrupted anywhere, and that it ends in a sentence when it must. */
#include "h5_data.h"

#include <unistd.h>

#include <eface/set_writer.h>
#include <eface/trainer.h>

#include "io/hdf5_quiet.h"
#include "train/batches.h"
#include "train/classes.h"
#include "train/held_out.h"

enum { ROWS = 240, DIM = 6, PEOPLE = 24 };

static double uniform(uint64_t *state)
{
    return (double)(next_bits(state) >> 11) * 0x1p-52 - 1;
}

/* Row i begins with the number i / 64; it shows person i % PEOPLE, whose label is 7 times that, or of the next.  The last row is one more of person 0, or of
 * somebody with no other. */
enum { PLAIN, ALONE = 1, TEXTS = 2, SHIFTED = 4 };
static void make_set(const char *name, unsigned how)
{
    static float x[(ROWS + 1) * DIM];
    int64_t label[ROWS + 1];
    uint64_t state = 5;
    char text[16];
    ef_strings *names = NULL;
    ef_set_writer *writer = NULL;
    OK(ef_strings_create(&names, err));
    for (size_t i = 0; i < ROWS + 1; i++) {
        uint64_t person = 1000 * (i % PEOPLE);
        x[i * DIM] = (float)i / 64;
        for (size_t k = 1; k < DIM; k++) {
            x[i * DIM + k] = (float)(30 * uniform(&person) + 5 * uniform(&state));
        }
        label[i] = i < ROWS ? 7 * (int64_t)((i + ((how & SHIFTED) != 0)) % PEOPLE) : (how & ALONE) != 0 ? 1000 : 0;
        int length = snprintf(text, sizeof text, "p%lld", (long long)(500 - label[i]));
        OK(ef_strings_add(names, text, (size_t)length, err));
    }
    OK(ef_set_writer_create(&writer, path_of(name), err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, ROWS + 1, DIM, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, ROWS + 1, x, err));
    if ((how & TEXTS) != 0) {
        OK(ef_set_writer_strings(writer, EF_LABELS, names, err));
    } else {
        OK(ef_set_writer_integers(writer, EF_LABELS, label, ROWS + 1, 1, err));
    }
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    ef_strings_free(names);
}

static ef_set *open_set(const char *name)
{
    ef_set *set = NULL;
    OK(ef_set_open(&set, path_of(name), NULL, err));
    return set;
}

START_TEST(labels_become_classes)
{
    ef_classes number, text;
    for (size_t least = 1; least <= 2; least++) {
        make_set("x.h5", ALONE);
        ef_set *set = open_set("x.h5");
        OK(ef_classes_read(&number, set, least, err));
        ef_set_close(set);
        make_set("y.h5", TEXTS | ALONE);
        set = open_set("y.h5");
        OK(ef_classes_read(&text, set, least, err));
        ef_set_close(set);
        ck_assert_uint_eq(number.count, least == 1 ? PEOPLE + 1 : PEOPLE);
        ck_assert_uint_eq(number.left_out, least == 1 ? 0 : 1);
        ck_assert_uint_eq(number.images, least == 1 ? ROWS + 1 : ROWS);
        ck_assert_mem_eq(number.of_row, text.of_row, (ROWS + 1) * sizeof *text.of_row); /* both orders are the same here */
        ck_assert_int_eq(number.of_row[ROWS], least == 1 ? PEOPLE : EF_NO_CLASS);
        for (size_t c = 0; c < PEOPLE; c++) {
            ck_assert_uint_eq(number.start[c + 1] - number.start[c], ROWS / PEOPLE);
            for (size_t i = number.start[c]; i < number.start[c + 1]; i++) {
                ck_assert_uint_eq(number.row[i], c + (i - number.start[c]) * PEOPLE);
            }
        }
        ef_classes_free(&number);
        ef_classes_free(&text);
    }
}
END_TEST

START_TEST(a_part_of_each_class_is_held_out)
{
    static const struct {
        double part;
        size_t of_ten, of_eleven;
    } expected[] = {{0, 0, 0}, {0.01, 1, 1}, {0.1, 1, 1}, {0.25, 3, 3}, {0.5, 5, 6}, {0.99, 9, 10}};
    make_set("x.h5", PLAIN); /* person 0 has eleven images */
    ef_set *set = open_set("x.h5");
    ef_classes classes;
    ef_held_out held, again;
    OK(ef_classes_read(&classes, set, 1, err));
    for (size_t e = 0; e < LENGTH(expected); e++) {
        size_t count[PEOPLE] = {0};
        OK(ef_held_out_draw(&held, &classes, expected[e].part, 3, set, err));
        for (size_t i = 0; i < held.count; i++) {
            ck_assert(i == 0 || held.row[i] > held.row[i - 1]);
            ck_assert_int_eq(held.trained[held.row[i]], EF_NO_CLASS);
            count[classes.of_row[held.row[i]]]++;
        }
        for (size_t row = 0, out = 0; row <= ROWS; row++) {
            out += held.trained[row] == EF_NO_CLASS;
            ck_assert(held.trained[row] == EF_NO_CLASS || held.trained[row] == classes.of_row[row]);
            ck_assert(row < ROWS || out == held.count);
        }
        for (size_t c = 0; c < PEOPLE; c++) {
            ck_assert_uint_eq(count[c], c == 0 ? expected[e].of_eleven : expected[e].of_ten);
        }
        OK(ef_held_out_draw(&again, &classes, expected[e].part, 4, set, err));
        ck_assert(held.count == 0 || memcmp(held.row, again.row, held.count * sizeof *held.row) != 0);
        ef_held_out_free(&held);
        ef_held_out_free(&again);
    }
    FAILS(EF_INVALID, "a part of 1 cannot be held out", ef_held_out_draw(&held, &classes, 1, 3, set, err));
    ef_classes_free(&classes);
    ef_set_close(set);
}
END_TEST

/* Reads a whole epoch; counts how often each row comes, and how far its place is from that in the file. */
static double read_epoch(size_t count[ROWS + 1], ef_batches *batches, uint64_t epoch, size_t size, const int32_t *trained)
{
    float x[32 * DIM];
    int64_t labels[32];
    uint64_t steps = ef_batches_per_epoch(batches);
    double far = 0;
    for (uint64_t step = 0; step < steps; step++) {
        OK(ef_batches_read(x, labels, batches, epoch * steps + step, err));
        for (size_t i = 0; i < size; i++) {
            size_t row = (size_t)(64 * x[i * DIM]);
            ck_assert_uint_le(row, ROWS);
            ck_assert_int_eq(labels[i], trained[row]);
            count[row]++;
            far += fabs((double)row - (double)(step * size + i)) / (double)(steps * size);
        }
    }
    return far;
}

START_TEST(an_epoch_has_every_image_once_whatever_fits_into_memory)
{
    static int32_t trained[ROWS + 1];
    enum { ROW = DIM * 4 + 8, SIZE = 20 };
    static const size_t room[] = {1 << 20, (ROWS + 1) * ROW, ROWS * ROW, 60 * ROW, 17 * ROW, 3 * ROW, 1};
    make_set("x.h5", PLAIN);
    ef_set *set = open_set("x.h5");
    for (size_t i = 0; i <= ROWS; i++) {
        trained[i] = i % 5 == 2 || (i > 100 && i < 130) ? EF_NO_CLASS : (int32_t)(i % 9);
    }
    for (size_t r = 0; r < LENGTH(room); r++) {
        size_t count[ROWS + 1] = {0}, seen = 0;
        ef_batches *batches = NULL;
        ef_window_plan plan = ef_window_plan_make(ROWS + 1, DIM, room[r]);
        ck_assert_uint_ge(plan.blocks * plan.block_rows, ROWS + 1);
        ck_assert(plan.window_blocks * plan.block_rows * ROW <= room[r] || plan.window_blocks == plan.blocks || room[r] == 1);
        OK(ef_batches_create(&batches, set, trained, SIZE, &plan, 8, err));
        ck_assert_uint_eq(ef_batches_per_epoch(batches), ef_batches_images(batches) / SIZE);
        double far = read_epoch(count, batches, 3, SIZE, trained);
        for (size_t i = 0; i <= ROWS; i++) {
            ck_assert_uint_le(count[i], trained[i] >= 0);
            seen += count[i];
        }
        ck_assert_uint_eq(seen, ef_batches_images(batches) / SIZE * SIZE);
        ck_assert_double_gt(far, 0.15 * ROWS); /* a third, when all orders are as likely */
        ef_batches_free(batches);
    }
    ef_set_close(set);
}
END_TEST

START_TEST(an_epoch_is_entered_anywhere)
{
    static int32_t trained[ROWS + 1];
    enum { SIZE = 7, STEPS = 100 };
    static float straight[STEPS][SIZE * DIM];
    static const size_t room[] = {1 << 20, 2000};
    static const uint64_t places[] = {0, 99, 34, 33, 33, 70, 5, 6, 34};
    float x[SIZE * DIM];
    int64_t labels[SIZE];
    make_set("x.h5", PLAIN);
    ef_set *set = open_set("x.h5");
    for (size_t r = 0; r < LENGTH(room); r++) {
        ef_batches *batches = NULL, *other = NULL;
        ef_window_plan plan = ef_window_plan_make(ROWS + 1, DIM, room[r]);
        OK(ef_batches_create(&batches, set, trained, SIZE, &plan, 8, err));
        ck_assert_uint_eq(ef_batches_per_epoch(batches), 34);
        for (uint64_t step = 0; step < STEPS; step++) {
            OK(ef_batches_read(straight[step], labels, batches, step, err));
        }
        ck_assert(memcmp(straight[0], straight[34], sizeof x) != 0); /* epochs differ */
        for (size_t p = 0; p < LENGTH(places); p++) {
            OK(ef_batches_read(x, labels, batches, places[p], err));
            ck_assert_mem_eq(x, straight[places[p]], sizeof x);
        }
        OK(ef_batches_create(&other, set, trained, SIZE, &plan, 9, err));
        OK(ef_batches_read(x, labels, other, 0, err));
        ck_assert(memcmp(straight[0], x, sizeof x) != 0); /* so do seeds */
        ef_batches_free(other);
        ef_batches_free(batches);
    }
    ef_set_close(set);
}
END_TEST

static ef_train_settings usual(const char *loss)
{
    ef_train_settings settings = ef_train_defaults(ef_loss_find(loss));
    settings.scale = 16;
    settings.batch = 32;
    settings.epochs = 4;
    settings.dim = 5;
    return settings;
}

static bool same_files(const char *a, const char *b)
{
    char left[4096], right[4096];
    FILE *x = fopen(path_of(a), "rb"), *y = fopen(path_of(b), "rb");
    ck_assert(x != NULL && y != NULL);
    size_t n, m;
    bool same = true;
    do {
        n = fread(left, 1, sizeof left, x);
        m = fread(right, 1, sizeof right, y);
        same = same && n == m && memcmp(left, right, n) == 0;
    } while (same && n > 0);
    fclose(x);
    fclose(y);
    return same;
}

/* Trains to the end and saves the head; saves a checkpoint after step `at` on the way. */
static ef_train_course run(const char *head, const ef_train_settings *settings, const ef_work *work, uint64_t at)
{
    ef_set *set = open_set("x.h5");
    ef_trainer *trainer = NULL;
    OK(ef_trainer_create(&trainer, set, settings, work, err));
    while (ef_trainer_course(trainer).step < ef_trainer_about(trainer).steps) {
        if (ef_trainer_course(trainer).step == at) {
            OK(ef_trainer_save_checkpoint(trainer, path_of("ck.h5"), err));
        }
        OK(ef_trainer_step(trainer, err));
    }
    FAILS(EF_INVALID, "steps are done", ef_trainer_step(trainer, err));
    OK(ef_trainer_save_head(trainer, path_of(head), err));
    ef_train_course course = ef_trainer_course(trainer);
    ef_trainer_free(trainer);
    ef_set_close(set);
    return course;
}

/* Just enough memory for the settings, so that not all images fit. */
static size_t small_memory(const ef_train_settings *settings)
{
    ef_set *set = open_set("x.h5");
    ef_trainer *trainer = NULL;
    size_t memory = 50000;
    while (ef_trainer_create(&trainer, set, settings, &(ef_work){.memory = memory}, NULL) != EF_OK) {
        memory += 1000;
    }
    ef_train_about about = ef_trainer_about(trainer);
    ck_assert(!about.whole && about.window < ROWS / 3);
    ef_trainer_free(trainer);
    ef_set_close(set);
    return memory;
}

static ef_train_course resume(const char *head)
{
    ef_set *set = open_set("x.h5");
    ef_trainer *trainer = NULL;
    ef_train_settings settings;
    ef_work work = {.threads = 2};
    OK(ef_checkpoint_settings(&settings, &work.memory, path_of("ck.h5"), err));
    OK(ef_trainer_create(&trainer, set, &settings, &work, err));
    OK(ef_trainer_resume(trainer, path_of("ck.h5"), err));
    while (ef_trainer_course(trainer).step < ef_trainer_about(trainer).steps) {
        OK(ef_trainer_step(trainer, err));
    }
    OK(ef_trainer_save_head(trainer, path_of(head), err));
    ef_train_course course = ef_trainer_course(trainer);
    ef_trainer_free(trainer);
    ef_set_close(set);
    return course;
}

START_TEST(threads_and_interruptions_change_no_bit)
{
    static const uint64_t at[] = {0, 6, 9}; /* 6 steps an epoch */
    make_set("x.h5", PLAIN);
    for (int small = 0; small < 2; small++) {
        for (size_t hidden = 0; hidden <= 7; hidden += 7) {
            ef_train_settings settings = usual("elasticface_arc_plus");
            settings.hidden = hidden;
            settings.warm_up = 3;
            size_t memory = small ? small_memory(&settings) : 0;
            ef_train_course first = run("a.h5", &settings, &(ef_work){.threads = 1, .memory = memory}, UINT64_MAX);
            for (size_t k = 0; k < LENGTH(at); k++) {
                ef_train_course other = run("b.h5", &settings, &(ef_work){.threads = 3, .memory = memory}, at[k]);
                ck_assert(same_files("a.h5", "b.h5") && memcmp(&first, &other, sizeof first) == 0);
                other = resume("c.h5");
                ck_assert(same_files("a.h5", "c.h5") && memcmp(&first, &other, sizeof first) == 0);
            }
            settings.seed = 2;
            run("d.h5", &settings, NULL, UINT64_MAX);
            ck_assert(!same_files("a.h5", "d.h5"));
        }
    }
}
END_TEST

START_TEST(every_loss_learns_and_tells_of_its_margins)
{
    make_set("x.h5", PLAIN);
    for (size_t l = 0; l < ef_loss_count(); l++) {
        ef_set *set = open_set("x.h5");
        ef_train_settings settings = usual(ef_loss_at(l)->name);
        ef_trainer *trainer = NULL;
        double before, after, first;
        settings.epochs = 30;
        OK(ef_trainer_create(&trainer, set, &settings, NULL, err));
        ef_train_about about = ef_trainer_about(trainer);
        ck_assert(about.classes == PEOPLE && about.held_out == PEOPLE && about.trained == ROWS + 1 - PEOPLE && about.whole);
        OK(ef_trainer_accuracy(&before, trainer, err));
        OK(ef_trainer_step(trainer, err));
        first = ef_trainer_course(trainer).loss;
        while (ef_trainer_course(trainer).step < about.steps) {
            OK(ef_trainer_step(trainer, err));
        }
        OK(ef_trainer_accuracy(&after, trainer, err));
        ef_train_course course = ef_trainer_course(trainer);
        double n = (double)(about.steps_per_epoch * about.batch), m = settings.loss->has_margin ? settings.margin : 0;
        double sigma = settings.loss->has_sigma ? settings.sigma : 0;
        ck_assert_msg(course.loss < first / 2 && after > before + 0.3, "%s: loss %g to %g, accuracy %g to %g",
                      settings.loss->name, first, course.loss, before, after);
        ck_assert_double_eq_tol(course.margin_mean, m, 4 * sigma / sqrt(n) + 1e-12);
        ck_assert_double_eq_tol(course.margin_deviation, sigma, 4 * sigma / sqrt(2 * n) + 1e-9);
        ef_trainer_free(trainer);
        ef_set_close(set);
    }
}
END_TEST

START_TEST(a_training_that_breaks_down_says_where_and_spares_the_checkpoint)
{
    make_set("x.h5", PLAIN);
    ef_set *set = open_set("x.h5");
    ef_train_settings settings = usual("arcface");
    ef_trainer *trainer = NULL;
    settings.rate = 1e38;
    settings.clip = 0;
    OK(ef_trainer_create(&trainer, set, &settings, NULL, err));
    OK(ef_trainer_save_checkpoint(trainer, path_of("ck.h5"), err));
    OK(ef_trainer_save_checkpoint(trainer, path_of("copy.h5"), err));
    OK(ef_trainer_step(trainer, err));
    FAILS(EF_FORMAT, "step 2 of 24, at a rate of", ef_trainer_step(trainer, err));
    FAILS(EF_FORMAT, "cannot be computed", ef_trainer_step(trainer, err));
    ef_trainer_free(trainer);

    settings = usual("arcface");
    settings.rate = 1e39; /* beyond float32: weights become infinite in the first step */
    OK(ef_trainer_create(&trainer, set, &settings, NULL, err));
    OK(ef_trainer_step(trainer, err));
    FAILS(EF_FORMAT, "ck.h5: is not written: after step 1: weight has numbers that are not finite",
          ef_trainer_save_checkpoint(trainer, path_of("ck.h5"), err));
    FAILS(EF_FORMAT, "head.h5: is not written", ef_trainer_save_head(trainer, path_of("head.h5"), err));
    ck_assert_int_ne(access(path_of("head.h5"), F_OK), 0);
    ck_assert(same_files("ck.h5", "copy.h5"));
    ef_trainer_free(trainer);
    ef_set_close(set);
}
END_TEST

static void refuse(ef_status expected, const char *text, const ef_set *set, const ef_train_settings *settings, size_t memory)
{
    ef_trainer *trainer = NULL;
    FAILS(expected, text, ef_trainer_create(&trainer, set, settings, &(ef_work){.memory = memory}, err));
}

START_TEST(requests_that_make_no_sense_are_refused)
{
    make_set("x.h5", ALONE);
    ef_set *set = open_set("x.h5");
    const ef_train_settings good = usual("elasticface_arc");
    ef_train_settings bad = good;
#define REFUSED(status, text, ...)                                                                                               \
    do {                                                                                                                         \
        bad = good;                                                                                                              \
        __VA_ARGS__;                                                                                                             \
        refuse(status, text, set, &bad, 0);                                                                                      \
    } while (0)
    refuse(EF_FORMAT, "labels row 240: the only image of its subject, as are 1 of 25", set, &good, 0);
    REFUSED(EF_FORMAT, "nobody has 12 images", bad.least = 12);
    REFUSED(EF_INVALID, "a batch of 300 images, but only 241", bad.batch = 300; bad.held_out = 0);
    REFUSED(EF_INVALID, "a batch of one image cannot be normalised", bad.batch = 1; bad.hidden = 4);
    REFUSED(EF_INVALID, "0 epochs", bad.epochs = 0);
    REFUSED(EF_INVALID, "epochs are not between", bad.epochs = UINT64_MAX);
    REFUSED(EF_INVALID, "is too much", bad.dim = UINT64_MAX);
    REFUSED(EF_INVALID, "is beyond any memory", bad.dim = INT32_MAX; bad.hidden = INT32_MAX; bad.least = 2);
    REFUSED(EF_INVALID, "a scale of 0", bad.scale = 0);
    REFUSED(EF_INVALID, "a sigma of -1", bad.sigma = -1);
    REFUSED(EF_INVALID, "margin is not finite", bad.margin = NAN);
    REFUSED(EF_INVALID, "a momentum of 1", bad.momentum = 1; bad.least = 2);
    REFUSED(EF_INVALID, "a weight decay of -1", bad.decay = -1; bad.least = 2);
    REFUSED(EF_INVALID, "a rate of 0 is not positive", bad.rate = 0; bad.least = 2);
    REFUSED(EF_INVALID, "never ends", bad.warm_up = 1000; bad.least = 2);
    REFUSED(EF_INVALID, "gradients cannot be clipped at -1", bad.clip = -1);
    REFUSED(EF_INVALID, "a part of -0.5 cannot be held out", bad.held_out = -0.5);
    bad = good;
    bad.least = 2;
    refuse(EF_INVALID, "needs 0.1 MB, but --memory is 0.0 MB", set, &bad, 50000);
#undef REFUSED
    ef_set_close(set);
    make_set("x.h5", PLAIN);
    set = open_set("x.h5");
    bad.least = 11;
    refuse(EF_FORMAT, "only one subject has 11 images or more", set, &bad, 0);
    ef_set_close(set);
}
END_TEST

static void refuse_resume(const char *text, ef_status expected, const char *set_name, const ef_train_settings *settings,
                          size_t memory)
{
    ef_set *set = open_set(set_name);
    ef_trainer *trainer = NULL;
    OK(ef_trainer_create(&trainer, set, settings, &(ef_work){.memory = memory}, err));
    FAILS(expected, text, ef_trainer_resume(trainer, path_of("ck.h5"), err));
    ef_trainer_free(trainer);
    ef_set_close(set);
}

START_TEST(a_checkpoint_of_something_else_is_refused)
{
    make_set("x.h5", PLAIN);
    make_set("y.h5", TEXTS | ALONE);
    ef_train_settings settings = usual("cosface"), other = settings;
    run("head.h5", &settings, NULL, 9);
    other.dim = 4;
    refuse_resume(
        "ck.h5: holds a head from 6 by 0 to 5 elements (input, hidden, output), but this training is of one from 6 by 0 to 4",
        EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.hidden = 3;
    refuse_resume("from 6 by 3 to 5", EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.scale = 30;
    refuse_resume("ck.h5: was trained with scale 16, not 30", EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.epochs = 5;
    refuse_resume("was trained with epochs 4, not 5", EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.schedule = EF_RATE_STEPS;
    refuse_resume("the schedule cosine, not steps", EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.drop_at[0] = 7;
    refuse_resume("drops after other epochs", EF_INVALID, "x.h5", &other, 0);
    other = settings;
    other.loss = ef_loss_find("arcface");
    refuse_resume("the loss cosface, not arcface", EF_INVALID, "x.h5", &other, 0);
    refuse_resume("shuffled in windows of", EF_INVALID, "x.h5", &settings, small_memory(&settings));
    settings.held_out = 0;
    run("head.h5", &settings, NULL, 9);
    refuse_resume("ck.h5: is of 24 classes, but ", EF_INVALID, "y.h5", &settings, 0);
    make_set("x.h5", SHIFTED);
    refuse_resume("ck.h5: was trained on other labels than those in", EF_INVALID, "x.h5", &settings, 0);
}
END_TEST

START_TEST(a_damaged_checkpoint_is_refused)
{
    make_set("x.h5", PLAIN);
    ef_train_settings settings = usual("cosface");
    run("head.h5", &settings, NULL, 9);
    size_t memory;
    FAILS(EF_FORMAT, "head.h5: is not a checkpoint of eface-train, but a file of format 'eface head'",
          ef_checkpoint_settings(&settings, &memory, path_of("head.h5"), err));
    FAILS(EF_FORMAT, "x.h5: is not a checkpoint of eface-train",
          ef_checkpoint_settings(&settings, &memory, path_of("x.h5"), err));
    hid_t file = H5Fopen(path_of("ck.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    float nan_there[5] = {0, 0, NAN, 0, 0};
    H5Ldelete(file, "velocity/bias", H5P_DEFAULT);
    put_floats(file, "velocity/bias", 5, 0, nan_there);
    H5Fclose(file);
    refuse_resume("ck.h5:/velocity/bias row 2: not finite", EF_FORMAT, "x.h5", &settings, 0);
    file = H5Fopen(path_of("ck.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(file, "class_weights", H5P_DEFAULT);
    put_floats(file, "class_weights", 5, 24, NULL);
    H5Fclose(file);
    refuse_resume("ck.h5:/class_weights: is 5 x 24, not 24 x 5", EF_FORMAT, "x.h5", &settings, 0);
    file = H5Fopen(path_of("ck.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Adelete(file, "rate");
    H5Fclose(file);
    FAILS(EF_FORMAT, "ck.h5: has no attribute rate", ef_checkpoint_settings(&settings, &memory, path_of("ck.h5"), err));
    ck_assert_int_eq(truncate(path_of("ck.h5"), 3000), 0);
    FAILS(EF_FORMAT, "ck.h5: is cut off", ef_checkpoint_settings(&settings, &memory, path_of("ck.h5"), err));
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("trainer");
    TCase *tests = tcase_create("trainer");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, labels_become_classes);
    tcase_add_test(tests, a_part_of_each_class_is_held_out);
    tcase_add_test(tests, an_epoch_has_every_image_once_whatever_fits_into_memory);
    tcase_add_test(tests, an_epoch_is_entered_anywhere);
    tcase_add_test(tests, threads_and_interruptions_change_no_bit);
    tcase_add_test(tests, every_loss_learns_and_tells_of_its_margins);
    tcase_add_test(tests, a_training_that_breaks_down_says_where_and_spares_the_checkpoint);
    tcase_add_test(tests, requests_that_make_no_sense_are_refused);
    tcase_add_test(tests, a_checkpoint_of_something_else_is_refused);
    tcase_add_test(tests, a_damaged_checkpoint_is_refused);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
