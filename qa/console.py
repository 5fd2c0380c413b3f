"""What all pages work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from office.place import Place
from papers.paper import Firm
from qa.limiting import Limiter
from qa.passwords import Passwords
from records.database import Database


@dataclass(frozen=True, slots=True)
class Console:
    """A site as the console sees it.

    Attributes:
        data: the data directory: recordings' paths are relative to it.
        secure: served by TLS: cookies are never sent without.
        sign_ins: how often an address may try.
    """

    place: Place
    data: Path
    secure: bool = False
    passwords: Passwords = field(default_factory=Passwords)
    sign_ins: Limiter = field(default_factory=lambda: Limiter(10, timedelta(minutes=1)))

    @property
    def database(self) -> Database:
        """The site's records."""
        return self.place.database

    @property
    def firm(self) -> Firm:
        """Whose console it is."""
        return self.place.firm

    def now(self) -> datetime:
        """Business time."""
        return self.place.now()
