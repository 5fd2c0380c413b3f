"""A document before it is written in any form: facts, tables, opinions, charts, lines to sign on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class Firm:
    """Whose paper it is. `seat`: the staff number that calls are made under (S2)."""

    name: str
    seat: str = ""


class Fact(NamedTuple):
    """A name and its value; a `wide` one takes the whole line of a form, others share it by twos."""

    name: str
    value: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs (R6): done in the system by `name` at a time, and always a line to sign on paper.

    Attributes:
        role: 经办人, 运营总监, ...
        act: what it is: 签字, 确认, 批准.
    """

    role: str
    name: str = ""
    at: datetime | None = None
    act: str = "签字"

    @property
    def line(self) -> str:
        """Before the empty line: the role with what they do, unless that is to sign."""
        return self.role if self.act == "签字" else f"{self.role}（{self.act}）"

    @property
    def done(self) -> str:
        """Who did it in the system and when; "" for nobody yet."""
        when = "" if self.at is None else f" {self.at:%Y-%m-%d %H:%M}"
        return f"{self.name}{when}" if self.name else ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading; `without` is said where it has no row.

    `numbers`: the columns that hold numbers or percentages ("12", "98.5%"), counted from 0.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    without: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A field of a form with words in it, or room for them, and lines to sign on beneath."""

    heading: str
    words: str = ""
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; `shown` stands beside it."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, one below the other, of numbers or of ratios.

    `wanted`: the ratio that each should reach; None: nothing is asked.
    """

    heading: str
    bars: tuple[Bar, ...]
    wanted: float | None = None
    ratios: bool = False


Part: TypeAlias = Grid | Box | Chart


@dataclass(frozen=True, slots=True)
class Paper:
    """A document.

    Attributes:
        facts: names and values, the head of the form.
        parts: what follows, in order.
        remarks: sentences at the foot.
        signatures: who signs at the end, each on a line of their own (R6).
        number: 编号. annex: which annex of its rules the form is (附件1).
    """

    title: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    number: str = ""
    annex: str = ""
