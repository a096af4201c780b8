"""A checkpoint: a folder with a trained network and everything needed to use and judge it.

`checkpoint.json` names every other file with its SHA-256, which is checked when the file is used,
so that sampling need not read the files that only training needs. Nothing in a checkpoint is
executable: JSON, HDF5, CSV, PNG, Markdown and the LiteRT engine file.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from abcgen import __version__
from abcgen.errors import AbcgenError, CheckpointError, near_names
from abcgen.grammar.alphabet import FIRST_EDITION
from abcgen.grammar.header import TITLE_CHARACTERS
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.support import defaults
from abcgen.support.files import sha256_of, temporary_beside

#: Increased by one whenever an older abcgen could not read what a newer one writes.
FORMAT_VERSION = 5
#: Older versions that differ in the engine file alone; `abcgen.convert` makes a new one.
_CONVERTED = (3, 4)
#: Where checkpoints are: in the current folder, in the source tree, in the installed package.
CHECKPOINTS = Path("checkpoints")
_PACKAGE = Path(__file__).parents[1]

_MANIFEST = "checkpoint.json"
ENGINE_FILE = "engine.tflite"
WEIGHTS_FILE = "network.weights.h5"
HISTORY_FILE = "history.csv"
CURVES_FILE = "curves.png"
CARD_FILE = "MODEL_CARD.md"
NOVELTY_FILE = "novelty.npz"
PLANS_FILE = "plans.npz"
TITLES_FILE = "titles.txt"
HABITS_FILE = "habits.npz"
CRITIC_FILE = "critic.npz"
#: Files that change what tunes are drawn, and that a checkpoint may lack.
_OPTIONAL = (PLANS_FILE, TITLES_FILE, HABITS_FILE)
#: A subfolder with the working state of a training run; no part of the checkpoint.
RESUME_FOLDER = "resume"
_SUM_SHOWN = 8  # hexadecimal digits of a sum in a label


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was read and has all its files.

    Attributes
    ----------
    path : Path
        Its folder.
    recipe : Recipe
        How the network is built and was trained.
    vocabulary : Vocabulary
        The characters it knows, and its styles.
    corpus : dict
        What it was trained on: book names, tunes, characters, SHA-256 of the texts.
    validation : dict
        ``loss`` (nats a character), ``bits_per_char``, ``accuracy`` and ``epoch``.
    version : int
        Its number among the checkpoints of its name, from 1.
    sums : dict of str to str
        File name -> its SHA-256, where it is known.
    left_out : tuple of str
        Files that are not used: see `that_made`.

    Notes
    -----
    `engine_file`, `novelty_file` and `weights_file` verify the file that they name, and raise
    `CheckpointError` if it has changed or cannot be read.
    """

    path: Path
    recipe: Recipe
    vocabulary: Vocabulary
    corpus: dict[str, Any]
    validation: dict[str, Any]
    version: int = 1
    sums: dict[str, str] = field(default_factory=dict, compare=False)
    left_out: tuple[str, ...] = ()

    @property
    def engine_file(self) -> Path:
        """The one-step network for LiteRT."""
        return self._verified(ENGINE_FILE)

    @property
    def novelty_file(self) -> Path:
        """The melodies of the tunes that it learned from: `abcgen.melodies.index.NoveltyIndex`."""
        return self._verified(NOVELTY_FILE)

    @property
    def plans_file(self) -> Path | None:
        """What plans are drawn from: `abcgen.model.plans.planner`. None if tunes go by none."""
        return self._verified(PLANS_FILE) if PLANS_FILE in self.optional_files else None

    @property
    def titles_file(self) -> Path | None:
        """The titles that it learned from, one a line: `abcgen.grammar.title_words`; or None."""
        return self._verified(TITLES_FILE) if TITLES_FILE in self.optional_files else None

    @property
    def habits_file(self) -> Path | None:
        """What is added to its logits where tunes are drawn: `abcgen.model.habits`; or None."""
        return self._verified(HABITS_FILE) if HABITS_FILE in self.optional_files else None

    @property
    def critic_file(self) -> Path | None:
        """What chooses the best of several tunes: `abcgen.model.critic`; or None."""
        return self._verified(CRITIC_FILE) if CRITIC_FILE in self.sums else None

    @property
    def optional_files(self) -> list[str]:
        """The names of the files that change what tunes are drawn, and that others may lack."""
        return [name for name in _OPTIONAL if name in self.sums and name not in self.left_out]

    @property
    def weights_file(self) -> Path:
        """The Keras weights."""
        return self._verified(WEIGHTS_FILE)

    @property
    def label(self) -> str:
        """Name, version and the beginning of the engine file's SHA-256: ``folk 6 0f4da5ff``."""
        if self.left_out:
            before = "habits" if self.left_out == (HABITS_FILE,) else "continues"
            label: str = self.corpus[before]["checkpoint"]
            return label
        return (
            f"{_label_name(self.path)} {self.version} {self.sums.get(ENGINE_FILE, '')[:_SUM_SHOWN]}"
        )

    def that_made(self, label: str, what: str) -> "Checkpoint":
        """Return the checkpoint that made a tune: this one, or this one as it was before.

        A checkpoint that learned plans and nothing else predicts without a plan what the one
        predicts that it continues from. Without the files that this one lacks it makes its tunes.
        And without its habits it makes those that it made before it learned them.

        Parameters
        ----------
        label : str
            The label that the remark of the tune names.
        what : str
            What the message calls the tune.

        Raises
        ------
        CheckpointError
            If another made it.
        """
        if label == self.label:
            return self
        base = self.corpus.get("continues", {})
        left_out = tuple(base.get("lacks", ()))
        if self.recipe.plan_alone and PLANS_FILE in left_out and label == base["checkpoint"]:
            return replace(self, left_out=left_out)
        if label == self.corpus.get("habits", {}).get("checkpoint"):
            return replace(self, left_out=(HABITS_FILE,))
        raise CheckpointError(
            f"{what} was made by {label}; {self.path} is {self.label}: choose the other checkpoint"
        )

    def _verified(self, name: str) -> Path:
        file = self.path / name
        if expected := self.sums.get(name):
            with _reading(file):
                found = sha256_of(file)
            if found != expected:
                raise CheckpointError(
                    f"{file} is damaged: expected SHA-256 {expected[:12]}..., found "
                    f"{found[:12]}...; restore the checkpoint"
                )
        return file


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say of a file or folder that it cannot be read, and why."""
    try:
        yield
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read: {error.strerror or error}; restore the checkpoint, or allow "
            "it to be read"
        ) from None


@cache
def _label_name(path: Path) -> str:
    """Return the name of a folder as it stands in labels; to resolve it takes a while."""
    allowed = TITLE_CHARACTERS.replace(",", "").replace(" ", "")
    return "".join(c if c in allowed else "-" for c in path.resolve().name)


def find_checkpoint(name_or_folder: str) -> Path:
    """Return the folder of a checkpoint.

    A folder is taken as it is; a name is looked for in ``checkpoints/`` of the current folder,
    then among those that come with abcgen.

    Raises
    ------
    CheckpointError
        If there is none; similar names are suggested.
    """
    if not name_or_folder:
        raise CheckpointError(
            f"no checkpoint is named: expected a name, such as {defaults.CHECKPOINT}, or a folder"
        )
    if (Path(name_or_folder) / _MANIFEST).exists():
        return Path(name_or_folder)
    roots = [CHECKPOINTS, _PACKAGE.parent / CHECKPOINTS, _PACKAGE / CHECKPOINTS]
    for root in roots:
        folder = root / name_or_folder
        if (folder / _MANIFEST).exists():
            return folder
    if Path(name_or_folder).is_dir():
        raise CheckpointError(
            f"the folder {name_or_folder} is not a checkpoint: it has no {_MANIFEST}"
        )
    if len(Path(name_or_folder).parts) > 1:
        raise CheckpointError(
            f"there is no folder {name_or_folder}: expected that of a checkpoint, or a name, such "
            f"as {defaults.CHECKPOINT}"
        )
    names = {manifest.parent.name for root in roots for manifest in root.glob(f"*/{_MANIFEST}")}
    raise CheckpointError(f"no checkpoint {name_or_folder!r}; {near_names(name_or_folder, names)}")


def read_checkpoint(
    name_or_folder: str = defaults.CHECKPOINT, *, sampled: bool = True
) -> Checkpoint:
    """Find a checkpoint and read it.

    Parameters
    ----------
    name_or_folder : str
        As for `find_checkpoint`.
    sampled : bool
        Whether its engine file is needed; a network trained by PyTorch has none at first.

    Raises
    ------
    CheckpointError
        If there is none, it has another format version, or a file is missing or cannot be read.
    """
    with _reading(Path(name_or_folder)):
        path = find_checkpoint(name_or_folder)
    try:
        with _reading(path / _MANIFEST):
            manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        version = int(manifest["format"])
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(f"{path / _MANIFEST} is damaged; restore the checkpoint") from None
    if version != FORMAT_VERSION and (sampled or version not in _CONVERTED):
        remedy = (
            f"python -m abcgen.convert {name_or_folder} makes a new engine file"
            if version in _CONVERTED
            else "update abcgen"
            if version > FORMAT_VERSION
            else "train it again"
        )
        raise CheckpointError(
            f"the checkpoint {path} has format version {version}, "
            f"this abcgen reads version {FORMAT_VERSION}; {remedy}"
        )
    try:
        files = {Path(name).name: str(total) for name, total in manifest["files"].items()}
        if sampled and ENGINE_FILE not in files and WEIGHTS_FILE in files:
            raise CheckpointError(
                f"the checkpoint {path} has no {ENGINE_FILE} yet, since PyTorch trained it; "
                f"python -m abcgen.convert {name_or_folder} makes it"
            )
        for name in (WEIGHTS_FILE, NOVELTY_FILE, *files):
            if name not in files or not (path / name).exists():
                raise CheckpointError(f"the checkpoint {path} lacks {name}; restore it")
        return Checkpoint(
            path,
            Recipe.from_dict(manifest["recipe"]),
            _vocabulary_of(manifest),
            manifest["corpus"],
            manifest["validation"],
            int(manifest.get("version", 1)),
            files,
        )
    except CheckpointError:
        raise
    except (AbcgenError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path / _MANIFEST} is damaged: {error}") from None


def known_titles(checkpoint: Checkpoint) -> set[str]:
    """Return the titles that a checkpoint knows; none if it keeps no titles.

    Raises
    ------
    CheckpointError
        If their file is no text.
    """
    file = checkpoint.titles_file
    try:
        return set(file.read_text(encoding="utf-8").splitlines()) if file else set()
    except UnicodeDecodeError:
        raise CheckpointError(
            f"{file} is damaged: expected titles in UTF-8, one a line; restore the checkpoint"
        ) from None


def write_titles(titles: Iterable[str], path: Path) -> None:
    """Write the file that `known_titles` reads."""
    path.write_text("".join(f"{title}\n" for title in titles), encoding="utf-8", newline="\n")


def lacks_of(checkpoint: Checkpoint) -> list[str]:
    """Return the files that would change what tunes a checkpoint draws, if it had them."""
    return [name for name in _OPTIONAL if name not in checkpoint.optional_files]


def _vocabulary_of(manifest: dict[str, Any]) -> Vocabulary:
    """Return the vocabulary; a checkpoint that names no edition of the spelling is of the first."""
    edition = manifest.get("spelling", FIRST_EDITION)
    return Vocabulary(manifest["vocabulary"], manifest.get("styles", ()), edition)


def _styles_of(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return what a manifest says of styles: nothing if there are none."""
    styles = {style: vocabulary.headers.get(style, {}) for style in vocabulary.styles}
    return {"styles": styles} if styles else {}


