"""Search over a real index: counts equal a scan of every text (F5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import StoreError
from records import grams, ledger, report, schema, search, transcripts
from records.database import Database
from records.post_call import Flag, Transcript
from tests.records_kit import NOW, Where, after, dialed, how_many, opened, person, said, scalar, started, talk

SENTENCES = st.lists(st.text(alphabet="分成层三七盈利账户不没有a%_", min_size=1, max_size=9), max_size=12)
QUERIES = st.lists(st.text(alphabet="分成层三七盈利账户不没有a%_", min_size=1, max_size=4), max_size=12)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def transcribed(db: Database, sentences: Sequence[str]) -> int:
    """An attempt whose transcript has these sentences; its id."""
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, talk(claim), NOW)
    await transcribe(db, claim.attempt_id, sentences)
    return claim.attempt_id


async def transcribe(db: Database, attempt_id: int, sentences: Sequence[str]) -> None:
    utterances = tuple(said(text, start_s=float(n)) for n, text in enumerate(sentences))
    await transcripts.save(db, Transcript(attempt_id, "whisper", "b" * 64, utterances, ()), NOW)


def test_counts_equal_a_scan(store: Where) -> None:
    """Each example is a new transcript of one attempt: only the current one counts."""
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(store))
        attempt_id = runner.run(transcribed(db, ["三七分成"]))

        @settings(max_examples=30, deadline=None)
        @given(SENTENCES, QUERIES)
        def compare(sentences: list[str], queries: list[str]) -> None:
            runner.run(transcribe(db, attempt_id, sentences))
            for query in queries:
                runner.run(same_as_scan(db, sentences, query))

        compare()
        runner.run(db.close())


async def same_as_scan(db: Database, sentences: Sequence[str], query: str) -> None:
    like = schema.utterance.c.text.contains(query, autoescape=True)
    current = schema.transcript.c.id == schema.utterance.c.transcript_id, schema.transcript.c.is_current
    scan = await scalar(db, sa.select(sa.func.count()).where(like, *current))
    hits = await search.search(db, query)
    assert len(hits) == scan
    assert all(query in hit.text for hit in hits)
    alike = await search.search(db, query, sound_alike=True)
    assert len(alike) == sum(grams.find_sound(one, query) is not None for one in sentences)


async def test_a_hit_leads_to_the_second_of_the_audio(db: Database) -> None:
    attempt_id = await transcribed(db, ["我们说好三七分成", "没有别的了"])
    (hit,) = await search.search(db, "分成")
    assert hit.attempt_id == attempt_id
    assert hit.customer == "客户1"
    assert hit.campaign == "三月新开户"
    assert hit.start_s == pytest.approx(0.0 + 0.2 * 6)
    assert hit.audio == "recordings/2026-03-04/20260304-150000_8001_customer.wav"
    assert hit.started_at == NOW


async def test_one_character_is_found_also_at_the_end(db: Database) -> None:
    await transcribed(db, ["三七分成", "成了", "分"])
    assert [hit.text for hit in await search.search(db, "成")] == ["成了", "三七分成"]
    assert [hit.text for hit in await search.search(db, "分")] == ["分", "三七分成"]


async def test_sound_alike_finds_what_was_misheard(db: Database) -> None:
    await transcribed(db, ["三七分层", "分红"])
    assert await search.search(db, "分成") == []
    assert [hit.text for hit in await search.search(db, "分成", sound_alike=True)] == ["三七分层"]


async def test_newest_first_and_no_more_than_asked_for(db: Database) -> None:
    await transcribed(db, [f"分成{n}" for n in "一二三四五"])
    assert [hit.text for hit in await search.search(db, "分成", limit=2)] == ["分成五", "分成四"]


async def test_one_party_alone(db: Database) -> None:
    attempt_id = await transcribed(db, [])
    both = (said("有没有约定分成", party="system"), said("有分成", start_s=5.0))
    await transcripts.save(db, Transcript(attempt_id, "whisper", "c" * 64, both, ()), NOW)
    assert len(await search.search(db, "分成")) == 2
    assert [hit.text for hit in await search.search(db, "分成", party="customer")] == ["有分成"]


@pytest.mark.parametrize("query", ["", "  ", '"', "*", "a OR b", "NEAR(", "%", "_", "'; --"])
async def test_a_query_is_text_and_nothing_else(db: Database, query: str) -> None:
    await transcribed(db, ["三七分成", "100%_x"])
    wanted = [one for one in ("三七分成", "100%_x") if grams.fold(query) and grams.fold(query) in one]
    assert [hit.text for hit in await search.search(db, query)] == wanted


async def test_a_new_transcript_takes_the_place_of_the_old_one(db: Database) -> None:
    attempt_id = await transcribed(db, ["三七分层"])
    flag = Flag(
        *("F1-share", "1", "profit_sharing", "high", "customer", 1.0, 2.0, "分成", 0.9, "exact", "affirmed"),
        *("", "三七分成", {"distance": 0.25}, "1"),
    )
    heard = replace(said("三七分成"), held=(("三七分层", -0.5),))
    better = Transcript(attempt_id, "better", "d" * 64, (heard,), (flag,))
    await transcripts.save(db, better, after(60))
    assert await search.search(db, "分层") == []
    assert len(await search.search(db, "分成")) == 1
    (customer,) = (await report.campaign_report(db, 1)).customers
    assert customer.flags == (flag,)
    assert customer.attempts[0].transcript == better.utterances
    assert await scalar(db, how_many(schema.transcript)) == 2


async def test_a_transcript_of_nothing_is_refused_whole(db: Database) -> None:
    with pytest.raises(StoreError):
        await transcripts.save(db, Transcript(77, "whisper", "e" * 64, (said("分成"),), ()), NOW)
    assert await search.search(db, "分成") == []


async def test_the_material_of_a_worker(db: Database) -> None:
    attempt_id = await transcribed(db, [])
    material = await transcripts.material(db, attempt_id)
    assert material.recording == "recordings/2026-03-04/20260304-150000_8001"
    assert material.asked("owner") == "请问是本人吗"
    assert material.asked("elsewhere") == ""
    assert material.answers[0].value == "yes"
    assert material.customer.name == "客户1"
    assert material.talked_s == 12.5
    with pytest.raises(StoreError, match="no attempt 99"):
        await transcripts.material(db, 99)
