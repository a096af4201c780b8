/* Looks up what networks read and what plans say: what abcgen.model.lookup.plain does.

   Names, rules and the order of sums are those of abcgen.model.lookup.plain, where they are
   explained; tests hold the two to the same numbers. abcgen.model.lookup.compiled owns all memory, and
   this module has no state. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* As in abcgen.model.factors.layout and plan. */
enum { LAGS = 5, ECHO_TRUST = 4, FIRST_ECHO = 7 };
enum { TARGET = 2, STYLE = 3, CHORD = 7, ECHO = 11, PLANNED };
enum { KINDS = 8, LETTERS = 8, DEGREES = 9, ECHOED = 6 };
/* As in abcgen.model.factors.rows. */
enum { STEP = 18, RECALLING, RECALLED, ECHOING, SITUATIONS, ECHOINGS = KINDS * 2 * 2, CLASSES = 3 };
enum { STEPS = 37, MOST_CHANGE = 5, CHANGES = 2 * MOST_CHANGE + 2, OF_STAGES = 2 * 8 };
enum { MOST_AWAY = 8, STEPS_AWAY = 2 * MOST_AWAY + 1 };
/* As in abcgen.model.lookup.tables. */
enum { ECHO_GATE, LOW_GATE, HIGH_GATE, CHORD_GATE, GATES };
/* What a plan says, the rows that are added up, and the numbers that are at a time: no more. */
enum { MOST_SAID = 4096, MOST_ADDED = 32, BLOCK = 16 };

/* How symbols are numbered. */
typedef struct {
    int64_t characters, columns, plain_columns, echo, echo_size;
    int64_t kinds, target, style, chord, planned;
} Numbers;

/* A table, and the columns of symbols that have a row each. */
typedef struct {
    const float *table;
    const int64_t *columns, *offsets;
    Py_ssize_t rows, width, added;
} Table;

static const char SIZES[] = "arrays of other sizes than there must be";

/* Add the rows of a table that belong to a stream's symbols to a sum. Returns whether all are rows
   of the table. */
static int add_rows(const Table *of, const int32_t *symbols, float *sum)
{
    const float *rows[MOST_ADDED];
    const Py_ssize_t added = of->added, width = of->width;
    Py_ssize_t start = 0;
    for (Py_ssize_t n = 0; n < added; n++) {
        int64_t row = symbols[of->columns[n]] - of->offsets[n];
        if (row < 0 || row >= of->rows)
            return 0;
        rows[n] = of->table + row * width;
    }
    /* So many at a time are kept in registers. */
    for (; start + BLOCK <= width; start += BLOCK) {
        float block[BLOCK];
        memcpy(block, sum + start, sizeof block);
        for (Py_ssize_t n = 0; n < added; n++)
            for (int i = 0; i < BLOCK; i++)
                block[i] += rows[n][start + i];
        memcpy(sum + start, block, sizeof block);
    }
    for (; start < width; start++)
        for (Py_ssize_t n = 0; n < added; n++)
            sum[start] += rows[n][start];
    return 1;
}

/* Find how a table and its rows are laid out; returns whether they fit symbols of so many columns. */
static int table_of(const Py_buffer *table, const Py_buffer *rows, Py_ssize_t columns, Table *of)
{
    of->table = table->buf;
    of->columns = rows->buf;
    of->added = rows->len / 16;
    of->offsets = of->columns + of->added;
    if (table->ndim != 2 || table->itemsize != 4 || rows->itemsize != 8 || of->added > MOST_ADDED)
        return 0;
    of->rows = table->shape[0];
    of->width = table->shape[1];
    for (Py_ssize_t n = 0; n < of->added; n++)
        if (of->columns[n] < 0 || of->columns[n] >= columns)
            return 0;
    return 1;
}

/* Get the buffers of some objects; the last ones are written to. Returns how many it got. */
static int buffers_of(PyObject **objects, Py_buffer *of, int count, int written)
{
    for (int held = 0; held < count; held++) {
        int flags = PyBUF_C_CONTIGUOUS | (held >= count - written ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(objects[held], &of[held], flags))
            return held;
    }
    return count;
}

static void release(Py_buffer *of, int held)
{
    while (held--)
        PyBuffer_Release(&of[held]);
}

