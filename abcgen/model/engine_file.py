"""What is in an engine file: a step of the network, and the tables that it looks things up in."""

from pathlib import Path
from typing import Any

from abcgen.errors import CheckpointError
from abcgen.model.factors.layout import Layout
from abcgen.model.lookup.tables import GATES, Tables
from abcgen.model.recipe import Recipe

#: The functions of an engine file: a step, and what returns its tables.
STEP, TABLES = "step", "tables"


def state_widths(recipe: Recipe) -> dict[str, int]:
    """Return the widths of the arrays that hold a network's state in the engine file, by name."""
    return {
        f"{part}_{number}": size
        for number, size in enumerate(recipe.rnn_sizes, 1)
        for part in ("hidden", "cell")
    }


def step_widths(recipe: Recipe, layout: Layout) -> tuple[dict[str, int], dict[str, int]]:
    """Return the widths of what the step of an engine file reads, and of what it returns."""
    state, size = state_widths(recipe), layout.vocab_size
    read = (recipe.embedding_dim or layout.plain_size) + recipe.plan_size
    says = {"says": size + GATES} if recipe.planned else {}
    return {"vectors": read, **state}, {"logits": size, **says, **state}


def contents_of(interpreter: Any) -> tuple[dict[str, Any], dict[str, Any], Tables]:
    """Return the details of the inputs and outputs of a step, by name, and the tables.

    The interpreter must be one that nothing else uses: it cannot be resized while a signature
    runner is alive, and a profiler may keep that alive after this function's end.
    """
    if not {STEP, TABLES} <= interpreter.get_signature_list().keys():
        raise ValueError("it has other functions than those of this version")
    step = interpreter.get_signature_runner(STEP)
    stored = interpreter.get_signature_runner(TABLES)()
    try:
        tables = Tables.unpacked(stored)
    except (KeyError, TypeError):
        raise ValueError("it has other tables than those of this version") from None
    return step.get_input_details(), step.get_output_details(), tables


def tensors_of(
    file: Path, details: dict[str, Any], widths: dict[str, int]
) -> list[tuple[int, int]]:
    """Return index and width of each tensor, after checking that names and widths are these."""
    check(file, widths, {name: int(detail["shape"][-1]) for name, detail in details.items()})
    return [(details[name]["index"], width) for name, width in widths.items()]


def check(file: Path, expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Raise a `CheckpointError` if an engine file has something else than is expected."""
    if found != expected:
        raise CheckpointError(
            f"{file} does not fit its checkpoint.json: expected {expected}, found {found}"
        )
