"""What the work of an office needs of its site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from base.calendar import Calendar
from dialer.profile import Profile
from papers.paper import Firm
from records.database import Database
from records.model import Customer
from records.sounds import Sounds


class Place(Protocol):
    """A site, as the functions of this package see it."""

    @property
    def data(self) -> Path:
        """Its data directory."""

    @property
    def database(self) -> Database:
        """Its records."""

    @property
    def sounds(self) -> Sounds:
        """Its recordings."""

    @property
    def firm(self) -> Firm:
        """Whose papers it makes."""

    @property
    def channels(self) -> int:
        """Calls at once that its trunks take together."""

    def now(self) -> datetime:
        """The present business time."""

    def profiles(self) -> tuple[str, ...]:
        """The names of the policy profiles that there are."""

    def profile(self, name: str) -> Profile:
        """A policy profile with all that it inherits. Raises InputError: none of that name can be used."""

    def profile_in_force(self, name: str) -> Profile:
        """The same to call by. Raises InputError: as `profile`, or it is not in force yet."""

    def words(self, customer: Customer) -> Mapping[str, str]:
        """What a script may say of a customer and of the firm, by the name of the gap."""

    def calendar(self) -> Calendar:
        """The days that all profiles go by. Raises InputError: the site's own days cannot be used."""
