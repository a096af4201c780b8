"""One epoch after the other: its own tunes drawn, the training itself, copies counted."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from abcgen.melodies.index import NoveltyIndex
from abcgen.training.dataset import SnippetDataset, StreamDataset
from abcgen.training.heard import HeardDataset
from abcgen.training.history import longest_not_copied, most_copied
from abcgen.training.lessons import Lessons, datasets
from abcgen.training.own_tunes import OwnTunes
from abcgen.training.recipes import COUNTED

if TYPE_CHECKING:
    from abcgen.training.trainer import Trainer


class Course:
    """The epochs of a training run, with the tunes that the network itself writes.

    Parameters
    ----------
    trainer : Trainer
        The network.
    lessons : Lessons
        What it learns from.
    index : NoveltyIndex
        The melodies of these, to find copies.
    writes_at_once : bool
        Whether it reads its own tunes from the first epoch on. A network that starts from random
        weights writes nothing useful in the first half.

    Attributes
    ----------
    trainer, lessons, index
        The parameters.
    limit : float or None
        The share of copies that people's own tunes might show; None where too few are held out.
    most_copied : float
        The share of its tunes that may be copies, as in `abcgen.training.history.best_epoch`.
    """

    def __init__(
        self, trainer: "Trainer", lessons: Lessons, index: NoveltyIndex, writes_at_once: bool
    ) -> None:
        recipe = trainer.recipe
        self.trainer, self.lessons, self.index = trainer, lessons, index
        training, self._validation = datasets(recipe, lessons)
        if recipe.plan_alone and isinstance(training, StreamDataset):
            self._training: StreamDataset | SnippetDataset | HeardDataset = HeardDataset(
                training, trainer.hear
            )
        else:
            self._training = training
        self._chooser = OwnTunes(lessons.training, lessons.times) if recipe.own else None
        self._first_written = 1 if writes_at_once else recipe.epochs // 2 + 1
        #: Tunes drawn to count copies, after each epoch or after those that are kept.
        self._counted = recipe.originals or COUNTED
        self.limit = most_copied(index, self._counted)
        self.most_copied = 1.0
        if recipe.originals and self.limit is not None:
            self.most_copied = self.limit
        self._written: list[str] = []

    def run_epoch(self, epoch: int) -> dict[str, float]:
        """Run an epoch, counted from 1; return its row of ``history.csv``."""
        began = time.monotonic()
        own: list[str] = []
        share = 0.0
        if self._chooser and epoch >= self._first_written:
            own, share = self._own_tunes(self._chooser, epoch)
        row = self.trainer.run_epoch(epoch, self._training, self._validation, own)
        if self._chooser:
            row["own"] = round(share, 3)
        row["seconds"] = round(time.monotonic() - began, 1)
        recipe = self.trainer.recipe
        if (recipe.originals or recipe.keeps(epoch)) and not recipe.solos:
            drawn = self.trainer.draw(
                self.lessons.vocabulary,
                range(1, self._counted + 1),
                masked=True,
                planner=self.lessons.planner,
            )
            row["copied"] = _copied([tune.text for tune in drawn], self.index)
        return row

    def _own_tunes(self, chooser: OwnTunes, epoch: int) -> tuple[list[str], float]:
        """Return the network's own tunes that it will read, and the share of its tunes that fit."""
        trainer = self.trainer
        count = max(1, round(trainer.recipe.own * chooser.learned))
        # Where only the layer learns that reads plans, the tunes are those of the other layers, the
        # same in each epoch: from tunes that it draws itself it would learn its own exaggerations.
        alone = trainer.recipe.plan_alone
        if not (alone and self._written):
            drawn = trainer.draw(
                self.lessons.vocabulary,
                range(count, 2 * count) if alone else range(epoch * count, (epoch + 1) * count),
                chooser.longest,
                masked=trainer.recipe.own_masked,
                planner=None if alone else self.lessons.planner,
            )
            self._written = chooser.fitting(drawn)
        fitting = self._written
        chance = np.random.default_rng([trainer.seed, epoch])
        return chooser.balanced(fitting, chance), len(fitting) / count


def _copied(tunes: Sequence[str], index: NoveltyIndex) -> float:
    """Return the share of tunes that are copies, 0 to 1."""
    threshold = longest_not_copied(index)
    return sum(index.longest_run(tune) > threshold for tune in tunes) / len(tunes)
