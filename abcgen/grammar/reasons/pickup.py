"""Whether a bar that has a fault is a pickup all the same; then it is not counted."""

from abcgen.errors import NotationError
from abcgen.grammar.form import FREE, Form
from abcgen.notation.form import Bar
from abcgen.notation.timing import bar_length
from abcgen.notation.tokens import tokenize
from abcgen.notation.tune import Setting, read_meter, read_unit


def is_short(form: Form, text: str) -> bool:
    """Return whether a bar is shorter than its metre and may be a pickup.

    One that cannot be read is not, nor is the only one of its section.

    Parameters
    ----------
    form : Form
        Where it stands.
    text : str
        From its music on.
    """
    music, line, after = text.partition("|")
    if not line or (form.pickup == FREE and _ends(music, after)):
        return False
    meter, unit = form.header.meter, read_unit(form.header.unit)
    try:
        bar = Bar(Setting(meter, unit, form.key), tokenize(music))
        lasts = bar_length(bar)
    except NotationError:
        return False
    return 0 < lasts < read_meter(meter)


def _ends(music: str, after: str) -> bool:
    """Return whether a section or the text ends with a bar, which then is no pickup to another."""
    return music.endswith(":") or after.startswith("]") or not after.strip()
