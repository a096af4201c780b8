"""Generate folk tunes in ABC notation. Importing the package loads nothing else."""

__version__ = "0.6.5"
