"""One spelling for a tune: the text that networks learn and that tunebooks are written in.

The header holds X, T, R, M, L and K in this order. The body holds only what sounds; `|:` is always
written, the unit note length is 1/8 wherever possible, and lines end at bar lines. What is left
out (remarks, words, decorations, grace notes, slurs) does not change the notes of the tune.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from abcgen.errors import NotationError
from abcgen.grammar.alphabet import (
    FIRST_EDITION,
    GRID,
    LENGTHS,
    NEWEST_EDITION,
    SECOND_EDITION,
    read_pitch,
)
from abcgen.grammar.faults import Fault, NotCanonicalError, complaint, is_canonical
from abcgen.grammar.lines import Lines
from abcgen.grammar.mending import fill_last, mend
from abcgen.grammar.section_ends import complete_ends
from abcgen.grammar.titles import spell_title
from abcgen.notation.chords import spell_chord
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.meters import is_compound
from abcgen.notation.rhythms import HORNPIPE, HORNPIPE_METERS, spell_rhythm
from abcgen.notation.timing import lack_of
from abcgen.notation.tokens import SOUNDING, read_group, read_note, read_tuplet
from abcgen.notation.tune import Setting, Tune, read_meter
from abcgen.notation.warned import ONE_VOICE, Warned

#: Unit note lengths in the order in which they are tried.
_UNITS = (Fraction(1, 8), Fraction(1, 16), Fraction(1, 4), Fraction(1, 32))
#: Lengths, in unit note lengths, that every player and engraver takes.
SAFE_LENGTHS = frozenset(Fraction(units, GRID) for units in LENGTHS.values())
#: Notes, rests and groups that are kept once spelled: tunes have the same ones again and again.
_MOST_KEPT = 4096


def canonical(
    tune: Tune,
    rhythm: str | None = None,
    sections: list[Section] | None = None,
    edition: int = NEWEST_EDITION,
) -> str:
    """Return the canonical spelling of a tune, which every player takes.

    A tune that has one by the first edition has the same by all later ones.

    Parameters
    ----------
    tune : Tune
        Any tune.
    rhythm : str, optional
        What to write in R: where the tune has none.
    sections : list of Section, optional
        Its sections, if they have been read; `spell` mends them.
    edition : int
        The edition of the spelling, see `abcgen.grammar.alphabet`.

    Returns
    -------
    str
        A text in which `abcgen.grammar.faults.complaint` finds no fault.

    Raises
    ------
    NotationError
        If it has no canonical spelling; the message says where and why. A tune that was read with
        warnings has none, since other programs may read it in another way.
    """
    sections = read_sections(tune) if sections is None else sections
    _refuse_unusual_endings(sections)
    fault: Fault | None = None
    judged = set()  # texts with a fault: often there is nothing to mend
    for mended, wide in _mended(sections, edition):
        text = _written(tune, rhythm, mended, wide)
        for warned in tune.warnings:
            if not warned.played:
                raise NotationError(_doubt(warned))
        if text in judged:
            continue
        if is_canonical(text, edition):
            return text
        judged.add(text)
        # That of the tune as it is written.
        fault = fault or complaint(text, edition=edition)
    assert fault is not None
    raise NotCanonicalError(fault)


def _mended(sections: list[Section], edition: int) -> Iterator[tuple[list[Section], bool]]:
    """Yield the sections of a tune mended in one way after another, and if by later editions."""
    as_written = [section.copied() for section in sections]
    for mending in range(FIRST_EDITION, edition + 1):
        wide = mending >= SECOND_EDITION
        mended = mend(sections, wide)
        yield mended, wide
        if fill_last(mended, wide):
            yield mended, wide
        if wide and complete_ends(mended):
            yield mended, wide
        sections = [section.copied() for section in as_written]


def _doubt(warned: Warned) -> str:
    """Return why a tune that was read with a warning has no canonical spelling."""
    which = "; choose one by its voice" if warned.what == ONE_VOICE else ""
    return f"it is not certain what is meant: {warned}{which}"


def spell(tune: Tune, rhythm: str | None = None, sections: list[Section] | None = None) -> str:
    """Spell a tune as abcgen does, without checking that the result is canonical.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    rhythm : str, optional
        What to write in R: where the tune has none.
    sections : list of Section, optional
        Its sections, if they have been read; they are mended, as by the first edition.

    Returns
    -------
    str
        From ``X:1`` to the last bar line, with an LF after each line and no blank line.

    Raises
    ------
    NotationError
        If the tune cannot be read or a length in it cannot be written safely.
    """
    sections = read_sections(tune) if sections is None else sections
    _refuse_unusual_endings(sections)
    return _written(tune, rhythm, mend(sections), wide=False)


def _written(tune: Tune, rhythm: str | None, sections: list[Section], wide: bool) -> str:
    """Write mended sections as a tune; those of later editions call fewer tunes hornpipes."""
    setting = sections[0].bars[0].setting
    unit = _choose_unit(sections)
    body = _Writer(setting, unit).write(sections)
    named = spell_rhythm(tune.field("R") or rhythm or "")
    meter = _meter(setting)
    if named == HORNPIPE and meter not in HORNPIPE_METERS:
        # abc2midi refuses hornpipes in any other metre; C and C| are the same length.
        meter = "C" if meter in ("C|", "2/2") else meter
        named = named if meter in HORNPIPE_METERS else None
    if wide and named == HORNPIPE and _is_dotted(sections):
        named = None  # players dot hornpipes anyway, and would lose count
    header = [
        ("X", "1"),
        ("T", spell_title(tune.title)),
        ("R", named),
        ("M", meter),
        ("L", f"{unit.numerator}/{unit.denominator}"),
        ("K", setting.key),
    ]
    return "".join(f"{letter}:{value}\n" for letter, value in header if value) + body


def _note_length(length: Fraction) -> str:
    """Return a length as it is written, in unit note lengths: nothing for 1, `3`, `/2`, `3/2`."""
    if length.denominator == 1:
        return "" if length == 1 else str(length.numerator)
    return f"{'' if length.numerator == 1 else length.numerator}/{length.denominator}"


def _choose_unit(sections: list[Section]) -> Fraction:
    """Return the first unit note length in which every length of the tune is safe."""
    texts: dict[tuple[int, int], set[str]] = {}
    for bar in _written_bars(sections):
        written = texts.setdefault(bar.setting.unit.as_integer_ratio(), set())
        written.update([text for kind, text, _ in bar.tokens if kind in SOUNDING])
    lengths = {
        length
        for unit, written in texts.items()
        for text in written
        for length in _lengths_of(text, unit)
    }
    for candidate in range(len(_UNITS)):
        if all(_is_safe(length, candidate) for length in lengths):
            return _UNITS[candidate]
    odd = min(Fraction(*length) for length in lengths if not _is_safe(length, 0))
    raise NotationError(f"a note of {odd} of a whole note has no length that every player takes")


@lru_cache(_MOST_KEPT)
def _lengths_of(text: str, unit: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return the lengths of a note, group or rest in whole notes; none of a rest of whole bars."""
    if text[0] in "ZX":
        return ()
    if text[0] == "[":
        notes, factor = read_group(text)
        lengths = [length * factor for _, length, _ in notes]
    else:
        lengths = [read_note("C" + text[1:] if text[0] in "zx" else text)[1]]
    return tuple((length * Fraction(*unit)).as_integer_ratio() for length in lengths)