/* Return None if all streams were gone through; else raise that the next one has a wrong symbol. */
static PyObject *all_done(Py_ssize_t done, Py_ssize_t count)
{
    if (done < count)
        return PyErr_Format(PyExc_IndexError, "a symbol of stream %zd has no row", done);
    return Py_NewRef(Py_None);
}

static int is_matrix(const Py_buffer *of, Py_ssize_t rows, Py_ssize_t columns)
{
    return of->ndim == 2 && of->itemsize == 4 && of->shape[0] == rows && of->shape[1] == columns;
}

PyDoc_STRVAR(add_up_doc,
"add_up(table, rows, symbols, sums, start)\n--\n\n"
"Write the sums of the rows of a table that belong to the symbols of each stream, from a column on.");

PyDoc_STRVAR(add_on_doc,
"add_on(table, rows, symbols, sums)\n--\n\n"
"Add the rows of a table that belong to the symbols of each stream to its sums.");

/* Do either. */
static PyObject *add_all(PyObject *arguments, int anew)
{
    enum { TABLE, ROWS, SYMBOLS, SUMS, GIVEN };
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    Py_ssize_t start = 0;
    int held;
    if (!PyArg_ParseTuple(arguments, anew ? "OOOOn" : "OOOO", &objects[TABLE], &objects[ROWS],
                          &objects[SYMBOLS], &objects[SUMS], &start))
        return NULL;
    held = buffers_of(objects, of, GIVEN, 1);
    if (held == GIVEN) {
        Table table;
        Py_ssize_t columns = of[SYMBOLS].ndim == 2 ? of[SYMBOLS].shape[1] : 0;
        Py_ssize_t count = columns ? of[SYMBOLS].shape[0] : 0, wide, n = 0;
        wide = of[SUMS].ndim == 2 ? of[SUMS].shape[1] : 0;
        if (!is_matrix(&of[SYMBOLS], count, columns) || !is_matrix(&of[SUMS], count, wide) ||
            !table_of(&of[TABLE], &of[ROWS], columns, &table) || start < 0 ||
            start > wide - table.width) {
            PyErr_SetString(PyExc_ValueError, SIZES);
            goto done;
        }
        /* Python's lock is kept: to get it back from another thread takes longer than all of this. */
        for (; n < count; n++) {
            float *sum = (float *)of[SUMS].buf + n * wide + start;
            if (anew)
                memset(sum, 0, table.width * sizeof(float));
            if (!add_rows(&table, (const int32_t *)of[SYMBOLS].buf + n * columns, sum))
                break;
        }
        result = all_done(n, count);
    }
done:
    release(of, held);
    return result;
}

static PyObject *add_up(PyObject *module, PyObject *arguments)
{
    (void)module;
    return add_all(arguments, 1);
}

static PyObject *add_on(PyObject *module, PyObject *arguments)
{
    (void)module;
    return add_all(arguments, 0);
}

/* What a plan says by itself. */
typedef struct {
    Table direct;
    const float *trust, *fresh, *notes;
    const int32_t *letters;
    float strength, of_target;
    const Numbers *numbers;
} Said;

/* Add to the logit of a character: one more than that, or 0 for none. Returns whether it is one. */
static int add_to(float *logits, int64_t told, int64_t characters, float added)
{
    if (told < 0 || told > characters)
        return 0;
    if (told)
        logits[told - 1] += added;
    return 1;
}

/* Add what a plan says to the logits of a stream that has one; `sum` has room for what it says. */
static int add_planned(const Said *said, const int32_t *symbols, const float *says, float *sum,
                       float *logits)
{
    const Numbers *numbers = said->numbers;
    const int32_t *plan = symbols + numbers->plain_columns, *of_target;
    const int64_t characters = numbers->characters;
    const int64_t target = plan[TARGET] - numbers->target, chord = plan[CHORD] - numbers->chord;
    const int64_t echo = plan[ECHO] - numbers->planned, kind = echo / numbers->echo_size;
    const float strength = said->strength, *gates = sum + characters;
    float trust;
    memcpy(sum, says, (characters + GATES) * sizeof(float));
    if (target < 0 || target >= DEGREES || chord < 0 || echo < 0 || kind >= ECHOED ||
        !add_rows(&said->direct, symbols, sum))
        return 0;
    for (int64_t i = 0; i < characters; i++)
        logits[i] += strength * sum[i];
    of_target = said->letters + 2 * target;
    trust = said->trust[kind * ECHO_TRUST + echo % ECHO_TRUST];
    return add_to(logits, of_target[0], characters,
                  strength * (gates[LOW_GATE] * said->of_target)) &&
           add_to(logits, of_target[1], characters,
                  strength * (gates[HIGH_GATE] * said->of_target)) &&
           add_to(logits, said->letters[2 * (chord % LETTERS)], characters,
                  strength * gates[CHORD_GATE]) &&
           add_to(logits, echo % numbers->echo_size / ECHO_TRUST, characters,
                  strength * (gates[ECHO_GATE] + trust));
}

