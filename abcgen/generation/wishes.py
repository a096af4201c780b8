"""What a user asks of a tune, read and checked before anything is drawn."""

import re
import unicodedata
from collections.abc import Callable

from abcgen.errors import NotationError, UsageError, near_names
from abcgen.grammar.header import CHORD_METERS, KEYS, METERS, MOST_IN_TITLE, TITLE_CHARACTERS
from abcgen.grammar.wishes import Wishes
from abcgen.model.checkpoint import Checkpoint
from abcgen.notation.keys import spell_key
from abcgen.notation.rhythms import HORNPIPE, HORNPIPE_METERS, RHYTHMS, spell_rhythm
from abcgen.support import values

#: The most bars of a form; few tunes of the tunebooks have more than 64.
MOST_BARS = 128


def read_wishes(
    key: str | None = None,
    meter: str | None = None,
    rhythm: str | None = None,
    title: str | None = None,
    form: str | None = None,
    chords: bool | None = None,
    style: str | None = None,
    *,
    on_change: Callable[[str], None] = lambda message: None,
) -> Wishes:
    """Read the wishes for a tune.

    Parameters
    ----------
    key : str, optional
        In any way that people write it: ``Edor``, ``E dorian``, ``Em``.
    meter : str, optional
        One of `abcgen.grammar.header.METERS`.
    rhythm : str, optional
        One of `abcgen.notation.rhythms.RHYTHMS`, or its plural.
    title : str, optional
        Accents and typographic quotes are written plainly.
    form : str, optional
        The bars of each section, separated by commas.
    chords : bool, optional
        True for chord symbols, False for none, None for either.
    style : str, optional
        One of the network's styles: see `check_style`.
    on_change : callable
        Called with one line if the title has to be respelled.

    Raises
    ------
    UsageError
        If no tune can have one of them, or two do not go together.
    """
    wishes = Wishes(
        key=_key(key) if key is not None else "",
        meter=_meter(meter) if meter is not None else "",
        rhythm=_rhythm(rhythm) if rhythm is not None else "",
        title=_title(title, on_change) if title is not None else "",
        form=_form(form) if form is not None else (),
        chords=None if chords is None else values.flag("chords", chords),
        style=_style(style) if style is not None else "",
    )
    if wishes.rhythm == HORNPIPE and wishes.meter and wishes.meter not in HORNPIPE_METERS:
        raise UsageError(
            f"no player takes a hornpipe in {wishes.meter}: expected {_listed(HORNPIPE_METERS)}"
        )
    if wishes.chords and wishes.meter and wishes.meter not in CHORD_METERS:
        raise UsageError(f"ABC players have no accompaniment for {wishes.meter}: leave out chords")
    return wishes


def _style(text: str) -> str:
    from abcgen.grammar.style import spell_style  # few networks have styles

    return spell_style(values.text("style", text))


def check_style(style: str, checkpoint: Checkpoint) -> None:
    """Check that a network knows a style, if one is given.

    Raises
    ------
    UsageError
        If it does not; the message names those that it knows.
    """
    name, known = checkpoint.path.name, checkpoint.vocabulary.styles
    if style and not known:
        raise UsageError(
            f"{name} has no styles: leave out {style!r}, or choose a network that was trained with "
            "styles"
        )
    if style and style not in known:
        raise UsageError(f"no style {style!r}: {name} has {', '.join(known)}")


def _listed(values: frozenset[str] | dict[str, int]) -> str:
    return ", ".join(value for value in METERS if value in values)


def _key(text: str) -> str:
    text = " ".join(values.text("key", text, "Edor").split())
    try:
        key = spell_key(text[:1].upper() + text[1:])
    except NotationError:
        key = ""
    if key not in KEYS:
        raise UsageError(
            f"no key {text!r}: expected a tonic and a mode, such as D, Em, Ador, Gmix, F#m, Bb"
        )
    return key


def _meter(text: str) -> str:
    text = values.text("meter", text, "6/8")
    if text.strip() not in METERS:
        raise UsageError(f"no metre {text!r}: expected one of {_listed(METERS)}")
    return text.strip()


def _rhythm(text: str) -> str:
    rhythm = spell_rhythm(values.text("rhythm", text, "jig"))
    if rhythm is None:
        raise UsageError(f"no rhythm {text!r}; {near_names(text, RHYTHMS)}")
    return rhythm


def _title(text: str, on_change: Callable[[str], None]) -> str:
    text = values.text("title", text)
    plain = unicodedata.normalize("NFKD", text.strip(" "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.translate(str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''''--"))
    for position, character in enumerate(plain, start=1):
        if character not in TITLE_CHARACTERS:
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise UsageError(
                f"a title cannot hold {character!r} ({name}, character {position}): players take "
                'plain letters, digits and signs other than % \\ " : |'
            )
    words = " ".join(plain.split())
    if not words:
        raise UsageError("a title needs at least one character")
    if len(words) > MOST_IN_TITLE:
        raise UsageError(
            f"a title may have at most {MOST_IN_TITLE} characters, this one has {len(words)}"
        )
    if words != text:
        on_change(f"the title is written as {words!r}")
    return words


def _form(text: str) -> tuple[int, ...]:
    written = re.fullmatch(r"[0-9]{1,9}([ ,]+[0-9]{1,9})*", text.strip(" "), re.ASCII)
    form = tuple(map(int, re.findall("[0-9]+", text))) if written else (0,)
    if min(form) < 1:
        raise UsageError(
            f"no form {text!r}: expected the bars of each section, 1 or more, such as 8,8"
        )
    if sum(form) > MOST_BARS:
        raise UsageError(f"a form may have at most {MOST_BARS} bars, this one has {sum(form)}")
    return form
