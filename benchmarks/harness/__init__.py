"""How figures are measured: in turns with a baseline, kept with their machine, and compared."""
