"""What a conversation leaves in the ledger: kind by kind (D7), and for people to do (Q4, S13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from dialer import profile
from dialer.disposition import Disposition, Verdict
from dialer.filing import Call, closing, kind_rows, unended
from dialer.talk import Talked
from ivr.values import Answer, Outcome, Result
from records.model import KindRow, Next, NoteRow

CARRIED = ("periodic", "adviser_continuing")


@pytest.mark.parametrize("done", [(), ("periodic",), CARRIED])
def test_each_kind_of_a_merged_call_has_its_row(done: tuple[str, ...]) -> None:
    talked = Talked(Result(Outcome.HUNG_UP, owner_confirmed=True, kinds_done=done), (), None, stopped=False)
    assert kind_rows(talked, CARRIED) == tuple(KindRow(kind, kind in done) for kind in CARRIED)


def test_a_call_without_a_conversation_has_none() -> None:
    assert kind_rows(None, CARRIED) == ()


PROFILE = profile.load(Path("config/profiles/default.yaml"))
FRIDAY_NIGHT = datetime(2026, 11, 27, 20, 59, 55, tzinfo=SHANGHAI)
NAMED = Answer("answer_by", "2026-12-03", "", "speech", "", 1.0, 2.0, 3.0)


@pytest.mark.parametrize("taken_over", [False, True])
def test_notes_are_due_from_the_business_day_of_the_call_on(taken_over: bool) -> None:
    """Of the conversation and of the call itself; a person who took it over has met the wish for one."""
    noted = ("promised_answer", "wants_person", "complaint")
    result = Result(Outcome.HANDED_OVER, owner_confirmed=True, answers=(NAMED,), notes=noted)
    talked = Talked(result, (), None, stopped=False, notes=("ear_failed", "complaint"))
    ended = unended("leg", 10.0, 0.0, 1.0, 2.0)
    call = Call(
        *(7, "id", "stem", ended, talked, lambda at: FRIDAY_NIGHT + timedelta(seconds=at), PROFILE),
        taken_over=taken_over,
    )
    verdict = Verdict(Disposition.HANDED_OVER, rung=True, valid=True, why="")
    assert closing(call, verdict, Next(None, False, "handed_over", "S14"), None).notes == (
        NoteRow("promised_answer", date(2026, 12, 3)),
        NoteRow("wants_person", None if taken_over else date(2026, 11, 30)),
        NoteRow("complaint", date(2026, 12, 4)),
        NoteRow("ear_failed", None),
    )


def test_a_call_without_a_conversation_leaves_nothing_to_do() -> None:
    call = Call(7, "id", "", unended("leg", 1.0, 0.0, None, None), None, lambda _at: FRIDAY_NIGHT, PROFILE)
    verdict = Verdict(Disposition.NO_ANSWER, rung=True, valid=False, why="")
    assert closing(call, verdict, Next(FRIDAY_NIGHT, False, "", "D2"), None).notes == ()
