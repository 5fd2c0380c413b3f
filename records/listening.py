"""Which seconds of a call were really played to whom: asked before a case may be closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from records.database import Database
from records.schema_listening import heard_span

Stretch: TypeAlias = tuple[float, float]
"""From a second to a later one, from the start of the recording."""

MOST_STRETCHES = 200
"""That are taken at once."""

_NEAR_S = 0.5
"""Stretches this close are one: a player tells where it is a few times a second."""

_c = heard_span.c


@dataclass(frozen=True, slots=True)
class Talk:
    """A call, or a recording made elsewhere: one of the two ids."""

    attempt_id: int | None = None
    recording_id: int | None = None


def merged(stretches: Iterable[Stretch], near_s: float = _NEAR_S) -> list[Stretch]:
    """The same seconds in as few stretches as can be, in order; gaps up to `near_s` are closed."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1] + near_s:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def covers(stretches: Sequence[Stretch], wanted: Stretch, near_s: float = _NEAR_S) -> bool:
    """Whether all of a stretch was played, its first and last moment (`near_s`) aside."""
    start, end = wanted
    return any(one <= start + near_s and end - near_s <= other for one, other in merged(stretches, near_s))


async def heard_by(db: Database, talk: Talk, who: str) -> list[Stretch]:
    """What somebody has heard of it, in order."""
    return await db.read(lambda connection: _stretches(connection, talk, who))


async def add(db: Database, talk: Talk, who: str, stretches: Sequence[Stretch], now: datetime) -> None:
    """Keep that they were played to somebody, merged with what was before."""

    def work(connection: sa.Connection) -> None:
        before = _stretches(connection, talk, who)
        after = merged([*before, *stretches])
        if after == before:
            return
        connection.execute(sa.delete(heard_span).where(*_theirs(talk, who)))
        same = {**asdict(talk), "who": who, "at": now}
        rows = [{**same, "start_s": start, "end_s": end} for start, end in after]
        connection.execute(sa.insert(heard_span), rows)

    await db.write(work, contended=True)


def _stretches(connection: sa.Connection, talk: Talk, who: str) -> list[Stretch]:
    query = sa.select(_c.start_s, _c.end_s).where(*_theirs(talk, who)).order_by(_c.start_s)
    return [(row.start_s, row.end_s) for row in connection.execute(query)]


def _theirs(talk: Talk, who: str) -> list[sa.ColumnElement[bool]]:
    of = [_c[name] == value for name, value in asdict(talk).items() if value is not None]
    return [*of, _c.who == who]
