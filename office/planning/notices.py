"""Lists for the platform that sends messages, and what it says became of them (A4, C1, C5)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from base.errors import InputError
from base.phones import national
from dialer.profile import Profile
from office.place import Place
from office.planning.lists import results_of
from papers.words import KINDS
from plans.elsewhere import Route, route_of
from plans.messages import due_messages
from plans.paperwork import Way
from records import customer_events, facts, notices, obligations
from records.model import PhoneKind
from records.notices import Addressee, Notice


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that goes out.

    Attributes:
        instead: for customers whom calls could not settle (A4); messages: due after an event (C5).
        landlines: customers who cannot be reached by SMS: they are for a person.
    """

    batch: str
    notices: tuple[Notice, ...]
    rows: tuple[tuple[str, ...], ...]
    instead: int
    messages: int
    landlines: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a file of results told.

    Attributes:
        known: messages of the list that it told of. strangers: rows whose number the list doesn't have.
        bad: (row, why) of what was left out.
    """

    known: int
    strangers: int
    bad: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    customer_id: int
    obligation_id: int | None
    occasion: str
    about: str
    words: str


async def compose(site: Place, profile: Profile, words: str) -> Listed:
    """The messages that are due and on no list yet; once they are written out, their notices are to be kept.

    Args:
        words: to customers whom calls could not settle; messages after an event have the profile's.

    Raises:
        InputError: the profile does not send SMS, or nothing is due.
    """
    wanted = [*await _instead(site, words), *await _after_events(site, profile)]
    sent = await notices.listed_already(site.database, Way.SMS.value)
    new = [one for one in wanted if (one.customer_id, one.occasion) not in sent]
    people = await notices.addressees(site.database, sorted({one.customer_id for one in new}))
    mobile = [one for one in new if people[one.customer_id].phone_kind is PhoneKind.MOBILE]
    if not mobile:
        raise InputError("no message is due that was not listed before", remedy="see `huifang plan due`")
    batch = await _next_batch(site)
    return Listed(
        batch=batch,
        notices=tuple(_notice(one, people[one.customer_id].phone, batch) for one in mobile),
        rows=tuple(_row(one, people[one.customer_id], batch) for one in mobile),
        instead=sum(one.obligation_id is not None for one in mobile),
        messages=sum(one.obligation_id is None for one in mobile),
        landlines=len(new) - len(mobile),
    )


async def results_in(site: Place, batch: str, file: Path) -> Heard:
    """Take in what the platform says became of a list.

    Raises:
        InputError: the file cannot be read, has no column of numbers or states, or there is no such list.
    """
    if all(one.batch != batch for one in await notices.success(site.database)):
        raise InputError(f"there is no list {batch!r}", remedy="`huifang plan notices list` shows all")
    told, bad = results_of(file)
    known, strangers = await notices.told(site.database, batch, told, site.now())
    return Heard(known, len(strangers), tuple(bad))


async def _instead(site: Place, words: str) -> list[_Wanted]:
    """Whoever does not want to be called, or never answered, is informed by notice (A4, D2)."""
    await obligations.free(site.database)
    due = await obligations.due(site.database, on=site.now().date())
    return [
        _Wanted(
            one.owed.customer_id,
            one.id,
            f"obligation {one.id}",
            f"{KINDS.get(one.owed.kind.value, '')}回访告知",
            words,
        )
        for one in due
        if route_of(one.tried, no_notice=one.no_notice) is Route.NOTICE
    ]


async def _after_events(site: Place, profile: Profile) -> list[_Wanted]:
    """What new customers and others get after an event (C5)."""
    channel = profile.channels.get(Way.SMS)
    if channel is None or not channel.messages:
        return []
    found: list[_Wanted] = []
    today = site.now().date()
    for branch in await facts.branches(site.database):
        happened = await customer_events.events_of_branch(site.database, branch, profile.valid_from)
        found += (
            _Wanted(one.customer_id, None, one.occasion, one.words, one.words)
            for one in due_messages(channel.messages, happened, today, profile.calendar)
        )
    return found


async def _next_batch(site: Place) -> str:
    prefix = f"SMS-{site.now():%Y%m%d}-"
    today = [one.batch for one in await notices.success(site.database) if one.batch.startswith(prefix)]
    return f"{prefix}{len(today) + 1:02d}"


def _notice(one: _Wanted, phone: str, batch: str) -> Notice:
    return Notice(one.customer_id, one.obligation_id, Way.SMS.value, one.occasion, phone, one.words, batch)


def _row(one: _Wanted, who: Addressee, batch: str) -> tuple[str, ...]:
    return batch, who.account, who.name, national(who.phone), one.about, one.words
