"""What a drill plays on: the nodes' data directories, a profile with many windows, and customers in waves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from base.clock import SHANGHAI, ShiftedClock
from base.files import write_atomically
from dialer.profile import Profile
from huifang import campaigns as campaigns_of_scripts
from huifang.drill import plan
from huifang.drill.nodes import Node
from huifang.prompting import lines_of, store_of
from huifang.settings import FILE, load
from huifang.site import FOLDERS, Site, profile_of
from records import campaigns, customers, ledger
from records.database import Database
from records.model import Campaign, CampaignStatus, NewCustomer, PhoneKind
from softphone.sip import Address

PROFILE = "drill"
SCRIPT = "new_account"
FIRST_DAY = datetime(2026, 3, 18, 9, 0, tzinfo=SHANGHAI)
"""A Wednesday: the business time before which no drill begins."""

BARRED, SHARED = 20, 6
"""Every so manieth customer is on the do-not-call list, or has another one's number."""

_WAITS = {
    **dict.fromkeys(
        ("silent", "unheard", "no_answer", "rejected", "unreachable", "carrier_cut", "voicemail"), 2
    ),
    **dict.fromkeys(("powered_off", "suspended", "assistant", "blocked", "rescheduled"), 2),
    **dict.fromkeys(("busy", "network_busy", "line_failure", "misdialled", "caller_barred"), 1),
}
"""Seconds between attempts, instead of hours: a drill is dense."""
_NAMES = ("张伟", "王芳", "李娜", "刘洋")
_OPENED_ON = date(2026, 3, 9)
_SOUND = np.zeros(3200, np.int16)
"""What stands for a sentence that nobody has recorded: nobody listens."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all nodes of a drill share."""

    place: Path
    database: str
    far_end: Address
    channels: int
    lease_s: float


def nodes(setting: Setting, count: int) -> tuple[Node, ...]:
    """The nodes' directories, laid out but for their settings."""
    made = tuple(Node(f"node-{n}", setting.place / f"node-{n}", f"9500{n}") for n in range(1, count + 1))
    for node in made:
        for folder in (*FOLDERS, "config/profiles"):
            (node.data / folder).mkdir(parents=True)
        _write(node.data / "config" / "profiles" / f"{PROFILE}.yaml", _profile())
    return made


def configure(setting: Setting, node: Node, business: datetime, machine: datetime) -> None:
    """Write a node's settings: its clock shows `business` at `machine` time."""
    number = int(node.caller)
    _write(
        node.data / "config" / FILE,
        {
            "firm": {"name": "示例证券", "hotline": "95000", "seat": str(number % 100 + 8000)},
            "database": setting.database,
            "node": node.name,
            "lease_s": setting.lease_s,
            "speech": {"engine": "none"},
            "lines": {"spare_workers": 0, "sip": {"rtp_first": 20000 + 2000 * (number % 10)}},
            "trunks": [
                {
                    "name": "drill",
                    "uri": f"sip:{{number}}@{setting.far_end[0]}:{setting.far_end[1]}",
                    "caller_id": node.caller,
                    "channels": setting.channels,
                    "cps": 20,
                    # Calls that die with their worker are no fault of the trunk, and there are many.
                    "breaker": {"silent_share": 0, "failures": 0},
                }
            ],
            "clock": {"business_start": business.isoformat(), "machine_start": machine.isoformat()},
        },
    )


def profile(node: Node) -> Profile:
    """The drill's policy: what `default` says, but for windows and waits."""
    return profile_of(node.data, PROFILE)


def _profile() -> dict[str, Any]:
    days = ("working", "made_up", "off")
    return {
        "extends": "default",
        "name": PROFILE,
        "says": "For `huifang drill` only: windows that open and close every hour, waits of seconds.",
        "windows": [
            {"days": list(days), "from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"}
            for opens, closes in plan.windows()
        ],
        "parts": [],
        "after": {name: {"then": "retry", "wait_s": wait_s, "rule": "D2"} for name, wait_s in _WAITS.items()},
    }


def _write(path: Path, value: dict[str, Any]) -> None:
    write_atomically(path, yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode())


class Waves:
    """Customers to call, one campaign of them after the other.

    Attributes:
        allowed: how many rings each number may get: three for each customer of its, none where it is barred.
    """

    def __init__(self, size: int, rings: int) -> None:
        self.allowed: Counter[str] = Counter()
        self._size = size
        self._rings = rings
        self._made = 0
        self._waves = 0

    async def add(self, site: Site, everywhere: Sequence[Path]) -> None:
        """One more running campaign of new customers; its sentences get a sound in these directories."""
        people = tuple(self._people())
        now = site.now()
        await customers.merge(site.database, people, now)
        barred = {one.phone for n, one in enumerate(people) if n % BARRED == BARRED - 1}
        for phone in sorted(barred):
            await ledger.do_not_call(site.database, phone, "drill", now)
        for one in people:
            self.allowed[one.phone] += 0 if one.phone in barred else self._rings
        campaign = await self._campaign(site, {(one.name, one.phone) for one in people})
        for data in everywhere:
            await _give_sound(site, campaign, data)
        await campaigns.set_status(site.database, campaign.id, CampaignStatus.RUNNING, now)

    async def _campaign(self, site: Site, people: set[tuple[str, str]]) -> Campaign:
        self._waves += 1
        everybody = await customers.all_customers(site.database)
        return await campaigns_of_scripts.create(
            site,
            name=f"drill {self._waves}",
            script=SCRIPT,
            profile=PROFILE,
            customer_ids=[one.id for one in everybody if (one.name, one.phone) in people],
        )

    def _people(self) -> Iterator[NewCustomer]:
        for n in range(self._size):
            shares = n % SHARED == SHARED - 1
            self._made += not shares
            phone = f"+861380{self._made:07d}"
            name = _NAMES[n % 2 + 2 * shares]
            yield NewCustomer(name, phone, PhoneKind.MOBILE, _OPENED_ON, "王芳", "上海营业部")


async def _give_sound(site: Site, campaign: Campaign, data: Path) -> None:
    store = store_of(data, load(data))
    for line in store.missing(await lines_of(site, campaign)):
        store.keep(line.wording, _SOUND)


def site_of(node: Node, db: Database, clock: ShiftedClock) -> Site:
    """The site as this process works on it, at the drill's business time."""
    return Site(node.data, load(node.data), db, clock)
