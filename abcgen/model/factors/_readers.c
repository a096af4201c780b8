/* Reads a character of each of N tunes and writes its factors: what abcgen.model.factors.reader does.

   Names, rules and the order of things are those of abcgen.model.factors.reader and abcgen.model.factors.position,
   where they are explained; tests hold the two to the same symbols. abcgen.model.factors.readers owns
   all memory, and this module has no state. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* As in abcgen.model.factors.lexing, position, layout, plan and reader. */
enum { BODY = 1, OVER, BAR, SECTION, FORK, REWIND, METER, UNIT, KEY };
enum { PLAIN, REPEATED, FIRST, BETWEEN, SECOND, FORMS };
enum { LAGS = 5, MOST_BARS = 512, NONE = -1, NEVER = -(1 << 30) };
enum { RASTER = 24, MOST_TOLD = 63, MOST_TOLD_BARS = 32, MOST_TOLD_SECTIONS = 3, ECHO_TRUST = 4 };
enum { NEARNESSES = 8, MOST_NEAR = 17, MOST_TOWARD = 9, MIDDLE = 15, STEPS = 37, OF_OCTAVE = 7 };
enum { MOST_TRUSTED = 8, FIRST_ECHO = 7, FIRST_PLANNED = FIRST_ECHO + LAGS };
enum { NEW = 1, COPY, BEGINS, ENDS, RESEMBLES, MOVED = 6, CLOSING_BAR = NEW };
enum { LETTERS = 8, CADENCE_BARS = 2, KINDS = 8, MOST_LEFT = 16, MOST_MOVED = 7, MOVES = 2 * MOST_MOVED + 1 };
enum { MOST_SECTIONS = 8, MOST_BARS_OF_SECTION = 32, SLOTS = MOST_SECTIONS * MOST_BARS_OF_SECTION };
enum { RAISES = 1, LOWERS, RESTORES, SHARP, FLAT, MINOR, MAJOR, BASS, SEVENTH, MOST_FIFTHS = 7 };
enum { BEGUN = 1, AT_ROOT, AT_SIGN, AT_QUALITY, AT_BASS };
/* The echo of the bar that a plan names comes after those of the lags. */
enum { PLANNED = LAGS, ECHOES };
/* As in abcgen.model.factors.rows. */
enum { HARMONY, CADENCE, STARTING, RENEWING, FOLLOWING, MARKING, CLOSING, HOLDING, LASTING, REACHING_DOWN, REACHING_UP,
       MOVING, TURNING, RISING, PACING, STANDING, LEADING, LANDING, STEP, RECALLING, RECALLED, ECHOING, SITUATIONS };
enum { STYLES = 2, MOST_CHANGE = 5, NO_CHANGE = 2 * MOST_CHANGE + 1, CHANGES = NO_CHANGE + 1 };
enum { BEATS = 4, MOST_CHORDS = 3, CLOSENESSES = 10, LANDINGS = 8, HOLDINGS = 11, KEYS = 106 };
enum { EIGHTH = 4, LAST = 3 * EIGHTH, WHOLE = 32 * RASTER, BELOW = 11, BELOWS = 8, ABOVE = 25, ABOVES = 9 };
enum { MODES = 7, WAYS = 3, LENGTHS = 5, SIZES_OF_BARS = 5, PLACES = 13, STAGES = 8 };
enum { ENDS_OF_SECTIONS = 3, CADENCES = 6, CONCORDS = 3, SORTS = 4, RELATIONS = 5, RENEWALS = 5, LIKE = 3 };
enum { PHRASE = 4, TONALITIES = 2 * (LETTERS - 1), DORIAN = -2 };
enum { NEEDS = 7, ACCIDENTALS = 3, SIGNATURES = 2 + 2 * MOST_FIFTHS, ENDINGS = 6 };
enum { SETS_OF_LETTERS = 1 << (LETTERS - 1), SIGNED = 4, BEHIND_A_SIGN = 2, TO_BE_SIGNED, OCTAVES = 3 };
enum { LEVELS = 24, LOWEST_LEVEL = -8, BARS_LEFT = 4, LEADINGS = 9, GOALS = 3, MOST_AWAY = 8, STEPS_AWAY = 2 * MOST_AWAY + 1 };
enum { FIGURES = CHANGES * CHANGES };
enum {
    TONES_AT = 1,
    STARTS_AT = TONES_AT + STYLES * SORTS * RELATIONS * 2 * 2 * BEATS * LETTERS,
    ALTERS_AT = STARTS_AT + STYLES * NEEDS * BEATS,
    INFLECTS_AT = ALTERS_AT + ACCIDENTALS * 2 * LETTERS,
    FORKS_AT = INFLECTS_AT + STYLES * ACCIDENTALS * LETTERS * SIGNATURES,
    FOLLOWS_AT = FORKS_AT + STYLES * ENDINGS,
    MARKS_AT = FOLLOWS_AT + KINDS * 2 * SIGNED * STEPS,
    ROOTS_AT = MARKS_AT + OCTAVES,
    CHORDS_AT = ROOTS_AT + KEYS * LETTERS * 2,
    DUES_AT = CHORDS_AT + CADENCES * BEATS * MOST_CHORDS,
    QUALITIES_AT = DUES_AT + ENDS_OF_SECTIONS * 2 * 2 * (LETTERS - 1),
    FITS_AT = QUALITIES_AT + LIKE * KEYS * LETTERS * 2,
    COVERS_AT = FITS_AT + KINDS * 2 * (LETTERS - 1),
    RENEWS_AT = COVERS_AT + KINDS * 2 * SETS_OF_LETTERS,
    OPENS_AT = RENEWS_AT + KINDS * 2 * RENEWALS,
    CLOSES_AT = OPENS_AT + STYLES * KEYS,
    PAUSES_AT = CLOSES_AT + STYLES * ENDS_OF_SECTIONS * SIZES_OF_BARS * 2 * CLOSENESSES * (LETTERS - 1),
    HOLDS_AT = PAUSES_AT + STYLES * SIZES_OF_BARS * CLOSENESSES * TONALITIES,
    LASTS_AT = HOLDS_AT + STYLES * ENDS_OF_SECTIONS * SIZES_OF_BARS * 2 * HOLDINGS * 2,
    DOWNS_AT = LASTS_AT + STYLES * SIZES_OF_BARS * PLACES * LENGTHS * CONCORDS,
    UPS_AT = DOWNS_AT + STYLES * 8 * STEPS * BELOWS,
};
enum {
    MOVES_AT = 1,
    TURNS_AT = MOVES_AT + STYLES * CHANGES * CHANGES,
    RISES_AT = TURNS_AT + STYLES * CHANGES * FIGURES,
    PACES_AT = RISES_AT + STYLES * MODES * (LETTERS - 1) * BEATS * WAYS,
    HEIGHTS_AT = PACES_AT + STYLES * BEATS * LENGTHS * CHANGES,
    LEADS_AT = HEIGHTS_AT + STYLES * 2 * BARS_LEFT * LEVELS,
    JOINS_AT = LEADS_AT + STYLES * GOALS * LEADINGS * STEPS_AWAY,
    LANDS_AT = JOINS_AT + STYLES * STEPS_AWAY,
};
/* As in abcgen.notation.keys. */
static const int64_t FIFTHS_OF[MODES] = {0, -1, -2, -3, -4, -5, 1};
static const int64_t CLOSE[CLOSENESSES - 1] = {1, 3, 5, 7, 9, 13, 17, 25, 33};
static const int64_t BEFORE[LAGS] = {1, 2, 4, 8, 16};
static const int64_t NEAR[NEARNESSES - 1] = {1, 3, 5, 7, 9, 13, MOST_NEAR};
static const int64_t TRUSTED[MOST_TRUSTED + 1] = {0, 1, 1, 2, 2, 2, 2, 2, 3};