@lru_cache(_MOST_KEPT)
def _is_safe(length: tuple[int, int], candidate: int) -> bool:
    """Return whether a length is safe in the unit note length with this number."""
    return Fraction(*length) / _UNITS[candidate] in SAFE_LENGTHS


def _refuse_unusual_endings(sections: Sequence[Section]) -> None:
    """Raise an error if sections are played in a way that the one spelling cannot say."""
    for section in sections:
        if len(section.endings) == 1:
            raise NotationError("a first ending has no second")
        for number, times in enumerate(section.numbers, start=1):
            if times != (number,):
                written = ",".join(map(str, times))
                raise NotationError(f"ending [{written} stands where [{number} would")
        if section.open_ended:
            raise NotationError(f"ending [1 stands where [{len(section.endings) + 1} would")
        if section.repeated and section.times > 2:
            raise NotationError(f"a section is played {section.times} times")
    if len({bar.setting.transpose for bar in _written_bars(sections)}) > 1:
        raise NotationError("transpose= changes within the tune")


def _written_bars(sections: Iterable[Section]) -> Iterator[Bar]:
    for section in sections:
        yield from section.bars
        for ending in section.endings:
            yield from ending


def _is_dotted(sections: Iterable[Section]) -> bool:
    """Return whether a tune holds what no hornpipe may: `>`, `<`, rests or notes at once."""
    return any(
        token.kind in ("broken", "rest", "group")
        for bar in _written_bars(sections)
        for token in bar.tokens
    )


