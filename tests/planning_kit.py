"""A site whose customers planning knows, on a named day."""

from __future__ import annotations

import asyncio
import atexit
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from huifang.site import open_site
from records import campaigns, customer_events, schema
from records.closing import close
from records.model import KindRow
from records.people import Event, EventKind, Staff
from tests.command_line import as_json, succeeds
from tests.records_kit import dialed, over, talk
from tests.site_kit import give_sound

TODAY = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI)
"""A Wednesday."""
DAY = TODAY.date()


@dataclass(frozen=True, slots=True)
class Known:
    """A customer: columns of the table, and what happened to them as (kind, day) or (kind, day, by)."""

    name: str
    columns: dict[str, Any] = field(default_factory=dict)
    events: tuple[tuple[Any, ...], ...] = ()


def planned_site(data: Path, now: datetime = TODAY) -> Path:
    """A site on that day, copied from one that was made once."""
    shutil.copytree(_made(), data)
    set_clock(data, now)
    return data


@cache
def _made() -> Path:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    succeeds("init", "--data", folder / "data")
    return folder / "data"


def set_clock(data: Path, now: datetime) -> None:
    """From now on it is that time there."""
    settings = data / "config" / "settings.yaml"
    machine = datetime.now(UTC).isoformat()
    settings.write_text(
        f'clock: {{business_start: "{now.isoformat()}", machine_start: "{machine}"}}\n', encoding="utf-8"
    )


def stock(data: Path, people: Sequence[Known], staff: Sequence[Staff] = ()) -> list[int]:
    """Keep these customers, their events and the firm's people; gives the customers' ids."""

    async def keep() -> list[int]:
        async with open_site(data) as site:
            now = site.now()

            def work(connection: sa.Connection) -> list[int]:
                rows = [_row(one, n, now) for n, one in enumerate(people, start=1)]
                made = sa.insert(schema.customer).returning(schema.customer.c.id)
                ids = [connection.execute(made, row).scalar_one() for row in rows]
                for one in staff:
                    values = {name: getattr(one, name) for name in Staff.__slots__}
                    connection.execute(sa.insert(schema.staff).values(values))
                return ids

            ids = await site.database.write(work)
            events = [_event(id_, *what) for id_, one in zip(ids, people, strict=True) for what in one.events]
            await customer_events.add(site.database, events, now)
            return ids

    return asyncio.run(keep())


def _event(customer: int, kind: EventKind, on: date, by: str = "", by_on: date | None = None) -> Event:
    return Event(0, customer, kind, on, by_on, by)


def _row(one: Known, n: int, now: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "phone": f"+8613800{n:06d}",
        "phone_kind": "mobile",
        "branch": "上海",
        "account": f"A{n:04d}",
        "opened_on": date(2020, 1, 1),
        "created_at": now,
        "updated_at": now,
        **one.columns,
    }


def call(data: Path, campaign: str, kind: str, **more: Any) -> None:
    """The next call of a campaign, as the ledger keeps it: a valid follow-up unless `more` says otherwise."""

    async def work() -> None:
        async with open_site(data) as site:
            claim = await dialed(site.database, await campaigns.get(site.database, campaign), site.now())
            valid = {
                "kinds": (KindRow(kind, True),),
                "owner_confirmed": True,
                "recording": "recordings/2026-03-04/x",
            }
            await close(
                site.database, replace(talk(claim, over(), at=site.now()), **{**valid, **more}), site.now()
            )

    asyncio.run(work())


def owe(data: Path, profile: str, *more: str | Path) -> dict[str, int]:
    """Compute what is owed; how many were added of each duty that added any."""
    found = as_json("plan", "owe", "--profile", profile, "--seed", "7", "--data", data, *more)
    return {one["duty"]: one["added"] for one in found if one["added"]}


def due(data: Path, *more: str | Path) -> list[dict[str, Any]]:
    """What `plan due` lists, its obligation's own fields beside the rest."""
    found = as_json("plan", "due", "--limit", "100000", "--data", data, *more)
    return [{**one, **one["owed"]} for one in found]


def opened(name: str, on: date = DAY, **columns: Any) -> Known:
    """A customer whose account was opened that day."""
    return Known(name, {"opened_on": on, **columns}, ((EventKind.OPENED, on),))


def sheets(site: Path, profile: str, *more: str) -> list[dict[str, Any]]:
    """Write worksheets; gives them."""
    made = as_json("plan", "sheet", "new", "--as", "S01", "--profile", profile, "--data", site, *more)
    found: list[dict[str, Any]] = made["sheets"]
    return found


def submitted(site: Path, *more: str) -> str:
    """One worksheet, handed in by S01."""
    (sheet,) = sheets(site, "boci", *(more or ("--kind", "new_account", "--operations", "S02")))
    succeeds("plan", "sheet", "submit", sheet["number"], "--as", "S01", "--data", site)
    return str(sheet["number"])


def running(site: Path, number: str) -> None:
    """Approve and start it; the sound of its sentences is there already."""
    succeeds("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    succeeds("campaign", "create", "试", "--script", "new_account", "--data", site)
    give_sound(site, "试")
    succeeds("plan", "sheet", "start", number, "--as", "S01", "--data", site)
