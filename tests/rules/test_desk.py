"""Rules about what people do with what the machine hands over, as the console shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from office import desk as working
from records import attachments, audit, customers, desk, ledger, notes, schema, staff
from records.audit import Asked
from records.model import NoteRow
from records.people import Staff
from records.users import Role
from tests.console_kit import BRANCH, Browser, Desk
from tests.desk_kit import PDF, WAVE, caller, handed_over, send
from tests.records_kit import NOW, dialed, execute, over, person, scalar, started, talk

Fields = dict[str, str | list[str]]
CALLED, PROMISED = "/desk/1", "/desk/2"
"""张伟, whom nobody reached; 李娜, who waits for an answer."""
TALKED = {"way": "phone", "owner": "1", "content": "本人接听，逐题询问", "result": "completed"}


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Desk]:
    async with handed_over(tmp_path) as made:
        yield made


async def answers(console: Desk) -> dict[str, str]:
    """One for each question of the script."""
    along = await working.read_along(console.console.place, await desk.get(console.database, 1))
    assert along is not None
    return {
        f"answer.{one.node}": one.options[0][0] if one.options else "无" for one in along.lines if one.asks
    }


async def owed(console: Desk) -> tuple[str, date | None]:
    query = sa.select(schema.obligation.c.state, schema.obligation.c.settled_on)
    row = await console.database.read(lambda connection: connection.execute(query).one())
    return row[0], row[1]


async def refused(browser: Browser, path: str, fields: dict[str, str], *files: tuple[str, bytes]) -> str:
    answer = await send(browser, path, fields, *files)
    assert answer.status_code == 400
    return answer.text


async def test_d2_what_was_tried_in_vain_is_completed_by_a_person_with_a_recording(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    whole = TALKED | await answers(console)
    text = await refused(browser, f"{CALLED}/record", whole)
    assert "录音（通话编号，或附件）" in text
    assert await owed(console) == ("open", None)
    assert (await send(browser, f"{CALLED}/record", whole, ("talk.wav", WAVE))).status_code == 303
    assert await owed(console) == ("completed", NOW.date())
    assert "次数用尽" not in (await browser.get("/desk")).text


async def test_p9_a_mandatory_question_without_an_answer_is_named(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    told = TALKED | await answers(console)
    del told["answer.password"]
    text = await refused(browser, f"{CALLED}/record", told, ("talk.wav", WAVE))
    assert "必答问题的回答：交易密码，是您自己保管的吗？" in text
    assert "本人接听，逐题询问" in text


async def test_r1_the_written_record_says_who_when_how_what_and_with_which_result(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    said = await answers(console)
    written = TALKED | said | {"purpose": "核实开户", "problem": "无", "at": "2026-03-04T14:20"}
    await send(browser, f"{CALLED}/record", written, ("talk.wav", WAVE))
    text = (await browser.get(CALLED)).text
    for word in ("2026-03-04 14:20", "2001", "新开户", "电话", "完成回访", "本人接听，逐题询问"):
        assert word in text
    assert "交易密码，是您自己保管的吗？" in text


async def test_a4_who_will_not_be_called_is_informed_by_a_letter_whose_copy_is_kept(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    letter = {"way": "letter", "content": "挂号信告知", "result": "informed"}
    assert "凭据" in await refused(browser, f"{CALLED}/record", letter)
    told = {**letter, "way": "phone"}
    assert "可以代替电话告知的方式" in await refused(browser, f"{CALLED}/record", told, ("l.pdf", PDF))
    assert (await send(browser, f"{CALLED}/record", letter)).status_code == 303
    assert await owed(console) == ("noticed", NOW.date())


async def test_c1_a_weighty_visit_takes_two_and_the_signed_sheet(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    visit = TALKED | await answers(console) | {"way": "visit", "weighty": "1"}
    text = await refused(browser, f"{CALLED}/record", visit)
    assert "凭据" in text
    assert "第二名工作人员" in text
    await caller(console, number="2009")
    done = await send(browser, f"{CALLED}/record", visit | {"second": "2009"}, ("signed.pdf", PDF))
    assert done.status_code == 303
    assert await owed(console) == ("completed", NOW.date())


async def test_c1_who_came_along_is_known_and_a_call_named_was_to_this_customer(console: Desk) -> None:
    await staff.keep(console.database, [Staff("2001", "张伟"), Staff("2009", "王芳")], NOW)
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    visit = TALKED | {"way": "visit", "result": "refused"}
    assert "no staff number" in await refused(browser, f"{CALLED}/record", visit | {"second": "x"})
    assert "no call to this customer" in await refused(browser, f"{CALLED}/record", visit | {"call": "2"})
    done = await send(browser, f"{CALLED}/record", visit | {"second": "2009", "call": "1"})
    assert done.status_code == 303


async def test_a1_who_manages_the_customer_does_not_take_it_nor_come_along(console: Desk) -> None:
    await execute(console.database, sa.update(schema.customer).values(manager_no="2001", introducer="2009"))
    own = await caller(console)
    assert "回避" in (await own.get(CALLED)).text
    assert (await own.post(f"{CALLED}/claim")).status_code == 400
    other = await caller(console, number="2002")
    await other.post(f"{CALLED}/claim")
    together = TALKED | {"way": "visit", "second": "2009", "result": "refused"}
    assert "(A1)" in await refused(other, f"{CALLED}/record", together)


async def test_c4_another_branch_does_not_see_it(console: Desk) -> None:
    await caller(console)
    browser = await caller(console, number="3001", branch="北京营业部")
    assert "张伟" not in (await browser.get("/desk")).text
    for path in (CALLED, "/desk/complaints/1"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.post(f"{CALLED}/claim")).status_code == 404


async def test_s13_a_promised_answer_is_late_on_top_until_it_is_given(console: Desk) -> None:
    await caller(console)
    console.wait(days=3)
    browser = await caller(console, number="2002")
    text = (await browser.get("/desk")).text
    assert "超期 1 件" in text
    assert text.index("答应回复</a>") < text.index("次数用尽</a>")
    await browser.post(f"{PROMISED}/claim")
    await send(browser, f"{PROMISED}/record", {"way": "phone", "content": "已答复费率", "result": "answered"})
    left = await notes.listed(console.database, NOW.date(), 9, state=notes.NoteState.OPEN)
    assert [one.code for one in left] == ["complaint"]


async def test_s14_dialect_and_not_being_understood_are_told_apart(console: Desk) -> None:
    campaign = await started(console.database, [person(3), person(4)], name="方言")
    for disposition, noted in (("handed_over", (NoteRow("dialect"),)), ("unheard", ())):
        claim = await dialed(console.database, campaign)
        closing = replace(talk(claim, over("insufficient")), disposition=disposition, notes=noted)
        await ledger.close(console.database, closing, NOW)
    text = (await (await caller(console)).get("/desk")).text
    assert "要求方言 1" in text
    assert "没听懂 1" in text


async def test_c3_a_changed_number_is_proven_asked_for_and_changed_nowhere(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{PROMISED}/claim")
    wish = {"what": "phone", "wanted": "13900000009"}
    assert "(C3)" in await refused(browser, f"{PROMISED}/changes", wish)
    assert "(C3)" in await refused(browser, f"{PROMISED}/changes", wish | {"call": "1"})
    await send(browser, f"{PROMISED}/changes", wish | {"call": "2"})
    head = await console.signed_in(Role.HEAD, number="9001")
    assert "13900000009" in (await head.get("/desk/changes")).text
    assert "13900000009" not in (await browser.get("/desk/changes")).text
    await head.post("/desk/changes/1", {"state": "made"})
    assert "已变更" in (await head.get("/desk/changes")).text
    kept = await customers.all_customers(console.database)
    assert [one.phone for one in kept] == ["+8613800000001", "+8613800000002"]


async def test_a1_who_has_not_taken_it_or_manages_the_customer_has_no_part_in_a_change(console: Desk) -> None:
    wish = {"what": "phone", "wanted": "13900000009"}
    browser = await caller(console)
    assert "take it first" in await refused(browser, f"{PROMISED}/changes", wish, ("a.wav", WAVE))
    assert not await attachments.of_object(console.database, "item", 2)
    await browser.post(f"{PROMISED}/claim")
    assert "(C3)" in await refused(browser, f"{PROMISED}/changes", wish, ("a.pdf", PDF))
    assert (await send(browser, f"{PROMISED}/changes", wish, ("a.wav", WAVE))).status_code == 303
    await execute(console.database, sa.update(schema.customer).values(manager_no="9001"))
    for number, status in (("9001", 400), ("9002", 303)):
        head = await console.signed_in(Role.HEAD, number=number)
        assert (await head.post("/desk/changes/1", {"state": "made"})).status_code == status


async def test_c6_a_question_is_whoever_s_who_was_asked_first_and_due_in_two_worked_days(
    console: Desk,
) -> None:
    browser = await caller(console)
    asked: Fields = {"reason": "question", "customer": "13800000002", "words": "佣金是多少"}
    made = await browser.post("/desk/new", asked)
    item = made.headers["location"].partition("?")[0]
    page = (await browser.get(item)).text
    assert "截止 2026-03-06" in page
    assert '<span class="tag">应于 2026-03-04 答复' in page  # the same day is aimed at
    assert (await browser.post(f"{item}/give-back")).status_code == 400
    console.wait(days=5)
    other = await caller(console, number="2002")
    assert '<span class="tag high">应于 2026-03-04 答复' in (await other.get("/desk")).text
    assert (await other.post(f"{item}/claim")).status_code == 400
    head = await console.signed_in(Role.HEAD, number="9001")
    assert (await head.post(f"{item}/claim")).status_code == 303


async def test_a6_whoever_took_wrote_and_opened_a_file_is_on_the_trail(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    await send(browser, f"{CALLED}/record", TALKED | {"result": "unreachable"}, ("a.pdf", PDF))
    await browser.get("/desk/files/1")
    acts = [one.act for one in await audit.listed(console.database, Asked(who="2001"), 4)]
    assert [(one.what, one.kind) for one in acts] == [
        ("looked", "attachment"),
        ("followed_up", "desk"),
        ("attached", "desk"),
        ("claimed", "desk"),
    ]


async def test_a6_whoever_looks_is_on_the_trail(console: Desk) -> None:
    browser = await caller(console, Role.HEAD)
    for path in (CALLED, "/desk/complaints/1", "/review/answers"):
        assert (await browser.get(path)).status_code == 200
    acts = [one.act for one in await audit.listed(console.database, Asked(who="2001", what="looked"), 9)]
    assert [(one.kind, one.of) for one in acts] == [("answers", ""), ("complaint", "1"), ("desk", "1")]


async def test_a_file_is_taken_by_what_it_is_and_given_back_to_be_saved(
    console: Desk, tmp_path: Path
) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    evil = ("../../etc/<b>.pdf", b"MZ\x90\0")
    assert "is of no kind that is kept" in await refused(browser, f"{CALLED}/record", TALKED, evil)
    done = TALKED | {"result": "refused"}
    await send(browser, f"{CALLED}/record", done, ("../../etc/签字.pdf", PDF))
    found = await browser.get("/desk/files/1")
    assert (found.content, found.headers["content-type"]) == (PDF, "application/pdf")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-disposition"] == "attachment; filename*=utf-8''%E7%AD%BE%E5%AD%97.pdf"
    (kept,) = await attachments.of_object(console.database, "item", 1)
    assert (tmp_path / attachments.FOLDER / kept.sha256[:2] / kept.sha256).read_bytes() == PDF
    stranger = await caller(console, number="3001", branch="北京营业部")
    assert (await stranger.get("/desk/files/1")).status_code == 404


async def test_ten_megabytes_are_the_most_and_only_where_files_belong(console: Desk) -> None:
    browser = await caller(console)
    await browser.post(f"{CALLED}/claim")
    large = PDF + bytes(10 * 1024 * 1024)
    assert (await send(browser, f"{CALLED}/record", TALKED, ("a.pdf", large))).status_code == 400
    assert (await send(browser, f"{CALLED}/record", TALKED, ("a.pdf", large + large))).status_code == 413
    assert (await send(browser, "/desk/new", {}, ("a.pdf", large))).status_code == 413
    assert await scalar(console.database, sa.select(sa.func.count()).select_from(schema.attachment)) == 0


async def test_d10_a_call_by_click_is_asked_for_once_by_whoever_has_the_item(console: Desk) -> None:
    browser = await caller(console)
    assert (await browser.post(f"{CALLED}/call")).status_code == 400
    await browser.post(f"{CALLED}/claim")
    assert (await browser.post(f"{CALLED}/call")).status_code == 303
    assert (await browser.post(f"{CALLED}/call")).status_code == 400
    assert "等待线路" in (await browser.get(f"{CALLED}/call")).text
    console.wait(seconds=31)
    text = (await browser.get(f"{CALLED}/call")).text
    assert "没有拨号程序接单" in text
    assert "hx-get" not in text
    assert (await browser.post(f"{CALLED}/call")).status_code == 303


async def test_the_number_is_whole_for_whoever_took_the_item(console: Desk) -> None:
    browser = await caller(console)
    assert "138****0001" in (await browser.get(CALLED)).text
    await browser.post(f"{CALLED}/claim")
    assert "13800000001" in (await browser.get(CALLED)).text.replace(" ", "")
    assert BRANCH in (await browser.get("/desk")).text
