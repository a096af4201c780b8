"""What ABC is: tunes, their form, the notes they sound, and one way to spell them."""
