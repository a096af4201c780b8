"""In what situation the harmony of a tune is: chords, and the notes and accidentals over them.

See `abcgen.model.factors.situations`.
"""

from abcgen.model.factors.layout import (
    AT_SIGN,
    BEGUN,
    LOWERS,
    RAISES,
    RESTORES,
    letter_of,
    slot_of,
)
from abcgen.model.factors.lexing import KEYS, MOST_FIFTHS, WHOLE
from abcgen.model.factors.melody import Melody
from abcgen.model.factors.plan import LETTERS, NEW, PlanTable
from abcgen.model.factors.position import FIRST, NONE, REPEATED, Bars
from abcgen.model.factors.rows import (
    ACCIDENTALS,
    ALTERS,
    BEATS,
    CADENCE,
    CHORDS,
    CLOSING,
    COVERS,
    DUES,
    FIFTHS_OF,
    FITS,
    GOES_LIKE,
    HARMONY,
    INFLECTS,
    MOST_CHORDS,
    NEEDS,
    OF_CHORD,
    QUALITIES,
    RELATIONS,
    RENEWALS,
    RENEWING,
    RENEWS,
    ROOTS,
    SETS_OF_LETTERS,
    SIGNATURES,
    SORTS,
    STARTING,
    STARTS,
    STYLES,
    TONES,
)
from abcgen.notation.keys import MODES

#: Letters and fifths of a scale, and the fifths up to a third.
_OF_SCALE = 7
_MAJOR_THIRD, _MINOR_THIRD = 4, -3
#: The fifths of dorian in `MODES`: modes of so many or fewer are minor.
_DORIAN = -2


def tell_chord(
    rows: list[int],
    bars: Bars,
    table: PlanTable,
    kind: int,
    half: bool,
    heard: tuple[int, int, int],
    melody: Melody,
) -> None:
    """Write the rows of which chord comes after the last one, and of what it is written with."""
    _, root, within = heard
    if within > BEGUN:
        if within <= AT_SIGN:
            signed = within == AT_SIGN
            like = 1 + GOES_LIKE.index(kind) if kind in GOES_LIKE else 0
            rows[HARMONY] = QUALITIES + ((like * KEYS + bars.key) * LETTERS + root) * 2 + signed
        return
    if melody.coming:
        fit = kind * 2 + half
        rows[CLOSING] = FITS + fit * (LETTERS - 1) + letter_of(melody.coming) - 1
        rows[STARTING] = COVERS + fit * SETS_OF_LETTERS + melody.covered
    if kind not in GOES_LIKE:
        rows[HARMONY] = ROOTS + (bars.key * LETTERS + root) * 2 + (melody.chords == 1)
        _, rows[CADENCE] = _cadence(bars, table, root)


def tell_renewal(rows: list[int], kind: int, half: bool, root: int, melody: Melody) -> None:
    """Write the row of whether a chord comes, by how the last one goes with what is known to."""
    if melody.fresh or not melody.covered:
        return
    of_chord = sum(1 << (root - 1 + above) % _OF_SCALE for above in OF_CHORD) if root else 0
    letters, fitting = melody.covered.bit_count(), (melody.covered & of_chord).bit_count()
    fits = (fitting > 0) + (2 * fitting >= letters) + (fitting == letters)
    rows[RENEWING] = RENEWS + (kind * 2 + half) * RENEWALS + (1 + fits if root else 0)


def tell_harmony(
    rows: list[int],
    bars: Bars,
    table: PlanTable,
    kind: int,
    beat: int,
    root: int,
    melody: Melody,
) -> None:
    """Write the rows of what comes next over the last chord, where no accidental stands."""
    slot, style = slot_of(bars), table.whole[3]
    sort = 2 * (kind > NEW) + (slot != NONE and table.themes[slot])
    sign, above = _altered_by(bars.key, root, melody)
    has = sign and melody.altered >> _letter(root, above) & 1
    relation = 1 + 2 * (above > 0) + has if sign else 0
    place = (((style - 1) * SORTS + sort) * RELATIONS + relation) * 2 + melody.seventh
    rows[HARMONY] = TONES + ((place * 2 + melody.fresh) * BEATS + beat) * LETTERS + root
    flattest = _flattest(bars.key)
    need = NEEDS - 1 if has else 2 + sign if sign else (flattest >= 0) + (flattest > 0)
    rows[STARTING] = STARTS + ((style - 1) * NEEDS + need) * BEATS + beat
    if style == STYLES:
        state, _ = _cadence(bars, table, root)
        chords = min(melody.chords, MOST_CHORDS - 1)
        rows[CADENCE] = CHORDS + (state * BEATS + beat) * MOST_CHORDS + chords


