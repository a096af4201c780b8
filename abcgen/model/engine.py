"""One step of the network without TensorFlow: the engine file run by LiteRT, for N streams."""

import ctypes
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.grammar.title_words import FEWEST_WORDS, TitleWords
from abcgen.model.checkpoint import Checkpoint, known_titles
from abcgen.model.engine_file import check, contents_of, step_widths, tensors_of
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.rows import SITUATIONS
from abcgen.model.lookup.tables import HabitTables, Tables, shapes_of
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.support.quiet import stderr_silenced

if TYPE_CHECKING:
    from abcgen.model.factors.plain_readers import PlainReaders
    from abcgen.model.factors.plan import Plan
    from abcgen.model.factors.readers import Readers
    from abcgen.model.lookup import compiled, plain
    from abcgen.model.plans.planner import Planner


class State(NamedTuple):
    """The state of one stream: everything that its next logits depend on.

    Attributes
    ----------
    network : list of float32 arrays
        The state of the LSTM layers: h and c of each, starting with the first layer.
    reading : object
        How far the tune has been read, for its factors; only `Symbols` understands it.
    """

    network: list[NDArray[np.float32]]
    reading: Any


class Symbols:
    """Turns the characters that N streams read into symbols: alone, or with their factors.

    Parameters
    ----------
    recipe : Recipe
        Says whether there are factors.
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N.

    Attributes
    ----------
    columns : int
        F.
    """

    def __init__(self, recipe: Recipe, vocabulary: Vocabulary, num_streams: int) -> None:
        self.columns = Layout(len(vocabulary), recipe.factored, recipe.planned).columns
        self._planned = recipe.planned
        self._readers: Readers | PlainReaders | None = None
        # Imported only where needed, since they take a while to load.
        if not recipe.factored:
            return
        try:
            from abcgen.model.factors import readers
        except ImportError:  # there was no C compiler
            from abcgen.model.factors import plain_readers

            self._readers = plain_readers.PlainReaders(vocabulary, num_streams, recipe.planned)
        else:
            self._readers = readers.Readers(vocabulary, num_streams, recipe.planned)

    def read(self, characters: NDArray[np.integer], symbols: NDArray[np.int32]) -> None:
        """Read a character a stream, (N,), and write the symbols of each, (N, F)."""
        if self._readers:
            self._readers.read(characters, symbols)
        else:
            symbols[:, 0] = characters

    def plan(self, stream: int, plan: "Plan") -> None:
        """Let the tune of a stream go by a plan."""
        if self._readers and self._planned:
            from abcgen.model.factors.plan import PlanTable

            self._readers.plan(stream, PlanTable(plan))

    def situate(self, situations: NDArray[np.int32]) -> None:
        """Write in what situation the tune of each stream is, (N, SITUATIONS)."""
        if self._readers:
            self._readers.situate(situations)

    def begin(self, stream: int) -> None:
        """Start a new tune in a stream."""
        if self._readers:
            self._readers.begin(stream)

    def reading(self, stream: int) -> Any:
        """Return how far the tune of a stream has been read."""
        return self._readers.reading(stream) if self._readers else None

    def restore(self, stream: int, reading: Any) -> None:
        """Set a stream back to what `reading` returned."""
        if self._readers:
            self._readers.restore(stream, reading)

    def keep(self, streams: list[int]) -> None:
        """Keep only some of the streams, numbered from 0 in the order given."""
        if self._readers:
            self._readers.keep(streams)


class Engine(Protocol):
    """What tunes are sampled from: N streams, each with a state that carries from step to step."""

    num_streams: int
    vocabulary: Vocabulary
    #: Draws a plan of each tune, if the network reads them.
    planner: "Planner | None"
    #: The words that titles are made of, if the checkpoint has them.
    title_words: TitleWords | None

    def plan(self, stream: int, plan: "Plan") -> None:
        """Let the tune of a stream go by a plan; after `restore`."""

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream, integers (N,); return logits, float32 (N, V).

        The next step overwrites the array.
        """

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` returned."""

    def keep(self, streams: list[int]) -> None:
        """Keep only some of the streams, numbered from 0 in the order given."""


