"""From a branch's file of customers to a running campaign, and from its calls to the standing, by commands.

A process for what is owed, the worksheets, the start and the standing; the steps between run in this one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import as_json, succeeds
from tests.planning_kit import call, planned_site
from tests.site_kit import give_sound

CUSTOMERS = """\
资金账号,姓名,手机,营业部,客户经理工号,开户人工号,开户日期
80000001,张伟,13800000001,上海,S11,S02,2026-03-03
80000002,王芳,13800000002,上海,S11,S03,2026-03-03
80000003,李娜,13800000003,上海,S11,S03,2019-05-06
"""
STAFF = """\
工号,姓名,营业部,部门,岗位
S01,陈静,上海,运营部,
S02,王强,上海,运营部,运营总监
S03,李明,上海,,
S05,刘洋,上海,合规部,合规专员
S11,赵敏,上海,,客户经理
S90,周强,,客服中心,
"""


def huifang(*words: str | Path) -> str:
    command = [sys.executable, "-m", "huifang", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(*words: str | Path) -> Any:
    return json.loads(huifang(*words, "--json"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that knows three customers, two of them new, and its people."""
    folder = tmp_path_factory.mktemp("plan")
    data = planned_site(folder / "data")
    for name, content in (("staff", STAFF), ("import", CUSTOMERS)):
        file = folder / f"{name}.csv"
        file.write_text(content, encoding="gb18030")
        succeeds("customers", name, file, "--data", data)
    return data


def test_from_a_file_of_customers_to_a_completed_follow_up(data: Path) -> None:
    here = ("--data", data)
    owed = {one["duty"]: one["added"] for one in told("plan", "owe", "--profile", "boci", *here)}
    assert (owed["new_account"], owed["periodic_rest"]) == (2, 1)

    wish = ("--profile", "boci", "--kind", "new_account", "--operations", "S02", "--headquarters", "S90")
    made = told("plan", "sheet", "new", "--as", "S01", *wish, *here)["sheets"]
    number = {one["responsible"]: one["number"] for one in made}
    assert set(number) == {"S02", "S90"}  # S02 opened 张伟's account (A1)

    succeeds("plan", "sheet", "submit", number["S02"], "--as", "S01", *here)
    succeeds("plan", "sheet", "approve", number["S02"], "--as", "S05", *here)
    succeeds("campaign", "create", "试", "--script", "new_account", *here)
    give_sound(data, "试")
    assert "执行中" in huifang("plan", "sheet", "start", number["S02"], "--as", "S02", *here)
    status = as_json("campaign", "status", number["S02"], *here)
    assert (status["status"], status["progress"]["total"]) == ("running", 1)

    call(data, number["S02"], "new_account")
    shown = as_json("plan", "sheet", "show", number["S02"], *here)
    assert [(one["name"], one["state"], one["reached"]) for one in shown["items"]] == [
        ("王芳", "completed", True)
    ]
    (standing,) = [one for one in as_json("plan", "standing", *here) if one["duty"] == "new_account"]
    assert (standing["completed"], standing["members"], standing["ratio"]) == (1, 2, 0.5)
    assert "完成率" in huifang("plan", "standing", *here)
