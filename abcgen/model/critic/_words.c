/* Counts the words of a tune: what abcgen.model.critic.words does.

   Names and rules are those of abcgen.model.critic.words and seen, where they are explained; tests
   hold the two to the same counts. The words to be counted are kept in a capsule; else this module
   has no state. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As in abcgen.model.critic.words and seen. */
enum { OCTAVE = 7, MOST_MOVED = 9, MOST_BARS = 16, PHRASE = 4 };
static const Py_ssize_t APART[] = {1, 2, 4, 8};
static const char LETTERS[] = "CDEFGAB";
static const char CAPSULE[] = "abcgen.model.critic._words.known";
/* Times, steps and the numbers of sections are less than this. */
enum { TOO_MANY = 1 << 24 };

typedef struct {
    long at, step, length;
    char sign[4];
} SeenNote;

typedef struct {
    long at, degree;
} Chord;

typedef struct {
    long section, size;
    SeenNote *notes;
    Py_ssize_t count;
    Chord *chords;
    Py_ssize_t chord_count;
} SeenBar;

/* The words that are counted: all texts one behind the other, where each begins, and a table that
   finds them, of 1 + the number of a word or 0 in each place. */
typedef struct {
    char *texts;
    Py_ssize_t *begins;
    int32_t *places;
    size_t mask;
    Py_ssize_t count;
} Known;

/* The word that is being written, and where words are counted. */
typedef struct {
    const Known *known;
    int32_t *counts;
    char *text;
    size_t length, room;
    long tonic, ticks;
    int failed;
} Words;