def write_checkpoint(
    checkpoint: Checkpoint, writers: Mapping[str, Callable[[Path], object] | None]
) -> None:
    """Write files of a checkpoint and its `checkpoint.json`.

    Parameters
    ----------
    checkpoint : Checkpoint
        What to write, and where: ``checkpoint.path``.
    writers : mapping of str to callable
        File name -> a function that writes the file to a given path, or None to take the file out
        of the checkpoint. Files that are not named stay as they are.

    Notes
    -----
    All files are written under temporary names first; only then are they moved to their places,
    `checkpoint.json` last.
    """
    manifest_file = checkpoint.path / _MANIFEST
    files: dict[str, str] = {}
    if manifest_file.exists():
        files = json.loads(manifest_file.read_text(encoding="utf-8"))["files"]
    with ExitStack() as moves:
        # A stack unwinds from its end, so the file entered first is moved last.
        manifest_temporary = moves.enter_context(temporary_beside(manifest_file))
        for name, write in writers.items():
            if write is None:
                files.pop(name, None)
                continue
            temporary = moves.enter_context(temporary_beside(checkpoint.path / name))
            write(temporary)
            files[name] = sha256_of(temporary)
        manifest = {
            "format": FORMAT_VERSION,
            "version": checkpoint.version,
            "abcgen": __version__,
            "recipe": checkpoint.recipe.to_dict(),
            "vocabulary": list(checkpoint.vocabulary.idx2char),
            **_styles_of(checkpoint.vocabulary),
            "spelling": checkpoint.vocabulary.edition,
            "corpus": checkpoint.corpus,
            "validation": checkpoint.validation,
            "files": dict(sorted(files.items())),
        }
        text = json.dumps(manifest, indent=1) + "\n"
        manifest_temporary.write_text(text, encoding="utf-8", newline="\n")
