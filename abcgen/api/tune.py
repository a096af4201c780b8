"""A tune as Python programs hold it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from abcgen.errors import NotationError, UsageError
from abcgen.notation.tune import Tune as ReadTune
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import check_characters
from abcgen.support import values

if TYPE_CHECKING:
    from abcgen.formats.pcm import SoundOptions
    from abcgen.generation.request import Request
    from abcgen.music.accompaniment import AccompanimentOptions
    from abcgen.music.notes import Music


@dataclass(frozen=True, repr=False)
class Tune:
    """One tune in ABC notation. It never changes; methods give new tunes.

    Parameters
    ----------
    abc : str
        The tune from its X: line on.
    voice : str or int, optional
        Of several voices (V:), which one is the melody: its name, or its number, from 1; the first
        unless given. MIDI files and sound have the others, too.

    Notes
    -----
    The text is read when something is first asked of it. Where it cannot be read, what needs it
    read raises `NotationError` with the reason; `abc`, `request` and saving as .abc do not.
    Half of a character (a lone surrogate), which no file can hold, is refused at once.
    """

    abc: str
    voice: str | int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.abc, str):
            raise UsageError(
                f"expected a tune as ABC text, found {values.shown(self.abc)}; abcgen.read reads "
                "files"
            )
        check_characters(self.abc)
        values.name_or_number("voice", self.voice)

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
        return read_tune(self.abc, self._voice)

    @property
    def _voice(self) -> str | None:
        return values.name_or_number("voice", self.voice)

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

    @property
    def style(self) -> str | None:
        """The style (G:) that a network with styles wrote it in; None where there is no G:."""
        return self._read.field("G")

    @cached_property
    def request(self) -> "Request | None":
        """How abcgen made the tune, from its N: line; None where that does not say.

        It does so of tunes that are new from their first note on, not of rewritten bars and of
        melodies over given chords. `Generator.again` makes all of these again.

        Raises
        ------
        CorpusError
            If that line was edited so that it can no longer be read.
        """
        from abcgen.generation.remark import read_remark

        made = read_remark(self.abc)
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

    def seconds(self, *, qpm: float | None = None) -> float:
        """Return how long the tune takes to play; `qpm` as in `midi`.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If `qpm` is out of range.
        """
        from abcgen.music.performance import perform

        performance = perform(self._read, qpm=qpm)
        return performance.clock.at(performance.duration)

    def harmonize(
        self, palette: str = "usual", *, alternatives: int = 1, seed: int = 0
    ) -> "list[Tune]":
        """Return the tune with chord symbols put in; all else stays as it is, to the character.

        Chord symbols that the tune has are replaced.

        Parameters
        ----------
        palette : {"simple", "usual", "rich"}
            Few chords, those that people mostly write, or more and rarer ones.
        alternatives : int
            How many ways; the first is the likeliest. There may be fewer.
        seed : int
            0 or more; decides all but the first.

        Raises
        ------
        NotationError
            If the music cannot be read, or has no full bar.
        UsageError
            If there is no such palette, or a number makes no sense.
        """
        from abcgen.generation.harmonize.harmonizing import ways_of

        return [
            Tune(text, self.voice)
            for text in ways_of(self.abc, palette, alternatives, seed, self._voice)
        ]

    def transpose(self, to: str | int) -> "Tune":
        """Return the tune in another key of the same mode, or moved by semitones.

        The result is in abcgen's canonical spelling. An N: line that says how abcgen made the tune
        is left out, since it no longer holds.

        Parameters
        ----------
        to : str or int
            A key such as ``D``, ``Bm``, ``Ador``, which is reached by the nearest interval; or
            semitones, upwards or, if negative, downwards: ``3``, ``"-2"``.

        Raises
        ------
        NotationError
            If the key is unknown or of another mode, the tune has no canonical spelling, or
            something in it has no spelling in the new key.
        UsageError
            If it is neither a key nor a number of semitones.
        """
        from abcgen.grammar.spelling import canonical
        from abcgen.grammar.transposing import moved_to
        from abcgen.notation.tunebook import numbered

        text = canonical(self._read)
        return Tune(numbered(moved_to(text, to), self._read.number))

    def midi(
        self,
        *,
        qpm: float | None = None,
        instrument: str | int | None = None,
        swing: float | None = None,
        **accompaniment: Unpack["AccompanimentOptions"],
    ) -> bytes:
        """Return the tune as a standard MIDI file.

        Parameters
        ----------
        qpm : float, optional
            Tempo in quarter notes a minute; else the tune's own, or one that suits its rhythm.
        instrument : str or int, optional
            A General MIDI name or number for the melody; else that of the tune's
            ``%%MIDI program``, or a violin.
        swing : float, optional
            How much of a beat its first eighth takes, 0.5 (even, as without it) to 0.9.
        **accompaniment
            ``accompaniment``, how chord symbols are played: ``none``, ``simple`` (as without it)
            or ``full``; ``accompaniment_instrument``, what plays them, named like `instrument`;
            and ``drums``, true for a drum as well.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If an option is unknown or out of range.
        """
        from abcgen.formats.midi import midi_of
        from abcgen.music.accompaniment import AccompanimentOptions

        values.known_only("Tune.midi", accompaniment, AccompanimentOptions.__annotations__)
        return midi_of(self._read, qpm=qpm, instrument=instrument, swing=swing, **accompaniment)

    def wav(
        self,
        *,
        qpm: float | None = None,
        instrument: str | int | None = None,
        swing: float | None = None,
        rate: int | None = None,
        soundfont: str | Path | None = None,
        **accompaniment: Unpack["AccompanimentOptions"],
    ) -> bytes:
        """Return the tune as a WAV file: 16 bit, stereo, by abcgen's own synthesizer.

        Parameters
        ----------
        qpm, instrument, swing, **accompaniment
            As in `midi`. The nearest of the synthesizer's eleven voices plays.
        rate : int, optional
            Samples a second, 8000 to 96000; 44100 unless given.
        soundfont : str or Path, optional
            A sound font (SF2) that plays instead of the synthesizer, at a rate of its own. It
            needs the extra ``soundfont``.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If an option is unknown or out of range.
        AbcgenError
            If the sound font cannot be used.
        """
        from abcgen.formats.wav import wav_of
        from abcgen.music.accompaniment import AccompanimentOptions

        values.known_only("Tune.wav", accompaniment, AccompanimentOptions.__annotations__)
        return wav_of(
            self._read,
            qpm=qpm,
            instrument=instrument,
            swing=swing,
            rate=rate,
            soundfont=soundfont,
            **accompaniment,
        )

    def mp3(self, **options: Unpack["SoundOptions"]) -> bytes:
        """Return the tune as an MP3 file, stereo; it needs the extra ``mp3``.

        Parameters
        ----------
        **options
            As `wav`, without the rate.

        Raises
        ------
        NotationError, UsageError, AbcgenError
            As `wav` does; also if the extra is missing.
        """
        from abcgen.formats.mp3 import mp3_of
        from abcgen.formats.pcm import SoundOptions

        values.known_only("Tune.mp3", options, SoundOptions.__annotations__)
        return mp3_of(self._read, **options)

    def play(self, **options: Unpack["SoundOptions"]) -> None:
        """Play the tune and return when it has ended; Ctrl-C stops it.

        Parameters
        ----------
        **options
            As `wav`, without the rate.

        Raises
        ------
        NotationError, UsageError, AbcgenError
            As `wav` does; also if nothing here can play.
        """
        from abcgen.formats.loudspeaker import play
        from abcgen.formats.pcm import SoundOptions

        values.known_only("Tune.play", options, SoundOptions.__annotations__)
        play(self._read, **options)

    def svg(self, *, stretch: bool = True, style: bool = True) -> str:
        """Return the score as SVG, a picture for pages; it needs the extra ``score``.

        Parameters
        ----------
        stretch : bool
            Let lines be as wide as the page where they nearly are; else each is as wide as its
            notes need.
        style : bool
            With a style sheet in it, as a picture needs that stands alone; without, it takes less
            time, and its sizes are in millimetres.

        Raises
        ------
        NotationError
            If the music cannot be read, or cannot be engraved.
        AbcgenError
            If the extra is missing.
        """
        from abcgen.formats.score import svg_of

        return svg_of(self._read, stretch=stretch, style=style)

    def png(self, *, scale: float = 2) -> bytes:
        """Return the score as a PNG picture; `scale` is its size. Errors are those of `svg`."""
        from abcgen.formats.score import png_of

        return png_of(self._read, scale=scale)

    def pdf(self) -> bytes:
        """Return the score as a PDF file, to print. Errors are those of `svg`."""
        from abcgen.formats.score import pdf_of

        return pdf_of(self._read)

    def musicxml(self, *, instrument: str | int | None = None) -> str:
        """Return the score as MusicXML, for notation programs; `instrument` as in `midi`.

        Raises
        ------
        NotationError
            If the music cannot be read.
        UsageError
            If the instrument is unknown.
        """
        from abcgen.formats.musicxml import musicxml_of

        return musicxml_of(self._read, instrument=instrument)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the score on white, or else the text."""
        try:
            shown = self.svg()
        except Exception:  # a notebook shows the tune, whatever is missing or wrong
            from html import escape

            return f"<pre>{escape(self.abc)}</pre>"
        return f'<div style="background: white; max-width: 60em">{shown}</div>'

    def save(self, path: str | Path, **options: object) -> None:
        """Write the tune into a file, in the format of its ending.

        Parameters
        ----------
        path : str or Path
            The file; it appears only when it is whole. It ends in .abc, .mid, .musicxml, .svg,
            .png, .pdf, .wav or .mp3.
        **options
            Those of the method of the format, such as `midi`.

        Raises
        ------
        UsageError
            If the ending is unknown or does not take the options.
        NotationError
            If the music cannot be read.
        AbcgenError
            If the file cannot be written, or an extra is missing.
        """
        from abcgen.api.books import checked
        from abcgen.api.writing import write_tunes

        write_tunes(checked([self]), path, options, number=False)
