"""The factors of a character, and how they are numbered."""

from abcgen.model.factors.lexing import KEYS, WHOLE
from abcgen.model.factors.position import LAGS, NONE, SECOND, Bars

#: Times are told in 1/32 notes: so many of them, and what is more is told as that.
RASTER = WHOLE // 32
MOST_TOLD = 63
#: Bars of a section that are told apart.
MOST_TOLD_BARS = 32
#: Sections that are over, so many or more.
MOST_TOLD_SECTIONS = 3
#: How long an echo has been right, in characters: less than this, and this or more.
TRUST = (1, 3, 8)
ECHO_TRUST = len(TRUST) + 1
#: How far an echo is trusted that has been right for so many characters; the last holds for more.
TRUSTED = [sum(count >= least for least in TRUST) for count in range(TRUST[-1] + 1)]

# The first of a factor's symbols stands for the header, where there is nothing to tell.
_PLACES = 6
#: The column of the first echo, behind the character and its place.
FIRST_ECHO = 1 + _PLACES
_TIME_SIZE = 1 + MOST_TOLD + 1
_BAR_SIZE = 1 + MOST_TOLD_BARS
_FORMS = SECOND + 1
_FORM_SIZE = 1 + (MOST_TOLD_SECTIONS + 1) * _FORMS


class Layout:
    """How characters and factors are numbered, for a vocabulary of V characters.

    Row i of the network's embedding is the vector of symbol i: first come the V characters, then
    the values of each factor. Each character is read as F symbols, itself and one of each factor.

    Parameters
    ----------
    vocab_size : int
        V.
    factored : bool
        Whether there are factors; if not, F is 1.

    Attributes
    ----------
    columns : int
        F.
    size : int
        All symbols.
    position, rest, due, bar, form, key, echo : int
        The first symbol of each factor: time since the bar line, time to a full bar, time to a bar
        that lacks the section's pickup and so can end it, the bar of the section, which section
        and where in its form, the key, and what the bar compared with at the first lag tells. Those
        of the other lags follow it.
    echo_size : int
        The symbols of one lag: for each character, and for none, how far it is trusted.
    """

    def __init__(self, vocab_size: int, factored: bool) -> None:
        self.vocab_size = vocab_size
        self.position = vocab_size
        self.rest = self.position + _TIME_SIZE
        self.due = self.rest + _TIME_SIZE
        self.bar = self.due + 1 + _TIME_SIZE  # one more than a time: too late
        self.form = self.bar + _BAR_SIZE
        self.key = self.form + _FORM_SIZE
        self.echo = self.key + KEYS
        self.echo_size = (vocab_size + 1) * ECHO_TRUST
        #: What is added to ``told * ECHO_TRUST + TRUSTED[matched]`` to give the symbol of an echo.
        self.echoes = [
            self.echo + lag * self.echo_size - NONE * ECHO_TRUST for lag in range(len(LAGS))
        ]
        self.columns = FIRST_ECHO + len(LAGS) if factored else 1
        self.size = self.echo + len(LAGS) * self.echo_size if factored else vocab_size

    def places(self, bars: Bars, time: int) -> list[int]:
        """Return the symbols of the factors that say where in a tune a time is."""
        if not bars.body:
            return [self.position, self.rest, self.due, *self.in_form(bars)]
        return [*self.times(bars, time), *self.in_form(bars)]

    def in_form(self, bars: Bars) -> tuple[int, int, int]:
        """Return those of them that stay the same within a bar: the last, with the key."""
        if not bars.body:
            return self.bar, self.form, self.key
        return (
            self.bar + min(bars.in_section, MOST_TOLD_BARS),
            self.form + 1 + min(bars.sections, MOST_TOLD_SECTIONS) * _FORMS + bars.form,
            self.key + bars.key,
        )

    def times(self, bars: Bars, time: int) -> tuple[int, int, int]:
        """Return those of them that change with time: the first, behind the header."""
        # Only a broken text takes time back over a bar line.
        position = max(time - bars.began, 0)
        left = bars.size - (time - bars.began)
        return (
            self.position + 1 + min(position // RASTER, MOST_TOLD),
            self.rest + 1 + min(max(left, 0) // RASTER, MOST_TOLD),
            self.due + 2 + min(max((left - bars.pickup) // RASTER, -1), MOST_TOLD),
        )
