"""What customers answer beside their planned way."""

from __future__ import annotations

import pytest

from softphone.intents import WISHES, Intent
from softphone.persona import Reply
from softphone.unplanned import answers
from softphone.vocabulary import HELLO, STATEMENT, questions_of
from tests.unit.test_softphone_walks import GROUND, SCRIPT, walked


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
    assert {reply.say for reply in given[unplanned]} == set(WISHES[Intent.PERSON])


def test_an_owner_taken_for_a_stranger_says_who_he_is() -> None:
    found = walked(Intent.ANSWERS)
    given = answers(SCRIPT, GROUND.slots, found)
    assert given["reach_owner"] == given[HELLO] == found.replies["is_owner"]
