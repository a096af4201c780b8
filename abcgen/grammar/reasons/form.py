"""What is wrong at bar lines, and with the form of a tune."""

from abcgen.grammar.acceptor import Crossing, Fixed
from abcgen.grammar.bar.rules import Context
from abcgen.grammar.form import BARS_IN_LINE, FREE, MOST_IN_LINE, Form
from abcgen.grammar.reasons import kinds
from abcgen.grammar.reasons.kinds import Reason, lasts_of, quoted, time_of


def after_mark(local: Fixed, rest: str) -> Reason:
    """Return what is wrong after a mark that only one text may follow."""
    due = local.text
    if not rest:
        named = "a line end" if due[0] == "\n" else repr(due)
        return Reason(kinds.END, f"the text ends where {named} is due", before=True)
    if "[" in due:
        if rest.lstrip("|\n ")[:1] in ("[", "2"):
            written = repr(":|" + due.lstrip("|"))
            return Reason(
                kinds.SPELLING, f"the second ending is written {written} here", before=True
            )
        return Reason(kinds.ENDING, "the first ending has no second: `[2` must follow", before=True)
    if due == ":":
        return Reason(kinds.REPEAT, "a `|` with no music before it; did you mean `|:`?")
    if due == " ":
        return Reason(
            kinds.SPELLING, "an ending is written with a space after its number, as in `[1 `"
        )
    if rest[0] == ":":
        return Reason(kinds.SPELLING, "`::` is written `:|` and, on a new line, `|:`", before=True)
    if due[0] == "\n":
        return Reason(
            kinds.SPELLING, "a new line must begin after the end of a section", before=True
        )
    return Reason(kinds.SPELLING, f"{quoted(rest)} stands where {due!r} is due", before=True)


def after_bar(form: Form, local: Crossing, rest: str) -> Reason:
    """Return what is wrong where no music may follow."""
    character = rest[:1]
    if form.missing < 0:
        wished = len(form.header.wishes.form)
        if not character:
            return Reason(kinds.END, "the text ends before the last line does", before=True)
        if wished and form.section >= wished:
            return Reason(kinds.ASKED, f"more sections than the {wished} asked for")
        return Reason(kinds.AFTER_END, f"{quoted(rest)} stands after the last bar", before=True)
    if character in ("|", "]"):
        wrong = closed(form, form.missing, f"|{character}", form.bars, local.tie)
        return wrong._replace(before=True)
    if form.missing:
        lasts = _lasts(form, form.missing)
        if character in ("[", ":"):
            return Reason(kinds.ENDING, f"`|{rest[:2]}` within a bar: {lasts}", before=True)
        return Reason(kinds.SHORT, lasts, before=True)
    if "\n" not in local.marks:
        return _unlike_form(form, form.bars, before=True)
    if not character:
        return Reason(kinds.END, "the text ends where a line end is due", before=True)
    return Reason(
        kinds.SPELLING,
        f"a line ends after {BARS_IN_LINE} full bars or {MOST_IN_LINE} characters",
        before=True,
    )


def _lasts(form: Form, missing: int) -> str:
    """Return words for how long a bar is that should be full."""
    return lasts_of(form.full() - missing, form.full(), form.eighth())


def _unlike_form(form: Form, counted: int, before: bool = False) -> Reason:
    wished = form.header.wishes.form
    if form.section >= len(wished):
        return Reason(kinds.ASKED, f"more sections than the {len(wished)} asked for", before)
    name, due = f"section {form.section + 1}", wished[form.section]
    if counted >= due:
        return Reason(kinds.ASKED, f"{name} must end after {due} full bars", before)
    return Reason(kinds.ASKED, f"{name} ends after {counted} full bars, not after {due}", before)


def closed(form: Form, missing: int, mark: str, counted: int, tie: str = "") -> Reason:
    """Return why a section cannot end with a double bar line after a bar that lacks `missing`."""
    if form.repeated and form.ending == 1:
        return Reason(kinds.ENDING, f"the first ending ends with `{mark}`, not with `:|`")
    if form.repeated and not form.ending:
        return Reason(kinds.REPEAT, f"`|:` without a `:|`: the section ends with `{mark}`")
    if tie:
        return Reason(kinds.TIE, f"a tie over `{mark}`")
    if not form.may_close(counted):
        return _unlike_form(form, counted)
    last = mark == "|]"
    if not (form.may_be_last() if last else form.may_be_followed()):
        wished = len(form.header.wishes.form)
        return Reason(kinds.ASKED, f"section {form.section + 1} of {wished} ends with `{mark}`")
    if not counted:
        return Reason(kinds.SHORT, f"nothing but a pickup before `{mark}`")
    if last:
        return _unlike_pickup(kinds.LAST, "the last bar", form, missing, form.pickups())
    return Reason(kinds.SHORT, _lasts(form, missing))


def _unlike_pickup(
    kind: str, name: str, form: Form, missing: int, pickups: frozenset[int]
) -> Reason:
    """Return the reason that a bar does not lack the pickup that it must lack."""
    full, eighth = form.full(), form.eighth()
    due = " or ".join(time_of(full - pickup, eighth) for pickup in sorted(pickups, reverse=True))
    lasts = f"it lasts {time_of(full - missing, eighth)}, not {due}"
    named = " or ".join(time_of(pickup, eighth) for pickup in sorted(pickups) if pickup)
    if named:
        may = "must be full or lack" if 0 in pickups else "must lack"
        return Reason(kind, f"{name} {may} the pickup ({named}): {lasts}")
    return Reason(kind, f"{name} must be full, since there is no pickup: {lasts}")


def at_bar_line(form: Form, context: Context, rest: str) -> Reason:
    """Return why a bar cannot end with a bar line after its last sound."""
    frame, left = context.rules.frame, context.left
    counted = form.bars + (form.pickup <= 0)
    lasts = lasts_of(frame.size - left, frame.size, frame.eighth)
    if form.pickup > 0:
        due = time_of(form.pickup, frame.eighth)
        return Reason(kinds.PICKUP, f"a pickup of {due} is due here: {lasts}")
    if rest[0] == ":":
        if not form.repeated:
            return Reason(kinds.REPEAT, "`:|` without a `|:`")
        if form.ending == 2:
            return Reason(kinds.ENDING, "the second ending ends with `:|`, not with `||` or `|]`")
        if not form.may_close(counted):
            return _unlike_form(form, counted)
        return _unlike_pickup(
            kinds.BEFORE_REPEAT,
            "the bar before `:|`",
            form,
            left,
            frozenset((form.section_pickup,)),
        )
    mark = rest[:2]
    if mark in ("||", "|]") and (mark == "|]" or form.repeated):
        return closed(form, left, mark, counted)
    if form.section and not form.bars and form.missing < 0 and form.pickup == 0:
        return Reason(kinds.PICKUP, f"no pickup is due here, since the bar before is full: {lasts}")
    if form.pickup == FREE and not form.may_be_pickup(frame.size - left):
        lasts = time_of(frame.size - left, frame.eighth)
        may = " or 1/16" if form.may_be_pickup(frame.eighth // 2) else ""
        return Reason(
            kinds.PICKUP_LENGTH, f"a pickup is a whole number of eighths{may}; this lasts {lasts}"
        )
    if not form.may_continue(counted) and not left:
        return _unlike_form(form, counted)
    return Reason(kinds.SHORT, lasts)
