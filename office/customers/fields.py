"""What becomes of the cells of each kind of column. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from office.customers import cells
from office.customers.cells import BadCell
from office.customers.names import EVENTS, HEADINGS, TYPES
from office.tables import Cell

Values = Mapping[str, Any]
"""What a cell says, by column of the table."""

Reader = Callable[[Cell, float], Values]
"""Reads a cell, given what its column counts in (万元: 10,000)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A kind of column.

    Attributes:
        key: its name in a mapping.
        several: each of several such columns counts; else the one with the better known name.
    """

    key: str
    read: Reader
    several: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """How branches head it, the best known name first."""
        return tuple(HEADINGS[self.key].split())

    @property
    def title(self) -> str:
        """Its best known name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file may hold: its columns, and the groups of them of which one must be there."""

    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    slots: bool = False
    """Whether columns headed `{matter}` hold words for scripts."""


def _words(key: str, longest: int = cells.LONGEST) -> Reader:
    return lambda cell, _unit: {key: cells.words(cell, longest)}


def _day(key: str) -> Reader:
    return lambda cell, _unit: {key: cells.day(cell)}


def _amount(key: str) -> Reader:
    return lambda cell, unit: {key: cells.amount(cell, unit)}


def _switch(key: str) -> Reader:
    return lambda cell, _unit: {key: cells.switch(cell)}


def _detail(key: str, read: Callable[[Cell], Any] = cells.words) -> Reader:
    return lambda cell, _unit: {key: read(cell)}


def _iso(cell: Cell) -> str:
    found = cells.day(cell)
    return found.isoformat() if found else ""


_NUMBER = r"(?P<number>[A-Za-z]{0,4}-?\d+(?:-\d+)*)"
_NUMBER_LAST = re.compile(rf"^(?P<name>[^\d()（）/]*?)\s*[(（/]?\s*{_NUMBER}\s*[)）]?$")
_NUMBER_FIRST = re.compile(rf"^{_NUMBER}[\s(（/-]*(?P<name>[^\d()（）]*?)\s*[)）]?$")


def named_and_numbered(cell: Cell) -> tuple[str, str]:
    """Name and staff number of one of the firm's people: 王芳, 0017, 王芳(0017), 0017 王芳."""
    return _named_and_numbered(cells.words(cell))


@lru_cache(maxsize=20_000)
def _named_and_numbered(text: str) -> tuple[str, str]:
    found = _NUMBER_FIRST.match(text) or _NUMBER_LAST.match(text)
    return (found["name"].strip(), found["number"]) if found else (text, "")


def _manager(cell: Cell, _unit: float) -> Values:
    name, number = named_and_numbered(cell)
    return {"manager": name, "manager_no": number} if number else {"manager": name}


def _person(key: str) -> Reader:
    """A staff number; where only a name is written, the name."""

    def read(cell: Cell, _unit: float) -> Values:
        name, number = named_and_numbered(cell)
        return {key: number or name}

    return read


def _turnover(cell: Cell, unit: float) -> Values:
    return {"turnover": cells.rate(cell, unit)}


def _until(cell: Cell, _unit: float) -> Values:
    return {"adviser_until": cells.last_day(cell)}


def _contract(cell: Cell, _unit: float) -> Values:
    since, until = cells.from_to(cell)
    return {"adviser_since": since, "adviser_until": until}


_TYPE_PARTS = re.compile(r"[/、,，;；\s-]+")


def _type(cell: Cell, _unit: float) -> Values:
    """Kinds of number, client, source; several may stand in one cell: 个人/居间."""
    return _types(cells.plain(cell).casefold())


@lru_cache(maxsize=1_000)
def _types(text: str) -> Values:
    found: dict[str, Any] = {}
    for part in filter(None, _TYPE_PARTS.split(text)):
        if part not in TYPES:
            raise BadCell(f"{part} 不是已知的类型（手机、座机；个人、机构；普通、经纪人、居间）")
        found |= TYPES[part]
    return found


def _event(cell: Cell, _unit: float) -> Values:
    text = cells.plain(cell)
    kind = EVENTS.get(text.casefold())
    if kind is None:
        raise BadCell(f"{text} 不是已知的事件" if text else "事件为空")
    return {"event": kind}


def _phones(cell: Cell, _unit: float) -> Values:
    return {"phones": cells.phones(cell)}


_DETAILS = {
    "id_number": _detail("id_tail", cells.tail),
    "birthday": _detail("birthday", _iso),
    "address": _detail("address", lambda cell: cells.words(cell, 200)),
    "market_value": lambda cell, unit: {"market_value": cells.amount(cell, unit) or ""},
    **{key: _detail(key) for key in ("gender", "occupation", "postcode", "email", "commission_rate")},
    **{key: _detail(key) for key in ("income", "hobby")},
}
DETAILS = frozenset({"id_tail", *_DETAILS} - {"id_number"})
"""What only papers want (W5): kept together in the column `details`."""

_ACCOUNT, _NAME = Field("account", _words("account")), Field("name", _words("name"))
_PHONE = Field("phone", _phones, several=True)
_BRANCH = Field("branch", _words("branch"))
_PEOPLE = (
    Field("manager", _manager),
    *(Field(key, _person(key)) for key in ("manager_no", "introducer", "opened_by", "signed_by")),
)
_WHO = (_NAME, _ACCOUNT, _PHONE)
_EITHER = (("name", "account"), ("phone", "account"))
"""An account says who is meant, and so do name and phone together."""

CUSTOMERS = Sheet(
    (
        *(*_WHO, _BRANCH, *_PEOPLE),
        Field("type", _type, several=True),
        Field("province", _words("province")),
        *(Field(key, _amount(key)) for key in ("assets", "volume", "commission")),
        Field("turnover", _turnover),
        *(Field(key, _switch(key)) for key in ("core", "dormant", "chosen")),
        *(Field(key, _day(key)) for key in ("opened_on", "closed_on", "adviser_since")),
        *(Field("adviser_until", _until), Field("contract", _contract)),
        Field("contact", _words("name"), several=True),
        Field("contact_phone", _phones, several=True),
        Field("contact_post", _words("post"), several=True),
        *(Field(key, read) for key, read in _DETAILS.items()),
    ),
    _EITHER,
    slots=True,
)
EVENTS_SHEET = Sheet(
    (
        *_WHO,
        Field("event", _event),
        *(Field(key, _day(key)) for key in ("on", "by_on")),
        *(Field("by", _words("by")), Field("words", _words("words", cells.WORDS))),
    ),
    (*_EITHER, ("event",), ("on",)),
)
RELATIONS = Sheet(
    (*_WHO, *_PEOPLE), (*_EITHER, ("introducer", "opened_by", "signed_by", "manager_no", "manager"))
)
STAFF = Sheet(
    (
        *(Field(key, _words(key)) for key in ("number", "name", "branch", "department", "post")),
        Field("superior", _person("superior")),
    ),
    (("number",), ("name",)),
)
