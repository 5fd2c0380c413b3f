"""Policy profiles: one firm's rules of calling, as a data file valid from a date.

A profile inherits with `extends: NAME` what its own source does not say: single keys are replaced, `after` is
merged disposition by disposition, `note_days` note by note. Files are looked up through a finder, so that a
site's own come first.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    create_model,
    model_validator,
)

from base import yamlfile
from base.calendar import OFFICIAL, Calendar, DayKind
from base.errors import ProfileError
from dialer.answering import Limits
from dialer.disposition import OF_ATTEMPT, Disposition

_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")


def _clock_time(value: object) -> object:
    """A quoted "15:00" only: an unquoted 15:00 is the number 900 to YAML 1.1."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        hour, minute = value.split(":")
        return time(int(hour), int(minute))
    raise ValueError('write a time of day in quotes, as "15:00"')


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


NoteCode = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
NoteDays = Annotated[int, Field(ge=0, le=60)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hours(_Model):
    """A stretch of the day, `start` included, `end` not. In files: `from` and `to`."""

    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start >= self.end:
            raise ValueError("`to` must be later than `from`")
        return self

    def holds(self, moment: time) -> bool:
        """Whether the time of day lies in the stretch."""
        return self.start <= moment < self.end


class Window(Hours):
    """When calls may go out, on days of these kinds (D3)."""

    days: tuple[DayKind, ...]


class Part(Hours):
    """A part of the day: a second attempt goes into another one, or to another day (D2)."""

    name: str


class Rule(_Model):
    """What becomes of a follow-up after an attempt with a certain disposition.

    Attributes:
        then: `retry`, `close`, or at the time agreed: `appoint` (else retry), `agreed` (else close).
        wait_s: least spacing to the next attempt, in seconds; doubled with each attempt in a row that rang
            no phone, for then the line was at fault.
        other_part: the next attempt must fall in another part of the day or on another day.
        rule: id of the rule served, for people.
    """

    then: Literal["retry", "appoint", "agreed", "close"]
    wait_s: float = Field(default=0.0, ge=0, le=30 * 86400)
    other_part: bool = False
    rule: str = ""


class Answering(_Model):
    """How persons and machines are told apart after the answer (A2), in seconds; see `dialer.answering`.

    Attributes:
        on: whether it is done; without it the opening is said at once.
        silence_s: nothing is heard for so long: a person waits.
        pause_s: quiet that ends what is said.
        short_s: whoever spoke no longer and fell quiet is a person.
        listen_s: longer talk is recognised in pieces of this length.
        longest_s: who talks for so long without a pause is a machine.
        wait_s: by then the opening is said in any case.
    """

    on: bool = True
    silence_s: float = Field(default=1.5, gt=0, le=10)
    pause_s: float = Field(default=0.4, ge=0.2, le=2)
    short_s: float = Field(default=1.8, gt=0, le=10)
    listen_s: float = Field(default=3.0, ge=1, le=10)
    longest_s: float = Field(default=9.0, gt=0, le=60)
    wait_s: float = Field(default=12.0, gt=0, le=60)

    def limits(self) -> Limits:
        """What `dialer.answering` takes."""
        return Limits(**self.model_dump(exclude={"on"}))


class Profile(_Model):
    """One firm's policy. Seconds, business time in Asia/Shanghai; ids in brackets are the rules served.

    Attributes:
        valid_from: the first day on which campaigns may call by it.
        attempts: automatic rings at most (D2, D10).
        unrung_attempts: attempts at most that rang no phone, before a person looks (D4).
        per_number_day: rings at most of one number on one day, across campaigns (D2).
        campaign_channels: calls at once of one campaign, over all nodes; None: as many as the lines carry.
        ring_s: seconds of ringing before we hang up (D1).
        setup_s: seconds until something rings or answers, before we give up.
        talk_s: longest call.
        closing_hold_s: least time the line is held after the closing words (D9); a script may ask for more.
        note_days: worked days within which people do what a note of a call asks for, by note (Q4).
        answering: how persons and machines are told apart after the answer (A2).
        legal: no call begins outside these hours, whatever was agreed (D6).
        business_start: the clock shows this time at the start of a demonstration; None: real time.
        calendar: the site's days; not written in a profile's file.
    """

    name: str
    says: str = ""
    valid_from: date
    attempts: int = Field(ge=1, le=10)
    unrung_attempts: int = Field(default=6, ge=1, le=50)
    per_number_day: int = Field(default=3, ge=1, le=50)
    campaign_channels: int | None = Field(default=None, ge=1)
    ring_s: float = Field(ge=30.0)
    setup_s: float = Field(gt=0)
    talk_s: float = Field(gt=0)
    closing_hold_s: float = Field(ge=0)
    note_days: Mapping[NoteCode, NoteDays] = {}
    answering: Answering = Answering()
    legal: Hours
    windows: tuple[Window, ...] = Field(min_length=1)
    parts: tuple[Part, ...] = ()
    after: Mapping[Disposition, Rule]
    business_start: AwareDatetime | None = None
    calendar: InstanceOf[Calendar] = OFFICIAL

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [one.value for one in OF_ATTEMPT if one not in self.after]
        if missing:
            raise ValueError(f"`after` says nothing of {', '.join(missing)}")
        if not any(max(w.start, self.legal.start) < min(w.end, self.legal.end) for w in self.windows):
            raise ValueError("no window lies within the legal hours")
        return self


def _may_be_left_out() -> dict[str, Any]:
    """Every field of a profile as a file writes it: each may be left to the file that it extends."""
    fields: dict[str, Any] = {}
    for name, info in Profile.model_fields.items():
        if name == "calendar":
            continue
        optional = copy.copy(info)
        optional.default = None
        fields[name] = (info.annotation, optional)
    return fields


ProfileFile = create_model("ProfileFile", __base__=_Model, extends=(str | None, None), **_may_be_left_out())

Finder = Callable[[str], Path]
"""Where the file of a profile's name is."""


def beside(path: Path) -> Finder:
    """Look up further profiles in the folder of `path`."""
    return lambda name: path.parent / f"{name}.yaml"


def load(path: Path, find: Finder | None = None, calendar: Calendar = OFFICIAL) -> Profile:
    """Read a profile with all that it inherits.

    Args:
        path: the profile's file.
        find: where the profiles it extends are; beside `path` unless told.
        calendar: the days that its windows go by.

    Raises:
        ProfileError: unreadable, unknown key, value out of range, `extends` in a circle; with file:line.
    """
    merged: dict[str, Any] = {}
    for written in reversed(_chain(path, find or beside(path))):
        merged = _merge(merged, written)
    try:
        return Profile.model_validate({**merged, "calendar": calendar})
    except ValidationError as error:
        raise ProfileError(yamlfile.complaint(error), where=str(path)) from error


def _chain(path: Path, find: Finder) -> list[dict[str, Any]]:
    """What the file writes, then what the one it extends writes, and so on."""
    chain: list[dict[str, Any]] = []
    seen: set[Path] = set()
    following: Path | None = path
    while following is not None:
        if following.resolve() in seen:
            raise ProfileError("`extends` goes in a circle", where=str(path))
        seen.add(following.resolve())
        file = yamlfile.load(following, ProfileFile, ProfileError)
        written = {name: getattr(file, name) for name in file.model_fields_set}
        parent = written.pop("extends", None)
        chain.append(written)
        following = find(parent) if parent else None
    return chain


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = {name: {**below.get(name, {}), **above.get(name, {})} for name in ("after", "note_days")}
    return {**below, **above, **merged}
