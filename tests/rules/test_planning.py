"""Who is owed a follow-up, by when, by whom (P, A1, A4, D7, C1, C2, C5, W1, W2), shown by `huifang plan`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from records.model import KindRow
from records.people import EventKind, Staff
from tests.command_line import as_json, complaint, succeeds
from tests.planning_kit import (
    DAY,
    TODAY,
    Known,
    call,
    due,
    opened,
    owe,
    planned_site,
    running,
    set_clock,
    sheets,
    stock,
    submitted,
)

OPENED, SIGNED = EventKind.OPENED, EventKind.SIGNED


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return planned_site(tmp_path / "data")


def test_p1_boci_calls_every_new_account_within_three_worked_days(site: Path) -> None:
    stock(
        site, [opened(f"客户{n}", source=kind) for n, kind in enumerate(("ordinary", "broker", "introduced"))]
    )
    assert owe(site, "boci")["new_account"] == 3
    found = due(site, "--kind", "new_account")
    assert {(one["due_by"], one["rule"]) for one in found} == {("2026-03-09", "P1")}


def test_p1_haitong_samples_ordinary_accounts_and_calls_all_of_brokers_within_five(site: Path) -> None:
    ordinary = [opened(f"客户{n}") for n in range(20)]
    stock(site, [*ordinary, *(opened(f"经纪{n}", source="broker") for n in range(4))])
    added = owe(site, "haitong")
    assert (added["new_account"], added["new_account_broker"]) == (6, 4)
    assert {one["due_by"] for one in due(site, "--kind", "new_account")} == {"2026-03-11"}
    (sample,) = as_json("plan", "samples", "--data", site)
    assert (sample["members"], sample["required"], sample["drawn"]) == (20, 6, 6)
    assert owe(site, "haitong") == {}


def test_p2_boci_key_and_active_yearly_the_rest_in_two_years(site: Path) -> None:
    stock(site, [Known(f"客户{n}", {"assets": 1000.0 * n}) for n in range(1, 11)])
    added = owe(site, "boci")
    assert (added["periodic_key"], added["periodic_rest"]) == (2, 8)
    last = {one["duty"]: one["due_by"] for one in due(site, "--kind", "periodic")}
    assert last == {"periodic_key": "2026-12-31", "periodic_rest": "2027-12-31"}


def test_p2_haitong_core_customers_monthly_large_ones_yearly_dormant_ones_by_sample(site: Path) -> None:
    large = Known("大户", {"assets": 20e6})
    core = Known("核心", {"assets": 1e6, "core": True})
    dormant = [Known(f"休眠{n}", {"assets": 1e6, "dormant": True}) for n in range(10)]
    stock(site, [large, core, *dormant])
    added = owe(site, "haitong", "--until", "2026-05-31")
    assert (added["periodic_large"], added["periodic_core"], added["periodic_dormant"]) == (1, 3, 2)


def test_p3_introduced_customers_of_the_top_tenth_and_those_by_hand_are_key(site: Path) -> None:
    people = [Known(f"客户{n}", {"assets": 1e6, "turnover": float(n)}) for n in range(1, 40)]
    low = Known("增列", {"chosen": True})
    introduced = Known("居间", {"source": "introduced", "commission": 1.0})
    ids = stock(site, [*people, low, introduced])
    owe(site, "boci")
    key = {one["customer_id"] for one in due(site, "--duty", "periodic_key")}
    assert {ids[-1], ids[-2]} <= key


def test_p4_abnormal_accounts_are_due_on_the_next_worked_day_whoever_found_them(site: Path) -> None:
    stock(site, [Known("张伟", {}, ((EventKind.ABNORMAL, DAY, "S02"),))])
    assert owe(site, "boci")["abnormal"] == 1
    (one,) = due(site, "--kind", "abnormal")
    assert one["due_by"] == "2026-03-05"
    (sheet,) = sheets(site, "boci", "--kind", "abnormal", "--operations", "S02")
    assert (sheet["responsible"], sheet["type_"]) == ("S02", "异常状况")


def test_p5_headquarters_samples_a_tenth_of_introduced_customers_besides(site: Path) -> None:
    stock(site, [Known(f"居间{n}", {"source": "introduced"}) for n in range(50)])
    added = owe(site, "boci")
    assert added["check_introduced"] == 5
    assert added["periodic_rest"] == 50
    assert {one["executor"] for one in due(site, "--kind", "check")} == {"headquarters"}


def test_p5_a_sample_is_the_same_whenever_it_is_drawn_by_the_same_seed(tmp_path: Path) -> None:
    people = [Known(f"居间{n}", {"source": "introduced"}) for n in range(50)]
    drawn = []
    for name in ("one", "other"):
        site = planned_site(tmp_path / name)
        stock(site, people)
        owe(site, "boci")
        drawn.append({one["customer_id"] for one in due(site, "--kind", "check")})
    assert drawn[0] == drawn[1]


def test_p6_adviser_contracts_are_begun_in_five_worked_days_done_in_a_month_then_yearly(site: Path) -> None:
    signed = date(2026, 2, 27)
    stock(
        site,
        [
            Known("张伟", {"adviser_since": signed}, ((SIGNED, signed),)),
            Known("王芳", {"adviser_since": date(2025, 2, 1), "province": "四川"}),
        ],
    )
    owe(site, "tianfeng")
    found = {one["duty"]: one for one in due(site) if one["kind"].startswith("adviser")}
    signup = found["adviser_signup"]
    assert (signup["begin_by"], signup["due_by"]) == ("2026-03-05", "2026-03-27")  # a made-up Saturday counts
    assert found["adviser_continuing"]["due_by"] == "2027-02-26"
    assert found["adviser_continuing_sichuan"]["due_by"] == "2026-04-30"


def test_p7_a_departments_order_is_due_by_the_day_it_names_and_may_be_withdrawn(site: Path) -> None:
    ordered = (EventKind.ORDERED, DAY, "零售部", date(2026, 3, 20))
    stock(site, [Known("张伟", {}, (ordered, (EventKind.CLOSING, DAY)))])
    owe(site, "boci")
    found = {one["duty"]: one for one in due(site, "--kind", "special")}
    assert found["ordered"]["due_by"] == "2026-03-20"
    assert found["closing"]["due_by"] == "2026-03-11"
    succeeds("plan", "withdraw", str(found["ordered"]["id"]), "--reason", "指令撤回", "--data", site)
    assert [one["duty"] for one in due(site, "--kind", "special")] == ["closing"]


def test_p8_a_worksheet_is_approved_by_somebody_else(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    number = submitted(site)
    for who in ("S01", "S02"):
        refused = complaint("plan", "sheet", "approve", number, "--as", who, "--data", site)
        assert "does not decide about it (P8)" in refused
    assert "not approved" in complaint("plan", "sheet", "start", number, "--as", "S01", "--data", site)
    succeeds("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    shown = as_json("plan", "sheet", "show", number, "--data", site)
    assert [(one["state"], one["by"]) for one in shown["decisions"]] == [
        ("draft", "S01"),
        ("submitted", "S01"),
        ("approved", "S05"),
    ]


def test_p8_who_wrote_a_worksheet_does_not_approve_it_when_another_submits_it(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    (sheet,) = sheets(site, "boci", "--kind", "new_account", "--operations", "S02")
    number = str(sheet["number"])
    succeeds("plan", "sheet", "submit", number, "--as", "S05", "--data", site)
    refused = complaint("plan", "sheet", "approve", number, "--as", "S01", "--data", site)
    assert "who wrote a worksheet does not decide about it (P8)" in refused


def test_p8_what_was_rejected_says_why_and_is_planned_again(site: Path) -> None:
    stock(site, [opened("张伟")])
    owe(site, "boci")
    number = submitted(site)
    succeeds("plan", "sheet", "reject", number, "--as", "S05", "--reason", "请注明目的", "--data", site)
    assert as_json("plan", "sheet", "show", number, "--data", site)["sheet"]["why"] == "请注明目的"
    assert submitted(site) == "20260304-002"


def test_p9_due_overdue_and_the_ratio_against_the_required_one(site: Path) -> None:
    stock(site, [opened(f"客户{n}") for n in range(10)])
    owe(site, "haitong")
    (one,) = standing(site)
    assert (one["members"], one["required"], one["due"], one["overdue"]) == (10, 3, 3, 0)
    assert (one["ratio"], one["missing"]) == (0.0, 3)
    set_clock(site, TODAY + timedelta(days=14))
    assert standing(site)[0]["overdue"] == 3


def standing(site: Path) -> list[dict[str, Any]]:
    found = as_json("plan", "standing", "--data", site)
    return [one for one in found if one["kind"] == "new_account"]


def test_p9_only_a_valid_follow_up_completes(site: Path) -> None:
    stock(site, [opened(f"客户{n}") for n in range(4)])
    owe(site, "boci")
    number = submitted(site)
    running(site, number)
    call(site, number, "new_account")
    call(site, number, "new_account", owner_confirmed=False)
    call(site, number, "new_account", kinds=(KindRow("new_account", False),))
    call(site, number, "new_account", recording="")
    (one,) = standing(site)
    counts = (one["members"], one["called"], one["reached"], one["completed"], one["ratio"])
    assert counts == (4, 4, 3, 1, 0.25)
    left = due(site, "--kind", "new_account")
    assert [one["route"] for one in left] == ["person"] * 3


def test_p9_a_forecast_says_what_finishing_in_time_needs(site: Path) -> None:
    stock(site, [opened(f"客户{n}") for n in range(500)])
    owe(site, "boci")
    found = as_json("plan", "forecast", "--profile", "boci", "--channels", "1", "--data", site)
    then = found["forecast"]
    assert found["open"] == 500
    assert then["late"] > 0
    enough = as_json(
        "plan", "forecast", "--profile", "boci", "--channels", str(then["channels"]), "--data", site
    )
    assert enough["forecast"]["late"] == 0
    assert then["completed"] + then["others"] == 500
    said = succeeds("plan", "forecast", "--profile", "boci", "--channels", "1", "--data", site)
    assert f"未逾期的全部按期需要 {then['channels']} 条线路" in said


def test_p10_worked_days_go_by_the_official_calendar(site: Path) -> None:
    eve = date(2026, 2, 12)
    stock(site, [opened("张伟", eve)])
    owe(site, "boci")
    (one,) = due(site, "--kind", "new_account")
    assert one["due_by"] == "2026-02-24"  # 13 and 14 (made up), then the first day after the spring festival


def test_p12_each_executor_has_people_of_its_own(site: Path) -> None:
    core = Known("核心", {"core": True, "assets": 1e6})
    stock(site, [core, opened("张伟"), opened("经纪", source="broker")])
    owe(site, "haitong")
    people = ("--operations", "S02", "--marketing", "S03", "--headquarters", "S90")
    found = sheets(site, "haitong", *people)
    assert {(one["kind"], one["responsible"]) for one in found} >= {
        ("periodic", "S03"),
        ("new_account", "S02"),
        ("new_account", "S90"),
    }


def test_p13_customers_who_moved_to_a_rival_are_contacted_each_year(site: Path) -> None:
    stock(site, [Known("张伟", {}, ((EventKind.MOVED, date(2026, 2, 1)),))])
    assert owe(site, "tianfeng")["former"] == 1
    assert "former" not in owe(planned(site), "boci")


def planned(site: Path) -> Path:
    other = planned_site(site.parent / "other")
    stock(other, [Known("张伟", {}, ((EventKind.MOVED, date(2026, 2, 1)),))])
    return other


def test_a1_nobody_is_responsible_for_whom_they_introduced_opened_signed_or_manage(site: Path) -> None:
    roles = ("introducer", "opened_by", "signed_by", "manager_no")
    stock(site, [opened(role, DAY, **{role: "S02"}) for role in roles] + [opened("无关")])
    owe(site, "boci")
    made = sheets(site, "boci", "--kind", "new_account", "--operations", "S02", "--headquarters", "S90")
    assert {one["responsible"]: one["count"] for one in made} == {"S02": 1, "S90": 4}


def test_a1_who_is_involved_does_not_approve(site: Path) -> None:
    stock(site, [opened("张伟", introducer="S05")])
    owe(site, "boci")
    number = submitted(site)
    refused = complaint("plan", "sheet", "approve", number, "--as", "S05", "--data", site)
    assert "(A1)" in refused
    succeeds("plan", "sheet", "approve", number, "--as", "S06", "--data", site)


def test_a1_the_department_that_ordered_a_follow_up_keeps_away(site: Path) -> None:
    ordered = (EventKind.ORDERED, DAY, "零售部")
    staff = [Staff("S02", "王芳", department="零售部"), Staff("S03", "李明", department="合规部")]
    stock(site, [Known("张伟", {}, (ordered,))], [*staff, Staff("S01", "陈静")])
    owe(site, "boci")
    (sheet,) = sheets(site, "boci", "--kind", "special", "--operations", "S02", "--operations", "S03")
    assert sheet["responsible"] == "S03"


def test_a1_where_nobody_is_eligible_it_says_so_and_plans_nothing(site: Path) -> None:
    stock(site, [opened("张伟", introducer="S02")])
    owe(site, "boci")
    said = succeeds(
        *("plan", "sheet", "new", "--as", "S01", "--profile", "boci", "--kind", "new_account"),
        *("--operations", "S02", "--data", site),
    )
    assert "1 项无人可负责" in said
    assert len(due(site, "--kind", "new_account")) == 1


def test_d7_kinds_that_fall_together_go_onto_one_sheet(site: Path) -> None:
    key = {"chosen": True, "adviser_since": date(2025, 12, 20)}
    stock(site, [Known("张伟", key)])
    owe(site, "boci")
    (sheet,) = sheets(
        site, "boci", "--kind", "periodic", "--kind", "adviser_continuing", "--operations", "S02"
    )
    assert (sheet["kind"], sheet["script"], sheet["count"]) == ("merged", "periodic_and_adviser", 1)
    items = as_json("plan", "sheet", "show", sheet["number"], "--data", site)["items"]
    assert {one["kind"] for one in items} == {"periodic", "adviser_continuing"}


def test_w1_a_worksheet_names_type_number_ratio_purpose_method_times_and_people(site: Path) -> None:
    stock(site, [opened(f"客户{n}") for n in range(10)])
    owe(site, "haitong")
    more = ("--operations", "S02", "--purpose", "核实开户", "--to", "2026-03-10", "--number", "HT-")
    (sheet,) = sheets(site, "haitong", "--kind", "new_account", *more)
    wanted = {
        "number": "HT-001",
        "branch": "上海",
        "type_": "新开户",
        "count": 3,
        "share": 0.3,
        "purpose": "核实开户",
        "method": "电话",
        "starts_on": "2026-03-04",
        "ends_on": "2026-03-10",
        "responsible": "S02",
        "check": False,
    }
    assert {name: sheet[name] for name in wanted} == wanted
    shown = succeeds("plan", "sheet", "show", "HT-001", "--data", site)
    assert all(word in shown for word in ("编号", "比例", "责任人", "138****00", "核实开户"))


def test_w2_headquarters_check_has_a_sheet_of_its_own(site: Path) -> None:
    stock(site, [Known(f"居间{n}", {"source": "introduced"}) for n in range(20)])
    owe(site, "boci")
    (sheet,) = sheets(site, "boci", "--kind", "check", "--headquarters", "S90")
    facts = (sheet["check"], sheet["type_"], sheet["branch"], sheet["count"], sheet["share"])
    assert facts == (True, "居间关系", "上海", 2, 0.1)


def test_c2_classes_select_who_is_called(site: Path) -> None:
    """First of a pair below the turnover, second from it on."""
    own = site / "config" / "profiles"
    own.mkdir()
    duty = "{kind: periodic, each: year, who: {classes: [B+]}, executor: operations, rule: C2}"
    (own / "own.yaml").write_text(
        f"extends: boci\nname: own\nvalid_from: 2026-01-01\nduties:\n  rich: {duty}\n", "utf-8"
    )
    figures = ((6e6, 4.0), (6e6, 2.0), (2e6, 4.0))
    ids = stock(site, [Known(f"{a}{t}", {"assets": a, "turnover": t}) for a, t in figures])
    owe(site, "own")
    assert [one["customer_id"] for one in due(site, "--duty", "rich")] == [ids[0]]
