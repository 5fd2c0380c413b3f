"""A folder whose sound files are taken in one by one: `done/` and `failed/` in it say what became of each.

A file is taken when its size and time have stayed the same for a while: recorders and copies write slowly.
It is moved only after its transcript is kept; who dies in between finds it again by its hash, and moves it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from base.clock import stopped_within
from base.errors import InputError
from huifang.elsewhere import Taken

DONE, FAILED = "done", "failed"
POLL_S = 0.5
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_STATE = tuple[int, int]
"""Size in bytes and time of change in nanoseconds."""


@dataclass(slots=True)
class Settling:
    """Which files have stayed the same for so many seconds. Pure: it is told what is there, and the time."""

    settle_s: float
    _seen: dict[Path, tuple[_STATE, float]] = field(default_factory=dict)

    def settled(self, there: dict[Path, _STATE], now_s: float) -> list[Path]:
        """Those that are ready, by name."""
        self._seen = {path: (state, self._since(path, state, now_s)) for path, state in there.items()}
        return sorted(path for path, (_, since) in self._seen.items() if now_s - since >= self.settle_s)

    def _since(self, path: Path, state: _STATE, now_s: float) -> float:
        before, since = self._seen.get(path, (None, now_s))
        return since if before == state else now_s


async def watch(
    folder: Path,
    take: Callable[[Path], Awaitable[Taken]],
    told: Callable[[Taken], None],
    *,
    settle_s: float,
    until_empty: bool,
    stop: asyncio.Event,
) -> None:
    """Take files in until `stop`, or until none is left.

    Raises:
        InputError: the folder is none, or cannot be written to.
    """
    _prepare(folder)
    settling = Settling(settle_s)
    while not stop.is_set():
        there = _there(folder)
        for file in settling.settled(there, time.monotonic()):
            taken = await take(file)
            _put_away(folder, taken)
            told(taken)
            if stop.is_set():
                return
        if until_empty and not _there(folder):
            return
        await stopped_within(stop, POLL_S)


def _prepare(folder: Path) -> None:
    try:
        for name in (DONE, FAILED):
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be watched: {error.strerror}", where=str(folder)) from error


def _there(folder: Path) -> dict[Path, _STATE]:
    """Files that are not hidden, and don't look unfinished."""
    found = {}
    for path in folder.iterdir():
        if path.name.startswith(".") or path.suffix.lower() in _UNFINISHED or not path.is_file():
            continue
        with suppress(FileNotFoundError):  # it went away again
            state = path.stat()
            found[path] = (state.st_size, state.st_mtime_ns)
    return found


def _put_away(folder: Path, taken: Taken) -> None:
    """Move a file to where people see what became of it; beside a failed one lies the reason."""
    place = folder / (FAILED if taken.error else DONE)
    target = next(path for path in _names(place, taken.file) if not path.exists())
    with suppress(FileNotFoundError):  # somebody took it away meanwhile
        taken.file.rename(target)
    if taken.error:
        target.with_name(f"{target.name}.reason.txt").write_text(f"{taken.error}\n", encoding="utf-8")


def _names(place: Path, file: Path) -> Iterator[Path]:
    yield place / file.name
    yield from (place / f"{file.stem}-{n}{file.suffix}" for n in count(2))
