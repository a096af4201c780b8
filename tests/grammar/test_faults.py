import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.grammar.acceptor import begin_tune
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.faults import Fault, NotCanonicalError, complaint, find_fault, reason
from abcgen.grammar.reasons import kinds
from abcgen.grammar.spelling import canonical
from abcgen.grammar.wishes import Wishes
from abcgen.notation.tune import read_tune

JIG = "X:1\nT:Made Up\nM:6/8\nL:1/8\nK:G\n"
REEL = "X:1\nT:Made Up\nR:reel\nM:4/4\nL:1/8\nK:G\n"
HORNPIPE = REEL.replace("reel", "hornpipe")
SIXTEENTHS = JIG.replace("1/8", "1/16")
MUSIC = "|:GAB cde|gfe dcB:|\n"
KINDS = {
    value
    for name, value in vars(kinds).items()
    if name[0] != "_" and name.isupper() and isinstance(value, str)
}

#: A tune -> the bar that is wrong, the kind of reason, and some of its words.
WRONG = [
    (JIG + "GAB cde|GAB cd|GAB cde|]\n", 2, kinds.SHORT, "it lasts 5/8, not 6/8"),
    (JIG + "GAB cde|GAB cd/2|GAB cde|]\n", 2, kinds.SHORT, "it lasts 9/16, not 6/8"),
    (JIG + "GAB cde|G6|GAB cd|c6|]\n", 3, kinds.SHORT, "it lasts 5/8, not 6/8"),
    (JIG + "G|GAB cde|GAB cde|GABc|GAB cd|]\n", 3, kinds.SHORT, "it lasts 4/8, not 6/8"),
    (JIG + "A|]\n", 0, kinds.SHORT, "nothing but a pickup before `|]`"),
    (JIG + "GAB cde|GAB cdef|GAB cde|]\n", 2, kinds.LONG, "it lasts 7/8, not 6/8"),
    (JIG + "GAB cde|G3 c4|GAB cde|]\n", 2, kinds.LONG, "it lasts 7/8, not 6/8"),
    (JIG + 'GAB cde|GAB "G"c3 "D"d3|G6|]\n', 2, kinds.LONG, "it lasts 9/8, not 6/8"),
    (JIG + "GAB cde|GAB cde!f|GAB cde|]\n", 2, kinds.SIGN, "'!'"),
    (JIG + "GAB cde|GAB cdef!|GAB cde|]\n", 2, kinds.LONG, "it lasts more than 6/8"),
    (
        JIG + "A|GAB cde|GAB c|]\n",
        2,
        kinds.LAST,
        "must be full or lack the pickup (1/8): it lasts 4/8, not 5/8 or 6/8",
    ),
    (JIG + "GAB cde|GAB cd|]\n", 2, kinds.LAST, "since there is no pickup: it lasts 5/8, not 6"),
    (JIG + "|:A|GAB cde|GAB cde:|\n", 2, kinds.BEFORE_REPEAT, "pickup (1/8): it lasts 6/8, not"),
    (JIG + "|:A|GAB cde|GAB cd:|\n|:G6|G6:|\n", 3, kinds.PICKUP, "1/8 is due here: it lasts 6/8"),
    (JIG + "|:G6|G6:|\n|:A|GAB cde|G5:|\n", 3, kinds.PICKUP, "no pickup is due here"),
    (JIG + "A/2B/4|GAB cde|G6|]\n", 0, kinds.PICKUP_LENGTH, "eighths; this lasts 3/32"),
    (JIG + "GAB cde|GAB cde:|\n", 2, kinds.REPEAT, "`:|` without a `|:`"),
    (
        JIG + "|:GAB cde|G6|]\n",
        2,
        kinds.REPEAT,
        "`|:` without a `:|`: the section ends with `|]`",
    ),
    (JIG + "GAB cde|:GAB cde:|\n", 2, kinds.REPEAT, "neither `||` nor `:|` ends"),
    (JIG + "GAB cde|||\n", 1, kinds.SPELLING, "a new line must begin after the end of a section"),
    (JIG + "|:G6|[1 c6:|\nG6|]\n", 2, kinds.ENDING, "the first ending has no second"),
    (JIG + "|:G6|[1 c6|]\n", 2, kinds.ENDING, "the first ending ends with `|]`"),
    (JIG + "|:G6|[1 c6:|[2 d6:|\n", 3, kinds.ENDING, "the second ending ends with `:|`"),
    (
        JIG + "|:G6|[1 c6:|2 d6||\n",
        2,
        kinds.SPELLING,
        "the second ending is written ':|[2 ' here",
    ),
    (JIG + "G6|[1 c6:|[2 d6||\n", 2, kinds.ENDING, "the ending `[1` is in the wrong place"),
    (JIG + "|:G6|1 c6:|2 d6||\n", 2, kinds.ENDING, "the ending 1 is in the wrong place"),
    (JIG + "|:GAB cde:: GAB cde:|\n", 1, kinds.SPELLING, "`::` is written `:|`"),
    (JIG + "G6|\nK:A\nG6|]\n", 2, kinds.KEY, "the key changes elsewhere"),
    (JIG + "G6|G6|G6|G6|\nK:A\nG6|]\n", 5, kinds.KEY, "the key changes elsewhere"),
    (JIG + "G6|[K:A]G6|]\n", 2, kinds.KEY, "the key changes elsewhere"),
    (JIG + "G6|G6|G6|G6|\nM:3/4\nG6|]\n", 5, kinds.METER, "the metre changes"),
    (JIG + "P:A\nG6|]\n", 1, kinds.FIELD, "the field P: stands within the music"),
    (JIG + "C:Trad\nG6|]\n", 1, kinds.FIELD, "the field C: stands within the music"),
    (JIG + "G6|\nA6|]\n", 1, kinds.SPELLING, "a line continues up to 4 full bars"),
    (JIG + "G6||\nK:zz\nG6|]\n", 2, kinds.VALUE, "K: zz is none of the keys"),
    (JIG + "G6|A5 c|]\n", 2, kinds.LENGTH, "as long as 5 has no length that every player"),
    (JIG + "A1 G5|]\n", 1, kinds.SPELLING, "the length 1 is left out"),
    (JIG + "A/ G5|]\n", 1, kinds.SPELLING, "a length is written /2 or /4, not /"),
    (JIG + "A/4 c G2|]\n", 1, kinds.SINGLE, "out of step by 1/32"),
    (JIG + "G6|(5GABcd e|]\n", 2, kinds.TUPLET, "(5 is none of the tuplets of this metre: (2, "),
    (JIG + "G6|(3AB|]\n", 2, kinds.TUPLET, "a tuplet lacks 1 of its notes: '|' follows"),
    (JIG + "G6|(3AB2 c4|]\n", 2, kinds.TUPLET, "not have the same length"),
    (JIG + "G6|(ABc) d3|]\n", 2, kinds.SIGN, "a slur, which is left out"),
    (JIG + "G6|A>>B c4|]\n", 2, kinds.BROKEN, "`>>` and `<<` are not played alike"),
    (JIG + "G6|A3>B c2|]\n", 2, kinds.BROKEN, "after a note of 3/8"),
    (JIG + "G6|A3-B3|]\n", 2, kinds.TIE, "a tie from A to B3"),
    (JIG + "G6|A6-|c6|G6|]\n", 3, kinds.TIE, "a tie from A to c6"),
    (JIG + "G6|A6-|]\n", 2, kinds.TIE, "a tie over `|]`"),
    (JIG + "G6|z6-|A6|]\n", 2, kinds.TIE, "a rest is tied"),
    (JIG + 'G6|"Hm"A6|]\n', 2, kinds.CHORD, '"Hm" is not a chord symbol that every player knows'),
    (JIG + 'G6|"GABc|]\n', 2, kinds.CHORD, "not closed"),
    (
        JIG + 'G6|A/2"G"A/2 G2 c3|]\n',
        2,
        kinds.CHORD_PLACE,
        "a chord symbol stands within an eigh",
    ),
    (JIG + 'G6|"G""D"A6|]\n', 2, kinds.CHORD_PLACE, "two chord symbols"),
    (JIG.replace("6/8", "7/8") + '"G"A7|]\n', 1, kinds.CHORD_PLACE, "where the metre has none"),
    (JIG + "G6|[cA]6|]\n", 2, kinds.GROUP, "from the lowest up"),
    (JIG + "G6|[A2c2]A4|]\n", 2, kinds.GROUP, "a length of their own"),
    (JIG + "G6|[DFAdf]6|]\n", 2, kinds.GROUP, "more than 4 notes"),
    (JIG + "G6|c,6|]\n", 2, kinds.PITCH, "c, is too high or too low"),
    (HORNPIPE + "G4 c4|A>B c6|]\n", 2, kinds.IN_HORNPIPE, "`>` or `<` in a hornpipe"),
    (HORNPIPE + "G4 c4|z4 c4|]\n", 2, kinds.IN_HORNPIPE, "a rest in a hornpipe"),
    (HORNPIPE + "G4 c4|[Gc]4 c4|]\n", 2, kinds.IN_HORNPIPE, "a group in a hornpipe"),
    (HORNPIPE + "|:G4 c4|[Gc]4 c4:|\n", 2, kinds.IN_HORNPIPE, "a group in a hornpipe"),
    (JIG + "GAB cde|GAB c", 2, kinds.END, "the tune ends within this bar"),
    (JIG + "GAB cde|GAB cde|", 2, kinds.END, "ends after this bar without `|]` or `:|`"),
    (JIG + "GAB cde|GAB cde|]", 2, kinds.END, "a line end is due"),
    (JIG + "GAB cde|GAB cde||\n", 2, kinds.END, "ends after this bar without `|]` or `:|`"),
    (JIG + "GAB cde|GAB cde|\n", 2, kinds.END, "ends after this bar without `|]` or `:|`"),
    (REEL + "G8|G8|G8|G8|\n", 4, kinds.END, "ends after this bar without `|]` or `:|`"),
    (REEL + "|:G8|G8|G8|G8|\n", 4, kinds.END, "ends after this bar without `|]` or `:|`"),
    (JIG + "GAB cde|GAB cde\n", 2, kinds.END, "ends within this bar, without `|]` or `:|`"),
    (JIG + "GAB cd|]\n", 1, kinds.LAST, "must be full, since there is no pickup"),
    (JIG + "|:GAB cd:|\n", 1, kinds.BEFORE_REPEAT, "must be full, since there is no pickup"),
    (JIG + "GAB cd|\n", 1, kinds.SHORT, "it lasts 5/8, not 6/8"),
    (JIG + "GAB cde|]\nG6|]\n", 1, kinds.AFTER_END, "'G6|]' stands after the last bar"),
    (JIG + MUSIC + "\nX:2\n", 3, kinds.AFTER_END, "'X:2' stands after the blank line"),
    (JIG + "GAB cde|~G6|]\n", 2, kinds.SIGN, "'~'"),
    (JIG + "GAB cde|G\u00e96|]\n", 2, kinds.SIGN, "not a printable ASCII"),
    (JIG + "GAB cde |G6|]\n", 1, kinds.SPELLING, "a space stands before a bar line"),
    (JIG + "GAB  cde|G6|]\n", 1, kinds.SPELLING, "a space is followed by ' '"),
    (REEL + "G8|G8|G8|G8|G8|]\n", 4, kinds.SPELLING, "a line ends after 4 full bars or 44"),
]
#: A header -> the line that is wrong, the kind of reason, and some of its words.
WRONG_HEADERS = [
    ("T:Made Up\n", 1, kinds.FIELD, "T: stands where X: is due"),
    ("X:0\n", 1, kinds.VALUE, "X: continues with '0'"),
    ("X:1\nM:6/8\n", 2, kinds.FIELD, "M: stands where T: is due"),
    ("X:1\nT:A|B\n", 2, kinds.VALUE, "a title cannot hold '|'"),
    ("X:1\nT:\n", 2, kinds.VALUE, "a title cannot be empty"),
    ("X:1\nT:A  B\n", 2, kinds.VALUE, "a space cannot follow another"),
    ("X:1\nT:" + 90 * "a" + "\n", 2, kinds.VALUE, "longer than 80 characters"),
    ("X:1\nT:A\nC:Trad\n", 3, kinds.FIELD, "C: is a field that the spelling leaves out"),
    ("X:1\nT:A\nM:6/7\n", 3, kinds.VALUE, "M: 6/7 is none of 2/4 3/4"),
    ("X:1\nT:A\nR:hornpipe\nM:3/4\n", 4, kinds.VALUE, "M: 3/4 does not go with the rest"),
    ("X:1\nT:A\nM:6/8\nL:1/7\n", 4, kinds.VALUE, "L: 1/7 is none of 1/8"),
    ("X:1\nT:A\nM:6/8\nK:G\n", 4, kinds.FIELD, "K: stands where L: is due"),
    ("X:1\nT:A\nM:6/8\nL:1/8\nK:H\n", 5, kinds.VALUE, "K: H is none of the keys"),
    ("X:1\nT:A\nM:6/8\n", 4, kinds.END, "the header ends where L: is due"),
    ("X:1\nhello\n", 2, kinds.FIELD, "'hello' stands where T: is due"),
]
#: A wish -> a tune that is not so, and the bar (None: the header) and words.
UNWISHED = [
    (Wishes(key="Edor"), JIG + MUSIC, None, "K: G stands where Edor is asked for"),
    (Wishes(meter="4/4"), JIG + MUSIC, None, "M: 6/8 stands where 4/4 is asked for"),
    (Wishes(title="Other"), JIG + MUSIC, None, "the title is not the one asked for, 'Other'"),
    (Wishes(form=(4,)), JIG + MUSIC, 2, "section 1 ends after 2 full bars, not after 4"),
    (Wishes(form=(1,)), JIG + MUSIC, 1, "section 1 must end after 1 full bars"),
    (Wishes(form=(2,)), JIG + MUSIC + MUSIC, 3, "more sections than the 1 asked for"),
    (Wishes(form=(2, 2)), JIG + "G6|G6|]\n", 2, "section 1 of 2 ends with `|]`"),
    (Wishes(chords=True), JIG + MUSIC, 2, "chord symbols are asked for"),
]


