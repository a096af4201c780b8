"""What is asked of tunes, as a request."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

from abcgen.support import defaults, values

if TYPE_CHECKING:
    from abcgen.generation.request import Request
    from abcgen.model.checkpoint import Checkpoint

#: What runs a network.
EngineName = Literal["litert", "keras"]


class TuneOptions(TypedDict, total=False):
    """The keywords of `Generator.tune` that the other ways to make tunes take as well."""

    seed: int | None
    key: str | None
    meter: str | None
    rhythm: str | None
    form: str | int | Sequence[int] | None
    chords: bool | None
    title: str | None
    style: str | None
    prime: str | None
    critic: bool
    temperature: float
    top_k: int
    top_p: float


def check_keywords(function: str, options: TuneOptions) -> None:
    """Raise a `TypeError`, as Python does, of a keyword that a function does not take."""
    values.known_only(function, options, TuneOptions.__annotations__)


def request_of(
    checkpoint: "Checkpoint",
    engine: str,
    options: TuneOptions,
    *,
    novel: bool | int = False,
    best_of: int = 1,
    raw: bool = False,
) -> "Request":
    """Return the request that keywords make, or raise what is wrong with their values."""
    from abcgen.generation.build_request import build_request
    from abcgen.generation.sampler import Sampler
    from abcgen.generation.wishes import read_wishes

    prime = options.get("prime")
    return build_request(
        checkpoint,
        wishes=read_wishes(
            options.get("key"),
            options.get("meter"),
            options.get("rhythm"),
            options.get("title"),
            _form(options.get("form")),
            options.get("chords"),
            options.get("style"),
        ),
        sampler=Sampler(
            options.get("temperature", defaults.TEMPERATURE),
            options.get("top_k", defaults.TOP_K),
            options.get("top_p", defaults.TOP_P),
        ),
        seed=options.get("seed"),
        prime="" if prime is None else prime,
        raw=values.flag("raw", raw),
        novel=novel,
        critic=options.get("critic", True),
        best_of=best_of,
        engine=engine,
    )


def _form(given: str | int | Iterable[int | str] | None) -> str | None:
    """Return a form as it is written in a command: the bars of each section."""
    if given is None or isinstance(given, str):
        return given
    bars = given if isinstance(given, Iterable) and not isinstance(given, bytes) else [given]
    name = "form: the bars of a section"
    return ",".join(
        one if isinstance(one, str) else str(values.whole(name, one, 1)) for one in bars
    )
