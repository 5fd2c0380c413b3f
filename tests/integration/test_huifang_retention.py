"""Purging on both engines: what is over its time goes whole, with its files and a note; nothing else does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from base.clock import ShiftedClock
from base.errors import InputError
from dialer.recordings import CUSTOMER, SYSTEM, track
from huifang.custody import retention
from huifang.custody.retention import Purged, Terms
from huifang.settings import Settings
from huifang.site import Site
from records import audit, holds, inbound, ledger, recordings, schema, transcripts
from records import retention as kept
from records.audit import Asked
from records.holds import Object
from records.inbound import Arrival, Departure
from records.kept import Filed
from records.post_call import Transcript
from records.query import Term
from records.search import search
from tests.integration.test_records_recordings import FILE, heard
from tests.records_kit import (
    NOW,
    Where,
    after,
    dialed,
    ending,
    execute,
    how_many,
    opened,
    over,
    person,
    said,
    scalar,
    started,
    talk,
)

LATER = date(2041, 3, 4)
"""Fifteen years after NOW."""
TABLES = (
    *(schema.attempt, schema.attempt_event, schema.job, schema.note, schema.spoken, schema.answer),
    *(schema.ladder, schema.transcript, schema.utterance, schema.recording, schema.inbound_call),
)


def nobody_looks(_done: int, _of: int) -> None:
    """Progress that nobody sees."""


@asynccontextmanager
async def stocked(store: Where, data: Path) -> AsyncIterator[Site]:
    """A call with sound, one without, one that came in, a recording made elsewhere: all of NOW."""
    async with opened(store) as db:
        campaign = await started(db, [person(1), person(2)])
        await execute(db, sa.update(schema.campaign).values(profile="default"))
        answered = talk(await dialed(db, campaign))
        await ledger.close(db, answered, NOW)
        await ledger.close(db, ending(await dialed(db, campaign), over("exhausted")), NOW)
        transcript = Transcript(answered.attempt_id, "whisper", "b" * 64, (said("保证收益"),), ())
        await transcripts.save(db, transcript, NOW)
        await recordings.keep(db, FILE, heard("保证收益"), NOW)
        stem = "recordings/2026-03-04/20260304-160000_8001"
        arrival = Arrival(NOW, "demo", "node-1", "8001", "1", "+8613800000001", "announced", "x@y", stem)
        await inbound.left(db, await inbound.arrived(db, arrival), Departure(after(9), NOW))
        for file in (*tracks(data, answered.recording), *tracks(data, stem), data / FILE.path):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"sound")
        yield Site(data, Settings(node="node-1"), db, ShiftedClock())


def tracks(data: Path, stem: str) -> list[Path]:
    return [track(data, stem, party) for party in (SYSTEM, CUSTOMER)]


def sound(data: Path) -> int:
    return sum(file.is_file() for file in (data / "recordings").rglob("*"))


DEFAULT = Terms()


async def due_kinds(site: Site, on: date, terms: Terms = DEFAULT) -> list[Object | Filed]:
    return [one.kept.kind for one in await retention.due(site, terms, on)]


async def test_what_has_sound_is_due_after_fifteen_years_the_rest_after_five(
    store: Where, tmp_path: Path
) -> None:
    everything = [Object.CALL, Object.INBOUND, Object.RECORDING]
    async with stocked(store, tmp_path) as site:
        assert await due_kinds(site, date(2031, 3, 3)) == []
        assert await due_kinds(site, date(2031, 3, 4)) == [Object.CALL]
        assert sorted(set(await due_kinds(site, LATER))) == everything
        assert await due_kinds(site, LATER, Terms(law_years=20)) == []
        assert len(await due_kinds(site, date(2046, 3, 4), Terms(law_years=20))) == 4


async def test_a_purge_leaves_nothing_of_it_but_its_notes(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        found = await retention.due(site, Terms(), LATER)
        assert await retention.purge(site, found, "1001", nobody_looks) == Purged(4, 5, 25, 0)
        assert {table.name: await scalar(site.database, how_many(table)) for table in TABLES} == {
            table.name: 0 for table in TABLES
        }
        assert (await search(site.database, Term("收益"))).total == 0
        assert sound(tmp_path) == 0
        noted = await audit.listed(site.database, Asked(who="1001", what="purged"), 10)
        assert sum(len(row.act.detail["files"]) for row in noted) == 5
        assert len(noted) == 4
        assert await retention.due(site, Terms(), LATER) == []


async def test_what_is_held_stays_until_it_is_released(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        customer = await scalar(
            site.database, sa.select(schema.customer.c.id).where(schema.customer.c.phone == person(1).phone)
        )
        hold = await holds.place(site.database, Object.CUSTOMER, customer, "诉讼", "1001", NOW)
        found = await retention.due(site, Terms(), LATER)
        assert sorted(one.kept.kind for one in found if one.held) == [Object.CALL, Object.INBOUND]
        assert (await retention.purge(site, found, "1001", nobody_looks)).objects == 2
        assert sound(tmp_path) == 4
        await holds.release(site.database, hold.id, "1002", NOW)
        found = await retention.due(site, Terms(), LATER)
        assert (await retention.purge(site, found, "1001", nobody_looks)).objects == 2
        with pytest.raises(InputError, match="no such open hold"):
            await holds.release(site.database, hold.id, "1002", NOW)


async def test_a_hold_that_comes_in_between_stops_it(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        found = await retention.due(site, Terms(), LATER)
        for one in found:
            await holds.place(site.database, Object(one.kept.kind), int(one.kept.id), "检查", "1001", NOW)
        assert await retention.purge(site, found, "1001", nobody_looks) == Purged(0, 0, 0, 0)
        assert sound(tmp_path) == 5


async def test_files_that_a_broken_off_purge_left_go_with_the_next(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        first = next(one.kept for one in await retention.due(site, Terms(), LATER) if one.kept.sound)
        names = [str(file.relative_to(tmp_path)) for file in retention.files_of(tmp_path, first)]
        assert await kept.delete(site.database, first, names, "1001", NOW)
        assert sound(tmp_path) == 5
        await retention.purge(site, (), "1001", nobody_looks)
        assert sound(tmp_path) == 5 - len(names)


async def test_another_nodes_calls_stay(store: Where, tmp_path: Path) -> None:
    async with stocked(store, tmp_path) as site:
        other = replace(site, settings=Settings(node="node-2"))
        found = await retention.due(site, Terms(), LATER)
        purged = await retention.purge(other, found, "1001", nobody_looks)
        assert purged.elsewhere == (2 if site.database.is_server else 0)


async def test_calls_of_open_follow_ups_stay(store: Where, tmp_path: Path) -> None:
    """D10: their rings count."""
    async with stocked(store, tmp_path) as site:
        reopened = sa.update(schema.follow_up).values(state="waiting", disposition="", closed_at=None)
        await execute(site.database, reopened)
        assert set(await due_kinds(site, LATER)) == {Object.INBOUND, Object.RECORDING}
