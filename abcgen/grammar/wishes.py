"""What is asked of a tune."""

from typing import NamedTuple

#: How a section begins: it is played once, it is repeated, or it is repeated but for its pickup.
ONCE, REPEATED, REPEATED_AFTER_PICKUP = range(3)


class Wishes(NamedTuple):
    """What is asked of a tune; what is not named is free.

    Attributes
    ----------
    key, meter, rhythm, title : str
        The values of K:, M:, R: and T:, as they are spelled.
    form : tuple of int
        The full bars of each section: not fewer, not more.
    openings : tuple of int
        How each of these sections begins: `ONCE`, `REPEATED` or `REPEATED_AFTER_PICKUP`.
    chords : bool, optional
        Whether there must be chord symbols, at least at the first full bar of each section. If
        False, there must be none.
    remark : bool
        Whether a remark (N:) and the name of any style (G:) may stand in the header, as in tunes
        that are checked. Networks write no remarks, and only the styles that they have learned.
    style : str
        The value of G:, one of the alphabet's styles.
    """

    key: str = ""
    meter: str = ""
    rhythm: str = ""
    title: str = ""
    form: tuple[int, ...] = ()
    chords: bool | None = None
    remark: bool = False
    style: str = ""
    openings: tuple[int, ...] = ()


ANYTHING = Wishes()
