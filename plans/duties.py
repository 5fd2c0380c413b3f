"""What a firm's profile demands besides the calling: its duties. Further sections: `plans.sections`.

Entries of a policy profile (`dialer.profile`), each with the id of the rule that it serves. An entry
set to null takes away what the profile that is extended says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from records.model import Kind
from records.people import ClientKind, EventKind, Source
from records.planned import Executor

Share = Annotated[float, Field(gt=0, le=1)]
RuleId = Annotated[str, Field(pattern=r"^[A-Z]\d{1,2}$")]

SERVICE = frozenset({Kind.PERIODIC, Kind.AFTER_SALES})
"""Kinds that the marketing director may answer for; all others are a matter of compliance (P12, A1)."""

SCRIPTS = {Kind.SPECIAL: "special_questions", Kind.CHECK: "headquarters_check"}
"""The script of a kind that has none of its own name."""


class Period(StrEnum):
    """Stretches of the calendar in which something is due once."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TWO_YEARS = "two_years"
    """Beginning with an even year."""


class Section(BaseModel):
    """A part of a profile: unknown keys are refused, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Within(Section):
    """A time from a day on: exactly one of these. Worked days by the official calendar (P10)."""

    worked_days: int | None = Field(default=None, ge=0, le=250)
    days: int | None = Field(default=None, ge=0, le=750)
    months: int | None = Field(default=None, ge=1, le=60)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(value is not None for value in (self.worked_days, self.days, self.months)) != 1:
            raise ValueError("write one of worked_days, days, months")
        return self


class Who(Section):
    """Whom a duty concerns: all that is written holds; nothing written means everybody.

    Attributes:
        classes: so that a follow-up fits the customer's class (C2, C7).
        key_active: among the key and active of the branch, or not (P3).
        assets_from, assets_below: yuan.
        adviser: with or without an adviser's contract in force (P6).
        provinces: only these, by how their names begin (四川); `provinces_not`: all but these.
    """

    sources: tuple[Source, ...] = ()
    clients: tuple[ClientKind, ...] = ()
    classes: tuple[str, ...] = ()
    key_active: bool | None = None
    core: bool | None = None
    dormant: bool | None = None
    adviser: bool | None = None
    assets_from: float | None = Field(default=None, ge=0)
    assets_below: float | None = Field(default=None, gt=0)
    provinces: tuple[str, ...] = ()
    provinces_not: tuple[str, ...] = ()


class Duty(Section):
    """A kind of follow-up that is owed: upon an event, or once in each period.

    Attributes:
        upon: the event that makes it due; else `each`.
        since: periods are counted from the customer's day of that event, not by the calendar (P6).
        within: the last day, counted from the event's; an event's own day goes before (P7).
        begin_within: the last day of the first call (P6).
        share: of those concerned, so many must be called; a sample where it is below 1 (P1, P2, P5).
        script: what is said, by name, where it is not the kind's own; see `spoken` (P8).
        besides: its customers are called in addition to what other duties of the kind ask (P5).
    """

    kind: Kind
    upon: EventKind | None = None
    each: Period | None = None
    since: EventKind | None = None
    who: Who = Who()
    within: Within | None = None
    begin_within: Within | None = None
    share: Share = 1.0
    script: str = ""
    besides: bool = False
    executor: Executor
    rule: RuleId
    says: str = ""

    @model_validator(mode="after")
    def _has_an_occasion(self) -> Self:
        if (self.upon is None) == (self.each is None):
            raise ValueError("write either `upon`, an event, or `each`, a period")
        if self.upon is not None and self.within is None:
            raise ValueError("`upon` asks for `within`")
        return self

    @model_validator(mode="after")
    def _is_not_for_marketing(self) -> Self:
        if self.executor is Executor.MARKETING and self.kind not in SERVICE:
            raise ValueError(f"{self.kind} is a compliance kind: never for `marketing` (A1, P12)")
        return self

    @property
    def spoken(self) -> str:
        """The name of the script (P8)."""
        return self.script or SCRIPTS.get(self.kind, self.kind.value)


class Reserved(Section):
    """Customers for whom one executor answers, whatever a duty says (P12)."""

    who: Who
    executor: Executor
    rule: RuleId

    @model_validator(mode="after")
    def _is_not_for_marketing(self) -> Self:
        if self.executor is Executor.MARKETING:
            raise ValueError("never for `marketing`, whom no compliance kind may reach (A1, P12)")
        return self
