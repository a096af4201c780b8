"""The one spelling of abcgen: what may follow, why a text is wrong, and any tune written in it."""
