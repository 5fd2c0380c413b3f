"""Which scope a token needs for which route of the API. A route that does not stand here is nobody's."""

from __future__ import annotations

from typing import TypeAlias

from records.tokens import Scope

Key: TypeAlias = tuple[str, str]
"""Method and path, within the API."""

SCOPES: dict[Key, Scope] = {
    ("GET", "/calls"): Scope.CALLS,
    ("GET", "/calls/{call}"): Scope.CALLS,
    ("GET", "/calls/{call}/sound/{party}"): Scope.SOUND,
    ("GET", "/search"): Scope.CALLS,
    ("GET", "/campaigns"): Scope.CAMPAIGNS,
    ("POST", "/campaigns/{campaign}/pause"): Scope.CAMPAIGNS,
    ("POST", "/campaigns/{campaign}/resume"): Scope.CAMPAIGNS,
    ("GET", "/cases"): Scope.CASES,
    ("GET", "/cases/{case}"): Scope.CASES,
    ("GET", "/obligations"): Scope.PLANS,
    ("GET", "/coverage"): Scope.PLANS,
    ("POST", "/customers"): Scope.CUSTOMERS,
    ("POST", "/events"): Scope.CUSTOMERS,
}
