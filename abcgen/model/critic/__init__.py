"""A critic: how much a tune is like people's, by what tells them from a network's.

It chooses the best of several tunes (`--best-of`); `abcgen.training.critic` trains it. It shares
neither code nor drawn tunes with the judge of `abcgen.evaluation.telltale`. But both measure what
musicians look at, such as how alike bars are, so much of that is the same.

- `abcgen.model.critic.seen`: a tune as it sees it.
- `abcgen.model.critic.likeness`, `melody`, `harmony`: what is measured, by name.
- `abcgen.model.critic.critic`: decision trees that add up to a score.
"""
