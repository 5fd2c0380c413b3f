"""What people make of what was heard, on each engine: heard, judged, corrected, settled, searched."""

from __future__ import annotations

from dataclasses import replace

from records import (
    attempt_history,
    call_list,
    corrections,
    flags,
    lead_order,
    leads,
    ledger,
    listening,
    retention,
    saved_searches,
    schema,
    settling,
    transcripts,
    verdicts,
)
from records.call_list import Order
from records.corrections import Added, Place
from records.database import Database
from records.lead_order import Precision
from records.listening import Talk
from records.model import AnswerRow
from records.post_call import Flag, Transcript
from records.query import Term
from records.search import Page, search
from records.search_filters import Filters
from records.verdicts import Verdict
from tests.records_kit import NOW, Where, after, dialed, how_many, opened, person, said, scalar, started, talk

FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 2.0, 3.6, "三七分层", 0.6, "probable", "affirmed"), "音近"
)
FAINT = replace(FLAG, rule="trading", tier="faint", start_s=9.0, end_s=12.0)
UNSURE = AnswerRow("risk", "yes", "知道", "speech", "知不道", 0.7, 6.0, 7.0)
CALL = Talk(1)


async def _called(db: Database) -> None:
    closing = talk(await dialed(db, await started(db, [person(1)])))
    await ledger.close(db, replace(closing, answers=(*closing.answers, UNSURE)), NOW)
    await transcripts.save(db, Transcript(1, "test", "a" * 64, (said("三七分层"),), (FLAG, FAINT)), NOW)


async def test_leads_are_judged_and_ordered_by_what_listening_brings(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        found = await leads.waiting(db, {}, "上海营业部", Page(10))
        assert [(one.rule, round(one.chance, 2)) for one in found.leads] == [
            ("sharing", 0.5),
            ("trading", 0.1),
        ]
        assert len(lead_order.curve(await leads.effort(db, {}, ""))) == 3
        await verdicts.give(db, found.leads[1].id, Verdict.RIGHT, "1001", NOW)
        await verdicts.give(db, found.leads[1].id, Verdict.WRONG, "1002", NOW)
        known = await verdicts.precisions(db)
        assert known == {("trading", "faint"): Precision(0, 1)}
        assert [one.rule for one in (await leads.waiting(db, known, "", Page(10))).leads] == ["sharing"]
        judged = await leads.waiting(db, known, "", Page(10), Verdict.WRONG)
        assert (judged.total, round(judged.leads[0].chance, 3)) == (1, 0.083)


async def test_texts_and_leads_change_and_nothing_is_lost(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        await corrections.correct(db, CALL, Place(1, 0), "三七分成", "1001", NOW)
        assert (await search(db, Term("分成"))).total == 1
        await corrections.add(db, CALL, Place(2, 0), Added("保本", "high", "语气"), "1001", NOW)
        await corrections.withdraw(db, 1, "另一家", "1001", NOW)
        await flags.replace(db, 2, [FLAG, FAINT], "")
        stand = [one.flag.category for one in await leads.of_talk(db, CALL) if not one.withdrawn_by]
        assert stand == ["保本", "分成"]


async def test_answers_are_settled_once_and_again(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        total, (one,) = await settling.unsure(db, "上海营业部", Page(10))
        assert (total, one.question, one.heard) == (1, "risk", "知不道")
        for choice in (("yes", "知道"), ("no", "不知道")):
            await settling.settle(db, 1, one.position, choice, "1001", NOW)
        assert (await settling.unsure(db, "", Page(10))) == (0, ())
        material = await transcripts.material(db, 1)
        assert [(one.value, one.how) for one in material.answers] == [("yes", "speech"), ("no", "person")]
        assert [machine for machine, _ in (await settling.of_call(db, 1)).values()] == ["知道"]


async def test_what_was_heard_is_merged_and_searches_are_kept(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        await listening.add(db, CALL, "1001", [(1.0, 2.0), (5.0, 6.0)], NOW)
        await listening.add(db, CALL, "1001", [(2.2, 4.9)], NOW)
        assert await listening.heard_by(db, CALL, "1001") == [(1.0, 6.0)]
        for query in ("tier=faint", "tier=certain"):
            await saved_searches.save(db, "1001", "弱线索", query, NOW)
        assert [one.query for one in await saved_searches.listed(db, "1001")] == ["tier=certain"]
        (attempt,) = await attempt_history.of_call(db, 1)
        assert (attempt.n, attempt.ladder) == (1, ("→ INVITE", "← 200 OK", "→ ACK"))
        for order in Order:
            assert (await call_list.listed(db, Filters(), Page(10), order)).total == 1


async def test_r3_a_purge_takes_all_of_it_along(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        await listening.add(db, CALL, "1001", [(1.0, 2.0)], NOW)
        await verdicts.give(db, 1, Verdict.RIGHT, "1001", NOW)
        await settling.settle(db, 1, 1, ("no", "不知道"), "1001", NOW)
        await corrections.correct(db, CALL, Place(1, 0), "三七分成", "1001", NOW)
        (kept,) = await retention.made_before(db, after(1))
        assert await retention.delete(db, kept, [], "1001", NOW)
        for table in (schema.heard_span, schema.verdict, schema.settled_answer, schema.attempt):
            assert await scalar(db, how_many(table)) == 0
