"""A site at work: its data directory, settings, database and clock, opened and closed together."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from base import calendar_files, log
from base.calendar import Calendar
from base.clock import ShiftedClock
from base.errors import InputError, ProfileError
from base.files import write_atomically
from base.keys import Keys
from dialer import profile as profiles
from dialer.profile import Profile
from huifang import resources
from huifang.settings import FILE, Settings, load
from huifang.slots import slots_of
from papers.paper import Firm
from records import staff
from records.chain import SYSTEM
from records.database import Database
from records.model import Customer
from records.sounds import Sounds

FOLDERS = ("config/scripts", "recordings", "prompts", "cache")


@dataclass(frozen=True, slots=True)
class Site:
    """What every command works on."""

    data: Path
    settings: Settings
    database: Database
    clock: ShiftedClock

    @property
    def firm(self) -> Firm:
        """Whose papers it makes."""
        return Firm(self.settings.firm.name, self.settings.firm.seat)

    @property
    def channels(self) -> int:
        """Calls at once that its trunks take together."""
        return sum(one.channels for one in self.settings.trunks)

    @property
    def sounds(self) -> Sounds:
        """Its recordings."""
        file = self.settings.custody.key_file
        return Sounds(self.data, Keys(Path(file).expanduser() if file else None))

    def now(self) -> datetime:
        """The present business time."""
        return self.clock.now()

    def profiles(self) -> tuple[str, ...]:
        """The names of the policy profiles that there are."""
        return resources.names(self.data, "profiles")

    def profile(self, name: str) -> Profile:
        """A policy profile with all that it inherits.

        Raises:
            InputError: there is none of that name, or it cannot be used.
        """
        return profile_of(self.data, name)

    def profile_in_force(self, name: str) -> Profile:
        """The same to call by: a policy binds from its date on.

        Raises:
            InputError: there is none of that name, it cannot be used, or it is not in force yet.
        """
        found = self.profile(name)
        if found.valid_from > self.now().date():
            what, remedy = f"is in force from {found.valid_from} on", "name the profile that is valid today"
            raise ProfileError(what, where=f"profile {name}", remedy=remedy)
        return found

    def words(self, customer: Customer) -> Mapping[str, str]:
        """What a script may say of a customer and of the firm, by the name of the gap."""
        settings = self.settings
        return slots_of(customer, settings.firm, self.now().date(), settings.handover.wait_s).values

    def calendar(self) -> Calendar:
        """The days that all profiles go by.

        Raises:
            InputError: what the site has written of them cannot be used.
        """
        return calendar_of(self.data)


def calendar_of(data: Path) -> Calendar:
    """The official calendar, the exchange's closures and the site's own days (P10).

    Raises:
        InputError: what the site has written of them cannot be used.
    """
    market = resources.SHIPPED_CONFIG / calendar_files.MARKET_FILE
    return calendar_files.load(market, resources.find(data, calendar_files.SITE_FILE))


def profile_of(data: Path, name: str) -> Profile:
    """A policy profile by name, the site's own before the shipped one, with all that it inherits.

    Raises:
        InputError: there is none of that name, or it cannot be used.
    """
    find = partial(resources.named, data, "profiles")
    return profiles.load(find(name), find, calendar_of(data))


@asynccontextmanager
async def open_site(data: Path, *, create: bool = False, by: str = "") -> AsyncIterator[Site]:
    """Open what `huifang init` made; the database is brought up to date.

    `by`: who acts: a staff number, or the account under which this runs.

    Raises:
        InputError: there is no data directory, its settings cannot be used, or the firm knows nobody
            of that number.
        StoreError: the database refused, or is of a newer version.
    """
    place = _place(data, create)
    settings = load(place)
    log.configure(json=settings.log.json_lines, level=settings.log.level)
    database = await Database.open(settings.database_url(place), create=create)
    try:
        if by and by not in (SYSTEM, getpass.getuser()):
            await staff.require(database, [by])
        yield Site(place, settings, database, settings.clock.clock())
    finally:
        await database.close()


def _place(data: Path, create: bool) -> Path:
    if not create and not data.is_dir():
        remedy = f"run: huifang init --data {shlex.quote(str(data))}"
        raise InputError("there is no data directory", where=str(data), remedy=remedy)
    return data.resolve()


async def init(data: Path) -> bool:
    """Make the data directory, its commented settings and its database; what is there stays as it is.

    Returns:
        Whether anything was made.

    Raises:
        InputError: the directory cannot be made, or its settings cannot be used.
    """
    new = lay_out(data)
    async with open_site(data, create=True):
        return new


def make_folders(data: Path) -> None:
    """Make the folders of a data directory where they are missing.

    Raises:
        InputError: they cannot be made.
    """
    for folder in FOLDERS:
        try:
            (data / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"cannot be made: {error.strerror}", where=str(data), remedy="name another place"
            ) from error


def lay_out(data: Path) -> bool:
    """Make the folders and the commented settings where they are missing; gives whether the settings were."""
    make_folders(data)
    try:
        settings = data / "config" / FILE
        new = not settings.exists()
        if new:
            write_atomically(settings, (resources.SHIPPED_CONFIG / FILE).read_bytes())
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=str(data)) from error
    return new
