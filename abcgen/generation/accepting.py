"""Which drawn tunes are accepted; the others are drawn again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they take a while to load
    from abcgen.melodies.index import Limit
    from abcgen.model.critic.critic import Critic

#: Takes the text of a whole tune and the number of the attempt at it, from 1.
Accept = Callable[[str, int], bool]

#: So many attempts at a tune a critic may refuse. Of a kind that it knows little of it may refuse
#: any, and a tune of that kind is better than none.
_MOST_REFUSED = 4


def acceptance(limit: "Limit | None", critic: "Critic | None") -> Accept | None:
    """Return what says whether an attempt at a tune is accepted; None if all are.

    Parameters
    ----------
    limit : Limit, optional
        What a tune may share with a corpus.
    critic : Critic, optional
        Refuses what is least like people's.
    """
    if limit is None and critic is None:
        return None

    def accept(text: str, attempt: int) -> bool:
        if critic and attempt <= _MOST_REFUSED and not critic.accepts(text):
            return False
        return limit is None or limit.allows(text)

    return accept
