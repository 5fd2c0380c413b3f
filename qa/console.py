"""What all pages work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from papers.paper import Firm
from qa.limiting import Limiter
from qa.passwords import Passwords
from qa.peaks import Outlines
from records.database import Database


@dataclass(frozen=True, slots=True)
class Console:
    """A site as the console sees it.

    Attributes:
        data: the data directory: recordings' paths are relative to it.
        now: business time.
        secure: served by TLS: cookies are never sent without.
        outlines: of recordings that were looked at lately.
        sign_ins: how often an address may try.
    """

    database: Database
    data: Path
    now: Callable[[], datetime]
    firm: Firm
    secure: bool = False
    passwords: Passwords = field(default_factory=Passwords)
    outlines: Outlines = field(default_factory=Outlines)
    sign_ins: Limiter = field(default_factory=lambda: Limiter(10, timedelta(minutes=1)))
