"""Files that are either whole or not there."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from base.errors import InputError, ModelError


def sha256_file(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def package_file(package: str, name: str) -> Path:
    """A data file of an installed package, found without running the package's code.

    Raises:
        ModelError: the package is missing, or lacks it.
    """
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    path = Path(places[0]) / name if places else None
    if path is None or not path.is_file():
        remedy = f"install {package.replace('_', '-')}"
        raise ModelError(f"the package is missing or lacks {name}", where=package, remedy=remedy)
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside `path`, sync, rename over it: readers see the old file or the new one, never half.

    What is replaced hands its permissions on.
    """
    atomically(path, lambda stream: stream.write(data))


def require_folder(path: Path) -> None:
    """Raises InputError where there is no folder for a file."""
    if not path.parent.is_dir():
        raise InputError("there is no such folder", where=str(path.parent), remedy="make it, or name another")


def save(path: Path, data: bytes) -> None:
    """`write_atomically` for a file that people asked for.

    Raises:
        InputError: it cannot be written there, or there is no such folder: a name mistyped makes none.
    """
    require_folder(path)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from error


def copy_atomically(source: Path, path: Path) -> None:
    """The same with another file's bytes, however many."""
    with source.open("rb") as stream:
        atomically(path, lambda target: shutil.copyfileobj(stream, target))


def atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """The same with whatever `write` puts into the new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            if path.exists():
                os.fchmod(handle, stat.S_IMODE(path.stat().st_mode))
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
