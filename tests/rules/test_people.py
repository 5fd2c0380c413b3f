"""Whom the firm knows, and what its people do by themselves: A1, A6, P7, P9, W1, by the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from huifang.site import open_site
from records import schema
from records.people import EventKind, Staff
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.planning_kit import TODAY, Known, call, due, owe, planned_site, stock
from tests.site_kit import give_sound

DAY = TODAY.date()
FIRM = (Staff("S01", "刘洋", "上海"), Staff("S02", "陈静", "上海"), Staff("S05", "周强", "上海"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return planned_site(tmp_path / "data")


def opened(name: str, **columns: object) -> Known:
    return Known(name, {"opened_on": DAY, **columns}, ((EventKind.OPENED, DAY),))


def written(site: Path, text: str) -> Path:
    file = site.parent / "file.csv"
    file.write_text(text, "utf-8")
    return file


def new_sheet(site: Path, *more: str) -> str:
    command = ("plan", "sheet", "new", "--as", "S01", "--profile", "boci", "--kind", "new_account")
    (sheet,) = as_json(*command, "--operations", "S02", "--data", site, *more)["sheets"]
    return str(sheet["number"])


def test_a6_where_its_people_are_known_nobody_else_acts(site: Path) -> None:
    stock(site, [opened("张伟")], FIRM)
    owe(site, "boci")
    stranger = complaint("plan", "sheet", "new", "--as", "S99", "--operations", "S02", "--data", site)
    assert "S99: is no staff number of the firm" in stranger
    number = new_sheet(site)
    assert "S98" in complaint("plan", "sheet", "submit", number, "--as", "S98", "--data", site)
    assert "S97" in complaint("report", "hand-in", number, "--by", "S97", "--data", site)
    assert "S96" in complaint(
        "retention", "hold", "customer", "1", "--why", "x", "--as", "S96", "--data", site
    )


def test_a6_before_people_are_known_and_for_ones_own_account_nobody_is_refused(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    new_sheet(site)
    more = written(site, "工号,姓名\nS01,刘洋\n")
    succeeds("customers", "staff", more, "--data", site)
    succeeds("customers", "staff", more, "--data", site)


def test_a1_nobody_answers_for_customers_whom_the_firm_does_not_know(site: Path) -> None:
    stock(site, [opened("张伟")], FIRM)
    owe(site, "boci")
    command = ("plan", "sheet", "new", "--as", "S01", "--profile", "boci", "--operations", "S77")
    assert "S77: is no staff number" in complaint(*command, "--data", site)


def test_a1_an_import_warns_of_managers_whom_the_firm_does_not_know(site: Path) -> None:
    stock(site, [], FIRM)
    rows = "资金账号,姓名,电话,客户经理工号,居间人\n1,张伟,13800000001,S01,外人\n2,王芳,13800000002,S88,\n"
    done = huifang("customers", "import", written(site, rows), "--data", site)
    assert done.status == 0
    assert done.stderr.splitlines()[0].startswith("warning: S88: not among the firm's people")
    assert "外人" not in done.stderr


def test_w1_a_manager_who_is_named_by_number_stands_there_by_name(site: Path) -> None:
    stock(site, [opened("张伟", manager_no="S05"), opened("王芳", manager_no="S88")], FIRM)
    owe(site, "boci")
    text = succeeds("report", "worksheet", new_sheet(site), "--data", site)
    rows = {cells[1]: cells[4] for line in text.splitlines() if len(cells := line.split(" | ")) == 8}
    assert (rows["张伟"], rows["王芳"]) == ("周强", "S88")


def test_p7_what_is_still_to_come_has_not_happened(site: Path) -> None:
    stock(site, [Known("张伟", {"account": "1"})])
    rows = written(site, "资金账号,事件,日期\n1,密码重置,2026-03-05\n1,密码重置,2026-03-04\n")
    found = as_json("customers", "events", rows, "--data", site)
    assert [(one["row"], one["reason"]) for one in found["bad"]] == [(2, "2026-03-05 在今天之后")]
    assert found["result"]["added"] == 1


def test_p9_a_call_of_a_person_is_filed_with_its_recording(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    _hung_up(site)
    (left,) = due(site, "--kind", "new_account")
    number = new_sheet(site, "--persons", "--method", "人工电话")
    succeeds("plan", "sheet", "submit", number, "--as", "S01", "--data", site)
    succeeds("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    filed = ("plan", "sheet", "record", number, str(left["id"]), "--as", "S02", "--result", "无异议")
    assert "a recording belongs to 人工电话" in complaint(*filed, "--data", site)
    assert "R7: there is no such recording" in complaint(*filed, "--recording", "7", "--data", site)
    succeeds(*filed, "--recording", str(_recording(site)), "--data", site)
    text = succeeds("report", "worksheet", number, "--data", site)
    assert "方式：☑电话" in text
    assert "人工电话 S02 R1: 无异议" in text


def _hung_up(site: Path) -> None:
    """The machine called, and the customer hung up: somebody looks."""
    number = new_sheet(site)
    succeeds("plan", "sheet", "submit", number, "--as", "S01", "--data", site)
    succeeds("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    succeeds("campaign", "create", "试", "--script", "new_account", "--data", site)
    give_sound(site, "试")
    succeeds("plan", "sheet", "start", number, "--as", "S01", "--data", site)
    call(site, number, "new_account", kinds=(), disposition="hung_up")


def _recording(site: Path) -> int:
    values = {"sha256": "b" * 64, "name": "a.wav", "path": "a.wav", "length_s": 12.0, "added_at": TODAY}
    made = sa.insert(schema.recording).values(values).returning(schema.recording.c.id)

    async def add() -> int:
        async with open_site(site) as opened_site:
            return await opened_site.database.write(lambda connection: connection.execute(made).scalar_one())

    return asyncio.run(add())


def test_p9_a_forecast_without_any_trunk_says_so(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    text = succeeds("plan", "forecast", "--profile", "boci", "--data", site)
    assert "没有设置外呼线路" in text
    assert "未逾期的全部按期需要 1 条线路" in text