/* Keep a bar new that is to be new: make the notes less likely that echoes tell. */
static int keep_new(const Said *said, const int32_t *symbols, float *logits)
{
    const Numbers *numbers = said->numbers;
    const int64_t kinds = symbols[numbers->plain_columns] - numbers->kinds, kind = kinds / KINDS;
    if (kinds < 0 || kind >= KINDS)
        return 0;
    for (int lag = 0; lag < LAGS; lag++) {
        int64_t echo = symbols[FIRST_ECHO + lag] - numbers->echo - lag * numbers->echo_size;
        int64_t told = echo / ECHO_TRUST;
        if (echo < 0 || told > numbers->characters)
            return 0;
        if (told)
            logits[told - 1] +=
                said->fresh[kind * ECHO_TRUST + echo % ECHO_TRUST] * said->notes[told - 1];
    }
    return 1;
}

static int add_to_stream(const Said *said, const int32_t *symbols, const float *before,
                         const float *says, float *sum, float *logits)
{
    const Numbers *numbers = said->numbers;
    memcpy(logits, before, numbers->characters * sizeof(float));
    if (symbols[numbers->plain_columns + STYLE] > numbers->style &&
        !add_planned(said, symbols, says, sum, logits))
        return 0;
    return keep_new(said, symbols, logits);
}

PyDoc_STRVAR(add_plan_doc,
"add_plan(direct, rows, trust, fresh, letters, notes, strength, numbers, symbols, before, says,\n"
"logits)\n--\n\n"
"Write the logits of each stream with what a plan says.");

static PyObject *add_plan(PyObject *module, PyObject *arguments)
{
    enum { DIRECT, ROWS, TRUST, FRESH, LETTERS_OF, NOTES, STRENGTH, NUMBERS, SYMBOLS, BEFORE, SAYS,
           LOGITS, GIVEN };
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    int held;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOOOOOOOOO", &objects[DIRECT], &objects[ROWS],
                          &objects[TRUST], &objects[FRESH], &objects[LETTERS_OF], &objects[NOTES],
                          &objects[STRENGTH], &objects[NUMBERS], &objects[SYMBOLS],
                          &objects[BEFORE], &objects[SAYS], &objects[LOGITS]))
        return NULL;
    held = buffers_of(objects, of, GIVEN, 1);
    if (held == GIVEN) {
        Said said = {.trust = of[TRUST].buf, .fresh = of[FRESH].buf, .letters = of[LETTERS_OF].buf,
                     .notes = of[NOTES].buf, .numbers = of[NUMBERS].buf};
        Py_ssize_t count = of[SYMBOLS].ndim == 2 ? of[SYMBOLS].shape[0] : -1, n = 0;
        int64_t characters, columns;
        float sum[MOST_SAID];
        if (of[NUMBERS].len != sizeof(Numbers))
            goto sizes;
        characters = said.numbers->characters;
        columns = said.numbers->columns;
        if (characters < 1 || characters > MOST_SAID - GATES ||
            columns != said.numbers->plain_columns + PLANNED ||
            said.numbers->plain_columns != FIRST_ECHO + LAGS ||
            said.numbers->echo_size != (characters + 1) * ECHO_TRUST ||
            !is_matrix(&of[SYMBOLS], count, columns) ||
            !is_matrix(&of[BEFORE], count, characters) ||
            !is_matrix(&of[SAYS], count, characters + GATES) ||
            !is_matrix(&of[LOGITS], count, characters) ||
            !table_of(&of[DIRECT], &of[ROWS], columns, &said.direct) ||
            said.direct.width != characters + GATES ||
            of[TRUST].len != ECHOED * ECHO_TRUST * 4 || of[FRESH].len != KINDS * ECHO_TRUST * 4 ||
            of[LETTERS_OF].len != DEGREES * 2 * 4 || of[NOTES].len != characters * 4 ||
            of[STRENGTH].len != 8)
            goto sizes;
        said.strength = ((const float *)of[STRENGTH].buf)[0];
        said.of_target = ((const float *)of[STRENGTH].buf)[1];
        for (; n < count; n++)
            if (!add_to_stream(&said, (const int32_t *)of[SYMBOLS].buf + n * columns,
                             (const float *)of[BEFORE].buf + n * characters,
                             (const float *)of[SAYS].buf + n * (characters + GATES), sum,
                             (float *)of[LOGITS].buf + n * characters))
                break;
        result = all_done(n, count);
        goto done;
    sizes:
        PyErr_SetString(PyExc_ValueError, SIZES);
    }
