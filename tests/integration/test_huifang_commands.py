"""The commands around the calls, in this process: contacts come in, campaigns move, mistakes are one line."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from tests.command_line import as_json, complaint, succeeds
from tests.site_kit import CONTACTS, give_sound, looked_over

ROOT = Path(__file__).parents[2]
BAD_ROW = "赵六,12345,,,,\n"


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert as_json("init", "--data", data)["new"] is True
    assert (Path(data) / "config" / "scripts").is_dir()
    settings = data / "config" / "settings.yaml"
    settings.write_text("node: a\n", encoding="utf-8")
    assert as_json("init", "--data", data)["new"] is False
    assert settings.read_text(encoding="utf-8") == "node: a\n"
    assert (data / "huifang.db").is_file()


def test_importing_twice_changes_nothing_and_bad_rows_are_told(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(CONTACTS + BAD_ROW, encoding="utf-8-sig")
    first = as_json("contacts", "import", file, "--data", site)
    assert first["result"] == {"added": 2, "updated": 0, "unchanged": 0}
    assert [(bad["row"], bad["column"]) for bad in first["bad"]] == [(4, "电话")]
    again = as_json("contacts", "import", file, "--data", site)
    assert again["result"] == {"added": 0, "updated": 0, "unchanged": 2}
    known = as_json("contacts", "list", "--data", site)
    assert [(one["name"], one["phone"], one["phone_kind"]) for one in known] == [
        ("张伟", "+8613800000001", "mobile"),
        ("李娜", "+862161234567", "landline"),
    ]


def test_the_list_for_people_hides_numbers(stocked: Path) -> None:
    shown = succeeds("contacts", "list", "--data", stocked)
    assert "138****0001" in shown
    assert "2 customers" in shown
    assert "手机" in shown
    assert "座机" in shown
    assert "13800000001" not in shown


def test_a_campaign_is_made_started_paused_resumed_and_cancelled(stocked: Path) -> None:
    made = as_json("campaign", "create", "三月", "--profile", "default", "--data", stocked)
    assert (made["status"], made["progress"]["total"], made["kind"]) == ("draft", 2, "new_account")
    assert re.fullmatch(r"[0-9a-f]{64}", made["script_sha256"])
    give_sound(stocked, "三月")
    moves = [("start", "running"), ("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")]
    for move, status in moves:
        assert as_json("campaign", move, "三月", "--as", "3001", "--data", stocked)["status"] == status
    noted = as_json("audit", "list", "--of", "campaign", "--data", stocked)
    assert [(one["act"]["who"], one["act"]["what"]) for one in noted] == [
        ("3001", status) for _, status in reversed(moves)
    ]
    assert [one["name"] for one in as_json("campaign", "list", "--data", stocked)] == ["三月"]
    assert "cancelled" in succeeds("campaign", "status", "三月", "--data", stocked)
    assert "1 campaign " in succeeds("campaign", "list", "--data", stocked)


def test_only_the_customers_named_are_called(stocked: Path) -> None:
    made = as_json("campaign", "create", "一", "--customer", "2", "--data", stocked)
    assert made["progress"]["total"] == 1
    assert "unknown" in complaint("campaign", "create", "二", "--customer", "99", "--data", stocked)


def test_the_environment_names_the_data_directory(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIFANG_DATA", str(stocked))
    assert [one["name"] for one in as_json("contacts", "list")] == ["张伟", "李娜"]


def test_nothing_found_is_said(stocked: Path) -> None:
    assert as_json("search", "分成", "--data", stocked) == {"total": 0, "page": 1, "hits": []}
    assert "no hit" in succeeds("search", "分成", "--data", stocked)


def test_a_campaign_and_a_customer_are_put_first(stocked: Path) -> None:
    """P4: and the list of campaigns is served in that order."""
    made = as_json("campaign", "create", "三月", "--deadline", "2127-04-01", "--data", stocked)
    assert (made["rank"], made["deadline"]) == (5, "2127-04-01T23:59:59+08:00")
    said = succeeds(
        "campaign", "prioritise", "三月", "--first", "--deadline", "2127-03-20 18:00", "--data", stocked
    )
    assert said == "三月: rank 1, deadline 2127-03-20 18:00:00\n"
    moved = as_json("campaign", "prioritise", "三月", "--rank", "7", "--data", stocked)
    assert moved["rank"] == 7
    assert "customer 2" in succeeds(
        "campaign", "prioritise", "三月", "--customer", "2", "--first", "--data", stocked
    )
    assert "no open follow-up" in complaint(
        "campaign", "prioritise", "三月", "--customer", "9", "--first", "--data", stocked
    )
    assert "neither" in complaint("campaign", "prioritise", "三月", "--data", stocked)
    both = complaint("campaign", "prioritise", "三月", "--first", "--rank", "2", "--data", stocked)
    assert "leave one of them out" in both


def test_a_deadline_is_the_end_of_its_day_by_the_sites_own_clock(stocked: Path) -> None:
    clock = {
        "business_start": "2026-03-31T12:00:00+08:00",
        "machine_start": datetime.now(SHANGHAI).isoformat(),
    }
    settings = json.dumps({"clock": clock})
    (stocked / "config" / "settings.yaml").write_text(settings, encoding="utf-8")
    past = ("--deadline", "2026-03-30", "--data", stocked)
    assert "past" in complaint("campaign", "create", "三月", *past)
    dates = ("--due", "2026-03-31", "--deadline", "2026-03-31", "--data", stocked)
    assert as_json("campaign", "create", "三月", *dates)["deadline"] == "2026-03-31T23:59:59+08:00"
    assert "2 due now" in succeeds("campaign", "status", "三月", "--data", stocked)
    assert "--deadline: 2026-03-30 23:59 is past" in complaint("campaign", "prioritise", "三月", *past)


def test_nothing_of_a_cancelled_campaign_is_put_first(stocked: Path) -> None:
    succeeds("campaign", "create", "三月", "--data", stocked)
    succeeds("campaign", "cancel", "三月", "--data", stocked)
    said = complaint("campaign", "prioritise", "三月", "--first", "--data", stocked)
    assert "the campaign is cancelled" in said
    assert as_json("campaign", "status", "三月", "--data", stocked)["rank"] == 5


def test_a_cancelled_campaign_says_why_and_leaves_nothing_waiting(stocked: Path) -> None:
    succeeds("campaign", "create", "三月", "--data", stocked)
    assert "2 due now" in succeeds("campaign", "status", "三月", "--data", stocked)
    succeeds("campaign", "cancel", "三月", "--reason", "名单有误", "--data", stocked)
    shown = as_json("campaign", "status", "三月", "--data", stocked)
    assert shown["status_why"] == "名单有误"
    assert (shown["progress"]["waiting"], shown["progress"]["dispositions"]) == (0, {"cancelled": 2})
    assert as_json("campaign", "calls", "三月", "--data", stocked) == []
    assert "0 calls" in succeeds("campaign", "calls", "三月", "--data", stocked)


def test_a_move_that_makes_no_sense_changes_nothing(stocked: Path) -> None:
    succeeds("campaign", "create", "三月", "--data", stocked)
    assert "draft" in complaint("campaign", "pause", "三月", "--data", stocked)
    assert "already" in complaint("campaign", "create", "三月", "--data", stocked)
    assert as_json("campaign", "status", "三月", "--data", stocked)["status"] == "draft"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("campaign", "create", "x", "--script", "nosuch"), "new_account"),
        (("campaign", "create", "x", "--profile", "nosuch"), "default"),
        (("campaign", "create", ""), "name"),
        (("campaign", "create", "三月\n"), "name"),
        (("campaign", "create", "x", "--deadline", "soon"), "--deadline"),
        (("campaign", "create", "x", "--deadline", "2026-03-31"), "past"),
        (("campaign", "create", "x", "--deadline", "9999-12-31"), "--deadline"),
        (("campaign", "create", "x", "--due", "0001-01-01"), "--due"),
        (("campaign", "create", "x", "--due", "9999-12-31"), "--due"),
        (("campaign", "prioritise", "x", "--customer", "9" * 23, "--first"), "--customer"),
        (("campaign", "pause", "x", "--reason", "a\x1b[31m"), "--reason"),
        (("campaign", "start", "nosuch"), "nosuch"),
        (("campaign",), "ommand"),
        (("nosuch",), "nosuch"),
        (("search",), "TEXT"),
        (("search", "分成", "--limit", "0"), "--limit"),
        (("contacts", "import", "nosuch.csv"), "nosuch.csv"),
        (("contacts", "import", "/"), "directory"),
        (("drill", "crash", "--data", __file__), "Not a directory"),
        (("drill", "crash", "--data", f"{__file__}/new"), "Not a directory"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    stocked: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIFANG_DATA", str(stocked))
    assert said in complaint(*arguments)
    assert as_json("campaign", "list") == []


def test_an_unreadable_contacts_file_imports_nothing(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "contacts.xlsx"
    file.write_bytes(bytes(range(256)) * 8)
    assert str(file) in complaint("contacts", "import", file, "--data", site)
    assert as_json("contacts", "list", "--data", site) == []


def test_a_script_with_a_dead_end_makes_no_campaign(stocked: Path) -> None:
    script = stocked / "config" / "scripts" / "own.yaml"
    shipped = ROOT / "config" / "scripts" / "new_account.yaml"
    text = shipped.read_text(encoding="utf-8").replace("script: new_account", "script: own", 1)
    script.write_text(text.replace("begin: has_month", "begin: nowhere", 1), encoding="utf-8")
    line = complaint("campaign", "create", "x", "--script", "own", "--data", stocked)
    assert re.search(r"own\.yaml:\d+: .*nowhere", line)
    assert as_json("campaign", "list", "--data", stocked) == []


def test_a_campaign_with_nothing_to_ask_is_refused(stocked: Path, tmp_path: Path) -> None:
    """S11, P7: the ordering department's first question must be in every row."""
    create = ("campaign", "create", "委托", "--script", "special_questions", "--data", stocked)
    line = complaint(*create)
    assert (
        "has no {question1}, which script special_questions says to everybody (2 customers lack it)" in line
    )
    assert "a column {question1}" in line
    assert as_json("campaign", "list", "--data", stocked) == []
    file = tmp_path / "questions.csv"
    file.write_text("姓名,电话,{question1}\n张伟,13800000001,新版好用吗？\n", encoding="utf-8")
    succeeds("contacts", "import", file, "--data", stocked)
    assert "李娜 has no {question1}, which script special_questions says to everybody (" in complaint(*create)
    assert as_json(*create, "--customer", "1")["progress"]["total"] == 1


