"""Options of commands that say how a tune is played."""

import argparse
from pathlib import Path
from typing import Any

from abcgen.music.accompaniment import (
    ACCOMPANIMENTS,
    SIMPLE,
    AccompanimentOptions,
    check_accompaniment,
)
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.swing import MOST_SWING, STRAIGHT
from abcgen.music.tempo import FASTEST, SLOWEST
from abcgen.support.options import real_number


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; `chosen` returns what they say."""
    parser.add_argument(
        "--qpm",
        type=real_number(SLOWEST, FASTEST),
        metavar="Q",
        help="tempo in quarter notes a minute (default: that of the tune's Q: line, or else one "
        "that suits its rhythm, R:, or metre)",
    )
    parser.add_argument(
        "--instrument",
        metavar="I",
        help="the instrument of the melody: a General MIDI name, or its number from 1 to 128 "
        f"(default: that of the tune's %%%%MIDI program line, or else {DEFAULT_INSTRUMENT})",
    )
    parser.add_argument(
        "--swing",
        type=real_number(STRAIGHT, MOST_SWING),
        metavar="S",
        help="the length of a beat's first eighth, as a part of the beat: "
        f"{STRAIGHT} is even, 0.67 a triplet, "
        f"{MOST_SWING} the most; jigs and other compound metres do not swing (default: even)",
    )
    parser.add_argument(
        "--accompaniment",
        choices=ACCOMPANIMENTS,
        help="how chord symbols are played. none: not at all; simple: a soft bass and chords on "
        "the beats, or the tune's own %%%%MIDI gchord; full: as in a session, by the rhythm of the "
        f"dance, with runs in the bass (default: {SIMPLE})",
    )
    parser.add_argument(
        "--accompaniment-instrument",
        metavar="I",
        help="the instrument of the chord symbols, given as for --instrument; in a full "
        "accompaniment, keyboards play a vamp, and all others strum (default: that of the tune's "
        "%%%%MIDI chordprog line, or else a guitar)",
    )
    parser.add_argument(
        "--drums",
        action="store_true",
        default=None,
        help="let a drum play, too, by the rhythm of the dance",
    )
    parser.add_argument(
        "--soundfont",
        type=Path,
        metavar="FILE",
        help="a sound font (SF2) that plays in place of abcgen's own synthesizer "
        "(pip install 'abcgen[soundfont]')",
    )


def chosen(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was chosen, as keywords of `abcgen.formats.pcm.pcm_of`.

    Raises
    ------
    UsageError
        If an instrument is unknown.
    AbcgenError
        If the sound font cannot be used.
    """
    if options.instrument is not None:
        program_of(options.instrument)
    check_accompaniment(options.accompaniment, options.accompaniment_instrument)
    if options.soundfont is not None:
        from abcgen.formats.soundfont import check_soundfont

        check_soundfont(options.soundfont)
    names = ("qpm", "instrument", "swing", *AccompanimentOptions.__optional_keys__, "soundfont")
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}
