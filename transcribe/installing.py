"""Models out of the archives in which they are published: there whole and checked, or not at all.

An archive is a zip or tar file with one directory in it, the model. What else an archive could do is refused
before it is done: paths that lead outside, links, devices.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from base.errors import ModelError
from base.files import sha256_file
from transcribe import sums
from transcribe.engines import kind_of
from transcribe.known import BY_NAME
from transcribe.models import SPARE, Progress, require_room, whole, writing

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError)
"""What the readers of archives raise for broken ones, RuntimeError where a password is asked for."""


class Unusable(ModelError):
    """The archive itself is no good: it has to be fetched again, or another one."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file in an archive: its path without the top directory, its size in bytes, how to read it."""

    top: str
    path: PurePosixPath
    size: int
    open: Callable[[], IO[bytes]]


def install(archive: Path, models_dir: Path, progress: Progress, expected: str = "") -> tuple[Path, str]:
    """Unpack a published archive; gives the model's directory and the archive's SHA-256.

    `expected` is the SHA-256 that the archive must have; a model of `transcribe.known` has its own besides.

    Raises:
        Unusable: another SHA-256 than expected, broken, hostile, or no model of any engine in it.
        ModelError: installed already, or the disk is full or read-only.
    """
    digest = sha256_file(archive)
    _require(archive, digest, expected)
    with _reading(archive):
        name = _name(archive)
    known = BY_NAME.get(name)
    _require(archive, digest, known.sha256 if known else "")
    target = models_dir / name
    with writing(target), _reading(archive):
        require_new(target)
        require_room(models_dir, archive.stat().st_size + SPARE)
        with whole(target) as staging:
            _unpack(archive, staging, progress)
            _check(archive, staging)
            sums.write(staging)
    return target, digest


def require_new(target: Path) -> None:
    """Raise ModelError where a model is installed already."""
    if target.exists():
        remedy = "use it, or delete that directory first"
        raise ModelError("this model is installed already", where=str(target), remedy=remedy)


def _require(archive: Path, digest: str, expected: str) -> None:
    if expected and digest != expected.lower():
        what = f"this is not the file that was published: its SHA-256 is {digest}"
        raise Unusable(what, where=str(archive), remedy=f"fetch it again: {expected} is right")


def _check(archive: Path, staging: Path) -> None:
    """Whether what was unpacked is a model; the message names the archive, not what will be deleted."""
    kind = kind_of(staging)
    if kind is None:
        raise _no_model(archive)
    try:
        kind.verify(staging)
    except ModelError as error:
        inside = Path(error.where).relative_to(staging) if error.where else ""
        raise Unusable(f"{error.what}: {inside}", where=str(archive), remedy="fetch it again") from error


def _no_model(archive: Path) -> Unusable:
    remedy = "give the zip or tar file as its publisher has it: docs/models.md says what a model consists of"
    return Unusable("no speech model is in it", where=str(archive), remedy=remedy)


def _name(archive: Path) -> str:
    """The one directory in the archive, which is the model's name."""
    with archive.open("rb") as stream:
        first = next(_files(archive, stream), None)
    if first is None or first.top.startswith("."):
        raise _no_model(archive)
    return first.top


def _unpack(archive: Path, staging: Path, progress: Progress) -> None:
    """Fill `staging`; progress goes by the bytes of the archive that were read."""
    total, tops = archive.stat().st_size, set[str]()
    with archive.open("rb") as stream:
        for file in _files(archive, stream):
            tops.add(file.top)
            if len(tops) > 1:
                raise _no_model(archive)
            require_room(staging, file.size + SPARE)
            target = staging / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open() as packed, target.open("xb") as out:
                while chunk := packed.read(_CHUNK):
                    out.write(chunk)
                    progress(min(stream.tell(), total), total)
    progress(total, total)


def _files(archive: Path, stream: IO[bytes]) -> Iterator[_File]:
    """The files of a zip or tar file, in their order."""
    if zipfile.is_zipfile(stream):
        yield from _zipped(archive, stream)
    else:
        stream.seek(0)
        yield from _tarred(archive, stream)


def _zipped(archive: Path, stream: IO[bytes]) -> Iterator[_File]:
    with zipfile.ZipFile(stream) as packed:
        for one in packed.infolist():
            top, path = _parted(archive, one.filename)
            if not one.is_dir():
                yield _File(top, path, one.file_size, lambda one=one: packed.open(one))  # type: ignore[misc]


def _tarred(archive: Path, stream: IO[bytes]) -> Iterator[_File]:
    with tarfile.open(fileobj=stream, mode="r:*") as packed:
        for one in packed:
            if one.isdir():
                continue
            top, path = _parted(archive, one.name)
            content = packed.extractfile(one) if one.isreg() else None
            if content is None:
                raise Unusable(f"it holds a link or a device: {one.name!r}", where=str(archive))
            yield _File(top, path, one.size, lambda content=content: content)  # type: ignore[misc]


def _parted(archive: Path, name: str) -> tuple[str, PurePosixPath]:
    """The top directory of a path in an archive, and the rest."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not name.isprintable():
        raise Unusable(f"a path in it leads outside: {name!r}", where=str(archive))
    if len(path.parts) < 2:
        return (path.parts[0] if name.endswith("/") else "."), PurePosixPath()
    return path.parts[0], PurePosixPath(*path.parts[1:])


@contextmanager
def _reading(archive: Path) -> Iterator[None]:
    """What goes wrong inside an archive is told of the archive; what the system refuses, is not ours."""
    try:
        yield
    except _BROKEN as error:
        raise _broken(archive, error) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _broken(archive, error) from error  # bz2 says so that the data is none of its own


def _broken(archive: Path, error: Exception) -> Unusable:
    return Unusable(f"no whole zip or tar file: {error}", where=str(archive), remedy="fetch it again")
