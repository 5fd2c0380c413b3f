"""Calls by click: asked for at the desk, taken up by a node that dials, kept like every other call (R1, D10).

Such a call is an attempt without a ring: it never counts among the automatic ones (D2). Whatever guards these
guards it, too: one live call to a number, one on a channel, none to a number that must not be called.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, closing, desk, lines, rows, schema
from records.chain import Act
from records.database import Database
from records.events import write
from records.model import Customer, FollowUpState, LedgerEvent, LineLimits
from records.schema import MOST_ATTEMPTS

_table = schema.person_call
_c = _table.c
_a = schema.attempt.c
_f = schema.follow_up.c
_i = schema.desk_item.c

FRESH = timedelta(seconds=30)
"""Nobody waits longer for a node that takes it up."""
BARRED, IN_USE, NOBODY, NO_LINE = "barred", "in_use", "nobody", "no_line"
"""Outcomes of what was never dialed: the number is not to be called; it has a call; no node took it up."""


@dataclass(frozen=True, slots=True)
class PersonCall:
    """A call by click as the desk shows it. `state`: asked, clerk, customer, talking, over."""

    id: int
    item_id: int
    by: str
    asked_at: datetime
    state: str
    call: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that this node makes: its attempt is open, and nothing was dialed yet."""

    id: int
    attempt_id: int
    by: str
    customer: Customer
    trunk: str


@dataclass(frozen=True, slots=True)
class Over:
    """How a call ended. `answered_at`: when the customer did; None where they did not."""

    disposition: str
    outcome: str
    ended_at: datetime
    answered_at: datetime | None = None
    call_id: str = ""
    sip_status: int = 0
    sip_reason: str = ""
    ladder: tuple[str, ...] = ()
    hold_until: datetime | None = None


async def ask(db: Database, item_id: int, by: str, branch: str, now: datetime) -> int:
    """Ask for a call to the customer of an item that one has; its number.

    Raises:
        InputError: they do not have it, have another call, or the machine still calls this customer.
    """

    def work(connection: sa.Connection) -> int:
        item = desk.get_in(connection, item_id, branch, lock=True)
        desk.require_claimed(item, by)
        connection.execute(_give_up(now))
        if connection.scalar(sa.select(_c.id).where(_c.by == by, _c.state != "over")):
            raise InputError("has another call already", where=by)
        values = {"item_id": item_id, "follow_up_id": _follow_up(connection, item), "by": by, "asked_at": now}
        id_: int = connection.execute(sa.insert(_table).values(values).returning(_c.id)).scalar_one()
        audit.note(connection, Act(now, by, "asked_call", "desk", str(item_id), {}))
        return id_

    return await db.write(work, contended=True)


async def of_item(db: Database, item_id: int, now: datetime) -> PersonCall | None:
    """The last call that was asked for; one that nobody took up in time is over."""
    query = sa.select(_table).where(_c.item_id == item_id).order_by(_c.id.desc()).limit(1)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        return None
    given_up = row.state == "asked" and row.asked_at <= now - FRESH
    state, outcome = ("over", NOBODY) if given_up else (row.state, row.outcome)
    return PersonCall(row.id, row.item_id, row.by, row.asked_at, state, row.call, outcome)


async def wanted(db: Database, clerks: Collection[str], now: datetime) -> bool:
    """Whether one of these clerks waits for a call."""
    query = sa.select(_c.id).where(_c.state == "asked", _c.by.in_(clerks), _c.asked_at > now - FRESH)
    return await db.read(lambda connection: connection.scalar(query.limit(1))) is not None


async def take(
    db: Database,
    clerks: Collection[str],
    trunks: Sequence[LineLimits],
    node: str,
    recording: str,
    now: datetime,
    lease_s: float,
) -> Taken | None:
    """Take up the oldest call that one of these clerks has asked for, by the first trunk that may carry it.

    Its attempt is open and permitted afterwards, as `recording` says where. What may not be dialed is over.
    """

    def work(connection: sa.Connection) -> Taken | None:
        connection.execute(_give_up(now))
        query = _ASKED.where(_c.by.in_(clerks)).order_by(_c.id).limit(1).with_for_update(of=_table)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        customer = rows.customer(row[-len(rows.CUSTOMER) :])
        why = _against(connection, customer.phone, now)
        free = None if why else _free(connection, trunks, now)
        if free is None:
            _set(connection, row.id, state="over", outcome=why or NO_LINE)
            return None
        trunk, slot = free
        n = connection.scalar(sa.select(sa.func.max(_a.n)).where(_a.follow_up_id == row.follow_up_id)) or 0
        attempt = {
            **{"follow_up_id": row.follow_up_id, "n": min(n + 1, MOST_ATTEMPTS), "max_rung": 1},
            **{
                "phone": customer.phone,
                "trunk": trunk,
                "slot": slot,
                "node": node,
                "recording": recording,
            },
            **{"claimed_at": now, "invited_at": now, "lease_until": now + timedelta(seconds=lease_s)},
        }
        id_: int = connection.execute(sa.insert(schema.attempt).values(attempt).returning(_a.id)).scalar_one()
        _set(connection, row.id, state="clerk", call=id_)
        write(connection, id_, LedgerEvent(now, "by_person", {"by": row.by, "item": row.item_id}))
        return Taken(row.id, id_, row.by, customer, trunk)

    return await db.write(work, contended=True)


