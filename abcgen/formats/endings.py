"""Every format of a tune: its name, its endings, what makes it, and what that takes and needs.

`abcgen.render`, `Tune.save` and `abcgen.write` all go by this one table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from abcgen.errors import UsageError, near_names
from abcgen.music.accompaniment import AccompanimentOptions
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune
from abcgen.notation.warned import Warned
from abcgen.support.extras import require


@dataclass(frozen=True, slots=True)
class Format:
    """A format of one tune.

    Attributes
    ----------
    name : str
        As messages show it: ``MIDI``.
    endings : tuple of str
        Of its files; the first is what abcgen writes unless told otherwise.
    write : callable
        Writes a tune, given its text and as it was read, into a file open for bytes.
    options : frozenset of str
        The keywords that `write` takes.
    modules : tuple of str
        Optional modules that it needs.
    extra : str
        abcgen's extra that installs them.
    tunes_per_job : int
        For so many tunes it is worth starting another process.
    whole : bool
        Whether all that a tune sounds is in it: other voices, overlays, microtones.
    """

    name: str
    endings: tuple[str, ...]
    write: Callable[..., None]
    options: frozenset[str] = frozenset()
    modules: tuple[str, ...] = ()
    extra: str = ""
    tunes_per_job: int = 1000
    whole: bool = False

    @property
    def ending(self) -> str:
        """What the names of its files end in."""
        return self.endings[0]

    def require(self) -> None:
        """Raise unless what it needs is installed.

        Raises
        ------
        AbcgenError
            With the command that installs it.
        """
        for module in self.modules:
            require(module, self.extra, self.name)

    def among(self, options: Mapping[str, object]) -> dict[str, Any]:
        """Return those of some options that it takes."""
        return {name: value for name, value in options.items() if name in self.options}


def _abc(text: str, tune: Tune, file: IO[bytes]) -> None:
    music_of(tune)  # one that cannot be played is left out, as in the other formats
    file.write((text.strip("\n") + "\n").encode())


def _midi(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.midi import midi_of

    file.write(midi_of(tune, **options))


def _musicxml(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.musicxml import musicxml_of

    file.write(musicxml_of(tune, **options).encode())


def _svg(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.score import svg_of

    file.write(svg_of(tune, **options).encode())


def _png(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.score import png_of

    file.write(png_of(tune, **options))


def _pdf(text: str, tune: Tune, file: IO[bytes]) -> None:
    from abcgen.formats.score import pdf_of

    file.write(pdf_of(tune))


def _wav(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.wav import write_wav

    write_wav(tune, file, **options)


def _mp3(text: str, tune: Tune, file: IO[bytes], **options: Any) -> None:
    from abcgen.formats.mp3 import write_mp3

    write_mp3(tune, file, **options)


_PLAYED = frozenset({"qpm", "instrument", "swing"}) | AccompanimentOptions.__optional_keys__
_HEARD = _PLAYED | {"soundfont"}
_NONE: frozenset[str] = frozenset()
_PICTURED = frozenset({"stretch", "style"})
_DRAWN = ("verovio", "font_source_serif_pro")
#: Name, as `--to` takes it -> format.
FORMATS: dict[str, Format] = {
    "abc": Format("ABC", (".abc",), _abc, whole=True),
    "midi": Format("MIDI", (".mid", ".midi"), _midi, _PLAYED, whole=True),
    "musicxml": Format("MusicXML", (".musicxml", ".xml"), _musicxml, frozenset({"instrument"})),
    "svg": Format("SVG", (".svg",), _svg, _PICTURED, ("verovio",), "score", 50),
    "png": Format("PNG", (".png",), _png, frozenset({"scale"}), (*_DRAWN, "resvg_py"), "score", 20),
    "pdf": Format("PDF", (".pdf",), _pdf, _NONE, (*_DRAWN, "svg2pdf_py", "pypdf"), "score", 20),
    "wav": Format("WAV", (".wav",), _wav, _HEARD | {"rate"}, tunes_per_job=4, whole=True),
    "mp3": Format("MP3", (".mp3",), _mp3, _HEARD, ("lameenc",), "mp3", 4, True),
}
ABC, PDF = FORMATS["abc"], FORMATS["pdf"]
_BY_ENDING = {ending: form for form in FORMATS.values() for ending in form.endings}


def warnings_for(tune: Tune, formats: Iterable[Format]) -> tuple[Warned, ...]:
    """Return what is not certain of a tune, or not in one of some formats."""
    whole = all(form.whole for form in formats)
    return tuple(warned for warned in tune.warnings if not (whole and warned.heard))


def format_of(path: Path) -> Format:
    """Return the format that the ending of a file's name stands for.

    Raises
    ------
    UsageError
        If it stands for none.
    """
    ending = path.suffix.lower()
    if ending not in _BY_ENDING:
        *most, last = (form.ending for form in FORMATS.values())
        raise UsageError(
            f"{path}: expected a name that ends in {', '.join(most)} or {last}, "
            f"found {repr(ending) if ending else 'no ending'}; rename the file"
        )
    return _BY_ENDING[ending]


def formats_named(names: str) -> list[Format]:
    """Return the formats of a list such as ``midi,svg``; each may also be named by its ending.

    Raises
    ------
    UsageError
        If there is no such format, or none is named.
    """
    found: dict[str, Format] = {}
    for name in filter(None, (part.strip().lower() for part in names.split(","))):
        form = FORMATS.get(name) or _BY_ENDING.get("." + name.removeprefix("."))
        if form is None:
            raise UsageError(f"no format {name!r}; {near_names(name, FORMATS)}")
        found[form.name] = form
    if not found:
        raise UsageError(f"no format is named; known: {', '.join(FORMATS)}")
    return list(found.values())
