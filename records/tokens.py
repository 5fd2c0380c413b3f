"""Tokens by which programs use the API (A5): what each may do, for which branch, until when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database

_table = schema.api_token
_SEEN_EVERY = timedelta(minutes=1)
_COLUMNS = (
    *(_table.c.id, _table.c.name, _table.c.scopes, _table.c.branch, _table.c.made_by, _table.c.made_at),
    *(_table.c.expires_at, _table.c.revoked_at, _table.c.used_at),
)


class Scope(StrEnum):
    """What a program may do."""

    CALLS = "calls"
    """Read calls, what was said in them, flags, and search."""
    SOUND = "sound"
    """Hear recordings."""
    NUMBERS = "numbers"
    """See telephone numbers whole."""
    CASES = "cases"
    """Read the queue of review and cases."""
    PLANS = "plans"
    """Read what is owed and how far it is."""
    CAMPAIGNS = "campaigns"
    """See campaigns, pause and resume them."""
    CUSTOMERS = "customers"
    """Bring customers and what happened to them."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not the token.

    Attributes:
        branch: whose customers it sees; "" is headquarters and sees all (C4).
        used_at: to the minute.
    """

    id: int
    name: str
    scopes: frozenset[Scope]
    branch: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    @property
    def who(self) -> str:
        """As the audit trail names it."""
        return f"token {self.name}"


async def add(
    db: Database,
    name: str,
    secret: str,
    scopes: Iterable[Scope],
    branch: str,
    by: str,
    until: datetime,
    now: datetime,
) -> None:
    """Keep a new token. `secret`: what the program will send.

    Raises:
        InputError: the name is taken, or it could do nothing.
    """
    kept = sorted({one.value for one in scopes})
    if not kept:
        raise InputError("may do nothing", where=name, remedy=f"name a scope: {', '.join(Scope)}")
    values = {"name": name, "token_sha256": _hashed(secret), "scopes": kept, "branch": branch, "made_by": by}

    def work(connection: sa.Connection) -> None:
        if connection.scalar(sa.select(_table.c.id).where(_table.c.name == name)):
            raise InputError("there is a token of that name", where=name, remedy="choose another name")
        connection.execute(sa.insert(_table).values(**values, made_at=now, expires_at=until))
        said = {"scopes": " ".join(kept), "branch": branch, "until": f"{until:%Y-%m-%d}"}
        audit.note(connection, Act(now, by, "added", "token", name, said))

    await db.write(work, contended=True)


async def revoke(db: Database, name: str, by: str, now: datetime) -> None:
    """End a token at once.

    Raises:
        InputError: there is none, or it is revoked already.
    """

    def work(connection: sa.Connection) -> None:
        this = sa.and_(_table.c.name == name, _table.c.revoked_at.is_(None))
        if not connection.execute(sa.update(_table).where(this).values(revoked_at=now)).rowcount:
            remedy = "huifang tokens list shows them"
            raise InputError("is no token, or was revoked", where=name, remedy=remedy)
        audit.note(connection, Act(now, by, "revoked", "token", name, {}))

    await db.write(work, contended=True)


async def everything(db: Database) -> list[Token]:
    """All tokens, the newest first."""
    query = sa.select(*_COLUMNS).order_by(_table.c.id.desc())
    return await db.read(lambda connection: [_token(row) for row in connection.execute(query)])


async def of_secret(db: Database, secret: str, now: datetime) -> Token | None:
    """The token that a program sent, if it still holds."""
    holds = (_table.c.revoked_at.is_(None), _table.c.expires_at > now)
    query = sa.select(*_COLUMNS).where(_table.c.token_sha256 == _hashed(secret), *holds)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        return None
    found = _token(row)
    if found.used_at is None or now - found.used_at >= _SEEN_EVERY:
        used = sa.update(_table).where(_table.c.id == found.id).values(used_at=now)
        await db.write(lambda connection: connection.execute(used))
    return found


def _token(row: Any) -> Token:
    return Token(**{**row._mapping, "scopes": frozenset(map(Scope, row.scopes))})


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
