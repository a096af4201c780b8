"""The columns of a situation, and the rows of the tables of habits that they name.

See `abcgen.model.factors.situations`.
"""

from abcgen.model.factors.lexing import KEYS, MOST_FIFTHS, WHOLE
from abcgen.model.factors.plan import COPY, KINDS, LETTERS, MOVED, NEW, STEPS
from abcgen.notation.keys import MODES

#: The columns of what characters are chosen by. What the bar is made of, the beat, the chord so
#: far, and whether it is of the key; or, behind an accidental, which letter the chord alters; or,
#: in a chord symbol, the chord before or the root. How far a cadence is, the beat and the chords
#: of the bar, or which chord is due. Which accidental may be needed, and the beat; or, behind one,
#: which it is, and the key; or, where a chord symbol has begun, the letters that will be heard
#: with it. In a bar that is made of another: where a chord symbol may come, how the last chord
#: goes with the notes of the next half bar; the next note; and behind that its octave mark. In the
#: last bar of a section, or of another phrase or a first ending, the time left; or the key before
#: the first note; or the note that a new chord will be heard with. In last bars, where a note has
#: just begun, how long it may be. Where in the bar such a note began, and the length of the one
#: before; or, at the beginning of a bar, whether an ending may begin. How far the tune reaches
#: down, and up.
(
    HARMONY,
    CADENCE,
    STARTING,
    RENEWING,
    FOLLOWING,
    MARKING,
    CLOSING,
    HOLDING,
    LASTING,
    REACHING_DOWN,
    REACHING_UP,
) = range(11)
#: The columns of what the next step is chosen by: the last two changes of step; the last three;
#: the degree of the last note, the beat and the way of the last change; how long it is since that
#: note began, the beat and the last change; how high it is and the bars left in a section; a note
#: that is known, how far it is and the time until then; in the last bar of a section the time left
#: and where its last note is. The note that is known begins the next bar; or the second half of a
#: bar that ends like another; or a bar that will come behind this one; or, at the beginning of a
#: bar, it ends one that will come before it.
MOVING, TURNING, RISING, PACING, STANDING, LEADING, LANDING = range(11, 18)
#: The other columns: the last step; the bars so far, and which changes of step have followed the
#: last one earlier in the tune; what kind of bar echoes are heard in.
STEP, RECALLING, RECALLED, ECHOING = range(18, 22)
SITUATIONS = 22
BY_CHARACTER, BY_STEP = slice(HARMONY, MOVING), slice(MOVING, STEP)
#: Kinds of bars that go as others do from beginning to end.
GOES_LIKE = (COPY, MOVED)
#: Stands for the kind of a new bar that is one of the last two of a later section: it often has the
#: rhythm with which an earlier one ended. Other new bars are of kind 0.
CLOSING_BAR = NEW
#: With chords or without: the styles of a plan.
STYLES = 2
#: Steps between notes that are distinguished, up and down; `NO_CHANGE` stands for none yet.
MOST_CHANGE = 5
NO_CHANGE = 2 * MOST_CHANGE + 1
CHANGES = NO_CHANGE + 1
#: Steps to the next note that are distinguished, up and down.
MOST_AWAY = 8
STEPS_AWAY = 2 * MOST_AWAY + 1
#: The way of the last change: down, none, up.
WAYS = 3
#: Times in a bar: its beginning, its middle, another beat, between beats.
BEATS = 4
#: Chords of a bar that are distinguished: none yet, one, more.
MOST_CHORDS = 3
#: The time left in a section is told in steps at these numbers of 1/32 notes; or, as that in a bar,
#: in eighths, of which a part counts as one where a note begins that may be the last.
CLOSE = (1, 3, 5, 7, 9, 13, 17, 25, 33)
CLOSENESSES = len(CLOSE) + 1
EIGHTH = 4
#: Bars of a phrase. Keys are distinguished there by their tonic and whether they are minor.
PHRASE = 4
TONALITIES = 2 * (LETTERS - 1)
#: Ticks of a bar, and whether it counts in dotted beats -> the number of its size.
SIZES_OF = {(WHOLE // 2, 0): 0, (3 * WHOLE // 4, 0): 1, (WHOLE, 0): 2, (3 * WHOLE // 4, 1): 3}
FIFTHS_OF = tuple(MODES.values())
#: The ends of sections that are distinguished: before another one, before a repeat, of the tune.
#: Before another one a bar may lack the pickup of that, so the time left is not certain.
ENDS_OF_SECTIONS = 3
#: How far a cadence is: not begun; in the last bar but one, whether its first chord has come; in
#: the last bar, whether the first has, the last, or neither.
CADENCES = 6
#: Bars that are distinguished by what they are made of: nothing or something, each with and without
#: later bars that are made of them.
SORTS = 4
#: How a chord relates to the key: it is of it; it is not for its root, or for its third, and the
#: letter of that has no accidental in this bar yet, or has one.
RELATIONS = 5
#: How the last chord goes with the letters of half a bar: there is none; none of these is of it,
#: less than half of them, half or more, all.
RENEWALS = 5
#: What tells apart bars of which the qualities of chords are asked: those that go like another, by
#: how, and others.
LIKE = 1 + len(GOES_LIKE)
#: Which accidental may be needed: none, in a key with flats, with neither, or with sharps; for the
#: chord one of the three, by number; none any more, for it has come.
NEEDS = 7
#: Sets of letters, each told in as many bits as there are letters.
SETS_OF_LETTERS = 1 << LETTERS - 1
#: Accidentals of notes; and keys by their sharps or flats, of which 0 is none.
ACCIDENTALS = 3
SIGNATURES = 2 + 2 * MOST_FIFTHS
#: Whether the note that comes in another bar has no accidental, or has one; or one stands here; or
#: the chord here alters that note, and no accidental has come yet.
SIGNED = 4
BEHIND_A_SIGN, TO_BE_SIGNED = 2, 3
#: The octave mark that a note has in another bar: none, a comma, an apostrophe.
OCTAVES = 3
#: Where an ending may begin: in no repeat; in one, by the bars that are left in the section after
#: this one.
ENDINGS = 6
#: Whether a note is of the chord: no chord, of it, not of it.
CONCORDS = 3
OF_CHORD = (0, 2, 4)
#: Where so much is left, the next note is one of the last.
LAST = 3 * EIGHTH
LANDINGS = 8
#: Eighths up to a note that is known, with which the next bar begins or half a bar ends; one with
#: which the last bar of a section begins; or one that will come behind this bar.
LEADINGS = 9
GOALS = 3
HOLDINGS = 11
#: Lengths of notes that are distinguished: none, less than an eighth, an eighth, up to a quarter,
#: longer; sizes of bars: 2/4, 3/4, 4/4, 6/8, others; places in a bar in eighths, and others.
LENGTHS = 5
SIZES = 5
PLACES = 13
#: Steps of a note above the tonic that are distinguished, from the lowest; and bars left in a
#: section.
LEVELS, LOWEST_LEVEL = 24, -8
BARS_LEFT = 4
#: Bars so far that are distinguished, two by two.
STAGES = 8
#: The last change but one and the last, by number.
FIGURES = CHANGES * CHANGES
#: Whether a letter will have an octave mark, as notes below C and above b do, is guessed by the
#: last note: these are its first step that is distinguished, and how many are.
FEW_BELOW, BELOWS = 11, 8
FEW_ABOVE, ABOVES = 25, 9

#: The first row of each kind, by character, and the rows that there are.
TONES = 1
STARTS = TONES + STYLES * SORTS * RELATIONS * 2 * 2 * BEATS * LETTERS
ALTERS = STARTS + STYLES * NEEDS * BEATS
INFLECTS = ALTERS + ACCIDENTALS * 2 * LETTERS
FORKS = INFLECTS + STYLES * ACCIDENTALS * LETTERS * SIGNATURES
FOLLOWS = FORKS + STYLES * ENDINGS
MARKS = FOLLOWS + KINDS * 2 * SIGNED * STEPS
ROOTS = MARKS + OCTAVES
CHORDS = ROOTS + KEYS * LETTERS * 2
DUES = CHORDS + CADENCES * BEATS * MOST_CHORDS
QUALITIES = DUES + ENDS_OF_SECTIONS * 2 * 2 * (LETTERS - 1)
FITS = QUALITIES + LIKE * KEYS * LETTERS * 2
COVERS = FITS + KINDS * 2 * (LETTERS - 1)
RENEWS = COVERS + KINDS * 2 * SETS_OF_LETTERS
OPENS = RENEWS + KINDS * 2 * RENEWALS
CLOSES = OPENS + STYLES * KEYS
PAUSES = CLOSES + STYLES * ENDS_OF_SECTIONS * SIZES * 2 * CLOSENESSES * (LETTERS - 1)
HOLDS = PAUSES + STYLES * SIZES * CLOSENESSES * TONALITIES
LASTS = HOLDS + STYLES * ENDS_OF_SECTIONS * SIZES * 2 * HOLDINGS * 2
DOWNS = LASTS + STYLES * SIZES * PLACES * LENGTHS * CONCORDS
UPS = DOWNS + STYLES * 8 * STEPS * BELOWS
ROWS = UPS + STYLES * 8 * STEPS * ABOVES
#: The same by the next step.
MOVES = 1
TURNS = MOVES + STYLES * CHANGES * CHANGES
RISES = TURNS + STYLES * CHANGES * FIGURES
PACES = RISES + STYLES * len(MODES) * (LETTERS - 1) * BEATS * WAYS
HEIGHTS = PACES + STYLES * BEATS * LENGTHS * CHANGES
LEADS = HEIGHTS + STYLES * 2 * BARS_LEFT * LEVELS
JOINS = LEADS + STYLES * GOALS * LEADINGS * STEPS_AWAY
LANDS = JOINS + STYLES * STEPS_AWAY
STEP_ROWS = LANDS + STYLES * ENDS_OF_SECTIONS * LANDINGS * (LETTERS - 1)
#: Kinds of bars in which echoes are heard, `CLOSING_BAR` among them: in notes, and in the letters
#: of chords; in either half.
ECHOINGS = KINDS * 2 * 2