/* What a character does in a state of the lexing. */
typedef struct {
    int64_t following, ticks, event, value;
} Way;

/* How far a tune has been read: the fields of _TUNE in abcgen.model.factors.readers, in their order,
   in which nothing stands between them. What stands before `starts` is forgotten at a blank line. */
typedef struct {
    int64_t row, length;
    int64_t size, compound, unit, body, key, began, number, in_section, form, sections;
    int64_t opening, pickup, lacking, pickup_before, fork, fork_in_section;
    int64_t firsts[MOST_SECTIONS];
    int64_t heads[ECHOES], bases[ECHOES], told[ECHOES], matched[ECHOES];
    int64_t kind, shift, step, root, within, ahead, first, first_root;
    int64_t second, third, fourth, lowest, highest, chords, fresh, sounding, onset, held;
    int64_t coming, coming_signed, octave, middle, covered, leads_in, leads_out;
    int64_t base, minor, seventh, sign, altered;
    int64_t planned, low, high, style;
    int64_t lengths[MOST_SECTIONS], targets[MOST_SECTIONS];
    int64_t befores[MOST_SECTIONS], closes[MOST_SECTIONS];
    int16_t recalled[FIGURES];
    int32_t starts[MOST_BARS], fulls[MOST_BARS];
    int16_t sources[SLOTS], later_before[SLOTS], later_behind[SLOTS];
    int8_t kinds[SLOTS], moved[SLOTS], themes[SLOTS];
} Tune;
_Static_assert(offsetof(Tune, starts) == offsetof(Tune, recalled) + sizeof(int16_t) * FIGURES,
               "nothing may stand between the fields");

/* How symbols are numbered. */
typedef struct {
    int64_t characters, newline, position, rest, due, bar, form, key, echoes[LAGS];
    int64_t lags, columns, kinds, left, target, style, low, high, landing, chord;
    int64_t ahead, toward, root_ahead, planned, echo_size, quote;
} Layout;

static const char SIZES[] = "arrays of other sizes than there must be";

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static void begin_bar(Tune *tune, int64_t number)
{
    tune->number = number;
    tune->starts[number] = tune->fulls[number] = (int32_t)tune->length;
}

static void begin_section(Tune *tune)
{
    tune->pickup_before = tune->pickup;
    if (tune->in_section > 1) {
        tune->pickup = tune->lacking;
        tune->sections++;
        if (tune->sections < MOST_SECTIONS)
            tune->firsts[tune->sections] = tune->number;
    }
    tune->opening = 1;
    tune->in_section = 1;
    tune->starts[tune->number] = tune->fulls[tune->number] = (int32_t)tune->length;
}

static int take_bar_line(Tune *tune, int64_t time)
{
    int64_t held = time - tune->began;
    tune->began = time;
    if (!held)
        return 0;
    if (tune->opening && held < tune->size) {
        tune->pickup = held;
        tune->fulls[tune->number] = (int32_t)tune->length;
    } else {
        if (tune->opening)
            tune->pickup = 0;
        tune->lacking = most(tune->size - held, 0);
        tune->in_section++;
        begin_bar(tune, least(tune->number + 1, MOST_BARS - 1));
    }
    tune->opening = 0;
    return 1;
}

/* Take note of an event; return whether other bars than before are now to be compared with. */
static int take(Tune *tune, int64_t event, int64_t value, int64_t time)
{
    if (event == BAR && tune->body) {
        int fresh = take_bar_line(tune, time);
        if (value) {
            begin_section(tune);
            tune->form = tune->form == FIRST ? BETWEEN : PLAIN;
        }
        return fresh || value;
    }
    if (event == METER) {
        tune->size = value / 2;
        tune->compound = value % 2;
    } else if (event == UNIT)
        tune->unit = value;
    else if (event == BODY) {
        tune->body = 1;
        tune->key = value;
        begin_bar(tune, 0);
    } else if (!tune->body)
        return 0;
    else if (event == SECTION) {
        begin_section(tune);
        tune->form = value ? REPEATED : PLAIN;
    } else if (event == FORK) {
        tune->fork = tune->number;
        tune->fork_in_section = tune->in_section;
        tune->form = FIRST;
        return 0;
    } else if (event == KEY) {
        tune->key = value;
        return 0;
    } else if (event == REWIND) {
        tune->in_section = tune->fork_in_section;
        begin_bar(tune, tune->fork);
        tune->began = time;
        tune->opening = 0;
        tune->pickup = tune->pickup_before;
        tune->form = SECOND;
        tune->sections = most(tune->sections - 1, 0);
    }
    return tune->body != 0;
}

/* Return the slot of a bar in a plan, or NONE where there is none. */
static int64_t slot_of(const Tune *tune)
{
    if (!tune->planned || tune->sections >= MOST_SECTIONS ||
        tune->in_section > MOST_BARS_OF_SECTION)
        return NONE;
    return tune->sections * MOST_BARS_OF_SECTION + tune->in_section - 1;
}

/* Return where the bar of a slot begins, or NONE if it is not before. */
static int64_t begin_of(const Tune *tune, int64_t slot, const int32_t *begins)
{
    const int64_t section = slot / MOST_BARS_OF_SECTION;
    int64_t number;
    if (section > tune->sections)
        return NONE;
    number = tune->firsts[section] + slot % MOST_BARS_OF_SECTION;
    return number < tune->number ? begins[number] : NONE;
}

/* Return where the bar begins that the plan makes this one of, or NONE. */
static int64_t source(Tune *tune, const int32_t *begins)
{
    const int64_t slot = slot_of(tune);
    tune->kind = tune->shift = 0;
    if (slot == NONE || tune->form == SECOND || tune->kinds[slot] < COPY)
        return NONE;
    tune->kind = tune->kinds[slot];
    tune->shift = tune->moved[slot];
    return begin_of(tune, tune->sources[slot], begins);
}

/* Return where the bar begins like which the next one begins, or NONE. */
static int64_t next_source(const Tune *tune)
{
    int64_t slot = slot_of(tune), section, number, kind;
    if (slot == NONE || slot == SLOTS - 1 || tune->opening || tune->form == SECOND)
        return NONE;
    kind = tune->kinds[slot + 1];
    if (kind != COPY && kind != BEGINS && kind != RESEMBLES && kind != MOVED)
        return NONE;
    section = tune->sources[slot + 1] / MOST_BARS_OF_SECTION;
    if (section > tune->sections)
        return NONE;
    number = tune->firsts[section] + tune->sources[slot + 1] % MOST_BARS_OF_SECTION;
    return number <= tune->number ? tune->fulls[number] : NONE;
}

