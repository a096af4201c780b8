"""The acceptor over a vocabulary, for many tunes side by side: which characters may be drawn."""

import numpy as np
from numpy.typing import NDArray

from abcgen.notation.acceptor import MOST_IN_LINE, Form, Local, Place, in_chord
from abcgen.notation.bars import Exit, InBar
from abcgen.vocabulary import Vocabulary

#: The tables take so many bytes at most; what is worked out is forgotten when they are full.
TABLE_BYTES = 6_400_000
#: How many forms and how many ways from bar to bar are kept at most.
_MOST_FORMS = 4096
_MOST_PASSED = 16384
#: For so few streams numpy's calls take longer than a plain loop.
_FEW = 6
# What a table says of a character besides a row: not worked out yet; what concerns more than the
# place within a bar; and from there on downwards, the exits from it in the order that they came.
_UNKNOWN, _PASSES, _EXITS = -1, -2, -3

#: Form and row behind a bar line and the like, and how many characters before it do not count in a
#: line.
_Passed = tuple[int, int, int]


class Mask:
    """Where N tunes are in the acceptor, and what may follow in each.

    Within bars and header fields a place is a row of two tables, which are filled as tunes come
    by: what is forbidden there, and the row after each character. So the work of one step over N
    tunes is a few numpy calls; only at bar lines each tune takes its own way, and most of these
    ways have been gone before and are looked up.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    begin : Place
        Where every tune begins: before its first character, or behind what it is primed with.
    num_streams : int
        N.
    """

    def __init__(self, vocabulary: Vocabulary, begin: Place, num_streams: int = 1) -> None:
        self._characters = vocabulary.idx2char
        self._newline = vocabulary.char2idx["\n"]
        self._begin = begin
        size = len(vocabulary)
        self._most_rows = TABLE_BYTES // (8 * size)
        self._forbidden = np.empty((self._most_rows, size), np.float32)
        self._following = np.empty((self._most_rows, size), np.int32)
        self._following_flat = self._following.reshape(-1)
        self._forget()
        self._steps = 0
        self._row = np.zeros(num_streams, np.int64)
        self._form = [0] * num_streams
        #: The step at which the line of a stream began, moved on by what is not counted in it.
        self._line_began = [0] * num_streams
        for stream in range(num_streams):
            self.reset(stream)

    def reset(self, stream: int) -> None:
        """Let a new tune begin."""
        self._put(stream, self._begin)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the tunes alone, numbered anew."""
        self._row = self._row[streams]
        self._form = [self._form[stream] for stream in streams]
        self._line_began = [self._line_began[stream] for stream in streams]

    def place(self, stream: int) -> Place:
        """Return the place of a tune in the acceptor."""
        local = self._locals[self._row[stream]]
        width = self._steps - self._line_began[stream] - _uncounted(local)
        return Place(self._forms[self._form[stream]], local, width)

    def place_after(self, stream: int, index: int) -> Place:
        """Return the place that a character would lead a tune to."""
        return self.place(stream).after(self._characters[index])

    def forbidden(self) -> NDArray[np.float32]:
        """Return what is to be added to logits, (N, V): minus infinity where none may follow."""
        if len(self._row) == 1:  # quicker
            row = self._row.item()
            return self._forbidden[row : row + 1]
        return self._forbidden.take(self._row, axis=0)

    def advance(self, chosen: NDArray[np.int64]) -> None:
        """Go on by a character a stream: indices (N,), none of them forbidden."""
        if self._is_full():
            self._renumber()
        self._steps += 1
        if len(chosen) <= _FEW:
            for stream, index in enumerate(chosen.tolist()):
                row = self._row.item(stream)
                following = self._following.item(row, index)
                self._row[stream] = following if following >= 0 else self._go_on(stream, row, index)
            return
        rows = self._following_flat.take(self._row * len(self._characters) + chosen)
        for stream in np.flatnonzero(rows < 0).tolist():
            rows[stream] = self._go_on(stream, self._row.item(stream), chosen.item(stream))
        self._row = rows.astype(np.int64)

    # -- the tables ---------------------------------------------------------------------------

    def _forget(self) -> None:
        self._locals: list[Local] = []
        self._row_of: dict[Local, int] = {}
        #: Characters -> what is forbidden where these are allowed.
        self._all_but: dict[str, NDArray[np.float32]] = {}
        self._forms: list[Form | None] = []
        self._form_of: dict[Form | None, int] = {}
        self._exits: dict[Exit, int] = {}
        #: By form, row and character, or form and exit, and width.
        self._passed: dict[tuple[int, int, int, int], _Passed] = {}

    def _is_full(self) -> bool:
        count = len(self._row)
        return (
            len(self._locals) + count > self._most_rows
            or len(self._forms) + count > _MOST_FORMS
            or len(self._passed) + count > _MOST_PASSED
        )

    def _renumber(self) -> None:
        """Forget all but where the tunes are."""
        places = [self.place(stream) for stream in range(len(self._row))]
        self._forget()
        for stream, place in enumerate(places):
            self._put(stream, place)

    def _put(self, stream: int, place: Place) -> None:
        """Set a tune to a place."""
        if self._is_full():
            self._renumber()
        self._form[stream] = self._number_form(place.form)
        self._row[stream] = self._number(place.local)
        self._line_began[stream] = self._steps - place.width - _uncounted(place.local)

    def _number_form(self, form: Form | None) -> int:
        number = self._form_of.setdefault(form, len(self._forms))
        if number == len(self._forms):
            self._forms.append(form)
        return number

    def _number(self, local: Local) -> int:
        row = self._row_of.setdefault(local, len(self._locals))
        if row == len(self._locals):
            self._locals.append(local)
            allowed = local.allowed()
            if allowed not in self._all_but:
                self._all_but[allowed] = np.array(
                    [0 if character in allowed else -np.inf for character in self._characters],
                    np.float32,
                )
            self._forbidden[row] = self._all_but[allowed]
            self._following[row] = _UNKNOWN
        return row

    def _go_on(self, stream: int, row: int, index: int) -> int:
        """Return the row after a character that the table does not tell it for."""
        following = self._following.item(row, index)
        if following == _UNKNOWN:
            following = self._following[row, index] = self._within_bar(row, index)
        if following >= 0:
            return int(following)
        form, began = self._form[stream], self._line_began[stream]
        # All that matters is whether the line is full, now or with the next two characters.
        width = min(max(self._steps - 1 - began, MOST_IN_LINE - 3), MOST_IN_LINE)
        # Many ways through a bar lead to the same bar line.
        key = (form, row, index, width) if following == _PASSES else (form, following, 0, width)
        passed = self._passed.get(key)
        if passed is None:
            passed = self._passed[key] = self._across(form, row, index, width)
        self._form[stream], following, uncounted = passed
        if index == self._newline:
            self._line_began[stream] = self._steps
        elif uncounted:
            self._line_began[stream] = began + uncounted
        return following

    def _within_bar(self, row: int, index: int) -> int:
        """Return the row after a character, or what else the table says of it."""
        local, character = self._locals[row], self._characters[index]
        if in_chord(local) and character == '"':
            return _PASSES
        following = local.after(character)
        if isinstance(following, Exit):
            return _EXITS - self._exits.setdefault(following, len(self._exits))
        if character == "\n":
            return _PASSES
        return self._number(following)

    def _across(self, form: int, row: int, index: int, width: int) -> _Passed:
        """Return where a character leads that concerns more than the place within a bar."""
        local, character = self._locals[row], self._characters[index]
        place = Place(self._forms[form], local, width).after(character)
        uncounted = _uncounted(local) + 1 if in_chord(local) and character == '"' else 0
        following = self._number(place.local)
        return self._number_form(place.form), following, uncounted


def _uncounted(local: Local) -> int:
    """Return the characters of an open chord symbol: chord symbols do not make a line longer."""
    return 1 + len(local.text) if isinstance(local, InBar) and in_chord(local) else 0
