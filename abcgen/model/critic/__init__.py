"""A critic: how much a tune is like people's, by what tells them from a network's.

It chooses the best of several tunes (`--best-of`). What it sees is nothing that the judge of
`abcgen.evaluation.telltale` knows of: a tune is outlined as for its plan, and other things are
measured. `abcgen.training.critic` trains it.

- `abcgen.model.critic.seen`: a tune as it sees it.
- `abcgen.model.critic.likeness`, `melody`, `harmony`: what is measured, by name.
- `abcgen.model.critic.critic`: decision trees that add up to a score.
"""