static int64_t letter_of(int64_t step) { return step ? 1 + (step - 1) % OF_OCTAVE : 0; }
static int64_t within_steps(int64_t step) { return least(most(step, 1), STEPS - 1); }

/* Return where the next note or rest is in the text from a place on, 0 for none, and write the letter
   of its chord, 0 where there is none from there. */
static int64_t next_note(const Tune *tune, int64_t place, const int64_t *text, const int64_t *times,
                         const Layout *layout, const int64_t *moving, int64_t *root)
{
    const int64_t *steps = moving + MOVES * layout->characters;
    int quoted = 0;
    *root = 0;
    for (; place < tune->length - 1; place++) {
        if (text[place] == layout->quote) {
            quoted = !quoted;
            if (quoted)
                *root = letter_of(steps[text[place + 1]]);
        } else if (times[place] != times[place - 1])
            return place;
    }
    return 0;
}

/* Find the first note and chord of the bar like which the next one begins. */
static void look_ahead(Tune *tune, const int64_t *text, const int64_t *times, const Layout *layout,
                       const int64_t *moving)
{
    const int64_t *steps = moving + MOVES * layout->characters;
    const int64_t *marks = steps + layout->characters;
    int64_t root, place = next_note(tune, tune->ahead, text, times, layout, moving, &root);
    int64_t step = place ? steps[text[place]] : 0;
    if (step) {
        int64_t moved = tune->moved[slot_of(tune) + 1];
        tune->first = within_steps(step + marks[text[place + 1]] + moved);
        tune->first_root = root ? letter_of(root + moved + MOST_MOVED) : 0;
    }
    if (place)
        tune->ahead = NONE;
}

/* Return what a character becomes in a bar that is moved; of none, none. */
static int64_t moved(const Tune *tune, int lag, int64_t told, const Layout *layout,
                     const int64_t *moving)
{
    if (lag != PLANNED || !tune->shift || told == NONE)
        return told;
    return moving[(tune->shift + MOST_MOVED) * layout->characters + told];
}

/* Return the step of the note at a place; 0 for what is none. */
static int64_t step_at(const int64_t *text, int64_t place, const Layout *layout, const int64_t *moving)
{
    const int64_t *steps = moving + MOVES * layout->characters;
    const int64_t step = place ? steps[text[place]] : 0;
    return step ? within_steps(step + steps[layout->characters + text[place + 1]]) : 0;
}

/* Take note of what will lead into this bar where it comes again, and of where it leads. */
static void look_for_leads(Tune *tune, const int64_t *text, const int64_t *times, const Layout *layout,
                           const int64_t *moving)
{
    const int64_t slot = slot_of(tune);
    int64_t begin, place, root, last;
    tune->leads_in = tune->leads_out = 0;
    if (slot == NONE || tune->opening || tune->form == SECOND)
        return;
    begin = tune->later_before[slot] ? begin_of(tune, tune->later_before[slot] - 1, tune->fulls) : NONE;
    place = begin != NONE ? next_note(tune, begin, text, times, layout, moving, &root) : 0;
    while (place && times[place - 1] < times[begin - 1] + tune->size) {
        last = step_at(text, place, layout, moving);
        tune->leads_in = last ? last : tune->leads_in;
        place = next_note(tune, place + 1, text, times, layout, moving, &root);
    }
    begin = tune->later_behind[slot] ? begin_of(tune, tune->later_behind[slot] - 1, tune->fulls) : NONE;
    if (begin != NONE)
        tune->leads_out = step_at(text, next_note(tune, begin, text, times, layout, moving, &root),
                                  layout, moving);
}

static void compare(Tune *tune, const int64_t *text, const int64_t *times, const Layout *layout,
                    const int64_t *moving)
{
    const int32_t *begins = tune->opening ? tune->starts : tune->fulls;
    if (layout->lags == ECHOES) {
        tune->ahead = next_source(tune);
        tune->first = tune->first_root = tune->chords = tune->altered = 0;
        look_for_leads(tune, text, times, layout, moving);
    }
    for (int lag = 0; lag < layout->lags; lag++) {
        int64_t start = lag == PLANNED ? source(tune, begins)
                        : BEFORE[lag] <= tune->number ? begins[tune->number - BEFORE[lag]]
                                                      : NONE;
        int known = start != NONE && times[start - 1] < tune->began;
        tune->heads[lag] = known ? start : 0;
        tune->bases[lag] = known ? times[start - 1] : NEVER;
        tune->told[lag] = known && start < tune->length ? text[start] : NONE;
        tune->told[lag] = moved(tune, lag, tune->told[lag], layout, moving);
    }
}

static void listen(Tune *tune, const int64_t *text, const int64_t *times, int64_t character,
                   int sounds, const Layout *layout, const int64_t *moving)
{
    int64_t position = times[tune->length - 1] - tune->began, newline = layout->newline;
    for (int lag = 0; lag < layout->lags; lag++) {
        int echoed = tune->told[lag] == character;
        if (tune->bases[lag] == NEVER) {
            tune->matched[lag] = 0;
            continue;
        }
        tune->matched[lag] = echoed ? least(tune->matched[lag] + 1, MOST_TRUSTED) : 0;
        int64_t head = tune->heads[lag], time = tune->bases[lag] + position;
        int64_t before = times[head - 1];
        if (sounds) {
            while (before < time && head < tune->length)
                before = times[head++];
        } else if (before == time) {
            if (text[head] == newline && character != newline)
                head++;
            if (times[head] == time && (character != newline || text[head] == character))
                head++;
            before = times[head - 1];
        }
        tune->heads[lag] = head;
        tune->told[lag] = moved(tune, lag, before == time ? text[head] : NONE, layout, moving);
    }
}

static int64_t change_of(int64_t before, int64_t after)
{
    if (!before || !after)
        return NO_CHANGE;
    return least(most(after - before, -MOST_CHANGE), MOST_CHANGE) + MOST_CHANGE;
}

/* Take note that a note has just begun after the last one. */
static void move_on(Tune *tune, int64_t step, int64_t onset)
{
    const int64_t last = tune->step;
    if (last && tune->second)
        tune->recalled[change_of(tune->fourth, tune->third) * CHANGES +
                       change_of(tune->third, tune->second)] |=
            (int16_t)(1 << change_of(tune->second, last));
    tune->lowest = tune->lowest ? least(tune->lowest, last) : last;
    tune->highest = most(tune->highest, last);
    tune->fourth = tune->third;
    tune->third = tune->second;
    tune->second = last;
    tune->held = last ? onset - tune->onset : 0;
    tune->onset = onset;
    tune->fresh = 0;
    tune->sounding = 1;
    tune->altered |= (int64_t)(tune->sign > 0) << letter_of(step);
    if (tune->coming && letter_of(tune->coming) == letter_of(step))
        tune->octave = tune->coming == step ? 1 : tune->coming < step ? 2 : 3;
}

