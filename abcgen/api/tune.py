"""A tune as Python programs hold it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from abcgen.errors import AbcgenError, NotationError, UsageError
from abcgen.notation.tune import Tune as ReadTune
from abcgen.notation.tune import read_tune
from abcgen.support.files import temporary_beside

if TYPE_CHECKING:
    from abcgen.generation.request import Request
    from abcgen.music.notes import Music


@dataclass(frozen=True, repr=False)
class Tune:
    """One tune in ABC notation. It never changes; methods give new tunes.

    Parameters
    ----------
    abc : str
        The tune from its X: line on.

    Notes
    -----
    The text is read when something is first asked of it. Where it cannot be read, what needs it
    read raises `NotationError` with the reason; `abc`, `request` and saving as .abc do not.
    """

    abc: str

    def __str__(self) -> str:
        return self.abc

    def __repr__(self) -> str:
        try:
            about = (repr(self.title), self.rhythm, self.meter, self.key)
        except NotationError:
            return "<Tune that cannot be read>"
        return f"<Tune {', '.join(filter(None, about))}>"

    @cached_property
    def _read(self) -> ReadTune:
        return read_tune(self.abc)

    @property
    def title(self) -> str:
        """The first title (T:), or an empty string."""
        return self._read.title

    @property
    def key(self) -> str:
        """The key (K:) as abcgen spells it: ``G``, ``Edor``, ``F#m``."""
        return self._read.setting.key

    @property
    def meter(self) -> str:
        """The metre (M:): ``6/8``, ``C|``; ``4/4`` where there is no M:."""
        return self._read.setting.meter

    @property
    def rhythm(self) -> str | None:
        """The rhythm (R:): ``reel``, ``jig``; None where there is no R:."""
        return self._read.field("R")

    @cached_property
    def request(self) -> "Request | None":
        """How abcgen made the tune, from its N: line; None where it has none of abcgen's.

        Raises
        ------
        CorpusError
            If that line was edited so that it can no longer be read.
        """
        from abcgen.generation.remark import read_remark

        made = read_remark(self.abc, "this tune")
        return made.request if made else None

    def music(self) -> "Music":
        """Return the notes as they sound, repeats and endings played.

        Raises
        ------
        NotationError
            If the music cannot be read; the message says why.
        """
        from abcgen.music.notes import music_of

        return music_of(self._read)

    def transpose(self, key: str) -> "Tune":
        """Return the tune in another key of the same mode, moved by the nearest interval.

        The result is in abcgen's canonical spelling. An N: line that says how abcgen made the tune
        is left out, since it no longer holds.

        Parameters
        ----------
        key : str
            Such as ``D``, ``Bm``, ``Ador``.

        Raises
        ------
        NotationError
            If the key is unknown or of another mode, the tune has no canonical spelling, or
            something in it has no spelling in the new key.
        """
        from abcgen.grammar.spelling import canonical
        from abcgen.grammar.transposing import transpose
        from abcgen.notation.tunebook import numbered

        moved = transpose(canonical(self._read), key)
        return Tune(numbered(moved, self._read.number))

    def midi(self, *, qpm: float | None = None, instrument: str | int | None = None) -> bytes:
        """Return the tune as a standard MIDI file.

        Parameters
        ----------
        qpm : float, optional
            Tempo in quarter notes a minute; else the tune's own, or one that suits its rhythm.
        instrument : str or int, optional
            A General MIDI name or number for the melody; else that of the tune's
            ``%%MIDI program``, or a violin.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If the tempo or the instrument is unknown.
        """
        from abcgen.formats.midi import midi_of

        return midi_of(self._read, qpm=qpm, instrument=instrument)

    def wav(
        self,
        *,
        qpm: float | None = None,
        instrument: str | int | None = None,
        rate: int | None = None,
    ) -> bytes:
        """Return the tune as a WAV file: 16 bit, stereo, by abcgen's own synthesizer.

        Parameters
        ----------
        qpm, instrument
            As in `midi`. The nearest of the synthesizer's eleven voices plays.
        rate : int, optional
            Samples a second, 8000 to 96000; 44100 unless given.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If the tempo, the instrument or the rate is unknown or out of range.
        """
        from abcgen.formats.wav import wav_of
        from abcgen.music.synth.mixing import RATE

        return wav_of(
            self._read, qpm=qpm, instrument=instrument, rate=RATE if rate is None else rate
        )

    def save(self, path: str | Path, **options: float | str | int | None) -> None:
        """Write the tune into a file, in the format of its ending: .abc, .mid, .midi or .wav.

        Parameters
        ----------
        path : str or Path
            The file; it appears only when it is whole.
        **options
            For MIDI those of `midi`, for .wav those of `wav`.

        Raises
        ------
        UsageError
            If the ending is unknown or does not take the options.
        NotationError
            If the music cannot be read.
        AbcgenError
            If the file cannot be written.
        """
        write_tunes([self], Path(path), options, number=False)


_OF_SOUND = frozenset({"qpm", "instrument"})
#: Ending -> the format of one tune, what makes it, and the options that it takes.
_RENDERED: dict[str, tuple[str, Callable[..., bytes], frozenset[str]]] = {
    ".mid": ("MIDI", Tune.midi, _OF_SOUND),
    ".midi": ("MIDI", Tune.midi, _OF_SOUND),
    ".wav": ("WAV", Tune.wav, _OF_SOUND | {"rate"}),
}


def write_tunes(
    tunes: Iterable[Tune], path: Path, options: Mapping[str, object], *, number: bool
) -> None:
    """Write tunes into one file by its ending; see `abcgen.write` and `Tune.save`.

    In ABC they keep their reference numbers, or are numbered from X:1.
    """
    ending = path.suffix.lower()
    if ending == ".abc":
        if options:
            raise UsageError(f"{path}: a file in ABC takes no options, found {', '.join(options)}")
        _write(path, (part.encode() for part in _book(tunes, number)))
    elif ending in _RENDERED:
        kind, render, known = _RENDERED[ending]
        given = list(tunes)
        if len(given) != 1:
            raise UsageError(
                f"{path}: a {kind} file holds one tune, found {len(given)}; save each into a file "
                "of its own"
            )
        if not known.issuperset(options):
            unknown = ", ".join(sorted(set(options) - known))
            expected = ", ".join(sorted(known))
            raise UsageError(f"{path}: {kind} takes the options {expected}; found {unknown}")
        _write(path, [render(given[0], **options)])
    else:
        raise UsageError(
            f"{path}: expected a name that ends in .abc, .mid or .wav, "
            f"found {ending or 'no ending'!r}"
        )


def _book(tunes: Iterable[Tune], number: bool) -> Iterator[str]:
    """Yield the parts of a tunebook."""
    from abcgen.notation.tunebook import numbered

    for place, tune in enumerate(tunes, start=1):
        text = tune.abc.strip("\n") + "\n"
        yield "\n" * (place > 1) + (numbered(text, place) if number else text)


def _write(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that appears only when it is whole."""
    try:
        with temporary_beside(path) as temporary, temporary.open("wb") as file:
            file.writelines(parts)
    except OSError as error:
        raise AbcgenError(
            f"cannot write {path}: {error.strerror or error}; choose another place"
        ) from None
