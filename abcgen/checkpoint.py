"""A checkpoint: one folder with a trained network and all that is needed to use and judge it.

`checkpoint.json` names every other file with its SHA-256, which is checked on reading. Nothing
in a checkpoint is executable: JSON, HDF5, CSV, PNG, Markdown and the LiteRT engine file.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abcgen import __version__
from abcgen.errors import AbcgenError, CheckpointError, near_names
from abcgen.files import sha256_of, temporary_beside
from abcgen.recipes import Recipe
from abcgen.vocabulary import Vocabulary

#: Raised by one whenever an older abcgen could not read what a newer one writes.
FORMAT_VERSION = 2
#: Where checkpoints stand: in the current folder, in the source tree, in the installed package.
CHECKPOINTS = Path("checkpoints")
_PACKAGE = Path(__file__).parent
DEFAULT = "folk"

_MANIFEST = "checkpoint.json"
ENGINE_FILE = "engine.tflite"
WEIGHTS_FILE = "network.weights.h5"
HISTORY_FILE = "history.csv"
CURVES_FILE = "curves.png"
CARD_FILE = "MODEL_CARD.md"
NOVELTY_FILE = "novelty.npz"
#: A subfolder with the working state of a training run; no part of the checkpoint.
RESUME_FOLDER = "resume"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was read and verified.

    Attributes
    ----------
    path : Path
        Its folder.
    recipe : Recipe
        How the network is built and was trained.
    vocabulary : Vocabulary
        The characters it knows.
    corpus : dict
        What it was trained on: book names, tunes, characters, SHA-256 of the texts.
    validation : dict
        ``loss`` (nats a character), ``bits_per_char``, ``accuracy`` and ``epoch``.
    version : int
        Which of the checkpoints of this name it is, from 1.
    engine_sum : str
        The SHA-256 of the engine file.
    """

    path: Path
    recipe: Recipe
    vocabulary: Vocabulary
    corpus: dict[str, Any]
    validation: dict[str, Any]
    version: int = 1
    engine_sum: str = field(default="", compare=False)

    @property
    def engine_file(self) -> Path:
        """The one-step network for LiteRT."""
        return self.path / ENGINE_FILE

    @property
    def novelty_file(self) -> Path:
        """The melodies of the tunes that it learned from: `abcgen.novelty_index.NoveltyIndex`."""
        return self.path / NOVELTY_FILE

    @property
    def weights_file(self) -> Path:
        """The Keras weights."""
        return self.path / WEIGHTS_FILE


def find_checkpoint(name_or_folder: str) -> Path:
    """Return the folder of a checkpoint.

    A folder is taken as it is; a name is looked for in ``checkpoints/`` of the current folder,
    then among those that come with abcgen.

    Raises
    ------
    CheckpointError
        If there is none; near names are offered.
    """
    if (Path(name_or_folder) / _MANIFEST).exists():
        return Path(name_or_folder)
    roots = [CHECKPOINTS, _PACKAGE.parent / CHECKPOINTS, _PACKAGE / CHECKPOINTS]
    for root in roots:
        folder = root / name_or_folder
        if (folder / _MANIFEST).exists():
            return folder
    if Path(name_or_folder).is_dir():
        raise CheckpointError(f"the folder {name_or_folder} is no checkpoint: no {_MANIFEST}")
    names = {manifest.parent.name for root in roots for manifest in root.glob(f"*/{_MANIFEST}")}
    raise CheckpointError(f"no checkpoint {name_or_folder!r}; {near_names(name_or_folder, names)}")


def read_checkpoint(name_or_folder: str = DEFAULT) -> Checkpoint:
    """Find a checkpoint, read it, and verify every file of it.

    Raises
    ------
    CheckpointError
        If there is none, it has another format version, or a file is missing or was changed.
    """
    path = find_checkpoint(name_or_folder)
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        version = int(manifest["format"])
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(f"{path / _MANIFEST} is damaged; restore the checkpoint") from None
    if version != FORMAT_VERSION:
        remedy = "update abcgen" if version > FORMAT_VERSION else "train it anew"
        raise CheckpointError(
            f"the checkpoint {path} has format version {version}, "
            f"this abcgen reads version {FORMAT_VERSION}; {remedy}"
        )
    try:
        files = manifest["files"]
        for name in (ENGINE_FILE, WEIGHTS_FILE, NOVELTY_FILE, *files):
            _verify(path / Path(name).name, files[name])
        return Checkpoint(
            path,
            Recipe.from_dict(manifest["recipe"]),
            Vocabulary(manifest["vocabulary"]),
            manifest["corpus"],
            manifest["validation"],
            int(manifest.get("version", 1)),
            files[ENGINE_FILE],
        )
    except CheckpointError:
        raise
    except (AbcgenError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path / _MANIFEST} is damaged: {error}") from None


def _verify(file: Path, expected: str) -> None:
    if not file.exists():
        raise CheckpointError(f"the checkpoint {file.parent} lacks {file.name}; restore it")
    found = sha256_of(file)
    if found != expected:
        raise CheckpointError(
            f"{file} is damaged: expected SHA-256 {expected[:12]}..., found {found[:12]}...; "
            f"restore the checkpoint"
        )


def write_checkpoint(
    checkpoint: Checkpoint, writers: Mapping[str, Callable[[Path], object]]
) -> None:
    """Write files of a checkpoint and its `checkpoint.json`.

    Parameters
    ----------
    checkpoint : Checkpoint
        What to write, and where: ``checkpoint.path``.
    writers : mapping of str to callable
        File name -> what writes that file to the path it is given. Files of the checkpoint that
        are not named stay as they are.

    Notes
    -----
    All is written under temporary names first; only then is one after the other moved to its
    place, `checkpoint.json` last.
    """
    manifest_file = checkpoint.path / _MANIFEST
    files: dict[str, str] = {}
    if manifest_file.exists():
        files = json.loads(manifest_file.read_text(encoding="utf-8"))["files"]
    with ExitStack() as moves:
        # A stack unwinds from its end, so what is entered first is moved last.
        manifest_temporary = moves.enter_context(temporary_beside(manifest_file))
        for name, write in writers.items():
            temporary = moves.enter_context(temporary_beside(checkpoint.path / name))
            write(temporary)
            files[name] = sha256_of(temporary)
        manifest = {
            "format": FORMAT_VERSION,
            "version": checkpoint.version,
            "abcgen": __version__,
            "recipe": checkpoint.recipe.to_dict(),
            "vocabulary": list(checkpoint.vocabulary.idx2char),
            "corpus": checkpoint.corpus,
            "validation": checkpoint.validation,
            "files": dict(sorted(files.items())),
        }
        text = json.dumps(manifest, indent=1) + "\n"
        manifest_temporary.write_text(text, encoding="utf-8", newline="\n")
