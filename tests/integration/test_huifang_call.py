"""`huifang call show`: what a call did on the line, and the rule that decided what came next."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from huifang.site import open_site
from records import ledger
from records.model import KindRow, LedgerEvent, NoteRow
from tests.command_line import as_json, complaint, succeeds
from tests.records_kit import after, again, dialed, ending, person, started, taken, talk

LADDER = ("0.000 > INVITE", "0.012 < 180 Ringing", "30.015 > CANCEL", "30.020 < 487 Request Terminated")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Three calls: 1 was not answered, 2 was completed, 3 is only claimed."""
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    asyncio.run(_fill(data))
    return data


async def _fill(data: Path) -> None:
    async with open_site(data) as opened:
        db = opened.database
        campaign = await started(db, [person(n) for n in (1, 2, 3)])
        rang, spoke = await dialed(db, campaign), await dialed(db, campaign)
        unanswered = replace(ending(rang, again(after(3600)), at=after(30)), ladder=LADDER, q850=19)
        await ledger.close(db, unanswered, after(31))
        classified = LedgerEvent(after(31), "classified", {"disposition": "no_answer", "rule": "D2"})
        await ledger.record(db, rang.attempt_id, [LedgerEvent(after(0.5), "invited"), classified])
        took = LedgerEvent(after(20), "handed_over", {"person": "王芳", "group": "service", "waited_s": 6.2})
        left = LedgerEvent(after(39), "person_left", {"person": "王芳", "talked_s": 18.5, "ended_by": "them"})
        await ledger.record(db, spoke.attempt_id, [took, left])
        kinds = (KindRow("adviser_continuing", completed=False), KindRow("periodic", completed=True))
        done = replace(talk(spoke), ladder=LADDER[:2], kinds=kinds, score=38, band="medium")
        await ledger.close(db, done, after(40))
        await taken(db, campaign)


def test_the_ladder_the_causes_the_events_and_the_rule_are_shown(site: Path) -> None:
    shown = succeeds("call", "show", "1", "--data", site)
    for words in (
        "no_answer", "rung, valid (D2)", "487 Request Terminated", "19", "call@127.0.0.1",
        "attempt       1, ring 1",
        "30.015   sent       CANCEL", "0.012    received   180 Ringing", "disposition: no_answer, rule: D2",
        "next: D2: try again (the follow-up is due at 2026-03-04 16:00:00)",
    ):  # fmt: skip
        assert words in shown
    assert "13800000001" not in shown


def test_a_completed_call_is_closed(site: Path) -> None:
    shown = succeeds("call", "show", "2", "--data", site)
    assert "next: D2: closed (the follow-up is closed)" in shown
    assert "recordings/2026-03-04/20260304-150000_8001" in shown


def test_who_took_a_call_over_is_shown(site: Path) -> None:
    assert re.search(
        r"taken over by +王芳 after 6.2 s, talked 18.5 s", succeeds("call", "show", "2", "--data", site)
    )
    assert "taken over" not in succeeds("call", "show", "1", "--data", site)


def test_notes_are_listed_and_marked_as_done(site: Path) -> None:
    asyncio.run(_promise(site))
    one, other = as_json("call", "notes", "--data", site)
    assert (one["code"], one["state"], one["due_on"]) == ("promised_answer", "late", "2026-03-11")
    assert (other["code"], other["state"], other["due_on"]) == ("asked_machine", "open", None)
    shown = succeeds("call", "notes", "--state", "late", "--data", site)
    assert "1 note: 1 late" in shown
    assert "138****0004" in shown
    assert "asked_machine" not in shown
    mark = ("call", "notes", "--done", str(one["id"]), "--by", "质检甲", "--data", site)
    done = succeeds(*mark)
    assert done == f"note {one['id']}, promised_answer of call 4: done by 质检甲\n"
    assert f"note {one['id']}: was done by 质检甲" in complaint(*mark)
    assert [one["code"] for one in as_json("call", "notes", "--state", "open", "--data", site)] == [
        "asked_machine"
    ]
    call = succeeds("call", "show", "4", "--data", site)
    assert re.search(r"promised_answer, done by 质检甲 at \d{4}-", call)
    assert "note: promised_answer, by: 质检甲" in call


async def _promise(data: Path) -> None:
    """A fourth call, with an answer promised by a day long past."""
    async with open_site(data) as opened:
        db = opened.database
        claim = await dialed(db, await started(db, [person(4)], name="四月"))
        note = NoteRow("promised_answer", date(2026, 3, 11))
        await ledger.close(db, replace(talk(claim), notes=(note,), ladder=()), after(50))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--done", "99"), "note 99: there is no such note"),
        (("--done", "1", "--state", "open"), "--done: marks notes by their id"),
        (("--done", "1", "--by", " "), "--by: name somebody"),
        (("--done", "0"), "--done"),
        (("--state", "shut"), "--state"),
    ],
)
def test_a_mistake_about_notes_is_one_line(site: Path, words: tuple[str, ...], says: str) -> None:
    assert says in complaint("call", "notes", *words, "--data", site)


def test_script_kinds_and_score_of_a_call_are_shown(site: Path) -> None:
    shown = succeeds("call", "show", "2", "--data", site)
    assert f"new_account 1, SHA-256 {'a' * 64} (S1)" in shown
    for what, value in (
        ("kind adviser_continuing", "not completed (P9)"),
        ("kind periodic", "completed"),
        ("score", "38, medium (S12)"),
    ):
        assert re.search(rf"{what} +{re.escape(value)}", shown)
    told = as_json("call", "show", "2", "--data", site)
    assert told["kinds"] == [
        {"kind": "adviser_continuing", "completed": False},
        {"kind": "periodic", "completed": True},
    ]
    assert (told["score"], told["band"], told["script_version"]) == (38, "medium", "1")
    assert "kind" not in succeeds("call", "show", "1", "--data", site)


def test_a_campaign_counts_what_was_completed_kind_by_kind(site: Path) -> None:
    shown = succeeds("campaign", "status", "三月新开户", "--data", site)
    assert "completed by kind, of 3: adviser_continuing 投顾持续 0, periodic 定期 1" in shown
    assert as_json("campaign", "status", "三月新开户", "--data", site)["kinds"] == {
        "adviser_continuing": 0,
        "periodic": 1,
    }


def test_a_call_under_way_says_so(site: Path) -> None:
    shown = succeeds("call", "show", "3", "--data", site)
    assert "under way" in shown
    assert "not rung" in shown


def test_json_has_everything(site: Path) -> None:
    told = as_json("call", "show", "1", "--data", site)
    assert (told["ladder"], told["q850"], told["rung"]) == (list(LADDER), 19, True)
    assert [event["kind"] for event in told["events"]] == ["invited", "classified"]
    assert told["due_at"].startswith("2026-03-04T16:00:00")


def test_an_unknown_call_is_one_line(site: Path) -> None:
    assert complaint("call", "show", "99", "--data", site) == (
        "huifang: 99: there is no such call (`huifang campaign calls NAME` lists the calls of a campaign)"
    )
    assert "huifang: Invalid value for 'ID'" in complaint("call", "show", "9" * 23, "--data", site)
    assert "ID" in complaint("call", "show", "x", "--data", site)


def test_help_has_an_example() -> None:
    assert "huifang call show 17" in succeeds("call", "show", "--help")
