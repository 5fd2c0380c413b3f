"""What an index of tokens can tell of a query (pure): a formula that every hit fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from records import grams
from records.query import And, Not, Or, Query, Term


@dataclass(frozen=True, slots=True)
class AllOf:
    """All `parts` and none of `without`; there is a part or more."""

    parts: tuple[Formula, ...]
    without: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of them or more."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = str | AllOf | AnyOf
"""A string is a token, or with * at its end the prefix of one."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the index tells.

    Attributes:
        formula: every hit fulfils it; None: the index tells nothing.
        sure: whatever fulfils it is a hit, so no text needs to be looked at.
    """

    formula: Formula | None
    sure: bool


_NOTHING = Narrowed(None, sure=False)


def narrowed(query: Query) -> Narrowed:
    """What the index tells of a query. A NOT is told only beside something that is asked for."""
    match query:
        case Term():
            found = grams.asked(query.needle, query.alike)
            return Narrowed(_all(found), len(query.needle) <= grams.SURE)
        case Or(parts):
            return _or([narrowed(part) for part in parts])
        case And(parts):
            return _and(parts)
        case Not():
            return _NOTHING


def _or(parts: list[Narrowed]) -> Narrowed:
    told = tuple(part.formula for part in parts if part.formula is not None)
    if len(told) < len(parts):
        return _NOTHING
    return Narrowed(AnyOf(told), all(part.sure for part in parts))


def _and(parts: tuple[Query, ...]) -> Narrowed:
    """Only what is sure can be left out: of a longer term the index knows no text that lacks it."""
    asked = [narrowed(part) for part in parts if not isinstance(part, Not)]
    barred = [narrowed(part.part) for part in parts if isinstance(part, Not)]
    told = tuple(part.formula for part in asked if part.formula is not None)
    if not told:
        return _NOTHING
    without = tuple(part.formula for part in barred if part.sure and part.formula is not None)
    return Narrowed(_all(told, without), all(part.sure for part in (*asked, *barred)))


def _all(parts: tuple[Formula, ...], without: tuple[Formula, ...] = ()) -> Formula:
    return parts[0] if len(parts) == 1 and not without else AllOf(parts, without)
