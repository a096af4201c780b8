"""Small faults of a tune that can be corrected with certainty, without changing its sound."""

from collections.abc import Iterator
from fractions import Fraction

from abcgen.grammar.dots import write_out_dots
from abcgen.grammar.rebarring import pitches_of, rebar
from abcgen.notation.form import Bar, Section
from abcgen.notation.timing import bar_length, lack_of
from abcgen.notation.tokens import SOUNDING, Token, read_note
from abcgen.notation.tune import read_meter

_SOUNDING_OR_TIE = SOUNDING | {"tie"}


def mend(sections: list[Section], wide: bool = False) -> list[Section]:
    """Correct what is certain in the sections of a tune, and return them.

    - A tie into another pitch is a slur, and left out.
    - Where the key changes, or a bar is cut in two, within a section that is played once, another
      section begins, after a double bar line.
    - With `wide`, as by the second edition of the spelling, bar lines are put right first
      (`abcgen.grammar.rebarring.rebar`), `>` and `<` are written out where they cannot stay
      (`abcgen.grammar.dots.write_out_dots`), and an accidental goes that a tie makes needless.

    Notes
    -----
    The sections that are given are changed.
    """
    if wide:
        sections = rebar(sections)
    for section in sections:
        for bars in (section.bars, *section.endings):
            if wide:
                for bar in bars:
                    write_out_dots(bar)
                _drop_accidentals(bars)
            _drop_slurs(bars)
        if wide:
            _drop_slur_into_endings(section)
    return [part for section in sections for part in _split(section)]


def _split(section: Section) -> Iterator[Section]:
    """Yield the parts of a section that is played once, in one key each and without cut bars."""
    if section.repeated:
        yield section
        return
    part = Section()
    for bar in section.bars:
        before = part.bars[-1] if part.bars else None
        if before and (
            bar.setting.key != before.setting.key
            # A section of just two such bars is a pickup and the bar that lacks it.
            or (len(section.bars) > 2 and 0 < lack_of(before) == bar_length(bar))
        ):
            yield part
            part = Section()
        part.bars.append(bar)
    yield part


def fill_last(sections: list[Section], wide: bool = False) -> bool:
    """Add a rest at the end of a tune, so that its last bar lacks only the pickup.

    Parameters
    ----------
    sections : list of Section
        Its sections, as `mend` returns them. The last bar is changed.
    wide : bool
        Whether the rest in which the tune ends may be shortened, too, as by the second edition.

    Returns
    -------
    bool
        Whether anything has changed.
    """
    section = sections[-1]
    if section.repeated and not section.endings:
        return False
    first = lack_of(sections[0].bars[0])
    bar = (section.endings[-1] if section.endings else section.bars)[-1]
    pickup = read_meter(bar.setting.meter) - first if first > 0 else Fraction(0)
    rest = (lack_of(bar) - pickup) / bar.setting.unit
    count = len(bar.tokens)
    if rest < 0 and wide:
        rest = _without_last_rest(bar, -rest)
    if rest > 0:
        bar.tokens.append(Token("rest", f"z{rest.numerator}/{rest.denominator}", -1))
    return rest > 0 or len(bar.tokens) < count


def _without_last_rest(bar: Bar, surplus: Fraction) -> Fraction:
    """Remove the rest in which a bar ends if it is long enough, and return what it has too much."""
    last = next((token for token in reversed(bar.tokens) if token.kind != "space"), None)
    if last is None or last.kind != "rest" or last.text[0] in "ZX":
        return Fraction(0)
    length = read_note("C" + last.text[1:])[1]
    if length < surplus:
        return Fraction(0)
    bar.tokens = [token for token in bar.tokens if token is not last]
    return length - surplus


def _drop_slurs(bars: list[Bar]) -> None:
    """Remove ties from single notes into another letter or octave."""
    if not any("tie" in [token.kind for token in bar.tokens] for bar in bars):
        return
    tokens = [token for bar in bars for token in bar.tokens if token.kind in _SOUNDING_OR_TIE]
    slurs = set()
    for before, tie, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if tie.kind == "tie" and before.kind == "note":
            place = pitches_of(before)[0].place
            if not any(pitch.place == place for pitch in pitches_of(after)):
                slurs.add(id(tie))
    if not slurs:
        return
    for bar in bars:
        bar.tokens = [token for token in bar.tokens if id(token) not in slurs]


def _drop_slur_into_endings(section: Section) -> None:
    """Remove a tie before endings of which none begins with its note."""
    if not section.endings or section.bars[-1].tokens[-1].kind != "tie":
        return
    *_, before, _ = [token for token in section.bars[-1].tokens if token.kind in _SOUNDING_OR_TIE]
    place = pitches_of(before)[0].place
    for ending in section.endings:
        first = next(token for token in ending[0].tokens if token.kind in SOUNDING)
        if any(pitch.place == place for pitch in pitches_of(first)):
            return
    section.bars[-1].tokens.pop()


def _drop_accidentals(bars: list[Bar]) -> None:
    """Remove the accidental of a tied note that has the same one as the note before the tie."""
    before: Token | None = None
    tied = False
    for bar in bars:
        for index, token in enumerate(bar.tokens):
            if token.kind not in _SOUNDING_OR_TIE:
                continue
            if token.kind == "tie":
                tied = True
                continue
            if tied and before and token.kind == before.kind == "note":
                (first,), (second,) = pitches_of(before), pitches_of(token)
                later = bar.tokens[index + 1 :]
                if first == second and first.accidental and not _names(later, first.letter):
                    written = token.text.removeprefix(first.accidental)
                    token = bar.tokens[index] = token._replace(text=written)
            before, tied = token, False


def _names(tokens: list[Token], letter: str) -> bool:
    """Return whether a note of some letter follows, in any octave."""
    return any(
        pitch.letter.upper() == letter.upper() for token in tokens for pitch in pitches_of(token)
    )