async def tell(db: Database, id_: int, state: str) -> None:
    """How far a call has come: clerk, customer, talking."""
    await db.write(lambda connection: _set(connection, id_, state=state))


async def end(db: Database, taken: Taken, over: Over) -> None:
    """Close a call with all that it leaves: its attempt, SIP messages, the transcription of what was said.

    The follow-up stays as it is: what becomes of it, the clerk's record says.

    Raises:
        IllegalTransition: its attempt is not open any more.
    """

    def work(connection: sa.Connection) -> None:
        talked = over.answered_at is not None
        ending: dict[str, Any] = {
            **{"disposition": over.disposition, "ended_at": over.ended_at, "answered_at": over.answered_at},
            **{"call_id": over.call_id, "sip_status": over.sip_status, "sip_reason": over.sip_reason},
            **{"hold_until": over.hold_until, "released_at": None if over.hold_until else over.ended_at},
            **{"rule": "R1: a call by a person", "ended_by": "us"},
        }
        if over.answered_at is not None:
            ending["talked_s"] = (over.ended_at - over.answered_at).total_seconds()
        closing.end_attempt(connection, taken.attempt_id, ending, rung=False)
        numbered = [
            {"attempt_id": taken.attempt_id, "position": n, "line": text}
            for n, text in enumerate(over.ladder)
        ]
        if numbered:
            connection.execute(sa.insert(schema.ladder), numbered)
        if talked:
            closing.add_job(connection, taken.attempt_id, over.ended_at)
        _set(connection, taken.id, state="over", outcome=over.outcome)

    await db.write(work)


_ASKED = (
    sa.select(_c.id, _c.by, _c.item_id, _c.follow_up_id, *rows.CUSTOMER)
    .join(schema.follow_up, _f.id == _c.follow_up_id)
    .join(schema.customer, schema.customer.c.id == _f.customer_id)
    .where(_c.state == "asked")
)


def _give_up(now: datetime) -> sa.Update:
    """What nobody took up in time, and nobody waits for any more; what a dead node had, too."""
    dead = sa.exists().where(_a.id == _c.call, _a.ended_at.is_not(None))
    late = sa.and_(_c.state == "asked", _c.asked_at <= now - FRESH)
    given_up = sa.update(_table).where(_c.state != "over", sa.or_(late, dead))
    return given_up.values(state="over", outcome=NOBODY)


def _follow_up(connection: sa.Connection, item: desk.Item) -> int:
    """The closed follow-up that the call belongs to: the item's, its call's, else the customer's last."""
    query = sa.select(_f.id).where(_f.state == FollowUpState.CLOSED.value)
    if item.follow_up_id is not None:
        query = query.where(_f.id == item.follow_up_id)
    elif item.call is not None:
        query = query.join(schema.attempt, _a.follow_up_id == _f.id).where(_a.id == item.call)
    else:
        query = query.where(_f.customer_id == item.customer.id).order_by(_f.id.desc()).limit(1)
    found: int | None = connection.scalar(query)
    if found is None:
        remedy = "call by hand, and attach the recording"
        raise InputError("has no follow-up that is over", where=item.customer.name, remedy=remedy)
    return found


def _free(connection: sa.Connection, trunks: Sequence[LineLimits], now: datetime) -> tuple[str, int] | None:
    """The first trunk that is neither paused nor at its pace, with a channel of it."""
    for line in trunks:
        if lines.may_begin(connection, line, now, probe=False):
            slot = lines.free_slot(connection, line, now, probe=False)
            if slot is not None:
                return line.name, slot
    return None


def _against(connection: sa.Connection, phone: str, now: datetime) -> str:
    """Why a number is not called now; "" where it may be (D10, A4)."""
    barred = schema.do_not_call.c.phone
    if connection.scalar(sa.select(barred).where(barred == phone)):
        return BARRED
    held = sa.or_(_a.hold_until.is_(None), _a.hold_until > now)
    if connection.scalar(sa.select(_a.id).where(_a.phone == phone, _a.released_at.is_(None), held)):
        return IN_USE
    over = sa.and_(_a.phone == phone, _a.released_at.is_(None), _a.hold_until <= now)
    connection.execute(sa.update(schema.attempt).where(over).values(released_at=now))
    return ""


def _set(connection: sa.Connection, id_: int, **values: object) -> None:
    connection.execute(sa.update(_table).where(_c.id == id_).values(values))
