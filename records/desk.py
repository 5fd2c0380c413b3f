"""The desk of people: what there is to do, claimed under a lease, ended with a result (D2, S13, S14, C6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from base.errors import InputError
from records import audit, engines, rows, schema
from records.chain import SYSTEM, Act
from records.database import Database
from records.handed import Reason
from records.model import Customer, Kind
from records.schema_desk import NO_DAY
from records.search import Page

LEASE = timedelta(minutes=30)
"""So long somebody has what they took; each save begins it anew."""
FOR_GOOD = datetime(9999, 1, 1, tzinfo=SHANGHAI)
"""The lease of a question: who is asked first owns it (C6)."""

_item = schema.desk_item
_i = _item.c
_f = schema.follow_up.c
_n = schema.note.c
_o = schema.obligation.c
_k = schema.review_case.c


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something for people to do.

    Attributes:
        source: what it was made from; there is one item for each.
        call: the attempt it came from. note: that it meets. case_id: that asks for a second call (Q2, Q3).
        words: of whoever handed it over; the note's code, the case's step.
        not_by: staff numbers who must not take it, beside those whom A1 keeps off (Q2).
        due_on: the last day for it.
        owner: whose it is for good (C6); "" for whoever takes it.
    """

    source: str
    reason: Reason
    customer_id: int
    made_at: datetime
    made_by: str = SYSTEM
    follow_up_id: int | None = None
    call: int | None = None
    note: int | None = None
    case_id: int | None = None
    words: str = ""
    not_by: tuple[str, ...] = ()
    due_on: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something on the desk. `campaign`, `kind`, `script`, `profile`: of its follow-up; "" and None: none.

    `claimed_by`: who has it now, "" for nobody; `result`: "" while it is open.
    """

    id: int
    reason: Reason
    customer: Customer
    account: str
    follow_up_id: int | None
    call: int | None
    note: int | None
    case_id: int | None
    words: str
    not_by: tuple[str, ...]
    due_on: date | None
    made_at: datetime
    made_by: str
    claimed_by: str
    claimed_until: datetime | None
    result: str
    done_at: datetime | None
    done_by: str
    campaign: str = ""
    kind: Kind | None = None
    script: str = ""
    script_version: str = ""
    profile: str = ""
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items: "" asks for all. `mine`: claimed by this person. `branch`: of these customers (C4)."""

    branch: str = ""
    reason: str = ""
    mine: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A part of the desk, what is due soonest first; `counts`: open ones by reason."""

    total: int
    late: int
    items: tuple[Item, ...]
    counts: dict[str, int]


def put(connection: sa.Connection, *items: NewItem) -> None:
    """Lay something on the desk, within the caller's transaction; what is there already stays as it is."""
    engines.insert_all_new(connection, _item, [_values(item) for item in items])


async def bring(db: Database, item: NewItem) -> int:
    """Lay on the desk what somebody brings; its number."""

    def work(connection: sa.Connection) -> int:
        id_: int = connection.execute(sa.insert(_item).values(_values(item)).returning(_i.id)).scalar_one()
        detail = {"customer": item.customer_id, "reason": item.reason.value}
        audit.note(connection, Act(item.made_at, item.made_by, "brought", "desk", str(id_), detail))
        return id_

    return await db.write(work)


async def listed(db: Database, asked: Asked, now: datetime, page: Page) -> Queue:
    """A page of the queue: late ones before all, then by the last day, then as they came."""
    conditions = _conditions(asked, now)
    order = (_i.done_at.desc(),) if asked.done else (_i.due_on, _i.id)
    shown = _WHOLE.where(*conditions).order_by(*order).limit(page.limit).offset(page.offset)
    late = sa.func.sum(sa.case((_i.due_on < now.date(), 1), else_=0))
    count = (
        sa.select(_i.reason, sa.func.count(), late)
        .select_from(_JOINED if asked.branch else _item)
        .group_by(_i.reason)
    )
    every = count.where(*_conditions(Asked(branch=asked.branch), now))

    def work(connection: sa.Connection) -> Queue:
        counts = {row[0]: (row[1], row[2]) for row in connection.execute(every)}
        wanted = counts
        if asked.mine or asked.done:
            wanted = {row[0]: (row[1], 0) for row in connection.execute(count.where(*conditions))}
        chosen = [both for reason, both in wanted.items() if asked.reason in ("", reason)]
        return Queue(
            total=sum(one for one, _ in chosen),
            late=sum(one for _, one in chosen),
            items=tuple(_made(row) for row in connection.execute(shown)),
            counts={reason: one for reason, (one, _) in counts.items()},
        )

    return await db.read(work)


async def get(db: Database, id_: int, branch: str = "") -> Item:
    """One item.

    Raises:
        InputError: there is none of that number, or it is of another branch (C4).
    """
    return await db.read(lambda connection: get_in(connection, id_, branch))


def get_in(connection: sa.Connection, id_: int, branch: str = "", *, lock: bool = False) -> Item:
    """The same inside a transaction that does more; `lock`: nobody else changes it meanwhile."""
    query = _WHOLE.where(_i.id == id_)
    row = connection.execute(query.with_for_update(of=_item) if lock else query).one_or_none()
    found = None if row is None else _made(row)
    if found is None or (branch and found.customer.branch != branch):
        raise InputError("there is no such item on the desk", where=str(id_))
    return found


