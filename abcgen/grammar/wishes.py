"""What is asked of a tune."""

from typing import NamedTuple


class Wishes(NamedTuple):
    """What is asked of a tune; what is not named is free.

    Attributes
    ----------
    key, meter, rhythm, title : str
        The values of K:, M:, R: and T:, as they are spelled.
    form : tuple of int
        The full bars of each section: not fewer, not more.
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


ANYTHING = Wishes()
