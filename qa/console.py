"""What all pages work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from papers.paper import Firm
from plans.scorecards import Scorecard
from qa.limiting import Limiter
from qa.passwords import Passwords
from records.database import Database


@dataclass(frozen=True, slots=True)
class Console:
    """A site as the console sees it.

    Attributes:
        data: the data directory: recordings' paths are relative to it.
        now: business time.
        secure: served by TLS: cookies are never sent without.
        sign_ins: how often an address may try.
        scorecards: by which calls are scored (Q5).
    """

    database: Database
    data: Path
    now: Callable[[], datetime]
    firm: Firm
    secure: bool = False
    passwords: Passwords = field(default_factory=Passwords)
    sign_ins: Limiter = field(default_factory=lambda: Limiter(10, timedelta(minutes=1)))
    scorecards: tuple[Scorecard, ...] = ()
