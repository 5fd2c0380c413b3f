"""Three values: affirmed, negated, unclear."""

import pytest

from transcribe.matching import Speech, echoes, find, says
from transcribe.negation import negation


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("一直是他帮我操作", "affirmed"),
        ("没有都是他帮我操作", "affirmed"),
        ("没错他帮我操作", "affirmed"),
        ("不好意思他帮我操作", "affirmed"),
        ("不过他帮我操作", "affirmed"),
        ("别人帮我操作", "affirmed"),
        ("他帮我操作没有问题", "affirmed"),
        ("不太满意他帮我操作", "affirmed"),
        ("没有人帮我操作", "negated"),
        ("不是我操作是他帮我操作", "affirmed"),
        ("我不会弄就让他帮我操作", "affirmed"),
        ("不是我炒的是帮我操作", "affirmed"),
        ("谁敢帮我操作", "negated"),
        ("没有说过是帮我操作", "negated"),
        ("从来没有帮我操作", "negated"),
        ("不允许他帮我操作", "negated"),
        ("帮我操作没有的事", "negated"),
        ("帮我操作是不允许的", "negated"),
        ("没有他帮我操作", "unclear"),
        ("不是他帮我操作", "unclear"),
        ("有没有帮我操作", "unclear"),
        ("什么叫帮我操作", "unclear"),
        ("他们又帮我操作", "unclear"),
    ],
)
def test_negation(text: str, meant: str) -> None:
    start = text.index("帮我操作")
    assert negation(text, start, start + 4) == meant


def test_a_phrase_is_found_as_written_and_as_it_sounds() -> None:
    speech = Speech.of("他代课操作，也代客操作。")
    places = [(one.start, one.exact, one.distance) for one in find("代客操作", speech, by_sound=True)]
    assert places == [(1, False, 0.0), (6, True, 0.0)]
    assert [one.start for one in find("代客操作", speech, by_sound=False)] == [6]


def test_two_syllables_must_agree_in_both() -> None:
    assert list(find("分成", Speech.of("分层"), by_sound=True))
    assert not list(find("分成", Speech.of("分寸"), by_sound=True))


def test_digits_are_said_as_words() -> None:
    assert says("三七", Speech.of("赚了37开"))


def test_a_single_character_is_a_cue_only_as_written() -> None:
    assert says("赚", Speech.of("赚了"))
    assert not says("赚", Speech.of("转了"))


def test_an_echo_is_a_piece_of_the_wording_however_badly_heard() -> None:
    wording = Speech.of("请保管好密码，不用公共电脑交易，不要委托他人操作。")
    assert echoes(Speech.of("不用公公店脑交易"), wording)
    assert not echoes(Speech.of("一直是他代客操作"), wording)
    assert not echoes(Speech.of(""), wording)
