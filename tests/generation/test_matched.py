from abcgen.evaluation.referees.own import Acceptor
from abcgen.generation.best import critic_of
from abcgen.generation.matched import draw_matched, wishes_of
from abcgen.generation.request import Request
from abcgen.grammar.wishes import Wishes
from abcgen.model.checkpoint import read_checkpoint
from tests.evaluation.telltale.tunes import section, tune

PEOPLE = [
    tune(section("AB"), rhythm="reel", meter="4/4", key="D"),
    tune('"G"GABcde|G6', rhythm="jig", meter="6/8", key="G"),
    tune("A2B2 c2|A6", rhythm="waltz", meter="3/4", key="Am").replace("R:waltz\n", ""),
    tune(section("ABCD"), rhythm="reel", meter="4/4", key="D"),
]


def test_wishes_are_what_a_tune_has() -> None:
    assert [wishes_of(text) for text in PEOPLE] == [
        Wishes(key="D", meter="4/4", rhythm="reel", chords=False),
        Wishes(key="G", meter="6/8", rhythm="jig", chords=True),
        Wishes(key="Am", meter="3/4", rhythm="", chords=False),
        Wishes(key="D", meter="4/4", rhythm="reel", chords=False),
    ]


def test_chords_are_not_asked_for_where_no_tune_may_have_them() -> None:
    assert wishes_of(tune('"C"c12|c12', meter="3/2")).chords is False


def test_each_drawn_tune_matches_its_own() -> None:
    checkpoint = read_checkpoint("folk")
    drawn = draw_matched(checkpoint, PEOPLE, Request(3))
    for text, people in zip(drawn, PEOPLE, strict=True):
        wanted, found = wishes_of(people), wishes_of(text)
        assert found._replace(rhythm="") == wanted._replace(rhythm="")
        assert found.rhythm == wanted.rhythm or not wanted.rhythm
    assert Acceptor().judge(drawn) == [None] * 4
    assert len({text.split("K:")[1] for text in drawn}) == 4  # equal wishes, different tunes
    # Neither processes nor the tunes beside it change a tune.
    assert draw_matched(checkpoint, PEOPLE, Request(3), jobs=2) == drawn
    assert draw_matched(checkpoint, PEOPLE[:1], Request(3)) == drawn[:1]
    assert draw_matched(checkpoint, PEOPLE[:1], Request(4)) != drawn[:1]


def test_each_may_be_the_best_of_some() -> None:
    checkpoint = read_checkpoint("folk")
    critic = critic_of(checkpoint, Request(3, best_of=3))
    assert critic
    drawn = draw_matched(checkpoint, PEOPLE, Request(3))
    best = draw_matched(checkpoint, PEOPLE, Request(3, best_of=3))
    assert [wishes_of(text).key for text in best] == [wishes_of(text).key for text in PEOPLE]
    scores, before = ([critic.score(text) for text in of] for of in (best, drawn))
    assert all(after >= score for after, score in zip(scores, before, strict=True))
    assert scores != before
