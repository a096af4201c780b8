import random

import numpy as np
import pytest

from abcgen.generation import mask as masking
from abcgen.generation.mask import Mask
from abcgen.grammar.acceptor import Place, begin_tune, head, in_chord
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.faults import find_fault
from abcgen.grammar.form import Due
from abcgen.grammar.wishes import Wishes
from abcgen.model.vocabulary import Vocabulary
from tests.walks import choose, tame_alphabet

VOCABULARY = Vocabulary(sorted(EVERYTHING.characters))
START = begin_tune(EVERYTHING)


class Twins:
    """A mask, and the places of the tunes that it masks, worked out one by one."""

    def __init__(self, mask: Mask, begin: Place, count: int, seed: int) -> None:
        self.mask = mask
        self.begin = begin
        self.places = [begin] * count
        self.draw = random.Random(seed)

    def check(self) -> None:
        """Check that both say the same of each tune."""
        forbidden = self.mask.forbidden()
        assert forbidden.shape == (len(self.places), len(VOCABULARY))
        assert set(np.unique(forbidden)) <= {0, -np.inf}
        for stream, place in enumerate(self.places):
            assert self.mask.place(stream) == place
            allowed = VOCABULARY.decode(np.flatnonzero(forbidden[stream] == 0).tolist())
            assert sorted(allowed) == sorted(place.allowed())

    def step(self) -> None:
        """Read one more character in each, and begin another tune where one has ended."""
        chosen = np.zeros(len(self.places), np.int64)
        for stream, place in enumerate(self.places):
            if not place.allowed():
                self.mask.reset(stream)
                self.places[stream] = place = self.begin
            allowed = place.allowed()
            character = choose(self.draw, place, allowed) or self.draw.choice(allowed)
            if place.may_end and self.draw.random() < 0.6:
                character = "\n"
            chosen[stream] = VOCABULARY.char2idx[character]
            self.places[stream] = place.after(character)
        self.mask.advance(chosen)


@pytest.mark.parametrize("count", [1, 3, 7])
@pytest.mark.parametrize("rows", [14, 40, 10_000])
def test_the_mask_is_where_its_twins_are(
    count: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "TABLE_BYTES", 4 * len(VOCABULARY) * rows)
    twins = Twins(Mask(VOCABULARY, START, count), START, count, seed=count)
    ended = 0
    for _ in range(12_000 // count):
        twins.check()
        twins.step()
        ended += sum(not place.allowed() for place in twins.places)
    assert ended > 2


@pytest.mark.parametrize("count", [2, 7])
@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(form=(2, 3, 1)),
        Wishes(form=(2, 6, 5, 2), chords=True),
        Wishes(chords=True),
        Wishes(key="G", meter="6/8"),
    ],
)
def test_the_mask_keeps_wishes_and_what_the_tunes_are_primed_with(
    count: int, wishes: Wishes
) -> None:
    alphabet = tame_alphabet(random.Random(1))
    header = "X:1\nT:x\nM:6/8\nL:1/8\nK:G\n"
    music = header + ('c3"Am' if wishes.chords is None else 'c|"D')
    for prime in ("", header, music):
        begin, fault = find_fault(prime, begin_tune(alphabet, wishes))
        assert fault is None
        twins = Twins(Mask(VOCABULARY, begin, count), begin, count, seed=3)
        for _ in range(700):
            twins.check()
            twins.step()


HEADER = "X:1\nT:x\nM:2/4\nL:1/8\nK:G\n"


