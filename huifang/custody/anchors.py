"""Anchors of the audit trail (A6): heads by day in a file that can be stored elsewhere, a JSON object a line.

{"on": "2026-03-04", "n": 1207, "sha256": "9f2c…"}
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from base.clock import stopped_within
from base.errors import InputError, StoreError
from base.files import write_atomically
from base.log import get_logger
from dialer.inbox import drop
from huifang.site import Site
from records import audit
from records.chain import Anchor

FILE = "audit-anchors.jsonl"
"""In the data directory, where no other is named."""

_LOOK_S = 3600.0

_log = get_logger(__name__)


def read(file: Path) -> list[Anchor]:
    """The anchors of a file, in its order; none where there is no file.

    Raises:
        InputError: it cannot be read, or a line of it is no anchor.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read", where=str(file), remedy="name a file of anchors") from error
    return list(_anchors(file, lines))


async def anchor(site: Site, file: Path) -> Anchor | None:
    """Write today's head into the file, behind what is there; None while the trail is empty.

    Raises:
        InputError: what is there is no file of anchors.
        OSError: it cannot be written.
    """
    head = await audit.last(site.database)
    if head is None:
        return None
    known = read(file)
    found = Anchor(site.now().date(), head.n, head.sha256)
    if found not in known:
        write_atomically(file, "".join(map(_line, [*known, found])).encode())
    return found


@asynccontextmanager
async def anchored(site: Site, stop: asyncio.Event) -> AsyncIterator[None]:
    """Anchor the trail now, and meanwhile each day until `stop`."""
    done = await _try(site, None)
    task = asyncio.create_task(_daily(site, stop, done))
    try:
        yield
    finally:
        await drop(task)


async def _daily(site: Site, stop: asyncio.Event, done: date | None) -> None:
    while not await stopped_within(stop, _LOOK_S):
        done = await _try(site, done)


async def _try(site: Site, done: date | None) -> date | None:
    """Anchor unless it was done today; gives when it was. A failure is told: the work goes on without."""
    today = site.now().date()
    try:
        return today if done == today or await anchor(site, site.data / FILE) else None
    except (InputError, StoreError, OSError) as error:
        _log.warning("the audit trail is not anchored", why=str(error))
        return done


def _line(one: Anchor) -> str:
    return json.dumps({**asdict(one), "on": one.on.isoformat()}) + "\n"


def _anchors(file: Path, lines: list[str]) -> Iterator[Anchor]:
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            yield Anchor(date.fromisoformat(said["on"]), int(said["n"]), str(said["sha256"]))
        except (ValueError, KeyError, TypeError) as error:
            remedy = "name a file that `huifang audit anchor` wrote"
            raise InputError("is no anchor", where=f"{file}, line {number}", remedy=remedy) from error
