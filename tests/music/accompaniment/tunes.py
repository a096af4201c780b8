"""Tunes made up for the tests of accompaniments: any notes, under chords anywhere in the bars."""

from hypothesis import strategies as st

from abcgen.notation.chords import QUALITIES

#: Metre -> eighth notes in a bar.
METERS = {"4/4": 8, "C|": 8, "2/4": 4, "3/4": 6, "6/8": 6, "9/8": 9, "12/8": 12, "3/2": 12}
#: Those whose accompaniment is made of beats alone.
ODD_METERS = {"5/4": 10, "7/8": 7, "3/8": 3, "5/8": 5}
RHYTHMS = ("", "reel", "jig", "slip jig", "hornpipe", "strathspey", "polka", "waltz", "slow air")
SILENT = ("N.C.", "C#77")
#: Chord symbols of all kinds, some with another bass.
CHORDS = st.builds(
    lambda root, quality, bass: root + quality + bass,
    st.sampled_from(["C", "D", "Eb", "E", "F#", "G", "A", "Bb", "B"]),
    st.sampled_from(["", "", "m", "m", "7", *QUALITIES]),
    st.sampled_from(["", "", "", "/E", "/F#", "/G"]),
)


@st.composite
def tunes(draw: st.DrawFn, meters: dict[str, int] = METERS | ODD_METERS) -> str:
    """Return the text of a tune: a pickup or none, bars, perhaps repeated."""
    meter = draw(st.sampled_from(sorted(meters)))
    eighths = meters[meter]
    symbols = st.one_of(CHORDS, CHORDS, st.sampled_from([*SILENT, "slowly"]))
    pickup = draw(st.sampled_from([0, 0, 1, 2]))
    bars = []
    for length in [pickup, *([eighths] * draw(st.integers(1, 5))), eighths - pickup]:
        bar = ""
        for _ in range(length):
            chord = draw(st.one_of(st.just(""), st.just(""), st.just(""), symbols))
            bar += f'"{chord}"' * bool(chord) + draw(st.sampled_from("cdefgabz"))
        bars.append(bar)
    body = "|".join(bar for bar in bars if bar)
    if draw(st.booleans()):
        body = f"|:{body}:|"
    rhythm, key = draw(st.sampled_from(RHYTHMS)), draw(st.sampled_from(["C", "D", "Ador", "Gm"]))
    return f"X:1\nR:{rhythm}\nM:{meter}\nL:1/8\nK:{key}\n{body}|\n"
