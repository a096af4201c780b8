import pytest

from abcgen import __version__
from abcgen.evaluation.referees import REFEREES
from abcgen.evaluation.referees.own import Acceptor
from tests.evaluation.referees.tried_tunes import CANONICAL, GOOD, HEADER, WRONG

#: What abcgen's own acceptor reports.
OWN = {
    "over-full bar": "bar 2: it lasts 5/8, not 4/8",
    "short bar": "bar 2: it lasts 3/8, not 4/8",
    "full bar before a pickup": "bar 2: the bar before `:|` must lack the pickup (1/8)",
    "unmatched repeat": "bar 4: `:|` without a `|:`",
    "unmatched ending": "bar 4: the ending 1 is in the wrong place or written in another way",
    "lone ending": "bar 3: the ending 1 is in the wrong place or written in another way",
    "open chord": "bar 2: notes at once have a length of their own",
    "dangling tie": "bar 4: a tie over the end of a section",
}


def test_the_acceptor_takes_one_spelling_only() -> None:
    acceptor = Acceptor()
    assert acceptor.available() is None
    assert acceptor.version() == __version__
    assert REFEREES[0].name == acceptor.name
    renumbered = CANONICAL.replace("X:1\n", "X:712\n").replace("M:", "N:drawn by hand\nM:")
    refused, *taken = acceptor.judge([GOOD, CANONICAL, renumbered, CANONICAL + "\n\n"])
    assert refused is not None and refused.startswith("bar ")
    assert taken == [None, None, None]


@pytest.mark.parametrize("name", WRONG)
def test_the_acceptor_notices_everything(name: str) -> None:
    (said,) = Acceptor().judge([HEADER + WRONG[name]])
    assert said is not None and said.startswith(OWN[name])
    assert "\n" not in said
