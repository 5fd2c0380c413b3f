"""What somebody did in the console without changing anything, put on the audit trail (A6)."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from qa.guarding import console_of, user_of
from records import audit
from records.chain import Act


async def note(request: Request, what: str, kind: str, of: str, detail: Mapping[str, str]) -> None:
    """Keep it; raises before anything was shown where it cannot be kept."""
    console = console_of(request)
    await audit.keep(console.database, Act(console.now(), user_of(request).number, what, kind, of, detail))
