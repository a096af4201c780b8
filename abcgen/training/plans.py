"""Learn plans again: what a checkpoint's tunes go by, without training its network."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from abcgen.errors import UsageError
from abcgen.model.checkpoint import (
    CARD_FILE,
    CRITIC_FILE,
    PLANS_FILE,
    read_checkpoint,
    write_checkpoint,
)
from abcgen.model.plans.planner import Planner
from abcgen.training.habits import train_critic_again
from abcgen.training.model_card import model_card
from abcgen.training.peoples import peoples_tunes


def learn_plans(name_or_folder: str, books: Sequence[str], say: Callable[[str], None]) -> None:
    """Learn how people's tunes are made up, and let a checkpoint's tunes go by such plans.

    The network does not change; its tunes do, so that the checkpoint gets the next number.

    Parameters
    ----------
    name_or_folder : str
        The checkpoint.
    books : sequence of str
        Corpora by name, files or folders; people's tunes are those of the training split.
    say : callable
        Takes lines for the user.

    Raises
    ------
    CorpusError, CheckpointError, UsageError
        If something cannot be read, the network goes by no plans, or there are too few tunes.
    """
    checkpoint = read_checkpoint(name_or_folder)
    if checkpoint.plans_file is None:
        raise UsageError(
            f"the network of {checkpoint.path.name} reads no plans: train it with --plan-size"
        )
    people = peoples_tunes(checkpoint, books, "--plans")
    made = replace(checkpoint, version=checkpoint.version + 1)
    writers = {
        PLANS_FILE: Planner.of_tunes(people).save,
        CRITIC_FILE: None,  # it has learned from tunes with other plans
        CARD_FILE: lambda path: path.write_text(model_card(made), encoding="utf-8", newline="\n"),
    }
    write_checkpoint(made, writers)
    say(
        f"{made.path / PLANS_FILE} is there, of {len(people)} tunes; it is number {made.version} "
        f"of {made.path.name} now"
    )
    if CRITIC_FILE in checkpoint.sums:
        say(train_critic_again(name_or_folder, books))
