"""Two nodes run one campaign on one database: everybody is called once, by one of them (D10)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from dialer.campaign import CampaignRunner
from records import campaigns, schema
from records.database import Database
from records.model import Caps
from tests.exchange import Exchange, answers_late
from tests.fakes.clock import VirtualClock
from tests.fakes.database import CountedDatabase
from tests.records_kit import NOW, Where, opened, person, started

CHANNELS = 3
"""Of the trunk, over both nodes."""

NODE_CHANNELS = 2
"""Of each node: so that neither takes all."""


async def run(exchange: Exchange, node: str) -> None:
    desk = replace(exchange.desk(), node=node, caps=Caps(node_channels=NODE_CHANNELS))
    await CampaignRunner(desk, lambda _: exchange.plan()).run(True, exchange.stop)


async def calls(db: Database) -> list[tuple[int, str]]:
    """Follow-up and node of each attempt."""
    query = sa.select(schema.attempt.c.follow_up_id, schema.attempt.c.node)
    return await db.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


async def test_two_nodes_share_a_campaign(store: Where, tmp_path: Path) -> None:
    """Every two customers have one number, so that the nodes want the same ones."""
    people = [person(n, phone=person(n // 2).phone) for n in range(12)]
    async with opened(store) as db:
        campaign = await started(db, people)
        nodes = [await CountedDatabase.open(store) for _ in range(2)]
        clock = VirtualClock(NOW, lambda: any(node.busy() for node in nodes))
        exchanges = [Exchange(node, tmp_path, answers_late, channels=CHANNELS) for node in nodes]
        for exchange in exchanges:
            exchange.clock = clock
        names = ("node-1", "node-2")
        await asyncio.gather(*(run(one, name) for one, name in zip(exchanges, names, strict=True)))
        found = await calls(db)
        assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 12}
        assert {node for _, node in found} == set(names)
        assert sorted(follow_up for follow_up, _ in found) == list(range(1, 13))
        for node in nodes:
            await node.close()
