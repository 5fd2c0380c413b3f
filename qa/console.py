"""What all pages work on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from office.place import Place
from papers.paper import Firm
from plans.scorecards import Scorecard
from qa.inviting import Invitation
from qa.limiting import Limiter
from qa.passwords import Passwords
from qa.peaks import Outlines
from qa.remembering import Figures
from qa.uploads import Uploads
from qa.working import Progress, Works
from records.database import Database
from records.sounds import Sounds

Start: TypeAlias = Callable[[str, str, Progress], Awaitable[object]]
"""Carries out a worksheet, by number, for a staff number: renders what it says, and lets its campaign run."""


@dataclass(frozen=True, slots=True)
class Console:
    """A site as the console sees it.

    Attributes:
        start: starts an approved worksheet.
        secure: served by TLS: cookies are never sent without.
        outlines: of recordings that were looked at lately.
        invitation: signs somebody in without a password.
        sign_ins: how often an address may try. hearings: how often it is noted that somebody hears a track.
        scorecards: by which calls are scored (Q5).
        works: what takes longer than a page. figures: counted lately.
    """

    place: Place
    start: Start
    secure: bool = False
    invitation: Invitation | None = None
    passwords: Passwords = field(default_factory=Passwords)
    outlines: Outlines = field(default_factory=Outlines)
    sign_ins: Limiter = field(default_factory=lambda: Limiter(10, timedelta(minutes=1)))
    hearings: Limiter = field(default_factory=lambda: Limiter(1, timedelta(hours=1)))
    scorecards: tuple[Scorecard, ...] = ()
    works: Works = field(default_factory=Works)
    figures: Figures = field(init=False)
    uploads: Uploads = field(init=False)

    def __post_init__(self) -> None:
        """Figures go by the site's clock, uploads lie in its data directory."""
        object.__setattr__(self, "figures", Figures(self.place.now))
        object.__setattr__(self, "uploads", Uploads(self.place.data / "cache" / "imports"))

    @property
    def database(self) -> Database:
        """The site's records."""
        return self.place.database

    @property
    def sounds(self) -> Sounds:
        """Its recordings."""
        return self.place.sounds

    @property
    def firm(self) -> Firm:
        """Whose console it is."""
        return self.place.firm

    def now(self) -> datetime:
        """Business time."""
        return self.place.now()
