"""Volumes read again (R4): whether they are as they were written, and back into the data directory."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from base.errors import InputError
from base.files import sha256_file
from base.sealed import CHUNK
from dialer.recordings import FOLDER
from huifang.custody.archive import INDEX, SUMS
from records import recordings
from records.sounds import Sounds

_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")
_REMEDY = "name a folder that `huifang archive create` wrote"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """A volume: how many files are as written, what is not. `sha256`: of its list of checksums."""

    volume: Path
    good: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    sha256: str

    @property
    def is_whole(self) -> bool:
        """Whether all is as it was."""
        return not (self.changed or self.missing or self.unknown)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: files copied, files that were there, names of files that could not be."""

    copied: int
    there: int
    failed: tuple[str, ...]


def found(folder: Path) -> list[Path]:
    """The folder if it is a volume, else the volumes in it.

    Raises:
        InputError: there is none.
    """
    volumes = (
        [folder] if (folder / SUMS).is_file() else sorted(one.parent for one in folder.glob(f"*/{SUMS}"))
    )
    if not volumes:
        raise InputError("there is no volume", where=str(folder), remedy=_REMEDY)
    return volumes


def verify(volume: Path, progress: Progress) -> Verified:
    """Read every file of a volume.

    Raises:
        InputError: its list of checksums cannot be read.
    """
    sums = _sums(volume)
    changed, missing = [], []
    for n, (name, sha256) in enumerate(sums.items(), 1):
        file = volume / name
        if not file.is_file():
            missing.append(name)
        elif sha256_file(file) != sha256:
            changed.append(name)
        progress(n, len(sums))
    there = {str(file.relative_to(volume)) for file in volume.rglob("*") if file.is_file()}
    unknown = tuple(sorted(there - set(sums) - {SUMS}))
    good = len(sums) - len(changed) - len(missing)
    return Verified(volume, good, tuple(changed), tuple(missing), unknown, sha256_file(volume / SUMS))


def restore(volume: Path, sounds: Sounds, progress: Progress) -> Restored:
    """Copy recordings back to where they lay. Nothing is written over; what is damaged is not copied.

    Raises:
        InputError: its index or its list of checksums cannot be read, or the key is missing.
        OSError: it cannot be written there.
    """
    sums, places = _sums(volume), dict(_places(volume))
    copied = there = 0
    failed = []
    for n, (name, place) in enumerate(places.items(), 1):
        source, target = volume / name, sounds.data / place
        if not source.is_file() or sha256_file(source) != sums.get(name):
            failed.append(name)
        elif not target.exists():
            sounds.keep(source, place)
            copied += 1
        elif _sha256(sounds, target) == sums[name]:
            there += 1
        else:
            failed.append(name)
        progress(n, len(places))
    return Restored(copied, there, tuple(failed))


def _sha256(sounds: Sounds, file: Path) -> str:
    digest = hashlib.sha256()
    with sounds.opened(file) as sound:
        while piece := sound.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _sums(volume: Path) -> dict[str, str]:
    try:
        lines = (volume / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read", where=str(volume / SUMS), remedy=_REMEDY) from error
    matches = [_SUM.fullmatch(line) for line in lines]
    return {_inside(volume, match[2]): match[1] for match in matches if match}


def _places(volume: Path) -> Iterator[tuple[str, str]]:
    """Files of recordings, each with its place in a data directory."""
    file = volume / INDEX
    try:
        entries: list[Any] = json.loads(file.read_text("utf-8"))
        pairs = [pair for one in entries for pair in zip(one["files"], one["places"], strict=True)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("cannot be read", where=str(file), remedy=_REMEDY) from error
    for name, place in pairs:
        if PurePosixPath(place).parts[:1] not in {(FOLDER,), (recordings.FOLDER,)}:
            raise InputError(f"names a place outside the recordings: {place}", where=str(file))
        yield _inside(volume, name), _inside(volume, place)


def _inside(volume: Path, name: str) -> str:
    """The name; raises InputError where it leads out of its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise InputError(f"names a file outside: {name}", where=str(volume), remedy=_REMEDY)
    return name
