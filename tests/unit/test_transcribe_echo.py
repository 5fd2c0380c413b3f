"""Our prompts, come back on the customer's track, are set aside; what the customer says stays (F4)."""

from __future__ import annotations

import pytest

from records.model import SpokenRow
from records.post_call import Utterance
from transcribe.echo import ECHO, set_aside

WORDS = "请问您的账户是由您本人操作还是委托他人代为操作"
PROMPT = SpokenRow("trades", "", WORDS[:12] + "，" + WORDS[12:] + "？", False, 10.0, 15.0, True)


def heard(text: str, at_s: float, pace_s: float = 0.2, *, timed: bool = True) -> Utterance:
    chars = tuple(at_s + n * pace_s for n in range(len(text))) if timed else ()
    return Utterance("customer", at_s, at_s + len(text) * pace_s, text, 0.8, chars)


def parts(*said: Utterance) -> list[tuple[str, str]]:
    return [(one.party, one.text) for one in set_aside(said, [PROMPT])]


@pytest.mark.parametrize("late_s", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("timed", [True, False])
def test_an_echo_is_set_aside(late_s: float, timed: bool) -> None:
    assert parts(heard(WORDS, 10.0 + late_s, 5 / len(WORDS), timed=timed)) == [(ECHO, WORDS)]


def test_a_piece_of_it_misheard_is_an_echo_too() -> None:
    assert parts(heard("委托他人带为曹做", 13.3, 0.21)) == [(ECHO, "委托他人带为曹做")]


def test_the_answer_behind_it_stays_the_customers() -> None:
    said = heard(WORDS + "都是经理帮我操作", 10.3, 5 / len(WORDS))
    assert parts(said) == [(ECHO, WORDS), ("customer", "都是经理帮我操作")]
    echo, answer = set_aside([said], [PROMPT])
    assert echo.end_s == answer.start_s == pytest.approx(15.3)
    assert (len(answer.chars), answer.end_s) == (8, said.end_s)


def test_a_short_answer_behind_it_stays() -> None:
    assert parts(heard(WORDS + "是", 10.3, 5 / len(WORDS))) == [(ECHO, WORDS), ("customer", "是")]


def test_who_talks_over_it_is_heard() -> None:
    assert parts(heard("喂你是谁啊我听不清楚你说话", 11.0)) == [("customer", "喂你是谁啊我听不清楚你说话")]


def test_who_repeats_its_words_afterwards_is_heard() -> None:
    """Also at once, and word by word."""
    for text, at_s in [("委托他人代为操作", 15.3), ("是由我本人操作的", 15.1), (WORDS, 16.0)]:
        assert parts(heard(text, at_s)) == [("customer", text)]


def test_a_word_or_two_in_common_are_anybodys() -> None:
    assert parts(heard("操作", 14.6), heard("是我本人", 11.0)) == [
        ("customer", "操作"),
        ("customer", "是我本人"),
    ]


def test_nothing_is_lost_of_what_is_not_chinese() -> None:
    assert parts(heard("OK, 好的", 12.0)) == [("customer", "OK, 好的")]
    assert parts() == []
    assert set_aside([heard("好的", 1.0)], []) == (heard("好的", 1.0),)
