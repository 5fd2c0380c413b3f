"""Messages, worksheets and papers go after their term, not before, and not while they are held (R3)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from base.clock import ShiftedClock
from huifang.custody import retention
from huifang.custody.retention import Due, Terms
from huifang.settings import Settings
from huifang.site import Site
from records import audit, campaigns, filed_papers, holds, schema
from records.audit import Asked
from records.filed_papers import Filed as Paper
from records.filed_papers import Named
from records.holds import Object
from records.kept import Filed
from records.model import CampaignStatus
from tests import papers_site
from tests.records_kit import NOW, Where, execute, how_many, opened, scalar

FIVE = date(2031, 3, 4)
"""Five years after NOW; the worksheet ends a day later."""
SIX = date(2032, 3, 4)


@asynccontextmanager
async def stocked(store: Where, data: Path) -> AsyncIterator[Site]:
    """Two calls by a worksheet, an SMS, a monthly report, the record sheet of the first call."""
    async with opened(store) as db:
        await papers_site.fill(db)
        campaign = await campaigns.get(db, papers_site.CAMPAIGN)
        await campaigns.set_status(db, campaign.id, CampaignStatus.FINISHED, NOW)
        for number, call in (("YB-202603", None), ("JL-000001", 1)):
            made = Paper(number, "报表", "a" * 64, ("经办人",), "", "", "", NOW)
            await filed_papers.file(db, made, Named(frozenset({(3, "")})))
            await execute(
                db, sa.update(schema.paper).where(schema.paper.c.number == number).values(attempt_id=call)
            )
            await filed_papers.hand_in(db, number, "1001", NOW + timedelta(days=1))
        yield Site(data, Settings(node="node-1"), db, ShiftedClock())


def named(found: Sequence[Due]) -> list[tuple[str, str]]:
    return [(one.kept.kind.value, str(one.kept.id)) for one in found]


async def due(site: Site, on: date, terms: Terms | None = None) -> list[Due]:
    return await retention.due(site, terms or Terms(), on)


async def purge(site: Site, on: date) -> None:
    await retention.purge(site, await due(site, on), "1001", lambda _done, _of: None)


async def test_a_message_goes_after_its_term(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        assert ("message", "1") not in named(await due(site, FIVE - timedelta(days=1)))
        assert ("message", "1") in named(await due(site, FIVE))
        assert await due(site, SIX, Terms(law_years=20)) == []


async def test_worksheets_and_record_sheets_wait_for_their_calls(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        assert named(await due(site, SIX)) == [("call", "2"), ("message", "1"), ("paper", "YB-202603")]
        await purge(site, date(2041, 3, 4))
        assert named(await due(site, date(2031, 3, 5))) == [
            ("paper", "JL-000001"),
            ("worksheet", "SH-2026-001"),
        ]
        await purge(site, SIX)
        tables = (
            *(schema.notice, schema.worksheet, schema.worksheet_item, schema.worksheet_decision),
            *(schema.paper, schema.paper_customer, schema.paper_signature),
        )
        assert [await scalar(site.database, how_many(table)) for table in tables] == [0] * len(tables)
        noted = await audit.listed(site.database, Asked(what="purged", of="worksheet"), 5)
        assert [row.act.of for row in noted] == ["SH-2026-001"]
        assert await scalar(site.database, how_many(schema.obligation)) == 3


async def test_what_may_still_be_carried_out_stays(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        await purge(site, date(2041, 3, 4))
        sheet = sa.update(schema.worksheet)
        await execute(site.database, sheet.values(state="approved", campaign_id=None))
        assert Filed.WORKSHEET not in [one.kept.kind for one in await due(site, SIX)]
        await execute(site.database, sheet.values(state="rejected"))
        assert Filed.WORKSHEET in [one.kept.kind for one in await due(site, SIX)]


async def test_they_are_held_with_their_customers(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        await purge(site, date(2041, 3, 4) - timedelta(days=1))
        await holds.place(site.database, Object.CUSTOMER, 3, "诉讼", "1001", NOW)
        found = await due(site, date(2041, 3, 4))
        assert {one.kept.kind for one in found if one.held} <= {Filed.MESSAGE, Filed.PAPER}
        assert await scalar(site.database, how_many(schema.paper)) == 1


async def test_what_counts_from_the_closing_waits_for_the_last_of_them(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        boci = Terms(profile="boci")
        customer = schema.customer
        assert Filed.MESSAGE not in [one.kept.kind for one in await due(site, date(2060, 1, 1), boci)]
        await execute(site.database, sa.update(customer).values(closed_on=date(2030, 6, 1)))
        assert Filed.MESSAGE not in [one.kept.kind for one in await due(site, date(2050, 5, 31), boci)]
        assert Filed.MESSAGE in [one.kept.kind for one in await due(site, date(2050, 6, 1), boci)]
