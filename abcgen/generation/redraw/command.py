"""What `abcgen.redraw` does: rewrite bars of a tune, or print how surprising each is."""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice

from abcgen.errors import CorpusError, NotationError, UsageError
from abcgen.generation.build_request import random_seed
from abcgen.generation.made_again import checkpoint_of, left_out, remade, remarked
from abcgen.generation.redraw.again import Network, continued, redrawn, redrawn_like
from abcgen.generation.redraw.bars import BarredTune, barred
from abcgen.generation.redraw.bits import bits_of_bars
from abcgen.generation.redraw.drawing import ON_BEATS, RICHER, SIMPLER, Drawing
from abcgen.generation.redraw.remark import RemarkedBars, read_redraw_remark
from abcgen.generation.redraw.selection import behind_phrase, named, one_in_eight, read_numbers
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import check_style
from abcgen.generation.written import write_tunes
from abcgen.grammar.style import style_of
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.parallel import ParallelEngine
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.tunebook import label_of, numbered
from abcgen.support import defaults
from abcgen.support.console import say, table
from abcgen.tunebooks.names import read_tunes, tune_at

COMMAND = "abcgen.redraw"
_say = partial(say, COMMAND)
#: What may be asked for, of which one must be; how bars are written goes with which they are.
_MODES = ("bars", "keep", "vary", "simplify", "ornament", "answer", "from_bar", "bits", "like")
_TOGETHER = {"bars", "keep"}
_MANNERS = {"vary", "simplify", "ornament"}


def run(arguments: argparse.Namespace) -> int:
    """Do what the options of `abcgen.redraw` ask for; return the exit code."""
    _check_together(arguments)
    texts = read_tunes(arguments.file, _say)
    if arguments.like:
        return _run_like(arguments, texts)
    network = network_of(read_checkpoint(arguments.checkpoint or defaults.CHECKPOINT))
    style = arguments.style or ""
    check_style(style, network.checkpoint)
    tune = barred(_one_of(texts, arguments), network.checkpoint.vocabulary, style)
    if arguments.bits:
        write_tunes([_bits_table(bits_of_bars(network.reader, tune), tune)], arguments.out)
        return 0
    seed = random_seed() if arguments.seed is None else arguments.seed
    alternatives = islice(_alternatives(arguments, network, tune, seed), arguments.alternatives)
    first = next(alternatives)  # what can go wrong goes wrong before anything is written
    if arguments.seed is None:
        _say(f"seed {seed}")
    written = write_tunes(chain([first], alternatives), arguments.out)
    if written < arguments.alternatives:
        _say(
            f"{written} of {arguments.alternatives} alternatives: the network wrote no others; a "
            "higher temperature gives more"
        )
    return 0


def network_of(checkpoint: Checkpoint) -> Network:
    """Return the network of a checkpoint, to redraw with."""
    engine_of = partial(ParallelEngine.of, checkpoint)
    return Network(checkpoint, engine_of(1), engine_of)


def _check_together(arguments: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    # What is not asked for is None or False; 0 is a value, though Python takes it for False.
    asked = {mode: getattr(arguments, mode) for mode in _MODES}
    given = [mode for mode, value in asked.items() if value is not None and value is not False]
    options = [f"--{mode.replace('_', '-')}" for mode in given]
    if not given:
        raise UsageError(
            "say which bars to rewrite: --bars 5,6; or --keep, --vary, --answer, --from-bar; "
            "or --bits to see how surprising each is"
        )
    manners = _MANNERS.intersection(given)
    if len(given) > 1 and (len(manners) > 1 or not (_TOGETHER | manners).issuperset(given)):
        raise UsageError(f"{' and '.join(options)} do not go together: leave out one")
    if arguments.bits or arguments.like:
        for name, empty in (("seed", None), ("alternatives", 1)):
            if getattr(arguments, name) != empty:
                raise UsageError(f"{options[0]} draws nothing of its own: leave out --{name}")
    if arguments.like and arguments.style is not None:
        raise UsageError("--like finds the style in the tunes of its file: leave out --style")
    if arguments.like and arguments.tune:
        raise UsageError("--like finds the tune that each was made from: leave out --tune")


def _one_of(texts: Sequence[str], arguments: argparse.Namespace) -> str:
    """Return the tune that is meant: the first, unless another is asked for."""
    if len(texts) > 1 and not arguments.tune:
        _say(f"the first of {len(texts)} tunes; --tune N takes another")
    return tune_at(arguments.tune or 1, texts, arguments.file)


def _alternatives(
    arguments: argparse.Namespace, network: Network, tune: BarredTune, seed: int
) -> Iterator[str]:
    """Yield the tunes that the options ask for."""
    sampler = Sampler(arguments.temperature)
    if arguments.from_bar is not None:
        count = arguments.alternatives
        return continued(network, tune, arguments.from_bar, count, seed, sampler)
    if arguments.answer is not None:
        phrase = read_numbers(arguments.answer)
        bars = behind_phrase(tune, phrase)
        return redrawn(network, tune, Drawing(bars, seed, sampler, phrase=phrase))
    if arguments.vary is not None and arguments.bars is None and arguments.keep is None:
        bars = one_in_eight(tune, seed)
    else:
        bars = named(tune, arguments.bars, arguments.keep)
    if arguments.simplify or arguments.ornament:
        density = SIMPLER if arguments.simplify else RICHER
        return redrawn(
            network, tune, Drawing(bars, seed, sampler, strictness=ON_BEATS, density=density)
        )
    return redrawn(network, tune, Drawing(bars, seed, sampler, strictness=arguments.vary))


def _bits_table(bits: dict[int, float], tune: BarredTune) -> str:
    """Return the bits of each bar as a table, with its music."""
    rows = [("bar", "bits", "")]
    for number, needed in bits.items():
        music = " + ".join(map(tune.music, tune.written(frozenset((number,)))))
        rows.append((str(number), f"{needed:.1f}", music))
    return table(rows, align=">><") + "\n"


def _run_like(arguments: argparse.Namespace, texts: Sequence[str]) -> int:
    """Make the tunes of a file again."""
    source = str(arguments.like)
    made, others = remarked(
        source,
        read_redraw_remark,
        f"that bars of it were rewritten: expected a line that begins N:{COMMAND}; "
        "abcgen.sample --like makes other tunes again",
    )
    if others:
        _say(left_out(others, source))
    labels = ((label_of(text).number, remark.checkpoint) for text, remark in made)
    network = network_of(checkpoint_of(labels, arguments.checkpoint, source))
    vocabulary = network.checkpoint.vocabulary
    styles = {style_of(text) for text, _ in made}
    bases = {style: list(_readable(texts, vocabulary, style)) for style in styles}

    def again(text: str, remark: RemarkedBars) -> str:
        number = label_of(text).number
        try:
            return numbered(redrawn_like(network, bases[style_of(text)], remark), int(number))
        except CorpusError as error:
            raise CorpusError(f"X:{number} of {source}: {error}") from None

    write_tunes(remade(made, again, source, _say), arguments.out)
    return 0


def _readable(texts: Sequence[str], vocabulary: Vocabulary, style: str) -> Iterator[BarredTune]:
    """Yield the tunes of a book that can be read; raise what is wrong with a single one."""
    for text in texts:
        try:
            yield barred(text, vocabulary, style)
        except NotationError:
            if len(texts) == 1:
                raise
