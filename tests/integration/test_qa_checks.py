"""Spot checks in the console: drawn, scored, objected to, decided about, compared (Q5)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from plans.scorecards import Answer, Scorecard
from records import audit, ledger, listening, retention, schema, scores, spot_checks, transcripts
from records.audit import Asked
from records.listening import Talk
from records.post_call import Flag, Transcript
from records.search import Page
from records.users import Role
from tests.console_kit import BRANCH, Browser, Desk, desk
from tests.records_kit import NOW, dialed, execute, person, said, started, talk

FLAGGED = (1, 5)
CALLS = 12
FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 2.0, 3.6, "三七分成", 0.9, "certain", "affirmed"),
    "原文命中",
)
WISH = {"name": "三月抽检", "since": "2026-03-04", "until": "2026-03-04", "due_on": "2026-03-10", "size": "4"}


@pytest.fixture
async def called(tmp_path: Path) -> AsyncIterator[Desk]:
    """Twelve calls of yesterday, two with a flag; call 12 was to a customer of manager M9."""
    async with desk(tmp_path) as console:
        campaign = await started(console.database, [person(n) for n in range(1, CALLS + 1)])
        for n in range(1, CALLS + 1):
            claim = await dialed(console.database, campaign)
            await ledger.close(console.database, talk(claim), NOW)
            flags = (FLAG,) if n in FLAGGED else ()
            heard = Transcript(claim.attempt_id, "test", "a" * 64, (said("他说亏了三七分成"),), flags)
            await transcripts.save(console.database, heard, NOW)
        customer = schema.customer
        await execute(
            console.database, sa.update(customer).where(customer.c.name == "客户12").values(manager_no="M9")
        )
        console.wait(days=1)
        yield console


def _card(desk: Desk) -> Scorecard:
    return next(one for one in desk.console.scorecards if one.name == "follow_up")


def _filled(desk: Desk, *, violation: str = "no", **other: str) -> dict[str, str | list[str]]:
    """Everything answered with yes but for the items named."""
    answers = {f"item.{one.key}": other.get(one.key, Answer.YES.value) for one in _card(desk).items}
    return {"card": "follow_up", "violation": violation, "words": "听完", **answers}


async def _made(browser: Browser, **more: str | list[str]) -> str:
    """The address of a new spot check."""
    await browser.get("/review/checks")
    answer = await browser.post("/review/checks", {**WISH, **more})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return str(httpx.URL(answer.headers["location"]).path)


async def _drawn(desk: Desk, check: str) -> dict[int, bool]:
    return await spot_checks.items(desk.database, int(check.rsplit("/", 1)[1]))


async def _scored(desk: Desk, browser: Browser, call: int, check: str = "", **more: str) -> httpx.Response:
    number = check.rsplit("/", 1)[-1] if check else ""
    return await browser.post(f"/calls/{call}/score", {**_filled(desk, **more), "check": number})


async def test_q5_flagged_calls_are_in_and_the_seed_is_shown(called: Desk) -> None:
    browser = await called.signed_in(Role.HEAD)
    check = await _made(browser)
    drawn = await _drawn(called, check)
    assert {id_ for id_, is_flagged in drawn.items() if is_flagged} == set(FLAGGED)
    assert len(drawn) == len(FLAGGED) + 4
    page = (await browser.get(check)).text
    kept = await spot_checks.get(called.database, 1)
    assert f">{kept.seed} " in page
    assert "无线索 4 通，从 10 通里抽出" in page
    assert "没有人挑选" in (await browser.get(f"{check}?again=1")).text


async def test_q5_a_sample_that_was_picked_is_found_out(called: Desk) -> None:
    browser = await called.signed_in(Role.HEAD)
    check = await _made(browser)
    drawn = sorted(id_ for id_, is_flagged in (await _drawn(called, check)).items() if not is_flagged)
    others = [id_ for id_ in range(1, CALLS + 1) if id_ not in drawn and id_ not in FLAGGED]
    item = schema.spot_check_call
    for put_out, instead in zip(drawn, others, strict=False):
        change = sa.update(item).where(item.c.attempt_id == put_out).values(attempt_id=instead)
        await execute(called.database, change)
    assert "样本里却没有的通话" in (await browser.get(f"{check}?again=1")).text


async def test_q5_what_flags_miss_is_told_with_its_interval(called: Desk) -> None:
    browser = await called.signed_in(Role.HEAD)
    check = await _made(browser, size="10")
    for call, is_flagged in (await _drawn(called, check)).items():
        missed = "yes" if is_flagged or call == 2 else "no"
        assert (await _scored(called, browser, call, check, violation=missed)).status_code == 303
    page = (await browser.get(check)).text
    assert "10.0%" in page  # one of ten
    assert "95% 区间 0.3% 至 44.5%" in page
    assert "10 通里 1 至 1 通" in page  # all were listened to
    assert "33.3%" in page  # one of three bears no lead
    assert re.search(r"按时评分</dt><dd>12<", page)


async def test_scores_after_the_last_day_are_late(called: Desk) -> None:
    browser = await called.signed_in(Role.HEAD)
    check = await _made(browser)
    await _scored(called, browser, 1, check)
    called.wait(days=10)
    await browser.client.aclose()
    late = await called.signed_in(Role.REVIEWER, number="later")
    await _scored(called, late, 5, check)
    page = (await late.get(check)).text
    assert re.search(r"逾期评分</dt><dd>1<", page)
    assert "已超期" in page


WRONG: list[tuple[dict[str, str | list[str]], str]] = [
    ({"until": "2026-03-05"}, "are not over"),
    ({"since": "2026-03-05"}, "are not over"),
    ({"due_on": "2026-03-01"}, "is over"),
    ({"size": "0"}, "no such number"),
    ({"kind": "dance"}, "is unknown"),
    ({"branch": "杭州营业部"}, "nobody talked"),
    ({"name": " "}, "has no name"),
    ({"reviewer": ["head"]}, "one reviewer alone"),
    ({"reviewer": ["head", "nobody"]}, "is no reviewer"),
    ({"scorecard": "none"}, "no such scorecard"),
]


async def test_what_cannot_be_drawn_is_said(called: Desk) -> None:
    browser = await called.signed_in(Role.HEAD)
    for change, complaint in WRONG:
        answer = await browser.post("/review/checks", {**WISH, **change})
        assert (answer.status_code, complaint in answer.text) == (400, True), change
    assert await spot_checks.listed(called.database, "", Page(10)) == (0, [])


async def test_a_call_is_scored_once_in_a_check_and_the_total_is_kept(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    check = await _made(await called.signed_in(Role.HEAD))
    assert "记录与录音" in (await browser.get("/calls/1/score?check=1")).text
    assert (await _scored(called, browser, 1, check, asked="partly")).status_code == 303
    again = await _scored(called, browser, 1, check)
    assert (again.status_code, "was scored already" in again.text) == (400, True)
    (kept,) = await scores.of_call(called.database, 1)
    assert (kept.given.total, kept.given.passed, kept.card.sha256) == (92.5, True, _card(called).sha256)
    rows = await audit.listed(called.database, Asked(of="call 1", what="scored"), 5)
    assert [(row.act.who, row.act.detail["total"]) for row in rows] == [("reviewer", 92.5)]


async def test_a_critical_item_that_failed_leaves_nothing(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await _scored(called, browser, 1, owner="no")
    assert (await scores.get(called.database, 1)).given.total == 0
    await listening.add(called.database, Talk(1), "reviewer", [(0.0, 4.0), (6.0, 8.5)], called.at)
    page = (await browser.get("/review/scores/1")).text
    assert "不合格" in page
    assert "听了 00:06.5" in page
    (look,) = await audit.listed(called.database, Asked(of="call 1", what="looked"), 5)
    assert look.act.detail == {"score": "1"}


async def test_what_is_not_answered_is_said_and_the_rest_stays(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    fields = _filled(called)
    del fields["item.manner"]
    answer = await browser.post("/calls/1/score", fields)
    assert (answer.status_code, "is not answered" in answer.text) == (400, True)
    assert re.search(r'name="item.owner" value="yes" required checked', answer.text)
    assert await scores.of_call(called.database, 1) == []


async def test_a_spot_check_of_no_possible_number_is_not_there(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    assert (await browser.get(f"/calls/1/score?check={'9' * 40}")).status_code == 400
    assert (await _scored(called, browser, 1, "9" * 40)).status_code == 404
    assert await scores.of_call(called.database, 1) == []


async def test_a1_nobody_scores_their_own_customer(called: Desk) -> None:
    manager = await called.signed_in(Role.REVIEWER, number="M9")
    assert "回避" in (await manager.get("/calls/12/score")).text
    assert (await _scored(called, manager, 12)).status_code == 403
    assert (await _scored(called, manager, 11)).status_code == 303
    assert [one.given.call for one in await scores.objections(called.database, "", 5)] == []


async def test_q5_an_objection_is_decided_by_somebody_else(called: Desk) -> None:
    reviewer = await called.signed_in(Role.REVIEWER)
    operator = await called.signed_in(Role.OPERATOR)
    head = await called.signed_in(Role.HEAD)
    check = await _made(head)
    await _scored(called, reviewer, 1, check, violation="yes", owner="no")
    refused = await reviewer.post("/review/scores/1/objection", {"why": ""})
    assert refused.status_code == 400
    done = await operator.post("/review/scores/1/objection", {"why": "先问了是不是本人"})
    assert done.status_code == 303
    assert (await operator.post("/review/scores/1/objection", {"why": "再来"})).status_code == 400
    assert "先问了是不是本人" in (await head.get("/review/scorecards")).text
    assert (await head.post("/review/scores/1/decision", {**_filled(called)})).status_code == 303
    first, second = await scores.of_call(called.database, 1)
    assert (first.replaced, second.replaces, second.given.total) == (True, 1, 100)
    assert [one.id for one in await scores.of_check(called.database, 1)] == [2]
    assert "没有" not in (await head.get("/review/scorecards")).text.split("</h1>")[1][:400]
    assert (await head.post("/review/scores/1/decision", {**_filled(called)})).status_code == 400
    rows = await audit.listed(called.database, Asked(of="call 1"), 9)
    assert [row.act.what for row in rows][:3] == ["decided", "objected", "scored"]


async def test_q5_who_scored_or_objected_does_not_decide(called: Desk) -> None:
    scorer = await called.signed_in(Role.HEAD, number="scorer")
    objector = await called.signed_in(Role.COMPLIANCE, number="objector")
    await _scored(called, scorer, 1)
    await objector.post("/review/scores/1/objection", {"why": "不对"})
    for browser in (scorer, objector):
        assert (await browser.post("/review/scores/1/decision", {**_filled(called)})).status_code == 403
    assert len(await scores.of_call(called.database, 1)) == 1


async def test_c4_a_branch_sees_its_own_checks_and_scores(called: Desk) -> None:
    ours = await called.signed_in(Role.HEAD, branch=BRANCH, number="ours")
    check = await _made(ours)
    await _scored(called, ours, 1, check)
    theirs = await called.signed_in(Role.HEAD, branch="杭州营业部", number="theirs")
    assert "三月抽检" in (await ours.get("/review/checks")).text
    assert "三月抽检" not in (await theirs.get("/review/checks")).text
    for path in (check, "/calls/1/score", "/review/scores/1"):
        assert (await ours.get(path)).status_code == 200, path
        assert (await theirs.get(path)).status_code == 404, path
    assert (await _scored(called, theirs, 2)).status_code == 404
    assert (await theirs.post("/review/scores/1/objection", {"why": "?"})).status_code == 404
    refused = await theirs.post("/review/checks", {**WISH, "name": "二", "branch": BRANCH})
    assert (refused.status_code, "nobody talked" in refused.text) == (400, True)


async def _comparison(called: Desk, *others: str) -> tuple[str, list[Browser]]:
    """Of four calls, by two reviewers or more."""
    names = ("one", "two", *others)
    reviewers = [await called.signed_in(Role.REVIEWER, number=name) for name in names]
    head = await called.signed_in(Role.HEAD)
    more: dict[str, str | list[str]] = {"name": "校准", "reviewer": [*names], "scorecard": "follow_up"}
    return await _made(head, **more), reviewers


async def test_q5_reviewers_are_compared_blind(called: Desk) -> None:
    check, (one, two) = await _comparison(called)
    drawn = await _drawn(called, check)
    assert (len(drawn), sum(drawn.values())) == (4, 2)
    for call in drawn:
        await _scored(called, one, call, check, violation="yes" if drawn[call] else "no")
    assert "盲评" in (await two.get(check)).text
    assert "/review/scores/1" not in (await two.get(check)).text
    assert (await two.get("/review/scores/1")).status_code == 404
    assert (await one.get("/review/scores/1")).status_code == 200
    assert "已有评分" not in (await two.get(f"/calls/{min(drawn)}/score?check=1")).text
    for call in drawn:
        await _scored(called, two, call, check, violation="yes" if drawn[call] else "no", manner="no")
    page = (await two.get(check)).text
    assert "两两一致 100.0%" in page
    assert "κ = 1.00" in page
    assert ">+5.0<" in page
    assert ">-5.0<" in page
    assert (await two.get("/review/scores/1")).status_code == 200
    late = await called.signed_in(Role.REVIEWER, number="three")
    assert (await _scored(called, late, min(drawn), check)).status_code == 403


async def test_what_is_scored_after_a_comparison_is_over_is_refused(called: Desk) -> None:
    check, (one, two, _three) = await _comparison(called, "three")
    for browser in (one, two):
        for call in await _drawn(called, check):
            await _scored(called, browser, call, check)
    called.wait(days=6)
    three = await called.signed_in(Role.REVIEWER, number="four")
    assert "κ 无法计算" in (await three.get(check)).text
    again = await called.signed_in(Role.REVIEWER, number="five")
    assert (await _scored(called, again, 1, check)).status_code == 403


async def test_a1_nobodys_own_customer_is_compared(called: Desk) -> None:
    await called.signed_in(Role.REVIEWER, number="M9")
    await called.signed_in(Role.REVIEWER, number="two")
    head = await called.signed_in(Role.HEAD)
    check = await _made(head, reviewer=["M9", "two"], scorecard="follow_up", size="20")
    assert set(await _drawn(called, check)) == set(range(1, CALLS))


async def test_a_card_that_changed_without_a_new_version_is_refused(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    await _scored(called, browser, 1)
    filed = schema.filed_scorecard
    await execute(called.database, sa.update(filed).values(sha256="b" * 64))
    answer = await _scored(called, browser, 2)
    assert (answer.status_code, "filed with another content" in answer.text) == (400, True)


async def test_r3_a_call_is_deleted_with_its_scores(called: Desk) -> None:
    head = await called.signed_in(Role.HEAD)
    check = await _made(head)
    await _scored(called, head, 1, check)
    other = await called.signed_in(Role.COMPLIANCE)
    await other.post("/review/scores/1/objection", {"why": "不对"})
    third = await called.signed_in(Role.HEAD, number="third")
    await third.post("/review/scores/1/decision", {**_filled(called)})
    kept = [one for one in await retention.made_before(called.database, called.at) if one.id == 1]
    assert await retention.delete(called.database, kept[0], [], "purger", called.at)
    assert await scores.of_call(called.database, 1) == []
    assert 1 not in await _drawn(called, check)
