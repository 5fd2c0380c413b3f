"""What is planned is one branch's own, or all of it (C4). Who may see which is not here."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import as_json
from tests.planning_kit import Known, due, owe, planned_site, stock


def test_c4_a_branch_is_shown_its_own_and_headquarters_all(tmp_path: Path) -> None:
    data = planned_site(tmp_path / "data")
    here, there = stock(data, [Known("张伟", {"branch": "上海"}), Known("王芳", {"branch": "成都"})])
    assert owe(data, "boci") == {"periodic_rest": 2}
    assert [one["customer_id"] for one in due(data, "--branch", "成都")] == [there]
    assert {one["customer_id"] for one in due(data)} == {here, there}
    standing = as_json("plan", "standing", "--branch", "成都", "--by-branch", "--data", data)
    assert {one["branch"] for one in standing} == {"成都"}
