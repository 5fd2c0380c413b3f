"""Ways through scripts: each intent comes to what it should, from a seed, told by the pure session."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from base.errors import ScriptError
from base.yamlfile import parse
from ivr import loader
from ivr.asking import choices
from ivr.hearing import Heard
from ivr.meaning import understand_heard
from ivr.script import Ask, Script
from ivr.understanding import Understood
from ivr.values import Outcome, Unwilling
from softphone.intents import FITS, LANDLINES, WISHES, Intent
from softphone.persona import Reply
from softphone.walks import Ground, Walk, walk

SCRIPT = loader.load(Path(__file__).parents[2] / "config" / "scripts" / "new_account.yaml")
WEDNESDAY = datetime(2026, 3, 18, 10, tzinfo=SHANGHAI)
GROUND = Ground(SCRIPT, {name: slot.example for name, slot in SCRIPT.slots.items()}, WEDNESDAY)


HEARD = {
    Intent.NOT_NOW: "not_now",
    Intent.SKIPS: "skip",
    Intent.MACHINE: "machine",
    Intent.PERSON: "person",
    Intent.REFUSES: "refuse",
    Intent.NEVER: "never",
    Intent.COMPLAINT: "complaint",
    Intent.DIALECT: "dialect",
}
"""What a wish is called where it is listened for."""


def said(intent: Intent) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wording for wordings in WISHES[intent] for wording in wordings))


def walked(intent: Intent, seed: int = 1, ground: Ground = GROUND) -> Walk:
    found = walk(ground, intent, seed)
    assert found is not None
    return found


@pytest.mark.parametrize("intent", Intent)
def test_every_intent_has_a_way_through_the_shipped_script(intent: Intent) -> None:
    found = walked(intent)
    assert FITS[intent](found.expected)
    assert ("is_in" in found.path) == (intent in LANDLINES)


def test_a_seed_always_gives_the_same_way_and_seeds_differ() -> None:
    assert walked(Intent.ANSWERS, 3) == walked(Intent.ANSWERS, 3)
    assert len({str(walked(Intent.ANSWERS, seed).replies) for seed in range(5)}) > 2


@pytest.mark.parametrize("seed", range(5))
def test_what_is_said_is_what_is_filed(seed: int) -> None:
    found = walked(Intent.ANSWERS, seed)
    assert all(
        one.heard == found.replies[one.question][0].say.rstrip("。")
        for one in found.expected.answers
        if one.value
    )
    assert found.turns == len(found.expected.answers)


def test_keys_are_pressed_where_the_script_has_them_and_the_owner_speaks() -> None:
    found = walked(Intent.KEYS)
    for question, replies in found.replies.items():
        node = SCRIPT.nodes[question]
        assert isinstance(node, Ask)
        assert bool(replies[0].press) == any(option.key for option in node.options.values())
    assert found.replies["is_owner"][0].say


def test_a_customer_without_time_gets_another_one() -> None:
    found = walked(Intent.NOT_NOW_AT)
    assert found.expected.outcome is Outcome.RESCHEDULED
    assert found.expected.appointment is not None
    assert found.expected.appointment > WEDNESDAY


def test_who_wants_a_person_insists() -> None:
    found = walked(Intent.PERSON)
    assert found.expected.unwilling is Unwilling.NOT_A_MACHINE
    assert len(found.replies[found.at]) == 3


@pytest.mark.parametrize(("intent", "wording"), [(one, wording) for one in HEARD for wording in said(one)])
def test_every_wording_of_a_wish_is_understood(intent: Intent, wording: str) -> None:
    """At a question of a compliance script that has options: none of them fits better."""
    meant = understand_heard(Heard(wording.rstrip("。？")), choices(SCRIPT, "password", GROUND.slots))
    assert isinstance(meant, Understood)
    assert meant.choice.name == HEARD[intent]


@pytest.mark.parametrize("seed", range(5))
def test_who_is_asked_again_says_it_in_fuller_words_and_then_by_key(seed: int) -> None:
    found = walked(Intent.ANSWERS, seed)
    owner = [reply.say for reply in found.replies["is_owner"]]
    assert len(set(owner)) == 4
    assert len(owner[0]) == min(map(len, owner))
    convenient = found.replies["convenient"]
    assert [bool(reply.press) for reply in convenient] == [False, False, True]
    assert len(convenient[0].say) <= len(convenient[1].say)


def test_a_counter_question_is_asked_once() -> None:
    found = walked(Intent.MACHINE)
    first, *others = found.replies[found.at]
    assert "吗" in first.say
    assert first not in others


def test_what_is_said_back_is_kept_as_meant() -> None:
    found = walked(Intent.NOT_NOW)
    assert f"{found.meant['when']}。" == found.replies["when"][0].say


def test_who_hangs_up_does_so_amid_a_sentence() -> None:
    found = walked(Intent.HANGS_UP)
    assert [reply.hang_up for reply in found.replies[found.at]] == ["amid"]


OTHER_KINDS = """\
script: survey
version: "1"
title: 问卷
kind: special
start: name
slots: {name: {example: 张伟, public: true}}
ways:
  before_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye, not_now: bye, person: bye,
     complaint: bye, dialect: bye}
  with_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye, not_now: bye, person: bye,
     complaint: bye, dialect: bye}
nodes:
  name:
    ask: 请问您是{name}本人吗？
    public: true
    options: {"yes": {label: 是, hears: [我就是, 是我本人], confirms_owner: true, go: products}}
    otherwise: bye
  products:
    ask: 您买过股票、基金还是债券？
    answer: several
    options:
      shares: {label: 股票, key: 1, hears: [股票], go: number}
      funds: {label: 基金, key: 2, hears: [基金], go: number}
      bonds: {label: 债券, key: 3, hears: [债券], go: number}
    go: number
    otherwise: bye
  number:
    ask: 请说您的新手机号码。
    answer: number
    digits: {least: 11, most: 11}
    confirm: 您说的是{answer}，请问对不对？
    go: day
    otherwise: bye
  day:
    ask: 请问您是哪一天去的？
    answer: date
    go: end
    otherwise: bye
  end: {end: completed, say: 谢谢您，再见。}
  bye: {end: refused, say: 打扰了，再见。, public: true}
"""


@pytest.mark.parametrize("intent", [Intent.ANSWERS, Intent.KEYS])
def test_several_numbers_and_days_are_answered_too(intent: Intent) -> None:
    script = parse(OTHER_KINDS, "survey.yaml", Script, ScriptError)
    found = walked(intent, 1, Ground(script, {"name": "张伟"}, WEDNESDAY))
    answers = {one.question: one.value for one in found.expected.answers}
    assert set(answers["products"].split(",")) <= {"shares", "funds", "bonds"}
    assert answers["number"] == "13800138000"
    assert found.meant == {"number": "幺三八零零幺三八零零零"}
    assert answers["day"].startswith("2026-03-")
    assert Reply(press="1") in found.replies["number.confirm"]