/* Take note of a character of a chord symbol behind its root. */
static void chord_goes_on(Tune *tune, int64_t sign)
{
    if (tune->within == AT_BASS || sign == BASS)
        tune->within = AT_BASS;
    else if (tune->within == AT_ROOT && (sign == SHARP || sign == FLAT)) {
        tune->base += sign == SHARP ? OF_OCTAVE : -OF_OCTAVE;
        tune->within = AT_SIGN;
    } else {
        tune->minor = sign == MINOR || (tune->minor && sign != MAJOR);
        tune->seventh = tune->seventh || sign == SEVENTH;
        tune->within = AT_QUALITY;
    }
}

/* Return what the note of another bar becomes in this one; 0 for what is none. */
static int64_t coming_step(const Tune *tune, int64_t place, const int64_t *text,
                           const Layout *layout, const int64_t *moving)
{
    const int64_t *steps = moving + MOVES * layout->characters;
    const int64_t step = place ? steps[text[place]] : 0;
    return step ? within_steps(step + steps[layout->characters + text[place + 1]] + tune->shift) : 0;
}

/* Take note of the next note, and of the letters of the next half bar, by the bar that this one is made of. */
static void look_for_coming(Tune *tune, const int64_t *text, const int64_t *times,
                            const Layout *layout, const int64_t *moving)
{
    const int64_t *signs = moving + (MOVES + 2) * layout->characters;
    const int64_t head = tune->heads[PLANNED], half = tune->size / 2;
    const int64_t since = times[tune->length - 1] - tune->began, base = tune->bases[PLANNED];
    const int may_begin = tune->within == BEGUN || (!tune->within && (!since || since == half));
    int64_t root, place, ends;
    tune->coming = tune->coming_signed = tune->middle = tune->covered = 0;
    if (base == NEVER)
        return;
    if (times[head - 1] - base == since) {
        place = next_note(tune, head, text, times, layout, moving, &root);
        tune->coming = coming_step(tune, place, text, layout, moving);
        if (tune->coming)
            tune->coming_signed = signs[text[place - 1]] > 0 && signs[text[place - 1]] <= RESTORES;
        ends = least(times[head - 1] + half, base + tune->size);
        while (may_begin && place && times[place - 1] < ends) {
            tune->covered |= 1 << letter_of(coming_step(tune, place, text, layout, moving)) >> 1;
            place = next_note(tune, place + 1, text, times, layout, moving, &root);
        }
    }
    if (tune->kind == ENDS && since < half) {
        place = next_note(tune, head, text, times, layout, moving, &root);
        while (place && times[place - 1] - base < half)
            place = next_note(tune, place + 1, text, times, layout, moving, &root);
        if (place && times[place - 1] - base == half)
            tune->middle = coming_step(tune, place, text, layout, moving);
    }
}

/* Take note of notes, and of the letters of chords. */
static void hear(Tune *tune, const int64_t *times, int64_t character,
                 int sounds, const Layout *layout, const int64_t *moving)
{
    int64_t step = moving[MOVES * layout->characters + character];
    int64_t mark = moving[(MOVES + 1) * layout->characters + character];
    int64_t sign = moving[(MOVES + 2) * layout->characters + character];
    tune->sounding = tune->octave = 0;
    if (character == layout->quote) {
        tune->within = !tune->within;
        tune->chords += tune->within;
    } else if (tune->within == BEGUN) {
        tune->root = letter_of(step);
        tune->within = AT_ROOT;
        tune->fresh = 1;
        tune->base = (2 * tune->root + OF_OCTAVE - 1) % OF_OCTAVE;
        tune->minor = tune->seventh = 0;
    } else if (tune->within) {
        chord_goes_on(tune, sign);
    } else if (sounds && step) {
        move_on(tune, step, tune->length > 1 ? times[tune->length - 2] : 0);
        tune->step = step;
    } else if (mark && tune->step) {
        tune->step = within_steps(tune->step + mark);
        tune->sounding = 1;
    }
    tune->sign = sign <= RESTORES ? sign : 0;
}

/* Write what a plan says of the end of a section. */
static void write_landing(const Tune *tune, int64_t time, const Layout *layout, int32_t *symbols)
{
    int64_t section = least(tune->sections, MOST_SECTIONS - 1), landing = 0, chord = 0;
    int64_t left = tune->lengths[section] - tune->in_section;
    if (tune->body && tune->planned && left >= 0 && left < CADENCE_BARS) {
        int64_t before = tune->befores[section], close = tune->closes[section];
        int last = !before || tune->root == before;
        if (!left) {
            int64_t ticks = most(tune->size - (time - tune->began) - tune->pickup, 0);
            landing = 1 + 2 * least(ticks / RASTER, MOST_TOLD) +
                      (letter_of(tune->step) == tune->targets[section]);
        }
        if (close)
            chord = (1 + 4 * left + 2 * last + (tune->within == BEGUN)) * LETTERS +
                    (last ? close : before);
    }
    symbols[0] = (int32_t)(layout->landing + landing);
    symbols[1] = (int32_t)(layout->chord + chord);
}

/* Write what a plan says of the next bar. */
static void write_ahead(const Tune *tune, int64_t time, const Layout *layout, int32_t *symbols)
{
    int64_t note = 0, toward = 0, chord = 0;
    if (tune->first) {
        int64_t left = least(most(tune->size - (time - tune->began), 0) / RASTER, MOST_NEAR);
        int64_t near = 0, steps = tune->first - tune->step;
        while (near < NEARNESSES - 1 && left >= NEAR[near])
            near++;
        note = 1 + near * STEPS + tune->first;
        if (tune->step)
            toward = 1 + near * (2 * MOST_TOWARD + 1) +
                     least(most(steps, -MOST_TOWARD), MOST_TOWARD) + MOST_TOWARD;
    }
    if (tune->first_root)
        chord = (tune->within == BEGUN) * LETTERS + tune->first_root;
    symbols[0] = (int32_t)(layout->ahead + note);
    symbols[1] = (int32_t)(layout->toward + toward);
    symbols[2] = (int32_t)(layout->root_ahead + chord);
}

static void write_plan(const Tune *tune, int64_t time, const Layout *layout, int32_t *symbols)
{
    int64_t kinds = 0, left = 0, target = 0, style = 0, low = 0, high = 0;
    if (tune->body && tune->planned) {
        int64_t slot = slot_of(tune), section = least(tune->sections, MOST_SECTIONS - 1);
        int64_t kind = slot != NONE && tune->form != SECOND ? tune->kinds[slot] : 0;
        kinds = kind * KINDS + (slot != NONE && slot != SLOTS - 1 ? tune->kinds[slot + 1] : 0);
        left = least(most(tune->lengths[section] - tune->in_section, -1), MOST_LEFT - 1) + 2;
        left = 2 * left + (section >= tune->planned - 1);
        target = tune->targets[section];
        style = tune->style;
        low = tune->low;
        high = tune->high;
    }
    symbols[0] = (int32_t)(layout->kinds + kinds);
    symbols[1] = (int32_t)(layout->left + left);
    symbols[2] = (int32_t)(layout->target + target);
    symbols[3] = (int32_t)(layout->style + style);
    symbols[4] = (int32_t)(layout->low + low);
    symbols[5] = (int32_t)(layout->high + high);
    write_landing(tune, time, layout, symbols + 6);
    write_ahead(tune, time, layout, symbols + 8);
    symbols[11] = (int32_t)(layout->planned + most(tune->kind - COPY, 0) * layout->echo_size +
                           (tune->told[PLANNED] - NONE) * ECHO_TRUST +
                           TRUSTED[tune->matched[PLANNED]]);
}