done:
    release(of, held);
    return result;
}

/* Add to the logit of each note, within bounds, by how many steps up it is from the last one. */
static int add_away(const Table *table, const int32_t *away, const float *recalled,
                    const float *bounds, Py_ssize_t characters, const int32_t *situation,
                    float *logits)
{
    const int32_t step = situation[STEP], stage = situation[RECALLING] - 1;
    float steps[STEPS_AWAY] = {0};
    if (step < 0 || step >= STEPS || stage >= OF_STAGES)
        return 0;
    if (!add_rows(table, situation, steps))
        return 0;
    if (!step)
        return 1;
    for (int i = 0; stage >= 0 && i < STEPS_AWAY; i++) {
        int up = i - MOST_AWAY, change;
        change = (up < -MOST_CHANGE ? -MOST_CHANGE : up > MOST_CHANGE ? MOST_CHANGE : up) + MOST_CHANGE;
        if (situation[RECALLED] >> change & 1)
            steps[i] += recalled[2 * stage + (situation[RECALLED] >> (change + CHANGES) & 1)];
    }
    for (int i = 0; i < STEPS_AWAY; i++)
        steps[i] = steps[i] < bounds[0] ? bounds[0] : steps[i] > bounds[1] ? bounds[1] : steps[i];
    away += step * characters;
    for (Py_ssize_t i = 0; i < characters; i++)
        if (away[i] >= 0 && away[i] < STEPS_AWAY)
            logits[i] += steps[away[i]];
    return 1;
}

PyDoc_STRVAR(add_steps_doc,
"add_steps(table, rows, away, recalled, bounds, situations, logits)\n--\n\n"
"Add to the logits of each stream what people make of the steps so far.");

static PyObject *add_steps(PyObject *module, PyObject *arguments)
{
    enum { TABLE, ROWS, AWAY, OF_STAGE, BOUNDS, OF_STREAMS, LOGITS, GIVEN };
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    int held;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOOOO", &objects[TABLE], &objects[ROWS], &objects[AWAY],
                          &objects[OF_STAGE], &objects[BOUNDS], &objects[OF_STREAMS],
                          &objects[LOGITS]))
        return NULL;
    held = buffers_of(objects, of, GIVEN, 1);
    if (held == GIVEN) {
        Table table;
        const int32_t *situations = of[OF_STREAMS].buf;
        Py_ssize_t count = of[LOGITS].ndim == 2 ? of[LOGITS].shape[0] : -1, n = 0;
        Py_ssize_t characters = count < 0 ? 0 : of[LOGITS].shape[1];
        if (!is_matrix(&of[LOGITS], count, characters) ||
            !is_matrix(&of[OF_STREAMS], count, SITUATIONS) ||
            !is_matrix(&of[AWAY], STEPS, characters) ||
            of[OF_STAGE].len != OF_STAGES * 2 * 4 || of[BOUNDS].len != 2 * 4 ||
            !table_of(&of[TABLE], &of[ROWS], SITUATIONS, &table) || table.width != STEPS_AWAY) {
            PyErr_SetString(PyExc_ValueError, SIZES);
            goto done;
        }
        for (; n < count; n++)
            if (!add_away(&table, of[AWAY].buf, of[OF_STAGE].buf, of[BOUNDS].buf, characters,
                          situations + n * SITUATIONS, (float *)of[LOGITS].buf + n * characters))
                break;
        result = all_done(n, count);
    }
