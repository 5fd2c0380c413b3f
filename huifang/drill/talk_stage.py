"""What a talk drill plays on: a data directory, a campaign for each script, a file of customers for each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from base.clock import SHANGHAI
from base.files import write_atomically
from dialer import windows
from huifang import campaigns as campaigns_of_scripts
from huifang import resources
from huifang.drill.talk_plan import Talk, casts, talks
from huifang.settings import FILE, Firm, Speech
from huifang.site import Site, make_folders, profile_of
from huifang.slots import slots_of
from ivr import check, loader
from ivr.script import Script
from ivr.voice.kokoro import Kokoro
from records import campaigns, customers
from records.model import Campaign, CampaignStatus, Customer, NewCustomer
from softphone.persona import Cast
from softphone.voices import ReplyFiles, sentences_of
from softphone.walks import Ground

PROFILE = "demo"
"""The demonstration's policy: waits of seconds, and a business clock that begins on the same day."""
FIRM = Firm(name="示例证券", hotline="95000", seat="8012")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a drill takes place, how many call at once, and where rendered prompts are kept for the next."""

    data: Path
    channels: int
    prompts: Path | None = None


def shared_prompts() -> Path:
    """Where drills keep what they rendered, beside the models."""
    return Speech().directory.parent / "drill-prompts"


def lay_out(setting: Setting) -> None:
    """Make the data directory; its trunk leads nowhere yet."""
    make_folders(setting.data)
    if setting.prompts is not None:
        setting.prompts.mkdir(parents=True, exist_ok=True)
        (setting.data / "cache" / "prompts").symlink_to(setting.prompts)
    configure(setting, "127.0.0.1", 5060)


def configure(setting: Setting, host: str, port: int) -> None:
    """Write the settings: the phones are there, and the business clock starts now."""
    told: dict[str, Any] = {
        "firm": FIRM.model_dump(include={"name", "hotline", "seat"}),
        "trunks": [
            {
                "name": "phones",
                "uri": f"sip:{{number}}@{host}:{port}",
                "caller_id": "95000",
                "channels": setting.channels,
                "cps": 2,
                "codecs": ["PCMA", "PCMU"],
            }
        ],
        "clock": {
            "business_start": begins(setting.data).isoformat(),
            "machine_start": datetime.now(tz=SHANGHAI).isoformat(),
        },
    }
    write_atomically(setting.data / "config" / FILE, _yaml(told))


def begins(data: Path) -> datetime:
    """The business time at which a drill's calls begin."""
    start = profile_of(data, PROFILE).business_start
    assert start is not None, "the demo profile names the day it starts on"
    return start


def scripts_of(data: Path, names: Sequence[str]) -> tuple[Script, ...]:
    """The scripts of these names; all that there are and that are without a fault, where none is named.

    Raises:
        InputError: one of those named does not exist, or cannot be used.
    """
    paths = [resources.named(data, "scripts", name) for name in names or resources.names(data, "scripts")]
    find = resources.script_finder(data)
    loaded = tuple(loader.load(path, find) for path in paths)
    return loaded if names else tuple(script for script in loaded if not check.problems(script))


def planned(data: Path, scripts: Sequence[Script], count: int, seed: int, noise: bool) -> tuple[Talk, ...]:
    """The conversations: over what the dialer will say, with the policy it will go by."""
    now, profile = begins(data), profile_of(data, PROFILE)

    def ground(script: Script, who: NewCustomer) -> Ground:
        return Ground(script, _slots(who, now), now, lambda at: windows.next_legal(profile, at))

    return talks(scripts, count, seed, ground, noise)


def _slots(who: NewCustomer, now: datetime) -> Mapping[str, str]:
    return slots_of(who, FIRM, now.date()).values


def write_casts(data: Path, talking: Sequence[Talk]) -> list[Path]:
    """The simulated customers, a file for each script."""
    made = []
    for name, cast in casts(talking).items():
        path = data / "personas" / f"{name}.yaml"
        write_atomically(path, _yaml(_written(cast)))
        made.append(path)
    return made


def _written(cast: Cast) -> dict[str, Any]:
    return cast.model_dump(mode="json", exclude_defaults=True)


async def fill(site: Site, talking: Sequence[Talk]) -> tuple[Campaign, ...]:
    """Customers and a draft campaign for each script."""
    await customers.merge(site.database, [talk.customer for talk in talking], site.now())
    known = {one.phone: one for one in await customers.all_customers(site.database)}
    return tuple([await _campaign(site, name, talking, known) for name in casts(talking)])


async def _campaign(
    site: Site, script: str, talking: Sequence[Talk], known: Mapping[str, Customer]
) -> Campaign:
    ids = [known[talk.customer.phone].id for talk in talking if talk.script == script]
    return await campaigns_of_scripts.create(
        site, name=script, script=script, profile=PROFILE, customer_ids=ids
    )


async def start(site: Site, made: Sequence[Campaign]) -> None:
    """Let the campaigns run."""
    for campaign in made:
        await campaigns.set_status(site.database, campaign.id, CampaignStatus.RUNNING, site.now())


def _yaml(value: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=False).encode()


async def render_replies(talking: Sequence[Talk], tell: Callable[[int, int], None]) -> None:
    """Speak what the customers will say and nobody has spoken yet.

    Raises:
        ModelError: the synthesiser's model is missing or corrupt.
    """
    files = ReplyFiles(Speech().directory.parent / "replies")
    said = (sentence for cast in casts(talking).values() for sentence in sentences_of(cast))
    missing = files.missing(dict.fromkeys(said))
    if not missing:
        return
    given_up = threading.Event()

    def told(done: int, of: int) -> None:
        if given_up.is_set():
            raise asyncio.CancelledError
        tell(done, of)

    try:
        voice = await asyncio.to_thread(Kokoro.open, Speech().directory, threads=2)
        await asyncio.to_thread(files.render, missing, voice, told)
    except asyncio.CancelledError:
        given_up.set()  # a thread cannot be cancelled: it looks after each sentence
        raise
