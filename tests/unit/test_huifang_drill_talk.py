"""The talk drill's plan and judge: who talks, and what is caught when it is filed otherwise than meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from base.clock import SHANGHAI
from dialer.watching import CallEvent, Stage
from huifang import resources
from huifang.drill import talk_stage
from huifang.drill.talk import Ended
from huifang.drill.talk_judge import Verdict, judge
from huifang.drill.talk_plan import Talk
from huifang.slots import needed
from ivr import loader
from records.model import AnswerRow, Customer, FollowUpState
from records.report import AttemptReport, CustomerReport
from softphone import persona
from softphone.call_log import CallRecord, Turn
from softphone.intents import Intent

CONFIG = Path(__file__).parents[2] / "config"
SCRIPT = loader.load(CONFIG / "scripts" / "new_account.yaml")
HOURS_LATER = datetime(2026, 3, 19, 15, 30, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Talk, ...]:
    return talk_stage.planned(tmp_path_factory.mktemp("site"), (SCRIPT,), 19, 1, noise=True)


def test_customers_are_as_many_as_asked_for_and_each_has_a_number(planned: tuple[Talk, ...]) -> None:
    assert len({talk.persona.number for talk in planned}) == 19
    assert {talk.walk.intent for talk in planned} == set(Intent)


def test_the_same_seed_plans_the_same(tmp_path: Path, planned: tuple[Talk, ...]) -> None:
    """However many are planned after them."""
    assert talk_stage.planned(tmp_path, (SCRIPT,), 5, 1, noise=True) == planned[:5]
    assert talk_stage.planned(tmp_path, (SCRIPT,), 5, 2, noise=True) != planned[:5]


def test_without_noise_nobody_stands_in_it(tmp_path: Path) -> None:
    quiet = talk_stage.planned(tmp_path, (SCRIPT,), 19, 1, noise=False)
    assert not any(talk.persona.noise for talk in quiet)
    assert Intent.NOISE_CALL not in {talk.walk.intent for talk in quiet}


def test_the_customers_are_written_as_a_file_for_the_phones(
    tmp_path: Path, planned: tuple[Talk, ...]
) -> None:
    (path,) = talk_stage.write_casts(tmp_path, planned)
    cast = persona.load(path)
    assert cast.script == "new_account"
    assert cast.personas == tuple(talk.persona for talk in planned)
    assert "is_owner" in yaml.safe_load(path.read_text(encoding="utf-8"))["personas"][0]["answers"]


@pytest.mark.parametrize("name", resources.names(Path("/nonexistent"), "scripts"))
def test_customers_have_what_their_script_says_to_everybody(name: str, tmp_path: Path) -> None:
    (script,) = talk_stage.scripts_of(tmp_path, (name,))
    (talk,) = talk_stage.planned(tmp_path, (script,), 1, 1, noise=False)
    assert set(needed(script)) <= {"manager", "opened_month"} | dict(talk.customer.words).keys()


def test_no_calls_are_waited_for_when_each_customer_had_those_meant() -> None:
    ended = Ended({"1": 2, "2": 1})
    called = CallEvent(datetime(2026, 3, 18, 10, tzinfo=SHANGHAI), 1, 1, "c", 1, "张三", "1", 1)
    rounds = (("1", ""), ("1", "silent"), ("2", "completed"), ("1", ""), ("1", "wrong_party"))
    seen = []
    for phone, disposition in rounds:
        stage = Stage.ENDED if disposition else Stage.TALKING
        ended.on(replace(called, phone=phone, stage=stage, disposition=disposition))
        seen.append(ended.all.is_set())
    assert seen == [False, False, False, False, True]


def test_a_call_amid_noise_in_which_nothing_was_understood_is_followed_by_another() -> None:
    ended = Ended({"1": 1}, amid_noise=("1",))
    called = CallEvent(datetime(2026, 3, 18, 10, tzinfo=SHANGHAI), 1, 1, "c", 1, "张三", "1", 1)
    seen = []
    for disposition in ("unheard", "unheard"):
        ended.on(replace(called, stage=Stage.ENDED, disposition=disposition))
        seen.append(ended.all.is_set())
    assert seen == [False, True]


# --- the judge


def with_intent(planned: tuple[Talk, ...], intent: Intent) -> Talk:
    return next(talk for talk in planned if talk.walk.intent is intent)


def attempt(talk: Talk, disposition: str, n: int = 1) -> AttemptReport:
    """A call that came to what was meant."""
    rows = tuple(
        AnswerRow(one.question, one.value, one.label, one.how, one.heard, one.score, 0.0, 1.0)
        for one in talk.walk.expected.answers
    )
    return AttemptReport(
        started_at=None,
        ended_at=None,
        sip_reason="",
        ended_by="",
        rule="",
        spoken=(),
        flags=(),
        transcript=(),
        id=n,
        n=n,
        disposition=disposition,
        rung=True,
        valid=True,
        sip_status=200,
        q850=16,
        rang_s=1.0,
        talked_s=30.0,
        recording=f"2026/{n}",
        owner_confirmed=True,
        notes=talk.walk.expected.notes,
        answers=rows,
        transcribed=False,
    )


def report(talk: Talk, *attempts: AttemptReport) -> CustomerReport:
    customer = Customer(id=1, **{name: getattr(talk.customer, name) for name in talk.customer.__slots__})
    due = talk.walk.expected.appointment
    return CustomerReport(1, customer, FollowUpState.CLOSED, "", "", due, due is not None, attempts)


def good(talk: Talk) -> CustomerReport:
    calls = (attempt(talk, ending, n) for n, ending in enumerate(talk.dispositions, start=1))
    return report(talk, *calls)


def judged(talk: Talk, customer: CustomerReport | None, turns: int | None = None) -> Verdict:
    record = CallRecord("1", talk.persona.id, "c", 0.0)
    record.turns = [Turn(1.0, said="对的。")] * (talk.walk.turns if turns is None else turns)
    return judge(talk, customer, [record])


@pytest.mark.parametrize("intent", Intent)
def test_what_came_to_what_was_meant_is_good(planned: tuple[Talk, ...], intent: Intent) -> None:
    talk = with_intent(planned, intent)
    verdict = judged(talk, good(talk))
    assert verdict.ended_well
    assert verdict.alone
    assert (verdict.wrong, verdict.open, verdict.again) == ((), (), 0)
    assert verdict.right == len(talk.walk.expected.answers)


def test_another_ending_is_caught(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.ANSWERS)
    assert not judged(talk, report(talk, attempt(talk, "wrong_party"))).ended_well
    assert judged(talk, None).unlike == ("no call",)


def test_a_call_that_was_given_up_is_no_bad_end_amid_noise(planned: tuple[Talk, ...]) -> None:
    loud = next(one for one in planned if one.persona.noise and one.walk.intent is Intent.ANSWERS)
    quiet = replace(loud, persona=loud.persona.model_copy(update={"noise": None}))
    for talk, well in ((loud, True), (quiet, False)):
        calls = (attempt(talk, "unheard"), attempt(talk, "completed", 2))
        assert judged(talk, report(talk, *calls)).ended_well is well
    twice = (attempt(loud, "unheard"), attempt(loud, "unheard", 2))
    assert not judged(loud, report(loud, *twice)).ended_well


def test_an_answer_that_was_not_meant_is_wrong_and_an_open_one_is_not(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.ANSWERS)
    call = attempt(talk, "completed")
    first, second, *others = call.answers
    answers = (replace(first, value="no", heard="不意的"), replace(second, value="not_understood"), *others)
    verdict = judged(talk, report(talk, replace(call, answers=answers)))
    assert [(one.question, one.filed) for one in verdict.wrong] == [(first.question, "no")]
    assert verdict.open == (second.question,)
    assert verdict.ended_well
    assert not verdict.alone


def test_an_owner_who_is_found_out_at_the_next_question_leaves_no_work(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.ANSWERS)
    call = attempt(talk, "completed")
    first, *others = call.answers
    again = replace(first, question="reach_owner", value="yes")
    late = replace(call, answers=(replace(first, value="not_understood"), again, *others))
    verdict = judged(talk, report(talk, late))
    assert (verdict.open, verdict.wrong) == ((), ())
    never = replace(late, owner_confirmed=False, disposition="wrong_party")
    assert judged(talk, report(talk, never)).open == (first.question,)


def test_what_is_pressed_beside_the_way_is_meant(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.ANSWERS)
    call = attempt(talk, "completed")
    question, option = next((one, option) for one, option in talk.beside.items() if one not in talk.owning)
    for value, wrong in ((option, 0), ("something else", 1)):
        row = replace(call.answers[0], question=question, value=value, how="key")
        assert len(judged(talk, report(talk, replace(call, answers=(*call.answers, row)))).wrong) == wrong


def test_another_appointment_and_a_missing_note_are_caught(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.NOT_NOW_AT)
    late = replace(good(talk), due_at=HOURS_LATER + timedelta(days=9))
    assert not judged(talk, late).ended_well
    complaint = with_intent(planned, Intent.COMPLAINT)
    (call,) = good(complaint).attempts
    assert judged(complaint, report(complaint, replace(call, notes=()))).unlike == ("no note complaint",)


def test_what_had_to_be_said_again_is_counted(planned: tuple[Talk, ...]) -> None:
    talk = with_intent(planned, Intent.ANSWERS)
    assert judged(talk, good(talk), turns=talk.walk.turns + 2).again == 2
