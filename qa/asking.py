"""What a page was asked for by its address: days, numbers, one of several words, whose customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode

from base.errors import InputError
from records.search import Page
from records.users import User

E = TypeVar("E", bound=Enum)

SIZE = 50
_MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of a list, and the addresses of those beside it; "" where there is none."""

    number: int
    before: str
    after: str


def page_asked(asked: Mapping[str, str], size: int = SIZE) -> Page:
    """The page that is asked for by `p`, the first without."""
    return Page(size, (_number(asked) - 1) * size)


def paging(path: str, asked: Mapping[str, str], total: int, size: int = SIZE) -> Paging:
    """Where a page of a list stands among all of them."""
    number = _number(asked)
    kept = {name: value for name, value in asked.items() if value and name not in ("p", "said")}

    def to(other: int) -> str:
        return f"{path}?{urlencode(kept | {'p': str(other)})}"

    return Paging(
        number, to(number - 1) if number > 1 else "", to(number + 1) if total > number * size else ""
    )


def branch_asked(user: User, asked: Mapping[str, str]) -> str:
    """Whose customers are asked for: a branch sees its own, whatever it asks (C4); "" asks for all."""
    return user.branch or asked.get("branch", "").strip()


def day(text: str) -> date | None:
    """A day of the calendar; None for none.

    Raises:
        InputError: it is no day.
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2200:
        raise InputError("is no day", where=text, remedy="write YYYY-MM-DD")
    return found


def one_of(known: type[E], text: str) -> E | None:
    """One of several words; None for none.

    Raises:
        InputError: it is none of them.
    """
    if not text:
        return None
    try:
        return known(text)
    except ValueError:
        words = ", ".join(str(one.value) for one in known)
        raise InputError("is unknown", where=text, remedy=f"known: {words}") from None


def count(text: str, most: int) -> int | None:
    """A number from 1 on; None for none.

    Raises:
        InputError: it is none, or too large.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:10]) <= most):
        raise InputError("is no such number", where=text, remedy=f"write 1 to {most}")
    return int(text[:10])


def _number(asked: Mapping[str, str]) -> int:
    text = asked.get("p", "1")
    return min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
