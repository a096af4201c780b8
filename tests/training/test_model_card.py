"""The card of the checkpoint that comes with abcgen says what abcgen would say of it today."""

from dataclasses import replace

from abcgen.model.checkpoint import read_checkpoint
from abcgen.support import defaults
from abcgen.training.model_card import model_card


def test_the_card_names_the_books_of_the_checkpoint_before_and_their_terms() -> None:
    checkpoint = read_checkpoint(defaults.CHECKPOINT)
    before = {"checkpoint": "seventh 1 abc", "books": ["oneills", "mine"], "lacks": []}
    corpus = {**checkpoint.corpus, "continues": before}
    card = model_card(replace(checkpoint, corpus=corpus))
    assert "\n- `oneills`: O'Neill's Music of Ireland (1903); out of copyright\n- `mine`\n" in card


def test_the_card_of_the_checkpoint_that_is_shipped_is_up_to_date() -> None:
    checkpoint = read_checkpoint(defaults.CHECKPOINT)
    assert (checkpoint.path / "MODEL_CARD.md").read_text(encoding="utf-8") == model_card(checkpoint)


def test_the_card_says_from_which_books_habits_were_learned() -> None:
    checkpoint = read_checkpoint(defaults.CHECKPOINT)
    habits = {"checkpoint": "folk 1 abc", "books": ["oneills", "mine"]}
    card = model_card(replace(checkpoint, corpus=checkpoint.corpus | {"habits": habits}))
    assert (
        "learned from\n\n- `oneills`: O'Neill's Music of Ireland (1903); out of copyright\n- `mine`"
        in card
    )
    without = {name: of for name, of in checkpoint.corpus.items() if name != "habits"}
    assert "habits.npz" not in model_card(replace(checkpoint, corpus=without))
