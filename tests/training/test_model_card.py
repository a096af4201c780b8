"""The card of the checkpoint that comes with abcgen says what abcgen would say of it today."""

from abcgen.model.checkpoint import read_checkpoint
from abcgen.support import defaults
from abcgen.training.model_card import model_card


def test_the_card_of_the_checkpoint_that_is_shipped_is_up_to_date() -> None:
    checkpoint = read_checkpoint(defaults.CHECKPOINT)
    assert (checkpoint.path / "MODEL_CARD.md").read_text(encoding="utf-8") == model_card(checkpoint)