static void write_symbols(const Tune *tune, int64_t character, int64_t time, const Layout *layout,
                          int32_t *symbols)
{
    int64_t position = 0, rest = 0, due = 0, bar = 0, form = 0, key = 0;
    if (tune->body) {
        int64_t since = time - tune->began, left = tune->size - since;
        int64_t late = left < tune->pickup;
        position = 1 + least(most(since, 0) / RASTER, MOST_TOLD);
        rest = 1 + least(most(left, 0) / RASTER, MOST_TOLD);
        due = late ? 1 : 2 + least((left - tune->pickup) / RASTER, MOST_TOLD);
        bar = least(tune->in_section, MOST_TOLD_BARS);
        form = 1 + least(tune->sections, MOST_TOLD_SECTIONS) * FORMS + tune->form;
        key = tune->key;
    }
    symbols[0] = (int32_t)character;
    symbols[1] = (int32_t)(layout->position + position);
    symbols[2] = (int32_t)(layout->rest + rest);
    symbols[3] = (int32_t)(layout->due + due);
    symbols[4] = (int32_t)(layout->bar + bar);
    symbols[5] = (int32_t)(layout->form + form);
    symbols[6] = (int32_t)(layout->key + key);
    for (int lag = 0; lag < LAGS; lag++)
        symbols[FIRST_ECHO + lag] = (int32_t)(
            layout->echoes[lag] + tune->told[lag] * ECHO_TRUST + TRUSTED[tune->matched[lag]]);
    if (layout->lags == ECHOES)
        write_plan(tune, time, layout, symbols + FIRST_PLANNED);
}

static void read_character(Tune *tune, const Tune *beginning, int64_t *text, int64_t *times,
                           const Way *way, int64_t character, const Layout *layout,
                           const int64_t *moving, int32_t *symbols)
{
    int64_t time = 0;
    if (way->event == OVER)
        memcpy(tune, beginning, offsetof(Tune, starts));
    else {
        time = (tune->length ? times[tune->length - 1] : 0) + way->ticks * tune->unit;
        text[tune->length] = character;
        times[tune->length] = time;
        tune->length++;
        if (tune->body) {
            listen(tune, text, times, character, way->ticks != 0, layout, moving);
            if (layout->lags == ECHOES)
                hear(tune, times, character, way->ticks != 0, layout, moving);
        }
        if (way->event && take(tune, way->event, way->value, time))
            compare(tune, text, times, layout, moving);
        if (tune->ahead != NONE)
            look_ahead(tune, text, times, layout, moving);
        if (tune->body && layout->lags == ECHOES)
            look_for_coming(tune, text, times, layout, moving);
    }
    tune->row = way->following;
    write_symbols(tune, character, time, layout, symbols);
}

static int64_t beat_of(const Tune *tune, int64_t time)
{
    int64_t since = most(time - tune->began, 0);
    int quarters = !tune->compound && tune->size % (WHOLE / 4) == 0;
    if (!since || since >= tune->size)
        return 0;
    if (2 * since == tune->size && !(quarters && tune->size % (WHOLE / 2)))
        return 1;
    return since % (quarters ? WHOLE / 4 : WHOLE / 8) == 0 ? 2 : 3;
}

/* Return how many letters one is above another, 0 to 6. */
static int64_t letters_between(int64_t below, int64_t letter)
{
    return ((letter - below) % OF_OCTAVE + OF_OCTAVE) % OF_OCTAVE;
}

/* Return the number of a length: none, less than an eighth, one, up to a quarter, longer. */
static int64_t length_of(int64_t ticks)
{
    const int64_t eighth = EIGHTH * RASTER;
    return (ticks > 0) + (ticks >= eighth) + (ticks > eighth) + (ticks > 2 * eighth);
}

/* Return the row of what leads to a note that is known, or from another than the last one. */
static int64_t leading(const Tune *tune, int64_t time)
{
    const int64_t style = tune->style - 1, joins = time <= tune->began ? tune->leads_in : 0;
    const int64_t known = tune->middle ? tune->middle : tune->first;
    const int64_t goal = joins ? joins : known ? known : tune->leads_out;
    const int64_t away = least(most(goal - tune->step, -MOST_AWAY), MOST_AWAY) + MOST_AWAY;
    const int64_t ends = tune->began + (tune->middle ? tune->size / 2 : tune->size);
    const int64_t left = most(ends - time, 0) / RASTER;
    const int64_t near = least((left + EIGHTH - 1) / EIGHTH, LEADINGS - 1);
    const int64_t section = least(tune->sections, MOST_SECTIONS - 1);
    int64_t which = 0;
    if (!goal)
        return 0;
    if (!tune->middle)
        which = !tune->first ? GOALS - 1 : tune->lengths[section] - tune->in_section == 1;
    if (joins)
        return JOINS_AT + style * STEPS_AWAY + away;
    return LEADS_AT + ((style * GOALS + which) * LEADINGS + near) * STEPS_AWAY + away;
}

/* Write the rows of what the next step is chosen by everywhere. */
static void write_stepping(const Tune *tune, int64_t beat, int64_t time, int32_t *rows)
{
    const int64_t style = tune->style - 1, step = tune->step, key = most(tune->key - 1, 0);
    const int64_t before = change_of(tune->third, tune->second);
    const int64_t last = change_of(tune->second, step);
    const int64_t first = change_of(tune->fourth, tune->third), mode = key % MODES;
    const int64_t way = last == NO_CHANGE ? 1 : (last >= MOST_CHANGE) + (last > MOST_CHANGE);
    const int64_t tonic = letters_between(0, 4 * (key / MODES - FIFTHS_OF[mode]));
    const int64_t degree = letters_between(tonic, step - 1);
    const int64_t bars_left = tune->lengths[least(tune->sections, MOST_SECTIONS - 1)] - tune->in_section;
    const int64_t which = (style * 2 + (tune->sections >= tune->planned - 1)) * BARS_LEFT +
                          least(most(bars_left, 0), BARS_LEFT - 1);
    const int64_t above = step - (MIDDLE + tonic) - LOWEST_LEVEL;
    const int64_t rise = (((style * MODES + mode) * (LETTERS - 1) + degree) * BEATS + beat) * WAYS;
    const int64_t pace = (style * BEATS + beat) * LENGTHS + length_of(time - tune->onset);
    const int64_t stage = style * STAGES + least(tune->number / 2, STAGES - 1);
    int32_t after_one = 0;
    rows[MOVING] = (int32_t)(MOVES_AT + (style * CHANGES + before) * CHANGES + last);
    rows[TURNING] = (int32_t)(
        TURNS_AT + ((style * CHANGES + first) * CHANGES + before) * CHANGES + last);
    rows[RISING] = (int32_t)(RISES_AT + rise + way);
    rows[PACING] = (int32_t)(PACES_AT + pace * CHANGES + last);
    rows[STANDING] = (int32_t)(HEIGHTS_AT + which * LEVELS + least(most(above, 0), LEVELS - 1));
    rows[LEADING] = (int32_t)leading(tune, time);
    rows[STEP] = (int32_t)step;
    for (int64_t other = 0; other < CHANGES; other++)
        after_one |= tune->recalled[other * CHANGES + last];
    rows[RECALLING] = (int32_t)(1 + stage);
    rows[RECALLED] = after_one | tune->recalled[before * CHANGES + last] << CHANGES;
}

