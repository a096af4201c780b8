"""A tune as it stands on paper: bars of note values with beams, ties, tuplets, signs and slurs.

Files of notation (MusicXML, MEI) are written from this. It is made of the same sections as what
is played (`abcgen.notation.form`), so a score and its sound have the same notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from abcgen.notation.tune import Setting
from abcgen.notation.values import Ratio, Value


@dataclass(slots=True)
class Head:
    """The head of a note.

    Attributes
    ----------
    letter : str
        ``A`` to ``G``.
    octave : int
        4 from middle C upwards.
    alteration : int
        Semitones that are added to the letter where it sounds: -2 to 2.
    accidental : str
        The accidental that is printed, as in ABC (``^ ^^ _ __ =``); empty for none.
    tied_from, tied_to : bool
        Whether a tie from the note before ends here, and whether one to the next note begins.
    half_tie : str
        ``in`` for a tie from the bar before the endings into a second ending; ``out`` for one
        that goes back with a repeat. Such a tie has only one end on paper.
    """

    letter: str
    octave: int
    alteration: int
    accidental: str = ""
    tied_from: bool = False
    tied_to: bool = False
    half_tie: str = ""


@dataclass(slots=True)
class Sign:
    """A note, a group of notes, or a rest, of one note value.

    Attributes
    ----------
    heads : list of Head
        From low to high as written; empty for a rest.
    value : Value
        As on paper.
    onset, duration : Fraction
        In whole notes, the onset from the start of the bar, tuplets counted; a grace note has
        no duration.
    position : int
        Of the first character, in the body of the tune.
    ratio : Ratio, optional
        Of the tuplet that it is in.
    tuplet_begins, tuplet_ends : bool
        Whether it is the first or the last one of the tuplet.
    beams : tuple of str
        As `abcgen.notation.beams.beams_of` gives them.
    decorations : list of str
        As `abcgen.notation.decorations.name_of` gives them.
    slurs_begin, slurs_end : list of int
        The numbers of slurs, from 1; a number is used again when its slur has ended.
    grace, grace_after : sequence of Sign
        The grace notes before it, and those between it and the bar line.
    slashed : bool
        Of grace notes: whether they have a slash through the stem (``{/g}``).
    whole_bar : bool
        Of a rest: whether it is the only sign of its bar and fills it.
    hidden : bool
        Of a rest: whether it is not printed (``x``).
    """

    heads: list[Head]
    value: Value
    onset: Fraction
    duration: Fraction
    position: int
    ratio: Ratio | None = None
    tuplet_begins: bool = False
    tuplet_ends: bool = False
    beams: tuple[str, ...] = ()
    decorations: list[str] = field(default_factory=list)
    slurs_begin: list[int] = field(default_factory=list)
    slurs_end: list[int] = field(default_factory=list)
    grace: "Sequence[Sign]" = ()
    grace_after: "Sequence[Sign]" = ()
    slashed: bool = False
    whole_bar: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Text at a place in a bar.

    Attributes
    ----------
    kind : str
        ``chord`` for a chord symbol, ``remark`` for an annotation, ``decoration`` for a
        decoration after the last note, such as ``!fine!``, ``tempo`` for a change of tempo (Q:).
    text : str
        Without quotes; that of a remark begins with its place, one of ``^ _ < > @``.
    onset : Fraction
        In whole notes from the start of the bar.
    position : int
        In the body of the tune.
    """

    kind: str
    text: str
    onset: Fraction
    position: int


@dataclass(slots=True)
class Measure:
    """A bar as it is printed.

    Attributes
    ----------
    setting : Setting
        Metre, unit note length and key.
    number : int
        As `abcgen.notation.bar_numbers` counts: 0 for a pickup.
    counted : bool
        Whether it is the first bar of this number; a bar that only completes another is not.
    content : list of Sign or Mark
        In order; a mark stands before the sign with the same onset.
    duration : Fraction
        In whole notes.
    line : str
        The bar line after it, as in ABC; empty where there is none.
    begins_line : bool
        Whether it is the first one of a line of music.
    begins_repeat, ends_repeat : bool
        Whether the repeated section begins before it, or ends after it (or goes back there).
    times : int
        How often the section is played that ends here with a repeat, if it has no endings.
    ending : tuple of int
        The times at which the ending is played that it is in, such as (1, 2); empty for none.
    begins_ending, ends_ending : bool
        Whether it is the first bar of its ending, or the last one.
    open_ending : bool
        Whether it is the last bar of an ending that nothing ends.
    rest_bars : int
        How many bars rest from here on, if more than one (``Z4``); else 0.
    """

    setting: Setting
    number: int = 0
    counted: bool = True
    content: list[Sign | Mark] = field(default_factory=list)
    duration: Fraction = Fraction(0)
    line: str = ""
    begins_line: bool = False
    begins_repeat: bool = False
    ends_repeat: bool = False
    times: int = 2
    ending: tuple[int, ...] = ()
    begins_ending: bool = False
    ends_ending: bool = False
    open_ending: bool = False
    rest_bars: int = 0

    @property
    def signs(self) -> list[Sign]:
        """The notes, groups and rests, without the marks."""
        return [item for item in self.content if isinstance(item, Sign)]
