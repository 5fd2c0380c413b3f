"""What `huifang check` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        says: what was found.
        remedy: what to do about it.
        risk: it works, but somebody should know: named, and no reason to fail.
    """

    what: str
    ok: bool
    says: str
    remedy: str = ""
    risk: bool = False