def test_an_unknown_setting_is_told_with_its_line(stocked: Path) -> None:
    (stocked / "config" / "settings.yaml").write_text("lines:\n  call_per_worker: 4\n", encoding="utf-8")
    for command in (("contacts", "list"), ("run", "--until-done"), ("worker", "--nice", "0", "--until-idle")):
        line = complaint(*command, "--data", stocked)
        assert "settings.yaml:2: lines.call_per_worker" in line
        assert "did you mean calls_per_worker?" in line


@pytest.mark.parametrize(
    "command", [("contacts", "list"), ("run",), ("worker", "--nice", "0"), ("search", "分成")]
)
def test_without_a_data_directory_the_remedy_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    data = tmp_path / "nothing here"
    assert f"huifang init --data '{data}'" in complaint(*command, "--data", data)
    assert not data.exists()


def test_a_demonstration_whose_files_cannot_be_made_does_not_begin(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    story = complaint("demo", "--data", tmp_path / "data", "--json", tmp_path)
    assert story == f"huifang: --json {tmp_path}: is a folder (name a file)"
    assert not (tmp_path / "data").exists()
    story = complaint("demo", "--data", tmp_path / "data", "--json", file / "story.json")
    assert story == f"huifang: {file}: cannot be made: File exists"
    data = complaint("demo", "--data", file / "data")
    assert data == f"huifang: {file / 'data'}: cannot be made: Not a directory (name another place)"


def test_a_database_that_is_none_is_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    (data / "huifang.db").write_bytes(b"no database at all, not even a small one" * 100)
    for leftover in data.glob("huifang.db-*"):
        leftover.unlink()
    assert "is not a database of huifang" in complaint("contacts", "list", "--data", data)


def test_a_corrupt_model_is_one_line_with_its_place(stocked: Path) -> None:
    (stocked / "config" / "settings.yaml").write_text(
        f"speech: {{models_dir: '{stocked}/models'}}\n", encoding="utf-8"
    )
    model = stocked / "models" / "whisper-base"
    model.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (model / name).write_bytes(b"not a model")
    line = complaint("worker", "--nice", "0", "--until-idle", "--data", stocked)
    assert str(model) in line
    assert "corrupt" in line


def test_a_site_without_an_engine_transcribes_nothing(stocked: Path) -> None:
    """`none` is for trying lines; a job would otherwise be done without having been heard (R1)."""
    (stocked / "config" / "settings.yaml").write_text("speech: {engine: none}\n", encoding="utf-8")
    assert "speech.engine: there is no engine" in complaint(
        "worker", "--nice", "0", "--until-idle", "--data", stocked
    )


def test_a_file_that_the_system_refuses_is_one_line(stocked: Path) -> None:
    settings = stocked / "config" / "settings.yaml"
    settings.write_text("trunks: [{uri: 'sip:{number}@127.0.0.1'}]\n", encoding="utf-8")
    (stocked / "run.lock").mkdir()
    assert "run.lock" in complaint("run", "--until-done", "--data", stocked, status=1)


def test_running_without_a_trunk_is_refused(stocked: Path) -> None:
    assert "no trunk is set" in complaint("run", "--until-done", "--data", stocked)


@pytest.mark.parametrize(
    ("key", "content"), [("ca", None), ("certificate", None), ("key", None), ("key", "no paper")]
)
def test_a_tls_file_that_cannot_be_used_is_told_before_any_worker_starts(
    stocked: Path, key: str, content: str | None
) -> None:
    folder = stocked / "tls"
    folder.mkdir()
    tls = {name: str(folder / name) for name in ("ca", "certificate", "key")}
    for name, file in tls.items():
        told = content if name == key else "-----BEGIN CERTIFICATE-----"
        if told is not None:
            Path(file).write_text(told, encoding="utf-8")
    trunk = {"name": "main", "uri": "sip:{number}@127.0.0.1:9", "transport": "tls", "tls": tls}
    settings = json.dumps({"trunks": [trunk]})
    (stocked / "config" / "settings.yaml").write_text(settings, encoding="utf-8")
    where = f"trunks.main.tls.{key}: {tls[key]}"
    said = complaint("run", "--until-done", "--data", stocked)
    assert where in said
    assert "name a PEM file" in said
    trunk = looked_over(stocked)["trunk main"]
    assert (trunk["ok"], where in trunk["says"]) == (False, True)


def test_groups_offer_nothing_about_shells() -> None:
    for group in ("contacts", "campaign", "prompts", "models"):
        assert "completion" not in succeeds(group, "--help")


def _commands(*path: str) -> list[tuple[str, ...]]:
    """Every command, by the help of its group; a group with an example is a command itself."""
    shown = succeeds(*path, "--help")
    itself = [path] if "Example: huifang" in shown else []
    listed = re.search(r"Commands ─.*?\n(.*?)╰", shown, re.DOTALL)
    if listed is None:
        return [path]
    names = re.findall(r"^│ ([a-z]+) ", listed[1], re.MULTILINE)
    return [*itself, *(command for name in names for command in _commands(*path, name))]


def test_every_command_explains_itself_with_an_example() -> None:
    commands = _commands()
    assert {("init",), ("run",), ("worker",), ("check",), ("campaign", "create")} <= set(commands)
    without = [command for command in commands if "Example: huifang" not in succeeds(*command, "--help")]
    assert without == []


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"huifang \d+\.\d+\.\d+\n", succeeds("--version"))
    assert "campaign" in succeeds()
