"""The sums of a model's files: written when it is installed, compared ever after."""

from __future__ import annotations

from pathlib import Path

from base.errors import ModelError
from base.files import sha256_file

SUMS = "SHA256SUMS"
"""Beside the files of an installed model, as `sha256sum` writes and checks it."""


def sums(path: Path) -> str:
    """One line a file of the directory, in order: hex SHA-256, two blanks, name."""
    files = sorted(one for one in path.rglob("*") if one.is_file() and one != path / SUMS)
    return "".join(f"{sha256_file(one)}  {one.relative_to(path).as_posix()}\n" for one in files)


def write(path: Path) -> None:
    """Write the sums of a directory into it."""
    (path / SUMS).write_text(sums(path), encoding="utf-8")


def compare(path: Path, remedy: str) -> None:
    """Compare the files of a directory with the sums in it; without any (put there by hand) all is well.

    Raises:
        ModelError: a file was altered, added or taken away, with its path.
    """
    if not (path / SUMS).is_file():
        return
    written = (path / SUMS).read_text(encoding="utf-8").splitlines()
    altered = sorted(set(written) ^ set(sums(path).splitlines()))
    if altered:
        where = str(path / altered[0].partition("  ")[2])
        raise ModelError(
            "the speech model is corrupt: its SHA-256 is another one", where=where, remedy=remedy
        )


def require(path: Path, names: tuple[str, ...], remedy: str) -> None:
    """Raise ModelError unless a directory holds all these files, none of them empty."""
    for name in names:
        if not (path / name).is_file() or (path / name).stat().st_size == 0:
            what = "a file of the speech model is missing or empty"
            raise ModelError(what, where=str(path / name), remedy=remedy)
