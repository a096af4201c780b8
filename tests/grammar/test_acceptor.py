import random
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import VocabularyError
from abcgen.grammar.acceptor import NEEDED, End, Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.faults import complaint, find_fault
from abcgen.grammar.form import MOST_IN_LINE
from abcgen.grammar.header import CHORD_METERS, KEYS, METERS, UNITS
from abcgen.grammar.spelling import canonical
from abcgen.grammar.wishes import Wishes
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.rhythms import HORNPIPE, HORNPIPE_METERS, RHYTHMS
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import read_meter, read_tune
from tests.tunes import made_up_tune
from tests.walks import Walk, any_walk, some_wishes, tame_alphabet, walk

seeds = st.integers(0, 10**6)
lengths = st.integers(0, 500)


walks = st.builds(any_walk, seeds, lengths)


# Walks.
@given(walks)
def test_where_one_may_go_there_is_a_way_to_the_end(walked: Walk) -> None:
    text, places = walked
    assert isinstance(places[-1].local, End)
    assert complaint(text) is None
    assert complaint(text.removesuffix("\n")) is None
    alphabet = places[0].local.alphabet.characters
    for place in places[:-1]:
        allowed = place.allowed()
        assert allowed and len(set(allowed)) == len(allowed)
        assert alphabet.issuperset(allowed)


@settings(max_examples=50)
@given(walks, seeds)
def test_no_character_leads_into_a_dead_end(walked: Walk, seed: int) -> None:
    places = walked.places[:-1]
    for place in random.Random(seed).sample(places, min(len(places), 40)):
        for character in place.allowed():
            following = place.after(character)
            assert following.allowed() or isinstance(following.local, End)


@settings(max_examples=50)
@given(walks, st.floats(0, 1))
def test_each_beginning_of_a_tune_is_taken(walked: Walk, part: float) -> None:
    text, places = walked
    end = round(part * len(text))
    assert find_fault(text[:end], places[0]) == (places[end], None)


@settings(max_examples=50)
@given(walks)
def test_a_tune_may_end_behind_its_sections_alone(walked: Walk) -> None:
    text, places = walked
    wishes, alphabet = places[0].local.wishes, places[0].local.alphabet
    for end, place in enumerate(places):
        if wishes.form:
            # None but the last section may end the tune.
            may_end = end >= len(text) - 1
        else:
            head, newline = text[:end].rstrip("\n"), text[end - 1 : end] == "\n"
            may_end = newline and head.endswith((":|", "|]")) and text[end : end + 2] != "[2"
        assert place.may_end == may_end
    with pytest.raises(ValueError, match="after the end"):
        places[-1].after("X")
    assert find_fault(text, begin_tune(alphabet, wishes))[0].allowed() == ""


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.data())
def test_no_note_of_a_plain_tune_can_be_left_out_or_played_twice(
    number: int, data: st.DataObject
) -> None:
    text = canonical(read_tune(made_up_tune(number)))
    music = text.index("|:")
    notes = [at for at in range(music, len(text)) if text[at].isalpha()]
    at = data.draw(st.sampled_from(notes))
    assert complaint(text) is None
    for changed in ("", text[at] * 2):
        # A space goes with the only note after it.
        assert complaint(text[:at] + changed + text[at + 1 :]) is not None


# Wishes.


def length_of(bar: Bar) -> Fraction:
    """Return the length of a bar in whole notes."""
    return sum((event.length for event in bar_events(bar)), Fraction(0)) * bar.setting.unit


def bars_of(text: str) -> list[int]:
    """Count the full bars of each section, in each of its endings, as players do."""
    tune = read_tune(text)
    full = read_meter(tune.setting.meter)
    counts = []
    lacked = True  # whether the bar before was short; the tune may begin with a pickup
    for section in read_sections(tune):
        pickup = lacked and length_of(section.bars[0]) < full
        count = len(section.bars) - pickup
        # A section of nothing but a pickup stands before `|:`.
        if count or section.endings:
            counts.append(count + (len(section.endings[0]) if section.endings else 0))
            assert len({len(ending) for ending in section.endings}) <= 1
        lacked = length_of(list(section.written())[-1]) < full
    return counts


def test_bars_are_counted() -> None:
    header = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"
    assert bars_of(header + "c|c8|c7|]\n") == [2]
    assert bars_of(header + "c|:c8:|\nc8|]\n") == [1, 1]
    assert bars_of(header + "|:c8|d8|[1 e8:|[2 f8||\nc8|c6||\ng2|c8|]\n") == [3, 2, 1]


