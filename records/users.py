"""Who may use the console: people of the firm (`records.staff`) with a password and roles (A5, C4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import SYSTEM, Act
from records.database import Database
from records.people import Staff

MOST_FAILURES = 5
CLOSED = timedelta(minutes=15)
"""So long nobody signs in after so many wrong passwords in a row."""

KIND = "user"
"""Users as the audit trail names them."""

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,32}")
_user = schema.console_user
_staff = schema.staff
_session = schema.console_session


class Role(StrEnum):
    """What somebody does; one person may have several."""

    OPERATOR = "operator"
    """Calls customers whom the machine hands over."""
    REVIEWER = "reviewer"
    COMPLIANCE = "compliance"
    HEAD = "head"
    """Of callbacks (Q2)."""
    SUPERVISOR = "supervisor"
    """Listens (Q6)."""
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    """Of users; hears no customer."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        branch: whose customers they see; "" is headquarters and sees all (C4).
        locked: by an administrator.
        closed_until: nobody signs in before that, after wrong passwords.
        coded: signing in takes a one-time code, too.
    """

    number: str
    name: str
    branch: str
    roles: frozenset[Role]
    locked: bool
    closed_until: datetime | None
    coded: bool = False


async def everybody(db: Database) -> list[User]:
    """All users, by number."""
    query = _users().order_by(_user.c.number)
    return await db.read(lambda connection: [user_of(row) for row in connection.execute(query)])


async def get(db: Database, number: str) -> User:
    """The user of a staff number.

    Raises:
        InputError: there is none.
    """
    query = _users().where(_user.c.number == number)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        raise _nobody(number)
    return user_of(row)


async def password_hash(db: Database, number: str) -> str:
    """What the password of a user is checked against; "" for nobody."""
    query = sa.select(_user.c.password_hash).where(_user.c.number == number)
    return await db.read(lambda connection: connection.scalar(query) or "")


async def add(
    db: Database, person: Staff, roles: Iterable[Role], hashed: str, by: str, now: datetime
) -> None:
    """Let somebody sign in. Who is no staff yet is added; of who is, what is "" stays as it is.

    Raises:
        InputError: they may already.
    """
    values = {"number": person.number, "password_hash": hashed, "roles": _kept(roles)}

    def work(connection: sa.Connection) -> None:
        if connection.scalar(sa.select(_user.c.number).where(_user.c.number == person.number)):
            remedy = "huifang users role changes what they may do, huifang users password their password"
            raise InputError("is a user already", where=person.number, remedy=remedy)
        _keep_staff(connection, person)
        connection.execute(sa.insert(_user).values(**values, created_at=now, changed_at=now))
        said = {"roles": values["roles"], "branch": person.branch}
        audit.note(connection, Act(now, by, "added", KIND, person.number, said))

    await db.write(work, contended=True)


async def set_roles(db: Database, number: str, roles: Iterable[Role], by: str, now: datetime) -> None:
    """Change what a user may do.

    Raises:
        InputError: there is none of that number, no role, or nobody would administrate any more.
    """
    kept = _kept(roles)
    check(Staff(number, ""), [Role(one) for one in kept])
    await _change(db, Act(now, by, "roles", KIND, number, {"roles": kept}), roles=kept)


async def set_locked(db: Database, number: str, locked: bool, by: str, now: datetime) -> None:
    """Lock a user out, who is signed out at once; or let them in again, after wrong passwords too.

    Raises:
        InputError: there is none of that number, or nobody would administrate any more.
    """
    act = Act(now, by, "locked" if locked else "unlocked", KIND, number, {})
    await _change(db, act, signed_out=locked, locked=locked, failures=0, closed_until=None)


async def set_password(db: Database, number: str, hashed: str, by: str, now: datetime) -> None:
    """Give a user another password; they are signed out everywhere.

    Raises:
        InputError: there is none of that number.
    """
    change = {"password_hash": hashed, "failures": 0, "closed_until": None}
    await _change(db, Act(now, by, "password", KIND, number, {}), signed_out=True, **change)


async def code_secret(db: Database, number: str, *, on: bool) -> str:
    """The secret of somebody's one-time codes: the one that is asked for, or one that is being set up; ""."""
    query = sa.select(_user.c.code_secret).where(_user.c.number == number, _user.c.code_on.is_(on))
    return await db.read(lambda connection: connection.scalar(query) or "")


async def set_code(db: Database, number: str, secret: str, *, on: bool, by: str, now: datetime) -> None:
    """Begin to set one-time codes up, ask for them from now on, or ("") never again.

    Raises:
        InputError: there is none of that number.
    """
    what = "code_on" if on else "code_off" if not secret else "code_begun"
    await _change(db, Act(now, by, what, KIND, number, {}), code_secret=secret, code_on=on)


