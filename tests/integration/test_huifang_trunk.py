"""`huifang trunk`: what an operator sees and does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from records import ledger, line_health
from records.model import LineHealth
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.records_kit import NOW, opened, person, started, take

SETTINGS = """
trunks:
  - name: main
    uri: sip:{number}@192.0.2.10:5060
    caller_id: "95500"
    asserted_id: "02161234567"
    channels: 30
    local_area: "021"
    drop_area: true
    mobile_zero: always
  - {name: spare, role: fallback, uri: "sip:{number}@192.0.2.11", form: e164, user_phone: true}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    (data / "config" / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    return data


def test_the_trunks_are_listed(site: Path) -> None:
    listed = as_json("trunk", "list", "--data", site)
    assert [(one["name"], one["role"], one["channels"]) for one in listed] == [
        ("main", "main", 30),
        ("spare", "fallback", 4),
    ]
    assert "sip:{number}@192.0.2.10:5060" in succeeds("trunk", "list", "--data", site)


def test_how_each_would_dial_a_number(site: Path) -> None:
    main, spare = as_json("trunk", "dial", "13800138000", "--data", site)
    assert (main["number"], main["otherwise"]) == ("013800138000", "13800138000")
    assert (main["caller_id"], main["asserted_id"]) == ("95500", "02161234567")
    assert spare["uri"] == "sip:+8613800138000@192.0.2.11;user=phone"
    desk = as_json("trunk", "dial", "021-61234567转8012", "--data", site)[0]
    assert (desk["number"], desk["keys"], desk["otherwise"]) == ("61234567", "8012", "02161234567")
    assert "021" in desk["why"]


@pytest.mark.parametrize("number", ["abc", "123", "+1 202 555 0100"])
def test_what_is_no_number_is_refused(site: Path, number: str) -> None:
    done = huifang("trunk", "dial", number, "--data", site)
    assert (done.status, done.stderr.count("\n")) == (2, 1)


def test_without_a_trunk_nothing_dials_a_number(site: Path) -> None:
    (site / "config" / "settings.yaml").write_text("node: a\n", encoding="utf-8")
    assert "no trunk is set" in complaint("trunk", "dial", "13800138000", "--data", site)


def test_status_shows_health_channels_and_pause(site: Path) -> None:
    async def happen() -> None:
        async with opened(site / "huifang.db") as db:
            assert await take(db, await started(db, [person(1)]), NOW, trunk="main") is not None
            await ledger.pause_trunk(db, "spare", None, "its caller id is barred")
            await line_health.keep(db, LineHealth("node-1", "main", "up", 200, 0.012, 403, NOW))

    asyncio.run(happen())
    main, spare = as_json("trunk", "status", "--data", site)
    assert (main["state"], main["in_use"], main["channels"]) == ("closed", 1, 30)
    assert (spare["state"], spare["needs_a_person"], spare["paused_until"]) == ("open", True, None)
    shown = " ".join(succeeds("trunk", "status", "--data", site).split())
    assert "node-1 up (200 in 12 ms, registration 403" in shown
    assert "its caller id is barred" in shown
    assert "1 of 30" in shown


def test_a_pause_by_hand_and_its_end(site: Path) -> None:
    succeeds("trunk", "pause", "main", "--why", "maintenance", "--data", site)
    assert as_json("trunk", "status", "--data", site)[0]["paused_why"] == "maintenance"
    succeeds("trunk", "resume", "main", "--data", site)
    assert as_json("trunk", "status", "--data", site)[0]["state"] == "closed"


def test_a_pause_and_its_end_are_told_to_machines(site: Path) -> None:
    paused = as_json("trunk", "pause", "spare", "--why", "maintenance", "--data", site)
    assert (paused["name"], paused["state"], paused["paused_why"]) == ("spare", "open", "maintenance")
    assert paused == as_json("trunk", "status", "--data", site)[1]
    assert as_json("trunk", "resume", "spare", "--data", site)["state"] == "closed"


def test_a_reason_is_one_line_of_words(site: Path) -> None:
    assert "--why" in complaint("trunk", "pause", "main", "--why", "a\x1b[2J\nb", "--data", site)
    assert as_json("trunk", "status", "--data", site)[0]["state"] == "closed"


def test_a_trunk_that_is_none_is_refused(site: Path) -> None:
    done = huifang("trunk", "resume", "mian", "--data", site)
    assert done.status == 2
    assert "main, spare" in done.stderr