@settings(max_examples=60)
@given(seeds, lengths)
def test_wishes_are_kept(seed: int, length: int) -> None:
    draw = random.Random(seed)
    wishes = some_wishes(draw)
    text = walk(draw, length, wishes).text
    fields = {line[0]: line[2:] for line in text.partition("\nK:")[0].splitlines()}
    fields["K"] = read_tune(text).field("K")
    for letter, wish in zip(
        "KMRT", (wishes.key, wishes.meter, wishes.rhythm, wishes.title), strict=True
    ):
        assert not wish or fields[letter] == wish
    if wishes.form:
        assert bars_of(text) == list(wishes.form)
    if wishes.chords is False:
        assert '"' not in text.partition("\nK:")[2]
    if wishes.chords:
        assert fields["M"] in CHORD_METERS
        for number, section in enumerate(read_sections(read_tune(text))):
            has_chord = any(token.kind == "chord" for bar in section.bars for token in bar.tokens)
            # A pickup before `|:` is read as a section.
            pickup = length_of(section.bars[0]) < read_meter(fields["M"])
            assert has_chord or (len(section.bars) == 1 and (number == 0 or pickup))


def test_a_metre_that_is_asked_for_brings_its_own_dances() -> None:
    head = "X:1\nT:x\nR:{}\nM:6/8\nL:1/8\nK:C\nc6|]\n"
    for rhythm, fits in (("jig", True), ("slide", True), ("reel", False), ("waltz", False)):
        assert complaint(head.format(rhythm)) is None
        assert (complaint(head.format(rhythm), Wishes(meter="6/8")) is None) == fits
        assert complaint(head.format(rhythm), Wishes(meter="6/8", rhythm=rhythm)) is None


def test_where_chord_symbols_are_asked_for() -> None:
    # At the first full bar of each section; where it is the first of all and might have been a
    # pickup, at the one after it.
    header = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"
    wishes = Wishes(chords=True)
    for good, bad in [
        ('"C"c8|"C"d8|]', '"C"c8|d8|]'),
        ('c|"C"c8|c7|]', '"C"c|c8|c7|]'),
        ('c8|"C"c8||\n"G"d8|]', '"C"c8||\n"G"d8|]'),
        ('c8|"C"c8||\n"G"d8|]', 'c8|"C"c8||\nd8|]'),
        ('|:c8|"G"c8:|\n|:"G"d8:|', '|:c8|"G"c8:|\n|:d8:|'),
    ]:
        assert complaint(f"{header}{good}\n", wishes) is None
        assert complaint(f"{header}{bad}\n") is None
        assert complaint(f"{header}{bad}\n", wishes) is not None


@pytest.mark.parametrize("form", [(1,), (16,), (8, 8), (3, 1, 5), (2, 2, 2, 2, 2, 2)])
def test_forms_of_all_kinds_of_sections(form: tuple[int, ...]) -> None:
    seen = set()
    for seed in range(40):
        draw = random.Random(seed)
        text = walk(draw, 2000, Wishes(form=form), tame_alphabet(draw)).text
        assert bars_of(text) == list(form)
        seen.update(mark for mark in ("|:", "[1 ", "||\n", "|]\n") if mark in text)
        seen.update(["pickup"] if re.search(r"\nK:.*\n(\|:)?[^|]{1,4}\|", text) else [])
    expected = {"|:", "[1 ", "||\n", "|]\n", "pickup"}
    if len(form) == 1:
        expected -= {"||\n"}
    if max(form) == 1:
        expected -= {"[1 "}
    assert seen == expected


# Alphabets.


@pytest.mark.parametrize("lacking", sorted(NEEDED))
def test_a_character_that_every_tune_needs_is_named(lacking: str) -> None:
    with pytest.raises(VocabularyError) as raised:
        begin_tune(Alphabet.of(EVERYTHING.characters - {lacking}))
    assert f"lacks {lacking!r}," in str(raised.value)
    assert "--raw" in str(raised.value)


