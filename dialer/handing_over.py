"""Who takes a call over: groups of people, their hours, and the choice among them (S14, A1). Pure.

A group is what a script's `hand_over` names with `to`. Of its people are left out: whoever is not on duty,
whoever looks after this customer (A1), whoever has a call of this node already, whoever was rung for this
call. Of the others the one goes first who has been left in peace for the longest time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from base.calendar import Calendar, DayKind
from base.clock import SHANGHAI
from dialer.profile import ClockTime, Hours
from records.model import Customer

_URI = re.compile(r"^sips?:[^\s<>@]+@[^\s<>@]+$")

SHORTEST_NAME = 2
"""A single letter stands in many names, and bars none but its like."""

GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Duty(Hours):
    """When somebody takes calls over."""

    start: ClockTime = Field(alias="from", description='From this time of day on: "09:00".')
    end: ClockTime = Field(alias="to", description='Until this one: "17:30".')

    days: tuple[DayKind, ...] = Field(
        (DayKind.WORKING, DayKind.MADE_UP),
        description="On which days: working, made_up (a worked weekend), off.",
    )


class Phone(_Section):
    """Where somebody is rung."""

    uri: str = Field("", description="Where they are rung: sip:EXTENSION@HOST:PORT.")
    extension: str = Field(
        "", pattern=r"^[0-9+*#]*$", description="Instead of uri: the number to dial by the trunk."
    )
    trunk: str = Field("", description="The trunk that rings them; empty with uri: straight there.")

    @model_validator(mode="after")
    def _can_be_rung(self) -> Self:
        if bool(self.uri) == bool(self.extension):
            raise ValueError("write either uri or extension")
        if self.uri and _URI.match(self.uri) is None:
            raise ValueError("write uri as sip:EXTENSION@HOST:PORT")
        if self.extension and not self.trunk:
            raise ValueError("an extension needs a trunk")
        return self

    @property
    def address(self) -> str:
        """Which telephone it is: one call at a time there."""
        return self.uri or f"{self.extension}@{self.trunk}"


class Person(Phone):
    """Somebody who takes calls over."""

    name: str = Field(
        min_length=1,
        description="As customers' rows name their manager: whose customers they never get (A1).",
    )
    hours: tuple[Duty, ...] = Field(
        (), description='When they take calls: {from: "09:00", to: "17:30"}; empty: always.'
    )
    records: bool = Field(False, description="Whether that extension records by itself (R1).")
    refer: bool = Field(
        False,
        description="Hand over by REFER: the call leaves our recording, so records must be true (R1).",
    )

    @model_validator(mode="after")
    def _records_if_referred(self) -> Self:
        if self.refer and not self.records:
            raise ValueError(f"{self.name}: refer needs an extension that records by itself (R1)")
        return self


class HandoverSettings(_Section):
    """Handing calls over to people."""

    groups: dict[GroupName, tuple[Person, ...]] = Field(
        {}, description="People by the name of their group, which scripts hand over to: docs/handover.md."
    )
    clerks: dict[str, Phone] = Field(
        {}, description="Telephones of those who call by a click of the console, by staff number."
    )
    ring_s: float = Field(15.0, ge=1, le=120, description="Each person is rung for so long.")
    persons: int = Field(2, ge=1, le=10, description="So many people are rung for a call, one by one.")
    talk_s: float = Field(1800.0, ge=10, le=14400, description="Longest talk with a person.")
    music: str = Field(
        "",
        description="What the customer hears meanwhile: a WAV file, 8 kHz mono 16 bit; empty: a melody.",
    )
    slots_per_worker: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Calls of each line worker kept for people; empty: 1 if there is anybody, else 0.",
    )

    @property
    def kept(self) -> int:
        """Slots of each line worker that no customer is called by."""
        return (
            int(bool(self.groups or self.clerks)) if self.slots_per_worker is None else self.slots_per_worker
        )

    @property
    def wait_s(self) -> float:
        """The longest that a customer waits; what a script promises with {transfer_wait} (S18)."""
        return self.ring_s * self.persons

    @property
    def longest_s(self) -> float:
        """What handing over may add to a call."""
        return self.wait_s + self.talk_s if self.groups else 0.0

    @model_validator(mode="after")
    def _have_people(self) -> Self:
        empty = next((name for name, people in self.groups.items() if not people), None)
        if empty is not None:
            raise ValueError(f"nobody is in groups.{empty}")
        return self


def on_duty(person: Person, now: datetime, calendar: Calendar) -> bool:
    """Whether somebody takes calls at a business time."""
    local = now.astimezone(SHANGHAI)
    kinds = calendar.day_of(local.date()).kinds
    return not person.hours or any(
        hours.holds(local.time()) and not kinds.isdisjoint(hours.days) for hours in person.hours
    )


def eligible(
    people: Iterable[Person], now: datetime, calendar: Calendar, avoid: Collection[str]
) -> tuple[Person, ...]:
    """Who of a group may take this customer's call now. `avoid`: names of who looks after them (A1)."""
    return tuple(
        one
        for one in people
        if not any(_may_be_one(one.name, name) for name in avoid) and on_duty(one, now, calendar)
    )


def reachable(
    groups: Mapping[str, tuple[Person, ...]], now: datetime, calendar: Calendar, avoid: Collection[str]
) -> frozenset[str]:
    """Names of the groups of which somebody may take this customer's call now."""
    return frozenset(name for name, people in groups.items() if eligible(people, now, calendar, avoid))


def choose(
    candidates: Iterable[Person], *, busy: Collection[str], free_since: Mapping[str, datetime]
) -> Person | None:
    """The person to ring: of those who have no call, who has been left in peace the longest.

    Args:
        candidates: who is eligible and was not asked yet, in the group's order.
        busy: addresses of people with a call.
        free_since: when an address was last rung or talked to; who never was comes first.
    """
    free = [one for one in candidates if one.address not in busy]
    never = next((one for one in free if one.address not in free_since), None)
    return never or min(free, key=lambda one: free_since[one.address], default=None)


def who_serves(customer: Customer) -> frozenset[str]:
    """Names of those who look after a customer: they are no party of a callback (A1)."""
    return frozenset({customer.manager} - {""})


def _may_be_one(name: str, other: str) -> bool:
    """Whether both may name one person: 王芳, 王芳经理, 王 芳（8012）, 王芳、李明. A doubt bars them (A1)."""
    one, two = sorted((_plain(name), _plain(other)), key=len)
    return one == two or (len(one) >= SHORTEST_NAME and one in two)


def _plain(name: str) -> str:
    """Its letters and digits: no blanks, brackets or titles' points; full width and capitals are all one."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()
