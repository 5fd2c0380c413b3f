"""Turns together: which, where each begins, and whose words are whose."""

from __future__ import annotations

import pytest

from transcribe.engine import Recognised
from transcribe.packing import BREATH_S, packs, starts, told_apart
from transcribe.segments import Span

SHORT = (Span(1.0, 2.0), Span(5.0, 7.0), Span(9.0, 9.5))
HEARD = Recognised("有的是经理客户", 0.8, (0.2, 0.5, 0.8, 1.6, 1.8, 2.9, 3.8))
"""As attention has it: what follows a pause begins where the last word ended."""


def test_neighbours_go_together() -> None:
    assert packs([*SHORT, Span(20.0, 29.0)]) == [(*SHORT, Span(20.0, 29.0))]
    assert packs([Span(0.0, 25.0), *SHORT]) == [(Span(0.0, 25.0), SHORT[0]), SHORT[1:]]
    assert packs([]) == []


def test_a_pack_is_no_longer_than_a_recogniser_takes() -> None:
    spans = [Span(n * 10.0, n * 10.0 + 6.0) for n in range(9)]
    made = packs(spans)
    assert [span for pack in made for span in pack] == spans
    assert max(len(pack) for pack in made) == 4  # 4 turns of 6 s and 3 breaths; 5 would be more than 30 s


def test_turns_begin_after_a_breath() -> None:
    assert starts(SHORT) == pytest.approx([0.0, 1.0 + BREATH_S, 3.0 + 2 * BREATH_S])


def test_words_are_told_apart_by_their_times() -> None:
    apart = told_apart(HEARD, SHORT)
    assert [one.text for one in apart] == ["有的", "是经理", "客户"]
    assert apart[1].chars == pytest.approx((0.0, 0.3, 0.5))
    assert apart[2].chars == pytest.approx((0.0, 0.2))
    assert [one.confidence for one in apart] == [0.8] * 3


def test_other_texts_are_told_apart_like_the_best_one() -> None:
    held = (("有的是经历客户", -0.5), ("有是经理的客户", -0.7), ("客户", -0.9))
    apart = told_apart(Recognised(HEARD.text, 0.8, HEARD.chars, held=held), SHORT)
    assert [[text for text, _ in one.held] for one in apart] == [
        ["有的", "有"],
        ["是经历", "是经理的"],
        ["客户", "客户", "客户"],
    ]


def test_a_turn_of_which_nothing_was_heard_has_no_text() -> None:
    heard = Recognised("有的客户", 0.8, (0.2, 0.5, 0.8, 3.8))
    assert [one.text for one in told_apart(heard, SHORT)] == ["有的", "", "客户"]


@pytest.mark.parametrize(
    "heard", [Recognised("有的", 0.8), Recognised("有有有", 0.8, (0.1, 0.2, 0.3), looped=True)]
)
def test_what_cannot_be_told_apart_is_nobodys(heard: Recognised) -> None:
    assert [one.text for one in told_apart(heard, SHORT)] == ["", "", ""]
