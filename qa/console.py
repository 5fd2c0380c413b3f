"""What all pages work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from papers.paper import Firm
from qa.limiting import Limiter
from qa.passwords import Passwords
from records.database import Database
from records.sounds import Sounds


@dataclass(frozen=True, slots=True)
class Console:
    """A site as the console sees it.

    Attributes:
        sounds: its recordings.
        now: business time.
        secure: served by TLS: cookies are never sent without.
        sign_ins: how often an address may try.
    """

    database: Database
    sounds: Sounds
    now: Callable[[], datetime]
    firm: Firm
    secure: bool = False
    passwords: Passwords = field(default_factory=Passwords)
    sign_ins: Limiter = field(default_factory=lambda: Limiter(10, timedelta(minutes=1)))