@pytest.mark.parametrize(("most", "rows"), [(20, 10_000), (9999, 10_000), (9999, 14)])
def test_each_tune_keeps_to_the_form_that_is_asked_for_there(
    most: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forms of all kinds side by side; some are let go again on the way."""
    monkeypatch.setattr(masking, "_MOST_FORMS", most)
    monkeypatch.setattr(masking, "TABLE_BYTES", 4 * len(VOCABULARY) * rows)
    begin, _ = find_fault(HEADER, begin_tune(tame_alphabet(random.Random(1))))
    twins = Twins(Mask(VOCABULARY, begin, 5), begin, 5, seed=4)
    assert begin.form
    draw = random.Random(2)
    asked = 0
    for _ in range(1500):
        for stream, place in enumerate(twins.places):
            if place == begin or not place.allowed():
                form = tuple(draw.randrange(2, 7) for _ in range(draw.randrange(1, 4)))
                twins.mask.reset(stream)
                openings = tuple(draw.randrange(3) for _ in form) if draw.random() < 0.7 else ()
                twins.mask.ask(stream, form, openings)
                asked_for = begin.form.asked(Due(form, openings=openings))
                place = begin._replace(form=asked_for)
                twins.places[stream] = head(asked_for, may_end=False) if openings else place
                asked += 1
            elif place.form and place.form.due() and draw.random() < 0.003:
                twins.mask.ask(stream, ())
                twins.places[stream] = place._replace(form=place.form.asked(None))
        twins.check()
        twins.step()
    assert asked > 15


def test_what_is_known_of_one_form_serves_another() -> None:
    """Only the last bars of a section depend on what is asked for."""
    begin, _ = find_fault(HEADER, START)
    mask = Mask(VOCABULARY, begin)

    def read(text: str, form: tuple[int, ...]) -> int:
        mask.reset(0)
        mask.ask(0, form)
        for character in text:
            assert mask.forbidden()[0, VOCABULARY.char2idx[character]] == 0
            mask.advance(VOCABULARY.encode(character).astype(np.int64))
        return len(mask._passed)

    known = read("G4|G4|G4|G4|\nG4|G4|G4|G4||\n", (8, 8))
    assert read("G4|G4|G4|G4|\nG4|", (11, 3, 4)) == known
    assert read("G4|G4|G4|G4|\nG4|G4|G4|G4||\n", (8, 5, 4)) <= known + 4


def test_the_mask_is_within_chord_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    # Chord symbols make no line longer, not even one that is forgotten and learned anew.
    monkeypatch.setattr(masking, "TABLE_BYTES", 4 * len(VOCABULARY) * 3)
    begin, _ = find_fault("X:1\nT:x\nM:4/4\nL:1/8\nK:C\n", START)
    mask, place = Mask(VOCABULARY, begin), begin
    inside = 0
    music = '"Am7/G"c2 "Dsus4"defg "G"g2|' * 4
    for character in music:
        assert mask.place(0) == place and character in place.allowed()
        inside += in_chord(place.local)
        mask.advance(VOCABULARY.encode(character).astype(np.int64))
        place = place.after(character)
    assert mask.place(0) == place
    assert inside == sum(len(name) - 1 for name in music.split('"')[1::2]) + 2 * 12


@pytest.mark.parametrize("count", [2, 8])
@pytest.mark.parametrize(
    ("rows", "sets", "forms", "passed"),
    [(60, 999, 999, 999), (9999, 40, 9999, 9999), (9999, 999, 25, 9999), (9999, 999, 9999, 50)],
)
def test_the_tables_are_bounded(
    count: int, rows: int, sets: int, forms: int, passed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "TABLE_BYTES", 4 * len(VOCABULARY) * rows)
    monkeypatch.setattr(masking, "_MOST_SETS", sets)
    monkeypatch.setattr(masking, "_MOST_FORMS", forms)
    monkeypatch.setattr(masking, "_MOST_PASSED", passed)
    mask = Mask(VOCABULARY, START, count)
    twins = Twins(mask, START, count, seed=5)
    limits = np.array([rows, sets, forms, passed])
    most, before, forgotten = np.zeros(4), np.zeros(4), 0
    for _ in range(8000 // count):
        twins.step()
        filled = mask._locals, mask._set_of, mask._forms, mask._passed
        sizes = np.array([len(table) for table in filled])
        most = np.maximum(most, sizes)
        forgotten += bool(sizes[0] < before[0])
        before = sizes
        assert len(mask._row_of) == sizes[0] and len(mask._form_of) == sizes[2]
    twins.check()
    assert (most <= limits).all()
    assert (most > limits - count - 1).any() and forgotten > 1


def test_the_tables_take_no_more_than_was_said() -> None:
    mask = Mask(VOCABULARY, START)
    assert mask._following.nbytes <= masking.TABLE_BYTES < 1.01 * mask._following.nbytes


def test_one_tune_begins_anew_and_the_others_go_on() -> None:
    for count in (3, 8):
        twins = Twins(Mask(VOCABULARY, START, count), START, count, seed=9)
        for step in range(200):
            twins.step()
            if step % 17 == 0:
                twins.mask.reset(1)
                twins.places[1] = START
            twins.check()


@pytest.mark.parametrize(("count", "kept"), [(3, [2]), (9, [8, 1, 4]), (9, [0, 2, 3, 4, 5, 6, 7])])
def test_some_go_on_without_the_others(count: int, kept: list[int]) -> None:
    twins = Twins(Mask(VOCABULARY, START, count), START, count, seed=13)
    for step in range(60 + 25 * count):
        if step == 25 * count:
            twins.mask.keep(kept)
            twins.places = [twins.places[stream] for stream in kept]
        twins.step()
        twins.check()


def test_where_a_character_would_lead() -> None:
    twins = Twins(Mask(VOCABULARY, START, 2), START, 2, seed=11)
    for _ in range(300):
        twins.step()
        for stream, place in enumerate(twins.places):
            for character in place.allowed():
                after = twins.mask.place_after(stream, VOCABULARY.char2idx[character])
                assert after == place.after(character)
        twins.check()


def test_what_is_not_in_the_vocabulary_is_never_looked_for() -> None:
    vocabulary = Vocabulary.of("X:1\nT:MLK/8C|]")
    mask = Mask(vocabulary, begin_tune(Alphabet.of(frozenset(vocabulary.idx2char))))
    for character in "X:1\nT:C\nM:C\nL:1/8\nK:C\nC8|]\n\n":
        index = vocabulary.char2idx[character]
        assert mask.forbidden()[0, index] == 0
        mask.advance(np.array([index]))
    assert (mask.forbidden() < 0).all()