static size_t hash_of(const char *text, size_t length)
{
    /* FNV-1a: Fowler, Noll and Vo. */
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static void free_known(Known *of)
{
    if (of) {
        free(of->texts);
        free(of->begins);
        free(of->places);
        free(of);
    }
}

static void destroy(PyObject *capsule)
{
    free_known(PyCapsule_GetPointer(capsule, CAPSULE));
}

/* Return the number of a word that is known, or -1; `place` is where it is found or would be. */
static Py_ssize_t number_of(const Known *of, const char *text, size_t length, size_t *place)
{
    size_t at = hash_of(text, length) & of->mask;
    for (; of->places[at]; at = (at + 1) & of->mask) {
        Py_ssize_t number = of->places[at] - 1;
        size_t begin = of->begins[number];
        if ((size_t)of->begins[number + 1] - begin == length &&
            !memcmp(of->texts + begin, text, length))
            break;
    }
    *place = at;
    return (Py_ssize_t)of->places[at] - 1;
}

/* Writing words. */

static void begin(Words *of, const char *text)
{
    of->length = strlen(text);
    memcpy(of->text, text, of->length);
}

static int has_room(Words *of, size_t more)
{
    if (of->length + more > of->room) {
        size_t room = 2 * (of->length + more);
        char *text = realloc(of->text, room);
        if (!text) {
            of->failed = 1;
            return 0;
        }
        of->text = text;
        of->room = room;
    }
    return 1;
}

static void add_text(Words *of, const char *text)
{
    size_t length = strlen(text);
    if (has_room(of, length)) {
        memcpy(of->text + of->length, text, length);
        of->length += length;
    }
}

static void add_digits(Words *of, long number)
{
    char digits[24];
    size_t at = sizeof digits;
    unsigned long left = number < 0 ? 0ul - (unsigned long)number : (unsigned long)number;
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        digits[--at] = '-';
    if (has_room(of, sizeof digits - at)) {
        memcpy(of->text + of->length, digits + at, sizeof digits - at);
        of->length += sizeof digits - at;
    }
}

static void add(Words *of, long number)
{
    add_text(of, " ");
    add_digits(of, number);
}

static void end(Words *of)
{
    size_t place;
    Py_ssize_t number = number_of(of->known, of->text, of->length, &place);
    if (number >= 0)
        of->counts[number]++;
}

static void word(Words *of, const char *text, int count, const long *numbers)
{
    begin(of, text);
    for (int i = 0; i < count; i++)
        add(of, numbers[i]);
    end(of);
}

/* Numbers. */

static long floored(long number, long by)
{
    return number / by - (number % by < 0);
}

/* A half goes to the even one, as in Python. */
static long rounded(int64_t sum, int64_t by)
{
    int64_t whole = sum / by, twice = 2 * (sum % by);
    return (long)(whole + (twice > by || (twice == by && whole % 2)));
}

static long degree_of(long letter, long tonic)
{
    return ((letter - tonic) % OCTAVE + OCTAVE) % OCTAVE;
}

static long degree(const Words *of, long step)
{
    return degree_of(step - 1, of->tonic);
}

/* What bars have in common. */

static int same_rhythm(const SeenBar *one, const SeenBar *other)
{
    if (one->count != other->count || one->size != other->size)
        return 0;
    for (Py_ssize_t n = 0; n < one->count; n++)
        if (one->notes[n].at != other->notes[n].at ||
            !one->notes[n].step != !other->notes[n].step)
            return 0;
    return 1;
}

static int same_notes(const SeenBar *one, const SeenBar *other)
{
    if (one->count != other->count)
        return 0;
    for (Py_ssize_t n = 0; n < one->count; n++) {
        const SeenNote *a = &one->notes[n], *b = &other->notes[n];
        if (a->at != b->at || a->step != b->step || strcmp(a->sign, b->sign))
            return 0;
    }
    return 1;
}

static const char *alike(const SeenBar *one, const SeenBar *other)
{
    if (same_notes(one, other))
        return " same";
    return same_rhythm(one, other) ? " rhythm" : " none";
}

/* The words of a section. */

static void count_melody(Words *of, const SeenBar *bars, Py_ssize_t count)
{
    const SeenNote *last = NULL;
    /* The moves to the last notes, and the notes that they are from, the last one's first. */
    long moves[3] = {0}, degrees[3] = {0};
    Py_ssize_t moved = 0;
    for (Py_ssize_t b = 0; b < count; b++)
        for (Py_ssize_t n = 0; n < bars[b].count; n++) {
            const SeenNote *note = &bars[b].notes[n];
            if (!note->step)
                continue;
            if (*note->sign) {
                begin(of, "sign ");
                add_text(of, note->sign);
                add_digits(of, degree(of, note->step));
                end(of);
            }
            if (last) {
                long move = note->step - last->step;
                move = move > MOST_MOVED ? MOST_MOVED : move < -MOST_MOVED ? -MOST_MOVED : move;
                memmove(moves + 1, moves, 2 * sizeof *moves);
                memmove(degrees + 1, degrees, 2 * sizeof *degrees);
                moves[0] = move;
                degrees[0] = degree(of, last->step);
                moved++;
                word(of, "from", 2, (long[]){degrees[0], move});
                if (moved > 1)
                    word(of, "steps", 2, (long[]){moves[1], move});
                if (moved > 2)
                    word(of, "from", 4, (long[]){degrees[2], moves[2], moves[1], move});
                word(of, "lengths", 3,
                     (long[]){last->length / of->ticks, note->length / of->ticks, move});
            }
            last = note;
        }
    if (moved)
        word(of, "end", 3, (long[]){degree(of, last->step), moves[0], last->length / of->ticks});
}

static void count_harmony(Words *of, const SeenBar *bars, Py_ssize_t count)
{
    long last[3] = {0};
    Py_ssize_t chords = 0;
    for (Py_ssize_t b = 0; b < count; b++) {
        const SeenBar *bar = &bars[b];
        if (!bar->chord_count)
            continue;
        begin(of, "chords");
        for (Py_ssize_t c = 0; c < bar->chord_count; c++)
            add(of, bar->chords[c].degree);
        end(of);
        for (Py_ssize_t c = 0; c < bar->chord_count; c++) {
            const Chord *chord = &bar->chords[c];
            long until = c + 1 < bar->chord_count ? chord[1].at : bar->size;
            for (Py_ssize_t n = 0; n < bar->count; n++) {
                const SeenNote *note = &bar->notes[n];
                if (!note->step || note->at < chord->at || note->at >= until)
                    continue;
                begin(of, "with");
                add(of, chord->degree);
                add_text(of, " ");
                add_text(of, note->sign);
                add_digits(of, degree(of, note->step));
                end(of);
            }
            last[0] = last[1];
            last[1] = last[2];
            last[2] = chord->degree;
            if (++chords > 2)
                word(of, "three chords", 3, last);
        }
    }
    if (chords)
        word(of, "last chords", chords > 1 ? 2 : 1, chords > 1 ? last + 1 : last + 2);
}

static void count_comparison(Words *of, const char *which, int count, const long *numbers,
                             const char *likeness)
{
    begin(of, which);
    for (int i = 0; i < count; i++)
        add(of, numbers[i]);
    add_text(of, likeness);
    end(of);
}

static void count_place(Words *of, const SeenBar *bars, Py_ssize_t place, const SeenBar *as_first,
                        int later)
{
    const SeenBar *bar = &bars[place];
    const SeenNote *first = NULL, *last = NULL;
    for (size_t i = 0; i < sizeof APART / sizeof *APART && place >= APART[i]; i++)
        count_comparison(of, later ? "later" : "first", 2, (long[]){(long)place, (long)APART[i]},
                         alike(bar, &bars[place - APART[i]]));
    if (as_first)
        count_comparison(of, "as first", 1, (long[]){(long)place}, alike(bar, as_first));
    for (Py_ssize_t n = 0; n < bar->count; n++)
        if (bar->notes[n].step) {
            first = first ? first : &bar->notes[n];
            last = &bar->notes[n];
        }
    if (!first)
        return;
    word(of, "begin", 2, (long[]){(long)(place % PHRASE), degree(of, first->step)});
    if (place % PHRASE == PHRASE - 1) {
        word(of, "phrase", 2, (long[]){(long)place, degree(of, last->step)});
        word(of, "phrase of length", 2,
             (long[]){(long)place, bar->notes[bar->count - 1].length / of->ticks});
    }
}

static void count_range(Words *of, const SeenBar *bars, Py_ssize_t count)
{
    long low = 0, high = 0;
    int64_t sum = 0, notes = 0;
    for (Py_ssize_t b = 0; b < count; b++)
        for (Py_ssize_t n = 0; n < bars[b].count; n++) {
            long step = bars[b].notes[n].step;
            if (!step)
                continue;
            low = notes && low < step ? low : step;
            high = notes && high > step ? high : step;
            sum += step;
            notes++;
        }
    if (!notes)
        return;
    word(of, "lowest", 1, &low);
    word(of, "highest", 1, &high);
    word(of, "span", 1, (long[]){high - low});
    word(of, "middle", 1, (long[]){rounded(sum, notes)});
}

static void count_structure(Words *of, const SeenBar *bars, Py_ssize_t count, const SeenBar *first,
                            Py_ssize_t first_count)
{
    long different = 0;
    for (Py_ssize_t b = 0; b < count; b++) {
        int new = 1;
        begin(of, "rhythm");
        for (Py_ssize_t n = 0; n < bars[b].count; n++) {
            const SeenNote *note = &bars[b].notes[n];
            add(of, floored(note->step ? note->at : -1 - note->at, of->ticks));
        }
        add(of, floored(bars[b].size, of->ticks));
        end(of);
        for (Py_ssize_t other = 0; new && other < b; other++)
            new = !same_notes(&bars[b], &bars[other]);
        different += new;
    }
    for (Py_ssize_t place = 0; place < count && place < MOST_BARS; place++)
        count_place(of, bars, place, first != bars && place < first_count ? &first[place] : NULL,
                    first != bars);
    count_range(of, bars, count);
    word(of, "different", 2, (long[]){different, (long)count});
    word(of, "notes at the end", 1, (long[]){(long)bars[count - 1].count});
}

/* Reading bars: objects of abcgen.model.plans.outline.OutlinedBar. */

static Py_ssize_t length_of(PyObject *list)
{
    if (PyList_Check(list))
        return PyList_Size(list);
    PyErr_SetString(PyExc_TypeError, "words, bars, notes and chords are in lists");
    return -1;
}

static PyObject *part_of(PyObject *tuple, Py_ssize_t place)
{
    if (tuple && PyTuple_Check(tuple))
        return PyTuple_GetItem(tuple, place);
    PyErr_SetString(PyExc_TypeError, "a note or a chord is a tuple");
    return NULL;
}

/* Only of what is an int: anything else might run code of its own here, and change the lists. */
static long number_of_object(PyObject *one)
{
    if (PyLong_Check(one))
        return PyLong_AsLong(one);
    PyErr_SetString(PyExc_TypeError, "the numbers of a bar are whole numbers");
    return -1;
}

static long number_at(PyObject *tuple, Py_ssize_t place)
{
    PyObject *one = part_of(tuple, place);
    long number = one ? number_of_object(one) : -1;
    if (!PyErr_Occurred() && (number < 0 || number >= TOO_MANY))
        PyErr_SetString(PyExc_ValueError, "a number of a bar is too large, or negative");
    return number;
}

static long attribute(PyObject *bar, const char *name)
{
    PyObject *found = PyObject_GetAttrString(bar, name);
    long number = found ? number_of_object(found) : -1;
    Py_XDECREF(found);
    if (!PyErr_Occurred() && (number < 0 || number >= TOO_MANY))
        PyErr_Format(PyExc_ValueError, "the %s of a bar is too large, or negative", name);
    return number;
}

static int read_note(PyObject *tuple, SeenNote *into)
{
    PyObject *sign;
    const char *text;
    into->at = number_at(tuple, 0);
    into->step = PyErr_Occurred() ? -1 : number_at(tuple, 1);
    sign = PyErr_Occurred() ? NULL : part_of(tuple, 2);
    text = sign ? PyUnicode_AsUTF8AndSize(sign, NULL) : NULL;
    if (!text)
        return 0;
    if (strlen(text) >= sizeof into->sign) {
        PyErr_Format(PyExc_ValueError, "%s is no accidental", text);
        return 0;
    }
    strcpy(into->sign, text);
    return 1;
}

static int read_notes(PyObject *notes, SeenBar *into)
{
    if (!(into->notes = malloc((into->count + 1) * sizeof *into->notes))) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t n = 0; n < into->count; n++)
        if (!read_note(PyList_GetItem(notes, n), &into->notes[n]))
            return 0;
    for (Py_ssize_t n = 0; n < into->count; n++)
        into->notes[n].length =
            (n + 1 < into->count ? into->notes[n + 1].at : into->size) - into->notes[n].at;
    return 1;
}