class _Writer:
    """Writes sections line by line, with the key and the lengths as they change."""

    def __init__(self, setting: Setting, unit: Fraction) -> None:
        self.setting = setting
        self.unit = unit
        self.lines = Lines()
        self.spelled = _spelled_in(*(setting.unit / unit).as_integer_ratio())

    def write(self, sections: list[Section]) -> str:
        for number, section in enumerate(sections):
            if _is_lone_pickup(section, sections[number + 1 :]):
                self._bars(section.bars, "", "", pickup=True)
            else:
                self._section(section, last=number == len(sections) - 1)
        return self.lines.text()

    def _section(self, section: Section, last: bool) -> None:
        close = "|]" if last else "||"
        begin = "|:" if section.repeated else ""
        end = "|" if section.endings else ":|" if section.repeated else close
        self._bars(section.bars, begin, end, pickup=True)
        for number, ending in enumerate(section.endings, start=1):
            final = number == len(section.endings)
            self._bars(ending, f"[{number} ", close if final else ":|")
        self.lines.end()

    def _bars(self, bars: list[Bar], begin: str, end: str, pickup: bool = False) -> None:
        for index, bar in enumerate(bars):
            self._changes(bar.setting)
            close = end if index == len(bars) - 1 else "|"
            full = not (pickup and index == 0 and _is_short(bar))
            self.lines.add(begin + self._bar(bar) + close, full)
            begin = ""

    def _changes(self, setting: Setting) -> None:
        """Write the fields that change here; L: never does, since all lengths are in one unit."""
        if setting is self.setting:
            return
        for letter, before, after in (
            ("M", _meter(self.setting), _meter(setting)),
            ("K", self.setting.key, setting.key),
        ):
            if before != after:
                self.lines.add_field(f"{letter}:{after}")
        if setting.unit != self.setting.unit:
            self.spelled = _spelled_in(*(setting.unit / self.unit).as_integer_ratio())
        self.setting = setting

    def _bar(self, bar: Bar) -> str:
        text = ""
        in_tuplet = 0  # notes that the tuplet still lacks
        spelled = self.spelled
        for kind, written, _ in bar.tokens:
            if kind in SOUNDING:
                if in_tuplet:
                    in_tuplet -= 1
                text += self._rest_of_bars(written) if written[0] in "ZX" else spelled[written]
            elif kind == "space":
                # Spaces only part beams; after a chord symbol or a bracket they mean nothing.
                if not in_tuplet and text and text[-1] not in ' "><':
                    text += " "
            elif kind == "tie" or kind == "broken":
                text = text.rstrip(" ") + written
            elif kind == "chord":
                # Of two chords, the second is for the repeat: players show the first.
                if not text.endswith('"'):
                    text += _quoted_chord(written)
            else:
                if kind == "tuplet":
                    in_tuplet = read_tuplet(written, is_compound(bar.setting.meter))[2]
                text += written
        return text.rstrip(" ")

    def _rest_of_bars(self, text: str) -> str:
        length = int(text[1:] or 1) * read_meter(self.setting.meter) / self.unit
        return f"z{_note_length(length)}"


class _Spelled(dict[str, str]):
    """Notes, groups and rests with lengths that are `scale` times as many units, once spelled."""

    def __init__(self, scale: Fraction) -> None:
        super().__init__()
        self.scale = scale

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        spelled = self[text] = _spelled(text, self.scale)
        return spelled


@lru_cache(8)
def _spelled_in(above: int, below: int) -> _Spelled:
    return _Spelled(Fraction(above, below))


def _spelled(text: str, scale: Fraction) -> str:
    """Return a note, group or rest with lengths that are so many times as many units."""
    if text[0] in "zx":
        _, length = read_note("C" + text[1:])
        return f"z{_note_length(length * scale)}"
    if text[0] != "[":
        pitch, length = read_note(text)
        return f"{pitch}{_note_length(length * scale)}"
    notes, factor = read_group(text)
    lengths = [length * factor * scale for _, length, _ in notes]
    same = len(set(lengths)) == 1
    tie = "-" if same and all(tied for _, _, tied in notes) else ""
    if same:
        notes = [(pitch, length, tied and not tie) for pitch, length, tied in notes]
        notes.sort(key=lambda note: read_pitch(note[0].letter + note[0].octave))
    inside = "".join(
        f"{pitch}{'' if same else _note_length(length)}{'-' if tie else ''}"
        for (pitch, _, tie), length in zip(notes, lengths, strict=True)
    )
    if len(notes) == 1:
        return f"{inside}{_note_length(lengths[0])}{tie}"
    return f"[{inside}]{_note_length(lengths[0]) if same else ''}{tie}"


@lru_cache(_MOST_KEPT)
def _quoted_chord(text: str) -> str:
    """Return a chord symbol as it is written, in quotes; nothing of one that is not known."""
    chord = spell_chord(text.strip('"'))
    return f'"{chord}"' if chord else ""


def _meter(setting: Setting) -> str:
    """Return a metre as it is written."""
    return "none" if setting.free else setting.meter


def _is_lone_pickup(section: Section, following: list[Section]) -> bool:
    """Return whether a section is only a pickup before a repeat: ``e|:``."""
    if section.repeated or len(section.bars) > 1 or not following or not following[0].repeated:
        return False
    # In `c4||` and `|:c4|...` both are short: the first one ends within a bar.
    return _is_short(section.bars[0]) and not _is_short(following[0].bars[0])


def _is_short(bar: Bar) -> bool:
    return lack_of(bar) > 0
