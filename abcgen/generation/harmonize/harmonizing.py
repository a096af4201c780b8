"""A tune with chord symbols put into its text, which stays as it is otherwise."""

from collections.abc import Iterator
from enum import Enum
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import NotationError, UsageError
from abcgen.generation.harmonize.model import Harmony
from abcgen.generation.harmonize.slots import Slot, SlottedSection, slotted
from abcgen.generation.noise import Noise
from abcgen.notation.chords import QUALITIES, spell_chord
from abcgen.notation.form import read_sections
from abcgen.notation.keys import MINOR_MODES, SEMITONES, mode_of, signature
from abcgen.notation.tune import Tune, read_tune
from abcgen.support import values

_LETTERS = "CDEFGAB"
#: Semitones above the tonic -> letters above it, where the key has no such note.
_LETTERS_ABOVE = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
_SIGNS = {-1: "b", 0: "", 1: "#"}
#: How rare chords are favoured where they are wished for, and what drawn alternatives vary by.
_FOR_RARE, _VARIATION = 0.5, 0.7
_NEVER = -1e9
_MOST_ATTEMPTS = 50  # at another alternative


class Palette(Enum):
    """Which chords are used.

    ``SIMPLE`` are major and minor chords on the first, fourth and fifth notes of the scale and, in
    minor and modes like it, the seventh; ``RICH`` are all, the rarer ones favoured.
    """

    SIMPLE = "simple"
    USUAL = "usual"
    RICH = "rich"


def harmonized(
    harmony: Harmony,
    text: str,
    palette: Palette = Palette.USUAL,
    seed: int = 0,
    voice: str | None = None,
) -> Iterator[str]:
    """Yield a tune with chord symbols, each time with others; the likeliest first.

    Parameters
    ----------
    harmony : Harmony
        What is known of chords.
    text : str
        A tune in ABC. Chord symbols that it has are replaced; all else stays as it is.
    palette : Palette
        Which chords are used.
    seed : int
        Decides all but the first.
    voice : str, optional
        Of several voices, the one that gets them; see `abcgen.notation.tune.read_tune`.

    Raises
    ------
    NotationError
        If the tune cannot be read, or has no bars.

    Notes
    -----
    It ends where no other way is found.
    """
    tune = read_tune(text, voice)
    sections = [section for section in slotted(tune) if section.slots]
    if not sections:
        raise NotationError("there is no full bar that a chord could stand in")
    bare, moved = _without_chords(text, tune)
    scores = [_scores(harmony, section, palette) for section in sections]
    count = sum(map(len, scores))
    seen: set[str] = set()
    noise = Noise(1, count * len(harmony.chords), _VARIATION)
    attempts = 0
    while attempts < _MOST_ATTEMPTS:
        varied = np.zeros((count, len(harmony.chords)))
        if seen:
            noise.begin(0, seed, len(seen), attempts)
            varied[:] = noise.next()[0].reshape(varied.shape)
        symbols: dict[int, str] = {}
        begun = 0
        for section, own in zip(sections, scores, strict=True):
            part = varied[begun : begun + len(own)]
            symbols |= dict(_symbols(harmony, section.slots, own + part))
            begun += len(own)
        written = _written(bare, {moved(at): chord for at, chord in symbols.items()})
        attempts += 1
        if written not in seen:
            seen.add(written)
            attempts = 0
            yield written


def ways_of(
    text: str, palette: str, alternatives: int, seed: int, voice: str | None = None
) -> list[str]:
    """Return ways to put chord symbols into a tune by the shipped model; see `harmonized`.

    Raises
    ------
    NotationError
        If the tune cannot be read, or has no bars.
    UsageError
        If there is no such palette, or a number makes no sense.
    """
    known = {one.value: one for one in Palette}
    if values.text("palette", palette, Palette.USUAL.value) not in known:
        raise UsageError(f"no palette {palette!r}: expected {', '.join(known)}")
    alternatives = values.count("alternatives", alternatives, 1)
    seed = values.whole("seed", seed, 0)
    ways = harmonized(Harmony.load(), text, known[palette], seed, voice)
    return list(islice(ways, alternatives))


