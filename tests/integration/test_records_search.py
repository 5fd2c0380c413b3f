"""Search over a real index of each engine: the same answers as reading every text (F5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import StoreError
from records import campaigns, grams, ledger, recordings, report, schema, transcripts
from records.database import Database
from records.model import CampaignStatus, Kind
from records.post_call import Flag, Found, Recording, Span, Transcript
from records.query import Query, Term, parse
from records.schema_search import searchable
from records.search import EVERYTHING, FIRST, Order, Page, search
from records.search_filters import Filters
from tests.queries import QUERIES, TEXTS, meant
from tests.records_kit import (
    NOW,
    Where,
    after,
    dialed,
    execute,
    how_many,
    opened,
    person,
    said,
    scalar,
    started,
    talk,
)

FLAG = Flag(
    *("F1-share", "1", "profit_sharing", "high", "customer", 1.0, 2.0, "分成", 0.9, "certain", "affirmed"),
    *("", "三七分成", {"distance": 0.25}, "1"),
)


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


async def transcribe(db: Database, attempt_id: int, sentences: Sequence[str], *flags: Flag) -> None:
    utterances = tuple(said(text, start_s=float(n)) for n, text in enumerate(sentences))
    await transcripts.save(db, Transcript(attempt_id, "whisper", "b" * 64, utterances, flags), NOW)


async def find(
    db: Database,
    text: str,
    filters: Filters = EVERYTHING,
    *,
    order: Order = Order.NEWEST,
    page: Page = FIRST,
    alike: bool = False,
) -> Found:
    return await search(db, parse(text, alike=alike), filters, order=order, page=page)


async def texts(db: Database, text: str, filters: Filters = EVERYTHING, *, alike: bool = False) -> list[str]:
    return [hit.text for hit in (await find(db, text, filters, alike=alike)).hits]


def test_answers_are_those_of_reading_every_text(store: Where) -> None:
    """Each example is a new transcript of one attempt: only the current one counts."""
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(store))
        attempt_id = runner.run(transcribed(db, ["三七分成"]))

        @settings(max_examples=25, deadline=None)
        @given(st.lists(TEXTS, max_size=12), st.lists(QUERIES, min_size=1, max_size=12))
        def compare(sentences: list[str], queries: list[Query]) -> None:
            runner.run(transcribe(db, attempt_id, sentences))
            for query in queries:
                runner.run(same_as_reading(db, sentences, query))

        compare()
        runner.run(db.close())


async def same_as_reading(db: Database, sentences: Sequence[str], query: Query) -> None:
    wanted = [one for one in sentences if meant(one, query)]
    found = await search(db, query)
    assert [hit.text for hit in found.hits] == wanted
    assert found.total == len(wanted)
    page = await search(db, query, order=Order.RELEVANCE, page=Page(2, 1))
    assert page.total == found.total
    assert len(page.hits) == min(2, max(0, len(wanted) - 1))
    if isinstance(query, Term) and not query.alike:
        like = searchable.c.words.contains(grams.fold(query.text), autoescape=True)
        assert found.total == await scalar(db, sa.select(sa.func.count()).where(like))


async def test_a_hit_leads_to_the_second_of_the_audio(db: Database) -> None:
    attempt_id = await transcribed(db, ["我们说好三七分成", "没有别的了"])
    (hit,) = (await find(db, "分成 OR 三七")).hits
    assert hit.attempt_id == attempt_id
    assert hit.customer == "客户1"
    assert hit.campaign == "三月新开户"
    assert hit.start_s == pytest.approx(0.2 * 4)
    assert hit.audio == "recordings/2026-03-04/20260304-150000_8001_customer.wav"
    assert hit.started_at == NOW
    assert [(span.start, span.end) for span in hit.spans] == [(4, 6), (6, 8)]
    assert [span.start_s for span in hit.spans] == pytest.approx([0.8, 1.2])
    assert [span.end_s for span in hit.spans] == pytest.approx([1.2, 1.6])


async def test_without_seconds_of_characters_those_of_the_utterance_are_told(db: Database) -> None:
    attempt_id = await transcribed(db, [])
    plain = replace(said("三七分成", start_s=4.0), chars=())
    await transcripts.save(db, Transcript(attempt_id, "whisper", "c" * 64, (plain,), ()), NOW)
    (hit,) = (await find(db, "分成")).hits
    assert hit.start_s == 4.0
    assert hit.spans == (Span(2, 4, 4.0, plain.end_s),)


async def test_what_is_not_said_has_no_span(db: Database) -> None:
    await transcribed(db, ["三七分成", "没有"])
    (hit,) = (await find(db, "NOT 分成")).hits
    assert (hit.text, hit.spans, hit.start_s) == ("没有", (), 1.0)


async def test_one_character_is_found_also_at_the_end(db: Database) -> None:
    await transcribed(db, ["三七分成", "成了", "分"])
    assert await texts(db, "成") == ["三七分成", "成了"]
    assert await texts(db, "分") == ["三七分成", "分"]
    assert await texts(db, "城", alike=True) == ["三七分成", "成了"]


async def test_sound_alike_finds_what_was_misheard(db: Database) -> None:
    await transcribed(db, ["三七分层", "分红"])
    assert await texts(db, "分成") == []
    assert await texts(db, "分成", alike=True) == ["三七分层"]
    assert await texts(db, "三七 ~分成") == ["三七分层"]


async def test_pages_follow_one_another(db: Database) -> None:
    await transcribed(db, [f"分成{n}" for n in "一二三四五"])
    pages = [await find(db, "分成", page=Page(2, offset)) for offset in (0, 2, 4, 6)]
    assert [[hit.text[-1] for hit in page.hits] for page in pages] == [["一", "二"], ["三", "四"], ["五"], []]
    assert {page.total for page in pages} == {5}


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
async def test_what_is_said_often_is_paged_like_the_rest(db: Database, order: Order) -> None:
    """Small pages of it are read off the calls, large ones sorted: the same hits in the same order."""
    sentences = [("分成" if n % 3 else "账户") + "甲乙丙丁"[n % 4] for n in range(700)]
    first = await transcribed(db, sentences)
    claim = await dialed(db, await started(db, [person(2)], name="later"), after(3600))
    await ledger.close(db, talk(claim, at=after(3600)), after(3600))
    await transcribe(db, claim.attempt_id, sentences[:50])
    calls = [(first, sentences), (claim.attempt_id, sentences[:50])]
    wanted = [
        (call, text)
        for call, said_in_it in (calls if order is Order.OLDEST else calls[::-1])
        for text in said_in_it
        if "分成" in text
    ]
    for page in (Page(1), Page(2), Page(1, 1), Page(500), Page(40, 20)):
        found = await find(db, "分成", order=order, page=page)
        assert found.total == len(wanted)
        shown = wanted[page.offset : page.offset + page.limit]
        assert [(hit.attempt_id, hit.text) for hit in found.hits] == shown


async def test_what_holds_more_of_the_query_in_fewer_words_comes_first(db: Database) -> None:
    await transcribed(db, ["这个分层的事情我们说好了", "三七分层", "分成", "三七分成"])
    found = await find(db, "~分成 OR 三七", order=Order.RELEVANCE)
    assert [hit.text for hit in found.hits] == ["三七分成", "三七分层", "分成", "这个分层的事情我们说好了"]


@pytest.mark.parametrize("query", ["*", '"a OR b"', "NEAR", "%", "_", "'; --", "分成*", "成:*", "\\", "a\0b"])
async def test_a_word_is_text_and_nothing_else(db: Database, query: str) -> None:
    sentences = ["三七分成", "100%_x", "a OR b", "a\\b", "';--"]
    await transcribed(db, sentences)
    assert await texts(db, query) == [one for one in sentences if meant(one, parse(query))]


async def test_a_new_transcript_takes_the_place_of_the_old_one(db: Database) -> None:
    attempt_id = await transcribed(db, ["三七分层"])
    heard = replace(said("三七分成"), held=(("三七分层", -0.5),))
    better = Transcript(attempt_id, "better", "d" * 64, (heard,), (FLAG,))
    await transcripts.save(db, better, after(60))
    assert await texts(db, "分层") == []
    assert await texts(db, "分层", alike=True) == ["三七分成"]
    (customer,) = (await report.campaign_report(db, 1)).customers
    assert customer.flags == (FLAG,)
    assert customer.attempts[0].transcript == better.utterances
    assert await scalar(db, how_many(schema.transcript)) == 2
    assert await scalar(db, how_many(searchable)) == 1


async def test_a_transcript_of_nothing_is_refused_whole(db: Database) -> None:
    with pytest.raises(StoreError):
        await transcripts.save(db, Transcript(77, "whisper", "e" * 64, (said("分成"),), ()), NOW)
    assert await texts(db, "分成") == []


async def call(db: Database, n: int, kind: Kind, *flags: Flag) -> None:
    """The n-th customer's call, n hours after NOW, n minutes long, in a campaign of its own."""
    at = after(3600 * n)
    who = replace(person(n, manager=f"经理{n % 2}"), branch=f"营业部{n % 2}")
    campaign = await started(db, [who], name=f"批次{n}", kind=kind)
    claim = await dialed(db, campaign, at)
    disposition = "completed" if n % 2 else "hung_up"
    await ledger.close(db, replace(talk(claim, at=at), disposition=disposition, talked_s=60.0 * n), at)
    await transcribe(db, claim.attempt_id, [f"分成{n}", "账户"], *flags)
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, at)