done:
    release(of, held);
    return result;
}

/* Add to the logit of each character that an echo tells, by the kind of bar it is heard in. */
static int add_heard(const float *echoes, const int32_t *classes, const Numbers *numbers,
                     int64_t kind, const int32_t *symbols, float *logits)
{
    if (kind < 0 || kind > ECHOINGS)
        return 0;
    for (int lag = 0; kind && lag <= LAGS; lag++) {
        /* The last is that of the bar that a plan names. */
        int64_t echo = lag < LAGS ? symbols[FIRST_ECHO + lag] - numbers->echo - lag * numbers->echo_size
                                  : symbols[numbers->columns - 1] - numbers->planned;
        int64_t told = echo % numbers->echo_size / ECHO_TRUST;
        if (echo < 0 || (lag < LAGS && echo >= numbers->echo_size))
            return 0;
        if (told) {
            int64_t row = ((kind - 1) * (LAGS + 1) + lag) * ECHO_TRUST + echo % ECHO_TRUST;
            if (classes[told - 1] < 1 || classes[told - 1] > CLASSES)
                return 0;
            logits[told - 1] += echoes[row * CLASSES + classes[told - 1] - 1];
        }
    }
    return 1;
}

PyDoc_STRVAR(add_echoes_doc,
"add_echoes(echoes, classes, numbers, situations, symbols, logits)\n--\n\n"
"Add to the logits of each stream what people make of the echoes that it hears.");

static PyObject *add_echoes(PyObject *module, PyObject *arguments)
{
    enum { ECHOES, OF_CHARACTERS, NUMBERS, OF_STREAMS, SYMBOLS, LOGITS, GIVEN };
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    int held;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOOO", &objects[ECHOES], &objects[OF_CHARACTERS],
                          &objects[NUMBERS], &objects[OF_STREAMS], &objects[SYMBOLS],
                          &objects[LOGITS]))
        return NULL;
    held = buffers_of(objects, of, GIVEN, 1);
    if (held == GIVEN) {
        const Numbers *numbers = of[NUMBERS].buf;
        const int32_t *situations = of[OF_STREAMS].buf, *symbols = of[SYMBOLS].buf;
        Py_ssize_t count = of[SYMBOLS].ndim == 2 ? of[SYMBOLS].shape[0] : -1, n = 0;
        if (of[NUMBERS].len != sizeof(Numbers) || numbers->plain_columns < FIRST_ECHO + LAGS ||
            numbers->echo_size != (numbers->characters + 1) * ECHO_TRUST ||
            of[ECHOES].len != ECHOINGS * (LAGS + 1) * ECHO_TRUST * CLASSES * 4 ||
            of[OF_CHARACTERS].len != numbers->characters * 4 ||
            !is_matrix(&of[OF_STREAMS], count, SITUATIONS) ||
            !is_matrix(&of[SYMBOLS], count, numbers->columns) ||
            !is_matrix(&of[LOGITS], count, numbers->characters)) {
            PyErr_SetString(PyExc_ValueError, SIZES);
            goto done;
        }
        for (; n < count; n++)
            if (!add_heard(of[ECHOES].buf, of[OF_CHARACTERS].buf, numbers,
                           situations[n * SITUATIONS + ECHOING], symbols + n * numbers->columns,
                           (float *)of[LOGITS].buf + n * numbers->characters))
                break;
        result = all_done(n, count);
    }
done:
    release(of, held);
    return result;
}

static PyMethodDef methods[] = {
    {"add_up", add_up, METH_VARARGS, add_up_doc},
    {"add_on", add_on, METH_VARARGS, add_on_doc},
    {"add_steps", add_steps, METH_VARARGS, add_steps_doc},
    {"add_echoes", add_echoes, METH_VARARGS, add_echoes_doc},
    {"add_plan", add_plan, METH_VARARGS, add_plan_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_lookup", "Tables looked up for many streams.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__lookup(void)
{
    PyObject *module = PyModule_Create(&definition);
    /* The version of abcgen that it was compiled for, since a newer one may number otherwise. */
    if (module && PyModule_AddStringConstant(module, "version", ABCGEN_VERSION)) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
