"""Recordings encrypted, and their keys wrapped anew, file by file: what was broken off goes on later."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from base import keys, sealed
from base.clock import SHANGHAI
from base.errors import InputError
from base.keys import Key
from dialer.line.tracks import finished
from dialer.recordings import FOLDER
from huifang.choosing import set_value
from huifang.settings import load
from records import attachments, recordings
from records.sounds import Sounds

FOLDERS = (FOLDER, recordings.FOLDER, attachments.FOLDER)
"""Where files lie that a site's keys open."""
OLD_S = 24 * 3600.0
"""Seconds after which nobody records into a file any more."""

Progress = Callable[[int, int], None]


def files(folder: Path) -> Iterator[Path]:
    """Recordings below a folder, in order; hidden ones are somebody's half-written copies."""
    found = sorted(folder.rglob("*"))
    return (file for file in found if file.is_file() and not file.name.startswith("."))


def make_keys(data: Path, file: Path) -> Key:
    """Make a site's first key in a new file, and set `custody.key_file` to it.

    Raises:
        InputError: the file is there already, lies in the data directory, or cannot be written; the site has
            keys, or its settings cannot be changed by a command.
    """
    where = check_new(data, file)
    try:
        made = keys.add(where, datetime.now(SHANGHAI).date())
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(where)) from error
    set_value(data, "custody", "key_file", str(where))
    return made


def check_new(data: Path, file: Path) -> Path:
    """Look whether a site's first key can be made there; gives the whole path.

    Raises:
        InputError: it cannot.
    """
    where = file.expanduser().resolve()
    if where.exists():
        raise InputError("is there already", where=str(where), remedy="name a new file")
    if where.is_relative_to(data.resolve()):
        remedy = "name a place that is not copied with it"
        raise InputError("lies in the data directory", where=str(where), remedy=remedy)
    if load(data).custody.key_file:
        raise InputError("the site has keys", where="custody.key_file", remedy="huifang keys rotate adds one")
    return where


def seal_all(sounds: Sounds, progress: Progress) -> int:
    """Encrypt all recordings that are plain, but for those that are being made; gives how many.

    Raises:
        InputError: the file of keys cannot be used.
        OSError: a file cannot be read or written.
    """
    return _each(sounds, lambda file: _is_over(file) and sounds.seal(file), progress)


def rewrap_all(sounds: Sounds, newest: Key, progress: Progress) -> int:
    """Wrap the data keys of all recordings by the newest key; gives how many were not yet.

    Raises:
        InputError: the key of one is missing, or it is damaged.
        OSError: a file cannot be read or written.
    """
    return _each(
        sounds,
        lambda file: sealed.is_sealed(file) and sealed.rewrap(file, sounds.keys, newest),
        progress,
    )


def by_key(sounds: Sounds) -> Counter[str]:
    """How many recordings each key opens, by its id; "" counts those that are not encrypted."""
    found = _all(sounds)
    return Counter(sealed.key_of(file) if sealed.is_sealed(file) else "" for file in found)


def _each(sounds: Sounds, work: Callable[[Path], bool], progress: Progress) -> int:
    found = list(_all(sounds))
    done = 0
    for n, file in enumerate(found, 1):
        done += work(file)
        progress(n, len(found))
    return done


def _all(sounds: Sounds) -> Iterator[Path]:
    return chain.from_iterable(files(sounds.data / folder) for folder in FOLDERS)


def _is_over(file: Path) -> bool:
    return finished(file) or time.time() - file.stat().st_mtime > OLD_S
