"""The factors of one text, character by character, in plain Python."""

from array import array
from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import (
    AT_ROOT,
    BEGINS_ALIKE,
    BEGUN,
    ECHO_TRUST,
    FIRST_ECHO,
    LANDING,
    RESTORES,
    TRUST,
    TRUSTED,
    Layout,
    letter_of,
    moving_table,
    signs_of,
    slot_of,
    steps_of,
    within_steps,
)
from abcgen.model.factors.lexing import OVER
from abcgen.model.factors.melody import chord_begun, chord_goes_on, moved_on
from abcgen.model.factors.plan import (
    COPY,
    ENDS,
    MOST_BARS_OF_SECTION,
    MOST_MOVED,
    SLOTS,
    PlanTable,
)
from abcgen.model.factors.position import LAGS, MOST_BARS, NEVER, NONE, SECOND
from abcgen.model.factors.reading import Reading, beginning
from abcgen.model.factors.situations import situation_of
from abcgen.model.vocabulary import Vocabulary

_MOST_TRUSTED = TRUST[-1]


class Reader:
    """Reads one stream of characters and gives each its factors.

    A blank line begins a new tune, and the factors start afresh.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    planned : bool
        Whether there are factors of a plan.

    Attributes
    ----------
    symbols : array of int, shape (F,)
        The symbols of the last character; always the same array.
    """

    def __init__(self, vocabulary: Vocabulary, planned: bool = False) -> None:
        self._characters = vocabulary.idx2char
        self._newline = vocabulary.char2idx.get("\n", NONE)
        self._layout = Layout(len(vocabulary), factored=True, planned=planned)
        self._planned = planned
        self._moving = [[*row, NONE] for row in moving_table(vocabulary).tolist()]
        self._steps, self._marks = steps_of(vocabulary).tolist()
        self._signs = signs_of(vocabulary).tolist()
        first = self._layout.plain_columns
        #: The columns of what a plan says of the end of a section, and of the next bar.
        self._landing = slice(first + LANDING, -1)
        self._echoes = [*self._layout.echoes, 0][: self._layout.lags]
        #: The columns of the echoes.
        self._columns = [FIRST_ECHO + lag for lag in range(len(LAGS))]
        self._columns += [self._layout.columns - 1] * planned
        self.symbols = array("i", bytes(4 * self._layout.columns))
        self._beginning = beginning(self._layout.lags)
        self.begin()

    def begin(self) -> None:
        """Start a new tune."""
        self.restore(self._beginning)

    def plan(self, table: PlanTable) -> None:
        """Let the tune go by a plan from the next bar on; its factors are read from now on."""
        self._table = table
        self._note_places()

    def restore(self, reading: Reading) -> None:
        """Go back to what `reading` returned."""
        self._state = reading.state
        self._bars = reading.bars.copy()
        self._text, self._times = list(reading.text), list(reading.times)
        self._heads, self._bases = list(reading.heads), list(reading.bases)
        self._told, self._matched = list(reading.told), list(reading.matched)
        self._table, (self._kind, self._moved) = reading.table, reading.source
        self._step, self._root, self._within = reading.heard
        self._melody = reading.melody
        self._ahead, *brings = reading.ahead
        self._brings = brings[0], brings[1]
        self._note_places()
        self._note_echoes()

    def reading(self) -> Reading:
        """Return how far the tune has been read."""
        return Reading(
            self._state,
            self._bars.copy(),
            tuple(self._text),
            tuple(self._times),
            tuple(self._heads),
            tuple(self._bases),
            tuple(self._told),
            tuple(self._matched),
            self._table,
            (self._kind, self._moved),
            (self._step, self._root, self._within),
            self._melody,
            (self._ahead, *self._brings),
        )

    def copy(self) -> "Reader":
        """Return another reader that has read the same."""
        twin = copy(self)
        twin.symbols, twin._echoes = self.symbols[:], self._echoes[:]
        twin.restore(self.reading())
        return twin

    def read(self, character: int) -> None:
        """Read a character, 0 to V - 1."""
        self._state, ticks, event, value = self._state.way(self._characters[character])
        if event == OVER:
            self.begin()
            self.symbols[0] = character
            return
        bars, times = self._bars, self._times
        time = (times[-1] if times else 0) + ticks * bars.unit
        self._text.append(character)
        times.append(time)
        if bars.body:
            self._listen(character, ticks != 0)
            if self._planned:
                self._hear(character, ticks != 0)
            if ticks:
                symbols = self.symbols
                symbols[1], symbols[2], symbols[3] = self._layout.times(bars, time)
        if event:
            if bars.take(event, value, time, len(self._text)):
                self._compare()
            self._note_places()
        elif self._planned and bars.body:
            self._note_landing()
        if self._planned and bars.body:
            self._note_coming()
        self.symbols[0] = character

    def situation(self) -> list[int]:
        """Return in what situation the tune is: `abcgen.model.factors.situations`."""
        time = self._times[-1] if self._times else 0
        heard = self._step, self._root, self._within
        melody, first = self._melody, self._brings[0]
        return situation_of(self._bars, self._table, self._kind, time, heard, melody, first)

    def _hear(self, character: int, moved: bool) -> None:
        """Take note of notes, and of the letters of chords."""
        step, mark = self._steps[character], self._marks[character]
        sign, melody = self._signs[character], self._melody._replace(sounding=False, octave=0)
        if self._characters[character] == '"':
            self._within = 0 if self._within else BEGUN
            melody = melody._replace(chords=melody.chords + self._within)
        elif self._within == BEGUN:
            self._root, self._within = letter_of(step), AT_ROOT
            melody = chord_begun(melody, self._root)
        elif self._within:
            melody, self._within = chord_goes_on(melody, self._within, sign)
        elif moved and step:
            melody = moved_on(melody, self._step, step, self._times)
            self._step = step
        elif mark and self._step:
            self._step = within_steps(self._step + mark)
            melody = melody._replace(sounding=True)
        self._melody = melody._replace(sign=sign if sign <= RESTORES else 0)

    def _note_landing(self) -> None:
        if self._ahead != NONE:
            self._look_ahead()
        time = self._times[-1] if self._times else 0
        heard = self._step, self._root, self._within
        landing = self._layout.landing_of(self._bars, self._table, time, heard)
        landing += self._layout.ahead_of(self._bars, time, heard, self._brings)
        self.symbols[self._landing] = array("i", landing)

    def _look_ahead(self) -> None:
        """Find the first note and chord of the bar like which the next one begins."""
        place, root = self._next_note(self._ahead)
        moved = self._table.moved[slot_of(self._bars) + 1] if place else 0
        first = self._becomes(place, moved)
        if first:  # it may begin with a rest
            self._brings = first, letter_of(root and root + moved + MOST_MOVED)
        if place:
            self._ahead = NONE

    def _note_coming(self) -> None:
        """Take note of what comes by the bar that this one is made of."""
        times, head, letters, middle = self._times, self._heads[-1], 0, 0
        half, since = self._bars.size // 2, times[-1] - self._bars.began
        aligned = times[head - 1] - self._bases[-1] == since
        place = self._next_note(head)[0] if aligned else 0
        step = self._becomes(place, self._moved)
        signed = step > 0 and 0 < self._signs[self._text[place - 1]] <= RESTORES
        ends = min(times[head - 1] + half, self._bases[-1] + self._bars.size)
        may_begin = self._within == BEGUN or (not self._within and since in (0, half))
        while may_begin and place and times[place - 1] < ends:
            letters |= 1 << letter_of(self._becomes(place, self._moved)) >> 1
            place, _ = self._next_note(place + 1)
        if self._kind == ENDS and self._bases[-1] != NEVER and since < half:
            place, _ = self._next_note(head)
            while place and times[place - 1] - self._bases[-1] < half:
                place, _ = self._next_note(place + 1)
            if place and times[place - 1] - self._bases[-1] == half:
                middle = self._becomes(place, self._moved)
        self._melody = self._melody._replace(
            coming=step, coming_signed=signed, middle=middle, covered=letters
        )

    def _note_leads(self) -> None:
        """Take note of what will lead into this bar where it comes again, and of where it leads."""
        bars, table, slot = self._bars, self._table, slot_of(self._bars)
        leads_in = leads_out = 0
        if slot != NONE and not bars.opening and bars.form != SECOND:
            if table.later_before[slot]:
                leads_in = self._last_step(self._begin_of(table.later_before[slot] - 1))
            if table.later_behind[slot]:
                begin = self._begin_of(table.later_behind[slot] - 1)
                leads_out = self._becomes(self._next_note(begin)[0], 0) if begin != NONE else 0
        self._melody = self._melody._replace(leads_in=leads_in, leads_out=leads_out)

    def _begin_of(self, slot: int) -> int:
        """Return where in the text the bar of a slot begins, or `NONE` if it is not before."""
        return self._bars.begin_of(*divmod(slot, MOST_BARS_OF_SECTION))

    def _last_step(self, begin: int) -> int:
        """Return the step of the last note of the bar that begins somewhere in the text."""
        last = 0
        place = self._next_note(begin)[0] if begin != NONE else 0
        while place and self._times[place - 1] < self._times[begin - 1] + self._bars.size:
            last = self._becomes(place, 0) or last
            place, _ = self._next_note(place + 1)
        return last

    def _becomes(self, place: int, moved: int) -> int:
        """Return what the note at a place becomes some steps up; 0 if there is none."""
        step = self._steps[self._text[place]] if place else 0
        return step and within_steps(step + self._marks[self._text[place + 1]] + moved)

    def _next_note(self, place: int) -> tuple[int, int]:
        """Return where the next note or rest is in the text from a place on, and its chord.

        0 stands for none, and for no chord since that place.
        """
        text, times, root, quoted = self._text, self._times, 0, False
        for at in range(place, len(text) - 1):
            if self._characters[text[at]] == '"':
                quoted = not quoted
                if quoted:
                    root = letter_of(self._steps[text[at + 1]])
            elif times[at] != times[at - 1]:
                return at, root
        return 0, root

    def _note_places(self) -> None:
        time = self._times[-1] if self._times else 0
        layout = self._layout
        self.symbols[1:FIRST_ECHO] = array("i", layout.places(self._bars, time))
        if self._planned:
            first = layout.plain_columns
            self.symbols[first : first + LANDING] = array("i", layout.plan(self._bars, self._table))
            self._note_landing()

    def _note_echoes(self) -> None:
        if self._planned:
            self._echoes[-1] = self._layout.planned_echo(self._kind)
        for lag, echo in enumerate(self._echoes):
            told = self._told[lag] * ECHO_TRUST + TRUSTED[self._matched[lag]]
            self.symbols[self._columns[lag]] = echo + told

    def _source(self) -> int:
        """Return where in the text the bar begins that the plan makes this one of, or `NONE`."""
        slot = slot_of(self._bars)
        self._kind = self._moved = 0
        if slot == NONE or self._bars.form == SECOND or self._table.kinds[slot] < COPY:
            return NONE
        self._kind, self._moved = self._table.kinds[slot], self._table.moved[slot]
        return self._begin_of(self._table.sources[slot])

    def _next_source(self) -> int:
        """Return where in the text the bar begins like which the next one begins, or `NONE`."""
        bars, slot = self._bars, slot_of(self._bars)
        if slot in (NONE, SLOTS - 1) or bars.opening or bars.form == SECOND:
            return NONE
        if self._table.kinds[slot + 1] not in BEGINS_ALIKE:
            return NONE
        section, bar = divmod(self._table.sources[slot + 1], MOST_BARS_OF_SECTION)
        number = bars.firsts[section] + bar if section <= bars.sections else MOST_BARS
        return bars.fulls[number] if number <= bars.number else NONE

    def _compare(self) -> None:
        """Start comparing with other bars."""
        starts = self._bars.compared()
        if self._planned:
            starts.append(self._source())
            self._ahead, self._brings = self._next_source(), (0, 0)
            self._melody = self._melody._replace(chords=0, altered=0)
            self._note_leads()
        for lag, start in enumerate(starts):
            # An invalid text can move time back over a bar line; that bar is not before this one.
            known = start != NONE and self._times[start - 1] < self._bars.began
            self._heads[lag] = start if known else 0
            self._bases[lag] = self._times[start - 1] if known else NEVER
            self._told[lag] = self._text[start] if known and start < len(self._text) else NONE
        if self._planned and self._moved:
            self._told[-1] = self._moving[self._moved + MOST_MOVED][self._told[-1]]
        self._note_echoes()

    def _listen(self, character: int, moved: bool) -> None:
        """Note which echoes predicted a character, and find what they predict next."""
        text, times, heads = self._text, self._times, self._heads
        all_told, matched = self._told, self._matched
        symbols, echoes, columns = self.symbols, self._echoes, self._columns
        position = times[-1] - self._bars.began
        for lag, base in enumerate(self._bases):
            if base == NEVER:
                if matched[lag]:
                    matched[lag] = 0
                    symbols[columns[lag]] = echoes[lag] + NONE * ECHO_TRUST
                continue
            count = 0
            if all_told[lag] == character:
                count = matched[lag] + 1
                if count > _MOST_TRUSTED:
                    count = _MOST_TRUSTED
            matched[lag] = count
            head, time = heads[lag], base + position
            before = times[head - 1]
            if moved:
                # Go to the same time in the bar compared with.
                while before < time:
                    before = times[head]
                    head += 1
            elif before == time:
                # Go past another character that takes no time; but line breaks may differ.
                if text[head] == self._newline != character:
                    head += 1
                if times[head] == time and (character != self._newline or text[head] == character):
                    head += 1
                before = times[head - 1]
            heads[lag] = head
            told = text[head] if before == time else NONE
            if lag == len(LAGS) and self._moved:
                told = self._moving[self._moved + MOST_MOVED][told]
            all_told[lag] = told
            symbols[columns[lag]] = echoes[lag] + told * ECHO_TRUST + TRUSTED[count]


def read_text(
    vocabulary: Vocabulary,
    characters: Sequence[int],
    *,
    planned: bool = False,
    table: PlanTable | None = None,
) -> NDArray[np.int32]:
    """Return the symbols of a text that begins a tune, int32, shape (len(characters), F)."""
    reader = Reader(vocabulary, planned)
    if table is not None:
        reader.plan(table)
    symbols = np.empty((len(characters), len(reader.symbols)), np.int32)
    for row, character in zip(symbols, characters, strict=True):
        reader.read(character)
        row[:] = reader.symbols
    return symbols