def tell_accidental(
    rows: list[int], bars: Bars, table: PlanTable, root: int, melody: Melody
) -> None:
    """Write the rows of which note comes behind an accidental."""
    needed, above = _altered_by(bars.key, root, melody)
    which = melody.sign - 1
    if needed:
        needs = melody.sign == needed
        rows[HARMONY] = ALTERS + (which * 2 + needs) * LETTERS + _letter(root, above)
    signature = max(bars.key - 1, 0) // len(MODES) + (bars.key > 0)
    altered = max(melody.altered.bit_length() - 1, 0)  # the highest letter, if there are several
    place = ((table.whole[3] - 1) * ACCIDENTALS + which) * LETTERS + altered
    rows[STARTING] = INFLECTS + place * SIGNATURES + signature


def is_altered(bars: Bars, root: int, melody: Melody, step: int) -> bool:
    """Return whether a chord alters the letter of a step, and no accidental has come for it yet."""
    sign, above = _altered_by(bars.key, root, melody)
    return (
        sign > 0
        and letter_of(step) == _letter(root, above)
        and not (melody.altered >> letter_of(step) & 1)
    )


def _altered_by(key: int, root: int, melody: Melody) -> tuple[int, int]:
    """Return what a chord alters in a key: by which accidental, and how far above its root.

    Nothing, 0, if its root and its third are of the key.
    """
    if not (key and root):
        return 0, 0
    flattest = _flattest(key)
    third = melody.base + (_MINOR_THIRD if melody.minor else _MAJOR_THIRD)
    for above, tone in ((0, melody.base), (2, third)):
        if not flattest <= tone < flattest + _OF_SCALE:
            # Of F to B, without a sign; of those above; of those below.
            sign = RESTORES if 0 <= tone < _OF_SCALE else RAISES if tone > 0 else LOWERS
            return sign, above
    return 0, 0


def _letter(root: int, above: int) -> int:
    """Return the letter that is so many letters above another, from 1 for C."""
    return 1 + (root - 1 + above) % _OF_SCALE


def _flattest(key: int) -> int:
    """Return the flattest note of a key, in fifths up from F; as in C if there is no key."""
    return (key - 1) // len(MODES) - MOST_FIFTHS if key else 0


def _cadence(bars: Bars, table: PlanTable, root: int) -> tuple[int, int]:
    """Return how far the cadence of a section is, and the row of the chord that is due."""
    section = min(bars.sections, len(table.lengths) - 1)
    before, close = table.befores[section], table.closes[section]
    left = table.lengths[section] - bars.in_section
    if not close or left not in (0, 1) or bars.form == FIRST:
        return 0, 0
    begun = not before or root == before
    state = 2 - begun if left else 3 + (0 if begun else 1 if root == close else 2)
    due = close if begun or (not left and root == close) else before
    row = (end_of(bars, table) * 2 + left) * 2 + begun
    return state, DUES + row * (LETTERS - 1) + due - 1 if due < LETTERS else 0


def end_of(bars: Bars, table: PlanTable) -> int:
    """Return what the end of a section is, as in `ENDS_OF_SECTIONS`."""
    return 2 if bars.sections >= table.whole[0] - 1 else int(bars.form == REPEATED)


def tonic_of(key: int) -> tuple[int, int]:
    """Return the letter of the tonic of a key, 0 for C, and the number of its mode."""
    # Fifths up from F: a letter is four more than that of the fifth below.
    fifths, mode = divmod(max(key - 1, 0), len(MODES))
    return 4 * (fifths - FIFTHS_OF[mode]) % (LETTERS - 1), mode


def tonality_of(key: int) -> int:
    """Return the number of the tonic of a key and of whether that is minor, as in `TONALITIES`."""
    tonic, mode = tonic_of(key)
    return (FIFTHS_OF[mode] <= _DORIAN) * (LETTERS - 1) + tonic


def beat_of(bars: Bars, time: int) -> int:
    """Return where in a bar a time is: at its beginning, its middle, a beat, or between."""
    since = max(time - bars.began, 0)
    if not since or since >= bars.size:
        return 0
    quarters = not bars.compound and bars.size % (WHOLE // 4) == 0
    if 2 * since == bars.size and not (quarters and bars.size % (WHOLE // 2)):
        return 1
    return 2 if since % (WHOLE // 4 if quarters else WHOLE // 8) == 0 else 3