async def tried(
    db: Database,
    number: str,
    right: bool,
    address: str,
    now: datetime,
    *,
    step: int = 0,
    wrong: str = "password",
) -> bool:
    """Count a password that was tried; gives whether it lets somebody in.

    `step`: of the one-time code that was right as well; it serves once. `wrong`: what was not right.

    Who is refused is on the audit trail (A6). A number that is nobody's is not: it may be a password that was
    typed into the wrong field.
    """

    def work(connection: sa.Connection) -> bool:
        query = _users().add_columns(_user.c.failures, _user.c.code_step).where(_user.c.number == number)
        row = connection.execute(query.with_for_update(of=_user)).one_or_none()
        may = row is not None and may_sign_in(user_of(row), now)
        spent = bool(row and step and step <= row.code_step)
        admitted = may and right and not spent
        if not admitted:
            why = "code" if spent else wrong if may else "locked" if row else "nobody"
            said = {"address": address, "why": why}
            audit.note(connection, Act(now, SYSTEM, "refused", KIND, row.number if row else "", said))
        if row is not None and may:
            _count(connection, number, 0 if admitted else row.failures + 1, now)
        if admitted and step:
            connection.execute(sa.update(_user).where(_user.c.number == number).values(code_step=step))
        return admitted

    return await db.write(work, contended=True)


def check(person: Staff, roles: Iterable[Role]) -> None:
    """Raises InputError for somebody who could not be told apart, or would have nothing to do."""
    if not _NUMBER.fullmatch(person.number):
        remedy = "letters, digits, - and _, 32 at most"
        raise InputError("is no staff number", where=person.number or "the number", remedy=remedy)
    if not person.name.isprintable() or not person.branch.isprintable():
        raise InputError("has control characters", where="the name or the branch", remedy="write one line")
    if not list(roles):
        raise InputError("has no role", where=person.number, remedy=f"name one: {', '.join(Role)}")


def may_sign_in(user: User, now: datetime) -> bool:
    """Neither locked by an administrator nor closed after wrong passwords."""
    return not user.locked and (user.closed_until is None or user.closed_until <= now)


def user_of(row: Any) -> User:
    """From a row with the columns of USER."""
    roles = frozenset(map(Role, row.roles))
    return User(row.number, row.name, row.branch, roles, row.locked, row.closed_until, row.code_on)


USER = (
    *(_user.c.number, _staff.c.name, _staff.c.branch, _user.c.roles, _user.c.locked, _user.c.closed_until),
    _user.c.code_on,
)


def _users() -> sa.Select[Any]:
    return sa.select(*USER).join(_staff, _staff.c.number == _user.c.number)


def _keep_staff(connection: sa.Connection, person: Staff) -> None:
    there = connection.scalar(sa.select(_staff.c.number).where(_staff.c.number == person.number))
    if there is None:
        connection.execute(sa.insert(_staff).values(asdict(person)))
        return
    told = {name: value for name, value in asdict(person).items() if value}
    connection.execute(sa.update(_staff).where(_staff.c.number == person.number).values(told))


def _count(connection: sa.Connection, number: str, failures: int, now: datetime) -> None:
    """Keep how many wrong passwords there were in a row; too many close the account for a while."""
    closed = now + CLOSED if failures >= MOST_FAILURES else None
    values = {"failures": 0 if closed else failures, "closed_until": closed}
    connection.execute(sa.update(_user).where(_user.c.number == number).values(values))
    if closed is not None:
        act = Act(now, SYSTEM, "closed", KIND, number, {"until": closed.isoformat()})
        audit.note(connection, act)


async def _change(db: Database, act: Act, *, signed_out: bool = False, **values: object) -> None:
    def work(connection: sa.Connection) -> None:
        this = _user.c.number == act.of
        before = _administrators(connection)
        changed = connection.execute(sa.update(_user).where(this).values(**values, changed_at=act.at))
        if not changed.rowcount:
            raise _nobody(act.of)
        if before and not _administrators(connection):
            remedy = "make somebody else administrator first"
            raise InputError("is the last administrator", where=act.of, remedy=remedy)
        if signed_out:
            connection.execute(sa.delete(_session).where(_session.c.number == act.of))
        audit.note(connection, act)

    await db.write(work, contended=True)


def _administrators(connection: sa.Connection) -> int:
    """How many administrators are not locked."""
    found = connection.scalars(sa.select(_user.c.roles).where(_user.c.locked.is_(False)))
    return sum(Role.ADMINISTRATOR in roles for roles in found)


def _kept(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in set(roles))


def _nobody(number: str) -> InputError:
    return InputError("is no user", where=number, remedy="huifang users list shows who is")
