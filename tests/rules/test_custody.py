"""Rules about custody, as the command line shows them: the audit trail, retention, volumes."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from huifang.site import open_site
from records import approvals
from records.approval import Use
from tests import papers_site
from tests.command_line import as_json, complaint, huifang, succeeds


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("custody") / "data"
    papers_site.make(data)
    return data


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


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


def test_a6_who_looked_at_what_at_the_command_line_is_on_the_trail(site: Path) -> None:
    call = as_json("campaign", "calls", papers_site.CAMPAIGN, "--data", site)[0]["id"]
    as_json("call", "show", str(call), "--as", "1001", "--data", site)
    succeeds("search", "分成", "--number", "13800000001", "--as", "1001", "--data", site)
    succeeds("report", "worksheet", papers_site.SHEET, "--as", "1001", "--data", site)
    found = [one["act"] for one in as_json("audit", "list", "--who", "1001", "--last", "3", "--data", site)]
    assert [(one["what"], one["kind"], one["of"]) for one in reversed(found)] == [
        ("looked", "call", str(call)),
        ("searched", "transcript", ""),
        ("exported", "paper", papers_site.SHEET),
    ]
    assert found[1]["detail"] == {"words": "分成", "number": "138****0001", "hits": 0}


def test_a6_who_may_use_the_console_and_since_when_is_on_the_trail(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame 7\n"))
    succeeds(
        *("users", "add", "2001", "--role", "auditor", "--role", "administrator", "--name", "张伟"),
        *("--password-stdin", "--as", "1001", "--data", site),
    )
    succeeds("users", "role", "2001", "--role", "administrator", "--as", "1002", "--data", site)
    found = [one["act"] for one in as_json("audit", "list", "--of", "user 2001", "--data", site)]
    assert [(one["who"], one["what"], one["detail"]["roles"]) for one in reversed(found)] == [
        ("1001", "added", ["administrator", "auditor"]),
        ("1002", "roles", ["administrator"]),
    ]
    assert "sesame" not in str(found)


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


async def _asked(data: Path, granted: bool) -> None:
    """1001 asks for call 1 and has it for a day, or only asks."""
    async with open_site(data) as site:
        now = site.now()
        asked = (1, papers_site.BRANCH, Use.EVIDENCE, "", "客户投诉", "1001", now)
        one = await approvals.ask(site.database, *asked)
        if granted:
            await approvals.decide(site.database, one.id, 1, "", "1002", now)


def test_a5_material_is_taken_only_by_an_approval_on_record(recorded: Path, tmp_path: Path) -> None:
    target = tmp_path / "call.zip"
    asyncio.run(_asked(recorded, granted=False))
    asyncio.run(_asked(recorded, granted=True))

    def create(number: str, who: str) -> tuple[str | Path, ...]:
        return ("evidence", "create", number, "-o", target, "--as", who, "--data", recorded)

    assert "not approved" in complaint(*create("1", "1001"))
    assert "not theirs" in complaint(*create("2", "1002"))
    assert "no such request" in complaint(*create("3", "1001"))
    assert not target.exists()
    made = as_json(*create("2", "1001"))
    checked = as_json("evidence", "verify", target)
    assert (checked["wrong"], checked["sha256"]) == ([], made["sha256"])
    noted = as_json("audit", "list", "--what", "exported", "--of", "approval 2", "--data", recorded)
    assert noted[0]["act"]["detail"]["sha256"] == made["sha256"]
    register = as_json("approvals", "list", "--data", recorded)
    assert [(one["id"], one["state"], one["decided_by"]) for one in register] == [
        (2, "approved", "1002"),
        (1, "asked", ""),
    ]


def test_a5_what_is_no_package_and_what_was_changed_is_told(recorded: Path, tmp_path: Path) -> None:
    target = tmp_path / "call.zip"
    assert "is no evidence package" in complaint("evidence", "verify", target)
    asyncio.run(_asked(recorded, granted=True))
    succeeds("evidence", "create", "1", "-o", target, "--as", "1001", "--data", recorded)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("more.txt", "")
    found = huifang("evidence", "verify", target)
    assert (found.status, found.stdout.splitlines()[0]) == (1, "more.txt: is not listed")


def test_r3_the_longest_term_wins_a_hold_stops_and_nothing_goes_before_its_time(site: Path) -> None:
    """The call with sound after 15 years, the one without after 5; 20 of each where the law asks."""

    def due(on: str, *more: str) -> list[int]:
        found = as_json("retention", "due", "--on", on, *more, "--data", site)
        return [one["id"] for one in found if one["kind"] == "call" and not one["held"]]

    answered, unanswered = (
        one["id"] for one in as_json("campaign", "calls", papers_site.CAMPAIGN, "--data", site)
    )
    assert due("2031-03-03") == []
    assert due("2031-03-04") == [unanswered]
    assert due("2041-03-04") == [answered, unanswered]
    assert due("2041-03-04", "--law", "20") == []
    hold = as_json(
        "retention", "hold", "call", str(answered), "--why", "诉讼", "--as", "1001", "--data", site
    )
    assert due("2041-03-04") == [unanswered]
    succeeds("retention", "release", str(hold["id"]), "--as", "1002", "--data", site)
    assert due("2041-03-04") == [answered, unanswered]
    trail = as_json("audit", "list", "--of", f"call {answered}", "--data", site)
    assert [(one["act"]["who"], one["act"]["what"]) for one in trail] == [
        ("1002", "released"),
        ("1001", "held"),
    ]


def test_r3_a_purge_deletes_only_when_it_is_told_to_really(site: Path) -> None:
    harm(site, "UPDATE attempt SET claimed_at = '2005-03-04 07:00:00.000000'")
    assert "nothing was deleted" in succeeds("retention", "purge", "--data", site)
    assert as_json("retention", "purge", "--law", "30", "--really", "--data", site)["purged"]["objects"] == 0
    before = as_json("retention", "due", "--data", site)
    assert [one["kind"] for one in before] == ["call", "call"]
    assert as_json("retention", "purge", "--really", "--as", "1001", "--data", site)["purged"]["objects"] == 2
    assert as_json("campaign", "calls", papers_site.CAMPAIGN, "--data", site) == []
    purged = as_json("audit", "list", "--what", "purged", "--data", site)
    assert {one["act"]["who"] for one in purged} == {"1001"}
    assert "fit" in succeeds("audit", "verify", "--data", site)


@pytest.fixture
def recorded(site: Path) -> Path:
    """A site whose one answered call has sound."""
    for party in ("system", "customer"):
        file = site / "recordings" / "2026-03-04" / f"20260304-150000_8001_{party}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(party.encode() * 1000)
    return site


MARCH = ("--size", "4.7G", "--from", "2026-03-01", "--to", "2026-03-31")


def test_r4_volumes_have_index_and_checksums_and_are_verified_and_restored(
    recorded: Path, tmp_path: Path
) -> None:
    discs = tmp_path / "discs"
    done = as_json("archive", "create", discs, *MARCH, "--as", "1001", "--data", recorded)
    (volume,) = (Path(one["path"]) for one in done["volumes"])
    assert {one.name for one in volume.iterdir()} == {
        *("index.csv", "index.json", "index.js", "index.html", "SHA256SUMS", "recordings")
    }
    (verified,) = as_json("archive", "verify", discs)
    assert (verified["good"], verified["sha256"]) == (6, done["volumes"][0]["sha256"])
    (noted,) = as_json("audit", "list", "--what", "archived", "--data", recorded)
    assert noted["act"]["detail"]["sha256"] == verified["sha256"]
    lost = recorded / "recordings" / "2026-03-04" / "20260304-150000_8001_customer.wav"
    content = lost.read_bytes()
    lost.unlink()
    assert "1 file copied, 1 were there" in succeeds("archive", "restore", volume, "--data", recorded)
    assert lost.read_bytes() == content


def test_r4_damage_on_a_disc_is_found_and_not_restored(recorded: Path, tmp_path: Path) -> None:
    succeeds("archive", "create", tmp_path / "discs", *MARCH, "--data", recorded)
    (damaged,) = (tmp_path / "discs").rglob("*_customer.wav")
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    found = huifang("archive", "verify", tmp_path / "discs")
    assert found.status == 1
    assert f"{damaged.name}: changed" in found.stdout
    (recorded / "recordings" / "2026-03-04" / damaged.name).unlink()
    assert huifang("archive", "restore", tmp_path / "discs", "--data", recorded).status == 1
    assert not (recorded / "recordings" / "2026-03-04" / damaged.name).exists()


def test_r4_what_is_there_is_not_written_over_and_days_without_sound_make_no_volume(
    recorded: Path, tmp_path: Path
) -> None:
    succeeds("archive", "create", tmp_path, *MARCH, "--data", recorded)
    assert "is there already" in complaint("archive", "create", tmp_path, *MARCH, "--data", recorded)
    april = ("--size", "cd", "--from", "2026-04-01", "--to", "2026-04-30")
    assert "nothing was recorded" in complaint("archive", "create", tmp_path, *april, "--data", recorded)
    small = ("--size", "66K", "--from", "2026-03-01", "--to", "2026-03-31")
    assert "larger" in complaint("archive", "create", tmp_path / "b", *small, "--data", recorded)


def test_r2_on_a_volume_a_recording_is_named_and_found_by_time_and_extension(
    recorded: Path, tmp_path: Path
) -> None:
    succeeds("archive", "create", tmp_path, *MARCH, "--data", recorded)
    (index,) = tmp_path.rglob("index.json")
    (entry,) = json.loads(index.read_text("utf-8"))
    assert (entry["at"][:19], entry["extension"], entry["customer"]) == (
        "2026-03-04T15:00:00",
        "8001",
        "张伟",
    )
    assert entry["files"] == [
        f"recordings/20260304-150000_8001_{party}.wav" for party in ("customer", "system")
    ]
    assert entry["disposition"] == "完成"
    (table,) = tmp_path.rglob("index.csv")
    assert "2026-03-04T15:00:00+08:00,8001,call" in table.read_text("utf-8-sig")
