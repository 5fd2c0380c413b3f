"""An approved worksheet carried out by a campaign of its own (P8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from base.clock import SHANGHAI, end_of
from base.errors import InputError
from huifang import campaigns as making
from huifang.prompting import prepare
from huifang.site import Site
from ivr.render import Progress as Rendering
from office.planning.sheets import Method
from records import campaigns, worksheets
from records.model import Campaign, CampaignStatus
from records.planned import SheetState, Worksheet


async def start(
    site: Site, number: str, by: str, progress: Rendering, before: Callable[[int, float], None]
) -> Worksheet:
    """Carry out an approved one: a campaign of its customers, its sentences rendered, running.

    What was interrupted is taken up again by starting anew.

    Raises:
        InputError: there is none, it isn't approved or not for the telephone, or has no campaign to be made.
    """
    db = site.database
    sheet = await worksheets.get(db, number)
    if sheet.state is not SheetState.APPROVED:
        raise InputError(
            f"the worksheet is {sheet.state.value}, not approved: nobody is called", where=number
        )
    if sheet.method != Method.PHONE:
        raise InputError(f"its method is {sheet.method}: nobody is called for it", where=number)
    campaign = await _campaign_of(site, sheet)
    if campaign.status is CampaignStatus.DRAFT:
        await prepare(site, campaign, progress, before)
    started = await worksheets.start(db, number, campaign.id, by, site.now())
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, site.now())
    return started


async def _campaign_of(site: Site, sheet: Worksheet) -> Campaign:
    """The campaign of a worksheet's number: one that was begun before, or a new one."""
    for one in await campaigns.list_all(site.database):
        if one.name == sheet.number:
            return one
    items = await worksheets.items(site.database, sheet.number)
    waiting = sorted({one.customer_id for one in items if one.state == "planned"})
    if not waiting:
        raise InputError("all its customers were followed up meanwhile", where=sheet.number)
    begins = datetime.combine(sheet.starts_on, time(), SHANGHAI)
    return await making.create(
        site,
        name=sheet.number,
        script=sheet.script,
        profile=sheet.profile,
        customer_ids=waiting,
        due_at=max(begins, site.now()),
        deadline=end_of(sheet.ends_on),
    )