async def claim(db: Database, id_: int, by: str, now: datetime, *, over: bool = False) -> None:
    """Take an item for half an hour; again by the same person: for another one.

    `over`: even from somebody who has it.

    Raises:
        InputError: it is done, or somebody else has it.
    """

    def work(connection: sa.Connection) -> None:
        item = get_in(connection, id_, lock=True)
        if item.done_at is not None:
            raise InputError("is done already", where=str(id_))
        if is_taken(item, now) and item.claimed_by != by and not over:
            raise InputError(f"{item.claimed_by} has it", where=str(id_))
        until = FOR_GOOD if item.reason is Reason.QUESTION else now + LEASE
        _set(connection, id_, claimed_by=by, claimed_until=until)
        audit.note(connection, Act(now, by, "claimed", "desk", str(id_), {"customer": item.customer.id}))

    await db.write(work)


async def give_back(db: Database, id_: int, by: str, now: datetime) -> None:
    """Lay an item back on the desk.

    Raises:
        InputError: they do not have it, or it is a question: who was asked first answers it (C6).
    """

    def work(connection: sa.Connection) -> None:
        item = get_in(connection, id_, lock=True)
        require_claimed(item, by)
        if item.reason is Reason.QUESTION:
            raise InputError("who was asked first answers it (C6)", where=str(id_))
        _set(connection, id_, claimed_by="", claimed_until=None)
        audit.note(connection, Act(now, by, "given_back", "desk", str(id_), {}))

    await db.write(work)


def is_taken(item: Item, now: datetime) -> bool:
    """Whether somebody has it, and their time is not over."""
    return item.claimed_until is not None and item.claimed_until > now


def require_claimed(item: Item, by: str) -> None:
    """Raises InputError unless it is open and theirs; what ran out holds until somebody else takes it."""
    if item.done_at is not None:
        raise InputError("is done already", where=str(item.id))
    if item.claimed_by != by:
        raise InputError("take it first", where=str(item.id))


def finish(connection: sa.Connection, id_: int, result: str, by: str, now: datetime) -> None:
    """End an item, within the caller's transaction."""
    _set(connection, id_, result=result, done_at=now, done_by=by)


def _set(connection: sa.Connection, id_: int, **values: object) -> None:
    connection.execute(sa.update(_item).where(_i.id == id_).values(values))


def met_otherwise(follow_up_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """What it was made for is settled: by a notice, by another follow-up, or withdrawn."""
    return sa.exists().where(_o.follow_up_id == follow_up_id, _o.settled_on.is_not(None))


def _conditions(asked: Asked, now: datetime) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    wanted += [_i.done_at.is_not(None)] if asked.done else [_i.done_at.is_(None), _WANTED]
    if asked.branch:
        wanted.append(schema.customer.c.branch == asked.branch)
    if asked.reason:
        wanted.append(_i.reason == asked.reason)
    if asked.mine:
        held = sa.and_(_i.claimed_by == asked.mine, _i.claimed_until > now)
        wanted.append(_i.done_by == asked.mine if asked.done else held)
    return wanted


_WANTED = sa.and_(
    sa.or_(_i.note.is_(None), sa.exists().where(_n.id == _i.note, _n.done_at.is_(None))),
    sa.or_(_i.case_id.is_(None), sa.exists().where(_k.id == _i.case_id, _k.step == _i.words)),
    ~met_otherwise(_i.follow_up_id),
)
"""What was done elsewhere meanwhile (`huifang call notes --done`, a notice that arrived) is off the desk."""

_JOINED = _item.join(schema.customer, schema.customer.c.id == _i.customer_id)
_WHOLE = (
    sa.select(_item, *(column.label(f"whose_{column.name}") for column in rows.CUSTOMER))
    .add_columns(schema.customer.c.account, schema.campaign.c.name.label("campaign"), schema.campaign.c.kind)
    .add_columns(schema.campaign.c.script, schema.campaign.c.script_version, schema.campaign.c.profile)
    .add_columns(_f.disposition)
    .select_from(
        _JOINED.outerjoin(schema.follow_up, _f.id == _i.follow_up_id).outerjoin(
            schema.campaign, schema.campaign.c.id == _f.campaign_id
        )
    )
)


def _made(row: sa.Row[Any]) -> Item:
    said = row._mapping
    own: dict[str, Any] = {name: said[name] for name in _OWN}
    customer = rows.customer([said[f"whose_{column.name}"] for column in rows.CUSTOMER])
    work: dict[str, Any] = {
        name: said[name] or "" for name in ("campaign", "script", "script_version", "profile", "disposition")
    }
    kind = Kind(said["kind"]) if said["kind"] else None
    due_on = None if own["due_on"] == NO_DAY else own["due_on"]
    own |= {"reason": Reason(own["reason"]), "not_by": tuple(own["not_by"]), "due_on": due_on}
    return Item(customer=customer, account=said["account"], kind=kind, **work, **own)


_OWN = (
    *(
        "id",
        "reason",
        "follow_up_id",
        "call",
        "note",
        "case_id",
        "words",
        "not_by",
        "due_on",
        "made_at",
        "made_by",
    ),
    *("claimed_by", "claimed_until", "result", "done_at", "done_by"),
)


def _values(item: NewItem) -> dict[str, Any]:
    owned = {"claimed_by": item.owner, "claimed_until": FOR_GOOD if item.owner else None}
    more = {"reason": item.reason.value, "not_by": list(item.not_by), "due_on": item.due_on or NO_DAY}
    return {**{name: getattr(item, name) for name in _COPIED}, **more, **owned}


_COPIED = (
    *("source", "customer_id", "made_at", "made_by", "follow_up_id", "call", "note", "case_id"),
    "words",
)