def test_what_is_canonical_has_no_fault() -> None:
    assert complaint(JIG + MUSIC) is None
    assert complaint(JIG + MUSIC + "\n") is None
    remark = JIG.replace("M:6/8", "N:a remark\nM:6/8")
    assert complaint(remark + MUSIC) is None
    assert str(complaint(remark + MUSIC, Wishes())) == "line 3: a remark (N:) cannot stand here"


@pytest.mark.parametrize(("text", "bar", "kind", "words"), WRONG)
def test_wrong_music(text: str, bar: int, kind: str, words: str) -> None:
    found = complaint(text)
    assert found is not None
    assert (found.bar, found.kind) == (bar, kind), found
    assert words in found.words
    assert str(found).startswith(f"bar {bar}: ")


@pytest.mark.parametrize(("text", "line", "kind", "words"), WRONG_HEADERS)
def test_wrong_headers(text: str, line: int, kind: str, words: str) -> None:
    found = complaint(text)
    assert found is not None
    assert (found.bar, found.line, found.kind) == (None, line, kind), found
    assert words in found.words
    assert str(found).startswith(f"line {line}: ")


@pytest.mark.parametrize(("wishes", "text", "bar", "words"), UNWISHED)
def test_what_is_not_as_asked(wishes: Wishes, text: str, bar: int | None, words: str) -> None:
    found = complaint(text, wishes)
    assert found is not None
    assert (found.bar, found.kind) == (bar, kinds.ASKED), found
    assert words in found.words


