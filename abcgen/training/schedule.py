"""The schedule of the learning rate."""

import math

from abcgen.model.recipe import Recipe

_FINAL = 0.01  # share of the highest rate, at the start of the warm-up and the end of the cosine


def learning_rate_at(recipe: Recipe, done: float, steps: int) -> float:
    """Return the learning rate at a point of the training.

    Parameters
    ----------
    recipe : Recipe
        Its `learning_rate` is the highest, `warmup` the share of the training over which the rate
        rises to it, `schedule` how the rate changes after that.
    done : float
        Epochs done, with the fraction of the current one.
    steps : int
        Steps in an epoch.
    """
    progress = done / recipe.epochs
    if progress < recipe.warmup:
        return recipe.learning_rate * max(progress / recipe.warmup, _FINAL)
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "inverse":
        return recipe.learning_rate / (1 + recipe.rate_decay * done * steps)
    fall = (progress - recipe.warmup) / (1 - recipe.warmup)
    return recipe.learning_rate * (_FINAL + (1 - _FINAL) * (1 + math.cos(math.pi * fall)) / 2)