def _scores(harmony: Harmony, section: SlottedSection, palette: Palette) -> NDArray[np.float64]:
    """Return what speaks for each chord in each slot, (T, K)."""
    scores = harmony.scores(section.slots)
    if palette is Palette.RICH:
        # What is likely everywhere counts for less.
        scores = scores - _FOR_RARE * np.log(np.exp(scores).mean(axis=0))
    if palette is Palette.SIMPLE:
        minor = mode_of(section.slots[0].key) in ("m", "dor", "mix", "phr")
        roots = {0, 5, 7, 10} if minor else {0, 5, 7}
        simple = [root in roots and quality in ("", "m") for root, quality in harmony.chords]
        scores = np.where(simple, scores, _NEVER)
    return np.where(_strange(harmony, section.slots), _NEVER, scores)


def _strange(harmony: Harmony, slots: list[Slot]) -> NDArray[np.bool_]:
    """Return which chords on the tonic have a third that neither key nor melody has, (T, K).

    So A dorian has no A major where no C sharp sounds, and D mixolydian no D minor where no F does.
    """
    strange = np.zeros((len(slots), len(harmony.chords)), bool)
    for at, slot in enumerate(slots):
        key_has, other = (3, 4) if mode_of(slot.key) in MINOR_MODES else (4, 3)
        if slot.weights[other] > 0:
            continue
        for number, (root, quality) in enumerate(harmony.chords):
            strange[at, number] = root == 0 and other in QUALITIES[quality]
            strange[at, number] &= key_has not in QUALITIES[quality]
    return strange


def _symbols(
    harmony: Harmony, slots: list[Slot], scores: NDArray[np.float64]
) -> Iterator[tuple[int, str]]:
    """Yield where chord symbols stand, and which, each where the chord changes."""
    held = np.array([slot.at is None for slot in slots])
    last = ""
    for slot, number in zip(slots, harmony.likeliest(slots, scores, held), strict=True):
        chord = chord_name(*harmony.chords[number], slot.key)
        if slot.at is not None and (chord != last or slot.begins):
            yield slot.at, chord
            last = chord


def chord_name(root: int, quality: str, key: str) -> str:
    """Return a chord as it is spelled in a key.

    Parameters
    ----------
    root : int
        Semitones above the tonic.
    quality : str
        As `abcgen.notation.chords.QUALITIES` spells it.
    key : str
        The key.
    """
    tonic = key.removesuffix(mode_of(key))
    above = SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b") + root
    altered = signature(key)
    in_scale = [
        letter
        for letter in _LETTERS
        if (SEMITONES[letter] + altered.get(letter, 0) - above) % 12 == 0
    ]
    likely = _LETTERS[(_LETTERS.index(tonic[0]) + _LETTERS_ABOVE[root]) % len(_LETTERS)]
    for letter in (*in_scale, likely, *_LETTERS):
        sign = _SIGNS.get((above - SEMITONES[letter] + 6) % 12 - 6)
        if sign is not None:
            return f"{letter}{sign}{quality}"
    raise ValueError(f"no name for {root} in {key}")


def _without_chords(text: str, tune: Tune) -> tuple[str, "_Moved"]:
    """Return a text without its chord symbols, and where its places are then."""
    removed = []
    for section in read_sections(tune, ornaments=True, layout=True):
        for bar in section.written():
            for token in bar.tokens:
                if token.kind == "chord" and spell_chord(token.text.strip('"')) is not None:
                    begin = tune.offset_of(token.position)
                    removed.append((begin, begin + len(token.text)))
    parts, done = [], 0
    for begin, end in removed:
        parts.append(text[done:begin])
        done = end
    return "".join([*parts, text[done:]]), _Moved(removed)


class _Moved:
    """Where places of a text are after some of it has been removed."""

    def __init__(self, removed: list[tuple[int, int]]) -> None:
        self._removed = removed

    def __call__(self, place: int) -> int:
        return place - sum(min(end, place) - begin for begin, end in self._removed if begin < place)


def _written(text: str, symbols: dict[int, str]) -> str:
    """Return a text with chord symbols put in at places."""
    parts, done = [], 0
    for at, chord in sorted(symbols.items()):
        parts += [text[done:at], f'"{chord}"']
        done = at
    return "".join([*parts, text[done:]])
