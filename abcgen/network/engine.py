"""The network in Keras as an engine: the slow reference, and how tunes are drawn on a GPU."""

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.title_words import TitleWords
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import State, Symbols, habits_of, planner_of, title_words_of
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.rows import SITUATIONS
from abcgen.model.lookup.plain import add_habits
from abcgen.model.lookup.tables import HabitTables
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from abcgen.model.factors.plan import Plan
    from abcgen.model.plans.planner import Planner
    from abcgen.network.build import keras


class KerasEngine:
    """A stateful Keras network, called a character at a time: slow, and needs Keras.

    With one stream it is the reference that the engine file is compared with; with many it draws
    tunes on a GPU.

    Parameters
    ----------
    twin : keras.Model
        The result of `abcgen.network.build.build_network` for N streams and sequences of length 1.
    recipe : Recipe
        What it was built from.
    vocabulary : Vocabulary
        V characters.
    planner : Planner, optional
        Draws the plans of its tunes.
    habits : HabitTables, optional
        What is added to its logits where a tune goes by a plan.
    """

    title_words: TitleWords | None = None

    def __init__(
        self,
        twin: "keras.Model",
        recipe: Recipe,
        vocabulary: Vocabulary,
        planner: "Planner | None" = None,
        habits: HabitTables | None = None,
    ) -> None:
        from abcgen.network.build import backend, logits_of, states_of

        #: The row of the network that each stream uses; the number of rows never changes.
        self._rows = list(range(twin.input.shape[0]))
        self.num_streams = len(self._rows)
        self.vocabulary, self.planner = vocabulary, planner
        self._layout = Layout(len(vocabulary), recipe.factored, recipe.planned)
        self._habits = habits
        self._reader = Symbols(recipe, vocabulary, self.num_streams)
        self._symbols = np.zeros((self.num_streams, 1, self._reader.columns), np.int32)
        self._call = backend.compiled(logits_of(twin))
        self._states = states_of(twin)
        self._set_row = backend.set_row

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return the batch-1 twin of a checkpoint's network."""
        from abcgen.network.build import build_network, load_weights, weights_of

        of = checkpoint.recipe, len(checkpoint.vocabulary), 1, 1
        network, twin = build_network(*of), build_network(*of, drawing=True)
        network.load_weights(checkpoint.weights_file)
        # By name: in the file they are in the order of layers, and the twin has more of these.
        load_weights(twin, weights_of(network))
        about = planner_of(checkpoint), habits_of(checkpoint)
        engine = cls(twin, checkpoint.recipe, checkpoint.vocabulary, *about)
        engine.title_words = title_words_of(checkpoint)
        return engine

    def plan(self, stream: int, plan: "Plan") -> None:
        """Let the tune of a stream go by a plan; after `restore`."""
        self._reader.plan(stream, plan)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream, integers (N,); return logits, float32 (N, V)."""
        from abcgen.network.build import keras

        symbols = np.empty((self.num_streams, self._reader.columns), np.int32)
        self._reader.read(characters, symbols)
        self._symbols[self._rows, 0] = symbols
        logits = keras.ops.convert_to_numpy(self._call(self._symbols))
        # Indexing by a list copies, so that the caller may write into it.
        copied: NDArray[np.float32] = logits[self._rows, 0]
        if self._habits is not None:
            situations = np.empty((self.num_streams, SITUATIONS), np.int32)
            self._reader.situate(situations)
            add_habits(self._layout, self._habits, situations, symbols, copied)
        return copied

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        self._reader.begin(stream)
        zeros = [np.zeros(part.shape[-1], np.float32) for part in self._states]
        self.restore(stream, State(zeros, self._reader.reading(stream)))

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        from abcgen.network.build import keras

        row = self._rows[stream]
        parts = [keras.ops.convert_to_numpy(part[row]) for part in self._states]
        return State(parts, self._reader.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` returned."""
        for part, values in zip(self._states, state.network, strict=True):
            self._set_row(part, self._rows[stream], values)
        self._reader.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Keep only some of the streams, numbered from 0 in the order given."""
        self._rows = [self._rows[stream] for stream in streams]
        self.num_streams = len(streams)
        self._reader.keep(streams)
