import random

from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.grammar.acceptor import NEEDED, End, Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.closing import fewest, shortest
from abcgen.grammar.faults import find_fault
from abcgen.grammar.header import METERS, UNITS
from abcgen.grammar.wishes import Wishes
from tests.walks import Walk, any_walk, choose, walk

seeds = st.integers(0, 10**6)
lengths = st.integers(0, 500)
#: What the twin looks for ends with: with more letters it would take long, and find no others.
SMALL = "X:1\nTMLK|]/248CGg36z[(\"'-> "


walks = st.builds(any_walk, seeds, lengths)


def fewest_by_search(place: Place, most: int) -> int | None:
    """Return the fewest characters to the end, found by trying them all; None if above `most`."""
    reached = {place}
    for count in range(most + 1):
        if any(isinstance(place.local, End) for place in reached):
            return count
        reached = {place.after(c) for place in reached for c in place.allowed()}
    return None


@given(walks, seeds)
def test_the_shortest_way_ends_the_tune_in_so_many_characters(walked: Walk, seed: int) -> None:
    for place in random.Random(seed).sample(walked.places, min(len(walked.places), 5)):
        count = fewest(place)
        while not isinstance(place.local, End):
            character = shortest(place)
            assert character in place.allowed()
            place, count = place.after(character), count - 1
            assert fewest(place) == count
        assert count == 0


@settings(max_examples=40)
@given(seeds, st.integers(0, 120))
def test_there_is_no_shorter_end(seed: int, length: int) -> None:
    draw = random.Random(seed)
    wishes = Wishes(key="C", title="C", form=draw.choice([(), (1,), (2,), (1, 1), (3,)]))
    places = walk(draw, length, wishes, Alphabet.of(frozenset(SMALL))).places
    near = [place for place in places if fewest(place) <= 6]
    for place in draw.sample(near, min(len(near), 4)):
        assert fewest_by_search(place, 6) == fewest(place)


def test_what_the_search_finds() -> None:
    start = begin_tune(EVERYTHING)
    for text, count in [
        ("X:1\nT:C\nM:2/4\nL:1/8\nK:C\nC4|]\n", 1),
        ("X:1\nT:C\nM:2/4\nL:1/8\nK:C\nC4|]", 2),
        ("X:1\nT:C\nM:2/4\nL:1/8\nK:C\nC4|", 3),
        ("X:1\nT:C\nM:2/4\nL:1/8\nK:C\nC3", 5),
        ("X:1\nT:C\nM:2/4\nL:1/8\nK:C\n|:C4", 4),
    ]:
        place, fault = find_fault(text, start)
        assert fault is None
        assert fewest(place) == fewest_by_search(place, 5) == count


#: `abcgen.generation.loop` keeps this many times the fewest characters from the start free, and
#: this many more.
TIMES, MORE = 3, 100


@settings(max_examples=60)
@given(
    st.sets(st.sampled_from("2345679")),
    st.sampled_from(sorted(METERS)),
    st.sampled_from(sorted(UNITS)),
    st.integers(1, 64),
    seeds,
)
def test_the_end_is_never_much_farther_than_from_the_start(
    digits: set[str], meter: str, unit: str, bars: int, seed: int
) -> None:
    draw = random.Random(seed)
    alphabet = Alphabet.of(
        NEEDED.union("C/8", digits, draw.sample(sorted(EVERYTHING.characters), 9))
    )
    start = begin_tune(
        alphabet, Wishes(form=draw.choice([(bars,), (bars - bars // 2, bars // 2 + 1)]))
    )
    most = TIMES * fewest(start) + MORE
    place, _ = find_fault(f"X:1\nT:C\nM:{meter}\nL:{unit}\nK:C\n", start)
    for _ in range(300):
        assert fewest(place) <= most
        if not place.allowed():
            break
        place = place.after(choose(draw, place, place.allowed()) or shortest(place))


@settings(max_examples=30)
@given(walks)
def test_from_no_place_of_a_walk_is_the_end_far(walked: Walk) -> None:
    most = TIMES * fewest(walked.places[0]) + MORE
    assert max(map(fewest, walked.places)) <= most


def test_the_farthest_end() -> None:
    # Lengths of 7/8 without a 2 take long to write.
    alphabet = Alphabet.of(NEEDED.union("C/478"))
    start = begin_tune(alphabet, Wishes(form=(64,)))
    place, _ = find_fault("X:1\nT:C\nM:7/8\nL:1/4\n", start)
    assert 2 * fewest(start) + MORE < fewest(place) <= TIMES * fewest(start) + MORE


def test_an_ending_where_no_notes_at_once_can_be_written() -> None:
    start = begin_tune(Alphabet.of(NEEDED.union("C/8:[2 ")))
    place, fault = find_fault("X:1\nT:C\nM:C\nL:1/8\nK:C\n|:C8|[", start)
    assert fault is None and place.allowed() == "1"
    assert fewest(place) == len("1 C8:|[2 C8|]\n\n")
