from abcgen.generation.accepting import acceptance
from abcgen.melodies.index import Limit
from abcgen.model.critic.critic import Critic
from tests.evaluation.telltale.tunes import section, tune
from tests.generation.engines import Fussy

LIKED, DISLIKED = tune(section("AB")), tune(section("CD"))
CRITIC = Critic({"as first 0 none": 0.0}, 0.0)
CRITIC.accepts = lambda text: text == LIKED  # type: ignore[method-assign]


def test_without_anyone_who_refuses_all_are_accepted() -> None:
    assert acceptance(None, None) is None


def test_a_critic_refuses_only_the_first_attempts() -> None:
    accept = acceptance(None, CRITIC)
    assert accept
    assert accept(LIKED, 1)
    assert [accept(DISLIKED, attempt) for attempt in range(1, 7)] == [False] * 4 + [True] * 2


def test_what_shares_too_much_is_never_accepted() -> None:
    everything, nothing = (Limit(Fussy(everywhere=True), notes) for notes in (9, 8))
    both, neither = acceptance(everything, CRITIC), acceptance(nothing, CRITIC)
    assert both and neither
    assert both(LIKED, 1) and not both(DISLIKED, 1) and both(DISLIKED, 5)
    assert not neither(LIKED, 1) and not neither(DISLIKED, 5)
