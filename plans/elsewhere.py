"""What becomes of a customer whom calls did not settle (A4, D2). Pure."""

from __future__ import annotations

from enum import StrEnum


class Route(StrEnum):
    """How an open obligation goes on."""

    CALL = "call"
    """By the machine."""
    NOTICE = "notice"
    """The customer does not want to be called, or never answered: informed by SMS or another notice (A4)."""
    PERSON = "person"
    """Somebody looks, and calls or visits."""


_AGAIN = frozenset({"", "cancelled"})
"""Nobody was called yet, or the campaign was given up."""

_NOTICE = frozenset({"refused", "do_not_call", "exhausted"})


def route_of(tried: str, *, no_notice: bool) -> Route:
    """How an obligation goes on.

    Args:
        tried: the disposition of its last follow-up; "" before any. What has too few valid attempts
            (insufficient) is for a person, as is whoever the machine could not talk to (D2).
        no_notice: a notice did not arrive, or cannot.
    """
    if tried in _AGAIN:
        return Route.CALL
    return Route.NOTICE if tried in _NOTICE and not no_notice else Route.PERSON
