"""Who is signed in to the console: sessions live here, the browser holds a token that says nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from records import audit, schema, users
from records.chain import Act
from records.database import Database
from records.users import User

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
"""A session ends after so long without a click, and after a long day in any case."""

_SEEN_EVERY = timedelta(minutes=1)
_session = schema.console_session
_user = schema.console_user
_staff = schema.staff


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's session. `csrf`: what every form of it must carry."""

    token_sha256: str
    user: User
    csrf: str
    begun_at: datetime
    seen_at: datetime


async def begin(db: Database, number: str, token: str, csrf: str, address: str, now: datetime) -> None:
    """Sign somebody in; sessions that are over are forgotten."""
    values = {"token_sha256": _hashed(token), "number": number, "csrf": csrf, "address": address}

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(_session).where(sa.not_(_lasts(now))))
        connection.execute(sa.insert(_session).values(**values, begun_at=now, seen_at=now))
        audit.note(connection, Act(now, number, "signed_in", users.KIND, number, {"address": address}))

    await db.write(work, contended=True)


async def of_token(db: Database, token: str, now: datetime, *, clicked: bool = True) -> Session | None:
    """The session of a token that lasts still, of a user who may be here; by a click it lasts on from now."""
    query = (
        sa.select(*users.USER, _session.c.token_sha256, _session.c.csrf)
        .add_columns(_session.c.begun_at, _session.c.seen_at)
        .join(_user, _user.c.number == _session.c.number)
        .join(_staff, _staff.c.number == _user.c.number)
        .where(_session.c.token_sha256 == _hashed(token), _lasts(now), _user.c.locked.is_(False))
    )
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        return None
    if clicked and now - row.seen_at >= _SEEN_EVERY:
        await _seen(db, row.token_sha256, now)
    return Session(row.token_sha256, users.user_of(row), row.csrf, row.begun_at, row.seen_at)


async def end(db: Database, session: Session, now: datetime) -> None:
    """Sign out."""
    number = session.user.number

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(_session).where(_session.c.token_sha256 == session.token_sha256))
        audit.note(connection, Act(now, number, "signed_out", users.KIND, number, {}))

    await db.write(work, contended=True)


def _lasts(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_session.c.seen_at > now - IDLE, _session.c.begun_at > now - LONGEST)


async def _seen(db: Database, token_sha256: str, now: datetime) -> None:
    this = _session.c.token_sha256 == token_sha256
    await db.write(lambda connection: connection.execute(sa.update(_session).where(this).values(seen_at=now)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
