"""The tables of the reports, as text in columns."""

from collections.abc import Sequence

_GAP = "  "  # between columns


def text_table(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return rows as text in columns.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells, in rows of equal length; the head is a row like any other.
    left : int
        The first `left` columns are aligned to the left, the others to the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        _GAP.join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