/* Return the number of the size of a bar. */
static int64_t size_of(const Tune *tune)
{
    if (tune->compound)
        return tune->size == 3 * WHOLE / 4 ? 3 : SIZES_OF_BARS - 1;
    return tune->size == WHOLE / 2       ? 0
           : tune->size == 3 * WHOLE / 4 ? 1
           : tune->size == WHOLE         ? 2
                                         : SIZES_OF_BARS - 1;
}

/* Return the row of how long a note may be that has just begun. */
static int64_t lasting(const Tune *tune)
{
    const int64_t since = most(tune->onset - tune->began, 0), eighth = EIGHTH * RASTER;
    const int64_t place = since % eighth ? PLACES - 1 : least(since / eighth, PLACES - 2);
    const int64_t at = ((tune->style - 1) * SIZES_OF_BARS + size_of(tune)) * PLACES + place;
    const int64_t above = letters_between(tune->root, letter_of(tune->step));
    const int64_t concord = !tune->root ? 0 : above == 0 || above == 2 || above == 4 ? 1 : 2;
    return LASTS_AT + (at * LENGTHS + length_of(tune->held)) * CONCORDS + concord;
}

/* Return what the end of a section is: before another, before a repeat, of the tune. */
static int64_t end_of(const Tune *tune)
{
    return tune->sections >= tune->planned - 1 ? 2 : tune->form == REPEATED;
}

/* Return how far the cadence of a section is, and write the row of the chord that is due. */
static int64_t cadence(const Tune *tune, int32_t *row)
{
    const int64_t section = least(tune->sections, MOST_SECTIONS - 1), root = tune->root;
    const int64_t before = tune->befores[section], close = tune->closes[section];
    const int64_t left = tune->lengths[section] - tune->in_section;
    const int begun = !before || root == before;
    int64_t due;
    *row = 0;
    if (!close || (left != 0 && left != 1) || tune->form == FIRST)
        return 0;
    due = begun || (!left && root == close) ? close : before;
    if (due < LETTERS)
        *row = (int32_t)(
            DUES_AT + ((end_of(tune) * 2 + left) * 2 + begun) * (LETTERS - 1) + due - 1);
    return left ? 2 - begun : 3 + (begun ? 0 : root == close ? 1 : 2);
}

/* Return the number of so many 1/32 notes left, as in CLOSE. */
static int64_t closeness_of(int64_t left)
{
    int64_t close = 0;
    while (close < CLOSENESSES - 1 && left >= CLOSE[close])
        close++;
    return close;
}

/* Return the row of how a phrase ends within a section, by the time left. */
static int64_t pausing(const Tune *tune, int64_t time)
{
    const int64_t left = most(tune->size - (time - tune->began), 0) / RASTER;
    const int64_t sized =
        ((tune->style - 1) * SIZES_OF_BARS + size_of(tune)) * CLOSENESSES + closeness_of(left);
    const int64_t key = most(tune->key - 1, 0), fifths = FIFTHS_OF[key % MODES];
    const int64_t tonic = letters_between(0, 4 * (key / MODES - fifths));
    return PAUSES_AT + sized * TONALITIES + (fifths <= DORIAN) * (LETTERS - 1) + tonic;
}

/* Write the rows of how a section ends, with so much time left. */
static void write_closing(const Tune *tune, int64_t time, int64_t left, int32_t *rows)
{
    int64_t target = tune->targets[least(tune->sections, MOST_SECTIONS - 1)];
    int64_t which = (tune->style - 1) * ENDS_OF_SECTIONS + end_of(tune);
    int64_t sized = which * SIZES_OF_BARS + size_of(tune);
    if (target >= 1 && target < LETTERS) {
        int64_t when = which * LANDINGS + least((left + EIGHTH - 1) / EIGHTH, LANDINGS - 1);
        rows[CLOSING] = (int32_t)(
            CLOSES_AT + ((sized * 2 + (time <= tune->began)) * CLOSENESSES + closeness_of(left)) * (LETTERS - 1) +
                         target - 1);
        if (tune->step)
            rows[LANDING] = (int32_t)(LANDS_AT + when * (LETTERS - 1) +
                                      letters_between(target - 1, tune->step - 1));
    }
    if (tune->sounding)
        rows[HOLDING] = (int32_t)(
            HOLDS_AT +
            ((sized * 2 + (tune->onset <= tune->began)) * HOLDINGS + least(left / EIGHTH, HOLDINGS - 1)) * 2 +
            (letter_of(tune->step) == target));
}

/* Write the rows of how far a tune reaches, where a section ends or elsewhere. */
static void write_reaching(const Tune *tune, int ends, int32_t *rows)
{
    int64_t style = tune->style - 1, step = tune->step, later = tune->sections > 0, way;
    const int64_t lowest = tune->lowest ? least(tune->lowest, step) : step;
    const int over = ends && tune->sections >= tune->planned - 1;
    int not_yet = !step || lowest > tune->low;
    way = ((style * 2 + not_yet) * 2 + later) * 2 + ends;
    /* Where the tune ends it need not leap to what has not come. */
    if (!(over && not_yet))
        rows[REACHING_DOWN] = (int32_t)(
            DOWNS_AT + (way * STEPS + tune->low) * BELOWS +
            least(most(step ? step : STEPS, BELOW), BELOW + BELOWS - 1) - BELOW);
    not_yet = most(tune->highest, step) < tune->high;
    way = ((style * 2 + not_yet) * 2 + later) * 2 + ends;
    if (!(over && not_yet))
        rows[REACHING_UP] = (int32_t)(UPS_AT + (way * STEPS + tune->high) * ABOVES +
                                      least(most(step, ABOVE), ABOVE + ABOVES - 1) - ABOVE);
}

/* Return the flattest note of a key, in fifths up from F; as in C if there is no key. */
static int64_t flattest_of(const Tune *tune)
{
    return tune->key ? (tune->key - 1) / MODES - MOST_FIFTHS : 0;
}

