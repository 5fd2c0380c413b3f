"""The data directory of a demonstration: settings, trunk and clock of its own, customers, one campaign."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from base.clock import SHANGHAI
from base.errors import InputError
from base.files import write_atomically
from base.phones import normalise
from huifang import campaigns as campaigns_of_scripts
from huifang.resources import SHIPPED_CONFIG
from huifang.settings import FILE
from huifang.site import Site, make_folders, profile_of
from office.customers import importing
from office.customers.importing import Imported
from office.customers.reading import opened
from records import campaigns
from records.model import Campaign, CampaignStatus
from softphone.persona import Cast

CAMPAIGN = "新开户回访演示"
SCRIPT = "new_account"
PROFILE = "demo"
CONTACTS = SHIPPED_CONFIG / "demo" / "contacts.csv"
PERSONAS = SHIPPED_CONFIG / "personas" / "new_account.yaml"
CHANNELS = 8
"""Calls at once: as many as two cores hear well, phones and transcription included."""


def is_begun(data: Path) -> bool:
    """Whether the directory holds a demonstration already.

    Raises:
        InputError: it holds something else.
    """
    if (data / "config" / FILE).is_file() and (data / "huifang.db").is_file():
        return True
    if data.is_dir() and any(data.iterdir()):
        raise InputError(
            "is not empty and holds no demonstration", where=str(data), remedy="name another --data"
        )
    return False


def lay_out(data: Path, *, host: str, port: int) -> None:
    """Make the directory with settings for phones at this address; the business clock starts now."""
    make_folders(data)
    text = yaml.safe_dump(_settings(data, host, port), allow_unicode=True, sort_keys=False)
    write_atomically(data / "config" / FILE, text.encode())


def _settings(data: Path, host: str, port: int) -> dict[str, Any]:
    start = profile_of(data, PROFILE).business_start
    assert start is not None, "the demo profile names the day it starts on"
    return {
        "firm": {"name": "示例证券", "hotline": "95000", "seat": "8012"},
        "trunks": [
            {
                "name": "demo",
                "uri": f"sip:{{number}}@{host}:{port}",
                "caller_id": "95000",
                "channels": CHANNELS,
                "cps": 4,
            }
        ],
        "clock": {
            "business_start": start.isoformat(),
            "machine_start": datetime.now(tz=SHANGHAI).isoformat(),
        },
    }


async def fill(site: Site) -> tuple[Imported, Campaign]:
    """Import the contacts and make the campaign, where that isn't done yet."""
    intake = await importing.intake_of_customers(site.database, site.now(), dry=False)
    imported = await importing.take(opened(CONTACTS, intake.sheet, {}), intake)
    known = [one for one in await campaigns.list_all(site.database) if one.name == CAMPAIGN]
    if known:
        return imported, known[0]
    made = await campaigns_of_scripts.create(site, name=CAMPAIGN, script=SCRIPT, profile=PROFILE)
    return imported, made


async def start(site: Site, campaign: Campaign) -> None:
    """Let the campaign run.

    Raises:
        InputError: it is finished already.
    """
    if campaign.status is CampaignStatus.RUNNING:
        return
    if campaign.status in (CampaignStatus.FINISHED, CampaignStatus.CANCELLED):
        raise InputError("this demonstration is finished", where=str(site.data), remedy="name another --data")
    await campaigns.set_status(site.database, campaign.id, CampaignStatus.RUNNING, site.now())


def port_of(site: Site) -> int:
    """The port its phones were at."""
    return int(site.settings.trunks[0].uri.rpartition(":")[2])


def personas_of(cast: Cast) -> dict[str, str]:
    """Persona id by E.164 number."""
    return {normalise(persona.number).e164: persona.id for persona in cast.personas}
