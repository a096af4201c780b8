import itertools
from contextlib import nullcontext

import pytest

from abcgen.generation.accepting import acceptance
from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.generation.together import Asked, Together
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.index import Limit
from tests.generation.engines import VOCABULARY, Dice, Fussy, Habit
from tests.generation.test_planning import PLANNER

BEGUN = "X:1\nT:a\nM:C\nL:1/8\nK:C\n"
REQUESTS = [
    Request(1, wishes=Wishes(form=(2,)), prime=BEGUN),
    Request(2, wishes=Wishes(form=(2, 2)), prime=BEGUN),
    Request(2, Sampler(0.4), wishes=Wishes(form=(4,)), prime=BEGUN),
    Request(3, Sampler(1.3, top_k=8), prime=BEGUN),
    Request(4, prime=BEGUN + "CDEF"),
    Request(5, Sampler(0)),
]
DISTANCES = (0, 1, 40)  # steps from one request to the next


def all_of(together: Together, asked: list[Asked], distance: int = 0) -> list[DrawnTune]:
    """Draw tunes, asked for one after the other with a number of steps between."""
    found: dict[Asked, DrawnTune] = {}
    waiting = list(asked)
    for step in itertools.count():
        while waiting and (not distance or step % distance == 0):
            together.ask(waiting.pop(0))
            if distance:
                break
        found.update(together.step())
        if not waiting and not len(together):
            return [found[one] for one in asked]
    raise AssertionError


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("most", [1, 3, 64])
def test_each_tune_is_the_one_that_is_drawn_alone(distance: int, most: int) -> None:
    engine = Habit(VOCABULARY)
    asked = [Asked(request, number) for request in REQUESTS for number in (1, 2)]
    together = Together(
        lambda: nullcontext(engine), lambda streams: Habit(VOCABULARY, streams), most
    )
    alone = [
        tune for request in REQUESTS for tune in draw_tunes(Habit(VOCABULARY), request, (1, 2))
    ]
    assert all_of(together, asked, distance) == alone


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("most", [1, 3, 64])
def test_each_tune_goes_by_the_plan_that_it_has_alone(distance: int, most: int) -> None:
    asked = [Asked(request, number) for request in REQUESTS for number in (1, 2)]
    together = Together(lambda: nullcontext(Dice()), lambda streams: Dice(streams, PLANNER), most)
    alone = [tune for request in REQUESTS for tune in draw_tunes(Dice(1, PLANNER), request, (1, 2))]
    assert all_of(together, asked, distance) == alone
    assert alone != [tune for request in REQUESTS for tune in draw_tunes(Dice(), request, (1, 2))]


def test_a_tune_that_is_not_accepted_is_drawn_again() -> None:
    accept = acceptance(Limit(Fussy(), 8), None)
    request = REQUESTS[0]
    alone = list(draw_tunes(Dice(), request, range(1, 9), accept=accept))
    assert max(tune.attempt for tune in alone) > 1
    together = Together(lambda: nullcontext(Dice()), Dice)
    assert all_of(together, [Asked(request, number, accept) for number in range(1, 9)]) == alone


def test_what_nobody_waits_for_any_more_is_dropped() -> None:
    drawn, waits, stays = (Asked(REQUESTS[0], number) for number in (1, 2, 3))
    together = Together(lambda: nullcontext(Dice()), Dice, 1)
    for asked in (drawn, waits, stays):
        together.ask(asked)
    together.step()
    together.drop(waits)
    together.drop(drawn)
    together.drop(drawn)
    assert len(together) == 1
    found = [one for _ in range(2000) for one in together.step()]
    assert [asked for asked, _ in found] == [stays]


def test_raw_text_has_no_end() -> None:
    with pytest.raises(ValueError, match="raw"):
        Together(lambda: nullcontext(Dice()), Dice).ask(Asked(Request(0, raw=True)))