static int read_chords(PyObject *roots, long tonic, SeenBar *into)
{
    if (!(into->chords = malloc((into->chord_count + 1) * sizeof *into->chords))) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t c = 0; c < into->chord_count; c++) {
        PyObject *root = PyList_GetItem(roots, c), *name;
        const char *text, *letter;
        into->chords[c].at = number_at(root, 0);
        name = PyErr_Occurred() ? NULL : part_of(root, 1);
        text = name ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
        if (!text)
            return 0;
        if (!*text || !(letter = strchr(LETTERS, *text))) {
            PyErr_Format(PyExc_ValueError, "%s is no root of a chord", text);
            return 0;
        }
        into->chords[c].degree = degree_of((long)(letter - LETTERS), tonic);
    }
    return 1;
}

static int read_bar(PyObject *bar, long tonic, SeenBar *into)
{
    PyObject *notes = bar ? PyObject_GetAttrString(bar, "notes") : NULL, *roots = NULL;
    int done = 0;
    if (!notes || !(roots = PyObject_GetAttrString(bar, "roots")))
        goto end;
    into->section = attribute(bar, "section");
    into->size = PyErr_Occurred() ? -1 : attribute(bar, "size");
    into->count = PyErr_Occurred() ? -1 : length_of(notes);
    into->chord_count = into->count < 0 ? -1 : length_of(roots);
    done = into->chord_count >= 0 && read_notes(notes, into) && read_chords(roots, tonic, into);
end:
    Py_XDECREF(notes);
    Py_XDECREF(roots);
    return done;
}

