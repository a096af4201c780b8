"""A critic: how much a tune is like people's, by what tells them from a network's.

It refuses the tunes that are least so, and chooses the best of several (`--best-of`);
`abcgen.training.critic` trains it. It shares neither code nor drawn tunes with the judge of
`abcgen.evaluation.telltale`. But both look at what musicians look at, such as steps in a row and
bars that come back, so much of that is the same.

- `abcgen.model.critic.seen`: a tune as it sees it.
- `abcgen.model.critic.words`: what it counts.
- `abcgen.model.critic.compiled`: the same, counted in C.
- `abcgen.model.critic.critic`: a logistic regression of words.
"""
