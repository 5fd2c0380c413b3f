"""What customers answer beside their planned way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ivr.times import Clear, parse, parse_date
from softphone.intents import TIMES, WISHES, Intent
from softphone.persona import Reply
from softphone.unplanned import answers, meant
from softphone.vocabulary import HELLO, STATEMENT, questions_of
from tests.unit.test_softphone_walks import GROUND, SCRIPT, WEDNESDAY, walked


@pytest.mark.parametrize("intent", [Intent.ANSWERS, Intent.PERSON, Intent.STRANGER])
def test_every_question_of_the_script_has_an_answer_and_planned_ones_their_own(intent: Intent) -> None:
    found = walked(intent)
    given = answers(SCRIPT, GROUND.slots, found)
    assert given.keys() == questions_of(SCRIPT, GROUND.slots).keys()
    assert all(given[question] == replies for question, replies in found.replies.items())
    assert given[STATEMENT] == (Reply(quiet=True),)


def test_who_wants_a_person_says_so_at_the_next_question_too() -> None:
    found = walked(Intent.PERSON)
    given = answers(SCRIPT, GROUND.slots, found)
    unplanned = next(question for question in ("satisfied", "password") if question not in found.replies)
    assert tuple(reply.say for reply in given[unplanned]) in WISHES[Intent.PERSON]


def test_an_owner_taken_for_a_stranger_says_who_he_is() -> None:
    found = walked(Intent.ANSWERS)
    given = answers(SCRIPT, GROUND.slots, found)
    assert given[HELLO] == found.replies["is_owner"]
    assert given["reach_owner"] == found.replies["is_owner"][::-1]


@pytest.mark.parametrize("seed", range(8))
def test_a_customer_means_one_time_wherever_it_is_asked_and_denies_another(seed: int) -> None:
    found = walked(Intent.NOT_NOW_AT, seed)
    time = found.meant["when"]
    given = answers(SCRIPT, GROUND.slots, found)
    assert all(time in reply.say for reply in found.replies[found.at])
    assert given["when"] == given["when_stranger"]
    whole, day, again = (reply.say.rstrip("。") for reply in given["when"])
    hour = given["when.hour"][0].say.rstrip("。")
    assert (whole, again, day + hour) == (time, time, time)
    assert isinstance(parse_date(day, WEDNESDAY), date)
    assert [reply.say for reply in given["when.keys"]] == [f"{time}。"]
    assert [reply.say or reply.press for reply in given["when.wrong"]] == [f"不对，{time}。", "不对。", "2"]
    assert meant(SCRIPT, found) == dict.fromkeys(("reach_owner", "when", "when_stranger"), time)


@pytest.mark.parametrize("time", TIMES)
def test_a_time_that_corrects_another_is_understood(time: str) -> None:
    """By the session that said the other one back."""
    found = walked(Intent.NOT_NOW_AT)
    replies = answers(SCRIPT, GROUND.slots, replace(found, meant={"when": time.rstrip("。")}))
    assert isinstance(parse(replies["when.wrong"][0].say.rstrip("。"), WEDNESDAY), Clear)
    assert parse(replies["when.wrong"][0].say, WEDNESDAY) == parse(time, WEDNESDAY)