static void free_bars(SeenBar *bars, Py_ssize_t count)
{
    for (Py_ssize_t b = 0; bars && b < count; b++) {
        free(bars[b].notes);
        free(bars[b].chords);
    }
    free(bars);
}

static SeenBar *read_bars(PyObject *list, Py_ssize_t count, long tonic)
{
    SeenBar *bars = calloc(count + 1, sizeof *bars);
    if (!bars)
        return (SeenBar *)PyErr_NoMemory();
    for (Py_ssize_t b = 0; b < count; b++)
        if (!read_bar(PyList_GetItem(list, b), tonic, &bars[b])) {
            free_bars(bars, count);
            return NULL;
        }
    return bars;
}

/* What the module has. */

PyDoc_STRVAR(known_doc,
"known(words)\n--\n\n"
"Return the words of a list, different ones, so that they can be counted.");

static PyObject *known(PyObject *module, PyObject *words)
{
    Known *of = calloc(1, sizeof *of);
    Py_ssize_t length = 0;
    PyObject *capsule;
    (void)module;
    if (!of)
        return PyErr_NoMemory();
    if ((of->count = length_of(words)) < 0)
        goto failed;
    for (of->mask = 15; of->mask < (size_t)of->count * 2;)
        of->mask = 2 * of->mask + 1;
    of->begins = malloc((of->count + 1) * sizeof *of->begins);
    of->places = calloc(of->mask + 1, sizeof *of->places);
    if (!of->begins || !of->places)
        goto no_memory;
    for (int writing = 0; writing < 2; writing++) {
        if (writing && !(of->texts = malloc(length + 1)))
            goto no_memory;
        length = 0;
        for (Py_ssize_t number = 0; number < of->count; number++) {
            Py_ssize_t size;
            size_t place;
            const char *text = PyUnicode_AsUTF8AndSize(PyList_GetItem(words, number), &size);
            if (!text)
                goto failed;
            of->begins[number] = length;
            length += size;
            of->begins[number + 1] = length;
            if (!writing)
                continue;
            memcpy(of->texts + of->begins[number], text, size);
            if (number_of(of, text, size, &place) < 0)
                of->places[place] = (int32_t)number + 1;
        }
    }
    if ((capsule = PyCapsule_New(of, CAPSULE, destroy)))
        return capsule;
    goto failed;
no_memory:
    PyErr_NoMemory();
failed:
    free_known(of);
    return NULL;
}

