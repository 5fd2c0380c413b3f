"""Rules about what is known of customers, shown through the command line where there is a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from office.customers import importing, reading
from records import customer_events, customer_files, ledger, schema, staff
from records.database import Database
from records.facts import facts_of_branch
from records.model import NoteRow
from records.people import EventKind, Staff
from tests.command_line import as_json, succeeds
from tests.records_kit import NOW, dialed, how_many, opened, person, scalar, started, talk

CUSTOMERS = """\
资金账号,姓名,手机,营业部,客户经理工号,居间人,开户人,签约人,客户来源,身份证号
80001234,张伟,13800000001,南京路,0017,J007,0019,0020,居间,31010119900307123X
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A data directory with one customer."""
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    succeeds("customers", "import", _file(data, CUSTOMERS), "--data", data)
    return data


def _file(data: Path, text: str) -> Path:
    file = data.parent / "file.csv"
    file.write_text(text, encoding="utf-8")
    return file


async def test_c3_a_changed_phone_from_a_call_is_a_request_and_never_a_silent_change(tmp_path: Path) -> None:
    """What the customer says in a call stays a note, with its recording, until somebody has seen to it."""
    async with opened(tmp_path / "huifang.db") as db:
        campaign = await started(db, [person(1)])
        closing = replace(talk(await dialed(db, campaign)), notes=(NoteRow("changed_number"),))
        await ledger.close(db, closing, NOW)
        (known,) = await customer_files.listed(db)
        assert known.phone == person(1).phone
        assert await scalar(db, how_many(schema.note)) == 1


def test_c3_a_changed_phone_comes_by_the_branchs_own_file(site: Path) -> None:
    changed = CUSTOMERS.replace("13800000001", "13900000009")
    found = as_json("customers", "import", _file(site, changed), "--data", site)
    assert found["result"] == {"added": 0, "updated": 1, "unchanged": 0}
    assert as_json("customers", "show", "80001234", "--data", site)["phone"] == "139****0009"


OCCASIONS = {
    "资产大额变动": EventKind.LARGE_CHANGE,
    "销户": EventKind.CLOSING,
    "密码重置": EventKind.PASSWORD_RESET,
    "开通新业务": EventKind.NEW_BUSINESS,
    "指定代理人": EventKind.AGENT_NAMED,
    "签订协议": EventKind.AGREEMENT,
    "投诉办结": EventKind.SETTLED,
    "投顾合同变更": EventKind.CHANGED,
    "投顾合同终止": EventKind.ENDED,
    "部门下达": EventKind.ORDERED,
    "异常": EventKind.ABNORMAL,
    "转户": EventKind.MOVED,
}


def test_p7_p4_p13_every_occasion_is_kept_with_the_day_and_who_ordered_or_found_it(site: Path) -> None:
    lines = [f"80001234,{word},2026-03-06,2026-03-20,合规部" for word in OCCASIONS]
    events = _file(site, "\n".join(["资金账号,事件,日期,完成期限,发起部门", *lines]))
    succeeds("customers", "events", events, "--data", site)
    found = as_json("customers", "show", "80001234", "--data", site)["events"]
    assert {one["kind"] for one in found} == {kind.value for kind in OCCASIONS.values()}
    assert {(one["on"], one["by_on"], one["by"]) for one in found} == {("2026-03-06", "2026-03-20", "合规部")}


async def test_a1_who_introduced_opened_signed_or_manages_is_known_to_planning(tmp_path: Path) -> None:
    """By number, of names too where one person alone has them; and in which department."""
    data = tmp_path / "data"
    async with opened(tmp_path / "huifang.db") as db:
        await staff.keep(db, [Staff("0021", "陈静", "南京路", "运营部", "运营总监")], NOW)
        await _import(db, _file(data, CUSTOMERS.replace("0019", "陈静")))
        (facts,) = await facts_of_branch(db, "南京路")
        assert (facts.manager, facts.introducer, facts.opened_by, facts.signed_by) == (
            "0017",
            "J007",
            "0021",
            "0020",
        )
        assert [one.department for one in await staff.everybody(db)] == ["运营部"]


async def test_p1_an_account_opened_lately_is_an_event_that_planning_reads(tmp_path: Path) -> None:
    opened_on = NOW.date()
    async with opened(tmp_path / "huifang.db") as db:
        await _import(
            db,
            _file(
                tmp_path / "data",
                f"资金账号,姓名,手机,营业部,开户日期\n7,张伟,13800000001,外滩,{opened_on}\n",
            ),
        )
        (event,) = await customer_events.events_of_branch(db, "外滩", opened_on)
        assert (event.kind, event.on) == (EventKind.OPENED, opened_on)


async def _import(db: Database, file: Path) -> None:
    intake = await importing.intake_of_customers(db, NOW, dry=False)
    done = await importing.take(reading.opened(file, intake.sheet, {}), intake)
    assert done.bad_rows == 0


def test_c7_the_file_is_brought_up_to_date_without_losing_what_it_held(site: Path) -> None:
    succeeds("customers", "import", _file(site, "资金账号,总资产\n80001234,500万\n"), "--data", site)
    shown = as_json("customers", "show", "80001234", "--data", site)
    assert (shown["assets"], shown["branch"], shown["introducer"]) == (5_000_000.0, "南京路", "J007")


def test_a5_lists_hide_numbers_and_no_identity_number_is_kept_whole(site: Path) -> None:
    for command in (("list",), ("list", "--json"), ("show", "80001234"), ("show", "80001234", "--json")):
        told = succeeds("customers", *command, "--data", site)
        assert "13800000001" not in told
        assert "19900307" not in told
    assert as_json("customers", "show", "80001234", "--data", site)["details"] == {"id_tail": "123X"}
