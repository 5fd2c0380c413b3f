"""Policy profiles: one firm's rules of calling, as a data file valid from a date.

A profile inherits with `extends: NAME` what its own source does not say: single keys are replaced; `after`,
`note_days` and what planning demands (`duties` and the like) are merged entry by entry, where null takes an
inherited entry away. Files are looked up through a finder, so that a site's own come first.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal, Self, get_args

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
from plans.duties import Duty, Reserved, Section
from plans.paperwork import Channel, Filing, Report, Signing, Term, Way
from plans.sections import Classes, Clock, ClockName, EntryId, KeyActive, Merge

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
        duties: who is called, by when, by whom (P1-P7, P12, P13), by the duty's own name.
        reserved: who answers for some customers, whatever a duty says (P12), by the entry's own name.
        key_active: who counts as key and active (P3).
        classes: of customers, by assets and turnover (C2).
        merge: which kinds may share a call (D7).
        clocks: what has its last day (Q4, Q9, C6).
        reports: which papers are due, by when, to whom (W4, W6, W7, Q9, P11), by the report's own name.
        retention: how long material is kept (R3), by the term's own name.
        filing: where written records go (R5).
        signatures: who signs which form (R6, W3), by the chain's own name.
        channels: other ways of meeting customers (C1, C5, A4).
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
    duties: Mapping[EntryId, Duty] = {}
    reserved: Mapping[EntryId, Reserved] = {}
    key_active: KeyActive = KeyActive()
    classes: Classes = Classes()
    merge: Merge = Merge()
    clocks: Mapping[ClockName, Clock] = {}
    reports: Mapping[EntryId, Report] = {}
    retention: Mapping[EntryId, Term] = {}
    filing: Filing = Filing.APART
    signatures: Mapping[EntryId, Signing] = {}
    channels: Mapping[Way, Channel] = {}
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


BY_ENTRY = (
    "after",
    "note_days",
    "duties",
    "reserved",
    "clocks",
    "reports",
    "retention",
    "signatures",
    "channels",
)
"""Sections that are merged entry by entry; null takes an inherited entry away."""
_BY_KEY = ("key_active", "classes", "merge")


def _may_be_left_out() -> dict[str, Any]:
    """Every field of a profile as a file writes it: each may be left to the file that it extends."""
    fields: dict[str, Any] = {}
    for name, info in Profile.model_fields.items():
        if name == "calendar":
            continue
        optional = copy.copy(info)
        optional.default = None
        fields[name] = (_with_null(info.annotation) if name in BY_ENTRY else info.annotation, optional)
    return fields


def _with_null(mapping: Any) -> Any:
    """A mapping whose entries may be null: taken away."""
    key, entry = get_args(mapping)
    return GenericAlias(Mapping, (key, entry | None))


ProfileFile = create_model("ProfileFile", __base__=_Model, extends=(str | None, None), **_may_be_left_out())

Finder = Callable[[str], Path]
"""Where the file of a profile's name is."""


def beside(path: Path) -> Finder:
    """Look up further profiles in the folder of `path`."""
    return lambda name: path.parent / f"{name}.yaml"


@dataclass(frozen=True, slots=True)
class Read:
    """A file of a profile, and what it writes."""

    path: Path
    written: Mapping[str, Any]


def load(path: Path, find: Finder | None = None, calendar: Calendar = OFFICIAL) -> Profile:
    """Read a profile with all that it inherits.

    Args:
        path: the profile's file.
        find: where the profiles it extends are; beside `path` unless told.
        calendar: the days that its windows go by.

    Raises:
        ProfileError: unreadable, unknown key, value out of range, `extends` in a circle; with file:line.
    """
    return assemble(chain(path, find or beside(path)), calendar)


def assemble(files: Sequence[Read], calendar: Calendar) -> Profile:
    """The profile that a `chain` of files writes.

    Raises:
        ProfileError: something is missing in all of them.
    """
    merged: dict[str, Any] = {}
    for one in reversed(files):
        merged = _merge(merged, one.written)
    try:
        return Profile.model_validate({**merged, "calendar": calendar})
    except ValidationError as error:
        each = [ProfileError(yamlfile.told(one), where=place_of(files, one["loc"])) for one in error.errors()]
        where = str(files[0].path)
        raise ProfileError(yamlfile.complaint(error), where=where, each=each) from error


def chain(path: Path, find: Finder) -> list[Read]:
    """The file, then the one it extends, and so on.

    Raises:
        ProfileError: as `load`.
    """
    files: list[Read] = []
    seen: set[Path] = set()
    following: Path | None = path
    while following is not None:
        if following.resolve() in seen:
            raise ProfileError("`extends` goes in a circle", where=str(path))
        seen.add(following.resolve())
        file = yamlfile.load(following, ProfileFile, ProfileError)
        written = {name: getattr(file, name) for name in file.model_fields_set}
        parent = written.pop("extends", None)
        files.append(Read(following, written))
        following = find(parent) if parent else None
    return files


def place_of(files: Sequence[Read], place: tuple[str | int, ...]) -> str:
    """ "file:line" of what a profile says: in the first file that writes it; else the profile's own file."""
    for file in files:
        if _writes(file.written, place):
            return yamlfile.where(file.path, place)
    return str(files[0].path)


def _writes(written: Mapping[str, Any], place: tuple[str | int, ...]) -> bool:
    section = written.get(str(place[0])) if place else None
    if isinstance(section, Mapping) and len(place) > 1:
        return place[1] in section
    return section is not None


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    return {**below, **above, **dict(_merged(below, above))}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is neither replaced nor inherited as a whole."""
    for name in BY_ENTRY:
        entries = {**below.get(name, {}), **above.get(name, {})}
        yield name, {key: entry for key, entry in entries.items() if entry is not None}
    for name in _BY_KEY:
        yield name, {**_written(below.get(name)), **_written(above.get(name))}


def _written(section: Section | Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The keys of a section that a file writes."""
    if isinstance(section, Section):
        return {name: getattr(section, name) for name in section.model_fields_set}
    return section or {}