@pytest.mark.parametrize(
    ("lacking", "wishes", "words"),
    [
        ("ABCDEFGabcdefg", Wishes(), "'A'"),
        ("ABCDEFG", Wishes(), "K:"),
        ("/", Wishes(), "every L:"),
        ("C/", Wishes(), "every M:"),
        ("4", Wishes(meter="4/4"), "every M:"),
        ("j", Wishes(rhythm="jig"), "every R:"),
        ('"', Wishes(chords=True), "no chord symbols"),
    ],
)
def test_a_field_that_cannot_be_written_is_named(lacking: str, wishes: Wishes, words: str) -> None:
    with pytest.raises(VocabularyError, match=words):
        begin_tune(Alphabet.of(EVERYTHING.characters - set(lacking)), wishes)


def test_the_fewest_characters_that_can_be() -> None:
    few = Alphabet.of(NEEDED | set("C/8"))
    seen = {walk(random.Random(seed), 60, alphabet=few).text for seed in range(20)}
    assert len(seen) > 10
    assert all(set(text) <= few.characters for text in seen)
    assert any("C8|" in text for text in seen)


def test_a_bracket_where_no_notes_at_once_can_be_written() -> None:
    few = Alphabet.of(NEEDED | set("C/8:[2 ^="))
    place, _ = find_fault("X:1\nT:C\nM:C\nL:1/8\nK:C\n|:C8|[", begin_tune(few))
    assert place.allowed() == "1"
    place, _ = find_fault("X:1\nT:C\nM:C\nL:1/8\nK:C\n|:C8|", begin_tune(few))
    assert sorted(place.allowed()) == sorted("C^=[")


# Examples.


def place_after(text: str) -> Place:
    place, fault = find_fault(text, begin_tune(EVERYTHING))
    assert fault is None
    return place


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("X:12\nT:x\nR:reel\nM:4/4\nL:1/8\nK:G\n", "X:1\nR:reel\nT:x\nM:4/4\nL:1/8\nK:G\n"),
        ("X:1\nT:x\nM:4/4\nL:1/8\nK:G\n", "X:1\nT:x\nL:1/8\nM:4/4\nK:G\n"),
        ("X:1\nT:x y\nM:4/4\nL:1/8\nK:G\n", "X:1\nT:x \nM:4/4\nL:1/8\nK:G\n"),
        ("X:1\nT:x\nM:4/4\nL:1/8\nK:G\n", "X:1\nT:x\nM:4/4\nR:reel\nL:1/8\nK:G\n"),
        ("X:1\nT:x\nM:4/4\nL:1/8\nK:G\n", "X: 1\nT:x\nM:4/4\nL:1/8\nK:G\n"),
        ("X:1\nT:x\nM:4/4\nL:1/8\nK:G\n", "X:1\nT:x\nM:4/4\nK:G\n"),
        ("X:1\nT:x\nM:4/4\nL:1/16\nK:Am\n", "X:1\nT:x\nM:4/4\nL:1/32\nK:Am\n"),
        ("X:1\nT:x\nM:4/4\nL:1/4\nK:F#m\n", "X:1\nT:x\nM:4/4\nL:1/4\nK:G#\n"),
        ("X:1\nT:x\nM:4/4\nL:1/8\nK:Ador\n", "X:1\nT:x\nM:4/4\nL:1/8\nK:A dor\n"),
    ],
)
def test_headers(good: str, bad: str) -> None:
    assert place_after(good).form is not None
    place, fault = find_fault(bad, begin_tune(EVERYTHING))
    assert fault is not None and place.form is None


@pytest.mark.parametrize("key", KEYS)
def test_keys(key: str) -> None:
    assert place_after(f"X:1\nT:x\nM:4/4\nL:1/8\nK:{key}\n").form.key == key


def test_rhythms_and_their_metres() -> None:
    for rhythm in RHYTHMS:
        for meter in METERS:
            fault = find_fault(f"X:1\nT:x\nR:{rhythm}\nM:{meter}\n", begin_tune(EVERYTHING))[1]
            assert (fault is None) == (rhythm != HORNPIPE or meter in HORNPIPE_METERS)


@pytest.mark.parametrize("meter", METERS)
@pytest.mark.parametrize("unit", UNITS)
def test_bars_are_full(meter: str, unit: str) -> None:
    units = METERS[meter] * 8 * Fraction(unit) ** -1 / 64  # unit notes in a bar
    note, halves = ("c/2", 2 * units) if units.denominator > 1 else ("c", units)
    full = int(halves)
    for count in (full - 1, full, full + 1):
        text = f"X:1\nT:x\nM:{meter}\nL:{unit}\nK:C\n{note * count}|]\n"
        assert (complaint(text) is None) == (count == full)


