"""The weights of a trained network, extended to a larger vocabulary."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import Checkpoint
from abcgen.model.factors.layout import ECHO_TRUST, MIDDLE, Layout
from abcgen.model.factors.plan import DEGREES, ECHOED, STEPS
from abcgen.model.factors.position import LAGS
from abcgen.model.vocabulary import Vocabulary

#: How much less likely a new character is than any old one, in nats, until it is learned.
_UNLIKELY = 2.0
#: What a layer that reads plans adds at first to the logits of notes beyond the plan's.
_OUT_OF_REACH = -2.0


def grown_vocabulary(
    known: Vocabulary, text: str, styles: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> Vocabulary:
    """Return a vocabulary followed by what it lacks: a text's characters, sorted, and styles.

    The edition of the spelling stays, and so do the rules by which the network draws.
    """
    before = {style: known.headers.get(style, {}) for style in known.styles}
    return Vocabulary(
        [*known.idx2char, *sorted(set(text) - set(known.idx2char))],
        {**before, **(styles or {})},
        known.edition,
    )


def taken_over(
    weights: Mapping[str, NDArray[np.float32]], old: Layout, new: Layout
) -> dict[str, NDArray[np.float32]]:
    """Return a network's weights for a vocabulary that begins with its own.

    A new character starts as the mean of all others, and unlikely. Everything else is unchanged:
    for a text without new characters the larger network predicts what the smaller one did, apart
    from the small probability that the new characters get.

    Parameters
    ----------
    weights : mapping of str to float32 array
        The result of `abcgen.network.build.weights_of`.
    old, new : Layout
        How the two networks number characters and factors.
    """
    taken = dict(weights)
    more = new.vocab_size - old.vocab_size
    for path, values in weights.items():
        if path.startswith("plan_embedding"):
            taken[path] = _plans_embedded(values, old, new)
        elif path.startswith(("plan_reach", "plan_ahead")):
            taken[path] = np.pad(values, [(0, 0), (0, more)])
        elif path.startswith("plan_landing"):
            taken[path] = np.insert(values, [old.vocab_size] * more, 0.0, axis=1)
        elif path.startswith(("plan_trust", "plan_chord", "plan_target")):
            continue  # these have nothing to do with characters, or are new
        elif path.endswith("/embeddings"):
            taken[path] = _embedded(values, old, new)
        elif path.endswith(("logits/dense/kernel", "plan_logits/plan_out/kernel")):
            taken[path] = np.pad(values, [(0, 0), (0, more)])
        elif path.endswith("logits/dense/bias"):
            taken[path] = np.pad(values, (0, more), constant_values=values.min() - _UNLIKELY)
    return taken


def _embedded(vectors: NDArray[np.float32], old: Layout, new: Layout) -> NDArray[np.float32]:
    """Return the vectors (symbols, E) of the larger network."""
    if vectors.shape == (old.plain_size, old.plain_size):  # one-hot
        return np.eye(new.plain_size, dtype=vectors.dtype)
    mean = vectors[: old.vocab_size].mean(axis=0, keepdims=True)
    grown = np.repeat(mean, new.plain_size, axis=0)
    grown[: old.vocab_size] = vectors[: old.vocab_size]
    if new.plain_columns > 1:
        grown[new.position : new.echo] = vectors[old.position : old.echo]
        for lag in range(len(LAGS)):
            before, after = old.echo + lag * old.echo_size, new.echo + lag * new.echo_size
            known = vectors[before : before + old.echo_size]
            grown[after : after + new.echo_size] = _echoes_grown(known, new.echo_size)
    return grown


def _echoes_grown(known: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return the vectors of an echo; that of a new character is trusted as much as the others."""
    trusted = known.reshape(-1, ECHO_TRUST, known.shape[1])[1:].mean(axis=0)
    more = (size - len(known)) // ECHO_TRUST
    return np.concatenate([known, np.tile(trusted, (more, 1))])


def _plans_embedded(vectors: NDArray[np.float32], old: Layout, new: Layout) -> NDArray[np.float32]:
    """Return the vectors of a plan's symbols for the larger network."""
    bounds = [old.planned - old.kinds, old.size - old.kinds]
    before, echoes, after = np.split(vectors, bounds)
    blocks = echoes.reshape(ECHOED, old.echo_size, -1)
    grown = [_echoes_grown(known, new.echo_size) for known in blocks]
    return np.concatenate([before, *grown, after])


def letters_told(vocabulary: Vocabulary) -> NDArray[np.float32]:
    """Return what characters each letter stands for.

    Returns
    -------
    float32 array, shape (DEGREES, 2V)
        In the first V columns 1 where the letter is written for a low note, in the others where it
        is for a high one. The rows are numbered as in `abcgen.model.factors.plan.PlanTable`.
    """
    told = np.zeros((DEGREES, 2, len(vocabulary)), np.float32)
    for place, letters in enumerate(zip("CDEFGAB", "cdefgab", strict=True), 1):
        for high, letter in enumerate(letters):
            if letter in vocabulary.char2idx:
                told[place, high, vocabulary.char2idx[letter]] = 1
    return told.reshape(DEGREES, -1)


def reach_told(vocabulary: Vocabulary) -> NDArray[np.float32]:
    """Return what a layer knows at first of the lowest and the highest note of a plan.

    Returns
    -------
    float32 array, shape (2 STEPS, V)
        For each lowest note, then for each highest note, `_OUT_OF_REACH` for the characters that
        stand for notes beyond it.
    """
    told = np.zeros((2, STEPS, len(vocabulary)), np.float32)
    characters = [*zip("CDEFGABcdefgab", range(MIDDLE, MIDDLE + 14), strict=True)]
    # An octave mark makes lower what may be the lowest letter, or higher what may be the highest.
    characters += [(",", MIDDLE - 1), ("'", MIDDLE + 14)]
    for character, step in characters:
        if character in vocabulary.char2idx:
            column = vocabulary.char2idx[character]
            told[0, step + 1 :, column] = _OUT_OF_REACH
            told[1, 1:step, column] = _OUT_OF_REACH
    return told.reshape(2 * STEPS, -1)


def read_weights(checkpoint: Checkpoint, vocabulary: Vocabulary) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a checkpoint, for a vocabulary that begins with its own."""
    from abcgen.network.build import LETTERS_TOLD, build_network, weights_of

    recipe, known = checkpoint.recipe, len(checkpoint.vocabulary)
    network = build_network(recipe, known, 1, 1)
    network.load_weights(checkpoint.weights_file)
    sizes = known, len(vocabulary)
    old, new = (Layout(size, recipe.factored, recipe.planned) for size in sizes)
    taken = taken_over(weights_of(network), old, new)
    if recipe.planned:
        taken[f"{LETTERS_TOLD}/embeddings"] = letters_told(vocabulary)
    return taken