/* Return by which accidental a chord alters a letter of the key, 0 if it does not, and write the letter. */
static int64_t altered_by(const Tune *tune, int64_t *letter)
{
    const int64_t flattest = flattest_of(tune), base = tune->base;
    const int64_t tones[2] = {base, base + (tune->minor ? -3 : 4)};
    *letter = 0;
    if (!tune->key || !tune->root)
        return 0;
    for (int third = 0; third < 2; third++) {
        const int64_t tone = tones[third];
        if (tone >= flattest && tone < flattest + OF_OCTAVE)
            continue;
        *letter = 1 + (tune->root - 1 + 2 * third) % OF_OCTAVE;
        return tone >= 0 && tone < OF_OCTAVE ? RESTORES : tone > 0 ? RAISES : LOWERS;
    }
    return 0;
}

/* Write the row of whether a chord comes, by how the last one goes with what is known to. */
static void write_renewal(const Tune *tune, int half, int32_t *rows)
{
    int64_t letters = 0, fitting = 0, state;
    if (tune->fresh || !tune->covered)
        return;
    for (int letter = 0; letter < OF_OCTAVE; letter++) {
        const int64_t above = letters_between(tune->root - 1, letter);
        if (!(tune->covered >> letter & 1))
            continue;
        letters++;
        fitting += tune->root && (above == 0 || above == 2 || above == 4);
    }
    state = (fitting > 0) + (2 * fitting >= letters) + (fitting == letters);
    rows[RENEWING] = (int32_t)(RENEWS_AT + (tune->kind * 2 + half) * RENEWALS +
                               (tune->root ? 1 + state : 0));
}

/* Write the rows of what comes next over the last chord, where no accidental stands. */
static void write_harmony(const Tune *tune, int64_t beat, int32_t *rows)
{
    const int64_t style = tune->style - 1, slot = slot_of(tune), flattest = flattest_of(tune);
    int64_t place = 2 * (tune->kind > NEW) + (slot != NONE && tune->themes[slot]), letter, need;
    const int64_t sign = altered_by(tune, &letter), has = sign && tune->altered >> letter & 1;
    int32_t due;
    place = (style * SORTS + place) * RELATIONS;
    if (sign)
        place += 1 + 2 * (letter != tune->root) + has;
    place = (place * 2 + tune->seventh) * 2 + tune->fresh;
    rows[HARMONY] = (int32_t)(TONES_AT + (place * BEATS + beat) * LETTERS + tune->root);
    need = has ? NEEDS - 1 : sign ? 2 + sign : (flattest >= 0) + (flattest > 0);
    rows[STARTING] = (int32_t)(STARTS_AT + (style * NEEDS + need) * BEATS + beat);
    if (tune->style == STYLES) {
        const int64_t state = cadence(tune, &due);
        rows[CADENCE] = (int32_t)(CHORDS_AT + (state * BEATS + beat) * MOST_CHORDS +
                                  least(tune->chords, MOST_CHORDS - 1));
    }
}

/* Write the rows of which note comes behind an accidental. */
static void write_accidental(const Tune *tune, int32_t *rows)
{
    const int64_t which = tune->sign - 1, signature = most(tune->key - 1, 0) / MODES + (tune->key > 0);
    int64_t letter, needed = altered_by(tune, &letter), altered = LETTERS - 1;
    int64_t place = (tune->style - 1) * ACCIDENTALS + which;
    if (needed)
        rows[HARMONY] = (int32_t)(
            ALTERS_AT + (which * 2 + (tune->sign == needed)) * LETTERS + letter);
    while (altered && !(tune->altered >> altered & 1))
        altered--; /* the highest letter, if there are several */
    place = place * LETTERS + altered;
    rows[STARTING] = (int32_t)(INFLECTS_AT + place * SIGNATURES + signature);
}

/* Return the row of whether an ending begins, at the beginning of a bar. */
static int64_t forking(const Tune *tune)
{
    int64_t state = 0;
    if (tune->form == REPEATED && tune->in_section > 1) {
        const int64_t section = least(tune->sections, MOST_SECTIONS - 1);
        state = 1 + least(most(tune->lengths[section] - tune->in_section, 0), ENDINGS - 2);
    }
    return FORKS_AT + (tune->style - 1) * ENDINGS + state;
}

/* Return whether a bar is one of the last two of a section that is not the first. */
static int closes(const Tune *tune)
{
    const int64_t left = tune->lengths[least(tune->sections, MOST_SECTIONS - 1)] - tune->in_section;
    return tune->sections > 0 && (left == 0 || left == 1);
}

/* Write in what situation a tune is. */
static void write_situation(const Tune *tune, int64_t time, int32_t *rows)
{
    int64_t style = tune->style - 1, left = NONE, beat, kind = tune->kind;
    const int goes_like = kind == COPY || kind == MOVED;
    const int half = 2 * (time - tune->began) >= tune->size;
    memset(rows, 0, SITUATIONS * sizeof *rows);
    if (!tune->body || !tune->planned)
        return;
    if (tune->within > BEGUN) {
        if (tune->within <= AT_SIGN) {
            /* As GOES_LIKE numbers them. */
            const int64_t like = kind == COPY ? 1 : kind == MOVED ? 2 : 0;
            rows[HARMONY] = (int32_t)(
                QUALITIES_AT + ((like * KEYS + tune->key) * LETTERS + tune->root) * 2 +
                (tune->within == AT_SIGN));
        }
        return;
    }
    if (!kind && closes(tune))
        kind = CLOSING_BAR;
    rows[ECHOING] = (int32_t)(1 + (kind * 2 + tune->within) * 2 + half);
    if (tune->within && tune->coming) {
        const int64_t fit = tune->kind * 2 + half;
        rows[CLOSING] = (int32_t)(FITS_AT + fit * (LETTERS - 1) + letter_of(tune->coming) - 1);
        rows[STARTING] = (int32_t)(COVERS_AT + fit * SETS_OF_LETTERS + tune->covered);
    }
    if (tune->within) {
        if (!goes_like) {
            rows[HARMONY] = (int32_t)(
                ROOTS_AT + (tune->key * LETTERS + tune->root) * 2 + (tune->chords == 1));
            cadence(tune, &rows[CADENCE]);
        }
        return;
    }
    if (tune->coming) {
        int64_t letter, is_signed = tune->coming_signed;
        if (tune->sign)
            is_signed = BEHIND_A_SIGN;
        else if (altered_by(tune, &letter) && letter == letter_of(tune->coming) &&
                 !(tune->altered >> letter & 1))
            is_signed = TO_BE_SIGNED;
        rows[FOLLOWING] = (int32_t)(
            FOLLOWS_AT + ((tune->kind * 2 + half) * SIGNED + is_signed) * STEPS + tune->coming);
    }
    if (tune->octave)
        rows[MARKING] = (int32_t)(MARKS_AT + tune->octave - 1);
    if (tune->style == STYLES && !tune->sign)
        write_renewal(tune, half, rows);
    if (tune->sign)
        write_accidental(tune, rows);
    else if (time <= tune->began && !tune->chords)
        rows[LASTING] = (int32_t)forking(tune);
    if (goes_like)
        return;
    beat = beat_of(tune, time);
    if (tune->step)
        write_stepping(tune, beat, time, rows);
    else
        rows[CLOSING] = (int32_t)(OPENS_AT + style * KEYS + tune->key);
    if (!tune->sign)
        write_harmony(tune, beat, rows);
    if (tune->sounding)
        rows[LASTING] = (int32_t)lasting(tune);
    if (tune->form != FIRST &&
        tune->lengths[least(tune->sections, MOST_SECTIONS - 1)] == tune->in_section) {
        left = most(tune->size - (time - tune->began) - tune->pickup, 0) / RASTER;
        write_closing(tune, time, left, rows);
    } else if (tune->step && tune->in_section % PHRASE == 0)
        rows[CLOSING] = (int32_t)pausing(tune, time);
    if (tune->low && tune->high)
        write_reaching(tune, left != NONE && left <= LAST, rows);
}

