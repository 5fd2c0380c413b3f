"""What people do with what is on their desk: who may take it, what they read along, what it counts for."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from base.errors import InputError
from dialer.profile import Profile
from ivr import reading
from ivr.reading import Line
from ivr.script import Script
from office.place import Place
from office.planning.sheets import kept_away
from plans import worth
from plans.avoidance import may_act
from plans.periods import last_day
from plans.sections import ClockName
from plans.worth import Done, Lack
from records import customers, desk, desk_records, obligations, scripts, staff
from records.desk import Item, NewItem
from records.desk_records import Answered, Record
from records.handed import Reason, Result
from records.model import Customer, PhoneKind

USUAL = "default"
"""The profile of what no campaign stands behind."""


class Lacking(InputError):
    """A record says more than what was done is worth."""

    def __init__(self, lacks: tuple[Lack, ...], missing: tuple[str, ...]) -> None:
        self.lacks, self.missing = lacks, missing
        super().__init__(f"lacks: {', '.join(lacks)}", where="the record")


@dataclass(frozen=True, slots=True)
class ReadAlong:
    """A script as a person reads it to this customer."""

    script: Script
    words: Mapping[str, str]
    landline: bool

    @property
    def lines(self) -> tuple[Line, ...]:
        """What may have to be said, in order."""
        return reading.lines(self.script, self.words, landline=self.landline)

    def answered(self, answers: Mapping[str, str]) -> tuple[Answered, ...]:
        """What was answered, each beside its question as it was asked."""
        return tuple(
            Answered(
                line.node,
                line.text,
                answers[line.node],
                reading.label(self.script, line.node, answers[line.node]),
            )
            for line in self.lines
            if line.asks and answers.get(line.node)
        )

    def missing(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """Mandatory questions without an answer on the way that the talk took; "…" where it ended early."""
        course = reading.course(self.script, self.words, answers, landline=self.landline)
        asked = {line.node: line.text for line in self.lines}
        return tuple(asked.get(one, one) for one in course.missing) or (() if course.completed else ("…",))


async def read_along(place: Place, item: Item) -> ReadAlong | None:
    """The script that the machine had for it (S1); None where none is filed that can be read."""
    filed = await scripts.filed(place.database, item.script, item.script_version) if item.script else None
    try:
        script = Script.model_validate(filed.content) if filed else None
    except ValidationError:
        return None
    landline = item.customer.phone_kind is PhoneKind.LANDLINE
    return ReadAlong(script, place.words(item.customer), landline) if script else None


async def may_take(place: Place, item: Item, number: str) -> bool:
    """Whether A1 lets somebody deal with this item's customer, and nobody named them as not to (Q2)."""
    away = await keeps_away(place, item.customer.id, item.follow_up_id, number)
    return number not in item.not_by and not away


async def keeps_away(place: Place, customer_id: int, follow_up_id: int | None, number: str) -> bool:
    """Whether somebody has to keep away from a customer (A1)."""
    occasions = await obligations.occasions_of(place.database, follow_up_id) if follow_up_id else ()
    kept = await kept_away(place, {customer_id: occasions})
    who = (await staff.known(place.database, [number]))[number]
    return not may_act(who, kept[customer_id])


async def take(place: Place, item_id: int, number: str, branch: str, *, over: bool = False) -> None:
    """Take an item for a time; `over`: from whoever has it (the head does, where somebody has left).

    Raises:
        InputError: there is none, A1 is against it, it is done, or somebody else has it.
    """
    item = await desk.get(place.database, item_id, branch)
    if not await may_take(place, item, number):
        raise _own(number)
    await desk.claim(place.database, item_id, number, place.now(), over=over)


async def finish(place: Place, item: Item, record: Record, done: Done, branch: str) -> int:
    """Keep what was done and end the item; gives the record's number.

    Raises:
        Lacking: it is called completed or informed, and is not (P9, A4, C1).
        InputError: something is not written, the second person is not of the firm's, the call was another
            customer's, A1 is against it, it is done, or somebody else has it.
    """
    if not record.content:
        raise InputError("does not say what was said or done (R1)", where="the record")
    if record.at > place.now():
        raise InputError("is of a time to come", where="the record")
    if not await may_take(place, item, record.by) or (
        record.second and not await may_take(place, item, record.second)
    ):
        raise _own(record.by)
    await _require_known(place, item, record)
    channels = profile_of(place, item.profile).channels
    lacks = {
        Result.COMPLETED: worth.lacks_to_complete,
        Result.INFORMED: worth.lacks_to_inform,
    }.get(record.result)
    if lacks and (found := lacks(done, channels)):
        raise Lacking(found, ())
    return await desk_records.finish(place.database, item.id, record, branch, place.now())


async def _require_known(place: Place, item: Item, record: Record) -> None:
    """Who came along is of the firm's people, and the call was one to this customer (C1)."""
    if record.second:
        await staff.require(place.database, [record.second])
    if record.call is not None:
        called = await customers.of_call(place.database, record.call)
        if called is None or called.id != item.customer.id:
            raise InputError("was no call to this customer", where=str(record.call))


def profile_of(place: Place, name: str) -> Profile:
    """The profile that a campaign calls by; where none stands behind it, or it is gone, the usual one."""
    try:
        return place.profile(name or USUAL)
    except InputError:
        return place.profile(USUAL)


async def bring(place: Place, reason: Reason, customer: Customer, words: str, by: str) -> int:
    """Lay on the desk what somebody brings, theirs at once; gives its number (C1, C6).

    Raises:
        InputError: a question is not told, or A1 is against it.
    """
    now = place.now()
    if await keeps_away(place, customer.id, None, by):
        raise _own(by)
    if reason is Reason.QUESTION and not words:
        raise InputError("does not say what was asked", where="the question")
    clock = place.profile(USUAL).clocks.get(ClockName.EMAIL)
    due_on = (
        last_day(clock.within, now.date(), place.calendar()) if clock and reason is Reason.QUESTION else None
    )
    item = NewItem(
        source=f"entered {secrets.token_hex(8)}",
        reason=reason,
        customer_id=customer.id,
        made_at=now,
        made_by=by,
        words=words,
        due_on=due_on,
        owner=by,
    )
    return await desk.bring(place.database, item)


def aims(place: Place, items: Iterable[Item]) -> dict[int, date]:
    """The day on which each question should be answered, by its item: before the last one it may be (C6)."""
    clock = place.profile(USUAL).clocks.get(ClockName.EMAIL)
    if clock is None or clock.aim is None:
        return {}
    calendar = place.calendar()
    questions = (one for one in items if one.reason is Reason.QUESTION and one.done_at is None)
    return {one.id: last_day(clock.aim, one.made_at.date(), calendar) for one in questions}


def _own(number: str) -> InputError:
    return InputError("keeps away from this customer (A1)", where=number, remedy="somebody else takes it")