FILTERED = [
    (EVERYTHING, [4, 3, 2, 1]),
    (Filters(customer="客户2"), [2]),
    (Filters(customer="3"), [3]),
    (Filters(customer="客户"), []),
    (Filters(number="+8613800000002"), [2]),
    (Filters(since=after(7200)), [4, 3, 2]),
    (Filters(until=after(7200)), [1]),
    (Filters(since=after(7200), until=after(14400)), [3, 2]),
    (Filters(kind="periodic"), [4]),
    (Filters(kind="abnormal"), [3]),
    (Filters(campaign="批次3"), [3]),
    (Filters(campaign="批次"), []),
    (Filters(branch="营业部1"), [3, 1]),
    (Filters(manager="经理0"), [4, 2]),
    (Filters(disposition="hung_up"), [4, 2]),
    (Filters(shortest_s=120), [4, 3, 2]),
    (Filters(longest_s=120), [2, 1]),
    (Filters(shortest_s=120, longest_s=180, disposition="completed"), [3]),
    (Filters(flag="F1-share"), [2, 1]),
    (Filters(flag="complaint"), [2]),
    (Filters(tier="faint"), [2]),
    (Filters(flag="profit_sharing", tier="faint"), []),
    (Filters(party="customer"), [4, 3, 2, 1]),
    (Filters(party="system"), []),
]


