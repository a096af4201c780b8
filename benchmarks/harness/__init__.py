"""How figures are taken: in turns with a baseline, kept with their machine, and compared."""