#: In 4/4 and C: what may be written, and what may not.
BODIES = {
    "bars": ("c8|d8|]", "c8|d7|]"),
    "pickup": ("e|c8|c7|]", "e|c8|c6|]"),
    "pickup and a full last bar": ("e|c8|c8|]", "e|c8|c8||"),
    "pickup of 1/16": ("e/2|c8|c7e/2|]", "e/4|c8|c8|]"),
    "pickup and sections": ("e2|c8|c6||\ne2|c8|c6|]", "e2|c8|c6||\nc8|c6|]"),
    "a section cut in a bar": ("c8|c4||\nd4|c8|]", "c8|c4||\nd8|c8|]"),
    "a bar cut elsewhere": ("c8|c4||\nd4|c8|]", "c8|c4|d4|c8|]"),
    "cut too soon": ("c8|c4||\nd4|c8|]", "c8|c2||\nd6|c8|]"),
    "pickup repeated": ("|:e|c8|c7:|", "|:e|c8|c8:|"),
    "pickup not repeated": ("e|:c8:|", "c8|:c8:|"),
    "repeat": ("|:c8:|", "c8:|"),
    "repeat that is not closed": ("|:c8:|", "|:c8|]"),
    "repeats": ("|:c8:|\n|:d8:|", "|:c8::d8:|"),
    "repeat, then none": ("|:c8:|\nd8|]", "|:c8:|d8|]"),
    "endings": ("|:c8|[1 d8:|[2 e8|]", "|:c8|[1 d8:|[3 e8|]"),
    "endings and more": ("|:c8|[1 d8:|[2 e8||\nf8|]", "|:c8|[1 d8:|[2 e8|]\nf8|]"),
    "endings of a pickup": ("|:e|c8|[1 d7:|[2 e7|]", "|:e|c8|[1 d8:|[2 e7|]"),
    "ending without a beginning": ("|:c8|[1 d8:|[2 e8|]", "|:[1 d8:|[2 e8|]"),
    "space of an ending": ("|:c8|[1 d8:|[2 e8|]", "|:c8|[1d8:|[2e8|]"),
    "no repeat": ("|:c8|[1 d8:|[2 e8|]", "c8|[1 d8:|[2 e8|]"),
    "double bar line": ("c8||\nd8|]", "c8||d8|]"),
    "the end": ("c8|]", "c8||"),
    "no end": ("c8|]", "c8|"),
    "more than the end": ("c8|]", "c8|]\nc8|]"),
    "thick bar lines": ("|:c8:|", "[|c8|]"),
    "spaces": ("cdef gabc|]", "cdef gabc |]"),
    "two spaces": ("cdef gabc|]", "cdef  gabc|]"),
    "lengths": ("c3/2d/2e2 f4|]", "c5 d3|]"),
    "lengths spelled": ("c/2d/2c3 f4|]", "c/d/c3 f4|]"),
    "1/32": ("c/4d3/4c3 f4|]", "c/4d3 f4c3/4|]"),
    "accidentals": ("^^c4 _d2=e2|]", "==c8|]"),
    "octaves": ("C,4 c'4|]", "c,4 C'4|]"),
    "three": ("(3cde f2 c4|]", "(3cde f2 c3|]"),
    "three alike": ("(3c2d2e2 c4|]", "(3c2d2e c4|]"),
    "six": ("(6cdecde f4 c2|]", "(5cdecd f4 c2|]"),
    "two in three": ("(3cde f2 c4|]", "(2cd f4c|]"),
    "broken": ("c>d e2 f4|]", "c>>d e2 f4|]"),
    "broken alike": ("c<d e2 f4|]", "c>d2 e f4|]"),
    "broken rest": ("c>d z2 f4|]", "c>z e2 f4|]"),
    "broken over a bar": ("c>d e6|c8|]", "c7d>|e8|]"),
    "tie": ("c4-c4|]", "c4-d4|]"),
    "tie over a bar": ("c8-|c8|]", "c8-|d8|]"),
    "tie over the end": ("c4-c4|]", "c8-|]"),
    "tie of another octave": ("c'4-c'4|]", "c'4-c4|]"),
    "tie of notes at once": ("[ce]4-[ce]4|]", "[ce]4-c4|]"),
    "tie to an ending": ("|:c8|[1 c8:|[2 c8|]", "|:c8-|[1 c8:|[2 c8|]"),
    "tie of a rest": ("z4z4|]", "z4-z4|]"),
    "notes at once": ("[ceg]8|]", "[gec]8|]"),
    "one at once": ("[ce]8|]", "[c]8|]"),
    "twice at once": ("[ce]8|]", "[cc]8|]"),
    "length of notes at once": ("[ce]8|]", "[c8e8]|]"),
    "too many at once": ("[CEGc]8|]", "[CEGce]8|]"),
    "chord symbols": ('"Am7/G"c4"D"d4|]', '"Hm"c8|]'),
    "chord symbol at nothing": ('c4"D"d4|]', 'c4d4"D"|]'),
    "chord symbol in an eighth": ('c/2d/2"G"c3 f4|]', 'c/2"G"d/2c3 f4|]'),
    "words": ('"C"c8|]', '"^hello"c8|]'),
    "key": ("c8||\nK:G\nd8|]", "c8|\nK:G\nd8|]"),
    "key after a repeat": ("|:c8:|\nK:Am\nd8|]", "|:c8:|\n[K:Am]d8|]"),
    "the same key": ("c8||\nK:G\nd8|]", "c8||\nK:C\nd8|]"),
    "metre": ("c8||\nd8|]", "c8||\nM:3/4\nd6|]"),
    "decorations": ("c8|]", "~c8|]"),
    "slurs": ("c4d4|]", "(c4d4)|]"),
    "grace notes": ("c8|]", "{d}c8|]"),
    "lines": ("c8|c8|c8|c8|\nc8|]", "c8|c8|c8|c8|c8|]"),
    "short lines": ("c8|c8|]", "c8|\nc8|]"),
    "pickup in a line": ("c|c8|c8|c8|c8|\nc7|]", "c|c8|c8|c8|\nc8|c7|]"),
    "last line": ("c8|c8|c8|c8|]", "c8|c8|c8|c8|\n|]"),
    "remarks": ("c8|]", "c8|] % end"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("meter", ["4/4", "C"])
def test_bodies(name: str, meter: str) -> None:
    header = f"X:1\nT:x\nM:{meter}\nL:1/8\nK:C\n"
    good, bad = BODIES[name]
    assert complaint(f"{header}{good}\n") is None
    assert complaint(f"{header}{bad}\n") is not None


def test_tuplets_of_metres_in_three() -> None:
    for count, units in {"2": 3, "3": 2, "4": 3, "6": 2, "8": 3}.items():
        bar = f"({count}{'c' * int(count)}{'d' * (6 - units)}|]\n"
        for meter in METERS:
            if METERS[meter] == 6:
                text = f"X:1\nT:x\nM:{meter}\nL:1/8\nK:C\n{bar}"
                assert (complaint(text) is None) == (meter == "6/8" or count in "36")


def test_hornpipes_have_neither_rests_nor_dots_nor_groups() -> None:
    for rhythm in (HORNPIPE, "reel"):
        # Where the first ending may begin, [ may be read, too.
        for bar in ("c>d e2 f4|]", "z4 f4|]", "[ce]4 f4|]", "|:c8|[ce]4 f4:|"):
            text = f"X:1\nT:x\nR:{rhythm}\nM:4/4\nL:1/8\nK:C\n{bar}\n"
            assert (complaint(text) is None) == (rhythm == "reel")


def test_wide_lines_end_sooner() -> None:
    header = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"
    bar = "c/2d/2c/2d/2c/2d/2c/2d/2"  # 24 characters, half a bar
    first = f"{bar}{bar}|"
    assert len(first) > MOST_IN_LINE
    assert complaint(f"{header}{first}\nc8|]\n") is None
    assert complaint(f"{header}{first}c8|]\n") is not None
    # ChordSymbol symbols do not make a line wider.
    chords = '"Am7/G"cccccccc|'
    assert complaint(f"{header}{chords * 4}\nc8|]\n") is None
    assert complaint(f"{header}{chords * 3}\nc8|]\n") is not None


@settings(max_examples=30)
@given(walks)
def test_lines_are_no_wider_than_engravers_take(walked: Walk) -> None:
    body = walked.text.partition("\nK:")[2].partition("\n")[2]
    for line in body.splitlines():
        line = re.sub('"[^"]*"', "", line)
        # After the last bar line that fits, one bar may follow, and its own line.
        before, _, _ = line.rstrip("|:]").rpartition("|")
        assert len(before) < MOST_IN_LINE + len("|:[1 ")
