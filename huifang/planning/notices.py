"""Lists for the platform that sends messages, and what it says became of them (A4, C1, C5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from base.errors import ContactsError, InputError
from base.phones import normalise
from dialer.profile import Profile
from huifang.site import Site
from huifang.tables import Cell, read_table
from papers.words import KINDS
from plans.elsewhere import Route, route_of
from plans.messages import due_messages
from plans.paperwork import Way
from records import customer_events, customers, facts, notices, obligations
from records.model import Customer, PhoneKind
from records.notices import Notice, Told

COLUMNS = ("批号", "资金账号", "姓名", "手机号", "事由", "内容")

_PHONE = ("手机号", "手机号码", "手机", "电话", "号码", "phone", "mobile")
_STATE = ("状态", "结果", "发送结果", "送达", "status", "result")
_REPLY = ("回复", "回复内容", "上行", "reply")
_DELIVERED = {"成功", "已送达", "送达", "是", "1", "delivered", "delivrd", "success", "ok", "yes", "true"}
_FAILED = {"失败", "未送达", "否", "0", "failed", "undeliv", "expired", "rejectd", "error", "no", "false"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that goes out.

    Attributes:
        instead: for customers whom calls could not settle (A4); messages: due after an event (C5).
        landlines: customers who cannot be reached by SMS: they are for a person.
    """

    batch: str
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


async def list_out(site: Site, profile: Profile, words: str) -> Listed:
    """Keep and give the messages that are due and on no list yet.

    Args:
        words: to customers whom calls could not settle; messages after an event have the profile's.

    Raises:
        InputError: the profile does not send SMS, or nothing is due.
    """
    wanted = [*await _instead(site, words), *await _after_events(site, profile)]
    sent = await notices.listed_already(site.database, Way.SMS.value)
    new = [one for one in wanted if (one.customer_id, one.occasion) not in sent]
    people = await customers.by_ids(site.database, sorted({one.customer_id for one in new}))
    mobile = [one for one in new if people[one.customer_id].phone_kind is PhoneKind.MOBILE]
    if not mobile:
        raise InputError("no message is due that was not listed before", remedy="see `huifang plan due`")
    batch = await _next_batch(site)
    await notices.keep(site.database, [_notice(one, people, batch) for one in mobile], site.now())
    accounts = await facts.facts_of(site.database, [one.customer_id for one in mobile])
    return Listed(
        batch=batch,
        rows=tuple(_row(one, people, accounts[one.customer_id].account, batch) for one in mobile),
        instead=sum(one.obligation_id is not None for one in mobile),
        messages=sum(one.obligation_id is None for one in mobile),
        landlines=len(new) - len(mobile),
    )


async def results_in(site: Site, batch: str, file: Path) -> Heard:
    """Take in what the platform says became of a list.

    Raises:
        InputError: the file cannot be read, has no column of numbers or states, or there is no such list.
    """
    if all(one.batch != batch for one in await notices.success(site.database)):
        raise InputError(f"there is no list {batch!r}", remedy="`huifang plan notices list` shows all")
    told, bad = _read(file)
    known, strangers = await notices.told(site.database, batch, told, site.now())
    return Heard(known, len(strangers), tuple(bad))


async def _instead(site: Site, words: str) -> list[_Wanted]:
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
        if route_of(one.tried) is Route.NOTICE
    ]


async def _after_events(site: Site, profile: Profile) -> list[_Wanted]:
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


async def _next_batch(site: Site) -> str:
    prefix = f"SMS-{site.now():%Y%m%d}-"
    today = [one.batch for one in await notices.success(site.database) if one.batch.startswith(prefix)]
    return f"{prefix}{len(today) + 1:02d}"


def _notice(one: _Wanted, people: dict[int, Customer], batch: str) -> Notice:
    phone = people[one.customer_id].phone
    return Notice(one.customer_id, one.obligation_id, Way.SMS.value, one.occasion, phone, one.words, batch)


def _row(one: _Wanted, people: dict[int, Customer], account: str, batch: str) -> tuple[str, ...]:
    who = people[one.customer_id]
    return batch, account, who.name, national(who.phone), one.about, one.words


def _read(file: Path) -> tuple[list[Told], list[tuple[int, str]]]:
    rows = read_table(file)
    _, header = next(rows, (0, ()))
    titles = [str(cell or "").strip().lower() for cell in header]
    phone, state = _column(titles, _PHONE, file), _column(titles, _STATE, file)
    reply = next((n for n, title in enumerate(titles) if title in _REPLY), None)
    told: list[Told] = []
    bad: list[tuple[int, str]] = []
    for number, cells in rows:
        one = _told(cells, phone, state, reply)
        if isinstance(one, str):
            bad.append((number, one))
        else:
            told.append(one)
    return told, bad