def test_line_and_column() -> None:
    text = JIG + "|:GAB cde|gfe dcB:|\n|:GAB cde|gfe dc:|\n"
    found = complaint(text)
    assert found is not None
    assert (found.line, found.column) == (7, 17)
    assert text.splitlines()[found.line - 1][found.column - 1] == text[found.position] == ":"
    assert str(found) == (
        "bar 4: the bar before `:|` must be full, since there is no pickup: it lasts 5/8, not 6/8 "
        "(line 7, column 17)"
    )


def test_a_beginning_need_not_be_whole() -> None:
    start = begin_tune(EVERYTHING, Wishes())
    place, found = find_fault(JIG + "|:GAB c", start)
    assert found is None
    assert "d" in place.allowed()
    place, found = find_fault(JIG + "|:GAB cde|GAB c|", start)
    assert found is not None and found.position == len(JIG) + len("|:GAB cde|GAB c")
    assert "d" in place.allowed()
    assert find_fault("", start) == (start, None)


def test_what_the_network_has_not_learned() -> None:
    start = begin_tune(Alphabet.of(frozenset(JIG + MUSIC + "]")), Wishes())
    _, found = find_fault(JIG + "|:GAB zde", start)
    assert found is not None
    assert (found.kind, found.words) == (kinds.VOCABULARY, "the network has never seen 'z'")


