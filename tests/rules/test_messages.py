"""Who is informed in another way than by a call (A4, C1, C5), shown by `huifang plan`."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from huifang.site import open_site
from records.do_not_call import do_not_call
from tests.command_line import as_json, complaint, succeeds
from tests.planning_kit import (
    DAY,
    TODAY,
    due,
    opened,
    owe,
    planned_site,
    running,
    set_clock,
    stock,
    submitted,
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return planned_site(tmp_path / "data")


def test_a4_who_is_not_to_be_called_is_informed_by_notice_and_counted_apart(site: Path) -> None:
    stock(site, [opened("张伟"), opened("王芳")])
    bar(site, "+8613800000001")
    owe(site, "boci")
    number = submitted(site)
    running(site, number)
    (left,) = due(site, "--kind", "new_account")
    assert (left["name"], left["tried"], left["route"]) == ("张伟", "do_not_call", "notice")
    out, back = site.parent / "out.csv", site.parent / "back.csv"
    said = as_json("plan", "notices", "out", out, "--profile", "boci", "--data", site)
    assert said["instead"] == 1
    back.write_text("手机号,状态\n13800000001,成功\n", "utf-8")
    succeeds("plan", "notices", "in", back, "--batch", said["batch"], "--data", site)
    (one,) = [one for one in as_json("plan", "standing", "--data", site) if one["duty"] == "new_account"]
    assert (one["due"], one["noticed"], one["completed"], one["missing"]) == (2, 1, 0, 2)


def test_c1_what_persons_did_in_another_way_is_filed(site: Path) -> None:
    stock(site, [opened("张伟", phone="+862161234567", phone_kind="landline", introducer="S07")])
    bar(site, "+862161234567")
    owe(site, "boci")
    running(site, submitted(site))
    (left,) = due(site, "--kind", "new_account")
    assert left["route"] == "person"  # a landline gets no SMS
    new = ("--kind", "new_account", "--operations", "S02", "--persons")
    assert "name another --method" in complaint(
        *("plan", "sheet", "new", "--as", "S01", "--profile", "boci", "--method", "电话", "--data", site),
        *new,
    )
    number = submitted(site, *new, "--method", "面访")
    filed = ("plan", "sheet", "record", number, str(left["id"]), "--result", "客户签字确认", "--data", site)
    assert "no approved worksheet" in complaint(*filed, "--as", "S02")
    succeeds("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    assert "(A1)" in complaint(*filed, "--as", "S07")
    assert "to come" in complaint(*filed, "--as", "S02", "--on", "2026-03-05")
    succeeds(*filed, "--as", "S02")
    (item,) = as_json("plan", "sheet", "show", number, "--data", site)["items"]
    assert (item["state"], item["why"]) == ("completed", "面访 S02: 客户签字确认")


def bar(site: Path, phone: str) -> None:
    async def work() -> None:
        async with open_site(site) as opened_site:
            await do_not_call(opened_site.database, phone, "客户要求", opened_site.now())

    asyncio.run(work())


def test_c5_new_customers_get_a_message_within_two_weeks_and_within_three_months(site: Path) -> None:
    stock(site, [opened("张伟", date(2026, 3, 2))])
    first = site.parent / "first.csv"
    said = as_json("plan", "notices", "out", first, "--profile", "boci", "--data", site)
    assert (said["messages"], said["instead"]) == (1, 0)
    assert "13800000001" in first.read_text("utf-8-sig")
    assert "listed before" in complaint("plan", "notices", "out", first, "--profile", "boci", "--data", site)
    set_clock(site, TODAY + timedelta(days=20))
    second = site.parent / "second.csv"
    assert as_json("plan", "notices", "out", second, "--profile", "boci", "--data", site)["messages"] == 1


def test_c1_results_and_replies_of_messages_come_back_with_their_success_rate(site: Path) -> None:
    stock(site, [opened("张伟", DAY), opened("王芳", DAY)])
    out, back = site.parent / "out.xlsx", site.parent / "back.csv"
    batch = as_json("plan", "notices", "out", out, "--profile", "boci", "--data", site)["batch"]
    back.write_text(
        "手机号,状态,回复\n13800000001,成功,知道了\n13800000002,失败,\n13900000009,成功,\n123,成功,\n",
        "gb18030",
    )
    heard = as_json("plan", "notices", "in", back, "--batch", batch, "--data", site)
    assert (heard["known"], heard["strangers"], [row for row, _ in heard["bad"]]) == (2, 1, [5])
    (one,) = as_json("plan", "notices", "list", "--data", site)
    assert (one["listed"], one["delivered"], one["failed"], one["replied"], one["rate"]) == (2, 1, 1, 1, 0.5)
