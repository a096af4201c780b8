"""The instruments of General MIDI, by name and number."""

from abcgen.errors import UsageError, near_names

DEFAULT_INSTRUMENT = "violin"

# The General MIDI instruments, in the order of their programs.
_NAMES = """\
acoustic grand piano, bright acoustic piano, electric grand piano, honky-tonk piano, electric
piano 1, electric piano 2, harpsichord, clavinet, celesta, glockenspiel, music box, vibraphone,
marimba, xylophone, tubular bells, dulcimer, drawbar organ, percussive organ, rock organ,
church organ, reed organ, accordion, harmonica, tango accordion, nylon guitar, steel guitar,
jazz guitar, clean guitar, muted guitar, overdriven guitar, distortion guitar, guitar
harmonics, acoustic bass, finger bass, pick bass, fretless bass, slap bass 1, slap bass 2,
synth bass 1, synth bass 2, violin, viola, cello, contrabass, tremolo strings, pizzicato
strings, harp, timpani, string ensemble 1, string ensemble 2, synth strings 1, synth strings 2,
choir aahs, voice oohs, synth voice, orchestra hit, trumpet, trombone, tuba, muted trumpet,
french horn, brass section, synth brass 1, synth brass 2, soprano sax, alto sax, tenor sax,
baritone sax, oboe, english horn, bassoon, clarinet, piccolo, flute, recorder, pan flute,
bottle, shakuhachi, whistle, ocarina, square lead, sawtooth lead, calliope lead, chiff lead,
charang lead, voice lead, fifths lead, bass and lead, new age pad, warm pad, polysynth pad,
choir pad, bowed pad, metallic pad, halo pad, sweep pad, rain, soundtrack, crystal, atmosphere,
brightness, goblins, echoes, sci-fi, sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle,
shanai, tinkle bell, agogo, steel drums, woodblock, taiko drum, melodic tom, synth drum,
reverse cymbal, guitar fret noise, breath noise, seashore, bird tweet, telephone, helicopter,
applause, gunshot"""
#: Their names in order; the first is program 0 in a file, and number 1 in print.
INSTRUMENTS = tuple(" ".join(_NAMES.split()).split(", "))
_NICKNAMES = {"piano": "acoustic grand piano", "guitar": "steel guitar", "tin whistle": "whistle"}


def program_of(instrument: str | int) -> int:
    """Return the MIDI program, counted from 0, of an instrument.

    Parameters
    ----------
    instrument : str or int
        A General MIDI name (`INSTRUMENTS`, in any case), or its number from 1 to 128.

    Raises
    ------
    UsageError
        If there is no such instrument; similar names are suggested.
    """
    name = " ".join(str(instrument).lower().replace("_", " ").split())
    name = _NICKNAMES.get(name, name)
    if name.isascii() and name.isdecimal() and len(name) <= 3 and 1 <= int(name) <= 128:
        return int(name) - 1
    if name in INSTRUMENTS:
        return INSTRUMENTS.index(name)
    hint = near_names(name, INSTRUMENTS)
    if len(hint) > 200:  # nothing near: all 128 names would not help
        hint = f"give a General MIDI name such as {DEFAULT_INSTRUMENT}, or a number from 1 to 128"
    raise UsageError(f"no instrument {str(instrument)!r}; {hint}")
