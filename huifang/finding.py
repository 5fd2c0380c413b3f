"""What `huifang check` finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from base.errors import HuifangError, InputError


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


def bad(what: str, error: HuifangError) -> Finding:
    """What an error says."""
    if isinstance(error, InputError):
        says = f"{error.where}: {error.what}" if error.where else error.what
        return Finding(what, False, says, error.remedy)
    return Finding(what, False, str(error))


def guarded(what: str, look: Callable[[], str]) -> Finding:
    """What `look` says, or the error it raised."""
    try:
        return Finding(what, True, look())
    except HuifangError as error:
        return bad(what, error)
