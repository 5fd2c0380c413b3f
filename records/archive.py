"""What was recorded in a time, with whose it is, for volumes on discs (R4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from base.phones import masked
from records import heard, schema
from records.database import Database
from records.holds import Object
from records.post_call import Utterance

_attempt, _customer, _inbound, _recording = (
    *(schema.attempt.c, schema.customer.c),
    *(schema.inbound_call.c, schema.recording.c),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call, a call that came in, or a recording made elsewhere.

    Attributes:
        sound: stem of its tracks, or its file, relative to the data directory.
        customer, account, branch, manager, campaign, disposition: "" where they aren't known.
        phone: its middle hidden.
    """

    kind: Object
    id: int
    at: datetime
    sound: str
    seconds: float
    customer: str = ""
    account: str = ""
    branch: str = ""
    manager: str = ""
    phone: str = ""
    campaign: str = ""
    disposition: str = ""


async def recorded(db: Database, since: datetime, until: datetime) -> list[Recorded]:
    """Whatever was recorded from a moment on and before another, by time."""

    def work(connection: sa.Connection) -> list[Recorded]:
        some = (_calls, _came_in, _elsewhere)
        found = [one for each in some for one in each(connection, since, until)]
        return sorted(found, key=lambda one: (one.at, one.sound))

    return await db.read(work)


async def said(db: Database, kind: Object, id_: int) -> tuple[Utterance, ...]:
    """What was said in it, as far as it is transcribed."""
    if kind is Object.INBOUND:
        return ()
    of = heard.of_call if kind is Object.CALL else heard.of_recording
    found = await of(db, id_)
    return found.utterances if found else ()


def _calls(connection: sa.Connection, since: datetime, until: datetime) -> Iterator[Recorded]:
    query = (
        sa.select(_attempt.id, _attempt.claimed_at, _attempt.recording, _attempt.talked_s)
        .add_columns(_customer.name, _customer.account, _customer.branch, _customer.manager)
        .add_columns(_attempt.phone, schema.campaign.c.name, _attempt.disposition)
        .join(schema.follow_up, schema.follow_up.c.id == _attempt.follow_up_id)
        .join(schema.customer, _customer.id == schema.follow_up.c.customer_id)
        .join(schema.campaign, schema.campaign.c.id == schema.follow_up.c.campaign_id)
        .where(_attempt.claimed_at >= since, _attempt.claimed_at < until)
        .where(_attempt.recording != "", _attempt.ended_at.is_not(None))
    )
    for id_, at, sound, length, name, account, branch, manager, phone, *rest in connection.execute(query):
        whose = (name, account, branch, manager, masked(phone))
        yield Recorded(Object.CALL, id_, at, sound, length, *whose, *rest)


def _came_in(connection: sa.Connection, since: datetime, until: datetime) -> Iterator[Recorded]:
    query = (
        sa.select(_inbound.id, _inbound.at, _inbound.recording, _inbound.heard_s)
        .add_columns(_inbound.phone, _inbound.outcome)
        .where(_inbound.at >= since, _inbound.at < until)
        .where(_inbound.recording != "", _inbound.ended_at.is_not(None))
    )
    for id_, at, sound, length, phone, outcome in connection.execute(query):
        yield Recorded(Object.INBOUND, id_, at, sound, length, phone=masked(phone), disposition=outcome)


def _elsewhere(connection: sa.Connection, since: datetime, until: datetime) -> Iterator[Recorded]:
    at = sa.func.coalesce(_recording.began_at, _recording.added_at)
    query = sa.select(_recording.id, at, _recording.path, _recording.length_s).where(at >= since, at < until)
    for row in connection.execute(query):
        yield Recorded(Object.RECORDING, *row)