PyDoc_STRVAR(count_doc,
"count(known, bars, tonic, ticks, counts)\n--\n\n"
"Add to counts, int32 (known words,), how often each is in a tune.\n\n"
"`bars` is a list of outlined bars, `tonic` the letter of the tonic, 0 for C, and lengths are told in\n"
"so many `ticks`.");

static PyObject *count(PyObject *module, PyObject *arguments)
{
    PyObject *capsule, *list, *array, *result = NULL;
    Py_buffer counts;
    SeenBar *bars = NULL;
    Words of = {0};
    Py_ssize_t bar_count, first_count = 0;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOllO", &capsule, &list, &of.tonic, &of.ticks, &array) ||
        !(of.known = PyCapsule_GetPointer(capsule, CAPSULE)) ||
        PyObject_GetBuffer(array, &counts, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE))
        return NULL;
    of.counts = counts.buf;
    of.room = 256;
    if (counts.itemsize != 4 || counts.len != of.known->count * 4 || of.ticks < 1 ||
        of.tonic < 0 || of.tonic >= OCTAVE) {
        PyErr_SetString(PyExc_ValueError, "not as many counts as words, or no such tonic or ticks");
        goto done;
    }
    if ((bar_count = length_of(list)) < 0 || !(bars = read_bars(list, bar_count, of.tonic)))
        goto done;
    of.text = malloc(of.room);
    of.failed = !of.text;
    for (Py_ssize_t start = 0, after; start < bar_count && !of.failed; start = after) {
        for (after = start; after < bar_count && bars[after].section == bars[start].section;)
            after++;
        first_count = start ? first_count : after;
        count_melody(&of, bars + start, after - start);
        count_harmony(&of, bars + start, after - start);
        count_structure(&of, bars + start, after - start, bars, first_count);
    }
    result = of.failed ? PyErr_NoMemory() : Py_NewRef(Py_None);
done:
    free(of.text);
    free_bars(bars, bars ? bar_count : 0);
    PyBuffer_Release(&counts);
    return result;
}

static PyMethodDef methods[] = {
    {"known", known, METH_O, known_doc},
    {"count", count, METH_VARARGS, count_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_words", "The words of tunes, counted.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__words(void)
{
    PyObject *module = PyModule_Create(&definition);
    /* The version of abcgen that it was compiled for, since a newer one may count other words. */
    if (module && PyModule_AddStringConstant(module, "version", ABCGEN_VERSION)) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
