"""MusicXML documents written by hand."""

import io
import zipfile


def note(step: str, duration: int, more: str = "", before: str = "", octave: int = 4) -> str:
    return (
        f"<note>{before}<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
        f"<duration>{duration}</duration>{more}</note>"
    )


def measure(content: str, number: str = "1", **attributes: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<measure number="{number}"{more}>{content}</measure>'


def attributes(meter: str = "4/4", fifths: int = 0, mode: str = "major", divisions: int = 2) -> str:
    beats, _, unit = meter.partition("/")
    named = f"<mode>{mode}</mode>" if mode else ""
    return (
        f"<attributes><divisions>{divisions}</divisions><key><fifths>{fifths}</fifths>{named}</key>"
        f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time></attributes>"
    )


def document(*measures: str, head: str = "", parts: str = "") -> bytes:
    part = f'<part id="P1">{"".join(measures)}</part>'
    return f"<?xml version='1.0'?><score-partwise>{head}{part}{parts}</score-partwise>".encode()


def packed(data: bytes, name: str = "score.xml", container: bool = True) -> bytes:
    """Return a compressed file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if container:
            root = f'<container><rootfiles><rootfile full-path="{name}"/></rootfiles></container>'
            archive.writestr("META-INF/container.xml", root)
        archive.writestr(name, data)
    return out.getvalue()


#: Two bars, C D E F and G A B c.
SCALE = document(
    measure(attributes() + "".join(note(step, 2) for step in "CDEF")),
    measure("".join(note(step, 2) for step in "GAB") + note("C", 2, octave=5), "2"),
)
