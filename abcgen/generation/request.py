"""What a user asks for, read and held against what is possible before anything is drawn."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from abcgen.errors import NotationError, UsageError, VocabularyError, near_names
from abcgen.generation.loop import MAX_TUNE, REFERENCE
from abcgen.generation.remark import REMARK
from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import Alphabet
from abcgen.grammar.header import CHORD_METERS, KEYS, METERS, MOST_IN_TITLE, TITLE_CHARACTERS
from abcgen.grammar.wishes import Wishes
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.keys import spell_key
from abcgen.notation.rhythms import HORNPIPE, HORNPIPE_METERS, RHYTHMS, spell_rhythm

#: Bars that a form may have in all; few tunes of the tunebooks have more than 64.
MOST_BARS = 128


def read_wishes(
    key: str | None = None,
    meter: str | None = None,
    rhythm: str | None = None,
    title: str | None = None,
    form: str | None = None,
    chords: bool | None = None,
    *,
    on_change: Callable[[str], None] = lambda message: None,
) -> Wishes:
    """Read what is asked for of a tune.

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
        The bars of each section, parted by commas.
    chords : bool, optional
        With chord symbols, without, or either.
    on_change : callable
        Called with a line where the title is written otherwise than it was given.

    Raises
    ------
    UsageError
        If one of them is none that a tune can have, or two do not go together.
    """
    wishes = Wishes(
        key=_key(key) if key is not None else "",
        meter=_meter(meter) if meter is not None else "",
        rhythm=_rhythm(rhythm) if rhythm is not None else "",
        title=_title(title, on_change) if title is not None else "",
        form=_form(form) if form is not None else (),
        chords=chords,
    )
    if wishes.rhythm == HORNPIPE and wishes.meter and wishes.meter not in HORNPIPE_METERS:
        raise UsageError(
            f"a hornpipe is in {_listed(HORNPIPE_METERS)} for every player, not in {wishes.meter}"
        )
    if chords and wishes.meter and wishes.meter not in CHORD_METERS:
        raise UsageError(f"no player accompanies {wishes.meter}: leave out --chords")
    return wishes


def _listed(values: frozenset[str] | dict[str, int]) -> str:
    return ", ".join(value for value in METERS if value in values)


def _key(text: str) -> str:
    text = " ".join(text.split())
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
    if text.strip() not in METERS:
        raise UsageError(f"no metre {text!r}: expected one of {_listed(METERS)}")
    return text.strip()


def _rhythm(text: str) -> str:
    rhythm = spell_rhythm(text)
    if rhythm is None:
        raise UsageError(f"no rhythm {text!r}; {near_names(text, RHYTHMS)}")
    return rhythm


def _title(text: str, on_change: Callable[[str], None]) -> str:
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
        raise UsageError("a title holds at least one character")
    if len(words) > MOST_IN_TITLE:
        raise UsageError(
            f"a title may have at most {MOST_IN_TITLE} characters, this one has {len(words)}"
        )
    if words != text:
        on_change(f"the title is written {words!r}")
    return words


def _form(text: str) -> tuple[int, ...]:
    written = re.fullmatch(r"[0-9]{1,9}([ ,]+[0-9]{1,9})*", text.strip(" "), re.ASCII)
    form = tuple(map(int, re.findall("[0-9]+", text))) if written else (0,)
    if min(form) < 1:
        raise UsageError(
            f"no form {text!r}: expected the bars of each section, 1 or more, such as 8,8"
        )
    if sum(form) > MOST_BARS:
        raise UsageError(f"a form may have at most {MOST_BARS} bars, {text} has {sum(form)}")
    return form


class Prime(NamedTuple):
    """What every tune begins with.

    Attributes
    ----------
    text : str
        From ``X:1`` on.
    added : int
        The lines that were put before what was given, for messages.
    """

    text: str = REFERENCE
    added: int = 1


def read_prime(text: str) -> Prime:
    """Return what is given to begin with as the network expects it: from ``X:1`` on.

    Every tune that the network learned begins with this line, so it is given even where
    nothing else is. The remark in which abcgen says how a tune was made is left out.

    Raises
    ------
    UsageError
        If it goes on past the end of a tune.
    """
    text = text.replace("\r\n", "\n").lstrip("\n")
    if text.endswith("\n\n"):
        text = text.rstrip("\n") + "\n"
    if "\n\n" in text:
        raise UsageError("a prime is the beginning of one tune; this one holds a blank line")
    if len(text) >= MAX_TUNE // 2:
        raise UsageError(
            f"a prime may hold at most {MAX_TUNE // 2} characters, this one has {len(text)}"
        )
    added = 1
    if text.startswith("X:"):
        _, _, text = text.partition("\n")
        added = 0
    before, remark, behind = text.partition("\n" + REMARK)
    if remark:
        text = before + "\n" + behind.partition("\n")[2]
        added -= 1
    return Prime(REFERENCE + text, added)


def check_prime(vocabulary: Vocabulary, prime: Prime) -> None:
    """Complain of a character that the network does not know.

    Raises
    ------
    VocabularyError
        With its place in what was given.
    """
    text = prime.text.removeprefix(REFERENCE)
    vocabulary.encode(REFERENCE)
    vocabulary.encode("\n" * (1 - prime.added) + text)


def begin(vocabulary: Vocabulary, wishes: Wishes, prime: Prime) -> tuple[str, Place]:
    """Return the text of the prime, and where the acceptor is behind it.

    Parameters
    ----------
    vocabulary : Vocabulary
        The network's.
    wishes : Wishes
        What is asked for.
    prime : Prime
        What `read_prime` gave. A line end at its end, which editors write, is left out where
        it would stand within a bar.

    Raises
    ------
    VocabularyError
        If the network has not learned the characters that this needs.
    UsageError
        If no valid tune begins like this; the message says where and why.
    """
    start = begin_tune(Alphabet.of(frozenset(vocabulary.idx2char)), wishes)
    if wishes.title:
        try:
            vocabulary.encode(wishes.title)
        except VocabularyError as error:
            raise VocabularyError(f"--title: {error}") from None
    check_prime(vocabulary, prime)
    text = prime.text
    place = start
    for character in text:
        if character not in place.allowed():
            break
        place = place.after(character)
    else:
        return text, place
    from abcgen.grammar.faults import find_fault  # which takes a while to load

    place, fault = find_fault(text, start)
    if fault is not None and fault.bar and fault.position == len(text) - 1 and text[-1] == "\n":
        return text[:-1], place
    if fault is not None:
        fault = fault._replace(line=fault.line - prime.added)
        raise UsageError(f"no valid tune begins with this prime: {fault}")
    return text, place