@given(st.data())
def test_every_fault_has_a_reason_on_one_line(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([text for text, *_ in WRONG]))
    at = data.draw(st.integers(0, len(whole)))
    more = data.draw(
        st.text(st.sampled_from([*sorted(EVERYTHING.characters), "\u00e9"]), max_size=3)
    )
    found = complaint(whole[:at] + more + whole[at + data.draw(st.integers(0, 2)) :])
    assert found is None or found.kind in KINDS
    assert "\n" not in str(found)


def test_a_reason_needs_no_more_than_a_character() -> None:
    for text, *_ in WRONG:
        place, found = find_fault(text, begin_tune(EVERYTHING, Wishes()))
        rest = "" if found is None else text[found.position :]
        for shown in (rest[:1], ""):
            assert reason(place, shown).kind in KINDS


def test_a_tune_without_a_canonical_spelling_says_why() -> None:
    with pytest.raises(NotCanonicalError) as raised:
        canonical(read_tune("X:1\nT:x\nM:6/8\nK:G\nd2e|GAB cde|GAB cd|]\n"))
    assert isinstance(raised.value, NotationError)
    assert raised.value.fault.kind == kinds.LAST
    assert "(line" not in str(raised.value)  # of a text that nobody has seen


def test_a_fault_in_the_header_has_no_bar() -> None:
    found = Fault(kinds.VALUE, "M: 6/7 is none of 6/8", 8, 3, 5, None)
    assert str(found) == "line 3: M: 6/7 is none of 6/8"


def test_reasons_are_there_at_once() -> None:
    script = "import sys, abcgen.grammar.faults; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert not {"fractions", "numpy", "music21"} & set(done.stdout.split())
