"""Rules about custody, as the command line shows them: the audit trail."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import papers_site
from tests.command_line import as_json, huifang, succeeds


@pytest.fixture
def site(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    papers_site.make(data)
    return data


def harm(data: Path, statement: str) -> None:
    """What somebody does who can write to the database's file."""
    with closing(sqlite3.connect(data / "huifang.db")) as connection, connection:
        connection.execute(statement)


def test_a6_who_exported_signed_and_approved_what_is_on_the_trail(site: Path) -> None:
    call = as_json("campaign", "calls", papers_site.CAMPAIGN, "--data", site)[0]["id"]
    succeeds("call", "record", str(call), "--as", "1001", "--data", site)
    succeeds("call", "export", str(call), "--format", "srt", "--as", "1002", "--data", site)
    found = as_json("audit", "list", "--of", f"call {call}", "--data", site)
    assert [(one["act"]["who"], one["act"]["detail"]["form"]) for one in found] == [
        ("1002", "srt"),
        ("1001", "txt"),
    ]
    approved = as_json("audit", "list", "--what", "approved", "--who", "1002", "--data", site)
    assert [one["act"]["of"] for one in approved] == [papers_site.SHEET]
    (row,) = as_json("audit", "list", "--what", "imported", "--data", site)
    assert row["act"]["detail"] == {"added": 3, "updated": 0}


def test_a6_a_change_of_the_trail_does_not_go_unseen(site: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault.jsonl"
    assert "fit" in succeeds("audit", "verify", "--data", site)
    head = as_json("audit", "anchor", "--anchors", vault, "--data", site)
    assert as_json("audit", "verify", "--anchors", vault, "--data", site) == {
        "rows": head["n"],
        "head": head["sha256"],
        "broken": None,
        "anchors": 1,
    }
    harm(site, f"DELETE FROM audit WHERE n = {head['n']}")
    assert "fit" in succeeds("audit", "verify", "--data", site)
    cut = huifang("audit", "verify", "--anchors", vault, "--data", site)
    assert (cut.status, cut.stderr) == (1, "")
    assert cut.stdout.startswith(f"row {head['n']}: the trail ends at row {head['n'] - 1}")
    harm(site, "UPDATE audit SET who = '1009' WHERE n = 2")
    changed = huifang("audit", "verify", "--json", "--data", site)
    assert changed.status == 1
    assert json.loads(changed.stdout)["broken"]["n"] == 2
