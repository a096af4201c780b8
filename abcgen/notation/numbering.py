"""Reference numbers (X:). A module of its own, so that sampling need not load the others."""


def numbered(text: str, number: int) -> str:
    """Return the text of a tune with another reference number; it gets one if it has none."""
    head, _, rest = text.partition("\n")
    return f"X:{number}\n" + (rest if head.startswith("X:") else text)
