"""The console's calls: found, read, heard, taken away; by whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from base.audio import wav_bytes
from records import audit, ledger, listening, transcripts
from records.audit import Asked
from records.listening import Talk
from records.post_call import Flag, Transcript
from records.users import Role
from tests.console_kit import BRANCH, Desk, desk
from tests.records_kit import NOW, dialed, ending, over, person, said, started, talk

WORDS = "他说亏了三七分成"
FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 2.0, 3.6, "三七分成", 0.9, "certain", "affirmed"),
    "原文命中",
)
SOUND = wav_bytes(np.arange(12 * 8000).astype(np.int16))


@pytest.fixture
async def called(tmp_path: Path) -> AsyncIterator[Desk]:
    """Call 1 was talked in, transcribed and flagged; call 2 was not answered."""
    async with desk(tmp_path) as console:
        campaign = await started(console.database, [person(1, name="张伟"), person(2, name="李娜")])
        claim = await dialed(console.database, campaign)
        closing = talk(claim)
        await ledger.close(console.database, closing, NOW)
        other = await dialed(console.database, campaign)
        await ledger.close(console.database, ending(other, over("exhausted")), NOW)
        transcript = Transcript(claim.attempt_id, "test", "a" * 64, (said(WORDS),), (FLAG,))
        await transcripts.save(console.database, transcript, NOW)
        track = tmp_path / f"{closing.recording}_customer.wav"
        track.parent.mkdir(parents=True)
        track.write_bytes(SOUND)
        yield console


async def test_calls_are_listed_with_masked_numbers(called: Desk) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get("/calls")).text
    assert "共 2 通" in page
    assert "138****0001" in page
    assert "13800000001" not in page
    assert "确定 1" in page


async def test_compliance_sees_numbers_whole(called: Desk) -> None:
    browser = await called.signed_in(Role.COMPLIANCE)
    assert "13800000001" in (await browser.get("/calls")).text
    assert "13800000001" in (await browser.get("/calls/1")).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("disposition=completed", {"张伟"}),
        ("disposition=no_answer", {"李娜"}),
        ("tier=certain", {"张伟"}),
        ("customer=李娜", {"李娜"}),
        (f"customer={'9' * 40}", set()),
        ("since=2026-03-04&until=2026-03-04", {"张伟", "李娜"}),
        ("until=2026-03-03", set()),
        ("branch=杭州营业部", set()),
    ],
)
async def test_filters_narrow_down(called: Desk, query: str, names: set[str]) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get(f"/calls?{query}")).text
    assert {name for name in ("张伟", "李娜") if f">{name}<" in page} == names


async def test_words_lead_to_the_second(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    page = (await browser.get("/calls?q=分成")).text
    assert "他说亏了三七<mark>分成</mark>" in page
    assert "/calls/1?at=3.2" in page
    assert "共 0 处" in (await browser.get("/calls?q=分层")).text
    assert "<mark>分成</mark>" in (await browser.get("/calls?q=分层&alike=1")).text


async def test_a6_who_looked_for_which_words_is_on_the_trail(called: Desk) -> None:
    await (await called.signed_in(Role.REVIEWER, branch=BRANCH, number="own")).get("/calls?q=分成")
    (row,) = await audit.listed(called.database, Asked(what="searched"), 5)
    assert (row.act.who, row.act.detail) == ("own", {"words": "分成", "branch": BRANCH, "hits": 1})


@pytest.mark.parametrize("query", ["q=(", "since=yesterday", "until=9999-12-31"])
async def test_what_cannot_be_asked_is_said(called: Desk, query: str) -> None:
    answer = await (await called.signed_in(Role.REVIEWER)).get(f"/calls?{query}")
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


async def test_a_call_is_read_with_its_flags_and_answers(called: Desk) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get("/calls/1?at=3.2")).text
    for words in (WORDS, "原文命中", "请问是本人吗", "INVITE", 'data-begin="3.2"', "/calls/1/sound/customer"):
        assert words in page
    assert "/calls/1/sound/system" not in page
    assert "/calls/1/record" not in page


async def test_an_operator_reads_and_does_not_listen(called: Desk) -> None:
    browser = await called.signed_in(Role.OPERATOR)
    assert "/sound/" not in (await browser.get("/calls/1")).text


async def test_sound_comes_by_ranges(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    part = await browser.get("/calls/1/sound/customer", range="bytes=4-7")
    assert (part.status_code, part.content) == (206, SOUND[4:8])
    whole = await browser.get("/calls/1/sound/customer")
    assert (whole.status_code, whole.content) == (200, SOUND)
    for path in ("/calls/1/sound/system", "/calls/2/sound/customer", "/calls/3/sound/customer"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.get("/calls/1/sound/..%2f..%2fhuifang.db")).status_code in (400, 404)


async def test_c4_a_branch_sees_its_own(called: Desk) -> None:
    theirs = await called.signed_in(Role.REVIEWER, branch=BRANCH, number="own")
    assert "共 2 通" in (await theirs.get("/calls?branch=杭州营业部")).text
    assert (await theirs.get("/calls/1")).status_code == 200
    others = await called.signed_in(Role.COMPLIANCE, branch="杭州营业部", number="other")
    assert "共 0 通" in (await others.get("/calls")).text
    assert "共 0 处" in (await others.get("/calls?q=分成")).text
    for path in ("/calls/1", "/calls/1/sound/customer", "/calls/1/record/html"):
        assert (await others.get(path)).status_code == 404


@pytest.mark.parametrize(("form", "start"), [("html", b"<!doctype"), ("docx", b"PK")])
async def test_the_written_record_is_a_file(called: Desk, form: str, start: bytes) -> None:
    answer = await (await called.signed_in(Role.HEAD)).get(f"/calls/1/record/{form}")
    assert answer.content[: len(start)].lower() == start.lower()
    assert f'attachment; filename="call-1.{form}"' in answer.headers["content-disposition"]


async def test_a6_every_look_is_on_the_trail(called: Desk) -> None:
    browser = await called.signed_in(Role.COMPLIANCE)
    await browser.get("/calls/1")
    await browser.get("/calls/1/sound/customer", range="bytes=0-")
    await browser.get("/calls/1/sound/customer", range="bytes=100-")
    await browser.get("/calls/1/record/docx")
    rows = await audit.listed(called.database, Asked(who="compliance", of="call 1"), 10)
    assert [row.act.what for row in rows] == ["exported", "heard", "looked"]


async def test_a6_who_leaves_the_beginning_out_hears_too_and_is_noted_once_an_hour(called: Desk) -> None:
    browser = await called.signed_in(Role.COMPLIANCE)
    for minutes in (0, 59, 1):
        called.wait(minutes=minutes)
        await browser.get("/calls/1/sound/customer", range="bytes=1-")
    rows = await audit.listed(called.database, Asked(what="heard"), 10)
    assert [(row.act.at, row.act.of) for row in rows] == [(called.at, "1"), (NOW, "1")]


async def test_what_was_played_is_kept_for_each_listener(called: Desk) -> None:
    one = await called.signed_in(Role.REVIEWER)
    other = await called.signed_in(Role.SUPERVISOR)
    for browser, spans in ((one, "1.0-2.5,7.0-9.1"), (one, "2.4-4.0"), (other, "0.0-1.0")):
        assert (await browser.post("/calls/1/heard", {"spans": spans})).status_code == 204
    assert await listening.heard_by(called.database, Talk(1), "reviewer") == [(1.0, 4.0), (7.0, 9.1)]
    assert await listening.heard_by(called.database, Talk(1), "supervisor") == [(0.0, 1.0)]


async def test_nobody_heard_what_is_not_there(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    for spans in ("1-999", "x"):
        assert (await browser.post("/calls/1/heard", {"spans": spans})).status_code == 400
    assert await listening.heard_by(called.database, Talk(1), "reviewer") == []
