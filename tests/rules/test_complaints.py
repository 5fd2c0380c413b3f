"""Rules about complaints and opinions: raised in calls or otherwise, their clocks, their end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import complaints, customer_events, notes, schema
from records.complaining import State
from records.people import EventKind
from records.users import Role
from tests.console_kit import Browser, Desk
from tests.desk_kit import PDF, caller, handed_over, send
from tests.records_kit import NOW, execute

ONE = "/desk/complaints/1"
STEPS = f"{ONE}/steps"
WAY = (
    {"step": "passed", "department": "营业部运营"},
    {"step": "answered", "measure": "退还多收佣金", "promised_on": "2026-03-12"},
    {"step": "told", "words": "电话告知措施与日期"},
    {"step": "handled", "outcome": "已退还", "cause": "费率录入有误", "prevention": "录入双人复核"},
)
"""Up to where the customer hears the outcome."""


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Desk]:
    async with handed_over(tmp_path) as made:
        yield made


async def go(browser: Browser, *steps: dict[str, str]) -> None:
    for step in steps:
        assert (await send(browser, STEPS, step)).status_code == 303


async def state(console: Desk) -> State:
    return (await complaints.get(console.database, 1)).complaint.state


def tags(text: str) -> list[str]:
    """The last days shown beside the name, those that are over with "!"."""
    found = re.findall(r'<span class="tag( high)?">(\S+) 截止 (\S+)</span>', text)
    return [f"{'!' if late else ''}{clock} {day}" for late, clock, day in found]


async def test_s15_a_complaint_of_a_call_enters_the_process_once(console: Desk) -> None:
    browser = await caller(console)
    for _ in range(2):
        text = (await browser.get("/desk/complaints")).text
        assert text.count("李娜") == 1
    assert "/calls/2" in (await browser.get(ONE)).text
    assert "投诉" not in (await browser.get("/desk")).text.partition("<tbody>")[2]


async def test_s15_what_a_reviewer_hears_is_registered_from_the_call_s_page(console: Desk) -> None:
    browser = await console.signed_in(Role.REVIEWER, number="4001")
    assert "/desk/complaints/new?call=2" in (await browser.get("/calls/2")).text
    assert "李娜" in (await browser.get("/desk/complaints/new?call=2")).text
    made = await browser.post(
        "/desk/complaints", {"call": "2", "matter": "客户经理态度差", "sort": "opinion"}
    )
    text = (await browser.get(made.headers["location"])).text
    for word in ("李娜", "客户经理态度差", "意见", "通话 2"):
        assert word in text


async def test_q4_each_clock_runs_from_its_beginning_and_what_is_late_is_on_top(console: Desk) -> None:
    browser = await caller(console)
    assert tags((await browser.get(ONE)).text) == ["处理 2026-03-11", "全程 2026-03-25"]
    await go(browser, WAY[0])
    assert tags((await browser.get(ONE)).text) == [
        "部门答复 2026-03-06",
        "处理 2026-03-11",
        "全程 2026-03-25",
    ]
    console.wait(days=3)
    later = await caller(console, number="2002")
    listed = (await later.get("/desk/complaints")).text
    assert "超期 1 件" in listed
    assert "!部门答复 2026-03-06" in tags((await later.get(ONE)).text)
    await go(later, *WAY[1:])
    assert tags((await later.get(ONE)).text) == ["全程 2026-03-25"]


async def test_q7_no_complaint_closes_before_the_customer_has_heard_the_outcome(console: Desk) -> None:
    browser = await caller(console)
    content = {"step": "content", "words": "电话告知结果，客户满意"}
    for step in WAY:
        assert (await send(browser, STEPS, content)).status_code == 400
        await go(browser, step)
    assert await state(console) is State.HANDLED
    await go(browser, content)
    assert await state(console) is State.CLOSED
    (settled,) = await customer_events.events_of_customer(console.database, 2)
    assert (settled.kind, settled.by, settled.on) == (EventKind.SETTLED, "营业部运营", NOW.date())
    left = await notes.listed(console.database, NOW.date(), 9, state=notes.NoteState.OPEN)
    assert [one.code for one in left] == ["promised_answer"]


async def test_q8_time_person_matter_type_department_measure_date_cause_and_prevention_are_kept(
    console: Desk,
) -> None:
    browser = await caller(console)
    entered: dict[str, str] = {
        **{"person": "赵先生", "phone": "021-12345678", "way": "visit", "raised_at": "2026-03-03T10:30"},
        **{"matter": "柜台等候太久", "type": "服务", "department": "营业部运营"},
    }
    made = await send(browser, "/desk/complaints", entered)
    path = made.headers["location"].partition("?")[0]
    for step in WAY[1:]:
        await send(browser, f"{path}/steps", step, ("材料.pdf", PDF))
    text = (await browser.get(path)).text
    for word in (*entered.values(), *WAY[1].values(), *WAY[3].values()):
        shown = {"visit": "面访", "2026-03-03T10:30": "2026-03-03 10:30"}.get(word, word)
        assert shown in text or word in ("answered", "handled", "021-12345678")
    assert "材料.pdf" in text


async def test_q8_each_thing_that_is_asked_for_is_needed(console: Desk) -> None:
    browser = await caller(console)
    await go(browser, WAY[0])
    for lacking in (
        {"step": "answered", "measure": "退还"},
        {"step": "answered", "promised_on": "2026-03-12"},
    ):
        answer = await send(browser, STEPS, lacking)
        assert answer.status_code == 400
        assert "lacks" in answer.text


async def test_q8_who_is_dissatisfied_has_it_reopened_and_the_clocks_begin_anew(console: Desk) -> None:
    browser = await caller(console)
    await go(browser, *WAY, {"step": "content", "words": "满意"})
    console.wait(days=20)
    later = await caller(console, number="2002")
    await go(later, {"step": "dissatisfied", "words": "再次来电，不认可"})
    found = await complaints.get(console.database, 1)
    assert (found.complaint.state, found.due_on) == (State.OPEN, date(2026, 3, 31))
    assert "部门答复" not in "".join(tags((await later.get(ONE)).text))


async def test_a1_whose_customer_it_is_does_not_bring_it_on(console: Desk) -> None:
    await execute(console.database, sa.update(schema.customer).values(signed_by="2001"))
    browser = await caller(console)
    assert "(A1)" in (await send(browser, STEPS, WAY[0])).text


async def test_a1_whose_telephone_it_is_is_found_and_of_a_stranger_somebody_else_closes_it(
    console: Desk,
) -> None:
    browser, other = await caller(console), await caller(console, number="2002")
    entered = {"person": "赵先生", "matter": "等候太久", "department": "营业部运营"}
    for phone, customer in (("13800000001", 1), ("021-12345678", None)):
        made = await send(browser, "/desk/complaints", entered | {"phone": phone})
        path = made.headers["location"].partition("?")[0]
        course = await complaints.get(console.database, int(path.rpartition("/")[2]))
        assert course.complaint.customer_id == customer
    for step in WAY[1:]:
        assert (await send(browser, f"{path}/steps", step)).status_code == 303
    content = {"step": "content", "words": "满意"}
    assert "(A1)" in (await send(browser, f"{path}/steps", content)).text
    assert (await send(other, f"{path}/steps", content)).status_code == 303
