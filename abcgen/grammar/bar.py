"""What may stand within a bar, character by character, so that the bar adds up.

A bar is read from one `InBar` to the next. Each says which characters may follow (`allowed`), and
what each leads to (`after`): another `InBar`, or an `Exit` where the bar line begins.

All lengths are whole numbers of the `GRID`, a quarter of the unit note length. Every length that
may be written is a multiple of the finest one, and so is every rest of a bar. So whatever is left
of a bar can be filled by notes of the finest length, and no character that fits leads into a dead
end: this is arithmetic, not a search.

Only what abc2midi, abcjs and music21 all take is let in: lengths that each of them can represent,
tuplets that they agree on, ties into the same pitch, chord symbols at whole eighths.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from abcgen.notation.chords import QUALITIES

#: Grid units in a unit note length.
GRID = 4
#: Lengths as they are written -> in grid units.
LENGTHS = {
    "/4": 1,
    "/2": 2,
    "3/4": 3,
    "": 4,
    "3/2": 6,
    "2": 8,
    "3": 12,
    "4": 16,
    "6": 24,
    "7": 28,
    "8": 32,
    "12": 48,
    "16": 64,
}
#: Notes in a tuplet -> the notes in whose time they are played (ABC standard 2.1, section 4.13).
TUPLETS = {"2": 3, "3": 2, "4": 3, "6": 2, "8": 3}
#: Notes in a group [CEG].
MOST_IN_GROUP = 4

#: How much of what has been worked out is kept, each entry some hundred bytes.
_MOST_KEPT = 4096
_LETTERS = "CDEFGABcdefgab"
_ACCIDENTALS = "^_="
_OCTAVE = 7  # letters


class Alphabet(NamedTuple):
    """The characters that may be written, and the letters and accidentals of notes among them.

    A network that has never seen, say, a 7 can write no chord symbol with it: what cannot be
    spelled to its end is never begun.
    """

    characters: frozenset[str]
    letters: str
    accidentals: str

    @classmethod
    def of(cls, characters: frozenset[str]) -> "Alphabet":
        """Return what can be written with these characters."""
        return cls(
            characters,
            "".join(c for c in _LETTERS if c in characters),
            "".join(c for c in _ACCIDENTALS if c in characters),
        )


@cache
def lengths_of(alphabet: Alphabet, eighth: int) -> tuple[tuple[str, int], ...]:
    """Return the lengths that may be written, with their grid units: multiples of the shortest.

    No player shows notes shorter than 1/32, a quarter of an eighth.
    """
    fitting = [
        (text, units)
        for text, units in LENGTHS.items()
        if 4 * units >= eighth and alphabet.characters.issuperset(text)
    ]
    shortest = min(units for _, units in fitting)
    return tuple((text, units) for text, units in fitting if units % shortest == 0)


class Frame(NamedTuple):
    """What a bar is to be: how much it holds, how it may end, and what may stand in it.

    Attributes
    ----------
    size : int
        Grid units from its beginning to its full length.
    plain : frozenset of int
        What may be missing of the full length when another bar follows.
    double : frozenset of int
        What may be missing when a double or final bar line follows.
    repeat : frozenset of int
        What may be missing when ``:|`` follows.
    eighth : int
        Grid units of an eighth; chord symbols stand at whole ones.
    tuplets : str
        The numbers of notes of the tuplets that may be written.
    chords, rests, groups, broken : bool
        Whether chord symbols, rests, groups, and ``>`` and ``<`` may be written.
    alphabet : Alphabet
        What can be written at all.
    """

    size: int
    plain: frozenset[int]
    double: frozenset[int]
    repeat: frozenset[int]
    eighth: int
    tuplets: str
    chords: bool
    rests: bool
    groups: bool
    broken: bool
    alphabet: Alphabet

    def least(self) -> int:
        """Return the least that may be missing in the end."""
        return min(self.plain | self.double | self.repeat)


class Exit(NamedTuple):
    """A character that the form of the tune decides about.

    Attributes
    ----------
    character : str
        The first character of a bar line behind music, or a mark that stands where a bar begins.
    missing : int
        What the bar lacks, in grid units.
    value : str
        The pitch that is tied over the bar line; the name of a new key.
    behind_music : bool
        Whether a bar has just ended.
    """

    character: str
    missing: int
    value: str
    behind_music: bool


class Rules:
    """A frame, with what follows from it worked out once. Compared by identity: see `rules_of`."""

    __slots__ = ("divisible", "frame", "least", "lengths", "letters", "lines", "pair", "size")

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.size = frame.size
        self.least = frame.least()
        self.letters = frame.alphabet.letters
        self.lengths = lengths_of(frame.alphabet, frame.eighth)
        #: Two notes of 1/32, which no bar is ever out of step with for longer than a note.
        self.pair = max(frame.eighth // 2, 1)
        #: Lengths of notes in tuplets and of two notes of which > or < dots one: 1/16, 1/8, 1/4.
        self.divisible = frozenset((frame.eighth // 2, frame.eighth, 2 * frame.eighth))
        written = frame.alphabet.characters
        #: What is missing -> the characters with which the bar may end there.
        self.lines = {
            missing: ("|" if missing in frame.plain | frame.double else "")
            + (":" if missing in frame.repeat and ":" in written else "")
            for missing in frame.plain | frame.double | frame.repeat
        }


@lru_cache(_MOST_KEPT)
def rules_of(frame: Frame) -> Rules:
    """Return the rules of a frame, the same object for the same frame."""
    return Rules(frame)


# The phases of a bar: what has just been read.
START = "start"  # nothing yet
SPACE = "space"  # a space, which parts beams
CHORD = "chord"  # a chord symbol that is not closed
CHORDED = "chorded"  # a chord symbol
TUPLET = "tuplet"  # the ( of a tuplet
NUMBER = "number"  # the number of a tuplet
ACCIDENTAL = "accidental"
NOTE = "note"  # a note, perhaps not its whole length
REST = "rest"
GROUP = "group"  # the [ of a group, or some of its notes
GROUP_ACCIDENTAL = "accidental in a group"
GROUPED = "grouped"  # a group and perhaps some of its length
TIED = "tied"  # a tie
BROKEN = "broken"  # > or <


class InBar(NamedTuple):
    """A place within a bar.

    Attributes
    ----------
    rules : Rules
        What the bar is to be.
    phase : str
        What has just been read.
    left : int
        Grid units to the full length, before what is being read.
    text : str
        What has been read of a chord symbol, an accidental or a length.
    pitch : str
        Letter and octave mark of the note that has been read.
    tie : str
        The pitch, or the group, that must come next, tied; or an empty string.
    group : str
        The group that has been read or is being read, without its length.
    number : int
        Notes that a tuplet still lacks; notes that a group has.
    each : int
        Grid units of each note of a tuplet, and of the note after > or <; 0 where it is open.
    time : int
        In the time of how many notes a tuplet is played.
    last : int
        The rank of the last note of a group.
    marks : str
        At the start: characters other than music that may follow.
    """

    rules: Rules
    phase: str
    left: int
    text: str = ""
    pitch: str = ""
    tie: str = ""
    group: str = ""
    number: int = 0
    each: int = 0
    time: int = 0
    last: int = -1
    marks: str = ""

    def allowed(self) -> str:
        """Return the characters that may follow, each once."""
        return _ALLOWED[self.phase](self)

    def after(self, character: str) -> "InBar | Exit":
        """Return the place after a character that `allowed` names."""
        return _AFTER[self.phase](self, character)

    def reads_letter(self, character: str) -> bool:
        """Say whether a character that may follow is a letter of those in `of_any_letter`."""
        if self.phase == CHORD:
            return self.text[-1:] in ("", "/") and character in "ABCDEFG"
        in_group = self.phase in (GROUP, GROUP_ACCIDENTAL)
        return not self.tie and not in_group and character in _LETTERS

    def room(self) -> int:
        """Return the grid units that may be filled at most."""
        return self.left - self.rules.least


def of_any_letter(place: InBar) -> InBar:
    """Return the place as it would be if other letters had been read: the same for all of them.

    Which note has been read, and which root a chord symbol has, decides nothing about what may
    follow; but for what is tied. The letters are those of the last characters: see `letters_read`.
    """
    if place.phase == NOTE and not place.tie:
        # It tells which octave mark may follow; what is behind a mark or a length tells no more.
        low = place.text or place.pitch.isupper() or len(place.pitch) > 1
        return place._replace(pitch=("C" if low else "c") + "," * len(place.pitch[1:]))
    if place.phase == CHORD and place.text:
        return place._replace(text=_on_any_root(place.text))
    return place


def letters_read(place: InBar) -> str:
    """Return the last characters, as far as `of_any_letter` may take them for others."""
    if place.phase == NOTE and not place.tie:
        return place.pitch + place.text
    return place.text if place.phase == CHORD else ""


def with_letters(place: InBar, read: str) -> InBar:
    """Return the place that `of_any_letter` gave this one for: its `letters_read` were these."""
    if not read:
        return place
    if place.phase == CHORD:
        return place._replace(text=read)
    return place._replace(pitch=read[: len(place.pitch)])


def begin_bar(rules: Rules, tie: str = "", marks: str = "", chord: bool = False) -> InBar:
    """Return the place at the beginning of a bar.

    Parameters
    ----------
    rules : Rules
        What the bar is to be.
    tie : str
        The pitch tied over from the bar before.
    marks : str
        Characters that may stand here instead of music; they lead to an `Exit`. ``[`` means that
        an ending may begin, so that a ``1`` may come behind it.
    chord : bool
        Whether a chord symbol must stand here.
    """
    return InBar(rules, START, rules.size, tie=tie, marks=marks, number=int(chord))


def read_pitch(pitch: str) -> int:
    """Return the rank of a letter with its octave mark: 7 for C, 8 for D, 14 for c."""
    rank = _OCTAVE + _LETTERS.index(pitch[0])
    return rank + _OCTAVE * (pitch.count("'") - pitch.count(","))


# -- what may begin -----------------------------------------------------------------------------


@lru_cache(_MOST_KEPT)
def _tuplets(rules: Rules, room: int) -> str:
    """Return the numbers of notes of the tuplets that fit."""
    lengths = [units for _, units in rules.lengths if units in rules.divisible]
    return "".join(
        count for count in rules.frame.tuplets if lengths and TUPLETS[count] * min(lengths) <= room
    )


@lru_cache(_MOST_KEPT)
def _music(rules: Rules, left: int, tie: str, chord: bool, space: bool) -> str:
    """Return what a sound may begin with, and a chord symbol or a space before it."""
    room = left - rules.least
    if room <= 0:
        return ""
    frame = rules.frame
    written = frame.alphabet.characters
    begins = tie[0] if tie else rules.letters + frame.alphabet.accidentals
    if not tie:
        begins += "z" if frame.rests and "z" in written else ""
        groups = frame.groups and written.issuperset("[]") and len(rules.letters) > 1
        begins += "[" if groups else ""
        begins += "(" if left % rules.pair == 0 and _tuplets(rules, room) else ""
    if chord and frame.chords and left % frame.eighth == 0 and chord_goes_on("", frame.alphabet):
        begins += '"'
    if space and " " in written:
        begins += " "
    return begins


def _begin(place: InBar, character: str) -> InBar:
    """Read the first character of a sound, a chord symbol or a space; `place` is clean."""
    if character == " ":
        return place._replace(phase=SPACE)
    if character == '"':
        return place._replace(phase=CHORD)
    if character == "(":
        return place._replace(phase=TUPLET)
    if character == "[":
        return place._replace(phase=GROUP, group="[")
    if character == "z":
        return place._replace(phase=REST)
    if character in _ACCIDENTALS:
        return place._replace(phase=ACCIDENTAL, text=character)
    return place._replace(phase=NOTE, pitch=character)


def _start_allowed(place: InBar) -> str:
    if place.number:
        return '"' + place.marks.replace("[", "")
    music = _music(place.rules, place.left, place.tie, chord=True, space=False)
    return music + "".join(mark for mark in place.marks if mark not in music)


def _start_after(place: InBar, character: str) -> InBar | Exit:
    if character in place.marks and character != "[":
        return Exit(character, place.left, place.tie, behind_music=False)
    ending = "1" if character == "[" and "[" in place.marks else ""
    return _begin(place._replace(marks=ending, number=0), character)


def _space_allowed(place: InBar) -> str:
    return _music(place.rules, place.left, place.tie, chord=True, space=False)


# -- chord symbols ------------------------------------------------------------------------------

_QUALITIES_BY_HEAD: dict[str, tuple[str, bool]] = {}
for _quality in QUALITIES:
    for _end in range(len(_quality) + 1):
        _more, _whole = _QUALITIES_BY_HEAD.get(_quality[:_end], ("", False))
        _next = _quality[_end : _end + 1]
        _QUALITIES_BY_HEAD[_quality[:_end]] = (
            _more + (_next if _next not in _more else ""),
            _whole or not _next,
        )


def chord_goes_on(text: str, alphabet: Alphabet) -> str:
    """Return what may follow within a chord symbol, the closing quote included."""
    # The same for every root, and behind the slash whatever was before it: so few are worked out.
    above, slash, below = _on_any_root(text).partition("/")
    return _chord_goes_on(slash + below if slash else above, alphabet)


def _on_any_root(text: str) -> str:
    """Return the head of a chord symbol with all roots the same."""
    above, slash, below = text.partition("/")
    altered = above[1:2] and above[1:2] in "#b"
    root = "A#"[: 2 if altered else len(above[:1])]
    return root + above[len(root) :] + slash + "A#"[: len(below)]


@cache
def _chord_goes_on(text: str, alphabet: Alphabet) -> str:
    above, slash, below = text.partition("/")
    if slash:
        more = {0: "ABCDEFG", 1: '#b"', 2: '"'}[len(below)]
    elif not above:
        more = "ABCDEFG"
    else:
        altered = above[1:2] == "#"
        quality = above[2 if altered else 1 :]
        characters, whole = _QUALITIES_BY_HEAD[quality]
        more = ("" if altered or quality else "#b") + characters + ('"/' if whole else "")
    # What would begin something that cannot be written to its end is left out.
    if '"' not in alphabet.characters:
        return ""
    return "".join(
        character
        for character in more
        if character in alphabet.characters
        and (character == '"' or chord_goes_on(text + character, alphabet))
    )


def _chord_allowed(place: InBar) -> str:
    return chord_goes_on(place.text, place.rules.frame.alphabet)


def _chord_after(place: InBar, character: str) -> InBar:
    if character == '"':
        return place._replace(phase=CHORDED, text="")
    return place._replace(text=place.text + character)


def _chorded_allowed(place: InBar) -> str:
    return _music(place.rules, place.left, place.tie, chord=False, space=False)


# -- lengths ------------------------------------------------------------------------------------


@lru_cache(_MOST_KEPT)
def _lengths(
    rules: Rules, room: int, left: int, each: int, time: int
) -> dict[str, tuple[str, int]]:
    """Return for each head of a length that fits: what may follow, and its units if it is whole.

    `left` is what is left of the eighth before: behind a single 1/32 a note of an odd number of
    them must follow, and one of three begins or ends with an eighth, as people write them.
    `each` is the one length that fits, if it is not 0; `time` is 0 or a tuplet's, whose
    notes are to be `divisible`.
    """
    heads: dict[str, tuple[str, int]] = {}
    for text, units in rules.lengths:
        if each:
            fits = units == each
        elif time:
            fits = units in rules.divisible and units * time <= room
        else:
            odd = units % rules.pair != 0
            fits = units <= room and (odd or left % rules.pair == 0)
            if odd and units > rules.pair:
                fits = fits and (left == 0 or left == units)
        if not fits:
            continue
        for end in range(len(text) + 1):
            more, whole = heads.get(text[:end], ("", 0))
            following = text[end : end + 1]
            heads[text[:end]] = (
                more + (following if following not in more else ""),
                whole if following else units,
            )
    return heads


def _heads(place: InBar) -> dict[str, tuple[str, int]]:
    """Return the heads of the lengths that the sound being read may have; see `_lengths`."""
    each = place.each
    time = 0 if each else place.time
    left = place.left % place.rules.frame.eighth
    return _lengths(place.rules, 0 if each else place.room(), left, each, time)


def _length(place: InBar) -> tuple[str, int]:
    """Return what may follow in the length being read, and its grid units, or 0."""
    return _heads(place).get(place.text, ("", 0))


def lengths_that_fit(place: InBar) -> list[tuple[str, int]]:
    """Return the lengths that the sound being read may have, with their grid units."""
    return [(text, units) for text, (_, units) in _heads(place).items() if units]


def lengths_within(rules: Rules, left: int) -> list[tuple[str, int]]:
    """Return the lengths that a note may have with so much left of the bar."""
    heads = _lengths(rules, left - rules.least, left % rules.frame.eighth, 0, 0)
    return [(text, units) for text, (_, units) in heads.items() if units]


@cache
def _octave_marks(pitch: str, tie: str, characters: frozenset[str]) -> str:
    """Return the octave mark that may follow a letter."""
    if tie:
        return tie[len(pitch) : len(pitch) + 1]
    if len(pitch) > 1:
        return ""
    mark = "," if pitch.isupper() else "'"
    return mark if mark in characters else ""


@lru_cache(_MOST_KEPT)
def _follows(rules: Rules, left: int, last: str, units: int) -> str:
    """Return what may follow a sound that is whole, with so much left of the bar.

    `last` is the pitch of a note outside of tuplets, or a group, or an empty string: what may be
    tied. `units` is its length where it may be dotted.
    """
    follows = _music(rules, left, "", chord=True, space=True)
    follows += rules.lines.get(left, "")
    frame = rules.frame
    written = frame.alphabet.characters
    if last:
        if "-" in written and (left > rules.least or left in frame.plain):
            follows += "-"
        if frame.broken and units in rules.divisible and units <= left - rules.least:
            follows += "".join(sign for sign in "><" if sign in written)
    return follows


def _end_or_begin(place: InBar, left: int, character: str) -> InBar | Exit:
    """Read a character behind a sound that is whole."""
    if character in "|:":
        return Exit(character, left, "", behind_music=True)
    return _begin(InBar(place.rules, START, left), character)


# -- notes --------------------------------------------------------------------------------------


def _accidental_allowed(place: InBar) -> str:
    double = ""
    if place.text in ("^", "_") and place.text in place.rules.frame.alphabet.accidentals:
        double = place.text
    return place.rules.letters + double


def _accidental_after(place: InBar, character: str) -> InBar:
    if character in _ACCIDENTALS:
        return place._replace(text=place.text + character)
    return place._replace(phase=NOTE, text="", pitch=character)


def left_after(place: InBar, units: int) -> int:
    """Return what is left of the bar behind the note that has been read."""
    if place.time:
        # The whole tuplet is paid for by its first note.
        return place.left if place.each else place.left - units * place.time
    return place.left - units


def _note_allowed(place: InBar) -> str:
    more, units = _length(place)
    marks = ""
    if not place.text:
        marks = _octave_marks(place.pitch, place.tie, place.rules.frame.alphabet.characters)
        if marks and place.tie:
            return marks
    if not units:
        return marks + more
    if place.time and place.number > 1:
        return marks + more + place.rules.letters + place.rules.frame.alphabet.accidentals
    plain = "" if place.time or place.each else place.pitch
    return marks + more + _follows(place.rules, left_after(place, units), plain, units)


def _note_after(place: InBar, character: str) -> InBar | Exit:
    if character in "',":
        return place._replace(pitch=place.pitch + character)
    more, units = _length(place)
    if character in more:
        return place._replace(text=place.text + character)
    left = left_after(place, units)
    if place.time and place.number > 1:
        clean = place._replace(left=left, text="", pitch="", number=place.number - 1, each=units)
        return _begin(clean, character)
    if character == "-":
        return InBar(place.rules, TIED, left, tie=place.pitch)
    if character in "><":
        return InBar(place.rules, BROKEN, left, each=units)
    return _end_or_begin(place, left, character)


def _rest_allowed(place: InBar) -> str:
    more, units = _length(place)
    return more + (_follows(place.rules, place.left - units, "", 0) if units else "")


def _grouped_allowed(place: InBar) -> str:
    more, units = _length(place)
    return more + (_follows(place.rules, place.left - units, place.group, 0) if units else "")


def _grouped_after(place: InBar, character: str) -> InBar | Exit:
    if character == "-":
        units = _length(place)[1]
        return InBar(place.rules, TIED, place.left - units, tie=place.group)
    return _rest_after(place, character)


def _rest_after(place: InBar, character: str) -> InBar | Exit:
    more, units = _length(place)
    if character in more:
        return place._replace(text=place.text + character)
    return _end_or_begin(place, place.left - units, character)


def _tied_allowed(place: InBar) -> str:
    music = _music(place.rules, place.left, place.tie, chord=True, space=True)
    return music + ("|" if place.left in place.rules.frame.plain else "")


def _tied_after(place: InBar, character: str) -> InBar | Exit:
    if character == "|":
        return Exit(character, place.left, place.tie, behind_music=True)
    return _begin(place, character)


def _letter_allowed(place: InBar) -> str:
    return place.rules.letters + place.rules.frame.alphabet.accidentals


# -- tuplets ------------------------------------------------------------------------------------


def _tuplet_allowed(place: InBar) -> str:
    return _tuplets(place.rules, place.room())


def _tuplet_after(place: InBar, character: str) -> InBar:
    return place._replace(phase=NUMBER, number=int(character), time=TUPLETS[character])


# -- groups -------------------------------------------------------------------------------------


@cache
def _highest(alphabet: Alphabet) -> int:
    """Return the rank of the highest note that can be written."""
    octave = _OCTAVE if "'" in alphabet.characters else 0
    return max(
        read_pitch(letter) + (octave if letter.islower() else 0) for letter in alphabet.letters
    )


def _rises(place: InBar) -> str:
    """Return the letters that a group may go on with: those that lead above its last note."""
    alphabet = place.rules.frame.alphabet
    octave = _OCTAVE if "'" in alphabet.characters else 0
    highest = _highest(alphabet)
    rises = []
    for letter in alphabet.letters:
        top = read_pitch(letter) + (octave if letter.islower() else 0)
        # The first note must leave room for a second.
        if top > place.last and (place.number or read_pitch(letter) < highest):
            rises.append(letter)
    return "".join(rises)


def _group_allowed(place: InBar) -> str:
    alphabet = place.rules.frame.alphabet
    if place.tie:
        return place.tie[len(place.group)]
    allowed = place.marks
    if "]" not in alphabet.characters:
        return allowed
    pitch = place.pitch
    if pitch:
        rank = read_pitch(pitch)
        marks = ""
        if len(pitch) == 1:
            mark = "," if pitch.isupper() else "'"
            moved = rank + (-_OCTAVE if mark == "," else _OCTAVE)
            # The first note must stay below the highest that there is.
            bound = place.number > 1 or moved < _highest(alphabet)
            if mark in alphabet.characters and moved > place.last and bound:
                marks = mark
        if rank <= place.last:
            return marks  # it must be raised
        done = place._replace(last=rank)
        more = _rises(done) if place.number < MOST_IN_GROUP else ""
        if place.number < 2 and not more:
            return marks
        end = "]" if place.number >= 2 else ""
        return allowed + marks + more + (alphabet.accidentals if more else "") + end
    rises = _rises(place)
    return allowed + rises + (alphabet.accidentals if rises else "")


def _group_after(place: InBar, character: str) -> InBar | Exit:
    if place.marks and character == "1":
        return Exit("[", place.left, "", behind_music=False)
    group = place.group + character
    if character == "]":
        # abc2midi does not find the notes of a tied group again if one has an accidental.
        tied = not any(sign in group for sign in _ACCIDENTALS)
        return InBar(place.rules, GROUPED, place.left, group=group if tied else "")
    if place.tie:
        return place._replace(group=group)
    if character in "',":
        return place._replace(pitch=place.pitch + character, group=group)
    last = read_pitch(place.pitch) if place.pitch else place.last
    if character in _ACCIDENTALS:
        return place._replace(
            phase=GROUP_ACCIDENTAL, marks="", pitch="", group=group, last=last, text=character
        )
    return place._replace(
        phase=GROUP,
        marks="",
        pitch=character,
        group=group,
        last=last,
        number=place.number + 1,
        text="",
    )


def _group_accidental_allowed(place: InBar) -> str:
    double = place.text if place.text in ("^", "_") else ""
    return _rises(place) + double


def _group_accidental_after(place: InBar, character: str) -> InBar:
    if character in _ACCIDENTALS:
        return place._replace(text=place.text + character)
    return place._replace(
        phase=GROUP,
        text="",
        pitch=character,
        group=place.group + character,
        number=place.number + 1,
    )


_ALLOWED = {
    START: _start_allowed,
    SPACE: _space_allowed,
    CHORD: _chord_allowed,
    CHORDED: _chorded_allowed,
    TUPLET: _tuplet_allowed,
    NUMBER: _letter_allowed,
    ACCIDENTAL: _accidental_allowed,
    NOTE: _note_allowed,
    REST: _rest_allowed,
    GROUP: _group_allowed,
    GROUP_ACCIDENTAL: _group_accidental_allowed,
    GROUPED: _grouped_allowed,
    TIED: _tied_allowed,
    BROKEN: _letter_allowed,
}
_AFTER = {
    START: _start_after,
    SPACE: _begin,
    CHORD: _chord_after,
    CHORDED: _begin,
    TUPLET: _tuplet_after,
    NUMBER: _begin,
    ACCIDENTAL: _accidental_after,
    NOTE: _note_after,
    REST: _rest_after,
    GROUP: _group_after,
    GROUP_ACCIDENTAL: _group_accidental_after,
    GROUPED: _grouped_after,
    TIED: _tied_after,
    BROKEN: _begin,
}
