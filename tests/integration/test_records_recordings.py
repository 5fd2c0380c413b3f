"""Recordings made elsewhere: once each, found like calls, with every transcript that was made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from base.errors import InputError, StoreError
from records import recordings, schema, transcripts
from records.database import Database
from records.post_call import Recording, Transcript
from records.query import Term
from records.search import search
from tests.records_kit import NOW, Where, after, how_many, opened, said, scalar

FILE = Recording(0, "a" * 64, "20260304-093000_8001.mp3", "recordings/x.mp3", "8001", after(-60), 20.0, NOW)


def heard(text: str, model: str = "b") -> Transcript:
    return Transcript(None, "whisper", model * 64, (said(text, party="agent"),), (), guessed=True)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def test_what_was_said_in_it_is_found(db: Database) -> None:
    kept = await recordings.keep(db, FILE, heard("保证收益"), NOW)
    assert await recordings.of_hash(db, "a" * 64) == kept == await recordings.by_id(db, kept.id)
    (hit,) = (await search(db, Term("收益"))).hits
    assert (hit.recording_id, hit.attempt_id, hit.party) == (kept.id, None, "agent")
    assert (hit.audio, hit.started_at) == ("recordings/x.mp3", FILE.began_at)


async def test_a_better_transcript_is_found_and_the_old_one_kept(db: Database) -> None:
    kept = await recordings.keep(db, FILE, heard("保证收意"), NOW)
    await recordings.keep(db, kept, heard("保证收益", model="c"), NOW)
    assert (await search(db, Term("收意"))).total == 0
    assert (await search(db, Term("收益"))).total == 1
    assert await recordings.models_of(db, kept.id) == {"b" * 64, "c" * 64}


async def test_the_same_file_is_kept_once(db: Database) -> None:
    """Also where two took it up at the same time."""
    first = await recordings.keep(db, FILE, heard("一"), NOW)
    again = await recordings.keep(db, replace(FILE, name="copy.mp3"), heard("二"), NOW)
    assert again == first
    assert await recordings.newest(db, 10) == (first,)
    assert await scalar(db, how_many(schema.transcript)) == 2


async def test_what_is_not_there_is_refused(db: Database) -> None:
    with pytest.raises(InputError, match="no such recording"):
        await recordings.by_id(db, 7)
    nobodys = replace(heard("一"), recording_id=7)
    for wrong in (nobodys, heard("二")):
        with pytest.raises(StoreError):
            await transcripts.save(db, wrong, NOW)
