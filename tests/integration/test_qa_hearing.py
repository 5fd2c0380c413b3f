"""The console's ears: leads judged, withdrawn, added; texts corrected; answers settled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import audit, flags, heard, leads, ledger, recordings, schema, scripts, transcripts, verdicts
from records.audit import Asked
from records.lead_order import Precision
from records.listening import Talk
from records.model import AnswerRow
from records.post_call import Flag, Recording, Transcript, Utterance
from records.scripts import FiledScript
from records.users import Role
from records.written import record_of
from tests.console_kit import BRANCH, Desk, desk
from tests.records_kit import NOW, dialed, execute, person, said, scalar, started, talk

WORDS = "他说亏了三七分层"
FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 2.0, 3.6, "三七分层", 0.6, "probable", "affirmed"),
    *("音近", "三七分成", {"sound": 1.0}, "w1"),
)
FAINT = replace(
    FLAG,
    rule="trading",
    category="代客操作",
    tier="faint",
    start_s=9.0,
    end_s=9.8,
    text="帮我操作",
    features={},
)
ASKED = Utterance("system", 0.2, 1.9, "请问是本人吗", 1.0)
HELD = replace(said(WORDS), confidence=0.6, held=((WORDS, -0.1), ("他说亏了三七分成", -0.2)))
UNCLEAR = Utterance("customer", 8.8, 10.0, "嗯那个", 0.1)
UNSURE = AnswerRow("risk", "yes", "知道", "speech", "知不道", 0.7, 6.0, 7.0)
LOST = AnswerRow("fees", "not_understood", "没听懂", "speech", "啊", 0.0, 9.0, 9.0)
CONTENT = {
    "nodes": {"risk": {"answer": "closed", "options": {"yes": {"label": "知道"}, "no": {"label": "不知道"}}}}
}
RECORDING = Recording(0, "b" * 64, "买方电话.mp3", "elsewhere/2026-03-04/a.mp3", "8001", NOW, 20.0, NOW)


@pytest.fixture
async def called(tmp_path: Path) -> AsyncIterator[Desk]:
    """Call 1 has two leads and two unsure answers; recording 1 was made elsewhere."""
    async with desk(tmp_path) as console:
        db = console.database
        await scripts.file(
            db, FiledScript("new_account", "1", "a" * 64, "新开户", "new_account", "standard", CONTENT, NOW)
        )
        campaign = await started(db, [person(1, name="张伟")])
        closing = talk(await dialed(db, campaign))
        await ledger.close(db, replace(closing, answers=(*closing.answers, UNSURE, LOST)), NOW)
        utterances = (ASKED, HELD, UNCLEAR)
        await transcripts.save(db, Transcript(1, "test", "a" * 64, utterances, (FLAG, FAINT)), NOW)
        elsewhere = Transcript(None, "test", "a" * 64, (said("保本保息"),), (), guessed=True)
        await recordings.keep(db, RECORDING, elsewhere, NOW)
        yield console


async def test_a_lead_is_shown_with_all_that_helps_to_judge_it(called: Desk) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get("/calls/1")).text
    for words in (
        "ta shuo kui le san qi fen cheng",
        "请问是本人吗",
        "音近",
        "听不清",
        'data-loop="0.00,6.60"',
    ):
        assert words in page
    assert '<i data-seek="2.0">他</i>' in page
    assert "verdict" not in (await (await called.signed_in(Role.AUDITOR)).get("/calls/1")).text


async def test_a_verdict_is_kept_and_another_one_replaces_it(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    for verdict in ("inaudible", "right"):
        answer = await browser.post("/leads/1/verdict", {"verdict": verdict})
        assert answer.headers["location"] == "/calls/1?said=said.judged#lead-1"
    (one, _) = await leads.of_talk(called.database, Talk(1))
    assert (one.verdict, one.judged_by) == ("right", "reviewer")
    assert await verdicts.precisions(called.database) == {("sharing", "probable"): Precision(1, 1)}
    rows = await audit.listed(called.database, Asked(of="flag 1"), 10)
    assert [row.act.detail["verdict"] for row in rows] == ["right", "inaudible"]


@pytest.mark.parametrize("verdict", ["inaudible", "context"])
async def test_what_could_not_be_told_is_neither_right_nor_wrong(called: Desk, verdict: str) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await browser.post("/leads/1/verdict", {"verdict": verdict})
    assert await verdicts.precisions(called.database) == {}
    assert await verdicts.judged(called.database) == ([], 0)
    assert "三七分层" in (await browser.get(f"/review/leads?state={verdict}")).text
    assert "三七分层" not in (await browser.get("/review/leads")).text


async def test_verdicts_feed_the_calibration(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await browser.post("/leads/1/verdict", {"verdict": "right"})
    await browser.post("/leads/2/verdict", {"verdict": "wrong"})
    assert await verdicts.judged(called.database) == ([({"sound": 1.0}, True)], 1)


async def test_the_worklist_leads_from_one_to_the_next(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    page = (await browser.get("/review/leads")).text
    assert page.index("/review/leads/1") < page.index("/review/leads/2")
    assert "polyline" in page
    assert "音近" in (await browser.get("/review/leads/1")).text
    answer = await browser.post("/leads/1/verdict", {"verdict": "wrong", "then": "next"})
    assert answer.headers["location"] == "/review/leads/2?said=said.judged"
    answer = await browser.post("/leads/2/verdict", {"verdict": "wrong", "then": "next"})
    assert answer.headers["location"] == "/review/leads?said=said.judged"


async def test_a_withdrawn_lead_stays_with_its_reason_and_does_not_come_back(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    assert (await browser.post("/leads/1/withdraw", {"why": "  "})).status_code == 400
    await browser.post("/leads/1/withdraw", {"why": "问的是另一家"})
    page = (await browser.get("/calls/1")).text
    assert "问的是另一家" in page
    assert "三七分层" not in (await browser.get("/review/leads")).text
    assert (await browser.post("/leads/1/verdict", {"verdict": "right"})).status_code == 404
    await flags.replace(called.database, 1, [replace(FLAG, rule_version="2"), FAINT], "")
    assert [
        one.flag.rule for one in await leads.of_talk(called.database, Talk(1)) if not one.withdrawn_by
    ] == ["trading"]


async def test_verdicts_and_leads_by_hand_outlive_newer_rules(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await browser.post("/leads/1/verdict", {"verdict": "right"})
    fields = {"transcript": "1", "line": "2", "category": "承诺保本", "severity": "high", "why": "语气"}
    answer = await browser.post("/calls/1/leads", fields)
    assert answer.headers["location"] == "/calls/1?said=said.flagged#line-2"
    await flags.replace(called.database, 1, [replace(FLAG, rule_version="2")], "")
    found = await leads.of_talk(called.database, Talk(1))
    assert [(one.flag.category, one.flag.rule_version, one.verdict, one.by) for one in found] == [
        ("分成", "2", "right", ""),
        ("承诺保本", "", "", "reviewer"),
    ]


async def test_a_corrected_line_is_another_version_that_is_found_at_once(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    fields = {"transcript": "1", "line": "1", "text": "他说亏了三七分成"}
    answer = await browser.post("/calls/1/texts", fields)
    assert answer.headers["location"] == "/calls/1?said=said.corrected#line-1"
    now = await heard.of_call(called.database, 1)
    assert now is not None
    assert [one.text for one in now.utterances] == ["请问是本人吗", "他说亏了三七分成", "嗯那个"]
    assert [(one.by, one.is_current) for one in now.versions] == [("", False), ("reviewer", True)]
    old = sa.select(schema.utterance.c.text).where(schema.utterance.c.transcript_id == 1).offset(1).limit(1)
    assert await scalar(called.database, old) == WORDS
    assert "三七<mark>分成</mark>" in (await browser.get("/calls?q=分成")).text
    assert "共 0 处" in (await browser.get("/calls?q=分层")).text
    assert len(await leads.of_talk(called.database, Talk(1))) == 2
    job = sa.select(schema.job.c.state).where(schema.job.c.kind == flags.FLAG)
    assert await scalar(called.database, job) == "waiting"
    stale = await browser.post("/calls/1/texts", fields | {"text": "别的"})
    assert stale.status_code == 400


async def test_what_a_person_corrected_no_machine_replaces(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await browser.post("/calls/1/texts", {"transcript": "1", "line": "1", "text": "他说亏了三七分成"})
    await transcripts.save(called.database, Transcript(1, "better", "c" * 64, (said("别的"),), ()), NOW)
    now = await heard.of_call(called.database, 1)
    assert now is not None
    assert (now.engine, len(now.versions)) == ("person", 3)
    assert "共 0 处" in (await browser.get("/calls?q=别的")).text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("texts", {"line": "0", "text": "别的"}),
        ("texts", {"line": "9", "text": "别的"}),
        ("texts", {"line": "1", "text": ""}),
        ("texts", {"line": "1", "text": "x" * 501}),
        ("leads", {"line": "1", "category": "", "severity": "high", "why": "x"}),
        ("leads", {"line": "1", "category": "x", "severity": "awful", "why": "x"}),
    ],
)
async def test_what_cannot_be_kept_is_said(called: Desk, path: str, fields: dict[str, str]) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    answer = await browser.post(f"/calls/1/{path}", {"transcript": "1", **fields})
    assert answer.status_code == 400
    assert len(await leads.of_talk(called.database, Talk(1))) == 2


async def test_a_recording_made_elsewhere_has_its_page(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    assert "/recordings/1?at=2.0" in (await browser.get("/calls?q=保本")).text
    page = (await browser.get("/recordings/1")).text
    assert "买方电话.mp3" in page
    assert "说话人由声音推测" in page
    await browser.post("/recordings/1/texts", {"transcript": "2", "line": "0", "text": "不保本"})
    assert "不保本" in (await browser.get("/calls?q=不保本")).text.replace("<mark>", "").replace(
        "</mark>", ""
    )
    assert (await browser.get("/recordings/1/sound/both")).status_code == 404
    file = called.console.sounds.data / RECORDING.path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"ID3 sound")
    sound = await browser.get("/recordings/1/sound/both", range="bytes=4-")
    assert (sound.status_code, sound.content, sound.headers["content-type"]) == (206, b"sound", "audio/mpeg")
    assert (await browser.get("/recordings/1/peaks")).json()["tracks"] == {}
    assert (await browser.post("/recordings/1/heard", {"spans": "1-5"})).status_code == 204
    rows = await audit.listed(called.database, Asked(of="recording R1"), 10)
    assert {row.act.what for row in rows} >= {"looked", "corrected", "transcribed"}


async def test_an_answer_is_settled_beside_the_machines(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    page = (await browser.get("/review/answers")).text
    assert "共 2 处" in page
    for words in ("知不道", "不知道", 'data-key="2"', "听不清"):
        assert words in page
    await browser.post("/review/answers/1/1", {"value": "no", "label": "不知道"})
    left = (await browser.get("/review/answers")).text
    assert "共 1 处" in left
    assert 'value="没听懂"' not in left
    written = await record_of(called.database, 1, NOW.date())
    one = written.answers[1]
    assert (one.value, one.label, one.how, one.heard) == ("no", "不知道", "person", "知不道")
    kept = sa.select(schema.answer.c.value).where(schema.answer.c.position == 1)
    assert await scalar(called.database, kept) == "yes"
    assert "机器记为 知道" in (await browser.get("/calls/1")).text
    assert "人工核定" in (await (await called.signed_in(Role.HEAD)).get("/calls/1/record/html")).text
    assert (await browser.post("/review/answers/1/9", {"label": "x"})).status_code == 400
    assert (await browser.post("/review/answers/1/2", {"label": " "})).status_code == 400


async def test_c4_a_branch_judges_its_own(called: Desk) -> None:
    own = await called.signed_in(Role.REVIEWER, branch=BRANCH, number="own")
    assert "共 2 条" in (await own.get("/review/leads")).text
    assert (await own.get("/recordings/1")).status_code == 404
    other = await called.signed_in(Role.REVIEWER, branch="杭州营业部", number="other")
    assert "共 0 条" in (await other.get("/review/leads")).text
    assert "共 0 处" in (await other.get("/review/answers")).text
    assert (await other.get("/review/leads/1")).status_code == 404
    for path, fields in (
        ("/leads/1/verdict", {"verdict": "right"}),
        ("/leads/1/withdraw", {"why": "x"}),
        ("/calls/1/texts", {"transcript": "1", "line": "1", "text": "x"}),
        ("/calls/1/leads", {"transcript": "1", "line": "1", "category": "x", "severity": "low", "why": "x"}),
        ("/review/answers/1/1", {"label": "x"}),
    ):
        assert (await other.post(path, fields)).status_code == 404
    assert [one.verdict for one in await leads.of_talk(called.database, Talk(1))] == ["", ""]


async def test_all_attempts_of_the_follow_up_are_shown(called: Desk) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get("/calls/1")).text
    assert "各次拨打" in page
    assert page.count("INVITE") == 1


async def test_a1_nobody_judges_a_customer_of_their_own(called: Desk) -> None:
    theirs = sa.update(schema.customer).where(schema.customer.c.name == "张伟")
    await execute(called.database, theirs.values(manager="1007"))
    browser = await called.signed_in(Role.REVIEWER, number="1007")
    assert (await browser.post("/leads/1/verdict", {"verdict": "wrong"})).status_code == 403
    assert (await browser.post("/leads/1/withdraw", {"why": "x"})).status_code == 403
    assert (await browser.post("/review/answers/1/1", {"label": "x"})).status_code == 403
    other = await called.signed_in(Role.REVIEWER, number="1008")
    assert (await other.post("/leads/1/verdict", {"verdict": "wrong"})).status_code == 303