class Memory(NamedTuple):
    """An interpreter with its own memory of what it reads and writes, for N streams, float32.

    Attributes
    ----------
    interpreter : Interpreter
        Of LiteRT.
    vectors : array, shape (N, E + S)
        What the first layer reads, and the plan's layer.
    before, after : list of array, shape (N, size)
        The parts of the state.
    logits : array, shape (N, V)
        Without what a plan says.
    says : array, shape (N, V + GATES), or None
        What the plan's layer says, if there is one.
    """

    interpreter: Any
    vectors: NDArray[np.float32]
    before: list[NDArray[np.float32]]
    logits: NDArray[np.float32]
    says: NDArray[np.float32] | None
    after: list[NDArray[np.float32]]


class LiteRTEngine:
    """A network run by LiteRT: an engine file, called a character at a time.

    Parameters
    ----------
    file : Path
        The engine file, such as `Checkpoint.engine_file`.
    recipe : Recipe
        What the network was built from.
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N, the streams that are sampled side by side. The output of a stream does not depend on N.
    planner : Planner, optional
        Draws the plans of its tunes.
    habits : HabitTables, optional
        What is added to its logits where a tune goes by a plan.

    Raises
    ------
    CheckpointError
        If LiteRT cannot run the file, or it does not fit the recipe and the vocabulary.
    """

    title_words: TitleWords | None = None

    def __init__(
        self,
        file: Path,
        recipe: Recipe,
        vocabulary: Vocabulary,
        num_streams: int = 1,
        planner: "Planner | None" = None,
        habits: HabitTables | None = None,
    ) -> None:
        # Imported here, so that a command reports errors before it spends time on loading this.
        from ai_edge_litert.interpreter import Interpreter

        self._file = file
        self.vocabulary, self.planner = vocabulary, planner
        self._habits = habits
        self._reader = Symbols(recipe, vocabulary, num_streams)
        layout = Layout(len(vocabulary), recipe.factored, recipe.planned)
        read, predicted = step_widths(recipe, layout)
        try:
            with stderr_silenced():
                inputs, outputs, tables = contents_of(Interpreter(model_path=str(file)))
                self._interpreter = Interpreter(model_path=str(file), num_threads=1)
                self._inputs = tensors_of(file, inputs, read)
                self._outputs = tensors_of(file, outputs, predicted)
                check(file, shapes_of(recipe, layout), tables.shapes)
                self._lookup = lookup_of(layout, tables)
                self._allocate(num_streams)
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(
                f"{file} is not an engine file that LiteRT can run: {error}"
            ) from None
        for part in self._state:
            part.fill(0)

    @classmethod
    def of(
        cls, checkpoint: Checkpoint, num_streams: int = 1, habits: HabitTables | None = None
    ) -> Self:
        """Return the engine of a checkpoint, with other habits than its own if they are given.

        Its file is verified first.
        """
        recipe, vocabulary = checkpoint.recipe, checkpoint.vocabulary
        about = planner_of(checkpoint), habits or habits_of(checkpoint)
        engine = cls(checkpoint.engine_file, recipe, vocabulary, num_streams, *about)
        engine.title_words = title_words_of(checkpoint)
        return engine

    def _allocate(self, num_streams: int) -> None:
        """Resize all tensors for a number of streams; what they held is lost."""
        self._make_room(num_streams)
        self._memory = self._resized(self._interpreter, num_streams)
        self._state = self._memory.after
        #: Destination and source of each part of the state, as bytes: copying arrays is slower.
        self._carried = [
            (to.data.cast("B"), of.data.cast("B"))
            for to, of in zip(self._memory.before, self._state, strict=True)
        ]

    def _make_room(self, num_streams: int) -> None:
        """Make room for what a number of streams read and what is predicted."""
        self.num_streams = num_streams
        self._symbols = np.zeros((num_streams, self._reader.columns), np.int32)
        self._logits = np.zeros((num_streams, len(self.vocabulary)), np.float32)
        self._situations = np.zeros((num_streams, SITUATIONS), np.int32)

    def _resized(self, interpreter: Any, num_streams: int) -> "Memory":
        """Resize all tensors of an interpreter; return the memory of its inputs and outputs."""
        for tensor, width in self._inputs:
            interpreter.resize_tensor_input(tensor, [num_streams, width])
        interpreter.allocate_tensors()
        (vectors, *before), (logits, *after) = (
            [self._memory_of(interpreter, tensor) for tensor, _ in tensors]
            for tensors in (self._inputs, self._outputs)
        )
        says = after.pop(0) if len(after) > len(before) else None
        return Memory(interpreter, vectors, before, logits, says, after)

    @staticmethod
    def _memory_of(interpreter: Any, tensor: int) -> NDArray[Any]:
        """Return an array over the interpreter's own memory of a tensor, until it is resized.

        LiteRT refuses to run or resize while one of its own arrays is alive, and making a new one
        in each step takes as long as a layer of the network. So its array must not be kept here,
        not even by a local variable: a profiler may keep this function's frame alive.
        """
        about = interpreter.tensor(tensor)().__array_interface__
        dtype, (address, _) = np.dtype(about["typestr"]), about["data"]
        size = dtype.itemsize * math.prod(about["shape"])
        memory = (ctypes.c_char * size).from_address(address)
        return np.frombuffer(memory, dtype).reshape(about["shape"])

    def plan(self, stream: int, plan: "Plan") -> None:
        """Let the tune of a stream go by a plan; after `restore`."""
        self._reader.plan(stream, plan)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream and return what each predicts.

        Parameters
        ----------
        characters : integer array, shape (N,)
            Indices into the vocabulary.

        Returns
        -------
        float32 array, shape (N, V)
            Logits, in the engine's own memory: the next step overwrites them.
        """
        self._reader.read(characters, self._symbols)
        for to, of in self._carried:
            to[:] = of
        self._predict(self._memory, self._symbols, self._logits)
        self._add_habits()
        return self._logits

    def _predict(
        self, memory: "Memory", symbols: NDArray[np.int32], logits: NDArray[np.float32]
    ) -> None:
        """Write what the streams of an interpreter predict that read symbols, (N, F)."""
        self._lookup.vectors(symbols, memory.vectors)
        memory.interpreter.invoke()
        if memory.says is None:
            logits[:] = memory.logits
        else:
            self._lookup.add_plan(symbols, memory.logits, memory.says, logits)

    def _add_habits(self) -> None:
        if self._habits is not None:
            self._reader.situate(self._situations)
            self._lookup.add_habits(self._habits, self._situations, self._symbols, self._logits)

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        for part in self._state:
            part[stream] = 0
        self._reader.begin(stream)

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        return State([part[stream].copy() for part in self._state], self._reader.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` returned."""
        for part, values in zip(self._state, state.network, strict=True):
            part[stream] = values
        self._reader.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Keep these streams, numbered from 0 in the order given; one may come several times."""
        if len(streams) == self.num_streams:
            moved = [(at, of) for at, of in enumerate(streams) if at != of]
            places, sources = [at for at, _ in moved], [of for _, of in moved]
            for part in self._state:
                part[places] = part[sources]
        else:
            kept = [part[streams] for part in self._state]
            self._allocate(len(streams))
            for part, values in zip(self._state, kept, strict=True):
                part[:] = values
        self._reader.keep(streams)


def planner_of(checkpoint: Checkpoint) -> "Planner | None":
    """Return what draws the plans of a checkpoint's tunes; None if they go by none."""
    file = checkpoint.plans_file
    if file is None:
        return None
    from abcgen.model.plans.planner import Planner

    return Planner.load(file, as_before_habits=checkpoint.habits_file is None)


def habits_of(checkpoint: Checkpoint) -> HabitTables | None:
    """Return the habits of a checkpoint's tunes; None if it has learned none."""
    file = checkpoint.habits_file
    if file is None:
        return None
    from abcgen.model.habits.habits import tables_in

    return tables_in(file, checkpoint.sums[file.name], checkpoint.vocabulary)


def title_words_of(checkpoint: Checkpoint) -> TitleWords | None:
    """Return the words that titles are made of; None if there are none, or few."""
    written = checkpoint.vocabulary.char2idx.keys()
    words = TitleWords(title for title in known_titles(checkpoint) if written >= set(title))
    return words if len(words) >= FEWEST_WORDS else None


def lookup_of(layout: Layout, tables: Tables) -> "compiled.Lookup | plain.Lookup":
    """Return what looks things up in tables, in C if that was compiled."""
    try:
        from abcgen.model.lookup import compiled
    except ImportError:  # there was no C compiler
        from abcgen.model.lookup import plain

        return plain.Lookup(layout, tables)
    return compiled.Lookup(layout, tables)