PyDoc_STRVAR(situate_doc,
"situate(tunes, texts, situations)\n--\n\n"
"Write in what situation each of N tunes is.");

static PyObject *situate_all(PyObject *module, PyObject *arguments)
{
    enum { TUNES, TEXTS, WRITTEN, GIVEN };
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    int held = 0;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOO", &objects[TUNES], &objects[TEXTS], &objects[WRITTEN]))
        return NULL;
    for (; held < GIVEN; held++)
        if (PyObject_GetBuffer(objects[held], &of[held],
                               PyBUF_C_CONTIGUOUS | (held == WRITTEN ? PyBUF_WRITABLE : 0)))
            goto done;
    {
        const Py_ssize_t count = of[TUNES].len / (Py_ssize_t)sizeof(Tune);
        const Py_ssize_t room = count ? of[TEXTS].len / count / 2 / 8 : 0;
        const Tune *tunes = of[TUNES].buf;
        const int64_t *texts = of[TEXTS].buf;
        if (of[TUNES].len != count * (Py_ssize_t)sizeof(Tune) ||
            of[TEXTS].len != count * 2 * room * 8 || of[WRITTEN].len != count * SITUATIONS * 4) {
            PyErr_SetString(PyExc_ValueError, SIZES);
            goto done;
        }
        for (Py_ssize_t n = 0; n < count; n++) {
            const int64_t length = tunes[n].length, *times = texts + (2 * n + 1) * room;
            if (length < 0 || length > room) {
                PyErr_Format(PyExc_IndexError, "tune %zd is longer than its text", n);
                goto done;
            }
            write_situation(&tunes[n], length ? times[length - 1] : 0,
                            (int32_t *)of[WRITTEN].buf + SITUATIONS * n);
        }
        result = Py_NewRef(Py_None);
    }
done:
    while (held--)
        PyBuffer_Release(&of[held]);
    return result;
}

PyDoc_STRVAR(read_doc,
"read(tunes, beginning, texts, ways, layout, moving, characters, symbols)\n--\n\n"
"Read a character of each of N tunes and write its symbols.\n\n"
"Returns the first tune in whose state it is not known what its character does; nothing is read\n"
"then. Else -1. See `abcgen.model.factors.readers`.");

static PyObject *read_all(PyObject *module, PyObject *arguments)
{
    enum { TUNES, BEGINNING, TEXTS, WAYS, LAYOUT, MOVING, CHARACTERS, SYMBOLS, GIVEN };
    static const int written[GIVEN] = {[TUNES] = 1, [TEXTS] = 1, [SYMBOLS] = 1};
    PyObject *objects[GIVEN], *result = NULL;
    Py_buffer of[GIVEN];
    int held = 0;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOOOOO", &objects[TUNES], &objects[BEGINNING],
                          &objects[TEXTS], &objects[WAYS], &objects[LAYOUT],
                          &objects[MOVING], &objects[CHARACTERS], &objects[SYMBOLS]))
        return NULL;
    for (; held < GIVEN; held++)
        if (PyObject_GetBuffer(objects[held], &of[held],
                               PyBUF_C_CONTIGUOUS | (written[held] ? PyBUF_WRITABLE : 0)))
            goto done;
    {
        const Py_ssize_t count = of[TUNES].len / (Py_ssize_t)sizeof(Tune);
        const Py_ssize_t rows = of[WAYS].len / (Py_ssize_t)sizeof(Way);
        const Py_ssize_t room = count ? of[TEXTS].len / count / 2 / 8 : 0;
        Tune *tunes = of[TUNES].buf;
        const Way *ways = of[WAYS].buf;
        const int64_t *characters = of[CHARACTERS].buf;
        int64_t *texts = of[TEXTS].buf;
        int32_t *symbols = of[SYMBOLS].buf;
        int64_t vocabulary, columns;
        if (of[TUNES].len != count * (Py_ssize_t)sizeof(Tune) ||
            of[BEGINNING].len != sizeof(Tune) || of[LAYOUT].len != sizeof(Layout) ||
            of[TEXTS].len != count * 2 * room * 8 || of[CHARACTERS].len != count * 8 ||
            of[MOVING].len != (MOVES + 3) * 8 * *(const int64_t *)of[LAYOUT].buf ||
            of[SYMBOLS].len != count * 4 * ((const Layout *)of[LAYOUT].buf)->columns) {
            PyErr_SetString(PyExc_ValueError, SIZES);
            goto done;
        }
        vocabulary = ((const Layout *)of[LAYOUT].buf)->characters;
        columns = ((const Layout *)of[LAYOUT].buf)->columns;
        for (Py_ssize_t n = 0; n < count; n++) {
            int64_t row = tunes[n].row;
            if (characters[n] < 0 || characters[n] >= vocabulary || row < 0 ||
                row > rows - vocabulary) {
                PyErr_Format(PyExc_IndexError, "%lld is no character of %lld",
                             (long long)characters[n], (long long)vocabulary);
                goto done;
            }
            if (tunes[n].length < 0 || tunes[n].length + 1 >= room) {
                PyErr_Format(PyExc_IndexError, "no room for another character of tune %zd", n);
                goto done;
            }
            if (ways[row + characters[n]].following < 0) {
                result = PyLong_FromSsize_t(n);
                goto done;
            }
        }
        for (Py_ssize_t n = 0; n < count; n++) {
            int64_t *text = texts + 2 * room * n;
            read_character(&tunes[n], of[BEGINNING].buf, text, text + room,
                           &ways[tunes[n].row + characters[n]], characters[n],
                           of[LAYOUT].buf, of[MOVING].buf, symbols + columns * n);
        }
        result = PyLong_FromLong(-1);
    }
done:
    while (held--)
        PyBuffer_Release(&of[held]);
    return result;
}

static PyMethodDef methods[] = {
    {"read", read_all, METH_VARARGS, read_doc},
    {"situate", situate_all, METH_VARARGS, situate_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_readers", "Many tunes side by side, with their factors.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__readers(void)
{
    PyObject *module = PyModule_Create(&definition);
    /* The version of abcgen that it was compiled for, since a newer one may number otherwise. */
    if (module && PyModule_AddStringConstant(module, "version", ABCGEN_VERSION)) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
