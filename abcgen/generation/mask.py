"""The acceptor for many tunes at once: which characters of a vocabulary may follow in each."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.acceptor import Local, Place, head
from abcgen.grammar.bar import ChordSymbol, InBar
from abcgen.grammar.bar.rules import Exit
from abcgen.grammar.form import MOST_IN_LINE, Due, Form, Move
from abcgen.grammar.header import Header
from abcgen.model.vocabulary import Vocabulary

#: Most bytes that the table of rows takes; when it is full, what has been worked out is forgotten.
TABLE_BYTES = 3_200_000
#: Most sets of characters, forms and ways from bar to bar that are kept.
_MOST_SETS = 2048
_MOST_FORMS = 4096
_MOST_PASSED = 8192
#: Most forms of tunes that are asked for of which is kept what comes after each bar.
_MOST_BEGUN = 256
#: For this many streams or fewer, numpy's calls take longer than a plain loop.
_FEW = 6
#: Most characters that are looked back on: a chord symbol before it is closed.
_MOST_READ = 12


#: What the table may say of a character instead of the row that it leads to: that this has not been
#: worked out yet; that it concerns more than the place within a bar; that it ends a chord symbol,
#: which does not make a line longer; that it is a tie, for which the note must be known; that it
#: leads out of the bar by exit 0. Below follow the other exits. (Members of an enum are slower.)
_UNKNOWN, _PASSES, _CLOSES, _TIES, _FIRST_EXIT = range(-1, -6, -1)


#: Form and row after a bar line or another mark, the new key if it changes, and what it does to the
#: sections that are asked for.
_Passed = tuple[int, int, str, Move]


class _Asked:
    """The sections that are asked for, as far as they have been read, and what comes after."""

    __slots__ = ("_following", "alike", "due")

    def __init__(self, due: Due) -> None:
        self.due, self.alike = due, due.alike()
        self._following: list[_Asked | None] = [None] * len(Move)

    def after(self, move: Move) -> "_Asked":
        """Return what is asked for after a move, worked out once."""
        following = self._following[move]
        if following is None:
            following = self._following[move] = _Asked(self.due.after(move))
        return following


class Mask:
    """Where N tunes are in the acceptor, and what may follow in each.

    Within bars and header fields a place is a row of two tables, which are filled as it is reached
    first: the set of what is forbidden there, and the row after each character. So one step of N
    tunes takes a few numpy calls. Only at bar lines each tune is treated by itself, and mostly
    the way across has been worked out before and is looked up. A row stands for a note of any
    pitch, and for a chord symbol on any root: so there are few rows, and most are known.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    begin : Place
        Where every tune begins: before its first character, or after the prime.
    num_streams : int
        N.
    """

    def __init__(self, vocabulary: Vocabulary, begin: Place, num_streams: int = 1) -> None:
        self._characters = vocabulary.idx2char
        self._index = vocabulary.char2idx
        self._newline = vocabulary.char2idx["\n"]
        self._key_change = vocabulary.char2idx.get("K")
        self._begin = begin
        size = len(vocabulary)
        self._most_rows = TABLE_BYTES // (4 * size)
        self._following = np.empty((self._most_rows, size), np.int32)
        self._following_flat = self._following.reshape(-1)
        self._following_one = self._following.data
        #: Of each row, which of the sets is forbidden there.
        self._set = np.empty(self._most_rows, np.int32)
        self._set_one = self._set.data
        self._sets = np.empty((_MOST_SETS, size), np.float32)
        self._sets_flat = self._sets.reshape(-1)
        self._sets_one = self._sets.data
        #: Letters of notes in either octave, and the characters of words.
        self._lower, self._upper, self._words = (
            np.array([index for index, one in enumerate(self._characters) if one in of], np.int64)
            for of in ("abcdefg", "ABCDEFG", set(self._characters) - set(" \n"))
        )
        self._forget()
        #: What is asked for where a tune begins, and what comes after.
        self._begun: dict[Due, _Asked] = {}
        #: Whether the tables may hold more than when it was last asked whether they are full.
        self._grown = False
        self._steps = 0
        self._lay_out(np.zeros(num_streams, np.int64))
        #: What `Form.alike` keeps of the form, and what it does not.
        self._form = [0] * num_streams
        self._key = [""] * num_streams
        self._meter = [""] * num_streams
        self._asked: list[_Asked | None] = [None] * num_streams
        #: The step at which the line of a stream began, plus the characters not counted in it.
        self._line_began = [0] * num_streams
        #: The last characters of all streams, the last step's last.
        self._read = deque(([0] * num_streams for _ in range(_MOST_READ)), _MOST_READ)
        for stream in range(num_streams):
            self.reset(stream)

    def reset(self, stream: int) -> None:
        """Begin a new tune in a stream."""
        self.put(stream, self._begin)

    def put(self, stream: int, place: Place) -> None:
        """Set a tune to a place."""
        self._grown = True
        if self._is_full():
            self._renumber()
        self._form[stream] = self._number_form(place.form)
        self._key[stream] = place.form.key if place.form else ""
        self._meter[stream] = place.form.header.meter if place.form else ""
        due = place.form and place.form.due()
        self._asked[stream] = _Asked(due) if due else None
        self._row_one[stream] = self._number(place.local)
        if isinstance(place.local, InBar):
            for back, character in enumerate(reversed(place.local.letters_read()), 1):
                self._read[-back][stream] = self._index[character]
        self._line_began[stream] = self._steps - place.width - _uncounted(place.local)

    def keep(self, streams: list[int]) -> None:
        """Keep only these tunes, renumbered in this order."""
        self._lay_out(self._row[streams])
        self._form, self._line_began = (
            [of[stream] for stream in streams] for of in (self._form, self._line_began)
        )
        self._key, self._meter = (
            [of[stream] for stream in streams] for of in (self._key, self._meter)
        )
        self._asked = [self._asked[stream] for stream in streams]
        read = ([characters[stream] for stream in streams] for characters in self._read)
        self._read = deque(read, _MOST_READ)

    def ask(self, stream: int, form: tuple[int, ...], openings: tuple[int, ...] = ()) -> None:
        """Ask for sections of these bars that begin so in a tune, or for any if there are none.

        A form can be asked for only before the first bar of the tune.
        """
        there = self._form_of_stream(stream)
        if there is None:
            return
        due = Due(form, openings=openings)
        if openings:
            self.put(stream, head(there.asked(due), may_end=False))
        self._asked[stream] = self._ask(due) if form else None

    def release(self, streams: list[int]) -> None:
        """Let tunes that are to end soon do so by what the grammar alone allows."""

    def place(self, stream: int) -> Place:
        """Return the place of a tune in the acceptor."""
        local = self._local(stream)
        width = self._steps - self._line_began[stream] - _uncounted(local)
        return Place(self._form_of_stream(stream), local, width)

    def place_after(self, stream: int, index: int) -> Place:
        """Return the place that a character would lead a tune to."""
        return self.place(stream).after(self._characters[index])

    def forbidden(self) -> NDArray[np.float32]:
        """Return what to add to logits, (N, V): minus infinity for what may not follow, else 0."""
        return self._sets.take(self._set.take(self._row), axis=0)

    def forbidden_to(self, stream: int) -> NDArray[np.float32]:
        """Return the same for one stream, (V,)."""
        forbidden: NDArray[np.float32] = self._sets[self._set_one[self._row_one[stream]]]
        return forbidden

    def refused(self, chosen: NDArray[np.int64]) -> list[int]:
        """Return the streams in which a character, indices (N,), may not follow."""
        if len(self._row) == 1:  # quicker
            number = self._set_one[self._row_one[0]]
            return [0] if self._sets_one[number, chosen.item()] else []
        places = self._set.take(self._row) * len(self._characters) + chosen
        streams: list[int] = self._sets_flat.take(places).nonzero()[0].tolist()
        return streams

    def advance(self, chosen: NDArray[np.int64]) -> None:
        """Read one character in each stream: indices (N,), none of them forbidden."""
        if self._grown:
            self._grown = False
            if self._is_full():
                self._renumber()
        self._steps += 1
        characters = chosen.tolist()
        if len(characters) <= _FEW:
            for stream, index in enumerate(characters):
                row = self._row_one[stream]
                following = self._following_one[row, index]
                if following < 0:
                    following = self._go_on(stream, row, index, following)
                self._row_one[stream] = following
        else:
            rows = self._following_flat.take(self._row * len(self._characters) + chosen)
            for stream in np.flatnonzero(rows < 0).tolist():
                row, index = self._row_one[stream], characters[stream]
                # Another stream may have filled in this entry just before.
                rows[stream] = self._go_on(stream, row, index, self._following_one[row, index])
            self._row[:] = rows
        self._read.append(characters)

    def _lay_out(self, row: NDArray[np.int64]) -> None:
        """Set the rows of the streams."""
        self._row = row
        self._row_one = row.data

    # -- the tables ---------------------------------------------------------------------------
    #
    # A name that ends in `_one` is the same memory, faster for access to single numbers.

    def _forget(self) -> None:
        self._locals: list[Local] = []
        self._row_of: dict[Local, int] = {}
        #: Characters -> the set of what is forbidden where these are allowed.
        self._set_of: dict[str, int] = {}
        self._forms: list[Form | None] = []
        self._form_of: dict[Form | None, int] = {}
        self._exits: dict[Exit, int] = {}
        #: Row within a chord symbol -> row after it.
        self._closed: dict[int, int] = {}
        #: By form and what is due, row and character, or exit, and width.
        self._passed: dict[tuple[int, int, int, int, int], _Passed] = {}

    def _is_full(self) -> bool:
        count = len(self._row)
        return (
            len(self._locals) + count > self._most_rows
            or len(self._set_of) + count > _MOST_SETS
            or len(self._forms) + count > _MOST_FORMS
            or len(self._passed) + count > _MOST_PASSED
        )

    def _renumber(self) -> None:
        """Forget all but where the tunes are."""
        places = [self.place(stream) for stream in range(len(self._row))]
        self._forget()
        for stream, place in enumerate(places):
            self.put(stream, place)

    def _number_form(self, form: Form | None) -> int:
        form = form and form.alike()
        number = self._form_of.setdefault(form, len(self._forms))
        if number == len(self._forms):
            self._forms.append(form)
        return number

    def _form_of_stream(self, stream: int) -> Form | None:
        form, asked = self._forms[self._form[stream]], self._asked[stream]
        if form is None:
            return None
        if asked:
            form = form.asked(asked.due)
        header = form.header._replace(meter=self._meter[stream])
        return form._replace(header=header, key=self._key[stream])

    def _ask(self, due: Due) -> _Asked:
        """Return what is asked for where a tune begins."""
        if due not in self._begun:
            if len(self._begun) == _MOST_BEGUN:
                self._begun.clear()
            self._begun[due] = _Asked(due)
        return self._begun[due]

    def _number(self, local: Local) -> int:
        if isinstance(local, InBar):
            local = local.of_any_letter()
        row = self._row_of.setdefault(local, len(self._locals))
        if row == len(self._locals):
            self._locals.append(local)
            self._set[row] = self._number_set(local.allowed())
            self._following[row] = _UNKNOWN
        return row

    def _number_set(self, allowed: str) -> int:
        if allowed not in self._set_of:
            number = self._set_of[allowed] = len(self._set_of)
            self._sets[number] = [0 if one in allowed else -np.inf for one in self._characters]
        return self._set_of[allowed]

    def _local(self, stream: int) -> Local:
        """Return where a tune is within its bar or header, with the letters that were read."""
        local = self._locals[self._row_one[stream]]
        if not isinstance(local, InBar):
            return local
        back = len(local.letters_read())
        read = [self._read[place - back][stream] for place in range(back)]
        return local.with_letters("".join(self._characters[index] for index in read))

    def _go_on(self, stream: int, row: int, index: int, following: int) -> int:
        """Return the row after a character of which the table says `following`, a row or a tag."""
        self._grown = True
        if following == _UNKNOWN:
            following = self._within_bar(row, index)
            self._following[row, self._alike(row, index)] = following
        if following >= 0:
            return following
        if following == _CLOSES:
            self._line_began[stream] += _uncounted(self._locals[row]) + 1
            if row not in self._closed:
                self._closed[row] = self._within(self._locals[row], '"')
            return self._closed[row]
        if following == _TIES:
            return self._within(self._local(stream), "-")
        form, began = self._form[stream], self._line_began[stream]
        # All that matters is whether the line is full, now or with the next two characters.
        width = min(max(self._steps - 1 - began, MOST_IN_LINE - 3), MOST_IN_LINE)
        # Many ways through a bar lead to the same exit.
        asked = self._asked[stream]
        due = asked.alike if asked else 0
        if following == _PASSES:
            key = form, due, row, index, width
        else:
            key = form, due, following, 0, width
        passed = self._passed.get(key)
        if passed is None:
            passed = self._across(stream, row, index, width)
            if index != self._key_change:  # what the key may change to, the form does not say
                self._passed[key] = passed
        self._form[stream], following, changed, move = passed
        if changed:
            self._key[stream] = changed
            header = self._locals[row]
            if isinstance(header, Header):
                self._meter[stream] = header.meter
                if move:
                    self._asked[stream] = self._ask(Due(header.wishes.form))
        if asked:
            self._asked[stream] = asked.after(move) if move else asked
        if index == self._newline:
            self._line_began[stream] = self._steps
        return following

    def _within_bar(self, row: int, index: int) -> int:
        """Return the row after a character, or a tag."""
        local, character = self._locals[row], self._characters[index]
        if isinstance(local, ChordSymbol) and character == '"':
            return _CLOSES
        if character == "-" and isinstance(local, InBar) and local.letters_read():
            return _TIES
        following = local.after(character)
        if isinstance(following, Exit):
            return _FIRST_EXIT - self._exits.setdefault(following, len(self._exits))
        if character == "\n":
            return _PASSES
        return self._number(following)

    def _within(self, local: Local, character: str) -> int:
        """Return the row after a character that does not lead out of the bar."""
        following = local.after(character)
        assert isinstance(following, InBar)
        return self._number(following)

    def _alike(self, row: int, index: int) -> NDArray[np.int64] | int:
        """Return the characters that lead to the same row as this one: for a letter, others too."""
        # Forbidden ones may be among them; they are never looked up.
        local, character = self._locals[row], self._characters[index]
        if isinstance(local, InBar) and local.reads_letter(character):
            return self._lower if character.islower() else self._upper
        if isinstance(local, Header) and local.in_words() and index in self._words:
            return self._words
        return index

    def _across(self, stream: int, row: int, index: int, width: int) -> _Passed:
        """Return where a character leads that concerns more than the place within a bar."""
        form, local = self._form_of_stream(stream), self._locals[row]
        place = Place(form, local, width).after(self._characters[index])
        following, row = place.form, self._number(place.local)
        if following is None:
            return self._number_form(None), row, "", Move.STAYS
        changed = following.key if following.key != self._key[stream] else ""
        move = following.move_from(form) if following.header.wishes.form else Move.STAYS
        return self._number_form(following), row, changed, move


def _uncounted(local: Local) -> int:
    """Return the characters of an open chord symbol: chord symbols do not make a line longer."""
    return 1 + len(local.text) if isinstance(local, ChordSymbol) else 0