async def test_filters_leave_the_calls_that_are_meant(db: Database) -> None:
    complaint = replace(FLAG, rule="F2-complaint", category="complaint", tier="faint")
    for n, kind, *flags in (
        (1, Kind.NEW_ACCOUNT, FLAG),
        (2, Kind.NEW_ACCOUNT, FLAG, complaint),
        (3, Kind.MERGED),
        (4, Kind.PERIODIC),
    ):
        await call(db, n, kind, *flags)
    carried = {"attempt_id": 3, "kind": "abnormal", "completed": True}
    await execute(db, sa.insert(schema.attempt_kind).values(carried))
    for filters, calls in FILTERED:
        for query in ("分成", "分", "~份城", "分成 NOT 账户", "分成1 OR 分成2 OR 分成3 OR 分成4"):
            found = await find(db, query, filters)
            assert [int(hit.text[-1]) for hit in found.hits] == calls, (query, filters)
            assert found.total == len(calls)
    oldest = await find(db, "分成", order=Order.OLDEST)
    assert [hit.attempt_id for hit in oldest.hits] == [1, 2, 3, 4]


async def test_flags_that_newer_rules_replaced_count_no_longer(db: Database) -> None:
    attempt_id = await transcribed(db, [])
    await transcribe(db, attempt_id, ["分成"], FLAG)
    await execute(db, sa.update(schema.flag).values(is_current=False))
    assert await texts(db, "分成", Filters(flag="F1-share")) == []


async def test_how_long_a_recording_made_elsewhere_is_counts_as_well(db: Database) -> None:
    file = Recording(0, "a" * 64, "x.mp3", "recordings/x.mp3", "8001", None, 20.0, NOW)
    heard = Transcript(None, "whisper", "b" * 64, (said("分成"),), ())
    await recordings.keep(db, file, heard, NOW)
    assert await texts(db, "分成", Filters(shortest_s=20, longest_s=20)) == ["分成"]
    assert await texts(db, "分成", Filters(shortest_s=21)) == []
    assert await texts(db, "分成", Filters(disposition="completed")) == []


async def test_one_party_alone(db: Database) -> None:
    attempt_id = await transcribed(db, [])
    both = (said("有没有约定分成", party="system"), said("有分成", start_s=5.0))
    await transcripts.save(db, Transcript(attempt_id, "whisper", "c" * 64, both, ()), NOW)
    assert len(await texts(db, "分成")) == 2
    assert await texts(db, "分成", Filters(party="customer")) == ["有分成"]


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
